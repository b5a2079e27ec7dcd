/*
 * The file is read back into the same values that were committed, so one walk serves run and verify.
 */
#include "services/draw_file.h"

#include <string.h>

#include "kit/crypto.h"
#include "kit/csv.h"
#include "kit/json.h"

enum { CELL_LIMIT = 64 * 1024, SEED_BYTES = 32 };

struct draw_digest draw_sha256(struct str bytes)
{
    struct draw_digest out;
    struct digest digest = crypto_digest(CRYPTO_SHA256, bytes);
    _Static_assert(sizeof out.bytes == sizeof digest.bytes, "32 bytes either way");
    memcpy(out.bytes, digest.bytes, sizeof out.bytes);
    return out;
}

/* ---- csv ---- */

struct reading {
    struct arena *arena;
    VEC(struct str) columns, cells;
    size_t rows;
};

static enum status take_header(struct reading *reading, struct ctx *ctx, const struct csv_row *row)
{
    for (size_t i = 0; i < row->count; i++) {
        struct str name = str_copy(reading->arena, str_trim(row->cells[i]));
        for (size_t j = 0; j < i; j++)
            if (str_eq(reading->columns.at[j], name))
                return fail(ctx, ST_INVALID, "draw.column_twice", ARGS(arg_text("name", name)));
        vec_add(reading->arena, &reading->columns, name);
    }
    return ST_OK;
}

static bool is_blank(const struct csv_row *row)
{
    for (size_t i = 0; i < row->count; i++)
        if (!str_is_empty(str_trim(row->cells[i])))
            return false;
    return true;
}

static enum status take_row(void *self, struct ctx *ctx, const struct csv_row *row)
{
    struct reading *reading = self;
    bool is_header = reading->columns.len == 0;
    if (is_blank(row))
        return ST_OK;
    if (row->cut || row->wide || row->unclosed ||
        (!is_header && row->count > reading->columns.len))
        return fail(ctx, ST_INVALID, "draw.bad_row", ARGS(arg_int("row", row->number)));
    if (is_header)
        return take_header(reading, ctx, row);
    if (++reading->rows > DRAW_ROWS_MAX)
        return fail(ctx, ST_LIMIT, "draw.too_large", ARGS(arg_int("limit", DRAW_ROWS_MAX)));
    for (size_t i = 0; i < reading->columns.len; i++)
        vec_add(reading->arena, &reading->cells,
                i < row->count ? str_copy(reading->arena, str_trim(row->cells[i])) : S(""));
    return ST_OK;
}

enum status draw_list_parse(struct ctx *ctx, struct str csv, struct draw_list *out)
{
    static const struct str mark = STR_INIT("\xEF\xBB\xBF");
    struct reading reading = {.arena = ctx->arena};
    const struct csv_options options = {S(","), CELL_LIMIT, DRAW_COLUMNS_MAX};
    if (str_starts(csv, mark))
        csv = str_from(csv, mark.len);
    if (!str_is_clean(csv))
        return fail(ctx, ST_MALFORMED, "draw.not_text", NO_ARGS);
    struct csv *reader = csv_new(ctx->arena, options, take_row, &reading);
    TRY(csv_feed(ctx, reader, csv));
    TRY(csv_finish(ctx, reader));
    if (reading.rows == 0)
        return fail(ctx, ST_INVALID, "draw.no_rows", NO_ARGS);
    *out = (struct draw_list){reading.columns.at, reading.columns.len, reading.cells.at,
                              reading.rows};
    return ST_OK;
}

enum status draw_exclusions_parse(struct ctx *ctx, struct str csv, struct draw_rules *out)
{
    static const struct str wanted[] = {STR_INIT("id"), STR_INIT("reason")};
    struct draw_list list;
    TRY(draw_list_parse(ctx, csv, &list));
    for (size_t i = 0; i < COUNT_OF(wanted); i++) {
        bool found = false;
        for (size_t j = 0; j < list.column_count; j++)
            found = found || str_eq(list.columns[j], wanted[i]);
        if (!found)
            return fail(ctx, ST_INVALID, "draw.no_column", ARGS(arg_text("name", wanted[i])));
    }
    struct draw_exclusion *all = arena_alloc_array(ctx->arena, list.row_count, sizeof *all);
    for (size_t row = 0; row < list.row_count; row++)
        all[row] = (struct draw_exclusion){draw_cell(&list, row, wanted[0]),
                                           draw_cell(&list, row, wanted[1])};
    out->excluded = all;
    out->excluded_count = list.row_count;
    return ST_OK;
}

/* ---- commit and run ---- */

static void fix_rules(struct arena *arena, struct draw_file *file, const struct draw_rules *rules,
                      struct str when)
{
    file->has_rules = true;
    file->rules = *rules;
    file->rules_fixed = when;
    file->rules_hash = draw_rules_hash(arena, draw_sha256, rules);
}

