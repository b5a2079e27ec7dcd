/*
 * "May X do C to case K, and if not why": one function, asked by every face. The form is left
 * aside: what an answer could still satisfy counts as held.
 */
#include "engine/decide_int.h"
#include "regime/prohibition.h"

struct trial trial_look(struct ctx *ctx, const struct engine *engine, const struct casefile *casefile,
                      struct str command, const struct actor *actor)
{
    return (struct trial){
        .ctx = ctx,
        .engine = engine,
        .casefile = casefile_copy(ctx->arena, casefile),
        .before = casefile,
        .command = command,
        .actor = actor,
        .happened_at = ctx->now,
        .form_aside = true,
    };
}

static enum status may_built_in(struct trial *trial, const struct built_in *built_in)
{
    if (trial->before->version > 0)
        TRY(trial_forbid(trial));
    if (built_in->may != NULL)
        return built_in->may(trial);
    struct reason reason = reason_make("engine.no_relation", NO_ARGS);
    reason.needs = "engine.no_relation.needs";
    reason.code = "denied";
    return fail_reason(trial->ctx, ST_DENIED, reason);
}

static enum status may(struct trial *trial)
{
    const struct built_in *built_in = built_in_find(trial->command);
    if (built_in != NULL)
        return may_built_in(trial, built_in);
    TRY(trial_find_row(trial));
    TRY(trial_want_explanations(trial));
    return trial_check_guards(trial);
}

enum status engine_may(struct ctx *ctx, const struct engine *engine,
                       const struct casefile *casefile, struct str command,
                       const struct actor *actor, const struct actor_post **out_post)
{
    struct trial trial = trial_look(ctx, engine, casefile, command, actor);
    TRY(may(&trial));
    *out_post = trial.post;
    return ST_OK;
}

static void add_action(struct ctx *ctx, const struct engine *engine,
                       const struct casefile *casefile, const struct actor *actor,
                       struct action action, struct action_list *out)
{
    struct ctx own = {.arena = ctx->arena, .now = ctx->now};
    struct trial trial = trial_look(&own, engine, casefile, action.command, actor);
    enum status status = may(&trial);
    const struct regime_prohibition *rule =
        procedure_find_prohibition(engine->procedure, own.failure.reason.rule);
    action.allowed = status == ST_OK;
    action.is_who = status == ST_DENIED && rule == NULL;
    action.why_not = own.failure.reason;
    if (rule == NULL || !rule->hide)
        vec_add(ctx->arena, out, action);
}

static bool is_first_of_its_name(const struct regime_procedure *procedure, size_t row)
{
    for (size_t i = 0; i < row; i++)
        if (str_eq(procedure->transitions[i].name, procedure->transitions[row].name))
            return false;
    return true;
}

/* Where a procedure has no ladder there is nothing to press with. */
static bool is_of_ladder(const struct built_in *built_in)
{
    return built_in->may == may_measure || built_in->may == may_hold;
}

enum status engine_list_actions(struct ctx *ctx, const struct engine *engine,
                                const struct casefile *casefile, const struct actor *actor,
                                struct action_list *out)
{
    const struct regime_procedure *procedure = engine->procedure;
    for (size_t i = 0; i < procedure->transition_count; i++) {
        if (!is_first_of_its_name(procedure, i))
            continue;
        const struct regime_transition *row = &procedure->transitions[i];
        const struct regime_transition *here =
            procedure_find_transition(procedure, row->name, casefile->state);
        row = here == NULL ? row : here;
        add_action(ctx, engine, casefile, actor,
                   (struct action){.transition = row,
                                   .command = row->name,
                                   .label = row->words,
                                   .clause = row->clause},
                   out);
    }
    for (size_t i = 0; i < built_in_count; i++)
        if (built_ins[i].listed && (procedure->step_count > 0 || !is_of_ladder(&built_ins[i])))
            add_action(ctx, engine, casefile, actor,
                       (struct action){.command = built_ins[i].name, .key = built_ins[i].key}, out);
    return ST_OK;
}
