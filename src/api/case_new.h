#pragma once
/*
 * The form of a case that is to be made: which procedures the caller may begin, and the fields of
 * one. What the form sends is folded into what `POST /cases` takes.
 */
#include "api/serve.h"

extern const struct api_table case_new_api;

/* Members of a page's form that are fields of the procedure go under `fields`. */
const struct value *case_new_fold(struct api_call *call);

/* After a refusal: the form with what was typed, and why not. */
enum status case_new_refused(struct api_call *call);
