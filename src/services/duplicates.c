/*
 * One index for each prefecture that the table names. Positive ids are cases, negative ones count
 * the rows of the file. Places are compared by region code, which a township shares with its county.
 */
#include "services/duplicates.h"

#include "base/strmap.h"
#include "base/vec.h"
#include "kit/spill.h"
#include "store/casefile_rows.h"

enum { CANDIDATES = 4, PAGE = 2000, TITLE_CHARS = 200 };

struct kept_row {
    int64_t row;
    struct day day;
    struct str region;
};

struct duplicates {
    struct arena *arena;
    struct db_conn *conn;
    const struct engine *engine;
    struct strmap indexes; /* by prefecture → struct similar_index */
    struct spill texts;
    VEC(struct kept_row) rows;
};

struct duplicates *duplicates_open(struct arena *arena, struct db_conn *conn,
                                   const struct engine *engine, struct str tmp_dir)
{
    struct duplicates *duplicates = arena_new_of(arena, struct duplicates);
    duplicates->arena = arena;
    duplicates->conn = conn;
    duplicates->engine = engine;
    strmap_init(&duplicates->indexes, arena);
    spill_init(&duplicates->texts, arena, tmp_dir);
    return duplicates;
}

void duplicates_close(struct duplicates *duplicates)
{
    if (duplicates == NULL)
        return;
    for (size_t i = 0; i < duplicates->indexes.len; i++)
        similar_index_free(duplicates->indexes.entries[i].value);
    spill_fini(&duplicates->texts);
}

void duplicates_cleanup(struct duplicates **duplicates)
{
    duplicates_close(*duplicates);
}

/* ---- the index of a prefecture ---- */

struct page {
    struct casefile_signature at[PAGE];
    size_t count;
};

/* Read newest first, added oldest first: chains are walked from what was added last. */
static enum status fill(struct ctx *ctx, const struct duplicates *duplicates,
                        struct prefecture prefecture, struct similar_index *index)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct casefile_id before = {INT64_MAX};
    VEC(struct page *) pages = {0};
    for (size_t read = 0; read < DUPLICATES_STOCK; read += PAGE) {
        struct page *page = arena_new_of(arena, struct page);
        TRY(casefile_rows_list_signatures(ctx, duplicates->conn, duplicates->engine->campaign.id,
                                          prefecture, before, PAGE, page->at, &page->count));
        vec_add(arena, &pages, page);
        if (page->count < PAGE)
            break;
        before = page->at[PAGE - 1].id;
    }
    for (size_t i = pages.len; i-- > 0;)
        for (size_t j = pages.at[i]->count; j-- > 0;)
            (void)similar_index_add(index, pages.at[i]->at[j].id.v,
                                    &pages.at[i]->at[j].signature);
    return ST_OK;
}

static enum status index_of(struct ctx *ctx, struct duplicates *duplicates,
                            struct prefecture prefecture, struct similar_index **out)
{
    struct similar_index *index =
        strmap_find(&duplicates->indexes, prefecture_str(&prefecture));
    if (index == NULL) {
        index = similar_index_new(DUPLICATES_STOCK + DUPLICATES_ROWS);
        (void)strmap_put(&duplicates->indexes,
                         str_copy(duplicates->arena, prefecture_str(&prefecture)), index);
        TRY(fill(ctx, duplicates, prefecture, index));
    }
    *out = index;
    return ST_OK;
}

/* ---- candidates ---- */

static bool row_at(struct ctx *ctx, const struct duplicates *duplicates, int64_t id,
                   struct similar_case *out, struct duplicates_found *found)
{
    const struct kept_row *kept = &duplicates->rows.at[-id - 1];
    *out = (struct similar_case){.place = kept->region, .day = kept->day};
    found->row = kept->row;
    return spill_find(&duplicates->texts, ctx->arena, (uint64_t)(-id - 1), &out->text);
}

/* The row of a case shows the beginning of its subject; a longer one is read from its events. */
static enum status subject_of(struct ctx *ctx, const struct duplicates *duplicates,
                              const struct casefile_row *row, struct str *out)
{
    struct casefile casefile;
    *out = row->title;
    if (utf8_length(row->title) < TITLE_CHARS)
        return ST_OK;
    TRY(ledger_load(ctx, duplicates->conn, row->prefecture, row->id, &casefile));
    struct str subject = duplicates->engine->procedure->subject;
    *out = value_find_text(casefile.fields, str_c(ctx->arena, subject));
    return ST_OK;
}

static enum status case_at(struct ctx *ctx, const struct duplicates *duplicates,
                           struct prefecture prefecture, int64_t id, struct similar_case *out,
                           struct duplicates_found *found)
{
    struct casefile_row row;
    TRY(casefile_rows_find(ctx, duplicates->conn, prefecture, (struct casefile_id){id}, &row));
    found->prefecture = prefecture;
    found->id.v = id;
    if (row.withdrawn)
        return ST_OK;
    bool placed = !str_eq(row.region, duplicates->engine->campaign.region);
    out->place = placed ? row.region : (struct str){0};
    out->day = day_of_instant(row.created_at);
    return subject_of(ctx, duplicates, &row, &out->text);
}

static enum status judge(struct ctx *ctx, const struct duplicates *duplicates,
                         const struct duplicates_row *row, int64_t id,
                         struct duplicates_found *best)
{
    struct duplicates_found found = {0};
    struct similar_case other = {0};
    const struct similar_case mine = {row->text, row->region, row->day};
    if (id < 0 && !row_at(ctx, duplicates, id, &other, &found))
        return ST_OK;
    if (id > 0)
        TRY(case_at(ctx, duplicates, row->prefecture, id, &other, &found));
    if (str_is_empty(other.text))
        return ST_OK;
    found.permille = similar_judge(ctx->arena, &mine, &other);
    if (found.permille > best->permille)
        *best = found;
    return ST_OK;
}

static void add_row(struct duplicates *duplicates, const struct duplicates_row *row,
                    struct similar_index *index, const struct similar_signature *signature)
{
    int64_t number = (int64_t)duplicates->rows.len;
    if (number >= DUPLICATES_ROWS || !spill_add(&duplicates->texts, row->text))
        return;
    vec_add(duplicates->arena, &duplicates->rows,
            ((struct kept_row){row->row, row->day, str_copy(duplicates->arena, row->region)}));
    (void)similar_index_add(index, -number - 1, signature);
}

enum status duplicates_find(struct ctx *ctx, struct duplicates *duplicates,
                            const struct duplicates_row *row, struct duplicates_found *out)
{
    struct similar_signature signature;
    struct similar_index *index;
    struct duplicates_found best = {0};
    int64_t ids[CANDIDATES];
    if (similar_sign(row->text, &signature)) {
        TRY(index_of(ctx, duplicates, row->prefecture, &index));
        size_t count = similar_index_find(index, &signature, ids, CANDIDATES);
        for (size_t i = 0; i < count; i++)
            TRY(judge(ctx, duplicates, row, ids[i], &best));
        add_row(duplicates, row, index, &signature);
    }
    *out = best;
    return ST_OK;
}
