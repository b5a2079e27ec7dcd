/*
 * The generated statement. It begins at one of four places:
 *   search   when words are asked for
 *   an axis  (region, unit, type …) when such a filter, or the scope, has one value and either the
 *            order is that of the axis (creation) or the axis is short enough to sort
 *   a union  of several values of an axis, or of the parts of the scope, when short enough to sort
 *   the row  else, walking the index of the order, where many rows will match
 * Every other filter is a condition on the way. SQLite is told the order of the walk by CROSS JOIN
 * and by a unary + that keeps it from choosing an index that would have to be sorted; PostgreSQL
 * has statistics and decides for itself.
 */
#include "store/casefile_list.h"

#include "base/buf.h"
#include "base/num.h"
#include "kit/crypto.h"
#include "store/search_tokens.h"

enum { SQL_LIMIT_BYTES = 1 << 16, SORT_COLUMNS = 3, AXIS_SORTABLE = 10000 };

/* ---- orders ---- */

static const struct sort {
    const char *name;
    const char *columns[SORT_COLUMNS];
    bool is_text; /* of the first column */
    int column_count;
} sorts[CASEFILE_SORT_COUNT] = {
    [CASEFILE_SORT_CREATED] = {"created", {"created_at", "id"}, false, 2},
    [CASEFILE_SORT_DUE] = {"due", {"next_due", "id"}, false, 2},
    [CASEFILE_SORT_NUMBER] = {"number", {"number", "id"}, true, 2},
    [CASEFILE_SORT_UPDATED] = {"updated", {"updated_at", "id"}, false, 2},
    [CASEFILE_SORT_STATE] = {"state", {"state", "created_at", "id"}, true, 3},
};

static const struct sort by_id = {"id", {"id"}, false, 1};

bool casefile_sort_parse(struct str name, enum casefile_sort *out)
{
    for (enum casefile_sort sort = 0; sort < CASEFILE_SORT_COUNT; sort++)
        if (str_eq_c(name, sorts[sort].name)) {
            *out = sort;
            return true;
        }
    return false;
}

/* ---- the statement under construction ---- */

/* Filters with several values a case, as pairs of axis name and values. */
struct axis_filter {
    const char *axis;
    struct casefile_values values;
};
enum { AXIS_FILTERS = 6, SCOPE_PARTS = 3 };

enum walk { WALK_ROWS, WALK_SEARCH, WALK_AXIS, WALK_UNION, WALK_CLOCKS };

struct statement {
    struct ctx *ctx;
    bool lite;
    struct buf sql;
    struct db_value values[DB_ARG_MAX];
    size_t count;
    bool overflow;
    bool where; /* a condition stands already */
    enum walk walk;
    struct axis_filter axes[AXIS_FILTERS];  /* narrowest kind first */
    struct axis_filter scope[SCOPE_PARTS]; /* any of them */
    size_t scope_count;
    const struct axis_filter *parts; /* what an axis or union walk begins with */
    size_t part_count;
    bool joined;            /* casefile AS c is in FROM; a count along an axis can do without */
    const char *group_axis; /* figures: the axis whose values are counted, or null */
};

static void bind(struct statement *s, struct db_value value)
{
    if (s->count == DB_ARG_MAX) {
        s->overflow = true;
        return;
    }
    s->values[s->count++] = value;
    buf_printf(&s->sql, "$%zu", s->count);
}

static void condition(struct statement *s)
{
    buf_c(&s->sql, s->where ? " AND " : " WHERE ");
    s->where = true;
}

/* value or IN (…); lists are padded to a power of two by their last value, so that few texts arise. */
static void bind_any(struct statement *s, struct casefile_values values)
{
    size_t padded = 1;
    if (values.count == 1) {
        buf_c(&s->sql, " = ");
        bind(s, db_text(values.at[0]));
        return;
    }
    while (padded < values.count)
        padded *= 2;
    buf_c(&s->sql, " IN (");
    for (size_t i = 0; i < padded; i++) {
        buf_c(&s->sql, i > 0 ? ", " : "");
        bind(s, db_text(values.at[i < values.count ? i : values.count - 1]));
    }
    buf_c(&s->sql, ")");
}

