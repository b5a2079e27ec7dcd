#pragma once
/*
 * What the three readers share with sheet.c: a job to do on one open file, in this process.
 */
#include "kit/sheet.h"

struct sheet_job {
    int fd;          /* borrowed */
    int64_t size;    /* bytes */
    struct str file; /* name for failures */
    const struct sheet_options *options;
    const struct sheet_visitor *visitor;
};

/* One failure of reading: key is one of sheet.h's; part may be absent. */
#define sheet_fail(ctx, status, key, job, part, number)                                            \
    fail((ctx), (status), (key),                                                                   \
         ARGS(arg_text("file", (job)->file), arg_text("part", (part)),                             \
              arg_int("number", (number))))

MUST_USE enum status xlsx_read(struct ctx *ctx, const struct sheet_job *job);
MUST_USE enum status xls_read(struct ctx *ctx, const struct sheet_job *job);
MUST_USE enum status csv_read(struct ctx *ctx, const struct sheet_job *job);

/* Whether the sheet with this index is wanted. */
bool sheet_is_wanted(const struct sheet_job *job, int index);

/* Drops empty cells at the end, hands the row on. */
MUST_USE enum status sheet_hand_row(struct ctx *ctx, const struct sheet_job *job,
                                    struct sheet_row row);
