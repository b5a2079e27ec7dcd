#pragma once
/*
 * A campaign played by clerks who know no regime. They look which commands a case offers them, fill the
 * form by the kinds of its fields, take what a refusal names as teaching and send it again; every
 * command goes the way of all commands (services/casework), every simulated morning time asks for its
 * own (services/timers). What they choose comes from seeded dice: same seed, same scene, same ledger.
 *
 * For a sandbox only: it acts in the names of the example's people.
 */
#include "services/home.h"
#include "store/ledger_verify.h"
#include "store/rebuild.h"

/* A round, where the pack opens none by itself. */
enum { SIMULATE_PERIOD_DAYS = 15 };

struct simulate_quota {
    struct str procedure; /* empty: the longest that people may begin */
    int64_t cases;        /* made by clerks in the whole run, or in each period */
    bool each_period;
};

struct simulate_terms {
    struct str campaign;
    int64_t rounds;  /* of the pack, or periods of SIMULATE_PERIOD_DAYS; 0: to the campaign's last day */
    uint64_t seed;
    struct day until; /* DAY_NONE: the campaign as it is, for so many rounds; else one like it is made,
                         from `from` to this day, with the settings of the pack, and played whole */
    struct day from; /* DAY_NONE: the campaign's first day, or the day after the ledger's last entry */
    const struct value *settings; /* of the campaign that is made, name → value, or null: the pack's own */
    int64_t quiet_days; /* the last so many, fewer than all: what stands is finished, nothing of a quota made */
    int64_t regions; /* clerks work in so many regions of the campaign; 0: in all */
    int64_t staff;   /* units that have fewer people get so many; those that have none always get some */
    const struct simulate_quota *quotas; /* of any other procedure one in each period */
    size_t quota_count;
    bool skip_proof; /* the ledger is not proved and folded again at the end */
    void (*progress)(void *arg, int64_t done, int64_t total); /* days; may be null */
    void *progress_arg;
};

/* Cases of a procedure that stand in a state. */
struct simulate_state {
    struct str procedure;
    struct str state;
    bool ended;
    int64_t cases;
};

/* What was refused: `procedure.command field: key`, with the clause behind it. */
struct simulate_refusal {
    struct str what;
    struct str clause;
    int64_t times;
};

/* An open case that offers nothing to anybody, while no clock runs in it and no command of the
   system leads on. */
struct simulate_stuck {
    struct str procedure;
    struct str state;
    struct str example; /* reference of one of them */
    struct str why;     /* `command: field key; …` of that one */
    int64_t cases;
};

/* All in ctx->arena. */
struct simulate_result {
    struct day first, last;
    int64_t accepted, refused;
    int64_t timed; /* done by time: clocks that lapsed, duties, proposals */
    int64_t troubles; /* mornings on which a part of time's work failed */
    VEC(struct simulate_state) states;
    VEC(struct simulate_refusal) refusals; /* the most frequent first */
    VEC(struct simulate_stuck) stuck;
    int64_t open_cases, waiting_cases; /* of the open ones those that wait for time or the system */
    int64_t unstaffed_cases;           /* that wait for somebody, where nobody holds a post */
    int64_t gaps; /* of coverage */
    struct value *bodies; /* who was covered by them day by day (services/body_report.h) */
    bool proved;  /* the two below were asked for */
    struct ledger_verdict verdict;
    struct rebuild_result rebuilt;
    int64_t events;
    struct str digest; /* of what the campaign's cases say, without identifiers and times */
};

/*
 * Plays from the first morning to the evening of the last day; ctx->now is where it ended.
 *
 * Errors: ST_CONFLICT  simulate.only_sandbox; simulate.too_early {day, last}: the ledger has gone on
 *         ST_NOT_FOUND campaign.unknown {name}; procedure.unknown {name} of a quota
 *         those of the store; a command that is refused is part of the play
 */
MUST_USE enum status simulate_run(struct ctx *ctx, const struct home *home,
                                  const struct simulate_terms *terms, struct simulate_result *out);
