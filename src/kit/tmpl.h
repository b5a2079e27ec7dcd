#pragma once
/*
 * Mustache, the core of it: variables, sections, inverted sections, partials, comments and
 * delimiters as mustache(5) and the published specification have them, one lambda for
 * words, no logic. Compiled once into a tree that any thread may render.
 *
 *   {{name}} {{a.b}} {{.}}    a value, HTML-escaped by the sink unless it is ready markup
 *   {{#name}}…{{/name}}       once for a value, for each item of a list; not for what is empty
 *   {{^name}}…{{/name}}       only for what is empty
 *   {{>file}}                 another template; alone on a line its indentation goes to each line
 *   {{! … }} {{=<% %>=}}      comment; other delimiters until the end of this file
 *   {{#t}}key{{/t}}           the sentence of that key, in the reader's language; its {places} are
 *                             filled from whole numbers and texts of these names in the data
 *
 * Empty are: null, false, "", a list without items, and what is not there. A number is never
 * empty, 0 included; neither is a map. Texts are written as they are, whole numbers in decimal,
 * booleans as true or false, lists and maps as nothing.
 */
#include "base/buf.h"
#include "base/ctx.h"
#include "base/value.h"
#include "kit/words.h"

enum {
    TMPL_NEST_MAX = 32,           /* sections inside each other in one file */
    TMPL_DEPTH_MAX = 128,         /* sections and partials inside each other while rendering */
    TMPL_STEPS_MAX = 2000 * 1000, /* nodes visited by one rendering */
};

enum tmpl_flags {
    TMPL_CORE = 0,
    TMPL_STRICT = 1, /* for pages: no {{{x}}} or {{&x}}, and every partial must be there */
};

/* One template; a set of them that name each other. Both opaque. */
struct tmpl;
struct tmpl_set;

/* Gives the text of a template, borrowed as long as the set lives; false: there is none. */
typedef bool tmpl_load(void *user, struct str name, struct str *out);

/* An empty set in the arena; `user` goes to every call of `load`. */
struct tmpl_set *tmpl_set_new(struct arena *arena, tmpl_load *load, void *user,
                              enum tmpl_flags flags);

/*
 * Compiles a template and all partials it leads to, once each. Not for two threads at a time. A
 * set in which this failed is not used again.
 *
 * Errors: ST_NOT_FOUND  tmpl.missing {file}
 *         ST_INVALID    {file} {line} {column} {name}: tmpl.tag_unclosed, tmpl.name_wrong,
 *                       tmpl.delimiter_wrong, tmpl.section_unclosed, tmpl.section_unopened,
 *                       tmpl.section_mismatch {open}, tmpl.too_deep {limit}, tmpl.not_text {file};
 *                       strict: tmpl.raw_refused, tmpl.partial_missing
 */
MUST_USE enum status tmpl_compile(struct ctx *ctx, struct tmpl_set *set, struct str name,
                                  const struct tmpl **out);

/* A template that was compiled, or null. */
const struct tmpl *tmpl_find(const struct tmpl_set *set, struct str name);

/* The reader's words: for {{#t}}. */
struct tmpl_words {
    const struct words_book *book;
    enum lang lang;
};

/*
 * Writes the template with this data behind what `out` holds. Without words (null) {{#t}} shows
 * its key in brackets.
 *
 * Errors: ST_LIMIT  tmpl.too_much {file} (the buffer's limit, TMPL_STEPS_MAX),
 *                   tmpl.recursion {file} {limit}; `out` then holds a part
 */
MUST_USE enum status tmpl_render(struct ctx *ctx, const struct tmpl *tmpl, const struct value *data,
                                 const struct tmpl_words *words, struct buf *out);
