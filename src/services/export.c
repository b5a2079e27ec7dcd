/*
 * Pages of the list under one unmoving view of the data, each page's memory given back after it.
 */
#include "services/export_int.h"

#include <string.h>

#include "store/batch_rows.h"

enum { CURSOR_MAX = 1024 };

static const struct {
    const char *name;
    const char *media;
} formats[EXPORT_FORMAT_COUNT] = {
    [EXPORT_XLSX] = {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    [EXPORT_CSV] = {"csv", "text/csv; charset=utf-8"},
    [EXPORT_JSON] = {"json", "application/json"},
};

bool export_format_parse(struct str name, enum export_format *out)
{
    for (size_t i = 0; i < EXPORT_FORMAT_COUNT; i++)
        if (str_eq_c(name, formats[i].name)) {
            *out = (enum export_format)i;
            return true;
        }
    return false;
}

const char *export_format_name(enum export_format format)
{
    return formats[format].name;
}

const char *export_format_media(enum export_format format)
{
    return formats[format].media;
}

/* ---- the note of a batch ---- */

static struct str fill(struct arena *arena, struct str text, struct str place, struct str value)
{
    size_t at = str_find(text, place);
    return at == SIZE_MAX ? text
                          : str_printf(arena, "%.*s%.*s%.*s", STR_ARG(str_part(text, 0, at)),
                                       STR_ARG(value), STR_ARG(str_from(text, at + place.len)));
}

/* Absent where the list is not of one batch. */
static enum status make_note(struct ctx *ctx, struct db_conn *conn,
                             const struct export_order *order, const struct export_table *table,
                             const struct casefile_filter *filter, struct str *out)
{
    struct batch_row batch;
    struct str number = filter->batches.count == 1 ? filter->batches.at[0] : (struct str){0};
    struct str campaign;
    struct str note = words_label(order->reader.lang, table->note);
    *out = (struct str){0};
    if (str_is_empty(note) || !str_next(&number, '/', &campaign))
        return ST_OK;
    enum status status = batch_rows_find(ctx, conn, campaign, number, &batch);
    if (status != ST_OK)
        return status == ST_NOT_FOUND ? ST_OK : status;
    const struct arg date = arg_day("date", batch.date);
    note = fill(ctx->arena, note, S("{batch}"), batch.number);
    *out = fill(ctx->arena, note, S("{date}"),
                words_value(ctx->arena, order->reader.words, order->reader.lang, &date));
    return ST_OK;
}

/* ---- the walk ---- */

struct walk {
    struct ctx *ctx;
    struct db_conn *conn;
    const struct export_order *order;
    struct export_table table;
    struct export_sink *sink;
    struct xlsx_value *cells;
    int64_t rows;
};

static void close_walk(struct walk *walk)
{
    export_sink_cleanup(&walk->sink);
}

/* What a case's events say beyond its row. */
static enum status read_case(struct walk *walk, struct export_row *row, struct engine *engine,
                             struct world_view *view, struct casefile *casefile)
{
    const struct casefile_row *of = row->row;
    TRY(ledger_load(walk->ctx, walk->conn, of->prefecture, of->id, casefile));
    view->today = day_of_instant(walk->order->reader.now);
    TRY(world_engine(walk->ctx, walk->order->world, view, of->campaign, of->procedure, of->pack,
                     engine));
    row->view.engine = engine;
    row->view.casefile = casefile;
    return ST_OK;
}

static enum status write_row(struct walk *walk, const struct casefile_row *of)
{
    struct ctx *ctx = walk->ctx;
    struct engine engine;
    struct world_view view;
    struct casefile casefile = {0};
    struct export_row row = {.row = of,
                             .seq = walk->rows + 1,
                             .view = {.reader = walk->order->reader, .world = walk->order->world}};
    TRY(world_load_pack(ctx, walk->order->world, of->pack, &row.regime));
    row.procedure = regime_find_procedure(row.regime, of->procedure);
    if (row.procedure == NULL)
        return fail(ctx, ST_BROKEN, "procedure.unknown", ARGS(arg_text("name", of->procedure)));
    if (walk->table.reads_cases)
        TRY(read_case(walk, &row, &engine, &view, &casefile));
    export_cells(ctx->arena, &walk->table, &row, walk->cells);
    TRY(export_sink_row(ctx, walk->sink, walk->cells));
    walk->rows++;
    return ST_OK;
}

static enum status write_page(struct walk *walk, const struct casefile_filter *filter,
                              struct casefile_page *page)
{
    struct casefile_list list;
    TRY(casefile_list(walk->ctx, walk->conn, filter, page, &list));
    for (size_t i = 0; i < list.rows.len; i++) {
        struct arena_mark mark = arena_mark(walk->ctx->arena);
        TRY(write_row(walk, &list.rows.at[i]));
        arena_return(walk->ctx->arena, mark);
    }
    page->cursor = list.next;
    return ST_OK;
}

/* The cursor outlives its page: it is moved out of the page's memory and back. */
static enum status write_pages(struct walk *walk, const struct casefile_filter *filter,
                               struct casefile_page *page)
{
    char kept[CURSOR_MAX];
    do {
        struct arena_mark mark = arena_mark(walk->ctx->arena);
        TRY(write_page(walk, filter, page));
        must(page->cursor.len <= sizeof kept);
        if (!str_is_empty(page->cursor))
            memcpy(kept, page->cursor.at, page->cursor.len);
        page->cursor.at = kept;
        arena_return(walk->ctx->arena, mark);
        if (walk->order->progress != NULL)
            walk->order->progress(walk->order->progress_arg, walk->rows);
    } while (!str_is_empty(page->cursor));
    return ST_OK;
}

static enum status read_query(struct ctx *ctx, const struct export_order *order,
                              struct casefile_filter *filter, struct casefile_page *page)
{
    TRY(case_list_parse(ctx, order->query, filter, page));
    filter->scope = case_scope(ctx->arena, order->world, order->actor);
    page->limit = CASEFILE_LIST_MAX;
    page->cursor = (struct str){0};
    page->wants_count = false;
    if (value_find_c(order->query, "sort") == NULL) {
        page->sort = CASEFILE_SORT_CREATED;
        page->descending = false;
    }
    return ST_OK;
}

enum status export_write(struct ctx *ctx, struct db_conn *conn, const struct export_order *order,
                         const char *path, int64_t *out_rows)
{
    struct walk walk AUTO(close_walk) = {.ctx = ctx, .conn = conn, .order = order};
    struct casefile_filter filter;
    struct casefile_page page;
    struct tx view AUTO(tx_end) = {0};
    struct export_heading heading = {.path = path,
                                     .table = &walk.table,
                                     .words = order->reader.words,
                                     .lang = order->reader.lang,
                                     .without_bom = order->without_bom};
    TRY(read_query(ctx, order, &filter, &page));
    TRY(export_table_load(ctx, order->home, order->columns, &walk.table));
    TRY(tx_begin_read(ctx, conn, &view));
    TRY(make_note(ctx, conn, order, &walk.table, &filter, &heading.note));
    TRY(export_sink_open(ctx, order->format, &heading, &walk.sink));
    walk.cells = arena_alloc_array(ctx->arena, walk.table.column_count, sizeof *walk.cells);
    TRY(write_pages(&walk, &filter, &page));
    TRY(export_sink_close(ctx, &walk.sink));
    *out_rows = walk.rows;
    return ST_OK;
}
