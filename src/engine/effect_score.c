/*
 * Effects on points: a charge of each unit that a role names, and its taking back. The rule says how
 * many, or that they are copied; what they add up to is engine/score's.
 */
#include "base/num.h"
#include "engine/engine_int.h"
#include "engine/score.h"

static enum status refuse(struct trial *trial, const char *key, struct str field)
{
    struct reason reason =
        reason_make(key, ARGS(arg_words("field", trial_field_words(trial, field))));
    reason.field = field;
    reason.clause = trial->clause;
    reason.code = key + sizeof "score." - 1;
    return fail_reason(trial->ctx, ST_INVALID, reason);
}

static void charge(struct trial *trial, const struct value *args, const struct value *unit,
                   struct points points)
{
    struct arena *arena = trial->ctx->arena;
    struct value *payload = value_map(arena);
    struct str field = value_find_text(args, "subject");
    const struct value *subject = str_is_empty(field) ? NULL : trial_value(trial, field);
    value_put_text(arena, payload, "rule", value_find_text(args, "rule"));
    value_put(payload, S("unit"), value_text(arena, unit->text));
    value_put_text(arena, payload, "points", points_format(arena, points));
    if (!value_is_empty(subject) && subject->kind == VALUE_TEXT)
        value_put_text(arena, payload, "subject", subject->text);
    trial_emit(trial, EVENT_SCORED, payload, (struct str){0});
}

/* What is charged in all: the rule's own points, or those that the field holds. */
static enum status find_points(struct trial *trial, const struct score_rule *rule,
                               const struct value *args, struct points *out)
{
    struct str field = value_find_text(args, "points");
    *out = rule->points;
    if (!rule->copied)
        return ST_OK;
    if (points_of_value(trial_value(trial, field), out) && out->v > 0)
        return ST_OK;
    return refuse(trial, "score.no_points", field);
}

/* clause: S2-21.2.1 — the finding's own division: charged units only, and exactly the points. */
static enum status charge_shares(struct trial *trial, const struct value *args,
                                 const struct value *units, const struct value *shares,
                                 struct points all)
{
    struct points sum = {0};
    struct str field = value_find_text(args, "shares");
    value_each (share, shares) {
        struct points points;
        const struct value *unit = value_find_c(share, "unit");
        if (unit == NULL || !names_have(units, unit->text))
            return refuse(trial, "score.not_charged", field);
        if (!points_of_value(value_find_c(share, "points"), &points))
            return refuse(trial, "score.no_points", field);
        sum.v += points.v;
        charge(trial, args, unit, points);
    }
    return sum.v == all.v ? ST_OK : refuse(trial, "score.shares_differ", field);
}

enum status effect_score(struct trial *trial, const struct value *args)
{
    struct score_terms terms;
    struct points all;
    struct str shared = value_find_text(args, "shares");
    bool known = score_terms_read(trial->ctx->arena, trial->engine->regime,
                                  &trial->engine->campaign, &terms);
    const struct score_rule *rule =
        known ? score_find_rule(&terms, value_find_text(args, "rule")) : NULL;
    must(rule != NULL); /* the checker saw to it */
    const struct value *units = units_of_holders(trial, value_find_c(args, "charge"));
    if (value_is_empty(units))
        return refuse(trial, "score.nobody_charged", value_find_c(args, "charge")->first->text);
    TRY(find_points(trial, rule, args, &all));
    const struct value *shares = str_is_empty(shared) ? NULL : trial_value(trial, shared);
    if (!value_is_empty(shares) && shares->kind == VALUE_LIST)
        return charge_shares(trial, args, units, shares, all);
    int64_t each = terms.split ? all.v / (int64_t)units->count : all.v;
    int64_t rest = terms.split ? all.v - each * (int64_t)units->count : 0;
    value_each (unit, units) {
        charge(trial, args, unit, (struct points){each + rest});
        rest = 0; /* what does not divide is the first one's */
    }
    return ST_OK;
}

static void take_back(struct trial *trial, const struct casefile_score *score)
{
    struct arena *arena = trial->ctx->arena;
    struct value *payload = value_map(arena);
    value_put_text(arena, payload, "rule", score->rule);
    value_put(payload, S("unit"), id_text(arena, score->unit));
    value_put_text(arena, payload, "points", score->points);
    value_put_int(arena, payload, "of", score->seq);
    trial_emit(trial, EVENT_SCORE_REVERSED, payload, (struct str){0});
}

size_t trial_take_back(struct trial *trial, const struct value *units)
{
    size_t count = 0;
    for (size_t i = 0; i < trial->casefile->scores.len; i++) {
        struct casefile_score score = trial->casefile->scores.at[i];
        struct str unit = id_text(trial->ctx->arena, score.unit)->text;
        if (score.reversed_seq != 0 || (units != NULL && !names_have(units, unit)))
            continue;
        take_back(trial, &score);
        count++;
    }
    return count;
}

enum status effect_unscore(struct trial *trial, const struct value *args)
{
    const struct value *named = value_find_c(args, "units");
    bool all = named == NULL || named->kind != VALUE_TEXT;
    const struct value *units = all ? NULL : trial_value(trial, named->text);
    if (trial_take_back(trial, units) > 0)
        return ST_OK;
    return refuse(trial, "score.nothing_stands", all ? S("") : named->text);
}
