#pragma once
/*
 * Proves the whole ledger with its checkpoints: after the chains (ledger_verify.h), every event up to
 * a checkpoint's heads has a leaf and every leaf its event, the tree gives the signed root, the
 * signature holds, and the writers' chains still hold the links that were signed. A tail cut off
 * whole is noticed as far as a checkpoint covers it.
 */
#include "store/checkpoint.h"
#include "store/ledger_verify.h"

/*
 *   own   the public key of this installation, by which one of the checkpoints must be signed where
 *         there are any; null: not known here
 *
 * Otherwise as ledger_verify, of the whole ledger; out->checkpoints is filled.
 */
MUST_USE enum status checkpoint_verify(struct ctx *ctx, struct db_conn *conn, enum crypto_hash hash,
                                       const struct sign_public *own, ledger_progress progress,
                                       void *progress_arg, struct ledger_verdict *out);
