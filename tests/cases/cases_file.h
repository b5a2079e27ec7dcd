#pragma once
/* What an example says of files (engine/file.h): who reads them, by the cases that stand. */
#include "cases_world.h"

/* words: FILE ACTOR REGION. Whether one of the standing cases opens the file; *out_known false: no such
 * item, or nobody of that name. */
bool cases_file_reads(struct cases_world *world, const struct regime *regime,
                      const struct str *words, size_t count, bool *out_known);
