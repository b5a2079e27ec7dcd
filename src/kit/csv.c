/*
 * A record is gathered in one buffer, its cells as offsets; the automaton runs on bytes, since all
 * it looks for is ASCII but the full-width comma, which is found by its first byte.
 */
#include "kit/csv.h"

#include <string.h>

#include "base/buf.h"
#include "base/vec.h"

enum place { CELL_BEGIN, PLAIN, QUOTED, QUOTE_SEEN };
enum { RECORD_LIMIT = 64 * 1024 * 1024, SAMPLE_RECORDS = 200 };

struct csv {
    struct csv_options options;
    csv_row_fn *row;
    void *self;
    struct arena *arena;
    struct buf bytes;
    VEC(size_t) ends; /* end of each finished cell in bytes */
    VEC(struct str) cells;
    enum place place;
    int64_t number;
    size_t begin;  /* of the open cell */
    bool after_cr; /* a LF that follows belongs to it */
    bool full; /* the open cell was cut: what follows is dropped, however short */
    bool cut;
    bool wide;  /* something stood beyond the column limit */
    bool begun; /* the open record has at least one byte */
};

struct csv *csv_new(struct arena *arena, struct csv_options options, csv_row_fn *row, void *self)
{
    must(options.delimiter.len > 0 && options.column_limit > 0);
    struct csv *csv = arena_new_of(arena, struct csv);
    csv->options = options;
    csv->row = row;
    csv->self = self;
    csv->arena = arena;
    buf_init(&csv->bytes, arena, RECORD_LIMIT);
    return csv;
}

static void put(struct csv *csv, const char *at, size_t len)
{
    csv->begun = true;
    if (len == 0 || csv->full)
        return;
    if (csv->ends.len >= csv->options.column_limit) {
        csv->wide = true;
        return;
    }
    size_t used = csv->bytes.len - csv->begin;
    size_t room = csv->options.cell_limit - used;
    if (len > room) {
        csv->cut = csv->full = true;
        while (room > 0 && ((unsigned char)at[room] & 0xC0) == 0x80)
            room--;
        len = room;
    }
    buf_bytes(&csv->bytes, at, len);
    if (buf_status(&csv->bytes) != ST_OK)
        csv->cut = true;
}

static void end_cell(struct csv *csv)
{
    csv->begun = true;
    csv->place = CELL_BEGIN;
    csv->full = false;
    if (csv->ends.len >= csv->options.column_limit)
        return;
    vec_add(csv->arena, &csv->ends, csv->bytes.len);
    csv->begin = csv->bytes.len;
}

static void clear_record(struct csv *csv)
{
    buf_clear(&csv->bytes);
    csv->ends.len = 0;
    csv->cells.len = 0;
    csv->begin = 0;
    csv->cut = csv->full = csv->wide = csv->begun = false;
    csv->place = CELL_BEGIN;
}

static enum status end_record(struct ctx *ctx, struct csv *csv, bool unclosed)
{
    bool empty = !csv->begun;
    if (!empty)
        end_cell(csv);
    csv->number++;
    size_t from = 0;
    for (size_t i = 0; i < csv->ends.len; i++) {
        struct str text = str_part(buf_str(&csv->bytes), from, csv->ends.at[i] - from);
        vec_add(csv->arena, &csv->cells, text);
        from = csv->ends.at[i];
    }
    struct csv_row row = {.number = csv->number,
                          .cells = csv->cells.at,
                          .count = csv->cells.len,
                          .cut = csv->cut,
                          .wide = csv->wide,
                          .unclosed = unclosed};
    enum status status = csv->row(csv->self, ctx, &row);
    clear_record(csv);
    return status;
}

static bool is_delimiter(const struct csv *csv, struct str text, size_t at)
{
    struct str wanted = csv->options.delimiter;
    return text.len - at >= wanted.len && memcmp(text.at + at, wanted.at, wanted.len) == 0;
}

