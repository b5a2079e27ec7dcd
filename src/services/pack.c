/*
 * The bytes stand beside the ledger under their hash; the ledger tells which hash came when and
 * which is in force, so that bytes nobody vouched for are found by verify.
 */
#include "services/pack.h"

#include "regime/lists.h"
#include "regime/load.h"
#include "store/record_rows.h"

struct keeping {
    const struct regime *regime;
    struct str actor;
};

static struct value *regime_fields(struct arena *arena, struct str name, struct str pack,
                                   int64_t version)
{
    struct value *fields = value_map(arena);
    value_put_text(arena, fields, "name", name);
    value_put_text(arena, fields, "pack", pack);
    value_put_int(arena, fields, "version", version);
    return fields;
}

/* The regime's record; made, with no pack in force, where it is the first one. */
static enum status need_regime(struct ctx *ctx, struct ledger_tx *ledger,
                               const struct keeping *keeping, struct regime_row *out)
{
    enum status status = pack_rows_find_regime(ctx, ledger->conn, keeping->regime->id, out);
    if (status != ST_NOT_FOUND)
        return status;
    *out = (struct regime_row){.name = keeping->regime->id, .pack = S("")};
    return record_put(ctx, ledger, RECORD_REGIME, 0, keeping->actor, S("register"),
                      regime_fields(ctx->arena, out->name, out->pack, 0), &out->id);
}

static enum status keep_pack(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    const struct keeping *keeping = arg;
    const struct regime *regime = keeping->regime;
    struct regime_row row;
    struct pack_row present;
    enum status status = pack_rows_find(ctx, ledger->conn, regime->hash, &present);
    if (status != ST_NOT_FOUND)
        return status; /* it is kept already */
    fail_clear(ctx);
    TRY(need_regime(ctx, ledger, keeping, &row));
    TRY(pack_rows_insert(ctx, ledger->conn,
                         &(struct pack_row){.hash = regime->hash,
                                            .name = regime->id,
                                            .version = regime->version,
                                            .added_at = ctx->now,
                                            .bytes = regime->bytes}));
    struct value *details = value_map(ctx->arena);
    value_put_text(ctx->arena, details, "pack", regime->hash);
    value_put_int(ctx->arena, details, "version", regime->version);
    return record_note(ctx, ledger, row.id, keeping->actor, S("register"), S("pack"), details);
}

enum status pack_register(struct ctx *ctx, const struct home *home, const struct pack_file *file,
                          struct str actor, struct pack_faults *faults, const struct regime **out)
{
    struct keeping keeping = {.actor = actor};
    struct pack_lists *lists;
    TRY(pack_lists_open(ctx, ctx->arena, home->furniture, &lists));
    if (!str_is_empty(file->clauses))
        TRY(pack_lists_add_clauses(ctx, lists, file->clauses));
    TRY(regime_load(ctx, file->bytes, lists, faults, &keeping.regime));
    TRY(home_write(ctx, home, keep_pack, &keeping));
    *out = keeping.regime;
    return ST_OK;
}

static enum status put_in_force(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    const struct keeping *keeping = arg;
    const struct regime *regime = keeping->regime;
    struct regime_row row;
    TRY(need_regime(ctx, ledger, keeping, &row));
    if (str_eq(row.pack, regime->hash))
        return ST_OK;
    return record_put(ctx, ledger, RECORD_REGIME, row.id, keeping->actor, S("activate"),
                      regime_fields(ctx->arena, regime->id, regime->hash, regime->version), NULL);
}

static enum status load_kept(struct ctx *ctx, const struct home *home, struct str hash,
                             const struct regime **out)
{
    struct db_conn *conn AUTO(db_conn_cleanup) = NULL;
    struct pack_row row;
    struct pack_faults faults = {0};
    TRY(home_conn_open(ctx, home, &conn));
    TRY(pack_rows_find(ctx, conn, hash, &row));
    return regime_load(ctx, row.bytes, world_cache_lists(home->worlds), &faults, out);
}

enum status pack_activate(struct ctx *ctx, const struct home *home, struct str hash,
                          struct str actor)
{
    struct keeping keeping = {.actor = actor};
    TRY(load_kept(ctx, home, hash, &keeping.regime));
    return home_write(ctx, home, put_in_force, &keeping);
}
