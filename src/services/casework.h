#pragma once
/*
 * Work on cases: the only way anything about them changes. One function, one transaction; what a
 * case looks like afterwards is read again from the ledger.
 *
 * A command may run inside a server thread that does not wait: casework_begin prepares the job,
 * casework_end makes the answer after the commit. The command line uses casework_give.
 */
#include "engine/engine.h"
#include "services/case_document.h"
#include "services/home.h"
#include "services/world.h"
#include "store/writer.h"

struct case_ref {
    struct prefecture prefecture;
    struct casefile_id id;
};

/* What is asked of a case. Everything is borrowed until done. */
struct case_order {
    const struct home *home;
    const struct world *world; /* the snapshot of this request */
    const struct actor *actor;
    struct case_ref ref;       /* ignored for a new case */
    int64_t version;           /* expected; 0: whichever it is */
    struct str campaign;       /* new case */
    struct str procedure;      /* new case */
    struct str command;
    const struct value *input;
    struct instant happened_at; /* or INSTANT_NONE */
    struct case_ref made;       /* out: the case that was written */
    int64_t made_version;       /* out */
};

/*
 * Loads, decides, records: the body of a writer's job (writer_work; arg is a case_order).
 *
 * Errors: ST_NOT_FOUND  no such case or campaign
 *         ST_CONFLICT   campaign.ended {campaign}: it takes no new case
 *         ST_STALE      the case has moved on since `version`
 *         those of engine_decide
 */
enum status casework_record(struct ctx *ctx, struct ledger_tx *ledger, void *order);

/* The same, waiting for the commit. */
MUST_USE enum status casework_give(struct ctx *ctx, struct case_order *order);

/*
 * What a refused attempt leaves behind (casework_attempt.c): where a prohibition asks for it, a case of its
 * own in a commit of its own. The case that was asked for the act stays as it was. One person who
 * tries one act again on the same day leaves one record: its key says so, however often it is sent.
 *
 *   ctx       with the failure of the refused order
 *   refused   that order; casework_give has kept its attempt already
 *   out       the order that makes the record, in ctx->arena, to be run as any. Its answer is
 *             nobody's: what the attempt was refused with stays the answer
 *
 * false: nothing is asked for.
 */
bool casework_attempt(const struct ctx *ctx, const struct case_order *refused,
                      struct case_order *out);
/* Makes the record and waits for its commit; ctx->failure stays. Not on a thread that serves sockets. */
void casework_keep_attempt(struct ctx *ctx, const struct case_order *refused);

/*
 * Makes a case inside a writer's job, for services that make many at once.
 *
 *   engine    of campaign and procedure (world_engine)
 *   command   `create`; its input's member `number` is set here. With a member `key`, by the system
 *             alone, it is made exactly once in its campaign, however many programs try.
 *
 * Errors: those of engine_decide and casefile_record; ST_INVALID case.unknown_region;
 *         ST_CONFLICT case.key_taken {key}: it is there already
 */
MUST_USE enum status casework_make(struct ctx *ctx, struct ledger_tx *ledger,
                                   const struct world *world, const struct engine *engine,
                                   const struct command *command, struct casefile *out);

/* A case with everything that reading it needs, in ctx->arena. */
struct case_reading {
    struct casefile *casefile;
    struct ledger_row_list events;
    struct engine engine;
};

/*
 * Errors: ST_NOT_FOUND  no such case, or not theirs to see (actor null: no question asked)
 */
MUST_USE enum status casework_read(struct ctx *ctx, struct db_conn *conn,
                                   const struct world *world, struct case_ref ref,
                                   const struct actor *actor, struct case_reading *out);

/*
 * Whether a role that the campaign gives to one of the actor's units opens the cases of a procedure: any
 * role but those that the procedure is closed to. procedure null: whether they have such a role at all.
 */
bool casework_campaign_opens(const struct value *roles, const struct regime_procedure *procedure,
                             const struct actor *actor);

/* Whether a case may be seen: its roles, its campaign's offices, who made it. */
bool casework_may_see(const struct world *world, const struct engine *engine,
                      const struct casefile *casefile, const struct actor *actor);
