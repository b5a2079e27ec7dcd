/*
 * The days of a column stand in its case, which is kept folded; what all cells count is one walk of an
 * index.
 */
#include "services/board.h"

#include <stdlib.h>

#include "base/vec.h"
#include "regime/board.h"
#include "services/campaign_choice.h"
#include "services/case_list.h"
#include "store/casefile_tally.h"

enum { CASES_A_PAGE = 500, LINE_PARTS = 1000, SHORT_LINE_DAYS = 366, HEATS = 5 };

struct column {
    const struct casefile_row *row;
    struct day from, to;
};

struct column_list {
    struct column *at;
    size_t len;
    size_t cap;
};

struct drawing {
    struct ctx *ctx;
    struct db_conn *conn;
    const struct world *world;
    const struct reader *reader;
    const struct world_campaign *campaign;
    const struct regime *regime;
    const struct regime_board *board;
    struct casefile_scope scope;
    struct column_list columns;
    struct casefile_row_list regions; /* one row each of the matrix: the first case of its region */
};

/* ---- reading ---- */

static enum status read_rows(const struct drawing *d, const struct regime_procedure *procedure,
                             struct casefile_values states, struct casefile_row_list *out)
{
    const struct casefile_filter filter = {
        .campaigns = {&d->campaign->name, 1},
        .procedures = {&procedure->name, 1},
        .states = states,
        .due_before = INSTANT_NONE,
        .due_after = INSTANT_NONE,
        .scope = d->scope,
    };
    struct casefile_page page = {.sort = CASEFILE_SORT_CREATED, .limit = CASES_A_PAGE};
    *out = (struct casefile_row_list){0};
    do {
        struct casefile_list list = {0};
        TRY(casefile_list(d->ctx, d->conn, &filter, &page, &list));
        for (size_t i = 0; i < list.rows.len; i++)
            vec_add(d->ctx->arena, out, list.rows.at[i]);
        page.cursor = list.next;
    } while (!str_is_empty(page.cursor));
    return ST_OK;
}

static bool read_day(struct arena *arena, const struct casefile *casefile,
                     const struct regime_field *field, struct day *out)
{
    return day_parse(value_find_text(casefile->fields, str_c(arena, field->name)), out);
}

static int by_first_day(const void *a, const void *b)
{
    const struct column *x = a, *y = b;
    if (x->from.v != y->from.v)
        return x->from.v < y->from.v ? -1 : 1;
    return str_compare(x->row->number, y->row->number);
}

/* A case without both days has no place on the line yet. */
static enum status read_columns(struct drawing *d)
{
    struct arena *arena = d->ctx->arena;
    struct casefile_row_list rows;
    TRY(read_rows(d, d->board->columns, (struct casefile_values){0}, &rows));
    for (size_t i = 0; i < rows.len; i++) {
        const struct casefile *casefile;
        struct column column = {.row = &rows.at[i]};
        TRY(world_fold_case(d->ctx, d->world, d->conn, rows.at[i].prefecture, rows.at[i].id,
                            rows.at[i].last_hash, &casefile));
        if (read_day(arena, casefile, d->board->from, &column.from) &&
            read_day(arena, casefile, d->board->to, &column.to) &&
            column.from.v <= column.to.v)
            vec_add(arena, &d->columns, column);
    }
    if (d->columns.len > 0)
        qsort(d->columns.at, d->columns.len, sizeof *d->columns.at, by_first_day);
    return ST_OK;
}

static enum status read_regions(struct drawing *d)
{
    struct casefile_row_list rows;
    TRY(read_rows(d, d->board->rows,
                  (struct casefile_values){d->board->row_states, d->board->row_state_count}, &rows));
    for (size_t i = 0; i < rows.len; i++) {
        bool is_there = false;
        for (size_t j = 0; j < d->regions.len; j++)
            is_there = is_there || str_eq(d->regions.at[j].region, rows.at[i].region);
        if (!is_there)
            vec_add(d->ctx->arena, &d->regions, rows.at[i]);
    }
    return ST_OK;
}

/* ---- the line ---- */

static int32_t line_first(const struct drawing *d)
{
    return d->columns.at[0].from.v;
}

