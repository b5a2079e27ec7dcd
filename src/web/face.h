#pragma once
/*
 * The pages as the floor `api` asks for them: forms folded, documents rendered with everything that
 * stands around a page, static files handed out.
 */
#include "api/serve.h"
#include "web/web.h"

struct face {
    const struct web *web;
    const struct furniture *furniture;
    const struct words_book *words;
    bool sandbox;
    const char *version;
};

/* `face` is borrowed as long as the api lives. */
struct api_pages face_pages(const struct face *face);

/* Static files, for the tables of api_new. */
extern const struct api_table face_table;
