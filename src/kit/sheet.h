#pragma once
/*
 * Tables out of foreign files: xlsx, xls and csv behind one visitor, with constant memory.
 *
 * A file is read from its first byte to its last; each sheet is announced, then its rows follow in
 * order. Parsing happens in a child process with limits on memory, time and file size, which sends
 * plain rows back through a pipe: whatever a hostile file does to a parser, the caller gets a
 * status. What the file is, is told by its bytes, never by its name.
 */
#include "base/ctx.h"

enum cell_kind { CELL_EMPTY, CELL_TEXT, CELL_NUMBER, CELL_DATE, CELL_BOOL, CELL_KIND_COUNT };

/* Where a cell stands in a merged block: outside or its first cell, right of the first, below it. */
enum cell_cover { COVER_NONE, COVER_ACROSS, COVER_DOWN, COVER_COUNT };

struct cell {
    enum cell_kind kind;
    enum cell_cover cover; /* a covered cell repeats kind and text (at most 1 KiB) of the first */
    struct str text;       /* clean UTF-8; number: shortest decimal; date: YYYY-MM-DD or with HH:MM;
                              bool: TRUE or FALSE; empty: "" */
    struct day day;        /* CELL_DATE, else DAY_NONE */
    uint32_t columns;      /* extent of the merged block of which this is the first cell, else 1 */
    uint32_t rows;
};

/* What is wrong with a row whose neighbours may be good. */
enum row_damage {
    ROW_WHOLE,
    ROW_UNDECODABLE, /* bytes that are no text in the file's encoding; U+FFFD stands for them */
    ROW_CELL_CUT,    /* a cell longer than SHEET_CELL_LIMIT, cut there */
    ROW_UNCLOSED,    /* csv: a quotation mark that the rest of the file does not close */
    ROW_DAMAGE_COUNT
};

struct sheet_row {
    int64_t number; /* from 1, as the sheet counts; rows without any cell may be left out */
    const struct cell *cells;
    size_t count; /* up to the last cell that is not empty */
    enum row_damage damage;
    int permille; /* of the sheet read so far, 0..1000 */
};

enum sheet_format { SHEET_XLSX, SHEET_XLS, SHEET_CSV, SHEET_FORMAT_COUNT };

struct sheet_info {
    enum sheet_format format;
    struct str name;     /* of the sheet; absent for csv */
    struct str encoding; /* csv: charset_name; else absent */
    int index;           /* from 0 */
    bool hidden;
};

/*
 * What the reader calls; all texts are borrowed for the call. A status other than ST_OK ends the
 * reading and is what sheet_read gives back.
 */
struct sheet_visitor {
    void *self;
    enum status (*begin)(void *self, struct ctx *ctx, const struct sheet_info *info);
    enum status (*row)(void *self, struct ctx *ctx, const struct sheet_row *row);
};

enum {
    SHEET_CELL_LIMIT = 256 * 1024, /* bytes; longer is cut, ROW_CELL_CUT */
    SHEET_COLUMN_LIMIT = 1024,     /* a cell that is not empty further right is ST_LIMIT */
    SHEET_ROW_LIMIT = 1048576,     /* xlsx, xls; csv: ten times as many */
    SHEET_COUNT_LIMIT = 256,       /* sheets of one file */
    SHEET_MERGE_LIMIT = 65536,     /* merged blocks of one sheet */
    SHEET_STALL_MS = 120 * 1000,   /* longest wait for the child's next row */
};
#define SHEET_FILE_LIMIT (INT64_C(512) * 1024 * 1024) /* bytes on disk */

struct sheet_options {
    struct str shown_name; /* of the file, for failures; absent: the path */
    struct str tmp_dir;    /* where an unlinked spill file may stand; absent: /tmp */
    int only_sheet;        /* index + 1 of the one sheet to read; 0: all */
    int64_t row_limit;     /* stop each sheet after so many rows; 0: none */
    bool in_process;       /* no child: for fuzzers and tests */
};

/*
 * Reads the file at `path`. Calls come on the caller's thread, in order.
 *
 * Errors, each naming {file}, most also {part} (part of an archive or sheet) and {number}:
 *   ST_NOT_FOUND  sheet.cannot_open
 *   ST_MEDIA      sheet.not_a_table, sheet.is_html, sheet.encrypted
 *   ST_INVALID    sheet.broken, sheet.part_missing, sheet.part_broken, sheet.doctype
 *   ST_LIMIT      sheet.too_large, sheet.too_many_columns, sheet.too_many_rows,
 *                 sheet.too_many_parts, sheet.too_many_merges, sheet.bomb, sheet.reader_died
 *   ST_IO         sheet.read_failed
 *   whatever the visitor gives back
 */
MUST_USE enum status sheet_read(struct ctx *ctx, const char *path,
                                const struct sheet_options *options,
                                const struct sheet_visitor *visitor);

/* The same for an open file, which stays open and keeps no defined offset. */
MUST_USE enum status sheet_read_fd(struct ctx *ctx, int fd, const struct sheet_options *options,
                                   const struct sheet_visitor *visitor);

/* A number of a cell as text: whole numbers in full, others with 15 significant digits. */
struct str sheet_number_text(struct arena *arena, double number);

/*
 * Excel's day number. The 1900 calendar has a 29 February 1900 that never was; 1904 counts from
 * 1904-01-01 (ISO/IEC 29500-1 §18.17.4). minute_of_day is rounded. false: not a date.
 */
bool sheet_serial_day(double serial, bool from_1904, struct day *out, int *minute_of_day);

/* YYYY-MM-DD, with " HH:MM" when the minute is not 0. */
struct str sheet_day_text(struct arena *arena, struct day day, int minute_of_day);
