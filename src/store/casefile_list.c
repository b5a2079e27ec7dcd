/*
 * Pages of cases and of their clocks, in their orders, with their cursors and counts.
 */
#include "store/casefile_list.h"

#include "base/num.h"
#include "kit/crypto.h"
#include "store/casefile_list_int.h"

enum { SORT_COLUMNS = 3 };

/* ---- orders ---- */

static const struct sort {
    const char *name;
    const char *columns[SORT_COLUMNS];
    bool is_text; /* of the first column */
    int column_count;
    enum freedom freedom;
} sorts[CASEFILE_SORT_COUNT] = {
    [CASEFILE_SORT_CREATED] = {"created", {"created_at", "id"}, false, 2, FREE_IN_ORDER},
    [CASEFILE_SORT_DUE] = {"due", {"next_due", "id"}, false, 2, FREE_NOT},
    [CASEFILE_SORT_NUMBER] = {"number", {"number", "id"}, true, 2, FREE_OF_KIND},
    [CASEFILE_SORT_UPDATED] = {"updated", {"updated_at", "id"}, false, 2, FREE_NOT},
    [CASEFILE_SORT_STATE] = {"state", {"state", "created_at", "id"}, true, 3, FREE_OF_KIND},
};

static const struct sort by_id = {"id", {"id"}, false, 1, FREE_IN_ORDER};

bool casefile_sort_parse(struct str name, enum casefile_sort *out)
{
    for (enum casefile_sort sort = 0; sort < CASEFILE_SORT_COUNT; sort++)
        if (str_eq_c(name, sorts[sort].name)) {
            *out = sort;
            return true;
        }
    return false;
}

/* ---- cursors: the sort columns of the last row, by lines ---- */

static struct str make_cursor(struct ctx *ctx, const struct sort *sort,
                              const struct casefile_row *row)
{
    struct buf buf;
    buf_init(&buf, ctx->arena, STATEMENT_LIMIT_BYTES);
    for (int i = 0; i < sort->column_count; i++) {
        struct str column = str_of(sort->columns[i]);
        buf_c(&buf, i > 0 ? "\n" : "");
        if (str_eq_c(column, "number"))
            buf_text(&buf, row->number);
        else if (str_eq_c(column, "state"))
            buf_text(&buf, row->state);
        else if (str_eq_c(column, "created_at"))
            buf_i64(&buf, row->created_at.ms);
        else if (str_eq_c(column, "updated_at"))
            buf_i64(&buf, row->updated_at.ms);
        else if (str_eq_c(column, "next_due"))
            buf_i64(&buf, instant_is_none(row->next_due) ? CASEFILE_NEVER_DUE : row->next_due.ms);
        else
            buf_i64(&buf, row->id.v);
    }
    must(buf_status(&buf) == ST_OK);
    return base64url_format(ctx->arena, buf_str(&buf));
}

/* An axis and a search are walked in their own order, so its columns are named there. */
static void put_column(struct statement *s, const struct sort *sort, int column)
{
    bool of_axis =
        (s->walk == WALK_AXIS || s->walk == WALK_UNION) && sort == &sorts[CASEFILE_SORT_CREATED];
    if (s->walk == WALK_SEARCH && sort == &by_id && s->lite)
        buf_c(&s->sql, "s.rowid");
    else
        buf_printf(&s->sql, "%s.%s", of_axis ? "a" : "c", sort->columns[column]);
}

/*
 * SQLite does not see that an index on (x, id) serves (x, id) > (1, 2) where id is the rowid: it would
 * walk through all rows of one x. So those of the same x come first, then those beyond.
 */
enum cursor_part { CURSOR_WHOLE, CURSOR_TIES, CURSOR_BEYOND };

static enum status bind_cursor(struct statement *s, const struct sort *sort, int column,
                               struct str *rest)
{
    struct str piece;
    int64_t number;
    bool is_text = column == 0 && sort->is_text;
    if (!str_next(rest, '\n', &piece) ||
        (!is_text && !num_parse_i64(piece, INT64_MIN, INT64_MAX, &number)))
        return fail(s->ctx, ST_MALFORMED, "list.bad_cursor", NO_ARGS);
    statement_bind(s, is_text ? db_text(piece) : db_i64(number));
    return ST_OK;
}

