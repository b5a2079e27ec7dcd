/*
 * The database goes into the archive first and the kept files after it: a file stands on the disk
 * before any row names it, so every name in the copied rows has its bytes in the archive.
 */
#include "services/upkeep.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kit/archive.h"
#include "kit/db_dump.h"
#include "services/casework.h"
#include "store/casefile_list.h"

/* ---- folding again ---- */

/* Cases of one campaign and procedure follow each other often, so the last engine is kept. */
struct engine_finder {
    const struct world *world;
    struct world_view view;
    struct engine engine;
    bool has;
};

static enum status find_engine(struct ctx *ctx, void *arg, const struct casefile *casefile,
                               const struct engine **out)
{
    struct engine_finder *finder = arg;
    if (!finder->has || !str_eq(finder->engine.campaign.id, casefile->campaign) ||
        !str_eq(finder->engine.procedure->name, casefile->procedure) ||
        !str_eq(finder->engine.regime->hash, casefile->pack)) {
        finder->has = false;
        finder->view.today = day_of_instant(ctx->now);
        TRY(world_engine(ctx, finder->world, &finder->view, casefile->campaign,
                         casefile->procedure, casefile->pack, &finder->engine));
        finder->has = true;
    }
    *out = &finder->engine;
    return ST_OK;
}

enum status upkeep_rebuild(struct ctx *ctx, const struct home *home, enum rebuild_mode mode,
                           rebuild_progress progress, void *progress_arg,
                           struct rebuild_result *out)
{
    struct db_conn *conn AUTO(db_conn_cleanup) = NULL;
    struct world *world AUTO(world_cleanup) = NULL;
    struct rebuild_result records, cases;
    TRY(db_conn_open(ctx, home->store->db, DB_WRITE, &conn));
    TRY(rebuild_records(ctx, conn, mode, &records));
    TRY(home_world(ctx, home, &world));
    struct engine_finder finder = {.world = world};
    TRY(rebuild_cases(ctx, conn, mode, find_engine, &finder, progress, progress_arg, &cases));
    *out = (struct rebuild_result){.events = records.events + cases.events,
                                   .chains = records.chains + cases.chains,
                                   .same = records.same && cases.same,
                                   .table = records.same ? cases.table : records.table};
    return ST_OK;
}

/* ---- after the directory changed ---- */

enum { REFRESHED_AT_ONCE = 200, CURSOR_BYTES_MAX = 1024 };

struct refreshing {
    const struct world *world;
    const struct casefile_row_list *rows;
};

static enum status refresh_page(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    const struct refreshing *page = arg;
    for (size_t i = 0; i < page->rows->len; i++) {
        const struct casefile_row *row = &page->rows->at[i];
        const struct case_ref ref = {row->prefecture, row->id};
        struct case_reading reading;
        TRY(casework_read(ctx, ledger->conn, page->world, ref, NULL, &reading));
        TRY(casefile_rows_refresh(ctx, ledger, &reading.engine, reading.casefile));
    }
    return ST_OK;
}

enum status upkeep_refresh(struct ctx *ctx, const struct home *home)
{
    struct db_conn *conn AUTO(db_conn_cleanup) = NULL;
    struct world *world AUTO(world_cleanup) = NULL;
    char cursor[CURSOR_BYTES_MAX]; /* outlives its page */
    const struct casefile_filter all = {.due_before = INSTANT_NONE,
                                        .due_after = INSTANT_NONE,
                                        .scope = {.everything = true}};
    struct casefile_page page = {.sort = CASEFILE_SORT_CREATED, .limit = REFRESHED_AT_ONCE};
    TRY(home_conn_open(ctx, home, &conn));
    TRY(world_acquire(ctx, home->worlds, conn, &world));
    do {
        struct arena_mark mark = arena_mark(ctx->arena);
        struct casefile_list list = {0};
        TRY(casefile_list(ctx, conn, &all, &page, &list));
        struct refreshing refreshing = {world, &list.rows};
        TRY(home_write(ctx, home, refresh_page, &refreshing));
        must(list.next.len <= sizeof cursor);
        memcpy(cursor, str_is_empty(list.next) ? "" : list.next.at, list.next.len);
        page.cursor = (struct str){cursor, list.next.len};
        arena_return(ctx->arena, mark);
    } while (page.cursor.len > 0);
    return ST_OK;
}

/* ---- backup ---- */

#define LITE_COPY "lantian.db"
#define POSTGRES_COPY "lantian.pgdump"
#define CONFIG_COPY "backup.yaml"

enum { FOLDER_DEPTH_MAX = 8 };