static void column_filter(struct statement *s, const char *column, struct casefile_values values,
                          bool may_lead)
{
    if (values.count == 0)
        return;
    condition(s);
    buf_printf(&s->sql, "%sc.%s", s->lite && !may_lead ? "+" : "", column);
    bind_any(s, values);
}

static void exists(struct statement *s, const struct axis_filter *axis)
{
    const char *at = s->joined ? "c" : "a";
    buf_printf(&s->sql,
               "EXISTS (SELECT 1 FROM casefile_axis AS x WHERE x.axis = '%s' AND x.value",
               axis->axis);
    bind_any(s, axis->values);
    buf_printf(&s->sql, " AND x.created_at = %s.created_at AND x.id = %s.id)", at, at);
}

static void scope_filter(struct statement *s, const struct casefile_scope *scope)
{
    bool first = scope->campaigns.count == 0;
    if (scope->everything || s->parts == s->scope)
        return;
    condition(s);
    buf_c(&s->sql, "(");
    if (!first) {
        buf_c(&s->sql, s->lite ? "+c.campaign" : "c.campaign");
        bind_any(s, scope->campaigns);
    }
    for (size_t i = 0; i < s->scope_count; i++, first = false) {
        buf_c(&s->sql, first ? "" : " OR ");
        exists(s, &s->scope[i]);
    }
    buf_c(&s->sql, first ? "1 = 0)" : ")");
}

static void time_filter(struct statement *s, const char *comparison, struct instant at)
{
    if (instant_is_none(at))
        return;
    condition(s);
    buf_printf(&s->sql, "%s %s ", s->walk == WALK_CLOCKS ? "d.end_at" : "c.next_due", comparison);
    bind(s, db_i64(at.ms));
}

static bool search_words(struct statement *s, struct str q, struct str *out)
{
    return s->lite ? search_query_fts5(s->ctx->arena, q, out)
                   : search_query_tsquery(s->ctx->arena, q, out);
}

static void walk_axis(struct statement *s)
{
    const struct axis_filter *axis = s->parts;
    condition(s);
    buf_printf(&s->sql, "a.axis = '%s' AND a.value", axis->axis);
    bind_any(s, axis->values);
}

/* A case that several values name comes once. */
static void from_union(struct statement *s)
{
    buf_c(&s->sql, " FROM (");
    for (size_t i = 0; i < s->part_count; i++) {
        buf_printf(&s->sql,
                   "%sSELECT created_at, id, prefecture FROM casefile_axis WHERE axis = '%s'"
                   " AND value",
                   i > 0 ? " UNION " : "", s->parts[i].axis);
        bind_any(s, s->parts[i].values);
    }
    /* A union with nothing takes double rows out of a single part too. */
    buf_c(&s->sql, " UNION SELECT 0, 0, '' WHERE 1 = 0) AS a");
}

static void from_tables(struct statement *s)
{
    switch (s->walk) {
    case WALK_ROWS:
        buf_c(&s->sql, " FROM casefile AS c");
        break;
    case WALK_SEARCH:
        buf_c(&s->sql, s->lite ? " FROM casefile_search AS s" : " FROM hits AS s");
        break;
    case WALK_AXIS:
        buf_c(&s->sql, " FROM casefile_axis AS a");
        break;
    case WALK_UNION:
        from_union(s);
        break;
    case WALK_CLOCKS:
        buf_c(&s->sql, " FROM deadline AS d");
        break;
    }
    if (s->joined && s->walk != WALK_ROWS)
        buf_c(&s->sql, " CROSS JOIN casefile AS c");
    if (s->group_axis != NULL)
        buf_c(&s->sql, " CROSS JOIN casefile_axis AS g");
}

