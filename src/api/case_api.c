/*
 * Reading is done on the spot; writing is handed to the writer while the thread goes on, and the
 * answer is the case as it stands after the commit.
 */
#include "api/case_api.h"

#include <stddef.h>
#include <string.h>

#include "api/case_new.h"
#include "api/evidence_api.h"
#include "api/list_page.h"
#include "api/office.h"
#include "base/num.h"
#include "regime/disclosure.h"
#include "services/case_cross.h"
#include "services/casework.h"
#include "services/issued_check.h"
#include "store/idempotency_rows.h"

enum {
    COMMAND_BYTES = 1024 * 1024,
    UPLOAD_BYTES = 64 * 1024 * 1024,
};

static enum status list_cases(struct api_call *call)
{
    const struct world *world;
    const struct reader reader = office_reader(call);
    struct value *query = office_query(call);
    struct value *filter = value_map(call->ctx->arena);
    value_each (member, query) /* how it is shown does not choose rows */
        if (!str_eq(member->key, S("columns")) && !str_eq(member->key, S("view")))
            value_put(filter, member->key, value_copy(call->ctx->arena, member));
    TRY(office_world(call, &world));
    TRY(case_list_document(call->ctx, office_conn(call), world, &reader, office_actor(call),
                           filter, &call->document));
    return call->is_page ? list_page_put(call, world, query) : ST_OK;
}

/* The states it has been in, for the drawing. */
static void put_passed(struct arena *arena, const struct case_reading *reading, struct value *out)
{
    struct value *passed = value_put_list(arena, out, "passed");
    for (size_t i = 0; i < reading->events.len; i++) {
        const struct event *event = &reading->events.at[i].event;
        struct str from = value_find_text(event->payload, "from");
        if (event->type == EVENT_MOVED && !str_is_empty(from))
            value_append(passed, value_text(arena, from));
    }
}

static void put_page_parts(struct api_call *call, const struct case_reading *reading)
{
    struct arena *arena = call->ctx->arena;
    put_passed(arena, reading, call->document);
    value_put(call->document, S("graph_svg"),
              value_markup(arena, drawings_find(office_of(call)->drawings, reading->engine.regime,
                                                reading->engine.procedure, call->lang)));
}

static enum status may_read(struct api_call *call, const struct world *world, struct case_ref ref,
                            bool *out)
{
    struct case_reading reading;
    enum status status =
        casework_read(call->ctx, office_conn(call), world, ref, office_actor(call), &reading);
    *out = status == ST_OK;
    if (status != ST_NOT_FOUND)
        return status;
    fail_clear(call->ctx);
    return ST_OK;
}

/* Its title and state, in the words of the pack that it began with. */
static enum status tell_standing(struct api_call *call, const struct world *world,
                                 const struct casefile_row *found, struct value *row)
{
    struct arena *arena = call->ctx->arena;
    const struct regime *regime;
    TRY(world_load_pack(call->ctx, world, found->pack, &regime));
    const struct regime_procedure *procedure = regime_find_procedure(regime, found->procedure);
    const struct regime_state *state = procedure_find_state(procedure, found->state);
    value_put_text(arena, row, "title", case_title(world, procedure, call->lang, found->title));
    if (state == NULL)
        return ST_OK;
    value_put_text(arena, row, "state", state->name);
    value_put_text(arena, row, "state_label", words_label(call->lang, state->words));
    value_put_text(arena, row, "like", found->like_state);
    return ST_OK;
}

/* A linked case by its number, title and state; one that is gone or not theirs keeps its id alone. */
static enum status name_links(struct api_call *call, const struct world *world,
                              const struct casefile *casefile)
{
    struct arena *arena = call->ctx->arena;
    struct value *links = value_list_at(arena, call->document, "links");
    struct value *row = links->first;
    const struct casefile_scope scope = case_scope(arena, world, office_actor(call));
    for (size_t i = 0; i < casefile->links.len && row != NULL; i++, row = row->next) {
        const struct casefile_link *link = &casefile->links.at[i];
        struct casefile_row found;
        bool seen;
        value_put_text(arena, row, "number", value_find_text(row, "id"));
        value_put_text(arena, row, "title", S(""));
        TRY(casefile_scope_sees(call->ctx, office_conn(call), &scope, link->prefecture, link->id,
                                &seen));
        if (!seen && str_is_empty(link->as))
            continue;
        if (!seen) /* where it came from is read by leave of the link */
            TRY(may_read(call, world, (struct case_ref){link->prefecture, link->id}, &seen));
        if (!seen)
            continue;
        TRY(casefile_rows_find(call->ctx, office_conn(call), link->prefecture, link->id, &found));
        const struct world_campaign *campaign = world_find_campaign(world, found.campaign);
        if (campaign != NULL && !str_eq(found.campaign, casefile->campaign))
            value_put_text(arena, row, "campaign_label", words_label(call->lang, campaign->title));
        value_put_text(arena, row, "number", found.number);
        TRY(tell_standing(call, world, &found, row));
    }
    return ST_OK;
}

