#pragma once
/*
 * A calendar that other programs read (RFC 5545): lines end in CRLF and are folded at 75 bytes, between
 * characters; texts are escaped. Only what a list of dates needs: no repeats, no alarms, no zones.
 */
#include "base/buf.h"
#include "base/day.h"

struct ics_event {
    struct str uid;     /* the same each time it is written */
    struct str summary;
    struct str description; /* or empty */
    struct str url;         /* or empty */
    struct day day;         /* the whole day … */
    struct instant at;      /* … or this moment; INSTANT_NONE: the day */
};

void ics_begin(struct buf *out, struct str name);
/* `stamp`: when it was written. */
void ics_put(struct buf *out, const struct ics_event *event, struct instant stamp);
void ics_end(struct buf *out);
