#pragma once
/*
 * What making and proving checkpoints share.
 */
#include "store/checkpoint.h"

enum { CHECKPOINT_LEVEL_STEP = 8 }; /* subtrees of 2^8, 2^16 … leaves are kept */

struct checkpoint_head {
    int64_t writer; /* 0: cannot be read */
    int64_t number;
    struct digest hash;
    int64_t last_id;
};

/* Takes the next head off; false at the end. */
bool checkpoint_next_head(struct str *io_heads, struct checkpoint_head *out);
