/*
 * One table says how a kind of field is drawn. The tree walked here belongs to the caller, who
 * made it for this one reply; it grows by the members that only a page needs.
 */
#include "web/fields.h"

#include "base/num.h"
#include "base/vec.h"

struct drawing {
    struct str kind;
    const char *plain;  /* without choices */
    const char *choice; /* one of several */
    const char *many;   /* several of several */
};

static const struct drawing drawings[] = {
    {STR_INIT("bool"), "as_check", "as_select", "as_checks"},
    {STR_INIT("case"), "as_text", "as_select", "as_checks"},
    {STR_INIT("choice"), "as_text", "as_select", "as_checks"},
    {STR_INIT("date"), "as_date", "as_select", "as_checks"},
    {STR_INIT("decimal"), "as_text", "as_select", "as_checks"},
    {STR_INIT("file"), "as_file", "as_file", "as_file"},
    {STR_INIT("integer"), "as_number", "as_select", "as_checks"},
    {STR_INIT("list"), "as_list", "as_list", "as_list"},
    {STR_INIT("longtext"), "as_area", "as_select", "as_checks"},
    {STR_INIT("money"), "as_text", "as_select", "as_checks"},
    {STR_INIT("person"), "as_text", "as_select", "as_checks"},
    {STR_INIT("point"), "as_text", "as_text", "as_text"},
    {STR_INIT("region"), "as_text", "as_select", "as_checks"},
    {STR_INIT("text"), "as_text", "as_select", "as_checks"},
    {STR_INIT("time"), "as_time", "as_select", "as_checks"},
    {STR_INIT("unit"), "as_text", "as_select", "as_checks"},
};

static const char *const asked_for[] = {"label",   "help",    "error", "value",   "required",
                                        "clause",  "min",     "max",   "many",    "yes",
                                        "choices", "columns", "rows",  "is_point",
                                        "sealed"};

static void fill_gaps(struct arena *arena, struct value *field)
{
    for (size_t i = 0; i < COUNT_OF(asked_for); i++)
        if (value_find_c(field, asked_for[i]) == NULL)
            value_put(field, str_of(asked_for[i]), value_null(arena));
}

static const char *drawing_of(const struct value *field)
{
    struct str kind = value_find_text(field, "kind");
    bool has_choices = !value_is_empty(value_find_c(field, "choices"));
    for (size_t i = 0; i < COUNT_OF(drawings); i++) {
        if (!str_eq(drawings[i].kind, kind))
            continue;
        if (!has_choices)
            return drawings[i].plain;
        return value_find_bool(field, "many") ? drawings[i].many : drawings[i].choice;
    }
    return "as_text";
}

/* An input of type datetime-local takes the office's wall time without seconds and offset. */
static void trim_time(struct arena *arena, struct value *field)
{
    enum { WALL_TIME_LEN = sizeof "2026-11-22T18:00" - 1 };
    struct str value = value_find_text(field, "value");
    if (value.len > WALL_TIME_LEN)
        value_put_text(arena, field, "value", str_part(value, 0, WALL_TIME_LEN));
}

static bool is_chosen(const struct value *value, struct str code)
{
    value_each (one, value)
        if (str_eq(one->text, code))
            return true;
    return value->kind == VALUE_TEXT && str_eq(value->text, code);
}

/* What was typed wins over what the document selected. */
static void select_choices(struct arena *arena, const struct value *field)
{
    const struct value *value = value_find_c(field, "value");
    const struct value *choices = value_find_c(field, "choices");
    if (value_is_empty(value) || value_is_empty(choices))
        return;
    for (struct value *choice = choices->first; choice != NULL; choice = choice->next)
        value_put_bool(arena, choice, "selected",
                       is_chosen(value, value_find_text(choice, "value")));
}

static void prepare_field(struct arena *arena, struct value *field, struct str prefix,
                          struct str name)
{
    fill_gaps(arena, field);
    const char *drawing = drawing_of(field);
    value_put_text(arena, field, "name", name);
    value_put_text(arena, field, "id",
                   str_printf(arena, "%.*s-%.*s", STR_ARG(prefix), STR_ARG(name)));
    value_put_bool(arena, field, drawing, true);
    if (str_eq_c(value_find_text(field, "kind"), "time"))
        trim_time(arena, field);
    select_choices(arena, field);
}

