/*
 * Keeping first, judging after: a file that is acknowledged lies on the disk under its hash before
 * its row is written.
 */
#include "services/evidence.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/num.h"
#include "kit/json.h"
#include "kit/sniff.h"

enum { FINDINGS_BYTES = 4096, NAME_CHARS = 120 };

static enum status check_size(struct ctx *ctx, int fd)
{
    struct stat at;
    if (fstat(fd, &at) != 0)
        return fail(ctx, ST_IO, "blob.no_folder", ARGS(arg_c("error", "fstat")));
    if (at.st_size == 0)
        return fail(ctx, ST_INVALID, "evidence.empty", NO_ARGS);
    if (at.st_size > EVIDENCE_BYTES_MAX)
        return fail(ctx, ST_LIMIT, "evidence.too_large",
                    ARGS(arg_bytes("size", at.st_size), arg_bytes("limit", EVIDENCE_BYTES_MAX)));
    return ST_OK;
}

static enum status check_type(struct ctx *ctx, enum sniff type)
{
    if (type != SNIFF_UNKNOWN && type != SNIFF_ZIP)
        return ST_OK;
    return fail(ctx, ST_MEDIA, "evidence.unwanted_type", ARGS(arg_c("type", sniff_mime(type))));
}

/* A picture that cannot be read is kept all the same: it is noted, and a person will see. */
static enum status look_at(struct ctx *ctx, const struct home *home, struct picture_reader *pictures,
                           int fd, struct upload *upload, struct value *findings)
{
    struct picture picture;
    struct digest small;
    int64_t small_bytes;
    int small_fd = -1;
    TRY(blob_temp_open(ctx, home->blobs, &small_fd));
    enum status status = picture_read(ctx, pictures, fd, small_fd, &picture);
    if (status == ST_OK)
        status = blob_put_file(ctx, home->blobs, small_fd, &small, &small_bytes);
    close(small_fd);
    if (status != ST_OK) {
        fail_clear(ctx);
        value_put_bool(ctx->arena, findings, "unreadable", true);
        return ST_OK;
    }
    value_put_text(ctx->arena, findings, "small", digest_format(ctx->arena, &small));
    value_put_int(ctx->arena, findings, "width", picture.width);
    value_put_int(ctx->arena, findings, "height", picture.height);
    value_put_text(ctx->arena, findings, "look",
                   str_printf(ctx->arena, "%016llx", (unsigned long long)picture.look));
    if (picture.damaged)
        value_put_bool(ctx->arena, findings, "damaged", true);
    if (instant_is_none(upload->taken_at))
        upload->taken_at = picture.taken_at;
    else if (!instant_is_none(picture.taken_at) && picture.taken_at.ms != upload->taken_at.ms)
        value_put_text(ctx->arena, findings, "picture_says_taken",
                       instant_format(ctx->arena, picture.taken_at));
    if (upload->lat == INT64_MIN && picture.has_place) {
        upload->lat = picture.lat_e7;
        upload->lon = picture.lon_e7;
    }
    return ST_OK;
}

struct insert {
    struct upload *upload;
};

static enum status insert(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    struct insert *order = arg;
    order->upload->id.v = ledger_new_id(ledger, ctx->now);
    return upload_rows_insert(ctx, ledger->conn, order->upload);
}

