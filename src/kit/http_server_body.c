/*
 * Bodies. What is not a file is held in memory up to a limit; files flow into nameless files on
 * the disk, so that the size of an upload never shows in the size of the process.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/vec.h"
#include "kit/form.h"
#include "kit/http_server_int.h"

static struct str media_of(const struct http_call *call)
{
    struct str type = http_header(call, "content-type"), media = {0};
    (void)str_next(&type, ';', &media);
    return media.at == NULL ? media : str_trim(media);
}

static enum status write_file(struct exchange *x, struct str bytes)
{
    while (bytes.len > 0) {
        ssize_t put = write(x->file.fd, bytes.at, bytes.len);
        if (put < 0 && errno != EINTR)
            return fail(&x->call.ctx, ST_IO, "io.write",
                        ARGS(arg_c("error", strerrorname_np(errno))));
        bytes = str_from(bytes, put > 0 ? (size_t)put : 0);
        x->file.size += put > 0 ? put : 0;
    }
    return ST_OK;
}

static enum status part_begin(void *user, const struct multipart_part *part)
{
    struct exchange *x = user;
    x->in_file = part->filename.at != NULL;
    x->field = (struct pair){part->name, {0}};
    if (!x->in_file) {
        /* The value is what the buffer gains from here on. */
        x->field.value.len = x->memory.len;
        return ST_OK;
    }
    x->file = (struct http_file){part->name, part->filename, part->type, -1, 0};
    x->file.fd = open(x->server->config.tmp_dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (x->file.fd < 0)
        return fail(&x->call.ctx, ST_IO, "io.write", ARGS(arg_c("error", strerrorname_np(errno))));
    vec_add(x->call.ctx.arena, &x->files, x->file);
    return ST_OK;
}

static enum status memory_add(struct exchange *x, struct str bytes)
{
    buf_text(&x->memory, bytes);
    if (buf_status(&x->memory) != ST_OK)
        return fail(&x->call.ctx, ST_LIMIT, "http.body_too_large",
                    ARGS(arg_bytes("limit", (int64_t)x->memory.limit)));
    return ST_OK;
}

static enum status part_data(void *user, struct str bytes)
{
    struct exchange *x = user;
    return x->in_file ? write_file(x, bytes) : memory_add(x, bytes);
}

/* A file input that was left empty comes as a part without name and bytes. */
static bool is_unchosen(const struct http_file *file)
{
    return file->filename.len == 0 && file->size == 0;
}

static enum status part_end(void *user)
{
    struct exchange *x = user;
    if (x->in_file) {
        x->files.at[x->files.len - 1] = x->file;
        if (is_unchosen(&x->file)) {
            close(x->file.fd);
            x->files.len--;
        }
        return ST_OK;
    }
    struct str value =
        str_copy(x->call.ctx.arena, str_from(buf_str(&x->memory), x->field.value.len));
    if (!str_is_clean(value))
        return fail(&x->call.ctx, ST_MALFORMED, "form.not_text", NO_ARGS);
    return form_add(&x->call.ctx, &x->call.request.form, FORM_NAMES_REPEAT, x->field.name, value);
}

static enum status choose_intake(struct exchange *x, struct str media)
{
    struct http_call *call = &x->call;
    unsigned flags = call->request.route->flags;
    struct str boundary;
    if (str_eq_nocase(media, S("multipart/form-data")) && (flags & HTTP_ROUTE_FILES) != 0) {
        if (!multipart_boundary(call->ctx.arena, http_header(call, "content-type"), &boundary))
            return fail(&call->ctx, ST_MALFORMED, "multipart.malformed", NO_ARGS);
        x->multipart = multipart_new(&call->ctx, boundary,
                                     (struct multipart_sink){part_begin, part_data, part_end, x});
        x->intake = INTAKE_MULTIPART;
        return ST_OK;
    }
    bool form = str_eq_nocase(media, S("application/x-www-form-urlencoded"));
    bool json = str_eq_nocase(media, S("application/json"));
    x->intake = INTAKE_MEMORY;
    if ((form && (flags & HTTP_ROUTE_FORM) != 0) || (json && (flags & HTTP_ROUTE_JSON) != 0))
        return ST_OK;
    return fail(&call->ctx, ST_MEDIA, "http.media", NO_ARGS);
}

static enum status too_large(struct exchange *x)
{
    return fail(&x->call.ctx, ST_LIMIT, "http.body_too_large",
                ARGS(arg_bytes("limit", x->call.request.route->body_limit)));
}

enum status body_begin(struct exchange *x, const struct http_announced *announced)
{
    const struct http_limits *limits = &x->server->config.limits;
    int64_t now = monotonic_ms();
    if (announced->length > x->call.request.route->body_limit)
        return too_large(x);
    x->intake = INTAKE_NONE;
    x->body_deadline =
        now + limits->body_ms +
        (announced->chunked ? x->call.request.route->body_limit : announced->length) * 1000 /
            limits->body_bytes_per_s;
    buf_init(&x->memory, x->call.ctx.arena, limits->memory_bytes);
    if (announced->chunked || announced->length > 0)
        return choose_intake(x, media_of(&x->call));
    return ST_OK;
}

enum status body_take(struct exchange *x, struct str bytes)
{
    x->received += (int64_t)bytes.len;
    if (x->received > x->call.request.route->body_limit)
        return too_large(x);
    if (x->intake == INTAKE_MULTIPART)
        return multipart_feed(x->multipart, bytes);
    return memory_add(x, bytes);
}

enum status body_finish(struct exchange *x)
{
    struct http_call *call = &x->call;
    if (x->intake == INTAKE_MULTIPART) {
        TRY(multipart_end(x->multipart));
        call->request.files = x->files.at;
        call->request.file_count = x->files.len;
    } else if (x->intake == INTAKE_MEMORY) {
        bool form = str_eq_nocase(media_of(call), S("application/x-www-form-urlencoded"));
        if (form)
            return form_parse(&call->ctx, buf_str(&x->memory), FORM_NAMES_REPEAT,
                              &call->request.form);
        call->request.body = buf_str(&x->memory);
    }
    return ST_OK;
}

void body_close_files(struct exchange *x)
{
    for (size_t i = 0; i < x->files.len; i++)
        close(x->files.at[i].fd);
    x->files.len = 0;
}
