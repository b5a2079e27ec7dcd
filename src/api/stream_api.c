/*
 * A listener is a stream, what its caller may see, and the place it has read up to. The handler puts
 * it on the list; from then on it is the hub's thread that looks, sends, and forgets who has gone.
 */
#include "api/stream_api.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "api/office.h"
#include "base/log.h"
#include "kit/json.h"
#include "services/case_list.h"
#include "services/notice.h"

enum {
    LOOK_EVERY_MS = 500,
    LIFE_S = 600,
    QUEUE_BYTES = 256 * 1024,
    LISTENER_MAX = 2000,
};

struct listener {
    struct listener *next;
    struct http_stream *stream;
    struct arena *arena; /* of scope and place */
    struct casefile_scope scope;
    struct news_heads place; /* meaningless before it is known */
    bool knows_place;
    int64_t ends_s; /* monotonic */
};

struct stream_hub {
    const struct home *home;
    const struct clock *clock;
    pthread_t thread;
    struct listener *listeners; /* the thread's own */
    pthread_mutex_t lock;       /* guards the rest */
    pthread_cond_t wake;
    struct listener *arrived;
    int count;
    bool ending;
};

static int64_t monotonic_s(void)
{
    struct timespec now;
    must(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return now.tv_sec;
}

/* ---- a listener ---- */

static struct casefile_values copy_values(struct arena *arena, struct casefile_values values)
{
    struct str *copy = arena_alloc_array(arena, values.count + 1, sizeof *copy);
    for (size_t i = 0; i < values.count; i++)
        copy[i] = str_copy(arena, values.at[i]);
    return (struct casefile_values){copy, values.count};
}

static struct casefile_scope copy_scope(struct arena *arena, const struct casefile_scope *scope)
{
    struct casefile_grant *closed = arena_alloc_array(arena, scope->closed_count, sizeof *closed);
    for (size_t i = 0; i < scope->closed_count; i++)
        closed[i] = (struct casefile_grant){
            .campaign = str_copy(arena, scope->closed[i].campaign),
            .procedures = copy_values(arena, scope->closed[i].procedures)};
    return (struct casefile_scope){.everything = scope->everything,
                                   .closed = closed,
                                   .closed_count = scope->closed_count,
                                   .campaigns = copy_values(arena, scope->campaigns),
                                   .regions = copy_values(arena, scope->regions),
                                   .units = copy_values(arena, scope->units),
                                   .person = str_copy(arena, scope->person)};
}

static void listener_free(struct listener *listener)
{
    http_stream_end(listener->stream);
    http_stream_release(listener->stream);
    arena_free(listener->arena);
    free(listener);
}

/* Places replace each other for ten minutes; what a place takes is small. */
static void set_place(struct listener *listener, const struct news_heads *place)
{
    listener->place.len = 0;
    for (size_t i = 0; i < place->len; i++)
        vec_add(listener->arena, &listener->place, place->at[i]);
    listener->knows_place = true;
}

/* ---- telling ---- */

static void put_event(struct ctx *ctx, struct buf *out, const char *name, struct str id,
                      const struct value *data)
{
    struct buf json;
    buf_init(&json, ctx->arena, 1024);
    json_print(&json, data);
    buf_printf(out, "id: %.*s\nevent: %s\ndata: %.*s\n\n", STR_ARG(id), name,
               STR_ARG(buf_str(&json)));
}

static void put_notices(struct ctx *ctx, struct buf *out, const struct notice_list *notices,
                        struct str old_place, struct str place)
{
    for (size_t i = 0; i < notices->len; i++) {
        const struct notice *notice = &notices->at[i];
        struct value *data = value_map(ctx->arena);
        value_put_text(ctx->arena, data, "case",
                       casefile_ref_format(ctx->arena, notice->prefecture, notice->casefile));
        value_put_int(ctx->arena, data, "version", notice->version);
        /* Who is cut off in the middle hears all of it again rather than half. */
        put_event(ctx, out, notice_kind_name(notice->kind),
                  i + 1 == notices->len ? place : old_place, data);
    }
}

/* false: the client is gone, or too far behind */
static bool tell(struct ctx *ctx, struct db_conn *conn, struct listener *listener,
                 const struct news_heads *now, enum status *out)
{
    struct notice_list notices = {0};
    bool too_much;
    struct buf text;
    if (listener->knows_place && notice_place_is_same(&listener->place, now))
        return http_stream_is_open(listener->stream);
    struct str place = notice_place_format(ctx->arena, now);
    buf_init(&text, ctx->arena, QUEUE_BYTES);
    if (!listener->knows_place) {
        buf_printf(&text, "id: %.*s\nretry: 3000\ndata:\n\n", STR_ARG(place));
    } else {
        *out = notice_find(ctx, conn, &listener->scope, &listener->place, now, &notices, &too_much);
        if (*out != ST_OK)
            return true;
        if (too_much) {
            struct value *data = value_map(ctx->arena);
            value_put_bool(ctx->arena, data, "reload", true);
            put_event(ctx, &text, "notice", place, data);
        }
        put_notices(ctx, &text, &notices, notice_place_format(ctx->arena, &listener->place), place);
    }
    set_place(listener, now);
    return buf_status(&text) == ST_OK && http_stream_send(listener->stream, buf_str(&text));
}

/* ---- the thread ---- */

static void take_arrived(struct stream_hub *hub)
{
    pthread_mutex_lock(&hub->lock);
    struct listener *arrived = hub->arrived;
    hub->arrived = NULL;
    pthread_mutex_unlock(&hub->lock);
    while (arrived != NULL) {
        struct listener *next = arrived->next;
        arrived->next = hub->listeners;
        hub->listeners = arrived;
        arrived = next;
    }
}

static void forget(struct stream_hub *hub, struct listener **at)
{
    struct listener *gone = *at;
    *at = gone->next;
    listener_free(gone);
    pthread_mutex_lock(&hub->lock);
    hub->count--;
    pthread_mutex_unlock(&hub->lock);
}

static enum status look(struct ctx *ctx, struct stream_hub *hub, struct db_conn *conn)
{
    struct news_heads now;
    enum status status = ST_OK;
    TRY(news_rows_heads(ctx, conn, &now));
    struct listener **at = &hub->listeners;
    while (*at != NULL && status == ST_OK) {
        if (!tell(ctx, conn, *at, &now, &status) || monotonic_s() >= (*at)->ends_s)
            forget(hub, at);
        else
            at = &(*at)->next;
    }
    return status;
}

/* Without a connection they wait: the next look opens one again. */
static void look_once(struct stream_hub *hub, struct arena *arena, struct db_conn **conn)
{
    struct ctx ctx = {.arena = arena, .now = clock_now(hub->clock)};
    enum status status = *conn == NULL ? home_conn_open(&ctx, hub->home, conn) : ST_OK;
    if (status == ST_OK)
        status = look(&ctx, hub, *conn);
    if (status == ST_OK)
        return;
    log_line(LOG_WARN, "stream_failed", "status=%s key=%s", status_name(status),
             ctx.failure.reason.key == NULL ? "-" : ctx.failure.reason.key);
    db_conn_close(*conn);
    *conn = NULL;
}

/* Half a second while somebody listens, else until somebody comes; false: time to end. */
static bool wait_for_next(struct stream_hub *hub)
{
    struct timespec until;
    must(clock_gettime(CLOCK_MONOTONIC, &until) == 0);
    until.tv_nsec += LOOK_EVERY_MS * 1000000L;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_nsec -= 1000000000L;
        until.tv_sec++;
    }
    int waited = 0;
    pthread_mutex_lock(&hub->lock);
    while (!hub->ending && hub->arrived == NULL && waited == 0)
        waited = hub->listeners == NULL
                     ? pthread_cond_wait(&hub->wake, &hub->lock)
                     : pthread_cond_timedwait(&hub->wake, &hub->lock, &until);
    bool goes_on = !hub->ending;
    pthread_mutex_unlock(&hub->lock);
    return goes_on;
}

