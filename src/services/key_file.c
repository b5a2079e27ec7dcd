/*
 * A key is written whole under another name first, and linked to its own: nobody reads half of one.
 */
#include "services/key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEY_MODE = 0600, FOLDER_MODE = 0700, KEY_HEX = 2 * KEY_FILE_BYTES, NAME_BYTES = 16 };

static const char *path_of(struct arena *arena, struct str folder, struct str name)
{
    return str_c(arena, str_printf(arena, "%.*s/%.*s", STR_ARG(folder), STR_ARG(name)));
}

static enum status fail_key(struct ctx *ctx, struct str name, int error)
{
    return fail(ctx, ST_IO, "key_file.failed",
                ARGS(arg_text("name", name), arg_c("error", strerrorname_np(error))));
}

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

enum status key_file_find(struct ctx *ctx, struct str folder, struct str name, unsigned char *out)
{
    char text[KEY_HEX];
    int fd AUTO(close_fd) = open(path_of(ctx->arena, folder, name), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? ST_NOT_FOUND : fail_key(ctx, name, errno);
    ssize_t got = read(fd, text, sizeof text);
    if (got != (ssize_t)sizeof text ||
        !hex_parse((struct str){text, sizeof text}, out, KEY_FILE_BYTES))
        return fail(ctx, ST_BROKEN, "key_file.unreadable", ARGS(arg_text("name", name)));
    return ST_OK;
}

/* Of two programs that make one, link lets a single one win. */
static enum status make(struct ctx *ctx, struct str folder, struct str name)
{
    unsigned char bytes[KEY_FILE_BYTES];
    crypto_random(bytes, sizeof bytes);
    struct str text = str_concat(ctx->arena, hex_format(ctx->arena, bytes, sizeof bytes), S("\n"));
    const char *path = path_of(ctx->arena, folder, name);
    const char *draft = path_of(ctx->arena, folder, crypto_token(ctx->arena, NAME_BYTES));
    (void)mkdir(str_c(ctx->arena, folder), FOLDER_MODE); /* a restored copy has none */
    int fd AUTO(close_fd) = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, KEY_MODE);
    if (fd < 0)
        return fail_key(ctx, name, errno);
    bool written = write(fd, text.at, text.len) == (ssize_t)text.len && fsync(fd) == 0 &&
                   (link(draft, path) == 0 || errno == EEXIST);
    int error = errno;
    (void)unlink(draft);
    return written ? ST_OK : fail_key(ctx, name, error);
}

enum status key_file_take(struct ctx *ctx, struct str folder, struct str name, unsigned char *out)
{
    enum status status = key_file_find(ctx, folder, name, out);
    if (status != ST_NOT_FOUND)
        return status;
    TRY(make(ctx, folder, name));
    status = key_file_find(ctx, folder, name, out);
    return status == ST_NOT_FOUND ? fail_key(ctx, name, ENOENT) : status;
}