static enum status show_case(struct api_call *call, struct case_ref ref)
{
    const struct world *world;
    struct case_reading reading;
    TRY(office_world(call, &world));
    TRY(casework_read(call->ctx, office_conn(call), world, ref, office_actor(call), &reading));
    const struct case_view view = {
        .reader = office_reader(call),
        .world = world,
        .engine = &reading.engine,
        .casefile = reading.casefile,
        .events = &reading.events,
        .actor = office_actor(call),
        .conn = office_conn(call),
    };
    call->answer_version = reading.casefile->version;
    TRY(case_document(call->ctx, &view, &call->document));
    TRY(name_links(call, world, reading.casefile));
    if (regime_find_disclosure(reading.engine.regime, reading.casefile->procedure) != NULL)
        value_put_text(call->ctx->arena, call->document, "redaction_url",
                       str_concat(call->ctx->arena,
                                  value_find_text(call->document, "url"), S("/redaction")));
    if (call->is_page)
        put_page_parts(call, &reading);
    return ST_OK;
}

static enum status read_case(struct api_call *call)
{
    struct case_ref ref;
    TRY(office_case_ref(call, "id", &ref.prefecture, &ref.id));
    return show_case(call, ref);
}

/* A case as one of the documents that only read it. */
static enum status show_reading(struct api_call *call,
                                struct value *(*document)(struct ctx *ctx,
                                                          const struct case_view *view))
{
    struct case_ref ref;
    const struct world *world;
    struct case_reading reading;
    TRY(office_case_ref(call, "id", &ref.prefecture, &ref.id));
    TRY(office_world(call, &world));
    TRY(casework_read(call->ctx, office_conn(call), world, ref, office_actor(call), &reading));
    const struct case_view view = {.reader = office_reader(call),
                                   .world = world,
                                   .engine = &reading.engine,
                                   .casefile = reading.casefile,
                                   .events = &reading.events};
    call->document = document(call->ctx, &view);
    return ST_OK;
}

static enum status list_events(struct api_call *call)
{
    return show_reading(call, case_events_document);
}

static enum status show_paper(struct api_call *call)
{
    return show_reading(call, case_paper_document);
}

/* Written again from the events as they stood, and what has become of a notice's day since. */
static enum status check_issued(struct api_call *call)
{
    struct case_ref ref;
    const struct world *world;
    struct case_reading reading;
    int64_t sequence;
    struct str text = http_capture(call->http, "sequence");
    const struct home *home = office_home(call);
    if (!num_parse_i64(text, 1, INT64_MAX, &sequence))
        return fail(call->ctx, ST_NOT_FOUND, "document.unknown", ARGS(arg_text("number", text)));
    TRY(office_case_ref(call, "id", &ref.prefecture, &ref.id));
    TRY(office_world(call, &world));
    TRY(casework_read(call->ctx, office_conn(call), world, ref, office_actor(call), &reading));
    const struct case_view view = {.reader = office_reader(call),
                                   .world = world,
                                   .engine = &reading.engine,
                                   .casefile = reading.casefile,
                                   .events = &reading.events};
    return issued_check_document(call->ctx, office_conn(call), home->furniture, &view, sequence,
                                 &call->document);
}

/* ---- writing ---- */

/* Lives in the call's arena while the writer works. */
struct pending {
    struct api_call *call;
    struct world *world;
    struct case_order order;
    struct writer_job job;
    enum status refused; /* while the record of a refused attempt is made */
    struct ctx ctx;      /* of that record */
    struct case_order attempt;
};

#define CASE_PLACE "/cases/"

static struct str place_of(struct arena *arena, struct case_ref ref)
{
    return str_concat(arena, S(CASE_PLACE), casefile_ref_format(arena, ref.prefecture, ref.id));
}

static int written_status(const struct case_order *order)
{
    return str_eq(order->command, S("create")) ? 201 : 200;
}

static enum status answer_written(struct api_call *call)
{
    struct pending *pending = call->state;
    struct case_ref made = pending->order.made;
    world_release(pending->world);
    call->location = place_of(call->ctx->arena, made);
    call->status = written_status(&pending->order);
    return show_case(call, made);
}

