#include "support/mockpage.h"

#include <glob.h>
#include <stdio.h>

#include "base/vec.h"
#include "kit/json.h"

enum { MOCK_MAX_BYTES = 1024 * 1024 };

static struct str read_file(struct arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return (struct str){0};
    char *bytes = arena_alloc(arena, MOCK_MAX_BYTES);
    size_t len = fread(bytes, 1, MOCK_MAX_BYTES, file);
    (void)fclose(file);
    return (struct str){bytes, len};
}

static bool read_folder(struct mockpages *mock, struct str folder)
{
    VEC(struct mockpage) pages = {0};
    const char *pattern = str_printf(mock->arena, "%.*s/*.json", STR_ARG(folder)).at;
    glob_t found;
    if (glob(pattern, 0, NULL, &found) != 0)
        return false;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct str path = str_copy(mock->arena, str_of(found.gl_pathv[i]));
        struct str name = str_part(path, folder.len + 1, path.len - folder.len - 1 - 5);
        struct str text = read_file(mock->arena, path.at), rest = name;
        if (str_eq_c(name, "frame")) {
            mock->frame = text;
            continue;
        }
        struct mockpage *page = vec_push(mock->arena, &pages);
        *page = (struct mockpage){.name = name, .json = text};
        (void)str_next(&rest, '.', &page->page);
    }
    globfree(&found);
    mock->at = pages.at;
    mock->count = pages.len;
    return mock->count > 0 && mock->frame.at != NULL;
}

bool mockpages_open(struct mockpages *mock, struct arena *arena, struct str folder,
                    struct str overrides)
{
    mock->arena = arena;
    mock->ctx.arena = arena;
    mock->where = folder;
    return read_folder(mock, folder) &&
           furniture_open(&mock->ctx, arena, furniture_files, furniture_file_count, overrides,
                          &mock->furniture) == ST_OK &&
           furniture_open_words(&mock->ctx, mock->furniture, arena, &mock->book) == ST_OK &&
           web_new(&mock->ctx, arena, mock->furniture, mock->book, &mock->web) == ST_OK;
}

/* Drawings are ready markup when a handler makes them; JSON cannot say so. */
static void mark_drawings(struct value *value)
{
    if (str_eq_c(value->key, "graph_svg"))
        value->markup = true;
    for (struct value *child = value->first; child != NULL; child = child->next)
        mark_drawings(child);
}

struct str mockpage_render(struct mockpages *mock, const struct mockpage *page, enum lang lang)
{
    struct value *document = NULL, *frame = NULL;
    struct buf out;
    mock->where = page->name;
    buf_init(&out, mock->arena, WEB_PAGE_MAX_BYTES);
    if (json_parse(&mock->ctx, mock->frame, MOCK_MAX_BYTES, JSON_STRICT, &frame) != ST_OK ||
        json_parse(&mock->ctx, page->json, MOCK_MAX_BYTES, JSON_STRICT, &document) != ST_OK)
        return (struct str){0};
    mark_drawings(document);
    const struct web_frame around = {
        .lang = lang,
        .path = value_find_text(frame, "path"),
        .csrf = S("csrf-token"),
        .key = S("key"),
        .me = str_eq_c(page->page, "login") ? NULL : value_find_c(frame, "me"),
        .clock_text = value_find_text(frame, "clock"),
        .banner = value_find_text(frame, "banner"),
        .sandbox = true,
        .version = S("0.1.0"),
        .request_id = S("r-8f31c2"),
    };
    enum status ended = web_render(&mock->ctx, mock->web, page->page, document, &around, &out);
    return ended == ST_OK ? buf_str(&out) : (struct str){0};
}

struct str mockpages_reason(const struct mockpages *mock)
{
    if (mock->book == NULL)
        return str_of(mock->ctx.failure.reason.key);
    return words_reason(mock->arena, mock->book, LANG_EN, &mock->ctx.failure.reason);
}
