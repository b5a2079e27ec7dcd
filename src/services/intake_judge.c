/*
 * Typed fields are judged by their vocabulary or shape, prose by its length: a verdict is never
 * forty characters long, a finding never 是.
 */
#include "services/intake_judge.h"

#include <string.h>

#include "base/num.h"
#include "services/intake_date.h"
#include "services/intake_number.h"
#include "services/intake_text.h"

enum { LONG_BYTES = 200, LONG_TEXT = 20, PLACE_LONGEST = 24, PROSE_SHORTEST = 12 };

bool intake_next_word(struct arena *arena, struct str *list, struct str *word)
{
    static const char *const signs[] = {"、", "，", "；", ",", ";", "/", "\n", "及", "和"};
    struct str left = str_trim(*list);
    if (left.len == 0)
        return false;
    size_t cut = left.len, skip = 0;
    for (size_t i = 0; i < COUNT_OF(signs); i++) {
        size_t at = str_find(left, str_of(signs[i]));
        if (at < cut) {
            cut = at;
            skip = strlen(signs[i]);
        }
    }
    *word = squeeze_text(arena, str_part(left, 0, cut));
    if (word->len > S("等").len && str_ends(*word, S("等")))
        *word = str_part(*word, 0, word->len - S("等").len);
    *list = str_from(left, cut + skip);
    return true;
}

bool intake_is_blank(struct str text, bool none_too)
{
    static const char *const blanks[] = {"/",  "\\", "-",    "--", "—", "——",
                                         "－", "／", "－－", "…",  "…"};
    text = str_trim(text);
    if (text.len == 0 || (none_too && str_eq(text, S("无"))))
        return true;
    for (size_t i = 0; i < COUNT_OF(blanks); i++)
        if (str_eq_c(text, blanks[i]))
            return true;
    return false;
}

int intake_yes_no(struct arena *arena, struct str text)
{
    static const char *const yes[] = {"*",   "★",    "☆",          "▲",        "√",      "✓",
                                      "✔",   "是",   "重点",       "重点关注", "重点件", "Y",
                                      "YES", "TRUE", "重点关注件", "重点案件"};
    static const char *const no[] = {"否", "×", "非重点", "N", "NO", "FALSE", "一般", "普通", "无"};
    struct str folded = text.len > LONG_BYTES ? S("") : fold_text(arena, text);
    for (size_t i = 0; i < COUNT_OF(yes); i++)
        if (str_eq_c(folded, yes[i]))
            return 1;
    for (size_t i = 0; i < COUNT_OF(no); i++)
        if (str_eq_c(folded, no[i]))
            return -1;
    return 0;
}

bool intake_is_place(struct str text)
{
    static const char *const ends[] = {"省", "市",   "区",     "县",     "旗",   "盟",
                                       "州", "镇",   "乡",     "街道",   "村",   "团",
                                       "师", "场",   "市直",   "本级",   "省直", "区域",
                                       "岛", "新城", "管委会", "办事处", "社区", "經開區"};
    if (text.len > LONG_BYTES || utf8_length(text) > PLACE_LONGEST || utf8_length(text) < 2)
        return false;
    if (str_has(text, S("。")) || str_has(text, S("，")) || str_has(text, S("：")) ||
        str_find_char(text, ':') != SIZE_MAX)
        return false;
    for (size_t i = 0; i < COUNT_OF(ends); i++)
        if (str_ends(text, str_of(ends[i])))
            return true;
    return false;
}

static int judge_list(struct arena *arena, const struct intake_dict *dict, enum intake_list list,
                      struct str text)
{
    if (text.len > LONG_BYTES)
        return -1;
    struct str folded = fold_name(arena, text);
    if (intake_dict_code(dict, list, folded).at != NULL)
        return 1;
    return utf8_length(folded) > LONG_TEXT ? -1 : 0;
}

static int judge_types(struct arena *arena, const struct intake_dict *dict, struct str text)
{
    struct str word;
    size_t known = 0, all = 0;
    if (text.len > LONG_BYTES)
        return -1;
    while (intake_next_word(arena, &text, &word)) {
        all++;
        known += intake_dict_code(dict, LIST_TYPES, fold_name(arena, word)).at != NULL;
    }
    return known > 0 && known * 2 >= all ? 1 : 0;
}

static bool is_verdict(struct arena *arena, const struct intake_dict *dict, struct str text)
{
    return judge_list(arena, dict, LIST_VERDICTS, text) == 1;
}

static bool is_integer(struct arena *arena, struct str text, int64_t max)
{
    int64_t number;
    return num_parse_i64(fold_text(arena, text), 0, max, &number);
}

