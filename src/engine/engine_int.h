#pragma once
/*
 * What the parts of a decision share. A trial is one command being decided: a copy of the case
 * that takes each event as it is made, so that a later guard or effect sees the earlier ones.
 */
#include "engine/engine.h"

struct reason_list {
    struct reason *at;
    size_t len;
    size_t cap;
};

struct trial {
    struct ctx *ctx;
    const struct engine *engine;
    struct casefile *casefile; /* the copy */
    const struct casefile *before;
    const struct regime_transition *transition; /* null for a built-in command */
    struct str command;
    const struct actor *actor;
    const struct actor_post *post; /* the one acted through; null: system */
    const struct value *input;     /* checked form, or null where the form is left aside */
    const struct value *given_roles; /* of a case being made: those that its maker names, or null */
    const struct value *heeds;     /* rules whose warning the command heeds, or null */
    bool form_aside;               /* engine_may: what the form can still satisfy counts as held */
    struct instant happened_at;
    struct str clause;         /* of the rule being carried out */
    struct value *note;        /* payload of the closing `noted` event, null until needed */
    struct event_list *events; /* null where nothing is made */
    size_t own_from;           /* where the command's own events begin, after lapses caught up */
};

/* Makes an event, numbered and folded into the trial's copy. */
void trial_emit(struct trial *trial, enum event_type type, const struct value *payload,
                struct str clause);
/* A member of the closing note; made on first use. */
struct value *trial_note(struct trial *trial);

/* The value a rule means by a field's name: the form's answer, else the case's. */
const struct value *trial_value(const struct trial *trial, struct str name);
/* The field of that name, of the form first; null where nothing declares it. */
const struct regime_field *trial_find_field(const struct trial *trial, struct str name);
/* The label of a field, form first; the bare name where nothing declares it. */
struct words trial_field_words(const struct trial *trial, struct str name);

/* Whether the answer depends on what the form will say. */
bool trial_form_has(const struct trial *trial, struct str field);
bool trial_form_fills_role(const struct trial *trial, struct str role);

/* Walks a name or a list of names. */
const struct value *names_first(const struct value *names);
#define names_each(name, names)                                                                    \
    for (const struct value *name = names_first(names); name != NULL;                              \
         name = (names)->kind == VALUE_LIST ? name->next : NULL)
bool names_have(const struct value *names, struct str text);

/* The setting's number where `value` names a setting, else its own; `otherwise` where absent. */
int64_t trial_number(const struct trial *trial, const struct value *value, int64_t otherwise);

/* Lowest sequence that counts: after the last entry into args.since, or 0. */
int64_t trial_since(const struct trial *trial, const struct value *args);

/* A mark (opinion, signature, confirmation) of this word made after `since`. */
bool trial_has_mark(const struct trial *trial, enum event_type type, struct str what,
                    int64_t since);
/* Whether the command was given after `since`, earlier than the one being decided. */
bool trial_was_done(const struct trial *trial, struct str command, int64_t since);

/* Whether the actor stands today in such a case as the role asks for (`live`); `unasked` where cases are
 * not looked up, as when acts are replayed that were judged when they were done. */
bool trial_holds_live(const struct trial *trial, struct str role, bool unasked);

/* Conditions. null holds. */
bool condition_holds(const struct trial *trial, const struct regime_condition *condition);
bool condition_needs_form(const struct trial *trial, const struct regime_condition *condition);

/* Guards: false adds the reason. */
bool guard_holds(const struct trial *trial, const struct regime_guard *guard,
                 struct reason_list *reasons);

/* Folds of what becomes of documents (evolve_document.c). */
void evolve_issued(struct arena *arena, struct casefile *casefile, const struct event *event);
void evolve_delivered(struct arena *arena, struct casefile *casefile, const struct event *event);
/* A note that voids a document; any other changes nothing. */
void evolve_voided(struct arena *arena, struct casefile *casefile, const struct event *event);
/* Evidence that is a copy of a document. */
void evolve_scanned(struct casefile *casefile, const struct event *event);

