#pragma once
/*
 * Who makes a body complete (`bodies:` of a pack): how many sit in which seat, of what rank, from
 * where, with what behind them. A body is a case; its members are the rows of a list of that case, or
 * the one person that a field of it names. Read for the engine (engine/body.h), which tells what a
 * body as it stands still lacks.
 */
#include "regime/obligation.h"
#include "regime/regime.h"

/* What a rule looks at; args is what stands under its key (section_table.h tells the shape). */
enum body_rule_kind {
    BODY_COUNT, /* {is?, min?, max?}: so many members */
    BODY_RANK,  /* code: of at least this rank; with `ever`, at some time before will do */
    BODY_FROM,  /* {kinds?, role?}: sent by such a unit, or by one that holds the role in the case */
    BODY_HAS,   /* {procedure, role or person, …}: there is such a case of the member; of the body where
                   neither says how they stand in it */
    BODY_LACKS, /* {procedure, role or person, …}: there is none */
    BODY_AWAY,  /* levels: the body is not in the region of such a level that they come from */
    BODY_APART, /* {procedure, role, states, from, to}: in no such case that overlaps in time */
    BODY_ONCE,  /* {procedure, role, states, day, per}: in no other such case of the season */
    BODY_RULE_KIND_COUNT
};

/* What is left to who breaks it. */
enum body_else { BODY_REFUSE, BODY_EXCEPTION, BODY_ASK_REASON, BODY_ELSE_COUNT };

struct regime_body_rule {
    struct str id;
    struct words words;
    enum body_rule_kind kind;
    const struct value *args;
    bool ever;                  /* BODY_RANK */
    const struct value *seats;  /* only members in these; null: all */
    struct month_window months; /* only bodies whose day lies in these months; first 0: always */
    struct str of_rank;         /* only members of at least this rank, or absent */
    enum body_else otherwise;
    struct str clause;
    struct pack_place place;
};

struct regime_body {
    struct str id;
    struct words words;
    const struct regime_procedure *procedure; /* `of:` its cases are the bodies */
    const struct regime_field *list; /* its members; null: `person` is a field of the case */
    struct str person, seat, unit;   /* columns or fields; seat and unit may be absent */
    struct str from, to;             /* date fields: its first and last day */
    struct str day;                  /* date field whose month counts; absent: `from` */
    struct str reason;               /* field that answers what `else: ask_reason` asks, or absent */
    struct str exceptions;           /* list of recorded exceptions, or absent, with its columns … */
    struct str exception_rule, exception_person; /* … person may be absent: the whole body's */
    const struct regime_body_rule *rules;
    size_t rule_count;
    struct str clause;
    struct pack_place place;
};

/* Null where absent. */
const struct regime_body *regime_find_body(const struct regime *regime, struct str id);
/* Place of a rank in the dictionary, the highest 0; SIZE_MAX where it has none. */
size_t regime_rank_order(const struct regime *regime, struct str rank);
/* The key in the pack of a rule of this kind: count, rank, from … */
const char *body_rule_kind_name(enum body_rule_kind kind);
/* How people call a rank; {rank, rank} where the dictionary has none. */
struct words regime_rank_words(const struct regime *regime, struct str rank);