static enum status after_cursor(struct statement *s, const struct sort *sort, bool descending,
                                struct str cursor, enum cursor_part part)
{
    struct str text;
    int last = sort->column_count - 1, first = part == CURSOR_TIES ? last : 0;
    int end = part == CURSOR_BEYOND ? last : sort->column_count;
    if (str_is_empty(cursor))
        return ST_OK;
    if (!base64url_parse(s->ctx->arena, cursor, &text) || !str_is_clean(text))
        return fail(s->ctx, ST_MALFORMED, "list.bad_cursor", NO_ARGS);
    for (int i = 0; i < first; i++) {
        statement_condition(s);
        put_column(s, sort, i);
        buf_c(&s->sql, " = ");
        TRY(bind_cursor(s, sort, i, &text));
    }
    statement_condition(s);
    for (int i = first; i < end; i++) {
        buf_c(&s->sql, i == first ? "(" : ", ");
        put_column(s, sort, i);
    }
    buf_c(&s->sql, descending ? ") < (" : ") > (");
    for (int i = first; i < end; i++) {
        buf_c(&s->sql, i > first ? ", " : "");
        TRY(bind_cursor(s, sort, i, &text));
    }
    buf_c(&s->sql, ")");
    return ST_OK;
}

static void order_by(struct statement *s, const struct sort *sort, bool descending)
{
    for (int i = 0; i < sort->column_count; i++) {
        buf_c(&s->sql, i == 0 ? " ORDER BY " : ", ");
        put_column(s, sort, i);
        buf_c(&s->sql, descending ? " DESC" : "");
    }
}

/* ---- counting ---- */

enum status casefile_count(struct ctx *ctx, struct db_conn *conn,
                           const struct casefile_filter *filter, int64_t cap, int64_t *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    struct statement s;
    *out = 0;
    TRY(statement_start(ctx, conn, filter, &s));
    if (statement_finds_nothing(&s, filter))
        return ST_OK;
    TRY(statement_walk(&s, conn, filter, true));
    /* A withdrawn case stands on no axis and is not found, so either can be counted alone. */
    s.joined = s.walk == WALK_ROWS || statement_looks_at_row(filter) ||
               (s.walk == WALK_SEARCH && statement_has_axes(&s));
    statement_hits(&s, filter);
    buf_c(&s.sql, "SELECT count(*) FROM (SELECT 1");
    statement_from(&s, filter);
    statement_conditions(&s, filter, FREE_TO_COUNT);
    buf_c(&s.sql, " LIMIT ");
    statement_bind(&s, db_i64(cap));
    buf_c(&s.sql, ") AS n");
    TRY(statement_open(&s, conn, &rows));
    if (db_rows_next(ctx, &rows))
        *out = db_col_i64(&rows, 0);
    return db_rows_status(&rows);
}

/* ---- the page ---- */

static enum status read_page(struct statement *s, struct db_conn *conn, const struct sort *sort,
                             size_t limit, struct casefile_list *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    TRY(statement_open(s, conn, &rows));
    while (db_rows_next(s->ctx, &rows)) {
        if (out->rows.len == limit) { /* one more than asked: there is a next page */
            out->next = make_cursor(s->ctx, sort, &out->rows.at[limit - 1]);
            break;
        }
        casefile_row_read(s->ctx->arena, &rows, vec_push(s->ctx->arena, &out->rows));
    }
    return db_rows_status(&rows);
}

static const char row_columns[] =
    "c.prefecture, c.id, c.number, c.received_number, c.campaign, c.batch, c.procedure, c.pack,"
    " c.state, c.like_state, c.version, c.region, c.source, c.types, c.title, c.roles, c.waits,"
    " c.pressing, c.flags, c.created_at, c.recorded_at, c.updated_at, c.next_due, c.ended,"
    " c.withdrawn, c.last_hash";
enum { ROW_COLUMNS = 26 };

static void limit_to(struct statement *s, size_t limit)
{
    buf_c(&s->sql, " LIMIT ");
    statement_bind(s, db_i64((int64_t)limit + 1));
}

