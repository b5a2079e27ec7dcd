#pragma once
/*
 * What a document lacks for its page and any page could work out from it: whether lists are empty,
 * which kind of filter is drawn how, cells of a list in the order of its columns, fields of forms
 * (web/fields.h), the lit drawing (web/flow.h). Names: templates/README.md. The document was made
 * for this one reply and is written to.
 */
#include "base/arena.h"
#include "base/value.h"

/* `path` is the address asked for, with its query. */
void prepare_document(struct arena *arena, struct value *document, struct str path);
