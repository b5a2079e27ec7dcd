#pragma once
/*
 * The markup of a paper (kit/paper.h) from a template of `paper/` and what it is filled with.
 */
#include "base/value.h"
#include "kit/furniture.h"

/*
 * Errors: ST_INVALID  tmpl.…: the template asks for what the document does not have
 *         ST_LIMIT    more than a paper may have
 */
MUST_USE enum status paper_markup_write(struct ctx *ctx, const struct furniture *furniture,
                                        struct str template_name, const struct value *document,
                                        struct str *out);
