/*
 * Bytes are hashed as netstrings, so that no two lists share a spelling. The sample comes from one
 * stream of hashed counters a stratum; its key is made of list, rules and seed, so whoever changes any
 * of them after the fact gets another sample.
 */
#include "engine/draw.h"

#include <string.h>

#include "base/buf.h"
#include "base/strmap.h"
#include "base/vec.h"

enum { NUMBERS_A_BLOCK = DRAW_DIGEST_BYTES / 8, BYTES_MAX = 256 * 1024 * 1024 };

static void put(struct buf *out, struct str text)
{
    buf_i64(out, (int64_t)text.len);
    buf_char(out, ':');
    buf_text(out, text);
    buf_char(out, ',');
}

static void put_number(struct buf *out, struct arena *arena, size_t number)
{
    put(out, str_printf(arena, "%zu", number));
}

/* An absent number is an empty text. */
static void put_count(struct buf *out, struct arena *arena, int64_t number)
{
    put(out, number == 0 ? S("") : str_printf(arena, "%lld", (long long)number));
}

static struct draw_digest digest_of(draw_hash_fn *hash, const struct buf *bytes)
{
    must(buf_status(bytes) == ST_OK); /* the limits of rows and cells keep it far below */
    return hash(buf_str(bytes));
}

static struct str format_digest(struct arena *arena, const struct draw_digest *digest)
{
    struct buf hex;
    buf_init(&hex, arena, 2 * DRAW_DIGEST_BYTES);
    buf_hex(&hex, digest->bytes, DRAW_DIGEST_BYTES);
    return buf_str(&hex);
}

struct str draw_list_hash(struct arena *arena, draw_hash_fn *hash, const struct draw_list *list)
{
    struct buf bytes;
    buf_init(&bytes, arena, BYTES_MAX);
    buf_c(&bytes, "lantian-draw-list-1\n");
    put_number(&bytes, arena, list->column_count);
    for (size_t i = 0; i < list->column_count; i++)
        put(&bytes, list->columns[i]);
    put_number(&bytes, arena, list->row_count);
    for (size_t i = 0; i < list->row_count * list->column_count; i++)
        put(&bytes, list->cells[i]);
    struct draw_digest digest = digest_of(hash, &bytes);
    return format_digest(arena, &digest);
}

struct str draw_rules_hash(struct arena *arena, draw_hash_fn *hash, const struct draw_rules *rules)
{
    struct buf bytes;
    buf_init(&bytes, arena, BYTES_MAX);
    buf_c(&bytes, "lantian-draw-rules-1\n");
    put(&bytes, rules->key);
    put(&bytes, rules->strata);
    put_count(&bytes, arena, rules->take);
    put_count(&bytes, arena, rules->percent);
    put_count(&bytes, arena, rules->at_least);
    put_number(&bytes, arena, rules->excluded_count);
    for (size_t i = 0; i < rules->excluded_count; i++) {
        put(&bytes, rules->excluded[i].id);
        put(&bytes, rules->excluded[i].reason);
    }
    struct draw_digest digest = digest_of(hash, &bytes);
    return format_digest(arena, &digest);
}

/* ---- numbers ---- */

bool draw_reduce(uint64_t number, uint64_t max, uint64_t n, uint64_t *out)
{
    uint64_t excess = (max % n + 1) % n; /* numbers beyond the last whole round of n */
    if (number > max - excess)
        return false;
    *out = number % n;
    return true;
}

/* The numbers of one stratum: block i is the hash of key, stratum and i; a block is four numbers. */
struct stream {
    struct arena *arena;
    draw_hash_fn *hash;
    struct str key; /* hex */
    struct str stratum;
    size_t next_block;
    struct draw_digest block;
    size_t used; /* numbers of the block */
};