/* Effects. */
MUST_USE enum status effect_issue(struct trial *trial, const struct value *args);
/* Whether a role is held by people, not units; `role` or `role.lead`. */
bool holder_is_person(const struct trial *trial, struct str holder);
MUST_USE enum status effect_measure(struct trial *trial, const struct value *args);
MUST_USE enum status effect_period(struct trial *trial, const struct value *args);
MUST_USE enum status effect_next(struct trial *trial, const struct value *args);
MUST_USE enum status effect_look_up(struct trial *trial, const struct value *args);
MUST_USE enum status effect_cite(struct trial *trial, const struct value *args);
MUST_USE enum status effect_gather(struct trial *trial, const struct value *args);
MUST_USE enum status effect_open(struct trial *trial, const struct value *args);
MUST_USE enum status effect_hand_on(struct trial *trial, const struct value *args);
MUST_USE enum status effect_score(struct trial *trial, const struct value *args);
MUST_USE enum status effect_assess(struct trial *trial, const struct value *args);
MUST_USE enum status effect_unscore(struct trial *trial, const struct value *args);
/* Takes back what stands of these units (null: of all); how many charges that were. */
size_t trial_take_back(struct trial *trial, const struct value *units);
MUST_USE enum status effect_tally(struct trial *trial, const struct value *args);
MUST_USE enum status effect_give(struct trial *trial, const struct value *args);
MUST_USE enum status effect_collect(struct trial *trial, const struct value *args);
MUST_USE enum status effect_count(struct trial *trial, const struct value *args);
MUST_USE enum status effect_match_units(struct trial *trial, const struct value *args);
MUST_USE enum status effect_deviation(struct trial *trial, const struct value *args);
MUST_USE enum status effect_shift(struct trial *trial, const struct value *args);
MUST_USE enum status effect_count_days(struct trial *trial, const struct value *args);
MUST_USE enum status effect_sum(struct trial *trial, const struct value *args);
MUST_USE enum status effect_gaps(struct trial *trial, const struct value *args);
MUST_USE enum status effect_attain(struct trial *trial, const struct value *args);
/* A field that holds a number (whole, decimal or money), in millionths. */
int64_t trial_figure(const struct trial *trial, struct str name, bool *out_there);
MUST_USE enum status effect_in_force(struct trial *trial, const struct value *args);
MUST_USE enum status effect_digest(struct trial *trial, const struct value *args);
MUST_USE enum status effect_commit_list(struct trial *trial, const struct value *args);
MUST_USE enum status effect_unseated(struct trial *trial, const struct value *args);
MUST_USE enum status effect_draw(struct trial *trial, const struct value *args);
struct value *id_text(struct arena *arena, int64_t id);
/*
 * A cell of `row:`: {value: literal}, {role: its holders}, today, now, actor (the unit that gives the
 * command), each (what `per:` is at; null where there is no `per:`), or the field that the name means;
 * null: empty.
 */
const struct value *row_value(const struct trial *trial, const struct value *cell,
                              const struct value *each);
/* Ids of the units (or people) that hold the role; lead_only: of the first only. */
struct value *trial_holders(const struct trial *trial, struct str role, bool lead_only);
/* Units of these roles, each once. */
const struct value *units_of_holders(const struct trial *trial, const struct value *holders);
/* `role`, or `role.lead`: its first-listed unit only. */
struct value *trial_holders_of(const struct trial *trial, struct str holder);
/* Those named in the column of a list, of the rows that hold the values of `where`; for `assign`. */
const struct value *trial_named_in_column(const struct trial *trial, const struct value *args);
void trial_set_field(struct trial *trial, struct str field, const struct value *to);
void trial_clear_fields(struct trial *trial, const struct value *names);
void trial_set_flag(struct trial *trial, struct str flag, bool on); /* only where it changes */
MUST_USE enum status effect_run(struct trial *trial, const struct regime_effect *effect);
void clock_start(struct trial *trial, const struct regime_deadline *deadline);
void clock_stop(struct trial *trial, struct str clock);
void clock_pause(struct trial *trial, struct str clock, bool resume);
/* `holders`: an id or a list of them, of units or people as the role says. */
void trial_set_role(struct trial *trial, struct str role, const struct value *holders);
void trial_sign(struct trial *trial, const struct value *args, struct str clause);

/*
 * Reads the form: `input` as it came (texts from a page, typed from JSON) against the fields, to
 * the values that payloads hold; of a sealed one the mark. Unknown members, missing and wrong ones become reasons.
 */
const struct value *form_read(struct ctx *ctx, const struct engine *engine,
                              const struct regime_field *fields, size_t count,
                              const struct value *input, struct str clause,
                              struct reason_list *reasons);
