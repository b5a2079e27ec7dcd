/*
 * One row a charge. The row is written when the charge is made and once more when it is taken back.
 */
#include "store/score_rows.h"

#include "store/sql_gen.h"

static struct str not_null(struct str text)
{
    return text.at == NULL ? S("") : text;
}

enum status score_rows_write(struct ctx *ctx, struct db_conn *conn,
                             const struct casefile *casefile, int64_t known_version)
{
    for (size_t i = 0; i < casefile->scores.len; i++) {
        const struct casefile_score *score = &casefile->scores.at[i];
        struct points points = {0};
        if (score->seq <= known_version && score->reversed_seq <= known_version)
            continue;
        (void)points_parse(score->points, &points);
        TRY(db_put(ctx, conn, &SQL_SCORE_PUT,
                   DB_ARGS(db_text(prefecture_str(&casefile->prefecture)), db_i64(casefile->id.v),
                           db_i64(score->seq), db_text(not_null(casefile->campaign)),
                           db_text(not_null(score->rule)), db_i64(score->unit), db_i64(points.v),
                           db_text(not_null(score->subject)), db_text(not_null(score->clause)),
                           db_text(not_null(score->command)), db_instant(score->at),
                           db_instant(score->recorded_at), db_i64(score->reversed_seq),
                           db_instant(score->reversed_at))));
    }
    return ST_OK;
}

static void read_row(struct arena *arena, const struct db_rows *rows, struct score_row *out)
{
    *out = (struct score_row){
        .casefile = {db_col_i64(rows, 1)},
        .seq = db_col_i64(rows, 2),
        .rule = db_col_text_copy(arena, rows, 3),
        .unit = db_col_i64(rows, 4),
        .points = {db_col_i64(rows, 5)},
        .subject = db_col_text_copy(arena, rows, 6),
        .clause = db_col_text_copy(arena, rows, 7),
        .command = db_col_text_copy(arena, rows, 8),
        .happened_at = db_col_instant(rows, 9),
        .recorded_at = db_col_instant(rows, 10),
        .reversed_seq = db_col_i64(rows, 11),
        .reversed_at = db_col_instant(rows, 12),
    };
    (void)prefecture_parse(db_col_text(rows, 0), &out->prefecture);
}

static enum status list(struct ctx *ctx, struct db_conn *conn, const struct db_query *query,
                        struct db_args args, struct score_row_list *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    *out = (struct score_row_list){0};
    TRY(db_rows_open(ctx, conn, query, args, &rows));
    while (db_rows_next(ctx, &rows))
        read_row(ctx->arena, &rows, vec_push(ctx->arena, out));
    return db_rows_status(&rows);
}

enum status score_rows_list(struct ctx *ctx, struct db_conn *conn, struct str campaign,
                            struct score_row_list *out)
{
    return list(ctx, conn, &SQL_SCORE_LIST_BY_CAMPAIGN, DB_ARGS(db_text(campaign)), out);
}

enum status score_rows_list_unit(struct ctx *ctx, struct db_conn *conn, struct str campaign,
                                 int64_t unit, struct score_row_list *out)
{
    return list(ctx, conn, &SQL_SCORE_LIST_BY_UNIT, DB_ARGS(db_text(campaign), db_i64(unit)), out);
}

enum status score_rows_list_laden(struct ctx *ctx, struct db_conn *conn, struct str campaign,
                                  struct points least, struct score_unit_list *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    *out = (struct score_unit_list){0};
    TRY(db_rows_open(ctx, conn, &SQL_SCORE_LIST_LADEN,
                     DB_ARGS(db_text(campaign), db_i64(least.v)), &rows));
    while (db_rows_next(ctx, &rows))
        vec_add(ctx->arena, out, db_col_i64(&rows, 0));
    return db_rows_status(&rows);
}

enum status score_rows_count_changes(struct ctx *ctx, struct db_conn *conn, struct str campaign,
                                     int64_t *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    TRY(db_find_one(ctx, conn, &SQL_SCORE_COUNT_CHANGES, DB_ARGS(db_text(campaign)), &rows));
    *out = db_col_i64(&rows, 0);
    return ST_OK;
}
