#pragma once
/*
 * The secrets of a data directory: files of 32 random bytes below keys/, as 64 hex digits, 0600, made when
 * they are wanted first. A backup does not hold them: who keeps it keeps them apart.
 */
#include "kit/crypto.h"

enum { KEY_FILE_BYTES = 32 };

/*
 *   folder   …/keys
 *   out      KEY_FILE_BYTES
 *
 * Errors: ST_NOT_FOUND  there is none, with nothing stored
 *         ST_IO         key_file.failed {name, error}; ST_BROKEN key_file.unreadable {name}
 */
MUST_USE enum status key_file_find(struct ctx *ctx, struct str folder, struct str name,
                                   unsigned char *out);
/* The same; one that is not there is made. Of two programs that make it at once both get one. */
MUST_USE enum status key_file_take(struct ctx *ctx, struct str folder, struct str name,
                                   unsigned char *out);
