/*
 * A name in a table is looked up as a template looks it up: in the row, then in what holds the row,
 * outwards to the document. Sinks, hash and foot are those of the lists of cases.
 */
#include "services/export_page.h"

#include "base/buf.h"
#include "base/num.h"
#include "services/export_int.h"

enum { DEPTH_MAX = 6, CELL_LIMIT = 1 << 20, DAY_LEN = sizeof "2026-11-22" - 1 };

static const struct str folder = STR_INIT("data/lists/"), suffix = STR_INIT(".yaml");

/* ---- the table ---- */

struct shape {
    struct str of;   /* path of the page */
    struct str list; /* where its rows stand: "items.rows" */
    struct export_table table;
};

static enum status wrong(struct ctx *ctx, struct str name, int line)
{
    return fail(ctx, ST_INVALID, "export.table_wrong",
                ARGS(arg_text("name", name), arg_int("line", line)));
}

static bool read_kind(struct str text, enum xlsx_column_kind *out)
{
    static const char *const kinds[] = {[XLSX_COLUMN_TEXT] = "text",
                                        [XLSX_COLUMN_NUMBER] = "number",
                                        [XLSX_COLUMN_DATE] = "date",
                                        [XLSX_COLUMN_TIME] = "time"};
    *out = XLSX_COLUMN_TEXT;
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (str_eq_c(text, kinds[i])) {
            *out = (enum xlsx_column_kind)i;
            return true;
        }
    return str_is_empty(text);
}

static bool read_column(const struct yaml_node *node, struct export_column *out)
{
    const struct yaml_node *width = yaml_find(node, "width");
    *out = (struct export_column){.name = export_yaml_text(yaml_find(node, "name")),
                                  .title = export_yaml_words(node),
                                  .from = FROM_MEMBER,
                                  .word = export_yaml_text(yaml_find(node, "from")),
                                  .width = width == NULL ? 0 : width->number};
    if (str_is_empty(out->word))
        out->word = out->name;
    return !str_is_empty(out->name) && !str_is_empty(out->title.zh) &&
           !str_is_empty(out->title.en) &&
           read_kind(export_yaml_text(yaml_find(node, "kind")), &out->kind);
}

static enum status read_shape(struct ctx *ctx, const struct furniture_item *item, struct str name,
                              struct shape *out)
{
    struct yaml_faults faults = {0};
    const struct yaml_node *root = yaml_parse(ctx->arena, item->bytes, &faults);
    if (faults.len > 0)
        return wrong(ctx, name, faults.at[0].line);
    const struct yaml_node *list = yaml_find(root, "columns");
    *out = (struct shape){.of = export_yaml_text(yaml_find(root, "of")),
                          .list = export_yaml_text(yaml_find(root, "list")),
                          .table.title = export_yaml_words(yaml_find(root, "title"))};
    if (!str_starts(out->of, S("/")) || str_is_empty(out->list) ||
        str_is_empty(out->table.title.zh) || str_is_empty(out->table.title.en) || list == NULL ||
        list->kind != YAML_LIST || list->count == 0 || list->count > EXPORT_COLUMNS_MAX)
        return wrong(ctx, name, 1);
    struct export_column *columns = arena_alloc_array(ctx->arena, list->count, sizeof *columns);
    yaml_each (node, list)
        if (!read_column(node, &columns[out->table.column_count++]))
            return wrong(ctx, name, node->line);
    out->table.columns = columns;
    return ST_OK;
}

static enum status find_shape(struct ctx *ctx, const struct furniture *furniture, struct str name,
                              struct shape *out)
{
    struct str path = str_printf(ctx->arena, "%.*s%.*s%.*s", STR_ARG(folder), STR_ARG(name),
                                 STR_ARG(suffix));
    const struct furniture_item *item = furniture_find(furniture, path);
    if (item == NULL)
        return fail(ctx, ST_NOT_FOUND, "export.unknown_table", ARGS(arg_text("name", name)));
    return read_shape(ctx, item, name, out);
}

void export_page_list(struct ctx *ctx, const struct furniture *furniture, struct value *out)
{
    size_t count;
    const struct furniture_item *items = furniture_list(furniture, folder, &count);
    for (size_t i = 0; i < count; i++) {
        struct shape shape;
        struct str name = str_from(items[i].path, folder.len);
        if (!str_ends(name, suffix))
            continue;
        name = str_part(name, 0, name.len - suffix.len);
        if (read_shape(ctx, &items[i], name, &shape) != ST_OK) {
            fail_clear(ctx);
            continue;
        }
        struct value *row = value_append_map(ctx->arena, out);
        value_put_text(ctx->arena, row, "name", name);
        value_put_text(ctx->arena, row, "of", shape.of);
        value_put_text(ctx->arena, row, "zh", shape.table.title.zh);
        value_put_text(ctx->arena, row, "en", shape.table.title.en);
    }
}

enum status export_page_source(struct ctx *ctx, const struct furniture *furniture,
                               struct str name, struct str *out)
{
    struct shape shape;
    TRY(find_shape(ctx, furniture, name, &shape));
    *out = shape.of;
    return ST_OK;
}

/* ---- the walk ---- */

