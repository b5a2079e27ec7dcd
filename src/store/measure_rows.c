/*
 * One row a measure, written when it is proposed or taken and once more when it is answered.
 */
#include "store/measure_rows.h"

#include "store/sql_gen.h"

static struct str not_null(struct str text)
{
    return text.at == NULL ? S("") : text;
}

struct str measure_state_name(enum measure_state state)
{
    static const struct str names[MEASURE_STATE_COUNT] = {
        [MEASURE_OPEN] = STR_INIT("open"),
        [MEASURE_CONFIRMED] = STR_INIT("confirmed"),
        [MEASURE_HELD] = STR_INIT("held"),
        [MEASURE_GONE] = STR_INIT("gone"),
    };
    must(state < MEASURE_STATE_COUNT);
    return names[state];
}

enum status measure_rows_write(struct ctx *ctx, struct db_conn *conn,
                               const struct casefile *casefile, int64_t known_version)
{
    for (size_t i = 0; i < casefile->measures.len; i++) {
        const struct casefile_measure *measure = &casefile->measures.at[i];
        if (measure->seq <= known_version && measure->decided_seq <= known_version)
            continue;
        TRY(db_put(ctx, conn, &SQL_MEASURE_PUT,
                   DB_ARGS(db_text(prefecture_str(&casefile->prefecture)), db_i64(casefile->id.v),
                           db_i64(measure->seq), db_text(not_null(casefile->campaign)),
                           db_text(measure->step), db_text(not_null(measure->ground)),
                           db_text(measure_state_name(measure->state)), db_instant(measure->at),
                           db_i64(measure->decided_seq), db_instant(measure->decided_at))));
    }
    return ST_OK;
}

static void read_place(const struct db_rows *rows, struct measure_row *out)
{
    (void)prefecture_parse(db_col_text(rows, 0), &out->prefecture);
    out->casefile.v = db_col_i64(rows, 1);
}

enum status measure_rows_list(struct ctx *ctx, struct db_conn *conn,
                              const struct measure_filter *filter, int64_t limit,
                              struct measure_row_list *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    *out = (struct measure_row_list){0};
    TRY(db_rows_open(ctx, conn, &SQL_MEASURE_LIST,
                     DB_ARGS(db_text(not_null(filter->campaign)), db_text(not_null(filter->step)),
                             db_text(not_null(filter->state)), db_text(not_null(filter->unit)),
                             db_i64(limit)),
                     &rows));
    while (db_rows_next(ctx, &rows)) {
        struct measure_row *row = vec_push(ctx->arena, out);
        read_place(&rows, row);
        row->seq = db_col_i64(&rows, 2);
    }
    return db_rows_status(&rows);
}

enum status measure_rows_list_cases(struct ctx *ctx, struct db_conn *conn, struct str campaign,
                                    struct str procedure, bool all, struct measure_row after,
                                    int64_t limit, struct measure_row_list *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    *out = (struct measure_row_list){0};
    TRY(db_rows_open(ctx, conn, &SQL_MEASURE_LIST_CASES,
                     DB_ARGS(db_text(campaign), db_text(procedure), db_i64(all ? 1 : 0),
                             db_text(prefecture_str(&after.prefecture)),
                             db_i64(after.casefile.v), db_i64(limit)),
                     &rows));
    while (db_rows_next(ctx, &rows))
        read_place(&rows, vec_push(ctx->arena, out));
    return db_rows_status(&rows);
}