enum status draw_file_commit(struct ctx *ctx, const struct draw_list *list,
                             const struct draw_rules *rules, struct draw_file *out)
{
    /* Without rules there is still a list to look at: its first column would name the things. */
    const struct draw_rules bare = {.key = list->columns[0], .percent = 100};
    TRY(draw_check(ctx, list, rules == NULL ? &bare : rules));
    *out = (struct draw_file){.list = *list,
                              .list_hash = draw_list_hash(ctx->arena, draw_sha256, list),
                              .committed_at = instant_format(ctx->arena, ctx->now)};
    if (rules != NULL)
        fix_rules(ctx->arena, out, rules, S("commit"));
    return ST_OK;
}

static enum status check_list(struct ctx *ctx, const struct draw_file *file,
                              const struct draw_list *list)
{
    struct str found = draw_list_hash(ctx->arena, draw_sha256, list);
    if (str_eq(found, file->list_hash))
        return ST_OK;
    return fail(ctx, ST_CONFLICT, "draw.other_list",
                ARGS(arg_text("committed", file->list_hash), arg_text("found", found)));
}

static enum status check_rules(struct ctx *ctx, const struct draw_file *file,
                               const struct draw_rules *rules)
{
    if (!file->has_rules)
        return rules == NULL ? fail(ctx, ST_CONFLICT, "draw.no_rules", NO_ARGS) : ST_OK;
    bool same = str_eq(draw_rules_hash(ctx->arena, draw_sha256, &file->rules), file->rules_hash);
    return rules != NULL || !same ? fail(ctx, ST_CONFLICT, "draw.rules_fixed", NO_ARGS) : ST_OK;
}

static void put_sample(struct arena *arena, struct draw_file *file,
                       const struct draw_result *result)
{
    struct value *strata = value_list(arena);
    struct value *all = value_list(arena);
    for (size_t i = 0; i < result->stratum_count; i++) {
        const struct draw_stratum *stratum = &result->strata[i];
        struct value *row = value_append_map(arena, strata);
        value_put_text(arena, row, "stratum", stratum->name);
        value_put_int(arena, row, "listed", (int64_t)stratum->listed);
        value_put_int(arena, row, "excluded", (int64_t)stratum->excluded);
        struct value *drawn = value_put_list(arena, row, "drawn");
        for (size_t j = 0; j < stratum->take; j++) {
            struct str id = draw_cell(&file->list, stratum->drawn[j], file->rules.key);
            value_append(drawn, value_text(arena, id));
            value_append(all, value_text(arena, id));
        }
    }
    file->strata = strata;
    file->drawn = all;
}

enum status draw_file_sample(struct ctx *ctx, struct draw_file *io_file)
{
    struct draw_result result;
    TRY(draw_sample(ctx, draw_sha256, &io_file->list, &io_file->rules, io_file->seed, &result));
    put_sample(ctx->arena, io_file, &result);
    return ST_OK;
}

enum status draw_file_run(struct ctx *ctx, struct draw_file *io_file, const struct draw_list *list,
                          const struct draw_rules *rules, struct str seed)
{
    struct draw_file file = *io_file;
    if (file.seed.at != NULL)
        return fail(ctx, ST_CONFLICT, "draw.drawn_already", NO_ARGS);
    TRY(check_list(ctx, &file, &file.list));
    if (list != NULL)
        TRY(check_list(ctx, &file, list));
    TRY(check_rules(ctx, &file, rules));
    if (rules != NULL)
        fix_rules(ctx->arena, &file, rules, S("run"));
    file.seed_source = seed.at == NULL ? S("random") : S("given");
    file.seed = seed.at == NULL ? crypto_token(ctx->arena, SEED_BYTES) : seed;
    TRY(draw_file_sample(ctx, &file));
    file.drawn_at = instant_format(ctx->arena, ctx->now);
    *io_file = file;
    return ST_OK;
}

/* ---- verify ---- */

static void compare_hash(struct ctx *ctx, struct draw_differences *out, const char *key,
                         struct str says, struct str found)
{
    if (!str_eq(says, found))
        vec_add(ctx->arena, out,
                reason_make(key, ARGS(arg_text("says", says), arg_text("found", found))));
}

/* The first place in which two lists differ; an absent item is an empty text. */
static struct str text_at(const struct value *item, const char *member)
{
    if (item == NULL)
        return S("");
    return item->kind == VALUE_TEXT ? item->text : value_find_text(item, member);
}

