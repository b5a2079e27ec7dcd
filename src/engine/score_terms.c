/*
 * The section `scores` of a pack with the campaign's readings, as the fold wants it.
 */
#include "engine/score.h"

static const struct value *reading(const struct regime *regime,
                                   const struct campaign_terms *campaign,
                                   const struct value *section, const char *key)
{
    struct str name = value_find_text(section, key);
    const struct value *own = value_find(campaign->settings, name);
    const struct regime_setting *setting = regime_find_setting(regime, name);
    return own != NULL ? own : setting == NULL ? NULL : setting->value;
}

static bool reads(const struct value *value, const char *word)
{
    return value != NULL && value->kind == VALUE_TEXT && str_eq_c(value->text, word);
}

/* A whole number, or the setting that holds it. */
static int64_t number_of(const struct regime *regime, const struct campaign_terms *campaign,
                         const struct value *map, const char *key, int64_t otherwise)
{
    const struct value *value = value_find_c(map, key);
    if (value != NULL && value->kind == VALUE_TEXT)
        value = reading(regime, campaign, map, key);
    return value != NULL && value->kind == VALUE_INT ? value->number : otherwise;
}

static struct points points_in(const struct regime *regime, const struct campaign_terms *campaign,
                               const struct value *map, const char *key)
{
    enum { MILLION = 1000000 };
    return (struct points){number_of(regime, campaign, map, key, 0) * MILLION};
}

static struct words words_of(const struct value *map)
{
    return (struct words){value_find_text(map, "zh"), value_find_text(map, "en")};
}

bool score_terms_read(struct arena *arena, const struct regime *regime,
                      const struct campaign_terms *campaign, struct score_terms *out)
{
    const struct regime_section *found = regime_find_section(regime, S("scores"));
    if (found == NULL || found->items->first == NULL)
        return false;
    const struct value *section = found->items->first;
    VEC(struct score_rule) rules = {0};
    VEC(struct score_threshold) thresholds = {0};
    VEC(struct score_weight) weights = {0};
    value_each (rule, value_find_c(section, "rules"))
        vec_add(arena, &rules,
                ((struct score_rule){.id = value_find_text(rule, "id"),
                                     .words = words_of(rule),
                                     .group = value_find_text(rule, "group"),
                                     .as = value_find_text(rule, "as"),
                                     .points = points_in(regime, campaign, rule, "points"),
                                     .copied = value_find_bool(rule, "copied"),
                                     .once = value_find_bool(rule, "once"),
                                     .clause = value_find_text(rule, "clause")}));
    value_each (row, value_find_c(section, "thresholds"))
        vec_add(arena, &thresholds,
                ((struct score_threshold){.at = points_in(regime, campaign, row, "at"),
                                          .procedure = value_find_text(row, "do"),
                                          .blocks = value_find_text(row, "blocks"),
                                          .gives = value_find_c(row, "gives"),
                                          .clause = value_find_text(row, "clause")}));
    value_each (row, value_find_c(section, "weights"))
        vec_add(arena, &weights,
                ((struct score_weight){.id = value_find_text(row, "id"),
                                       .words = words_of(row),
                                       .percent = number_of(regime, campaign, row, "percent", 0),
                                       .clause = value_find_text(row, "clause")}));
    *out = (struct score_terms){
        .rules = rules.at,
        .rule_count = rules.len,
        .thresholds = thresholds.at,
        .threshold_count = thresholds.len,
        .weights = weights.at,
        .weight_count = weights.len,
        .by_year = !reads(reading(regime, campaign, section, "period"), "campaign"),
        .separate = reads(reading(regime, campaign, section, "sum"), "separate"),
        .each = reads(reading(regime, campaign, section, "jump"), "each"),
        .add_up = reads(reading(regime, campaign, section, "double"), "sum"),
        .split = reads(reading(regime, campaign, section, "several"), "split"),
        .full = points_in(regime, campaign, section, "full"),
        .dual_weight = number_of(regime, campaign, section, "dual", 50),
    };
    return true;
}

const struct score_rule *score_find_rule(const struct score_terms *terms, struct str id)
{
    for (size_t i = 0; i < terms->rule_count; i++)
        if (str_eq(terms->rules[i].id, id))
            return &terms->rules[i];
    return NULL;
}

struct str score_period(struct arena *arena, const struct score_terms *terms, struct instant at)
{
    return terms->by_year ? str_printf(arena, "%d", day_civil(day_of_instant(at)).year) : S("all");
}
