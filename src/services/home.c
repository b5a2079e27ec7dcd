/*
 * lantian.yaml is written last: a directory without it is none of ours, so what a broken `init` left
 * behind is not taken for data.
 */
#include "services/home.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "kit/rate.h"
#include "kit/yaml.h"

enum {
    FOLDER_MODE = 0700,
    CONFIG_MODE = 0600,
    CONFIG_LIMIT_BYTES = 1 << 14,
    CALLS_AT_ONCE = 30,
    CALL_EVERY_MS = 60 * 1000,
    WRITER_CONNECTIONS = 4, /* PostgreSQL; more only wait for each other's fsync */
};

#define CONFIG_NAME "lantian.yaml"
#define DEFAULT_DATABASE "sqlite"
#define DEFAULT_LISTEN "127.0.0.1:8080"

static const char *path_in(struct arena *arena, struct str dir, const char *name)
{
    return str_printf(arena, "%.*s/%s", STR_ARG(dir), name).at;
}

/* ---- addresses ---- */

/*
 * What db_open takes: a path of SQLite counts from the directory. The directory may be moved, so
 * lantian.yaml keeps what was given.
 */
static struct str resolve(struct arena *arena, struct str dir, struct str database)
{
    if (str_eq_c(database, DEFAULT_DATABASE))
        return str_printf(arena, "sqlite:%.*s/lantian.db", STR_ARG(dir));
    struct str prefix = S("sqlite:");
    if (!str_starts(database, prefix) || str_starts(database, S("sqlite:/")))
        return database;
    return str_printf(arena, "sqlite:%.*s/%.*s", STR_ARG(dir),
                      STR_ARG(str_from(database, prefix.len)));
}

/* user:password@ or password=; libpq takes it from PGPASSFILE, where it belongs. */
static bool has_secret(struct str database)
{
    size_t scheme = str_find(database, S("://"));
    if (scheme == SIZE_MAX)
        return false;
    struct str rest = str_from(database, scheme + 3);
    size_t slash = str_find_char(rest, '/');
    struct str authority = slash == SIZE_MAX ? rest : str_part(rest, 0, slash);
    size_t at = str_find_char(authority, '@');
    bool in_authority =
        at != SIZE_MAX && str_find_char(str_part(authority, 0, at), ':') != SIZE_MAX;
    return in_authority || str_has(rest, S("password="));
}

/* ---- making ---- */

static enum status cannot_make(struct ctx *ctx, const char *path)
{
    return fail(ctx, ST_IO, "home.cannot_make",
                ARGS(arg_c("path", path), arg_c("error", strerror(errno))));
}

/* The folder and those above it. */
static enum status make_folders(struct ctx *ctx, struct str dir)
{
    char *path = arena_copy(ctx->arena, str_c(ctx->arena, dir), dir.len + 1);
    for (size_t i = 1; i <= dir.len; i++) {
        if (path[i] != '/' && path[i] != '\0')
            continue;
        char kept = path[i];
        path[i] = '\0';
        if (mkdir(path, FOLDER_MODE) != 0 && errno != EEXIST)
            return cannot_make(ctx, path);
        path[i] = kept;
    }
    return ST_OK;
}

static enum status need_empty(struct ctx *ctx, struct str dir)
{
    DIR *folder = opendir(str_c(ctx->arena, dir));
    bool is_empty = true;
    if (folder == NULL)
        return cannot_make(ctx, str_c(ctx->arena, dir));
    for (const struct dirent *entry; is_empty && (entry = readdir(folder)) != NULL;)
        is_empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
    closedir(folder);
    return is_empty ? ST_OK : fail(ctx, ST_CONFLICT, "home.not_empty", ARGS(arg_text("dir", dir)));
}

/* A single-quoted YAML text. */
static void put_text(struct buf *buf, const char *key, struct str text)
{
    buf_printf(buf, "%s: '", key);
    for (size_t i = 0; i < text.len; i++) {
        buf_char(buf, text.at[i]);
        if (text.at[i] == '\'')
            buf_char(buf, '\'');
    }
    buf_c(buf, "'\n");
}