static uint64_t next_number(struct stream *stream)
{
    uint64_t number = 0;
    if (stream->used == NUMBERS_A_BLOCK) {
        struct arena_mark mark = arena_mark(stream->arena);
        struct buf bytes;
        buf_init(&bytes, stream->arena, BYTES_MAX);
        buf_c(&bytes, "lantian-draw-block-1\n");
        put(&bytes, stream->key);
        put(&bytes, stream->stratum);
        put_number(&bytes, stream->arena, stream->next_block++);
        stream->block = digest_of(stream->hash, &bytes);
        stream->used = 0;
        arena_return(stream->arena, mark);
    }
    for (size_t i = 0; i < 8; i++)
        number = number << 8 | stream->block.bytes[8 * stream->used + i];
    stream->used++;
    return number;
}

static uint64_t stream_below(void *self, uint64_t n)
{
    uint64_t out;
    while (!draw_reduce(next_number(self), UINT64_MAX, n, &out))
        continue;
    return out;
}

void draw_shuffle(size_t *items, size_t count, size_t take, draw_below_fn *below, void *self)
{
    must(take <= count);
    for (size_t i = 0; i < take; i++) {
        size_t other = i + (size_t)below(self, count - i);
        size_t item = items[i];
        items[i] = items[other];
        items[other] = item;
    }
}

/* ---- shares ---- */

void draw_share(const size_t *sizes, size_t count, size_t take, size_t *out_shares)
{
    size_t beyond = 0; /* what all have beyond one */
    for (size_t i = 0; i < count; i++)
        beyond += sizes[i] - 1;
    must(take >= count && take <= beyond + count);
    size_t rest = take - count;
    size_t left = rest;
    for (size_t i = 0; i < count; i++) {
        size_t whole = beyond == 0 ? 0 : rest * (sizes[i] - 1) / beyond;
        out_shares[i] = 1 + whole;
        left -= whole;
    }
    for (; left > 0; left--) { /* fewer than strata, each at most once */
        size_t best = 0;
        size_t best_remainder = 0;
        for (size_t i = 0; i < count; i++) {
            size_t remainder = rest * (sizes[i] - 1) % beyond;
            bool served = out_shares[i] > 1 + rest * (sizes[i] - 1) / beyond;
            if (served || remainder <= best_remainder)
                continue;
            best = i;
            best_remainder = remainder;
        }
        out_shares[best]++;
    }
}

/* ---- list and rules ---- */

static size_t column_of(const struct draw_list *list, struct str name)
{
    for (size_t i = 0; i < list->column_count; i++)
        if (str_eq(list->columns[i], name))
            return i;
    return SIZE_MAX;
}

struct str draw_cell(const struct draw_list *list, size_t row, struct str column)
{
    size_t i = column_of(list, column);
    must(i != SIZE_MAX && row < list->row_count);
    return list->cells[row * list->column_count + i];
}

/* The list as it is drawn from. */
struct field {
    struct strmap by_id;  /* id → its cell */
    const bool *excluded; /* by row */
    struct draw_stratum *strata;
    size_t stratum_count;
    size_t *stratum_of; /* by row */
    size_t left;        /* rows not excluded */
    size_t open_strata; /* strata that have some */
    size_t take;
};

static enum status check_columns(struct ctx *ctx, const struct draw_list *list,
                                 const struct draw_rules *rules)
{
    if (list->row_count > DRAW_ROWS_MAX)
        return fail(ctx, ST_LIMIT, "draw.too_large", ARGS(arg_int("limit", DRAW_ROWS_MAX)));
    if (list->row_count == 0)
        return fail(ctx, ST_INVALID, "draw.no_rows", NO_ARGS);
    if (column_of(list, rules->key) == SIZE_MAX)
        return fail(ctx, ST_INVALID, "draw.no_column", ARGS(arg_text("name", rules->key)));
    if (!str_is_empty(rules->strata) && column_of(list, rules->strata) == SIZE_MAX)
        return fail(ctx, ST_INVALID, "draw.no_column", ARGS(arg_text("name", rules->strata)));
    return ST_OK;
}

