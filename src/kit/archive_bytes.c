/*
 * libzip writes into a source of its own, which is read back whole. The time of every part is the first that
 * zip can tell, so that bytes do not depend on the clock.
 */
#include "kit/archive_bytes.h"

#include <zip.h>

enum { DOS_DAY_FIRST = (1 << 5) | 1 }; /* 1 January 1980 */

static enum status cannot_write(struct ctx *ctx, const char *name, zip_error_t *error)
{
    return fail(ctx, ST_IO, "archive.cannot_write",
                ARGS(arg_c("file", name), arg_c("error", zip_error_strerror(error))));
}

static enum status add_part(struct ctx *ctx, zip_t *zip, const struct archive_part *part)
{
    zip_source_t *source = zip_source_buffer(zip, part->bytes.at, part->bytes.len, 0);
    if (source == NULL)
        return cannot_write(ctx, part->name, zip_get_error(zip));
    zip_int64_t at = zip_file_add(zip, part->name, source, ZIP_FL_ENC_UTF_8);
    if (at < 0) {
        (void)cannot_write(ctx, part->name, zip_get_error(zip));
        zip_source_free(source);
        return ST_IO;
    }
    if (zip_file_set_dostime(zip, (zip_uint64_t)at, 0, DOS_DAY_FIRST, 0) != 0)
        return cannot_write(ctx, part->name, zip_get_error(zip));
    return ST_OK;
}

static enum status fill(struct ctx *ctx, zip_source_t *file, const struct archive_part *parts,
                        size_t count)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_t *zip = zip_open_from_source(file, ZIP_TRUNCATE, &error);
    if (zip == NULL)
        return cannot_write(ctx, "zip", &error);
    zip_source_keep(file); /* what zip_close gives away is still to be read */
    enum status status = ST_OK;
    for (size_t i = 0; i < count && status == ST_OK; i++)
        status = add_part(ctx, zip, &parts[i]);
    if (status == ST_OK && zip_close(zip) != 0)
        status = cannot_write(ctx, "zip", zip_get_error(zip));
    if (status != ST_OK)
        zip_discard(zip);
    return status;
}

static enum status read_back(struct ctx *ctx, zip_source_t *file, struct buf *out)
{
    char piece[16 * 1024];
    zip_int64_t got;
    if (zip_source_open(file) != 0)
        return cannot_write(ctx, "zip", zip_source_error(file));
    while ((got = zip_source_read(file, piece, sizeof piece)) > 0)
        buf_bytes(out, piece, (size_t)got);
    zip_source_close(file);
    return got < 0 ? cannot_write(ctx, "zip", zip_source_error(file)) : buf_status(out);
}

enum status archive_bytes_write(struct ctx *ctx, const struct archive_part *parts, size_t count,
                                struct buf *out)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *file = zip_source_buffer_create(NULL, 0, 0, &error);
    if (file == NULL)
        return cannot_write(ctx, "zip", &error);
    enum status status = fill(ctx, file, parts, count);
    if (status == ST_OK)
        status = read_back(ctx, file, out);
    zip_source_free(file);
    return status;
}
