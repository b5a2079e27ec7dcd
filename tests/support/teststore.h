#pragma once
/*
 * A made store on a fresh database, with a writer and a reading connection.
 */
#include "store/store.h"
#include "support/testdb.h"

struct teststore {
    struct ctx ctx; /* now: 2026-11-22T10:00:00Z */
    struct testdb *testdb;
    struct store *store;
    struct writer *writer;
    struct db_conn *conn;
};

/* Null where the engine is not at hand. */
struct teststore *teststore_new(enum db_engine engine);
void teststore_free(struct teststore *t); /* takes null */
/* Runs one piece of work to its durable end. */
enum status teststore_run(struct teststore *t, writer_work run, void *arg);

/* setup, teardown and the two names of a fact, for cmocka: *state is a teststore or null. */
int teststore_set_up_sqlite(void **state);
int teststore_set_up_postgres(void **state);
int teststore_tear_down(void **state);

#define ON_BOTH(fact)                                                                              \
    {"sqlite " #fact, fact, teststore_set_up_sqlite, teststore_tear_down, NULL},                   \
    {                                                                                              \
        "postgres " #fact, fact, teststore_set_up_postgres, teststore_tear_down, NULL              \
    }
