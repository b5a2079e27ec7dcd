#pragma once
/*
 * One file that holds many: zip, so that any machine's own tools can look into it. Files are read
 * while the archive is written, so memory does not grow with them.
 *
 *   struct archive_writer *archive AUTO(archive_write_cleanup) = NULL;
 *   TRY(archive_write_open(ctx, "b.zip", &archive));
 *   TRY(archive_write_file(ctx, archive, S("blobs/ab/…"), path));
 *   TRY(archive_write_close(ctx, &archive));
 *
 * Names inside are relative: letters, digits and ._- between slashes, no segment "." or "..".
 */
#include "base/ctx.h"

struct archive_writer;

/* Errors: ST_IO archive.cannot_write {file, error} */
MUST_USE enum status archive_write_open(struct ctx *ctx, const char *path,
                                        struct archive_writer **out);

/*
 * Adds the file at `path`, which must stay as it is until close.
 *
 * Errors: ST_INVALID archive.name {name}: not a name as above; ST_IO archive.cannot_read {file, error}
 */
MUST_USE enum status archive_write_file(struct ctx *ctx, struct archive_writer *archive,
                                        struct str name, const char *path);

/* Writes everything, durable under the path given to open, which appears complete or not at all. The
 * writer is gone in any case. Errors: ST_IO archive.cannot_write {file, error} */
MUST_USE enum status archive_write_close(struct ctx *ctx, struct archive_writer **archive);
void archive_write_cleanup(struct archive_writer **archive); /* gives it up; for AUTO */

/* Called with bytes done and all bytes, for a progress bar. */
typedef void (*archive_progress)(void *arg, int64_t permille);
void archive_write_tell(struct archive_writer *archive, archive_progress progress, void *arg);

/*
 * Unpacks everything below `dir`, which exists: folders 0700, files 0600, durable. A file that is
 * there already is refused. What zip checks (CRC-32, sizes) is checked.
 *
 * Errors: ST_NOT_FOUND archive.cannot_open {file}
 *         ST_MEDIA     archive.not_an_archive {file}
 *         ST_INVALID   archive.name {name}; archive.broken {file, name}
 *         ST_IO        archive.cannot_write {file, error}
 */
MUST_USE enum status archive_unpack(struct ctx *ctx, const char *path, const char *dir,
                                    int64_t *out_files);
