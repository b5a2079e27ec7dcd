/*
 * Bodies put together by whoever plans them: a clerk reads in `bodies:` how many sit in which seat, looks
 * for people who fit, asks the engine what is objected to and replaces whom it is about. What must
 * stand behind a member (a nomination, a training) is begun as a case of its own, with the fields
 * by which the rule will look for it; the rest of the way other clerks go as they do everywhere.
 */
#include <inttypes.h>

#include "base/num.h"
#include "engine/body.h"
#include "services/simulate_int.h"
#include "services/world_int.h"

enum {
    LEAD_DAYS = 11,   /* before its first day a body is put together */
    REPLACED_MAX = 4, /* rounds of objections */
    POOL_MAX = 60,    /* people in one case that takes many */
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
static const struct regime_body *body_of(const struct regime *regime,
                                         const struct regime_procedure *procedure)
{
    for (size_t i = 0; i < regime->body_count; i++)
        if (regime->bodies[i].procedure == procedure)
            return &regime->bodies[i];
    return NULL;
}

static struct str text_at(const struct value *map, struct str name)
{
    const struct value *value = value_find(map, name);
    return value == NULL || value->kind != VALUE_TEXT ? (struct str){0} : value->text;
}

static void put_text(struct arena *arena, struct value *map, struct str name, struct str text)
{
    value_put(map, str_copy(arena, name), value_text(arena, text));
}

struct day body_last_day(const struct regime *regime, const struct regime_procedure *procedure,
                         const struct casefile *casefile)
{
    struct day day = DAY_NONE;
    const struct regime_body *body = body_of(regime, procedure);
    if (body != NULL && !str_is_empty(body->to))
        (void)day_parse(text_at(casefile->fields, body->to), &day);
    return day;
}

static const struct value *list_of(struct arena *arena, const struct value *names)
{
    if (names == NULL || names->kind != VALUE_TEXT)
        return names;
    struct value *list = value_list(arena);
    value_append(list, value_text(arena, names->text));
    return list;
}

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

/* ---- one body at work ---- */

struct composing {
    struct play *play;
    struct ctx ctx;      /* of the search */
    struct engine engine;
    struct world_view view;
    const struct regime_procedure *procedure;
    struct casefile casefile; /* as it will stand */
    struct value *fields;     /* of the case, in play->lasting */
    struct value *rows;       /* of its list */
    struct day from, to;
    struct dice dice;
    struct body_finding_list findings;
};

static struct value *id_value(struct arena *arena, int64_t id)
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

/* ---- seats ---- */

static const struct regime_field *column(const struct regime_body *body, struct str name)
{
    for (size_t i = 0; body->list != NULL && i < body->list->column_count; i++)
        if (str_eq(body->list->columns[i].name, name))
            return &body->list->columns[i];
    return NULL;
}

static void add_row(struct composing *c, const struct regime_body *body, struct str seat)
{
    struct value *row = value_append_map(c->play->lasting, c->rows);
    if (!str_is_empty(body->seat) && !str_is_empty(seat))
        put_text(c->play->lasting, row, body->seat, seat);
}

/* Bodies of one list may each ask for the same seat. */
static int64_t count_seats(const struct composing *c, const struct regime_body *body, struct str seat)
{
    int64_t there = 0;
    for (const struct value *row = c->rows->first; row != NULL; row = row->next)
        there += str_eq(text_at(row, body->seat), seat);
    return there;
}

/* As many as the counts say: those of a seat first, then others up to the whole number. */
static void lay_seats(struct composing *c)
{
    for (size_t n = 0; n < 2; n++)
        for (size_t i = 0; i < c->findings.len; i++) {
            const struct regime_body *body = c->findings.at[i].body;
            const struct regime_field *seats = column(body, body->seat);
            for (size_t j = 0; j < body->rule_count; j++) {
                const struct regime_body_rule *rule = &body->rules[j];
                if (rule->kind != BODY_COUNT || (rule->seats != NULL) != (n == 0))
                    continue;
                int64_t wanted = value_find_int(rule->args, "is", value_find_int(rule->args, "min", 0));
                struct str seat = rule->seats != NULL
                                      ? list_of(c->ctx.arena, rule->seats)->first->text
                                  : seats == NULL || seats->choice_count == 0
                                      ? (struct str){0}
                                      : seats->choices[seats->choice_count - 1].code;
                int64_t there = n == 0 ? count_seats(c, body, seat) : (int64_t)c->rows->count;
                for (; there < wanted; there++)
                    add_row(c, body, seat);
            }
        }
}

/* ---- people ---- */

static const struct world_post *post_of(const struct placed *placed)
{
    for (size_t i = 0; i < placed->person->post_count; i++)
        if (placed->person->posts[i].unit->facts.id.v == placed->unit &&
            str_eq(placed->person->posts[i].post, placed->post))
            return &placed->person->posts[i];
    return &placed->person->posts[0];
}

/* One text, or a list of them. */
static bool has_text(const struct value *list, struct str text)
{
    if (list != NULL && list->kind == VALUE_TEXT)
        return str_eq(list->text, text);
    value_each (one, list)
        if (one->kind == VALUE_TEXT && str_eq(one->text, text))
            return true;
    return false;
}

static bool is_at_home(const struct composing *c, const struct value *levels, struct str home)
{
    const struct world_region *above[WORLD_REGION_DEPTH_MAX];
    size_t depth = world_region_ancestors(c->play->world, home, above, COUNT_OF(above));
    for (size_t i = 0; i < depth; i++)
        if (has_text(levels, above[i]->level) &&
            world_region_is_within(c->play->world, c->casefile.region, above[i]->code))
            return true;
    return false;
}

/* Which season of its months a day belongs to; the same number for all days of one. */
static int season_of(struct day day, struct month_window months)
{
    struct civil civil = day_civil(day);
    bool runs_over = months.first > months.last && civil.month <= months.last;
    return civil.year - runs_over;
}

static bool is_in_months(struct day day, struct month_window months)
{
    int month = day_civil(day).month;
    if (months.first == 0)
        return true;
    return months.first <= months.last ? month >= months.first && month <= months.last
                                       : month >= months.first || month <= months.last;
}

static struct seated *seated_of(const struct composing *c, const struct world_person *person)
{
    size_t count;
    return &c->play->seated[person - world_list_people(c->play->world, &count)];
}

static bool has_sat(const struct composing *c, const struct regime_body_rule *rule,
                    const struct world_person *person)
{
    const struct seated *seated = seated_of(c, person);
    return !day_is_none(seated->from) && is_in_months(seated->from, rule->months) &&
           season_of(seated->from, rule->months) == season_of(c->from, rule->months);
}

/* Whether a case that must stand behind somebody, itself a body of one, is open to their unit. */
static bool may_stand_behind(const struct composing *c, const struct regime_body_rule *rule,
                             const struct placed *placed)
{
    const struct regime *regime = c->engine.regime;
    const struct regime_procedure *procedure =
        regime_find_procedure(regime, value_find_text(rule->args, "procedure"));
    const struct regime_body *body = procedure == NULL ? NULL : body_of(regime, procedure);
    for (size_t i = 0; body != NULL && i < body->rule_count; i++) {
        const struct value *kinds = body->rules[i].kind == BODY_FROM
                                        ? value_find_c(body->rules[i].args, "kinds")
                                        : NULL;
        if (kinds != NULL && !has_text(kinds, placed->kind))
            return false;
    }
    return true;
}

static bool keeps_rule(const struct composing *c, const struct regime_body_rule *rule,
                       const struct placed *placed)
{
    const struct regime *regime = c->engine.regime;
    const struct world_post *post = post_of(placed);
    const struct value *kinds = value_find_c(rule->args, "kinds");
    struct str role = value_find_text(rule->args, "role");
    bool lead;
    switch (rule->kind) {
    case BODY_RANK:
        return regime_rank_order(regime, post->rank) <= regime_rank_order(regime, rule->args->text);
    case BODY_FROM:
        return (kinds == NULL || has_text(kinds, placed->kind)) &&
               (str_is_empty(role) ||
                casefile_role_has_unit(&c->casefile, role, placed->unit, &lead));
    case BODY_AWAY:
        return !is_at_home(c, rule->args, placed->region);
    case BODY_ONCE:
        return str_is_empty(rule->of_rank) ||
               regime_rank_order(regime, post->rank) > regime_rank_order(regime, rule->of_rank) ||
               !has_sat(c, rule, placed->person);
    case BODY_HAS: return may_stand_behind(c, rule, placed);
    case BODY_COUNT:
    case BODY_LACKS:
    case BODY_APART:
    case BODY_RULE_KIND_COUNT: break;
    }
    return true;
}

enum { UNSUITABLE = 1000 };

/* The post is one that a rule of a seat asks for. */
static bool asks_rank(const struct composing *c, struct str seat, struct str rank)
{
    const struct regime *regime = c->engine.regime;
    for (size_t i = 0; i < c->findings.len; i++)
        for (size_t j = 0; j < c->findings.at[i].body->rule_count; j++) {
            const struct regime_body_rule *rule = &c->findings.at[i].body->rules[j];
            if (rule->kind == BODY_RANK && is_in_months(c->from, rule->months) &&
                (rule->seats == NULL || has_text(rule->seats, seat)) &&
                regime_rank_order(regime, rule->args->text) <= regime_rank_order(regime, rank))
                return true;
        }
    return false;
}

/* Somebody who may sit only once is kept for the seats that ask for one of their rank. */
static bool is_spared(const struct composing *c, const struct regime_body_rule *rule,
                      const struct placed *placed, struct str seat)
{
    const struct regime *regime = c->engine.regime;
    return rule->kind == BODY_ONCE && !str_is_empty(rule->of_rank) &&
           regime_rank_order(regime, post_of(placed)->rank) <=
               regime_rank_order(regime, rule->of_rank) &&
           !asks_rank(c, seat, rule->of_rank);
}

/* How many exceptions they would need in this seat; UNSUITABLE: there is none for what they break. */
static int exceptions_needed(const struct composing *c, const struct placed *placed,
                             struct str seat)
{
    int needed = 0;
    for (size_t i = 0; i < c->findings.len; i++)
        for (size_t j = 0; j < c->findings.at[i].body->rule_count; j++) {
            const struct regime_body_rule *rule = &c->findings.at[i].body->rules[j];
            if (!is_in_months(c->from, rule->months) ||
                (rule->seats != NULL && !has_text(rule->seats, seat)))
                continue;
            bool keeps = keeps_rule(c, rule, placed);
            if (!keeps && rule->otherwise == BODY_REFUSE)
                return UNSUITABLE;
            needed += !keeps || is_spared(c, rule, placed, seat);
        }
    return needed;
}

static bool is_free(const struct composing *c, const struct world_person *person)
{
    const struct seated *seated = seated_of(c, person);
    return day_is_none(seated->from) || seated->to.v < c->from.v || seated->from.v > c->to.v;
}

/* Whoever is free and needs the fewest exceptions. */
static const struct placed *find_free(struct composing *c, struct str seat)
{
    const struct placed_list *people = &c->play->roster.staff;
    const struct placed *best = NULL;
    int fewest = UNSUITABLE;
    size_t first = people->len == 0 ? 0 : dice_roll(&c->dice, people->len);
    for (size_t i = 0; i < people->len && fewest > 0; i++) {
        const struct placed *placed = &people->at[(first + i) % people->len];
        int needed = is_free(c, placed->person) ? exceptions_needed(c, placed, seat) : UNSUITABLE;
        if (needed < fewest) {
            best = placed;
            fewest = needed;
        }
    }
    return best;
}

static void fill_row(struct composing *c, struct value *row)
{
    const struct regime_body *body = c->findings.at[0].body;
    struct arena *arena = c->play->lasting;
    struct arena_mark mark = arena_mark(c->ctx.arena);
    struct str seat_name = {0};
    for (size_t i = 0; i < c->findings.len; i++)
        if (!str_is_empty(c->findings.at[i].body->seat))
            seat_name = text_at(row, c->findings.at[i].body->seat);
    const struct placed *placed = find_free(c, seat_name);
    arena_return(c->ctx.arena, mark);
    if (placed == NULL)
        return;
    *seated_of(c, placed->person) = (struct seated){c->from, c->to};
    value_put(row, body->person, id_value(arena, placed->person->id.v));
    if (!str_is_empty(body->unit))
        value_put(row, body->unit, id_value(arena, placed->unit));
}

/* Those about whom something is objected that no case can mend are replaced. */
static bool replace(struct composing *c)
{
    bool any = false;
    for (size_t i = 0; i < c->findings.len; i++)
        for (size_t j = 0; j < c->findings.at[i].objections.len; j++) {
            const struct body_objection *objection = &c->findings.at[i].objections.at[j];
            enum body_rule_kind kind = objection->rule->kind;
            if (objection->lifted || objection->member == NULL || kind == BODY_HAS ||
                objection->rule->otherwise != BODY_REFUSE)
                continue;
            struct str id = id_value(c->ctx.arena, objection->member->facts.id.v)->text;
            for (struct value *row = c->rows->first; row != NULL; row = row->next)
                if (str_eq(value_find(row, c->findings.at[i].body->person)->text, id)) {
                    fill_row(c, row);
                    any = true;
                }
        }
    return any;
}

/* ---- what must stand behind them ---- */

static void want(struct play *play, const struct regime_procedure *procedure, struct str region,
                 struct brief *brief)
{
    vec_add(play->lasting, &play->wants,
            ((struct want){(size_t)(procedure - play->regime->procedures), region, brief}));
}

static struct brief *brief_new(struct play *play)
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
        if (!fills || row->to != NULL || has_text(brief->commands, row->name))
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
    brief->goals = list_of(arena, value_find_c(rule->args, "states"));
    value_each (name, list_of(arena, value_find_c(rule->args, "yes")))
        if (value_find(brief->fields, name->text) == NULL)
            value_put(brief->fields, name->text, value_bool(arena, true));
    const struct value *covered = value_find_c(rule->args, "covers");
    if (covered != NULL)
        put_all_choices(play, brief->fields,
                        procedure_find_field(procedure, value_find_text(covered, "by")));
    value_each (name, list_of(arena, value_find_c(rule->args, "filled")))
        prepare(play, procedure, name->text, brief);
}

