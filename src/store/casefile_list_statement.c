/*
 * The generated statement. It begins at one of four places:
 *   search   when words are asked for
 *   an axis  (region, unit, type …) when such a filter, or the scope, has one value and either the
 *            order is that of the axis (creation) or the axis is short enough to sort
 *   a union  of several values of an axis, or of the parts of the scope: the first of each put
 *            together where the order is that of the axis; else when short enough to sort
 *   the row  else, walking the index of the order, where many rows will match
 * Every other filter is a condition on the way. SQLite is told the order of the walk by CROSS JOIN
 * and by a unary + that keeps it from choosing an index that would have to be sorted; PostgreSQL
 * has statistics and decides for itself.
 */
#include "store/casefile_list_int.h"

#include "store/search_tokens.h"

/*
 * So many are sorted, or looked at, rather than found along another index. Sorting 4,000 costs about
 * what finding fifty of them among 200,000 does.
 */
enum { AXIS_SORTABLE = 4000, AXIS_WALKABLE = 10000 };

void statement_bind(struct statement *s, struct db_value value)
{
    if (s->count == DB_ARG_MAX) {
        s->overflow = true;
        return;
    }
    s->values[s->count++] = value;
    buf_printf(&s->sql, "$%zu", s->count);
}

void statement_condition(struct statement *s)
{
    buf_c(&s->sql, s->where ? " AND " : " WHERE ");
    s->where = true;
}

/* value or IN (…); lists are padded to a power of two by their last value, so that few texts arise. */
void statement_bind_any(struct statement *s, struct casefile_values values)
{
    size_t padded = 1;
    if (values.count == 1) {
        buf_c(&s->sql, " = ");
        statement_bind(s, db_text(values.at[0]));
        return;
    }
    while (padded < values.count)
        padded *= 2;
    buf_c(&s->sql, " IN (");
    for (size_t i = 0; i < padded; i++) {
        buf_c(&s->sql, i > 0 ? ", " : "");
        statement_bind(s, db_text(values.at[i < values.count ? i : values.count - 1]));
    }
    buf_c(&s->sql, ")");
}

static void column_filter(struct statement *s, const char *column, struct casefile_values values,
                          bool may_lead)
{
    if (values.count == 0)
        return;
    statement_condition(s);
    buf_printf(&s->sql, "%sc.%s", s->lite && !may_lead ? "+" : "", column);
    statement_bind_any(s, values);
}

/* What stands at `at` has one of the values as well. */
static void exists(struct statement *s, const char *at, const char *axis,
                   struct casefile_values values)
{
    buf_printf(&s->sql, "EXISTS (SELECT 1 FROM casefile_axis AS x WHERE x.axis = '%s' AND x.value",
               axis);
    statement_bind_any(s, values);
    buf_printf(&s->sql, " AND x.created_at = %s.created_at AND x.id = %s.id)", at, at);
}

static void exists_on_case(struct statement *s, const struct axis_filter *axis)
{
    exists(s, s->joined ? "c" : "a", axis->axis, axis->values);
}

static void of_procedures(struct statement *s, const struct casefile_grant *grant)
{
    buf_c(&s->sql, s->lite ? "(+c.campaign = " : "(c.campaign = ");
    statement_bind(s, db_text(grant->campaign));
    buf_c(&s->sql, s->lite ? " AND +c.procedure" : " AND c.procedure");
    statement_bind_any(s, grant->procedures);
}

static void grant(struct statement *s, const struct casefile_grant *grant)
{
    const struct axis_filter regions = {"region", grant->regions};
    of_procedures(s, grant);
    buf_c(&s->sql, " AND ");
    exists_on_case(s, &regions);
    buf_c(&s->sql, ")");
}

static void campaigns(struct statement *s, const struct casefile_scope *scope)
{
    buf_c(&s->sql, s->lite ? "(+c.campaign" : "(c.campaign");
    statement_bind_any(s, scope->campaigns);
    for (size_t i = 0; i < scope->closed_count; i++) {
        buf_c(&s->sql, " AND NOT ");
        of_procedures(s, &scope->closed[i]);
        buf_c(&s->sql, ")");
    }
    buf_c(&s->sql, ")");
}

