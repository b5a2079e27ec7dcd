/*
 * The section `scores` against the rest of its pack: who charges by its rules, what its thresholds
 * open, which readings its settings hold. Looked at when everything is bound.
 */
#include "regime/load_int.h"

/* The settings that the section reads by, and what they may hold. */
static const struct {
    const char *key;
    const char *words;
} READINGS[] = {
    {"period", "year campaign"}, {"sum", "all separate"},   {"jump", "highest each"},
    {"double", "max sum"},       {"several", "full split"},
};

static bool has_word(const char *words, struct str word)
{
    struct str rest = str_of(words);
    for (struct str one; str_next(&rest, ' ', &one);)
        if (str_eq(one, word))
            return true;
    return false;
}

static void check_readings(struct loader *l, const struct yaml_node *scores)
{
    for (size_t i = 0; i < COUNT_OF(READINGS); i++) {
        const struct yaml_node *node = yaml_find(scores, READINGS[i].key);
        const struct regime_setting *setting =
            node == NULL ? NULL : regime_find_setting(l->regime, node->text);
        if (setting == NULL || (setting->value->kind == VALUE_TEXT &&
                                has_word(READINGS[i].words, setting->value->text)))
            continue;
        fault(l, FAULT_WRONG_TYPE, node_place(node), "pack.want.reading", NULL,
              ARGS(arg_text("name", node->text), arg_c("words", READINGS[i].words)));
    }
}

/* ---- rules ---- */

static const struct yaml_node *find_rule(const struct yaml_node *scores, struct str id)
{
    const struct yaml_node *rules = scores == NULL ? NULL : yaml_find(scores, "rules");
    yaml_each (rule, rules) {
        const struct yaml_node *name = yaml_find(rule, "id");
        if (name != NULL && str_eq(name->text, id))
            return rule;
    }
    return NULL;
}

static bool is_yes(const struct yaml_node *map, const char *key)
{
    const struct yaml_node *node = yaml_find(map, key);
    return node != NULL && node->kind == YAML_BOOL && node->flag;
}

static void unknown_rule(struct loader *l, const struct regime_effect *effect, struct str id)
{
    const struct yaml_node *rules = l->scores == NULL ? NULL : yaml_find(l->scores, "rules");
    struct guess guess = guess_begin(id);
    yaml_each (rule, rules) {
        const struct yaml_node *name = yaml_find(rule, "id");
        if (name != NULL)
            guess_try(&guess, name->text);
    }
    fault_unknown(l, FAULT_UNKNOWN_NAME, effect->place, "pack.unknown.rule", NULL, &guess);
}

/* Points are charged to units, not to people. */
static void check_charged(struct loader *l, const struct regime_effect *effect)
{
    value_each (holder, value_find_c(effect->args, "charge")) {
        struct str name = str_part(holder->text, 0, str_find_char(holder->text, '.'));
        const struct regime_role *role = regime_find_role(l->regime, name);
        if (role != NULL && role->of_people)
            fault(l, FAULT_WRONG_TYPE, effect->place, "pack.want.unit_role", NULL,
                  ARGS(arg_text("name", name)));
    }
}

/* Notes which rules somebody charges by. */
static void check_charges(struct loader *l, const struct regime_effect *effects, size_t count,
                          struct mentions *used)
{
    for (size_t i = 0; i < count; i++) {
        const struct regime_effect *effect = &effects[i];
        struct str id = value_find_text(effect->args, "rule");
        if (effect->kind != EFFECT_SCORE)
            continue;
        const struct yaml_node *rule = find_rule(l->scores, id);
        bool gives = value_find_c(effect->args, "points") != NULL;
        if (rule == NULL)
            unknown_rule(l, effect, id);
        else if (is_yes(rule, "copied") != gives)
            fault(l, FAULT_MISSING_KEY, effect->place,
                  gives ? "pack.points_of_rule" : "pack.points_copied", NULL,
                  ARGS(arg_text("name", id)));
        check_charged(l, effect);
        mention_add(l, used, id, effect->place);
    }
}

/* A list that units are written into, and points to write. */
static void check_assessments(struct loader *l, const struct regime_procedure *procedure,
                              const struct regime_effect *effects, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct str name = value_find_text(effects[i].args, "list");
        const struct regime_field *list = procedure_find_field(procedure, name);
        bool found = false;
        if (effects[i].kind != EFFECT_ASSESS || list == NULL)
            continue;
        for (size_t j = 0; j < list->column_count; j++)
            found = found || (list->columns[j].kind == FIELD_UNIT &&
                              str_eq_c(list->columns[j].name, "unit"));
        if (!found || l->scores == NULL)
            fault(l, FAULT_UNDECLARED_INPUT, effects[i].place, "pack.want.assess_list", NULL,
                  ARGS(arg_text("name", name)));
    }
}

