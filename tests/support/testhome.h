#pragma once
/*
 * A data directory for one test, sandbox or not, open; gone with it.
 */
#include "services/home.h"
#include "support/testdb.h"

struct testhome {
    struct ctx ctx; /* now: 2026-11-22T10:00:00Z, a Sunday evening at the office */
    struct testdb *testdb;
    struct home *home;
    struct db_conn *conn; /* reading */
};

/* Null where the engine is not at hand. The furniture is the compiled-in one. */
struct testhome *testhome_new(enum db_engine engine, bool sandbox);
void testhome_free(struct testhome *t); /* takes null */
/* The present snapshot; release it. */
struct world *testhome_world(struct testhome *t);
/* Imports a csv of a directory and expects that it is taken. */
void testhome_import(struct testhome *t, const char *kind, const char *csv);

/* setup and teardown of a sandbox for cmocka: *state is a testhome or null. */
int testhome_set_up_sqlite(void **state);
int testhome_set_up_postgres(void **state);
int testhome_tear_down(void **state);

#define AT_HOME(fact)                                                                              \
    {"sqlite " #fact, fact, testhome_set_up_sqlite, testhome_tear_down, NULL},                     \
    {                                                                                              \
        "postgres " #fact, fact, testhome_set_up_postgres, testhome_tear_down, NULL                \
    }
