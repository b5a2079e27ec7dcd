#pragma once
/*
 * A document that a case has issued, as official paper: the case as it stood when the document went out, told
 * through a template of the furniture. Looked for are paper/<name>.html by the `template` that the pack
 * names, by the document's own id, by its `form`, and paper/letter.html.
 *
 * A template sees: label, procedure_label, case_number, issuer, number, to (names), copies (names), date,
 * clause, fields {name: text}, has_facts, facts [{label, text}] (fields that hold something, those that the document's
 * `fields` names or all), lists [{label, widths, columns, rows: [{cells}]}].
 */
#include "kit/furniture.h"
#include "kit/paper.h"
#include "services/case_document.h"

/*
 *   sequence   of the event that issued it
 *   view       its reader's language is that of the words; papers are asked for in Chinese
 *   out        in ctx->arena; its QR code names case, event and the event's hash
 *
 * Errors: ST_NOT_FOUND  document.unknown {number}: no document was issued by that event
 *         those of tmpl_compile, tmpl_render and paper_read
 */
MUST_USE enum status case_issued_paper(struct ctx *ctx, const struct furniture *furniture,
                                       const struct case_view *view, int64_t sequence,
                                       struct paper *out);
