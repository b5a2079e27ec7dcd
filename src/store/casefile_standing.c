/*
 * A state at a time, since an index that begins with campaign, state and procedure is there for the
 * figures; a person by the axis that lists filter by.
 */
#include "store/casefile_standing.h"

#include "store/sql_gen.h"

static bool is_wanted(const struct casefile_standing_query *query, struct str state)
{
    for (size_t i = 0; i < query->state_count; i++)
        if (str_eq(query->states[i], state))
            return true;
    return query->state_count == 0;
}

static enum status add(struct ctx *ctx, struct db_rows *rows,
                       const struct casefile_standing_query *query,
                       struct casefile_standing_list *out)
{
    while (db_rows_next(ctx, rows)) {
        if (!is_wanted(query, db_col_text(rows, 3)))
            continue;
        struct casefile_standing *row = vec_push(ctx->arena, out);
        (void)prefecture_parse(db_col_text(rows, 0), &row->prefecture);
        row->id.v = db_col_i64(rows, 1);
        row->region = db_col_text_copy(ctx->arena, rows, 2);
        row->last_hash = db_col_text_copy(ctx->arena, rows, 4);
    }
    return db_rows_status(rows);
}

/* Absent is empty to the database, not unknown. */
static struct db_value text_or_empty(struct str text)
{
    return db_text(text.at == NULL ? S("") : text);
}

static enum status add_where(struct ctx *ctx, struct db_conn *conn, const struct db_query *sql,
                             const struct casefile_standing_query *query, struct str last,
                             struct casefile_standing_list *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    TRY(db_rows_open(ctx, conn, sql,
                     DB_ARGS(db_text(query->campaign), db_text(query->procedure), db_text(last),
                             text_or_empty(query->region), text_or_empty(query->field), text_or_empty(query->pack)),
                     &rows));
    return add(ctx, &rows, query, out);
}

static enum status add_all(struct ctx *ctx, struct db_conn *conn,
                           const struct casefile_standing_query *query,
                           struct casefile_standing_list *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    TRY(db_rows_open(ctx, conn, &SQL_CASEFILE_STANDING_ALL,
                     DB_ARGS(db_text(query->campaign), db_text(query->procedure),
                             text_or_empty(query->region), text_or_empty(query->field), text_or_empty(query->pack)),
                     &rows));
    return add(ctx, &rows, query, out);
}

enum status casefile_standing_find(struct ctx *ctx, struct db_conn *conn,
                                   const struct casefile_standing_query *query,
                                   struct casefile_standing_list *out)
{
    *out = (struct casefile_standing_list){0};
    if (!str_is_empty(query->person))
        return add_where(ctx, conn, &SQL_CASEFILE_STANDING_OF_PERSON, query, query->person, out);
    if (query->state_count == 0)
        return add_all(ctx, conn, query, out);
    for (size_t i = 0; i < query->state_count; i++)
        TRY(add_where(ctx, conn, &SQL_CASEFILE_STANDING_IN_STATE, query, query->states[i], out));
    return ST_OK;
}
