#include "support/testhome.h"

#include <stdio.h>
#include <stdlib.h>

#include "services/directory.h"

static void give_up(const struct ctx *ctx, const char *what)
{
    fprintf(stderr, "# %s: %s\n", what, ctx->failure.reason.key);
    for (size_t i = 0; i < ctx->failure.note_count; i++)
        fprintf(stderr, "#   %.*s\n", STR_ARG(ctx->failure.notes[i]));
    abort();
}

struct testhome *testhome_new(enum db_engine engine, bool sandbox)
{
    struct testhome *t = calloc(1, sizeof *t);
    must(t != NULL);
    t->ctx.arena = arena_new();
    must(instant_parse(S("2026-11-22T10:00:00Z"), &t->ctx.now));
    t->testdb = testdb_new(engine);
    if (t->testdb == NULL) {
        testhome_free(t);
        return NULL;
    }
    const struct home_terms terms = {
        .dir = str_printf(t->ctx.arena, "%s/home", testdb_folder(t->testdb)),
        .database = engine == DB_SQLITE ? (struct str){0} : testdb_uri(t->testdb),
        .hash = CRYPTO_SM3,
        .sandbox = sandbox,
    };
    if (home_init(&t->ctx, &terms) != ST_OK ||
        home_open(&t->ctx, terms.dir, furniture_files, furniture_file_count, &t->home) != ST_OK ||
        home_conn_open(&t->ctx, t->home, &t->conn) != ST_OK)
        give_up(&t->ctx, "home");
    return t;
}

void testhome_free(struct testhome *t)
{
    if (t == NULL)
        return;
    db_conn_close(t->conn);
    home_close(t->home);
    testdb_free(t->testdb);
    arena_free(t->ctx.arena);
    free(t);
}

struct world *testhome_world(struct testhome *t)
{
    struct world *world = NULL;
    if (world_acquire(&t->ctx, t->home->worlds, t->conn, &world) != ST_OK)
        give_up(&t->ctx, "world");
    return world;
}

void testhome_import(struct testhome *t, const char *kind, const char *csv)
{
    struct directory_report report;
    struct directory_order order = {.bytes = str_of(csv),
                                    .calendar = S("cn-workdays"),
                                    .actor = S("system"),
                                    .may_grant = true};
    must(directory_kind_parse(str_of(kind), &order.kind));
    if (directory_import(&t->ctx, t->home, &order, &report) == ST_OK)
        return;
    for (size_t i = 0; i < report.fault_count; i++)
        fprintf(stderr, "# row %lld: %s\n", (long long)report.faults[i].row,
                report.faults[i].reason.key);
    give_up(&t->ctx, "import");
}

int testhome_set_up_sqlite(void **state)
{
    *state = testhome_new(DB_SQLITE, true);
    return 0;
}

int testhome_set_up_postgres(void **state)
{
    *state = testhome_new(DB_POSTGRES, true);
    return 0;
}

int testhome_tear_down(void **state)
{
    testhome_free(*state);
    return 0;
}
