/*
 * The file is written beside the kept files and loses its name before it is sent: whoever goes away
 * in the middle leaves nothing behind.
 */
#include "api/export_api.h"

#include <string.h>

#include "api/office.h"
#include "services/export_page.h"

enum { NAME_BYTES = 16, CURSOR_MAX = 1024 };

/* How a list is shown does not choose rows; `columns` names a table or columns of the list. */
static struct value *filters_of(const struct api_call *call)
{
    static const char *const beside[] = {"columns", "view", "format", "bom"};
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

/* What a list of cases is called: by its batch or campaign where it is of one. */
static struct str name_of(const struct value *filters)
{
    struct str of = value_find_text(filters, "batch");
    if (str_is_empty(of))
        of = value_find_text(filters, "campaign");
    return str_is_empty(of) ? S("cases") : of;
}

/* "cases-20261122-1800.xlsx" */
static struct str file_name(struct api_call *call, struct str of, enum export_format format)
{
    struct civil civil = day_civil(day_of_instant(call->ctx->now));
    int minute = instant_minute_of_day(call->ctx->now);
    char *name = arena_copy(call->ctx->arena, of.at, of.len);
    for (size_t i = 0; i < of.len; i++)
        if (name[i] == '/' || name[i] == '\\')
            name[i] = '-';
    return str_printf(call->ctx->arena, "%.*s-%04d%02d%02d-%02d%02d.%s", (int)of.len, name,
                      civil.year, civil.month, civil.day, minute / 60, minute % 60,
                      export_format_name(format));
}

static const char *make_path(struct api_call *call)
{
    struct arena *arena = call->ctx->arena;
    return str_c(arena, str_printf(arena, "%.*s/tmp/export-%.*s", STR_ARG(office_home(call)->dir),
                                   STR_ARG(crypto_token(arena, NAME_BYTES))));
}

static enum status send_file(struct api_call *call, const char *path, struct str of,
                             enum export_format format)
{
    int64_t size = 0;
    int fd = -1;
    TRY(office_open_nameless(call, path, &fd, &size));
    api_reply_download(call, export_format_media(format), file_name(call, of, format), fd, size);
    return ST_OK;
}

static bool wants_bom(const struct api_call *call)
{
    return !str_eq_c(api_query(call, "bom"), "no");
}

static enum status download(struct api_call *call)
{
    const struct value *filters = filters_of(call);
    struct export_order order = {.home = office_home(call),
                                 .reader = office_reader(call),
                                 .actor = office_actor(call),
                                 .query = filters,
                                 .columns = api_query(call, "columns"),
                                 .without_bom = !wants_bom(call)};
    int64_t rows;
    TRY(take_format(call, &order.format));
    TRY(office_world(call, &order.world));
    const char *path = make_path(call);
    TRY(export_write(call->ctx, office_conn(call), &order, path, &rows));
    return send_file(call, path, name_of(filters), order.format);
}

/* ---- what other pages list ---- */

/* Null where no page has that path. */
static const struct api_route *find_route(const struct api_call *call, struct str path)
{
    for (size_t i = 0; i < call->api->route_count; i++) {
        const struct api_route *route = call->api->routes[i];
        if (route->method == HTTP_GET && str_eq_c(path, route->path) &&
            (route->flags & API_RAW) == 0 && route->access == API_SIGNED_IN)
            return route;
    }
    return NULL;
}

/* The page's own query: what only the file is told, and the language, are left out. */
static enum status take_query(struct api_call *call, const struct api_route *route,
                              struct pairs *out)
{
    const struct pairs *query = &call->http->request.query;
    *out = (struct pairs){0};
    for (size_t i = 0; i < query->len; i++) {
        struct str name = query->at[i].name;
        if (http_query_is_listed(S("format bom lang cursor"), name))
            continue;
        if (!http_query_is_listed(str_of(route->query), name))
            return fail(call->ctx, ST_MALFORMED, "http.query_unknown",
                        ARGS(arg_text("name", name)));
        pairs_add(call->ctx->arena, out, name, query->at[i].value);
    }
    return ST_OK;
}

/* Asks the page's handler for document after document; each one's memory is given back. */
static enum status write_documents(struct api_call *call, const struct api_route *route,
                                   struct export_page *page)
{
    struct arena *arena = call->ctx->arena;
    struct pairs query;
    char kept[CURSOR_MAX];
    struct str cursor = {0};
    TRY(take_query(call, route, &query));
    do {
        struct arena_mark mark = arena_mark(arena);
        struct pairs asked = {0};
        for (size_t i = 0; i < query.len; i++)
            pairs_add(arena, &asked, query.at[i].name, query.at[i].value);
        if (!str_is_empty(cursor))
            pairs_add(arena, &asked, S("cursor"), cursor);
        call->http->request.query = asked;
        TRY(route->handler(call));
        TRY(export_page_add(call->ctx, page, call->document));
        cursor = (struct str){0};
        struct str next = value_find_text(call->document, "next");
        if (http_query_is_listed(str_of(route->query), S("cursor")) && next.len <= sizeof kept) {
            cursor = (struct str){kept, next.len};
            memcpy(kept, next.at == NULL ? "" : next.at, next.len);
        }
        call->document = NULL;
        arena_return(arena, mark);
    } while (!str_is_empty(cursor));
    return ST_OK;
}

static enum status download_page(struct api_call *call)
{
    const struct home *home = office_home(call);
    struct export_page *page AUTO(export_page_cleanup) = NULL;
    struct export_page_order order = {.furniture = home->furniture,
                                      .name = str_copy(call->ctx->arena, api_capture(call, "list")),
                                      .words = home->words,
                                      .lang = call->lang,
                                      .without_bom = !wants_bom(call)};
    struct str of;
    int64_t rows;
    TRY(take_format(call, &order.format));
    TRY(export_page_source(call->ctx, home->furniture, order.name, &of));
    const struct api_route *route = find_route(call, of);
    if (route == NULL)
        return fail(call->ctx, ST_NOT_FOUND, "export.unknown_table",
                    ARGS(arg_text("name", order.name)));
    order.path = make_path(call);
    TRY(export_page_open(call->ctx, &order, &page));
    bool is_page = call->is_page;
    call->is_page = false; /* the document is the same for everybody who asks */
    enum status status = write_documents(call, route, page);
    call->is_page = is_page;
    TRY(status);
    TRY(export_page_close(call->ctx, &page, &rows));
    return send_file(call, order.path, order.name, order.format);
}

static const struct api_route routes[] = {
    {.name = "export", .method = HTTP_GET, .path = "/export", .handler = download,
     .access = API_SIGNED_IN, .flags = API_RAW | HTTP_ROUTE_SLOW,
     .query = CASE_LIST_QUERY " format bom columns view"},
    {.name = "export_page", .method = HTTP_GET, .path = "/export/{list}",
     .handler = download_page, .access = API_SIGNED_IN, .flags = API_RAW | HTTP_ROUTE_SLOW,
     .query = "format bom *"},
};

const struct api_table export_api = {routes, COUNT_OF(routes)};
