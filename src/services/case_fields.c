/*
 * Fields and forms for readers: labels, choices, values as text.
 */
#include "base/num.h"
#include "services/case_document.h"
#include "store/casefile_rows.h"

enum { DEGREE_PLACES = 7, FEN_PLACES = 2 };

static const char *const kind_names[] = {
    [FIELD_TEXT] = "text",       [FIELD_LONGTEXT] = "longtext", [FIELD_INTEGER] = "number",
    [FIELD_DECIMAL] = "number",  [FIELD_MONEY] = "number",      [FIELD_DATE] = "date",
    [FIELD_TIME] = "time",       [FIELD_CHOICE] = "choice",     [FIELD_BOOL] = "bool",
    [FIELD_POINT] = "point",     [FIELD_REGION] = "text",       [FIELD_UNIT] = "unit",
    [FIELD_PERSON] = "person",   [FIELD_FILE] = "file",         [FIELD_LIST] = "list",
    [FIELD_CASE] = "text",
};

static struct str label_of(struct arena *arena, const struct case_view *view,
                           const struct regime_field *field)
{
    if (!str_is_empty(field->words.zh))
        return words_label(view->reader.lang, field->words);
    struct str key = str_concat(arena, S("field."), field->name); /* i18n: field.* */
    return words_format(arena, view->reader.words, view->reader.lang, key, NO_ARGS);
}

static struct str choice_text(const struct case_view *view, const struct regime_field *field,
                              struct str code)
{
    for (size_t i = 0; i < field->choice_count; i++)
        if (str_eq(field->choices[i].code, code))
            return words_label(view->reader.lang, field->choices[i].words);
    return code;
}

static struct str unit_text(const struct case_view *view, struct str id)
{
    int64_t number;
    if (!num_parse_i64(id, 1, INT64_MAX, &number))
        return id;
    const struct world_unit *unit = world_find_unit(view->world, (struct unit_id){number});
    return unit == NULL ? id : unit->name;
}

static struct str region_text(const struct case_view *view, struct str code)
{
    const struct world_region *region = world_find_region(view->world, code);
    return region == NULL ? code : region->name;
}

static struct str person_text(const struct case_view *view, struct str id)
{
    int64_t number;
    if (!num_parse_i64(id, 1, INT64_MAX, &number))
        return id;
    const struct world_person *person = world_find_person(view->world, (struct person_id){number});
    return person == NULL ? id : person->name;
}

/* Whether there is a case of the name, a number or a reference, and which. */
static bool find_case(struct arena *arena, const struct case_view *view,
                      const struct regime_field *field, struct str name, struct casefile_row *out)
{
    struct prefecture prefecture;
    struct casefile_id id;
    struct ctx look = {.arena = arena, .now = view->reader.now};
    return view->conn != NULL && !str_is_empty(field->procedure) &&
           casefile_rows_find_named(&look, view->conn, view->casefile->campaign,
                                    field->procedure, name, &prefecture, &id) == ST_OK &&
           casefile_rows_find(&look, view->conn, prefecture, id, out) == ST_OK;
}

/* A case that was named by its reference has a number that people know it by. */
static struct str case_text(struct arena *arena, const struct case_view *view,
                            const struct regime_field *field, struct str name)
{
    struct casefile_row row;
    return find_case(arena, view, field, name, &row) ? row.number : name;
}

struct str field_url(struct arena *arena, const struct case_view *view,
                     const struct regime_field *field, const struct value *value)
{
    struct casefile_row row;
    if (field->kind != FIELD_CASE || value->kind != VALUE_TEXT ||
        !find_case(arena, view, field, value->text, &row))
        return S("");
    return str_concat(arena, S("/cases/"), casefile_ref_format(arena, row.prefecture, row.id));
}

