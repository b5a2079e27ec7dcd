#pragma once
/*
 * What a pack asks of people again and again: the forms behind its obligations, and of each how many
 * fields the program fills, proposes, or leaves to be filled. Read from the pack alone: nothing about
 * anybody's use of the program is kept, so nothing of the kind could be counted.
 */
#include "regime/obligation.h"

/* One form of a recurring duty. */
struct burden_form {
    const struct regime_obligation *item;
    const struct regime_procedure *procedure;
    const struct regime_transition *transition; /* null: the making of the case */
    bool by_program;                            /* the case is made by the program, nobody fills it in */
    size_t fields;    /* of the form */
    size_t prefilled; /* that the program fills or shows filled; the rest people fill in */
    const struct regime_field **asked; /* that rest */
};

struct burden_list {
    struct burden_form *at;
    size_t len;
    size_t cap;
};

/* In the order of the pack's obligations. */
void burden_list_forms(struct arena *arena, const struct regime *regime, struct burden_list *out);

/*
 * Whether the form that makes a case by hand asks for the field: not where the making itself writes it,
 * nor where a later command asks for it or writes it, unless it is required at once.
 */
bool burden_asks_at_first(const struct regime_procedure *procedure,
                          const struct regime_field *field);
