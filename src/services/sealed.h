#pragma once
/*
 * The sealed identity of complainants. An answer of a field that is `sealed` is taken out of the
 * command at the door of the engine (engine_world.seal): the event, and whatever is made of it, gets a mark; the
 * answer goes encrypted into a table of its own in the same transaction.
 *
 *   plain    salt (32 bytes) · length (4, big-endian) · text · zeros up to a whole number of 64
 *   mark     sealed:<HMAC-SHA256(salt, text)>: whoever opens it can show that it is what was told
 *   sealed   ChaCha20-Poly1305 of plain by keys/sealed, beside it mark, case and key
 *
 * The key is the data directory's (services/key_file.h); its id is the beginning of its digest. An older one is
 * kept as keys/sealed-<id>. Without it nothing is opened.
 */
#include "base/id.h"
#include "kit/db.h"

/* Told but not yet written. */
struct sealed_answer {
    struct str mark;
    struct str plain;
};

struct sealed_answers {
    struct sealed_answer *at;
    size_t len;
    size_t cap;
};

/* The mark that stands for the text; what is to be kept is added to the list. */
struct str sealed_mark(struct arena *arena, struct str text, struct sealed_answers *io_answers);

/*
 * Writes what was told in a case, inside the transaction that records it, and empties the list.
 *
 *   keys   the folder of the data directory's keys
 *
 * Errors: those of key_file_take and of the database
 */
MUST_USE enum status sealed_keep(struct ctx *ctx, struct db_conn *conn, struct str keys,
                                 struct prefecture prefecture, struct casefile_id casefile,
                                 struct sealed_answers *io_answers);

/*
 * The text behind a mark, in ctx->arena. Who may ask is the caller's to know.
 *
 * Errors: ST_NOT_FOUND sealed.not_there {mark}; ST_UNAVAILABLE sealed.no_key {key};
 *         ST_BROKEN sealed.broken {mark}: bytes or case were changed
 */
MUST_USE enum status sealed_open(struct ctx *ctx, struct db_conn *conn, struct str keys,
                                 struct str mark, struct str *out);
