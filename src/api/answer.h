#pragma once
/*
 * How a call ends: its document or its refusal, as JSON or as a page, with the headers that go
 * with it.
 */
#include "api/call.h"

/* Writes the reply of a handler that succeeded. Errors: those of rendering a page. */
MUST_USE enum status answer_document(struct api_call *call);

/* The kept reply of an earlier request. */
void answer_again(struct api_call *call, struct str reply);

/* Writes the refusal of the failure in call->ctx; never fails. */
void answer_refusal(struct api_call *call);

void answer_put_security(struct http_call *http);
