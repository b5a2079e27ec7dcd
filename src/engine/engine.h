#pragma once
/*
 * The rules at work: pure functions from values to values. No clock, no I/O, no globals; the time
 * is ctx->now, memory is ctx->arena. Everything that changes goes through engine_decide; everything
 * that is shown of a case comes from engine_evolve.
 *
 *   decide(regime, case, command, actor, now) → events or reasons why not
 *   evolve(case, event) → case
 */
#include "base/ctx.h"
#include "base/value.h"
#include "engine/calendar.h"
#include "engine/casefile.h"
#include "engine/deadline.h"
#include "engine/draw.h"
#include "engine/event.h"
#include "regime/regime.h"

/* A post that the caller holds: one line of the directory. */
struct actor_post {
    struct post_id id;
    struct unit_id unit;
    struct str unit_kind;
    struct str unit_region;
    struct str post; /* principal, leader_in_charge, clerk … */
};

/* What a person may read besides: cases of these procedures in these regions and below them. */
struct actor_grant {
    struct str campaign;
    const struct value *procedures, *regions; /* lists of texts */
};

/* Who asks. A person acts through exactly one of the posts; the engine picks the one that may. */
struct actor {
    struct person_id person; /* 0: system */
    const struct actor_post *posts;
    size_t post_count;
    bool is_system;
    const struct actor_grant *grants;
    size_t grant_count;
};

/* What the campaign adds to its regime; borrowed. */
struct campaign_terms {
    struct str id;
    struct str region;
    const struct value *settings; /* map: overrides, or null */
    const struct value *roles;    /* map role → list of unit ids (as text), for `for: campaign` */
};

/* A unit as guards see it. */
struct unit_facts {
    struct unit_id id;
    struct str kind;
    struct str region;
    struct words name;
};

/* A post of a person, held now or at another time. */
struct person_post {
    const struct unit_facts *unit; /* never null */
    struct str post;
    struct str rank;     /* code of data/dict/ranks.csv, or absent */
    struct day from, to; /* first and last day; DAY_NONE: open */
};

/* A person as rules of composition see them. */
struct person_facts {
    struct person_id id;
    struct str name;
    const struct person_post *posts; /* past, present and to come */
    size_t post_count;
};

struct person_facts_list {
    struct person_facts *at;
    size_t len;
    size_t cap;
};

struct score_row_list;
struct score_holding_list;

/* Look-ups handed down by the services; pure from the engine's point of view. */
/* Cases beside the one at hand, folded. */
struct engine_case_list {
    const struct casefile **at;
    size_t len;
    size_t cap;
};

/* Where the cases lie that are looked up, seen from a region. */
enum engine_place {
    PLACE_ANYWHERE,
    PLACE_SAME,  /* in the region itself */
    PLACE_BELOW, /* in it or in one that lies in it */
    PLACE_HERE   /* in it or in one that it lies in */
};

/* Which cases `list_cases` is to look up; all is borrowed. */
struct engine_standing {
    struct str procedure;
    const struct value *states; /* in one of these; null: in any */
    enum engine_place place;
    struct str region;           /* from which `place` is seen */
    const struct value *names;   /* list of numbers or references; null: whatever they are called */
    const struct value *fields;  /* field → values, one text or a list, of which it holds one; null: any */
};

/* Which cases `count_cases` is to count; texts are borrowed. */
struct engine_tally {
    struct str procedure;
    struct str command;       /* given at least once … */
    struct str region;        /* of cases of this region and below it; empty: of all */
    struct day since, until;  /* … from this day to that one; DAY_NONE: that end is open */
};

