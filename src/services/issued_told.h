#pragma once
/*
 * What else a case tells to the template of a document, beside its facts (case_issued.h): by name, so that a
 * document of the trade says it in its own words and in its own order.
 *
 *   year, month, day     of the issue, each a number
 *   region               name of the case's region
 *   roles                {role: names}, the lead first
 *   rows                 {list field: [{n, column: text}]}; n counts from 1. Of a field of several cases, a row each: its
 *                        number, and what a list of this case tells under that number
 *   is                   {choice or bool field: {code: true}}, for sentences that hang on it; bool: `yes`
 *   answers              {name: text}, what the command that issued it was told beyond fields of the case
 *   said                 {verdict or confirmation: text of the last one}
 *   told_at              {confirmation: when}, to the minute
 *   due                  {deadline: its last day}, of those that have started
 *   pictures             [{n, sha256, kind, name, at}], evidence that is a picture
 */
#include "services/case_document.h"

/*
 *   view     its case as it stood when the document went out; of its events those of the issuing command are looked at
 *   issued   the event that issued it
 *   doc      gets the members above; what holds nothing is left out
 */
void issued_told_put(struct ctx *ctx, const struct case_view *view, const struct event *issued,
                     struct value *doc);
