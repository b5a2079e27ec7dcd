/*
 * Who was in no body of a season although they are of those who should have been in one: asked of the
 * directory and of each person's cases, by the rule that counts them when they are put into a body.
 *
 * Clause: S1-1.4.6.
 */
#include "engine/body_int.h"

static const struct regime_body_rule *find_rule(const struct regime_body *body, struct str id)
{
    for (size_t i = 0; i < body->rule_count; i++)
        if (str_eq(body->rules[i].id, id))
            return &body->rules[i];
    return NULL;
}

static bool is_of_kinds(const struct person_facts *facts, struct day day,
                        const struct value *kinds)
{
    for (size_t i = 0; i < facts->post_count; i++)
        if (body_is_held(&facts->posts[i], day) &&
            (kinds == NULL || names_have(kinds, facts->posts[i].unit->kind)))
            return true;
    return false;
}

static enum status add_if_unseated(const struct body_check *check,
                                   const struct regime_body_rule *rule, const struct value *args,
                                   const struct person_facts *facts, struct value *rows)
{
    struct arena *arena = check->trial->ctx->arena;
    struct body_member member = {.facts = *facts};
    bool unseated;
    member.rank = body_highest_rank(check, &member, false);
    if (!body_is_meant(check, rule, &member) ||
        !is_of_kinds(facts, check->from, value_find_c(args, "kinds")))
        return ST_OK;
    TRY(body_look(check, rule, &member, &unseated));
    if (unseated)
        value_put(value_append_map(arena, rows), value_find_text(args, "column"),
                  id_text(arena, facts->id.v));
    return ST_OK;
}

enum status effect_unseated(struct trial *trial, const struct value *args)
{
    const struct engine *engine = trial->engine;
    const struct regime_body *body =
        regime_find_body(engine->regime, value_find_text(args, "body"));
    const struct regime_body_rule *rule = find_rule(body, value_find_text(args, "rule"));
    struct value *rows = value_list(trial->ctx->arena);
    struct person_facts_list people = {0};
    struct body_check check = {.trial = trial, .body = body};
    check.day = body_day_of(value_find(trial->casefile->fields, value_find_text(args, "on")));
    if (day_is_none(check.day))
        check.day = day_of_instant(trial->happened_at);
    check.from = check.to = check.day;
    engine->world.list_people(engine->world.self, trial->ctx->arena, engine->campaign.region,
                              &people);
    for (size_t i = 0; i < people.len; i++)
        TRY(add_if_unseated(&check, rule, args, &people.at[i], rows));
    trial_set_field(trial, value_find_text(args, "list"), rows);
    return ST_OK;
}
