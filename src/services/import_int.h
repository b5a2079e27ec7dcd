#pragma once
/*
 * Shared by import.c (what is kept), import_pass.c (one walk over the table) and import_write.c
 * (its rows to cases).
 */
#include "services/duplicates.h"
#include "services/import.h"
#include "services/import_row.h"
#include "services/intake_report.h"

struct import_writing;

/* One walk. Open: what the visitor keeps between rows. */
struct import_pass {
    const struct import_desk *desk;
    const struct import_plan *plan;
    struct arena *arena; /* the whole walk */
    struct intake_report *report;
    struct duplicates *duplicates;
    struct intake_table table;
    struct world_view view;
    struct engine engine;
    struct import_target target;
    struct ctx row; /* of a row that is not written: its arena is reset */
    struct import_writing *writing; /* null: dry run */
    int64_t after_row; /* rows up to here are written already */
    struct value *preview;
    int permille;
};

/*
 * Reads the table and reports; with `import` not 0 writes too.
 *
 *   after_row   written already
 */
MUST_USE enum status import_walk(struct ctx *ctx, const struct import_desk *desk,
                                 const struct import_plan *plan, const char *path, int64_t import,
                                 int64_t after_row, struct value **out_report);

/* ---- writing ---- */

enum { IMPORT_GROUP = 200 };

/* A row on its way. */
struct import_item {
    struct import_candidate candidate;
    struct duplicates_found duplicate;
};

struct import_writing *import_writing_open(struct import_pass *pass, int64_t import);
void import_writing_close(struct import_writing *writing); /* waits for what is out; takes null */
/* The ctx in whose arena the next row is read. */
struct ctx *import_writing_ctx(struct import_writing *writing);
/* Takes a row that was read there, refused ones too; hands a full group to the writer. */
MUST_USE enum status import_writing_add(struct ctx *ctx, struct import_writing *writing,
                                        const struct import_item *item);
MUST_USE enum status import_writing_finish(struct ctx *ctx, struct import_writing *writing);

/* A failure of another ctx, its texts copied. */
enum status import_hand_failure(struct ctx *to, const struct ctx *from, enum status status);
