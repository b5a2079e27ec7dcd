/*
 * Without a login, so each address has a bucket of calls: nobody finds a code by trying, and nobody floods an
 * office. What was typed stands in the form again after a refusal.
 */
#include "api/complaint_api.h"

#include "api/office.h"
#include "kit/qr.h"
#include "kit/rate.h"
#include "services/checkpoint.h"
#include "services/complaint.h"
#include "services/evidence.h"

enum { PHOTO_BYTES_MAX = 16 << 20, FORM_BYTES = 64 << 10 };

static const char *const photo_names[COMPLAINT_PHOTOS_MAX] = {"photo1", "photo2", "photo3"};

static enum status may_call(struct api_call *call)
{
    int64_t wait;
    if (call->session.account.v != 0) /* whoever has an account is known otherwise */
        return ST_OK;
    if (rate_take(office_home(call)->callers, call->http->request.peer, call->ctx->now, &wait))
        return ST_OK;
    int64_t seconds = (wait + MS_PER_SECOND - 1) / MS_PER_SECOND;
    return fail(call->ctx, ST_THROTTLED, "complaint.too_often", ARGS(arg_int("seconds", seconds)));
}

/* ---- the form ---- */

static enum status put_form(struct api_call *call)
{
    const struct world *world;
    TRY(office_world(call, &world));
    return complaint_form_document(call->ctx, world, value_find_text(call->input, "region"),
                                   &call->document);
}

/* After a refusal: the same code, so that a form that did get through is not taken twice. */
static enum status put_form_again(struct api_call *call)
{
    static const char *const kept[] = {"code", "text", "place", "name", "phone"};
    struct arena *arena = call->ctx->arena;
    TRY(put_form(call));
    for (size_t i = 0; i < COUNT_OF(kept); i++) {
        struct str typed = value_find_text(call->input, kept[i]);
        if (!str_is_empty(typed))
            value_put_text(arena, call->document, kept[i], typed);
    }
    return ST_OK;
}

/* ---- taking it in ---- */

static enum status keep_photo(struct api_call *call, const struct http_file *file, struct upload *out)
{
    const struct evidence_offer offer = {.fd = file->fd,
                                         .name = file->filename,
                                         .taken_at = INSTANT_NONE,
                                         .lat = INT64_MIN,
                                         .lon = INT64_MIN};
    TRY(evidence_keep(call->ctx, office_home(call), office_of(call)->pictures, &offer, out));
    if (str_starts(out->type, S("image/")))
        return ST_OK;
    return api_field_wrong(call, "photo1", "complaint.no_photo", ARGS(arg_text("name", out->name)));
}

static enum status add_photo(struct api_call *call, const struct world *world, struct case_ref ref,
                             struct str kind, const struct upload *photo)
{
    static const struct actor system = {.is_system = true};
    struct arena *arena = call->ctx->arena;
    struct value *told = value_map(arena), *input;
    value_put_text(arena, told, "evidence",
                   str_printf(arena, "%lld", (long long)photo->id.v));
    value_put_text(arena, told, "kind", kind);
    TRY(evidence_fill(call->ctx, office_conn(call), told, &input));
    struct case_order order = {.home = office_home(call),
                               .world = world,
                               .actor = &system,
                               .ref = ref,
                               .command = S("add_evidence"),
                               .input = input,
                               .happened_at = INSTANT_NONE};
    return casework_give(call->ctx, &order);
}

/* Photos of a form that is sent again stand in the case already. */
static enum status add_photos(struct api_call *call, const struct world *world, struct case_ref ref,
                              const struct upload *photos, size_t count)
{
    struct case_reading reading;
    TRY(casework_read(call->ctx, office_conn(call), world, ref, NULL, &reading));
    struct str kind = complaint_photo_kind(&reading.engine);
    if (str_is_empty(kind) || reading.casefile->evidence.len > 0)
        return ST_OK;
    for (size_t i = 0; i < count; i++)
        TRY(add_photo(call, world, ref, kind, &photos[i]));
    return ST_OK;
}

static enum status take(struct api_call *call)
{
    const struct world *world;
    struct case_ref ref;
    struct upload photos[COMPLAINT_PHOTOS_MAX];
    size_t count = 0;
    const struct complaint told = {.code = value_find_text(call->input, "code"),
                                   .region = value_find_text(call->input, "region"),
                                   .text = str_trim(value_find_text(call->input, "text")),
                                   .place = str_trim(value_find_text(call->input, "place")),
                                   .name = str_trim(value_find_text(call->input, "name")),
                                   .phone = str_trim(value_find_text(call->input, "phone"))};
    TRY(may_call(call));
    TRY(office_world(call, &world));
    for (size_t i = 0; i < COUNT_OF(photo_names); i++) {
        const struct http_file *file = http_file(call->http, photo_names[i]);
        if (file != NULL && file->size > 0)
            TRY(keep_photo(call, file, &photos[count++]));
    }
    TRY(complaint_make(call->ctx, office_home(call), world, office_conn(call), &told, &ref));
    TRY(add_photos(call, world, ref, photos, count));
    call->location = str_concat(call->ctx->arena, S("/public/complaints/"), told.code);
    call->document = value_map(call->ctx->arena);
    value_put_text(call->ctx->arena, call->document, "code", told.code);
    value_put_text(call->ctx->arena, call->document, "url", call->location);
    return ST_OK;
}

