/*
 * What the regime forbids, asked twice on the way of a command: of the act itself before anybody asks who may
 * (so that whom it binds hears the rule, not only "not yours"), and of what the form says before the
 * guards. A refusal leaves in ctx->failure what is to be recorded of the attempt; it writes nothing.
 */
#include "regime/prohibition.h"

#include "base/num.h"
#include "engine/decide_int.h"

/* ---- whom it binds ---- */

static bool holds_for_campaign(const struct trial *trial, struct str role, int64_t unit)
{
    return names_have(value_find(trial->engine->campaign.roles, role),
                      id_text(trial->ctx->arena, unit)->text);
}

/* Whether the actor stands there, by any of their posts: the rule binds the person, not the desk. */
static bool is_of(const struct trial *trial, const struct regime_parties *parties, bool unasked)
{
    const struct actor *actor = trial->actor;
    for (size_t i = 0; i < parties->count; i++) {
        struct str name = parties->names[i];
        if (casefile_role_has_person(trial->casefile, name, actor->person.v) ||
            trial_holds_live(trial, name, unasked))
            return true;
        for (size_t j = 0; j < actor->post_count; j++) {
            bool lead;
            const struct actor_post *post = &actor->posts[j];
            if (str_eq(post->unit_kind, name) ||
                casefile_role_has_unit(trial->casefile, name, post->unit.v, &lead) ||
                holds_for_campaign(trial, name, post->unit.v))
                return true;
        }
    }
    return parties->anybody;
}

static bool binds(const struct trial *trial, const struct regime_prohibition *rule)
{
    return !trial->actor->is_system && is_of(trial, &rule->who, false) &&
           !is_of(trial, &rule->except, true);
}

/* ---- the act ---- */

static bool is_about(const struct trial *trial, const struct regime_prohibition *rule)
{
    for (size_t i = 0; i < rule->command_count; i++)
        if (str_eq(rule->commands[i], trial->command))
            return true;
    return rule->command_count == 0 &&
           (trial->transition != NULL || str_eq(trial->command, S("create")));
}

/* Whether it takes the form to tell. What lets in or warns is told with the form. */
static bool is_of_form(const struct trial *trial, const struct regime_prohibition *rule)
{
    return rule->effect != PROHIBITION_REFUSE || rule->give_count > 0 || rule->to.count > 0 ||
           rule->again.within != NULL || condition_needs_form(trial, rule->when);
}

static bool gives(const struct trial *trial, const struct regime_prohibition *rule,
                  struct str *out_field)
{
    for (size_t i = 0; i < rule->give_count; i++) {
        *out_field = rule->gives[i];
        if (!value_is_empty(value_find(trial->input, rule->gives[i])))
            return true;
    }
    return rule->give_count == 0;
}

/* A unit by its kind or its role in the case, a person by their role. */
static bool is_party(const struct trial *trial, const struct regime_parties *parties, int64_t id,
                     bool person)
{
    const struct engine_world *world = &trial->engine->world;
    const struct unit_facts *unit =
        person ? NULL : world->find_unit(world->self, (struct unit_id){id});
    for (size_t i = 0; i < parties->count; i++) {
        bool lead;
        if (person ? casefile_role_has_person(trial->casefile, parties->names[i], id)
                   : (unit != NULL && str_eq(unit->kind, parties->names[i])) ||
                         casefile_role_has_unit(trial->casefile, parties->names[i], id, &lead))
            return true;
    }
    return parties->anybody;
}

static bool names_party(const struct trial *trial, const struct regime_parties *parties,
                        const struct value *named, bool person)
{
    int64_t id;
    names_each (one, named)
        if (one->kind == VALUE_TEXT && num_parse_i64(one->text, 1, INT64_MAX, &id) &&
            is_party(trial, parties, id, person))
            return true;
    return false;
}

static bool column_names_party(const struct trial *trial, const struct regime_parties *parties,
                               const struct regime_field *list, const struct value *rows)
{
    for (size_t i = 0; i < list->column_count; i++) {
        const struct regime_field *column = &list->columns[i];
        if (column->kind != FIELD_UNIT && column->kind != FIELD_PERSON)
            continue;
        value_each (row, rows)
            if (names_party(trial, parties, value_find(row, column->name),
                            column->kind == FIELD_PERSON))
                return true;
    }
    return false;
}

static bool is_given(const struct regime_prohibition *rule, struct str field)
{
    for (size_t i = 0; i < rule->give_count; i++)
        if (str_eq(rule->gives[i], field))
            return true;
    return rule->give_count == 0;
}