static enum status want_behind(struct composing *c, const struct value *fields,
                               const struct regime_body *body,
                               const struct body_objection *objection);

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
            TRY(want_behind(c, brief->fields, findings.at[i].body,
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
            *pool = (struct pool){procedure, c->casefile.region, brief_new(play),
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

static enum status want_behind(struct composing *c, const struct value *fields,
                               const struct regime_body *body,
                               const struct body_objection *objection)
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
    struct str person = id_value(play->lasting, id.v)->text;
    if (field == NULL)
        return ST_OK;
    if (field->many) {
        want_pooled(c, procedure, field, rule, person);
        return ST_OK;
    }
    struct str key = str_printf(play->lasting, "%.*s/%.*s", STR_ARG(procedure->name),
                                STR_ARG(person));
    value_each (name, list_of(c->ctx.arena, value_find_c(rule->args, "same")))
        key = str_printf(play->lasting, "%.*s/%.*s", STR_ARG(key),
                         STR_ARG(text_at(fields, name->text)));
    struct brief *brief = strmap_find(&play->wanted, key);
    bool is_new = brief == NULL;
    if (is_new) {
        const struct regime_body *there = body_of(play->regime, procedure);
        brief = brief_new(play);
        brief->about = world_find_person(play->world, id);
        (void)strmap_put(&play->wanted, key, brief);
        value_put(brief->fields, field->name, value_text(play->lasting, person));
        value_each (name, list_of(c->ctx.arena, value_find_c(rule->args, "same")))
            value_put(brief->fields, name->text,
                      value_copy(play->lasting, value_find(fields, name->text)));
        if (there != NULL && !str_is_empty(there->from) && !str_is_empty(there->to)) {
            put_text(play->lasting, brief->fields, there->from,
                           text_at(fields, body->from));
            put_text(play->lasting, brief->fields, there->to,
                           text_at(fields, body->to));
        }
    }
    answer_rule(play, procedure, rule, brief);
    if (!is_new)
        return ST_OK;
    want(play, procedure, c->casefile.region, brief);
    return look_behind(c, procedure, brief);
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
        put_text(arena, c->fields, body->from, day_format(arena, c->from));
        put_text(arena, c->fields, body->to, day_format(arena, c->to));
        if (!str_is_empty(body->day))
            put_text(arena, c->fields, body->day, day_format(arena, c->from));
        for (size_t j = 0; j < body->rule_count; j++)
            value_each (name, list_of(arena, value_find_c(body->rules[j].args, "same")))
                put_text(arena, c->fields, name->text,
                               str_printf(arena, "%" PRId64, period + 1));
    }
    for (size_t i = 0; i < c->procedure->field_count; i++) {
        const struct regime_field *field = &c->procedure->fields[i];
        size_t choice = is_first || field->choice_count < 2 ? FIRST_CHOICE : NEXT_CHOICE;
        if (field->kind == FIELD_CHOICE && field->required && !field->many &&
            field->choice_count > 0)
            put_text(arena, c->fields, field->name,
                           field->choices[choice].code);
        if (field->kind == FIELD_CASE && str_eq(field->procedure, c->procedure->name) &&
            !str_is_empty(lead))
            put_text(arena, c->fields, field->name, lead);
    }
}

/* The seats are filled; who cannot sit is replaced. */
static enum status fill_seats(struct composing *c)
{
    TRY(check(c));
    if (c->findings.len == 0)
        return ST_OK;
    lay_seats(c);
    for (struct value *row = c->rows->first; row != NULL; row = row->next)
        fill_row(c, row);
    for (int i = 0; i < REPLACED_MAX; i++) {
        TRY(check(c));
        if (!replace(c))
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
                        put_text(arena, brief->fields, body->exception_rule, objection->rule->id);
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
            TRY(want_behind(c, c->fields, c->findings.at[i].body,
                            &c->findings.at[i].objections.at[j]));
    return ST_OK;
}

enum status body_compose(struct play *play, struct arena *arena, size_t procedure, int64_t period,
                         int64_t nth, struct brief **out)
{
    struct brief *brief = brief_new(play);
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
