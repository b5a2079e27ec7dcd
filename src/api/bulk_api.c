/*
 * Whether a case takes part is asked of the engine here and, for those that do, once more by the
 * writer: between the two the case may have moved on, and then its own answer says so.
 */
#include "api/bulk_api.h"

#include "api/list_page.h"
#include "api/office.h"
#include "api/problem.h"
#include "base/vec.h"
#include "services/case_list.h"
#include "services/casework_many.h"

enum { BULK_MAX = 500, BULK_BYTES = 1024 * 1024 };

struct bulk_case {
    struct str text; /* as it was named */
    struct case_ref ref;
    struct casefile_row row; /* number empty where nobody may see it */
    const struct regime_transition *transition;
    struct case_reading reading;
    struct failure failure; /* ST_OK: it may be done, or was */
};

struct bulk {
    struct api_call *call;
    const struct world *world;
    struct str command;
    struct str batch; /* campaign/number, or absent */
    const struct value *fields;
    struct instant happened_at;
    VEC(struct bulk_case) cases;
};

/* ---- what is asked ---- */

static enum status add_case(struct bulk *bulk, struct str text)
{
    struct api_call *call = bulk->call;
    if (bulk->cases.len == BULK_MAX)
        return fail(call->ctx, ST_LIMIT, "bulk.too_many", ARGS(arg_int("limit", BULK_MAX)));
    struct bulk_case *one = vec_push(call->ctx->arena, &bulk->cases);
    one->text = text;
    if (casefile_ref_parse(text, &one->ref.prefecture, &one->ref.id))
        return ST_OK;
    return api_field_wrong(call, "cases", "case.unknown", ARGS(arg_text("case", text)));
}

static enum status add_named(struct bulk *bulk, const struct value *named)
{
    if (named != NULL && named->kind == VALUE_TEXT)
        return add_case(bulk, named->text);
    value_each (one, named)
        TRY(add_case(bulk, one->text));
    return ST_OK;
}

static enum status add_batch(struct bulk *bulk)
{
    struct ctx *ctx = bulk->call->ctx;
    const struct casefile_filter filter = {
        .batches = {&bulk->batch, 1},
        .due_before = INSTANT_NONE,
        .due_after = INSTANT_NONE,
        .scope = case_scope(ctx->arena, bulk->world, office_actor(bulk->call))};
    const struct casefile_page page = {.sort = CASEFILE_SORT_NUMBER, .limit = BULK_MAX};
    struct casefile_list list;
    TRY(casefile_list(ctx, office_conn(bulk->call), &filter, &page, &list));
    if (!str_is_empty(list.next))
        return fail(ctx, ST_LIMIT, "bulk.too_many", ARGS(arg_int("limit", BULK_MAX)));
    for (size_t i = 0; i < list.rows.len; i++)
        TRY(add_case(bulk, casefile_ref_format(ctx->arena, list.rows.at[i].prefecture,
                                               list.rows.at[i].id)));
    return ST_OK;
}

/* A page sends the command's fields beside its own, JSON under `fields`. */
static const struct value *fields_of(const struct api_call *call)
{
    static const char *const own[] = {"case", "cases", "batch", "confirmed", "happened_at"};
    struct value *fields = value_map(call->ctx->arena);
    if (!call->is_page) {
        const struct value *given = value_find_c(call->input, "fields");
        return given == NULL ? fields : given;
    }
    value_each (member, call->input) {
        bool is_own = false;
        for (size_t i = 0; i < COUNT_OF(own); i++)
            is_own = is_own || str_eq_c(member->key, own[i]);
        if (!is_own)
            value_put(fields, member->key, value_copy(call->ctx->arena, member));
    }
    return fields;
}

static enum status read_order(struct bulk *bulk)
{
    struct api_call *call = bulk->call;
    struct str happened = value_find_text(call->input, "happened_at");
    bulk->command = http_capture(call->http, "command");
    bulk->batch = value_find_text(call->input, "batch");
    bulk->fields = fields_of(call);
    bulk->happened_at = INSTANT_NONE;
    if (!str_is_empty(happened) && !instant_parse_lenient(happened, &bulk->happened_at))
        return api_field_wrong(call, "happened_at", "form.not_a_time",
                               ARGS(arg_c("field", "happened_at")));
    TRY(add_named(bulk, value_find_c(call->input, "case")));
    TRY(add_named(bulk, value_find_c(call->input, "cases")));
    if (bulk->cases.len == 0 && !str_is_empty(bulk->batch))
        TRY(add_batch(bulk));
    return bulk->cases.len > 0 ? ST_OK : api_field_wrong(call, "cases", "bulk.none", NO_ARGS);
}

static bool is_confirmed(const struct api_call *call)
{
    const struct value *given = value_find_c(call->input, "confirmed");
    return given != NULL && (given->kind == VALUE_BOOL ? given->flag
                                                       : str_eq(given->text, S("true")));
}

/* ---- who may what ---- */

