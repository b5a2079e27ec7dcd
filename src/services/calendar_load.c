/*
 * The file is ours and small, names of holidays hold no comma: cells are cut at commas, and a
 * quotation mark is refused instead of misread. What strangers send goes through kit/csv.
 */
#include "services/calendar_load.h"

#include "base/vec.h"

enum column { COLUMN_DATE, COLUMN_DAY, COLUMN_NAME, COLUMN_NOTICE, COLUMN_COUNT };
enum { CELLS_MAX = 16 };

static const struct str column_names[COLUMN_COUNT] = {
    [COLUMN_DATE] = STR_INIT("date"),
    [COLUMN_DAY] = STR_INIT("day"),
    [COLUMN_NAME] = STR_INIT("name"),
    [COLUMN_NOTICE] = STR_INIT("notice"),
};

struct sheet_rows {
    struct calendar_row *at;
    size_t len;
    size_t cap;
};

/* Number of cells; more than CELLS_MAX are counted, not kept. */
static size_t cut_cells(struct str line, struct str cells[CELLS_MAX])
{
    size_t count = 0;
    for (struct str cell; str_next(&line, ',', &cell); count++)
        if (count < CELLS_MAX)
            cells[count] = str_trim(cell);
    return count;
}

/* Where each column stands, and how many cells a row has. */
static enum status read_header(struct ctx *ctx, struct str line, size_t at[COLUMN_COUNT],
                               size_t *width)
{
    struct str cells[CELLS_MAX];
    *width = cut_cells(str_trim(line), cells);
    for (size_t column = 0; column < COLUMN_COUNT; column++) {
        size_t i = 0;
        while (i < *width && i < CELLS_MAX && !str_eq_nocase(cells[i], column_names[column]))
            i++;
        if (i >= *width || i >= CELLS_MAX)
            return fail(ctx, ST_INVALID, "calendar.header",
                        ARGS(arg_text("column", column_names[column])));
        at[column] = i;
    }
    return ST_OK;
}

static bool read_row(struct str line, const size_t at[COLUMN_COUNT], size_t width,
                     struct calendar_row *out)
{
    struct str cells[CELLS_MAX];
    if (str_find_char(line, '"') != SIZE_MAX || cut_cells(line, cells) != width)
        return false;
    struct str kind = cells[at[COLUMN_DAY]];
    out->work = str_eq_c(kind, "work");
    out->name = cells[at[COLUMN_NAME]];
    out->notice = cells[at[COLUMN_NOTICE]];
    return (out->work || str_eq_c(kind, "off")) && day_parse(cells[at[COLUMN_DATE]], &out->day);
}

enum status calendar_parse(struct ctx *ctx, struct arena *arena, struct str text,
                           const struct calendar **out)
{
    struct str line = {0};
    size_t at[COLUMN_COUNT];
    size_t width;
    struct sheet_rows rows = {0};
    (void)str_next(&text, '\n', &line);
    TRY(read_header(ctx, line, at, &width));
    for (int number = 2; str_next(&text, '\n', &line); number++) {
        if (str_is_empty(str_trim(line)))
            continue;
        if (rows.len == CALENDAR_ROWS_MAX)
            return fail(ctx, ST_LIMIT, "calendar.too_many_rows",
                        ARGS(arg_int("max", CALENDAR_ROWS_MAX)));
        if (!read_row(line, at, width, vec_push(ctx->arena, &rows)))
            return fail(ctx, ST_INVALID, "calendar.line", ARGS(arg_int("line", number)));
    }
    return calendar_build(ctx, arena, rows.at, rows.len, out);
}

enum status calendar_load(struct ctx *ctx, struct arena *arena, const struct furniture *furniture,
                          struct str name, const struct calendar **out)
{
    struct str path = str_printf(ctx->arena, "data/calendar/%.*s.csv", STR_ARG(name));
    const struct furniture_item *item = furniture_find(furniture, path);
    if (item == NULL)
        return fail(ctx, ST_NOT_FOUND, "calendar.unknown", ARGS(arg_text("name", name)));
    return calendar_parse(ctx, arena, item->bytes, out);
}