static int32_t line_days(const struct drawing *d)
{
    int32_t last = line_first(d);
    for (size_t i = 0; i < d->columns.len; i++)
        last = d->columns.at[i].to.v > last ? d->columns.at[i].to.v : last;
    return last - line_first(d) + 1;
}

static int64_t line_x(const struct drawing *d, int32_t day)
{
    return (int64_t)(day - line_first(d)) * LINE_PARTS / line_days(d);
}

static struct str state_label(const struct drawing *d, const struct casefile_row *row)
{
    const struct regime_state *state = procedure_find_state(d->board->columns, row->state);
    return state == NULL ? row->state : words_label(d->reader->lang, state->words);
}

static struct str case_url(struct arena *arena, const struct casefile_row *row)
{
    return str_concat(arena, S("/cases/"), casefile_ref_format(arena, row->prefecture, row->id));
}

static void put_column(const struct drawing *d, const struct column *column, struct value *to)
{
    struct arena *arena = d->ctx->arena;
    struct day today = day_of_instant(d->reader->now);
    int64_t x = line_x(d, column->from.v);
    value_put_text(arena, to, "number", column->row->number);
    value_put_text(arena, to, "label", column->row->title);
    value_put_text(arena, to, "from", day_format(arena, column->from));
    value_put_text(arena, to, "to", day_format(arena, column->to));
    value_put_text(arena, to, "state", column->row->state);
    value_put_text(arena, to, "like", column->row->like_state);
    value_put_text(arena, to, "state_label", state_label(d, column->row));
    value_put_text(arena, to, "url", case_url(arena, column->row));
    value_put_bool(arena, to, "is_now", column->from.v <= today.v && today.v <= column->to.v);
    value_put_int(arena, to, "x", x);
    value_put_int(arena, to, "width", line_x(d, column->to.v + 1) - x);
    value_put_int(arena, to, "middle", (x + line_x(d, column->to.v + 1)) / 2);
}

/* A tick for each month that begins on the line, for each quarter of a long one. */
static void put_ticks(const struct drawing *d, struct value *ticks)
{
    struct arena *arena = d->ctx->arena;
    for (int32_t v = line_first(d); v < line_first(d) + line_days(d); v++) {
        struct civil day = day_civil((struct day){v});
        if (day.day != 1 || (line_days(d) > SHORT_LINE_DAYS && day.month % 3 != 1))
            continue;
        struct value *tick = value_append_map(arena, ticks);
        value_put_int(arena, tick, "x", line_x(d, v));
        value_put_text(arena, tick, "label", str_printf(arena, "%04d-%02d", day.year, day.month));
    }
}

static void put_line(const struct drawing *d, struct value *to)
{
    struct arena *arena = d->ctx->arena;
    struct value *list = value_put_list(arena, to, "columns");
    struct value *ticks = value_put_list(arena, to, "ticks");
    struct day today = day_of_instant(d->reader->now);
    value_put_int(arena, to, "columns_n", (int64_t)d->columns.len);
    value_put_bool(arena, to, "has_columns", d->columns.len > 0);
    if (d->columns.len == 0)
        return;
    for (size_t i = 0; i < d->columns.len; i++)
        put_column(d, &d->columns.at[i], value_append_map(arena, list));
    put_ticks(d, ticks);
    if (today.v >= line_first(d) && today.v < line_first(d) + line_days(d))
        value_put_int(arena, to, "now_x", line_x(d, today.v));
}

/* ---- the matrix ---- */

/* Counts of one kind of case: a cell for each region and column, region by region. */
struct matrix {
    const struct regime_procedure *procedure;
    struct casefile_tally_cell *cells;
    int64_t most; /* in one cell; 1 where nothing is counted */
};

/* The row whose region holds this one; SIZE_MAX: none does. */
static size_t find_row(const struct drawing *d, struct str code)
{
    const struct world_region *above[WORLD_REGION_DEPTH_MAX];
    size_t count = world_region_ancestors(d->world, code, above, WORLD_REGION_DEPTH_MAX);
    for (size_t i = 0; i < count; i++)
        for (size_t r = 0; r < d->regions.len; r++)
            if (str_eq(d->regions.at[r].region, above[i]->code))
                return r;
    return SIZE_MAX;
}

