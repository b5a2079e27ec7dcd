/*
 * A blob comes into being by one rename. Before it the bytes are synced, after it the folder is:
 * whoever learns the digest from us may count on the bytes after a power cut.
 * A blob that is there already is held against its name before it is trusted, so that a file
 * damaged on the disk is healed by the next upload of the same bytes.
 */
#include "kit/blob.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { COPY_BYTES = 64 * 1024, TEMP_NAME_BYTES = 64, NAME_BYTES = 80, ABANDONED_S = 24 * 3600 };

struct blob_store {
    int blobs;
    int tmp;
};

/* The system's error as a failure; the number's name is for the log and the administrator. */
static enum status fail_io(struct ctx *ctx, const char *key)
{
    return fail(ctx, ST_IO, key, ARGS(arg_c("error", strerrorname_np(errno))));
}

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

static int open_folder(int at, const char *name)
{
    if (mkdirat(at, name, 0700) == 0) {
        if (fsync(at) != 0)
            return -1;
    } else if (errno != EEXIST) {
        return -1;
    }
    return openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* What a killed process left half written. A day is longer than any upload may take. */
static void sweep(int tmp)
{
    DIR *dir = fdopendir(openat(tmp, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (dir == NULL)
        return;
    time_t old = time(NULL) - ABANDONED_S;
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        struct stat st;
        if (str_starts(str_of(entry->d_name), S("blob-")) &&
            fstatat(tmp, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && st.st_mtime < old)
            (void)unlinkat(tmp, entry->d_name, 0);
    }
    closedir(dir);
}

enum status blob_store_open(struct ctx *ctx, struct str dir, struct blob_store **out)
{
    int data AUTO(close_fd) = open(str_c(ctx->arena, dir), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (data < 0)
        return fail_io(ctx, "blob.no_folder");
    struct blob_store *store = malloc(sizeof *store);
    must(store != NULL);
    store->blobs = open_folder(data, "blobs");
    store->tmp = open_folder(data, "tmp");
    if (store->blobs < 0 || store->tmp < 0) {
        (void)fail_io(ctx, "blob.no_folder");
        blob_store_close(store);
        return ST_IO;
    }
    sweep(store->tmp);
    *out = store;
    return ST_OK;
}

void blob_store_close(struct blob_store *store)
{
    if (store == NULL)
        return;
    close_fd(&store->blobs);
    close_fd(&store->tmp);
    free(store);
}

struct temp_name {
    char text[TEMP_NAME_BYTES];
};

static struct temp_name temp_name_new(void)
{
    struct temp_name name;
    unsigned char random[16];
    crypto_random(random, sizeof random);
    memcpy(name.text, "blob-", 5);
    for (size_t i = 0; i < sizeof random; i++) {
        name.text[5 + 2 * i] = (char)('a' + (random[i] >> 4));
        name.text[6 + 2 * i] = (char)('a' + (random[i] & 15));
    }
    name.text[5 + 2 * sizeof random] = '\0';
    return name;
}

enum status blob_temp_open(struct ctx *ctx, struct blob_store *store, int *out_fd)
{
    int fd = openat(store->tmp, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) {
        struct temp_name name = temp_name_new();
        fd = openat(store->tmp, name.text, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (fd >= 0)
            (void)unlinkat(store->tmp, name.text, 0);
    }
    if (fd < 0)
        return fail_io(ctx, "io.write");
    *out_fd = fd;
    return ST_OK;
}

static bool write_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t put = write(fd, bytes, len);
        if (put < 0 && errno != EINTR)
            return false;
        if (put > 0) {
            bytes += put;
            len -= (size_t)put;
        }
    }
    return true;
}

/* ab/<sha256>, or ab alone. */
struct blob_name {
    char folder[3];
    char path[NAME_BYTES];
};

static struct blob_name blob_name_of(struct arena *arena, const struct digest *digest)
{
    struct blob_name name;
    struct str hex = digest_format(arena, digest);
    memcpy(name.folder, hex.at, 2);
    name.folder[2] = '\0';
    memcpy(name.path, hex.at, 2);
    name.path[2] = '/';
    memcpy(name.path + 3, hex.at, hex.len);
    name.path[3 + hex.len] = '\0';
    return name;
}

/* Whether the blob is there with the right bytes. */
static bool is_whole(struct ctx *ctx, struct blob_store *store, const struct blob_name *name,
                     const struct digest *digest)
{
    int fd AUTO(close_fd) = openat(store->blobs, name->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    struct digest found;
    int64_t size;
    if (fd < 0)
        return false;
    if (crypto_digest_file(ctx, CRYPTO_SHA256, fd, &found, &size) != ST_OK) {
        fail_clear(ctx);
        return false;
    }
    return digest_eq(&found, digest);
}

/*
 * The name made durable; with `temp`, from that name to the blob's own. A blob found in place is
 * synced as well: who renamed it a moment ago may not have come so far.
 */
static enum status settle(struct ctx *ctx, struct blob_store *store, const char *temp,
                          const struct blob_name *name)
{
    int folder AUTO(close_fd) = open_folder(store->blobs, name->folder);
    if (folder < 0 || (temp != NULL && renameat(store->tmp, temp, store->blobs, name->path) != 0) ||
        fsync(folder) != 0)
        return fail_io(ctx, "io.write");
    return ST_OK;
}

/* Bytes come from a file or from memory; exactly one of the two is given. */
struct source {
    int fd;
    struct str bytes;
};

static bool copy_into(struct ctx *ctx, const struct source *source, int to)
{
    if (source->fd < 0)
        return write_all(to, source->bytes.at, source->bytes.len);
    struct arena_mark mark = arena_mark(ctx->arena);
    char *bytes = arena_alloc(ctx->arena, COPY_BYTES);
    off_t offset = 0;
    ssize_t got;
    bool ok = true;
    while (ok && (got = pread(source->fd, bytes, COPY_BYTES, offset)) != 0) {
        ok = got > 0 ? write_all(to, bytes, (size_t)got) : errno == EINTR;
        offset += got > 0 ? got : 0;
    }
    arena_return(ctx->arena, mark);
    return ok;
}

/*
 * The copy is digested again: a source that changed under our hands must not get a name that
 * lies about it.
 */
static enum status write_new(struct ctx *ctx, struct blob_store *store, const struct source *source,
                             const struct blob_name *name, const struct digest *digest)
{
    struct temp_name temp = temp_name_new();
    int fd AUTO(close_fd) =
        openat(store->tmp, temp.text, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail_io(ctx, "io.write");
    struct digest written;
    int64_t size;
    enum status status = ST_OK;
    if (!copy_into(ctx, source, fd) || fsync(fd) != 0)
        status = fail_io(ctx, "io.write");
    if (status == ST_OK)
        status = crypto_digest_file(ctx, CRYPTO_SHA256, fd, &written, &size);
    if (status == ST_OK && !digest_eq(&written, digest))
        status = fail(ctx, ST_IO, "blob.changed_while_kept", NO_ARGS);
    if (status == ST_OK)
        status = settle(ctx, store, temp.text, name);
    if (status != ST_OK)
        (void)unlinkat(store->tmp, temp.text, 0);
    return status;
}

static enum status put(struct ctx *ctx, struct blob_store *store, const struct source *source,
                       const struct digest *digest)
{
    struct blob_name name = blob_name_of(ctx->arena, digest);
    if (is_whole(ctx, store, &name, digest))
        return settle(ctx, store, NULL, &name);
    return write_new(ctx, store, source, &name, digest);
}

enum status blob_put_file(struct ctx *ctx, struct blob_store *store, int fd, struct digest *out,
                          int64_t *out_size)
{
    struct digest digest;
    int64_t size;
    TRY(crypto_digest_file(ctx, CRYPTO_SHA256, fd, &digest, &size));
    TRY(put(ctx, store, &(struct source){.fd = fd}, &digest));
    *out = digest;
    *out_size = size;
    return ST_OK;
}

enum status blob_put_bytes(struct ctx *ctx, struct blob_store *store, struct str bytes,
                           struct digest *out)
{
    struct digest digest = crypto_digest(CRYPTO_SHA256, bytes);
    TRY(put(ctx, store, &(struct source){.fd = -1, .bytes = bytes}, &digest));
    *out = digest;
    return ST_OK;
}

static enum status check(struct ctx *ctx, int fd, const struct digest *name, int64_t *out_size)
{
    struct digest found;
    TRY(crypto_digest_file(ctx, CRYPTO_SHA256, fd, &found, out_size));
    if (!digest_eq(&found, name))
        return fail(ctx, ST_BROKEN, "blob.broken",
                    ARGS(arg_text("name", digest_format(ctx->arena, name))));
    return ST_OK;
}

enum status blob_open(struct ctx *ctx, struct blob_store *store, const struct digest *name,
                      int *out_fd, int64_t *out_size)
{
    struct blob_name path = blob_name_of(ctx->arena, name);
    int fd = openat(store->blobs, path.path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 && errno == ENOENT)
        return fail(ctx, ST_NOT_FOUND, "blob.not_found", NO_ARGS);
    if (fd < 0)
        return fail_io(ctx, "io.read");
    enum status status = check(ctx, fd, name, out_size);
    if (status != ST_OK) {
        close(fd);
        return status;
    }
    *out_fd = fd;
    return ST_OK;
}
