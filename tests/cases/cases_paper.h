#pragma once
/* What an example says of a document that its case issued: the paper as it would be printed. */
#include "cases_world.h"
#include "store/ledger.h"

struct cases_paper {
    struct cases_world *world;
    const struct engine *engine;
    const struct ledger_row_list *ledger; /* of the case at hand, whole */
};

/*
 * words: DOCUMENT TEXT. The last paper of that document has the text in a line of its own making. The folder
 * that LANTIAN_PAPERS names gets each as PDF, to be looked at.
 * Gives what is wrong; absent: nothing is. `negative`: it must not have it.
 */
struct str cases_paper_expect(struct ctx *ctx, const struct cases_paper *paper,
                              const struct str *words, size_t count, bool negative);
