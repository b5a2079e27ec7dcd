#pragma once
/*
 * Between the sockets and the handlers: the route table is mounted under /api/v1 and, where a route
 * has a page, at its bare path; each call is admitted, its body folded, its handler run, its
 * document or its refusal written in the form and language that were asked for.
 */
#include "api/call.h"

struct api_terms {
    const struct words_book *words;
    struct api_doors doors;
    struct api_pages pages; /* without functions: JSON only */
    const struct api_shape *shapes;
    size_t shape_count;
};

/* A table of routes of one concept; static. */
struct api_table {
    const struct api_route *routes;
    size_t count;
};

/*
 * Lives in the arena. Adds the routes of this floor itself: /api/v1/openapi.json, /healthz,
 * /readyz, /metrics.
 */
struct api *api_new(struct arena *arena, const struct api_terms *terms,
                    const struct api_table *tables, size_t table_count);

/* Mounts all routes. The router may hold others beside (static files). */
void api_mount(const struct api *api, struct arena *arena, struct http_router *router);

/*
 * Fills what the server asks of its faces: app, now, admit, refuse, done. `app` of every call is
 * the api.
 */
void api_configure(const struct api *api, struct http_config *config);

/*
 * Headers that every reply has, pages and files of ours alike: nothing from elsewhere is loaded,
 * no inline script runs, nobody frames us, no type is guessed.
 */
void api_put_security_headers(struct http_call *http);

/*
 * Replies with a file somebody sent in. `inline_` shows it in the browser (pictures, PDF), else it
 * is saved under `name`. Nothing in it can run. Takes the descriptor.
 */
void api_reply_upload(struct api_call *call, const char *mime, struct str name, bool inline_,
                      int fd, int64_t size, struct str etag);

/* Replies with a file that was made for this call, saved under `name`. Takes the descriptor. */
void api_reply_download(struct api_call *call, const char *mime, struct str name, int fd,
                        int64_t size);
