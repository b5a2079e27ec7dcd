/*
 * The cutter of texts, and its two spellings for each engine. Tokens hold letters, digits and
 * Chinese characters only, so nothing in them needs an escape.
 */
#include "store/search_tokens.h"

enum { FORMAT_LIMIT_BYTES = 4 << 20, TERM_MAX = 16 };

enum letter { LETTER_NONE, LETTER_WORD, LETTER_HAN };

/* Full-width forms lie 0xFEE0 above ASCII. */
static uint32_t fold(uint32_t code)
{
    if (code >= 0xFF01 && code <= 0xFF5E)
        code -= 0xFEE0;
    return code >= 'A' && code <= 'Z' ? code + ('a' - 'A') : code;
}

static enum letter letter_of(uint32_t code)
{
    if ((code >= '0' && code <= '9') || (code >= 'a' && code <= 'z'))
        return LETTER_WORD;
    bool han = (code >= 0x4E00 && code <= 0x9FFF) || (code >= 0x3400 && code <= 0x4DBF) ||
               code == 0x3007 || (code >= 0xF900 && code <= 0xFAFF) ||
               (code >= 0x20000 && code <= 0x3FFFF) || (code >= 0x3041 && code <= 0x30FF) ||
               (code >= 0xAC00 && code <= 0xD7AF);
    return han ? LETTER_HAN : LETTER_NONE;
}

static void cut_han(struct arena *arena, struct str run, struct search_token_list *out)
{
    size_t first = 0, second = 0;
    (void)utf8_next(run, &second);
    while (second < run.len) {
        size_t end = second;
        (void)utf8_next(run, &end);
        vec_add(arena, out, ((struct search_token){str_part(run, first, end - first), false}));
        first = second;
        second = end;
    }
    vec_add(arena, out, ((struct search_token){str_from(run, first), true}));
}

static void cut_run(struct arena *arena, enum letter letter, struct str run,
                    struct search_token_list *out)
{
    if (letter == LETTER_HAN)
        cut_han(arena, run, out);
    if (letter == LETTER_WORD)
        vec_add(arena, out, ((struct search_token){str_part(run, 0, SEARCH_WORD_MAX), false}));
}

void search_cut(struct arena *arena, struct str text, struct search_token_list *out)
{
    /* Folded characters never take more bytes than the original. */
    char *folded = arena_alloc(arena, text.len + 1);
    size_t len = 0, start = 0;
    enum letter present = LETTER_NONE;
    for (size_t at = 0; at < text.len && out->len < SEARCH_TOKEN_MAX;) {
        uint32_t code = fold(utf8_next(text, &at));
        enum letter letter = letter_of(code);
        if (letter != present) {
            cut_run(arena, present, (struct str){folded + start, len - start}, out);
            start = len;
            present = letter;
        }
        if (letter != LETTER_NONE)
            len += utf8_encode(code, folded + len);
    }
    cut_run(arena, present, (struct str){folded + start, len - start}, out);
}

struct str search_format_fts5(struct arena *arena, struct str text)
{
    struct search_token_list tokens = {0};
    struct buf buf;
    search_cut(arena, text, &tokens);
    buf_init(&buf, arena, FORMAT_LIMIT_BYTES);
    for (size_t i = 0; i < tokens.len; i++) {
        if (i > 0)
            buf_char(&buf, ' ');
        buf_text(&buf, tokens.at[i].text);
    }
    must(buf_status(&buf) == ST_OK);
    return buf.len == 0 ? S("") : buf_str(&buf);
}

struct str search_format_tsvector(struct arena *arena, struct str text)
{
    struct search_token_list tokens = {0};
    struct buf buf;
    search_cut(arena, text, &tokens);
    buf_init(&buf, arena, FORMAT_LIMIT_BYTES);
    for (size_t i = 0; i < tokens.len; i++)
        buf_printf(&buf, "%s'%.*s':%zu", i > 0 ? " " : "", STR_ARG(tokens.at[i].text), i + 1);
    must(buf_status(&buf) == ST_OK);
    return buf.len == 0 ? S("") : buf_str(&buf);
}

/* ---- what is asked ---- */

/* One spelling of a query: how a phrase opens, goes on and ends, how a beginning is marked. */
struct spelling {
    const char *open, *between, *close;
    const char *prefix;
    const char *both; /* joins the parts that must all occur */
};

static const struct spelling fts5 = {"\"", " ", "\"", " *", " AND "};
static const struct spelling tsquery = {"'", "' <-> '", "'", ":*", " & "};

/* Neighbouring bigrams of one run are a phrase; every other token is a part of its own. */
static void add_part(struct buf *buf, const struct spelling *spelling,
                     const struct search_token *tokens, size_t count, bool prefix)
{
    buf_c(buf, buf->len > 0 ? spelling->both : "");
    if (count > 1)
        buf_c(buf, "(");
    buf_c(buf, spelling->open);
    for (size_t i = 0; i < count; i++) {
        buf_c(buf, i > 0 ? spelling->between : "");
        buf_text(buf, tokens[i].text);
    }
    buf_c(buf, spelling->close);
    buf_c(buf, prefix ? spelling->prefix : "");
    if (count > 1)
        buf_c(buf, ")");
}

static bool format_query(struct arena *arena, struct str query, const struct spelling *spelling,
                         struct str *out)
{
    struct search_token_list tokens = {0};
    struct buf buf;
    search_cut(arena, utf8_prefix(query, 200), &tokens);
    buf_init(&buf, arena, FORMAT_LIMIT_BYTES);
    size_t parts = 0;
    for (size_t i = 0; i < tokens.len && parts < TERM_MAX; i++) {
        size_t end = i;
        while (end < tokens.len && !tokens.at[end].is_last &&
               letter_of(fold((unsigned char)tokens.at[end].text.at[0])) != LETTER_WORD)
            end++;
        if (end > i) { /* bigrams up to the lone last character, which says nothing new */
            add_part(&buf, spelling, tokens.at + i, end - i, false);
            i = end;
        } else {
            add_part(&buf, spelling, tokens.at + i, 1, true);
        }
        parts++;
    }
    if (parts == 0)
        return false;
    *out = buf_str(&buf);
    return true;
}

bool search_query_fts5(struct arena *arena, struct str query, struct str *out)
{
    return format_query(arena, query, &fts5, out);
}

bool search_query_tsquery(struct arena *arena, struct str query, struct str *out)
{
    return format_query(arena, query, &tsquery, out);
}
