#include "services/paper_photos.h"

#include <unistd.h>

#include "services/evidence.h"

enum { PHOTO_BYTES_MAX = 1 << 20 };

static const struct casefile_evidence *find_evidence(const struct casefile *casefile,
                                                     struct str sha256)
{
    for (size_t i = 0; i < casefile->evidence.len; i++)
        if (str_eq(casefile->evidence.at[i].sha256, sha256))
            return &casefile->evidence.at[i];
    return NULL;
}

static struct str read_blob(struct ctx *ctx, struct blob_store *blobs, struct str hash)
{
    struct digest digest;
    int fd;
    int64_t size;
    if (!digest_parse(hash, &digest))
        return (struct str){0};
    if (blob_open(ctx, blobs, &digest, &fd, &size) != ST_OK) {
        fail_clear(ctx);
        return (struct str){0};
    }
    char *bytes = NULL;
    ssize_t len = -1;
    if (size > 0 && size <= PHOTO_BYTES_MAX) {
        bytes = arena_alloc(ctx->arena, (size_t)size);
        len = read(fd, bytes, (size_t)size);
    }
    (void)close(fd);
    return len == size ? (struct str){bytes, (size_t)len} : (struct str){0};
}

enum status paper_photos_load(struct ctx *ctx, const struct home *home, struct db_conn *conn,
                              const struct casefile *casefile, struct paper *paper)
{
    for (size_t i = 0; i < paper->picture_count; i++) {
        struct paper_picture *picture = &paper->pictures[i];
        const struct casefile_evidence *one = find_evidence(casefile, picture->sha256);
        struct upload upload;
        if (one == NULL)
            continue;
        enum status status = upload_rows_find(ctx, conn, one->id, &upload);
        if (status == ST_NOT_FOUND) {
            fail_clear(ctx);
            continue;
        }
        TRY(status);
        picture->jpeg = read_blob(ctx, home->blobs, evidence_small_copy(ctx, &upload));
    }
    return ST_OK;
}
