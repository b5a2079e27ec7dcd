/*
 * Bytes go through a window of fixed size. In a body everything up to the last bytes that could
 * begin a delimiter is handed on; heads must fit the window whole. The delimiter is CRLF "--"
 * boundary; the very first one lacks its CRLF, which is why the window starts with one.
 */
#include "kit/multipart.h"

#include <string.h>

enum { WINDOW_BYTES = 32 * 1024, BOUNDARY_BYTES_MAX = 70, NAME_BYTES_MAX = 200 };

enum place {
    PLACE_START,     /* before the first delimiter */
    PLACE_DELIMITER, /* right behind a delimiter: CRLF goes on, "--" ends */
    PLACE_HEAD,
    PLACE_BODY,
    PLACE_END, /* behind the closing delimiter: at most one CRLF */
};

struct multipart {
    struct ctx *ctx;
    struct multipart_sink sink;
    struct str delimiter;
    enum place place;
    int parts;
    size_t end_bytes;
    size_t from; /* window[from..to) is not yet read */
    size_t to;
    char window[WINDOW_BYTES];
};

static enum status malformed(struct multipart *reader)
{
    return fail(reader->ctx, ST_MALFORMED, "multipart.malformed", NO_ARGS);
}

static bool is_token_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

/* RFC 2046 §5.1.1 bchars, without the blank that may not end one and that nobody sends. */
static bool is_boundary(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_token_char(text.at[i]) && strchr("()+,/:=?", text.at[i]) == NULL)
            return false;
    return text.len >= 1 && text.len <= BOUNDARY_BYTES_MAX && str_find_char(text, '\0') == SIZE_MAX;
}

/*
 * One parameter of a header value (RFC 9110 §5.6.6): ";" name "=" token or quoted string. *rest
 * moves on. In a quoted string \" and \\ lose their backslash; any other backslash stands for
 * itself, since old browsers send whole Windows paths.
 */
static bool next_parameter(struct arena *arena, struct str *rest, struct str *name,
                           struct str *value)
{
    struct str s = str_trim(*rest);
    if (s.len == 0 || s.at[0] != ';')
        return false;
    s = str_trim(str_from(s, 1));
    size_t n = 0;
    while (n < s.len && is_token_char(s.at[n]))
        n++;
    if (n == 0 || n >= s.len || s.at[n] != '=')
        return false;
    *name = str_part(s, 0, n);
    s = str_from(s, n + 1);
    char *text = arena_alloc(arena, s.len);
    size_t len = 0, i = 0;
    bool quoted = s.len > 0 && s.at[0] == '"';
    if (quoted) {
        for (i = 1; i < s.len && s.at[i] != '"'; i++) {
            if (s.at[i] == '\\' && i + 1 < s.len && (s.at[i + 1] == '"' || s.at[i + 1] == '\\'))
                i++;
            text[len++] = s.at[i];
        }
        if (i++ >= s.len)
            return false;
    } else {
        for (; i < s.len && s.at[i] != ';' && s.at[i] != ' ' && s.at[i] != '\t'; i++)
            text[len++] = s.at[i];
    }
    *value = (struct str){text, len};
    *rest = str_from(s, i);
    return quoted || len > 0;
}

bool multipart_boundary(struct arena *arena, struct str content_type, struct str *out)
{
    struct str rest = str_trim(content_type), name, value, found = {0};
    struct str type = S("multipart/form-data");
    if (!str_eq_nocase(str_part(rest, 0, type.len), type))
        return false;
    rest = str_from(rest, type.len);
    while (str_trim(rest).len > 0) {
        if (!next_parameter(arena, &rest, &name, &value))
            return false;
        if (!str_eq_nocase(name, S("boundary")))
            continue;
        if (found.at != NULL)
            return false;
        found = value;
    }
    if (!is_boundary(found))
        return false;
    *out = found;
    return true;
}