struct engine_world {
    void *self;
    /* null where absent */
    const struct unit_facts *(*find_unit)(void *self, struct unit_id unit);
    /* Units of a kind in a region, then in those that it lies in; for roles `for: region`. */
    size_t (*units_in_region)(void *self, struct str kind, struct str region,
                              const struct unit_facts **out, size_t max);
    /* Units of a kind in a region and in all below it; for `gather`. */
    size_t (*units_below)(void *self, struct str kind, struct str region,
                          const struct unit_facts **out, size_t max);
    /* The unit of this printed name, short name or code in a region and below it; null: none, or
       not one alone. */
    const struct unit_facts *(*find_unit_named)(void *self, struct str name, struct str region);
    /* Whom or which region people mean by a name, as id or code: a person by name or account, behind it
       the unit where several are called so; absent: nobody, or not one alone. Null: a form wants ids
       and codes. */
    struct str (*find_named)(void *self, struct arena *arena, enum field_kind kind, struct str name);
    bool (*region_is_within)(void *self, struct str region, struct str ancestor);
    /* The region itself or the nearest above it that is of this level; absent: none. */
    struct str (*region_of_level)(void *self, struct str region, struct str level);
    /* Writes *out, its lists in the arena; false: no such person. */
    bool (*find_person)(void *self, struct arena *arena, struct person_id person,
                        struct person_facts *out);
    /* Everybody who holds or held a post at a unit in the region or below it, by id. */
    void (*list_people)(void *self, struct arena *arena, struct str region,
                        struct person_facts_list *out);
    bool (*person_holds_post)(void *self, struct person_id person, struct str post);
    draw_hash_fn *hash; /* for draws; null only where no pack draws */
    /* Who holds the post at the unit now, oldest first; writes at most `max`. */
    size_t (*people_in_post)(void *self, struct unit_id unit, struct str post,
                             struct person_id *out, size_t max);
    /* Procedure of a case of the campaign that the command names; absent: no such case. Null where
     * cases are not looked up: a named one is taken for what the guard asks. */
    struct str (*procedure_of)(void *self, struct str case_ref);
    /* Cases of the campaign, none of them withdrawn, by number; for what stands beside a case
       (engine/standing.h). Procedure and states hold; place, names and fields say what else is
       wanted, so that no more is read than need be: who asks compares again. */
    enum status (*list_cases)(void *self, struct ctx *ctx, const struct engine_standing *asked,
                              struct engine_case_list *out);
    /* Who holds what in the case of this procedure that stands in one of these states for the
       region, or for the nearest of those that it lies in: a map role → {units or people: list of ids
       as text}; null: there is no such case. For roles that are taken over. Null where standing cases
       are not looked up: roles are held as the maker says. */
    enum status (*find_standing)(void *self, struct ctx *ctx, struct str procedure,
                                 const struct value *states, struct str region,
                                 const struct value **out);
    /* The case of this procedure with this number, or that this reference names; *out is null where
       there is none. */
    enum status (*find_case)(void *self, struct ctx *ctx, struct str procedure, struct str name,
                             const struct casefile **out);
    /* Cases of the campaign, none of them withdrawn, of this procedure in one of these states (null:
       any) in which the person stands in some role; for `bodies` and for roles that are asked live. */
    enum status (*list_cases_of)(void *self, struct ctx *ctx, struct str procedure,
                                 const struct value *states, struct person_id person,
                                 struct engine_case_list *out);
    /* Cases of the campaign, none of them withdrawn, of this procedure in the region and below it, made
       since the instant (created_at), by number; for `again`. Null: none are known. */
    enum status (*list_since)(void *self, struct ctx *ctx, struct str procedure, struct str region,
                              struct instant since, struct engine_case_list *out);
    /* How many cases of the campaign, none of them withdrawn, were given a command; for `count`. */
    enum status (*count_cases)(void *self, struct ctx *ctx, const struct engine_tally *asked,
                               int64_t *out);
    /* Takes the answer of a field that is `sealed` and gives the mark that stands for it (engine/seal.h); null where
       nothing is kept: the mark is that of nothing. */
    struct str (*seal)(void *self, struct arena *arena, struct str answer);
    /* Every charge of points in the campaign; for `assess` (engine/score.h). */
    enum status (*list_scores)(void *self, struct ctx *ctx, struct score_row_list *out);
    /* Units that held one of these roles in a case of the campaign on a day of [from, to), by unit. */
    enum status (*list_holdings)(void *self, struct ctx *ctx, const struct value *roles,
                                 struct day from, struct day to, struct score_holding_list *out);
};

struct engine {
    const struct regime *regime;
    const struct regime_procedure *procedure;
    struct campaign_terms campaign;
    const struct calendar *calendar;
    struct engine_world world;
};

/* A command with its form. input is a map of the form's fields; evidence lists stored blobs. */
struct command {
    struct str name;            /* the pack's word; "create" and "lapse" are the engine's own */
    const struct value *input;  /* or null */
    struct instant happened_at; /* INSTANT_NONE: now; in the future is refused */
    const struct actor *actor;
};

/*
 * Whether the actor may give the command in the case as it stands, leaving the form aside. For
 * `create` the case is version 0 with the region it would have.
 *
 *   out_post   the post through which they act
 *
 * Errors: ST_DENIED (who), ST_CONFLICT (state or a guard that no form can satisfy), each with
 * clause and needs in ctx->failure. The web, the API and the phone show the answer of this function.
 */
MUST_USE enum status engine_may(struct ctx *ctx, const struct engine *engine,
                                const struct casefile *casefile, struct str command,
                                const struct actor *actor, const struct actor_post **out_post);