static void check_procedures(struct loader *l, struct mentions *used)
{
    for (size_t i = 0; i < l->regime->procedure_count; i++) {
        const struct regime_procedure *procedure = &l->regime->procedures[i];
        check_charges(l, procedure->create_then, procedure->create_then_count, used);
        check_assessments(l, procedure, procedure->create_then, procedure->create_then_count);
        for (size_t j = 0; j < procedure->deadline_count; j++)
            check_charges(l, procedure->deadlines[j].on_lapse,
                          procedure->deadlines[j].lapse_count, used);
        for (size_t j = 0; j < procedure->transition_count; j++) {
            const struct regime_transition *row = &procedure->transitions[j];
            check_charges(l, row->then, row->then_count, used);
            check_assessments(l, procedure, row->then, row->then_count);
        }
    }
}

static void check_rules(struct loader *l, const struct mentions *used)
{
    const struct yaml_node *rules = yaml_find(l->scores, "rules");
    yaml_each (rule, rules) {
        const struct yaml_node *id = yaml_find(rule, "id");
        if (is_yes(rule, "copied") == (yaml_find(rule, "points") != NULL))
            fault(l, FAULT_MISSING_KEY, node_place(rule), "pack.points_or_copied", NULL, NO_ARGS);
        if (id != NULL && mention_find(used, id->text) == NULL)
            fault(l, FAULT_NOBODY_MAY_FIRE, node_place(id), "pack.rule_unused", NULL,
                  ARGS(arg_text("name", id->text)));
    }
}

/* ---- thresholds ---- */

bool made_by_system(const struct regime_procedure *procedure)
{
    for (size_t i = 0; i < procedure->created_by_count; i++)
        if (str_eq_c(procedure->created_by[i].role, "system"))
            return true;
    return false;
}

static bool system_may(const struct regime_procedure *procedure, struct str command)
{
    for (size_t i = 0; i < procedure->transition_count; i++) {
        const struct regime_transition *row = &procedure->transitions[i];
        for (size_t j = 0; j < row->by_count && str_eq(row->name, command); j++)
            if (str_eq_c(row->by[j].role, "system"))
                return true;
    }
    return false;
}

static void check_gives(struct loader *l, const struct yaml_node *gives,
                        const struct regime_procedure *procedure)
{
    yaml_each (field, gives) {
        if (procedure_find_field(procedure, field->key) != NULL)
            continue;
        struct guess guess = guess_begin(field->key);
        for (size_t i = 0; i < procedure->field_count; i++)
            guess_try(&guess, procedure->fields[i].name);
        fault_unknown(l, FAULT_UNDECLARED_INPUT, key_place(field), "pack.unknown.field_there",
                      NULL, &guess);
    }
}

static void check_opened(struct loader *l, const struct yaml_node *row)
{
    const struct yaml_node *name = yaml_find(row, "do");
    const struct yaml_node *blocks = yaml_find(row, "blocks");
    const struct regime_procedure *procedure =
        name == NULL ? NULL : regime_find_procedure(l->regime, name->text);
    if (procedure == NULL)
        return; /* said already */
    const struct regime_field *unit = procedure_find_field(procedure, S("unit"));
    if (!made_by_system(procedure))
        fault(l, FAULT_NOBODY_MAY_FIRE, node_place(name), "pack.not_opened_by_system",
              "pack.hint.created_by_system", ARGS(arg_text("name", name->text)));
    if (unit == NULL || unit->kind != FIELD_UNIT)
        fault(l, FAULT_UNDECLARED_INPUT, node_place(name), "pack.want.unit_here", NULL,
              ARGS(arg_text("name", name->text)));
    if (blocks != NULL && !system_may(procedure, blocks->text))
        fault(l, FAULT_NOBODY_MAY_FIRE, node_place(blocks), "pack.not_by_system",
              "pack.hint.by_system", ARGS(arg_text("name", blocks->text)));
    check_gives(l, yaml_find(row, "gives"), procedure);
}

static int64_t number_at(const struct loader *l, const struct yaml_node *node)
{
    const struct regime_setting *setting;
    if (node->kind == YAML_INT)
        return node->number;
    setting = regime_find_setting(l->regime, node->text);
    return setting == NULL || setting->value->kind != VALUE_INT ? 0 : setting->value->number;
}

/* Ascending, each once: a step of the fold looks for the highest from the end. */
static void check_thresholds(struct loader *l, const struct yaml_node *rows)
{
    int64_t last = 0;
    yaml_each (row, rows) {
        const struct yaml_node *at = yaml_find(row, "at");
        if (at == NULL)
            continue;
        int64_t number = number_at(l, at);
        if (number <= last)
            fault(l, FAULT_WRONG_TYPE, node_place(at), "pack.want.ascending", NULL,
                  ARGS(arg_int("n", number), arg_int("before", last)));
        last = number;
        check_opened(l, row);
    }
}

void check_scores(struct loader *l)
{
    struct mentions used = {0};
    check_procedures(l, &used);
    if (l->scores == NULL || l->scores->kind != YAML_MAP)
        return;
    check_readings(l, l->scores);
    check_rules(l, &used);
    check_thresholds(l, yaml_find(l->scores, "thresholds"));
}