static const char *path_in(struct arena *arena, struct str dir, const char *name)
{
    return str_printf(arena, "%.*s/%s", STR_ARG(dir), name).at;
}

/* An archive in the making. */
struct backup {
    struct archive_writer *archive;
    const char *copy; /* of the database, removed at the end; null: none */
    int64_t files;
};

static void end_backup(struct backup *backup)
{
    archive_write_cleanup(&backup->archive);
    if (backup->copy != NULL)
        (void)unlink(backup->copy);
}

static void close_dir(DIR **dir)
{
    if (*dir != NULL)
        (void)closedir(*dir);
}

static enum status add_file(struct ctx *ctx, struct backup *backup, struct str name,
                            const char *path)
{
    backup->files++;
    return archive_write_file(ctx, backup->archive, name, path);
}

/* Everything below a folder of the data directory; nothing where it is not there. */
static enum status add_folder(struct ctx *ctx, struct backup *backup, struct str dir,
                              struct str name, int depth)
{
    const char *path = str_printf(ctx->arena, "%.*s/%.*s", STR_ARG(dir), STR_ARG(name)).at;
    DIR *folder AUTO(close_dir) = opendir(path);
    struct stat about;
    if (folder == NULL)
        return errno == ENOENT ? ST_OK
                               : fail(ctx, ST_IO, "archive.cannot_read",
                                      ARGS(arg_c("file", path),
                                           arg_c("error", strerrorname_np(errno))));
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        struct str inner = str_printf(ctx->arena, "%.*s/%s", STR_ARG(name), entry->d_name);
        const char *file = path_in(ctx->arena, dir, inner.at);
        if (stat(file, &about) != 0)
            continue; /* gone meanwhile */
        if (S_ISREG(about.st_mode))
            TRY(add_file(ctx, backup, inner, file));
        else if (S_ISDIR(about.st_mode) && depth < FOLDER_DEPTH_MAX)
            TRY(add_folder(ctx, backup, dir, inner, depth + 1));
    }
    return ST_OK;
}

static enum status add_database(struct ctx *ctx, struct backup *backup, const struct home *home)
{
    const struct db *db = home->store->db;
    struct str name = db_engine(db) == DB_SQLITE ? S(LITE_COPY) : S(POSTGRES_COPY);
    const char *copy =
        str_printf(ctx->arena, "%.*s/tmp/backup-%d.copy", STR_ARG(home->dir), (int)getpid()).at;
    (void)unlink(copy); /* of a process that had our number and was killed */
    backup->copy = copy;
    TRY(db_dump(ctx, db, copy));
    return add_file(ctx, backup, name, copy);
}

enum status upkeep_backup(struct ctx *ctx, const struct home *home,
                          const struct backup_terms *terms, int64_t *out_files)
{
    struct backup backup AUTO(end_backup) = {0};
    TRY(archive_write_open(ctx, terms->file, &backup.archive));
    if (terms->progress != NULL)
        archive_write_tell(backup.archive, terms->progress, terms->progress_arg);
    TRY(add_database(ctx, &backup, home));
    TRY(add_file(ctx, &backup, S(CONFIG_COPY), path_in(ctx->arena, home->dir, "lantian.yaml")));
    TRY(add_folder(ctx, &backup, home->dir, S("blobs"), 0));
    TRY(add_folder(ctx, &backup, home->dir, S("furniture"), 0));
    if (terms->with_keys)
        TRY(add_folder(ctx, &backup, home->dir, S("keys"), 0));
    TRY(archive_write_close(ctx, &backup.archive));
    *out_files = backup.files;
    return ST_OK;
}

/* ---- restore ---- */

/* lantian.yaml is written last, as by home_init: a folder without it is none of ours. */
enum status upkeep_restore(struct ctx *ctx, struct str dir, const char *file, struct str database,
                           int64_t *out_files)
{
    struct home_config config;
    struct db *db AUTO(db_cleanup) = NULL;
    const char *copy = path_in(ctx->arena, dir, POSTGRES_COPY);
    TRY(home_prepare(ctx, dir));
    TRY(archive_unpack(ctx, file, str_c(ctx->arena, dir), out_files));
    TRY(home_read_config(ctx, dir, CONFIG_COPY, &config));
    if (access(copy, F_OK) == 0) {
        config.database = database.at == NULL ? config.database : database;
        TRY(db_open(ctx, config.database, &db));
        TRY(db_undump(ctx, db, copy));
        (void)unlink(copy);
    } else {
        config.database = S("sqlite"); /* the copy stands where that looks for it */
    }
    TRY(home_write_config(ctx, dir, &config));
    (void)unlink(path_in(ctx->arena, dir, CONFIG_COPY));
    return ST_OK;
}
