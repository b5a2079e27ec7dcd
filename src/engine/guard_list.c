/*
 * Guards on the rows of a list.
 */
#include "engine/guard_int.h"

#include "base/redact.h"

enum { DAY_LEN = sizeof "2018-11-22" - 1 };

bool text_is_after(const struct value *a, const struct value *b)
{
    if (a == NULL || b == NULL || a->kind != VALUE_TEXT || b->kind != VALUE_TEXT ||
        a->text.len < DAY_LEN || b->text.len < DAY_LEN)
        return false;
    bool are_times = a->text.len > DAY_LEN && b->text.len > DAY_LEN;
    size_t len = are_times ? SIZE_MAX : DAY_LEN;
    return str_compare(str_part(a->text, 0, len), str_part(b->text, 0, len)) > 0;
}

static bool row_is_ready(const struct value *row, const struct value *args)
{
    struct str done = value_find_text(args, "done");
    const struct value *tick = value_find(row, done);
    if (!str_is_empty(done) && (tick == NULL || tick->kind != VALUE_BOOL || !tick->flag))
        return false;
    const struct value *filled = value_find_c(args, "filled");
    names_each (column, filled)
        if (value_is_empty(value_find(row, column->text)))
            return false;
    return true;
}

bool holds_list(const struct trial *trial, const struct value *args, struct miss *miss)
{
    struct str name = value_find_text(args, "list");
    if (trial->form_aside && trial_form_has(trial, name))
        return true;
    const struct value *rows = trial_value(trial, name);
    int64_t ready = 0;
    int64_t all = 0;
    value_each (row, rows) {
        all++;
        ready += row_is_ready(row, args);
    }
    int64_t wanted = trial_number(trial, value_find_c(args, "min"), 0);
    *miss = (struct miss){.field = name,
                          .what = trial_field_words(trial, name),
                          .wanted = wanted > all ? wanted : all,
                          .found = ready,
                          .of_form = trial_form_has(trial, name)};
    return ready == all && all >= wanted;
}

bool holds_list_dates(const struct trial *trial, const struct value *args, struct miss *miss)
{
    struct str name = value_find_text(args, "list");
    if (trial->form_aside && trial_form_has(trial, name))
        return true;
    const struct value *limit = trial_value(trial, value_find_text(args, "not_after"));
    const struct value *before = NULL;
    *miss = (struct miss){.field = name,
                          .what = trial_field_words(trial, name),
                          .of_form = trial_form_has(trial, name)};
    value_each (row, trial_value(trial, name)) {
        const struct value *date = value_find(row, value_find_text(args, "column"));
        if (value_is_empty(date) || text_is_after(date, limit))
            return false;
        if (value_find_bool(args, "ordered") && text_is_after(before, date))
            return false;
        before = date;
    }
    return !value_find_bool(args, "ends") || (before != NULL && !text_is_after(limit, before));
}

/* Whether the row holds all that the new one would. */
static bool is_like(const struct trial *trial, const struct value *row, const struct value *wanted)
{
    value_each (cell, wanted) {
        const struct value *there = value_find(row, cell->key);
        const struct value *here = row_value(trial, cell, NULL);
        if (value_is_empty(here) ? !value_is_empty(there) : there == NULL || !value_eq(there, here))
            return false;
    }
    return true;
}

bool holds_no_row(const struct trial *trial, const struct value *args, struct miss *miss)
{
    struct str name = value_find_text(args, "list");
    const struct value *wanted = value_find_c(args, "row");
    if (trial->form_aside)
        return true;
    *miss = (struct miss){
        .field = name, .what = trial_field_words(trial, name), .of_form = true};
    value_each (row, trial_value(trial, name)) {
        miss->found++;
        if (is_like(trial, row, wanted))
            return false;
    }
    return true;
}

static int64_t count_having(const struct value *rows, struct str column, const struct value *wanted)
{
    int64_t found = 0;
    value_each (row, rows) {
        const struct value *value = value_find(row, column);
        found += value != NULL && value_eq(value, wanted);
    }
    return found;
}

bool holds_numbered(const struct trial *trial, const struct value *args, struct miss *miss)
{
    struct str name = value_find_text(args, "list");
    struct str column = value_find_text(args, "column");
    const struct value *rows = trial_value(trial, name);
    int64_t to = trial_number(trial, value_find_c(args, "to"), 0);
    int64_t right = 0;
    if (trial->form_aside && trial_form_has(trial, name))
        return true;
    for (int64_t i = 1; i <= to; i++)
        right += count_having(rows, column, value_int(trial->ctx->arena, i)) == 1;
    int64_t all = rows == NULL ? 0 : (int64_t)rows->count;
    *miss = (struct miss){.field = name,
                          .what = trial_field_words(trial, name),
                          .wanted = to,
                          .found = all,
                          .of_form = trial_form_has(trial, name)};
    return right == to && all == to;
}

bool holds_clean(const struct trial *trial, const struct value *args, struct miss *miss)
{
    struct str name = value_find_text(args, "list");
    struct redact_mark mark;
    if (trial->form_aside && trial_form_has(trial, name))
        return true;
    *miss = (struct miss){.field = name,
                          .what = trial_field_words(trial, name),
                          .of_form = trial_form_has(trial, name)};
    value_each (row, trial_value(trial, name)) {
        miss->wanted++; /* the row, counted from 1 */
        value_each (cell, row)
            if (cell->kind == VALUE_TEXT &&
                redact_is_certain(trial->ctx->arena, cell->text, &mark))
                return false;
    }
    return true;
}

bool holds_distinct(const struct trial *trial, const struct value *args, struct miss *miss)
{
    struct str name = value_find_text(args, "list");
    const struct value *rows = trial_value(trial, name);
    if (trial->form_aside && trial_form_has(trial, name))
        return true;
    *miss = (struct miss){.field = name,
                          .what = trial_field_words(trial, name),
                          .of_form = trial_form_has(trial, name)};
    value_each (row, rows) {
        miss->found++;
        names_each (column, value_find_c(args, "columns")) {
            const struct value *value = value_find(row, column->text);
            if (!value_is_empty(value) && count_having(rows, column->text, value) > 1)
                return false;
        }
    }
    return true;
}
