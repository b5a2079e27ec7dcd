/*
 * libzip both ways. It writes beside the wanted name and takes its place by rename; whether the
 * bytes reached the disk is looked after here.
 */
#include "kit/archive.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

enum { NAME_MAX_BYTES = 512, PIECE = 64 * 1024 };

struct archive_writer {
    zip_t *zip;
    struct str path; /* in a string of its own */
    archive_progress progress;
    void *progress_arg;
};

static enum status fail_errno(struct ctx *ctx, const char *key, const char *file)
{
    return fail(ctx, ST_IO, key,
                ARGS(arg_c("file", file), arg_c("error", strerrorname_np(errno))));
}

static enum status fail_zip(struct ctx *ctx, const char *key, const char *file, zip_error_t *error)
{
    return fail(ctx, ST_IO, key,
                ARGS(arg_c("file", file), arg_c("error", zip_error_strerror(error))));
}

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '.' || c == '_' || c == '-';
}

/* Nothing that could lead out of the folder, whatever the archive came from. */
static bool is_name(struct str name)
{
    struct str rest = name, segment;
    if (str_is_empty(name) || name.len > NAME_MAX_BYTES)
        return false;
    while (str_next(&rest, '/', &segment)) {
        if (str_is_empty(segment) || str_eq_c(segment, ".") || str_eq_c(segment, ".."))
            return false;
        for (size_t i = 0; i < segment.len; i++)
            if (!is_name_byte(segment.at[i]))
                return false;
    }
    return true;
}

static enum status check_name(struct ctx *ctx, struct str name)
{
    return is_name(name) ? ST_OK
                         : fail(ctx, ST_INVALID, "archive.name", ARGS(arg_text("name", name)));
}

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

/* ---- writing ---- */

enum status archive_write_open(struct ctx *ctx, const char *path, struct archive_writer **out)
{
    int why = 0;
    zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &why);
    if (zip == NULL) {
        zip_error_t error;
        zip_error_init_with_code(&error, why);
        (void)fail_zip(ctx, "archive.cannot_write", path, &error);
        zip_error_fini(&error);
        return ST_IO;
    }
    struct archive_writer *archive = calloc(1, sizeof *archive);
    must(archive != NULL);
    archive->zip = zip;
    archive->path = str_of(strdup(path));
    must(archive->path.at != NULL);
    *out = archive;
    return ST_OK;
}

void archive_write_tell(struct archive_writer *archive, archive_progress progress, void *arg)
{
    archive->progress = progress;
    archive->progress_arg = arg;
}

enum status archive_write_file(struct ctx *ctx, struct archive_writer *archive, struct str name,
                               const char *path)
{
    TRY(check_name(ctx, name));
    if (access(path, R_OK) != 0)
        return fail_errno(ctx, "archive.cannot_read", path);
    zip_source_t *source = zip_source_file(archive->zip, path, 0, -1);
    if (source == NULL)
        return fail_zip(ctx, "archive.cannot_read", path, zip_get_error(archive->zip));
    if (zip_file_add(archive->zip, str_c(ctx->arena, name), source, ZIP_FL_ENC_UTF_8) < 0) {
        (void)fail_zip(ctx, "archive.cannot_write", archive->path.at, zip_get_error(archive->zip));
        zip_source_free(source);
        return ST_IO;
    }
    return ST_OK;
}

static void forget(struct archive_writer *archive)
{
    free((void *)(uintptr_t)archive->path.at); /* from strdup */
    free(archive);
}

static void tell(zip_t *zip, double done, void *arg)
{
    const struct archive_writer *archive = arg;
    (void)zip;
    archive->progress(archive->progress_arg, (int64_t)(done * 1000));
}

static enum status sync_path(struct ctx *ctx, const char *path, int flags)
{
    int fd AUTO(close_fd) = open(path, O_RDONLY | O_CLOEXEC | flags);
    return fd >= 0 && fsync(fd) == 0 ? ST_OK : fail_errno(ctx, "archive.cannot_write", path);
}

static enum status sync_file(struct ctx *ctx, const char *path)
{
    TRY(sync_path(ctx, path, 0));
    return sync_path(ctx, dirname((char *)arena_copy(ctx->arena, path, strlen(path) + 1)),
                     O_DIRECTORY);
}

