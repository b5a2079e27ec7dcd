#pragma once
/*
 * Opening what is sealed in a case (services/sealed.h). The command `open_sealed` goes into the ledger with who, when
 * and why; what was told comes back once to who gave it, after the commit, and is kept nowhere.
 */
#include "services/casework.h"

struct unseal_order {
    struct case_order order; /* of the command `open_sealed`; input {reason} */
    enum lang lang;
    struct value *told; /* out: [{name, label, text}], in the job's ctx->arena */
};

/*
 * The body of a writer's job: records the opening and reads what is opened. Where it cannot be read
 * nothing is recorded.
 *
 * Errors: those of casework_record; ST_DENIED and ST_CONFLICT as engine_may says; those of sealed_open
 */
enum status unseal_record(struct ctx *ctx, struct ledger_tx *ledger, void *unseal_order);
