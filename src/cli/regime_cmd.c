/*
 * Reads packs from files, hands them to the loader, prints what it says.
 */
#include "cli/regime_cmd.h"

#include <errno.h>
#include <string.h>

#include "kit/json.h"
#include "kit/yaml.h"
#include "regime/diff.h"
#include "regime/graph.h"
#include "regime/load.h"

const struct cli_option regime_cmd_options[2] = {
    {.name = "json", .help = "cli.json"},
    {.name = "lang", .value = "zh|en", .help = "cli.lang"},
};
const struct cli_option regime_cmd_lang_option[1] = {
    {.name = "lang", .value = "zh|en", .help = "cli.lang"},
};

const struct cli_option regime_cmd_graph_options[3] = {
    {.name = "procedure", .value = "NAME", .help = "cli.regime.procedure"},
    {.name = "svg", .help = "cli.regime.svg"},
    {.name = "lang", .value = "zh|en", .help = "cli.lang"},
};

enum { JSON_MAX = 16 << 20 };

static enum status read_pack(struct ctx *ctx, struct str path, struct str *out)
{
    enum status status = cli_read_file(ctx, path, YAML_BYTES_MAX, out);
    if (status != ST_LIMIT)
        return status;
    fail_clear(ctx);
    return fail(ctx, ST_LIMIT, "cli.pack_too_large",
                ARGS(arg_text("path", path), arg_bytes("limit", YAML_BYTES_MAX)));
}

static enum status open_lists(struct ctx *ctx, const struct cli_args *args, struct str path,
                              struct pack_lists **out)
{
    struct str clauses;
    TRY(pack_lists_open(ctx, ctx->arena, args->furniture, out));
    TRY(cli_read_clauses(ctx, path, &clauses));
    return clauses.at == NULL ? ST_OK : pack_lists_add_clauses(ctx, *out, clauses);
}

/* ST_INVALID with the faults, or the pack. */
static enum status load_file(struct ctx *ctx, const struct cli_args *args, struct str path,
                             struct pack_faults *faults, const struct regime **out)
{
    struct str bytes;
    struct pack_lists *lists;
    TRY(read_pack(ctx, path, &bytes));
    TRY(open_lists(ctx, args, path, &lists));
    return regime_load(ctx, bytes, lists, faults, out);
}

static void print_faults(struct ctx *ctx, const struct cli_args *args, enum lang lang,
                         struct str path, const struct pack_faults *faults)
{
    for (size_t i = 0; i < faults->len; i++) {
        const struct pack_fault *fault = &faults->at[i];
        struct str message = words_reason(ctx->arena, args->words, lang, &fault->reason);
        struct str hint = words_needs(ctx->arena, args->words, lang, &fault->reason);
        fprintf(args->out, "%.*s:%d:%d: %s: %.*s", STR_ARG(path), fault->place.line,
                fault->place.column, pack_fault_code_name(fault->code), STR_ARG(message));
        if (!str_is_empty(hint))
            fprintf(args->out, " (%.*s)", STR_ARG(hint));
        fputc('\n', args->out);
    }
}

static void print_json(struct ctx *ctx, FILE *out, const struct value *document)
{
    struct buf text;
    buf_init(&text, ctx->arena, JSON_MAX);
    json_print(&text, document);
    must(buf_status(&text) == ST_OK); /* PACK_FAULT_MAX faults of short texts fit */
    fprintf(out, "%.*s\n", STR_ARG(buf_str(&text)));
}

static void print_faults_json(struct ctx *ctx, const struct cli_args *args, enum lang lang,
                              struct str path, const struct pack_faults *faults)
{
    struct arena *arena = ctx->arena;
    struct value *document = value_map(arena);
    struct value *list = value_put_list(arena, document, "faults");
    for (size_t i = 0; i < faults->len; i++) {
        const struct pack_fault *fault = &faults->at[i];
        struct value *entry = value_append_map(arena, list);
        value_put_text(arena, entry, "file", path);
        value_put_int(arena, entry, "line", fault->place.line);
        value_put_int(arena, entry, "column", fault->place.column);
        value_put_text(arena, entry, "code", str_of(pack_fault_code_name(fault->code)));
        value_put_text(arena, entry, "message",
                       words_reason(arena, args->words, lang, &fault->reason));
        struct str hint = words_needs(arena, args->words, lang, &fault->reason);
        value_put_text(arena, entry, "hint", hint.at == NULL ? S("") : hint);
    }
    print_json(ctx, args->out, document);
}

