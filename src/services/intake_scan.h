#pragma once
/*
 * Reads a received table: finds its header, understands its columns, and hands on row after row as
 * fields with whatever is doubtful marked. No database, nothing kept: a table of any length takes
 * the same memory (but eight bytes a row, to notice numbers that come twice).
 *
 * Two passes. The first reads the head of every sheet (INTAKE_PROFILE_ROWS rows) and chooses the
 * sheet and what its columns mean; the second reads that sheet. Around the rows of cases it knows
 * title rows (batch and date), headers of one or two lines, a header repeated, headings of batches
 * and places, totals, notes.
 */
#include "services/intake.h"

/*
 * Errors: those of sheet_read; ST_INVALID intake.no_table {file}: no sheet holds any row;
 *         whatever the visitor gives back.
 */
MUST_USE enum status intake_scan(struct ctx *ctx, const char *path, const struct intake_dict *dict,
                                 const struct intake_options *options,
                                 const struct intake_visitor *visitor, struct intake_summary *out);
