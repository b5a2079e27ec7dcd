#pragma once
/*
 * Identifiers, each its own type so that they cannot be mixed up. 63 bits: 41 milliseconds since
 * 2010-01-01 UTC, 10 writer slot, 12 counter. Zero means none. In JSON and addresses ids are text.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/day.h"
#include "base/str.h"

/* clang-format off */
struct casefile_id { int64_t v; };
struct event_id { int64_t v; };
struct unit_id { int64_t v; };
struct person_id { int64_t v; };
struct post_id { int64_t v; };      /* one post held by one person at one unit */
struct account_id { int64_t v; };
struct batch_id { int64_t v; };
struct evidence_id { int64_t v; };
/* clang-format on */

/* Six digits of GB/T 2260 (or our local form, see docs) + NUL; "000000" is the nation. */
struct prefecture { char code[7]; };

/* 2010-01-01T00:00:00Z */
#define ID_EPOCH_MS INT64_C(1262304000000)

/* Gives the next id of a slot: never below *last + 1, never before now. */
int64_t id_next(int64_t *last, struct instant now, int slot);

/* <prefecture>-<number> */
struct str casefile_ref_format(struct arena *arena, struct prefecture prefecture,
                               struct casefile_id id);
bool casefile_ref_parse(struct str text, struct prefecture *prefecture, struct casefile_id *id);
struct str prefecture_str(const struct prefecture *prefecture); /* borrowed */
bool prefecture_parse(struct str text, struct prefecture *out); /* six of [0-9A-Z] */
