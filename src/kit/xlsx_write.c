/*
 * libxlsxwriter in constant memory: rows go to a temporary file of its own as they come, texts
 * inline. It writes to a name beside the wanted one, which takes its place when all is well.
 */
#include "kit/xlsx_write.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/buf.h"
#include "kit/sheet.h"

enum { TEXT_LIMIT = 32767, SHEET_NAME_LIMIT = 31, FOOT_LENGTH_MAX = 200 };

struct xlsx_writer {
    struct arena *arena;
    struct arena *scratch; /* of one row */
    const char *path, *part_path;
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *wrap, *date, *time;
    const struct xlsx_column *columns;
    size_t column_count;
    lxw_row_t row, header;
};

static enum status cannot_write(struct ctx *ctx, const struct xlsx_writer *writer, int why)
{
    return fail(ctx, ST_IO, "sheet.cannot_write",
                ARGS(arg_c("file", writer->path), arg_int("number", why)));
}

static void forget(struct xlsx_writer *writer)
{
    arena_free(writer->scratch);
    arena_free(writer->arena);
}

static lxw_format *bordered(lxw_workbook *book)
{
    lxw_format *format = workbook_add_format(book);
    format_set_border(format, LXW_BORDER_THIN);
    format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
    format_set_text_wrap(format);
    return format;
}

static lxw_format *heading(lxw_workbook *book, double size)
{
    lxw_format *format = workbook_add_format(book);
    format_set_bold(format);
    format_set_font_size(format, size);
    format_set_align(format, LXW_ALIGN_CENTER);
    format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
    format_set_text_wrap(format);
    return format;
}

/* A merged line over all columns, above the header. */
static void write_line(struct xlsx_writer *writer, struct str text, lxw_format *format,
                       double height)
{
    if (text.len == 0)
        return;
    const char *shown = str_c(writer->arena, utf8_prefix(text, TEXT_LIMIT));
    worksheet_set_row(writer->sheet, writer->row, height, NULL);
    if (writer->column_count == 1)
        worksheet_write_string(writer->sheet, writer->row, 0, shown, format);
    else
        worksheet_merge_range(writer->sheet, writer->row, 0, writer->row,
                              (lxw_col_t)(writer->column_count - 1), shown, format);
    writer->row++;
}

static void write_header(struct xlsx_writer *writer)
{
    lxw_format *format = heading(writer->book, 11);
    format_set_border(format, LXW_BORDER_THIN);
    for (size_t i = 0; i < writer->column_count; i++) {
        const struct xlsx_column *column = &writer->columns[i];
        worksheet_write_string(writer->sheet, writer->row, (lxw_col_t)i,
                               str_c(writer->arena, column->title), format);
    }
    writer->header = writer->row++;
    worksheet_freeze_panes(writer->sheet, writer->row, 0);
}

static void prepare(struct xlsx_writer *writer, const struct xlsx_write_options *options)
{
    writer->wrap = bordered(writer->book);
    writer->date = bordered(writer->book);
    format_set_num_format(writer->date, "yyyy-mm-dd");
    writer->time = bordered(writer->book);
    format_set_num_format(writer->time, "yyyy-mm-dd hh:mm");
    for (size_t i = 0; i < writer->column_count; i++) {
        double width = writer->columns[i].width > 0 ? writer->columns[i].width : 12;
        worksheet_set_column(writer->sheet, (lxw_col_t)i, (lxw_col_t)i, width, NULL);
    }
    write_line(writer, options->title, heading(writer->book, 16), 36);
    write_line(writer, options->note, heading(writer->book, 11), 20);
    write_header(writer);
    worksheet_set_landscape(writer->sheet);
    worksheet_set_paper(writer->sheet, 9); /* A4 */
    worksheet_fit_to_pages(writer->sheet, 1, 0);
    worksheet_repeat_rows(writer->sheet, writer->header, writer->header);
}

enum status xlsx_write_open(struct ctx *ctx, const char *path,
                            const struct xlsx_write_options *options, struct xlsx_writer **out)
{
    must(options->column_count > 0 && options->column_count <= SHEET_COLUMN_LIMIT);
    struct arena *arena = arena_new();
    struct xlsx_writer *writer = arena_new_of(arena, struct xlsx_writer);
    writer->arena = arena;
    writer->scratch = arena_new();
    writer->path = str_c(arena, str_of(path));
    writer->part_path = str_c(arena, str_printf(arena, "%s.part", path));
    writer->columns = options->columns;
    writer->column_count = options->column_count;
    /* An own, closed file first: the library reports a wrong path only after all work is done. */
    FILE *file = fopen(writer->part_path, "wbe");
    if (file == NULL || fclose(file) != 0) {
        enum status status = cannot_write(ctx, writer, errno);
        forget(writer);
        return status;
    }
    lxw_workbook_options book = {.constant_memory = LXW_TRUE};
    if (options->tmp_dir.at != NULL)
        book.tmpdir = (char *)(uintptr_t)str_c(arena, options->tmp_dir); /* only read */
    writer->book = workbook_new_opt(writer->part_path, &book);
    struct str sheet = utf8_prefix(options->sheet, SHEET_NAME_LIMIT);
    if (writer->book != NULL)
        writer->sheet =
            workbook_add_worksheet(writer->book, sheet.len == 0 ? NULL : str_c(arena, sheet));
    if (writer->sheet == NULL) {
        enum status status = cannot_write(ctx, writer, errno);
        xlsx_write_discard(writer);
        return status;
    }
    prepare(writer, options);
    *out = writer;
    return ST_OK;
}

