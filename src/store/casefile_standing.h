#pragma once
/*
 * Cases that rules look up beside their own: of one procedure, in some states or of one person. Each
 * look is a range of one index; what is found is folded by who asked.
 */
#include "store/casefile_rows.h"

struct casefile_standing_query {
    struct str campaign;
    struct str procedure;
    const struct str *states; /* any of them; none: wherever they stand */
    size_t state_count;
    struct str person; /* id as text of who holds a role there, or empty */
    struct str region; /* this one alone, or empty */
    /* "name=value" of a field by which lists are narrowed, or empty; told of cases of this pack alone,
       since another one may not have narrowed by it. */
    struct str field, pack;
};

struct casefile_standing {
    struct prefecture prefecture;
    struct casefile_id id;
    struct str region;
    struct str last_hash; /* of its last event */
};

struct casefile_standing_list {
    struct casefile_standing *at;
    size_t len;
    size_t cap;
};

/* None that was withdrawn; in no order that one may rely on. */
MUST_USE enum status casefile_standing_find(struct ctx *ctx, struct db_conn *conn,
                                            const struct casefile_standing_query *query,
                                            struct casefile_standing_list *out);
