#pragma once
/*
 * What an issued document gets beside the engine's decision: in whose name it goes out, its number (发文字号), and its paper, fixed
 * word for word. All go into the event, in the transaction that writes it.
 */
#include "services/world.h"
#include "store/ledger.h"

/*
 * Gives issuer, number and paper to each document_issued among the events of one command.
 *
 *   before      the case as the events were decided on
 *   io_events   payloads are replaced; they stay in ctx->arena
 *
 * A number follows the pattern `number` of the document in its pack. {seq} counts from 1 in each combination
 * of the other places, whatever pack or campaign gives it: a unit's series runs through all its work. A
 * number is taken in this transaction and given back with it, so there is no gap; numbers of
 * documents that were voided later stay taken.
 *
 * The paper is kept (store/document_rows.h) under its SHA-256, which is `sha256` in the event.
 *
 * Errors: those of counter_next and of case_issued_markup: what cannot be written is not issued
 */
MUST_USE enum status document_issue(struct ctx *ctx, struct ledger_tx *ledger,
                                    const struct world *world, const struct engine *engine,
                                    const struct casefile *before, struct event_list *io_events);