static void *look_until_end(void *arg)
{
    struct stream_hub *hub = arg;
    struct arena *arena = arena_new();
    struct db_conn *conn = NULL;
    while (wait_for_next(hub)) {
        arena_reset(arena);
        take_arrived(hub);
        look_once(hub, arena, &conn);
    }
    take_arrived(hub);
    while (hub->listeners != NULL)
        forget(hub, &hub->listeners);
    db_conn_close(conn);
    arena_free(arena);
    return NULL;
}

struct stream_hub *stream_hub_new(const struct home *home, const struct clock *clock)
{
    pthread_condattr_t monotonic;
    struct stream_hub *hub = calloc(1, sizeof *hub);
    must(hub != NULL);
    hub->home = home;
    hub->clock = clock;
    must(pthread_mutex_init(&hub->lock, NULL) == 0);
    must(pthread_condattr_init(&monotonic) == 0);
    must(pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) == 0);
    must(pthread_cond_init(&hub->wake, &monotonic) == 0);
    must(pthread_condattr_destroy(&monotonic) == 0);
    must(pthread_create(&hub->thread, NULL, look_until_end, hub) == 0);
    return hub;
}

void stream_hub_free(struct stream_hub *hub)
{
    if (hub == NULL)
        return;
    pthread_mutex_lock(&hub->lock);
    hub->ending = true;
    pthread_cond_signal(&hub->wake);
    pthread_mutex_unlock(&hub->lock);
    must(pthread_join(hub->thread, NULL) == 0);
    must(pthread_cond_destroy(&hub->wake) == 0);
    must(pthread_mutex_destroy(&hub->lock) == 0);
    free(hub);
}

