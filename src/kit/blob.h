#pragma once
/*
 * Files named by their content: <dir>/blobs/ab/<sha256>. Written once under <dir>/tmp, made
 * durable (file, rename, folder) before the name exists, checked against the name when read.
 * Several processes may share the folder. Any thread.
 */
#include <stdint.h>

#include "base/ctx.h"
#include "kit/crypto.h"

struct blob_store;

/*
 * Opens the store under the data directory `dir` and makes blobs/ and tmp/ where missing (0700).
 *
 * Errors: ST_IO  the folders cannot be made or opened
 */
MUST_USE enum status blob_store_open(struct ctx *ctx, struct str dir, struct blob_store **out);
void blob_store_close(struct blob_store *store); /* takes null */

/* A new nameless file in tmp/ (O_TMPFILE where the file system has it), for uploads; 0600. */
MUST_USE enum status blob_temp_open(struct ctx *ctx, struct blob_store *store, int *out_fd);

/*
 * Keeps the whole content of `fd` (from its first byte; the offset stays). On ST_OK the bytes
 * are on the disk under their digest. Content that is there already is not written again.
 *
 * Errors: ST_IO  cannot read or write; nothing is left behind under a name
 */
MUST_USE enum status blob_put_file(struct ctx *ctx, struct blob_store *store, int fd,
                                   struct digest *out, int64_t *out_size);
MUST_USE enum status blob_put_bytes(struct ctx *ctx, struct blob_store *store, struct str bytes,
                                    struct digest *out);

/*
 * Opens a blob for reading (caller closes) after holding its bytes against its name.
 *
 * Errors: ST_NOT_FOUND  no such blob
 *         ST_BROKEN     the bytes are not what the name says
 *         ST_IO         cannot read
 */
MUST_USE enum status blob_open(struct ctx *ctx, struct blob_store *store, const struct digest *name,
                               int *out_fd, int64_t *out_size);
