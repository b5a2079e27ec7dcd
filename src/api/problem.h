#pragma once
/*
 * Refusals as RFC 9457 documents.
 *
 *   type, title, status, detail, code, instance     always
 *   clause, field, needs                            where a rule refused
 *   errors [{field, code, detail}]                  422: every field that is missing or wrong
 *   reasons [{detail, code, clause, field, needs}]  every reason of a refusal that has several
 *   allow                                           never: the header has it
 *
 * `code` is the fault's machine name, or the key of its sentence.
 */
#include "api/call.h"

/* The failure in call->ctx, in the reader's language. */
struct value *problem_document(const struct api_call *call, const struct words_book *book);

/* Any failure, for documents that tell of several: without type and instance. */
struct value *problem_of(const struct api_call *call, const struct words_book *book,
                         const struct failure *failure);
