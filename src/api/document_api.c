/*
 * Verification is for whoever holds a paper: no account, no file sent in, only a hash.
 */
#include "api/document_api.h"

#include <string.h>

#include "api/office.h"
#include "kit/crypto.h"
#include "services/case_list.h"
#include "services/document_list.h"
#include "services/document_verify.h"
#include "store/document_rows.h"

enum { HASH_HEX = 64, HASH_GIVEN_MAX = 200 };

static enum status list_documents(struct api_call *call)
{
    const struct world *world;
    const struct reader reader = office_reader(call);
    struct value *query = office_query(call);
    TRY(office_world(call, &world));
    TRY(document_list_document(call->ctx, office_conn(call), world, &reader, office_actor(call),
                               query, &call->document));
    struct str next = value_find_text(call->document, "next");
    if (call->is_page && !str_is_empty(next)) {
        struct str rest = case_list_url(call->ctx->arena, "/documents", query, "cursor");
        value_put_text(call->ctx->arena, call->document, "next_url",
                       str_printf(call->ctx->arena, "%.*s%scursor=%.*s", STR_ARG(rest),
                                  str_find_char(rest, '?') == SIZE_MAX ? "?" : "&", STR_ARG(next)));
    }
    return ST_OK;
}

static enum status verify(struct api_call *call, struct str hash)
{
    const struct world *world;
    const struct reader reader = office_reader(call);
    if (hash.len > HASH_GIVEN_MAX)
        return fail(call->ctx, ST_MALFORMED, "list.wrong_value",
                    ARGS(arg_c("field", "hash"), arg_text("given", str_part(hash, 0, HASH_HEX))));
    TRY(office_world(call, &world));
    return document_verify_document(call->ctx, office_conn(call), world, &reader, hash,
                                    &call->document);
}

static enum status verify_given(struct api_call *call)
{
    return verify(call, api_query(call, "hash"));
}

static enum status verify_named(struct api_call *call)
{
    return verify(call, http_capture(call->http, "hash"));
}

/* ---- for who hands out papers ---- */

static struct str paper_of(const struct casefile *casefile, int64_t sequence)
{
    const struct casefile_document *document = casefile_find_document(casefile, sequence);
    return document == NULL ? S("") : document->sha256;
}

void document_api_put_address(const struct api_call *call, const struct casefile *casefile,
                              int64_t sequence, struct paper *io_paper)
{
    struct str sha256 = paper_of(casefile, sequence);
    struct str host = http_header(call->http, "host");
    if (str_is_empty(sha256) || str_is_empty(host))
        return;
    io_paper->check_url =
        str_printf(call->ctx->arena, "%s://%.*s/verify/%.*s",
                   call->api->doors.secure ? "https" : "http", STR_ARG(host), STR_ARG(sha256));
}

struct kept_file {
    char file[HASH_HEX], paper[HASH_HEX];
};

static enum status keep_file(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    const struct kept_file *kept = arg;
    return document_rows_put_file(ctx, ledger->conn, (struct str){kept->file, HASH_HEX},
                                  (struct str){kept->paper, HASH_HEX});
}

void document_api_keep_file(const struct api_call *call, const struct casefile *casefile,
                            int64_t sequence, struct str bytes)
{
    struct str paper = paper_of(casefile, sequence), known;
    struct digest digest = crypto_digest(CRYPTO_SHA256, bytes);
    struct str file = digest_format(call->ctx->arena, &digest);
    struct kept_file kept;
    if (paper.len != HASH_HEX)
        return;
    enum status status = document_rows_find_file(call->ctx, office_conn(call), file, &known);
    if (status != ST_NOT_FOUND) { /* it is there; or it will be kept the next time */
        fail_clear(call->ctx);
        return;
    }
    memcpy(kept.file, file.at, HASH_HEX);
    memcpy(kept.paper, paper.at, HASH_HEX);
    home_write_later(office_home(call), call->ctx->now, keep_file, &kept, sizeof kept);
}

static const struct api_route routes[] = {
    {.name = "document_list", .method = HTTP_GET, .path = "/documents", .handler = list_documents,
     .access = API_SIGNED_IN, .page = "documents", .query = DOCUMENT_LIST_QUERY},
    {.name = "document_verify", .method = HTTP_GET, .path = "/verify", .handler = verify_given,
     .access = API_PUBLIC, .page = "verify", .query = "hash"},
    {.name = "document_verify_hash", .method = HTTP_GET, .path = "/verify/{hash}",
     .handler = verify_named, .access = API_PUBLIC, .page = "verify"},
};

const struct api_table document_api = {routes, COUNT_OF(routes)};
