#pragma once
/*
 * Received tables become cases. A dry run reads the table and says what would happen; nothing is
 * written until it is confirmed. Writing goes in groups of rows through the writer: a row that is
 * refused stops no other, an interruption goes on after the last row that was written, and each row
 * is written once. While nothing was done on its cases, the whole can be withdrawn.
 *
 * Everything that writes waits for commits, and reading a table takes its time: on a slow thread
 * only. Memory stays bounded, whatever the table's length.
 */
#include "services/account.h"
#include "services/case_document.h"
#include "services/intake_scan.h"
#include "store/import_rows.h"

/* What comes in, and how it is to be understood. Borrowed for the call. */
struct import_plan {
    struct str campaign;
    struct str procedure;
    struct str file_name;
    struct str source; /* or absent */
    struct str batch;  /* where the file does not say; or absent */
    struct day date;   /* likewise, of the batch; or DAY_NONE */
    struct instant registered; /* when it came in; INSTANT_NONE: ctx->now */
    const struct intake_choice *choices; /* columns chosen by hand, before what is remembered */
    size_t choice_count;
};

/* Who works on what, with what. Borrowed for the call. */
struct import_desk {
    const struct home *home;
    const struct world *world;
    struct db_conn *conn;      /* for reading */
    const struct actor *actor; /* the maker of the cases */
    struct account_id account; /* 0: the command line */
    bool in_process;           /* see sheet_options */
    void (*progress)(void *arg, int64_t permille); /* of the table; may be null */
    void *progress_arg;
};

/*
 * A dry run of the file at `path`: the `import` object of the contract in ctx->arena, messages in
 * both languages (see import_document).
 *
 * Errors: ST_NOT_FOUND campaign.unknown, procedure.unknown
 *         ST_CONFLICT  import.campaign_ended {name}
 *         ST_DENIED    the actor may make no such cases
 *         those of intake_scan
 */
MUST_USE enum status import_read(struct ctx *ctx, const struct import_desk *desk,
                                 const struct import_plan *plan, const char *path,
                                 struct value **out);

/*
 * Keeps the file and its dry run; state `read`.
 *
 *   fd      read from offset 0; borrowed
 *   is_dry  false: the file is kept only, and import_commit makes the report
 */
MUST_USE enum status import_keep(struct ctx *ctx, const struct import_desk *desk,
                                 const struct import_plan *plan, int fd, bool is_dry,
                                 int64_t *out_id);

/*
 * Reads a kept file again with other columns, and remembers them for its source.
 *
 * Errors: ST_NOT_FOUND import.unknown; ST_CONFLICT import.other_state: it is written already
 */
MUST_USE enum status import_choose(struct ctx *ctx, const struct import_desk *desk, int64_t id,
                                   const struct intake_choice *choices, size_t choice_count);

/*
 * From `read` to `committing`: from now on somebody (jobs/job_runner.h) will write it, through any
 * restart.
 *
 * Errors: ST_NOT_FOUND import.unknown; ST_CONFLICT import.other_state
 */
MUST_USE enum status import_begin(struct ctx *ctx, const struct import_desk *desk, int64_t id);

/*
 * Writes all rows that can be written, or goes on with it; afterwards the state is `committed` and
 * the report says what became of each row. Begins by itself what is `read`.
 *
 * Errors: ST_CONFLICT import.other_state; ST_IO, ST_UNAVAILABLE: still `committing`, may be called
 *         again; others (the file cannot be read): `failed`
 */
MUST_USE enum status import_commit(struct ctx *ctx, const struct import_desk *desk, int64_t id);

/*
 * Withdraws every case of it in one transaction.
 *
 * Errors: ST_CONFLICT import.other_state; engine.already_worked_on: something was done on a case
 *         ST_INVALID  engine.missing (field reason)
 */
MUST_USE enum status import_withdraw(struct ctx *ctx, const struct import_desk *desk, int64_t id,
                                     struct str reason);

/*
 * Whether the actor may import into a procedure, as far as that is known before there is a case.
 * Who may, may also see what others imported there.
 *
 * Errors: ST_NOT_FOUND campaign.unknown, procedure.unknown
 */
MUST_USE enum status import_may(struct ctx *ctx, const struct world *world,
                                const struct actor *actor, struct str campaign,
                                struct str procedure, bool *out);

/* ---- for readers ---- */

/* The `import` object from a report, messages in the reader's language. */
struct value *import_report_document(struct arena *arena, const struct reader *reader,
                                     const struct value *report);

/*
 * The document of one import: the object above, and id, state, progress, preview, what may be done.
 *
 * Errors: ST_NOT_FOUND import.unknown
 */
MUST_USE enum status import_document(struct ctx *ctx, struct db_conn *conn,
                                     const struct reader *reader, int64_t id, struct value **out);

/* {campaigns, sources, recent}: what the form for a new one offers. Campaigns where the actor makes
   cases only. */
MUST_USE enum status import_form_document(struct ctx *ctx, struct db_conn *conn,
                                          const struct world *world, const struct reader *reader,
                                          const struct actor *actor, struct value **out);

/*
 * Row by row what became of the table, as csv with a byte order mark: row, number, case, result,
 * message. Written to `fd`.
 *
 * Errors: ST_NOT_FOUND import.unknown; ST_IO io.write
 */
MUST_USE enum status import_write_result(struct ctx *ctx, struct db_conn *conn,
                                         const struct reader *reader, int64_t id, int fd);
