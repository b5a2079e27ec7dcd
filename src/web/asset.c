/* Static files under an address that changes with their bytes (docs/decisions/0002). */
#include "web/asset.h"

#include <string.h>

enum { PATH_MAX_BYTES = 256 };

struct str asset_format_url(struct arena *arena, const struct furniture *furniture,
                            const char *path)
{
    const struct furniture_item *item = furniture_find(furniture, str_of(path));
    must(item != NULL && str_starts(item->path, S("static/")));
    struct str rest = str_from(item->path, sizeof "static/" - 1);
    return str_printf(arena, "/static/%.*s/%.*s", STR_ARG(item->tag), STR_ARG(rest));
}

const struct furniture_item *asset_find(const struct furniture *furniture, struct str path,
                                        bool *out_kept)
{
    *out_kept = false;
    if (!str_starts(path, S("/static/")) || path.len > PATH_MAX_BYTES)
        return NULL;
    struct str rest = str_from(path, sizeof "/static/" - 1);
    struct str tag = {0};
    if (!str_next(&rest, '/', &tag) || rest.len == 0)
        return NULL;
    char name[PATH_MAX_BYTES] = "static/";
    size_t len = strlen(name);
    memcpy(name + len, rest.at, rest.len);
    const struct furniture_item *item =
        furniture_find(furniture, (struct str){name, len + rest.len});
    *out_kept = item != NULL && str_eq(item->tag, tag);
    return item;
}
