#pragma once
/*
 * A document that a case has issued, as official paper: the case as it stood when the document went out, told
 * through a template of the furniture. Looked for are paper/<name>.html by the `template` that the pack
 * names, by the document's own id, by its `form`, and paper/letter.html.
 *
 * A template sees: label, procedure_label, case_number, issuer, number, to (names), copies (names), date,
 * clause, fields {name: text}, has_facts, facts [{label, text}] (fields that hold something, those that the document's
 * `fields` names or all), lists [{label, widths, columns, rows: [{cells}]}], has_reviewers, reviewers [{name, unit, post,
 * date, verdict, text}] and has_signers, signers [{name, unit, post, date, seal}] (opinions given and signatures set in the case
 * since it issued this document last), corrects {number, date, reason} of one that corrects another, and
 * what issued_told.h names; `notice` (day_notice.h) of a document that tells one. Moments are told with their year.
 */
#include "kit/furniture.h"
#include "kit/paper.h"
#include "services/case_document.h"

enum { PAPER_HASH_SHOWN = 16 }; /* digits of its hash that a paper shows */

/*
 * The markup (kit/paper.h) of a document.
 *
 *   view    casefile as of the event, which is folded in; of events, which may be null, those of the issuing command
 *           are looked at. Its reader's language is that
 *           of the words; papers are written in Chinese
 *   event   document_issued; sha256 is not looked at
 *
 * Errors: those of tmpl_compile and tmpl_render
 */
MUST_USE enum status case_issued_markup(struct ctx *ctx, const struct furniture *furniture,
                                        const struct case_view *view, const struct event *event,
                                        struct str *out);

/*
 * What a command of the case's procedure would issue, as of now: without a number, and marked as a draft.
 *
 *   view   events is not looked at
 *
 * Errors: ST_NOT_FOUND  document.no_draft {document}: no command of the procedure issues it
 *         those of case_issued_markup and paper_read
 */
MUST_USE enum status case_issued_draft(struct ctx *ctx, const struct furniture *furniture,
                                       const struct case_view *view, struct str document,
                                       struct paper *out);

/*
 * The paper as it was issued: what was kept then, whatever templates and names have become since. Of a document
 * that went out before papers were kept, as it would be written today.
 *
 *   sequence   of the event that issued it
 *   out        in ctx->arena
 *
 * Errors: ST_NOT_FOUND  document.unknown {number}: no document was issued by that event
 *         ST_BROKEN     document.paper_lost, document.paper_changed {hash}: what is kept is not what was issued
 *         those of case_issued_markup and paper_read
 */
MUST_USE enum status case_issued_paper(struct ctx *ctx, struct db_conn *conn,
                                       const struct furniture *furniture,
                                       const struct case_view *view, int64_t sequence,
                                       struct paper *out);