enum status evidence_keep(struct ctx *ctx, const struct home *home, struct picture_reader *pictures,
                          const struct evidence_offer *offer, struct upload *out)
{
    struct digest digest;
    struct value *findings = value_map(ctx->arena);
    TRY(check_size(ctx, offer->fd));
    enum sniff type = sniff_file(offer->fd);
    TRY(check_type(ctx, type));
    struct upload upload = {
        .account = offer->account,
        .kind = str_is_empty(offer->kind) ? S("") : offer->kind,
        .name = utf8_prefix(offer->name, NAME_CHARS),
        .type = str_of(sniff_mime(type)),
        .taken_at = offer->taken_at,
        .lat = offer->lat,
        .lon = offer->lon,
        .created_at = ctx->now,
    };
    if (str_is_empty(upload.name))
        upload.name = str_printf(ctx->arena, "file.%s", sniff_extension(type));
    TRY(blob_put_file(ctx, home->blobs, offer->fd, &digest, &upload.bytes));
    upload.sha256 = digest_format(ctx->arena, &digest);
    if (pictures != NULL && sniff_is_picture(type))
        TRY(look_at(ctx, home, pictures, offer->fd, &upload, findings));
    struct buf text;
    buf_init(&text, ctx->arena, FINDINGS_BYTES);
    json_print_canonical(&text, findings);
    upload.findings = buf_str(&text);
    struct insert order = {&upload};
    TRY(home_write(ctx, home, insert, &order));
    *out = upload;
    return ST_OK;
}

static void put_facts(struct arena *arena, const struct upload *upload, struct value *out)
{
    value_put_text(arena, out, "sha256", upload->sha256);
    value_put_text(arena, out, "name", upload->name);
    value_put_text(arena, out, "type", upload->type);
    value_put_int(arena, out, "bytes", upload->bytes);
    if (!instant_is_none(upload->taken_at))
        value_put_text(arena, out, "taken_at", instant_format(arena, upload->taken_at));
    if (upload->lat != INT64_MIN) {
        value_put_int(arena, out, "lat", upload->lat);
        value_put_int(arena, out, "lon", upload->lon);
    }
}

struct value *evidence_document(struct arena *arena, const struct upload *upload)
{
    struct value *doc = value_map(arena);
    struct ctx own = {.arena = arena};
    struct value *findings = NULL;
    value_put_text(arena, doc, "id", str_printf(arena, "%lld", (long long)upload->id.v));
    value_put_text(arena, doc, "kind", upload->kind);
    put_facts(arena, upload, doc);
    struct value *list = value_put_list(arena, doc, "findings");
    if (json_parse(&own, upload->findings, FINDINGS_BYTES, JSON_STRICT, &findings) == ST_OK)
        value_append(list, findings);
    return doc;
}

static enum status faulty(struct ctx *ctx, const char *key, const char *field)
{
    struct reason reason = reason_make(key, ARGS(arg_c("field", field)));
    reason.field = str_of(field);
    reason.code = "missing";
    return fail_reason(ctx, ST_INVALID, reason);
}

enum status evidence_fill(struct ctx *ctx, struct db_conn *conn, const struct value *input,
                          struct value **out)
{
    struct evidence_id id;
    struct upload upload;
    struct str kind = value_find_text(input, "kind");
    if (!num_parse_i64(value_find_text(input, "evidence"), 1, INT64_MAX, &id.v))
        return faulty(ctx, "engine.missing", "evidence");
    enum status status = upload_rows_find(ctx, conn, id, &upload);
    if (status == ST_NOT_FOUND) {
        fail_clear(ctx);
        return faulty(ctx, "engine.missing", "evidence");
    }
    TRY(status);
    struct value *full = value_map(ctx->arena);
    value_put_text(ctx->arena, full, "evidence", value_find_text(input, "evidence"));
    value_put_text(ctx->arena, full, "kind", str_is_empty(kind) ? upload.kind : kind);
    int64_t document;
    if (num_parse_i64(value_find_text(input, "document"), 1, INT64_MAX, &document))
        value_put_int(ctx->arena, full, "document", document);
    put_facts(ctx->arena, &upload, full);
    *out = full;
    return ST_OK;
}

struct str evidence_small_copy(struct ctx *ctx, const struct upload *upload)
{
    struct value *findings = NULL;
    if (json_parse(ctx, upload->findings, FINDINGS_BYTES, JSON_STRICT, &findings) != ST_OK) {
        fail_clear(ctx);
        return (struct str){0};
    }
    return value_find_text(findings, "small");
}
