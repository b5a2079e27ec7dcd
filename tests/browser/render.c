/*
 * Writes pages from documents in files, so that they can be seen and tested without a service:
 *
 *   render MOCK_DIR OUT_DIR [FURNITURE_DIR]
 *
 * MOCK_DIR/<page>[.<variant>].json becomes OUT_DIR/<page>[.<variant>].{zh,en}.html, inside the frame that
 * MOCK_DIR/frame.json tells; OUT_DIR/static holds what the pages fetch. FURNITURE_DIR wins over
 * what is compiled in.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "support/mockpage.h"
#include "web/web.h"

static bool write_file(struct arena *arena, struct str path, struct str bytes)
{
    FILE *file = fopen(str_c(arena, path), "wb");
    if (file == NULL)
        return false;
    bool whole = fwrite(bytes.at, 1, bytes.len, file) == bytes.len;
    return fclose(file) == 0 && whole;
}

static bool make_folders(struct arena *arena, struct str path)
{
    for (size_t i = 1; i < path.len; i++)
        if (path.at[i] == '/' && mkdir(str_c(arena, str_part(path, 0, i)), 0755) != 0 &&
            errno != EEXIST)
            return false;
    return true;
}

static bool write_static(struct arena *arena, const struct furniture *furniture, struct str out)
{
    size_t count = 0;
    const struct furniture_item *items = furniture_list(furniture, S("static/"), &count);
    for (size_t i = 0; i < count; i++) {
        if (str_ends(items[i].path, S(".gz")))
            continue;
        struct str rest = str_from(items[i].path, sizeof "static/" - 1);
        struct str path = str_printf(arena, "%.*s/static/%.*s/%.*s", STR_ARG(out),
                                     STR_ARG(items[i].tag), STR_ARG(rest));
        if (!make_folders(arena, path) || !write_file(arena, path, items[i].bytes))
            return false;
    }
    return true;
}

static bool write_pages(struct mockpages *mock, struct str out)
{
    for (size_t i = 0; i < mock->count; i++)
        for (int lang = 0; lang < LANG_COUNT; lang++) {
            struct str html = mockpage_render(mock, &mock->at[i], (enum lang)lang);
            struct str path = str_printf(mock->arena, "%.*s/%.*s.%s.html", STR_ARG(out),
                                         STR_ARG(mock->at[i].name), lang == LANG_ZH ? "zh" : "en");
            if (html.at == NULL || !make_folders(mock->arena, path) ||
                !write_file(mock->arena, path, html))
                return false;
        }
    return true;
}

int main(int argc, char **argv)
{
    if (argc < 3 || argc > 4) {
        fprintf(stderr, "usage: render MOCK_DIR OUT_DIR [FURNITURE_DIR]\n");
        return 2;
    }
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct mockpages mock = {0};
    struct str overrides = argc == 4 ? str_of(argv[3]) : (struct str){0};
    bool ok = mockpages_open(&mock, arena, str_of(argv[1]), overrides) &&
              write_static(arena, mock.furniture, str_of(argv[2])) &&
              write_pages(&mock, str_of(argv[2]));
    if (!ok)
        fprintf(stderr, "render: %s: %s\n", str_c(arena, mock.where),
                mock.ctx.failure.reason.key == NULL ? "cannot read or write"
                                                    : str_c(arena, mockpages_reason(&mock)));
    return ok ? 0 : 1;
}