/*
 * Decides a command. On ST_OK *out holds the events in order, sequences numbered from
 * casefile->version + 1, texts borrowed from regime, command and arena; nothing else has changed.
 *
 * Built-in commands beside the pack's: create (input: campaign fields, see event `created`, and
 * kept: whatever else a received table printed of the case; `key` by the system alone, else that of
 * `unique:`: a second case of the campaign with this key will not be recorded), add_evidence, withdraw, assign (delegate, add a signer: role_set), link, unlink, lapse (system,
 * input {clock, started_seq}), propose, confirm_measure, hold_measure, measure (engine/ladder.h);
 * extend/pause/resume only where the pack names them.
 *
 * Errors: ST_NOT_FOUND  no such command in the procedure
 *         ST_DENIED     not this person's act
 *         ST_CONFLICT   state or guard refuses; clause, needs; ctx->failure.more lists all guards
 *         ST_DENIED, ST_CONFLICT with reason.rule: a prohibition; ctx->failure.attempt is the case that
 *                       the rule wants of it ({campaign, procedure, region, key, fields}), or null.
 *                       Code `warned`: the command may come again with the rule under `heed`
 *         ST_INVALID    the form: ctx->failure.reason and .more, one for each field
 */
MUST_USE enum status engine_decide(struct ctx *ctx, const struct engine *engine,
                                   const struct casefile *casefile, const struct command *command,
                                   struct event_list *out);

/*
 * The key of a case that its procedure wants once (`unique:`), of its region and its fields; absent where the
 * procedure has no such rule or one of the fields is empty. `create` keeps it as `key` itself.
 */
struct str engine_unique_key(struct arena *arena, const struct regime_procedure *procedure,
                             struct str region, const struct value *fields);

/* Folds one event into the case. The case's memory and copies of texts are in `arena`. */
void engine_evolve(struct arena *arena, struct casefile *casefile, const struct event *event);

/* What the actor may do now: one entry for each command of the procedure that has a row from here
 * or that the actor's roles name. For actions[] of the API. */
struct action {
    const struct regime_transition *transition; /* null for a built-in command */
    struct str command;
    struct words label; /* of the pack, or absent */
    const char *key;    /* i18n key of a built-in command's label, or null */
    struct str clause;
    bool allowed;
    struct reason why_not; /* where not allowed */
    bool is_who;           /* refused for who, not for state or guard */
};

struct action_list {
    struct action *at;
    size_t len;
    size_t cap;
};

MUST_USE enum status engine_list_actions(struct ctx *ctx, const struct engine *engine,
                                         const struct casefile *casefile,
                                         const struct actor *actor, struct action_list *out);

/*
 * Whether what the regime forbids to the actor leaves no use for the field in this command's form: then
 * it is not offered. For `create` the case is version 0 with the region it would have.
 */
bool engine_hides_field(struct ctx *ctx, const struct engine *engine,
                        const struct casefile *casefile, struct str command,
                        const struct actor *actor, struct str field);

/*
 * The fields of a command's form: what its row asks, and the ticks `signed` and `sealed` that its
 * signature guards imply (those have no words of their own: the face words them by field.<name>).
 */
const struct regime_field *form_fields(struct arena *arena,
                                       const struct regime_transition *transition,
                                       size_t *out_count);

/* Whether the person stands in this case as a role that is asked live wants it: state and region aside. */
bool engine_stands_there(const struct regime_role *role, const struct casefile *there,
                         struct person_id person);

/* The value of a setting: the campaign's where it overrides, else the pack's; null where absent. */
const struct value *engine_setting(const struct engine *engine, struct str name);

/* What a clock says now. Errors of the calendar pass through (ST_INVALID: before the first year). */
struct clock_view {
    struct deadline deadline; /* due, end, provisional; open while it stands */
    struct deadline_left left;
    enum clock_state state; /* met: stopped before its end; lapsed: the end has passed */
};
MUST_USE enum status engine_clock_view(struct ctx *ctx, const struct calendar *calendar,
                                       const struct casefile_clock *clock, struct instant now,
                                       struct clock_view *out);
/* The terms that deadline_find and deadline_explain take; pauses and extensions are borrowed. */
struct deadline_terms engine_clock_terms(const struct casefile_clock *clock);

/* The pack's words for a role or state; the bare name where it has none. */
struct words engine_role_words(const struct engine *engine, struct str role);
struct words engine_state_words(const struct engine *engine, struct str state);

/* Names of the roles that the transitions from this state wait for; at most `max` are written. */
size_t engine_waits_for(const struct engine *engine, const struct casefile *casefile,
                        struct str *out_roles, size_t max);

/* What the places of a number's pattern say. */
struct number_places {
    struct str region;
    struct str batch;
    struct str mark; /* of the unit that issues a document */
    struct day day;
    int64_t seq;
};

/*
 * The number of a case or document from its pattern: {region} {batch} {mark} {year} {month} {day} {seq:04}.
 */
struct str engine_format_number(struct arena *arena, struct str pattern,
                                const struct number_places *places);
