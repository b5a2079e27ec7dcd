#pragma once
/*
 * What an integrator changes without a compiler: templates, words, packs, static files, data. It is
 * compiled in, and a file of the same name below the override folder (<data directory>/furniture)
 * wins; a file that is only there counts too. Read once at start, then only read, by any thread.
 *
 * Paths are those of the repository: "templates/case.html", "i18n/en.msg", "regimes/<id>.yaml",
 * "data/dict/pollution.csv", "docs/clauses.tsv"; foreign static files stand at "static/vendor/…".
 * What browsers fetch also exists compressed, as path + ".gz".
 */
#include "base/ctx.h"
#include "kit/words.h"

/* One file as tools/embed writes it; bytes end with an additional NUL. */
struct furniture_file {
    const char *path;
    const char *bytes;
    size_t len;
};

/* The compiled-in ones, sorted by path; whoever names them links the generated file (furniture_dep). */
extern const struct furniture_file furniture_files[];
extern const size_t furniture_file_count;

struct furniture_item {
    struct str path;
    struct str bytes;
    struct str tag; /* 16 hex digits that change with the bytes, for addresses cached for ever */
    bool overridden;
};

struct furniture;

/*
 * Lives in the arena. `dir` may be absent, and may name a folder that does not exist.
 * Errors: ST_IO     furniture.unreadable  (path)
 *         ST_LIMIT  furniture.too_large   (path, limit): one file over 16 MiB
 *         ST_LIMIT  furniture.too_deep    (path): nested deeper than 8 folders
 */
MUST_USE enum status furniture_open(struct ctx *ctx, struct arena *arena,
                                    const struct furniture_file *files, size_t file_count,
                                    struct str dir, struct furniture **out);

/* Null when absent. An override without its own .gz hides the compiled-in .gz too. */
const struct furniture_item *furniture_find(const struct furniture *furniture, struct str path);

/* All items whose path begins with `prefix`, sorted by path; *count tells how many (null: none). */
const struct furniture_item *furniture_list(const struct furniture *furniture, struct str prefix,
                                            size_t *count);

/*
 * The sentences of both languages, i18n/zh-CN.msg and i18n/en.msg, as a book in the arena.
 * Errors: ST_NOT_FOUND furniture.missing (path), and those of words_book_add.
 */
MUST_USE enum status furniture_open_words(struct ctx *ctx, const struct furniture *furniture,
                                          struct arena *arena, struct words_book **out);