static struct str one_text(struct arena *arena, const struct case_view *view,
                           const struct regime_field *field, const struct value *value)
{
    struct day day;
    struct instant at;
    switch (field->kind) {
    case FIELD_BOOL:
        return reader_sentence(arena, &view->reader, value->flag ? "word.yes" : "word.no", NO_ARGS);
    case FIELD_CHOICE: return choice_text(view, field, value->text);
    case FIELD_UNIT: return unit_text(view, value->text);
    case FIELD_REGION: return region_text(view, value->text);
    case FIELD_PERSON: return person_text(view, value->text);
    case FIELD_MONEY: return num_format_scaled(arena, value->number, FEN_PLACES);
    case FIELD_INTEGER: return str_printf(arena, "%lld", (long long)value->number);
    case FIELD_POINT:
        return str_printf(
            arena, "%.*s, %.*s",
            STR_ARG(num_format_scaled(arena, value_find_int(value, "lat", 0), DEGREE_PLACES)),
            STR_ARG(num_format_scaled(arena, value_find_int(value, "lon", 0), DEGREE_PLACES)));
    case FIELD_DATE: {
        const struct arg arg = arg_day("day", day_parse(value->text, &day) ? day : DAY_NONE);
        return words_value(arena, view->reader.words, view->reader.lang, &arg);
    }
    case FIELD_TIME:
        return instant_parse_lenient(value->text, &at) ? reader_time(arena, &view->reader, at)
                                                       : value->text;
    case FIELD_CASE: return case_text(arena, view, field, value->text);
    case FIELD_TEXT:
    case FIELD_LONGTEXT:
    case FIELD_DECIMAL:
    case FIELD_FILE:
    case FIELD_LIST:
    case FIELD_KIND_COUNT: break;
    }
    return value->text;
}

struct str field_text(struct arena *arena, const struct case_view *view,
                      const struct regime_field *field, const struct value *value)
{
    if (value_is_empty(value))
        return S("");
    if (field->sealed)
        return reader_sentence(arena, &view->reader, "sealed.closed", NO_ARGS);
    if (field->kind == FIELD_LIST || value->kind != VALUE_LIST)
        return one_text(arena, view, field, value);
    struct str all = S("");
    value_each (one, value) {
        struct str text = one_text(arena, view, field, one);
        all = str_printf(arena, "%.*s%s%.*s", STR_ARG(all),
                         all.len == 0 ? "" : view->reader.lang == LANG_ZH ? "、" : ", ",
                         STR_ARG(text));
    }
    return all;
}

static bool is_selected(const struct value *value, struct str code)
{
    if (value == NULL)
        return false;
    if (value->kind == VALUE_TEXT)
        return str_eq(value->text, code);
    value_each (one, value)
        if (str_eq(one->text, code))
            return true;
    return false;
}

static void add_choice(struct arena *arena, struct value *choices, struct str code,
                       struct str label, const struct value *value)
{
    struct value *choice = value_append_map(arena, choices);
    value_put_text(arena, choice, "value", code);
    value_put_text(arena, choice, "label", label);
    value_put_bool(arena, choice, "selected", is_selected(value, code));
}

/* A unit that may fill a role field: of the role's kinds, in the campaign's region. */
static bool is_eligible(const struct case_view *view, const struct regime_role *role,
                        const struct world_unit *unit)
{
    bool kind_fits = role == NULL || role->kind_count == 0;
    for (size_t k = 0; !kind_fits && k < role->kind_count; k++)
        kind_fits = str_eq(role->kinds[k], unit->facts.kind);
    return kind_fits && (str_is_empty(view->casefile->region) ||
                         world_region_is_within(view->world, unit->facts.region,
                                                view->engine->campaign.region));
}

static void add_unit(struct arena *arena, const struct world_unit *unit, const struct value *value,
                     struct value *choices)
{
    add_choice(arena, choices, str_printf(arena, "%lld", (long long)unit->facts.id.v), unit->name,
               value);
}

/* Those that the value names come first, in its order: a page sends ticks in the order in which
   they stand, and the first-listed unit leads. */
