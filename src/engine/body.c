/*
 * What a body lacks. The members are read from the case (or from the form that is being given), each
 * with the posts they hold on the body's first day; then each rule is asked of the whole body or of
 * each member that it means. Nothing is stored: the answer is the same to a guard and to a page.
 */
#include "engine/body_int.h"

#include "base/num.h"

/* ---- members ---- */

bool body_is_held(const struct person_post *post, struct day day)
{
    return (day_is_none(post->from) || post->from.v <= day.v) &&
           (day_is_none(post->to) || day.v <= post->to.v);
}

/* Posts by which the member is judged: held on the body's first day, at the unit named if one is. */
static bool judges(const struct body_check *check, const struct body_member *member,
                   const struct person_post *post, bool ever)
{
    return (member->unit.v == 0 || post->unit->id.v == member->unit.v) &&
           (body_is_held(post, check->from) || (ever && post->from.v <= check->from.v));
}

struct str body_highest_rank(const struct body_check *check, const struct body_member *member,
                             bool ever)
{
    const struct regime *regime = check->trial->engine->regime;
    struct str best = {0};
    for (size_t i = 0; i < member->facts.post_count; i++) {
        const struct person_post *post = &member->facts.posts[i];
        if (judges(check, member, post, ever) &&
            regime_rank_order(regime, post->rank) < regime_rank_order(regime, best))
            best = post->rank;
    }
    return best;
}

static int64_t id_of(const struct value *value)
{
    int64_t id = 0;
    if (value != NULL && value->kind == VALUE_TEXT)
        (void)num_parse_i64(value->text, 1, INT64_MAX, &id);
    return id;
}

/* `row`: of the list, or the fields of the case. */
static void add_member(struct body_check *check, const struct value *person,
                       const struct value *seat, const struct value *unit)
{
    const struct engine_world *world = &check->trial->engine->world;
    struct arena *arena = check->trial->ctx->arena;
    struct body_member member = {.facts = {.id = {id_of(person)}}, .unit = {id_of(unit)}};
    if (member.facts.id.v == 0)
        return;
    (void)world->find_person(world->self, arena, member.facts.id, &member.facts);
    member.seat = seat == NULL || seat->kind != VALUE_TEXT ? (struct str){0} : seat->text;
    member.rank = body_highest_rank(check, &member, false);
    vec_add(arena, &check->out->members, member);
}

static void read_members(struct body_check *check)
{
    const struct regime_body *body = check->body;
    const struct trial *trial = check->trial;
    if (body->list == NULL) {
        names_each (person, trial_value(trial, body->person))
            add_member(check, person, trial_value(trial, body->seat),
                       trial_value(trial, body->unit));
        return;
    }
    const struct value *rows = trial_value(trial, body->list->name);
    value_each (row, rows)
        add_member(check, value_find(row, body->person), value_find(row, body->seat),
                   value_find(row, body->unit));
}

/* ---- rules of one member ---- */

static bool has_rank(const struct body_check *check, const struct regime_body_rule *rule,
                     const struct body_member *member)
{
    const struct regime *regime = check->trial->engine->regime;
    struct str rank = rule->ever ? body_highest_rank(check, member, true) : member->rank;
    return regime_rank_order(regime, rank) <= regime_rank_order(regime, rule->args->text);
}

static bool is_sent_by(const struct body_check *check, const struct regime_body_rule *rule,
                       const struct person_post *post)
{
    bool lead;
    struct str role = value_find_text(rule->args, "role");
    const struct value *kinds = value_find_c(rule->args, "kinds");
    return (kinds == NULL || names_have(kinds, post->unit->kind)) &&
           (str_is_empty(role) ||
            casefile_role_has_unit(check->trial->casefile, role, post->unit->id.v, &lead));
}

static bool comes_from(const struct body_check *check, const struct regime_body_rule *rule,
                       const struct body_member *member)
{
    for (size_t i = 0; i < member->facts.post_count; i++)
        if (judges(check, member, &member->facts.posts[i], false) &&
            is_sent_by(check, rule, &member->facts.posts[i]))
            return true;
    return false;
}

/* Whether the body works in the region that the member's unit lies in. */
static bool is_at_home(const struct body_check *check, const struct regime_body_rule *rule,
                       const struct body_member *member)
{
    const struct engine_world *world = &check->trial->engine->world;
    for (size_t i = 0; i < member->facts.post_count; i++) {
        const struct person_post *post = &member->facts.posts[i];
        if (!judges(check, member, post, false))
            continue;
        names_each (level, rule->args) {
            struct str home =
                world->region_of_level(world->self, post->unit->region, level->text);
            if (!str_is_empty(home) &&
                world->region_is_within(world->self, check->trial->casefile->region, home))
                return true;
        }
    }
    return false;
}

