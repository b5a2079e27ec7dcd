#pragma once
/*
 * Running numbers (编号) without gaps among what was committed: a number is taken in the transaction
 * that uses it, and given back with it. On PostgreSQL writers of one scope wait for each other.
 */
#include "kit/db.h"

/* scope: whatever tells one row of numbers from another, as "drill/problem/130400/2026". From 1. */
MUST_USE enum status counter_next(struct ctx *ctx, struct db_conn *conn, struct str scope,
                                  int64_t *out);
