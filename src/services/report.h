#pragma once
/*
 * Compiled reports: figures over a campaign's cases and a list of those that stand out. What a report
 * says is data (data/reports/<name>.yaml, told in its README).
 */
#include "services/case_list.h"
#include "services/home.h"

/* Borrowed for the call. */
struct report_order {
    const struct home *home;
    const struct world *world;
    struct reader reader;
    const struct actor *actor; /* who looks; null: the program itself, everything */
    struct str name;
    struct str campaign; /* absent: all */
};

/*
 * {name, title, figures: [{name, label, n}], count, items: [row]}; items as in lists, the first 500.
 *
 * Errors: ST_NOT_FOUND report.unknown {name}
 *         ST_INVALID   report.wrong {name, line}: an integrator's report cannot be read
 */
MUST_USE enum status report_document(struct ctx *ctx, struct db_conn *conn,
                                     const struct report_order *order, struct value **out);

/* Names of all reports, in ctx->arena; *count tells how many. */
const struct str *report_list(struct arena *arena, const struct home *home, size_t *count);