/* What prose never is: one word of a vocabulary, a place, a small number. */
static int judge_prose(struct arena *arena, const struct intake_dict *dict, struct str text)
{
    if (text.len > LONG_BYTES || utf8_length(text) > PROSE_SHORTEST)
        return 1;
    struct str squeezed = squeeze_text(arena, text);
    if (is_verdict(arena, dict, text) || intake_is_place(squeezed) ||
        is_integer(arena, text, 100000) || judge_types(arena, dict, text) == 1)
        return -1;
    return 0;
}

static int judge_number(struct arena *arena, const struct intake_dict *dict, struct str text)
{
    struct printed_number number;
    if (!printed_number_parse(arena, text, &number))
        return -1;
    (void)dict;
    return number.shaped || number.batch.at != NULL ? 1 : 0;
}

static int judge_place(struct arena *arena, const struct intake_dict *dict, struct str text)
{
    if (text.len > LONG_BYTES)
        return -1;
    if (intake_is_place(squeeze_text(arena, text)))
        return 1;
    struct printed_number number;
    bool shaped = printed_number_parse(arena, text, &number) && number.shaped;
    if (shaped || utf8_length(text) > 60 || is_verdict(arena, dict, text) ||
        is_integer(arena, text, INT32_MAX))
        return -1;
    return judge_types(arena, dict, text) == 1 ? -1 : 0;
}

static int judge_type(struct arena *arena, const struct intake_dict *dict, struct str text)
{
    int types = judge_types(arena, dict, text);
    if (types != 0)
        return types;
    return is_verdict(arena, dict, text) || is_integer(arena, text, INT32_MAX) ? -1 : 0;
}

static int judge_seq(struct arena *arena, struct str text)
{
    if (text.len > LONG_BYTES)
        return -1;
    if (is_integer(arena, text, 999999))
        return 1;
    size_t at = 0;
    int number;
    struct str folded = fold_text(arena, text);
    return numeral_next(folded, &at, &number) || utf8_length(folded) < 8 ? 0 : -1;
}

static int judge_date(struct arena *arena, struct str text)
{
    struct day day;
    enum printed_date kind = printed_date_parse(arena, text, 2024, &day);
    return kind == PRINTED_NONE ? -1 : kind == PRINTED_WRONG ? 0 : 1;
}

/* Vocabulary fields whose cells hold nothing but a word. */
static int judge_word(struct arena *arena, const struct intake_dict *dict, enum intake_list list,
                      struct str text)
{
    int judged = judge_list(arena, dict, list, text);
    if (judged != 0)
        return judged;
    struct str squeezed = squeeze_text(arena, text);
    return intake_is_place(squeezed) || judge_types(arena, dict, text) == 1 ||
                   is_integer(arena, text, INT32_MAX)
               ? -1
               : 0;
}

int intake_judge(struct arena *arena, const struct intake_dict *dict, enum intake_field field,
                 struct str text)
{
    struct str label;
    if (intake_is_blank(text, field == INTAKE_ACCOUNTABILITY))
        return 0;
    switch (field) {
    case INTAKE_SEQ: return judge_seq(arena, text);
    case INTAKE_NUMBER: return judge_number(arena, dict, text);
    case INTAKE_BATCH:
        if (text.len > LONG_BYTES || printed_batch_parse(arena, text, &label) == BATCH_NONE)
            return -1;
        return str_has(text, S("批")) ? 1 : 0; /* a bare number may be anything */
    case INTAKE_CHANNEL: return judge_word(arena, dict, LIST_CHANNELS, text);
    case INTAKE_DATE: return judge_date(arena, text);
    case INTAKE_PLACE: return judge_place(arena, dict, text);
    case INTAKE_TYPE: return judge_type(arena, dict, text);
    case INTAKE_SUBSTANTIATION: return judge_word(arena, dict, LIST_VERDICTS, text);
    case INTAKE_COMPLETION: return judge_word(arena, dict, LIST_COMPLETIONS, text);
    case INTAKE_KEY_CASE: return intake_yes_no(arena, text) != 0 ? 1 : -1;
    case INTAKE_DESCRIPTION:
    case INTAKE_FINDING:
    case INTAKE_MEASURES: return judge_prose(arena, dict, text);
    case INTAKE_GOAL: return is_verdict(arena, dict, text) ? -1 : 0;
    case INTAKE_ACCOUNTABILITY:
    case INTAKE_UNIT:
    case INTAKE_REPEAT_OF:
    case INTAKE_REFERENCE:
    case INTAKE_FIELD_COUNT: return 0;
    }
    return 0;
}
