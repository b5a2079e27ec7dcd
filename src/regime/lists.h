#pragma once
/*
 * What a pack may refer to and does not carry itself: dictionaries (data/dict/<id>.csv), clause lists
 * (docs/clauses.tsv, regimes/<id>.clauses.tsv) and calendars. Filled once, then only read, by any
 * thread. Texts are borrowed: the bytes given must live as long as the lists.
 */
#include "base/ctx.h"
#include "base/strmap.h"
#include "kit/furniture.h"
#include "regime/regime.h"

struct pack_lists;

struct pack_dictionary {
    struct str id;
    const struct regime_choice *choices;
    size_t count;
};

struct pack_lists *pack_lists_new(struct arena *arena);

/*
 * All that the furniture holds: dictionaries, the clause list, clause lists beside the packs,
 * calendars. Errors: those of the two functions below.
 */
MUST_USE enum status pack_lists_open(struct ctx *ctx, struct arena *arena,
                                     const struct furniture *furniture, struct pack_lists **out);

/*
 * Adds a dictionary; `csv` has a header line with code, zh and en, and `units` where its entries
 * name units. A later one of the same id takes the place of the earlier.
 *
 * Errors: ST_INVALID  pack.dictionary_header (id): a column is missing
 */
MUST_USE enum status pack_lists_add_dictionary(struct ctx *ctx, struct pack_lists *lists,
                                               struct str id, struct str csv);
/*
 * Adds the clauses of a list with a header line; column `id` is needed, `source` makes the sources
 * known by which packs name themselves. A mark of byte order and Windows line ends are no part of it.
 *
 * Errors: ST_INVALID  pack.clauses_header
 */
MUST_USE enum status pack_lists_add_clauses(struct ctx *ctx, struct pack_lists *lists,
                                            struct str tsv);
/*
 * From now on every clause counts as known: for packs that were checked when they were brought, with
 * lists that are not at hand any more.
 */
void pack_lists_trust_clauses(struct pack_lists *lists);
void pack_lists_add_calendar(struct pack_lists *lists, struct str id);

/* Null where absent. */
const struct pack_dictionary *pack_lists_find_dictionary(const struct pack_lists *lists,
                                                         struct str id);
const struct regime_choice *pack_dictionary_find(const struct pack_dictionary *dictionary,
                                                 struct str code);
bool pack_lists_has_clause(const struct pack_lists *lists, struct str id);
bool pack_lists_has_calendar(const struct pack_lists *lists, struct str id);

/* The names of one kind, in order of insertion (entries[i].key); for hints. */
enum pack_list {
    PACK_LIST_DICTIONARIES,
    PACK_LIST_CLAUSES,
    PACK_LIST_SOURCES,
    PACK_LIST_CALENDARS,
};
const struct strmap *pack_lists_names(const struct pack_lists *lists, enum pack_list list);
