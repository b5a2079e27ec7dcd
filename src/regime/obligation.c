/*
 * The section `obligations`: its shape has been checked by section_table.h; here its names are
 * held against the procedures they mean, so that no duty is opened that cannot be opened, found late
 * or fulfilled.
 */
#include "regime/obligation.h"

#include "base/num.h"
#include "regime/load_int.h"

/* One item at hand. */
struct reading {
    struct loader *l;
    const struct yaml_node *item;
    struct regime_obligation *to;
};

static struct str text_of(const struct yaml_node *map, const char *key)
{
    const struct yaml_node *node = yaml_find(map, key);
    return node == NULL ? (struct str){0} : node->text;
}

static void item_fault(struct reading *r, const struct yaml_node *node, enum pack_fault_code code,
                       const char *key, const char *hint)
{
    fault(r->l, code, key_place(node), key, hint, ARGS(arg_text("name", text_of(r->item, "id"))));
}

/* ---- who ---- */

static void read_who(struct reading *r)
{
    VEC(struct str) roles = {0}, kinds = {0};
    const struct yaml_node *who = yaml_find(r->item, "who");
    if (who == NULL)
        return;
    items_each (node, who) {
        const struct regime_role *role = regime_find_role(r->l->regime, node->text);
        if (str_eq(node->text, S("any")) || (role != NULL && (!role->of_campaign || role->of_people)))
            fault(r->l, FAULT_WRONG_TYPE, node_place(node), "pack.obligation.who",
                  "pack.hint.obligation_who", ARGS(arg_text("name", node->text)));
        else if (role != NULL)
            vec_add(r->l->arena, &roles, node->text);
        else
            vec_add(r->l->arena, &kinds, node->text);
    }
    r->to->roles = roles.at;
    r->to->role_count = roles.len;
    r->to->kinds = kinds.at;
    r->to->kind_count = kinds.len;
}

/* ---- when ---- */

static void read_every(struct reading *r, const struct yaml_node *node)
{
    static const struct {
        struct str word;
        int months;
    } words[] = {{STR_INIT("month"), 1},
                 {STR_INIT("quarter"), 3},
                 {STR_INIT("half_year"), 6},
                 {STR_INIT("year"), 12}};
    struct guess guess = guess_begin(node->text);
    r->to->rhythm = RHYTHM_MONTHS;
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        guess_try(&guess, words[i].word);
        if (str_eq(words[i].word, node->text))
            r->to->months = words[i].months;
    }
    if (r->to->months == 0)
        fault_unknown(r->l, FAULT_UNKNOWN_NAME, node_place(node), "pack.obligation.every",
                      "pack.hint.obligation_every", &guess);
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

static void read_when(struct reading *r)
{
    const struct yaml_node *every = yaml_find(r->item, "every");
    const struct yaml_node *due = yaml_find(r->item, "due");
    const struct yaml_node *windows = yaml_find(r->item, "windows");
    if ((every != NULL) + (due != NULL) + (windows != NULL) != 1)
        item_fault(r, r->item, FAULT_MISSING_KEY, "pack.obligation.when", NULL);
    else if (every != NULL)
        read_every(r, every);
    else if (due != NULL)
        read_cutoffs(r, due);
    else
        read_windows(r, windows);
}

/* ---- the case that is opened ---- */

static const struct {
    struct str word;
    enum field_kind kind;
} SOURCES[] = {
    {STR_INIT("period"), FIELD_TEXT},
    {STR_INIT("opens"), FIELD_DATE},
    {STR_INIT("due"), FIELD_DATE},
    {STR_INIT("unit"), FIELD_UNIT},
};

/* What stands behind a field of `fields:`: one of the four, or {value: literal}. */
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

