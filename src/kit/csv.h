#pragma once
/*
 * Comma-separated text, read piece by piece (RFC 4180, leniently): any line ending, quoted cells
 * with line breaks, a quotation mark inside an unquoted cell, rows of any length. The text is clean
 * UTF-8 already (kit/charset); pieces end between characters.
 */
#include "base/ctx.h"

struct csv_row {
    int64_t number;          /* records from 1, empty lines too */
    const struct str *cells; /* borrowed for the call */
    size_t count;
    bool cut;      /* a cell went over the limit and was cut */
    bool wide;     /* something stood beyond the column limit and was dropped */
    bool unclosed; /* the text ended inside quotation marks */
};

typedef enum status csv_row_fn(void *self, struct ctx *ctx, const struct csv_row *row);

struct csv_options {
    struct str delimiter; /* one character; see csv_find_delimiter */
    size_t cell_limit;    /* bytes; the rest of a longer cell is dropped */
    size_t column_limit;  /* cells further right are dropped */
};

struct csv;

/* Lives in the arena, where one record at a time is kept. */
struct csv *csv_new(struct arena *arena, struct csv_options options, csv_row_fn *row, void *self);

/* Errors: whatever the row function gives back. */
MUST_USE enum status csv_feed(struct ctx *ctx, struct csv *csv, struct str text);

/* The last record, where no line ending closed it. */
MUST_USE enum status csv_finish(struct ctx *ctx, struct csv *csv);

/*
 * The delimiter of a text by its first records: the one of comma, tab, semicolon and bar that most
 * records hold equally often; the full-width comma only where none of these occurs. A comma where
 * nothing tells.
 */
struct str csv_find_delimiter(struct str sample);