/* FROM, and the conditions that belong to where the walk begins. */
static void from(struct statement *s, const struct casefile_filter *filter)
{
    struct str words = {0};
    from_tables(s);
    if (s->joined) {
        condition(s);
        buf_c(&s->sql, "c.withdrawn = 0");
    }
    if (s->walk == WALK_SEARCH && search_words(s, filter->q, &words)) {
        if (s->lite) {
            buf_c(&s->sql, " AND c.id = s.rowid AND s.tokens MATCH ");
            bind(s, db_text(words));
        } else {
            buf_c(&s->sql, " AND c.prefecture = s.prefecture AND c.id = s.id");
        }
    }
    if (s->walk == WALK_AXIS)
        walk_axis(s);
    if (s->walk == WALK_CLOCKS)
        buf_c(&s->sql, " AND d.end_at IS NOT NULL AND d.stopped_at IS NULL"
                       " AND c.prefecture = d.prefecture AND c.id = d.casefile");
    if (s->joined && (s->walk == WALK_AXIS || s->walk == WALK_UNION))
        buf_c(&s->sql, " AND c.prefecture = a.prefecture AND c.id = a.id");
    if (s->group_axis != NULL)
        buf_printf(&s->sql, " AND g.axis = '%s' AND g.created_at = c.created_at AND g.id = c.id",
                   s->group_axis);
}

/* How far the database may choose an index by campaign and state. */
enum freedom {
    FREE_TO_COUNT, /* order does not matter */
    FREE_IN_ORDER, /* an index of one value in order of creation serves as well */
    FREE_NOT       /* another order: its index must be walked */
};

static void conditions(struct statement *s, const struct casefile_filter *filter,
                       enum freedom freedom)
{
    bool leads = s->walk == WALK_ROWS && freedom != FREE_NOT;
    bool counts = leads && freedom == FREE_TO_COUNT;
    bool one_state = filter->states.count == 1;
    column_filter(s, "campaign", filter->campaigns,
                  counts || (leads && filter->campaigns.count == 1 && !one_state));
    column_filter(s, "procedure", filter->procedures, counts);
    column_filter(s, "state", filter->states, counts || (leads && one_state));
    column_filter(s, "like_state", filter->like_states, false);
    column_filter(s, "source", filter->sources, false);
    for (int i = 0; i < AXIS_FILTERS; i++)
        if (s->axes[i].values.count > 0 && s->parts != &s->axes[i]) {
            condition(s);
            exists(s, &s->axes[i]);
        }
    if (filter->overdue)
        time_filter(s, "<=", s->ctx->now);
    time_filter(s, "<", filter->due_before);
    time_filter(s, ">=", filter->due_after);
    if (filter->open_only) {
        condition(s);
        buf_c(&s->sql, "c.ended = 0");
    }
    scope_filter(s, &filter->scope);
}

/* Whether a condition looks at the row itself. */
static bool looks_at_row(const struct casefile_filter *filter)
{
    return filter->campaigns.count > 0 || filter->procedures.count > 0 ||
           filter->states.count > 0 || filter->like_states.count > 0 ||
           filter->sources.count > 0 || filter->overdue || filter->open_only ||
           !instant_is_none(filter->due_before) || !instant_is_none(filter->due_after) ||
           (!filter->scope.everything && filter->scope.campaigns.count > 0);
}

/* The search itself on PostgreSQL: found first, joined after, or the planner walks a key instead. */
static void with_hits(struct statement *s, const struct casefile_filter *filter)
{
    struct str words = {0};
    if (s->lite || s->walk != WALK_SEARCH || !search_words(s, filter->q, &words))
        return;
    buf_c(&s->sql, "WITH hits AS MATERIALIZED (SELECT prefecture, id FROM casefile_search"
                   " WHERE tokens @@ CAST(CAST(");
    bind(s, db_text(words));
    buf_c(&s->sql, " AS TEXT) AS tsquery)) ");
}

static enum status start(struct ctx *ctx, struct db_conn *conn,
                         const struct casefile_filter *filter, struct statement *out)
{
    *out = (struct statement){
        .ctx = ctx, .lite = db_conn_engine(conn) == DB_SQLITE, .joined = true};
    buf_init(&out->sql, ctx->arena, SQL_LIMIT_BYTES);
    const struct axis_filter axes[AXIS_FILTERS] = {
        {"waits", filter->waits}, {"batch", filter->batches}, {"person", filter->people},
        {"unit", filter->units},  {"region", filter->regions}, {"type", filter->types}};
    const struct axis_filter scope[SCOPE_PARTS] = {
        {"unit", filter->scope.units},
        {"person", {&filter->scope.person, str_is_empty(filter->scope.person) ? 0 : 1}},
        {"region", filter->scope.regions}};
    const struct casefile_values all[] = {
        filter->campaigns, filter->procedures, filter->states, filter->like_states,
        filter->sources, filter->regions, filter->units, filter->people, filter->types,
        filter->batches, filter->waits, filter->scope.campaigns, filter->scope.regions,
        filter->scope.units};
    for (size_t i = 0; i < COUNT_OF(all); i++)
        if (all[i].count > CASEFILE_VALUES_MAX)
            return fail(ctx, ST_LIMIT, "list.too_many_values",
                        ARGS(arg_int("limit", CASEFILE_VALUES_MAX)));
    memcpy(out->axes, axes, sizeof axes);
    for (size_t i = 0; i < SCOPE_PARTS && !filter->scope.everything; i++)
        if (scope[i].values.count > 0)
            out->scope[out->scope_count++] = scope[i];
    struct str words;
    if (!str_is_empty(filter->q) && search_words(out, filter->q, &words))
        out->walk = WALK_SEARCH;
    return ST_OK;
}

