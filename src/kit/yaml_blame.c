/*
 * libyaml's problems, gathered by what leads to them when one writes by hand. A sign in the line (a
 * tab, a mark of the Chinese keyboard) is surer than the problem, so it is looked for first; marks
 * inside a text are no sign, which is why they are asked only beside problems that they cause.
 */
#include "kit/yaml_blame.h"

#include <string.h>

static const struct str COMMA = STR_INIT("，");
static const struct str COLON = STR_INIT("：");
static const struct str BLANKS[] = {STR_INIT("\xE3\x80\x80"), STR_INIT("\xC2\xA0")};

static bool has(struct str line, struct str part)
{
    for (size_t i = 0; i + part.len <= line.len; i++)
        if (memcmp(line.at + i, part.at, part.len) == 0)
            return true;
    return false;
}

static bool says(const struct yaml_symptom *symptom, const char *words)
{
    return strstr(symptom->problem, words) != NULL;
}

static struct str unindented(struct str line)
{
    size_t at = 0;
    while (at < line.len && line.at[at] == ' ')
        at++;
    return str_from(line, at);
}

static bool has_wide_mark(const struct yaml_symptom *symptom)
{
    for (size_t i = 0; i < COUNT_OF(BLANKS); i++)
        if (has(symptom->line, BLANKS[i]) ||
            str_starts(unindented(symptom->before), BLANKS[i]))
            return true;
    if (says(symptom, "mapping values") && has(symptom->before, COLON) &&
        !has(symptom->before, S(": ")))
        return true; /* 名称：值 ran on into the next line */
    return (says(symptom, "expected ':'") && has(symptom->line, COLON)) ||
           (says(symptom, "expected ','") && has(symptom->line, COMMA));
}

static bool has_second_colon(struct str line)
{
    size_t count = 0;
    for (size_t i = 0; i + 1 < line.len; i++)
        count += line.at[i] == ':' && line.at[i + 1] == ' ';
    return count > 1;
}

static struct reason blamed(const char *key, const char *hint)
{
    struct reason reason = reason_make(key, NO_ARGS);
    reason.needs = hint;
    return reason;
}

struct reason yaml_blame(struct arena *arena, const struct yaml_symptom *symptom)
{
    bool in_quotes = symptom->context != NULL && strstr(symptom->context, "quoted scalar") != NULL;
    if (str_starts(unindented(symptom->line), S("\t")))
        return blamed("yaml.tab", "yaml.tab_hint");
    if (has_wide_mark(symptom))
        return blamed("yaml.wide", "yaml.wide_hint");
    if (in_quotes && says(symptom, "end of stream"))
        return blamed("yaml.open_quote", "yaml.open_quote_hint");
    if (says(symptom, "expected ':'"))
        return blamed("yaml.no_colon", "yaml.no_colon_hint");
    if (says(symptom, "expected ',' or") ||
        (has(symptom->line, S("}{")) && !has(symptom->line, S("\""))))
        return blamed("yaml.bracket", "yaml.bracket_hint");
    if (says(symptom, "mapping values are not allowed") && has_second_colon(symptom->line))
        return blamed("yaml.colon", "yaml.colon_hint");
    if (says(symptom, "mapping values are not allowed") || says(symptom, "did not find expected"))
        return blamed("yaml.indent", "yaml.indent_hint");
    struct str detail = str_copy(arena, str_of(symptom->problem));
    struct reason reason = reason_make("yaml.syntax", ARGS(arg_text("detail", detail)));
    reason.needs = "yaml.syntax_hint";
    return reason;
}
