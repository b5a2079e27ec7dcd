#pragma once
/*
 * Repeated writes. A client that does not know whether its request arrived sends it again with the
 * same Idempotency-Key (a form: the field `key`) and gets the first answer again, whatever the
 * first one did. Kept 7 days per account.
 */
#include "api/call.h"

enum { IDEMPOTENCY_KEY_BYTES_MAX = 200 };

/*
 * Fills call->kept with the key, from the header or else `sent`, and the request's fingerprint.
 *
 * Errors: ST_MALFORMED idempotency.key_wrong: not 1..200 printable ASCII characters
 */
MUST_USE enum status idempotency_read(struct api_call *call, struct str sent);

/*
 * Looks the key up. *out_again: the request was made before; the kept answer is in call (status,
 * location, *out_reply).
 *
 * Errors: ST_INVALID  idempotency.other_request: the key came with another request
 *         ST_CONFLICT idempotency.under_way: the first one is not answered yet
 */
MUST_USE enum status idempotency_find(struct api_call *call, bool *out_again,
                                      struct str *out_reply);
