/*
 * Counts by group, over the same statement as the lists.
 */
#include "store/casefile_list_int.h"

static const struct group {
    const char *name;
    const char *expression;
    const char *axis; /* where the value comes from an axis */
} groups[CASEFILE_GROUP_COUNT] = {
    [CASEFILE_BY_CAMPAIGN] = {"campaign", "c.campaign", NULL},
    [CASEFILE_BY_PROCEDURE] = {"procedure", "c.procedure", NULL},
    [CASEFILE_BY_STATE] = {"state", "c.state", NULL},
    [CASEFILE_BY_LIKE_STATE] = {"like", "c.like_state", NULL},
    [CASEFILE_BY_REGION] = {"region", "c.region", NULL},
    [CASEFILE_BY_SOURCE] = {"source", "c.source", NULL},
    [CASEFILE_BY_TYPE] = {"type", "g.value", "type"},
    [CASEFILE_BY_UNIT] = {"unit", "g.value", "unit"},
    /* Days since 1970 at the office, grouped again by month in C: no date functions in SQL. */
    [CASEFILE_BY_MONTH] = {"month", "(c.created_at + 28800000) / 86400000", NULL},
    [CASEFILE_BY_BATCH] = {"batch", "c.batch", NULL},
    [CASEFILE_BY_FIELD] = {NULL, "g.value", "field"},
};

bool casefile_group_parse(struct str name, enum casefile_group *out)
{
    for (enum casefile_group group = 0; group < CASEFILE_GROUP_COUNT; group++)
        if (groups[group].name != NULL && str_eq_c(name, groups[group].name)) {
            *out = group;
            return true;
        }
    return false;
}

static struct str figure_value(struct ctx *ctx, const struct db_rows *rows,
                               enum casefile_group group)
{
    if (group != CASEFILE_BY_MONTH)
        return db_col_text_copy(ctx->arena, rows, 0);
    struct day day = {(int32_t)db_col_i64(rows, 0)};
    return str_part(day_format(ctx->arena, day), 0, 7);
}

static void add_figure(struct ctx *ctx, struct casefile_figure_list *list, struct str value,
                       const struct db_rows *rows)
{
    struct casefile_figure *figure = list->len > 0 ? &list->at[list->len - 1] : NULL;
    if (figure == NULL || !str_eq(figure->value, value)) {
        figure = vec_push(ctx->arena, list);
        figure->value = value;
    }
    figure->count += db_col_i64(rows, 1);
    figure->overdue += db_col_i64(rows, 2);
    figure->ended += db_col_i64(rows, 3);
}

/*
 *   prefix   of the values that count, left out of what is given: "channel="; "" for all
 */
static enum status count(struct ctx *ctx, struct db_conn *conn,
                         const struct casefile_filter *filter, enum casefile_group group,
                         struct str prefix, struct casefile_figure_list *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    struct statement s;
    *out = (struct casefile_figure_list){0};
    TRY(statement_start(ctx, conn, filter, &s));
    if (statement_finds_nothing(&s, filter))
        return ST_OK;
    TRY(statement_walk(&s, conn, filter, true));
    s.group_axis = groups[group].axis;
    statement_hits(&s, filter);
    buf_printf(&s.sql,
               "SELECT k, count(*), CAST(sum(late) AS BIGINT), CAST(sum(done) AS BIGINT) FROM"
               " (SELECT %s AS k, c.ended AS done, CASE WHEN c.next_due <= ",
               groups[group].expression);
    statement_bind(&s, db_i64(ctx->now.ms));
    buf_c(&s.sql, " THEN 1 ELSE 0 END AS late");
    statement_from(&s, filter);
    statement_conditions(&s, filter, FREE_TO_COUNT);
    if (prefix.len > 0) {
        statement_condition(&s);
        buf_printf(&s.sql, "substr(g.value, 1, %zu) = ", utf8_length(prefix));
        statement_bind(&s, db_text(prefix));
    }
    buf_c(&s.sql, ") AS n GROUP BY k ORDER BY k");
    TRY(statement_open(&s, conn, &rows));
    while (db_rows_next(ctx, &rows))
        add_figure(ctx, out, str_from(figure_value(ctx, &rows, group), prefix.len), &rows);
    return db_rows_status(&rows);
}

enum status casefile_figures(struct ctx *ctx, struct db_conn *conn,
                             const struct casefile_filter *filter, enum casefile_group group,
                             struct casefile_figure_list *out)
{
    must(group != CASEFILE_BY_FIELD);
    return count(ctx, conn, filter, group, S(""), out);
}

enum status casefile_figures_of_field(struct ctx *ctx, struct db_conn *conn,
                                      const struct casefile_filter *filter, struct str field,
                                      struct casefile_figure_list *out)
{
    return count(ctx, conn, filter, CASEFILE_BY_FIELD, str_concat(ctx->arena, field, S("=")), out);
}