static void add_units(struct arena *arena, const struct case_view *view,
                      const struct regime_field *field, const struct value *value,
                      struct value *choices)
{
    const struct regime_role *role = regime_find_role(view->engine->regime, field->role);
    size_t count;
    const struct world_unit *units = world_list_units(view->world, &count);
    for (const struct value *one = value != NULL && value->kind == VALUE_LIST ? value->first : NULL;
         one != NULL; one = one->next) {
        struct unit_id id;
        const struct world_unit *unit = num_parse_i64(one->text, 1, INT64_MAX, &id.v)
                                            ? world_find_unit(view->world, id)
                                            : NULL;
        if (unit != NULL && is_eligible(view, role, unit))
            add_unit(arena, unit, value, choices);
    }
    for (size_t i = 0; i < count; i++) {
        struct str id = str_printf(arena, "%lld", (long long)units[i].facts.id.v);
        bool stands = value != NULL && value->kind == VALUE_LIST && is_selected(value, id);
        if (!stands && is_eligible(view, role, &units[i]))
            add_unit(arena, &units[i], value, choices);
    }
}

/* Whether somebody in this post may be meant: of the role's post, else of the campaign's own place. */
static bool post_fits(const struct case_view *view, const struct regime_role *role,
                      const struct world_post *post)
{
    struct str within = view->engine->campaign.region;
    if (!world_post_is_held(post, day_of_instant(view->reader.now)))
        return false;
    return str_is_empty(role->post)
               ? str_eq(post->unit->facts.region, within)
               : str_eq(post->post, role->post) &&
                     world_region_is_within(view->world, post->unit->facts.region, within);
}

/* "name · unit": by the first post that is held, or the name alone. */
static struct str person_label(struct arena *arena, const struct case_view *view,
                               const struct world_person *person)
{
    for (size_t i = 0; i < person->post_count; i++)
        if (world_post_is_held(&person->posts[i], day_of_instant(view->reader.now)))
            return str_printf(arena, "%.*s · %.*s", STR_ARG(person->name),
                              STR_ARG(person->posts[i].unit->name));
    return person->name;
}

/* Each person once, by the first post that fits. */
static void add_people(struct arena *arena, const struct case_view *view,
                       const struct regime_role *role, const struct value *value,
                       struct value *choices)
{
    size_t count;
    const struct world_person *people = world_list_people(view->world, &count);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < people[i].post_count; j++) {
            if (!post_fits(view, role, &people[i].posts[j]))
                continue;
            struct str label =
                str_printf(arena, "%.*s · %.*s", STR_ARG(people[i].name),
                           STR_ARG(people[i].posts[j].unit->name));
            add_choice(arena, choices,
                       str_printf(arena, "%lld", (long long)people[i].id.v), label, value);
            break;
        }
}

static void put_choices(struct arena *arena, const struct case_view *view,
                        const struct regime_field *field, const struct value *value,
                        struct value *out)
{
    struct value *choices = value_put_list(arena, out, "choices");
    for (size_t i = 0; i < field->choice_count; i++)
        add_choice(arena, choices, field->choices[i].code,
                   words_label(view->reader.lang, field->choices[i].words), value);
    const struct regime_role *role = regime_find_role(view->engine->regime, field->role);
    if (field->kind == FIELD_UNIT)
        add_units(arena, view, field, value, choices);
    if (field->kind == FIELD_PERSON && role != NULL)
        add_people(arena, view, role, value, choices);
}

/* What may be typed where there is nothing to choose from; of a list, in its first such column. */
static void put_help(struct arena *arena, const struct case_view *view,
                     const struct regime_field *field, struct value *out)
{
    static const char *const helps[FIELD_KIND_COUNT] = {[FIELD_PERSON] = "form.help.person",
                                                        [FIELD_REGION] = "form.help.region",
                                                        [FIELD_CASE] = "form.help.case"};
    const char *help = field->sealed ? "form.help.sealed" : helps[field->kind];
    bool chosen = !value_is_empty(value_find_c(out, "choices"));
    for (size_t i = 0; i < field->column_count && help == NULL; i++)
        help = helps[field->columns[i].kind];
    if (help != NULL && !chosen)
        value_put_text(arena, out, "help", reader_sentence(arena, &view->reader, help, NO_ARGS));
}

