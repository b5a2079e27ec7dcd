/*
 * The fields are those of the ledger: rows of cases do not hold them. Cases that measure time are few.
 */
#include "services/report_time.h"

#include "base/vec.h"
#include "engine/span.h"
#include "store/casefile_list.h"
#include "store/ledger.h"

enum { CASES_A_PAGE = 500 };

struct span_list {
    struct span *at;
    size_t len;
    size_t cap;
};

static struct str text_at(const struct casefile *casefile, struct str name)
{
    const struct value *value = value_find(casefile->fields, name);
    return value == NULL ? (struct str){0} : value->text;
}

static bool is_meant(const struct casefile *casefile, const struct value *where)
{
    value_each (wanted, where)
        if (!str_eq(text_at(casefile, wanted->key), wanted->text))
            return false;
    return !casefile->withdrawn;
}

/* A case without a beginning has no stretch. */
static void take_span(struct arena *arena, const struct casefile *casefile,
                      const struct value *free_time, struct span_list *out)
{
    struct span span = {INSTANT_NONE, INSTANT_NONE};
    struct str to = text_at(casefile, value_find_text(free_time, "to"));
    if (!is_meant(casefile, value_find_c(free_time, "where")) ||
        !instant_parse_lenient(text_at(casefile, value_find_text(free_time, "from")), &span.from))
        return;
    if (!instant_parse_lenient(to, &span.to))
        span.to = INSTANT_NONE;
    vec_add(arena, out, span);
}

static enum status read_spans(struct ctx *ctx, struct db_conn *conn, struct str campaign,
                              struct str procedure, const struct value *free_time,
                              struct span_list *out)
{
    const struct casefile_filter filter = {.campaigns = {&campaign, 1},
                                           .procedures = {&procedure, 1},
                                           .due_before = INSTANT_NONE,
                                           .due_after = INSTANT_NONE,
                                           .scope = {.everything = true}};
    struct casefile_page page = {.sort = CASEFILE_SORT_CREATED, .limit = CASES_A_PAGE};
    do {
        struct casefile_list list = {0};
        TRY(casefile_list(ctx, conn, &filter, &page, &list));
        for (size_t i = 0; i < list.rows.len; i++) {
            struct casefile casefile = {0};
            TRY(ledger_load(ctx, conn, list.rows.at[i].prefecture, list.rows.at[i].id, &casefile));
            take_span(ctx->arena, &casefile, free_time, out);
        }
        page.cursor = list.next;
    } while (!str_is_empty(page.cursor));
    return ST_OK;
}

enum status report_time_share(struct ctx *ctx, struct db_conn *conn, struct str campaign,
                              struct str procedure, const struct value *free_time,
                              struct instant from, struct instant to, int64_t *out)
{
    struct span_list spans = {0};
    TRY(read_spans(ctx, conn, campaign, procedure, free_time, &spans));
    *out = span_free_share(ctx->arena, (struct span){from, to}, spans.at, spans.len);
    return ST_OK;
}
