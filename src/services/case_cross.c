/*
 * Each row is a list of its own: its query narrowed to the row's value, counted by the columns' group
 * with what counts every figure. So a cell can say nothing that its list does not.
 */
#include "services/case_cross.h"

#include "regime/vocabulary.h"

static const struct {
    const char *id;
    const char *label;
    const char *note;
} rules[CASE_RULE_COUNT] = {
    [CASE_RULE_CASES] = {"cases", "stats.rule.cases", "stats.rule.cases.note"},
    [CASE_RULE_DISPATCHED] = {"dispatched", "stats.rule.dispatched", "stats.rule.dispatched.note"},
    [CASE_RULE_PROBLEMS] = {"problems", "stats.rule.problems", "stats.rule.problems.note"},
};

struct crossing {
    struct ctx *ctx;
    struct db_conn *conn;
    const struct world *world;
    const struct reader *reader;
    const struct actor *actor;
    enum case_rule rule;
    struct str rows_by, columns_by;
    const struct value *asked; /* the whole query, for addresses of this table */
    const struct value *query; /* of the list: the filter, one kind, the rule */
};

static enum status figures(const struct crossing *x, const struct value *query, struct str by,
                           struct value **out)
{
    *out = value_list(x->ctx->arena);
    return case_figures_add(x->ctx, x->conn, x->world, x->reader, x->actor, query, by, *out);
}

static struct str url_of(const struct crossing *x, const struct value *query)
{
    return case_list_url(x->ctx->arena, "/cases", query, NULL);
}

/* ---- one number ---- */

/* n and url of what the query holds, of which `count` cases are known. */
static enum status put_number(const struct crossing *x, const struct value *query, int64_t count,
                              struct value *cell)
{
    struct arena *arena = x->ctx->arena;
    struct value *by_type;
    if (x->rule != CASE_RULE_PROBLEMS || !str_is_empty(value_find_text(query, "type"))) {
        value_put_int(arena, cell, "n", count);
        value_put_text(arena, cell, "url", url_of(x, query));
        return ST_OK;
    }
    TRY(figures(x, query, S("type"), &by_type));
    int64_t sum = 0;
    value_each (row, by_type)
        sum += value_find_int(row, "count", 0);
    struct value *types = value_map(arena);
    value_put_text(arena, types, "by", S("type"));
    value_each (member, query)
        value_put_text(arena, types, str_c(arena, member->key), member->text);
    value_put_int(arena, cell, "n", sum);
    value_put_text(arena, cell, "url", case_list_url(arena, "/stats", types, NULL));
    return ST_OK;
}

static int64_t count_of(const struct value *figures, struct str value)
{
    value_each (row, figures)
        if (str_eq(value_find_text(row, "value"), value))
            return value_find_int(row, "count", 0);
    return 0;
}

/* A group's values with the number of each; what has no value cannot be asked for. */
static enum status put_heads(const struct crossing *x, struct str by, struct value *heads)
{
    struct arena *arena = x->ctx->arena;
    struct value *found;
    TRY(figures(x, x->query, by, &found));
    value_each (row, found) {
        struct str value = value_find_text(row, "value");
        if (str_is_empty(value))
            continue;
        struct value *head = value_append_map(arena, heads);
        value_put_text(arena, head, "value", value);
        value_put_text(arena, head, "label", value_find_text(row, "label"));
        TRY(put_number(x, case_figures_narrow(arena, x->query, by, value),
                       value_find_int(row, "count", 0), head));
    }
    return ST_OK;
}

static enum status put_cells(const struct crossing *x, const struct value *columns,
                             struct value *row)
{
    struct arena *arena = x->ctx->arena;
    const struct value *query =
        case_figures_narrow(arena, x->query, x->rows_by, value_find_text(row, "value"));
    struct value *cells = value_put_list(arena, row, "cells"), *found;
    TRY(figures(x, query, x->columns_by, &found));
    value_each (column, columns) {
        struct str value = value_find_text(column, "value");
        struct value *cell = value_append_map(arena, cells);
        value_put_text(arena, cell, "column_label", value_find_text(column, "label"));
        TRY(put_number(x, case_figures_narrow(arena, query, x->columns_by, value),
                       count_of(found, value), cell));
    }
    return ST_OK;
}

/* ---- what is asked ---- */

static bool is_list_filter(struct str name)
{
    static const char *const beside[] = {"rows", "columns", "rule", "limit", "sort", "cursor"};
    for (size_t i = 0; i < COUNT_OF(beside); i++)
        if (str_eq_c(name, beside[i]))
            return false;
    return true;
}

static enum status wrong(struct ctx *ctx, const char *field, struct str given)
{
    struct reason reason =
        reason_make("list.wrong_value", ARGS(arg_c("field", field), arg_text("given", given)));
    reason.field = str_of(field);
    reason.code = "wrong_value";
    return fail_reason(ctx, ST_MALFORMED, reason);
}

