/*
 * A row is worded by the pack that its case goes by; who may see it is asked of the case's scope, but for
 * those whose document it is.
 */
#include "services/document_list.h"

#include "base/num.h"
#include "services/case_list.h"
#include "services/document_words.h"
#include "store/document_rows.h"

enum { LIMIT_USUAL = 50, LIMIT_MAX = 500, INBOX_MAX = 30 };

/* ---- the register ---- */

struct register_work {
    struct ctx *ctx;
    struct db_conn *conn;
    const struct world *world;
    const struct reader *reader;
    const struct actor *actor;
    struct casefile_scope scope;
};

static struct str frame(struct arena *arena, struct str list, struct str text)
{
    return str_printf(arena, "%.*s%.*s,", STR_ARG(str_is_empty(list) ? S(",") : list),
                      STR_ARG(text));
}

static struct str campaigns_of(const struct register_work *work)
{
    struct str list = S("");
    size_t count;
    const struct world_campaign *campaigns = world_list_campaigns(work->world, &count);
    for (size_t i = 0; work->scope.everything && i < count; i++)
        list = frame(work->ctx->arena, list, campaigns[i].name);
    for (size_t i = 0; !work->scope.everything && i < work->scope.campaigns.count; i++)
        list = frame(work->ctx->arena, list, work->scope.campaigns.at[i]);
    return list;
}

static struct str units_of(struct arena *arena, const struct actor *actor)
{
    struct str list = S("");
    for (size_t i = 0; actor != NULL && i < actor->post_count; i++)
        list = frame(arena, list, str_printf(arena, "%lld", (long long)actor->posts[i].unit.v));
    return list;
}

static enum status sees(const struct register_work *work, const struct document_row *row,
                        const struct document_receipt_list *receipts, bool *out)
{
    *out = work->scope.everything || (row->issuer != 0 && document_is_of(work->actor, row->issuer, 0));
    for (size_t i = 0; i < receipts->len && !*out; i++)
        *out = document_is_of(work->actor, receipts->at[i].unit, receipts->at[i].person);
    return *out ? ST_OK
                : casefile_scope_sees(work->ctx, work->conn, &work->scope, row->prefecture,
                                      row->casefile, out);
}

static void count_receipts(struct arena *arena, const struct world *world,
                           const struct document_receipt_list *receipts, struct value *row)
{
    int64_t opened = 0, received = 0;
    struct value *to = value_put_list(arena, row, "to");
    for (size_t i = 0; i < receipts->len; i++) {
        const struct document_receipt *receipt = &receipts->at[i];
        value_append(to, value_text(arena, document_holder(world, receipt->unit, receipt->person)));
        opened += !instant_is_none(receipt->opened_at);
        received += !instant_is_none(receipt->received_at);
    }
    value_put_int(arena, row, "recipients_n", (int64_t)receipts->len);
    value_put_int(arena, row, "opened_n", opened);
    value_put_int(arena, row, "received_n", received);
    value_put_bool(arena, row, "has_recipients", receipts->len > 0);
}

/* i18n: document.* */
static enum status put_row(const struct register_work *work, const struct document_row *row,
                           const struct document_receipt_list *receipts, struct value *out)
{
    struct arena *arena = work->ctx->arena;
    const struct regime *regime;
    TRY(world_load_pack(work->ctx, work->world, row->pack, &regime));
    enum lang lang = work->reader->lang;
    struct str ref = casefile_ref_format(arena, row->prefecture, row->casefile);
    const struct world_campaign *campaign = world_find_campaign(work->world, row->campaign);
    const struct regime_procedure *procedure = regime_find_procedure(regime, row->procedure);
    struct str campaign_label = campaign == NULL ? row->campaign : words_label(lang, campaign->title);
    value_put_text(arena, out, "case", ref);
    value_put_int(arena, out, "sequence", row->seq);
    value_put_text(arena, out, "document", row->document);
    value_put_text(arena, out, "label", words_label(lang, regime_flag_words(regime, row->document)));
    value_put_text(arena, out, "number", row->number);
    value_put_text(arena, out, "case_number", row->case_number);
    value_put_text(arena, out, "title",
                   procedure == NULL
                       ? row->case_title
                       : case_title(work->world, procedure, lang, row->case_title));
    value_put_text(arena, out, "case_url", str_concat(arena, S("/cases/"), ref));
    value_put_text(arena, out, "url", document_url(arena, ref, row->seq));
    value_put_text(arena, out, "campaign", row->campaign);
    value_put_text(arena, out, "campaign_label", campaign_label);
    value_put_text(arena, out, "issuer_label",
                   row->issuer != 0 ? document_unit(work->world, row->issuer) : campaign_label);
    document_put_time(arena, work->reader, out, "issued", row->issued_at);
    document_put_state(arena, work->reader, out, !instant_is_none(row->voided_at), row->corrected_by != 0);
    value_put_bool(arena, out, "is_void", !instant_is_none(row->voided_at));
    value_put_text(arena, out, "reason", row->reason);
    value_put_int(arena, out, "corrects", row->corrects);
    value_put_int(arena, out, "corrected_by", row->corrected_by);
    value_put_int(arena, out, "scans", row->scans);
    value_put_bool(arena, out, "has_scans", row->scans > 0);
    document_put_hash(arena, out, row->sha256);
    count_receipts(arena, work->world, receipts, out);
    return ST_OK;
}

