/*
 * What must stand behind the members of a body (a nomination, a training) is begun as a case of its own, with
 * the fields by which the rule will look for it; the rest of the way other clerks go as they do everywhere.
 */
#include "services/simulate_body.h"

#include <inttypes.h>

enum { POOL_MAX = 60 }; /* people in one case that takes many */

/* The field, of the case or of a command of it, by which somebody comes to hold the role. */
static const struct regime_field *field_of_role(const struct regime_procedure *procedure,
                                                struct str role)
{
    for (size_t i = 0; i < procedure->field_count; i++)
        if (str_eq(procedure->fields[i].role, role))
            return &procedure->fields[i];
    for (size_t i = 0; i < procedure->transition_count; i++)
        for (size_t j = 0; j < procedure->transitions[i].ask_count; j++)
            if (str_eq(procedure->transitions[i].asks[j].role, role))
                return &procedure->transitions[i].asks[j];
    return NULL;
}

static void want(struct play *play, const struct regime_procedure *procedure, struct str region,
                 struct brief *brief)
{
    vec_add(play->lasting, &play->wants,
            ((struct want){(size_t)(procedure - play->regime->procedures), region, brief}));
}

struct brief *behind_new_brief(struct play *play)
{
    struct brief *brief = arena_new_of(play->lasting, struct brief);
    brief->fields = value_map(play->lasting);
    brief->commands = value_list(play->lasting);
    return brief;
}

static void flush_pool(struct play *play, struct pool *pool)
{
    if (pool->brief == NULL)
        return;
    want(play, pool->procedure, pool->region, pool->brief);
    *pool = (struct pool){0};
}

void body_flush(struct play *play)
{
    for (size_t i = 0; i < play->regime->procedure_count; i++)
        flush_pool(play, &play->pools[i]);
}

static void put_all_choices(struct play *play, struct value *fields,
                            const struct regime_field *field)
{
    if (field == NULL || field->choice_count == 0 || value_find(fields, field->name) != NULL)
        return;
    struct value *all = value_list(play->lasting);
    for (size_t i = 0; i < field->choice_count; i++)
        value_append(all, value_text(play->lasting, field->choices[i].code));
    value_put(fields, field->name, all);
}

/* Commands that fill the field, and those that name who may give them. */
static void prepare(struct play *play, const struct regime_procedure *procedure, struct str field,
                    struct brief *brief)
{
    for (size_t i = 0; i < procedure->transition_count; i++) {
        const struct regime_transition *row = &procedure->transitions[i];
        bool fills = false;
        for (size_t j = 0; j < row->then_count; j++)
            fills = fills || (row->then[j].kind == EFFECT_SET &&
                              str_eq(value_find_text(row->then[j].args, "field"), field));
        if (!fills || row->to != NULL || body_has_text(brief->commands, row->name))
            continue;
        value_append(brief->commands, value_text(play->lasting, row->name));
        for (size_t j = 0; j < procedure->transition_count; j++)
            for (size_t k = 0; k < row->by_count; k++)
                for (size_t a = 0; a < procedure->transitions[j].ask_count; a++)
                    if (!str_is_empty(row->by[k].role) &&
                        str_eq(procedure->transitions[j].asks[a].role, row->by[k].role))
                        value_append(brief->commands,
                                     value_text(play->lasting, procedure->transitions[j].name));
    }
}

/* The fields by which the rule will look for the case. */
static void answer_rule(struct play *play, const struct regime_procedure *procedure,
                        const struct regime_body_rule *rule, struct brief *brief)
{
    struct arena *arena = play->lasting;
    brief->goals = body_list_of(arena, value_find_c(rule->args, "states"));
    value_each (name, body_list_of(arena, value_find_c(rule->args, "yes")))
        if (value_find(brief->fields, name->text) == NULL)
            value_put(brief->fields, name->text, value_bool(arena, true));
    const struct value *covered = value_find_c(rule->args, "covers");
    if (covered != NULL)
        put_all_choices(play, brief->fields,
                        procedure_find_field(procedure, value_find_text(covered, "by")));
    value_each (name, body_list_of(arena, value_find_c(rule->args, "filled")))
        prepare(play, procedure, name->text, brief);
}

