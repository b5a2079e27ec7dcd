/*
 * The proof is the store's; this prints its verdict.
 */
#include "cli/verify_cmd.h"

#include "cli/cli_home.h"
#include "cli/progress.h"
#include "kit/words.h"
#include "services/checkpoint.h"

const struct cli_option verify_cmd_options[3] = {
    {.name = "data", .value = "DIR", .help = "cli.data"},
    {.name = "case", .value = "ID", .help = "cli.verify.case"},
    {.name = "json", .help = "cli.json"},
};

/* Which chains: one case, or all. */
struct extent {
    struct prefecture prefecture;
    struct casefile_id only;
};

static enum status read_extent(struct ctx *ctx, const struct cli_args *args, struct extent *out)
{
    struct str ref = cli_value(args, "case");
    *out = (struct extent){0};
    if (ref.at != NULL && !casefile_ref_parse(ref, &out->prefecture, &out->only))
        return fail(ctx, ST_MALFORMED, "cli.not_a_case", ARGS(arg_text("value", ref)));
    return ST_OK;
}

/* A commit that is missing has no case; an event that is missing may have no commit. */
static struct str broken_case(struct arena *arena, const struct ledger_verdict *verdict)
{
    return verdict->casefile.v == 0
               ? (struct str){0}
               : casefile_ref_format(arena, verdict->prefecture, verdict->casefile);
}

static void put_broken(struct arena *arena, struct value *document,
                       const struct ledger_verdict *verdict, struct str why)
{
    struct value *broken = value_put_map(arena, document, "first_broken");
    struct str id = broken_case(arena, verdict);
    value_put(broken, S("case"), id.at == NULL ? value_null(arena) : value_text(arena, id));
    value_put(broken, S("sequence"),
              id.at == NULL ? value_null(arena) : value_int(arena, verdict->sequence));
    if (verdict->writer == 0) {
        value_put(broken, S("commit"), value_null(arena));
    } else {
        struct value *commit = value_put_map(arena, broken, "commit");
        value_put_int(arena, commit, "writer", verdict->writer);
        value_put_int(arena, commit, "number", verdict->number);
    }
    value_put(broken, S("checkpoint"),
              verdict->checkpoint == 0 ? value_null(arena) : value_int(arena, verdict->checkpoint));
    value_put_text(arena, broken, "why", why);
    value_put_text(arena, broken, "code", str_of(verdict->why));
}

static enum status print_json(struct ctx *ctx, const struct cli_args *args,
                              const struct ledger_verdict *verdict, struct str why)
{
    struct value *document = value_map(ctx->arena);
    value_put_bool(ctx->arena, document, "ok", verdict->whole);
    value_put_int(ctx->arena, document, "events", verdict->events);
    value_put_int(ctx->arena, document, "cases", verdict->cases);
    value_put_int(ctx->arena, document, "papers", verdict->papers);
    value_put_int(ctx->arena, document, "checkpoints", verdict->checkpoints);
    if (verdict->whole)
        value_put(document, S("first_broken"), value_null(ctx->arena));
    else
        put_broken(ctx->arena, document, verdict, why);
    return cli_print_json(ctx, args, document);
}

static void print_text(struct ctx *ctx, const struct cli_args *args,
                       const struct ledger_verdict *verdict, struct str why)
{
    struct str id = broken_case(ctx->arena, verdict);
    if (verdict->whole)
        cli_say(ctx, args, "cli.verify.whole",
                ARGS(arg_int("events", verdict->events), arg_int("cases", verdict->cases),
                     arg_int("papers", verdict->papers),
                     arg_int("checkpoints", verdict->checkpoints)));
    else if (id.at != NULL)
        cli_say(ctx, args, "cli.verify.broken_event",
                ARGS(arg_text("case", id), arg_int("sequence", verdict->sequence),
                     arg_text("why", why)));
    else if (verdict->writer == 0)
        cli_say(ctx, args, "cli.verify.broken_checkpoint",
                ARGS(arg_int("size", verdict->checkpoint), arg_text("why", why)));
    else
        cli_say(ctx, args, "cli.verify.broken_commit",
                ARGS(arg_int("writer", verdict->writer), arg_int("number", verdict->number),
                     arg_text("why", why)));
}

enum status verify_cmd_run(struct ctx *ctx, const struct cli_args *args)
{
    struct extent extent;
    struct ledger_verdict verdict;
    struct progress progress AUTO(progress_end) = {0};
    struct home *home AUTO(home_cleanup) = NULL;
    struct db_conn *conn AUTO(db_conn_cleanup) = NULL;
    TRY(read_extent(ctx, args, &extent));
    TRY(cli_home_open(ctx, args, &home));
    TRY(home_conn_open(ctx, home, &conn));
    progress_begin(&progress, 0);
    if (extent.only.v != 0)
        TRY(ledger_verify(ctx, conn, home->store->hash, extent.prefecture, extent.only,
                          progress_count, &progress, &verdict));
    else
        TRY(checkpoint_prove_ledger(ctx, home, conn, progress_count, &progress, &verdict));
    progress_end(&progress);
    struct str why = verdict.whole ? (struct str){0}
                                   : words_format(ctx->arena, args->words, args->lang,
                                                  str_of(verdict.why), NO_ARGS);
    if (cli_flag(args, "json"))
        TRY(print_json(ctx, args, &verdict, why));
    else
        print_text(ctx, args, &verdict, why);
    return verdict.whole ? ST_OK : ST_BROKEN;
}
