/*
 * The section `obligations`: its shape has been checked by section_table.h; here its names are
 * held against the procedures they mean, so that no duty is opened that cannot be opened or found
 * late. What fulfils it is read by obligation_proof.c.
 */
#include "regime/obligation_int.h"

#include "base/num.h"

struct str text_of(const struct yaml_node *map, const char *key)
{
    const struct yaml_node *node = yaml_find(map, key);
    return node == NULL ? (struct str){0} : node->text;
}

void item_fault(struct reading *r, const struct yaml_node *node, enum pack_fault_code code,
                const char *key, const char *hint)
{
    fault(r->l, code, key_place(node), key, hint, ARGS(arg_text("name", text_of(r->item, "id"))));
}

/* Within the scope of a procedure that is bound already. */
struct scope scope_of(const struct regime_procedure *procedure, struct regime_procedure *copy)
{
    *copy = *procedure;
    return (struct scope){.procedure = copy};
}

/* Below `key`: values that fields of the procedure whose scope is set must have. */
const struct value *read_wanted_fields(struct reading *r, const struct yaml_node *map)
{
    const struct yaml_node *fields = yaml_find(map, "fields");
    yaml_each (node, fields) {
        struct yaml_node name = {
            .kind = YAML_TEXT, .text = node->key, .line = node->key_line, .column = node->key_column};
        if (need_field(r->l, &name) != NULL)
            check_literals(r->l, &name, node);
    }
    return fields == NULL ? NULL : bind_any(r->l, fields);
}

/* The names under `states:`, each held against the procedure whose scope is set. */
const struct str *read_states(struct reading *r, const struct yaml_node *map, size_t *out_count)
{
    VEC(struct str) states = {0};
    const struct yaml_node *list = yaml_find(map, "states");
    if (list != NULL)
        items_each (node, list)
            if (need_state(r->l, node) != NULL)
                vec_add(r->l->arena, &states, node->text);
    *out_count = states.len;
    return states.at;
}

/* ---- who ---- */

/* `role:` of the standing cases, or `role.lead`: units that owe it. */
static void read_standing_role(struct reading *r, const struct yaml_node *node,
                               struct regime_debtor *to)
{
    struct str name = node->text;
    to->lead = str_ends(name, S(".lead"));
    if (to->lead)
        name.len -= 5;
    if (!need_role(r->l, node, name, 0))
        return;
    to->role = name;
    const struct regime_role *role = regime_find_role(r->l->regime, name);
    if (role != NULL && (role->of_people || role->of_campaign))
        fault(r->l, FAULT_WRONG_TYPE, node_place(node), "pack.obligation.who",
              "pack.hint.obligation_standing", ARGS(arg_text("name", node->text)));
}

static void read_standing(struct reading *r, const struct yaml_node *who)
{
    struct regime_procedure copy;
    const struct yaml_node *role = yaml_find(who, "role");
    struct regime_debtor *to = arena_new_of(r->l->arena, struct regime_debtor);
    *to = (struct regime_debtor){
        .procedure = regime_find_procedure(r->l->regime, text_of(who, "procedure"))};
    if (to->procedure == NULL)
        return; /* told by the shape */
    struct scope scope = scope_of(to->procedure, &copy);
    r->l->scope = &scope;
    to->states = read_states(r, who, &to->state_count);
    to->fields = read_wanted_fields(r, who);
    if (role != NULL)
        read_standing_role(r, role, to);
    r->l->scope = NULL;
    r->to->standing = to;
}

/* Roles handed on from the standing case; a pack-wide check sees that they are filled so. */
static void read_passed(struct reading *r)
{
    VEC(struct str) names = {0};
    const struct yaml_node *list = yaml_find(r->item, "roles");
    if (list == NULL)
        return;
    if (r->to->standing == NULL)
        item_fault(r, list, FAULT_MISSING_KEY, "pack.obligation.roles", NULL);
    items_each (node, list)
        vec_add(r->l->arena, &names, node->text);
    r->to->passed = names.at;
    r->to->passed_count = names.len;
}

/* Held for the campaign, or by the unit of some kinds in each region. */
static bool can_owe(const struct regime_role *role)
{
    return !role->of_people && (role->of_campaign || role->from_region);
}

