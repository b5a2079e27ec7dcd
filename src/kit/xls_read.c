/*
 * Old workbooks (BIFF) by freexl, which reads the whole file into memory: the child's limits bound
 * it. It knows no merged blocks.
 */
#include <freexl.h>
#include <stdio.h>
#include <string.h>

#include "base/vec.h"
#include "kit/sheet_int.h"

struct xls {
    const struct sheet_job *job;
    const void *handle;
    struct arena *arena; /* of one row */
};

static void xls_close(struct xls *xls)
{
    if (xls->handle != NULL)
        freexl_close(xls->handle);
}

static enum status broken(struct ctx *ctx, const struct xls *xls, int code)
{
    return sheet_fail(ctx, ST_INVALID, "sheet.broken", xls->job, S(""), code);
}

/* What freexl makes of a text is checked like any other foreign text. */
static void set_text(struct cell *cell, struct arena *arena, const char *text)
{
    struct str s = str_of(text);
    if (s.at != NULL && utf8_is_valid(s))
        cell->text = str_copy(arena, str_part(s, 0, SHEET_CELL_LIMIT));
    cell->kind = cell->text.len == 0 ? CELL_EMPTY : CELL_TEXT;
}

/* freexl writes dates as YYYY-MM-DD and YYYY-MM-DD HH:MM:SS. */
static void set_date(struct cell *cell, struct arena *arena, const char *text)
{
    set_text(cell, arena, text);
    if (!day_parse(str_part(cell->text, 0, 10), &cell->day))
        return;
    cell->kind = CELL_DATE;
    if (cell->text.len >= 16)
        cell->text = str_part(cell->text, 0, str_ends(cell->text, S("00:00:00")) ? 10 : 16);
}

static void set_cell(struct cell *cell, struct arena *arena, const FreeXL_CellValue *value)
{
    *cell = (struct cell){.text = S(""), .day = DAY_NONE, .columns = 1, .rows = 1};
    switch (value->type) {
    case FREEXL_CELL_INT:
        cell->kind = CELL_NUMBER;
        cell->text = str_printf(arena, "%d", value->value.int_value);
        break;
    case FREEXL_CELL_DOUBLE:
        cell->kind = CELL_NUMBER;
        cell->text = sheet_number_text(arena, value->value.double_value);
        break;
    case FREEXL_CELL_TEXT:
    case FREEXL_CELL_SST_TEXT: set_text(cell, arena, value->value.text_value); break;
    case FREEXL_CELL_DATE:
    case FREEXL_CELL_DATETIME: set_date(cell, arena, value->value.text_value); break;
    case FREEXL_CELL_TIME: set_text(cell, arena, value->value.text_value); break;
    }
}

static enum status read_row(struct ctx *ctx, const struct xls *xls, unsigned int at,
                            unsigned int rows, unsigned short columns)
{
    arena_reset(xls->arena);
    VEC(struct cell) cells = {0};
    for (unsigned short column = 0; column < columns; column++) {
        FreeXL_CellValue value;
        int code = freexl_get_cell_value(xls->handle, at, column, &value);
        if (code != FREEXL_OK)
            return broken(ctx, xls, code);
        struct cell cell;
        set_cell(&cell, xls->arena, &value);
        if (column >= SHEET_COLUMN_LIMIT && cell.kind != CELL_EMPTY)
            return sheet_fail(ctx, ST_LIMIT, "sheet.too_many_columns", xls->job, S(""),
                              (int64_t)at + 1);
        if (column < SHEET_COLUMN_LIMIT)
            vec_add(xls->arena, &cells, cell);
    }
    struct sheet_row row = {.number = (int64_t)at + 1,
                            .cells = cells.at,
                            .count = cells.len,
                            .permille = (int)((int64_t)(at + 1) * 1000 / rows)};
    return sheet_hand_row(ctx, xls->job, row);
}

static enum status read_sheet(struct ctx *ctx, const struct xls *xls, unsigned short index)
{
    const char *name = NULL;
    unsigned int rows = 0;
    unsigned short columns = 0;
    int code = freexl_get_worksheet_name(xls->handle, index, &name);
    if (code == FREEXL_OK)
        code = freexl_select_active_worksheet(xls->handle, index);
    if (code == FREEXL_OK)
        code = freexl_worksheet_dimensions(xls->handle, &rows, &columns);
    if (code != FREEXL_OK)
        return broken(ctx, xls, code);
    const struct sheet_visitor *visitor = xls->job->visitor;
    struct str shown = str_of(name);
    struct sheet_info info = {.format = SHEET_XLS, .index = index};
    info.name = shown.at != NULL && str_is_clean(shown) ? shown : S("");
    TRY(visitor->begin(visitor->self, ctx, &info));
    int64_t limit = xls->job->options->row_limit;
    for (unsigned int at = 0; at < rows && (limit == 0 || at < limit); at++)
        TRY(read_row(ctx, xls, at, rows, columns));
    return ST_OK;
}

enum status xls_read(struct ctx *ctx, const struct sheet_job *job)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct xls xls AUTO(xls_close) = {.job = job, .arena = arena};
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", job->fd);
    int code = freexl_open(path, &xls.handle);
    if (code != FREEXL_OK)
        return broken(ctx, &xls, code);
    unsigned int count = 0;
    code = freexl_get_info(xls.handle, FREEXL_BIFF_SHEET_COUNT, &count);
    if (code != FREEXL_OK)
        return broken(ctx, &xls, code);
    if (count > SHEET_COUNT_LIMIT)
        return sheet_fail(ctx, ST_LIMIT, "sheet.too_many_parts", job, S(""), count);
    for (unsigned int i = 0; i < count; i++)
        if (sheet_is_wanted(job, (int)i))
            TRY(read_sheet(ctx, &xls, (unsigned short)i));
    return ST_OK;
}
