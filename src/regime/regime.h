#pragma once
/*
 * What a regime (制度) says, read from one pack and read-only from then on: roles, fields, states,
 * commands with their guards and effects, deadlines. Everything is borrowed from the arena that the
 * pack was loaded into. The grammar is docs/packs.md; the words of guards and effects stand in
 * regime/vocabulary_table.h.
 *
 * Nothing here knows one regime from another.
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/ctx.h"
#include "base/length.h"
#include "base/str.h"
#include "base/value.h"
#include "regime/vocabulary.h"

struct regime_file;     /* regime/file.h */
struct regime_board;    /* regime/board.h */
struct regime_body;     /* regime/body.h */
struct regime_count;    /* regime/counts.h */
struct regime_coverage; /* regime/coverage.h */
struct regime_desk; /* regime/desk.h */
struct regime_disclosure; /* regime/disclosure.h */
struct regime_obligation; /* regime/obligation.h */
struct regime_prohibition; /* regime/prohibition.h */

/* Where in the pack a thing stands, counted from 1. */
struct pack_place {
    int line;
    int column;
};

/* How a unit or a person stands to a case. */
/* A case of another procedure from which a role is taken over (`for: {procedure, states, role}`). */
struct regime_standing {
    struct str procedure;
    const struct value *states; /* list of names: where the case must stand; none: anywhere */
    struct str role;            /* whose holders there are taken over */
    bool live; /* not taken over: asked each time of all such cases, and written nowhere */
    const struct value *where; /* live: field of such a case → the value that it has; or null */
};

struct regime_role {
    struct str name;
    struct words words;
    bool of_people;   /* holds people, not units */
    bool many;        /* more than one holder */
    bool of_campaign; /* held by the same units for every case of the campaign (`for: campaign`) */
    bool from_region; /* the unit of the listed kinds in the case's region (`for: region`) */
    const struct regime_standing *standing; /* taken over from a standing case of the region, or null */
    const struct str *kinds; /* unit kinds that may hold it; none listed: any */
    size_t kind_count;
    struct str post; /* people: the post they must hold; absent: any */
    struct str clause;
    struct pack_place place;
};

/* A reading chosen in flows.md: a value that a campaign may override. */
struct regime_setting {
    struct str name;
    const struct value *value; /* VALUE_INT, VALUE_TEXT or VALUE_BOOL */
    struct str unit;           /* "days", "workdays", "hours", "points", … or absent */
    struct str reading;        /* A2-1 … or absent */
    const struct regime_choice *choices; /* of a text: what it may be, or null */
    size_t choice_count;
    struct words words;
    struct pack_place place;
};

enum field_kind {
    FIELD_TEXT, FIELD_LONGTEXT, FIELD_INTEGER, FIELD_DECIMAL, FIELD_MONEY, FIELD_DATE, FIELD_TIME,
    FIELD_CHOICE, FIELD_BOOL, FIELD_POINT, FIELD_REGION, FIELD_UNIT, FIELD_PERSON, FIELD_FILE,
    FIELD_LIST, FIELD_CASE, FIELD_KIND_COUNT
};

struct regime_choice {
    struct str code;
    struct words words;
    struct str units; /* of a dictionary that names units: their printed names, parted by ; */
};

/* A datum of the case, or of one command's form, or a column of a list field. */
struct regime_field {
    struct str name;
    struct words words;
    enum field_kind kind;
    bool many;     /* choice, unit, person: several values */
    bool required; /* at creation (case field) or when the command is given (form field) */
    bool yes;      /* bool of a form: only true lets the command pass (a check that must be answered yes) */
    struct str dictionary;               /* choice: data/dict/<id>.csv, or absent */
    const struct regime_choice *choices; /* choice: inline, or taken from the dictionary */
    size_t choice_count;
    const struct regime_field *columns;  /* list */
    size_t column_count;
    const struct value *otherwise;       /* `default:`, or null */
    struct str shows; /* form: the field of the case whose value it shows first, or absent */
    bool has_min, has_max;
    int64_t min, max; /* integer, decimal (scaled by 10^7), money (fen), length of texts, list rows */
    bool filter;      /* of a case: lists can be narrowed to its values */
    bool sealed;      /* text of a case that is kept apart, encrypted: here and in its events stands a mark */
    struct str role;  /* unit or person field of a form that fills this role of the case */
    struct str procedure; /* case: whose cases it names */
    struct str clause;
    struct pack_place place;
};

