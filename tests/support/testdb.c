#include "support/testdb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libpq-fe.h>

struct testdb {
    enum db_engine engine;
    char uri[512];
    char folder[64];
    char name[64];
};

static bool run_on_cluster(const char *sql)
{
    PGconn *pg = PQconnectdb(getenv("LANTIAN_TEST_PG"));
    PGresult *result = PQexec(pg, sql);
    bool good = PQresultStatus(result) == PGRES_COMMAND_OK;
    if (!good)
        fprintf(stderr, "# %s: %s", sql, PQerrorMessage(pg));
    PQclear(result);
    PQfinish(pg);
    return good;
}

static bool open_postgres(struct testdb *t)
{
    static int count; /* names of databases are shared by the programs of a run: pid and count */
    const char *cluster = getenv("LANTIAN_TEST_PG");
    if (cluster == NULL)
        return false;
    char sql[128];
    snprintf(t->name, sizeof t->name, "t%ld_%d", (long)getpid(), ++count);
    snprintf(sql, sizeof sql, "CREATE DATABASE %s", t->name);
    const char *path = strstr(cluster, "/postgres?");
    must(path != NULL);
    snprintf(t->uri, sizeof t->uri, "%.*s/%s%s", (int)(path - cluster), cluster, t->name,
             path + strlen("/postgres"));
    return run_on_cluster(sql);
}

struct testdb *testdb_new(enum db_engine engine)
{
    struct testdb *t = calloc(1, sizeof *t);
    must(t != NULL);
    t->engine = engine;
    strcpy(t->folder, "/tmp/lantian-test.XXXXXX");
    must(mkdtemp(t->folder) != NULL);
    if (engine == DB_SQLITE) {
        snprintf(t->uri, sizeof t->uri, "sqlite:%s/lantian.db", t->folder);
    } else if (!open_postgres(t)) {
        (void)rmdir(t->folder);
        free(t);
        return NULL;
    }
    return t;
}

void testdb_free(struct testdb *t)
{
    if (t == NULL)
        return;
    char command[128];
    if (t->engine == DB_POSTGRES) {
        snprintf(command, sizeof command, "DROP DATABASE %s WITH (FORCE)", t->name);
        (void)run_on_cluster(command);
    }
    snprintf(command, sizeof command, "rm -rf '%s'", t->folder);
    must(system(command) == 0);
    free(t);
}

struct str testdb_uri(const struct testdb *t)
{
    return str_of(t->uri);
}

const char *testdb_folder(const struct testdb *t)
{
    return t->folder;
}
