#pragma once
/* Pages from documents that stand in files (tests/browser/mock), for tests of the templates. */
#include "kit/furniture.h"
#include "web/web.h"

struct mockpage {
    struct str name; /* of the file without .json: <page> or <page>.<variant> */
    struct str page;
    struct str json;
};

/* Open. */
struct mockpages {
    struct ctx ctx;
    struct arena *arena;
    struct furniture *furniture;
    struct words_book *book;
    struct web *web;
    struct str frame; /* the text of frame.json */
    struct mockpage *at;
    size_t count;
    struct str where; /* what was being read or written last */
};

/* `overrides` may be absent. false: see ctx.failure, else the folder cannot be read. */
bool mockpages_open(struct mockpages *mock, struct arena *arena, struct str folder,
                    struct str overrides);
/* An absent str on failure. */
struct str mockpage_render(struct mockpages *mock, const struct mockpage *page, enum lang lang);
/* The failure in words. */
struct str mockpages_reason(const struct mockpages *mock);
