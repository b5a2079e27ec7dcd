/*
 * The builder doubles inside its arena (the old bytes stay until the arena is reset) and the
 * sinks walk bytes: every character they care about is ASCII, so UTF-8 passes through whole.
 */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void buf_init(struct buf *buf, struct arena *arena, size_t limit_bytes)
{
    *buf = (struct buf){.arena = arena, .limit = limit_bytes};
}

struct str buf_str(const struct buf *buf)
{
    return (struct str){buf->at == NULL ? "" : buf->at, buf->len};
}

enum status buf_status(const struct buf *buf)
{
    return buf->status;
}

void buf_clear(struct buf *buf)
{
    buf->len = 0;
    buf->status = ST_OK;
}

static bool make_room(struct buf *buf, size_t len)
{
    if (buf->status != ST_OK)
        return false;
    if (len > buf->limit - buf->len) {
        buf->status = ST_LIMIT;
        return false;
    }
    if (buf->cap - buf->len >= len)
        return true;
    size_t cap = buf->cap < 128 ? 256 : buf->cap * 2;
    if (cap < buf->len + len)
        cap = buf->len + len;
    char *at = arena_alloc(buf->arena, cap);
    if (buf->len > 0)
        memcpy(at, buf->at, buf->len);
    buf->at = at;
    buf->cap = cap;
    return true;
}

void buf_bytes(struct buf *buf, const void *bytes, size_t len)
{
    if (len == 0 || !make_room(buf, len))
        return;
    memcpy(buf->at + buf->len, bytes, len);
    buf->len += len;
}

void buf_text(struct buf *buf, struct str text)
{
    buf_bytes(buf, text.at, text.len);
}

void buf_char(struct buf *buf, char c)
{
    buf_bytes(buf, &c, 1);
}

void buf_c(struct buf *buf, const char *literal)
{
    buf_bytes(buf, literal, strlen(literal));
}

void buf_i64(struct buf *buf, int64_t value)
{
    char digits[24];
    size_t at = sizeof digits;
    uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
    do
        digits[--at] = (char)('0' + rest % 10);
    while ((rest /= 10) > 0);
    if (value < 0)
        digits[--at] = '-';
    buf_bytes(buf, digits + at, sizeof digits - at);
}

void buf_hex(struct buf *buf, const unsigned char *bytes, size_t len)
{
    static const char digit[] = "0123456789abcdef";
    if (!make_room(buf, len * 2))
        return;
    for (size_t i = 0; i < len; i++) {
        buf->at[buf->len++] = digit[bytes[i] >> 4];
        buf->at[buf->len++] = digit[bytes[i] & 15];
    }
}

void buf_printf(struct buf *buf, const char *format, ...)
{
    char first[256]; /* enough for most, which are printed once only */
    va_list args;
    va_start(args, format);
    int len = vsnprintf(first, sizeof first, format, args);
    va_end(args);
    must(len >= 0);
    if ((size_t)len < sizeof first) {
        buf_bytes(buf, first, (size_t)len);
        return;
    }
    if (!make_room(buf, (size_t)len + 1))
        return;
    va_start(args, format);
    vsnprintf(buf->at + buf->len, (size_t)len + 1, format, args);
    va_end(args);
    buf->len += (size_t)len;
}

void html_text(struct buf *buf, struct str text)
{
    size_t from = 0;
    for (size_t i = 0; i < text.len; i++) {
        const char *entity = NULL;
        switch (text.at[i]) {
        case '&': entity = "&amp;"; break;
        case '<': entity = "&lt;"; break;
        case '>': entity = "&gt;"; break;
        case '"': entity = "&quot;"; break;
        case '\'': entity = "&#39;"; break;
        }
        if (entity == NULL)
            continue;
        buf_bytes(buf, text.at + from, i - from);
        buf_c(buf, entity);
        from = i + 1;
    }
    buf_text(buf, str_from(text, from));
}

void html_attr(struct buf *buf, struct str text)
{
    html_text(buf, text);
}

static void json_escape(struct buf *buf, unsigned char c)
{
    static const char letters[] = {['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f',
                                   ['\r'] = 'r', ['"'] = '"',  ['\\'] = '\\'};
    if (c < sizeof letters && letters[c] != 0) {
        buf_char(buf, '\\');
        buf_char(buf, letters[c]);
    } else {
        buf_printf(buf, "\\u%04x", c);
    }
}

void json_str(struct buf *buf, struct str text)
{
    size_t from = 0;
    buf_char(buf, '"');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        buf_bytes(buf, text.at + from, i - from);
        json_escape(buf, c);
        from = i + 1;
    }
    buf_text(buf, str_from(text, from));
    buf_char(buf, '"');
}

static bool looks_like_formula(struct str text)
{
    return text.len > 0 && strchr("=+-@\t\r", text.at[0]) != NULL;
}

void csv_cell(struct buf *buf, struct str text, bool guard)
{
    bool guarded = guard && looks_like_formula(text);
    bool quoted = guarded;
    for (size_t i = 0; i < text.len && !quoted; i++)
        switch (text.at[i]) {
        case ',':
        case '"':
        case '\r':
        case '\n': quoted = true;
        }
    if (!quoted) {
        buf_text(buf, text);
        return;
    }
    buf_char(buf, '"');
    if (guarded)
        buf_char(buf, '\'');
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '"')
            buf_char(buf, '"');
        buf_char(buf, text.at[i]);
    }
    buf_char(buf, '"');
}

static bool xml_allows(uint32_t code)
{
    return code == '\t' || code == '\n' || code == '\r' ||
           (code >= 0x20 && code != 0xFFFE && code != 0xFFFF);
}

void xml_text(struct buf *buf, struct str text)
{
    size_t from = 0;
    for (size_t at = 0; at < text.len;) {
        size_t start = at;
        uint32_t code = utf8_next(text, &at);
        if (xml_allows(code))
            continue;
        html_text(buf, str_part(text, from, start - from));
        buf_c(buf, "\xEF\xBF\xBD");
        from = at;
    }
    html_text(buf, str_from(text, from));
}

void url_part(struct buf *buf, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                     c == '-' || c == '.' || c == '_' || c == '~';
        if (plain)
            buf_char(buf, (char)c);
        else
            buf_printf(buf, "%%%02X", c);
    }
}