/* Of a region within a row; of one that no row holds, nothing. */
static void add_tally(const struct drawing *d, const struct casefile_tally *tally,
                      struct matrix *to)
{
    size_t row = find_row(d, tally->region);
    for (size_t i = 0; i < d->columns.len && row != SIZE_MAX; i++) {
        struct casefile_tally_cell *cell = &to->cells[row * d->columns.len + i];
        cell->count += tally->cells[i].count;
        cell->ended += tally->cells[i].ended;
        to->most = cell->count > to->most ? cell->count : to->most;
    }
}

/* What all cells of the board show, in one walk of the cases. */
static enum status count_cells(const struct drawing *d, struct matrix *matrices)
{
    struct arena *arena = d->ctx->arena;
    struct str *names = arena_alloc_array(arena, d->board->cell_count, sizeof *names);
    struct casefile_span *spans = arena_alloc_array(arena, d->columns.len, sizeof *spans);
    struct casefile_tally_list tallies;
    const struct casefile_filter filter = {
        .campaigns = {&d->campaign->name, 1},
        .procedures = {names, d->board->cell_count},
        .due_before = INSTANT_NONE,
        .due_after = INSTANT_NONE,
        .scope = d->scope,
    };
    for (size_t i = 0; i < d->board->cell_count; i++)
        names[i] = matrices[i].procedure->name;
    for (size_t i = 0; i < d->columns.len; i++)
        spans[i] = (struct casefile_span){true, day_start(d->columns.at[i].from),
                                          day_start(day_add(d->columns.at[i].to, 1))};
    TRY(casefile_tally(d->ctx, d->conn, &filter, spans, d->columns.len, &tallies));
    for (size_t i = 0; i < tallies.len; i++)
        for (size_t m = 0; m < d->board->cell_count; m++)
            if (str_eq(names[m], tallies.at[i].procedure))
                add_tally(d, &tallies.at[i], &matrices[m]);
    return ST_OK;
}

static struct str rows_url(const struct drawing *d, const struct matrix *matrix, struct str region,
                           const struct column *column)
{
    struct arena *arena = d->ctx->arena;
    struct value *query = value_map(arena);
    value_put_text(arena, query, "campaign", d->campaign->name);
    value_put_text(arena, query, "procedure", matrix->procedure->name);
    value_put_text(arena, query, "region", region);
    if (column != NULL) {
        value_put_text(arena, query, "created_after", day_format(arena, column->from));
        value_put_text(arena, query, "created_before", day_format(arena, column->to));
    }
    return case_list_url(arena, "/cases", query, NULL);
}

static void put_cell(const struct drawing *d, const struct matrix *matrix, struct str region,
                     const struct column *column, const struct casefile_tally_cell *cell,
                     struct value *to)
{
    struct arena *arena = d->ctx->arena;
    value_put_int(arena, to, "count", cell->count);
    value_put_int(arena, to, "open", cell->count - cell->ended);
    value_put_int(arena, to, "heat",
                  cell->count == 0 ? 0 : (cell->count * HEATS - 1) / matrix->most + 1);
    value_put_text(arena, to, "url",
                   cell->count == 0 ? S("") : rows_url(d, matrix, region, column));
}

static void put_row(const struct drawing *d, const struct matrix *matrix, size_t row,
                    struct value *to)
{
    struct arena *arena = d->ctx->arena;
    struct str region = d->regions.at[row].region;
    const struct world_region *known = world_find_region(d->world, region);
    struct casefile_tally_cell sum = {0};
    value_put_text(arena, to, "region", region);
    value_put_text(arena, to, "label", known == NULL ? region : known->short_name);
    value_put_text(arena, to, "url", case_url(arena, &d->regions.at[row]));
    struct value *cells = value_put_list(arena, to, "cells");
    for (size_t i = 0; i < d->columns.len; i++) {
        const struct casefile_tally_cell *cell = &matrix->cells[row * d->columns.len + i];
        put_cell(d, matrix, region, &d->columns.at[i], cell, value_append_map(arena, cells));
        sum.count += cell->count;
        sum.ended += cell->ended;
    }
    value_put_int(arena, to, "count", sum.count);
    value_put_int(arena, to, "open", sum.count - sum.ended);
    value_put_text(arena, to, "all_url", rows_url(d, matrix, region, NULL));
}

