#pragma once
/*
 * Whether a paper is what was issued: asked by anybody who holds it, with the hash that stands on it or
 * that of the file. Told is what the paper says of itself, and whether it stands; nothing of its case.
 */
#include "services/reader.h"
#include "services/world.h"

/*
 *   hash   64 hex digits, of the paper or of a file that was made of it, or those that the paper shows; blanks and
 *          case do not count. Empty:
 *          nothing was asked yet
 *
 * {asked, found, hash, of_file, number, title, issuer_label, issued, day_text, state, state_label, stands}; of what was not found the
 * first three only.
 *
 * Errors: those of the store and of world_load_pack; ST_BROKEN document.paper_changed {hash}
 */
MUST_USE enum status document_verify_document(struct ctx *ctx, struct db_conn *conn,
                                              const struct world *world,
                                              const struct reader *reader, struct str hash,
                                              struct value **out);