static enum status read_ids(struct ctx *ctx, const struct draw_list *list,
                            const struct draw_rules *rules, struct field *field)
{
    size_t column = column_of(list, rules->key);
    strmap_init(&field->by_id, ctx->arena);
    for (size_t row = 0; row < list->row_count; row++) {
        const struct str *id = &list->cells[row * list->column_count + column];
        if (str_is_empty(str_trim(*id)))
            return fail(ctx, ST_INVALID, "draw.no_key", ARGS(arg_int("row", (int64_t)row + 1)));
        if (strmap_find(&field->by_id, *id) != NULL)
            return fail(ctx, ST_INVALID, "draw.key_twice",
                        ARGS(arg_text("id", *id), arg_int("row", (int64_t)row + 1)));
        size_t *place = arena_alloc(ctx->arena, sizeof *place);
        *place = row;
        (void)strmap_put(&field->by_id, *id, place);
    }
    return ST_OK;
}

static enum status read_exclusions(struct ctx *ctx, const struct draw_list *list,
                                   const struct draw_rules *rules, struct field *field)
{
    bool *excluded = arena_alloc_array(ctx->arena, list->row_count, sizeof *excluded);
    memset(excluded, 0, list->row_count * sizeof *excluded);
    for (size_t i = 0; i < rules->excluded_count; i++) {
        const struct draw_exclusion *exclusion = &rules->excluded[i];
        const size_t *row = strmap_find(&field->by_id, exclusion->id);
        struct args id = ARGS(arg_text("id", exclusion->id));
        if (row == NULL)
            return fail(ctx, ST_INVALID, "draw.not_listed", id);
        if (str_is_empty(str_trim(exclusion->reason)))
            return fail(ctx, ST_INVALID, "draw.no_reason", id);
        if (excluded[*row])
            return fail(ctx, ST_INVALID, "draw.excluded_twice", id);
        excluded[*row] = true;
    }
    field->excluded = excluded;
    return ST_OK;
}

static enum status read_strata(struct ctx *ctx, const struct draw_list *list,
                               const struct draw_rules *rules, struct field *field)
{
    struct strmap places; /* name → its number in the vector, kept in the arena */
    VEC(struct draw_stratum) strata = {0};
    strmap_init(&places, ctx->arena);
    field->stratum_of = arena_alloc_array(ctx->arena, list->row_count, sizeof(size_t));
    for (size_t row = 0; row < list->row_count; row++) {
        struct str name =
            str_is_empty(rules->strata) ? S("") : draw_cell(list, row, rules->strata);
        size_t *place = strmap_find(&places, name);
        if (place == NULL) {
            place = arena_alloc(ctx->arena, sizeof *place);
            *place = strata.len;
            (void)strmap_put(&places, name, place);
            vec_push(ctx->arena, &strata)->name = name;
        }
        field->stratum_of[row] = *place;
        strata.at[*place].listed++;
        strata.at[*place].excluded += field->excluded[row];
    }
    field->strata = strata.at;
    field->stratum_count = strata.len;
    if (strata.len > DRAW_STRATA_MAX)
        return fail(ctx, ST_LIMIT, "draw.too_many_strata", ARGS(arg_int("limit", DRAW_STRATA_MAX)));
    field->left = list->row_count - rules->excluded_count;
    field->open_strata = 0;
    for (size_t i = 0; i < strata.len; i++)
        field->open_strata += strata.at[i].listed > strata.at[i].excluded;
    return ST_OK;
}

static size_t max_of(size_t a, size_t b)
{
    return a > b ? a : b;
}

static enum status settle_take(struct ctx *ctx, const struct draw_rules *rules, struct field *field)
{
    bool by_number = rules->take > 0;
    if (by_number == (rules->percent > 0) || rules->take < 0 || rules->percent < 0 ||
        rules->percent > 100 || rules->at_least < 0 || (by_number && rules->at_least > 0))
        return fail(ctx, ST_INVALID, "draw.take_or_percent", NO_ARGS);
    if (!by_number) {
        size_t share = (field->left * (size_t)rules->percent + 99) / 100;
        size_t floor = max_of((size_t)rules->at_least, field->open_strata);
        field->take = max_of(share, floor);
        if (field->take > field->left)
            field->take = field->left;
    } else {
        field->take = (size_t)rules->take;
    }
    struct arg take = arg_int("take", (int64_t)field->take);
    if (field->take > field->left || field->left == 0)
        return fail(ctx, ST_INVALID, "draw.too_many",
                    ARGS(take, arg_int("n", (int64_t)field->left)));
    if (field->take < field->open_strata)
        return fail(ctx, ST_INVALID, "draw.too_few",
                    ARGS(take, arg_int("n", (int64_t)field->open_strata)));
    return ST_OK;
}

