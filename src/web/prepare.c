/*
 * Tables first: which names must not be looked up further out, and how a column of a list is drawn.
 * Each step takes one member of the document, and does nothing where it is absent.
 */
#include "web/prepare.h"

#include "base/buf.h"
#include "web/fields.h"
#include "web/flow.h"
#include "web/views.h"

enum { TOGGLE_MAX_BYTES = 1024 };

/*
 * Names that templates ask an item for and that would be looked up further out, to the case itself,
 * where the item lacks them.
 */
static const struct {
    const char *list;
    struct str names;
} gaps[] = {
    {"actions",
     STR_INIT("label clause why_not why_clause needs danger due due_text url form refused")},
    {"open_actions",
     STR_INIT("label clause why_not why_clause needs danger due due_text url form refused")},
    {"closed_actions",
     STR_INIT("label clause why_not why_clause needs danger due due_text url form refused")},
    {"deadlines", STR_INIT("label clause due_text left class explain explain_url provisional "
                           "charge_label has_trace")},
    {"documents", STR_INIT("label number issued_text to url reason corrects_number corrected_number receipts scans "
                           "state_label verify_url check_url sha256 may_open may_receive may_change stands issuer_label")},
    {"drafts", STR_INIT("label url")},
    {"inbox", STR_INIT("title url number label issued_text case_url case_number is_opened wants_receipt")},
    {"receipts", STR_INIT("opened_text opened_by received_text received_by name")},
    {"scans", STR_INIT("name url added_text")},
    {"evidence", STR_INIT("name thumb_url taken_text by url is_image is_pdf")},
    {"batches", STR_INIT("date")},
    {"items", STR_INIT("title url number state_label region_label waits_label due_left due_text "
                       "due_class flags pressing action label hash version source clause in_campaign")},
    {"links", STR_INIT("number title url campaign_label state_label like")},
    {"measures", STR_INIT("step_label clause state state_label units left_text left_class proposed_text "
                          "decided_text by reason record record_url follow why")},
    {"mine", STR_INIT("title waits_label due_left due_text due_class flags pressing action in_campaign")},
    {"notices", STR_INIT("url time_text")},
    {"roles_shown", STR_INIT("holders label")},
    {"steps", STR_INIT("label clause why_not why_clause needs")},
    {"waits", STR_INIT("holders label")},
    {"timeline",
     STR_INIT("summary clause recorded_text recorded_later actor_unit hash late answers")},
};

/* A column of the list of cases, and what stands in its cell: a drawing or a text of the row. */
static const struct {
    struct str column;
    const char *drawing; /* flag in the cell, or null */
    const char *text;    /* member of the row, or null */
} cells[] = {
    {STR_INIT("number"), "as_number", NULL},
    {STR_INIT("title"), "as_title", NULL},
    {STR_INIT("state"), "as_state", NULL},
    {STR_INIT("due"), "as_due", NULL},
    {STR_INIT("region"), NULL, "region_label"},
    {STR_INIT("type"), NULL, "types_label"},
    {STR_INIT("types"), NULL, "types_label"},
    {STR_INIT("source"), NULL, "source_label"},
    {STR_INIT("unit"), NULL, "waits_label"},
    {STR_INIT("waits"), NULL, "waits_label"},
    {STR_INIT("campaign"), NULL, "campaign_label"},
    {STR_INIT("procedure"), NULL, "procedure_label"},
    {STR_INIT("batch"), NULL, "batch"},
    {STR_INIT("received_number"), NULL, "received_number"},
    {STR_INIT("created"), NULL, "created_text"},
    {STR_INIT("updated"), NULL, "updated_text"},
};

static struct value *member(struct value *map, struct str key)
{
    if (map == NULL || map->kind != VALUE_MAP)
        return NULL;
    for (struct value *child = map->first; child != NULL; child = child->next)
        if (str_eq(child->key, key))
            return child;
    return NULL;
}

static struct value *first_of(struct value *list)
{
    return list == NULL || list->kind != VALUE_LIST ? NULL : list->first;
}

static struct value *first_in(struct value *map, const char *key)
{
    return first_of(member(map, str_of(key)));
}

static void fill_item(struct arena *arena, struct value *item, struct str names)
{
    struct str name = {0};
    while (item->kind == VALUE_MAP && str_next(&names, ' ', &name))
        if (value_find(item, name) == NULL)
            value_put(item, name, value_null(arena));
}

static void fill_gaps(struct arena *arena, struct value *document)
{
    for (size_t i = 0; i < COUNT_OF(gaps); i++)
        for (struct value *item = first_in(document, gaps[i].list); item != NULL; item = item->next)
            fill_item(arena, item, gaps[i].names);
}