/* A value as somebody would type it: who is meant by name, money in its whole unit. */
static struct value *as_typed(struct arena *arena, const struct case_view *view,
                              const struct regime_field *field, const struct value *value)
{
    int64_t id;
    if (field->kind == FIELD_MONEY && value->kind == VALUE_INT)
        return value_text(arena, num_format_scaled(arena, value->number, FEN_PLACES));
    if (field->kind != FIELD_PERSON || !str_is_empty(field->role) || value->kind != VALUE_TEXT ||
        !num_parse_i64(value->text, 1, INT64_MAX, &id))
        return value_copy(arena, value);
    const struct world_person *person = world_find_person(view->world, (struct person_id){id});
    return person == NULL ? value_copy(arena, value) : value_text(arena, person_label(arena, view, person));
}

/* The rows that stand, since what is sent takes their place; of a very long list none. */
static struct value *rows_to_type(struct arena *arena, const struct case_view *view,
                                  const struct regime_field *field, const struct value *rows)
{
    enum { ROWS_MAX = 100 };
    struct value *out = value_list(arena);
    if (rows->kind != VALUE_LIST || rows->count > ROWS_MAX)
        return out;
    value_each (row, rows) {
        struct value *typed = value_append_map(arena, out);
        for (size_t i = 0; i < field->column_count; i++) {
            const struct value *cell = value_find(row, field->columns[i].name);
            if (!value_is_empty(cell))
                value_put(typed, field->columns[i].name,
                          as_typed(arena, view, &field->columns[i], cell));
        }
    }
    return out;
}

struct value *form_document(struct arena *arena, const struct case_view *view,
                            const struct regime_field *fields, size_t count,
                            const struct value *values)
{
    struct value *out = value_list(arena);
    for (size_t i = 0; i < count; i++) {
        const struct regime_field *field = &fields[i];
        const struct value *value =
            value_find(values, str_is_empty(field->shows) ? field->name : field->shows);
        struct value *row = value_append_map(arena, out);
        value_put_text(arena, row, "name", field->name);
        value_put_text(arena, row, "label", label_of(arena, view, field));
        value_put_text(arena, row, "kind", str_of(field_kind_name(field->kind)));
        value_put_bool(arena, row, "required", field->required);
        value_put_bool(arena, row, "many", field->many);
        if (field->sealed)
            value_put_bool(arena, row, "sealed", true);
        value_put_text(arena, row, "clause", field->clause);
        if (field->has_min)
            value_put_int(arena, row, "min", field->min);
        if (field->has_max)
            value_put_int(arena, row, "max", field->max);
        value_put_bool(arena, row,
                       str_c(arena, str_printf(arena, "is_%s", kind_names[field->kind])), true);
        bool is_told = !value_is_empty(value) && !field->sealed;
        if (is_told && field->kind == FIELD_LIST)
            value_put(row, S("value"), rows_to_type(arena, view, field, value));
        else if (is_told && value->kind != VALUE_LIST && value->kind != VALUE_MAP)
            value_put(row, S("value"), as_typed(arena, view, field, value));
        put_choices(arena, view, field, value, row);
        put_help(arena, view, field, row);
        if (field->kind == FIELD_LIST)
            value_put(row, S("columns"),
                      form_document(arena, view, field->columns, field->column_count, NULL));
    }
    return out;
}

/* ---- who may be taken into a role ---- */

struct value *role_choices(struct arena *arena, const struct case_view *view)
{
    struct value *groups = value_list(arena);
    const struct regime *regime = view->engine->regime;
    for (size_t i = 0; i < regime->role_count; i++) {
        const struct regime_role *role = &regime->roles[i];
        const struct casefile_role *present = casefile_find_role(view->casefile, role->name);
        bool is_full = present != NULL && !role->many &&
                       present->units.len + present->people.len > 0;
        struct value *choices = value_list(arena);
        const struct regime_field field = {.kind = FIELD_UNIT, .role = role->name};
        if (role->of_campaign || is_full)
            continue;
        if (role->of_people && !str_is_empty(role->post))
            add_people(arena, view, role, NULL, choices);
        else
            add_units(arena, view, &field, NULL, choices);
        if (choices->count == 0)
            continue;
        struct value *group = value_append_map(arena, groups);
        value_put_text(arena, group, "role", role->name);
        value_put_text(arena, group, "label", words_label(view->reader.lang, role->words));
        value_put(group, S("choices"), choices);
    }
    return groups;
}
