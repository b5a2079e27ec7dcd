#pragma once
/*
 * A case as one document: what the API answers and the page renders, in the reader's language.
 * Times go out with the office's offset; what people read has a twin ending in _text or _label.
 */
#include "engine/engine.h"
#include "services/reader.h"
#include "services/world.h"
#include "store/ledger.h"

struct case_view {
    struct reader reader;
    const struct world *world;
    const struct engine *engine;
    const struct casefile *casefile;
    const struct ledger_row_list *events; /* whole chain, for documents and the timeline */
    const struct actor *actor;            /* whose actions are listed */
    const struct value *notice; /* of a document that tells one (day_notice.h), or null */
    struct db_conn *conn; /* where fields of kind case are told by number; null: as they were entered */
};

/* The document of `GET /cases/{id}`. The clocks' explanations are in it. */
MUST_USE enum status case_document(struct ctx *ctx, const struct case_view *view,
                                   struct value **out);

/* `GET /cases/{id}/events`: the ledger's entries as they stand, with names of actors. */
struct value *case_events_document(struct ctx *ctx, const struct case_view *view);

/*
 * `GET /cases/{id}/paper`: what the case says, to be printed: head (every field that is no list, the
 * empty ones too), parts (each list that has rows, told in entries where it holds long texts, else
 * as a table).
 */
struct value *case_paper_document(struct ctx *ctx, const struct case_view *view);

/* ---- parts that other documents share ---- */

/* What a case is called by what its subject holds: the words of a choice, the name of a region. */
struct str case_title(const struct world *world, const struct regime_procedure *procedure,
                      enum lang lang, struct str held);
/* Roles that may take somebody in, each {role, label, choices} with who may hold it. */
struct value *role_choices(struct arena *arena, const struct case_view *view);
/* The fields of a form or a procedure as form fields, with choices; `values` fills them in. */
struct value *form_document(struct arena *arena, const struct case_view *view,
                            const struct regime_field *fields, size_t count,
                            const struct value *values);
/* What a field's value says to a reader. */
struct str field_text(struct arena *arena, const struct case_view *view,
                      const struct regime_field *field, const struct value *value);
/* The address of the one case that a field names; empty: of another kind, several, or not there. */
struct str field_url(struct arena *arena, const struct case_view *view,
                     const struct regime_field *field, const struct value *value);
/* The name behind an actor text of the ledger. */
struct str actor_name(struct arena *arena, const struct case_view *view, struct str actor);
/*
 * A measure of the ladder: {seq, step, step_label, clause, state, state_label, ground, why: [sentence],
 * units: [name], due, left, left_text, left_class, proposed, proposed_text, decided, decided_text, by,
 * reason, record, record_url, follow: [{kind_label, url, id}]}; absent where there is none of it.
 */
void put_measure(struct arena *arena, const struct case_view *view,
                 const struct casefile_measure *measure, struct value *row);
/* Adds `pressing_label`, `measures`, newest first, and `steps`: [{step, label, clause, allowed, why_not,
   why_clause, needs, present}], the weakest first; none where the procedure has no ladder. */
void put_measures(struct ctx *ctx, const struct case_view *view, struct value *doc);
/*
 * Adds `composition`, one for each body that a command of the case asks for: [{body, label, clause, complete,
 * open, tells_members, members: [{person, name, seat, seat_label, unit_label, rank, rank_label}], objections: [{rule,
 * person, text, clause, needs, lifted}]}]; what a reason or a recorded exception lifts is among them.
 *
 * Errors: those of the look-ups in other cases
 */
MUST_USE enum status put_composition(struct ctx *ctx, const struct case_view *view,
                                     struct value *doc);
/*
 * Adds `documents` and `drafts` to the document of a case.
 *
 * documents: [{sequence, document, label, number, url, sha256, verify_url, issuer_label, issued, issued_text, to: [name],
 *   state (issued, voided, corrected), state_label, reason, corrects_number, corrected_number,
 *   receipts: [{name, opened, opened_text, opened_by, received, received_text, received_by}],
 *   scans: [{name, url, added_text}], command_url, may_open, may_receive, may_change, stands}], as they were issued;
 * drafts: [{document, label, url}], what commands of its procedure issue, to be looked at beforehand; none once it has ended.
 */
void put_documents(struct arena *arena, const struct case_view *view, struct value *doc);
/*
 * Adds what is sealed in the case, where something is: `sealed` {labels, url, allowed, why_not, why_clause, needs,
 * openings: [{name, time_text, reason}]}, the latest opening first.
 */
void put_sealed(struct ctx *ctx, const struct case_view *view, struct value *doc);
/* Adds `timeline`, newest first. */
void put_timeline(struct ctx *ctx, const struct case_view *view, struct value *doc);
