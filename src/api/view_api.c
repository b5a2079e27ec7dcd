/*
 * A view is the address of a list under a name. It belongs to an account.
 */
#include "api/view_api.h"

#include "api/office.h"
#include "base/num.h"
#include "store/view_rows.h"

enum { VIEW_BYTES = 16 * 1024, NAME_CHARS = 60, QUERY_BYTES = 4000 };

static enum status list_views(struct api_call *call)
{
    struct view_row_list views = {0};
    struct arena *arena = call->ctx->arena;
    TRY(view_rows_list(call->ctx, office_conn(call), call->session.account, &views));
    call->document = value_map(arena);
    struct value *items = value_put_list(arena, call->document, "items");
    for (size_t i = 0; i < views.len; i++) {
        struct value *row = value_append_map(arena, items);
        value_put_text(arena, row, "id",
                       str_printf(arena, "%lld", (long long)views.at[i].id));
        value_put_text(arena, row, "name", views.at[i].name);
        value_put_text(arena, row, "url", str_concat(arena, S("/cases?"), views.at[i].query));
    }
    return ST_OK;
}

/* ---- writing ---- */

struct change {
    struct api_call *call;
    struct view_row row; /* with a name: saved; without: dropped */
    struct str next;
    struct writer_job job;
};

static enum status work(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    struct change *change = arg;
    struct account_id account = change->call->session.account;
    if (str_is_empty(change->row.name))
        return view_rows_drop(ctx, ledger->conn, account, change->row.id);
    change->row.id = ledger_new_id(ledger, ctx->now);
    return view_rows_put(ctx, ledger->conn, account, &change->row);
}

static enum status answer(struct api_call *call)
{
    const struct change *change = call->state;
    call->location = change->next;
    call->status = 200;
    return list_views(call);
}

static void done(struct ctx *ctx, void *arg, enum status status)
{
    struct change *change = arg;
    (void)ctx;
    if (status == ST_OK)
        api_continue(change->call, answer);
    else
        api_fail(change->call, status);
}

static enum status write_change(struct api_call *call, const struct change *wanted)
{
    struct change *change = arena_new_of(call->ctx->arena, struct change);
    *change = *wanted;
    change->call = call;
    change->job =
        (struct writer_job){.ctx = call->ctx, .run = work, .done = done, .arg = change};
    call->state = change;
    api_defer(call);
    writer_submit(office_home(call)->writer, &change->job);
    return ST_OK;
}

/* `query` as the list's address has it; a page sends its own address as `next`. */
static enum status save_view(struct api_call *call)
{
    struct str name = str_trim(value_find_text(call->input, "name"));
    struct str query = value_find_text(call->input, "query");
    struct str next = value_find_text(call->input, "next");
    struct str path;
    if (str_is_empty(name) || utf8_length(name) > NAME_CHARS)
        return api_field_wrong(call, "name", "view.name_wrong", ARGS(arg_int("limit", NAME_CHARS)));
    bool local = str_starts(next, S("/cases"));
    if (str_is_empty(query) && local) {
        query = next;
        (void)str_next(&query, '?', &path);
    }
    if (query.len > QUERY_BYTES)
        return api_field_wrong(call, "query", "view.too_long", NO_ARGS);
    const struct change change = {
        .row = {.name = name, .query = query.at == NULL ? S("") : query},
        .next = local ? next : S("/cases")};
    return write_change(call, &change);
}

static enum status drop_view(struct api_call *call)
{
    struct change change = {.next = S("/cases")};
    struct str text = api_capture(call, "id");
    if (!num_parse_i64(text, 1, INT64_MAX, &change.row.id))
        return fail(call->ctx, ST_NOT_FOUND, "view.unknown", ARGS(arg_text("id", text)));
    return write_change(call, &change);
}

static const struct api_field view_fields[] = {
    {"name", API_TEXT, true, NULL}, {"query", API_TEXT, false, NULL},
    {"next", API_TEXT, false, NULL}};

static const struct api_route routes[] = {
    {.name = "view_list", .method = HTTP_GET, .path = "/views", .handler = list_views,
     .access = API_SIGNED_IN, .flags = API_ONLY},
    {.name = "view_save", .method = HTTP_POST, .path = "/views", .handler = save_view,
     .access = API_SIGNED_IN, .flags = HTTP_ROUTE_JSON | HTTP_ROUTE_FORM,
     .body_limit = VIEW_BYTES, .fields = view_fields, .field_count = COUNT_OF(view_fields)},
    {.name = "view_drop", .method = HTTP_DELETE, .path = "/views/{id}", .handler = drop_view,
     .access = API_SIGNED_IN, .flags = API_ONLY},
};

const struct api_table view_api = {routes, COUNT_OF(routes)};
