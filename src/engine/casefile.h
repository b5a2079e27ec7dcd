#pragma once
/*
 * A case (事项) as its events have made it: the fold of engine_evolve. (`case` is a keyword in C.)
 * Lives in an arena; open to read everywhere, written by engine_evolve only.
 */
#include "base/day.h"
#include "base/id.h"
#include "base/vec.h"
#include "engine/deadline.h"
#include "engine/event.h"

enum clock_state { CLOCK_RUNNING, CLOCK_PAUSED, CLOCK_MET, CLOCK_LAPSED, CLOCK_STATE_COUNT };

/* One run of a deadline. A lapsed clock runs on until it is stopped: `lapsed` and `stopped` tell. */
struct casefile_clock {
    struct str name;
    struct instant start;
    struct length length; /* where `until` is absent */
    struct day until;     /* the last day in time, or DAY_NONE */
    bool roll;
    int64_t started_seq;  /* sequence of its clock_started; names this run */
    VEC(struct clock_pause) pauses;
    VEC(struct length) extensions;
    bool lapsed;          /* a clock_lapsed event stands in the ledger */
    struct instant stopped; /* INSTANT_NONE while it runs */
};

struct casefile_role {
    struct str role;
    VEC(int64_t) units;  /* unit ids, first is lead */
    VEC(int64_t) people; /* person ids */
};

struct casefile_evidence {
    struct evidence_id id;
    struct str kind;
    struct str sha256;
    struct str name;
    struct str type; /* media type */
    int64_t bytes;
    struct instant taken_at; /* or INSTANT_NONE */
    int64_t lat, lon;        /* degrees times 10^7; both INT64_MIN where unknown */
    int64_t seq;
    int64_t document; /* seq of the document of which it is a signed or sealed copy, or 0 */
    struct str actor;
    struct instant added_at;
};

/* Something said or signed once: opinion, signature, confirmation, act. Kept with its place in time. */
struct casefile_mark {
    enum event_type type; /* opinion_given, signed, confirmed */
    struct str what;      /* verdict, "as", what */
    int64_t unit;
    struct str post;
    bool seal;
    struct str text;
    struct str actor;
    struct str command;
    int64_t seq;
    struct instant at;
};

struct casefile_entry {
    struct str state;
    int64_t seq;
    struct instant at;
};

/* A command that was given: for `done`, `other_than` and desks. */
struct casefile_act {
    struct str command;
    struct str actor;
    int64_t seq;
    struct instant at; /* happened */
};

enum measure_state {
    MEASURE_OPEN, /* proposed, and nobody has answered */
    MEASURE_CONFIRMED,
    MEASURE_HELD, /* held back by a person, with a reason */
    MEASURE_GONE, /* its ground went before anybody answered */
    MEASURE_STATE_COUNT
};

/* A step of the ladder that was proposed to a person, or taken by one. */
struct casefile_measure {
    struct str step;
    struct str ground; /* tells one ground of a step from another */
    const struct value *why; /* payload of the proposal; null: taken without one */
    enum measure_state state;
    VEC(int64_t) units; /* at whom it is directed */
    struct str record;  /* the case that it rests on, or absent */
    struct str reason;  /* of holding it back, or absent */
    struct str clause;
    struct str actor;   /* who decided */
    int64_t seq;        /* of the proposal, or of the act where there was none */
    struct instant at;
    int64_t decided_seq; /* 0: not yet */
    struct instant decided_at;
};

/* Points charged to a unit, and the event that took them back. */
struct casefile_score {
    struct str rule;
    int64_t unit;
    struct str points;  /* decimal */
    struct str subject; /* or absent */
    struct str clause;
    struct str command;
    int64_t seq;
    struct instant at, recorded_at;
    int64_t reversed_seq; /* 0: it stands */
    struct instant reversed_at; /* recorded */
};

/* Whom a document reached, and when it was opened and signed for there. */
struct casefile_receipt {
    int64_t unit, person; /* one of them; the other is 0 */
    struct instant opened_at, received_at; /* INSTANT_NONE: not yet */
    struct str opened_by, received_by;     /* actors, or absent */
};

