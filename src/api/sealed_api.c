/*
 * What is opened goes out in one answer and nowhere else: it is not kept under the key of the request, as other
 * answers are, and whoever asks again with that key is told that it was opened.
 */
#include "api/sealed_api.h"

#include "api/office.h"
#include "services/unseal.h"
#include "store/idempotency_rows.h"

enum { FORM_BYTES = 64 << 10 };

static enum status show_now(struct api_call *call, struct case_ref ref)
{
    const struct world *world;
    struct case_reading reading;
    struct arena *arena = call->ctx->arena;
    TRY(office_world(call, &world));
    TRY(casework_read(call->ctx, office_conn(call), world, ref, office_actor(call), &reading));
    const struct case_view view = {.reader = office_reader(call),
                                   .world = world,
                                   .engine = &reading.engine,
                                   .casefile = reading.casefile,
                                   .events = &reading.events,
                                   .actor = office_actor(call)};
    call->document = value_map(arena);
    put_sealed(call->ctx, &view, call->document);
    if (value_find_c(call->document, "sealed") == NULL)
        return fail(call->ctx, ST_NOT_FOUND, "sealed.nothing", NO_ARGS);
    value_put_text(arena, call->document, "number", reading.casefile->number);
    value_put_text(arena, call->document, "case_url",
                   str_concat(arena, S("/cases/"),
                              casefile_ref_format(arena, ref.prefecture, ref.id)));
    return ST_OK;
}

static enum status show(struct api_call *call)
{
    struct case_ref ref;
    TRY(office_case_ref(call, "id", &ref.prefecture, &ref.id));
    return show_now(call, ref);
}

/* ---- opening ---- */

struct opening {
    const struct api_call *call;
    struct unseal_order order;
};

/* The key goes into the commit of the opening: twice sent is once opened. */
static enum status record(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    struct opening *opening = arg;
    const struct api_call *call = opening->call;
    struct str key = call->kept.key;
    struct idempotency_reply reply;
    if (key.at == NULL)
        return unseal_record(ctx, ledger, &opening->order);
    enum status status =
        idempotency_rows_find(ctx, ledger->conn, call->session.account, key, &reply);
    if (status == ST_OK)
        return fail(ctx, ST_CONFLICT, "sealed.once", NO_ARGS);
    if (status != ST_NOT_FOUND)
        return status;
    TRY(unseal_record(ctx, ledger, &opening->order));
    reply = (struct idempotency_reply){.fingerprint = call->kept.fingerprint,
                                       .status = 200,
                                       .headers = call->http->request.path,
                                       .reply = S("")};
    return idempotency_rows_insert(ctx, ledger->conn, call->session.account, key, &reply);
}

/* Said here and not by the route's table: whether the case is theirs comes first. */
static enum status check_members(struct api_call *call)
{
    value_each (member, call->input)
        if (!str_eq(member->key, S("reason")))
            return api_field_wrong(call, str_c(call->ctx->arena, member->key), "form.unknown_field",
                                   ARGS(arg_text("field", member->key)));
    return ST_OK;
}

static enum status open_sealed(struct api_call *call)
{
    const struct world *world;
    struct case_ref ref;
    struct case_reading reading;
    TRY(office_case_ref(call, "id", &ref.prefecture, &ref.id));
    TRY(office_world(call, &world));
    TRY(casework_read(call->ctx, office_conn(call), world, ref, office_actor(call), &reading));
    TRY(check_members(call));
    struct opening opening = {.call = call,
                              .order = {.order = {.home = office_home(call),
                                                  .world = world,
                                                  .actor = office_actor(call),
                                                  .ref = ref,
                                                  .command = S("open_sealed"),
                                                  .input = call->input,
                                                  .happened_at = INSTANT_NONE},
                                        .lang = call->lang}};
    TRY(home_write(call->ctx, office_home(call), record, &opening));
    call->kept.key = (struct str){0}; /* or the answer would be kept, with what was told */
    TRY(show_now(call, ref));
    value_put(call->document, S("told"), opening.order.told);
    value_put_bool(call->ctx->arena, call->document, "opened", true);
    call->status = 200;
    return ST_OK;
}

static enum status opened_before(struct api_call *call)
{
    return fail(call->ctx, ST_CONFLICT, "sealed.once", NO_ARGS);
}

static enum status refused(struct api_call *call)
{
    TRY(show(call));
    value_put(call->document, S("problem"), value_copy(call->ctx->arena, call->problem));
    return ST_OK;
}

static const struct api_route routes[] = {
    {.name = "sealed", .method = HTTP_GET, .path = "/cases/{id}/sealed", .handler = show,
     .access = API_SIGNED_IN, .page = "sealed"},
    {.name = "sealed_open", .method = HTTP_POST, .path = "/cases/{id}/sealed",
     .handler = open_sealed, .access = API_SIGNED_IN,
     .flags = HTTP_ROUTE_JSON | HTTP_ROUTE_FORM | HTTP_ROUTE_SLOW, .page = "sealed",
     .body_limit = FORM_BYTES, .refused = refused, .again = opened_before},
};

const struct api_table sealed_api = {routes, COUNT_OF(routes)};