enum status home_prepare(struct ctx *ctx, struct str dir)
{
    TRY(make_folders(ctx, dir));
    return need_empty(ctx, dir);
}

enum status home_write_config(struct ctx *ctx, struct str dir, const struct home_config *config)
{
    struct buf buf;
    const char *path = path_in(ctx->arena, dir, CONFIG_NAME);
    buf_init(&buf, ctx->arena, CONFIG_LIMIT_BYTES);
    put_text(&buf, "database", config->database);
    put_text(&buf, "listen", config->listen);
    if (!str_is_empty(config->proxy))
        put_text(&buf, "proxy", config->proxy);
    TRY(buf_status(&buf));
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, CONFIG_MODE);
    if (fd < 0)
        return cannot_make(ctx, path);
    bool written = write(fd, buf.at, buf.len) == (ssize_t)buf.len && fsync(fd) == 0;
    if (close(fd) != 0 || !written)
        return cannot_make(ctx, path);
    return ST_OK;
}

enum status home_init(struct ctx *ctx, const struct home_terms *terms)
{
    struct blob_store *blobs = NULL;
    struct str database = terms->database.at == NULL ? S(DEFAULT_DATABASE) : terms->database;
    struct str listen = terms->listen.at == NULL ? S(DEFAULT_LISTEN) : terms->listen;
    if (has_secret(database))
        return fail(ctx, ST_INVALID, "home.secret_in_address", NO_ARGS);
    TRY(home_prepare(ctx, terms->dir));
    TRY(store_init(ctx, resolve(ctx->arena, terms->dir, database), terms->hash, terms->sandbox));
    TRY(blob_store_open(ctx, terms->dir, &blobs));
    blob_store_close(blobs);
    const char *keys = path_in(ctx->arena, terms->dir, "keys");
    if (mkdir(keys, FOLDER_MODE) != 0)
        return cannot_make(ctx, keys);
    const struct home_config config = {.database = database, .listen = listen};
    return home_write_config(ctx, terms->dir, &config);
}

/* ---- opening ---- */

static enum status read_file(struct ctx *ctx, struct str dir, const char *name, struct str *out)
{
    const char *path = path_in(ctx->arena, dir, name);
    char *bytes = arena_alloc(ctx->arena, CONFIG_LIMIT_BYTES);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
        return fail(ctx, ST_NOT_FOUND, "home.none", ARGS(arg_text("dir", dir)));
    ssize_t len = fd < 0 ? -1 : read(fd, bytes, CONFIG_LIMIT_BYTES);
    int error = errno;
    if (fd >= 0)
        (void)close(fd);
    if (len < 0)
        return fail(ctx, ST_IO, "io.read", ARGS(arg_c("error", strerror(error))));
    *out = (struct str){bytes, (size_t)len};
    return ST_OK;
}

static enum status config_fault(struct ctx *ctx, int line)
{
    return fail(ctx, ST_INVALID, "home.config", ARGS(arg_int("line", line)));
}

enum status home_read_config(struct ctx *ctx, struct str dir, const char *name,
                             struct home_config *out)
{
    struct yaml_faults faults = {0};
    struct str bytes;
    TRY(read_file(ctx, dir, name, &bytes));
    const struct yaml_node *tree = yaml_parse(ctx->arena, bytes, &faults);
    if (faults.len > 0)
        return config_fault(ctx, faults.at[0].line);
    *out = (struct home_config){S(DEFAULT_DATABASE), S(DEFAULT_LISTEN), {0}};
    yaml_each(entry, tree)
    {
        struct str *known = str_eq_c(entry->key, "database") ? &out->database
                            : str_eq_c(entry->key, "listen") ? &out->listen
                            : str_eq_c(entry->key, "proxy")  ? &out->proxy
                                                             : NULL;
        if (known == NULL || str_is_empty(entry->text))
            return config_fault(ctx, entry->key_line);
        *known = entry->text;
    }
    return ST_OK;
}

