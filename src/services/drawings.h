#pragma once
/*
 * The flows of packs as drawings, each made once by Graphviz and kept. Any thread.
 */
#include "base/ctx.h"
#include "kit/words.h"
#include "regime/regime.h"

struct drawings;

struct drawings *drawings_new(void);
void drawings_free(struct drawings *drawings); /* takes null */

/*
 * The <svg> of a procedure in a language; lives as long as the drawings. Absent where it cannot be
 * drawn (no Graphviz, too many states): a page without its picture is still a page.
 */
struct str drawings_find(struct drawings *drawings, const struct regime *regime,
                         const struct regime_procedure *procedure, enum lang lang);