/* Words were asked for, but nothing in them can be searched. */
static bool finds_nothing(const struct statement *s, const struct casefile_filter *filter)
{
    return !str_is_empty(filter->q) && s->walk != WALK_SEARCH;
}

static enum status finish(const struct statement *s)
{
    if (s->overflow || buf_status(&s->sql) != ST_OK)
        return fail(s->ctx, ST_LIMIT, "list.too_many_values",
                    ARGS(arg_int("limit", CASEFILE_VALUES_MAX)));
    return ST_OK;
}

/* ---- where to begin ---- */

/* Whether the parts together name few enough cases to sort them. */
static enum status are_short(const struct statement *s, struct db_conn *conn,
                             const struct axis_filter *parts, size_t count, bool *out)
{
    static const char text[] =
        "SELECT count(*) FROM (SELECT 1 FROM casefile_axis WHERE axis = $1 AND value = $2"
        " LIMIT $3) AS n";
    int64_t left = AXIS_SORTABLE;
    for (size_t i = 0; i < count; i++)
        for (size_t v = 0; v < parts[i].values.count && left > 0; v++) {
            struct db_rows rows AUTO(db_rows_close) = {0};
            TRY(db_rows_open_text(s->ctx, conn, str_of(text),
                                  DB_ARGS(db_text_c(parts[i].axis),
                                          db_text(parts[i].values.at[v]), db_i64(left)),
                                  &rows));
            if (db_rows_next(s->ctx, &rows))
                left -= db_col_i64(&rows, 0);
            TRY(db_rows_status(&rows));
        }
    *out = left > 0;
    return ST_OK;
}

/* Begins with the parts if they serve: in_order says that the order of an axis is the one wanted. */
static enum status try_parts(struct statement *s, struct db_conn *conn,
                             const struct axis_filter *parts, size_t count, bool in_order)
{
    bool single = count == 1 && parts[0].values.count == 1;
    bool serves = single && in_order;
    if (!serves)
        TRY(are_short(s, conn, parts, count, &serves));
    if (serves) {
        s->walk = single ? WALK_AXIS : WALK_UNION;
        s->parts = parts;
        s->part_count = count;
    }
    return ST_OK;
}

static enum status choose_walk(struct statement *s, struct db_conn *conn,
                               const struct casefile_filter *filter, bool in_order)
{
    if (s->walk == WALK_SEARCH)
        return ST_OK;
    for (int several = 0; several <= 1; several++)
        for (int i = 0; i < AXIS_FILTERS && s->walk == WALK_ROWS; i++)
            if (s->axes[i].values.count > 0 && (s->axes[i].values.count > 1) == several)
                TRY(try_parts(s, conn, &s->axes[i], 1, in_order));
    if (s->walk == WALK_ROWS && s->scope_count > 0 && filter->scope.campaigns.count == 0)
        TRY(try_parts(s, conn, s->scope, s->scope_count, in_order));
    return ST_OK;
}

/* ---- cursors: the sort columns of the last row, by lines ---- */