static void read_who(struct reading *r)
{
    VEC(struct str) roles = {0}, kinds = {0};
    const struct yaml_node *who = yaml_find(r->item, "who");
    if (who == NULL)
        return;
    if (who->kind == YAML_MAP) {
        read_standing(r, who);
        return;
    }
    items_each (node, who) {
        const struct regime_role *role = regime_find_role(r->l->regime, node->text);
        if (str_eq(node->text, S("any")) || (role != NULL && !can_owe(role)))
            fault(r->l, FAULT_WRONG_TYPE, node_place(node), "pack.obligation.who",
                  "pack.hint.obligation_who", ARGS(arg_text("name", node->text)));
        else if (role != NULL && role->of_campaign)
            vec_add(r->l->arena, &roles, node->text);
        else if (role != NULL)
            for (size_t i = 0; i < role->kind_count; i++)
                vec_add(r->l->arena, &kinds, role->kinds[i]);
        else
            vec_add(r->l->arena, &kinds, node->text);
    }
    r->to->roles = roles.at;
    r->to->role_count = roles.len;
    r->to->kinds = kinds.at;
    r->to->kind_count = kinds.len;
}

/* ---- when ---- */

static const struct {
    struct str word;
    int months;
} RHYTHMS[] = {{STR_INIT("month"), 1},
               {STR_INIT("quarter"), 3},
               {STR_INIT("half_year"), 6},
               {STR_INIT("year"), 12}};

int obligation_months(struct str word)
{
    for (size_t i = 0; i < COUNT_OF(RHYTHMS); i++)
        if (str_eq(RHYTHMS[i].word, word))
            return RHYTHMS[i].months;
    return 0;
}

/* "15 days", or a setting that holds days. */
static void read_days(struct reading *r, const struct yaml_node *node, struct regime_term *to)
{
    bind_term(r->l, to, node);
    if (to->length.count == 0 || to->length.unit == LENGTH_DAYS)
        return;
    *to = (struct regime_term){0};
    fault_type(r->l, node, "pack.obligation.days");
}

/* The word of a rhythm, so many days, or a setting that holds either. */
static void read_every(struct reading *r, const struct yaml_node *node)
{
    struct guess guess = guess_begin(node->text);
    const struct regime_setting *setting = regime_find_setting(r->l->regime, node->text);
    bool is_word = setting != NULL && setting->value->kind == VALUE_TEXT;
    r->to->rhythm = RHYTHM_MONTHS;
    r->to->months = obligation_months(is_word ? setting->value->text : node->text);
    if (is_word)
        r->to->every.setting = setting->name;
    if (r->to->months > 0)
        return;
    for (size_t i = 0; i < COUNT_OF(RHYTHMS); i++)
        guess_try(&guess, RHYTHMS[i].word);
    if (is_word || (setting == NULL && is_name(node->text))) {
        fault_unknown(r->l, FAULT_UNKNOWN_NAME, node_place(node), "pack.obligation.every",
                      "pack.hint.obligation_every", &guess);
        return;
    }
    r->to->rhythm = RHYTHM_DAYS;
    read_days(r, node, &r->to->every);
}

/* What is no day of the year has been told by the shape. */
static bool read_month_day(struct str text, struct month_day *out)
{
    int64_t month = 0, day = 0;
    bool ok = text.len == 5 && num_parse_i64(str_part(text, 0, 2), 1, 12, &month) &&
              num_parse_i64(str_part(text, 3, 2), 1, 31, &day);
    *out = (struct month_day){(int)month, (int)day};
    return ok;
}

static void read_cutoffs(struct reading *r, const struct yaml_node *list)
{
    VEC(struct month_day) days = {0};
    int before = 0;
    r->to->rhythm = RHYTHM_CUTOFFS;
    items_each (node, list) {
        struct month_day day;
        if (!read_month_day(node->text, &day))
            continue;
        if (day.month * 100 + day.day <= before)
            fault(r->l, FAULT_WRONG_TYPE, node_place(node), "pack.obligation.ascending", NULL,
                  ARGS(arg_text("text", node->text)));
        before = day.month * 100 + day.day;
        vec_add(r->l->arena, &days, day);
    }
    r->to->cutoffs = days.at;
    r->to->cutoff_count = days.len;
}