static enum status keeps(const struct body_check *check, const struct regime_body_rule *rule,
                         const struct body_member *member, bool *out)
{
    switch (rule->kind) {
    case BODY_RANK: *out = has_rank(check, rule, member); return ST_OK;
    case BODY_FROM: *out = comes_from(check, rule, member); return ST_OK;
    case BODY_AWAY: *out = !is_at_home(check, rule, member); return ST_OK;
    case BODY_HAS:
    case BODY_LACKS:
    case BODY_APART:
    case BODY_ONCE: return body_look(check, rule, member, out);
    case BODY_COUNT: /* of the whole body */
    case BODY_RULE_KIND_COUNT: *out = true; return ST_OK;
    }
    return ST_OK;
}

/* ---- what lifts a rule ---- */

static bool is_excepted(const struct body_check *check, const struct regime_body_rule *rule,
                        const struct body_member *member)
{
    const struct regime_body *body = check->body;
    const struct value *rows = trial_value(check->trial, body->exceptions);
    value_each (row, rows) {
        int64_t person = id_of(value_find(row, body->exception_person));
        if (str_eq(value_find_text(row, str_c(check->trial->ctx->arena, body->exception_rule)),
                   rule->id) &&
            (person == 0 || (member != NULL && person == member->facts.id.v)))
            return true;
    }
    return false;
}

static bool is_lifted(const struct body_check *check, const struct regime_body_rule *rule,
                      const struct body_member *member)
{
    switch (rule->otherwise) {
    case BODY_EXCEPTION: return is_excepted(check, rule, member);
    case BODY_ASK_REASON: return !value_is_empty(trial_value(check->trial, check->body->reason));
    case BODY_REFUSE:
    case BODY_ELSE_COUNT: return false;
    }
    return false;
}

static void object(const struct body_check *check, const struct regime_body_rule *rule,
                   const struct body_member *member, int64_t found)
{
    struct body_objection objection = {rule, member, found, is_lifted(check, rule, member)};
    vec_add(check->trial->ctx->arena, &check->out->objections, objection);
    check->out->open += !objection.lifted;
}

/* ---- rules ---- */

bool body_is_meant(const struct body_check *check, const struct regime_body_rule *rule,
                   const struct body_member *member)
{
    const struct regime *regime = check->trial->engine->regime;
    if (rule->seats != NULL && !names_have(rule->seats, member->seat))
        return false;
    return str_is_empty(rule->of_rank) || regime_rank_order(regime, member->rank) <=
                                              regime_rank_order(regime, rule->of_rank);
}

static void check_count(const struct body_check *check, const struct regime_body_rule *rule)
{
    const struct trial *trial = check->trial;
    int64_t is = trial_number(trial, value_find_c(rule->args, "is"), -1);
    int64_t found = 0;
    for (size_t i = 0; i < check->out->members.len; i++)
        found += body_is_meant(check, rule, &check->out->members.at[i]);
    bool fits = found >= trial_number(trial, value_find_c(rule->args, "min"), 0) &&
                found <= trial_number(trial, value_find_c(rule->args, "max"), INT64_MAX);
    if ((is >= 0 && found != is) || !fits)
        object(check, rule, NULL, found);
}

/* A look that does not say how a member stands there is at cases of the body, not of somebody in it. */
static bool is_of_whole(const struct regime_body_rule *rule)
{
    return rule->kind == BODY_HAS && value_find_c(rule->args, "role") == NULL &&
           value_find_c(rule->args, "person") == NULL;
}

static enum status check_rule(const struct body_check *check, const struct regime_body_rule *rule)
{
    bool holds = true;
    if (!body_is_in_months(check->day, rule->months))
        return ST_OK;
    if (rule->kind == BODY_COUNT) {
        check_count(check, rule);
        return ST_OK;
    }
    if (is_of_whole(rule)) {
        TRY(body_look(check, rule, NULL, &holds));
        if (!holds)
            object(check, rule, NULL, 0);
        return ST_OK;
    }
    for (size_t i = 0; i < check->out->members.len; i++) {
        const struct body_member *member = &check->out->members.at[i];
        if (!body_is_meant(check, rule, member))
            continue;
        TRY(keeps(check, rule, member, &holds));
        if (!holds)
            object(check, rule, member, 0);
    }
    return ST_OK;
}

/* A day of the case, or of the form; the day of the command where it has none. */
static struct day day_named(const struct trial *trial, struct str name)
{
    struct day day = body_day_of(trial_value(trial, name));
    return day_is_none(day) ? day_of_instant(trial->happened_at) : day;
}

/* only: names of rules; null: all. */
static enum status check_body(const struct trial *trial, const struct regime_body *body,
                              const struct value *only, struct body_finding *out)
{
    *out = (struct body_finding){.body = body};
    struct body_check check = {.trial = trial,
                               .body = body,
                               .from = day_named(trial, body->from),
                               .to = day_named(trial, body->to),
                               .day = day_named(trial, body->day),
                               .out = out};
    read_members(&check);
    for (size_t i = 0; i < body->rule_count; i++)
        if (only == NULL || names_have(only, body->rules[i].id))
            TRY(check_rule(&check, &body->rules[i]));
    return ST_OK;
}

