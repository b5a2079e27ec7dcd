/*
 * JSON: both readers agree, what is accepted survives printing, the canonical form is its own canonical form, and
 * whatever passes strictly passes the same way with decimals allowed.
 */
#include "fuzz.h"
#include "kit/json_int.h"

enum { INPUT_MAX = 256 * 1024, PRINTED_MAX = 8 * INPUT_MAX };

static struct str printed(struct arena *arena, const struct value *value, bool canonical)
{
    struct buf out;
    buf_init(&out, arena, PRINTED_MAX);
    if (canonical)
        json_print_canonical(&out, value);
    else
        json_print(&out, value);
    must(buf_status(&out) == ST_OK);
    return buf_str(&out);
}

static struct value *parsed(struct ctx *ctx, struct str text)
{
    struct value *value;
    must(json_parse(ctx, text, PRINTED_MAX, JSON_STRICT, &value) == ST_OK);
    return value;
}

static void judge(struct ctx *ctx, const struct value *value)
{
    struct value *again = parsed(ctx, printed(ctx->arena, value, false));
    must(value_eq(value, again));
    struct str canonical = printed(ctx->arena, value, true);
    struct value *from_canonical = parsed(ctx, canonical);
    must(str_eq(printed(ctx->arena, from_canonical, true), canonical));
    must(str_eq(printed(ctx->arena, from_canonical, false), canonical));
}

/* What the plain reader takes, the other takes too, and for the same. */
static void hold_readers_together(struct ctx *ctx, struct str text)
{
    struct value *plain, *any;
    if (!str_is_clean(text) || !json_read_plain(ctx->arena, text, &plain))
        return;
    must(json_read_any(ctx, text, JSON_STRICT, &any) == ST_OK);
    must(str_eq(printed(ctx->arena, plain, false), printed(ctx->arena, any, false)));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena};
    struct str text = {(const char *)bytes, size};
    struct value *strict;
    struct value *lenient;
    hold_readers_together(&ctx, text);
    enum status status = json_parse(&ctx, text, INPUT_MAX, JSON_STRICT, &strict);
    must(status == ST_OK || ctx.failure.status == status);
    fail_clear(&ctx);
    if (json_parse(&ctx, text, INPUT_MAX, JSON_DECIMALS_AS_TEXT, &lenient) != ST_OK) {
        must(status != ST_OK);
        return 0;
    }
    if (status == ST_OK)
        must(value_eq(strict, lenient));
    judge(&ctx, lenient);
    return 0;
}