static void compare_lists(struct ctx *ctx, struct draw_differences *out, const char *key,
                          const struct value *says, const struct value *found)
{
    int64_t place = 1;
    const struct value *one = says->first;
    const struct value *other = found->first;
    while (one != NULL && other != NULL && value_eq(one, other)) {
        one = one->next;
        other = other->next;
        place++;
    }
    if (one != NULL || other != NULL)
        vec_add(ctx->arena, out,
                reason_make(key, ARGS(arg_int("place", place),
                                      arg_text("says", text_at(one, "stratum")),
                                      arg_text("found", text_at(other, "stratum")))));
}

static void compare_sample(struct ctx *ctx, const struct draw_file *file,
                           struct draw_differences *out)
{
    struct draw_file again = *file;
    if (draw_file_sample(ctx, &again) != ST_OK) {
        vec_add(ctx->arena, out, ctx->failure.reason);
        fail_clear(ctx);
        return;
    }
    compare_lists(ctx, out, "draw.differs.strata", file->strata, again.strata);
    compare_lists(ctx, out, "draw.differs.drawn", file->drawn, again.drawn);
}

void draw_file_verify(struct ctx *ctx, const struct draw_file *file, const struct draw_list *list,
                      struct draw_differences *out)
{
    struct arena *arena = ctx->arena;
    compare_hash(ctx, out, "draw.differs.list", file->list_hash,
                 draw_list_hash(arena, draw_sha256, &file->list));
    if (list != NULL)
        compare_hash(ctx, out, "draw.differs.other_list", file->list_hash,
                     draw_list_hash(arena, draw_sha256, list));
    if (file->has_rules)
        compare_hash(ctx, out, "draw.differs.rules", file->rules_hash,
                     draw_rules_hash(arena, draw_sha256, &file->rules));
    if (file->seed.at != NULL)
        compare_sample(ctx, file, out);
}

/* ---- the file ---- */

static void put_list(struct arena *arena, struct value *document, const struct draw_list *list)
{
    struct value *columns = value_put_list(arena, document, "columns");
    struct value *rows = value_put_list(arena, document, "rows");
    for (size_t i = 0; i < list->column_count; i++)
        value_append(columns, value_text(arena, list->columns[i]));
    for (size_t row = 0; row < list->row_count; row++) {
        struct value *cells = value_list(arena);
        for (size_t i = 0; i < list->column_count; i++)
            value_append(cells, value_text(arena, list->cells[row * list->column_count + i]));
        value_append(rows, cells);
    }
}

static void put_rules(struct arena *arena, struct value *document, const struct draw_rules *rules)
{
    struct value *map = value_put_map(arena, document, "rules");
    value_put_text(arena, map, "key", rules->key);
    value_put_text(arena, map, "strata", rules->strata);
    value_put_int(arena, map, "take", rules->take);
    value_put_int(arena, map, "percent", rules->percent);
    value_put_int(arena, map, "at_least", rules->at_least);
    struct value *excluded = value_put_list(arena, map, "excluded");
    for (size_t i = 0; i < rules->excluded_count; i++) {
        struct value *row = value_append_map(arena, excluded);
        value_put_text(arena, row, "id", rules->excluded[i].id);
        value_put_text(arena, row, "reason", rules->excluded[i].reason);
    }
}

struct value *draw_file_value(struct arena *arena, const struct draw_file *file)
{
    struct value *document = value_map(arena);
    value_put_text(arena, document, "format", S("lantian-draw-1"));
    value_put_text(arena, document, "hash", S("sha256"));
    put_list(arena, document, &file->list);
    value_put_text(arena, document, "list_hash", file->list_hash);
    value_put_text(arena, document, "committed_at", file->committed_at);
    if (file->has_rules) {
        put_rules(arena, document, &file->rules);
        value_put_text(arena, document, "rules_hash", file->rules_hash);
        value_put_text(arena, document, "rules_fixed", file->rules_fixed);
    }
    if (file->seed.at == NULL)
        return document;
    value_put_text(arena, document, "seed", file->seed);
    value_put_text(arena, document, "seed_source", file->seed_source);
    value_put_text(arena, document, "drawn_at", file->drawn_at);
    value_put(document, S("strata"), value_copy(arena, file->strata));
    value_put(document, S("drawn"), value_copy(arena, file->drawn));
    return document;
}

static enum status not_a_draw(struct ctx *ctx, const char *member)
{
    return fail(ctx, ST_INVALID, "draw.not_a_draw", ARGS(arg_c("member", member)));
}

static enum status take_text(struct ctx *ctx, const struct value *map, const char *member,
                             struct str *out)
{
    const struct value *value = value_find_c(map, member);
    if (value == NULL || value->kind != VALUE_TEXT)
        return not_a_draw(ctx, member);
    *out = value->text;
    return ST_OK;
}

