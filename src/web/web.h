#pragma once
/*
 * Pages: a document that a handler made, seen through templates/<name>.html in the reader's
 * language. Knows no storage, no session and no rule; whatever a page shows stands in the document
 * or in the frame. What each page needs of its document: templates/README.md.
 */
#include "base/buf.h"
#include "base/ctx.h"
#include "base/value.h"
#include "kit/furniture.h"
#include "kit/words.h"

enum { WEB_PAGE_MAX_BYTES = 8 * 1024 * 1024 };

/* Templates compiled, words, addresses of static files. Read only after web_new; any thread. */
struct web;

/* What stands around every page. All texts borrowed; absent ones are left out of the page. */
struct web_frame {
    enum lang lang;
    struct str path;        /* as asked for, with its query: "/cases?state=handed_over" */
    struct str csrf;        /* goes into each form */
    struct str key;         /* random; each form sends it with its own ending as Idempotency-Key */
    const struct value *me; /* document `me`, or null: nobody is logged in */
    struct str clock_text;  /* the time that counts, in the reader's words; shown in a sandbox */
    bool sandbox;
    struct str version; /* of the program */
    struct str request_id;
    struct str flash_kind; /* "done", "refused" or "note" */
    struct str flash_text; /* one sentence about what was done just before */
    struct str banner;     /* one sentence for everybody, as the office set it */
};

/*
 * Compiles every templates/<page>.html (strict), lives in the arena.
 * Errors: those of tmpl_compile; furniture and book are borrowed as long as the web lives.
 */
MUST_USE enum status web_new(struct ctx *ctx, struct arena *arena,
                             const struct furniture *furniture, const struct words_book *book,
                             struct web **out);

/* Whether there is a page of that name. */
bool web_has_page(const struct web *web, struct str name);

/*
 * Writes the page behind what `out` holds. The document, a map, is the caller's own: it grows by
 * the member `page`, its forms by what their drawing needs (web/fields.h), its drawings are lit
 * (web/flow.h: state, passed:[text]).
 *
 * Errors: ST_NOT_FOUND  web.no_page {name}; those of tmpl_render
 */
MUST_USE enum status web_render(struct ctx *ctx, const struct web *web, struct str name,
                                struct value *document, const struct web_frame *frame,
                                struct buf *out);

/* The same address with another language: "/cases?q=水&lang=en". */
struct str web_format_lang_url(struct arena *arena, struct str path, enum lang lang);
