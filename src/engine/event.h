#pragma once
/*
 * One entry of the ledger. What a projection holds comes from events alone, so that folding the
 * ledger again gives the same rows.
 */
#include "base/day.h"
#include "base/id.h"
#include "base/str.h"
#include "base/value.h"
#include "engine/event_table.h"

enum event_type {
#define X(id, name, payload) id,
    EVENT_TABLE(X)
#undef X
        EVENT_TYPE_COUNT
};

/* Texts and payload are borrowed from whoever made or loaded the event. */
struct event {
    struct prefecture prefecture;
    struct casefile_id casefile;
    int64_t sequence;            /* 1, 2, 3 … within the case; 0 until numbered */
    struct instant recorded_at;  /* when we wrote it down */
    struct instant happened_at;  /* when it took place; never after recorded_at */
    struct str actor;            /* <person id>/<post id>, or "system" */
    struct str command;          /* the pack's word */
    enum event_type type;
    const struct value *payload; /* VALUE_MAP */
    struct str clause;           /* ids parted by blanks; may be empty */
    struct str pack;             /* hash of the pack in force, hex; empty for system records */
};

struct event_list {
    struct event *at;
    size_t len;
    size_t cap;
};

struct str event_type_name(enum event_type type);
bool event_type_parse(struct str name, enum event_type *out);
