/*
 * These handlers know no case: they go to services/release, which reads released snapshots alone, and to the
 * proofs, which are hashes.
 */
#include "api/public_api.h"

#include "api/office.h"
#include "base/num.h"
#include "services/checkpoint.h"
#include "services/release.h"

enum { NAME_BYTES = 16 };

/* ---- words ---- */

static struct str word_of_code(void *self, struct str dictionary, struct str code)
{
    struct api_call *call = self;
    return office_word(call, str_c(call->ctx->arena, dictionary), code);
}

static struct str word_of_region(void *self, struct str code)
{
    struct api_call *call = self;
    const struct world *world;
    if (office_world(call, &world) != ST_OK) {
        fail_clear(call->ctx);
        return code;
    }
    const struct world_region *region = world_find_region(world, code);
    return region == NULL ? code : region->name;
}

static struct release_words words_for(struct api_call *call)
{
    return (struct release_words){call, word_of_code, word_of_region};
}

/* ---- pages ---- */

static enum status read_list(struct api_call *call, struct value **out)
{
    const struct reader reader = office_reader(call);
    const struct release_words words = words_for(call);
    struct str given = api_query(call, "cursor");
    struct instant before = {INT64_MAX};
    if (!str_is_empty(given) && !num_parse_i64(given, 0, INT64_MAX, &before.ms))
        return fail(call->ctx, ST_MALFORMED, "list.wrong_value",
                    ARGS(arg_c("field", "cursor"), arg_text("given", given)));
    return release_list_document(call->ctx, office_conn(call), &reader, &words, before, out);
}

static enum status list(struct api_call *call)
{
    return read_list(call, &call->document);
}

static enum status read_release(struct api_call *call, struct value **out)
{
    struct prefecture prefecture;
    struct casefile_id id;
    const struct reader reader = office_reader(call);
    const struct release_words words = words_for(call);
    if (!casefile_ref_parse(api_capture(call, "id"), &prefecture, &id))
        return fail(call->ctx, ST_NOT_FOUND, "release.unknown", NO_ARGS);
    return release_document(call->ctx, office_conn(call), &reader, &words, prefecture, id, out);
}

static enum status show(struct api_call *call)
{
    return read_release(call, &call->document);
}

/* Whoever has a number sees what was answered, where it was released, and the proof of that. */
static enum status search(struct api_call *call)
{
    const struct reader reader = office_reader(call);
    const struct release_words words = words_for(call);
    return release_search_document(call->ctx, office_conn(call), &reader, &words,
                                   str_trim(api_query(call, "q")), &call->document);
}

/* Which hashes stand in the signed root: nothing of what the events say. */
static enum status show_proof(struct api_call *call)
{
    struct value *release;
    struct prefecture prefecture;
    struct casefile_id id;
    TRY(read_release(call, &release));
    (void)casefile_ref_parse(api_capture(call, "id"), &prefecture, &id);
    TRY(checkpoint_case_document(call->ctx, office_home(call), office_conn(call), prefecture, id,
                                 0, &call->document));
    value_put_text(call->ctx->arena, call->document, "number", value_find_text(release, "number"));
    if (call->is_page)
        value_put_text(call->ctx->arena, call->document, "case_url",
                       value_find_text(release, "url"));
    return ST_OK;
}

/* ---- files ---- */

static const char *temporary(struct api_call *call)
{
    struct arena *arena = call->ctx->arena;
    return str_c(arena, str_printf(arena, "%.*s/tmp/public-%.*s",
                                   STR_ARG(office_home(call)->dir),
                                   STR_ARG(crypto_token(arena, NAME_BYTES))));
}

static enum status download(struct api_call *call)
{
    struct value *release;
    enum export_format format = EXPORT_XLSX;
    const struct reader reader = office_reader(call);
    struct str given = api_query(call, "format");
    int fd = -1;
    int64_t size = 0;
    if (!str_is_empty(given) && !export_format_parse(given, &format))
        return fail(call->ctx, ST_MALFORMED, "export.unknown_format", ARGS(arg_text("given", given)));
    TRY(read_release(call, &release));
    const char *path = temporary(call);
    TRY(release_write_file(call->ctx, release, &reader, format, path));
    TRY(office_open_nameless(call, path, &fd, &size));
    api_reply_download(call, export_format_media(format),
                       str_printf(call->ctx->arena, "%.*s.%s",
                                  STR_ARG(value_find_text(release, "id")),
                                  export_format_name(format)),
                       fd, size);
    return ST_OK;
}

static enum status feed(struct api_call *call)
{
    struct value *items;
    struct str text;
    const struct reader reader = office_reader(call);
    TRY(read_list(call, &items));
    TRY(release_format_feed(call->ctx, items, &reader, S(""), &text));
    http_reply_text(call->http, 200, "application/atom+xml; charset=utf-8", text);
    return ST_OK;
}

static const struct api_route routes[] = {
    {.name = "public_list", .method = HTTP_GET, .path = "/public", .handler = list,
     .access = API_PUBLIC, .page = "public", .query = "cursor"},
    {.name = "public_search", .method = HTTP_GET, .path = "/public/search", .handler = search,
     .access = API_PUBLIC, .flags = HTTP_ROUTE_SLOW, .page = "search", .query = "q"},
    {.name = "public_feed", .method = HTTP_GET, .path = "/public/feed", .handler = feed,
     .access = API_PUBLIC, .flags = API_RAW, .query = "cursor"},
    {.name = "public_release", .method = HTTP_GET, .path = "/public/releases/{id}",
     .handler = show, .access = API_PUBLIC, .page = "release"},
    {.name = "public_file", .method = HTTP_GET, .path = "/public/releases/{id}/file",
     .handler = download, .access = API_PUBLIC, .flags = API_RAW | HTTP_ROUTE_SLOW,
     .query = "format"},
    {.name = "public_proof", .method = HTTP_GET, .path = "/public/releases/{id}/proof",
     .handler = show_proof, .access = API_PUBLIC, .flags = HTTP_ROUTE_SLOW, .page = "proof"},
};

const struct api_table public_api = {routes, COUNT_OF(routes)};
