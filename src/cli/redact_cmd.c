/* The finder at the terminal, for whoever wants to try it on texts of their own; it opens no data directory. */
#include "cli/redact_cmd.h"

#include "base/redact_measure.h"

enum { FILE_BYTES_MAX = 16 << 20 };

const struct cli_option redact_cmd_options[2] = {
    {.name = "measure", .help = "cli.redact.measure"},
    {.name = "json", .help = "cli.json"},
};

static void put_tally(struct arena *arena, struct value *list, const char *kind,
                      const struct redact_tally *tally)
{
    struct value *entry = value_append_map(arena, list);
    value_put_text(arena, entry, "kind", str_of(kind));
    value_put_int(arena, entry, "marked", tally->marked);
    value_put_int(arena, entry, "hidden", tally->hidden);
    value_put_int(arena, entry, "found", tally->found);
    value_put_int(arena, entry, "right", tally->right);
    value_put_int(arena, entry, "recall_permille", redact_recall(tally));
    value_put_int(arena, entry, "precision_permille", redact_precision(tally));
}

static enum status tell_measure(struct ctx *ctx, const struct cli_args *args,
                                const struct redact_measure *measure)
{
    struct value *document = value_map(ctx->arena);
    struct value *kinds = value_put_list(ctx->arena, document, "kinds");
    for (int kind = 0; kind < REDACT_KIND_COUNT; kind++)
        put_tally(ctx->arena, kinds, redact_kind_name((enum redact_kind)kind),
                  &measure->kinds[kind]);
    put_tally(ctx->arena, kinds, "all", &measure->all);
    if (cli_flag(args, "json"))
        return cli_print_json(ctx, args, document);
    value_each (entry, kinds) {
        struct str kind = value_find_text(entry, "kind");
        cli_say(ctx, args, "cli.redact.tally",
                ARGS(arg_text("kind", str_printf(ctx->arena, "%-12.*s", STR_ARG(kind))),
                     arg_int("recall", value_find_int(entry, "recall_permille", 0)),
                     arg_int("precision", value_find_int(entry, "precision_permille", 0)),
                     arg_int("marked", value_find_int(entry, "marked", 0)),
                     arg_int("found", value_find_int(entry, "found", 0))));
    }
    return ST_OK;
}

static enum status measure(struct ctx *ctx, const struct cli_args *args, struct str text)
{
    struct redact_measure tallies = {0};
    struct str line;
    while (str_next(&text, '\n', &line)) {
        struct arena_mark mark = arena_mark(ctx->arena);
        if (!redact_measure_line(ctx->arena, line, &tallies))
            return fail(ctx, ST_MALFORMED, "cli.redact.unreadable", ARGS(arg_text("line", line)));
        arena_return(ctx->arena, mark);
    }
    return tell_measure(ctx, args, &tallies);
}

static enum status tell_marks(struct ctx *ctx, const struct cli_args *args, struct str text)
{
    struct redact_marks marks;
    struct value *document = value_map(ctx->arena);
    redact_find(ctx->arena, text, &marks);
    struct value *list = value_put_list(ctx->arena, document, "marks");
    for (size_t i = 0; i < marks.len; i++) {
        const struct redact_mark *mark = &marks.at[i];
        struct value *entry = value_append_map(ctx->arena, list);
        value_put_int(ctx->arena, entry, "from", (int64_t)mark->from);
        value_put_int(ctx->arena, entry, "length", (int64_t)mark->len);
        value_put_text(ctx->arena, entry, "kind", str_of(redact_kind_name(mark->kind)));
        value_put_text(ctx->arena, entry, "text", str_part(text, mark->from, mark->len));
        value_put_text(ctx->arena, entry, "instead", mark->instead);
        value_put_int(ctx->arena, entry, "confidence", mark->confidence);
    }
    if (cli_flag(args, "json"))
        return cli_print_json(ctx, args, document);
    value_each (entry, list)
        fprintf(args->out, "%lld\t%.*s\t%.*s\t%.*s\t%lld\n",
                (long long)value_find_int(entry, "from", 0),
                STR_ARG(value_find_text(entry, "kind")), STR_ARG(value_find_text(entry, "text")),
                STR_ARG(value_find_text(entry, "instead")),
                (long long)value_find_int(entry, "confidence", 0));
    return ST_OK;
}

enum status redact_cmd_run(struct ctx *ctx, const struct cli_args *args)
{
    struct str text;
    TRY(cli_read_file(ctx, args->operands[0], FILE_BYTES_MAX, &text));
    if (!str_is_clean(text))
        return fail(ctx, ST_MALFORMED, "cli.redact.not_text", NO_ARGS);
    return cli_flag(args, "measure") ? measure(ctx, args, text) : tell_marks(ctx, args, text);
}