static enum status open_furniture(struct ctx *ctx, struct home *home,
                                  const struct furniture_file *files, size_t file_count)
{
    struct str folder = str_printf(home->arena, "%.*s/furniture", STR_ARG(home->dir));
    TRY(furniture_open(ctx, home->arena, files, file_count, folder, &home->furniture));
    return furniture_open_words(ctx, home->furniture, home->arena, &home->words);
}

static enum status open_all(struct ctx *ctx, struct home *home, struct str database,
                            const struct furniture_file *files, size_t file_count)
{
    TRY(open_furniture(ctx, home, files, file_count));
    TRY(store_open(ctx, database, &home->store));
    TRY(blob_store_open(ctx, home->dir, &home->blobs));
    TRY(world_cache_new(ctx, home->store->db, home->furniture, home->words,
                        str_concat(ctx->arena, home->dir, S("/keys")), &home->worlds));
    return writer_new(ctx, home->store->db, home->store->hash, WRITER_CONNECTIONS, &home->writer);
}

enum status home_open(struct ctx *ctx, struct str dir, const struct furniture_file *files,
                      size_t file_count, struct home **out)
{
    struct home_config config;
    TRY(home_read_config(ctx, dir, CONFIG_NAME, &config));
    struct arena *arena = arena_new();
    struct home *home = arena_new_of(arena, struct home);
    *home = (struct home){.arena = arena,
                          .dir = str_copy(arena, dir),
                          .listen = str_copy(arena, config.listen),
                          .proxy = str_is_empty(config.proxy) ? S("") : str_copy(arena, config.proxy),
                          .daily = daily_new(),
                          .callers = rate_new(CALLS_AT_ONCE, CALL_EVERY_MS)};
    enum status status =
        open_all(ctx, home, resolve(ctx->arena, dir, config.database), files, file_count);
    if (status != ST_OK) {
        fail_keep(ctx);
        home_close(home);
        return status;
    }
    *out = home;
    return ST_OK;
}

void home_close(struct home *home)
{
    if (home == NULL)
        return;
    writer_free(home->writer);
    world_cache_free(home->worlds);
    daily_free(home->daily);
    rate_free(home->callers);
    blob_store_close(home->blobs);
    store_close(home->store);
    arena_free(home->arena); /* the home itself stands in it */
}

void home_cleanup(struct home **home)
{
    home_close(*home);
}

enum status home_conn_open(struct ctx *ctx, const struct home *home, struct db_conn **out)
{
    return db_conn_open(ctx, home->store->db, DB_READ, out);
}

enum status home_write(struct ctx *ctx, const struct home *home, writer_work run, void *arg)
{
    struct writer_job job = {.ctx = ctx, .run = run, .arg = arg};
    return writer_run(home->writer, &job);
}

/* The job and its ctx stand in the arena that goes with them. */
struct later {
    struct ctx ctx;
    struct writer_job job;
};

static void finish_later(struct ctx *ctx, void *arg, enum status status)
{
    (void)arg;
    if (status != ST_OK)
        /* advise: ok, no caller is waiting */
        log_line(LOG_WARN, "write_later_failed", "key=%s", ctx->failure.reason.key);
    arena_free(ctx->arena);
}

void home_write_later(const struct home *home, struct instant now, writer_work run, const void *arg,
                      size_t size)
{
    struct arena *arena = arena_new();
    struct later *later = arena_new_of(arena, struct later);
    later->ctx = (struct ctx){.arena = arena, .now = now};
    later->job = (struct writer_job){
        .ctx = &later->ctx, .run = run, .done = finish_later, .arg = arena_copy(arena, arg, size)};
    writer_submit(home->writer, &later->job);
}

enum status home_world(struct ctx *ctx, const struct home *home, struct world **out)
{
    struct db_conn *conn AUTO(db_conn_cleanup) = NULL;
    TRY(home_conn_open(ctx, home, &conn));
    return world_acquire(ctx, home->worlds, conn, out);
}
