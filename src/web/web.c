/*
 * The frame of every page. Which pages there are is told by the folder templates/; what leads to
 * them from everywhere is the table below.
 *
 * i18n: nav.* title.*
 */
#include "web/web.h"

#include <stdio.h>

#include "kit/tmpl.h"
#include "services/export_page.h"
#include "web/asset.h"
#include "web/prepare.h"
#include "web/views.h"

struct web {
    const struct words_book *book;
    const struct furniture *furniture;
    struct tmpl_set *set;
    struct value *assets; /* map: name in templates → address */
    struct value *lists;  /* what pages list and goes out as a file (services/export_page.h) */
};

/* In the order of the page's head. `platform`: only for those who hold this platform post. */
struct nav_item {
    struct str key;
    struct str url;
    struct str icon;
    struct str platform;
};

static const struct nav_item nav_items[] = {
    {STR_INIT("desk"), STR_INIT("/desk"), STR_INIT("home"), STR_INIT("")},
    {STR_INIT("cases"), STR_INIT("/cases"), STR_INIT("list-check"), STR_INIT("")},
    {STR_INIT("calendar"), STR_INIT("/calendar"), STR_INIT("calendar"), STR_INIT("")},
    {STR_INIT("imports"), STR_INIT("/imports"), STR_INIT("upload"), STR_INIT("")},
    {STR_INIT("batches"), STR_INIT("/batches"), STR_INIT("send"), STR_INIT("")},
    {STR_INIT("documents"), STR_INIT("/documents"), STR_INIT("file-text"), STR_INIT("")},
    {STR_INIT("measures"), STR_INIT("/measures"), STR_INIT("bell"), STR_INIT("")},
    {STR_INIT("scores"), STR_INIT("/scores"), STR_INIT("scale"), STR_INIT("")},
    {STR_INIT("stats"), STR_INIT("/stats?by=region"), STR_INIT("chart-bar"), STR_INIT("")},
    {STR_INIT("counts"), STR_INIT("/counts"), STR_INIT("chart-bar"), STR_INIT("")},
    {STR_INIT("boards"), STR_INIT("/boards"), STR_INIT("calendar"), STR_INIT("")},
    {STR_INIT("obligations"), STR_INIT("/obligations"), STR_INIT("calendar-due"), STR_INIT("")},
    {STR_INIT("coverage"), STR_INIT("/coverage"), STR_INIT("link"), STR_INIT("")},
    {STR_INIT("regimes"), STR_INIT("/regimes"), STR_INIT("route"), STR_INIT("")},
    {STR_INIT("units"), STR_INIT("/units"), STR_INIT("sitemap"), STR_INIT("")},
    {STR_INIT("people"), STR_INIT("/people"), STR_INIT("users"), STR_INIT("")},
    {STR_INIT("accounts"), STR_INIT("/accounts"), STR_INIT("key"),
     STR_INIT("secadmin")},
    {STR_INIT("audit"), STR_INIT("/audit"), STR_INIT("history"), STR_INIT("auditor")},
};

/* Name in templates, furniture path. */
static const struct {
    const char *name;
    const char *path;
} asset_items[] = {
    {"tabler", "static/vendor/tabler.min.css"}, {"css", "static/app.css"},
    {"htmx", "static/vendor/htmx.min.js"},      {"js", "static/app.js"},
    {"icons", "static/vendor/icons.svg"},       {"favicon", "static/favicon.svg"},
};

/* Pages that a chapter of the guide tells of; whatever shows a regime's own matters leads to that one's. */
static const struct {
    struct str page;
    const char *chapter;
} help_items[] = {
    {STR_INIT("desk"), "static/guide/shared.html"},    {STR_INIT("cases"), "static/guide/shared.html"},
    {STR_INIT("case"), "static/guide/shared.html"},    {STR_INIT("imports"), "static/guide/shared.html"},
    {STR_INIT("import"), "static/guide/shared.html"},  {STR_INIT("bulk"), "static/guide/shared.html"},
    {STR_INIT("case_new"), "static/guide/shared.html"},
};

static bool load_template(void *user, struct str name, struct str *out)
{
    const struct web *web = user;
    char path[128];
    int len = snprintf(path, sizeof path, "templates/%.*s.html", STR_ARG(name));
    if (len < 0 || (size_t)len >= sizeof path)
        return false;
    const struct furniture_item *item =
        furniture_find(web->furniture, (struct str){path, (size_t)len});
    if (item == NULL)
        return false;
    *out = item->bytes;
    return true;
}

