/*
 * Bodies put together by whoever plans them: seats and people first, then the engine is asked what is objected
 * to; whom it is about is replaced, and what must stand behind a member is wished for.
 */
#include "services/simulate_body.h"

#include <inttypes.h>

#include "base/num.h"

enum {
    LEAD_DAYS = 11,   /* before its first day a body is put together */
    REPLACED_MAX = 4, /* rounds of objections */
    FIRST_CHOICE = 0,
    NEXT_CHOICE = 1
};

/* ---- what the pack says ---- */

bool body_is_composed(const struct regime *regime, const struct regime_procedure *procedure)
{
    for (size_t i = 0; i < regime->body_count; i++)
        if (regime->bodies[i].procedure == procedure && regime->bodies[i].list != NULL &&
            !str_is_empty(regime->bodies[i].from) && !str_is_empty(regime->bodies[i].to))
            return true;
    return false;
}

/* The first body of these cases. */
const struct regime_body *body_find_first(const struct regime *regime,
                                          const struct regime_procedure *procedure)
{
    for (size_t i = 0; i < regime->body_count; i++)
        if (regime->bodies[i].procedure == procedure)
            return &regime->bodies[i];
    return NULL;
}

struct str body_text(const struct value *map, struct str name)
{
    const struct value *value = value_find(map, name);
    return value == NULL || value->kind != VALUE_TEXT ? (struct str){0} : value->text;
}

void body_put_text(struct arena *arena, struct value *map, struct str name, struct str text)
{
    value_put(map, str_copy(arena, name), value_text(arena, text));
}

struct day body_last_day(const struct regime *regime, const struct regime_procedure *procedure,
                         const struct casefile *casefile)
{
    struct day day = DAY_NONE;
    const struct regime_body *body = body_find_first(regime, procedure);
    if (body != NULL && !str_is_empty(body->to))
        (void)day_parse(body_text(casefile->fields, body->to), &day);
    return day;
}

const struct value *body_list_of(struct arena *arena, const struct value *names)
{
    if (names == NULL || names->kind != VALUE_TEXT)
        return names;
    struct value *list = value_list(arena);
    value_append(list, value_text(arena, names->text));
    return list;
}

/* One text, or a list of them. */
bool body_has_text(const struct value *list, struct str text)
{
    if (list != NULL && list->kind == VALUE_TEXT)
        return str_eq(list->text, text);
    value_each (one, list)
        if (one->kind == VALUE_TEXT && str_eq(one->text, text))
            return true;
    return false;
}

/* ---- one body at work ---- */

struct value *body_id_value(struct arena *arena, int64_t id)
{
    return value_text(arena, str_printf(arena, "%" PRId64, id));
}

/* Roles that the case will take over from what stands. */
static enum status take_over_roles(struct composing *c)
{
    const struct regime *regime = c->engine.regime;
    for (size_t i = 0; i < regime->role_count; i++) {
        const struct regime_role *role = &regime->roles[i];
        const struct value *holders = NULL;
        if (role->standing == NULL || role->standing->live)
            continue;
        TRY(view_find_standing(&c->view, &c->ctx, role->standing->procedure,
                               role->standing->states, c->casefile.region, &holders));
        struct casefile_role *taken = vec_push(c->ctx.arena, &c->casefile.roles);
        taken->role = role->name;
        value_each (unit, value_find_c(value_find(holders, role->standing->role), "units")) {
            int64_t id;
            if (num_parse_i64(unit->text, 1, INT64_MAX, &id))
                vec_add(c->ctx.arena, &taken->units, id);
        }
    }
    return ST_OK;
}

static enum status check(struct composing *c)
{
    c->casefile.fields = c->fields;
    return engine_check_bodies(&c->ctx, &c->engine, &c->casefile, &c->findings);
}

/* ---- the whole ---- */

/* What the body's own case says from the beginning. */
static void put_terms(struct composing *c, int64_t period, bool is_first, struct str lead)
{
    struct arena *arena = c->play->lasting;
    const struct regime *regime = c->play->regime;
    for (size_t i = 0; i < regime->body_count; i++) {
        const struct regime_body *body = &regime->bodies[i];
        if (body->procedure != c->procedure || str_is_empty(body->from))
            continue;
        body_put_text(arena, c->fields, body->from, day_format(arena, c->from));
        body_put_text(arena, c->fields, body->to, day_format(arena, c->to));
        if (!str_is_empty(body->day))
            body_put_text(arena, c->fields, body->day, day_format(arena, c->from));
        for (size_t j = 0; j < body->rule_count; j++)
            value_each (name, body_list_of(arena, value_find_c(body->rules[j].args, "same")))
                body_put_text(arena, c->fields, name->text,
                               str_printf(arena, "%" PRId64, period + 1));
    }
    for (size_t i = 0; i < c->procedure->field_count; i++) {
        const struct regime_field *field = &c->procedure->fields[i];
        size_t choice = is_first || field->choice_count < 2 ? FIRST_CHOICE : NEXT_CHOICE;
        if (field->kind == FIELD_CHOICE && field->required && !field->many &&
            field->choice_count > 0)
            body_put_text(arena, c->fields, field->name,
                           field->choices[choice].code);
        if (field->kind == FIELD_CASE && str_eq(field->procedure, c->procedure->name) &&
            !str_is_empty(lead))
            body_put_text(arena, c->fields, field->name, lead);
    }
}

