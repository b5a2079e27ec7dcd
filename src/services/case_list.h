#pragma once
/*
 * Lists of cases: one filter in the words of the API, one scope for who looks, rows in the reader's
 * language. The page, the API, exports and saved views share it.
 */
#include "services/case_document.h"
#include "store/casefile_list.h"

/* Names of the filter, as they stand in addresses. */
#define CASE_LIST_QUERY                                                                            \
    "campaign procedure state like region only_region unit source type batch q overdue open ended waits due_before " \
    "due_after created_after created_before field.* sort limit cursor"

/*
 * Reads a filter. `query` is a map of texts, several values parted by commas; absent and empty
 * members do not filter.
 *
 * Errors: ST_MALFORMED  list.unknown_filter, list.wrong_value (field named)
 */
MUST_USE enum status case_list_parse(struct ctx *ctx, const struct value *query,
                                     struct casefile_filter *out_filter,
                                     struct casefile_page *out_page);

/*
 * What an actor may see at all: cases their units or they themselves stand in, and every case of a
 * campaign that gives one of their units a role that the procedure is not closed to. actor null: everything (the program itself).
 */
struct casefile_scope case_scope(struct arena *arena, const struct world *world,
                                 const struct actor *actor);

/* The value of `waits` that means the actor: their units, and themselves. */
struct str case_waits_for(struct arena *arena, const struct actor *actor);

/* {items, next, count, count_is_capped}; rows as `row` of the page documents. */
MUST_USE enum status case_list_document(struct ctx *ctx, struct db_conn *conn,
                                        const struct world *world, const struct reader *reader,
                                        const struct actor *actor, const struct value *query,
                                        struct value **out);

/* One row for readers. */
MUST_USE enum status case_row_document(struct ctx *ctx, const struct world *world,
                                       const struct reader *reader, const struct casefile_row *row,
                                       struct value *out);

/* Words of a row, parted by blanks, as labels: types by the field that receives them, roles. */
struct str case_row_types(struct arena *arena, const struct reader *reader,
                          const struct regime_procedure *procedure, struct str types);
struct str case_row_roles(struct arena *arena, const struct reader *reader,
                          const struct regime *regime, struct str roles);

/* The words of a type's code, as the field that receives types has them; the code where unknown. */
struct str case_type_label(const struct regime_procedure *procedure, enum lang lang,
                           struct str code);

/* "/cases?a=b&c=d" from a map of texts, without `leave_out` (or null). */
struct str case_list_url(struct arena *arena, const char *path, const struct value *query,
                         const char *leave_out);