/* The case as it stands now: what it looked like right after the write went with the program. */
static enum status answer_done_before(struct api_call *call)
{
    struct case_ref ref;
    struct str name = str_from(call->location, strlen(CASE_PLACE));
    if (!casefile_ref_parse(name, &ref.prefecture, &ref.id))
        return fail(call->ctx, ST_NOT_FOUND, "case.unknown", ARGS(arg_text("case", name)));
    return show_case(call, ref);
}

static struct pending *pending_of(void *order)
{
    return (struct pending *)((char *)order - offsetof(struct pending, order));
}

/* The key goes into the command's own commit: a program that ends before it has answered does not
 * do it a second time when asked again. */
static enum status record(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    struct case_order *order = arg;
    const struct api_call *call = pending_of(arg)->call;
    struct str key = call->kept.key;
    struct idempotency_reply reply;
    if (key.at == NULL)
        return casework_record(ctx, ledger, order);
    enum status status =
        idempotency_rows_find(ctx, ledger->conn, call->session.account, key, &reply);
    if (status == ST_OK)
        return fail(ctx, ST_CONFLICT, "idempotency.under_way", NO_ARGS);
    if (status != ST_NOT_FOUND)
        return status;
    TRY(casework_record(ctx, ledger, order));
    reply = (struct idempotency_reply){.fingerprint = call->kept.fingerprint,
                                       .status = written_status(order),
                                       .headers = place_of(ctx->arena, order->made),
                                       .reply = S("")};
    return idempotency_rows_insert(ctx, ledger->conn, call->session.account, key, &reply);
}

/* ---- a refused attempt that is recorded ---- */

static void recorded(struct ctx *ctx, void *arg, enum status status)
{
    struct pending *pending = arg;
    (void)ctx;
    (void)status; /* it may stand already; what the attempt was refused with is the answer */
    world_release(pending->world);
    api_fail(pending->call, pending->refused);
}

static enum status record_attempt(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    return casework_record(ctx, ledger, &((struct pending *)arg)->attempt);
}

static enum status keep_attempt(struct api_call *call)
{
    struct pending *pending = call->state;
    pending->ctx = (struct ctx){.arena = call->ctx->arena, .now = call->ctx->now};
    pending->job = (struct writer_job){
        .ctx = &pending->ctx, .run = record_attempt, .done = recorded, .arg = pending};
    api_defer(call);
    writer_submit(office_home(call)->writer, &pending->job);
    return ST_OK;
}

static void written(struct ctx *ctx, void *arg, enum status status)
{
    struct pending *pending = pending_of(arg);
    (void)ctx;
    if (status == ST_OK) {
        api_continue(pending->call, answer_written);
        return;
    }
    pending->refused = status;
    if (casework_attempt(pending->call->ctx, &pending->order, &pending->attempt)) {
        api_continue(pending->call, keep_attempt);
        return;
    }
    world_release(pending->world);
    api_fail(pending->call, status);
}

static enum status write_order(struct api_call *call, const struct case_order *order)
{
    struct pending *pending = arena_new_of(call->ctx->arena, struct pending);
    pending->call = call;
    pending->order = *order;
    TRY(world_acquire(call->ctx, office_home(call)->worlds, office_conn(call), &pending->world));
    pending->order.home = office_home(call);
    pending->order.world = pending->world;
    pending->order.actor = office_actor(call);
    pending->job = (struct writer_job){
        .ctx = call->ctx, .run = record, .done = written, .arg = &pending->order};
    call->state = pending;
    api_defer(call);
    writer_submit(office_home(call)->writer, &pending->job);
    return ST_OK;
}

/* `happened_at` stands beside the fields of any command; absent: now. */
static enum status take_happened(struct api_call *call, const struct value *input,
                                 struct instant *out)
{
    const struct value *given = value_find_c(input, "happened_at");
    *out = INSTANT_NONE;
    if (value_is_empty(given))
        return ST_OK;
    if (given->kind != VALUE_TEXT || !instant_parse_lenient(given->text, out))
        return api_field_wrong(call, "happened_at", "form.not_a_time",
                               ARGS(arg_c("field", "happened_at")));
    return ST_OK;
}

static struct value *without(struct arena *arena, const struct value *input, const char *name)
{
    struct value *rest = value_map(arena);
    value_each (member, input)
        if (!str_eq_c(member->key, name))
            value_put(rest, member->key, value_copy(arena, member));
    return rest;
}

static enum status create_case(struct api_call *call)
{
    const struct value *input = case_new_fold(call);
    struct case_order order = {.command = S("create"),
                               .campaign = value_find_text(input, "campaign"),
                               .procedure = value_find_text(input, "procedure"),
                               .input = input};
    TRY(take_happened(call, input, &order.happened_at));
    return write_order(call, &order);
}