static enum status read_field(struct ctx *ctx, const struct draw_list *list,
                              const struct draw_rules *rules, struct field *field)
{
    *field = (struct field){0};
    TRY(check_columns(ctx, list, rules));
    TRY(read_ids(ctx, list, rules, field));
    TRY(read_exclusions(ctx, list, rules, field));
    TRY(read_strata(ctx, list, rules, field));
    return settle_take(ctx, rules, field);
}

enum status draw_check(struct ctx *ctx, const struct draw_list *list,
                       const struct draw_rules *rules)
{
    struct field field;
    return read_field(ctx, list, rules, &field);
}

/* ---- the sample ---- */

static struct str key_of(struct arena *arena, draw_hash_fn *hash, const struct draw_list *list,
                         const struct draw_rules *rules, struct str seed)
{
    struct buf bytes;
    buf_init(&bytes, arena, BYTES_MAX);
    buf_c(&bytes, "lantian-draw-key-1\n");
    put(&bytes, draw_list_hash(arena, hash, list));
    put(&bytes, draw_rules_hash(arena, hash, rules));
    put(&bytes, seed);
    struct draw_digest digest = digest_of(hash, &bytes);
    return format_digest(arena, &digest);
}

/* Each stratum's share; those that are wholly excluded get none. */
static void share_out(struct arena *arena, struct field *field)
{
    size_t *sizes = arena_alloc_array(arena, field->stratum_count, sizeof *sizes);
    size_t *shares = arena_alloc_array(arena, field->stratum_count, sizeof *shares);
    size_t open = 0;
    for (size_t i = 0; i < field->stratum_count; i++)
        if (field->strata[i].listed > field->strata[i].excluded)
            sizes[open++] = field->strata[i].listed - field->strata[i].excluded;
    draw_share(sizes, open, field->take, shares);
    open = 0;
    for (size_t i = 0; i < field->stratum_count; i++)
        if (field->strata[i].listed > field->strata[i].excluded)
            field->strata[i].take = shares[open++];
}

static void draw_from(struct stream *stream, const struct draw_list *list,
                      const struct field *field, size_t number)
{
    struct draw_stratum *stratum = &field->strata[number];
    size_t count = 0;
    stratum->drawn = arena_alloc_array(stream->arena, stratum->listed, sizeof *stratum->drawn);
    for (size_t row = 0; row < list->row_count; row++)
        if (field->stratum_of[row] == number && !field->excluded[row])
            stratum->drawn[count++] = row;
    stream->stratum = stratum->name;
    stream->next_block = 0;
    stream->used = NUMBERS_A_BLOCK;
    draw_shuffle(stratum->drawn, count, stratum->take, stream_below, stream);
}

enum status draw_sample(struct ctx *ctx, draw_hash_fn *hash, const struct draw_list *list,
                        const struct draw_rules *rules, struct str seed, struct draw_result *out)
{
    struct field field;
    TRY(read_field(ctx, list, rules, &field));
    if (str_is_empty(str_trim(seed)))
        return fail(ctx, ST_INVALID, "draw.no_seed", NO_ARGS);
    if (seed.len > DRAW_SEED_MAX)
        return fail(ctx, ST_LIMIT, "draw.seed_too_long", ARGS(arg_int("limit", DRAW_SEED_MAX)));
    struct stream stream = {
        .arena = ctx->arena, .hash = hash, .key = key_of(ctx->arena, hash, list, rules, seed)};
    share_out(ctx->arena, &field);
    for (size_t i = 0; i < field.stratum_count; i++)
        draw_from(&stream, list, &field, i);
    *out = (struct draw_result){field.strata, field.stratum_count, field.take};
    return ST_OK;
}
