#pragma once
/*
 * What is owed again and again (regime/obligation.h), reckoned: which periods there are, who owes,
 * the case that a timer opens for each, and what counts towards fulfilling it. Pure; the services
 * bring the cases and give the commands (services/obligations.h).
 */
#include "engine/engine.h"
#include "regime/obligation.h"

/* An item as a campaign reads it: its settings are resolved. */
struct obligation {
    const struct regime_obligation *item;
    enum obligation_rhythm rhythm;
    int months;              /* RHYTHM_MONTHS */
    int days;                /* RHYTHM_DAYS */
    int ahead, grace;        /* days */
    struct day begins, ends; /* of the campaign; `ends` may be DAY_NONE */
    bool is_off;             /* the campaign reads it otherwise: nothing is owed */
};

/*
 *   begins   first day of the campaign: nothing is owed for what was over before, and days are
 *            counted from it. DAY_NONE: no rhythm of days; the caller sets `begins` before it asks
 *   ends     its last day, or DAY_NONE
 */
struct obligation obligation_of(const struct engine *engine, const struct regime_obligation *item,
                                struct day begins, struct day ends);

/* One period of an item. Periods of cut-offs, days and months follow each other without gaps. */
struct obligation_period {
    struct str name;  /* 2026 2026-H1 2026-Q2 2026-06; 2026-2: up to the second cut-off; 2026-04..06;
                         of days its first: 2026-05-16; of dates its last */
    int ordinal;      /* the how-manieth of the campaign, from 1 */
    struct day opens; /* first day */
    struct day last;  /* last day */
    struct day due;   /* last day in time: `last`, and the grace */
};

struct obligation_period_list {
    struct obligation_period *at;
    size_t len;
    size_t cap;
};

/* The periods whose cases have been opened by `until`, in order of opening. */
void obligation_list_periods(struct arena *arena, const struct obligation *owed, struct day until,
                             struct obligation_period_list *out);
/* The period that a day lies in, the first of several. False: a day outside all of them. */
bool obligation_find_period(struct arena *arena, const struct obligation *owed, struct day day,
                            struct obligation_period *out);

/* ---- who owes ---- */

/* One who owes an item: a unit, whoever stands in a case, or (neither) the campaign as a whole. */
struct obligation_debtor {
    struct unit_id unit; /* 0: nobody by name */
    struct str region;   /* of the duty */
    const struct casefile *standing; /* the case in which it is owed, or null */
};

struct obligation_debtor_list {
    struct obligation_debtor *at;
    size_t len;
    size_t cap;
};

/* Whether the unit owes it: by a role of the campaign, or as a unit of a kind in its region and, where
   the pack names places, in one of them. */
bool obligation_is_owed_by(const struct engine *engine, const struct regime_obligation *item,
                           const struct unit_facts *unit);
/*
 * Whether it is owed for the period in this case. A period that is not over asks how the case stands,
 * one that is over whether it stood so on one of its days.
 *
 *   item    owed in standing cases (`item->standing`)
 */
bool obligation_is_owed_in(const struct regime_obligation *item,
                           const struct obligation_period *period, const struct casefile *casefile,
                           struct day today);
/* Who owes it in a case in which it is owed: its units of the role, or the case itself. */
void obligation_list_debtors(struct arena *arena, const struct regime_obligation *item,
                             const struct casefile *casefile, struct obligation_debtor_list *out);

/* ---- the case of a duty ---- */

/* What the key of a duty tells; texts are parts of the key. */
struct obligation_key {
    struct str item;
    struct str period;
    struct unit_id unit; /* 0: nobody by name */
    struct str standing; /* reference of the case in which it is owed, or empty */
};

/* "<item>/<period>/<unit id>", then "@<case>" where it is owed in one: the key of the case (event
 * `created`), the same for whoever asks. */
struct str obligation_key(struct arena *arena, const struct regime_obligation *item,
                          const struct obligation_period *period,
                          const struct obligation_debtor *debtor);
/* Reads it back; false: no key of an obligation. */
bool obligation_key_parse(struct str key, struct obligation_key *out);

/* The input of `create` for the case of one debtor and period. */
struct value *obligation_input(struct arena *arena, const struct regime_obligation *item,
                               const struct obligation_period *period,
                               const struct obligation_debtor *debtor);

/* ---- what counts ---- */

/* How many must count; 1 where nothing is said. */
int64_t obligation_least(const struct engine *engine, const struct regime_obligation *item);

enum obligation_answer {
    OBLIGATION_NOT_MEANT, /* says nothing about this duty */
    OBLIGATION_MISSING,   /* must count and does not (`all: true`) */
    OBLIGATION_COUNTS,
};

/*
 * What a case says about the duty of a debtor in a period. The item has a fulfilment.
 *
 *   debtor      its unit and region are asked for; of its case nothing is
 *   casefile    of any procedure of the campaign
 *   out_since   OBLIGATION_COUNTS: since when it counts; else unchanged
 */
enum obligation_answer obligation_ask(const struct engine *engine, const struct obligation *owed,
                                      const struct obligation_period *period,
                                      const struct obligation_debtor *debtor,
                                      const struct casefile *casefile, struct instant *out_since);