static enum status wrong(struct ctx *ctx, const char *field, struct str given)
{
    return fail(ctx, ST_MALFORMED, "list.wrong_value",
                ARGS(arg_c("field", field), arg_text("given", given)));
}

/* "<issued_at>-<case>-<sequence>" */
static bool parse_cursor(struct str text, struct document_place *out)
{
    struct str part;
    int64_t numbers[3];
    size_t count = 0;
    while (str_next(&text, '-', &part))
        if (count == COUNT_OF(numbers) || !num_parse_i64(part, 0, INT64_MAX, &numbers[count++]))
            return false;
    if (count != COUNT_OF(numbers))
        return false;
    *out = (struct document_place){{numbers[0]}, numbers[1], numbers[2]};
    return true;
}

static enum status read_query(struct ctx *ctx, const struct value *query,
                              struct document_filter *out)
{
    static const struct str states[] = {STR_INIT("issued"), STR_INIT("voided"),
                                        STR_INIT("corrected"), STR_INIT("waiting")};
    struct str limit = value_find_text(query, "limit");
    struct str cursor = value_find_text(query, "cursor");
    bool known = str_is_empty(out->state = value_find_text(query, "state"));
    for (size_t i = 0; i < COUNT_OF(states); i++)
        known = known || str_eq(out->state, states[i]);
    if (!known)
        return wrong(ctx, "state", out->state);
    out->campaign = value_find_text(query, "campaign");
    out->number = value_find_text(query, "number");
    out->limit = LIMIT_USUAL;
    if (!str_is_empty(limit) && !num_parse_i64(limit, 1, LIMIT_MAX, &out->limit))
        return wrong(ctx, "limit", limit);
    out->before = (struct document_place){{INT64_MAX}, 0, 0};
    if (!str_is_empty(cursor) && !parse_cursor(cursor, &out->before))
        return wrong(ctx, "cursor", cursor);
    return ST_OK;
}

static void put_choice(struct arena *arena, struct value *filter, struct str value,
                       struct str label, struct str chosen)
{
    struct value *option = value_append_map(arena, value_list_at(arena, filter, "options"));
    value_put_text(arena, option, "value", value);
    value_put_text(arena, option, "label", label);
    value_put_bool(arena, option, "selected", str_eq(value, chosen));
}

static struct value *new_filter(struct arena *arena, struct value *filters, const char *name,
                                struct str label, struct str value, bool is_choice)
{
    struct value *filter = value_append_map(arena, filters);
    value_put_text(arena, filter, "name", str_of(name));
    value_put_text(arena, filter, "kind", is_choice ? S("choice") : S("text"));
    value_put_text(arena, filter, "label", label);
    value_put_text(arena, filter, "value", value);
    return filter;
}

static void put_filters(const struct register_work *work, const struct document_filter *filter,
                        struct value *doc)
{
    static const char *const states[] = {"issued", "waiting", "corrected", "voided"};
    struct arena *arena = work->ctx->arena;
    const struct reader *reader = work->reader;
    struct value *filters = value_put_list(arena, doc, "filters");
    size_t count;
    const struct world_campaign *campaigns = world_list_campaigns(work->world, &count);
    struct value *campaign =
        new_filter(arena, filters, "campaign",
                   reader_sentence(arena, reader, "document.campaign", NO_ARGS), filter->campaign, true);
    for (size_t i = 0; i < count; i++)
        put_choice(arena, campaign, campaigns[i].name, words_label(reader->lang, campaigns[i].title),
                   filter->campaign);
    struct value *state =
        new_filter(arena, filters, "state",
                   reader_sentence(arena, reader, "document.state", NO_ARGS), filter->state, true);
    for (size_t i = 0; i < COUNT_OF(states); i++) {
        struct str key = str_concat(arena, S("document.state."), str_of(states[i]));
        put_choice(arena, state, str_of(states[i]), words_find(reader->words, reader->lang, key),
                   filter->state);
    }
    (void)new_filter(arena, filters, "number",
                     reader_sentence(arena, reader, "document.number", NO_ARGS), filter->number, false);
    value_put_bool(arena, doc, "has_filters", true);
}

