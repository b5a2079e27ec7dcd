#pragma once
/*
 * What readers are told of a document, wherever it is shown: names, moments, state, hash.
 */
#include "services/reader.h"
#include "services/world.h"

struct str document_unit(const struct world *world, int64_t id); /* its name; empty: unknown */
/* The unit's name, or the person's where the unit is 0. */
struct str document_holder(const struct world *world, int64_t unit, int64_t person);
/* Whether the actor is of the unit, or where that is 0, the person; with a post held now. */
bool document_is_of(const struct actor *actor, int64_t unit, int64_t person);
/* `<name>` and `<name>_text`; nothing where it has not happened. */
void document_put_time(struct arena *arena, const struct reader *reader, struct value *row,
                       const char *name, struct instant at);
/* `sha256` and `verify_url`; empty where no paper is kept. */
void document_put_hash(struct arena *arena, struct value *row, struct str sha256);
/* `state` and `state_label`: issued, voided, corrected. */
void document_put_state(struct arena *arena, const struct reader *reader, struct value *row,
                        bool is_void, bool is_corrected);
/* Where the paper is. ref: of its case */
struct str document_url(struct arena *arena, struct str ref, int64_t seq);
