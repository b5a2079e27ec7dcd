#pragma once
/*
 * What a regime forbids (`prohibitions:` of a pack): an act, to whoever stands in a role or belongs to
 * a unit of a kind. Read once for each procedure in which the act can enter, so that its rules may
 * name that procedure's fields and commands; the engine asks them before guards.
 */
#include "regime/regime.h"

enum prohibition_effect {
    PROHIBITION_REFUSE, /* nothing is written in the case */
    PROHIBITION_FLAG,   /* let in with a flag; an explanation may be owed before a later command */
    PROHIBITION_WARN,   /* refused until the same command comes again and heeds it */
    PROHIBITION_EFFECT_COUNT
};

/* Holders of any of these roles, units of any of these kinds: a name may be both. */
struct regime_parties {
    bool anybody;
    const struct str *names; /* neither these nor anybody: nobody */
    size_t count;
};

/* The act comes again: a case of the same procedure and region, made in the last so many days, has
 * the same values in these fields. */
struct regime_again {
    const struct str *same;
    size_t same_count;
    const struct value *within; /* days: number or setting; null: not asked */
};

struct regime_prohibition {
    struct str id;
    struct words words;
    struct regime_parties who;    /* whom it binds … */
    struct regime_parties except; /* … but not those */
    const struct str *commands;   /* and "create"; none: whatever command has a form */
    size_t command_count;
    const struct str *gives; /* the form fills one of these fields; none: not asked */
    size_t give_count;
    struct regime_parties to; /* the form names one of these; nothing in it: not asked */
    struct regime_again again;
    const struct regime_condition *when; /* `if:`, or null */
    enum prohibition_effect effect;
    struct str flag;             /* what PROHIBITION_FLAG raises */
    struct str explanation;      /* field that must be filled, or absent … */
    const struct str *explained; /* … before these commands, once the flag stands */
    size_t explained_count;
    struct str instead;          /* the way that stands open: a procedure or a word; or absent */
    const struct value *attempt; /* {procedure, fields}: the case that a refused attempt opens, or null */
    bool hide;                   /* whom it binds is not shown the command */
    struct str clause;
    struct pack_place place;
};

/* Null where absent. */
const struct regime_prohibition *
procedure_find_prohibition(const struct regime_procedure *procedure, struct str id);
/* How people call what stands open instead. */
struct words regime_instead_words(const struct regime *regime, struct str instead);
const char *prohibition_effect_name(enum prohibition_effect effect);
