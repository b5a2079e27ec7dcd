#pragma once
/*
 * Shared by those who put a body together: simulate_body.c (its case and the order of things),
 * simulate_body_seats.c (seats and who sits in them), simulate_body_behind.c (the cases that must stand behind members).
 */
#include "engine/body.h"
#include "services/simulate_int.h"
#include "services/world_int.h"

/* One body at work. */
struct composing {
    struct play *play;
    struct ctx ctx;      /* of the search */
    struct engine engine;
    struct world_view view;
    const struct regime_procedure *procedure;
    struct casefile casefile; /* as it will stand */
    struct value *fields;     /* of the case, in play->lasting */
    struct value *rows;       /* of its list */
    struct day from, to;
    struct dice dice;
    struct body_finding_list findings;
};

/* The first body of these cases; null where they are none. */
const struct regime_body *body_find_first(const struct regime *regime,
                                          const struct regime_procedure *procedure);
/* Empty where it is no text. */
struct str body_text(const struct value *map, struct str name);
void body_put_text(struct arena *arena, struct value *map, struct str name, struct str text);
/* One text as a list of one; anything else as it is. */
const struct value *body_list_of(struct arena *arena, const struct value *names);
/* Whether the text is among them; names: one text, or a list. */
bool body_has_text(const struct value *names, struct str text);
struct value *body_id_value(struct arena *arena, int64_t id);

/* Empty rows, as many as the rules of the body count. */
void seats_lay(struct composing *c);
/* Whoever is free and suits the seat best sits in the row; nobody where there is none. */
void seats_fill(struct composing *c, struct value *row);
/* Those about whom something is objected that no case can mend; whether there were any. */
bool seats_replace(struct composing *c);

struct brief *behind_new_brief(struct play *play);
/* Wishes for the case that the objection misses behind a member, and for what that one will ask for in turn. */
MUST_USE enum status behind_want(struct composing *c, const struct value *fields,
                                 const struct regime_body *body,
                                 const struct body_objection *objection);
