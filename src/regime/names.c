/*
 * Names that must have been declared: each look-up says where the wrong one stands and which known
 * one is nearest.
 */
#include "regime/load_int.h"

bool need_role(struct loader *l, const struct yaml_node *node, struct str name, size_t offset)
{
    if (regime_find_role(l->regime, name) != NULL)
        return true;
    struct guess guess = guess_begin(name);
    for (size_t i = 0; i < l->regime->role_count; i++)
        guess_try(&guess, l->regime->roles[i].name);
    fault_unknown(l, FAULT_UNKNOWN_NAME, text_place(node, offset), "pack.unknown.role",
                  "pack.hint.role", &guess);
    return false;
}

static bool need_code(struct loader *l, struct pack_place place, const char *dictionary,
                      const char *key, struct str code)
{
    const struct pack_dictionary *list = pack_lists_find_dictionary(l->lists, str_of(dictionary));
    if (list == NULL || pack_dictionary_find(list, code) != NULL)
        return true;
    struct guess guess = guess_begin(code);
    for (size_t i = 0; i < list->count; i++)
        guess_try(&guess, list->choices[i].code);
    fault_unknown(l, FAULT_UNKNOWN_NAME, place, key, "pack.hint.entry", &guess);
    return false;
}

bool need_entry(struct loader *l, const struct yaml_node *node, const char *dictionary,
                const char *key, struct str code)
{
    return need_code(l, node_place(node), dictionary, key, code);
}

bool need_post(struct loader *l, const struct yaml_node *node, struct str post, size_t offset)
{
    return need_code(l, text_place(node, offset), "posts", "pack.unknown.post", post);
}

const struct regime_field *scope_find_field(const struct scope *scope, struct str name)
{
    if (scope == NULL)
        return NULL;
    for (size_t i = 0; i < scope->ask_count; i++) {
        if (str_eq(scope->asks[i].name, name))
            return &scope->asks[i];
    }
    return procedure_find_field(scope->procedure, name);
}

/* The i-th name of one kind in a procedure; false beyond the last. */
typedef bool name_fn(const struct regime_procedure *procedure, size_t i, struct str *out);

static bool field_name(const struct regime_procedure *procedure, size_t i, struct str *out)
{
    if (i < procedure->field_count)
        *out = procedure->fields[i].name;
    return i < procedure->field_count;
}

static bool state_name(const struct regime_procedure *procedure, size_t i, struct str *out)
{
    if (i < procedure->state_count)
        *out = procedure->states[i].name;
    return i < procedure->state_count;
}

static bool clock_name(const struct regime_procedure *procedure, size_t i, struct str *out)
{
    if (i < procedure->deadline_count)
        *out = procedure->deadlines[i].name;
    return i < procedure->deadline_count;
}

static bool command_name(const struct regime_procedure *procedure, size_t i, struct str *out)
{
    if (i < procedure->transition_count)
        *out = procedure->transitions[i].name;
    return i < procedure->transition_count;
}

/* In a section a name may be any procedure's. */
static void need_of_any(struct loader *l, const struct yaml_node *node, name_fn *name_at,
                        enum pack_fault_code code, const char *key)
{
    struct guess guess = guess_begin(node->text);
    for (size_t i = 0; i < l->regime->procedure_count; i++) {
        struct str name;
        for (size_t j = 0; name_at(&l->regime->procedures[i], j, &name); j++) {
            if (str_eq(name, node->text))
                return;
            guess_try(&guess, name);
        }
    }
    fault_unknown(l, code, node_place(node), key, NULL, &guess);
}

const struct regime_field *need_field(struct loader *l, const struct yaml_node *node)
{
    struct str name;
    if (!bind_name(l, node, &name))
        return NULL;
    const struct regime_field *field = scope_find_field(l->scope, name);
    if (field != NULL)
        return field;
    if (l->scope == NULL) {
        need_of_any(l, node, field_name, FAULT_UNDECLARED_INPUT, "pack.unknown.field");
        return NULL;
    }
    struct guess guess = guess_begin(name);
    for (size_t i = 0; i < l->scope->ask_count; i++)
        guess_try(&guess, l->scope->asks[i].name);
    for (size_t i = 0; i < l->scope->procedure->field_count; i++)
        guess_try(&guess, l->scope->procedure->fields[i].name);
    fault_unknown(l, FAULT_UNDECLARED_INPUT, node_place(node), "pack.unknown.field",
                  "pack.hint.field", &guess);
    return NULL;
}

