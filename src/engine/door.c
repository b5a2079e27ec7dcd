/*
 * The door: a trial is set up and handed to the row of the pack or to the built-in command.
 */
#include "engine/decide_int.h"

enum status engine_decide(struct ctx *ctx, const struct engine *engine,
                          const struct casefile *casefile, const struct command *command,
                          struct event_list *out)
{
    struct event_list events = {0};
    struct trial trial = {
        .ctx = ctx,
        .engine = engine,
        .casefile = casefile_copy(ctx->arena, casefile),
        .before = casefile,
        .command = command->name,
        .actor = command->actor,
        .happened_at = instant_is_none(command->happened_at) ? ctx->now : command->happened_at,
        .events = &events,
    };
    if (trial.happened_at.ms > ctx->now.ms)
        return fail(ctx, ST_INVALID, "engine.in_the_future",
                    ARGS(arg_instant("at", trial.happened_at)));
    const struct built_in *built_in = built_in_find(command->name);
    if (built_in == NULL && casefile->version == 0)
        return fail(ctx, ST_NOT_FOUND, "engine.no_such_command",
                    ARGS(arg_text("command", command->name)));
    if (built_in != NULL && casefile->version > 0)
        TRY(trial_forbid(&trial));
    TRY(built_in == NULL ? decide_transition(&trial, command->input)
                         : built_in->decide(&trial, command->input));
    /* What is folded now and what is folded again from the ledger are the same, in order too. */
    for (size_t i = 0; i < events.len; i++)
        events.at[i].payload = value_copy_sorted(ctx->arena, events.at[i].payload);
    *out = events;
    return ST_OK;
}