static void read_windows(struct reading *r, const struct yaml_node *list)
{
    VEC(struct month_window) windows = {0};
    r->to->rhythm = RHYTHM_WINDOWS;
    items_each (node, list) {
        int64_t first = 0, last = 0;
        bool ok = node->text.len == 6 && str_eq(str_part(node->text, 2, 2), S("..")) &&
                  num_parse_i64(str_part(node->text, 0, 2), 1, 12, &first) &&
                  num_parse_i64(str_part(node->text, 4, 2), 1, 12, &last);
        if (ok)
            vec_add(r->l->arena, &windows, ((struct month_window){(int)first, (int)last}));
        else
            fault(r->l, FAULT_WRONG_TYPE, node_place(node), "pack.obligation.window", NULL,
                  ARGS(arg_text("text", node->text)));
    }
    r->to->windows = windows.at;
    r->to->window_count = windows.len;
}

static bool read_date(struct reading *r, const struct yaml_node *node, struct day *out)
{
    if (day_parse(node->text, out))
        return true;
    fault(r->l, FAULT_WRONG_TYPE, node_place(node), "pack.obligation.date", NULL,
          ARGS(arg_text("text", node->text)));
    return false;
}

static void read_dates(struct reading *r, const struct yaml_node *list)
{
    VEC(struct day) days = {0};
    r->to->rhythm = RHYTHM_DATES;
    items_each (node, list) {
        struct day day;
        if (!read_date(r, node, &day))
            continue;
        if (days.len > 0 && day.v <= days.at[days.len - 1].v)
            fault(r->l, FAULT_WRONG_TYPE, node_place(node), "pack.obligation.ascending", NULL,
                  ARGS(arg_text("text", node->text)));
        vec_add(r->l->arena, &days, day);
    }
    r->to->dates = days.at;
    r->to->date_count = days.len;
}

static const struct {
    const char *key;
    void (*read)(struct reading *r, const struct yaml_node *node);
} WHENS[] = {{"every", read_every},
             {"due", read_cutoffs},
             {"windows", read_windows},
             {"dates", read_dates}};

static void read_when(struct reading *r)
{
    int found = 0;
    const struct yaml_node *since = yaml_find(r->item, "since");
    const struct yaml_node *ahead = yaml_find(r->item, "ahead");
    const struct yaml_node *grace = yaml_find(r->item, "grace");
    r->to->since = DAY_NONE;
    for (size_t i = 0; i < COUNT_OF(WHENS); i++)
        found += yaml_find(r->item, WHENS[i].key) != NULL;
    if (found != 1)
        item_fault(r, r->item, FAULT_MISSING_KEY, "pack.obligation.when", NULL);
    for (size_t i = 0; found == 1 && i < COUNT_OF(WHENS); i++)
        if (yaml_find(r->item, WHENS[i].key) != NULL)
            WHENS[i].read(r, yaml_find(r->item, WHENS[i].key));
    if (since != NULL)
        (void)read_date(r, since, &r->to->since);
    if (ahead != NULL)
        read_days(r, ahead, &r->to->ahead);
    if (grace != NULL)
        read_days(r, grace, &r->to->grace);
}

/* `if: {setting: {setting: …, is: …}}`; what the setting may hold is checked with the campaign. */
static void read_only(struct reading *r)
{
    const struct yaml_node *node = yaml_find(r->item, "if");
    const struct yaml_node *asked = node == NULL ? NULL : yaml_find(node, "setting");
    r->to->only = asked == NULL ? NULL : bind_any(r->l, asked);
}

/* ---- the case that is opened ---- */

static const struct {
    struct str word;
    enum field_kind kind;
} SOURCES[] = {
    {STR_INIT("period"), FIELD_TEXT},
    {STR_INIT("ordinal"), FIELD_INTEGER},
    {STR_INIT("opens"), FIELD_DATE},
    {STR_INIT("last"), FIELD_DATE},
    {STR_INIT("due"), FIELD_DATE},
    {STR_INIT("unit"), FIELD_UNIT},
    {STR_INIT("case"), FIELD_CASE},
};