static enum status give_command(struct api_call *call)
{
    struct case_order order = {.command = http_capture(call->http, "command"),
                               .version = call->version};
    TRY(office_case_ref(call, "id", &order.ref.prefecture, &order.ref.id));
    if (str_eq(order.command, S("open_sealed"))) /* has a door of its own: an opening shows what it opens */
        return fail(call->ctx, ST_NOT_FOUND, "engine.no_such_command",
                    ARGS(arg_text("command", order.command)));
    TRY(take_happened(call, call->input, &order.happened_at));
    order.input = without(call->ctx->arena, call->input, "happened_at");
    if (call->http->request.file_count > 0)
        TRY(evidence_take_upload(call, &order.input));
    return write_order(call, &order);
}

/* A refused form is shown again on its case, with what was typed and why it was refused. */
static enum status refused_command(struct api_call *call)
{
    struct case_ref ref;
    TRY(office_case_ref(call, "id", &ref.prefecture, &ref.id));
    TRY(show_case(call, ref));
    return list_page_put_refusal(call, http_capture(call->http, "command"));
}

static enum status show_figures(struct api_call *call)
{
    const struct world *world;
    const struct reader reader = office_reader(call);
    struct value *query = without(call->ctx->arena, office_query(call), "by");
    TRY(office_world(call, &world));
    struct str by = api_query(call, "by");
    return case_figures_document(call->ctx, office_conn(call), world, &reader, office_actor(call), query,
                                 str_is_empty(by) ? S("region") : by, &call->document);
}

static enum status show_table(struct api_call *call)
{
    const struct world *world;
    const struct reader reader = office_reader(call);
    TRY(office_world(call, &world));
    return case_cross_document(call->ctx, office_conn(call), world, &reader, office_actor(call),
                               office_query(call), &call->document);
}

static const struct api_field create_fields[] = {
    {"campaign", API_TEXT, true, NULL},  {"procedure", API_TEXT, true, NULL},
    {"region", API_TEXT, true, NULL},    {"fields", API_MAP, true, NULL},
    {"source", API_TEXT, false, NULL},   {"batch", API_TEXT, false, NULL},
    {"received_number", API_TEXT, false, NULL}, {"roles", API_MAP, false, NULL},
    {"happened_at", API_INSTANT, false, NULL}, {"heed", API_TEXT, false, NULL},
};

static const struct api_route routes[] = {
    {.name = "case_list", .method = HTTP_GET, .path = "/cases", .handler = list_cases,
     .access = API_SIGNED_IN, .page = "cases", .query = CASE_LIST_QUERY " columns view"},
    {.name = "case_create", .method = HTTP_POST, .path = "/cases", .handler = create_case,
     .access = API_SIGNED_IN, .flags = HTTP_ROUTE_JSON | HTTP_ROUTE_FORM, .page = "case_new",
     .body_limit = COMMAND_BYTES, .fields = create_fields, .field_count = COUNT_OF(create_fields),
     .refused = case_new_refused, .again = answer_done_before},
    {.name = "case_read", .method = HTTP_GET, .path = "/cases/{id}", .handler = read_case,
     .access = API_SIGNED_IN, .page = "case"},
    {.name = "case_document_check", .method = HTTP_GET,
     .path = "/cases/{id}/documents/{sequence}/check", .handler = check_issued,
     .access = API_SIGNED_IN, .flags = HTTP_ROUTE_SLOW, .page = "document_check"},
    {.name = "case_events", .method = HTTP_GET, .path = "/cases/{id}/events",
     .handler = list_events, .access = API_SIGNED_IN, .page = "events"},
    {.name = "case_paper", .method = HTTP_GET, .path = "/cases/{id}/paper",
     .handler = show_paper, .access = API_SIGNED_IN, .page = "paper"},
    {.name = "case_command", .method = HTTP_POST, .path = "/cases/{id}/commands/{command}",
     .handler = give_command, .access = API_SIGNED_IN,
     .flags = HTTP_ROUTE_JSON | HTTP_ROUTE_FORM | HTTP_ROUTE_FILES | API_VERSIONED,
     .page = "case", .body_limit = UPLOAD_BYTES, .refused = refused_command,
     .again = answer_done_before},
    {.name = "stats", .method = HTTP_GET, .path = "/stats", .handler = show_figures,
     .access = API_SIGNED_IN, .page = "stats", .query = CASE_LIST_QUERY " by"},
    {.name = "stats_table", .method = HTTP_GET, .path = "/stats/table", .handler = show_table,
     .access = API_SIGNED_IN, .flags = HTTP_ROUTE_SLOW, .page = "stats_table",
     .query = CASE_CROSS_QUERY},
};

const struct api_table case_api = {routes, COUNT_OF(routes)};