/* has_items for items, and so on; new members go behind the last one that was there. */
static void tell_filled(struct arena *arena, struct value *document)
{
    const struct value *last = document->last;
    for (struct value *child = document->first; child != NULL; child = child->next) {
        if (child->kind == VALUE_LIST && child->count > 0)
            value_put_bool(arena, document, str_concat(arena, S("has_"), child->key).at, true);
        if (child == last)
            return;
    }
}

/* Commands without a pack have no fields in it: templates/part/builtin.html holds their forms. */
static void prepare_builtin(struct arena *arena, struct value *action)
{
    struct value *form = member(action, S("form"));
    struct str command = value_find_text(action, "command");
    if (!value_is_empty(value_find_c(form, "fields")))
        return;
    value_put_bool(arena, action, str_concat(arena, S("builtin_"), command).at, true);
    if (form != NULL && form->kind == VALUE_MAP && str_eq(command, S("add_evidence")))
        value_put_bool(arena, form, "has_file", true);
}

static void prepare_actions(struct arena *arena, struct value *document, const char *list)
{
    for (struct value *action = first_in(document, list); action != NULL; action = action->next) {
        struct str id = value_find_text(action, "form_id");
        fields_prepare(arena, member(action, S("form")),
                       str_is_empty(id) ? value_find_text(action, "command") : id);
        prepare_builtin(arena, action);
    }
}

/* Items of a list may bring forms of their own. */
static void prepare_item_actions(struct arena *arena, struct value *document)
{
    for (struct value *item = first_in(document, "items"); item != NULL; item = item->next)
        if (item->kind == VALUE_MAP)
            prepare_actions(arena, item, "open_actions");
}

static void prepare_clocks(struct arena *arena, struct value *document)
{
    for (struct value *clock = first_in(document, "deadlines"); clock != NULL; clock = clock->next)
        if (!value_is_empty(value_find_c(value_find_c(clock, "explain"), "trace")))
            value_put_bool(arena, clock, "has_trace", true);
}

static bool is_same_act(const struct value *a, const struct value *b)
{
    static const char *const names[] = {"time_text", "command", "actor_name"};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (!str_eq(value_find_text(a, names[i]), value_find_text(b, names[i])))
            return false;
    return true;
}

static void add_part(struct arena *arena, struct value *parts, const struct value *entry,
                     bool alone)
{
    struct value *part = value_append_map(arena, parts);
    bool says_only_done = !alone && str_eq_c(value_find_text(entry, "type"), "noted");
    value_put_text(arena, part, "summary",
                   says_only_done ? S("") : value_find_text(entry, "summary"));
    value_put_text(arena, part, "hash", value_find_text(entry, "hash"));
    value_put_int(arena, part, "seq", value_find_int(entry, "seq", 0));
    const struct value *answers = value_find_c(entry, "answers");
    value_put(part, S("answers"), answers == NULL ? value_null(arena) : value_copy(arena, answers));
}

/* The timeline is newest first; inside an act its entries are told in the order they came. */
static void add_act(struct arena *arena, struct value *acts, const struct value *const *entries,
                    size_t count)
{
    struct value *act = value_copy(arena, entries[0]);
    struct value *parts = value_list(arena);
    for (size_t i = count; i > 0; i--)
        add_part(arena, parts, entries[i - 1], count == 1);
    for (size_t i = 0; i < count; i++)
        if (value_find_bool(entries[i], "late"))
            value_put_bool(arena, act, "late", true);
    value_put(act, S("parts"), parts);
    value_append(acts, act);
}

/* A command leaves several entries in the ledger; a reader sees one act. */
static void prepare_timeline(struct arena *arena, struct value *document)
{
    const struct value *timeline = value_find_c(document, "timeline");
    if (value_is_empty(timeline))
        return;
    struct value *acts = value_put_list(arena, document, "acts");
    const struct value **entries = arena_alloc_array(arena, timeline->count, sizeof *entries);
    size_t count = 0;
    value_each (entry, timeline) {
        if (count > 0 && !is_same_act(entries[0], entry)) {
            add_act(arena, acts, entries, count);
            count = 0;
        }
        entries[count++] = entry;
    }
    add_act(arena, acts, entries, count);
}

static void prepare_shown(struct arena *arena, struct value *document)
{
    static const struct str names = STR_INIT("text url long rows columns empty has_rows");
    for (struct value *field = first_in(document, "fields_shown"); field != NULL;
         field = field->next) {
        fill_item(arena, field, names);
        if (!value_is_empty(value_find_c(field, "rows")))
            value_put_bool(arena, field, "has_rows", true);
    }
}

