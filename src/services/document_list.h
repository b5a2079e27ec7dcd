#pragma once
/*
 * Issued documents for readers: the register (发文登记簿), and what lies on somebody's desk
 * until it is opened or signed for.
 */
#include "services/case_document.h"

/* Names of the register's query, as they stand in addresses; all may be absent. */
#define DOCUMENT_LIST_QUERY "campaign number state limit cursor"

/*
 * The register: {items: [{case, sequence, document, label, number, case_number, title, case_url, url, campaign, campaign_label,
 *   issuer_label, issued, issued_text, state, state_label, is_void, reason, corrects, corrected_by, sha256, verify_url, to: [name], recipients_n,
 *   opened_n, received_n, scans}], next, filters}, the newest first.
 *
 * Whoever reads a case sees what it issued; recipients and issuers see theirs. actor null: everything.
 *
 * Errors: ST_MALFORMED list.wrong_value {field, given}
 */
MUST_USE enum status document_list_document(struct ctx *ctx, struct db_conn *conn,
                                            const struct world *world,
                                            const struct reader *reader, const struct actor *actor,
                                            const struct value *query, struct value **out);

/*
 * What waits for the actor, as rows of the register: not yet opened, or where the pack wants it, not yet signed for
 * by the actor's unit or the actor. With is_received and may_open.
 */
MUST_USE enum status document_inbox(struct ctx *ctx, struct db_conn *conn,
                                    const struct world *world, const struct reader *reader,
                                    const struct actor *actor, struct value *out_list);
