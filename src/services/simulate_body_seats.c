/*
 * The seats of a body and who sits in them: a clerk reads in `bodies:` how many sit where and looks for
 * people who fit and need no exception, or few.
 */
#include "services/simulate_body.h"

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
        body_put_text(c->play->lasting, row, body->seat, seat);
}

/* Bodies of one list may each ask for the same seat. */
static int64_t count_seats(const struct composing *c, const struct regime_body *body, struct str seat)
{
    int64_t there = 0;
    for (const struct value *row = c->rows->first; row != NULL; row = row->next)
        there += str_eq(body_text(row, body->seat), seat);
    return there;
}

/* As many as the counts say: those of a seat first, then others up to the whole number. */
void seats_lay(struct composing *c)
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
                                      ? body_list_of(c->ctx.arena, rule->seats)->first->text
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

static bool is_at_home(const struct composing *c, const struct value *levels, struct str home)
{
    const struct world_region *above[WORLD_REGION_DEPTH_MAX];
    size_t depth = world_region_ancestors(c->play->world, home, above, COUNT_OF(above));
    for (size_t i = 0; i < depth; i++)
        if (body_has_text(levels, above[i]->level) &&
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
    const struct regime_body *body = procedure == NULL ? NULL : body_find_first(regime, procedure);
    for (size_t i = 0; body != NULL && i < body->rule_count; i++) {
        const struct value *kinds = body->rules[i].kind == BODY_FROM
                                        ? value_find_c(body->rules[i].args, "kinds")
                                        : NULL;
        if (kinds != NULL && !body_has_text(kinds, placed->kind))
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
        return (kinds == NULL || body_has_text(kinds, placed->kind)) &&
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
                (rule->seats == NULL || body_has_text(rule->seats, seat)) &&
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
                (rule->seats != NULL && !body_has_text(rule->seats, seat)))
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

void seats_fill(struct composing *c, struct value *row)
{
    const struct regime_body *body = c->findings.at[0].body;
    struct arena *arena = c->play->lasting;
    struct arena_mark mark = arena_mark(c->ctx.arena);
    struct str seat_name = {0};
    for (size_t i = 0; i < c->findings.len; i++)
        if (!str_is_empty(c->findings.at[i].body->seat))
            seat_name = body_text(row, c->findings.at[i].body->seat);
    const struct placed *placed = find_free(c, seat_name);
    arena_return(c->ctx.arena, mark);
    if (placed == NULL)
        return;
    *seated_of(c, placed->person) = (struct seated){c->from, c->to};
    value_put(row, body->person, body_id_value(arena, placed->person->id.v));
    if (!str_is_empty(body->unit))
        value_put(row, body->unit, body_id_value(arena, placed->unit));
}

/* Those about whom something is objected that no case can mend are replaced. */
bool seats_replace(struct composing *c)
{
    bool any = false;
    for (size_t i = 0; i < c->findings.len; i++)
        for (size_t j = 0; j < c->findings.at[i].objections.len; j++) {
            const struct body_objection *objection = &c->findings.at[i].objections.at[j];
            enum body_rule_kind kind = objection->rule->kind;
            if (objection->lifted || objection->member == NULL || kind == BODY_HAS ||
                objection->rule->otherwise != BODY_REFUSE)
                continue;
            struct str id = body_id_value(c->ctx.arena, objection->member->facts.id.v)->text;
            for (struct value *row = c->rows->first; row != NULL; row = row->next)
                if (str_eq(value_find(row, c->findings.at[i].body->person)->text, id)) {
                    seats_fill(c, row);
                    any = true;
                }
        }
    return any;
}