static bool is_page(struct str path)
{
    struct str rest = str_from(path, sizeof "templates/" - 1);
    return str_find_char(rest, '/') == SIZE_MAX && str_ends(rest, S(".html"));
}

static struct str name_of_page(struct str path)
{
    const size_t around = sizeof "templates/" - 1 + sizeof ".html" - 1;
    return str_part(path, sizeof "templates/" - 1, path.len - around);
}

enum status web_new(struct ctx *ctx, struct arena *arena, const struct furniture *furniture,
                    const struct words_book *book, struct web **out)
{
    struct web *web = arena_new_of(arena, struct web);
    web->book = book;
    web->furniture = furniture;
    web->set = tmpl_set_new(arena, load_template, web, TMPL_STRICT);
    web->assets = value_map(arena);
    for (size_t i = 0; i < COUNT_OF(asset_items); i++)
        value_put_text(arena, web->assets, asset_items[i].name,
                       asset_format_url(arena, furniture, asset_items[i].path));
    struct value *lists = value_list(ctx->arena);
    export_page_list(ctx, furniture, lists);
    web->lists = value_copy(arena, lists);
    size_t count = 0;
    const struct furniture_item *items = furniture_list(furniture, S("templates/"), &count);
    for (size_t i = 0; i < count; i++) {
        const struct tmpl *compiled = NULL;
        if (is_page(items[i].path))
            TRY(tmpl_compile(ctx, web->set, name_of_page(items[i].path), &compiled));
    }
    *out = web;
    return ST_OK;
}

bool web_has_page(const struct web *web, struct str name)
{
    return str_find_char(name, '/') == SIZE_MAX && tmpl_find(web->set, name) != NULL;
}

struct str web_format_lang_url(struct arena *arena, struct str path, enum lang lang)
{
    struct buf url;
    buf_init(&url, arena, path.len + sizeof "?lang=zh");
    struct str rest = path, part = {0};
    (void)str_next(&rest, '?', &part);
    buf_text(&url, part);
    char mark = '?';
    while (rest.len > 0 && str_next(&rest, '&', &part)) {
        if (str_starts(part, S("lang=")) || part.len == 0)
            continue;
        buf_char(&url, mark);
        buf_text(&url, part);
        mark = '&';
    }
    buf_char(&url, mark);
    buf_c(&url, lang == LANG_ZH ? "lang=zh" : "lang=en");
    return buf_str(&url);
}

/* A place covers what stands below it. */
static bool is_current(struct str url, struct str path)
{
    struct str place = {0}, bare = {0};
    if (!str_next(&path, '?', &place) || !str_next(&url, '?', &bare))
        return false;
    url = bare;
    if (str_eq(place, url))
        return true;
    return str_starts(place, url) && place.at[url.len] == '/';
}

static void put_nav(struct ctx *ctx, const struct web *web, const struct web_frame *frame,
                    struct value *page)
{
    struct value *nav = value_put_list(ctx->arena, page, "nav");
    if (frame->me == NULL)
        return;
    struct str platform = value_find_text(frame->me, "platform");
    for (size_t i = 0; i < COUNT_OF(nav_items); i++) {
        if (nav_items[i].platform.len > 0 && !str_eq(nav_items[i].platform, platform))
            continue;
        struct value *item = value_append_map(ctx->arena, nav);
        struct str key = str_concat(ctx->arena, S("nav."), nav_items[i].key);
        value_put_text(ctx->arena, item, "key", nav_items[i].key);
        value_put_text(ctx->arena, item, "url", nav_items[i].url);
        value_put_text(ctx->arena, item, "icon", nav_items[i].icon);
        value_put_text(ctx->arena, item, "label",
                       words_format(ctx->arena, web->book, frame->lang, key, NO_ARGS));
        value_put_bool(ctx->arena, item, "current", is_current(nav_items[i].url, frame->path));
    }
}

static void put_flash(struct arena *arena, const struct web_frame *frame, struct value *page)
{
    if (str_is_empty(frame->flash_text)) {
        value_put(page, S("flash"), value_null(arena));
        return;
    }
    struct value *flash = value_put_map(arena, page, "flash");
    value_put_text(arena, flash, "kind", frame->flash_kind);
    value_put_text(arena, flash, "text", frame->flash_text);
}

