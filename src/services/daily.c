/*
 * One entry for each work and campaign; there are few of either, so nothing is ever taken out.
 */
#include "services/daily.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/strmap.h"

struct entry {
    struct day day;
    int64_t stamp;
};

struct daily {
    pthread_mutex_t lock; /* guards the rest */
    struct arena *arena;
    struct strmap entries;
};

struct daily *daily_new(void)
{
    struct daily *daily = calloc(1, sizeof *daily);
    must(daily != NULL);
    must(pthread_mutex_init(&daily->lock, NULL) == 0);
    daily->arena = arena_new();
    strmap_init(&daily->entries, daily->arena);
    return daily;
}

void daily_free(struct daily *daily)
{
    if (daily == NULL)
        return;
    must(pthread_mutex_destroy(&daily->lock) == 0);
    arena_free(daily->arena);
    free(daily);
}

/* Neither name holds a slash. */
static struct entry *find_entry(struct daily *daily, const struct daily_look *look)
{
    struct arena *scratch AUTO(arena_cleanup) = arena_new();
    return strmap_find(&daily->entries, str_printf(scratch, "%.*s/%.*s", STR_ARG(look->work),
                                                   STR_ARG(look->campaign)));
}

bool daily_is_due(struct daily *daily, const struct daily_look *look)
{
    pthread_mutex_lock(&daily->lock);
    const struct entry *entry = find_entry(daily, look);
    bool due = entry == NULL || entry->day.v != look->today.v ||
               entry->stamp != look->stamp;
    pthread_mutex_unlock(&daily->lock);
    return due;
}

void daily_note(struct daily *daily, const struct daily_look *look)
{
    pthread_mutex_lock(&daily->lock);
    struct entry *entry = find_entry(daily, look);
    if (entry == NULL) {
        entry = arena_new_of(daily->arena, struct entry);
        (void)strmap_put(&daily->entries,
                         str_printf(daily->arena, "%.*s/%.*s", STR_ARG(look->work),
                                    STR_ARG(look->campaign)),
                         entry);
    }
    *entry = (struct entry){look->today, look->stamp};
    pthread_mutex_unlock(&daily->lock);
}
