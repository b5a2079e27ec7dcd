/*
 * A small automaton counts whole and broken characters while the file streams by, so the decision
 * needs no second guess later: a table of ASCII rows with one GB18030 name in its last line is still
 * told right. (Counting broken GB18030 tells nothing: Chinese UTF-8 passes for it.) UTF-8 is decoded
 * here, the rest by iconv.
 */
#include "kit/charset.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

enum { WAIT_MAX = 8, OUT_MAX = 4096 };

static const char *const names[CHARSET_COUNT] = {
    [CHARSET_UTF8] = "utf-8",       [CHARSET_UTF8_BOM] = "utf-8-bom", [CHARSET_GB18030] = "gb18030",
    [CHARSET_UTF16LE] = "utf-16le", [CHARSET_UTF16BE] = "utf-16be",
};

#define REPLACEMENT S("\xEF\xBF\xBD")

const char *charset_name(enum charset charset)
{
    must(charset < CHARSET_COUNT);
    return names[charset];
}

/* Expectation after a leading byte (RFC 3629 §4); false: it cannot lead. */
static bool utf8_lead(unsigned char c, int *left, unsigned char *low, unsigned char *high)
{
    *low = 0x80;
    *high = 0xBF;
    *left = 0;
    if (c < 0x80)
        return true;
    if (c < 0xC2 || c > 0xF4)
        return false;
    *left = c < 0xE0 ? 1 : c < 0xF0 ? 2 : 3;
    if (c == 0xE0)
        *low = 0xA0;
    else if (c == 0xED)
        *high = 0x9F;
    else if (c == 0xF0)
        *low = 0x90;
    else if (c == 0xF4)
        *high = 0x8F;
    return true;
}

static void probe_utf8(struct charset_probe *probe, unsigned char c)
{
    if (probe->utf8_left > 0) {
        if (c >= probe->utf8_low && c <= probe->utf8_high) {
            probe->utf8_whole += --probe->utf8_left == 0;
            probe->utf8_low = 0x80;
            probe->utf8_high = 0xBF;
            return;
        }
        probe->utf8_broken++;
        probe->utf8_left = 0;
    }
    if (!utf8_lead(c, &probe->utf8_left, &probe->utf8_low, &probe->utf8_high))
        probe->utf8_broken++;
}

void charset_probe_feed(struct charset_probe *probe, const unsigned char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++, probe->seen++) {
        if (probe->seen < sizeof probe->head)
            probe->head[probe->seen] = bytes[i];
        probe->nul += bytes[i] == 0;
        probe_utf8(probe, bytes[i]);
    }
}

enum charset charset_probe_result(const struct charset_probe *probe)
{
    const unsigned char *head = probe->head;
    if (probe->seen >= 3 && head[0] == 0xEF && head[1] == 0xBB && head[2] == 0xBF)
        return CHARSET_UTF8_BOM;
    if (probe->seen >= 2 && head[0] == 0xFF && head[1] == 0xFE)
        return CHARSET_UTF16LE;
    if (probe->seen >= 2 && head[0] == 0xFE && head[1] == 0xFF)
        return CHARSET_UTF16BE;
    /* GB18030 read as UTF-8 breaks at most characters; a few pairs of bytes pass by accident. */
    if (probe->utf8_broken == 0 || probe->utf8_whole > 4 * probe->utf8_broken)
        return CHARSET_UTF8;
    return CHARSET_GB18030;
}

struct charset_decoder {
    enum charset charset;
    iconv_t handle;
    bool open;
    bool begun;
    char wait[WAIT_MAX]; /* an unfinished character */
    size_t waiting;
};

struct charset_decoder *charset_open(struct arena *arena, enum charset charset)
{
    static const char *const foreign[CHARSET_COUNT] = {[CHARSET_GB18030] = "GB18030",
                                                       [CHARSET_UTF16LE] = "UTF-16LE",
                                                       [CHARSET_UTF16BE] = "UTF-16BE"};
    struct charset_decoder *decoder = arena_new_of(arena, struct charset_decoder);
    decoder->charset = charset;
    if (foreign[charset] != NULL) {
        decoder->handle = iconv_open("UTF-8", foreign[charset]);
        must(decoder->handle != (iconv_t)-1);
        decoder->open = true;
    }
    return decoder;
}

void charset_close(struct charset_decoder *decoder)
{
    if (decoder == NULL || !decoder->open)
        return;
    iconv_close(decoder->handle);
    decoder->open = false;
}

