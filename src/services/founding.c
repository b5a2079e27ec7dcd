/*
 * Everything here goes through the same doors as later changes, so the ledger tells how it began.
 */
#include "services/founding.h"

#include "services/account.h"
#include "services/directory.h"
#include "services/pack.h"

static enum status load_table(struct ctx *ctx, const struct home *home, enum directory_kind kind,
                              const struct furniture_item *item, struct str calendar,
                              int64_t *out_rows)
{
    struct directory_report report;
    const struct directory_order order = {
        .kind = kind, .bytes = item->bytes, .calendar = calendar, .actor = S("system")};
    TRY(directory_import(ctx, home, &order, &report));
    *out_rows = report.rows;
    return ST_OK;
}

static enum status load_regions(struct ctx *ctx, const struct home *home, int64_t *out_rows)
{
    const struct furniture_item *item =
        furniture_find(home->furniture, S("data/regions/regions.csv"));
    return item == NULL ? ST_OK
                        : load_table(ctx, home, DIRECTORY_REGIONS, item, (struct str){0}, out_rows);
}

/* The part of a path between its last slash and its ending. */
static struct str name_of(struct str path, struct str folder, struct str ending)
{
    return str_part(path, folder.len, path.len - folder.len - ending.len);
}

static enum status load_calendars(struct ctx *ctx, const struct home *home)
{
    struct str folder = S("data/calendar/");
    struct str ending = S(".csv");
    size_t count;
    int64_t rows;
    const struct furniture_item *items = furniture_list(home->furniture, folder, &count);
    for (size_t i = 0; i < count; i++)
        if (str_ends(items[i].path, ending))
            TRY(load_table(ctx, home, DIRECTORY_CALENDAR, &items[i],
                           name_of(items[i].path, folder, ending), &rows));
    return ST_OK;
}

static enum status load_packs(struct ctx *ctx, const struct home *home, int64_t *out_packs)
{
    size_t count;
    const struct furniture_item *items = furniture_list(home->furniture, S("regimes/"), &count);
    for (size_t i = 0; i < count; i++) {
        struct pack_faults faults = {0};
        const struct regime *regime;
        if (!str_ends(items[i].path, S(".yaml")))
            continue;
        TRY(pack_register(ctx, home, &(struct pack_file){.bytes = items[i].bytes}, S("system"),
                          &faults, &regime));
        TRY(pack_activate(ctx, home, regime->hash, S("system")));
        (*out_packs)++;
    }
    return ST_OK;
}

static enum status make_accounts(struct ctx *ctx, const struct home *home, struct str *out_password)
{
    struct account_id id;
    bool sandbox = home->store->sandbox;
    for (enum platform platform = PLATFORM_NONE + 1; platform < PLATFORM_COUNT; platform++) {
        if (!sandbox && platform != PLATFORM_SYSADMIN)
            continue;
        struct str name = str_of(platform_name(platform));
        const struct account_terms terms = {.login = name,
                                            .name = name,
                                            .platform = platform,
                                            .password =
                                                sandbox ? S(EXAMPLE_PASSWORD) : (struct str){0}};
        TRY(account_create(ctx, home, &terms, S("system"), &id, out_password));
    }
    return ST_OK;
}

enum status founding_make(struct ctx *ctx, const struct home_terms *terms,
                          const struct furniture_file *files, size_t file_count,
                          struct founding *out)
{
    struct founding founding = {0};
    struct home *home AUTO(home_cleanup) = NULL;
    TRY(home_init(ctx, terms));
    TRY(home_open(ctx, terms->dir, files, file_count, &home));
    TRY(load_regions(ctx, home, &founding.regions));
    TRY(load_calendars(ctx, home));
    TRY(load_packs(ctx, home, &founding.packs));
    TRY(make_accounts(ctx, home, &founding.password));
    *out = founding;
    return ST_OK;
}