/* What stands behind a field of `fields:`: one of these, or {value: literal}. */
static void check_source(struct reading *r, const struct regime_field *field,
                         const struct yaml_node *node)
{
    struct guess guess = guess_begin(node->text);
    if (node->kind == YAML_MAP && node->count == 1 && str_eq(node->first->key, S("value"))) {
        struct yaml_node name = {.text = field->name};
        check_literals(r->l, &name, node->first);
        return;
    }
    for (size_t i = 0; i < COUNT_OF(SOURCES); i++) {
        guess_try(&guess, SOURCES[i].word);
        if (!str_eq(SOURCES[i].word, node->text))
            continue;
        if (SOURCES[i].kind != field->kind)
            fault(r->l, FAULT_WRONG_TYPE, node_place(node), "pack.obligation.kind", NULL,
                  ARGS(arg_text("name", field->name), arg_c("kind", field_kind_name(SOURCES[i].kind))));
        return;
    }
    fault_unknown(r->l, FAULT_UNKNOWN_NAME, node_place(node), "pack.obligation.source",
                  "pack.hint.obligation_source", &guess);
}

static void read_fields(struct reading *r)
{
    const struct yaml_node *fields = yaml_find(r->item, "fields");
    struct regime_procedure copy;
    struct scope scope = scope_of(r->to->procedure, &copy);
    r->l->scope = &scope;
    yaml_each (node, fields) {
        const struct regime_field *field = procedure_find_field(r->to->procedure, node->key);
        struct yaml_node name = {
            .kind = YAML_TEXT, .text = node->key, .line = node->key_line, .column = node->key_column};
        if (field == NULL)
            (void)need_field(r->l, &name);
        else
            check_source(r, field, node);
    }
    r->l->scope = NULL;
    r->to->fields = fields == NULL ? NULL : bind_any(r->l, fields);
}

static void check_maker(struct reading *r)
{
    const struct yaml_node *name = yaml_find(r->item, "procedure");
    if (!made_by_system(r->to->procedure))
        fault(r->l, FAULT_NOBODY_MAY_FIRE, node_place(name), "pack.not_opened_by_system",
              "pack.hint.created_by_system", ARGS(arg_text("name", name->text)));
}

static void check_required(struct reading *r)
{
    const struct regime_procedure *procedure = r->to->procedure;
    for (size_t i = 0; i < procedure->field_count; i++)
        if (procedure->fields[i].required &&
            value_find(r->to->fields, procedure->fields[i].name) == NULL)
            fault(r->l, FAULT_MISSING_KEY, key_place(r->item), "pack.obligation.required", NULL,
                  ARGS(arg_text("name", procedure->fields[i].name)));
}

static bool starts_at_once(const struct regime_deadline *deadline)
{
    for (size_t i = 0; i < deadline->start_count; i++)
        if (str_eq(deadline->starts_on[i], S("create")))
            return true;
    return false;
}

/* The deadline that makes the duty late: from its making until the field that holds the due day. */
static void find_deadline(struct reading *r)
{
    const struct regime_procedure *procedure = r->to->procedure;
    for (size_t i = 0; i < procedure->deadline_count; i++) {
        const struct regime_deadline *deadline = &procedure->deadlines[i];
        const struct value *source = value_find(r->to->fields, deadline->until);
        if (starts_at_once(deadline) && source != NULL && source->kind == VALUE_TEXT &&
            str_eq(source->text, S("due"))) {
            r->to->deadline = deadline;
            return;
        }
    }
    item_fault(r, r->item, FAULT_DEADLINE_WITHOUT_CONSEQUENCE, "pack.obligation.never_late",
               "pack.hint.obligation_never_late");
}

/* ---- items ---- */

void bind_obligations(struct loader *l, const struct yaml_node *list)
{
    VEC(struct regime_obligation) items = {0};
    items_each (item, list) {
        struct regime_obligation *to = vec_push(l->arena, &items);
        struct reading r = {l, item, to};
        *to = (struct regime_obligation){
            .id = text_of(item, "id"),
            .words = {text_of(item, "zh"), text_of(item, "en")},
            .procedure = regime_find_procedure(l->regime, text_of(item, "procedure")),
            .clause = text_of(item, "clause"),
            .place = key_place(item),
        };
        read_who(&r);
        read_when(&r);
        read_only(&r);
        read_passed(&r);
        if (to->procedure == NULL)
            continue; /* told by the shape */
        check_maker(&r);
        read_fields(&r);
        check_required(&r);
        find_deadline(&r);
        read_fulfilment(&r);
    }
    l->regime->obligations = items.at;
    l->regime->obligation_count = items.len;
}

const struct regime_obligation *regime_find_obligation(const struct regime *regime, struct str id)
{
    for (size_t i = 0; i < regime->obligation_count; i++)
        if (str_eq(regime->obligations[i].id, id))
            return &regime->obligations[i];
    return NULL;
}