enum status archive_write_close(struct ctx *ctx, struct archive_writer **io_archive)
{
    struct archive_writer *archive = *io_archive;
    enum status status;
    *io_archive = NULL;
    if (archive->progress != NULL)
        (void)zip_register_progress_callback_with_state(archive->zip, 0.001, tell, NULL, archive);
    if (zip_close(archive->zip) == 0) {
        status = sync_file(ctx, archive->path.at);
    } else {
        status = fail_zip(ctx, "archive.cannot_write", archive->path.at,
                          zip_get_error(archive->zip));
        zip_discard(archive->zip);
    }
    forget(archive);
    return status;
}

void archive_write_cleanup(struct archive_writer **archive)
{
    if (*archive == NULL)
        return;
    zip_discard((*archive)->zip);
    forget(*archive);
}

/* ---- reading ---- */

static void close_zip(zip_t **zip)
{
    if (*zip != NULL)
        zip_discard(*zip);
}

static void close_member(zip_file_t **member)
{
    if (*member != NULL)
        (void)zip_fclose(*member);
}

static enum status make_folders(struct ctx *ctx, const char *dir, struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        if (name.at[i] != '/')
            continue;
        const char *folder = str_c(
            ctx->arena, str_printf(ctx->arena, "%s/%.*s", dir, (int)i, name.at));
        if (mkdir(folder, 0700) != 0 && errno != EEXIST)
            return fail_errno(ctx, "archive.cannot_write", folder);
    }
    return ST_OK;
}

static bool write_all(int fd, const char *bytes, size_t len)
{
    for (size_t done = 0; done < len;) {
        ssize_t wrote = write(fd, bytes + done, len - done);
        if (wrote < 0)
            return false;
        done += (size_t)wrote;
    }
    return true;
}

static enum status copy_member(struct ctx *ctx, zip_file_t *member, const zip_stat_t *about, int fd,
                               const char *path, const char *to)
{
    char piece[PIECE];
    uint64_t size = 0;
    zip_int64_t got;
    while ((got = zip_fread(member, piece, sizeof piece)) > 0) {
        size += (uint64_t)got;
        if (size > about->size)
            break;
        if (!write_all(fd, piece, (size_t)got))
            return fail_errno(ctx, "archive.cannot_write", to);
    }
    if (got != 0 || size != about->size)
        return fail(ctx, ST_INVALID, "archive.broken",
                    ARGS(arg_c("file", path), arg_c("name", about->name)));
    return fsync(fd) == 0 ? ST_OK : fail_errno(ctx, "archive.cannot_write", to);
}

static enum status unpack_one(struct ctx *ctx, zip_t *zip, zip_uint64_t index, const char *path,
                              const char *dir)
{
    zip_stat_t about;
    zip_stat_init(&about);
    if (zip_stat_index(zip, index, 0, &about) != 0 || (about.valid & ZIP_STAT_SIZE) == 0 ||
        (about.valid & ZIP_STAT_NAME) == 0)
        return fail(ctx, ST_INVALID, "archive.broken",
                    ARGS(arg_c("file", path), arg_int("name", (int64_t)index)));
    struct str name = str_of(about.name);
    TRY(check_name(ctx, name));
    TRY(make_folders(ctx, dir, name));
    const char *to = str_c(ctx->arena, str_printf(ctx->arena, "%s/%s", dir, about.name));
    zip_file_t *member AUTO(close_member) = zip_fopen_index(zip, index, 0);
    if (member == NULL)
        return fail(ctx, ST_INVALID, "archive.broken",
                    ARGS(arg_c("file", path), arg_text("name", name)));
    int fd AUTO(close_fd) = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail_errno(ctx, "archive.cannot_write", to);
    return copy_member(ctx, member, &about, fd, path, to);
}

enum status archive_unpack(struct ctx *ctx, const char *path, const char *dir, int64_t *out_files)
{
    int why = 0;
    zip_t *zip AUTO(close_zip) = zip_open(path, ZIP_RDONLY | ZIP_CHECKCONS, &why);
    if (zip == NULL)
        return why == ZIP_ER_NOENT || why == ZIP_ER_OPEN
                   ? fail(ctx, ST_NOT_FOUND, "archive.cannot_open", ARGS(arg_c("file", path)))
                   : fail(ctx, ST_MEDIA, "archive.not_an_archive", ARGS(arg_c("file", path)));
    zip_int64_t count = zip_get_num_entries(zip, 0);
    for (zip_int64_t i = 0; i < count; i++) {
        struct arena_mark mark = arena_mark(ctx->arena);
        TRY(unpack_one(ctx, zip, (zip_uint64_t)i, path, dir));
        arena_return(ctx->arena, mark);
    }
    *out_files = count;
    return ST_OK;
}
