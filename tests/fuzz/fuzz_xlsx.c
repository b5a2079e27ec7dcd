/*
 * Workbooks: the input is either a zip as it is, or (not beginning with PK) the inner XML of one
 * sheet, wrapped here, since a mutated zip seldom gets as far as its parts. Cells are clean text
 * within the limits, or there is a failure that names the file.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zip.h>

#include "base/buf.h"
#include "fuzz.h"
#include "kit/sheet.h"

static const char book[] =
    "<workbook xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheets>"
    "<sheet name='a' sheetId='1'/></sheets></workbook>";
static const char styles[] =
    "<styleSheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><cellXfs>"
    "<xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='20'/></cellXfs></styleSheet>";
static const char strings[] =
    "<sst "
    "xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><si><t>a</t></si></sst>";

static enum status on_sheet(void *self, struct ctx *ctx, const struct sheet_info *info)
{
    (void)ctx;
    (void)info;
    *(int64_t *)self = 0;
    return ST_OK;
}

static enum status on_row(void *self, struct ctx *ctx, const struct sheet_row *row)
{
    (void)ctx;
    int64_t *last = self;
    must(row->number > *last && row->count <= SHEET_COLUMN_LIMIT);
    *last = row->number;
    for (size_t i = 0; i < row->count; i++) {
        const struct cell *cell = &row->cells[i];
        must(str_is_clean(cell->text) && cell->text.len <= SHEET_CELL_LIMIT);
        must(cell->kind != CELL_DATE || !day_is_none(cell->day));
    }
    return ST_OK;
}

static void add(zip_t *zip, const char *name, const void *bytes, size_t len)
{
    zip_source_t *source = zip_source_buffer(zip, bytes, len, 0);
    zip_int64_t at = zip_file_add(zip, name, source, 0);
    must(at >= 0);
    must(zip_set_file_compression(zip, (zip_uint64_t)at, ZIP_CM_STORE, 0) == 0);
}

/* The sheet's XML as a stored zip, into the open file. */
static void wrap(struct arena *arena, int fd, const uint8_t *bytes, size_t size)
{
    struct buf sheet;
    buf_init(&sheet, arena, size + 256);
    buf_c(&sheet, "<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>");
    buf_bytes(&sheet, bytes, size);
    buf_c(&sheet, "</worksheet>");
    zip_error_t error;
    zip_source_t *to = zip_source_buffer_create(NULL, 0, 0, &error);
    zip_source_keep(to);
    zip_t *zip = zip_open_from_source(to, ZIP_CREATE | ZIP_TRUNCATE, &error);
    must(zip != NULL);
    add(zip, "xl/workbook.xml", book, sizeof book - 1);
    add(zip, "xl/styles.xml", styles, sizeof styles - 1);
    add(zip, "xl/sharedStrings.xml", strings, sizeof strings - 1);
    add(zip, "xl/worksheets/sheet1.xml", sheet.at, sheet.len);
    must(zip_close(zip) == 0);
    must(zip_source_open(to) == 0);
    char piece[4096];
    zip_int64_t got;
    while ((got = zip_source_read(to, piece, sizeof piece)) > 0)
        must(write(fd, piece, (size_t)got) == got);
    zip_source_close(to);
    zip_source_free(to);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena};
    int64_t last = 0;
    struct sheet_options options = {.in_process = true, .shown_name = S("fuzz.xlsx")};
    struct sheet_visitor visitor = {&last, on_sheet, on_row};
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    must(fd >= 0);
    if (size > 2 && bytes[0] == 'P' && bytes[1] == 'K')
        must(write(fd, bytes, size) == (ssize_t)size);
    else
        wrap(arena, fd, bytes, size);
    if (sheet_read_fd(&ctx, fd, &options, &visitor) != ST_OK)
        must(str_eq_c(ctx.failure.reason.args[0].text, "fuzz.xlsx"));
    close(fd);
    return 0;
}