/* What is asked for, and how. */
struct asking {
    const struct casefile_filter *filter;
    const struct casefile_page *page;
    const struct sort *sort;
    enum cursor_part part;
};

/* Everything behind FROM. */
static enum status put_rest(struct statement *s, const struct asking *a)
{
    statement_conditions(s, a->filter, a->sort->freedom);
    TRY(after_cursor(s, a->sort, a->page->descending, a->page->cursor, a->part));
    order_by(s, a->sort, a->page->descending);
    limit_to(s, a->page->limit);
    return ST_OK;
}

static enum status put_page(struct statement *s, const struct asking *a)
{
    statement_hits(s, a->filter);
    buf_printf(&s->sql, "SELECT %s", row_columns);
    statement_from(s, a->filter);
    return put_rest(s, a);
}

/* Of each part of the union the first page, and of these the first page. */
static enum status put_merged_page(struct statement *s, const struct asking *a)
{
    s->joined = statement_looks_at_row(a->filter);
    s->where = true;
    TRY(put_rest(s, a));
    struct str rest = buf_str(&s->sql);
    buf_init(&s->sql, s->ctx->arena, STATEMENT_LIMIT_BYTES);
    buf_printf(&s->sql, "SELECT %s", row_columns);
    statement_from_merged(s, rest);
    order_by(s, a->sort, a->page->descending);
    limit_to(s, a->page->limit);
    return ST_OK;
}

static enum status list_part(struct ctx *ctx, struct db_conn *conn, struct asking *a,
                             struct casefile_list *out)
{
    struct statement s;
    bool in_order = a->page->sort == CASEFILE_SORT_CREATED;
    TRY(statement_start(ctx, conn, a->filter, &s));
    if (statement_finds_nothing(&s, a->filter))
        return ST_OK;
    a->sort = s.walk == WALK_SEARCH && in_order ? &by_id : &sorts[a->page->sort];
    TRY(statement_walk(&s, conn, a->filter, in_order));
    if (s.walk == WALK_UNION && in_order)
        TRY(put_merged_page(&s, a));
    else
        TRY(put_page(&s, a));
    return read_page(&s, conn, a->sort, a->page->limit, out);
}

/* A list that ends on its first page is counted already. */
static enum status count_all(struct ctx *ctx, struct db_conn *conn,
                             const struct casefile_filter *filter, const struct casefile_page *page,
                             struct casefile_list *out)
{
    int64_t cap = str_is_empty(filter->q) ? CASEFILE_COUNT_CAP : CASEFILE_FOUND_CAP;
    out->count = (int64_t)out->rows.len;
    if (!str_is_empty(page->cursor) || !str_is_empty(out->next))
        TRY(casefile_count(ctx, conn, filter, cap + 1, &out->count));
    out->count_is_capped = out->count > cap;
    if (out->count_is_capped)
        out->count = cap;
    return ST_OK;
}

enum status casefile_list(struct ctx *ctx, struct db_conn *conn,
                          const struct casefile_filter *filter, const struct casefile_page *page,
                          struct casefile_list *out)
{
    struct asking a = {.filter = filter, .page = page};
    bool in_parts = db_conn_engine(conn) == DB_SQLITE && !str_is_empty(page->cursor) &&
                    str_is_empty(filter->q);
    *out = (struct casefile_list){0};
    must(page->limit >= 1 && page->limit <= CASEFILE_LIST_MAX);
    a.part = in_parts ? CURSOR_TIES : CURSOR_WHOLE;
    TRY(list_part(ctx, conn, &a, out));
    a.part = CURSOR_BEYOND;
    if (in_parts && str_is_empty(out->next))
        TRY(list_part(ctx, conn, &a, out));
    return page->wants_count ? count_all(ctx, conn, filter, page, out) : ST_OK;
}

/* ---- clocks ---- */

