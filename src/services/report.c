/*
 * A report's filters are those of lists, read by the same function, so whatever can be listed can be
 * counted.
 *
 * clause: S3-3.2.10
 */
#include "services/report.h"

#include "kit/yaml.h"
#include "store/batch_rows.h"

#define FOLDER "data/reports/"
#define ENDING ".yaml"

enum { BATCHES_A_PAGE = 500 };

struct compiling {
    struct ctx *ctx;
    struct db_conn *conn;
    const struct report_order *order;
};

static enum status wrong(const struct compiling *report, int line)
{
    return fail(report->ctx, ST_INVALID, "report.wrong",
                ARGS(arg_text("name", report->order->name), arg_int("line", line)));
}

static struct str label_of(const struct compiling *report, const struct yaml_node *node)
{
    const struct yaml_node *zh = yaml_find(node, "zh"), *en = yaml_find(node, "en");
    const struct words words = {zh == NULL ? (struct str){0} : zh->text,
                                en == NULL ? (struct str){0} : en->text};
    return words_label(report->order->reader.lang, words);
}

static bool is_word(const struct yaml_node *node, const char *key, const char *word)
{
    const struct yaml_node *member = yaml_find(node, key);
    return member != NULL && str_eq_c(member->text, word);
}

/* ---- counting ---- */

/* A map of filters as the query of a list; the campaign comes from the order. */
static const struct value *query_of(const struct compiling *report, const struct yaml_node *where)
{
    struct arena *arena = report->ctx->arena;
    struct value *query = value_map(arena);
    if (!str_is_empty(report->order->campaign))
        value_put_text(arena, query, "campaign", report->order->campaign);
    yaml_each (filter, where)
        value_put(query, filter->key, value_text(arena, filter->text));
    value_put_text(arena, query, "sort", S("created"));
    return query;
}

static enum status read_filter(const struct compiling *report, const struct yaml_node *where,
                               struct casefile_filter *filter, struct casefile_page *page)
{
    TRY(case_list_parse(report->ctx, query_of(report, where), filter, page));
    filter->scope =
        case_scope(report->ctx->arena, report->order->world, report->order->actor);
    page->limit = CASEFILE_LIST_MAX;
    page->wants_count = false;
    return ST_OK;
}

static enum status count_cases(const struct compiling *report, const struct yaml_node *where,
                               int64_t *out)
{
    struct casefile_filter filter;
    struct casefile_page page;
    TRY(read_filter(report, where, &filter, &page));
    return casefile_count(report->ctx, report->conn, &filter, INT64_MAX, out);
}

static enum status count_batches(const struct compiling *report, int64_t *out)
{
    struct batch_row_list list;
    struct batch_id before = {0};
    struct str campaign = report->order->campaign;
    *out = 0;
    do {
        list = (struct batch_row_list){0};
        TRY(batch_rows_list(report->ctx, report->conn, before, BATCHES_A_PAGE, &list));
        for (size_t i = 0; i < list.len; i++)
            *out += str_is_empty(campaign) || str_eq(list.at[i].campaign, campaign);
        if (list.len > 0)
            before = list.at[list.len - 1].id;
    } while (list.len == BATCHES_A_PAGE);
    return ST_OK;
}

static enum status count(const struct compiling *report, const struct yaml_node *figure,
                         int64_t *out)
{
    int64_t without = 0;
    if (is_word(figure, "count", "batches"))
        return count_batches(report, out);
    if (!is_word(figure, "count", "cases"))
        return wrong(report, figure->line);
    if (yaml_find(figure, "except") != NULL)
        TRY(count_cases(report, yaml_find(figure, "except"), &without));
    TRY(count_cases(report, yaml_find(figure, "where"), out));
    *out -= without;
    return ST_OK;
}

/* ---- the document ---- */

static enum status put_figures(const struct compiling *report, const struct yaml_node *figures,
                               struct value *doc)
{
    struct arena *arena = report->ctx->arena;
    struct value *list = value_put_list(arena, doc, "figures");
    yaml_each (figure, figures) {
        const struct yaml_node *name = yaml_find(figure, "name");
        int64_t n;
        if (name == NULL)
            return wrong(report, figure->line);
        TRY(count(report, figure, &n));
        struct value *entry = value_append_map(arena, list);
        value_put_text(arena, entry, "name", name->text);
        value_put_text(arena, entry, "label", label_of(report, figure));
        value_put_int(arena, entry, "n", n);
    }
    return ST_OK;
}

static enum status put_items(const struct compiling *report, const struct yaml_node *list,
                             struct value *doc)
{
    struct arena *arena = report->ctx->arena;
    struct casefile_filter filter;
    struct casefile_page page;
    struct casefile_list cases;
    int64_t all;
    const struct yaml_node *where = yaml_find(list, "where");
    struct value *items = value_put_list(arena, doc, "items");
    if (list == NULL)
        return ST_OK;
    TRY(count_cases(report, where, &all));
    value_put_int(arena, doc, "count", all);
    TRY(read_filter(report, where, &filter, &page));
    TRY(casefile_list(report->ctx, report->conn, &filter, &page, &cases));
    for (size_t i = 0; i < cases.rows.len; i++)
        TRY(case_row_document(report->ctx, report->order->world, &report->order->reader,
                              &cases.rows.at[i], value_append_map(arena, items)));
    return ST_OK;
}

static enum status load(const struct compiling *report, const struct yaml_node **out)
{
    struct yaml_faults faults = {0};
    struct arena *arena = report->ctx->arena;
    const struct furniture_item *item =
        furniture_find(report->order->home->furniture,
                       str_printf(arena, FOLDER "%.*s" ENDING, STR_ARG(report->order->name)));
    if (item == NULL)
        return fail(report->ctx, ST_NOT_FOUND, "report.unknown",
                    ARGS(arg_text("name", report->order->name)));
    *out = yaml_parse(arena, item->bytes, &faults);
    return faults.len == 0 ? ST_OK : wrong(report, faults.at[0].line);
}

enum status report_document(struct ctx *ctx, struct db_conn *conn,
                            const struct report_order *order, struct value **out)
{
    const struct compiling report = {ctx, conn, order};
    const struct yaml_node *root = NULL;
    struct tx view AUTO(tx_end) = {0};
    struct value *doc = value_map(ctx->arena);
    TRY(load(&report, &root));
    TRY(tx_begin_read(ctx, conn, &view));
    value_put_text(ctx->arena, doc, "name", order->name);
    value_put_text(ctx->arena, doc, "title", label_of(&report, yaml_find(root, "title")));
    TRY(put_figures(&report, yaml_find(root, "figures"), doc));
    TRY(put_items(&report, yaml_find(root, "list"), doc));
    *out = doc;
    return ST_OK;
}

const struct str *report_list(struct arena *arena, const struct home *home, size_t *out_count)
{
    size_t all, kept = 0;
    const struct furniture_item *items = furniture_list(home->furniture, S(FOLDER), &all);
    struct str *names = arena_alloc_array(arena, all, sizeof *names);
    for (size_t i = 0; i < all; i++) {
        struct str name = str_from(items[i].path, S(FOLDER).len);
        if (str_ends(name, S(ENDING)))
            names[kept++] = str_part(name, 0, name.len - S(ENDING).len);
    }
    *out_count = kept;
    return names;
}