void statement_scope(struct statement *s, const struct casefile_scope *scope)
{
    bool first = scope->campaigns.count == 0;
    if (s->sees_all || s->parts == s->scope)
        return;
    statement_condition(s);
    buf_c(&s->sql, "(");
    if (!first)
        campaigns(s, scope);
    for (size_t i = 0; i < s->scope_count; i++, first = false) {
        buf_c(&s->sql, first ? "" : " OR ");
        exists_on_case(s, &s->scope[i]);
    }
    for (size_t i = 0; i < scope->grant_count; i++, first = false) {
        buf_c(&s->sql, first ? "" : " OR ");
        grant(s, &scope->grants[i]);
    }
    buf_c(&s->sql, first ? "1 = 0)" : ")");
}

static void time_filter(struct statement *s, const char *comparison, struct instant at)
{
    if (instant_is_none(at))
        return;
    statement_condition(s);
    buf_printf(&s->sql, "%s %s ", s->walk == WALK_CLOCKS ? "d.end_at" : "c.next_due", comparison);
    statement_bind(s, db_i64(at.ms));
}

static bool search_words(struct statement *s, struct str q, struct str *out)
{
    return s->lite ? search_query_fts5(s->ctx->arena, q, out)
                   : search_query_tsquery(s->ctx->arena, q, out);
}

static void walk_axis(struct statement *s)
{
    const struct axis_filter *axis = s->parts;
    statement_condition(s);
    buf_printf(&s->sql, "a.axis = '%s' AND a.value", axis->axis);
    statement_bind_any(s, axis->values);
}

static void from_value(struct statement *s, const struct axis_filter *axis, size_t value)
{
    buf_printf(&s->sql, " FROM casefile_axis AS a%s WHERE a.axis = '%s' AND a.value = ",
               s->joined ? " CROSS JOIN casefile AS c" : "", axis->axis);
    statement_bind(s, db_text(axis->values.at[value]));
    if (s->joined)
        buf_c(&s->sql, " AND c.prefecture = a.prefecture AND c.id = a.id AND c.withdrawn = 0");
}

/* Leaves out what an earlier value has named, so that a case comes once. */
static void leave_out(struct statement *s, size_t part, size_t value)
{
    for (size_t i = 0; i <= part; i++) {
        struct casefile_values before = s->parts[i].values;
        if (i == part)
            before.count = value;
        if (before.count == 0)
            continue;
        buf_c(&s->sql, " AND NOT ");
        exists(s, "a", s->parts[i].axis, before);
    }
}

static void from_union(struct statement *s)
{
    const char *joint = " FROM (";
    bool joined = s->joined;
    s->joined = false; /* outside, once */
    for (size_t i = 0; i < s->part_count; i++)
        for (size_t v = 0; v < s->parts[i].values.count; v++) {
            buf_printf(&s->sql, "%sSELECT a.created_at, a.id, a.prefecture", joint);
            from_value(s, &s->parts[i], v);
            leave_out(s, i, v);
            joint = " UNION ALL ";
        }
    buf_c(&s->sql, ") AS a");
    s->joined = joined;
}

/*
 * Each value gives as many as are wanted; leaving out what an earlier one named could walk through
 * all of it in vain, so the few that are left are made single by UNION.
 */
void statement_from_merged(struct statement *s, struct str rest)
{
    const char *joint = " FROM (";
    for (size_t i = 0; i < s->part_count; i++)
        for (size_t v = 0; v < s->parts[i].values.count; v++) {
            buf_printf(&s->sql, "%sSELECT * FROM (SELECT a.created_at, a.id, a.prefecture", joint);
            from_value(s, &s->parts[i], v);
            buf_text(&s->sql, rest);
            buf_c(&s->sql, ") AS b");
            joint = " UNION ";
        }
    buf_c(&s->sql, ") AS a CROSS JOIN casefile AS c WHERE c.prefecture = a.prefecture AND c.id = a.id");
}

