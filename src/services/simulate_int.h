#pragma once
/*
 * Shared by the parts of a played campaign: simulate_open.c (what is there before its first day), simulate.c
 * (its days), simulate_visits.c (what clerks do in one go), simulate_people.c (who is who),
 * simulate_clerk.c (what one clerk does with one case), simulate_form.c (how a form is filled in),
 * simulate_staff.c (people for empty units),
 * simulate_body.c (bodies and what stands behind their members), simulate_check.c (what must hold at
 * the end).
 */
#include "base/dice.h"
#include "regime/body.h"
#include "services/casework_many.h"
#include "services/simulate.h"

enum { PEOPLE_TRIED = 3, ATTEMPTS_MAX = 6, FILES_KEPT = 48, PLANNERS = 2, MISSING_MAX = 12 };

/* ---- who is who ---- */

/* A unit, or a person at a unit, by the region of the unit. */
struct placed {
    struct str region;
    int64_t unit;
    struct str kind; /* of the unit */
    const struct world_person *person; /* null in lists of units */
    struct str post;
};

struct placed_list {
    struct placed *at;
    size_t len;
    size_t cap;
};

/* As the directory stands on one day, within the campaign's region. */
struct roster {
    struct placed_list units;  /* by region */
    struct placed_list people; /* one for each post, by region */
    struct placed_list staff;  /* the same by unit; also from outside the region */
    struct placed_list *units_of, *people_of; /* who may hold each role of the pack, by region */
};

void roster_read(struct arena *arena, const struct world *world, const struct regime *regime,
                 struct str region, struct day day, struct roster *out);
/* One of the list: of this region where there is one, else of the nearest one above, else any. */
const struct placed *roster_pick_near(const struct world *world, const struct placed_list *list,
                                      struct str region, struct dice *dice);
/* Everybody with a post at the unit. */
struct placed_list roster_staff(const struct roster *roster, int64_t unit);

/* ---- what is planned ---- */

/* What every form of a case says and which commands it is to be given, whatever the dice say. */
struct brief {
    struct value *fields;             /* field → answer */
    struct value *commands;           /* names; each once, before the case moves on */
    const struct value *goals;        /* states in which it is wanted, a list; null: wherever it comes to */
    const struct world_person *about; /* whose colleagues make the case; or null */
    struct str *lead;                 /* where the reference of the case is kept for those that follow it; or null */
};

struct want {
    size_t procedure;
    struct str region;
    const struct brief *brief;
};

/* A case that takes many people, while they are gathered. */
struct pool {
    const struct regime_procedure *procedure;
    struct str region;
    struct brief *brief; /* null: none is begun */
    struct value *people;
};

/* When somebody sits in a body, last; from DAY_NONE: never yet. */
struct seated {
    struct day from, to;
};

/* ---- the play ---- */

/* A case as its list shows it, and how clerks fared with it. */
struct known {
    struct case_ref ref;
    size_t procedure; /* in regime->procedures */
    int64_t version;
    struct str state;
    struct str region;
    struct str number;
    bool ended;
    struct day look_on; /* not looked at before, unless it has moved */
    int patience;       /* days until the next look when there was nothing to do */
    int looks;          /* in vain, at what others wait for */
    uint16_t *tried;    /* by transition; null before the first look */
    const struct brief *brief; /* or null */
};

/* How many cases of a procedure clerks make. */
struct quota {
    int64_t cases;     /* in the whole run, or in each period; 0: one in each period */
    bool each_period;
    int64_t spread_days; /* of a period, in which they are made */
    bool is_theirs;    /* people may make them */
    bool each_region;  /* one stands in each region: others take roles over from it */
    bool is_composed;  /* its cases are bodies: put together before the period in which they work */
    int64_t composed_period, composed; /* bodies of that period that were put together */
    int64_t made;
};

struct play {
    struct ctx *ctx;
    const struct home *home; /* with one writing connection: order is part of the play */
    struct world *world;
    const struct world_campaign *campaign;
    const struct regime *regime;
    const struct simulate_terms *terms;
    struct simulate_result *result;
    struct arena *lasting;
    struct db_conn *conn;  /* reads */
    struct roster roster;
    struct str *regions; /* where clerks work */
    size_t region_count;
    VEC(struct known *) cases; /* as they were made */
    VEC(struct known *) open;
    struct quota *quotas;      /* by procedure of the pack */
    struct {
        struct db_conn *conn;
        struct arena *arena; /* of one visit */
    } planners[PLANNERS];
    struct strmap by_ref;
    struct strmap lessons; /* <procedure>/<command>/<field> → int *: which kind of answer passed */
    struct strmap turns;   /* <procedure>/<field>/<region> → int64_t *: the unit that a standing case was given */
    struct strmap refusals;
    struct strmap briefs;  /* reference of a new case → struct brief */
    struct strmap wanted;  /* what was asked to stand behind somebody → struct brief */
    struct seated *seated; /* by place of the person in the world's list */
    VEC(struct want) wants;
    struct pool *pools;    /* by procedure of the pack */
    struct str *leads;     /* by region: the case that the other bodies of the period follow */
    struct evidence_id files[FILES_KEPT];
    struct day first;
    int64_t period_days, days;
    uint64_t visits; /* so far; each has dice of its own */
    struct instant looked; /* at the list of cases, last */
    struct instant now;
    struct day today;
};

