/*
 * People and units stand in few cases of the procedures that a file names as its readers (a pairing, a
 * team), so those are folded one by one.
 */
#include "services/file_right.h"

#include "base/num.h"
#include "engine/file.h"
#include "store/casefile_list.h"
#include "store/ledger.h"

enum { CASES_A_PAGE = 100 };

/* One question at hand. */
struct asking {
    struct ctx *ctx;
    struct db_conn *conn;
    const struct world *world;
    struct str campaign;
    struct str region;
    const struct actor *actor;
};

/* The cases of the procedure in which the actor's units or they themselves stand. */
static struct casefile_filter filter_of(const struct asking *asking, const struct str *procedure)
{
    struct arena *arena = asking->ctx->arena;
    struct str *units = arena_alloc_array(arena, CASEFILE_VALUES_MAX, sizeof *units);
    struct casefile_filter filter = {
        .campaigns = {&asking->campaign, 1},
        .procedures = {procedure, 1},
        .due_before = INSTANT_NONE,
        .due_after = INSTANT_NONE,
        .scope = {.units = {units, 0},
                  .person = str_printf(arena, "%lld", (long long)asking->actor->person.v)},
    };
    for (size_t i = 0; i < asking->actor->post_count && i < CASEFILE_VALUES_MAX; i++)
        units[filter.scope.units.count++] =
            str_printf(arena, "%lld", (long long)asking->actor->posts[i].unit.v);
    return filter;
}

static enum status opened_by_page(const struct asking *asking, const struct regime_file *file,
                                  const struct casefile_row_list *rows, bool *out)
{
    for (size_t i = 0; i < rows->len && !*out; i++) {
        const struct casefile_row *row = &rows->at[i];
        bool is_within = world_region_is_within(asking->world, asking->region, row->region);
        struct casefile there = {0};
        if (!is_within && !file->everywhere)
            continue;
        TRY(ledger_load(asking->ctx, asking->conn, row->prefecture, row->id, &there));
        *out = file_is_opened_by(file, &there, is_within, asking->actor);
    }
    return ST_OK;
}

static enum status opened_by_reader(const struct asking *asking, const struct regime_file *file,
                                    const struct regime_file_reader *reader, bool *out)
{
    const struct casefile_filter filter = filter_of(asking, &reader->procedure->name);
    struct casefile_page page = {.sort = CASEFILE_SORT_CREATED, .limit = CASES_A_PAGE};
    do {
        struct casefile_list list = {0};
        TRY(casefile_list(asking->ctx, asking->conn, &filter, &page, &list));
        TRY(opened_by_page(asking, file, &list.rows, out));
        page.cursor = list.next;
    } while (!*out && !str_is_empty(page.cursor));
    return ST_OK;
}

static enum status is_opened(const struct asking *asking, const struct regime_file *file, bool *out)
{
    *out = asking->actor->is_system;
    for (size_t i = 0; i < file->reader_count && !*out; i++)
        TRY(opened_by_reader(asking, file, &file->readers[i], out));
    return ST_OK;
}

enum status file_right_list(struct ctx *ctx, struct db_conn *conn, const struct world *world,
                            const struct regime *regime, struct str campaign, struct str region,
                            const struct actor *actor, const struct regime_file ***out,
                            size_t *out_count)
{
    const struct asking asking = {ctx, conn, world, campaign, region, actor};
    const struct regime_file **files =
        arena_alloc_array(ctx->arena, regime->file_count + 1, sizeof *files);
    size_t count = 0;
    for (size_t i = 0; i < regime->file_count; i++) {
        bool opened;
        TRY(is_opened(&asking, &regime->files[i], &opened));
        if (opened)
            files[count++] = &regime->files[i];
    }
    *out = files;
    *out_count = count;
    return ST_OK;
}

enum status file_right_opens(struct ctx *ctx, struct db_conn *conn, const struct world *world,
                             const struct regime *regime, const struct casefile *casefile,
                             const struct actor *actor, bool *out)
{
    const struct asking asking = {ctx, conn, world, casefile->campaign, casefile->region, actor};
    *out = false;
    for (size_t i = 0; i < regime->file_count && !*out; i++)
        if (file_holds(&regime->files[i], casefile->procedure))
            TRY(is_opened(&asking, &regime->files[i], out));
    return ST_OK;
}
