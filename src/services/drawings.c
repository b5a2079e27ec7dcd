/*
 * A handful of procedures, so a list under one lock; who comes first draws while the others wait.
 */
#include "services/drawings.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/vec.h"
#include "regime/graph.h"

struct drawing {
    struct str pack; /* hash */
    struct str procedure;
    enum lang lang;
    struct str svg;
};

struct drawings {
    struct arena *arena;
    pthread_mutex_t lock;
    VEC(struct drawing) made;
};

struct drawings *drawings_new(void)
{
    /* advise: ok, lives as long as the program */
    struct drawings *drawings = calloc(1, sizeof *drawings);
    must(drawings != NULL);
    drawings->arena = arena_new();
    must(pthread_mutex_init(&drawings->lock, NULL) == 0);
    return drawings;
}

void drawings_free(struct drawings *drawings)
{
    if (drawings == NULL)
        return;
    pthread_mutex_destroy(&drawings->lock);
    arena_free(drawings->arena);
    free(drawings); /* advise: ok, lives as long as the program */
}

static struct str draw(struct drawings *drawings, const struct regime *regime,
                       const struct regime_procedure *procedure, enum lang lang)
{
    struct str svg;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena};
    if (regime_graph_svg(&ctx, regime, procedure, lang, &svg) == ST_OK)
        return str_copy(drawings->arena, svg);
    /* advise: ok, no caller is told */
    log_line(LOG_WARN, "not_drawn", "procedure=%.*s why=%s", STR_ARG(procedure->name),
             ctx.failure.reason.key);
    return (struct str){0};
}

static struct str find_or_draw(struct drawings *drawings, const struct regime *regime,
                               const struct regime_procedure *procedure, enum lang lang)
{
    for (size_t i = 0; i < drawings->made.len; i++) {
        const struct drawing *made = &drawings->made.at[i];
        if (made->lang == lang && str_eq(made->pack, regime->hash) &&
            str_eq(made->procedure, procedure->name))
            return made->svg;
    }
    struct drawing *made = vec_push(drawings->arena, &drawings->made);
    *made = (struct drawing){.pack = str_copy(drawings->arena, regime->hash),
                             .procedure = str_copy(drawings->arena, procedure->name),
                             .lang = lang,
                             .svg = draw(drawings, regime, procedure, lang)};
    return made->svg;
}

struct str drawings_find(struct drawings *drawings, const struct regime *regime,
                         const struct regime_procedure *procedure, enum lang lang)
{
    pthread_mutex_lock(&drawings->lock);
    struct str svg = find_or_draw(drawings, regime, procedure, lang);
    pthread_mutex_unlock(&drawings->lock);
    return svg;
}
