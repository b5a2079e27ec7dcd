#pragma once
/*
 * What an example expects of a body as it stands: `expect objection BODY RULE [PERSON]`, `expect lifted …`
 * for one that a reason or an exception lifts, `expect no objection …` for neither.
 */
#include "engine/engine.h"

bool cases_body_knows(struct str what);
/* words: from `objection` or `lifted` on. What is wrong; absent: it holds. */
struct str cases_body_expect(struct ctx *ctx, const struct engine *engine,
                             const struct casefile *casefile, const struct str *words,
                             size_t count, bool negative);
