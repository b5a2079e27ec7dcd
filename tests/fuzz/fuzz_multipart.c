/*
 * Multipart bodies: read whole and read in small pieces they end the same way and show the same
 * parts, and every name is clean. The first line of an input is the Content-Type.
 */
#include "base/buf.h"
#include "fuzz.h"
#include "kit/multipart.h"

enum { INPUT_MAX = 64 * 1024 };

static enum status on_begin(void *user, const struct multipart_part *part)
{
    must(part->name.len > 0 && str_is_clean(part->name) && str_is_clean(part->filename));
    must(str_find_char(part->filename, '/') == SIZE_MAX);
    buf_char(user, '<');
    buf_text(user, part->name);
    buf_char(user, '>');
    return ST_OK;
}

static enum status on_data(void *user, struct str bytes)
{
    must(bytes.len > 0);
    buf_text(user, bytes);
    return ST_OK;
}

static enum status on_end(void *user)
{
    buf_char(user, '.');
    return ST_OK;
}

/* The multipart and what of it was seen, read in pieces that grow from 1 to `largest`. */
static enum status read_body(struct ctx *ctx, struct str boundary, struct str body, size_t largest,
                             struct buf *seen)
{
    struct multipart_sink sink = {on_begin, on_data, on_end, seen};
    struct multipart *reader = multipart_new(ctx, boundary, sink);
    enum status status = ST_OK;
    fail_clear(ctx);
    for (size_t piece = largest < 8 ? 1 : largest; status == ST_OK && body.len > 0;) {
        status = multipart_feed(reader, str_part(body, 0, piece));
        body = str_from(body, piece);
        piece = piece >= largest ? 1 : piece + 1;
        if (largest >= INPUT_MAX)
            piece = largest;
    }
    return status == ST_OK ? multipart_end(reader) : status;
}

static void judge(struct ctx *ctx, struct str boundary, struct str body)
{
    struct buf whole, pieces;
    buf_init(&whole, ctx->arena, 2 * INPUT_MAX);
    buf_init(&pieces, ctx->arena, 2 * INPUT_MAX);
    enum status one = read_body(ctx, boundary, body, INPUT_MAX, &whole);
    must(read_body(ctx, boundary, body, 7, &pieces) == one);
    must(one != ST_OK || str_eq(buf_str(&whole), buf_str(&pieces)));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena};
    struct str body = {(const char *)bytes, size}, type, boundary;
    if (size > 0 && size <= INPUT_MAX && str_next(&body, '\n', &type) && body.at != NULL &&
        multipart_boundary(arena, type, &boundary))
        judge(&ctx, boundary, body);
    return 0;
}
