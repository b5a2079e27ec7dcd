#pragma once
/*
 * A workbook with one sheet, written row by row with constant memory: a merged title, a frozen
 * header with filters, typed columns. Texts are written as texts, whatever they begin with, so none
 * becomes a formula.
 */
#include "base/ctx.h"

enum xlsx_column_kind {
    XLSX_COLUMN_TEXT,
    XLSX_COLUMN_NUMBER,
    XLSX_COLUMN_DATE,
    XLSX_COLUMN_TIME /* a day and a minute of it */
};

struct xlsx_column {
    struct str title;
    enum xlsx_column_kind kind;
    double width; /* characters; 0: 12 */
};

struct xlsx_write_options {
    struct str sheet;                  /* name, at most 31 characters; absent: Sheet1 */
    struct str title;                  /* merged over all columns in row 1; absent: none */
    struct str note;                   /* below the title, merged likewise; absent: none */
    struct str tmp_dir;                /* absent: the system's */
    const struct xlsx_column *columns; /* borrowed until close */
    size_t column_count;               /* 1..SHEET_COLUMN_LIMIT */
};

/* One cell of a row, read by the kind of its column. */
struct xlsx_value {
    struct str text; /* text columns; absent or "": blank */
    int64_t number;  /* number columns */
    bool has_number;
    struct day day; /* date and time columns */
    int minute;     /* time columns: of the day, 0..1439 */
};

struct xlsx_writer;

/* The file appears under `path` complete, at close. Errors: ST_IO sheet.cannot_write {file} */
MUST_USE enum status xlsx_write_open(struct ctx *ctx, const char *path,
                                     const struct xlsx_write_options *options,
                                     struct xlsx_writer **out);

/*
 * `values` has one for each column. A text over Excel's 32767 characters is cut.
 * Errors: ST_LIMIT sheet.too_many_rows {file, part, number}; ST_IO sheet.cannot_write {file}
 */
MUST_USE enum status xlsx_write_row(struct ctx *ctx, struct xlsx_writer *writer,
                                    const struct xlsx_value *values);

/* What is told of the finished table; texts are copied. */
struct xlsx_property {
    const char *name;
    struct str text;
};

/*
 * `text` at the foot of each printed page (its first 200 characters), before the page's number, and the
 * properties in the file's own, for programs. Once, before the close.
 */
void xlsx_write_foot(struct xlsx_writer *writer, struct str text,
                     const struct xlsx_property *properties, size_t count);

/* Ends the file; the writer is gone in any case. */
MUST_USE enum status xlsx_write_close(struct ctx *ctx, struct xlsx_writer *writer);

/* Gives the file up: nothing appears. Takes null. */
void xlsx_write_discard(struct xlsx_writer *writer);
