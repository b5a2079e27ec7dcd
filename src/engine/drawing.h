#pragma once
/*
 * The draw of a case as it stands (effects commit_list and draw): what anyone needs to repeat it.
 */
#include "engine/engine.h"

struct engine_draw {
    struct draw_list list;
    struct draw_rules rules; /* those of the pack and the campaign today; a change differs in the hash */
    struct str list_hash, rules_hash; /* as committed */
    struct str hash_field;  /* the field that got the hash when the list was committed */
    struct str drawn_field; /* the field that gets the sample */
    bool is_drawn;
    struct str seed; /* where it is drawn */
};

/* false: the procedure draws nothing, or nothing is committed yet. Everything in ctx->arena. */
bool engine_find_draw(struct ctx *ctx, const struct engine *engine, const struct casefile *casefile,
                      struct engine_draw *out);