/* The seats are filled; who cannot sit is replaced. */
static enum status fill_seats(struct composing *c)
{
    TRY(check(c));
    if (c->findings.len == 0)
        return ST_OK;
    seats_lay(c);
    for (struct value *row = c->rows->first; row != NULL; row = row->next)
        seats_fill(c, row);
    for (int i = 0; i < REPLACED_MAX; i++) {
        TRY(check(c));
        if (!seats_replace(c))
            break;
    }
    return ST_OK;
}

/* One recorded exception, where a rule that allows it is not kept. */
static void except(struct composing *c, struct brief *brief)
{
    struct arena *arena = c->play->lasting;
    for (size_t i = 0; i < c->findings.len; i++)
        for (size_t j = 0; j < c->findings.at[i].objections.len; j++) {
            const struct body_objection *objection = &c->findings.at[i].objections.at[j];
            const struct regime_body *body = c->findings.at[i].body;
            if (objection->lifted || objection->rule->otherwise != BODY_EXCEPTION)
                continue;
            for (size_t t = 0; t < c->procedure->transition_count; t++) {
                const struct regime_transition *row = &c->procedure->transitions[t];
                for (size_t e = 0; e < row->then_count; e++)
                    if (row->then[e].kind == EFFECT_ADD &&
                        str_eq(value_find_text(row->then[e].args, "list"), body->exceptions) &&
                        transition_find_ask(row, body->exception_rule) != NULL) {
                        body_put_text(arena, brief->fields, body->exception_rule, objection->rule->id);
                        value_append(brief->commands, value_text(arena, row->name));
                        return;
                    }
            }
        }
}

static enum status compose(struct composing *c, struct brief *brief)
{
    TRY(world_engine(&c->ctx, c->play->world, &c->view, c->play->campaign->name,
                     c->procedure->name, (struct str){0}, &c->engine));
    c->view.conn = c->play->conn;
    TRY(take_over_roles(c));
    TRY(fill_seats(c));
    for (size_t i = 0; i < c->findings.len; i++) {
        const struct regime_body *body = c->findings.at[i].body;
        for (size_t j = 0; j < body->rule_count; j++) {
            const struct value *covered = value_find_c(body->rules[j].args, "covers");
            struct str name = value_find_text(covered, "field");
            const struct regime_field *field = procedure_find_field(c->procedure, name);
            if (field == NULL || field->choice_count == 0 || value_find(c->fields, name) != NULL)
                continue;
            struct value *one = value_list(c->play->lasting);
            value_append(one, value_text(c->play->lasting,
                                         field->choices[dice_roll(&c->dice, field->choice_count)]
                                             .code));
            value_put(c->fields, name, one);
        }
    }
    TRY(check(c));
    except(c, brief);
    for (size_t i = 0; i < c->findings.len; i++)
        for (size_t j = 0; j < c->findings.at[i].objections.len; j++)
            TRY(behind_want(c, c->fields, c->findings.at[i].body,
                            &c->findings.at[i].objections.at[j]));
    return ST_OK;
}

enum status body_compose(struct play *play, struct arena *arena, size_t procedure, int64_t period,
                         int64_t nth, struct brief **out)
{
    struct brief *brief = behind_new_brief(play);
    size_t region = (size_t)nth % play->region_count;
    bool is_first = nth < (int64_t)play->region_count;
    struct composing c = {.play = play,
                          .ctx = {.arena = arena, .now = play->now},
                          .procedure = &play->regime->procedures[procedure],
                          .fields = brief->fields,
                          .from = day_add(play->first, (int32_t)(period * play->period_days)),
                          .dice = dice_of(play->terms->seed ^ (uint64_t)nth, (uint64_t)period)};
    c.to = day_add(c.from, (int32_t)play->period_days - 1);
    c.casefile = (struct casefile){.campaign = play->campaign->name,
                                   .procedure = c.procedure->name,
                                   .region = play->regions[region],
                                   .version = 1,
                                   .state = c.procedure->states[0].name};
    const struct regime_body *body = NULL;
    for (size_t i = 0; i < play->regime->body_count && body == NULL; i++)
        if (play->regime->bodies[i].procedure == c.procedure && play->regime->bodies[i].list != NULL)
            body = &play->regime->bodies[i];
    must(body != NULL);
    put_terms(&c, period, is_first, is_first ? (struct str){0} : play->leads[region]);
    c.rows = value_list(play->lasting);
    value_put(c.fields, body->list->name, c.rows);
    enum status status = compose(&c, brief);
    if (status != ST_OK) {
        (void)fail_reason(play->ctx, status, c.ctx.failure.reason);
        fail_keep(play->ctx);
        return status;
    }
    brief->lead = is_first ? &play->leads[region] : NULL;
    *out = brief;
    return ST_OK;
}

/* The period whose bodies are put together today; -1: none. */
int64_t body_period_today(const struct play *play)
{
    int64_t day = play->today.v - play->first.v, period = day / play->period_days;
    int64_t periods = play->days / play->period_days + (play->days % play->period_days > 0);
    if (day < 0)
        return day >= -LEAD_DAYS ? 0 : -1;
    if (day % play->period_days >= play->period_days - LEAD_DAYS)
        return period + 1 < periods ? period + 1 : -1;
    return period == 0 ? 0 : -1;
}