/* ---- the route ---- */

static bool may_enter(struct stream_hub *hub)
{
    pthread_mutex_lock(&hub->lock);
    bool ok = hub->count < LISTENER_MAX;
    hub->count += ok;
    pthread_mutex_unlock(&hub->lock);
    return ok;
}

static void enter(struct stream_hub *hub, struct listener *listener)
{
    pthread_mutex_lock(&hub->lock);
    listener->next = hub->arrived;
    hub->arrived = listener;
    pthread_cond_signal(&hub->wake);
    pthread_mutex_unlock(&hub->lock);
}

static enum status open_stream(struct api_call *call)
{
    const struct world *world;
    struct news_heads place = {0};
    struct stream_hub *hub = office_of(call)->streams;
    struct str last = http_header(call->http, "last-event-id");
    if (last.len > 0 && !notice_place_parse(call->ctx->arena, last, &place))
        return fail(call->ctx, ST_MALFORMED, "stream.bad_place", NO_ARGS);
    TRY(office_world(call, &world));
    if (!may_enter(hub))
        return fail(call->ctx, ST_UNAVAILABLE, "stream.too_many",
                    ARGS(arg_int("limit", LISTENER_MAX)));
    struct listener *listener = calloc(1, sizeof *listener);
    must(listener != NULL);
    struct casefile_scope scope = case_scope(call->ctx->arena, world, office_actor(call));
    listener->arena = arena_new();
    listener->scope = copy_scope(listener->arena, &scope);
    listener->ends_s = monotonic_s() + LIFE_S;
    if (last.len > 0)
        set_place(listener, &place);
    listener->stream = http_reply_stream(call->http, QUEUE_BYTES);
    enter(hub, listener);
    return ST_OK;
}

static const struct api_route routes[] = {
    {.name = "event_stream", .method = HTTP_GET, .path = "/events/stream", .handler = open_stream,
     .access = API_SIGNED_IN, .flags = API_ONLY | API_RAW},
};

const struct api_table stream_api = {routes, COUNT_OF(routes)};
