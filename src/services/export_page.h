#pragma once
/*
 * Lists that pages show, as files: duties, deadlines, points, figures, whatever has a table under
 * data/lists (told in its README). A table picks rows and columns out of the page's own document, so
 * what goes out is what is shown, for whoever it is shown to.
 */
#include "services/export.h"

/* {name, of, zh, en} appended to `out` for each table: its name, the page's path, its title. One that
   cannot be read is left out; whoever asks for it is told. */
void export_page_list(struct ctx *ctx, const struct furniture *furniture, struct value *out);

/*
 * The path of the page whose document the table is made from: "/obligations".
 *
 * Errors: ST_NOT_FOUND  export.unknown_table {name}
 *         ST_INVALID    export.table_wrong {name, line}
 */
MUST_USE enum status export_page_source(struct ctx *ctx, const struct furniture *furniture,
                                        struct str name, struct str *out);

struct export_page; /* in ctx->arena of the opening */

/* Borrowed until the close. */
struct export_page_order {
    const struct furniture *furniture;
    struct str name; /* of the table */
    const struct words_book *words;
    enum lang lang;
    enum export_format format;
    bool without_bom;
    const char *path; /* appears complete or not at all */
};

/* Errors: those of export_page_source; ST_IO io.write, sheet.cannot_write */
MUST_USE enum status export_page_open(struct ctx *ctx, const struct export_page_order *order,
                                      struct export_page **out);
/* The rows of one document; a long list comes document by document. Errors: ST_LIMIT, ST_IO */
MUST_USE enum status export_page_add(struct ctx *ctx, struct export_page *page,
                                     const struct value *document);
/* The file is there; the page is gone in any case. */
MUST_USE enum status export_page_close(struct ctx *ctx, struct export_page **page,
                                       int64_t *out_rows);
void export_page_cleanup(struct export_page **page); /* gives the file up; for AUTO */
