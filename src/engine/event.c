/*
 * Names of event types, as they stand in the ledger.
 */
#include "engine/event.h"

static const struct str names[EVENT_TYPE_COUNT] = {
#define X(id, name, payload) [id] = STR_INIT(name),
    EVENT_TABLE(X)
#undef X
};

struct str event_type_name(enum event_type type)
{
    return names[type];
}

bool event_type_parse(struct str name, enum event_type *out)
{
    for (int i = 0; i < EVENT_TYPE_COUNT; i++) {
        if (!str_eq(names[i], name))
            continue;
        *out = (enum event_type)i;
        return true;
    }
    return false;
}
