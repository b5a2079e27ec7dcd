#pragma once
/*
 * What the guards of several files share. Each function of a word either holds or fills `miss`.
 */
#include "engine/engine_int.h"

/* What a guard misses, put together for its sentence. */
struct miss {
    struct str field;
    struct words what;
    struct str what_key; /* of the program's words, where the pack has none for it */
    int64_t wanted;
    int64_t found;
    bool of_form; /* the form itself can mend it */
};

typedef bool guard_fn(const struct trial *trial, const struct value *args, struct miss *miss);

/* Two dates or times as texts: whether a is later than b. Of a date and a time, the days count. */
bool text_is_after(const struct value *a, const struct value *b);

/* guard_list.c */
guard_fn holds_list, holds_list_dates, holds_no_row, holds_numbered, holds_distinct,
    holds_clean;

/* guard_place.c */
guard_fn holds_posts, holds_apart, holds_in_scope;
