#pragma once
/*
 * What a dry run answers: the `import` object of the contract, gathered from a scan. Lists are
 * limited and say how much more there was; near-duplicates within the file are found on the way.
 */
#include "base/value.h"
#include "kit/words.h"
#include "services/intake.h"

enum {
    REPORT_FAULT_LIMIT = 10000,
    REPORT_BATCH_LIMIT = 10000,
    REPORT_DUPLICATE_LIMIT = 10000,
    REPORT_COMPARED_LIMIT = 50000, /* rows held against each other; about 30 MB */
};

struct intake_report;

/* Long-lived parts stand in `arena`; close frees the rest. */
struct intake_report *intake_report_open(struct arena *arena, struct str tmp_dir);
void intake_report_close(struct intake_report *report); /* takes null */
void intake_report_cleanup(struct intake_report **report);

/* Near-duplicates are found by somebody else, who knows the stock: nothing is compared here. `of` is
   a case; absent: the row `of_row` of this file. */
void intake_report_leave_duplicates(struct intake_report *report);
void intake_report_add_duplicate(struct intake_report *report, int64_t row, int64_t of_row,
                                 struct str of, int permille);

/* A row that was counted as accepted could not be written after all. */
void intake_report_refuse_row(struct intake_report *report);

/* Gather: call these from a visitor of your own, or use intake_report_visitor as it is. */
enum status intake_report_table(void *report, struct ctx *ctx, const struct intake_table *table);
enum status intake_report_fault(void *report, struct ctx *ctx, const struct intake_fault *fault);
enum status intake_report_row(void *report, struct ctx *ctx, const struct intake_row *row);
struct intake_visitor intake_report_visitor(struct intake_report *report);

/* The object, in `arena`, its messages in `lang`. */
struct value *intake_report_value(struct arena *arena, const struct intake_report *report,
                                  const struct words_book *words, enum lang lang);