static enum status read_rule(struct ctx *ctx, struct str given, enum case_rule *out)
{
    *out = CASE_RULE_CASES;
    if (str_is_empty(given))
        return ST_OK;
    for (enum case_rule rule = 0; rule < CASE_RULE_COUNT; rule++)
        if (str_eq_c(given, rules[rule].id)) {
            *out = rule;
            return ST_OK;
        }
    return wrong(ctx, "rule", given);
}

/* States of the axis from the handing over on; of these, those that are asked for already. */
static struct str dispatched_states(struct arena *arena, struct str asked)
{
    struct str all = S("");
    for (size_t i = 0; i < superset_state_count; i++) {
        bool wanted = str_is_empty(asked);
        struct str rest = asked;
        for (struct str one; !wanted && str_next(&rest, ',', &one);)
            wanted = str_eq(str_trim(one), superset_states[i]);
        if (wanted && superset_state_is_dispatched(superset_states[i]))
            all = str_printf(arena, "%.*s%s%.*s", STR_ARG(all), all.len == 0 ? "" : ",",
                             STR_ARG(superset_states[i]));
    }
    return all.len == 0 ? S("none") : all;
}

/* ---- choices ---- */

static struct str sentence(const struct crossing *x, const char *key)
{
    return reader_sentence(x->ctx->arena, x->reader, key, NO_ARGS);
}

static void put_choice(const struct crossing *x, struct value *list, const char *name,
                       struct str id, struct str label, bool here)
{
    struct arena *arena = x->ctx->arena;
    struct value *row = value_append_map(arena, list);
    value_put_text(arena, row, "id", id);
    value_put_text(arena, row, "label", label);
    value_put_bool(arena, row, "here", here);
    value_put_text(
        arena, row, "url",
        case_list_url(arena, "/stats/table", case_figures_with(arena, x->asked, name, id), NULL));
}

static void put_rules(const struct crossing *x, struct value *doc)
{
    struct value *list = value_put_list(x->ctx->arena, doc, "rules");
    for (enum case_rule rule = 0; rule < CASE_RULE_COUNT; rule++)
        put_choice(x, list, "rule", str_of(rules[rule].id), sentence(x, rules[rule].label),
                   rule == x->rule);
    value_put_text(x->ctx->arena, doc, "rule", str_of(rules[x->rule].id));
    value_put_text(x->ctx->arena, doc, "rule_label", sentence(x, rules[x->rule].label));
    value_put_text(x->ctx->arena, doc, "rule_note", sentence(x, rules[x->rule].note));
}

/* i18n: web.stats.by_* */
static void put_groups(const struct crossing *x, const struct regime_procedure *procedure,
                       const char *list_name, const char *name, struct str here, struct value *doc)
{
    static const char *const usual[] = {"region", "type", "state", "source", "unit", "month", "batch"};
    struct arena *arena = x->ctx->arena;
    struct value *list = value_put_list(arena, doc, list_name);
    for (size_t i = 0; i < COUNT_OF(usual); i++)
        put_choice(x, list, name, str_of(usual[i]),
                   sentence(x, str_c(arena, str_printf(arena, "web.stats.by_%s", usual[i]))),
                   str_eq_c(here, usual[i]));
    for (size_t i = 0; procedure != NULL && i < procedure->field_count; i++)
        if (procedure->fields[i].filter) {
            struct str id = str_concat(arena, S("field."), procedure->fields[i].name);
            put_choice(x, list, name, id,
                       words_label(x->reader->lang, procedure->fields[i].words), str_eq(id, here));
        }
}

static struct str label_here(const struct value *choices)
{
    value_each (row, choices)
        if (value_find_bool(row, "here"))
            return value_find_text(row, "label");
    return S("");
}

static void put_kinds(const struct crossing *x, const struct value *kinds, const struct value *chosen,
                      struct value *doc)
{
    struct arena *arena = x->ctx->arena;
    struct value *list = value_put_list(arena, doc, "kinds");
    value_each (kind, kinds) {
        struct value *row = value_append_map(arena, list);
        value_put_text(arena, row, "label",
                       str_printf(arena, "%.*s · %.*s", STR_ARG(value_find_text(kind, "procedure_label")),
                                  STR_ARG(value_find_text(kind, "campaign_label"))));
        value_put_bool(arena, row, "here", kind == chosen);
        value_put_text(arena, row, "url",
                       case_list_url(arena, "/stats/table",
                                     case_figures_of_kind(arena, x->asked, kind), NULL));
    }
}

/* The kind with most cases. */
static const struct value *choose_kind(const struct value *kinds)
{
    const struct value *most = NULL;
    value_each (kind, kinds)
        if (most == NULL || value_find_int(kind, "count", 0) > value_find_int(most, "count", 0))
            most = kind;
    return most;
}

static const struct regime_procedure *procedure_of(const struct crossing *x,
                                                   const struct value *kind)
{
    const struct regime *regime;
    const struct world_campaign *campaign =
        world_find_campaign(x->world, value_find_text(kind, "campaign"));
    if (campaign == NULL || world_load_pack(x->ctx, x->world, campaign->pack, &regime) != ST_OK) {
        fail_clear(x->ctx);
        return NULL;
    }
    return regime_find_procedure(regime, value_find_text(kind, "procedure"));
}