/* How far plain or quoted content runs before something that means anything. */
static size_t run_of(const struct csv *csv, struct str text, size_t at)
{
    char first = csv->options.delimiter.at[0];
    size_t end = at;
    if (csv->place == QUOTED) {
        const char *quote = memchr(text.at + at, '"', text.len - at);
        return quote == NULL ? text.len - at : (size_t)(quote - text.at) - at;
    }
    while (end < text.len && text.at[end] != first && text.at[end] != '\n' && text.at[end] != '\r')
        end++;
    if (end == at && end < text.len && text.at[end] == first && !is_delimiter(csv, text, end))
        end++;
    return end - at;
}

/* What follows content in an unquoted place: the delimiter or a line ending. */
static enum status take_mark(struct ctx *ctx, struct csv *csv, struct str text, size_t *at)
{
    if (is_delimiter(csv, text, *at)) {
        end_cell(csv);
        *at += csv->options.delimiter.len;
        return ST_OK;
    }
    csv->after_cr = text.at[*at] == '\r';
    (*at)++;
    return end_record(ctx, csv, false);
}

enum status csv_feed(struct ctx *ctx, struct csv *csv, struct str text)
{
    size_t at = 0;
    while (at < text.len) {
        char c = text.at[at];
        if (csv->after_cr && c == '\n') {
            csv->after_cr = false;
            at++;
            continue;
        }
        csv->after_cr = false;
        if (c == '"' && csv->place != PLAIN) {
            if (csv->place == QUOTE_SEEN)
                put(csv, "\"", 1);
            csv->begun = true;
            csv->place = csv->place == QUOTED ? QUOTE_SEEN : QUOTED;
            at++;
            continue;
        }
        if (csv->place == QUOTE_SEEN && !is_delimiter(csv, text, at) && c != '\r' && c != '\n')
            csv->place = PLAIN;
        size_t run = csv->place == QUOTE_SEEN ? 0 : run_of(csv, text, at);
        if (run > 0) {
            if (csv->place == CELL_BEGIN)
                csv->place = PLAIN;
            put(csv, text.at + at, run);
            at += run;
            continue;
        }
        TRY(take_mark(ctx, csv, text, &at));
    }
    return ST_OK;
}

enum status csv_finish(struct ctx *ctx, struct csv *csv)
{
    if (!csv->begun)
        return ST_OK;
    return end_record(ctx, csv, csv->place == QUOTED);
}

/* How the records of a sample agree on one delimiter. */
struct tally {
    size_t seen[SAMPLE_RECORDS]; /* delimiters in each record */
    size_t records;
    size_t open; /* in the record being read */
};

static void tally_record(struct tally *tally)
{
    if (tally->records < SAMPLE_RECORDS)
        tally->seen[tally->records++] = tally->open;
    tally->open = 0;
}

static void tally_sample(struct tally *tally, struct str sample, struct str delimiter)
{
    bool quoted = false;
    for (size_t i = 0; i < sample.len; i++) {
        char c = sample.at[i];
        if (c == '"')
            quoted = !quoted;
        else if (!quoted && c == '\n')
            tally_record(tally);
        else if (!quoted && str_starts(str_from(sample, i), delimiter))
            tally->open++;
    }
    if (tally->open > 0)
        tally_record(tally);
}

/* Records that hold the delimiter as often as most do, and at least once. */
static size_t agreement(const struct tally *tally, size_t *often)
{
    size_t best = 0;
    *often = 0;
    for (size_t i = 0; i < tally->records; i++) {
        size_t same = 0;
        for (size_t j = 0; j < tally->records; j++)
            same += tally->seen[j] == tally->seen[i];
        if (tally->seen[i] > 0 && (same > best || (same == best && tally->seen[i] > *often))) {
            best = same;
            *often = tally->seen[i];
        }
    }
    return best;
}

struct str csv_find_delimiter(struct str sample)
{
    static const struct str known[] = {STR_INIT(","), STR_INIT("\t"), STR_INIT(";"), STR_INIT("|"),
                                       STR_INIT("，")};
    struct str chosen = known[0];
    size_t best = 0, best_often = 0;
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        if (known[i].len > 1 && best > 0)
            break;
        struct tally tally = {0};
        size_t often;
        tally_sample(&tally, sample, known[i]);
        size_t same = agreement(&tally, &often);
        if (same > best || (same == best && often > best_often)) {
            chosen = known[i];
            best = same;
            best_often = often;
        }
    }
    return chosen;
}
