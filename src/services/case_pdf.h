#pragma once
/*
 * A whole case on paper, as one PDF: what it says, what happened, its documents and evidence by their hashes, its
 * photos, the signed root that proves it and how to check; then every document that was issued, as it was issued.
 */
#include "base/buf.h"
#include "services/case_document.h"
#include "services/home.h"

/*
 *   view        with the whole chain of events, read in Chinese as all papers are
 *   checkpoint  as checkpoint_document tells it
 *   out         the file's bytes are added to it
 *
 * Errors: ST_LIMIT   paper.too_large: a case that no paper can hold
 *         ST_BROKEN  document.paper_lost; those of paper_pdf_write_all and of the database
 */
MUST_USE enum status case_pdf_write(struct ctx *ctx, struct db_conn *conn, const struct home *home,
                                    const struct case_view *view, const struct value *checkpoint,
                                    struct buf *out);