static void from_tables(struct statement *s)
{
    switch (s->walk) {
    case WALK_ROWS: buf_c(&s->sql, " FROM casefile AS c"); break;
    case WALK_SEARCH:
        buf_c(&s->sql, s->lite ? " FROM casefile_search AS s" : " FROM hits AS s");
        break;
    case WALK_AXIS: buf_c(&s->sql, " FROM casefile_axis AS a"); break;
    case WALK_UNION: from_union(s); break;
    case WALK_CLOCKS: buf_c(&s->sql, " FROM deadline AS d"); break;
    }
    if (s->joined && s->walk != WALK_ROWS)
        buf_c(&s->sql, " CROSS JOIN casefile AS c");
    if (s->group_axis != NULL)
        buf_c(&s->sql, " CROSS JOIN casefile_axis AS g");
}

/* FROM, and the conditions that belong to where the walk begins. */
void statement_from(struct statement *s, const struct casefile_filter *filter)
{
    struct str words = {0};
    from_tables(s);
    if (s->joined) {
        statement_condition(s);
        buf_c(&s->sql, "c.withdrawn = 0");
    }
    if (s->walk == WALK_SEARCH && s->joined)
        buf_c(&s->sql,
              s->lite ? " AND c.id = s.rowid" : " AND c.prefecture = s.prefecture AND c.id = s.id");
    if (s->walk == WALK_SEARCH && s->lite && search_words(s, filter->q, &words)) {
        statement_condition(s);
        buf_c(&s->sql, "s.tokens MATCH ");
        statement_bind(s, db_text(words));
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

void statement_conditions(struct statement *s, const struct casefile_filter *filter,
                          enum freedom freedom)
{
    bool leads = s->walk == WALK_ROWS && freedom != FREE_NOT;
    bool counts = leads && freedom == FREE_TO_COUNT;
    bool one_state = filter->states.count == 1;
    bool one_kind = leads && filter->campaigns.count == 1 && filter->procedures.count == 1;
    bool in_order = leads && freedom == FREE_IN_ORDER;
    column_filter(s, "campaign", filter->campaigns,
                  counts || one_kind || (in_order && filter->campaigns.count == 1 && !one_state));
    column_filter(s, "procedure", filter->procedures, counts || one_kind);
    column_filter(s, "state", filter->states, counts || (in_order && one_state));
    column_filter(s, "like_state", filter->like_states, false);
    column_filter(s, "source", filter->sources, false);
    column_filter(s, "region", filter->only_regions, false);
    for (int i = 0; i < AXIS_FILTERS; i++)
        if (s->axes[i].values.count > 0 && s->parts != &s->axes[i]) {
            statement_condition(s);
            exists_on_case(s, &s->axes[i]);
        }
    if (filter->overdue)
        time_filter(s, "<=", s->ctx->now);
    time_filter(s, "<", filter->due_before);
    time_filter(s, ">=", filter->due_after);
    if (filter->created.is_set) {
        statement_condition(s);
        const char *at = s->walk == WALK_AXIS || s->walk == WALK_UNION ? "a" : "c";
        buf_printf(&s->sql, "%s.created_at >= ", at);
        statement_bind(s, db_i64(filter->created.from.ms));
        buf_printf(&s->sql, " AND %s.created_at < ", at);
        statement_bind(s, db_i64(filter->created.to.ms));
    }
    if (filter->open_only) {
        statement_condition(s);
        buf_c(&s->sql, "c.ended = 0");
    }
    if (filter->running_only) {
        statement_condition(s);
        buf_c(&s->sql, "c.campaign IN (SELECT name FROM campaign WHERE state = 'open')");
    }
    if (filter->ended_only) {
        statement_condition(s);
        buf_c(&s->sql, "c.ended = 1");
    }
    statement_scope(s, &filter->scope);
}

/* Whether a condition looks at the row itself. */
bool statement_looks_at_row(const struct casefile_filter *filter)
{
    return filter->campaigns.count > 0 || filter->procedures.count > 0 ||
           filter->states.count > 0 || filter->like_states.count > 0 || filter->sources.count > 0 ||
           filter->only_regions.count > 0 || filter->overdue || filter->open_only ||
           filter->running_only || filter->ended_only || !instant_is_none(filter->due_before) ||
           !instant_is_none(filter->due_after) || filter->created.is_set ||
           (!filter->scope.everything &&
            (filter->scope.campaigns.count > 0 || filter->scope.grant_count > 0));
}

bool statement_has_axes(const struct statement *s)
{
    for (int i = 0; i < AXIS_FILTERS; i++)
        if (s->axes[i].values.count > 0)
            return true;
    return s->scope_count > 0;
}

/* The search itself on PostgreSQL: found first, joined after, or the planner walks a key instead. */
void statement_hits(struct statement *s, const struct casefile_filter *filter)
{
    struct str words = {0};
    if (s->lite || s->walk != WALK_SEARCH || !search_words(s, filter->q, &words))
        return;
    buf_c(&s->sql, "WITH hits AS MATERIALIZED (SELECT prefecture, id FROM casefile_search"
                   " WHERE tokens @@ CAST(CAST(");
    statement_bind(s, db_text(words));
    buf_c(&s->sql, " AS TEXT) AS tsquery)) ");
}

static bool is_among(struct casefile_values values, struct str one)
{
    for (size_t i = 0; i < values.count; i++)
        if (str_eq(values.at[i], one))
            return true;
    return false;
}

static bool is_closed(const struct casefile_grant *closed, struct str campaign,
                      struct casefile_values procedures)
{
    if (!str_eq(closed->campaign, campaign))
        return false;
    for (size_t i = 0; i < procedures.count; i++)
        if (is_among(closed->procedures, procedures.at[i]))
            return true;
    return procedures.count == 0;
}

/* Whether the filter asks for nothing but what the scope shows anyway: no row need be asked again. */
static bool sees_all(const struct casefile_filter *filter)
{
    const struct casefile_scope *scope = &filter->scope;
    for (size_t i = 0; i < filter->campaigns.count && !scope->everything; i++) {
        if (!is_among(scope->campaigns, filter->campaigns.at[i]))
            return false;
        for (size_t j = 0; j < scope->closed_count; j++)
            if (is_closed(&scope->closed[j], filter->campaigns.at[i], filter->procedures))
                return false;
    }
    return scope->everything || filter->campaigns.count > 0;
}

/* Of one procedure the regions are looked for among its own cases. */
static struct axis_filter by_region(struct arena *arena, const struct casefile_filter *filter)
{
    struct str *names;
    if (filter->procedures.count != 1 || filter->regions.count > CASEFILE_VALUES_MAX)
        return (struct axis_filter){"region", filter->regions};
    names = arena_alloc_array(arena, filter->regions.count + 1, sizeof *names);
    for (size_t i = 0; i < filter->regions.count; i++)
        names[i] = str_printf(arena, "%.*s:%.*s", STR_ARG(filter->procedures.at[0]),
                              STR_ARG(filter->regions.at[i]));
    return (struct axis_filter){"procedure_region", {names, filter->regions.count}};
}

enum status statement_start(struct ctx *ctx, struct db_conn *conn,
                            const struct casefile_filter *filter, struct statement *out)
{
    *out =
        (struct statement){.ctx = ctx,
                           .lite = db_conn_engine(conn) == DB_SQLITE,
                           .sees_all = sees_all(filter),
                           .joined = true};
    buf_init(&out->sql, ctx->arena, STATEMENT_LIMIT_BYTES);
    const struct axis_filter axes[AXIS_FILTERS] = {
        {"waits", filter->waits}, {"batch", filter->batches},  {"person", filter->people},
        {"unit", filter->units},  {"field", filter->fields[0]}, {"field", filter->fields[1]},
        {"field", filter->fields[2]}, {"field", filter->fields[3]},
        by_region(ctx->arena, filter), {"type", filter->types}};
    const struct axis_filter scope[SCOPE_PARTS] = {
        {"unit", filter->scope.units},
        {"person", {&filter->scope.person, str_is_empty(filter->scope.person) ? 0 : 1}},
        {"region", filter->scope.regions}};
    const struct casefile_values all[] = {
        filter->campaigns,     filter->procedures, filter->states, filter->like_states,
        filter->sources,       filter->only_regions, filter->regions,    filter->units,  filter->people,
        filter->types,         filter->batches,    filter->waits,  filter->scope.campaigns,
        filter->scope.regions, filter->scope.units, filter->fields[0], filter->fields[1],
        filter->fields[2],     filter->fields[3]};
    for (size_t i = 0; i < COUNT_OF(all); i++)
        if (all[i].count > CASEFILE_VALUES_MAX)
            return fail(ctx, ST_LIMIT, "list.too_many_values",
                        ARGS(arg_int("limit", CASEFILE_VALUES_MAX)));
    memcpy(out->axes, axes, sizeof axes);
    for (size_t i = 0; i < SCOPE_PARTS && !out->sees_all; i++)
        if (scope[i].values.count > 0)
            out->scope[out->scope_count++] = scope[i];
    struct str words;
    if (!str_is_empty(filter->q) && search_words(out, filter->q, &words))
        out->walk = WALK_SEARCH;
    return ST_OK;
}

/* Words were asked for, but nothing in them can be searched. */
bool statement_finds_nothing(const struct statement *s, const struct casefile_filter *filter)
{
    return !str_is_empty(filter->q) && s->walk != WALK_SEARCH;
}

enum status statement_open(struct statement *s, struct db_conn *conn, struct db_rows *out)
{
    if (s->overflow || buf_status(&s->sql) != ST_OK)
        return fail(s->ctx, ST_LIMIT, "list.too_many_values",
                    ARGS(arg_int("limit", CASEFILE_VALUES_MAX)));
    return db_rows_open_text(s->ctx, conn, buf_str(&s->sql), (struct db_args){s->values, s->count},
                             out);
}

/* ---- where to begin ---- */

/* Whether the parts together name fewer cases than `left`. */
static enum status are_short(const struct statement *s, struct db_conn *conn,
                             const struct axis_filter *parts, size_t count, int64_t left,
                             bool *out)
{
    static const char text[] =
        "SELECT count(*) FROM (SELECT 1 FROM casefile_axis WHERE axis = $1 AND value = $2"
        " LIMIT $3) AS n";
    for (size_t i = 0; i < count; i++)
        for (size_t v = 0; v < parts[i].values.count && left > 0; v++) {
            struct db_rows rows AUTO(db_rows_close) = {0};
            TRY(db_rows_open_text(
                s->ctx, conn, str_of(text),
                DB_ARGS(db_text_c(parts[i].axis), db_text(parts[i].values.at[v]), db_i64(left)),
                &rows));
            if (db_rows_next(s->ctx, &rows))
                left -= db_col_i64(&rows, 0);
            TRY(db_rows_status(&rows));
        }
    *out = left > 0;
    return ST_OK;
}

/* Clocks that end soon are few, and have an index of their own. */
static bool asks_for_soon(const struct casefile_filter *filter)
{
    return filter->overdue || !instant_is_none(filter->due_before);
}

/*
 * Begins with the parts if they serve: in_order says that the order of an axis is the one wanted.
 * One state may be rarer than any of them, and has an index in that order of its own.
 */
static enum status try_parts(struct statement *s, struct db_conn *conn,
                             const struct casefile_filter *filter,
                             const struct axis_filter *parts, size_t count, bool in_order)
{
    bool single = count == 1 && parts[0].values.count == 1;
    in_order = in_order && !asks_for_soon(filter);
    bool serves = in_order && (single || filter->states.count != 1);
    if (!serves)
        TRY(are_short(s, conn, parts, count, in_order ? AXIS_WALKABLE : AXIS_SORTABLE, &serves));
    if (serves) {
        s->walk = single ? WALK_AXIS : WALK_UNION;
        s->parts = parts;
        s->part_count = count;
    }
    return ST_OK;
}

enum status statement_walk(struct statement *s, struct db_conn *conn,
                           const struct casefile_filter *filter, bool in_order)
{
    if (s->walk == WALK_SEARCH)
        return ST_OK;
    for (int several = 0; several <= 1; several++)
        for (int i = 0; i < AXIS_FILTERS && s->walk == WALK_ROWS; i++)
            if (s->axes[i].values.count > 0 && (s->axes[i].values.count > 1) == several)
                TRY(try_parts(s, conn, filter, &s->axes[i], 1, in_order));
    if (s->walk == WALK_ROWS && s->scope_count > 0 && filter->scope.campaigns.count == 0 &&
        filter->scope.grant_count == 0)
        TRY(try_parts(s, conn, filter, s->scope, s->scope_count, in_order));
    return ST_OK;
}
