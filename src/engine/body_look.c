/*
 * Rules of a body that look into other cases: what stands behind a member (a nomination with its
 * attestations, a training), what must not (an open record, another body at the same time), and how
 * often somebody has sat in a season.
 */
#include "engine/body_int.h"

bool body_is_in_months(struct day day, struct month_window months)
{
    int month = day_civil(day).month;
    if (months.first == 0)
        return true;
    return months.first <= months.last ? month >= months.first && month <= months.last
                                       : month >= months.first || month <= months.last;
}

/* The year in which the run of months began that the day lies in. */
static int season_year(struct day day, struct month_window months)
{
    struct civil civil = day_civil(day);
    bool runs_over = months.first > months.last && civil.month <= months.last;
    return civil.year - runs_over;
}

struct day body_day_of(const struct value *value)
{
    struct day day;
    struct instant at;
    if (value == NULL || value->kind != VALUE_TEXT)
        return DAY_NONE;
    if (day_parse(value->text, &day))
        return day;
    return instant_parse(value->text, &at) ? day_of_instant(at) : DAY_NONE;
}

/* A time as it stands; a day begins at its midnight and lasts until the next one. */
static struct instant moment_of(const struct value *value, bool is_last)
{
    struct day day = DAY_NONE;
    struct instant at;
    if (value == NULL || value->kind != VALUE_TEXT)
        return INSTANT_NONE;
    if (instant_parse(value->text, &at))
        return at;
    return day_parse(value->text, &day) ? day_start(day_add(day, is_last)) : INSTANT_NONE;
}

/* ---- which cases count ---- */

static bool is_yes(const struct value *fields, const struct value *names)
{
    names_each (name, names) {
        const struct value *value = value_find(fields, name->text);
        if (value == NULL || value->kind != VALUE_BOOL || !value->flag)
            return false;
    }
    return true;
}

static bool is_filled(const struct value *fields, const struct value *names)
{
    names_each (name, names)
        if (value_is_empty(value_find(fields, name->text)))
            return false;
    return true;
}

static bool is_same(const struct trial *trial, const struct value *fields,
                    const struct value *names)
{
    names_each (name, names) {
        const struct value *here = trial_value(trial, name->text);
        const struct value *there = value_find(fields, name->text);
        if (here == NULL || there == NULL || !value_eq(here, there))
            return false;
    }
    return true;
}

static bool overlaps(const struct body_check *check, const struct casefile *other,
                     const struct value *args)
{
    const struct trial *trial = check->trial;
    struct instant from = moment_of(value_find(other->fields, value_find_text(args, "from")), false);
    struct instant to = moment_of(value_find(other->fields, value_find_text(args, "to")), true);
    struct instant begins = moment_of(trial_value(trial, check->body->from), false);
    struct instant ends = moment_of(trial_value(trial, check->body->to), true);
    if (instant_is_none(begins))
        begins = day_start(check->from);
    if (instant_is_none(ends))
        ends = day_start(day_add(check->to, 1));
    return (instant_is_none(from) || from.ms < ends.ms) &&
           (instant_is_none(to) || to.ms > begins.ms);
}

static bool is_of_season(const struct body_check *check, const struct regime_body_rule *rule,
                         const struct casefile *other)
{
    struct str per = value_find_text(rule->args, "per");
    const struct value *setting = engine_setting(check->trial->engine, per);
    if (str_eq(setting == NULL ? per : setting->text, S("campaign")))
        return true;
    struct day day = body_day_of(value_find(other->fields, value_find_text(rule->args, "day")));
    return !day_is_none(day) && body_is_in_months(day, rule->months) &&
           season_year(day, rule->months) == season_year(check->day, rule->months);
}

