#pragma once
/*
 * A fresh empty database for one test, gone with it: a SQLite file in a temporary folder, or a
 * database of the cluster that tests/with-pg started.
 */
#include "base/str.h"
#include "kit/db.h"

struct testdb;

/* Null where the engine is not at hand: skip() then. */
struct testdb *testdb_new(enum db_engine engine);
void testdb_free(struct testdb *testdb); /* takes null; after all connections are closed */
struct str testdb_uri(const struct testdb *testdb);
/* The temporary folder of a SQLite database, for files beside it. */
const char *testdb_folder(const struct testdb *testdb);

/* The two set-ups of a test that has its own set_up(state, engine). */
#define SET_UP_ON_BOTH                                                                             \
    static int set_up_sqlite(void **state)                                                         \
    {                                                                                              \
        return set_up(state, DB_SQLITE);                                                           \
    }                                                                                              \
                                                                                                   \
    static int set_up_postgres(void **state)                                                       \
    {                                                                                              \
        return set_up(state, DB_POSTGRES);                                                         \
    }