static void prepare_filters(struct arena *arena, struct value *document)
{
    for (struct value *filter = first_in(document, "filters"); filter != NULL;
         filter = filter->next) {
        struct str kind = value_find_text(filter, "kind");
        bool has_options = !value_is_empty(value_find_c(filter, "options"));
        const char *drawing = has_options              ? "as_choice"
                              : str_eq_c(kind, "date") ? "as_date"
                              : str_eq_c(kind, "bool") ? "as_bool"
                                                       : "as_text";
        fill_item(arena, filter, S("value label options"));
        value_put_bool(arena, filter, drawing, true);
    }
}

static void add_cell(struct arena *arena, struct value *row, const struct value *column)
{
    struct str name = value_find_text(column, "name");
    struct value *cell = value_append_map(arena, value_list_at(arena, row, "cells"));
    value_put_text(arena, cell, "column", name);
    value_put_text(arena, cell, "label", value_find_text(column, "label"));
    value_put_text(arena, cell, "text", S(""));
    for (size_t i = 0; i < COUNT_OF(cells); i++) {
        if (!str_eq(cells[i].column, name))
            continue;
        if (cells[i].drawing != NULL)
            value_put_bool(arena, cell, cells[i].drawing, true);
        else
            value_put_text(arena, cell, "text", value_find_text(row, cells[i].text));
    }
}

/* Columns that a list may show or hide; other lists have fixed ones. */
static void prepare_cells(struct arena *arena, struct value *document)
{
    const struct value *columns = value_find_c(document, "columns");
    for (struct value *row = first_in(document, "items"); row != NULL; row = row->next)
        value_each (column, columns)
            if (value_find_bool(column, "shown"))
                add_cell(arena, row, column);
}

/* ---- regimes: names of states and roles as a reader's words ---- */

static struct str label_of_state(const struct value *procedure, struct str name)
{
    value_each (state, value_find_c(procedure, "states"))
        if (str_eq(value_find_text(state, "name"), name))
            return value_find_text(state, "label");
    return name;
}

static struct str join_labels(struct arena *arena, const struct value *procedure,
                              const struct value *names)
{
    enum { JOINED_MAX_BYTES = 4096 };
    struct buf text;
    buf_init(&text, arena, JOINED_MAX_BYTES);
    value_each (name, names) {
        if (name != names->first)
            buf_c(&text, " / ");
        buf_text(&text, label_of_state(procedure, name->text));
    }
    return buf_str(&text);
}

/* A length that a setting tells is shown as the setting stands; `n` chooses its plural form. */
static void prepare_length(struct arena *arena, const struct value *document,
                           struct value *deadline)
{
    struct str name = value_find_text(deadline, "setting");
    value_each (setting, value_find_c(document, "settings"))
        if (name.len > 0 && str_eq(value_find_text(setting, "name"), name))
            value_put_int(arena, deadline, "length", value_find_int(setting, "value", 0));
    value_put_int(arena, deadline, "n", value_find_int(deadline, "length", 0));
}

static void prepare_procedures(struct arena *arena, struct value *document)
{
    for (struct value *procedure = first_in(document, "procedures"); procedure != NULL;
         procedure = procedure->next) {
        for (struct value *row = first_in(procedure, "commands"); row != NULL; row = row->next) {
            value_put_text(arena, row, "from_text",
                           join_labels(arena, procedure, value_find_c(row, "from")));
            value_put_text(arena, row, "to_text",
                           label_of_state(procedure, value_find_text(row, "to")));
            value_put_text(arena, row, "by_text",
                           join_labels(arena, procedure, value_find_c(row, "by")));
        }
        for (struct value *row = first_in(procedure, "commands"); row != NULL; row = row->next)
            fill_item(arena, row, S("clause"));
        for (struct value *row = first_in(procedure, "deadlines"); row != NULL; row = row->next)
            prepare_length(arena, document, row);
    }
}

/* ---- lists ---- */

/* What the address asks for and no filter shows goes along when the filters are sent. */
static void prepare_kept(struct arena *arena, struct value *document)
{
    struct value *kept = value_list(arena);
    value_each (asked, value_find_c(document, "query")) {
        bool shown = str_eq_c(asked->key, "cursor") || asked->kind != VALUE_TEXT;
        value_each (filter, value_find_c(document, "filters"))
            shown = shown || str_eq(value_find_text(filter, "name"), asked->key);
        if (shown)
            continue;
        struct value *row = value_append_map(arena, kept);
        value_put_text(arena, row, "name", asked->key);
        value_put_text(arena, row, "value", asked->text);
    }
    value_put(document, S("kept"), kept);
}