/* By the role in which they stand there, or by the field that names them. */
static bool is_of_member(const struct body_check *check, const struct value *args,
                         const struct body_member *member, const struct casefile *other)
{
    const struct value *field = value_find_c(args, "person");
    if (field == NULL)
        return casefile_role_has_person(other, value_find_text(args, "role"),
                                        member->facts.id.v);
    return names_have(value_find(other->fields, field->text),
                      id_text(check->trial->ctx->arena, member->facts.id.v)->text);
}

static bool counts(const struct body_check *check, const struct regime_body_rule *rule,
                   const struct body_member *member, const struct casefile *other)
{
    const struct value *args = rule->args;
    if (other->id.v == check->trial->casefile->id.v)
        return false;
    if (member != NULL && !is_of_member(check, args, member, other))
        return false;
    if (rule->kind == BODY_APART)
        return overlaps(check, other, args);
    if (rule->kind == BODY_ONCE)
        return is_of_season(check, rule, other);
    return is_yes(other->fields, value_find_c(args, "yes")) &&
           is_filled(other->fields, value_find_c(args, "filled")) &&
           is_same(check->trial, other->fields, value_find_c(args, "same"));
}

/* Of everybody, or those whose field names the member. */
static enum status list_all(const struct body_check *check, const struct regime_body_rule *rule,
                            const struct body_member *member, struct engine_case_list *out)
{
    const struct engine_world *world = &check->trial->engine->world;
    struct arena *arena = check->trial->ctx->arena;
    struct str field = value_find_text(rule->args, "person");
    struct value *fields = value_map(arena);
    if (member != NULL)
        value_put(fields, field, id_text(arena, member->facts.id.v));
    const struct engine_standing asked = {.procedure = value_find_text(rule->args, "procedure"),
                                          .states = value_find_c(rule->args, "states"),
                                          .fields = fields};
    return world->list_cases(world->self, check->trial->ctx, &asked, out);
}

static enum status find_cases(const struct body_check *check, const struct regime_body_rule *rule,
                              const struct body_member *member, struct engine_case_list *out)
{
    const struct engine_world *world = &check->trial->engine->world;
    struct ctx *ctx = check->trial->ctx;
    struct str procedure = value_find_text(rule->args, "procedure");
    const struct value *states = value_find_c(rule->args, "states");
    struct engine_case_list all = {0};
    *out = (struct engine_case_list){0};
    if (member == NULL || value_find_c(rule->args, "person") != NULL)
        TRY(list_all(check, rule, member, &all));
    else
        TRY(world->list_cases_of(world->self, ctx, procedure, states, member->facts.id, &all));
    for (size_t i = 0; i < all.len; i++)
        if (counts(check, rule, member, all.at[i]))
            vec_add(ctx->arena, out, all.at[i]);
    return ST_OK;
}

/* ---- the rules ---- */

static bool names_value(const struct value *named, struct str text)
{
    names_each (one, named)
        if (one->kind == VALUE_TEXT && str_eq(one->text, text))
            return true;
    return false;
}

/* Every value of a field here stands in a field of one of the cases. */
static bool covers(const struct body_check *check, const struct value *args,
                   const struct engine_case_list *cases)
{
    const struct value *wanted = trial_value(check->trial, value_find_text(args, "field"));
    if (value_is_empty(wanted))
        return true;
    names_each (value, wanted) {
        bool found = false;
        for (size_t i = 0; i < cases->len && !found; i++)
            found = names_value(value_find(cases->at[i]->fields, value_find_text(args, "by")),
                                value->text);
        if (!found)
            return false;
    }
    return true;
}

enum status body_look(const struct body_check *check, const struct regime_body_rule *rule,
                      const struct body_member *member, bool *out_holds)
{
    struct engine_case_list cases;
    const struct value *covered = value_find_c(rule->args, "covers");
    TRY(find_cases(check, rule, member, &cases));
    if (rule->kind != BODY_HAS)
        *out_holds = cases.len == 0;
    else
        *out_holds = covered == NULL ? cases.len > 0 : covers(check, covered, &cases);
    return ST_OK;
}
