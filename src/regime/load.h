#pragma once
/*
 * A pack's bytes to a regime, or to everything that is wrong with them. The grammar is docs/packs.md.
 *
 *   bytes    the YAML file; copied
 *   lists    dictionaries, clauses, calendars that the pack may name; borrowed for as long as the
 *            regime lives
 *   faults   all faults found, in the order of the file; empty on ST_OK
 *   out      read-only, in ctx->arena
 *
 * Reading and checking are one walk: what is loaded has passed the checker.
 *
 * Errors: ST_INVALID  pack.faulty (n): see *faults
 */
#include "regime/fault.h"
#include "regime/lists.h"
#include "regime/regime.h"

MUST_USE enum status regime_load(struct ctx *ctx, struct str bytes, const struct pack_lists *lists,
                                 struct pack_faults *faults, const struct regime **out);
