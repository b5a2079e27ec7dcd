#pragma once
/*
 * What the auditor sees: who did what to the platform itself, how much the ledger holds, and when it
 * was last proved. Who may is the caller's question (ACT_AUDIT_READ, ACT_LEDGER_VERIFY).
 */
#include "services/home.h"
#include "services/reader.h"
#include "store/audit_rows.h"
#include "store/ledger_verify.h"

/* {items: [{seq, record, kind, kind_label, command, command_label, subject, what, actor, time,
 * time_text, hash}], next} */
MUST_USE enum status audit_document(struct ctx *ctx, struct db_conn *conn,
                                    const struct world *world, const struct reader *reader,
                                    const struct audit_filter *filter, struct value **out);

/* {events, cases, checked (bool), ok, checked_at, checked_text}: the ledger and its last proof */
MUST_USE enum status audit_ledger_document(struct ctx *ctx, struct db_conn *conn,
                                           const struct reader *reader, struct value **out);

/* {ok, events, cases, checkpoints, first_broken: null | {case, sequence, commit, checkpoint, why, code}}, as `lantian verify` */
struct value *audit_verdict_document(struct arena *arena, const struct reader *reader,
                                     const struct ledger_verdict *verdict);

/*
 * Proves the whole ledger and records that it was done, by whom, and what came of it. Takes as long
 * as the ledger is.
 */
MUST_USE enum status audit_verify(struct ctx *ctx, const struct home *home, struct db_conn *conn,
                                  struct str actor, struct ledger_verdict *out);
