/*
 * Grouping walks the rows once for each row at worst; a page has 500 of them at most.
 */
#include "web/views.h"

#include "base/buf.h"

enum { DAY_LEN = sizeof "2026-11-22" - 1, PARAMETER_MAX_BYTES = 1024 };

static bool is_named(struct str part, const char *name)
{
    struct str head = {0};
    return str_next(&part, '=', &head) && str_eq_c(head, name);
}

struct str views_format_url(struct arena *arena, struct str path, const char *name,
                            struct str value)
{
    struct buf url;
    struct str rest = path, part = {0};
    char joint = '?';
    buf_init(&url, arena, path.len + PARAMETER_MAX_BYTES);
    (void)str_next(&rest, '?', &part);
    buf_text(&url, part);
    while (rest.len > 0 && str_next(&rest, '&', &part)) {
        if (part.len == 0 || is_named(part, name) || is_named(part, "cursor"))
            continue;
        buf_char(&url, joint);
        buf_text(&url, part);
        joint = '&';
    }
    if (value.len > 0) {
        buf_char(&url, joint);
        buf_c(&url, name);
        buf_char(&url, '=');
        buf_text(&url, value);
    }
    return buf_str(&url);
}

static struct value *group_for(struct arena *arena, struct value *groups, struct str key,
                               struct str label)
{
    for (struct value *group = groups->first; group != NULL; group = group->next)
        if (str_eq(value_find_text(group, "key"), key))
            return group;
    struct value *group = value_append_map(arena, groups);
    value_put_text(arena, group, "key", key);
    value_put_text(arena, group, "label", label);
    return group;
}

static void add(struct arena *arena, struct value *group, const struct value *row)
{
    struct value *items = value_list_at(arena, group, "items");
    value_append(items, value_copy(arena, row));
    value_put_int(arena, group, "n", (int64_t)items->count);
}

/* Columns stand in the order of the flow, those without a case are left out by the template. */
static void put_board(struct arena *arena, const struct value *document, struct value *groups)
{
    value_each (filter, value_find_c(document, "filters"))
        if (str_eq_c(value_find_text(filter, "name"), "state"))
            value_each (option, value_find_c(filter, "options"))
                (void)group_for(arena, groups, value_find_text(option, "value"),
                                value_find_text(option, "label"));
    value_each (row, value_find_c(document, "items"))
        add(arena,
            group_for(arena, groups, value_find_text(row, "state"),
                      value_find_text(row, "state_label")),
            row);
}

static struct str day_of(const struct value *row)
{
    return str_part(value_find_text(row, "due"), 0, DAY_LEN);
}

/* The earliest day later than `after`; absent: none. An empty day stands behind all. */
static struct str next_day(const struct value *items, struct str after)
{
    struct str next = {0};
    value_each (row, items) {
        struct str day = day_of(row);
        if (day.len > 0 && str_compare(day, after) > 0 &&
            (next.at == NULL || str_compare(day, next) < 0))
            next = day;
    }
    return next;
}

static void put_calendar(struct arena *arena, const struct value *document, struct value *groups)
{
    const struct value *items = value_find_c(document, "items");
    for (struct str day = next_day(items, S("")); day.at != NULL; day = next_day(items, day))
        (void)group_for(arena, groups, day, day);
    value_each (row, items)
        add(arena, group_for(arena, groups, day_of(row), S("")), row);
}

void views_prepare(struct arena *arena, struct value *document, struct str path)
{
    static const char *const views[] = {"table", "board", "calendar"};
    if (value_is_empty(value_find_c(document, "columns")))
        return;
    struct str asked = value_find_text(value_find_c(document, "query"), "view");
    struct value *urls = value_put_map(arena, document, "view_urls");
    for (size_t i = 0; i < COUNT_OF(views); i++)
        value_put_text(arena, urls, views[i],
                       views_format_url(arena, path, "view", i == 0 ? S("") : str_of(views[i])));
    bool board = str_eq_c(asked, "board"), calendar = str_eq_c(asked, "calendar");
    value_put_bool(arena, document,
                   board      ? "as_board"
                   : calendar ? "as_calendar"
                              : "as_table",
                   true);
    if (!board && !calendar)
        return;
    struct value *groups = value_put_list(arena, document, "groups");
    (board ? put_board : put_calendar)(arena, document, groups);
}