enum visit_kind { VISIT_NOTHING, VISIT_CREATE, VISIT_COMMAND, VISIT_EVIDENCE };

/* Which kind of answer was given in a field that a refusal has named before. */
struct answered {
    struct str path;
    int kind;
};

/* One clerk at one case, until the command is taken or given up. */
struct visit {
    enum visit_kind kind;
    struct dice dice;
    struct known *known; /* null: a case is to be made */
    const struct regime_procedure *procedure;
    const struct regime_transition *row; /* the command; null until chosen, and for other kinds */
    const struct world_person *person;
    const struct brief *brief; /* or null */
    struct str region;        /* of a new case */
    struct str source;        /* likewise */
    struct str evidence_kind; /* what was missing */
    VEC(struct answered) answers;
    struct str missing[MISSING_MAX]; /* what onward commands were refused for: fields, commands, marks */
    size_t missing_count;
    int attempt;
    bool plain; /* nothing but what is required is filled in: who knows what was wrong */
    bool moved; /* out: taken */
};

/* ---- parts ---- */

/* The campaign, its people, where they work and how much there is to do; play->terms says which. */
MUST_USE enum status play_open(struct play *play);
void play_close(struct play *play);
/* Its place in the pack; SIZE_MAX where there is none. */
size_t play_find_procedure(const struct regime *regime, struct str name);

enum { VISITS_MAX = 256 }; /* planned and given together: a group of the writer */

/* The visits of one go; both arrays have VISITS_MAX places. */
struct visits {
    struct visit *visits;
    struct casework_turn *turns;
    size_t count;
};

void visits_add(struct play *play, struct visits *list, struct visit visit);
/* Plans, gives and settles them all; the list is empty afterwards. */
MUST_USE enum status visits_work_off(struct play *play, struct visits *list);
MUST_USE enum status visits_work_off_when_full(struct play *play, struct visits *list);
/* What has become of the campaign's cases since the last look. */
MUST_USE enum status visits_follow(struct play *play, struct ctx *ctx);
void visits_drop_ended(struct play *play);

/*
 * Chooses what to do and fills turn->order; kind VISIT_NOTHING where nothing is offered. Any thread:
 * writes to the visit and its turn alone.
 *
 *   ctx   of the planning; what the order needs is in the turn's arena
 */
MUST_USE enum status clerk_plan(const struct play *play, struct ctx *ctx, struct db_conn *conn,
                                struct visit *visit, struct casework_turn *turn);
/* Takes the answer as teaching: whether the same command is worth another attempt. */
bool clerk_learns(const struct play *play, struct visit *visit, const struct casework_turn *turn);
/* Whether anybody may give any command of the pack here, or time will; why nobody may. */
enum prospect { PROSPECT_NONE, PROSPECT_NOBODY, PROSPECT_TIME, PROSPECT_PERSON };
MUST_USE enum status clerk_prospect(const struct play *play, struct ctx *ctx, struct db_conn *conn,
                                    const struct known *known, enum prospect *out,
                                    struct str *out_why);

/* One form on a clerk's desk. */
struct desk {
    const struct play *play;
    struct arena *arena;
    const struct engine *engine;
    const struct casefile *casefile;
    const struct regime_transition *row; /* null: the case is being made */
    struct visit *visit;
    struct value *form; /* as far as it is filled in */
};

/*
 * Fills desk->form by the kinds of the fields and what refusals have taught. false: something that is
 * required names what is not there, a case above all.
 */
bool desk_fill(struct desk *desk, const struct regime_field *fields, size_t count);
bool visit_misses(const struct visit *visit, struct str name);
/* Lessons beside fields: that only plain forms pass, which source and whose unit did. */
enum { LESSON_PASSED = 1 };
#define LESSON_PLAIN S("=plain")
struct str desk_kind_lesson(struct arena *arena, const struct world_person *person);
/* <procedure>/<field>/<region> */
struct str desk_turn_key(struct arena *arena, const struct visit *visit, struct str field,
                         struct str region);
/* <procedure>/<command>/<field> */
struct str desk_lesson_key(struct arena *arena, const struct visit *visit, struct str path);

/* Whether cases of the procedure are bodies whose members are rows of a list. */
bool body_is_composed(const struct regime *regime, const struct regime_procedure *procedure);
/* The last day of the body that a case is; DAY_NONE where it is none. */
struct day body_last_day(const struct regime *regime, const struct regime_procedure *procedure,
                         const struct casefile *casefile);
/* The period whose bodies are put together today; -1: none. */
int64_t body_period_today(const struct play *play);
/*
 * The nth body of a period: its seats, who sits in them, and the wish for every case that must stand
 * behind a member (play->wants). The first of each region leads those that follow.
 *
 *   arena   of the search
 */
MUST_USE enum status body_compose(struct play *play, struct arena *arena, size_t procedure,
                                  int64_t period, int64_t nth, struct brief **out);
/* Cases that take many people and are not full yet are wanted now. */
void body_flush(struct play *play);

/* Gives people to units; out: whether any. */
MUST_USE enum status simulate_staff(struct play *play, struct ctx *ctx, bool *out_changed);
/* Everything that must hold at the end; into play->result. */
MUST_USE enum status simulate_check(struct play *play);
