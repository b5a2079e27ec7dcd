/*
 * A csv file as a sheet: read once to learn its encoding, once more for its delimiter and rows.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/vec.h"
#include "kit/charset.h"
#include "kit/csv.h"
#include "kit/sheet_int.h"

enum { PIECE = 64 * 1024, SAMPLE = 256 * 1024, CSV_ROW_LIMIT = 10 * SHEET_ROW_LIMIT };

struct reading {
    const struct sheet_job *job;
    VEC(struct cell) cells;
    struct arena *arena;
    int64_t offset; /* bytes read */
    int64_t rows;
    bool full; /* options->row_limit reached */
};

static enum status read_at(struct ctx *ctx, const struct sheet_job *job, char *piece, size_t size,
                           int64_t offset, size_t *out)
{
    ssize_t got;
    do
        got = pread(job->fd, piece, size, (off_t)offset);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return sheet_fail(ctx, ST_IO, "sheet.read_failed", job, S(""), errno);
    *out = (size_t)got;
    return ST_OK;
}

static enum status find_charset(struct ctx *ctx, const struct sheet_job *job, enum charset *out)
{
    struct charset_probe probe = {0};
    unsigned char piece[PIECE];
    size_t got = 0;
    for (int64_t at = 0;; at += (int64_t)got) {
        TRY(read_at(ctx, job, (char *)piece, sizeof piece, at, &got));
        if (got == 0)
            break;
        charset_probe_feed(&probe, piece, got);
    }
    *out = charset_probe_result(&probe);
    bool wide = *out == CHARSET_UTF16LE || *out == CHARSET_UTF16BE;
    if (probe.nul > 0 && !wide)
        return sheet_fail(ctx, ST_MEDIA, "sheet.not_a_table", job, S(""), 0);
    return ST_OK;
}

static enum row_damage damage_of(const struct csv_row *row)
{
    if (row->unclosed)
        return ROW_UNCLOSED;
    if (row->cut)
        return ROW_CELL_CUT;
    for (size_t i = 0; i < row->count; i++)
        if (str_has(row->cells[i], S("\xEF\xBF\xBD")))
            return ROW_UNDECODABLE;
    return ROW_WHOLE;
}

/* Without the apostrophe that keeps a text from becoming a formula (csv_cell of base/buf.h). */
static struct str unguarded(struct str text)
{
    bool guarded = text.len > 1 && text.at[0] == '\'' && memchr("=+-@\t\r", text.at[1], 6) != NULL;
    return guarded ? str_from(text, 1) : text;
}

static enum status take_row(void *self, struct ctx *ctx, const struct csv_row *row)
{
    struct reading *reading = self;
    const struct sheet_job *job = reading->job;
    int64_t limit = job->options->row_limit;
    if (limit > 0 && row->number > limit) {
        reading->full = true;
        return ST_OK;
    }
    if (row->number > CSV_ROW_LIMIT)
        return sheet_fail(ctx, ST_LIMIT, "sheet.too_many_rows", job, S(""), CSV_ROW_LIMIT);
    if (row->wide)
        return sheet_fail(ctx, ST_LIMIT, "sheet.too_many_columns", job, S(""), row->number);
    reading->cells.len = 0;
    for (size_t i = 0; i < row->count; i++) {
        struct cell *cell = vec_push(reading->arena, &reading->cells);
        struct str text = unguarded(row->cells[i]);
        *cell = (struct cell){.kind = text.len == 0 ? CELL_EMPTY : CELL_TEXT,
                              .text = text,
                              .day = DAY_NONE,
                              .columns = 1,
                              .rows = 1};
    }
    struct sheet_row handed = {.number = row->number,
                               .cells = reading->cells.at,
                               .count = reading->cells.len,
                               .damage = damage_of(row)};
    handed.permille = job->size == 0 ? 1000 : (int)(reading->offset * 1000 / job->size);
    if (handed.permille > 1000)
        handed.permille = 1000;
    return sheet_hand_row(ctx, job, handed);
}

/* The first part of the file as text, for csv_find_delimiter. */
static enum status read_sample(struct ctx *ctx, const struct sheet_job *job, enum charset charset,
                               struct arena *arena, struct str *out)
{
    struct charset_decoder *decoder AUTO(charset_cleanup) = charset_open(arena, charset);
    char *piece = arena_alloc(arena, SAMPLE);
    size_t got;
    TRY(read_at(ctx, job, piece, SAMPLE, 0, &got));
    struct buf text;
    buf_init(&text, arena, 3 * SAMPLE);
    charset_decode(decoder, (struct str){piece, got}, false, &text);
    *out = buf_str(&text);
    return ST_OK;
}

static enum status read_rows(struct ctx *ctx, struct reading *reading, struct csv *csv,
                             struct charset_decoder *decoder)
{
    char piece[PIECE];
    struct buf text;
    buf_init(&text, reading->arena, 4 * PIECE);
    for (;;) {
        size_t got;
        TRY(read_at(ctx, reading->job, piece, sizeof piece, reading->offset, &got));
        reading->offset += (int64_t)got;
        buf_clear(&text);
        charset_decode(decoder, (struct str){piece, got}, got == 0, &text);
        TRY(buf_status(&text));
        TRY(csv_feed(ctx, csv, buf_str(&text)));
        if (got == 0 || reading->full)
            break;
    }
    return reading->full ? ST_OK : csv_finish(ctx, csv);
}

enum status csv_read(struct ctx *ctx, const struct sheet_job *job)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    enum charset charset;
    TRY(find_charset(ctx, job, &charset));
    struct str sample;
    TRY(read_sample(ctx, job, charset, arena, &sample));
    struct sheet_info info = {.format = SHEET_CSV, .encoding = str_of(charset_name(charset))};
    TRY(job->visitor->begin(job->visitor->self, ctx, &info));
    struct reading reading = {.job = job, .arena = arena};
    struct csv_options options = {.delimiter = csv_find_delimiter(sample),
                                  .cell_limit = SHEET_CELL_LIMIT,
                                  .column_limit = SHEET_COLUMN_LIMIT};
    struct csv *csv = csv_new(arena, options, take_row, &reading);
    struct charset_decoder *decoder AUTO(charset_cleanup) = charset_open(arena, charset);
    return read_rows(ctx, &reading, csv, decoder);
}
