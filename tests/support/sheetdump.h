#pragma once
/*
 * A visitor that writes what a sheet holds as text, one row a line:
 *
 *   # 表
 *   3: [t:水|2x1] [n:12] [d:2024-06-03] [>水] [v水] []      kind, text, extent; covered cells
 */
#include <stdio.h>

#include "base/buf.h"
#include "kit/sheet.h"

struct sheetdump {
    struct buf text;
    size_t rows;
    enum row_damage damage; /* the last that was not ROW_WHOLE */
};

static inline enum status sheetdump_begin(void *self, struct ctx *ctx,
                                          const struct sheet_info *info)
{
    (void)ctx;
    struct sheetdump *dump = self;
    struct str name = info->format == SHEET_CSV ? info->encoding : info->name;
    buf_printf(&dump->text, "# %.*s%s\n", STR_ARG(name), info->hidden ? " hidden" : "");
    return ST_OK;
}

static inline enum status sheetdump_row(void *self, struct ctx *ctx, const struct sheet_row *row)
{
    (void)ctx;
    struct sheetdump *dump = self;
    dump->rows++;
    if (row->damage != ROW_WHOLE)
        dump->damage = row->damage;
    buf_printf(&dump->text, "%lld:", (long long)row->number);
    for (size_t i = 0; i < row->count; i++) {
        const struct cell *cell = &row->cells[i];
        const char *kinds[] = {"", "t:", "n:", "d:", "b:"};
        const char *covers[] = {kinds[cell->kind], ">", "v"};
        buf_printf(&dump->text, " [%s%.*s", covers[cell->cover], STR_ARG(cell->text));
        if (cell->columns > 1 || cell->rows > 1)
            buf_printf(&dump->text, "|%ux%u", cell->columns, cell->rows);
        buf_char(&dump->text, ']');
    }
    buf_char(&dump->text, '\n');
    return ST_OK;
}
