#pragma once
/*
 * Files as evidence (佐证材料): kept under the hash of their bytes, typed by what they are and not by
 * what they are called, told about by what they show of time and place. The original is never
 * changed; small copies are derived.
 */
#include "engine/casefile.h"
#include "kit/picture.h"
#include "services/home.h"
#include "store/upload_rows.h"

enum { EVIDENCE_BYTES_MAX = 64 * 1024 * 1024 };

/* A file that somebody sends in. */
struct evidence_offer {
    int fd;          /* nameless file on the data directory's disk, read from offset 0; borrowed */
    struct str name; /* as the sender calls it */
    struct str kind; /* may be absent until a command says */
    struct account_id account;
    struct instant taken_at; /* as told; INSTANT_NONE: as the picture says */
    int64_t lat, lon;        /* as told, degrees times 10^7; INT64_MIN: as the picture says */
};

/*
 * Keeps the file and writes its row; durable when it returns. Waits: on a slow thread only.
 *
 *   pictures   may be null: then no small copy is made
 *
 * Errors: ST_LIMIT  evidence.too_large {size, limit}
 *         ST_MEDIA  evidence.unwanted_type {type}: neither picture, PDF, video, office file nor text
 *         ST_INVALID evidence.empty
 *         those of blob_put_file and the writer
 */
MUST_USE enum status evidence_keep(struct ctx *ctx, const struct home *home,
                                   struct picture_reader *pictures,
                                   const struct evidence_offer *offer, struct upload *out);

/* {id, sha256, kind, name, type, bytes, taken_at?, lat?, lon?, findings} */
struct value *evidence_document(struct arena *arena, const struct upload *upload);

/*
 * The form of add_evidence as the engine takes it: {evidence, kind, document?} filled with what the upload's
 * row says. What a client says of hash, type or size never counts.
 *
 * Errors: ST_INVALID with field: engine.missing, upload.unknown
 */
MUST_USE enum status evidence_fill(struct ctx *ctx, struct db_conn *conn,
                                   const struct value *input, struct value **out);

/* Hash of the small copy, or absent. */
struct str evidence_small_copy(struct ctx *ctx, const struct upload *upload);
