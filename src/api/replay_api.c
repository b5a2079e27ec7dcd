/*
 * Whoever may see every case of a campaign may see what would have become of them. Reading all of a
 * ledger takes its time, so it runs on a slow thread.
 */
#include "api/replay_api.h"

#include <unistd.h>

#include "api/office.h"
#include "kit/yaml.h"
#include "services/case_list.h"
#include "services/replay.h"

static bool sees_campaign(struct api_call *call, const struct world *world, struct str campaign)
{
    const struct casefile_scope scope =
        case_scope(call->ctx->arena, world, office_actor(call));
    for (size_t i = 0; i < scope.campaigns.count; i++)
        if (str_eq(scope.campaigns.at[i], campaign))
            return true;
    return scope.everything;
}

/* The form: campaigns of this regime that the reader sees whole. */
static enum status show_form(struct api_call *call)
{
    const struct world *world;
    size_t count;
    struct arena *arena = call->ctx->arena;
    struct str id = api_capture(call, "id");
    const struct reader reader = office_reader(call);
    TRY(office_world(call, &world));
    const struct world_campaign *all = world_list_campaigns(world, &count);
    struct value *campaigns = value_list(arena);
    for (size_t i = 0; i < count; i++) {
        if (!str_eq(all[i].regime, id) || !sees_campaign(call, world, all[i].name))
            continue;
        struct value *row = value_append_map(arena, campaigns);
        value_put_text(arena, row, "id", all[i].name);
        value_put_text(arena, row, "label", words_label(reader.lang, all[i].title));
    }
    call->document = value_map(arena);
    value_put_text(arena, call->document, "regime", id);
    value_put(call->document, S("campaigns"), campaigns);
    return ST_OK;
}

static enum status read_pack(struct api_call *call, struct str *out)
{
    const struct http_file *file = http_file(call->http, "file");
    if (file == NULL)
        return api_field_wrong(call, "file", "engine.missing", ARGS(arg_c("field", "file")));
    char *bytes = arena_alloc(call->ctx->arena, YAML_BYTES_MAX + 1);
    ssize_t len = pread(file->fd, bytes, YAML_BYTES_MAX + 1, 0);
    if (len < 0 || len > YAML_BYTES_MAX)
        return fail(call->ctx, ST_LIMIT, "cli.pack_too_large",
                    ARGS(arg_text("path", file->filename), arg_bytes("limit", YAML_BYTES_MAX)));
    *out = (struct str){bytes, (size_t)len};
    return ST_OK;
}

/* 422, a fault of the pack in each of errors[]. */
static enum status refuse_pack(struct api_call *call, const struct pack_faults *faults)
{
    struct ctx *ctx = call->ctx;
    struct reason *reasons = arena_alloc_array(ctx->arena, faults->len, sizeof *reasons);
    fail_clear(ctx);
    for (size_t i = 0; i < faults->len; i++) {
        reasons[i] = faults->at[i].reason;
        reasons[i].field = str_printf(ctx->arena, "file:%d:%d", faults->at[i].place.line,
                                      faults->at[i].place.column);
        reasons[i].code = pack_fault_code_name(faults->at[i].code);
    }
    (void)fail_reason(ctx, ST_INVALID, reasons[0]);
    ctx->failure.more = reasons + 1;
    ctx->failure.more_count = faults->len - 1;
    return ST_INVALID;
}

static enum status run_replay(struct api_call *call)
{
    const struct world *world;
    struct pack_faults faults = {0};
    const struct reader reader = office_reader(call);
    struct replay_terms terms = {.campaign = value_find_text(call->input, "campaign"),
                                 .lang = reader.lang};
    if (str_is_empty(terms.campaign))
        return api_field_wrong(call, "campaign", "engine.missing",
                               ARGS(arg_c("field", "campaign")));
    TRY(office_world(call, &world));
    if (!sees_campaign(call, world, terms.campaign))
        return fail(call->ctx, ST_DENIED, "replay.denied", NO_ARGS);
    TRY(read_pack(call, &terms.bytes));
    enum status status =
        replay_campaign(call->ctx, office_home(call), &terms, &faults, &call->document);
    if (status == ST_INVALID && faults.len > 0)
        return refuse_pack(call, &faults);
    TRY(status);
    value_put_bool(call->ctx->arena, call->document, "has_cases",
                   value_find_int(call->document, "listed", 0) > 0);
    value_put_bool(call->ctx->arena, call->document, "done", true);
    call->status = 200;
    return ST_OK;
}

static enum status refused(struct api_call *call)
{
    TRY(show_form(call));
    value_put(call->document, S("problem"), value_copy(call->ctx->arena, call->problem));
    return ST_OK;
}

static const struct api_field replay_fields[] = {{"campaign", API_ID, true, NULL},
                                                 {"file", API_FILE, true, NULL}};

static const struct api_route routes[] = {
    {.name = "replay_form", .method = HTTP_GET, .path = "/regimes/{id}/replay",
     .handler = show_form, .access = API_SIGNED_IN, .page = "replay"},
    {.name = "replay_run", .method = HTTP_POST, .path = "/regimes/{id}/replay",
     .handler = run_replay, .access = API_SIGNED_IN, .page = "replay",
     .flags = HTTP_ROUTE_SLOW | HTTP_ROUTE_FILES, .body_limit = YAML_BYTES_MAX + (64 << 10),
     .fields = replay_fields, .field_count = COUNT_OF(replay_fields), .refused = refused},
};

const struct api_table replay_api = {routes, COUNT_OF(routes)};