/* The row that leads on from the case's state, else any of that name. */
static const struct regime_transition *row_of(const struct case_reading *reading,
                                              struct str command)
{
    const struct regime_procedure *procedure = reading->engine.procedure;
    const struct regime_transition *any = NULL;
    for (size_t i = 0; i < procedure->transition_count; i++) {
        const struct regime_transition *row = &procedure->transitions[i];
        if (!str_eq(row->name, command))
            continue;
        any = row;
        for (size_t j = 0; j < row->from_count; j++)
            if (str_eq(row->from[j]->name, reading->casefile->state))
                return row;
    }
    return any;
}

static enum status judge(struct ctx *ctx, const struct bulk *bulk, struct bulk_case *one)
{
    struct db_conn *conn = office_conn(bulk->call);
    const struct actor_post *post;
    TRY(casework_read(ctx, conn, bulk->world, one->ref, office_actor(bulk->call), &one->reading));
    TRY(casefile_rows_find(ctx, conn, one->ref.prefecture, one->ref.id, &one->row));
    one->transition = row_of(&one->reading, bulk->command);
    if (one->transition == NULL)
        return fail(ctx, ST_NOT_FOUND, "engine.no_such_command",
                    ARGS(arg_text("command", bulk->command)));
    if (!one->transition->bulk)
        return fail(ctx, ST_CONFLICT, "bulk.not_offered",
                    ARGS(arg_words("command", one->transition->words)));
    return engine_may(ctx, &one->reading.engine, one->reading.casefile, bulk->command,
                      office_actor(bulk->call), &post);
}

static void judge_all(struct bulk *bulk)
{
    for (size_t i = 0; i < bulk->cases.len; i++) {
        struct ctx own = {.arena = bulk->call->ctx->arena, .now = bulk->call->ctx->now};
        if (judge(&own, bulk, &bulk->cases.at[i]) != ST_OK)
            bulk->cases.at[i].failure = own.failure;
    }
}

/* ---- doing it ---- */

/* What a turn's failure borrows goes with the turn. */
static void keep_failure(struct ctx *ctx, struct casework_turn *turn, struct bulk_case *one)
{
    struct ctx own = {.arena = ctx->arena, .now = ctx->now, .failure = turn->ctx.failure};
    struct reason *more = arena_alloc_array(ctx->arena, own.failure.more_count, sizeof *more);
    for (size_t i = 0; i < own.failure.more_count; i++) {
        struct ctx part = {.arena = ctx->arena,
                           .failure = {.reason = turn->ctx.failure.more[i]}};
        fail_keep(&part);
        more[i] = part.failure.reason;
    }
    fail_keep(&own);
    own.failure.more = more;
    one->failure = own.failure;
    one->failure.status = turn->status;
}

static enum status give(struct bulk *bulk)
{
    struct ctx *ctx = bulk->call->ctx;
    struct casework_turn *turns = arena_alloc_array(ctx->arena, bulk->cases.len, sizeof *turns);
    struct bulk_case **whose = arena_alloc_array(ctx->arena, bulk->cases.len, sizeof *whose);
    size_t count = 0;
    for (size_t i = 0; i < bulk->cases.len; i++) {
        if (bulk->cases.at[i].failure.status != ST_OK)
            continue;
        whose[count] = &bulk->cases.at[i];
        casework_turn_begin(&turns[count], ctx->now);
        turns[count].order = (struct case_order){.home = office_home(bulk->call),
                                                 .world = bulk->world,
                                                 .actor = office_actor(bulk->call),
                                                 .ref = bulk->cases.at[i].ref,
                                                 .command = bulk->command,
                                                 .input = bulk->fields,
                                                 .happened_at = bulk->happened_at};
        count++;
    }
    if (count > 0)
        casework_give_many(turns, count);
    for (size_t i = 0; i < count; i++) {
        if (turns[i].status == ST_OK)
            continue;
        keep_failure(ctx, &turns[i], whose[i]);
        casework_keep_attempt(&turns[i].ctx, &turns[i].order);
    }
    casework_turns_end(turns, count);
    for (size_t i = 0; i < count; i++) /* as they stand now */
        TRY(casefile_rows_find(ctx, office_conn(bulk->call), whose[i]->ref.prefecture,
                               whose[i]->ref.id, &whose[i]->row));
    return ST_OK;
}

/* ---- the document ---- */

static enum status put_item(const struct bulk *bulk, const struct bulk_case *one, bool done,
                            struct value *items)
{
    struct api_call *call = bulk->call;
    struct arena *arena = call->ctx->arena;
    const struct reader reader = office_reader(call);
    bool ok = one->failure.status == ST_OK;
    struct value *row = value_append_map(arena, items);
    if (!str_is_empty(one->row.number))
        TRY(case_row_document(call->ctx, bulk->world, &reader, &one->row, row));
    value_put_text(arena, row, "id", one->text);
    value_put_bool(arena, row, done ? "ok" : "allowed", ok);
    if (one->transition != NULL)
        value_put_text(arena, row, "clause", one->transition->clause);
    if (ok)
        return ST_OK;
    struct value *problem = problem_of(call, call->api->words, &one->failure);
    value_put_text(arena, row, "why_not", value_find_text(problem, "detail"));
    if (!str_is_empty(value_find_text(problem, "clause")))
        value_put_text(arena, row, "clause", value_find_text(problem, "clause"));
    value_put(row, S("problem"), problem);
    return ST_OK;
}

