/*
 * What time asks for: every clock that has ended lapses, by a command like any other. All that is
 * due is handed to the writer together and shares its commits; whoever else served a case first has
 * written the event by then, and the engine refuses the second one.
 */
#include "services/casework_tick.h"

#include "base/log.h"
#include "services/casework_many.h"
#include "store/deadline_rows.h"

enum { LAPSES_AT_ONCE = 250 };

static void begin(const struct ctx *ctx, const struct home *home, const struct world *world,
                  const struct deadline_due *due, struct casework_turn *turn)
{
    static const struct actor system = {.is_system = true};
    casework_turn_begin(turn, ctx->now);
    struct value *input = value_map(turn->arena);
    value_put_text(turn->arena, input, "clock", due->name);
    value_put_int(turn->arena, input, "started_seq", due->started_seq);
    turn->order = (struct case_order){.home = home,
                                      .world = world,
                                      .actor = &system,
                                      .ref = {due->prefecture, due->casefile},
                                      .command = S("lapse"),
                                      .input = input,
                                      .happened_at = INSTANT_NONE};
}

/*
 * Refused: somebody else did it first, or the case's own rules will not have it, which must not keep
 * the other cases waiting. Trouble of the database is everybody's and is passed on.
 */
static enum status settle(struct ctx *ctx, const struct casework_turn *turn, int64_t *io_lapsed)
{
    const struct failure *failure = &turn->ctx.failure;
    *io_lapsed += turn->status == ST_OK;
    if (turn->status == ST_OK || turn->status == ST_CONFLICT || turn->status == ST_STALE)
        return ST_OK;
    if (turn->status == ST_IO || turn->status == ST_UNAVAILABLE)
        return fail_reason(ctx, turn->status, failure->reason);
    /* Of our own making: the log has it, and the next look tries again. */
    /* advise: ok, no caller is waiting */
    log_line(LOG_ERROR, "lapse_failed", "case=%.*s clock=%.*s key=%s",
             STR_ARG(casefile_ref_format(ctx->arena, turn->order.ref.prefecture,
                                         turn->order.ref.id)),
             STR_ARG(value_find_text(turn->order.input, "clock")), failure->reason.key);
    return ST_OK;
}

static enum status lapse_all(struct ctx *ctx, const struct home *home, const struct world *world,
                             const struct deadline_due_list *due, int64_t *io_lapsed)
{
    struct casework_turn *turns = arena_alloc_array(ctx->arena, due->len, sizeof *turns);
    enum status status = ST_OK;
    for (size_t i = 0; i < due->len; i++)
        begin(ctx, home, world, &due->at[i], &turns[i]);
    casework_give_many(turns, due->len);
    for (size_t i = 0; i < due->len && status == ST_OK; i++)
        status = settle(ctx, &turns[i], io_lapsed);
    if (status != ST_OK)
        fail_keep(ctx); /* its texts are a turn's */
    casework_turns_end(turns, due->len);
    return status;
}

/* Until a look finds nothing it can do: what lapses may start a clock that has ended as well. */
enum status casework_tick(struct ctx *ctx, const struct home *home, const struct world *world,
                          int64_t *out_lapsed)
{
    struct db_conn *conn AUTO(db_conn_cleanup) = NULL;
    int64_t lapsed = 0, before;
    TRY(home_conn_open(ctx, home, &conn));
    do {
        struct arena_mark mark = arena_mark(ctx->arena);
        struct deadline_due_list due = {0};
        before = lapsed;
        TRY(deadline_rows_due(ctx, conn, LAPSES_AT_ONCE, &due));
        TRY(lapse_all(ctx, home, world, &due, &lapsed));
        arena_return(ctx->arena, mark);
    } while (lapsed > before);
    *out_lapsed = lapsed;
    return ST_OK;
}