/* What the new case itself, being a body of one, will be asked for. */
static enum status look_behind(struct composing *c, const struct regime_procedure *procedure,
                               const struct brief *brief)
{
    struct engine engine;
    struct world_view view;
    struct body_finding_list findings;
    TRY(world_engine(&c->ctx, c->play->world, &view, c->play->campaign->name, procedure->name,
                     (struct str){0}, &engine));
    view.conn = c->view.conn;
    const struct casefile casefile = {.campaign = c->casefile.campaign,
                                      .procedure = procedure->name,
                                      .region = c->casefile.region,
                                      .version = 1,
                                      .state = procedure->states[0].name,
                                      .fields = brief->fields};
    TRY(engine_check_bodies(&c->ctx, &engine, &casefile, &findings));
    for (size_t i = 0; i < findings.len; i++)
        for (size_t j = 0; j < findings.at[i].objections.len; j++)
            TRY(behind_want(c, brief->fields, findings.at[i].body,
                            &findings.at[i].objections.at[j]));
    return ST_OK;
}

/* One case for many people, as long as it has room. */
static void want_pooled(struct composing *c, const struct regime_procedure *procedure,
                        const struct regime_field *field, const struct regime_body_rule *rule,
                        struct str person)
{
    struct play *play = c->play;
    struct pool *pool = &play->pools[procedure - play->regime->procedures];
    struct str key = str_printf(play->lasting, "%.*s/%.*s", STR_ARG(procedure->name),
                                STR_ARG(person));
    bool wanted = strmap_find(&play->wanted, key) != NULL;
    if (!wanted) {
        if (pool->brief == NULL)
            *pool = (struct pool){procedure, c->casefile.region, behind_new_brief(play),
                                  value_list(play->lasting)};
        value_append(pool->people, value_text(play->lasting, person));
        value_put(pool->brief->fields, field->name, pool->people);
        (void)strmap_put(&play->wanted, key, pool->brief);
    }
    struct brief *brief = strmap_find(&play->wanted, key);
    answer_rule(play, procedure, rule, brief);
    if (pool->brief != NULL && pool->people->count >= POOL_MAX)
        flush_pool(play, pool);
}

enum status behind_want(struct composing *c, const struct value *fields,
                        const struct regime_body *body, const struct body_objection *objection)
{
    struct play *play = c->play;
    const struct regime_body_rule *rule = objection->rule;
    if (rule->kind != BODY_HAS || objection->member == NULL || objection->lifted)
        return ST_OK;
    const struct regime_procedure *procedure =
        regime_find_procedure(play->regime, value_find_text(rule->args, "procedure"));
    const struct regime_field *field =
        procedure == NULL ? NULL
                          : field_of_role(procedure, value_find_text(rule->args, "role"));
    struct person_id id = objection->member->facts.id;
    struct str person = body_id_value(play->lasting, id.v)->text;
    if (field == NULL)
        return ST_OK;
    if (field->many) {
        want_pooled(c, procedure, field, rule, person);
        return ST_OK;
    }
    struct str key = str_printf(play->lasting, "%.*s/%.*s", STR_ARG(procedure->name),
                                STR_ARG(person));
    value_each (name, body_list_of(c->ctx.arena, value_find_c(rule->args, "same")))
        key = str_printf(play->lasting, "%.*s/%.*s", STR_ARG(key),
                         STR_ARG(body_text(fields, name->text)));
    struct brief *brief = strmap_find(&play->wanted, key);
    bool is_new = brief == NULL;
    if (is_new) {
        const struct regime_body *there = body_find_first(play->regime, procedure);
        brief = behind_new_brief(play);
        brief->about = world_find_person(play->world, id);
        (void)strmap_put(&play->wanted, key, brief);
        value_put(brief->fields, field->name, value_text(play->lasting, person));
        value_each (name, body_list_of(c->ctx.arena, value_find_c(rule->args, "same")))
            value_put(brief->fields, name->text,
                      value_copy(play->lasting, value_find(fields, name->text)));
        if (there != NULL && !str_is_empty(there->from) && !str_is_empty(there->to)) {
            body_put_text(play->lasting, brief->fields, there->from,
                           body_text(fields, body->from));
            body_put_text(play->lasting, brief->fields, there->to,
                           body_text(fields, body->to));
        }
    }
    answer_rule(play, procedure, rule, brief);
    if (!is_new)
        return ST_OK;
    want(play, procedure, c->casefile.region, brief);
    return look_behind(c, procedure, brief);
}
