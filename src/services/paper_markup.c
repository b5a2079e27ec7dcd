#include "services/paper_markup.h"

#include <stdio.h>

#include "kit/paper.h"
#include "kit/tmpl.h"

struct shelf {
    const struct furniture *furniture;
};

static bool load_template(void *user, struct str name, struct str *out)
{
    const struct shelf *shelf = user;
    char path[256];
    int len = snprintf(path, sizeof path, "paper/%.*s.html", STR_ARG(name));
    const struct furniture_item *found =
        len < 0 || (size_t)len >= sizeof path
            ? NULL
            : furniture_find(shelf->furniture, (struct str){path, (size_t)len});
    if (found == NULL)
        return false;
    *out = found->bytes;
    return true;
}

enum status paper_markup_write(struct ctx *ctx, const struct furniture *furniture,
                               struct str template_name, const struct value *document,
                               struct str *out)
{
    struct buf markup;
    const struct tmpl *tmpl;
    struct shelf shelf = {furniture};
    struct tmpl_set *set = tmpl_set_new(ctx->arena, load_template, &shelf, TMPL_STRICT);
    TRY(tmpl_compile(ctx, set, template_name, &tmpl));
    buf_init(&markup, ctx->arena, PAPER_BYTES_MAX);
    TRY(tmpl_render(ctx, tmpl, document, NULL, &markup));
    TRY(buf_status(&markup));
    *out = buf_str(&markup);
    return ST_OK;
}