/* ---- the table ---- */

static enum status put_table(struct crossing *x, const struct value *kind, struct value *doc)
{
    struct arena *arena = x->ctx->arena;
    static const char *const names[] = {"campaign", "campaign_label", "procedure", "procedure_label"};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        value_put_text(arena, doc, names[i], value_find_text(kind, names[i]));
    struct value *columns = value_put_list(arena, doc, "columns");
    struct value *rows = value_put_list(arena, doc, "rows");
    struct value *all;
    TRY(figures(x, x->query, S("procedure"), &all));
    TRY(put_number(x, x->query, all->first == NULL ? 0 : value_find_int(all->first, "count", 0),
                   doc));
    TRY(put_heads(x, x->columns_by, columns));
    TRY(put_heads(x, x->rows_by, rows));
    for (struct value *row = rows->first; row != NULL; row = row->next)
        TRY(put_cells(x, columns, row));
    return ST_OK;
}

static enum status read_query(struct crossing *x, struct value **out_filter)
{
    struct arena *arena = x->ctx->arena;
    struct value *filter = value_map(arena);
    TRY(read_rule(x->ctx, value_find_text(x->asked, "rule"), &x->rule));
    x->rows_by = value_find_text(x->asked, "rows");
    x->columns_by = value_find_text(x->asked, "columns");
    if (str_is_empty(x->rows_by))
        x->rows_by = S("region");
    if (str_is_empty(x->columns_by))
        x->columns_by = str_eq_c(x->rows_by, "type") ? S("region") : S("type");
    if (str_eq(x->rows_by, x->columns_by))
        return wrong(x->ctx, "columns", x->columns_by);
    value_each (member, x->asked)
        if (is_list_filter(member->key))
            value_put_text(arena, filter, str_c(arena, member->key), member->text);
    *out_filter = filter;
    return ST_OK;
}

/* The kind that the filter names, else the one with most cases; null where there is none at all. */
static enum status find_kinds(const struct crossing *x, const struct value *filter,
                              struct value *kinds, const struct value **out)
{
    struct arena *arena = x->ctx->arena;
    struct value *every = value_map(arena);
    value_each (member, filter)
        if (!str_eq_c(member->key, "campaign") && !str_eq_c(member->key, "procedure"))
            value_put_text(arena, every, str_c(arena, member->key), member->text);
    TRY(case_figures_kinds(x->ctx, x->conn, x->world, x->reader, x->actor, every, kinds));
    *out = choose_kind(kinds);
    value_each (kind, kinds)
        if (str_eq(value_find_text(kind, "campaign"), value_find_text(filter, "campaign")) &&
            str_eq(value_find_text(kind, "procedure"), value_find_text(filter, "procedure")))
            *out = kind;
    return ST_OK;
}

/* What stands above the table: the rules, the kinds, and what may be counted by what. */
static void put_choices(const struct crossing *x, const struct value *kinds,
                        const struct value *kind, struct value *doc)
{
    struct arena *arena = x->ctx->arena;
    const struct regime_procedure *procedure = kind == NULL ? NULL : procedure_of(x, kind);
    put_rules(x, doc);
    put_kinds(x, kinds, kind, doc);
    put_groups(x, procedure, "row_choices", "rows", x->rows_by, doc);
    put_groups(x, procedure, "column_choices", "columns", x->columns_by, doc);
    value_put_text(arena, doc, "rows_by", x->rows_by);
    value_put_text(arena, doc, "rows_label", label_here(value_find_c(doc, "row_choices")));
    value_put_text(arena, doc, "columns_by", x->columns_by);
    value_put_text(arena, doc, "columns_label", label_here(value_find_c(doc, "column_choices")));
}

enum status case_cross_document(struct ctx *ctx, struct db_conn *conn, const struct world *world,
                                const struct reader *reader, const struct actor *actor,
                                const struct value *query, struct value **out)
{
    struct crossing x = {.ctx = ctx, .conn = conn, .world = world, .reader = reader, .actor = actor,
                         .asked = query};
    struct value *doc = value_map(ctx->arena), *kinds = value_list(ctx->arena), *filter = NULL;
    const struct value *kind = NULL;
    TRY(read_query(&x, &filter));
    TRY(find_kinds(&x, filter, kinds, &kind));
    put_choices(&x, kinds, kind, doc);
    if (kind == NULL) {
        value_put_int(ctx->arena, doc, "n", 0);
        (void)value_put_list(ctx->arena, doc, "columns");
        (void)value_put_list(ctx->arena, doc, "rows");
        *out = doc;
        return ST_OK;
    }
    x.query = case_figures_of_kind(ctx->arena, filter, kind);
    if (x.rule == CASE_RULE_DISPATCHED)
        x.query = case_figures_with(ctx->arena, x.query, "like",
                                    dispatched_states(ctx->arena, value_find_text(filter, "like")));
    TRY(put_table(&x, kind, doc));
    *out = doc;
    return ST_OK;
}