void charset_cleanup(struct charset_decoder **decoder)
{
    charset_close(*decoder);
}

static bool is_kept(unsigned char c)
{
    return c >= 0x20 ? c != 0x7F : c == '\t' || c == '\n' || c == '\r';
}

/* Valid UTF-8 to the sink, without its control characters and leading mark. */
static void put_clean(struct charset_decoder *decoder, struct str text, struct buf *out)
{
    if (!decoder->begun && text.len > 0) {
        decoder->begun = true;
        if (str_starts(text, S("\xEF\xBB\xBF")))
            text = str_from(text, 3);
    }
    size_t from = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (is_kept(c))
            continue;
        buf_bytes(out, text.at + from, i - from);
        buf_text(out, c == 0 ? REPLACEMENT : S(" "));
        from = i + 1;
    }
    buf_bytes(out, text.at + from, text.len - from);
}

/* Length of the valid character at `at`; 0: broken; -1: unfinished. */
static int utf8_step(struct str text, size_t at)
{
    unsigned char low, high;
    int left;
    if (!utf8_lead((unsigned char)text.at[at], &left, &low, &high))
        return 0;
    for (int i = 1; i <= left; i++) {
        if (at + (size_t)i >= text.len)
            return -1;
        unsigned char c = (unsigned char)text.at[at + (size_t)i];
        if (c < low || c > high)
            return 0;
        low = 0x80;
        high = 0xBF;
    }
    return left + 1;
}

/* Gives how many bytes were used up. */
static size_t decode_utf8(struct charset_decoder *decoder, struct str text, bool last,
                          struct buf *out)
{
    size_t from = 0, at = 0;
    while (at < text.len) {
        int step = utf8_step(text, at);
        if (step > 0) {
            at += (size_t)step;
            continue;
        }
        put_clean(decoder, str_part(text, from, at - from), out);
        if (step < 0 && !last)
            return at;
        put_clean(decoder, REPLACEMENT, out);
        from = ++at;
    }
    put_clean(decoder, str_from(text, from), out);
    return text.len;
}

static size_t decode_foreign(struct charset_decoder *decoder, struct str text, bool last,
                             struct buf *out)
{
    size_t unit = decoder->charset == CHARSET_GB18030 ? 1 : 2;
    char *in = (char *)(uintptr_t)text.at; /* iconv's prototype lacks const; it does not write */
    size_t left = text.len;
    while (left > 0) {
        char piece[OUT_MAX];
        char *to = piece;
        size_t room = sizeof piece;
        size_t gone = iconv(decoder->handle, &in, &left, &to, &room);
        put_clean(decoder, (struct str){piece, sizeof piece - room}, out);
        if (gone != (size_t)-1 || errno == E2BIG)
            continue;
        if (errno == EINVAL && !last)
            break;
        put_clean(decoder, REPLACEMENT, out);
        size_t skipped = left < unit ? left : unit;
        in += skipped;
        left -= skipped;
        iconv(decoder->handle, NULL, NULL, NULL, NULL);
    }
    return text.len - left;
}

static size_t decode(struct charset_decoder *decoder, struct str text, bool last, struct buf *out)
{
    if (decoder->open)
        return decode_foreign(decoder, text, last, out);
    return decode_utf8(decoder, text, last, out);
}

void charset_decode(struct charset_decoder *decoder, struct str bytes, bool last, struct buf *out)
{
    /* The character that a piece cut in two is finished in a small buffer of its own. */
    while (decoder->waiting > 0 && (bytes.len > 0 || last)) {
        size_t take =
            bytes.len < WAIT_MAX - decoder->waiting ? bytes.len : WAIT_MAX - decoder->waiting;
        if (take > 1)
            take = 1;
        if (take > 0)
            memcpy(decoder->wait + decoder->waiting, bytes.at, take);
        bytes = str_from(bytes, take);
        size_t len = decoder->waiting + take;
        bool end = last && bytes.len == 0;
        size_t used =
            decode(decoder, (struct str){decoder->wait, len}, end || len == WAIT_MAX, out);
        memmove(decoder->wait, decoder->wait + used, len - used);
        decoder->waiting = len - used;
    }
    size_t used = decode(decoder, bytes, last, out);
    must(bytes.len - used < WAIT_MAX);
    if (used < bytes.len)
        memcpy(decoder->wait, bytes.at + used, bytes.len - used);
    decoder->waiting += bytes.len - used;
}