/* Whether a field of the form names such an addressee: those of `gives`, or any. */
static bool is_addressed(const struct trial *trial, const struct regime_prohibition *rule,
                         const struct regime_field *fields, size_t count, struct str *out_field)
{
    for (size_t i = 0; i < count; i++) {
        const struct regime_field *field = &fields[i];
        const struct value *answer = value_find(trial->input, field->name);
        bool person = field->kind == FIELD_PERSON;
        bool found = (person || field->kind == FIELD_UNIT) &&
                     names_party(trial, &rule->to, answer, person);
        found = found || (field->kind == FIELD_LIST &&
                          column_names_party(trial, &rule->to, field, answer));
        if (!found || !is_given(rule, field->name))
            continue;
        *out_field = field->name;
        return true;
    }
    return false;
}

/* Roles that the maker of a case gives beside its fields. */
static bool gives_role_to(const struct trial *trial, const struct regime_prohibition *rule)
{
    value_each (role, trial->given_roles) {
        const struct regime_role *known = regime_find_role(trial->engine->regime, role->key);
        if (known != NULL && names_party(trial, &rule->to, role, known->of_people))
            return true;
    }
    return false;
}

static bool addresses(const struct trial *trial, const struct regime_prohibition *rule,
                      struct str *out_field)
{
    const struct regime_procedure *procedure = trial->engine->procedure;
    const struct regime_transition *row = trial->transition;
    if (rule->to.count == 0)
        return true;
    return row != NULL ? is_addressed(trial, rule, row->asks, row->ask_count, out_field)
                       : is_addressed(trial, rule, procedure->fields, procedure->field_count,
                                      out_field) ||
                             gives_role_to(trial, rule);
}

/* ---- what other cases say ---- */

static bool is_same(const struct trial *trial, const struct regime_again *again,
                    const struct casefile *earlier)
{
    for (size_t i = 0; i < again->same_count; i++) {
        const struct value *here = trial_value(trial, again->same[i]);
        const struct value *there = value_find(earlier->fields, again->same[i]);
        if (value_is_empty(here) || value_is_empty(there) || !value_eq(here, there))
            return false;
    }
    return true;
}

static enum status came_before(const struct trial *trial, const struct regime_again *again,
                               bool *out)
{
    enum { DAY_MS = 24 * 60 * 60 * 1000 };
    const struct engine_world *world = &trial->engine->world;
    struct engine_case_list earlier = {0};
    int64_t days = trial_number(trial, again->within, 0);
    const struct instant since = {trial->happened_at.ms - days * DAY_MS};
    *out = again->within == NULL;
    if (*out || world->list_since == NULL)
        return ST_OK;
    TRY(world->list_since(world->self, trial->ctx, trial->engine->procedure->name,
                          trial->casefile->region, since, &earlier));
    for (size_t i = 0; i < earlier.len && !*out; i++)
        *out = earlier.at[i]->id.v != trial->casefile->id.v &&
               is_same(trial, again, earlier.at[i]);
    return ST_OK;
}

/* The field of the form that a condition speaks of, the first of several; absent: none. */
static struct str field_spoken_of(const struct trial *trial, const struct regime_condition *when)
{
    struct str field = {0};
    if (when == NULL || when->kind == CONDITION_NOT || !condition_holds(trial, when))
        return field;
    if (when->kind == CONDITION_FIELD)
        field = value_find_text(when->args, "field");
    for (size_t i = 0; when->kind != CONDITION_FIELD && i < when->count && str_is_empty(field); i++)
        field = field_spoken_of(trial, &when->all[i]);
    return trial_form_has(trial, field) ? field : (struct str){0};
}

static enum status bites(const struct trial *trial, const struct regime_prohibition *rule,
                         struct str *out_field, bool *out)
{
    *out = false;
    if (!binds(trial, rule) || !is_about(trial, rule) || !gives(trial, rule, out_field) ||
        !condition_holds(trial, rule->when) || !addresses(trial, rule, out_field))
        return ST_OK;
    if (str_is_empty(*out_field))
        *out_field = field_spoken_of(trial, rule->when);
    return came_before(trial, &rule->again, out);
}

/* ---- what follows ---- */

/* The field as the form asks it; null: it asks for none of this name. */
static const struct regime_field *field_named(const struct trial *trial, struct str field)
{
    const struct regime_field *asked =
        trial->transition == NULL ? NULL : transition_find_ask(trial->transition, field);
    return asked != NULL ? asked : procedure_find_field(trial->engine->procedure, field);
}