enum status regime_cmd_check(struct ctx *ctx, const struct cli_args *args)
{
    enum lang lang;
    struct pack_faults faults = {0};
    const struct regime *regime;
    struct str path = args->operands[0];
    TRY(cli_lang(ctx, args, &lang));
    enum status status = load_file(ctx, args, path, &faults, &regime);
    if (status != ST_OK && faults.len == 0)
        return status;
    fail_clear(ctx); /* the faults are the answer */
    if (cli_flag(args, "json"))
        print_faults_json(ctx, args, lang, path, &faults);
    else
        print_faults(ctx, args, lang, path, &faults);
    return status;
}

enum status regime_cmd_list(struct ctx *ctx, const struct cli_args *args)
{
    enum lang lang;
    struct pack_lists *lists;
    size_t count;
    TRY(cli_lang(ctx, args, &lang));
    TRY(pack_lists_open(ctx, ctx->arena, args->furniture, &lists));
    const struct furniture_item *items = furniture_list(args->furniture, S("regimes/"), &count);
    for (size_t i = 0; i < count; i++) {
        struct pack_faults faults;
        const struct regime *regime;
        if (!str_ends(items[i].path, S(".yaml")))
            continue;
        if (regime_load(ctx, items[i].bytes, lists, &faults, &regime) == ST_OK)
            fprintf(args->out, "%.*s\t%d\t%.12s\t%.*s\n", STR_ARG(regime->id), regime->version,
                    regime->hash.at, STR_ARG(words_label(lang, regime->title)));
        else
            print_faults(ctx, args, lang, items[i].path, &faults);
        fail_clear(ctx);
    }
    return ST_OK;
}

static void print_group(struct ctx *ctx, const struct cli_args *args, enum lang lang,
                        const char *group, const struct vocabulary_word *table, size_t count)
{
    struct arena *arena = ctx->arena;
    struct str head = str_printf(arena, "vocabulary.%s", group); /* i18n: vocabulary.* */
    fprintf(args->out, "%.*s\n\n", STR_ARG(words_find(args->words, lang, head)));
    for (size_t i = 0; i < count; i++) {
        struct str key = str_printf(arena, "vocabulary.%s.%.*s", group, STR_ARG(table[i].word));
        struct str example = str_concat(arena, key, S(".example"));
        fprintf(args->out, "  %.*s: %.*s\n      %.*s\n      - %.*s\n\n", STR_ARG(table[i].word),
                STR_ARG(table[i].shape),
                STR_ARG(words_format(arena, args->words, lang, key, NO_ARGS)),
                STR_ARG(words_format(arena, args->words, lang, example, NO_ARGS)));
    }
}

enum status regime_cmd_vocabulary(struct ctx *ctx, const struct cli_args *args)
{
    enum lang lang;
    TRY(cli_lang(ctx, args, &lang));
    print_group(ctx, args, lang, "guard", vocabulary_guards, GUARD_KIND_COUNT);
    print_group(ctx, args, lang, "effect", vocabulary_effects, EFFECT_KIND_COUNT);
    print_group(ctx, args, lang, "condition", vocabulary_conditions, CONDITION_KIND_COUNT);
    return ST_OK;
}

/* A pack that must be right: its faults go to the reader as one failure. */
static enum status load_right(struct ctx *ctx, const struct cli_args *args, struct str path,
                              const struct regime **out)
{
    struct pack_faults faults = {0};
    enum status status = load_file(ctx, args, path, &faults, out);
    if (status == ST_OK || faults.len == 0)
        return status;
    fail_clear(ctx);
    return fail(ctx, ST_INVALID, "cli.pack_faulty",
                ARGS(arg_text("path", path), arg_int("n", (int64_t)faults.len)));
}

