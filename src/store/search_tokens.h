#pragma once
/*
 * Chinese has no blanks between words, so text is searched by its pairs of neighbouring characters
 * (bigrams), the same tokens on both engines. A run of Chinese characters yields its bigrams, and
 * its last character once more alone, so that one character is found too, by prefix. Runs of ASCII
 * letters and digits (full-width ones are taken as ASCII) are words in lower case. All else parts.
 *
 *   环境污染，PM2.5   →   环境 境污 污染 染 pm2 5
 */
#include "base/buf.h"
#include "base/vec.h"

struct search_token {
    struct str text;
    bool is_last; /* a character standing alone at the end of its run */
};

struct search_token_list {
    struct search_token *at;
    size_t len;
    size_t cap;
};

enum { SEARCH_WORD_MAX = 64, SEARCH_TOKEN_MAX = 16000 };

/* Tokens in order of the text, in the arena; at most SEARCH_TOKEN_MAX, the rest is not found. */
void search_cut(struct arena *arena, struct str text, struct search_token_list *out);

/* What is indexed: tokens parted by blanks for FTS5; a tsvector literal with positions. */
struct str search_format_fts5(struct arena *arena, struct str text);
struct str search_format_tsvector(struct arena *arena, struct str text);

/*
 * What is asked: every term (parted by blanks) must occur; a term's characters must stand together;
 * one character and words of letters and digits match as beginnings. false: nothing to ask for.
 */
bool search_query_fts5(struct arena *arena, struct str query, struct str *out);
bool search_query_tsquery(struct arena *arena, struct str query, struct str *out);
