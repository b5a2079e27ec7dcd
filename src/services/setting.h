#pragma once
/*
 * Settings of the installation, by name, each a value that JSON can hold. What a regime leaves open
 * is a setting of its campaign instead (campaign_set).
 *
 * A setting nobody gave is absent; who reads it knows what holds then. `installation` (profile and
 * sandbox mark) is the ledger's first event and never changes.
 */
#include "base/value.h"
#include "services/home.h"

/* Null where nobody gave it. */
MUST_USE enum status setting_find(struct ctx *ctx, struct db_conn *conn, struct str name,
                                  const struct value **out);
/*
 * Waits for the commit. One that has this value already is not recorded again.
 *
 * Errors: ST_INVALID  setting.name_wrong {name}: not words of [a-z0-9_] parted by dots
 *         ST_CONFLICT setting.fixed {name}
 */
MUST_USE enum status setting_put(struct ctx *ctx, const struct home *home, struct str name,
                                 const struct value *value, struct str actor);