static struct str make_cursor(struct ctx *ctx, const struct sort *sort,
                              const struct casefile_row *row)
{
    struct buf buf;
    buf_init(&buf, ctx->arena, SQL_LIMIT_BYTES);
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

static enum status after_cursor(struct statement *s, const struct sort *sort, bool descending,
                                struct str cursor)
{
    struct str text, piece;
    if (str_is_empty(cursor))
        return ST_OK;
    if (!base64url_parse(s->ctx->arena, cursor, &text) || !str_is_clean(text))
        return fail(s->ctx, ST_MALFORMED, "list.bad_cursor", NO_ARGS);
    condition(s);
    buf_c(&s->sql, "(");
    for (int i = 0; i < sort->column_count; i++)
        buf_printf(&s->sql, "%sc.%s", i > 0 ? ", " : "", sort->columns[i]);
    buf_c(&s->sql, descending ? ") < (" : ") > (");
    for (int i = 0; i < sort->column_count; i++) {
        int64_t number;
        bool is_text = i == 0 && sort->is_text;
        if (!str_next(&text, '\n', &piece) ||
            (!is_text && !num_parse_i64(piece, INT64_MIN, INT64_MAX, &number)))
            return fail(s->ctx, ST_MALFORMED, "list.bad_cursor", NO_ARGS);
        buf_c(&s->sql, i > 0 ? ", " : "");
        bind(s, is_text ? db_text(piece) : db_i64(number));
    }
    buf_c(&s->sql, ")");
    return ST_OK;
}

/* An axis is walked in its own order, so the columns of the order are named there. */
static void order_by(struct statement *s, const struct sort *sort, bool descending)
{
    bool of_axis = (s->walk == WALK_AXIS || s->walk == WALK_UNION) &&
                   sort == &sorts[CASEFILE_SORT_CREATED];
    bool of_search = s->walk == WALK_SEARCH && sort == &by_id && s->lite;
    buf_c(&s->sql, " ORDER BY ");
    for (int i = 0; i < sort->column_count; i++)
        buf_printf(&s->sql, "%s%s.%s%s", i > 0 ? ", " : "", of_axis ? "a" : of_search ? "s" : "c",
                   of_search ? "rowid" : sort->columns[i], descending ? " DESC" : "");
}

/* ---- counting ---- */

enum status casefile_count(struct ctx *ctx, struct db_conn *conn,
                           const struct casefile_filter *filter, int64_t cap, int64_t *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    struct statement s;
    *out = 0;
    TRY(start(ctx, conn, filter, &s));
    if (finds_nothing(&s, filter))
        return ST_OK;
    TRY(choose_walk(&s, conn, filter, true));
    /* A withdrawn case stands on no axis, so an axis alone can be counted. */
    s.joined = s.walk == WALK_ROWS || s.walk == WALK_SEARCH || looks_at_row(filter);
    with_hits(&s, filter);
    buf_c(&s.sql, "SELECT count(*) FROM (SELECT 1");
    from(&s, filter);
    conditions(&s, filter, FREE_TO_COUNT);
    buf_c(&s.sql, " LIMIT ");
    bind(&s, db_i64(cap));
    buf_c(&s.sql, ") AS n");
    TRY(finish(&s));
    TRY(db_rows_open_text(ctx, conn, buf_str(&s.sql), (struct db_args){s.values, s.count}, &rows));
    if (db_rows_next(ctx, &rows))
        *out = db_col_i64(&rows, 0);
    return db_rows_status(&rows);
}

/* ---- the page ---- */

static enum status read_page(struct statement *s, struct db_conn *conn, const struct sort *sort,
                             size_t limit, struct casefile_list *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    TRY(db_rows_open_text(s->ctx, conn, buf_str(&s->sql),
                          (struct db_args){s->values, s->count}, &rows));
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
    " c.withdrawn";
enum { ROW_COLUMNS = 25 };

enum status casefile_list(struct ctx *ctx, struct db_conn *conn,
                          const struct casefile_filter *filter, const struct casefile_page *page,
                          struct casefile_list *out)
{
    struct statement s;
    *out = (struct casefile_list){0};
    must(page->limit >= 1 && page->limit <= CASEFILE_LIST_MAX);
    TRY(start(ctx, conn, filter, &s));
    if (finds_nothing(&s, filter))
        return ST_OK;
    const struct sort *sort = &sorts[page->sort];
    if (s.walk == WALK_SEARCH && page->sort == CASEFILE_SORT_CREATED)
        sort = &by_id;
    TRY(choose_walk(&s, conn, filter, page->sort == CASEFILE_SORT_CREATED));
    with_hits(&s, filter);
    buf_printf(&s.sql, "SELECT %s", row_columns);
    from(&s, filter);
    conditions(&s, filter,
               page->sort == CASEFILE_SORT_CREATED ? FREE_IN_ORDER : FREE_NOT);
    TRY(after_cursor(&s, sort, page->descending, page->cursor));
    order_by(&s, sort, page->descending);
    buf_c(&s.sql, " LIMIT ");
    bind(&s, db_i64((int64_t)page->limit + 1));
    TRY(finish(&s));
    TRY(read_page(&s, conn, sort, page->limit, out));
    if (page->wants_count) {
        TRY(casefile_count(ctx, conn, filter, CASEFILE_COUNT_CAP + 1, &out->count));
        out->count_is_capped = out->count > CASEFILE_COUNT_CAP;
        out->count = out->count_is_capped ? CASEFILE_COUNT_CAP : out->count;
    }
    return ST_OK;
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
    condition(s);
    buf_c(&s->sql, "(d.end_at, d.casefile, d.started_seq) > (");
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        buf_c(&s->sql, i > 0 ? ", " : "");
        bind(s, db_i64(numbers[i]));
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
    TRY(start(ctx, conn, filter, &s));
    s.walk = WALK_CLOCKS;
    buf_printf(&s.sql,
               "SELECT %s, d.name, d.started_seq, d.started_at, d.due_at, d.end_at, d.lapsed,"
               " d.provisional",
               row_columns);
    from(&s, filter);
    conditions(&s, filter, FREE_NOT);
    TRY(after_clock(&s, cursor));
    buf_c(&s.sql, " ORDER BY d.end_at, d.casefile, d.started_seq LIMIT ");
    bind(&s, db_i64((int64_t)limit + 1));
    TRY(finish(&s));
    TRY(db_rows_open_text(ctx, conn, buf_str(&s.sql), (struct db_args){s.values, s.count}, &rows));
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
    TRY(start(ctx, conn, &filter, &s));
    buf_c(&s.sql, "SELECT 1 FROM casefile AS c WHERE c.prefecture = ");
    s.where = true;
    bind(&s, db_text(prefecture_str(&prefecture)));
    buf_c(&s.sql, " AND c.id = ");
    bind(&s, db_i64(id.v));
    scope_filter(&s, scope);
    TRY(finish(&s));
    TRY(db_rows_open_text(ctx, conn, buf_str(&s.sql), (struct db_args){s.values, s.count}, &rows));
    *out = db_rows_next(ctx, &rows);
    return db_rows_status(&rows);
}

/* ---- figures ---- */

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
};

bool casefile_group_parse(struct str name, enum casefile_group *out)
{
    for (enum casefile_group group = 0; group < CASEFILE_GROUP_COUNT; group++)
        if (str_eq_c(name, groups[group].name)) {
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

enum status casefile_figures(struct ctx *ctx, struct db_conn *conn,
                             const struct casefile_filter *filter, enum casefile_group group,
                             struct casefile_figure_list *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    struct statement s;
    *out = (struct casefile_figure_list){0};
    TRY(start(ctx, conn, filter, &s));
    if (finds_nothing(&s, filter))
        return ST_OK;
    TRY(choose_walk(&s, conn, filter, true));
    s.group_axis = groups[group].axis;
    with_hits(&s, filter);
    buf_printf(&s.sql,
               "SELECT k, count(*), CAST(sum(late) AS BIGINT), CAST(sum(done) AS BIGINT) FROM"
               " (SELECT %s AS k, c.ended AS done, CASE WHEN c.next_due <= ",
               groups[group].expression);
    bind(&s, db_i64(ctx->now.ms));
    buf_c(&s.sql, " THEN 1 ELSE 0 END AS late");
    from(&s, filter);
    conditions(&s, filter, FREE_TO_COUNT);
    buf_c(&s.sql, ") AS n GROUP BY k ORDER BY k");
    TRY(finish(&s));
    TRY(db_rows_open_text(ctx, conn, buf_str(&s.sql), (struct db_args){s.values, s.count}, &rows));
    while (db_rows_next(ctx, &rows))
        add_figure(ctx, out, figure_value(ctx, &rows, group), &rows);
    return db_rows_status(&rows);
}