struct multipart *multipart_new(struct ctx *ctx, struct str boundary, struct multipart_sink sink)
{
    struct multipart *reader = arena_new_of(ctx->arena, struct multipart);
    must(is_boundary(boundary));
    reader->ctx = ctx;
    reader->sink = sink;
    reader->delimiter = str_concat(ctx->arena, S("\r\n--"), boundary);
    memcpy(reader->window, "\r\n", 2);
    reader->to = 2;
    return reader;
}

/* %22, %0D and %0A are how browsers write what cannot stand in a quoted string (WHATWG HTML). */
static struct str browser_unescape(struct arena *arena, struct str text)
{
    char *at = arena_alloc(arena, text.len);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        struct str three = str_part(text, i, 3);
        char c = text.at[i];
        if (str_eq_c(three, "%22"))
            c = '"';
        else if (str_eq_nocase(three, S("%0d")) || str_eq_nocase(three, S("%0a")))
            c = ' ';
        i += c != text.at[i] ? 2 : 0;
        at[len++] = c;
    }
    return (struct str){at, len};
}

static bool has_control(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.at[i] < 0x20 || text.at[i] == 0x7F)
            return true;
    return false;
}

/* Only the last segment of a path, whichever way its slashes lean. */
static struct str last_segment(struct str path)
{
    for (size_t i = path.len; i > 0; i--)
        if (path.at[i - 1] == '/' || path.at[i - 1] == '\\')
            return str_from(path, i);
    return path;
}

/* Content-Disposition: form-data; name="…"[; filename="…"] (RFC 7578 §4.2). */
static bool read_disposition(struct arena *arena, struct str value, struct multipart_part *part)
{
    struct str kind = S("form-data"), name, text;
    if (part->name.at != NULL || !str_eq_nocase(str_part(value, 0, kind.len), kind))
        return false;
    struct str rest = str_from(value, kind.len);
    while (str_trim(rest).len > 0) {
        if (!next_parameter(arena, &rest, &name, &text) || !str_is_clean(text))
            return false;
        text = browser_unescape(arena, text);
        struct str *into = str_eq_nocase(name, S("name"))       ? &part->name
                           : str_eq_nocase(name, S("filename")) ? &part->filename
                                                                : NULL;
        if (into == NULL || into->at != NULL || has_control(text))
            return false;
        *into = text;
    }
    part->filename = last_segment(part->filename);
    return part->name.len > 0 && part->name.len <= NAME_BYTES_MAX;
}

static bool read_header(struct arena *arena, struct str line, struct multipart_part *part)
{
    struct str value = line, name;
    if (!str_next(&value, ':', &name) || value.at == NULL || name.len == 0)
        return false;
    for (size_t i = 0; i < name.len; i++)
        if (!is_token_char(name.at[i]))
            return false;
    value = str_trim(value);
    if (has_control(value))
        return false;
    if (str_eq_nocase(name, S("content-disposition")))
        return read_disposition(arena, value, part);
    if (str_eq_nocase(name, S("content-type")))
        part->type = value;
    /* RFC 7578 §4.7: transfer encodings are no more; identity is what everybody means. */
    if (str_eq_nocase(name, S("content-transfer-encoding")))
        return str_eq_nocase(value, S("binary")) || str_eq_nocase(value, S("8bit")) ||
               str_eq_nocase(value, S("7bit"));
    return true;
}

/* `head` is the lines with their CRLFs, without the empty line. */
static enum status read_head(struct multipart *reader, struct str head)
{
    struct multipart_part part = {0};
    struct str crlf = S("\r\n");
    while (head.len > 0) {
        size_t cut = str_find(head, crlf);
        if (cut == SIZE_MAX || !read_header(reader->ctx->arena, str_part(head, 0, cut), &part))
            return malformed(reader);
        head = str_from(head, cut + crlf.len);
    }
    if (part.name.at == NULL)
        return malformed(reader);
    if (++reader->parts > MULTIPART_PARTS_MAX)
        return fail(reader->ctx, ST_LIMIT, "multipart.too_many",
                    ARGS(arg_int("limit", MULTIPART_PARTS_MAX)));
    return reader->sink.begin(reader->sink.user, &part);
}

static struct str unread(const struct multipart *reader)
{
    return (struct str){reader->window + reader->from, reader->to - reader->from};
}

