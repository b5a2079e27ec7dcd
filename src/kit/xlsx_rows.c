/*
 * The rows of one sheet. Merged blocks stand behind the rows in the file, so a first run collects
 * them; both runs hold one row. Cells and rows without their own number follow the one before.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/num.h"
#include "kit/xlsx_book.h"
#include "kit/xlsx_part.h"

enum { MERGE_TEXT_LIMIT = 1024, EXCEL_COLUMNS = 16384 };

/* A merged block, counted from 0 (columns) and 1 (rows), ends included. */
struct merge {
    int64_t first_row, last_row;
    size_t first_column, last_column;
    enum cell_kind kind; /* of its first cell, once that was read */
    struct str text;
    struct day day;
};

struct rows {
    struct xlsx_book *book;
    VEC(struct merge) merges; /* by first row */
    VEC(size_t) active;       /* merges that reach the open row */
    size_t next_merge;
    struct arena *arena; /* of one row */
    struct arena *kept;  /* texts of merges, for the whole sheet */
    VEC(struct cell) cells;
    enum row_damage damage;
    int64_t row;   /* open row, or the last one */
    size_t column; /* of the open cell */
    size_t next_column;
    char type[12]; /* of the open cell: s, str, inlineStr, b, e, d, n */
    enum xlsx_show show;
    struct buf text; /* of the open cell */
    bool in_row, in_cell, in_value, cell_has_inline;
    int phonetic;
    bool seen_data; /* sheetData was there */
};

/* --- where ----------------------------------------------------------------------------------- */

/* "BC23" to 54 and 23; false: no such cell. */
static bool parse_place(struct str text, size_t *column, int64_t *row)
{
    size_t i = 0, number = 0;
    while (i < text.len && i < 4 && text.at[i] >= 'A' && text.at[i] <= 'Z')
        number = number * 26 + (size_t)(text.at[i++] - 'A') + 1;
    if (i == 0 || number > EXCEL_COLUMNS)
        return false;
    *column = number - 1;
    return num_parse_i64(str_from(text, i), 1, SHEET_ROW_LIMIT, row);
}

static void open_merge(struct xlsx_part *part, const char *local, const char **attributes)
{
    struct rows *rows = part->self;
    const char *ref = xlsx_attribute(attributes, "ref");
    struct str last = str_of(ref), first;
    struct merge merge = {.kind = CELL_EMPTY, .text = S(""), .day = DAY_NONE};
    if (strcmp(local, "mergeCell") != 0 || ref == NULL || !str_next(&last, ':', &first) ||
        !parse_place(first, &merge.first_column, &merge.first_row) ||
        !parse_place(last, &merge.last_column, &merge.last_row))
        return;
    if (rows->merges.len >= SHEET_MERGE_LIMIT) {
        xlsx_part_stop(part, sheet_fail(part->ctx, ST_LIMIT, "sheet.too_many_merges", part->job,
                                        part->name, SHEET_MERGE_LIMIT));
        return;
    }
    if (merge.last_row >= merge.first_row && merge.last_column >= merge.first_column &&
        merge.first_column < SHEET_COLUMN_LIMIT)
        vec_add(rows->book->arena, &rows->merges, merge);
}

static int by_first_row(const void *a, const void *b)
{
    const struct merge *x = a, *y = b;
    return x->first_row < y->first_row ? -1 : x->first_row > y->first_row;
}

/* --- cells ----------------------------------------------------------------------------------- */

static struct cell *cell_at(struct rows *rows, size_t column)
{
    while (rows->cells.len <= column) {
        struct cell *cell = vec_push(rows->book->arena, &rows->cells);
        *cell = (struct cell){.text = S(""), .day = DAY_NONE, .columns = 1, .rows = 1};
    }
    return &rows->cells.at[column];
}

static void set_number(struct rows *rows, struct cell *cell, struct str text)
{
    char copy[64];
    if (text.len >= sizeof copy)
        return;
    memcpy(copy, text.at, text.len);
    copy[text.len] = '\0';
    char *end;
    /* The one place for a double: a spreadsheet's number is one, exponent and all. */
    double number = strtod(copy, &end); /* advise: ok, a cell is a double */
    if (end == copy)
        return;
    int minute;
    struct day day;
    cell->kind = CELL_NUMBER;
    cell->text = sheet_number_text(rows->arena, number);
    if (rows->show == XLSX_NUMBER ||
        !sheet_serial_day(number, rows->book->from_1904, &day, &minute))
        return;
    if (number < 1 || rows->show == XLSX_TIME) {
        cell->kind = CELL_TEXT;
        cell->text = str_printf(rows->arena, "%02d:%02d", minute / 60, minute % 60);
        return;
    }
    cell->kind = CELL_DATE;
    cell->day = day;
    cell->text = sheet_day_text(rows->arena, day, minute);
}

/* ISO 8601, the way strict workbooks write dates. */
static void set_iso_date(struct cell *cell, struct str text)
{
    cell->kind = CELL_TEXT;
    cell->text = text;
    if (day_parse(str_part(text, 0, 10), &cell->day)) {
        cell->kind = CELL_DATE;
        cell->text = str_part(text, 0, 10);
    }
}

