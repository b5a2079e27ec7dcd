/*
 * Look-ups in a loaded pack. Packs are small (tens of names a list), so lists are walked.
 */
#include "regime/regime.h"

#define FIND(list, count, member, wanted)                                                          \
    for (size_t i = 0; i < (count); i++) {                                                         \
        if (str_eq((list)[i].member, (wanted)))                                                    \
            return &(list)[i];                                                                     \
    }                                                                                              \
    return NULL

const struct regime_procedure *regime_find_procedure(const struct regime *regime, struct str name)
{
    FIND(regime->procedures, regime->procedure_count, name, name);
}

const struct regime_role *regime_find_role(const struct regime *regime, struct str name)
{
    FIND(regime->roles, regime->role_count, name, name);
}

const struct value *regime_find_document(const struct regime *regime, struct str id)
{
    const struct regime_section *section = regime_find_section(regime, S("documents"));
    value_each (item, section == NULL ? NULL : section->items)
        if (str_eq(value_find_text(item, "id"), id))
            return item;
    return NULL;
}

struct str regime_issued_by(const struct regime_effect *issue)
{
    return issue->args->kind == VALUE_TEXT ? issue->args->text
                                           : value_find_text(issue->args, "document");
}

bool regime_owns_command(struct str name)
{
    static const struct str own[] = {
        STR_INIT("create"),  STR_INIT("add_evidence"), STR_INIT("note"),
        STR_INIT("link"),    STR_INIT("unlink"),       STR_INIT("delegate"),
        STR_INIT("withdraw"), STR_INIT("lapse"),       STR_INIT("propose"),
        STR_INIT("confirm_measure"), STR_INIT("hold_measure"), STR_INIT("measure"),
        STR_INIT("open_document"), STR_INIT("receive_document"), STR_INIT("void_document"),
        STR_INIT("correct_document"), STR_INIT("open_sealed"),
    };
    for (size_t i = 0; i < COUNT_OF(own); i++)
        if (str_eq(own[i], name))
            return true;
    return false;
}

bool regime_role_takes_kind(const struct regime_role *role, struct str kind)
{
    for (size_t i = 0; i < role->kind_count; i++)
        if (str_eq(role->kinds[i], kind))
            return true;
    return role->kind_count == 0;
}

bool regime_role_is_taken_over(const struct regime_role *role, struct str procedure)
{
    return role->standing != NULL && !role->standing->live &&
           !str_eq(role->standing->procedure, procedure);
}

const struct regime_setting *regime_find_setting(const struct regime *regime, struct str name)
{
    FIND(regime->settings, regime->setting_count, name, name);
}

const struct regime_source *regime_find_source(const struct regime *regime, struct str id)
{
    FIND(regime->sources, regime->source_count, id, id);
}

const struct regime_section *regime_find_section(const struct regime *regime, struct str name)
{
    FIND(regime->sections, regime->section_count, name, name);
}

/* An item of a section, or of a list within it, that has the name as its id or step. */
static bool item_words(const struct value *items, struct str name, struct words *out)
{
    value_each (item, items) {
        struct words words = {value_find_text(item, "zh"), value_find_text(item, "en")};
        if (!str_is_empty(words.zh) && (str_eq(value_find_text(item, "id"), name) ||
                                        str_eq(value_find_text(item, "step"), name))) {
            *out = words;
            return true;
        }
        value_each (member, item->kind == VALUE_MAP ? item : NULL)
            if (member->kind == VALUE_LIST && item_words(member, name, out))
                return true;
    }
    return false;
}

struct words regime_flag_words(const struct regime *regime, struct str name)
{
    struct words words = {name, name};
    for (size_t i = 0; i < regime->word_count; i++) {
        if (str_eq(regime->words[i].name, name))
            return regime->words[i].words;
    }
    for (size_t i = 0; i < regime->section_count; i++) {
        if (item_words(regime->sections[i].items, name, &words))
            break;
    }
    return words;
}

const struct regime_choice *regime_setting_choice(const struct regime_setting *setting,
                                                  struct str code)
{
    FIND(setting->choices, setting->choice_count, code, code);
}

struct words regime_post_words(const struct regime *regime, struct str post)
{
    for (size_t i = 0; i < regime->post_count; i++)
        if (str_eq(regime->posts[i].code, post))
            return regime->posts[i].words;
    return (struct words){post, post};
}

const struct regime_state *procedure_find_state(const struct regime_procedure *procedure,
                                                struct str name)
{
    FIND(procedure->states, procedure->state_count, name, name);
}

const struct regime_field *procedure_find_field(const struct regime_procedure *procedure,
                                                struct str name)
{
    FIND(procedure->fields, procedure->field_count, name, name);
}

const struct regime_deadline *procedure_find_deadline(const struct regime_procedure *procedure,
                                                      struct str name)
{
    FIND(procedure->deadlines, procedure->deadline_count, name, name);
}

const struct regime_step *procedure_find_step(const struct regime_procedure *procedure,
                                              struct str name)
{
    FIND(procedure->steps, procedure->step_count, row.name, name);
}

const struct regime_field *transition_find_ask(const struct regime_transition *transition,
                                               struct str name)
{
    FIND(transition->asks, transition->ask_count, name, name);
}

bool transition_is_from(const struct regime_transition *transition, struct str state)
{
    for (size_t i = 0; i < transition->from_count; i++) {
        if (str_eq(transition->from[i]->name, state))
            return true;
    }
    return false;
}

const struct regime_transition *procedure_find_transition(const struct regime_procedure *procedure,
                                                          struct str command, struct str state)
{
    for (size_t i = 0; i < procedure->transition_count; i++) {
        const struct regime_transition *row = &procedure->transitions[i];
        if (str_eq(row->name, command) && transition_is_from(row, state))
            return row;
    }
    return NULL;
}

static const char *const FIELD_KIND_NAMES[FIELD_KIND_COUNT] = {
    [FIELD_TEXT] = "text",       [FIELD_LONGTEXT] = "longtext", [FIELD_INTEGER] = "integer",
    [FIELD_DECIMAL] = "decimal", [FIELD_MONEY] = "money",       [FIELD_DATE] = "date",
    [FIELD_TIME] = "time",       [FIELD_CHOICE] = "choice",     [FIELD_BOOL] = "bool",
    [FIELD_POINT] = "point",     [FIELD_REGION] = "region",     [FIELD_UNIT] = "unit",
    [FIELD_PERSON] = "person",   [FIELD_FILE] = "file",         [FIELD_LIST] = "list",
    [FIELD_CASE] = "case",
};

const char *field_kind_name(enum field_kind kind)
{
    must(kind < FIELD_KIND_COUNT);
    return FIELD_KIND_NAMES[kind];
}
