#pragma once
/*
 * What recurs: cases put together by what they have in common (regime/counts.h), and the case that
 * a tally proposes. Pure; nothing of it is stored.
 *
 * Clause: S2-02.4 S2-01.1.
 */
#include "engine/engine.h"
#include "regime/counts.h"

/* Cases that share one value of every group field, in one period. */
struct count_line {
    struct str group[COUNT_GROUPS_MAX]; /* codes, ids or texts; absent where the case has none */
    struct str period;                  /* or empty */
    VEC(int64_t) units;                 /* different ones, ascending */
    VEC(const struct casefile *) cases; /* in the order given */
};

struct count_list {
    struct count_line *at;
    size_t len;
    size_t cap;
};

/*
 * The lines of an item, by period and group, in the order in which their first case comes.
 *
 *   cases   of item->of; those of other procedures, withdrawn ones, those in a state that does not
 *           count and those without a value of a group field are passed over
 */
void counts_list(struct arena *arena, const struct regime_count *item,
                 const struct casefile *const *cases, size_t count, struct count_list *out);

/* How many count: the line's units where the item names a role, else its cases. */
int64_t counts_size(const struct regime_count *item, const struct count_line *line);

/* Whether the line has what the campaign's threshold asks for; never, where the item has none. */
bool counts_is_reached(const struct engine *engine, const struct regime_count *item,
                       const struct count_line *line);

/* The key of the case that a line proposes: ID/PERIOD/GROUP[/GROUP …]; one a period and group. */
struct str counts_key(struct arena *arena, const struct regime_count *item,
                      const struct count_line *line);

/* The input of its `create`: region of the line, or else of the campaign, key, fields. */
struct value *counts_input(struct arena *arena, const struct engine *engine,
                           const struct regime_count *item, const struct count_line *line);
