#pragma once
/*
 * Cases beside the one at hand that a rule asks for: those of a procedure that stand in some state and
 * whose fields are what is wanted (`where:`). Read from the ledger as they stand when the command is
 * decided; the case at hand itself is never among them.
 *
 *   args   of the rule: procedure, states (none: any), where (none: all)
 *
 * Errors: those of the world that is asked.
 */
#include "engine/engine_int.h"

MUST_USE enum status standing_list(const struct trial *trial, const struct value *args,
                                   struct engine_case_list *out);

/* A cell of such a case: its number, region, state, flags (`flag`), or one of its fields; null: empty. */
struct value *standing_cell(struct arena *arena, const struct casefile *from, struct str what);

/* `standing` as a condition; cases that cannot be read count as none. */
bool standing_holds(const struct trial *trial, const struct value *args);
/* Whether the answer depends on the form. */
bool standing_needs_form(const struct trial *trial, const struct value *args);
