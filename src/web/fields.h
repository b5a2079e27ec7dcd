#pragma once
/*
 * Forms between a document and a browser. Both directions are pure.
 *
 * A document says of a field what it is (kind, many, choices, columns, value); fields_prepare adds
 * how the page draws it. What a browser sends are flat names and texts; fields_fold makes of them
 * the tree that a JSON caller would have sent:
 *
 *   goal=清零                  goal: 清零
 *   unit=12  unit=17           unit: [12, 17]          a name that came several times
 *   plan.0.what=排查           plan: [{what: 排查}]     rows in the order they come
 *
 * Rows without a single filled cell are left out.
 */
#include "base/ctx.h"
#include "base/value.h"
#include "kit/pairs.h"

enum {
    FIELDS_ROWS_MAX = 500, /* of one list field */
    FIELDS_BLANK_ROWS = 4, /* offered below the rows that are there */
};

/*
 * Adds to each of form.fields: id (of its element, beginning with `prefix`), one of as_text,
 * as_area, as_number, as_date, as_time, as_select, as_checks, as_check, as_file, as_list = true,
 * and for lists rows:[{n, cells:[field]}]; to the form has_file. Members that templates ask for
 * and that are absent are set to null, so that no name is looked up further out.
 */
void fields_prepare(struct arena *arena, struct value *form, struct str prefix);

/*
 * Errors: ST_INVALID  form.unknown_field {field}: a name with dots that is no name.number.name
 *         ST_LIMIT    form.too_many_rows {field}: a row number of FIELDS_ROWS_MAX or more
 */
MUST_USE enum status fields_fold(struct ctx *ctx, const struct pairs *pairs, struct value **out);
