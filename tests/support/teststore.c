#include "support/teststore.h"

#include <stdio.h>
#include <stdlib.h>

/* The test says that it failed; this says why. */
static void explain(const struct ctx *ctx)
{
    fprintf(stderr, "# %s\n", ctx->failure.reason.key);
    for (size_t i = 0; i < ctx->failure.note_count; i++)
        fprintf(stderr, "#   %.*s\n", STR_ARG(ctx->failure.notes[i]));
}

static enum status open_all(struct teststore *t)
{
    TRY(store_init(&t->ctx, testdb_uri(t->testdb), CRYPTO_SM3, true));
    TRY(store_open(&t->ctx, testdb_uri(t->testdb), &t->store));
    TRY(writer_new(&t->ctx, t->store->db, t->store->hash, 3, &t->writer));
    return db_conn_open(&t->ctx, t->store->db, DB_WRITE, &t->conn);
}

struct teststore *teststore_new(enum db_engine engine)
{
    struct teststore *t = calloc(1, sizeof *t);
    must(t != NULL);
    t->ctx.arena = arena_new();
    must(instant_parse(S("2026-11-22T10:00:00Z"), &t->ctx.now));
    t->testdb = testdb_new(engine);
    if (t->testdb == NULL) {
        teststore_free(t);
        return NULL;
    }
    if (open_all(t) != ST_OK) {
        explain(&t->ctx);
        abort();
    }
    return t;
}

void teststore_free(struct teststore *t)
{
    if (t == NULL)
        return;
    writer_free(t->writer);
    db_conn_close(t->conn);
    store_close(t->store);
    testdb_free(t->testdb);
    arena_free(t->ctx.arena);
    free(t);
}

enum status teststore_run(struct teststore *t, writer_work run, void *arg)
{
    struct writer_job job = {.ctx = &t->ctx, .run = run, .arg = arg};
    enum status status = writer_run(t->writer, &job);
    if (status != ST_OK && status != ST_CONFLICT)
        explain(&t->ctx);
    return status;
}

int teststore_set_up_sqlite(void **state)
{
    *state = teststore_new(DB_SQLITE);
    return 0;
}

int teststore_set_up_postgres(void **state)
{
    *state = teststore_new(DB_POSTGRES);
    return 0;
}

int teststore_tear_down(void **state)
{
    teststore_free(*state);
    return 0;
}
