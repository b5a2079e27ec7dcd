#pragma once
/*
 * Is what was issued what the ledger says? The document is written again from the events as they stood then and held
 * against its hash; of a daily notice it is also told what has become of its day since.
 */
#include "kit/furniture.h"
#include "services/case_document.h"

/*
 * {label, number, issued_text, sha256, recomputed, same, is_notice; of a notice: day_text, as_of_text,
 *  figures: [{id, label, today_then, total_then, today_now, total_now, moved}], and what day_notice_compare gives}
 *
 *   view   whole chain of events; its reader's language is that of the labels around it
 *
 * Errors: ST_NOT_FOUND  document.unknown {number}: that event issued none whose paper was kept
 *         those of case_issued_markup and of the store
 */
MUST_USE enum status issued_check_document(struct ctx *ctx, struct db_conn *conn,
                                           const struct furniture *furniture,
                                           const struct case_view *view, int64_t sequence,
                                           struct value **out);
