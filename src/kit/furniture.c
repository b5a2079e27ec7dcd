/*
 * Both halves are gathered into one row and sorted by path, the override before the original; then
 * the originals that are hidden are dropped, and everything after is a binary search.
 */
#include "kit/furniture.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/vec.h"

enum { FILE_LIMIT_BYTES = 16 << 20, DEPTH_LIMIT = 8 };

struct furniture {
    VEC(struct furniture_item) items;
};

static void close_file(FILE **file)
{
    if (*file != NULL)
        fclose(*file);
}

static void close_dir(DIR **dir)
{
    if (*dir != NULL)
        closedir(*dir);
}

static struct str tag_of(struct arena *arena, struct str bytes)
{
    return str_printf(arena, "%016llx", (unsigned long long)str_hash(bytes));
}

static enum status read_file(struct ctx *ctx, struct arena *arena, struct str path, size_t size,
                             struct str *out)
{
    if (size > FILE_LIMIT_BYTES)
        return fail(ctx, ST_LIMIT, "furniture.too_large",
                    ARGS(arg_text("path", path), arg_bytes("limit", FILE_LIMIT_BYTES)));
    FILE *file AUTO(close_file) = fopen(str_c(ctx->arena, path), "rb");
    char *bytes = arena_alloc(arena, size + 1);
    if (file == NULL || fread(bytes, 1, size, file) != size)
        return fail(ctx, ST_IO, "furniture.unreadable", ARGS(arg_text("path", path)));
    *out = (struct str){bytes, size};
    return ST_OK;
}

/* Adds what stands below dir; `path` is the same place inside the furniture, "" at the top. */
static enum status add_overrides(struct ctx *ctx, struct arena *arena, struct str dir,
                                 struct str path, int depth, struct furniture *furniture)
{
    if (depth > DEPTH_LIMIT)
        return fail(ctx, ST_LIMIT, "furniture.too_deep", ARGS(arg_text("path", dir)));
    DIR *open_dir AUTO(close_dir) = opendir(str_c(ctx->arena, dir));
    if (open_dir == NULL && errno == ENOENT && depth == 0)
        return ST_OK;
    if (open_dir == NULL)
        return fail(ctx, ST_IO, "furniture.unreadable", ARGS(arg_text("path", dir)));
    const struct dirent *entry;
    while ((entry = readdir(open_dir)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        struct str place = str_printf(arena, "%.*s/%s", STR_ARG(dir), entry->d_name);
        struct str name = str_printf(arena, "%.*s%s%s", STR_ARG(path), depth == 0 ? "" : "/",
                                     entry->d_name);
        struct stat about;
        if (stat(place.at, &about) != 0)
            return fail(ctx, ST_IO, "furniture.unreadable", ARGS(arg_text("path", place)));
        if (S_ISDIR(about.st_mode)) {
            TRY(add_overrides(ctx, arena, place, name, depth + 1, furniture));
        } else if (S_ISREG(about.st_mode)) {
            struct furniture_item item = {.path = name, .overridden = true};
            TRY(read_file(ctx, arena, place, (size_t)about.st_size, &item.bytes));
            vec_add(arena, &furniture->items, item);
        }
    }
    return ST_OK;
}

static int compare_items(const void *a, const void *b)
{
    const struct furniture_item *left = a;
    const struct furniture_item *right = b;
    int order = str_compare(left->path, right->path);
    return order != 0 ? order : (int)right->overridden - (int)left->overridden;
}

static void sort_and_drop_hidden(struct furniture *furniture)
{
    struct furniture_item *items = furniture->items.at;
    size_t kept = 0;
    qsort(items, furniture->items.len, sizeof *items, compare_items);
    for (size_t i = 0; i < furniture->items.len; i++)
        if (kept == 0 || !str_eq(items[i].path, items[kept - 1].path))
            items[kept++] = items[i];
    furniture->items.len = kept;
}

/* Index of the first item whose path is not below `path`. */
static size_t lower_bound(const struct furniture *furniture, struct str path)
{
    size_t low = 0, high = furniture->items.len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (str_compare(furniture->items.at[middle].path, path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* "x.css.gz" compiled in holds the "x.css" compiled in, not the one that replaced it. */
static bool is_stale_zip(const struct furniture *furniture, const struct furniture_item *item)
{
    if (item->overridden || !str_ends(item->path, S(".gz")))
        return false;
    struct str plain = str_part(item->path, 0, item->path.len - 3);
    const struct furniture_item *origin = furniture_find(furniture, plain);
    return origin != NULL && origin->overridden;
}

enum status furniture_open(struct ctx *ctx, struct arena *arena, const struct furniture_file *files,
                           size_t file_count, struct str dir, struct furniture **out)
{
    struct furniture all = {0};
    for (size_t i = 0; i < file_count; i++) {
        struct furniture_item item = {.path = str_of(files[i].path),
                                      .bytes = {files[i].bytes, files[i].len}};
        vec_add(arena, &all.items, item);
    }
    if (dir.at != NULL)
        TRY(add_overrides(ctx, arena, dir, S(""), 0, &all));
    if (all.items.len > 0)
        sort_and_drop_hidden(&all);
    struct furniture *furniture = arena_new_of(arena, struct furniture);
    for (size_t i = 0; i < all.items.len; i++) {
        struct furniture_item *item = &all.items.at[i];
        if (is_stale_zip(&all, item))
            continue;
        item->tag = tag_of(arena, item->bytes);
        vec_add(arena, &furniture->items, *item);
    }
    *out = furniture;
    return ST_OK;
}

const struct furniture_item *furniture_find(const struct furniture *furniture, struct str path)
{
    size_t at = lower_bound(furniture, path);
    bool found = at < furniture->items.len && str_eq(furniture->items.at[at].path, path);
    return found ? &furniture->items.at[at] : NULL;
}

const struct furniture_item *furniture_list(const struct furniture *furniture, struct str prefix,
                                            size_t *count)
{
    size_t first = lower_bound(furniture, prefix);
    size_t end = first;
    while (end < furniture->items.len && str_starts(furniture->items.at[end].path, prefix))
        end++;
    *count = end - first;
    return *count == 0 ? NULL : &furniture->items.at[first];
}

enum status furniture_open_words(struct ctx *ctx, const struct furniture *furniture,
                                 struct arena *arena, struct words_book **out)
{
    struct words_book *book = words_book_new(arena);
    for (enum lang lang = 0; lang < LANG_COUNT; lang++) {
        struct str path = str_printf(arena, "i18n/%s.msg", lang_tag(lang));
        const struct furniture_item *item = furniture_find(furniture, path);
        if (item == NULL)
            return fail(ctx, ST_NOT_FOUND, "furniture.missing", ARGS(arg_text("path", path)));
        TRY(words_book_add(ctx, book, lang, path, item->bytes));
    }
    *out = book;
    return ST_OK;
}
