#pragma once
/*
 * Files of evidence: coming in, going out, small copies.
 */
#include "api/serve.h"

extern const struct api_table evidence_api;

/*
 * A command's form that brings its file along (a page's): keeps the file and puts its id into the
 * input as `evidence`.
 */
MUST_USE enum status evidence_take_upload(struct api_call *call, const struct value **io_input);
