/*
 * Opening and making the database.
 */
#include "store/store.h"

#include <stdlib.h>

#include "kit/json.h"
#include "store/record_rows.h"
#include "store/sql_gen.h"

enum { SETTING_LIMIT_BYTES = 1 << 16 };

static const char *const profiles[CRYPTO_HASH_COUNT] = {
    [CRYPTO_SHA256] = "intl",
    [CRYPTO_SM3] = "gm",
};

enum status store_migrate(struct ctx *ctx, struct db_conn *conn)
{
    return db_migrate(ctx, conn,
                      db_conn_engine(conn) == DB_SQLITE ? SQL_MIGRATE_SQLITE : SQL_MIGRATE_POSTGRES,
                      SQL_MIGRATE_COUNT, NULL);
}

/* ---- the first event ---- */

struct installation {
    enum crypto_hash hash;
    bool sandbox;
};

static enum status record_installation(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    const struct installation *installation = arg;
    struct value *fields = value_map(ctx->arena);
    int64_t events;
    TRY(db_get_i64(ctx, ledger->conn, &SQL_LEDGER_COUNT_EVENTS, DB_NO_ARGS, &events));
    if (events > 0)
        return fail(ctx, ST_CONFLICT, "store.made_already", NO_ARGS);
    value_put_text(ctx->arena, fields, "name", S("installation"));
    struct value *value = value_put_map(ctx->arena, fields, "value");
    value_put_text(ctx->arena, value, "profile", str_of(profiles[installation->hash]));
    value_put_bool(ctx->arena, value, "sandbox", installation->sandbox);
    return record_put(ctx, ledger, RECORD_SETTING, 0, S("system"), S("init"), fields, NULL);
}

static enum status migrate_uri(struct ctx *ctx, const struct db *db)
{
    struct db_conn *conn AUTO(db_conn_cleanup) = NULL;
    TRY(db_conn_open(ctx, db, DB_WRITE, &conn));
    return store_migrate(ctx, conn);
}

enum status store_init(struct ctx *ctx, struct str uri, enum crypto_hash hash, bool sandbox)
{
    struct db *db AUTO(db_cleanup) = NULL;
    struct writer *writer = NULL;
    struct installation installation = {hash, sandbox};
    TRY(db_open(ctx, uri, &db));
    TRY(migrate_uri(ctx, db));
    TRY(writer_new(ctx, db, hash, 1, &writer));
    struct writer_job job = {.ctx = ctx, .run = record_installation, .arg = &installation};
    enum status status = writer_run(writer, &job);
    writer_free(writer);
    return status;
}

static enum status read_installation(struct ctx *ctx, struct store *store)
{
    struct db_conn *conn AUTO(db_conn_cleanup) = NULL;
    struct db_rows rows AUTO(db_rows_close) = {0};
    struct value *value;
    TRY(db_conn_open(ctx, store->db, DB_READ, &conn));
    enum status status =
        db_find_one(ctx, conn, &SQL_SETTING_FIND, DB_ARGS(db_text(S("installation"))), &rows);
    if (status == ST_NOT_FOUND)
        return fail(ctx, ST_NOT_FOUND, "store.not_made", NO_ARGS);
    TRY(status);
    TRY(json_parse(ctx, db_col_text(&rows, 1), SETTING_LIMIT_BYTES, JSON_STRICT, &value));
    store->sandbox = value_find_bool(value, "sandbox");
    store->hash = str_eq_c(value_find_text(value, "profile"), profiles[CRYPTO_SHA256])
                      ? CRYPTO_SHA256
                      : CRYPTO_SM3;
    return ST_OK;
}

enum status store_open(struct ctx *ctx, struct str uri, struct store **out)
{
    struct store *store AUTO(store_cleanup) = calloc(1, sizeof *store);
    must(store != NULL);
    TRY(db_open(ctx, uri, &store->db));
    TRY(migrate_uri(ctx, store->db));
    TRY(read_installation(ctx, store));
    *out = store;
    store = NULL;
    return ST_OK;
}

void store_close(struct store *store)
{
    if (store == NULL)
        return;
    db_close(store->db);
    free(store);
}

void store_cleanup(struct store **store)
{
    store_close(*store);
}