static lxw_error write_date(struct xlsx_writer *writer, lxw_col_t column,
                            const struct xlsx_value *value, lxw_format *format)
{
    if (day_is_none(value->day))
        return worksheet_write_blank(writer->sheet, writer->row, column, format);
    struct civil civil = day_civil(value->day);
    lxw_datetime when = {.year = civil.year,
                         .month = civil.month,
                         .day = civil.day,
                         .hour = value->minute / 60,
                         .min = value->minute % 60};
    return worksheet_write_datetime(writer->sheet, writer->row, column, &when, format);
}

static lxw_error write_value(struct xlsx_writer *writer, size_t index,
                             const struct xlsx_value *value)
{
    lxw_col_t column = (lxw_col_t)index;
    enum xlsx_column_kind kind = writer->columns[index].kind;
    if (kind == XLSX_COLUMN_DATE)
        return write_date(writer, column, &(struct xlsx_value){.day = value->day}, writer->date);
    if (kind == XLSX_COLUMN_TIME)
        return write_date(writer, column, value, writer->time);
    if (kind == XLSX_COLUMN_NUMBER && value->has_number)
        return worksheet_write_number(writer->sheet, writer->row, column, (double)value->number,
                                      writer->wrap);
    if (kind == XLSX_COLUMN_NUMBER || value->text.len == 0)
        return worksheet_write_blank(writer->sheet, writer->row, column, writer->wrap);
    const char *text = str_c(writer->scratch, utf8_prefix(value->text, TEXT_LIMIT));
    return worksheet_write_string(writer->sheet, writer->row, column, text, writer->wrap);
}

enum status xlsx_write_row(struct ctx *ctx, struct xlsx_writer *writer,
                           const struct xlsx_value *values)
{
    if (writer->row >= SHEET_ROW_LIMIT)
        return fail(ctx, ST_LIMIT, "sheet.too_many_rows",
                    ARGS(arg_c("file", writer->path), arg_text("part", S("")),
                         arg_int("number", SHEET_ROW_LIMIT)));
    arena_reset(writer->scratch);
    for (size_t i = 0; i < writer->column_count; i++) {
        lxw_error error = write_value(writer, i, &values[i]);
        if (error != LXW_NO_ERROR)
            return cannot_write(ctx, writer, (int)error);
    }
    writer->row++;
    return ST_OK;
}

/* An ampersand begins a code in a page's foot. */
static struct str foot_text(struct arena *arena, struct str text)
{
    struct buf out;
    buf_init(&out, arena, FOOT_LENGTH_MAX * 8 + 32);
    buf_c(&out, "&L");
    text = utf8_prefix(text, FOOT_LENGTH_MAX);
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '&')
            buf_char(&out, '&');
        buf_char(&out, text.at[i]);
    }
    buf_c(&out, "&R&P/&N");
    return buf_str(&out);
}

void xlsx_write_foot(struct xlsx_writer *writer, struct str text,
                     const struct xlsx_property *properties, size_t count)
{
    struct arena *arena = writer->arena;
    worksheet_set_footer(writer->sheet, str_c(arena, foot_text(arena, text)));
    for (size_t i = 0; i < count; i++)
        workbook_set_custom_property_string(writer->book, properties[i].name,
                                            str_c(arena, properties[i].text));
}

enum status xlsx_write_close(struct ctx *ctx, struct xlsx_writer *writer)
{
    lxw_row_t last = writer->row > writer->header + 1 ? writer->row - 1 : writer->header;
    worksheet_autofilter(writer->sheet, writer->header, 0, last,
                         (lxw_col_t)(writer->column_count - 1));
    lxw_error error = workbook_close(writer->book);
    enum status status = ST_OK;
    if (error != LXW_NO_ERROR || rename(writer->part_path, writer->path) != 0) {
        status = cannot_write(ctx, writer, errno);
        (void)unlink(writer->part_path);
    }
    forget(writer);
    return status;
}

void xlsx_write_discard(struct xlsx_writer *writer)
{
    if (writer == NULL)
        return;
    if (writer->book != NULL)
        (void)workbook_close(writer->book);
    (void)unlink(writer->part_path);
    forget(writer);
}