const struct regime_state *need_state_of(struct loader *l, const struct regime_procedure *procedure,
                                         const struct yaml_node *node)
{
    const struct regime_state *state = procedure_find_state(procedure, node->text);
    if (state != NULL)
        return state;
    struct guess guess = guess_begin(node->text);
    for (size_t i = 0; i < procedure->state_count; i++)
        guess_try(&guess, procedure->states[i].name);
    fault_unknown(l, FAULT_UNKNOWN_NAME, node_place(node), "pack.unknown.state", "pack.hint.state",
                  &guess);
    return NULL;
}

const struct regime_state *need_state(struct loader *l, const struct yaml_node *node)
{
    struct str name;
    if (!bind_name(l, node, &name))
        return NULL;
    if (l->scope == NULL) {
        need_of_any(l, node, state_name, FAULT_UNKNOWN_NAME, "pack.unknown.state");
        return NULL;
    }
    return need_state_of(l, l->scope->procedure, node);
}

bool need_command(struct loader *l, const struct yaml_node *node, struct str name)
{
    if (str_eq(name, S("create")))
        return true;
    if (l->scope == NULL) {
        need_of_any(l, node, command_name, FAULT_UNKNOWN_NAME, "pack.unknown.command");
        return true;
    }
    if (mention_find(&l->scope->commands, name) != NULL)
        return true;
    struct guess guess = guess_begin(name);
    guess_mentions(&guess, &l->scope->commands);
    guess_try(&guess, S("create"));
    fault_unknown(l, FAULT_UNKNOWN_NAME, node_place(node), "pack.unknown.command", NULL, &guess);
    return false;
}

bool need_clock(struct loader *l, const struct yaml_node *node)
{
    struct str name;
    if (!bind_name(l, node, &name))
        return false;
    if (l->scope == NULL) {
        need_of_any(l, node, clock_name, FAULT_UNKNOWN_NAME, "pack.unknown.clock");
        return true;
    }
    if (mention_find(&l->scope->clocks, name) != NULL)
        return true;
    struct guess guess = guess_begin(name);
    guess_mentions(&guess, &l->scope->clocks);
    fault_unknown(l, FAULT_UNKNOWN_NAME, node_place(node), "pack.unknown.clock", "pack.hint.clock",
                  &guess);
    return false;
}

bool need_procedure(struct loader *l, const struct yaml_node *node)
{
    struct str name;
    if (!bind_name(l, node, &name))
        return false;
    if (mention_find(&l->procedures, name) != NULL)
        return true;
    struct guess guess = guess_begin(name);
    guess_mentions(&guess, &l->procedures);
    fault_unknown(l, FAULT_UNKNOWN_NAME, node_place(node), "pack.unknown.procedure", NULL, &guess);
    return false;
}

bool need_setting(struct loader *l, const struct yaml_node *node, const struct regime_setting **out)
{
    struct str name;
    *out = NULL;
    if (!bind_name(l, node, &name))
        return false;
    *out = regime_find_setting(l->regime, name);
    if (*out != NULL)
        return true;
    struct guess guess = guess_begin(name);
    for (size_t i = 0; i < l->regime->setting_count; i++)
        guess_try(&guess, l->regime->settings[i].name);
    fault_unknown(l, FAULT_UNKNOWN_NAME, node_place(node), "pack.unknown.setting",
                  "pack.hint.setting", &guess);
    return false;
}

static bool need_mention(struct loader *l, const struct yaml_node *node, struct str name,
                         const struct mentions *known, const char *key, const char *hint)
{
    if (mention_find(known, name) != NULL)
        return true;
    struct guess guess = guess_begin(name);
    guess_mentions(&guess, known);
    fault_unknown(l, FAULT_UNKNOWN_NAME, node_place(node), key, hint, &guess);
    return false;
}

bool need_step(struct loader *l, const struct yaml_node *node)
{
    struct str name;
    return bind_id(l, node, &name) &&
           need_mention(l, node, name, &l->steps, "pack.unknown.step", "pack.hint.step");
}

bool bind_actor(struct loader *l, const struct yaml_node *node, struct regime_actor *out)
{
    static const struct str everybody[] = {STR_INIT("system"), STR_INIT("creator"),
                                           STR_INIT("anyone")};
    struct str text;
    *out = (struct regime_actor){.place = node_place(node)};
    if (!bind_text(l, node, &text))
        return false;
    size_t slash = str_find_char(text, '/');
    if (slash != SIZE_MAX) {
        out->post = str_from(text, slash + 1);
        if (!need_post(l, node, out->post, slash + 1))
            return false;
        text = str_part(text, 0, slash);
    }
    if (str_ends(text, S(".lead"))) {
        out->lead = true;
        text.len -= 5;
    }
    out->role = text;
    for (size_t i = 0; i < COUNT_OF(everybody); i++) {
        if (str_eq(text, everybody[i]))
            return true;
    }
    return need_role(l, node, text, 0);
}