/* Within the scope of a procedure that is bound already. */
static struct scope scope_of(const struct regime_procedure *procedure,
                             struct regime_procedure *copy)
{
    *copy = *procedure;
    return (struct scope){.procedure = copy};
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

/* ---- what fulfils it ---- */

/* The names under a key, each held against the procedure whose scope is set. */
static void read_states(struct reading *r, const struct yaml_node *map,
                        struct regime_fulfilment *to)
{
    VEC(struct str) states = {0};
    const struct yaml_node *list = yaml_find(map, "states");
    if (list == NULL)
        return;
    items_each (node, list)
        if (need_state(r->l, node) != NULL)
            vec_add(r->l->arena, &states, node->text);
    to->states = states.at;
    to->state_count = states.len;
}

static void read_on(struct reading *r, const struct yaml_node *map, struct regime_fulfilment *to)
{
    const struct yaml_node *node = yaml_find(map, "on");
    if (node == NULL)
        return;
    const struct regime_field *field = need_field(r->l, node);
    to->on = node->text;
    if (field != NULL && field->kind != FIELD_DATE)
        fault_type(r->l, node, "pack.want.date_field");
    if (yaml_find(map, "entry") != NULL)
        item_fault(r, node, FAULT_DUPLICATE_NAME, "pack.obligation.on_entry", NULL);
}

static void need_column(struct reading *r, const struct regime_field *list,
                        const struct yaml_node *node, enum field_kind kind)
{
    struct guess guess = guess_begin(node->text);
    for (size_t i = 0; i < list->column_count; i++) {
        guess_try(&guess, list->columns[i].name);
        if (!str_eq(list->columns[i].name, node->text))
            continue;
        if (list->columns[i].kind != kind)
            fault(r->l, FAULT_WRONG_TYPE, node_place(node), "pack.obligation.kind", NULL,
                  ARGS(arg_text("name", node->text), arg_c("kind", field_kind_name(kind))));
        return;
    }
    fault_unknown(r->l, FAULT_UNDECLARED_INPUT, node_place(node), "pack.unknown.column",
                  "pack.hint.column", &guess);
}

static void read_entry(struct reading *r, const struct yaml_node *map,
                       struct regime_fulfilment *to)
{
    const struct yaml_node *entry = yaml_find(map, "entry");
    const struct yaml_node *list = yaml_find(entry, "list"), *day = yaml_find(entry, "day");
    const struct yaml_node *unit = yaml_find(entry, "unit");
    to->entries = text_of(entry, "list");
    to->entry_day = text_of(entry, "day");
    to->entry_unit = text_of(entry, "unit");
    const struct regime_field *field = list == NULL ? NULL : need_field(r->l, list);
    if (field == NULL)
        return;
    if (field->kind != FIELD_LIST)
        fault(r->l, FAULT_WRONG_TYPE, node_place(list), "pack.obligation.kind", NULL,
              ARGS(arg_text("name", field->name), arg_c("kind", field_kind_name(FIELD_LIST))));
    else if (day != NULL)
        need_column(r, field, day, FIELD_DATE);
    if (field->kind == FIELD_LIST && unit != NULL)
        need_column(r, field, unit, FIELD_UNIT);
}

static void read_all(struct reading *r, const struct yaml_node *map, struct regime_fulfilment *to)
{
    const struct yaml_node *node = yaml_find(map, "all");
    if (node == NULL || !bind_bool(r->l, node, &to->all) || !to->all)
        return;
    if (to->entries.at == NULL)
        item_fault(r, node, FAULT_MISSING_KEY, "pack.obligation.all_entry", NULL);
    if (to->at_least != NULL)
        item_fault(r, node, FAULT_DUPLICATE_NAME, "pack.obligation.all_count", NULL);
}

static void read_wanted_fields(struct reading *r, const struct yaml_node *map,
                               struct regime_fulfilment *to)
{
    const struct yaml_node *fields = yaml_find(map, "fields");
    yaml_each (node, fields) {
        struct yaml_node name = {
            .kind = YAML_TEXT, .text = node->key, .line = node->key_line, .column = node->key_column};
        if (need_field(r->l, &name) != NULL)
            check_literals(r->l, &name, node);
    }
    to->fields = fields == NULL ? NULL : bind_any(r->l, fields);
}

/* The command closes the duty: the system's, with nothing that must be filled in. */
static void check_closing(struct reading *r, const struct yaml_node *map,
                          const struct regime_fulfilment *fulfilment)
{
    const struct yaml_node *node = yaml_find(map, "command");
    if (node == NULL)
        return;
    const struct regime_transition *row =
        need_system_command(r->l, node_place(node), r->to->procedure, fulfilment->command);
    for (size_t i = 0; row != NULL && i < row->ask_count; i++)
        if (row->asks[i].required)
            fault(r->l, FAULT_WRONG_TYPE, node_place(node), "pack.obligation.asks", NULL,
                  ARGS(arg_text("name", row->asks[i].name)));
}

static void read_parts(struct reading *r, const struct yaml_node *map,
                       struct regime_fulfilment *to)
{
    struct regime_procedure copy;
    struct scope scope = scope_of(to->procedure, &copy);
    const struct yaml_node *link = yaml_find(map, "link");
    r->l->scope = &scope;
    read_states(r, map, to);
    read_on(r, map, to);
    read_entry(r, map, to);
    read_all(r, map, to);
    read_wanted_fields(r, map, to);
    if (link != NULL && bind_id(r->l, link, &to->link))
        coin(r->l, to->link, node_place(link));
    r->l->scope = NULL;
}

static void read_at_least(struct reading *r, struct regime_fulfilment *to)
{
    const struct yaml_node *node = yaml_find(r->item, "at_least");
    if (node == NULL)
        return;
    const struct regime_setting *setting = regime_find_setting(r->l->regime, node->text);
    const struct value *least = setting == NULL ? bind_any(r->l, node) : setting->value;
    to->at_least = bind_any(r->l, node);
    if (least->kind == VALUE_INT && least->number < 1)
        fault_type(r->l, node, "pack.obligation.at_least");
}

static void read_fulfilment(struct reading *r)
{
    const struct yaml_node *map = yaml_find(r->item, "fulfilled_by");
    const struct yaml_node *at_least = yaml_find(r->item, "at_least");
    if (map == NULL && at_least != NULL)
        item_fault(r, at_least, FAULT_MISSING_KEY, "pack.obligation.of_what", NULL);
    if (map == NULL)
        return;
    struct regime_fulfilment *to = arena_new_of(r->l->arena, struct regime_fulfilment);
    *to = (struct regime_fulfilment){
        .procedure = regime_find_procedure(r->l->regime, text_of(map, "procedure")),
        .command = text_of(map, "command"),
        .role = text_of(map, "role"),
    };
    r->to->fulfilment = to;
    read_at_least(r, to);
    if (to->procedure != NULL)
        read_parts(r, map, to);
    check_closing(r, map, to);
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