static void read_deadline(struct ctx *ctx, const struct db_rows *rows,
                          struct casefile_deadline *out)
{
    casefile_row_read(ctx->arena, rows, &out->row);
    out->name = db_col_text_copy(ctx->arena, rows, ROW_COLUMNS);
    out->started_seq = db_col_i64(rows, ROW_COLUMNS + 1);
    out->started_at = db_col_instant(rows, ROW_COLUMNS + 2);
    out->due = db_col_instant(rows, ROW_COLUMNS + 3);
    out->end = db_col_instant(rows, ROW_COLUMNS + 4);
    out->lapsed = db_col_bool(rows, ROW_COLUMNS + 5);
    out->provisional = db_col_bool(rows, ROW_COLUMNS + 6);
}

/* A cursor of clocks is end, case and sequence, by lines. */
static enum status after_clock(struct statement *s, struct str cursor)
{
    struct str text, piece;
    int64_t numbers[3];
    if (str_is_empty(cursor))
        return ST_OK;
    if (!base64url_parse(s->ctx->arena, cursor, &text))
        return fail(s->ctx, ST_MALFORMED, "list.bad_cursor", NO_ARGS);
    for (size_t i = 0; i < COUNT_OF(numbers); i++)
        if (!str_next(&text, '\n', &piece) ||
            !num_parse_i64(piece, INT64_MIN, INT64_MAX, &numbers[i]))
            return fail(s->ctx, ST_MALFORMED, "list.bad_cursor", NO_ARGS);
    statement_condition(s);
    buf_c(&s->sql, "(d.end_at, d.casefile, d.started_seq) > (");
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        buf_c(&s->sql, i > 0 ? ", " : "");
        statement_bind(s, db_i64(numbers[i]));
    }
    buf_c(&s->sql, ")");
    return ST_OK;
}

static struct str clock_cursor(struct ctx *ctx, const struct casefile_deadline *last)
{
    return base64url_format(ctx->arena,
                            str_printf(ctx->arena, "%lld\n%lld\n%lld", (long long)last->end.ms,
                                       (long long)last->row.id.v, (long long)last->started_seq));
}

enum status casefile_list_deadlines(struct ctx *ctx, struct db_conn *conn,
                                    const struct casefile_filter *filter, size_t limit,
                                    struct str cursor, struct casefile_deadline_list *out,
                                    struct str *out_next)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    struct casefile_deadline_list list = {0};
    struct statement s;
    must(limit >= 1 && limit <= CASEFILE_LIST_MAX);
    *out_next = (struct str){0};
    TRY(statement_start(ctx, conn, filter, &s));
    s.walk = WALK_CLOCKS;
    buf_printf(&s.sql,
               "SELECT %s, d.name, d.started_seq, d.started_at, d.due_at, d.end_at, d.lapsed,"
               " d.provisional",
               row_columns);
    statement_from(&s, filter);
    statement_conditions(&s, filter, FREE_NOT);
    TRY(after_clock(&s, cursor));
    buf_c(&s.sql, " ORDER BY d.end_at, d.casefile, d.started_seq LIMIT ");
    statement_bind(&s, db_i64((int64_t)limit + 1));
    TRY(statement_open(&s, conn, &rows));
    while (db_rows_next(ctx, &rows)) {
        if (list.len == limit) {
            *out_next = clock_cursor(ctx, &list.at[limit - 1]);
            break;
        }
        read_deadline(ctx, &rows, vec_push(ctx->arena, &list));
    }
    TRY(db_rows_status(&rows));
    *out = list;
    return ST_OK;
}

enum status casefile_scope_sees(struct ctx *ctx, struct db_conn *conn,
                                const struct casefile_scope *scope, struct prefecture prefecture,
                                struct casefile_id id, bool *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    struct statement s;
    const struct casefile_filter filter = {.scope = *scope};
    TRY(statement_start(ctx, conn, &filter, &s));
    buf_c(&s.sql, "SELECT 1 FROM casefile AS c WHERE c.prefecture = ");
    s.where = true;
    statement_bind(&s, db_text(prefecture_str(&prefecture)));
    buf_c(&s.sql, " AND c.id = ");
    statement_bind(&s, db_i64(id.v));
    statement_scope(&s, scope);
    TRY(statement_open(&s, conn, &rows));
    *out = db_rows_next(ctx, &rows);
    return db_rows_status(&rows);
}
