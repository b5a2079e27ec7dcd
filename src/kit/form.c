/*
 * The strict reader of queries and forms. Names are looked up while they are added: with the limit
 * on pairs the walk stays short of what reading the body costs.
 */
#include "kit/form.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool needs_decoding(struct str text, bool plus_is_blank)
{
    return str_find_char(text, '%') != SIZE_MAX ||
           (plus_is_blank && str_find_char(text, '+') != SIZE_MAX);
}

bool form_decode(struct arena *arena, struct str text, bool plus_is_blank, struct str *out)
{
    struct str decoded = text;
    if (needs_decoding(text, plus_is_blank)) {
        char *at = arena_alloc(arena, text.len);
        size_t len = 0;
        for (size_t i = 0; i < text.len; i++) {
            char c = text.at[i];
            if (c == '%') {
                int high = i + 2 < text.len ? hex_digit(text.at[i + 1]) : -1;
                int low = i + 2 < text.len ? hex_digit(text.at[i + 2]) : -1;
                if (high < 0 || low < 0)
                    return false;
                c = (char)(high << 4 | low);
                i += 2;
            } else if (c == '+' && plus_is_blank) {
                c = ' ';
            }
            at[len++] = c;
        }
        decoded = (struct str){at, len};
    }
    if (!str_is_clean(decoded))
        return false;
    *out = decoded;
    return true;
}

enum status form_add(struct ctx *ctx, struct pairs *out, enum form_names names, struct str name,
                     struct str value)
{
    if (name.len == 0 || name.len > FORM_NAME_BYTES_MAX)
        return fail(ctx, ST_MALFORMED, "form.name_wrong", NO_ARGS);
    if (out->len >= FORM_PAIRS_MAX)
        return fail(ctx, ST_LIMIT, "form.too_many", ARGS(arg_int("limit", FORM_PAIRS_MAX)));
    if (names == FORM_NAMES_ONCE && pairs_find(out, name).at != NULL)
        return fail(ctx, ST_MALFORMED, "form.twice", ARGS(arg_text("name", name)));
    pairs_add(ctx->arena, out, name, value);
    return ST_OK;
}

static enum status add_piece(struct ctx *ctx, struct pairs *out, enum form_names names,
                             struct str piece)
{
    struct str value = piece, name;
    if (!str_next(&value, '=', &name) || value.at == NULL)
        value = S("");
    if (!form_decode(ctx->arena, name, true, &name) ||
        !form_decode(ctx->arena, value, true, &value))
        return fail(ctx, ST_MALFORMED, "form.not_text", NO_ARGS);
    return form_add(ctx, out, names, name, value);
}

enum status form_parse(struct ctx *ctx, struct str text, enum form_names names, struct pairs *out)
{
    struct str piece;
    while (str_next(&text, '&', &piece))
        if (piece.len > 0)
            TRY(add_piece(ctx, out, names, piece));
    return ST_OK;
}