/* ---- as a refusal ---- */

struct reason body_reason(const struct engine *engine, const struct regime_body *body,
                          const struct body_objection *objection)
{
    /* i18n: body.* */
    static const char *const needs[] = {[BODY_REFUSE] = "body.refuse.needs",
                                        [BODY_EXCEPTION] = "body.exception.needs",
                                        [BODY_ASK_REASON] = "body.ask_reason.needs"};
    const struct regime_body_rule *rule = objection->rule;
    const struct regime_field *asked = procedure_find_field(engine->procedure, body->reason);
    struct str name = objection->member == NULL ? S("") : objection->member->facts.name;
    const char *key = objection->member != NULL    ? "body.member"
                      : rule->kind == BODY_COUNT ? "body.count"
                                                 : "body.whole";
    struct reason reason = reason_make(
        key, ARGS(arg_words("rule", rule->words), arg_text("person", name),
                  arg_int("found", objection->found),
                  arg_words("field", asked == NULL ? body->words : asked->words)));
    reason.field = body->list == NULL ? body->person : body->list->name;
    reason.clause = str_is_empty(rule->clause) ? body->clause : rule->clause;
    reason.needs = needs[rule->otherwise];
    return reason;
}

/* Whether the form will say who the members are, so that nothing can be told before. */
static bool is_of_form(const struct trial *trial, const struct regime_body *body)
{
    return trial_form_has(trial, body->list == NULL ? body->person : body->list->name);
}

/* The body that the guard names, with the members of the list that it names, if it does. */
static const struct regime_body *body_asked(const struct trial *trial,
                                            const struct regime_guard *guard)
{
    const struct regime_body *body =
        regime_find_body(trial->engine->regime, value_find_text(guard->args, "body"));
    struct str list = value_find_text(guard->args, "list");
    if (str_is_empty(list))
        return body;
    struct regime_body *other = arena_new_of(trial->ctx->arena, struct regime_body);
    *other = *body;
    other->list = procedure_find_field(trial->engine->procedure, list);
    return other;
}

enum status body_guard(const struct trial *trial, const struct regime_guard *guard,
                       struct reason_list *reasons)
{
    const struct regime_body *body = body_asked(trial, guard);
    struct body_finding finding;
    if (trial->form_aside &&
        (is_of_form(trial, body) || condition_needs_form(trial, guard->when)))
        return ST_OK;
    if (!condition_holds(trial, guard->when))
        return ST_OK;
    TRY(check_body(trial, body, value_find_c(guard->args, "only"), &finding));
    for (size_t i = 0; i < finding.objections.len; i++) {
        const struct body_objection *objection = &finding.objections.at[i];
        if (objection->lifted)
            continue;
        struct reason *reason = vec_push(trial->ctx->arena, reasons);
        *reason = body_reason(trial->engine, body, objection);
        reason->code = is_of_form(trial, body) ? "form" : "guard";
        if (str_is_empty(reason->clause))
            reason->clause = str_is_empty(guard->clause) ? trial->clause : guard->clause;
    }
    return ST_OK;
}

/* ---- as it stands ---- */

/* A guard that looks at another list asks about a proposal, not about who is in it today. */
static bool is_of_own_members(const struct regime_guard *guard)
{
    return guard->kind == GUARD_BODY && str_is_empty(value_find_text(guard->args, "list"));
}

static bool is_found(const struct body_finding_list *list, const struct regime_body *body)
{
    for (size_t i = 0; i < list->len; i++)
        if (list->at[i].body == body)
            return true;
    return false;
}

static enum status add_asked(const struct trial *trial, const struct regime_guard *guard,
                             struct body_finding_list *out)
{
    if (!is_of_own_members(guard) || !condition_holds(trial, guard->when))
        return ST_OK;
    const struct regime_body *body =
        regime_find_body(trial->engine->regime, value_find_text(guard->args, "body"));
    if (is_found(out, body))
        return ST_OK;
    struct body_finding finding;
    TRY(check_body(trial, body, NULL, &finding));
    vec_add(trial->ctx->arena, out, finding);
    return ST_OK;
}

enum status engine_check_bodies(struct ctx *ctx, const struct engine *engine,
                                const struct casefile *casefile, struct body_finding_list *out)
{
    const struct trial trial = {.ctx = ctx,
                                .engine = engine,
                                .casefile = casefile_copy(ctx->arena, casefile),
                                .before = casefile,
                                .happened_at = ctx->now};
    const struct regime_procedure *procedure = engine->procedure;
    const struct regime_state *state = procedure_find_state(procedure, casefile->state);
    *out = (struct body_finding_list){0};
    if (state == NULL || state->end || casefile->withdrawn)
        return ST_OK;
    for (size_t i = 0; i < procedure->transition_count; i++)
        for (size_t j = 0; j < procedure->transitions[i].need_count; j++)
            TRY(add_asked(&trial, &procedure->transitions[i].needs[j], out));
    return ST_OK;
}