struct export_page {
    struct export_page_order order;
    struct shape shape;
    struct export_sink *sink;
    struct xlsx_value *cells;
    const struct value *around[DEPTH_MAX]; /* the document, what holds the row, the row */
    size_t depth;
    int64_t rows;
};

enum status export_page_open(struct ctx *ctx, const struct export_page_order *order,
                             struct export_page **out)
{
    struct export_page *page = arena_new_of(ctx->arena, struct export_page);
    *page = (struct export_page){.order = *order};
    TRY(find_shape(ctx, order->furniture, order->name, &page->shape));
    const struct export_heading heading = {.path = order->path,
                                           .table = &page->shape.table,
                                           .words = order->words,
                                           .lang = order->lang,
                                           .without_bom = order->without_bom};
    TRY(export_sink_open(ctx, order->format, &heading, &page->sink));
    page->cells =
        arena_alloc_array(ctx->arena, page->shape.table.column_count, sizeof *page->cells);
    *out = page;
    return ST_OK;
}

static struct str word_of(struct arena *arena, const struct export_page *page,
                          const struct value *value)
{
    struct str key = value->flag ? S("word.yes") : S("word.no");
    if (value->kind == VALUE_BOOL)
        return words_format(arena, page->order.words, page->order.lang, key, NO_ARGS);
    if (value->kind == VALUE_INT)
        return str_printf(arena, "%lld", (long long)value->number);
    return value->kind == VALUE_TEXT ? value->text : S("");
}

/* What stands at the path; of a list each, parted by semicolons. */
static void print_path(struct arena *arena, const struct export_page *page,
                       const struct value *value, struct str path, struct buf *out)
{
    struct str name;
    if (value == NULL)
        return;
    if (value->kind == VALUE_LIST) {
        value_each (one, value)
            print_path(arena, page, one, path, out);
    } else if (str_next(&path, '.', &name)) {
        print_path(arena, page, value_find(value, name), path, out);
    } else {
        struct str word = word_of(arena, page, value);
        buf_c(out, out->len > 0 && word.len > 0 ? "; " : "");
        buf_text(out, word);
    }
}

/* From the row outwards, the first that has the path's first name. */
static struct str text_at(struct ctx *ctx, const struct export_page *page, struct str path)
{
    struct buf out;
    struct str rest = path, first;
    buf_init(&out, ctx->arena, CELL_LIMIT);
    (void)str_next(&rest, '.', &first);
    size_t depth = page->depth;
    while (depth > 0 && value_find(page->around[depth - 1], first) == NULL)
        depth--;
    if (depth > 0)
        print_path(ctx->arena, page, page->around[depth - 1], path, &out);
    return buf_status(&out) == ST_OK ? buf_str(&out) : S("");
}

static void read_time(struct str text, struct xlsx_value *out)
{
    struct instant at;
    if (!instant_parse_lenient(text, &at))
        return;
    out->day = day_of_instant(at);
    out->minute = instant_minute_of_day(at);
}

static void fill_cell(struct ctx *ctx, const struct export_page *page,
                      const struct export_column *column, struct xlsx_value *out)
{
    *out = (struct xlsx_value){.day = DAY_NONE};
    struct str text = text_at(ctx, page, column->word);
    if (column->kind == XLSX_COLUMN_NUMBER)
        out->has_number = num_parse_i64(text, -VALUE_INT_MAX, VALUE_INT_MAX, &out->number);
    else if (column->kind == XLSX_COLUMN_DATE && !day_parse(str_part(text, 0, DAY_LEN), &out->day))
        out->day = DAY_NONE;
    else if (column->kind == XLSX_COLUMN_TIME)
        read_time(text, out);
    else if (column->kind == XLSX_COLUMN_TEXT)
        out->text = text;
}

static enum status write_row(struct ctx *ctx, struct export_page *page)
{
    struct arena_mark mark = arena_mark(ctx->arena);
    for (size_t i = 0; i < page->shape.table.column_count; i++)
        fill_cell(ctx, page, &page->shape.table.columns[i], &page->cells[i]);
    TRY(export_sink_row(ctx, page->sink, page->cells));
    arena_return(ctx->arena, mark);
    page->rows++;
    return ST_OK;
}

static enum status walk(struct ctx *ctx, struct export_page *page, const struct value *holder,
                        struct str path)
{
    struct str name;
    must(page->depth < DEPTH_MAX);
    page->around[page->depth++] = holder;
    if (!str_next(&path, '.', &name))
        TRY(write_row(ctx, page));
    else
        value_each (one, value_find(holder, name))
            TRY(walk(ctx, page, one, path));
    page->depth--;
    return ST_OK;
}

enum status export_page_add(struct ctx *ctx, struct export_page *page,
                            const struct value *document)
{
    page->depth = 0;
    return walk(ctx, page, document, page->shape.list);
}

enum status export_page_close(struct ctx *ctx, struct export_page **io_page, int64_t *out_rows)
{
    int64_t rows = (*io_page)->rows;
    enum status status = export_sink_close(ctx, &(*io_page)->sink);
    export_page_cleanup(io_page);
    if (status == ST_OK)
        *out_rows = rows;
    return status;
}

void export_page_cleanup(struct export_page **io_page)
{
    struct export_page *page = *io_page;
    if (page == NULL)
        return;
    *io_page = NULL;
    export_sink_cleanup(&page->sink);
}