static void put_next(struct arena *arena, const struct document_filter *filter,
                     const struct document_row_list *rows, struct value *doc)
{
    if ((int64_t)rows->len < filter->limit)
        return;
    const struct document_row *last = &rows->at[rows->len - 1];
    value_put_text(arena, doc, "next",
                   str_printf(arena, "%lld-%lld-%lld", (long long)last->issued_at.ms,
                              (long long)last->casefile.v, (long long)last->seq));
}

static enum status put_seen(const struct register_work *work, const struct document_row *row,
                            struct value *items)
{
    struct document_receipt_list receipts;
    bool seen;
    TRY(document_rows_list_receipts(work->ctx, work->conn, row, &receipts));
    TRY(sees(work, row, &receipts, &seen));
    return seen ? put_row(work, row, &receipts, value_append_map(work->ctx->arena, items)) : ST_OK;
}

enum status document_list_document(struct ctx *ctx, struct db_conn *conn,
                                   const struct world *world, const struct reader *reader,
                                   const struct actor *actor, const struct value *query,
                                   struct value **out)
{
    struct document_filter filter = {0};
    struct document_row_list rows;
    const struct register_work work = {ctx,    conn,  world,
                                       reader, actor, case_scope(ctx->arena, world, actor)};
    TRY(read_query(ctx, query, &filter));
    filter.campaigns = campaigns_of(&work);
    filter.units = units_of(ctx->arena, actor);
    filter.person = actor == NULL ? 0 : actor->person.v;
    TRY(document_rows_list(ctx, conn, &filter, &rows));
    struct value *doc = value_map(ctx->arena);
    struct value *items = value_put_list(ctx->arena, doc, "items");
    put_filters(&work, &filter, doc);
    for (size_t i = 0; i < rows.len; i++)
        TRY(put_seen(&work, &rows.at[i], items));
    put_next(ctx->arena, &filter, &rows, doc);
    *out = doc;
    return ST_OK;
}

/* ---- on a desk ---- */

/* Their own receipt; null: it is not addressed to them. */
static const struct document_receipt *own_receipt(const struct document_receipt_list *receipts,
                                                  const struct actor *actor)
{
    for (size_t i = 0; i < receipts->len; i++)
        if (document_is_of(actor, receipts->at[i].unit, receipts->at[i].person))
            return &receipts->at[i];
    return NULL;
}

static enum status put_waiting(const struct register_work *work, const struct document_row *row,
                               struct value *out_list)
{
    struct document_receipt_list receipts;
    const struct regime *regime;
    TRY(document_rows_list_receipts(work->ctx, work->conn, row, &receipts));
    TRY(world_load_pack(work->ctx, work->world, row->pack, &regime));
    const struct document_receipt *own = own_receipt(&receipts, work->actor);
    bool wants_name = value_find_bool(regime_find_document(regime, row->document), "receipt");
    if (own == NULL || (!wants_name && !instant_is_none(own->opened_at)))
        return ST_OK;
    struct value *line = value_append_map(work->ctx->arena, out_list);
    value_put_bool(work->ctx->arena, line, "is_opened", !instant_is_none(own->opened_at));
    value_put_bool(work->ctx->arena, line, "wants_receipt", wants_name);
    return put_row(work, row, &receipts, line);
}

static enum status put_all_waiting(const struct register_work *work, int64_t unit, int64_t person,
                                   struct value *out_list)
{
    struct document_row_list rows;
    TRY(document_rows_list_for(work->ctx, work->conn, unit, person, INBOX_MAX, &rows));
    for (size_t i = 0; i < rows.len; i++)
        TRY(put_waiting(work, &rows.at[i], out_list));
    return ST_OK;
}

/* One unit in two posts is asked once. */
static bool is_asked(const struct actor *actor, size_t place)
{
    for (size_t i = 0; i < place; i++)
        if (actor->posts[i].unit.v == actor->posts[place].unit.v)
            return true;
    return false;
}

enum status document_inbox(struct ctx *ctx, struct db_conn *conn, const struct world *world,
                           const struct reader *reader, const struct actor *actor,
                           struct value *out_list)
{
    const struct register_work work = {
        .ctx = ctx, .conn = conn, .world = world, .reader = reader, .actor = actor};
    for (size_t i = 0; i < actor->post_count; i++)
        if (!is_asked(actor, i))
            TRY(put_all_waiting(&work, actor->posts[i].unit.v, 0, out_list));
    return put_all_waiting(&work, 0, actor->person.v, out_list);
}