static void put_totals(const struct drawing *d, const struct matrix *matrix, struct value *totals)
{
    for (size_t i = 0; i < d->columns.len; i++) {
        int64_t count = 0;
        for (size_t row = 0; row < d->regions.len; row++)
            count += matrix->cells[row * d->columns.len + i].count;
        value_put_int(d->ctx->arena, value_append_map(d->ctx->arena, totals), "count", count);
    }
}

static struct matrix new_matrix(const struct drawing *d, const struct regime_board_cell *cell)
{
    size_t count = d->regions.len * d->columns.len;
    struct matrix matrix = {.procedure = cell->procedure, .most = 1};
    matrix.cells = arena_alloc_array(d->ctx->arena, count + 1, sizeof *matrix.cells);
    memset(matrix.cells, 0, (count + 1) * sizeof *matrix.cells);
    return matrix;
}

static void put_matrix(const struct drawing *d, const struct matrix *matrix,
                       struct words words, struct value *to)
{
    struct arena *arena = d->ctx->arena;
    value_put_text(arena, to, "procedure", matrix->procedure->name);
    value_put_text(arena, to, "title", words_label(d->reader->lang, words));
    value_put_int(arena, to, "rows_n", (int64_t)d->regions.len);
    struct value *rows = value_put_list(arena, to, "rows");
    for (size_t i = 0; i < d->regions.len; i++)
        put_row(d, matrix, i, value_append_map(arena, rows));
    put_totals(d, matrix, value_put_list(arena, to, "totals"));
}

static enum status put_matrices(const struct drawing *d, struct value *list)
{
    struct arena *arena = d->ctx->arena;
    const struct regime_board *board = d->board;
    struct matrix *matrices = arena_alloc_array(arena, board->cell_count, sizeof *matrices);
    for (size_t i = 0; i < board->cell_count; i++)
        matrices[i] = new_matrix(d, &board->cells[i]);
    if (board->cell_count > 0)
        TRY(count_cells(d, matrices));
    for (size_t i = 0; i < board->cell_count; i++)
        put_matrix(d, &matrices[i], board->cells[i].words, value_append_map(arena, list));
    return ST_OK;
}

/* ---- the document ---- */

static enum status put_board(struct drawing *d, struct value *to)
{
    struct arena *arena = d->ctx->arena;
    d->columns = (struct column_list){0};
    d->regions = (struct casefile_row_list){0};
    value_put_text(arena, to, "id", d->board->id);
    value_put_text(arena, to, "title", words_label(d->reader->lang, d->board->words));
    value_put_text(arena, to, "clause", d->board->clause);
    TRY(read_columns(d));
    put_line(d, to);
    struct value *matrices = value_put_list(arena, to, "matrices");
    if (d->board->rows == NULL || d->columns.len == 0)
        return ST_OK;
    TRY(read_regions(d));
    return put_matrices(d, matrices);
}

static bool has_boards(const struct regime *regime)
{
    return regime->board_count > 0;
}

enum status board_document(struct ctx *ctx, struct db_conn *conn, const struct world *world,
                           const struct reader *reader, const struct actor *actor,
                           struct str campaign, struct value **out)
{
    struct value *doc = value_map(ctx->arena);
    struct drawing d = {.ctx = ctx, .conn = conn, .world = world, .reader = reader,
                        .scope = case_scope(ctx->arena, world, actor)};
    TRY(campaign_choice_put(ctx, world, reader, campaign, "/boards", has_boards, doc,
                            &d.campaign));
    struct value *items = value_put_list(ctx->arena, doc, "items");
    *out = doc;
    if (d.campaign == NULL)
        return ST_OK;
    TRY(world_load_pack(ctx, world, d.campaign->pack, &d.regime));
    for (size_t i = 0; i < d.regime->board_count; i++) {
        d.board = &d.regime->boards[i];
        TRY(put_board(&d, value_append_map(ctx->arena, items)));
    }
    return ST_OK;
}
