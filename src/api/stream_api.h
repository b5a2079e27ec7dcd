#pragma once
/*
 * Server-sent events of what concerns the caller: `case` and `deadline` with {case, version}, and
 * `notice` {reload: true} where too much happened to be told one by one. Every event's id is a
 * place (services/notice.h); Last-Event-ID resumes from it. A stream ends after ten minutes and the
 * browser comes back with its session, so that who was logged out or moved on hears no more.
 */
#include "api/serve.h"

struct clock;
struct home;
struct stream_hub;

extern const struct api_table stream_api;

/*
 * The one thread of a program that looks for news, every half second while somebody listens. home
 * and clock are borrowed until stream_hub_free.
 */
struct stream_hub *stream_hub_new(const struct home *home, const struct clock *clock);
/* After the server is closed. Takes null. */
void stream_hub_free(struct stream_hub *hub);
