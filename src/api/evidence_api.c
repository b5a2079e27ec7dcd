/*
 * Uploads stream to the data directory's disk before a handler sees them; here they are kept under
 * their hash and told about.
 */
#include "api/evidence_api.h"

#include "api/office.h"
#include "base/num.h"
#include "services/casework.h"
#include "services/evidence.h"

enum { DEGREE_PLACES = 7 };

static int64_t degrees_of(struct str text, int64_t limit)
{
    int64_t degrees;
    return num_parse_scaled(str_trim(text), DEGREE_PLACES, -limit, limit, &degrees) ? degrees
                                                                                    : INT64_MIN;
}

static enum status keep(struct api_call *call, const struct value *input, struct upload *out)
{
    const struct http_file *file = http_file(call->http, "file");
    if (file == NULL)
        return api_field_wrong(call, "file", "engine.missing", ARGS(arg_c("field", "file")));
    struct evidence_offer offer = {
        .fd = file->fd,
        .name = file->filename,
        .kind = value_find_text(input, "kind"),
        .account = call->session.account,
        .taken_at = INSTANT_NONE,
        .lat = degrees_of(value_find_text(input, "lat"), 90 * INT64_C(10000000)),
        .lon = degrees_of(value_find_text(input, "lon"), 180 * INT64_C(10000000)),
    };
    struct str taken = value_find_text(input, "taken_at");
    if (!str_is_empty(taken) && !instant_parse_lenient(taken, &offer.taken_at))
        return api_field_wrong(call, "taken_at", "form.not_a_time",
                               ARGS(arg_c("field", "taken_at")));
    if (offer.lat == INT64_MIN || offer.lon == INT64_MIN)
        offer.lat = offer.lon = INT64_MIN;
    return evidence_keep(call->ctx, office_home(call), office_of(call)->pictures, &offer, out);
}

static enum status upload_evidence(struct api_call *call)
{
    struct upload upload;
    TRY(keep(call, call->input, &upload));
    call->document = evidence_document(call->ctx->arena, &upload);
    call->status = 201;
    return ST_OK;
}

enum status evidence_take_upload(struct api_call *call, const struct value **io_input)
{
    struct upload upload;
    struct arena *arena = call->ctx->arena;
    TRY(keep(call, *io_input, &upload));
    struct value *input = value_map(arena);
    struct str document = value_find_text(*io_input, "document");
    value_put_text(arena, input, "kind", upload.kind);
    if (!str_is_empty(document))
        value_put_text(arena, input, "document", document);
    value_put_text(arena, input, "evidence",
                   str_printf(arena, "%lld", (long long)upload.id.v));
    *io_input = input;
    return ST_OK;
}

/* Whether the caller may see any of the cases in which the file stands. */
static enum status find_place_seen(struct api_call *call, struct evidence_id id)
{
    struct evidence_place_list places;
    const struct world *world;
    TRY(evidence_rows_list_places(call->ctx, office_conn(call), id, &places));
    TRY(office_world(call, &world));
    for (size_t i = 0; i < places.len; i++) {
        struct case_reading reading;
        struct case_ref ref = {places.at[i].prefecture, places.at[i].casefile};
        enum status status =
            casework_read(call->ctx, office_conn(call), world, ref, office_actor(call), &reading);
        if (status != ST_NOT_FOUND)
            return status;
        fail_clear(call->ctx);
    }
    return fail(call->ctx, ST_NOT_FOUND, "upload.unknown", ARGS(arg_int("id", id.v)));
}

/* A file may be seen by who may see a case it stands in, and by who sent it in. */
static enum status find_seen(struct api_call *call, struct upload *out)
{
    struct evidence_id id;
    struct str text = http_capture(call->http, "id");
    if (!num_parse_i64(text, 1, INT64_MAX, &id.v))
        return fail(call->ctx, ST_NOT_FOUND, "upload.unknown", ARGS(arg_text("id", text)));
    TRY(upload_rows_find(call->ctx, office_conn(call), id, out));
    if (out->account.v == call->session.account.v)
        return ST_OK;
    return find_place_seen(call, id);
}

static enum status send_blob(struct api_call *call, struct str hash, const char *mime,
                             struct str name, bool shown)
{
    struct digest digest;
    int fd;
    int64_t size;
    if (!digest_parse(hash, &digest))
        return fail(call->ctx, ST_NOT_FOUND, "upload.unknown", ARGS(arg_text("id", hash)));
    TRY(blob_open(call->ctx, office_home(call)->blobs, &digest, &fd, &size));
    api_reply_upload(call, mime, name, shown, fd, size, hash);
    return ST_OK;
}

static enum status download(struct api_call *call)
{
    struct upload upload;
    TRY(find_seen(call, &upload));
    bool shown = str_starts(upload.type, S("image/")) || str_eq(upload.type, S("application/pdf"));
    return send_blob(call, upload.sha256, str_c(call->ctx->arena, upload.type), upload.name, shown);
}

static enum status download_small(struct api_call *call)
{
    struct upload upload;
    TRY(find_seen(call, &upload));
    struct str small = evidence_small_copy(call->ctx, &upload);
    if (str_is_empty(small))
        return send_blob(call, upload.sha256, str_c(call->ctx->arena, upload.type), upload.name,
                         str_starts(upload.type, S("image/")));
    return send_blob(call, small, "image/jpeg", S("small.jpg"), true);
}

static const struct api_field upload_fields[] = {
    {"file", API_FILE, true, NULL},         {"kind", API_TEXT, true, NULL},
    {"taken_at", API_INSTANT, false, NULL}, {"lat", API_TEXT, false, NULL},
    {"lon", API_TEXT, false, NULL},
};

static const struct api_route routes[] = {
    {.name = "evidence_upload", .method = HTTP_POST, .path = "/evidence",
     .handler = upload_evidence, .access = API_SIGNED_IN,
     .flags = API_ONLY | HTTP_ROUTE_FILES | HTTP_ROUTE_SLOW, .body_limit = EVIDENCE_BYTES_MAX + 65536,
     .fields = upload_fields, .field_count = COUNT_OF(upload_fields)},
    {.name = "evidence_file", .method = HTTP_GET, .path = "/evidence/{id}", .handler = download,
     .access = API_SIGNED_IN, .flags = API_RAW | HTTP_ROUTE_SLOW},
    {.name = "evidence_small", .method = HTTP_GET, .path = "/evidence/{id}/thumb",
     .handler = download_small, .access = API_SIGNED_IN, .flags = API_RAW | HTTP_ROUTE_SLOW},
};

const struct api_table evidence_api = {routes, COUNT_OF(routes)};