static struct reason reason_of(const struct trial *trial, const struct regime_prohibition *rule,
                               const char *key, struct str field)
{
    const struct regime *regime = trial->engine->regime;
    bool open = !str_is_empty(rule->instead);
    const struct words none = {{0}, {0}};
    const struct words instead = open ? regime_instead_words(regime, rule->instead) : none;
    const struct regime_field *named = field_named(trial, field);
    struct reason reason = reason_make(
        key, ARGS(arg_words("what", rule->words), arg_words("instead", instead),
                  arg_words("field", named == NULL ? none : named->words)));
    reason.needs = open            ? "prohibition.instead"
                   : named != NULL ? "prohibition.mend"
                                   : "prohibition.not_here";
    reason.code = "prohibited";
    reason.field = field;
    reason.clause = rule->clause;
    reason.rule = rule->id;
    reason.instead = rule->instead;
    return reason;
}

static const struct value *told(const struct trial *trial, const struct regime_prohibition *rule,
                                const struct value *cell)
{
    struct arena *arena = trial->ctx->arena;
    const struct actor *actor = trial->actor;
    if (cell->kind != VALUE_TEXT)
        return row_value(trial, cell, NULL);
    if (str_eq(cell->text, S("rule")))
        return value_text(arena, rule->id);
    if (str_eq(cell->text, S("words")))
        return value_text(arena, rule->words.zh);
    if (str_eq(cell->text, S("clause")))
        return value_text(arena, rule->clause);
    if (str_eq(cell->text, S("person")))
        return id_text(arena, actor->person.v);
    if (str_eq(cell->text, S("unit")))
        return actor->post_count == 0 ? NULL : id_text(arena, actor->posts[0].unit.v);
    if (str_eq(cell->text, S("case")))
        return value_text(arena, trial->before->number);
    if (str_eq(cell->text, S("command")))
        return value_text(arena, trial->command);
    return row_value(trial, cell, NULL);
}

/* One record of a person, a rule and a case or kind of case in a day, however often it is tried. */
static struct str key_of(const struct trial *trial, const struct regime_prohibition *rule)
{
    const struct casefile *before = trial->before;
    struct arena *arena = trial->ctx->arena;
    struct str what = before->version == 0
                          ? trial->engine->procedure->name
                          : casefile_ref_format(arena, before->prefecture, before->id);
    struct str day = day_format(arena, day_of_instant(trial->ctx->now));
    return str_printf(arena, "attempt/%.*s/%lld/%.*s/%.*s/%.*s", STR_ARG(rule->id),
                      (long long)trial->actor->person.v, STR_ARG(what), STR_ARG(trial->command),
                      STR_ARG(day));
}

/* {procedure, region, key, fields}: what the services make of the refused attempt. */
static struct value *attempt_of(const struct trial *trial, const struct regime_prohibition *rule)
{
    struct arena *arena = trial->ctx->arena;
    struct value *attempt = value_map(arena);
    value_put_text(arena, attempt, "procedure", value_find_text(rule->attempt, "procedure"));
    value_put_text(arena, attempt, "campaign", trial->engine->campaign.id);
    value_put_text(arena, attempt, "region", trial->casefile->region);
    value_put_text(arena, attempt, "key", key_of(trial, rule));
    struct value *fields = value_put_map(arena, attempt, "fields");
    value_each (cell, value_find_c(rule->attempt, "fields")) {
        const struct value *from = told(trial, rule, cell);
        if (!value_is_empty(from))
            value_put(fields, cell->key, value_copy(arena, from));
    }
    return attempt;
}

static enum status refuse_act(struct trial *trial, const struct regime_prohibition *rule,
                              enum status status, struct str field)
{
    status = fail_reason(trial->ctx, status,
                         reason_of(trial, rule, "prohibition.refused", field));
    if (rule->attempt != NULL)
        trial->ctx->failure.attempt = attempt_of(trial, rule);
    return status;
}

enum status trial_forbid(struct trial *trial)
{
    const struct regime_procedure *procedure = trial->engine->procedure;
    for (size_t i = 0; i < procedure->prohibition_count; i++) {
        const struct regime_prohibition *rule = &procedure->prohibitions[i];
        if (!is_of_form(trial, rule) && is_about(trial, rule) && binds(trial, rule) &&
            condition_holds(trial, rule->when))
            return refuse_act(trial, rule, ST_DENIED, (struct str){0});
    }
    return ST_OK;
}