/* Every step says through *moved whether it got on; without, more bytes are needed. */
static enum status step_start(struct multipart *reader, bool *moved)
{
    struct str s = unread(reader);
    if (!str_starts(reader->delimiter, str_part(s, 0, reader->delimiter.len)))
        return malformed(reader);
    if (s.len < reader->delimiter.len)
        return ST_OK;
    reader->from += reader->delimiter.len;
    reader->place = PLACE_DELIMITER;
    *moved = true;
    return ST_OK;
}

static enum status step_delimiter(struct multipart *reader, bool *moved)
{
    struct str two = str_part(unread(reader), 0, 2);
    if (two.len < 2)
        return ST_OK;
    bool last = str_eq_c(two, "--");
    if (!last && !str_eq_c(two, "\r\n"))
        return malformed(reader);
    reader->from += 2;
    reader->place = last ? PLACE_END : PLACE_HEAD;
    *moved = true;
    return ST_OK;
}

static enum status step_head(struct multipart *reader, bool *moved)
{
    struct str s = str_part(unread(reader), 0, MULTIPART_HEAD_BYTES_MAX);
    size_t cut = str_find(s, S("\r\n\r\n"));
    if (cut == SIZE_MAX && s.len == MULTIPART_HEAD_BYTES_MAX)
        return fail(reader->ctx, ST_LIMIT, "multipart.head_too_long",
                    ARGS(arg_bytes("limit", MULTIPART_HEAD_BYTES_MAX)));
    if (cut == SIZE_MAX)
        return ST_OK;
    /* Copied: the window moves while the sink may keep the names. */
    TRY(read_head(reader, str_copy(reader->ctx->arena, str_part(s, 0, cut + 2))));
    reader->from += cut + 4;
    reader->place = PLACE_BODY;
    *moved = true;
    return ST_OK;
}

static enum status step_body(struct multipart *reader, bool *moved)
{
    struct str s = unread(reader);
    size_t cut = str_find(s, reader->delimiter);
    size_t ready = cut != SIZE_MAX                 ? cut
                   : s.len < reader->delimiter.len ? 0
                                                   : s.len - reader->delimiter.len + 1;
    if (ready > 0)
        TRY(reader->sink.data(reader->sink.user, str_part(s, 0, ready)));
    reader->from += ready;
    if (cut == SIZE_MAX)
        return ST_OK;
    TRY(reader->sink.end(reader->sink.user));
    reader->from += reader->delimiter.len;
    reader->place = PLACE_DELIMITER;
    *moved = true;
    return ST_OK;
}

static enum status step_end(struct multipart *reader)
{
    struct str s = unread(reader);
    for (size_t i = 0; i < s.len; i++, reader->end_bytes++)
        if (reader->end_bytes >= 2 || s.at[i] != "\r\n"[reader->end_bytes])
            return malformed(reader);
    reader->from = reader->to;
    return ST_OK;
}

static enum status step(struct multipart *reader, bool *moved)
{
    switch (reader->place) {
    case PLACE_START: return step_start(reader, moved);
    case PLACE_DELIMITER: return step_delimiter(reader, moved);
    case PLACE_HEAD: return step_head(reader, moved);
    case PLACE_BODY: return step_body(reader, moved);
    case PLACE_END: return step_end(reader);
    }
    return malformed(reader);
}

enum status multipart_feed(struct multipart *reader, struct str bytes)
{
    while (bytes.len > 0) {
        memmove(reader->window, reader->window + reader->from, reader->to - reader->from);
        reader->to -= reader->from;
        reader->from = 0;
        struct str piece = str_part(bytes, 0, WINDOW_BYTES - reader->to);
        must(piece.len > 0);
        memcpy(reader->window + reader->to, piece.at, piece.len);
        reader->to += piece.len;
        bytes = str_from(bytes, piece.len);
        for (bool moved = true; moved;) {
            moved = false;
            TRY(step(reader, &moved));
        }
    }
    return ST_OK;
}

enum status multipart_end(struct multipart *reader)
{
    return reader->place == PLACE_END ? ST_OK : malformed(reader);
}
