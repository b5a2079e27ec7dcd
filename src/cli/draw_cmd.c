/*
 * Reads files, hands them to services/draw_file, writes the file back in one piece.
 */
#include "cli/draw_cmd.h"

#include <errno.h>
#include <string.h>

#include "kit/json.h"
#include "kit/words.h"
#include "services/draw_file.h"

/* Rules are options of both: fixed with the list (better), or with the seed. */
#define RULE_OPTIONS                                                                               \
    {.name = "key", .value = "COLUMN", .help = "cli.draw.key"},                                    \
    {.name = "strata", .value = "COLUMN", .help = "cli.draw.strata"},                              \
    {.name = "take", .value = "N", .help = "cli.draw.take"},                                       \
    {.name = "percent", .value = "P", .help = "cli.draw.percent"},                                 \
    {.name = "at-least", .value = "N", .help = "cli.draw.at_least"},                               \
    {.name = "exclude", .value = "FILE", .help = "cli.draw.exclude"},                              \
    {.name = "json", .help = "cli.json"}

const struct cli_option draw_cmd_commit_options[DRAW_CMD_COMMIT_OPTIONS] = {
    {.name = "o", .value = "FILE", .required = true, .help = "cli.draw.file"},
    RULE_OPTIONS,
};
const struct cli_option draw_cmd_run_options[DRAW_CMD_RUN_OPTIONS] = {
    {.name = "o", .value = "FILE", .help = "cli.draw.other_file"},
    {.name = "seed", .value = "TEXT", .help = "cli.draw.seed"},
    {.name = "list", .value = "LIST", .help = "cli.draw.list"},
    RULE_OPTIONS,
};
const struct cli_option draw_cmd_verify_options[2] = {
    {.name = "list", .value = "LIST", .help = "cli.draw.list"},
    {.name = "json", .help = "cli.json"},
};

enum { LIST_LIMIT = 16 * 1024 * 1024 };

static enum status read_list(struct ctx *ctx, struct str path, struct draw_list *out)
{
    struct str bytes;
    TRY(cli_read_file(ctx, path, LIST_LIMIT, &bytes));
    return draw_list_parse(ctx, bytes, out);
}

/* --list, or null. */
static enum status read_other(struct ctx *ctx, const struct cli_args *args,
                              struct draw_list *storage, const struct draw_list **out)
{
    struct str path = cli_value(args, "list");
    *out = NULL;
    if (path.at == NULL)
        return ST_OK;
    TRY(read_list(ctx, path, storage));
    *out = storage;
    return ST_OK;
}

/* The rules as the options say; null where no option says anything. */
static enum status read_rules(struct ctx *ctx, const struct cli_args *args,
                              const struct draw_list *list, struct draw_rules *storage,
                              const struct draw_rules **out)
{
    static const char *const options[] = {"key", "strata", "take", "percent", "at-least", "exclude"};
    struct str key = cli_value(args, "key");
    struct str exclusions = cli_value(args, "exclude");
    bool any = false;
    for (size_t i = 0; i < COUNT_OF(options); i++)
        any = any || cli_value(args, options[i]).at != NULL;
    *out = NULL;
    if (!any)
        return ST_OK;
    *storage = (struct draw_rules){.key = key.at == NULL ? list->columns[0] : key,
                                   .strata = cli_value(args, "strata")};
    TRY(cli_number(ctx, args, "take", 1, DRAW_ROWS_MAX, 0, &storage->take));
    TRY(cli_number(ctx, args, "percent", 1, 100, 0, &storage->percent));
    TRY(cli_number(ctx, args, "at-least", 0, DRAW_ROWS_MAX, 0, &storage->at_least));
    if (exclusions.at != NULL) {
        struct str bytes;
        TRY(cli_read_file(ctx, exclusions, LIST_LIMIT, &bytes));
        TRY(draw_exclusions_parse(ctx, bytes, storage));
    }
    *out = storage;
    return ST_OK;
}

static enum status fail_write(struct ctx *ctx, struct str path)
{
    return fail(ctx, ST_IO, "cli.draw.cannot_write",
                ARGS(arg_text("path", path), arg_c("why", strerror(errno))));
}

/* Beside the wanted name first, so that a draw is never half a draw. */
static enum status write_file(struct ctx *ctx, struct str path, const struct draw_file *draw)
{
    struct buf text;
    struct str part = str_concat(ctx->arena, path, S(".part"));
    buf_init(&text, ctx->arena, DRAW_FILE_LIMIT);
    json_print(&text, draw_file_value(ctx->arena, draw));
    buf_char(&text, '\n');
    TRY(buf_status(&text));
    FILE *file = fopen(str_c(ctx->arena, part), "wb");
    if (file == NULL)
        return fail_write(ctx, path);
    bool wrote = fwrite(buf_str(&text).at, 1, buf_str(&text).len, file) == buf_str(&text).len;
    wrote = fclose(file) == 0 && wrote;
    if (!wrote || rename(str_c(ctx->arena, part), str_c(ctx->arena, path)) != 0)
        return fail_write(ctx, path);
    return ST_OK;
}

