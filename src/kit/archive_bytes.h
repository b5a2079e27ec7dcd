#pragma once
/*
 * A small zip file built in memory, such as an office document is. The same parts give the same bytes.
 */
#include "base/buf.h"
#include "base/ctx.h"

struct archive_part {
    const char *name; /* inside the archive, in its order */
    struct str bytes; /* borrowed for the call */
};

/* Adds the file's bytes to `out`. Errors: ST_IO archive.cannot_write {file, error}; the limit of `out` */
MUST_USE enum status archive_bytes_write(struct ctx *ctx, const struct archive_part *parts,
                                         size_t count, struct buf *out);
