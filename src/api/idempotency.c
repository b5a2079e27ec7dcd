/*
 * The fingerprint is over what the handler will see: method, path and the folded input with
 * version. Two spellings of one form are one request, and a csrf text renewed meanwhile is not
 * another one. Files stand for themselves by name and size.
 */
#include "api/idempotency.h"

#include "kit/crypto.h"
#include "kit/json.h"

enum { PRINTED_BYTES_MAX = 64 * 1024 * 1024 };

static bool is_key(struct str key)
{
    for (size_t i = 0; i < key.len; i++)
        if (key.at[i] <= 0x20 || key.at[i] >= 0x7F)
            return false;
    return key.len >= 1 && key.len <= IDEMPOTENCY_KEY_BYTES_MAX;
}

static struct str fingerprint_of(struct api_call *call)
{
    struct buf text;
    const struct http_request *request = &call->http->request;
    buf_init(&text, call->ctx->arena, PRINTED_BYTES_MAX);
    buf_printf(&text, "%s %.*s %lld ", http_method_name(request->method), STR_ARG(request->path),
               (long long)call->version);
    json_print_canonical(&text, call->input);
    for (size_t i = 0; i < request->file_count; i++) {
        const struct http_file *file = &request->files[i];
        buf_printf(&text, " %.*s %.*s %lld", STR_ARG(file->field), STR_ARG(file->filename),
                   (long long)file->size);
    }
    /* By a secret: the fingerprint is kept, and a telephone number in a known text is soon guessed. */
    struct digest digest = crypto_hmac(CRYPTO_SHA256, call->api->doors.secret, buf_str(&text));
    return digest_format(call->ctx->arena, &digest);
}

enum status idempotency_read(struct api_call *call, struct str sent)
{
    struct str key = http_header(call->http, "idempotency-key");
    if (key.at == NULL)
        key = sent;
    if (key.at == NULL || http_method_is_safe(call->http->request.method))
        return ST_OK;
    if (!is_key(key))
        return fail(call->ctx, ST_MALFORMED, "idempotency.key_wrong",
                    ARGS(arg_int("limit", IDEMPOTENCY_KEY_BYTES_MAX)));
    call->kept.key = key;
    call->kept.fingerprint = fingerprint_of(call);
    return ST_OK;
}

enum status idempotency_find(struct api_call *call, bool *out_again, struct str *out_reply)
{
    const struct api_doors *doors = &call->api->doors;
    struct api_kept kept = {0};
    *out_again = false;
    if (call->kept.key.at == NULL || call->session.account.v == 0 || doors->find_kept == NULL)
        return ST_OK;
    enum status status = doors->find_kept(call, call->kept.key, &kept);
    if (status == ST_NOT_FOUND) {
        fail_clear(call->ctx);
        return ST_OK;
    }
    TRY(status);
    if (!str_eq(kept.fingerprint, call->kept.fingerprint))
        return fail(call->ctx, ST_INVALID, "idempotency.other_request", NO_ARGS);
    if (kept.reply.at == NULL && kept.location.at == NULL)
        return fail(call->ctx, ST_CONFLICT, "idempotency.under_way", NO_ARGS);
    call->status = kept.status;
    call->location = kept.location;
    *out_reply = kept.reply;
    *out_again = true;
    return ST_OK;
}
