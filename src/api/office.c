/*
 * One connection and one snapshot a thread.
 */
#include "api/office.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "regime/lists.h"
#include "services/session.h"

struct office_thread {
    struct arena *arena;
    struct db_conn *conn;
    struct world *world;
};

void *office_thread_open(const struct office *office)
{
    struct arena *arena = arena_new();
    struct ctx ctx = {.arena = arena, .now = clock_now(office->clock)};
    /* advise: ok, lives as long as its thread */
    struct office_thread *thread = calloc(1, sizeof *thread);
    must(thread != NULL);
    thread->arena = arena;
    if (home_conn_open(&ctx, office->home, &thread->conn) == ST_OK)
        return thread;
    office_thread_close(thread);
    return NULL;
}

void office_thread_close(void *at)
{
    struct office_thread *thread = at;
    if (thread == NULL)
        return;
    world_release(thread->world);
    db_conn_close(thread->conn);
    arena_free(thread->arena);
    free(thread); /* advise: ok, lives as long as its thread */
}

const struct office *office_of(const struct api_call *call)
{
    return call->api->doors.user;
}

const struct home *office_home(const struct api_call *call)
{
    return office_of(call)->home;
}

struct db_conn *office_conn(const struct api_call *call)
{
    return ((struct office_thread *)call->http->thread)->conn;
}

enum status office_world(struct api_call *call, const struct world **out)
{
    struct office_thread *thread = call->http->thread;
    struct world *fresh = NULL;
    TRY(world_acquire(call->ctx, office_home(call)->worlds, thread->conn, &fresh));
    world_release(thread->world);
    thread->world = fresh;
    *out = fresh;
    return ST_OK;
}

const struct actor *office_actor(const struct api_call *call)
{
    static const struct actor nobody = {0};
    return call->session.caller == NULL ? &nobody : &call->session.caller->actor;
}

struct reader office_reader(const struct api_call *call)
{
    const struct actor *actor = office_actor(call);
    return (struct reader){
        .words = office_home(call)->words,
        .lang = call->lang,
        .now = call->ctx->now,
        .region = actor->post_count == 0 ? S("") : actor->posts[0].unit_region,
    };
}

struct str office_word(const struct api_call *call, const char *dictionary, struct str code)
{
    const struct pack_dictionary *words = pack_lists_find_dictionary(
        world_cache_lists(office_home(call)->worlds), str_of(dictionary));
    const struct regime_choice *found = words == NULL ? NULL : pack_dictionary_find(words, code);
    return found == NULL ? code : words_label(call->lang, found->words);
}

struct value *office_query(const struct api_call *call)
{
    const struct pairs *query = &call->http->request.query;
    struct value *map = value_map(call->ctx->arena);
    for (size_t i = 0; i < query->len; i++)
        if (!str_eq_c(query->at[i].name, "lang"))
            value_put(map, query->at[i].name, value_text(call->ctx->arena, query->at[i].value));
    return map;
}

enum status office_case_ref(struct api_call *call, const char *capture,
                          struct prefecture *prefecture, struct casefile_id *id)
{
    struct str text = http_capture(call->http, capture);
    if (casefile_ref_parse(text, prefecture, id))
        return ST_OK;
    return fail(call->ctx, ST_NOT_FOUND, "case.unknown", ARGS(arg_text("case", text)));
}

enum status office_open_nameless(struct api_call *call, const char *path, int *out,
                                 int64_t *out_size)
{
    struct stat about;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool opened = fd >= 0 && fstat(fd, &about) == 0;
    int error = errno;
    (void)unlink(path);
    if (!opened) {
        if (fd >= 0)
            (void)close(fd);
        return fail(call->ctx, ST_IO, "io.read", ARGS(arg_c("error", strerrorname_np(error))));
    }
    *out = fd;
    *out_size = about.st_size;
    return ST_OK;
}
