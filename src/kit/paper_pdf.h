#pragma once
/*
 * A paper as PDF: lines of text are broken by Pango and drawn one by one into the slots of the grid, which
 * also gives the pages. Fonts are embedded as subsets; text can be selected and searched. Any thread.
 */
#include "base/buf.h"
#include "kit/paper.h"

/*
 *   fonts   a folder whose fonts are taken beside those of the machine, or null
 *   out     the file's bytes are added to it
 *   out_pages  how many pages it has; may be null
 *
 * The same paper gives the same bytes on the same machine where `made` is set.
 *
 * Errors: ST_LIMIT  qr.too_long; the limit of `out`
 *         ST_IO     paper.cannot_draw {error}
 */
MUST_USE enum status paper_pdf_write(struct ctx *ctx, const struct paper *paper, const char *fonts,
                                     struct buf *out, int *out_pages);

/*
 * Several papers in one file, each as it would be alone: its own size, its own page numbers. A list of them
 * stands beside the pages. `made` is that of the first. Errors as above.
 */
MUST_USE enum status paper_pdf_write_all(struct ctx *ctx, const struct paper *papers, size_t count,
                                         const char *fonts, struct buf *out, int *out_pages);

/* How many characters of a text no font has that the body is written in, nor any that may stand in. */
int paper_pdf_missing(struct str text, const char *fonts);