struct regime_state {
    struct str name;
    struct words words;
    struct str like; /* state of the superset axis; equals name where the pack names none */
    bool start;      /* new cases begin here (first listed, unless one says `start: true`) */
    bool end;
    bool rests;      /* what may still happen waits for nobody: an active pairing, a rule in force */
    struct str clause;
    struct pack_place place;
};

/* A thing that must hold before a rule applies: `if:` of a guard, an effect, a transition's target. */
struct regime_condition {
    enum condition_kind kind;
    const struct value *args; /* shape as vocabulary_table.h says */
    const struct regime_condition *all; /* CONDITION_ALL, _ANY: members; _NOT: one */
    size_t count;
    struct pack_place place;
};

struct regime_guard {
    enum guard_kind kind;
    const struct value *args;
    const struct regime_condition *when; /* or null: always */
    struct str clause;                   /* own, else its transition's */
    struct words says;                   /* `says:` the pack's own words for the refusal, or absent */
    struct pack_place place;
};

struct regime_effect {
    enum effect_kind kind;
    const struct value *args;
    const struct regime_condition *when;
    struct str clause;
    struct pack_place place;
};

/* Who may fire: the holder of a role, narrowed. Text form: role, role.lead, role/post, system, creator */
struct regime_actor {
    struct str role; /* a role's name, or "system", or "anyone" (any account of the campaign's region) */
    bool lead;       /* only the first-listed unit */
    struct str post; /* only who holds this post there, or absent */
    struct pack_place place;
};

/* One row of the table (from, to, command, role, guards, effects). */
struct regime_transition {
    struct str name; /* `do:` the command */
    struct words words;
    const struct regime_state **from; /* never empty; `from: any` lists all states without end */
    size_t from_count;
    const struct regime_state *to; /* null: stays where it is */
    const struct regime_actor *by;
    size_t by_count;
    const struct regime_field *asks; /* the form */
    size_t ask_count;
    const struct regime_guard *needs;
    size_t need_count;
    const struct regime_effect *then;
    size_t then_count;
    bool bulk;   /* offered on lists for many cases at once */
    bool danger; /* asks for confirmation in the face */
    struct str clause; /* ids parted by blanks */
    struct pack_place place;
};

enum clock_unit { CLOCK_HOURS, CLOCK_DAYS, CLOCK_WORKDAYS, CLOCK_UNTIL };

/* A time limit. It starts, pauses and stops on commands of its procedure. */
struct regime_deadline {
    struct str name;
    struct words words;
    enum clock_unit unit;    /* CLOCK_UNTIL: `until: field` gives the last day in time */
    struct str unit_setting; /* `unit:` name of the setting that holds the unit, or absent */
    struct str setting;      /* name of the setting that holds the length, or absent */
    int64_t length;          /* where no setting is named */
    struct str until;        /* date field */
    struct str from;         /* `from: field`: a time field that the count starts at; absent: the event */
    bool roll;               /* `roll: next_workday` */
    const struct str *starts_on; /* commands; "create" is the making of the case */
    size_t start_count;
    const struct str *stops_on;  /* commands, or "confirmed:<what>" once all listed `all_of` are there */
    size_t stop_count;
    const struct str *pauses_on, *resumes_on;
    size_t pause_count, resume_count;
    const struct regime_effect *on_lapse;
    size_t lapse_count;
    struct str charge; /* role that must act, for desks and statistics */
    bool restarts;     /* a new start while running begins anew */
    struct str clause;
    struct pack_place place;
};

/* Which printed column of a received table feeds which field (`import:`). */
struct regime_import {
    struct str column; /* api.md word: description, place, type … */
    struct str field;  /* field or role of the procedure */
};

