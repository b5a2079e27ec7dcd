#pragma once
/*
 * Columns chosen by hand, as `import --map FILE.yaml` has them: index or printed name to field,
 * null or none for a column that means nothing. An index counts from 1.
 *
 *   受理编号: number
 *   4: place
 *   备注: null
 */
#include "services/intake.h"

/*
 * In `arena`. Errors: ST_INVALID intake.map_line {file, name}: neither field nor null;
 *                                the first yaml fault, its own key, where the text is no map
 */
MUST_USE enum status intake_map_parse(struct ctx *ctx, struct arena *arena, struct str file,
                                      struct str text, const struct intake_choice **out,
                                      size_t *out_count);

/* The dictionaries of the furniture; the dict lives in `arena`. Errors: as intake_dict_new. */
struct furniture;
MUST_USE enum status intake_dict_load(struct ctx *ctx, struct arena *arena,
                                      const struct furniture *furniture, struct str more_columns,
                                      struct intake_dict **out);