static bool set_cell(struct rows *rows, struct cell *cell, struct str text)
{
    const char *type = rows->type;
    if (strcmp(type, "s") == 0) {
        int64_t number;
        if (!num_parse_i64(str_trim(text), 0, SPILL_TEXT_LIMIT, &number) ||
            !spill_find(&rows->book->strings, rows->arena, (uint64_t)number, &cell->text))
            return false;
    } else if (strcmp(type, "b") == 0) {
        cell->kind = CELL_BOOL;
        cell->text = str_eq_c(str_trim(text), "0") ? S("FALSE") : S("TRUE");
        return true;
    } else if (strcmp(type, "d") == 0) {
        set_iso_date(cell, str_trim(text));
        return true;
    } else if (type[0] == '\0' || strcmp(type, "n") == 0) {
        set_number(rows, cell, str_trim(text));
        return true;
    } else {
        cell->text = xlsx_unescape(rows->arena, text);
    }
    cell->kind = cell->text.len == 0 ? CELL_EMPTY : CELL_TEXT;
    return true;
}

static void cut_long(struct rows *rows, struct cell *cell)
{
    if (cell->text.len <= SHEET_CELL_LIMIT)
        return;
    size_t len = SHEET_CELL_LIMIT;
    while (len > 0 && ((unsigned char)cell->text.at[len] & 0xC0) == 0x80)
        len--;
    cell->text = str_part(cell->text, 0, len);
    rows->damage = ROW_CELL_CUT;
}

static void end_cell(struct xlsx_part *part, struct rows *rows)
{
    struct str text = buf_str(&rows->text);
    rows->in_cell = false;
    if (text.len == 0)
        return;
    if (rows->column >= SHEET_COLUMN_LIMIT) {
        xlsx_part_stop(part, sheet_fail(part->ctx, ST_LIMIT, "sheet.too_many_columns", part->job,
                                        part->name, rows->row));
        return;
    }
    struct cell *cell = cell_at(rows, rows->column);
    if (!set_cell(rows, cell, text)) {
        xlsx_part_stop(part, sheet_fail(part->ctx, ST_INVALID, "sheet.part_broken", part->job,
                                        part->name, rows->row));
        return;
    }
    cut_long(rows, cell);
}

/* --- merged blocks --------------------------------------------------------------------------- */

static void activate(struct rows *rows)
{
    size_t kept = 0;
    for (size_t i = 0; i < rows->active.len; i++)
        if (rows->merges.at[rows->active.at[i]].last_row >= rows->row)
            rows->active.at[kept++] = rows->active.at[i];
    rows->active.len = kept;
    for (; rows->next_merge < rows->merges.len &&
           rows->merges.at[rows->next_merge].first_row <= rows->row;
         rows->next_merge++)
        if (rows->merges.at[rows->next_merge].last_row >= rows->row)
            vec_add(rows->book->arena, &rows->active, rows->next_merge);
}

static void learn_merge(struct rows *rows, struct merge *merge)
{
    struct cell *cell = cell_at(rows, merge->first_column);
    cell->columns = (uint32_t)(merge->last_column - merge->first_column + 1);
    cell->rows = (uint32_t)(merge->last_row - merge->first_row + 1);
    merge->kind = cell->kind;
    merge->day = cell->day;
    size_t len = cell->text.len < MERGE_TEXT_LIMIT ? cell->text.len : MERGE_TEXT_LIMIT;
    while (len > 0 && len < cell->text.len && ((unsigned char)cell->text.at[len] & 0xC0) == 0x80)
        len--;
    merge->text = str_copy(rows->kept, str_part(cell->text, 0, len));
}

static void cover(struct rows *rows, const struct merge *merge)
{
    size_t last = merge->last_column;
    if (last >= SHEET_COLUMN_LIMIT)
        last = SHEET_COLUMN_LIMIT - 1;
    for (size_t column = merge->first_column; column <= last; column++) {
        bool below = rows->row > merge->first_row;
        if (column == merge->first_column && !below)
            continue;
        struct cell *cell = cell_at(rows, column);
        *cell = (struct cell){.kind = merge->kind,
                              .text = merge->text,
                              .day = merge->day,
                              .cover = below ? COVER_DOWN : COVER_ACROSS,
                              .columns = 1,
                              .rows = 1};
    }
}

static enum status end_row(struct xlsx_part *part, struct rows *rows)
{
    activate(rows);
    for (size_t i = 0; i < rows->active.len; i++) {
        struct merge *merge = &rows->merges.at[rows->active.at[i]];
        if (merge->first_row == rows->row)
            learn_merge(rows, merge);
        cover(rows, merge);
    }
    struct sheet_row row = {.number = rows->row,
                            .cells = rows->cells.at,
                            .count = rows->cells.len,
                            .damage = rows->damage};
    row.permille = part->size <= 0 ? 0 : (int)(part->bytes * 1000 / part->size);
    if (row.permille > 1000 || row.permille < 0)
        row.permille = 1000;
    return sheet_hand_row(part->ctx, part->job, row);
}

