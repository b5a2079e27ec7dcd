/*
 * Queries and forms: whatever is accepted is clean text under distinct names, and written again it
 * reads as the same.
 */
#include "base/buf.h"
#include "fuzz.h"
#include "kit/form.h"

enum { INPUT_MAX = 64 * 1024 };

static struct str written(struct arena *arena, const struct pairs *form)
{
    struct buf out;
    buf_init(&out, arena, 4 * INPUT_MAX);
    for (size_t i = 0; i < form->len; i++) {
        buf_c(&out, i == 0 ? "" : "&");
        url_part(&out, form->at[i].name);
        buf_char(&out, '=');
        url_part(&out, form->at[i].value);
    }
    must(buf_status(&out) == ST_OK);
    return buf_str(&out);
}

static void judge(struct ctx *ctx, const struct pairs *form)
{
    struct pairs again = {0};
    must(form_parse(ctx, written(ctx->arena, form), FORM_NAMES_ONCE, &again) == ST_OK);
    must(again.len == form->len);
    for (size_t i = 0; i < form->len; i++) {
        must(str_is_clean(form->at[i].name) && str_is_clean(form->at[i].value));
        must(str_eq(form->at[i].name, again.at[i].name));
        must(str_eq(form->at[i].value, again.at[i].value));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena};
    struct pairs form = {0};
    if (size <= INPUT_MAX &&
        form_parse(&ctx, (struct str){(const char *)bytes, size}, FORM_NAMES_ONCE, &form) == ST_OK)
        judge(&ctx, &form);
    return 0;
}