/* A length of time as a rule writes it; count 0: not asked. */
struct regime_term {
    struct length length;
    struct str setting; /* name of the one that holds it, or absent */
};

/* On what a step of the ladder is proposed: all that is named here must hold. */
struct regime_ground {
    struct str clock;           /* a deadline that runs, or absent */
    struct regime_term left;    /* no more than this is left of it, and it has not ended */
    struct regime_term over;    /* it ended at least this long ago */
    struct str progress;        /* percentage field that is behind the share of time gone … */
    const struct value *behind; /* … by at least so many points (number or setting); null: not asked */
    struct str flag;            /* stands, or absent */
    const struct str *idle;     /* commands, none of which was given … */
    size_t idle_count;
    struct regime_term idle_for; /* … for this long */
    const struct str *after;     /* steps, the latest confirmed of which is … */
    size_t after_count;
    struct regime_term after_for; /* … this long ago */
    struct pack_place place;
};

/* How often a ground bears a step: once for each last day of the deadline, calendar month or case. */
enum once_per { ONCE_PER_DEADLINE, ONCE_PER_MONTH, ONCE_PER_CASE, ONCE_PER_COUNT };

/*
 * A step of the ladder: a measure that presses without moving the case. Its row has what a command
 * has (words, by, asks, needs, then, clause; name is the step's), carried out when it is confirmed.
 */
struct regime_step {
    struct regime_transition row;
    const struct regime_ground *when; /* any of them proposes it; none: a person alone takes it */
    size_t when_count;
    enum once_per once_per;
    const struct str *instead_of; /* weaker steps that it stands for on the same ground */
    size_t instead_count;
    struct str charge; /* role whose units it is directed at, or absent */
};

struct regime_procedure {
    struct str name;
    struct words words;
    struct str number;  /* pattern: {region} {year} {batch} {seq:04} */
    struct str subject; /* field shown as the case's title */
    const struct regime_field *fields;
    size_t field_count;
    const struct regime_state *states;
    size_t state_count;
    const struct regime_transition *transitions;
    size_t transition_count;
    const struct regime_deadline *deadlines;
    size_t deadline_count;
    const struct regime_actor *created_by;
    size_t created_by_count;
    const struct regime_actor *unsealed_by; /* who may open what its sealed fields hold; each names a post */
    size_t unsealed_by_count;
    const struct regime_guard *create_needs; /* guards on the making of a case */
    size_t create_need_count;
    const struct regime_effect *create_then;
    size_t create_then_count;
    const struct regime_import *imports;
    size_t import_count;
    const struct regime_step *steps; /* of `ladder:`, the weakest first */
    size_t step_count;
    const struct str *closed_to; /* roles that neither campaign, region nor a standing case fills here */
    size_t closed_count;
    const struct str *unique; /* fields, or `region`, of which no two cases have all the same */
    size_t unique_count;
    const struct regime_prohibition *prohibitions; /* of `prohibitions:`, those about this procedure */
    size_t prohibition_count;
    const struct str *evidence_kinds; /* of this pack; default before during after document rebound */
    size_t evidence_kind_count;
    struct str clause;
    struct pack_place place;
};

struct regime_source {
    struct str id;
    struct str tier;
    struct words words;
    struct str clause;
};

/* What the pack calls a word of its own making: a flag, a confirmation, a verdict, a letter … */
struct regime_word {
    struct str name;
    struct words words;
};

/* A part of the pack that stands outside case flows (ladder, scores, obligations …). */
struct regime_section {
    struct str name;
    const struct value *items; /* VALUE_LIST of maps, shape checked */
};

/* An item of `regions`: where the campaign works. */
struct regime_place {
    struct str id;
    struct words words;
    const struct str *codes; /* regions, each with what lies in it */
    size_t code_count;
    struct str under;      /* a region that each of them must lie in, or absent */
    struct str belongs_to; /* an area: code of the region it counts to, or a setting that holds it */
    struct str clause;
    struct pack_place place;
};