static enum status print_graph(struct ctx *ctx, const struct cli_args *args, enum lang lang,
                               const struct regime *regime,
                               const struct regime_procedure *procedure)
{
    struct str text;
    if (cli_flag(args, "svg"))
        TRY(regime_graph_svg(ctx, regime, procedure, lang, &text));
    else
        TRY(regime_graph_dot(ctx, regime, procedure, lang, &text));
    fprintf(args->out, "%.*s", STR_ARG(text));
    return ST_OK;
}

enum status regime_cmd_graph(struct ctx *ctx, const struct cli_args *args)
{
    enum lang lang;
    const struct regime *regime;
    struct str name = cli_value(args, "procedure");
    TRY(cli_lang(ctx, args, &lang));
    TRY(load_right(ctx, args, args->operands[0], &regime));
    if (!str_is_empty(name) && regime_find_procedure(regime, name) == NULL)
        return fail(ctx, ST_MALFORMED, "regime.no_procedure", ARGS(arg_text("name", name)));
    for (size_t i = 0; i < regime->procedure_count; i++) {
        if (str_is_empty(name) || str_eq(regime->procedures[i].name, name))
            TRY(print_graph(ctx, args, lang, regime, &regime->procedures[i]));
    }
    return ST_OK;
}

static const char *const CHANGE_SIGNS[] = {
    [REGIME_ADDED] = "+", [REGIME_REMOVED] = "-", [REGIME_CHANGED] = "~"};
static const char *const CHANGE_NAMES[] = {
    [REGIME_ADDED] = "added", [REGIME_REMOVED] = "removed", [REGIME_CHANGED] = "changed"};

/* In the words of packs, which are the same in every language. */
static void print_change(FILE *out, const struct regime_change *change)
{
    fprintf(out, "%s ", CHANGE_SIGNS[change->kind]);
    if (!str_is_empty(change->procedure))
        fprintf(out, "%.*s/", STR_ARG(change->procedure));
    fprintf(out, "%s/%.*s", change->what, STR_ARG(change->name));
    if (change->kind == REGIME_CHANGED)
        fprintf(out, " %.*s:", STR_ARG(change->part));
    if (!str_is_empty(change->before))
        fprintf(out, " - %.*s", STR_ARG(change->before));
    if (!str_is_empty(change->after))
        fprintf(out, " + %.*s", STR_ARG(change->after));
    fputc('\n', out);
}

static void put_present(struct arena *arena, struct value *map, const char *key, struct str text)
{
    if (!str_is_empty(text))
        value_put_text(arena, map, key, text);
}

static void print_changes_json(struct ctx *ctx, FILE *out, const struct regime_changes *changes)
{
    struct arena *arena = ctx->arena;
    struct value *document = value_map(arena);
    struct value *list = value_put_list(arena, document, "changes");
    for (size_t i = 0; i < changes->len; i++) {
        const struct regime_change *change = &changes->at[i];
        struct value *entry = value_append_map(arena, list);
        value_put_text(arena, entry, "change", str_of(CHANGE_NAMES[change->kind]));
        value_put_text(arena, entry, "what", str_of(change->what));
        put_present(arena, entry, "procedure", change->procedure);
        value_put_text(arena, entry, "name", change->name);
        put_present(arena, entry, "part", change->part);
        put_present(arena, entry, "before", change->before);
        put_present(arena, entry, "after", change->after);
    }
    print_json(ctx, out, document);
}

enum status regime_cmd_diff(struct ctx *ctx, const struct cli_args *args)
{
    const struct regime *before;
    const struct regime *after;
    struct regime_changes changes = {0};
    TRY(load_right(ctx, args, args->operands[0], &before));
    TRY(load_right(ctx, args, args->operands[1], &after));
    regime_diff(ctx->arena, before, after, &changes);
    if (cli_flag(args, "json"))
        print_changes_json(ctx, args->out, &changes);
    for (size_t i = 0; !cli_flag(args, "json") && i < changes.len; i++)
        print_change(args->out, &changes.at[i]);
    return ST_OK;
}
