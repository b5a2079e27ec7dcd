/*
 * i18n: flash.*  Named by whoever wrote; put_flash takes no other keys.
 *
 * Static files have an address that changes with their bytes, so they may be kept for ever; an
 * address with another tag (an old page, an update under way) still gets the present file, but is
 * asked again.
 */
#include "web/face.h"

#include "kit/crypto.h"
#include "web/asset.h"
#include "web/fields.h"

enum { KEY_BYTES = 16 };

/* What the request before this one has done, told once. Only sentences made for it. */
static void put_flash(const struct face *face, struct api_call *call, struct web_frame *frame)
{
    struct str key = http_cookie(call->http, FLASH_COOKIE);
    if (!str_starts(key, S("flash.")) || words_find(face->words, call->lang, key).at == NULL)
        return;
    frame->flash_kind = S("done");
    frame->flash_text = words_format(call->ctx->arena, face->words, call->lang, key, NO_ARGS);
    http_reply_header(call->http, "Set-Cookie", S(FLASH_COOKIE "=; Path=/; Max-Age=0"));
}

static enum status render(void *user, struct api_call *call, struct str page,
                          struct value *document, struct buf *out)
{
    const struct face *face = user;
    struct arena *arena = call->ctx->arena;
    struct arg now = arg_instant("now", call->ctx->now);
    struct web_frame frame = {
        .lang = call->lang,
        .path = call->http->request.target,
        .csrf = call->session.csrf,
        .key = crypto_token(arena, KEY_BYTES),
        .me = call->session.me,
        .sandbox = face->sandbox,
        .version = str_of(face->version),
        .request_id = call->ctx->request_id,
    };
    if (face->sandbox)
        frame.clock_text = words_value(arena, face->words, call->lang, &now);
    put_flash(face, call, &frame);
    return web_render(call->ctx, face->web, page, document, &frame, out);
}

struct api_pages face_pages(const struct face *face)
{
    /* Handed back as it is; nobody writes to it. */
    return (struct api_pages){
        .user = (void *)(uintptr_t)face, .fold = fields_fold, .render = render};
}

static const char *type_of(struct str path)
{
    static const struct {
        struct str ending;
        const char *type;
    } rows[] = {
        {STR_INIT(".css"), "text/css; charset=utf-8"},
        {STR_INIT(".js"), "text/javascript; charset=utf-8"},
        {STR_INIT(".svg"), "image/svg+xml"},
        {STR_INIT(".png"), "image/png"},
        {STR_INIT(".webp"), "image/webp"},
        {STR_INIT(".html"), "text/html; charset=utf-8"},
        {STR_INIT(".ico"), "image/x-icon"},
        {STR_INIT(".woff2"), "font/woff2"},
        {STR_INIT(".json"), "application/json"},
        {STR_INIT(".webmanifest"), "application/manifest+json"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (str_ends(path, rows[i].ending))
            return rows[i].type;
    return "application/octet-stream";
}

/* The compressed form where the browser takes it and there is one. */
static const struct furniture_item *packed(const struct face *face, struct api_call *call,
                                           const struct furniture_item *item)
{
    const struct furniture_item *zipped =
        furniture_find(face->furniture, str_concat(call->ctx->arena, item->path, S(".gz")));
    struct str accepted = http_header(call->http, "accept-encoding");
    return zipped != NULL && str_has(accepted, S("gzip")) ? zipped : item;
}

static enum status get_static(struct api_call *call)
{
    const struct face *face = call->api->pages.user;
    struct http_call *http = call->http;
    struct str path = str_concat(call->ctx->arena, S("/static/"), api_capture(call, "path"));
    bool kept;
    const struct furniture_item *item = asset_find(face->furniture, path, &kept);
    if (item == NULL || str_ends(item->path, S(".gz")))
        return fail(call->ctx, ST_NOT_FOUND, "http.not_found", NO_ARGS);
    const struct furniture_item *sent = packed(face, call, item);
    struct str etag = str_printf(call->ctx->arena, "\"%.*s\"", STR_ARG(sent->tag));
    http_reply_header(http, "Cache-Control",
                      kept ? S("public, max-age=31536000, immutable") : S("no-cache"));
    http_reply_header(http, "Vary", S("Accept-Encoding"));
    http_reply_header(http, "ETag", etag);
    if (sent != item)
        http_reply_header(http, "Content-Encoding", S("gzip"));
    if (http_etag_listed(http_header(http, "if-none-match"), etag))
        http_reply_empty(http, 304);
    else
        http_reply_text(http, 200, type_of(item->path), sent->bytes);
    return ST_OK;
}

static const struct api_route routes[] = {
    {.name = "static_file",
     .path = "/static/{path*}",
     .handler = get_static,
     .access = API_PUBLIC,
     .flags = API_BARE | API_RAW},
};

const struct api_table face_table = {routes, COUNT_OF(routes)};
