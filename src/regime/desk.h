#pragma once
/*
 * The workbench of a role (`desks:` of a pack): named queues of cases with their counts. A queue is a
 * list that anybody could ask for; what its desk adds is that it is there, named, and, where it says
 * `reads`, that holders of a live role may read in their region what their queues list.
 */
#include "regime/regime.h"

struct regime_queue {
    struct str id;
    struct words words;
    const struct value *of;     /* procedures */
    const struct value *states; /* null: not ended */
    const struct value *where;  /* field that narrows lists → its value; or null */
    bool mine; /* only where the reader's unit stands in a role */
    bool late; /* only with a clock that has run out */
    struct str clause;
};

struct regime_desk {
    struct str id;
    struct words words;
    struct str role;
    bool reads;
    const struct regime_queue *queues;
    size_t queue_count;
    struct str clause;
    struct pack_place place;
};
