#pragma once
/*
 * Who may read a whole file (regime/file.h): told from the cases in which they stand. Pure.
 *
 * Clause: S0-03.4.1 S0-02.6.2.
 */
#include "engine/engine.h"
#include "regime/file.h"

/* Whether cases of the procedure lie in the file. */
bool file_holds(const struct regime_file *file, struct str procedure);

/*
 * Whether this case lets the actor read the file.
 *
 *   there       a case in which the actor may stand
 *   is_within   whether the region whose file is asked for is that of the case, or lies in it
 */
bool file_is_opened_by(const struct regime_file *file, const struct casefile *there, bool is_within,
                       const struct actor *actor);