static enum status say_commitment(struct ctx *ctx, const struct cli_args *args,
                                  const struct draw_file *draw)
{
    if (cli_flag(args, "json"))
        return cli_print_json(ctx, args, draw_file_value(ctx->arena, draw));
    cli_say(ctx, args, "cli.draw.committed",
            ARGS(arg_int("n", (int64_t)draw->list.row_count), arg_text("hash", draw->list_hash)));
    if (draw->has_rules)
        cli_say(ctx, args, "cli.draw.rules", ARGS(arg_text("hash", draw->rules_hash)));
    return ST_OK;
}

enum status draw_cmd_commit(struct ctx *ctx, const struct cli_args *args)
{
    struct draw_list list;
    struct draw_rules storage;
    const struct draw_rules *rules;
    struct draw_file draw;
    TRY(read_list(ctx, args->operands[0], &list));
    TRY(read_rules(ctx, args, &list, &storage, &rules));
    TRY(draw_file_commit(ctx, &list, rules, &draw));
    TRY(write_file(ctx, cli_value(args, "o"), &draw));
    return say_commitment(ctx, args, &draw);
}

static enum status read_draw(struct ctx *ctx, const struct cli_args *args, struct draw_file *out)
{
    struct str bytes;
    TRY(cli_read_file(ctx, args->operands[0], DRAW_FILE_LIMIT, &bytes));
    return draw_file_parse(ctx, bytes, out);
}

enum status draw_cmd_run(struct ctx *ctx, const struct cli_args *args)
{
    struct draw_file draw;
    struct draw_list storage;
    const struct draw_list *list;
    struct draw_rules rule_storage;
    const struct draw_rules *rules;
    struct str path = cli_value(args, "o");
    TRY(read_draw(ctx, args, &draw));
    TRY(read_other(ctx, args, &storage, &list));
    TRY(read_rules(ctx, args, &draw.list, &rule_storage, &rules));
    TRY(draw_file_run(ctx, &draw, list, rules, cli_value(args, "seed")));
    TRY(write_file(ctx, path.at == NULL ? args->operands[0] : path, &draw));
    if (cli_flag(args, "json"))
        return cli_print_json(ctx, args, draw_file_value(ctx->arena, &draw));
    cli_say(ctx, args, "cli.draw.seed_is", ARGS(arg_text("seed", draw.seed)));
    value_each (stratum, draw.strata)
        value_each (id, value_find_c(stratum, "drawn"))
            fprintf(args->out, "%.*s%s%.*s\n", STR_ARG(value_find_text(stratum, "stratum")),
                    str_is_empty(draw.rules.strata) ? "" : "\t", STR_ARG(id->text));
    return ST_OK;
}

static enum status print_differences(struct ctx *ctx, const struct cli_args *args,
                                     const struct draw_differences *differences)
{
    struct value *document = value_map(ctx->arena);
    struct value *list = value_put_list(ctx->arena, document, "differences");
    value_put_bool(ctx->arena, document, "holds", differences->len == 0);
    for (size_t i = 0; i < differences->len; i++) {
        struct str sentence =
            words_reason(ctx->arena, args->words, args->lang, &differences->at[i]);
        value_append(list, value_text(ctx->arena, sentence));
        if (!cli_flag(args, "json"))
            fprintf(args->out, "%.*s\n", STR_ARG(sentence));
    }
    return cli_flag(args, "json") ? cli_print_json(ctx, args, document) : ST_OK;
}

enum status draw_cmd_verify(struct ctx *ctx, const struct cli_args *args)
{
    struct draw_file draw;
    struct draw_list storage;
    const struct draw_list *list;
    struct draw_differences differences = {0};
    TRY(read_draw(ctx, args, &draw));
    TRY(read_other(ctx, args, &storage, &list));
    draw_file_verify(ctx, &draw, list, &differences);
    TRY(print_differences(ctx, args, &differences));
    if (differences.len > 0)
        return ST_CONFLICT; /* the answer is no, and it is printed */
    if (!cli_flag(args, "json"))
        cli_say(ctx, args, draw.seed.at == NULL ? "cli.draw.not_drawn" : "cli.draw.holds",
                ARGS(arg_int("n", draw.drawn == NULL ? 0 : (int64_t)draw.drawn->count)));
    return ST_OK;
}
