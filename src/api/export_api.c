/*
 * The file is written beside the kept files and loses its name before it is sent: whoever goes away
 * in the middle leaves nothing behind.
 */
#include "api/export_api.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/office.h"
#include "services/export.h"

enum { NAME_BYTES = 16 };

/* How a list is shown does not choose rows; `columns` names a table or columns of the list. */
static struct value *filters_of(const struct api_call *call)
{
    static const char *const beside[] = {"columns", "view", "format"};
    struct value *filters = value_map(call->ctx->arena);
    value_each (member, office_query(call)) {
        bool is_filter = true;
        for (size_t i = 0; i < COUNT_OF(beside); i++)
            is_filter = is_filter && !str_eq_c(member->key, beside[i]);
        if (is_filter)
            value_put(filters, member->key, value_copy(call->ctx->arena, member));
    }
    return filters;
}

static enum status take_format(struct api_call *call, enum export_format *out)
{
    struct str given = api_query(call, "format");
    *out = EXPORT_XLSX;
    if (str_is_empty(given) || export_format_parse(given, out))
        return ST_OK;
    return fail(call->ctx, ST_MALFORMED, "export.unknown_format", ARGS(arg_text("given", given)));
}

/* "cases-20261122-1800.xlsx", the batch or the campaign in front where the list is of one. */
static struct str file_name(struct api_call *call, const struct value *filters,
                            enum export_format format)
{
    struct civil civil = day_civil(day_of_instant(call->ctx->now));
    int minute = instant_minute_of_day(call->ctx->now);
    struct str of = value_find_text(filters, "batch");
    if (str_is_empty(of))
        of = value_find_text(filters, "campaign");
    if (str_is_empty(of))
        of = S("cases");
    char *name = arena_copy(call->ctx->arena, of.at, of.len);
    for (size_t i = 0; i < of.len; i++)
        if (name[i] == '/' || name[i] == '\\')
            name[i] = '-';
    return str_printf(call->ctx->arena, "%.*s-%04d%02d%02d-%02d%02d.%s", (int)of.len, name,
                      civil.year, civil.month, civil.day, minute / 60, minute % 60,
                      export_format_name(format));
}

/* The open file of a path, which goes. */
static enum status open_nameless(struct api_call *call, const char *path, int *out,
                                 int64_t *out_size)
{
    struct stat about;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool opened = fd >= 0 && fstat(fd, &about) == 0;
    int error = errno;
    (void)unlink(path);
    if (!opened) {
        if (fd >= 0)
            (void)close(fd);
        return fail(call->ctx, ST_IO, "io.read", ARGS(arg_c("error", strerrorname_np(error))));
    }
    *out = fd;
    *out_size = about.st_size;
    return ST_OK;
}

static enum status download(struct api_call *call)
{
    struct arena *arena = call->ctx->arena;
    const struct home *home = office_home(call);
    const struct value *filters = filters_of(call);
    struct export_order order = {.home = home,
                                 .reader = office_reader(call),
                                 .actor = office_actor(call),
                                 .query = filters,
                                 .columns = api_query(call, "columns")};
    int64_t rows, size = 0;
    int fd = -1;
    TRY(take_format(call, &order.format));
    TRY(office_world(call, &order.world));
    const char *path = str_c(arena, str_printf(arena, "%.*s/tmp/export-%.*s", STR_ARG(home->dir),
                                               STR_ARG(crypto_token(arena, NAME_BYTES))));
    TRY(export_write(call->ctx, office_conn(call), &order, path, &rows));
    TRY(open_nameless(call, path, &fd, &size));
    api_reply_download(call, export_format_media(order.format),
                       file_name(call, filters, order.format), fd, size);
    return ST_OK;
}

static const struct api_route routes[] = {
    {.name = "export", .method = HTTP_GET, .path = "/export", .handler = download,
     .access = API_SIGNED_IN, .flags = API_RAW | HTTP_ROUTE_SLOW,
     .query = CASE_LIST_QUERY " format columns view"},
};

const struct api_table export_api = {routes, COUNT_OF(routes)};
