#pragma once
/*
 * The second pass, row by row: which line is a case, what its cells say, what is doubtful.
 */
#include "services/intake_head.h"

struct row_reader {
    const struct intake_dict *dict;
    const struct intake_options *options;
    const struct intake_visitor *visitor;
    const struct head *head;
    struct arena *arena; /* of one row */
    struct arena *kept;  /* of the whole pass: headings, numbers seen */
    struct str *names;   /* of the columns, folded */
    struct str batch;    /* of the last heading inside the body, or of the title */
    struct day date;
    struct str place; /* of the last heading that named one */
    uint64_t *seen;   /* numbers so far, as hashes; open addressing */
    size_t seen_count, seen_cap;
    struct intake_summary summary;
    /* of the open row */
    struct intake_row row;
    VEC(struct intake_fault) faults;
    VEC(struct intake_extra) extras;
    struct str *cells; /* by column of the head, after shifts were mended */
    bool *rounded;     /* likewise: a number with more digits than a spreadsheet keeps */
};

/* One row below the header. */
MUST_USE enum status row_read(struct ctx *ctx, struct row_reader *reader,
                              const struct sheet_row *row);

/* Severity and key of a fault from its code, which the table must hold. */
void intake_fault_complete(struct intake_fault *fault);