/* The form of the first case that takes part, else of the first that has the command. */
static const struct bulk_case *sample_of(const struct bulk *bulk)
{
    const struct bulk_case *sample = NULL;
    for (size_t i = 0; i < bulk->cases.len; i++) {
        const struct bulk_case *one = &bulk->cases.at[i];
        if (one->transition != NULL && one->failure.status == ST_OK)
            return one;
        if (one->transition != NULL && sample == NULL)
            sample = one;
    }
    return sample;
}

static void put_form(const struct bulk *bulk, const struct bulk_case *sample)
{
    struct api_call *call = bulk->call;
    struct arena *arena = call->ctx->arena;
    size_t count;
    const struct regime_field *fields = form_fields(arena, sample->transition, &count);
    const struct case_view view = {.reader = office_reader(call),
                                   .world = bulk->world,
                                   .engine = &sample->reading.engine,
                                   .casefile = sample->reading.casefile,
                                   .actor = office_actor(call)};
    struct value *form = value_put_map(arena, call->document, "form");
    value_put(form, S("fields"), form_document(arena, &view, fields, count, bulk->fields));
    value_put_bool(arena, call->document, "has_form", count > 0);
}

static struct str back_url(const struct bulk *bulk)
{
    struct arena *arena = bulk->call->ctx->arena;
    struct value *query = value_map(arena);
    const struct bulk_case *sample = sample_of(bulk);
    if (sample != NULL)
        value_put_text(arena, query, "campaign", sample->row.campaign);
    value_put_text(arena, query, "batch", bulk->batch);
    return case_list_url(arena, "/cases", query, NULL);
}

static enum status put_document(const struct bulk *bulk, bool done)
{
    struct api_call *call = bulk->call;
    struct arena *arena = call->ctx->arena;
    const struct bulk_case *sample = sample_of(bulk);
    int64_t well = 0;
    call->document = value_map(arena);
    value_put_text(arena, call->document, "command", bulk->command);
    value_put_text(arena, call->document, "label",
                   sample == NULL ? bulk->command
                                  : words_label(call->lang, sample->transition->words));
    value_put_text(arena, call->document, "url",
                   str_concat(arena, S("/cases/bulk/"), bulk->command));
    value_put_text(arena, call->document, "back_url", back_url(bulk));
    value_put_bool(arena, call->document, "confirmed", done);
    struct value *items = value_put_list(arena, call->document, "items");
    for (size_t i = 0; i < bulk->cases.len; i++) {
        bool ok = bulk->cases.at[i].failure.status == ST_OK;
        well += ok;
        /* On the page stands what is left to be seen to. */
        if (!done || !ok || !call->is_page)
            TRY(put_item(bulk, &bulk->cases.at[i], done, items));
    }
    value_put_int(arena, call->document, done ? "done" : "allowed", well);
    value_put_int(arena, call->document, "refused", (int64_t)bulk->cases.len - well);
    if (sample != NULL)
        put_form(bulk, sample);
    return ST_OK;
}

static enum status give_bulk(struct api_call *call)
{
    struct bulk bulk = {.call = call};
    bool confirmed = is_confirmed(call);
    TRY(office_world(call, &bulk.world));
    TRY(read_order(&bulk));
    judge_all(&bulk);
    if (confirmed)
        TRY(give(&bulk));
    TRY(put_document(&bulk, confirmed));
    if (call->is_page && confirmed && value_find_int(call->document, "refused", 0) == 0) {
        call->location = back_url(&bulk);
        call->flash = "flash.bulk_done";
    }
    return ST_OK;
}

static const struct api_field bulk_fields[] = {
    {"cases", API_LIST, false, NULL},  {"batch", API_TEXT, false, NULL},
    {"fields", API_MAP, false, NULL},  {"happened_at", API_INSTANT, false, NULL},
    {"confirmed", API_BOOLEAN, false, NULL},
};

static const struct api_route routes[] = {
    {.name = "case_bulk", .method = HTTP_POST, .path = "/cases/bulk/{command}",
     .handler = give_bulk, .access = API_SIGNED_IN,
     .flags = HTTP_ROUTE_JSON | HTTP_ROUTE_FORM | HTTP_ROUTE_SLOW, .page = "bulk",
     .body_limit = BULK_BYTES, .fields = bulk_fields, .field_count = COUNT_OF(bulk_fields)},
};

const struct api_table bulk_api = {routes, COUNT_OF(routes)};
