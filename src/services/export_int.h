#pragma once
/*
 * Shared by export.c (the walk), export_table.c (columns and cells) and export_sink.c (formats).
 */
#include "kit/xlsx_write.h"
#include "kit/yaml.h"
#include "services/export.h"

enum export_from {
    FROM_SEQ, FROM_ID, FROM_NUMBER, FROM_RECEIVED_NUMBER, FROM_CAMPAIGN, FROM_PROCEDURE, FROM_STATE,
    FROM_REGION, FROM_SOURCE, FROM_BATCH, FROM_TYPES, FROM_TITLE, FROM_DUE, FROM_CREATED,
    FROM_UPDATED, FROM_WAITS, FROM_PRESSING, FROM_FLAGS, FROM_VERSION, FROM_COUNT,
    FROM_IMPORT = FROM_COUNT, /* word: column of a received table */
    FROM_FIELD,               /* word: field of the procedure */
    FROM_MEMBER               /* word: member of a document's row (export_page.c) */
};

enum { EXPORT_COLUMNS_MAX = 256 };

struct export_column {
    struct str name;
    struct words title;
    enum export_from from;
    struct str word;
    int64_t width;
    enum xlsx_column_kind kind;
};

struct export_table {
    struct words title;
    struct words note; /* or absent */
    const struct export_column *columns;
    size_t column_count;
    bool reads_cases; /* some column needs a case's events */
};

MUST_USE enum status export_table_load(struct ctx *ctx, const struct home *home, struct str name,
                                       struct export_table *out);

/* One row as cells, one for each column; texts in ctx->arena or borrowed from the row. */
struct export_row {
    const struct casefile_row *row;
    int64_t seq;
    struct case_view view; /* casefile and engine null unless the table reads cases */
    const struct regime *regime;
    const struct regime_procedure *procedure;
};
void export_cells(struct arena *arena, const struct export_table *table,
                  const struct export_row *row, struct xlsx_value *out);

struct str export_yaml_text(const struct yaml_node *node); /* absent: none */
struct words export_yaml_words(const struct yaml_node *node); /* of members zh and en */

/* ---- where rows go ---- */

struct export_sink;

struct export_heading {
    const char *path;
    const struct export_table *table;
    const struct words_book *words;
    enum lang lang;
    struct str note; /* filled in, or absent */
    bool without_bom;
};

/*
 * How many rows there are and their hash stand at the end: the last line of csv, members `rows` and
 * `sha256` of json, foot of the printed pages and properties of xlsx. The hash is the SHA-256 of
 * "lantian-table-1", a line feed, and each cell as "length:text,", the header's first, row after row:
 * length in bytes of UTF-8, numbers in decimal, days as YYYY-MM-DD, times with HH:MM behind a blank, blanks as "0:,". It is the same in
 * every format.
 */

MUST_USE enum status export_sink_open(struct ctx *ctx, enum export_format format,
                                      const struct export_heading *heading,
                                      struct export_sink **out);
MUST_USE enum status export_sink_row(struct ctx *ctx, struct export_sink *sink,
                                     const struct xlsx_value *cells);
/* The file is there; the sink is gone in any case. */
MUST_USE enum status export_sink_close(struct ctx *ctx, struct export_sink **sink);
void export_sink_cleanup(struct export_sink **sink); /* gives the file up; for AUTO */