/* The same list with one column more or less: the chosen ones stand in the address. */
static struct str toggle_url(struct arena *arena, struct str path, const struct value *columns,
                             const struct value *toggled)
{
    struct buf chosen;
    buf_init(&chosen, arena, TOGGLE_MAX_BYTES);
    value_each (column, columns) {
        if (value_find_bool(column, "shown") == (column == toggled))
            continue;
        if (buf_str(&chosen).len > 0)
            buf_char(&chosen, ',');
        url_part(&chosen, value_find_text(column, "name"));
    }
    return views_format_url(arena, path, "columns", buf_str(&chosen));
}

static void prepare_columns(struct arena *arena, struct value *document, struct str path)
{
    const struct value *columns = value_find_c(document, "columns");
    for (struct value *column = first_in(document, "columns"); column != NULL;
         column = column->next)
        if (value_find_c(column, "shown") != NULL) {
            fill_item(arena, column, S("sort_url sorted descending"));
            value_put_text(arena, column, "toggle_url", toggle_url(arena, path, columns, column));
        }
}

/* by_state_bars: {bars: …, max} for by_state, and so on: counts of a batch as bars. */
static void prepare_bars(struct arena *arena, struct value *document)
{
    static const char *const counts[] = {"by_type", "by_region", "by_channel", "by_state"};
    for (size_t i = 0; i < COUNT_OF(counts); i++) {
        const struct value *list = value_find_c(document, counts[i]);
        if (value_is_empty(list))
            continue;
        struct value *bars = value_map(arena);
        value_put(bars, S("bars"), value_copy(arena, list));
        for (struct value *bar = first_in(bars, "bars"); bar != NULL; bar = bar->next)
            fill_item(arena, bar, S("url"));
        value_put_int(arena, bars, "max", value_find_int(document, "rows", 1));
        value_put(document, str_concat(arena, str_of(counts[i]), S("_bars")), bars);
    }
}

/* An import says its state in one word; while it runs, a page without scripts asks again. */
static void prepare_import(struct arena *arena, struct value *document)
{
    struct str state = value_find_text(document, "state");
    const struct value *duplicates = value_find_c(document, "duplicates");
    if (duplicates == NULL)
        return;
    value_put_bool(arena, document, str_concat(arena, S("is_"), state).at, true);
    value_put_bool(arena, document, "may_map", str_eq_c(state, "read"));
    value_put_bool(arena, document, "has_refused", value_find_int(document, "refused", 0) > 0);
    value_put_int(arena, document, "duplicate_count", (int64_t)duplicates->count);
    if (str_eq_c(state, "committing"))
        value_put_int(arena, document, "refresh_seconds", 2);
    for (struct value *one = first_in(document, "duplicates"); one != NULL; one = one->next)
        fill_item(arena, one, S("of_url"));
}

static void light(struct arena *arena, struct value *owner, const struct value *passed,
                  struct str state)
{
    const struct value *drawing = value_find_c(owner, "graph_svg");
    if (drawing == NULL || drawing->kind != VALUE_TEXT || !drawing->markup)
        return;
    size_t count = passed == NULL ? 0 : passed->count, n = 0;
    struct str *names = arena_alloc_array(arena, count + 1, sizeof *names);
    value_each (name, passed)
        names[n++] = name->text;
    struct str lit = flow_light(arena, drawing->text, state, names, n);
    value_put(owner, S("graph_svg"), value_markup(arena, lit));
}

static void prepare_drawings(struct arena *arena, struct value *document)
{
    light(arena, document, value_find_c(document, "passed"), value_find_text(document, "state"));
    for (struct value *procedure = first_in(document, "procedures"); procedure != NULL;
         procedure = procedure->next)
        light(arena, procedure, NULL, (struct str){0});
}

void prepare_document(struct arena *arena, struct value *document, struct str path)
{
    prepare_drawings(arena, document);
    tell_filled(arena, document);
    fill_gaps(arena, document);
    prepare_actions(arena, document, "open_actions");
    prepare_actions(arena, document, "closed_actions");
    prepare_item_actions(arena, document);
    fields_prepare(arena, member(document, S("form")), S("form"));
    prepare_timeline(arena, document);
    prepare_shown(arena, document);
    prepare_filters(arena, document);
    prepare_kept(arena, document);
    prepare_columns(arena, document, path);
    views_prepare(arena, document, path);
    prepare_cells(arena, document);
    prepare_clocks(arena, document);
    prepare_procedures(arena, document);
    prepare_bars(arena, document);
    prepare_import(arena, document);
}
