/*
 * Two ways that agree: a text fed whole and fed byte by byte gives the same records; and whatever
 * the bytes are, the sheet reader gives clean text or a failure.
 */
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "fuzz.h"
#include "kit/charset.h"
#include "kit/csv.h"
#include "kit/sheet.h"

enum { SEEN_LIMIT = 1 << 22 };

static enum status on_row(void *self, struct ctx *ctx, const struct csv_row *row)
{
    (void)ctx;
    struct buf *seen = self;
    buf_printf(seen, "%lld %d %d %d\n", (long long)row->number, row->cut, row->wide, row->unclosed);
    for (size_t i = 0; i < row->count; i++) {
        buf_i64(seen, (int64_t)row->cells[i].len);
        buf_text(seen, row->cells[i]);
    }
    return ST_OK;
}

/* Steps of one character keep the promise that pieces end between characters. */
static struct str parse(struct arena *arena, struct str text, bool whole)
{
    struct ctx ctx = {.arena = arena};
    struct csv_options options = {csv_find_delimiter(text), 64, 8};
    struct buf *seen = arena_new_of(arena, struct buf);
    buf_init(seen, arena, SEEN_LIMIT);
    struct csv *csv = csv_new(arena, options, on_row, seen);
    if (whole)
        must(csv_feed(&ctx, csv, text) == ST_OK);
    for (size_t at = 0; !whole && at < text.len;) {
        size_t from = at;
        (void)utf8_next(text, &at);
        must(csv_feed(&ctx, csv, str_part(text, from, at - from)) == ST_OK);
    }
    must(csv_finish(&ctx, csv) == ST_OK);
    return buf_str(seen);
}

static enum status on_sheet(void *self, struct ctx *ctx, const struct sheet_info *info)
{
    (void)self;
    (void)ctx;
    (void)info;
    return ST_OK;
}

static enum status on_sheet_row(void *self, struct ctx *ctx, const struct sheet_row *row)
{
    (void)self;
    (void)ctx;
    for (size_t i = 0; i < row->count; i++)
        must(str_is_clean(row->cells[i].text));
    return ST_OK;
}

static void read_file(struct arena *arena, const uint8_t *bytes, size_t size)
{
    struct ctx ctx = {.arena = arena};
    struct sheet_options options = {.in_process = true, .shown_name = S("fuzz")};
    struct sheet_visitor visitor = {NULL, on_sheet, on_sheet_row};
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    must(fd >= 0 && write(fd, bytes, size) == (ssize_t)size);
    if (sheet_read_fd(&ctx, fd, &options, &visitor) != ST_OK)
        must(ctx.failure.status != ST_OK);
    close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    if (size > 2 && bytes[0] == 'P' && bytes[1] == 'K')
        return 0; /* that is fuzz_xlsx's */
    struct charset_decoder *decoder AUTO(charset_cleanup) = charset_open(arena, CHARSET_UTF8);
    struct buf text;
    buf_init(&text, arena, SEEN_LIMIT);
    charset_decode(decoder, (struct str){(const char *)bytes, size}, true, &text);
    must(str_is_clean(buf_str(&text)));
    must(str_eq(parse(arena, buf_str(&text), true), parse(arena, buf_str(&text), false)));
    read_file(arena, bytes, size);
    return 0;
}
