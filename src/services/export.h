#pragma once
/*
 * Lists of cases as files: xlsx, csv, json, of any length with constant memory. Which columns they
 * have is data (data/tables/<name>.yaml, told in its README).
 */
#include "services/case_list.h"
#include "services/home.h"

enum export_format { EXPORT_XLSX, EXPORT_CSV, EXPORT_JSON, EXPORT_FORMAT_COUNT };

bool export_format_parse(struct str name, enum export_format *out); /* "xlsx", "csv", "json" */
const char *export_format_name(enum export_format format);
const char *export_format_media(enum export_format format); /* media type */

/* Borrowed for the call. */
struct export_order {
    const struct home *home;
    const struct world *world;
    struct reader reader;
    const struct actor *actor; /* who looks; null: the program itself, everything */
    const struct value *query; /* the list's filters (CASE_LIST_QUERY); limit and cursor do not count */
    struct str columns;        /* name of a table, or columns of `list` parted by commas; absent: list */
    enum export_format format;
    bool without_bom;          /* csv begins with a byte order mark otherwise, for spreadsheets */
    void (*progress)(void *arg, int64_t rows); /* now and then; may be null */
    void *progress_arg;
};

/*
 * The tables that go out, each {name, label} appended to `out`, by name. The usual one (list) is not
 * among them, nor is one that cannot be read: whoever asks for that is told.
 */
void export_list_tables(struct ctx *ctx, const struct home *home, enum lang lang,
                        struct value *out);

/*
 * Writes what the list shows, in its order (where the query names none: oldest first), as it stands
 * at one moment. csv: RFC 4180, and no cell becomes a formula. json: {"items": [{name: text}]}.
 *
 *   path   appears complete or not at all
 *
 * Errors: ST_MALFORMED  those of case_list_parse
 *         ST_NOT_FOUND  export.unknown_table {name}: neither a table nor columns of the list
 *         ST_INVALID    export.table_wrong {name, line}: an integrator's table cannot be read
 *         ST_LIMIT      sheet.too_many_rows: more than a sheet holds
 *         ST_IO         io.write, sheet.cannot_write
 */
MUST_USE enum status export_write(struct ctx *ctx, struct db_conn *conn,
                                  const struct export_order *order, const char *path,
                                  int64_t *out_rows);