/* --- the walk -------------------------------------------------------------------------------- */

static void begin_row(struct xlsx_part *part, struct rows *rows, const char **attributes)
{
    const char *text = xlsx_attribute(attributes, "r");
    int64_t number = rows->row + 1;
    if (text != NULL && num_parse_i64(str_of(text), 1, SHEET_ROW_LIMIT, &number) &&
        number <= rows->row)
        number = rows->row + 1;
    if (number > SHEET_ROW_LIMIT) {
        xlsx_part_stop(part, sheet_fail(part->ctx, ST_LIMIT, "sheet.too_many_rows", part->job,
                                        part->name, number));
        return;
    }
    int64_t limit = part->job->options->row_limit;
    if (limit > 0 && number > limit) {
        xlsx_part_enough(part);
        return;
    }
    arena_reset(rows->arena);
    rows->cells.len = 0;
    rows->damage = ROW_WHOLE;
    rows->row = number;
    rows->next_column = 0;
    rows->in_row = true;
}

static void begin_cell(struct rows *rows, const char **attributes)
{
    const char *place = xlsx_attribute(attributes, "r");
    const char *type = xlsx_attribute(attributes, "t");
    const char *style = xlsx_attribute(attributes, "s");
    int64_t row, number = 0;
    rows->column = rows->next_column;
    if (place != NULL && !parse_place(str_of(place), &rows->column, &row))
        rows->column = EXCEL_COLUMNS; /* beyond every sheet: an error unless it is empty */
    rows->next_column = rows->column + 1;
    rows->type[0] = '\0';
    if (type != NULL && strlen(type) < sizeof rows->type)
        memcpy(rows->type, type, strlen(type) + 1);
    rows->show = XLSX_NUMBER;
    if (style != NULL && num_parse_i64(str_of(style), 0, INT32_MAX, &number) &&
        (size_t)number < rows->book->styles.len)
        rows->show = rows->book->styles.at[number];
    buf_init(&rows->text, rows->arena, SHEET_CELL_LIMIT + 1024);
    rows->in_cell = true;
}

static void open_row(struct xlsx_part *part, const char *local, const char **attributes)
{
    struct rows *rows = part->self;
    if (strcmp(local, "sheetData") == 0)
        rows->seen_data = true;
    else if (strcmp(local, "row") == 0)
        begin_row(part, rows, attributes);
    else if (strcmp(local, "c") == 0 && rows->in_row)
        begin_cell(rows, attributes);
    else if (strcmp(local, "rPh") == 0)
        rows->phonetic++;
    else if (rows->in_cell && strcmp(local, "v") == 0)
        rows->in_value = true;
    else if (rows->in_cell && strcmp(local, "t") == 0)
        rows->in_value = rows->phonetic == 0;
}

static void close_row(struct xlsx_part *part, const char *local)
{
    struct rows *rows = part->self;
    if (strcmp(local, "v") == 0 || strcmp(local, "t") == 0)
        rows->in_value = false;
    else if (strcmp(local, "rPh") == 0)
        rows->phonetic--;
    else if (strcmp(local, "c") == 0 && rows->in_cell)
        end_cell(part, rows);
    else if (strcmp(local, "sheetData") == 0)
        xlsx_part_enough(part);
    if (strcmp(local, "row") != 0 || !rows->in_row)
        return;
    rows->in_row = false;
    enum status status = end_row(part, rows);
    if (status != ST_OK)
        xlsx_part_stop(part, status);
}

static void text_of_row(struct xlsx_part *part, const char *at, int len)
{
    struct rows *rows = part->self;
    if (rows->in_cell && rows->in_value)
        buf_bytes(&rows->text, at, (size_t)len);
}

static enum status missing(struct ctx *ctx, const struct xlsx_book *book, struct str part,
                           enum status status)
{
    if (status != ST_NOT_FOUND || ctx->failure.status != ST_OK)
        return status;
    return sheet_fail(ctx, ST_INVALID, "sheet.part_missing", book->job, part, 0);
}

enum status xlsx_rows_read(struct ctx *ctx, struct xlsx_book *book, struct str name)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct arena *kept AUTO(arena_cleanup) = arena_new();
    struct rows rows = {.book = book, .arena = arena, .kept = kept};
    struct xlsx_part first = {
        .ctx = ctx, .job = book->job, .name = name, .self = &rows, .open = open_merge};
    TRY(missing(ctx, book, name, xlsx_part_read(&first, book->zip)));
    if (rows.merges.len > 0)
        qsort(rows.merges.at, rows.merges.len, sizeof *rows.merges.at, by_first_row);
    struct xlsx_part second = {.ctx = ctx,
                               .job = book->job,
                               .name = name,
                               .self = &rows,
                               .open = open_row,
                               .close = close_row,
                               .text = text_of_row};
    TRY(missing(ctx, book, name, xlsx_part_read(&second, book->zip)));
    if (!rows.seen_data)
        return sheet_fail(ctx, ST_INVALID, "sheet.part_missing", book->job, name, 0);
    return ST_OK;
}
