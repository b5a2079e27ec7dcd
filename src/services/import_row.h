#pragma once
/*
 * One row of a received table as the case it would become: printed words to the fields and roles
 * that the pack's `import:` names, the printed place to a region, everything else kept beside. The
 * engine is asked at once whether such a case could be made, so a dry run and the writing that
 * follows it refuse the same rows.
 */
#include "engine/engine.h"
#include "services/intake_scan.h"
#include "services/world.h"

/* Where the rows go; borrowed. */
struct import_target {
    const struct world *world;
    const struct engine *engine; /* of campaign and procedure */
    const struct actor *actor;
    struct str source;         /* or absent */
    struct instant registered; /* when the table came in */
    const struct intake_table *table;
};

struct import_candidate {
    int64_t row;
    bool accepted;
    struct value *input; /* of `create` */
    struct str batch;    /* or absent */
    struct day batch_date;
    struct str number; /* as printed, or absent */
    struct str region;
    bool placed; /* the region is the printed one, not the campaign's own */
    struct str subject; /* what the case will be called by; or absent */
    struct day day; /* of the complaint, of its batch, or of the registration */
    struct intake_fault *faults;
    size_t fault_count;
};

/*
 * In ctx->arena; borrows nothing from the row.
 *
 * Errors: ST_DENIED  the actor may make no such case; those of engine_decide that no row explains
 */
MUST_USE enum status import_row_read(struct ctx *ctx, const struct import_target *target,
                                     const struct intake_row *row, struct import_candidate *out);

/*
 * Adds a fault of this module: "import.<code>", whose sentence names {text}. An error refuses the
 * candidate.
 */
void import_row_add_fault(struct ctx *ctx, struct import_candidate *candidate, int column,
                          const char *key, struct args args);

/* The column of the table that holds a field, from 1; 0: none. */
int import_row_column(const struct intake_table *table, enum intake_field field);