static enum status take_int(struct ctx *ctx, const struct value *map, const char *member,
                            int64_t *out)
{
    const struct value *value = value_find_c(map, member);
    if (value == NULL || value->kind != VALUE_INT)
        return not_a_draw(ctx, member);
    *out = value->number;
    return ST_OK;
}

/* The texts of a list, appended; `count` of them. */
static enum status take_texts(struct ctx *ctx, const struct value *list, const char *member,
                              struct str *out)
{
    if (list == NULL || list->kind != VALUE_LIST)
        return not_a_draw(ctx, member);
    value_each (text, list) {
        if (text->kind != VALUE_TEXT)
            return not_a_draw(ctx, member);
        *out++ = text->text;
    }
    return ST_OK;
}

static enum status take_list(struct ctx *ctx, const struct value *document, struct draw_list *out)
{
    const struct value *columns = value_find_c(document, "columns");
    const struct value *rows = value_find_c(document, "rows");
    if (columns == NULL || columns->count == 0 || columns->count > DRAW_COLUMNS_MAX)
        return not_a_draw(ctx, "columns");
    if (rows == NULL || rows->kind != VALUE_LIST || rows->count > DRAW_ROWS_MAX)
        return not_a_draw(ctx, "rows");
    struct str *names = arena_alloc_array(ctx->arena, columns->count, sizeof *names);
    struct str *cells = arena_alloc_array(ctx->arena, rows->count * columns->count, sizeof *cells);
    *out = (struct draw_list){names, columns->count, cells, rows->count};
    TRY(take_texts(ctx, columns, "columns", names));
    value_each (row, rows) {
        if (row->count != columns->count)
            return not_a_draw(ctx, "rows");
        TRY(take_texts(ctx, row, "rows", cells));
        cells += columns->count;
    }
    return ST_OK;
}

static enum status take_rules(struct ctx *ctx, const struct value *map, struct draw_rules *out)
{
    const struct value *excluded = value_find_c(map, "excluded");
    TRY(take_text(ctx, map, "key", &out->key));
    TRY(take_text(ctx, map, "strata", &out->strata));
    TRY(take_int(ctx, map, "take", &out->take));
    TRY(take_int(ctx, map, "percent", &out->percent));
    TRY(take_int(ctx, map, "at_least", &out->at_least));
    if (excluded == NULL || excluded->kind != VALUE_LIST)
        return not_a_draw(ctx, "excluded");
    struct draw_exclusion *all = arena_alloc_array(ctx->arena, excluded->count, sizeof *all);
    out->excluded = all;
    out->excluded_count = excluded->count;
    value_each (row, excluded) {
        TRY(take_text(ctx, row, "id", &all->id));
        TRY(take_text(ctx, row, "reason", &all->reason));
        all++;
    }
    return ST_OK;
}

static enum status take_sample(struct ctx *ctx, const struct value *document,
                               struct draw_file *out)
{
    TRY(take_text(ctx, document, "seed", &out->seed));
    TRY(take_text(ctx, document, "seed_source", &out->seed_source));
    TRY(take_text(ctx, document, "drawn_at", &out->drawn_at));
    out->strata = value_find_c(document, "strata");
    out->drawn = value_find_c(document, "drawn");
    if (out->strata == NULL || out->strata->kind != VALUE_LIST)
        return not_a_draw(ctx, "strata");
    return out->drawn == NULL || out->drawn->kind != VALUE_LIST ? not_a_draw(ctx, "drawn") : ST_OK;
}

enum status draw_file_parse(struct ctx *ctx, struct str bytes, struct draw_file *out)
{
    struct value *document;
    struct str format;
    struct draw_file file = {0};
    TRY(json_parse(ctx, bytes, DRAW_FILE_LIMIT, JSON_STRICT, &document));
    TRY(take_text(ctx, document, "format", &format));
    if (!str_eq(format, S("lantian-draw-1")) ||
        !str_eq(value_find_text(document, "hash"), S("sha256")))
        return fail(ctx, ST_INVALID, "draw.other_format", ARGS(arg_text("format", format)));
    TRY(take_list(ctx, document, &file.list));
    TRY(take_text(ctx, document, "list_hash", &file.list_hash));
    TRY(take_text(ctx, document, "committed_at", &file.committed_at));
    const struct value *rules = value_find_c(document, "rules");
    file.has_rules = rules != NULL;
    if (file.has_rules) {
        TRY(take_rules(ctx, rules, &file.rules));
        TRY(take_text(ctx, document, "rules_hash", &file.rules_hash));
        TRY(take_text(ctx, document, "rules_fixed", &file.rules_fixed));
    }
    if (value_find_c(document, "seed") != NULL) {
        if (!file.has_rules)
            return not_a_draw(ctx, "rules");
        TRY(take_sample(ctx, document, &file));
    }
    *out = file;
    return ST_OK;
}