/* ---- what became of it ---- */

static enum status tell(struct api_call *call, struct str typed)
{
    const struct world *world;
    const struct reader reader = office_reader(call);
    TRY(may_call(call));
    TRY(office_world(call, &world));
    TRY(complaint_document(call->ctx, world, office_conn(call), &reader, typed, &call->document));
    struct str code = value_find_text(call->document, "code");
    struct arena *arena = call->ctx->arena;
    struct str url = str_concat(arena, S("/public/complaints/"), code);
    struct str host = http_header(call->http, "host"), svg;
    struct str address = str_printf(arena, "%s://%.*s%.*s", call->api->doors.secure ? "https" : "http",
                                    STR_ARG(host), STR_ARG(url));
    value_put_text(arena, call->document, "url", url);
    value_put_text(arena, call->document, "address", address);
    if (!call->is_page)
        return ST_OK;
    TRY(qr_svg(call->ctx, address, reader_sentence(arena, &reader, "web.complaint.qr", NO_ARGS), &svg));
    value_put(call->document, S("qr"), value_markup(arena, svg));
    return ST_OK;
}

static enum status show(struct api_call *call)
{
    return tell(call, api_capture(call, "code"));
}

static enum status find(struct api_call *call)
{
    struct str code = str_trim(api_query(call, "code"));
    return str_is_empty(code) ? fail(call->ctx, ST_MALFORMED, "complaint.unknown", NO_ARGS)
                              : tell(call, code);
}

/* Which hashes of the case stand in the signed root: nothing of what its events say. */
static enum status show_proof(struct api_call *call)
{
    const struct world *world;
    struct case_ref ref;
    struct str code = api_capture(call, "code");
    TRY(may_call(call));
    TRY(office_world(call, &world));
    TRY(complaint_find(call->ctx, world, office_conn(call), code, &ref));
    TRY(checkpoint_case_document(call->ctx, office_home(call), office_conn(call), ref.prefecture,
                                 ref.id, 0, &call->document));
    value_put_text(call->ctx->arena, call->document, "number", code);
    if (call->is_page)
        value_put_text(call->ctx->arena, call->document, "case_url",
                       str_concat(call->ctx->arena, S("/public/complaints/"), code));
    return ST_OK;
}

static enum status rate(struct api_call *call)
{
    const struct world *world;
    struct str code = api_capture(call, "code");
    TRY(may_call(call));
    TRY(office_world(call, &world));
    TRY(complaint_rate(call->ctx, office_home(call), world, office_conn(call), code, call->input));
    call->location = str_concat(call->ctx->arena, S("/public/complaints/"), code);
    return ST_OK;
}

static const struct api_field told_fields[] = {
    {"code", API_TEXT, true, NULL},    {"region", API_TEXT, true, NULL},
    {"text", API_TEXT, true, NULL},    {"place", API_TEXT, true, NULL},
    {"name", API_TEXT, false, NULL},   {"phone", API_TEXT, false, NULL},
    {"photo1", API_FILE, false, NULL}, {"photo2", API_FILE, false, NULL},
    {"photo3", API_FILE, false, NULL},
};

static const struct api_route routes[] = {
    {.name = "complaint_form", .method = HTTP_GET, .path = "/public/complain", .handler = put_form,
     .access = API_PUBLIC, .flags = HTTP_ROUTE_SLOW, .page = "complain"},
    {.name = "complaint_make", .method = HTTP_POST, .path = "/public/complaints", .handler = take,
     .access = API_PUBLIC,
     .flags = HTTP_ROUTE_JSON | HTTP_ROUTE_FORM | HTTP_ROUTE_FILES | HTTP_ROUTE_SLOW,
     .page = "complain", .body_limit = COMPLAINT_PHOTOS_MAX * PHOTO_BYTES_MAX + FORM_BYTES,
     .fields = told_fields, .field_count = COUNT_OF(told_fields), .refused = put_form_again},
    {.name = "complaint_find", .method = HTTP_GET, .path = "/public/complaints", .handler = find,
     .access = API_PUBLIC, .flags = HTTP_ROUTE_SLOW, .page = "complaint", .query = "code"},
    {.name = "complaint_show", .method = HTTP_GET, .path = "/public/complaints/{code}",
     .handler = show, .access = API_PUBLIC, .flags = HTTP_ROUTE_SLOW, .page = "complaint"},
    {.name = "complaint_proof", .method = HTTP_GET, .path = "/public/complaints/{code}/proof",
     .handler = show_proof, .access = API_PUBLIC, .flags = HTTP_ROUTE_SLOW, .page = "proof"},
    {.name = "complaint_rate", .method = HTTP_POST, .path = "/public/complaints/{code}/rating",
     .handler = rate, .access = API_PUBLIC,
     .flags = HTTP_ROUTE_JSON | HTTP_ROUTE_FORM | HTTP_ROUTE_SLOW, .body_limit = FORM_BYTES},
};

const struct api_table complaint_api = {routes, COUNT_OF(routes)};
