/*
 * What is sealed is opened by a command like any other: who may the pack says, why the person says, and
 * the ledger keeps both. What was told is not here and goes into no event; the services show it to who gave the command.
 */
#include "engine/decide_int.h"
#include "engine/seal.h"

/* Names of the fields that hold something sealed. */
static struct value *filled_fields(struct trial *trial)
{
    const struct regime_procedure *procedure = trial->engine->procedure;
    struct value *names = value_list(trial->ctx->arena);
    for (size_t i = 0; i < procedure->field_count; i++)
        if (procedure->fields[i].sealed && /* told before a new pack sealed it: stands as it was */
            seal_is_mark(value_find_text(trial->before->fields,
                                         str_c(trial->ctx->arena, procedure->fields[i].name))))
            value_append(names, value_text(trial->ctx->arena, procedure->fields[i].name));
    return names;
}

/* The clause by which it is sealed: of the first such field that names one, else the procedure's. */
static struct str clause_of(const struct regime_procedure *procedure)
{
    for (size_t i = 0; i < procedure->field_count; i++)
        if (procedure->fields[i].sealed && !str_is_empty(procedure->fields[i].clause))
            return procedure->fields[i].clause;
    return procedure->clause;
}

enum status may_open_sealed(struct trial *trial)
{
    const struct regime_procedure *procedure = trial->engine->procedure;
    trial->clause = clause_of(procedure);
    if (procedure->unsealed_by_count == 0 || filled_fields(trial)->count == 0) {
        struct reason reason = reason_make("sealed.nothing", NO_ARGS);
        reason.code = "state";
        return fail_reason(trial->ctx, ST_CONFLICT, reason);
    }
    if (trial_find_post(trial, procedure->unsealed_by, procedure->unsealed_by_count))
        return ST_OK;
    struct reason reason =
        trial_not_yours(trial, procedure->unsealed_by, procedure->unsealed_by_count);
    reason.key = "sealed.not_yours";
    return fail_reason(trial->ctx, ST_DENIED, reason);
}

enum status decide_open_sealed(struct trial *trial, const struct value *input)
{
    struct arena *arena = trial->ctx->arena;
    struct str why = str_trim(value_find_text(input, "reason"));
    TRY(may_open_sealed(trial));
    if (str_is_empty(why) || !str_is_clean(why)) {
        struct reason reason = reason_make("sealed.no_reason", ARGS(arg_c("field", "reason")));
        reason.field = S("reason");
        reason.code = "missing";
        reason.clause = trial->clause;
        return fail_reason(trial->ctx, ST_INVALID, reason);
    }
    struct value *payload = value_map(arena);
    value_put(payload, S("unsealed"), filled_fields(trial));
    value_put_text(arena, payload, "reason", why);
    trial_emit(trial, EVENT_NOTED, payload, trial->clause);
    return ST_OK;
}