static void add_row(struct arena *arena, struct value *rows, const struct value *field,
                    const struct value *given, struct str prefix)
{
    size_t n = rows->count;
    struct str list = value_find_text(field, "name");
    struct value *row = value_append_map(arena, rows);
    value_put_int(arena, row, "n", (int64_t)n + 1);
    struct value *cells = value_put_list(arena, row, "cells");
    value_each (column, value_find_c(field, "columns")) {
        struct str name = value_find_text(column, "name");
        struct value *cell = value_copy(arena, column);
        const struct value *text = value_find(given, name);
        if (text != NULL)
            value_put(cell, S("value"), value_copy(arena, text));
        prepare_field(arena, cell, prefix,
                      str_printf(arena, "%.*s.%zu.%.*s", STR_ARG(list), n, STR_ARG(name)));
        value_append(cells, cell);
    }
}

static void prepare_list(struct arena *arena, struct value *field, struct str prefix)
{
    struct value *rows = value_list(arena);
    value_each (given, value_find_c(field, "value"))
        if (given->kind == VALUE_MAP)
            add_row(arena, rows, field, given, prefix);
    for (int i = 0; i < FIELDS_BLANK_ROWS; i++)
        add_row(arena, rows, field, NULL, prefix);
    value_put(field, S("rows"), rows);
}

void fields_prepare(struct arena *arena, struct value *form, struct str prefix)
{
    bool has_file = false;
    const struct value *fields = value_find_c(form, "fields");
    for (struct value *field = fields == NULL ? NULL : fields->first; field != NULL;
         field = field->next) {
        prepare_field(arena, field, prefix, value_find_text(field, "name"));
        if (value_find_bool(field, "as_list"))
            prepare_list(arena, field, prefix);
        has_file = has_file || value_find_bool(field, "as_file");
    }
    if (form != NULL && form->kind == VALUE_MAP)
        value_put_bool(arena, form, "has_file", has_file);
}

/* The row of that number; rows stand in the order in which their numbers first came. */
struct folded_row {
    struct str list;
    int64_t number;
    struct value *row;
};
struct folded_rows {
    struct folded_row *at;
    size_t len;
    size_t cap;
};

static void put_again(struct arena *arena, struct value *map, struct str name, struct str text)
{
    const struct value *there = value_find(map, name);
    if (there == NULL) {
        value_put(map, name, value_text(arena, text));
        return;
    }
    struct value *all = value_list(arena);
    if (there->kind == VALUE_LIST) {
        value_each (one, there)
            value_append(all, value_copy(arena, one));
    } else {
        value_append(all, value_copy(arena, there));
    }
    value_append(all, value_text(arena, text));
    value_put(map, name, all);
}

static enum status fold_cell(struct ctx *ctx, struct folded_rows *rows, const struct pair *pair)
{
    struct str rest = pair->name, list = {0}, digits = {0};
    int64_t number = 0;
    (void)str_next(&rest, '.', &list);
    bool ok = str_next(&rest, '.', &digits) && rest.len > 0 &&
              str_find_char(rest, '.') == SIZE_MAX && list.len > 0 &&
              num_parse_i64(digits, 0, INT32_MAX, &number);
    if (!ok)
        return fail(ctx, ST_INVALID, "form.unknown_field", ARGS(arg_text("field", pair->name)));
    if (number >= FIELDS_ROWS_MAX)
        return fail(ctx, ST_LIMIT, "form.too_many_rows", ARGS(arg_text("field", list)));
    if (str_trim(pair->value).len == 0)
        return ST_OK;
    struct folded_row *row = NULL;
    for (size_t i = 0; i < rows->len && row == NULL; i++)
        if (rows->at[i].number == number && str_eq(rows->at[i].list, list))
            row = &rows->at[i];
    if (row == NULL) {
        row = vec_push(ctx->arena, rows);
        *row = (struct folded_row){list, number, value_map(ctx->arena)};
    }
    put_again(ctx->arena, row->row, rest, pair->value);
    return ST_OK;
}

enum status fields_fold(struct ctx *ctx, const struct pairs *pairs, struct value **out)
{
    struct value *map = value_map(ctx->arena);
    struct folded_rows rows = {0};
    for (size_t i = 0; i < pairs->len; i++) {
        if (str_find_char(pairs->at[i].name, '.') == SIZE_MAX)
            put_again(ctx->arena, map, pairs->at[i].name, pairs->at[i].value);
        else
            TRY(fold_cell(ctx, &rows, &pairs->at[i]));
    }
    for (size_t i = 0; i < rows.len; i++) {
        const char *list = str_c(ctx->arena, rows.at[i].list);
        value_append(value_list_at(ctx->arena, map, list), rows.at[i].row);
    }
    *out = map;
    return ST_OK;
}