/* The chapter that fits what is seen, else the list of all. */
static struct str find_help(struct arena *arena, const struct web *web, struct str name,
                            const struct value *document)
{
    struct str regime = value_find_text(document, "regime");
    struct str path = str_printf(arena, "static/guide/%.*s.html", STR_ARG(regime));
    if (!str_is_empty(regime) && furniture_find(web->furniture, path) != NULL)
        return asset_format_url(arena, web->furniture, str_c(arena, path));
    for (size_t i = 0; i < COUNT_OF(help_items); i++)
        if (str_eq(help_items[i].page, name))
            return asset_format_url(arena, web->furniture, help_items[i].chapter);
    return asset_format_url(arena, web->furniture, "static/guide/index.html");
}

/* "/export/obligations?state=all&format=csv" of "/obligations?state=all" */
static struct str export_url(struct arena *arena, struct str name, struct str path,
                             const char *format)
{
    struct str bare, query = path;
    (void)str_next(&query, '?', &bare);
    struct str url = str_printf(arena, "/export/%.*s?%.*s", STR_ARG(name), STR_ARG(query));
    return views_format_url(arena, url, "format", str_of(format));
}

/* What of this page goes out as a file, with the page's own filters. */
static void put_exports(struct arena *arena, const struct web *web, const struct web_frame *frame,
                        struct value *page)
{
    static const char *const formats[] = {"xlsx", "csv", "json"};
    struct value *exports = value_put_list(arena, page, "exports");
    struct str rest = frame->path, path = {0};
    (void)str_next(&rest, '?', &path);
    value_each (list, web->lists) {
        if (frame->me == NULL || !str_eq(value_find_text(list, "of"), path))
            continue;
        struct value *row = value_append_map(arena, exports);
        value_put_text(arena, row, "label",
                       value_find_text(list, frame->lang == LANG_EN ? "en" : "zh"));
        struct value *urls = value_put_list(arena, row, "urls");
        for (size_t i = 0; i < COUNT_OF(formats); i++) {
            struct value *url = value_append_map(arena, urls);
            value_put_text(arena, url, "format", str_of(formats[i]));
            value_put_text(arena, url, "url",
                           export_url(arena, value_find_text(list, "name"), frame->path,
                                      formats[i]));
        }
    }
}

static void put_page(struct ctx *ctx, const struct web *web, struct str name,
                     const struct web_frame *frame, struct value *document)
{
    struct arena *arena = ctx->arena;
    struct value *page = value_map(arena);
    value_put_text(arena, page, "name", name);
    value_put_text(arena, page, "path", frame->path);
    value_put_text(arena, page, "lang", str_of(lang_tag(frame->lang)));
    value_put_bool(arena, page, "lang_zh", frame->lang == LANG_ZH);
    value_put_bool(arena, page, "lang_en", frame->lang == LANG_EN);
    value_put_text(
        arena, page, "other_lang_url",
        web_format_lang_url(arena, frame->path, frame->lang == LANG_ZH ? LANG_EN : LANG_ZH));
    value_put_text(arena, page, "csrf", frame->csrf);
    value_put_text(arena, page, "key", frame->key);
    value_put_text(arena, page, "clock", frame->clock_text);
    value_put_bool(arena, page, "sandbox", frame->sandbox);
    value_put_text(arena, page, "version", frame->version);
    value_put_text(arena, page, "request_id", frame->request_id);
    value_put_text(arena, page, "banner", frame->banner);
    value_put(page, S("me"), frame->me == NULL ? value_null(arena) : value_copy(arena, frame->me));
    value_put_text(arena, page, "help_url", find_help(arena, web, name, document));
    value_put(page, S("assets"), value_copy(arena, web->assets));
    put_nav(ctx, web, frame, page);
    put_exports(arena, web, frame, page);
    put_flash(arena, frame, page);
    value_put(document, S("page"), page);
}

enum status web_render(struct ctx *ctx, const struct web *web, struct str name,
                       struct value *document, const struct web_frame *frame, struct buf *out)
{
    if (!web_has_page(web, name))
        return fail(ctx, ST_NOT_FOUND, "web.no_page", ARGS(arg_text("name", name)));
    must(document->kind == VALUE_MAP);
    prepare_document(ctx->arena, document, frame->path);
    put_page(ctx, web, name, frame, document);
    const struct tmpl_words words = {web->book, frame->lang};
    return tmpl_render(ctx, tmpl_find(web->set, name), document, &words, out);
}