/* Ids of rules: a list, or texts parted by commas as a form sends them. */
static void take_heed(struct trial *trial, const struct value *given)
{
    struct arena *arena = trial->ctx->arena;
    struct value *heeds = value_list(arena);
    names_each (one, given) {
        struct str rest = one->text;
        for (struct str id; one->kind == VALUE_TEXT && str_next(&rest, ',', &id);)
            value_append(heeds, value_text(arena, str_trim(id)));
    }
    trial->heeds = heeds;
}

const struct value *trial_take_heed(struct trial *trial, const struct value *input)
{
    const struct value *given = value_find_c(input, "heed");
    struct value *rest = value_map(trial->ctx->arena);
    if (given == NULL)
        return input;
    take_heed(trial, given);
    value_each (member, input)
        if (member != given)
            value_put(rest, member->key, value_copy(trial->ctx->arena, member));
    return rest;
}

/* Heeded: the command came again and says so; that it was is kept. */
static enum status warn(struct trial *trial, const struct regime_prohibition *rule,
                        struct str field)
{
    struct arena *arena = trial->ctx->arena;
    if (names_have(trial->heeds, rule->id)) {
        value_append(value_list_at(arena, trial_note(trial), "heeded"),
                     value_text(arena, rule->id));
        return ST_OK;
    }
    struct reason reason = reason_of(trial, rule, "prohibition.warned", field);
    reason.code = "warned";
    reason.needs = "prohibition.warned.needs";
    return fail_reason(trial->ctx, ST_CONFLICT, reason);
}

static void raise_flag(struct trial *trial, const struct regime_prohibition *rule)
{
    struct str clause = trial->clause;
    trial->clause = rule->clause;
    trial_set_flag(trial, rule->flag, true);
    trial->clause = clause;
}

enum status trial_forbid_form(struct trial *trial)
{
    const struct regime_procedure *procedure = trial->engine->procedure;
    for (size_t i = 0; i < procedure->prohibition_count; i++) {
        const struct regime_prohibition *rule = &procedure->prohibitions[i];
        struct str field = {0};
        bool bite;
        if (!is_of_form(trial, rule))
            continue;
        TRY(bites(trial, rule, &field, &bite));
        if (!bite)
            continue;
        if (rule->effect == PROHIBITION_REFUSE)
            return refuse_act(trial, rule, ST_CONFLICT, field);
        if (rule->effect == PROHIBITION_WARN)
            TRY(warn(trial, rule, field));
        if (rule->effect == PROHIBITION_FLAG)
            raise_flag(trial, rule);
    }
    return ST_OK;
}

enum status trial_want_explanations(struct trial *trial)
{
    const struct regime_procedure *procedure = trial->engine->procedure;
    for (size_t i = 0; i < procedure->prohibition_count; i++) {
        const struct regime_prohibition *rule = &procedure->prohibitions[i];
        bool asked = false;
        for (size_t j = 0; j < rule->explained_count; j++)
            asked = asked || str_eq(rule->explained[j], trial->command);
        if (!asked || !casefile_has_flag(trial->before, rule->flag))
            continue;
        bool of_form = trial_form_has(trial, rule->explanation);
        if ((trial->form_aside && of_form) || !value_is_empty(trial_value(trial, rule->explanation)))
            continue;
        struct reason reason = reason_of(trial, rule, "prohibition.unexplained", rule->explanation);
        reason.code = "unexplained";
        return fail_reason(trial->ctx, of_form ? ST_INVALID : ST_CONFLICT, reason);
    }
    return ST_OK;
}

/* ---- what is not even offered ---- */

static bool hides_field(const struct trial *trial, const struct regime_prohibition *rule,
                        struct str field)
{
    return rule->effect == PROHIBITION_REFUSE && rule->give_count > 0 && rule->when == NULL &&
           rule->to.count == 0 && rule->again.within == NULL && is_given(rule, field) && is_about(trial, rule) && binds(trial, rule);
}

bool engine_hides_field(struct ctx *ctx, const struct engine *engine,
                        const struct casefile *casefile, struct str command,
                        const struct actor *actor, struct str field)
{
    const struct regime_procedure *procedure = engine->procedure;
    bool hidden = false;
    if (actor == NULL || procedure->prohibition_count == 0)
        return false;
    struct ctx own = {.arena = ctx->arena, .now = ctx->now};
    struct trial trial = trial_look(&own, engine, casefile, command, actor);
    trial.transition = procedure_find_transition(procedure, command, casefile->state);
    if (casefile->version == 0 && trial_begin(&trial, casefile->region) != ST_OK)
        return false;
    for (size_t i = 0; i < procedure->prohibition_count && !hidden; i++)
        hidden = hides_field(&trial, &procedure->prohibitions[i], field);
    return hidden;
}