struct regime {
    struct str id;
    struct words title;
    struct words goal; /* what it is to attain, for desks; absent: not said */
    int version;
    const struct str *source_documents; /* s2, or s0 and s1 */
    size_t source_document_count;
    struct str calendar;
    const struct regime_role *roles;
    size_t role_count;
    const struct regime_setting *settings;
    size_t setting_count;
    const struct regime_source *sources;
    size_t source_count;
    const struct regime_procedure *procedures;
    size_t procedure_count;
    const struct regime_section *sections;
    size_t section_count;
    const struct regime_file *files; /* regime/file.h */
    size_t file_count;
    const struct regime_arrival *arrivals; /* regime/arrival.h */
    size_t arrival_count;
    const struct regime_board *boards; /* regime/board.h */
    size_t board_count;
    const struct regime_body *bodies; /* regime/body.h */
    size_t body_count;
    const struct regime_place *places; /* `regions:` */
    size_t place_count;
    const struct regime_count *counts; /* regime/counts.h */
    size_t count_count;
    const struct regime_coverage *coverage; /* regime/coverage.h */
    size_t coverage_count;
    const struct regime_desk *desks; /* regime/desk.h */
    size_t desk_count;
    const struct regime_disclosure *disclosures; /* regime/disclosure.h */
    size_t disclosure_count;
    const struct regime_obligation *obligations; /* `obligations:`, read */
    size_t obligation_count;
    const struct regime_word *words; /* `words:` */
    size_t word_count;
    const struct regime_choice *posts; /* data/dict/posts.csv, as it was when the pack was loaded */
    size_t post_count;
    const struct regime_choice *ranks; /* data/dict/ranks.csv likewise, the highest first */
    size_t rank_count;
    struct str bytes; /* the pack as it was read */
    struct str hash;  /* lower-case hex of SHA-256 over bytes */
};

/* Whether the program itself has a command of this name, which no pack can then give another meaning. */
bool regime_owns_command(struct str name);
/* Null where absent. */
const struct regime_procedure *regime_find_procedure(const struct regime *regime, struct str name);
const struct regime_role *regime_find_role(const struct regime *regime, struct str name);
/* Whether cases of the procedure take the role over from a standing case; the standing ones do not. */
bool regime_role_is_taken_over(const struct regime_role *role, struct str procedure);
/* Whether a unit of the kind may hold the role. */
bool regime_role_takes_kind(const struct regime_role *role, struct str kind);
const struct regime_setting *regime_find_setting(const struct regime *regime, struct str name);
const struct regime_choice *regime_setting_choice(const struct regime_setting *setting,
                                                  struct str code);
const struct regime_source *regime_find_source(const struct regime *regime, struct str id);
const struct regime_section *regime_find_section(const struct regime *regime, struct str name);
/* The item of `documents` of that id; null: the pack has none. */
const struct value *regime_find_document(const struct regime *regime, struct str id);
/* The id of the document that an effect `issue` names. */
struct str regime_issued_by(const struct regime_effect *issue);
/*
 * How people call a word of the pack's making (flag, confirmation, what was recorded, verdict, document,
 * kind of link, of evidence, step of the ladder): from `words:`, else from the section item that has it
 * as id or step; {name, name} where the pack has none.
 */
struct words regime_flag_words(const struct regime *regime, struct str name);
/* How people call a post; {post, post} where the dictionary has none. */
struct words regime_post_words(const struct regime *regime, struct str post);
const struct regime_state *procedure_find_state(const struct regime_procedure *procedure,
                                                struct str name);
const struct regime_field *procedure_find_field(const struct regime_procedure *procedure,
                                                struct str name);
const struct regime_deadline *procedure_find_deadline(const struct regime_procedure *procedure,
                                                      struct str name);
/* The row of this command from this state; null where there is none. */
const struct regime_transition *procedure_find_transition(const struct regime_procedure *procedure,
                                                          struct str command, struct str state);
const struct regime_step *procedure_find_step(const struct regime_procedure *procedure,
                                              struct str name);
bool transition_is_from(const struct regime_transition *transition, struct str state);
const struct regime_field *transition_find_ask(const struct regime_transition *transition,
                                               struct str name);
const char *field_kind_name(enum field_kind kind);
