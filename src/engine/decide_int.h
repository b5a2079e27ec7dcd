#pragma once
/*
 * The parts of a decision that its rows (decide.c), its built-in commands (builtin.c) and the list
 * of actions (action.c) share.
 */
#include "engine/engine_int.h"

/* Commands that every procedure has without saying so. */
struct built_in {
    struct str name;
    const char *key;  /* i18n key of its label */
    bool listed;      /* offered among a case's actions */
    enum status (*decide)(struct trial *trial, const struct value *input);
    /* Whether the actor may, the form aside; null: only the system. */
    enum status (*may)(struct trial *trial);
};

const struct built_in *built_in_find(struct str name); /* null: not built in */
extern const struct built_in built_ins[];
extern const size_t built_in_count;

/* Picks the post that one of `by` names; false: none. Sets trial->post. */
bool trial_find_post(struct trial *trial, const struct regime_actor *by, size_t count);
/* Finds the row of trial->command from the present state and who acts; sets transition, clause. */
MUST_USE enum status trial_find_row(struct trial *trial);
MUST_USE enum status trial_check_guards(struct trial *trial);
MUST_USE enum status trial_run_effects(struct trial *trial, const struct regime_effect *then,
                                       size_t count);
/*
 * What the regime forbids (prohibition.c): the act itself; what the form says, before the guards,
 * raising flags; an explanation that an earlier flag still wants.
 */
MUST_USE enum status trial_forbid(struct trial *trial);
MUST_USE enum status trial_forbid_form(struct trial *trial);
MUST_USE enum status trial_want_explanations(struct trial *trial);
/* Notes the warnings that the input heeds (`heed`: ids of rules); gives the input without it. */
const struct value *trial_take_heed(struct trial *trial, const struct value *input);
/* A look at a command, the form aside; for action.c and prohibition.c. */
struct trial trial_look(struct ctx *ctx, const struct engine *engine, const struct casefile *casefile,
                      struct str command, const struct actor *actor);
/* Before there is a case, its roles are held by those with whom it would begin. */
MUST_USE enum status trial_begin(struct trial *trial, struct str region);
/* Says the lapse of every clock that had run out before the command happened. */
MUST_USE enum status trial_catch_up(struct trial *trial);
void trial_stop_all_clocks(struct trial *trial);
void trial_close(struct trial *trial);
/* <person>/<post> or system */
struct str trial_actor(const struct trial *trial);

/* Why none of `by` is the actor, for ST_DENIED. */
struct reason trial_not_yours(const struct trial *trial, const struct regime_actor *by,
                              size_t count);
/* Reads the form of trial->transition, takes its answers, asks its guards, signs and links. */
MUST_USE enum status trial_take_form(struct trial *trial, const struct value *input);
MUST_USE enum status decide_transition(struct trial *trial, const struct value *input);
/* Whether the actor may begin a case of the procedure in before->region. Sets trial->post. */
MUST_USE enum status trial_may_create(struct trial *trial);
MUST_USE enum status decide_create(struct trial *trial, const struct value *input);

/* What becomes of issued documents (document.c): {document: sequence, …}. */
MUST_USE enum status decide_open_document(struct trial *trial, const struct value *input);
MUST_USE enum status decide_receive_document(struct trial *trial, const struct value *input);
MUST_USE enum status decide_void_document(struct trial *trial, const struct value *input);
MUST_USE enum status decide_correct_document(struct trial *trial, const struct value *input);
/* The evidence of the input is a copy of a document of the case, if it says of which. */
MUST_USE enum status document_check_scan(struct trial *trial, const struct value *input);

/* Opening what is sealed (unseal.c): {reason}; the event says which fields and why, never what. */
MUST_USE enum status may_open_sealed(struct trial *trial);
MUST_USE enum status decide_open_sealed(struct trial *trial, const struct value *input);

/* The ladder (engine/ladder.h). */
MUST_USE enum status decide_propose(struct trial *trial, const struct value *input);
MUST_USE enum status decide_measure(struct trial *trial, const struct value *input);
MUST_USE enum status decide_hold(struct trial *trial, const struct value *input);
/* Whether any step would let the actor; the first refusal where none does. */
MUST_USE enum status may_measure(struct trial *trial);
MUST_USE enum status may_hold(struct trial *trial);
