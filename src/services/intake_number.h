#pragma once
/*
 * Printed numbers of received cases (受理编号). A number is no key: it may be cut, masked, glued to
 * its neighbour, or a bare serial; what it does tell (day, channel, attention) is read off here.
 */
#include "base/day.h"
#include "base/str.h"

enum printed_channel { CHANNEL_UNTOLD, CHANNEL_CALL, CHANNEL_LETTER };

struct printed_number {
    struct str text;   /* the number alone, blanks gone, without 号 and * */
    struct str batch;  /* printed in the same cell, as printed_batch_find gives it; or absent */
    struct str seq;    /* serial glued before it; or absent */
    struct day intake; /* day of intake within the number; DAY_NONE: it tells none */
    enum printed_channel channel;
    bool shaped;   /* of a known shape, so hardly anything else than a number */
    bool starred;  /* * at its end: key case */
    bool masked;   /* * inside */
    bool is_short; /* shaped, but digits are missing */
    bool several;  /* more than one number in the cell, all of them in text */
};

/* false: nothing in this text can be a number (empty, a sentence). */
bool printed_number_parse(struct arena *arena, struct str text, struct printed_number *out);
