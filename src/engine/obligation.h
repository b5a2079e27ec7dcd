#pragma once
/*
 * What is owed again and again (regime/obligation.h), reckoned: which periods there are, who owes,
 * the case that a timer opens for each, and what counts towards fulfilling it. Pure; the services
 * bring the cases and give the commands (services/obligations.h).
 */
#include "engine/engine.h"
#include "regime/obligation.h"

/* One period of an item. Periods of cut-offs and months follow each other without gaps. */
struct obligation_period {
    struct str name;  /* 2026 2026-H1 2026-Q2 2026-06; 2026-2: up to the second cut-off; 2026-04..06 */
    struct day opens; /* first day */
    struct day due;   /* last day */
};

struct obligation_period_list {
    struct obligation_period *at;
    size_t len;
    size_t cap;
};

/* The periods that have opened by `until` and were not over before `since`, in order of opening. */
void obligation_list_periods(struct arena *arena, const struct regime_obligation *item,
                             struct day since, struct day until,
                             struct obligation_period_list *out);
/* The period that a day lies in, the first of several. False: a day outside all windows. */
bool obligation_find_period(struct arena *arena, const struct regime_obligation *item,
                            struct day day, struct obligation_period *out);

/* Whether the unit owes it: by a role of the campaign, or as a unit of a kind in its region. */
bool obligation_is_owed_by(const struct engine *engine, const struct regime_obligation *item,
                           const struct unit_facts *unit);

/* "<item>/<period>/<unit id>": the key of the case (event `created`), the same for whoever asks. */
struct str obligation_key(struct arena *arena, const struct regime_obligation *item,
                          const struct obligation_period *period, struct unit_id unit);
/* Reads it back; false: no key of an obligation. Texts are parts of `key`. */
bool obligation_key_parse(struct str key, struct str *out_item, struct str *out_period,
                          struct unit_id *out_unit);

/* The input of `create` for the case of one unit and period. */
struct value *obligation_input(struct arena *arena, const struct regime_obligation *item,
                               const struct obligation_period *period,
                               const struct unit_facts *unit);

/* How many must count; 1 where nothing is said. */
int64_t obligation_least(const struct engine *engine, const struct regime_obligation *item);

enum obligation_answer {
    OBLIGATION_NOT_MEANT, /* says nothing about this duty */
    OBLIGATION_MISSING,   /* must count and does not (`all: true`) */
    OBLIGATION_COUNTS,
};

/*
 * What a case says about the duty of a unit in a period. The item has a fulfilment.
 *
 *   casefile    of any procedure of the campaign
 *   out_since   OBLIGATION_COUNTS: since when it counts; else unchanged
 */
enum obligation_answer obligation_ask(const struct regime_obligation *item,
                                      const struct obligation_period *period, struct unit_id unit,
                                      const struct casefile *casefile, struct instant *out_since);