/* A document that was issued. */
struct casefile_document {
    struct str document; /* id in the pack */
    struct str number;   /* or absent */
    int64_t issuer;      /* unit, or 0: the campaign */
    struct str sha256;   /* of its paper, or absent */
    struct str actor;
    struct str clause;
    const struct value *copies; /* list, or null */
    int64_t seq;
    struct instant at;   /* happened */
    int64_t corrects, corrected_by; /* seq of other documents of the case, or 0 */
    int64_t voided_seq;             /* 0: it stands */
    struct instant voided_at;
    struct str reason;   /* of voiding it, or of the correction that it is; or absent */
    int64_t scans;       /* signed or sealed copies attached to it */
    VEC(struct casefile_receipt) receipts; /* units, then people, as it named them */
};

struct casefile_link {
    struct prefecture prefecture;
    struct casefile_id id;
    struct str kind; /* duplicate, rebound, child, parent, referral … */
    struct str answer; /* command that the other case gets when this one has ended, or absent */
    struct str as;     /* the arrival by which this one came from there, or absent */
    bool shows;        /* whoever sees the other case may read this one */
};

struct casefile {
    struct prefecture prefecture;
    struct casefile_id id;
    int64_t version; /* sequence of the last event; 0: not yet made */
    struct str campaign;
    struct str procedure;
    struct str pack; /* hash of the pack it is pinned to */
    struct str state;
    struct str number;
    struct str received_number; /* as printed in a received table, or absent */
    struct str key;             /* no other case of its campaign has it; or absent */
    bool key_of_fields;         /* it is told by the fields, and free again when the case is withdrawn */
    struct str batch;
    struct str source;
    struct str region;
    struct instant created_at;  /* happened */
    struct instant recorded_at;
    struct instant updated_at;  /* recorded_at of the last event */
    struct value *fields;       /* map */
    VEC(struct casefile_role) roles;   /* by name */
    VEC(struct casefile_clock) clocks; /* every run, oldest first */
    VEC(struct str) flags;             /* those that are on */
    VEC(struct casefile_evidence) evidence;
    VEC(struct casefile_mark) marks;
    VEC(struct casefile_entry) entries; /* every state entered, oldest first */
    VEC(struct casefile_act) acts;
    VEC(struct casefile_link) links;
    VEC(struct casefile_score) scores;
    VEC(struct casefile_measure) measures; /* oldest first */
    VEC(struct casefile_document) documents; /* as they were issued */
    int64_t documents_seq; /* sequence at which anything about them changed last; 0: never */
    struct str pressing;  /* last confirmed step of the ladder, or absent */
    bool withdrawn;
    struct str last_hash; /* hash of the last event, kept by the store; empty for a new case */
};

const struct casefile_role *casefile_find_role(const struct casefile *casefile, struct str role);
/* The newest run of a clock; null where it never started. */
const struct casefile_clock *casefile_find_clock(const struct casefile *casefile,
                                                 struct str clock);
bool casefile_has_flag(const struct casefile *casefile, struct str flag);
/* Sequence at which `state` was entered last; 0 where never. */
int64_t casefile_entered(const struct casefile *casefile, struct str state);
/* Whether unit/person stands in the role; *lead tells if it is the first-listed unit. */
bool casefile_role_has_unit(const struct casefile *casefile, struct str role, int64_t unit,
                            bool *lead);
bool casefile_role_has_person(const struct casefile *casefile, struct str role, int64_t person);
/* Whether this person gave the first command of the case. */
bool casefile_is_made_by(const struct casefile *casefile, int64_t person);
/* The newest unanswered proposal of a step; null: none. */
const struct casefile_measure *casefile_find_open_measure(const struct casefile *casefile,
                                                          struct str step);
/* The document that the event of this sequence issued; null: none did. */
const struct casefile_document *casefile_find_document(const struct casefile *casefile,
                                                       int64_t seq);
/* A case of its own that may be evolved without touching the original; texts stay borrowed. */
struct casefile *casefile_copy(struct arena *arena, const struct casefile *casefile);
