/*
 * Dictionaries and clause lists as maps, filled from text or from the furniture.
 */
#include "regime/lists.h"

#include "base/strmap.h"
#include "base/vec.h"
#include "kit/csv.h"

struct pack_lists {
    struct arena *arena;
    struct strmap dictionaries; /* struct pack_dictionary */
    struct strmap clauses;
    bool trusts_clauses;
    struct strmap sources;
    struct strmap calendars;
};

struct pack_lists *pack_lists_new(struct arena *arena)
{
    struct pack_lists *lists = arena_new_of(arena, struct pack_lists);
    lists->arena = arena;
    strmap_init(&lists->dictionaries, arena);
    strmap_init(&lists->clauses, arena);
    strmap_init(&lists->sources, arena);
    strmap_init(&lists->calendars, arena);
    return lists;
}

/* A dictionary while its rows come in. */
struct reading {
    struct arena *arena;
    size_t code, zh, en, units; /* columns, SIZE_MAX: missing */
    VEC(struct regime_choice) choices;
};

static size_t find_cell(const struct str *cells, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq_c(str_trim(cells[i]), name))
            return i;
    }
    return SIZE_MAX;
}

static struct str copy_cell(struct arena *arena, const struct csv_row *row, size_t i)
{
    return i < row->count ? str_copy(arena, str_trim(row->cells[i])) : S("");
}

static enum status take_row(void *self, struct ctx *ctx, const struct csv_row *row)
{
    struct reading *reading = self;
    (void)ctx;
    if (row->number == 1) {
        reading->code = find_cell(row->cells, row->count, "code");
        reading->zh = find_cell(row->cells, row->count, "zh");
        reading->en = find_cell(row->cells, row->count, "en");
        reading->units = find_cell(row->cells, row->count, "units");
        return ST_OK;
    }
    struct regime_choice choice = {
        .code = copy_cell(reading->arena, row, reading->code),
        .words = {copy_cell(reading->arena, row, reading->zh),
                  copy_cell(reading->arena, row, reading->en)},
        .units = copy_cell(reading->arena, row, reading->units),
    };
    if (choice.code.len > 0)
        vec_add(reading->arena, &reading->choices, choice);
    return ST_OK;
}

enum status pack_lists_add_dictionary(struct ctx *ctx, struct pack_lists *lists, struct str id,
                                      struct str text)
{
    struct reading reading = {
        .arena = lists->arena, .code = SIZE_MAX, .zh = SIZE_MAX, .en = SIZE_MAX, .units = SIZE_MAX};
    struct csv_options options = {.delimiter = S(","), .cell_limit = 1 << 16, .column_limit = 32};
    struct csv *csv = csv_new(ctx->arena, options, take_row, &reading);
    TRY(csv_feed(ctx, csv, text));
    TRY(csv_finish(ctx, csv));
    if (reading.code == SIZE_MAX || reading.zh == SIZE_MAX || reading.en == SIZE_MAX)
        return fail(ctx, ST_INVALID, "pack.dictionary_header", ARGS(arg_text("id", id)));
    struct pack_dictionary *dictionary = arena_new_of(lists->arena, struct pack_dictionary);
    *dictionary = (struct pack_dictionary){id, reading.choices.at, reading.choices.len};
    strmap_put(&lists->dictionaries, id, dictionary);
    return ST_OK;
}

enum { CLAUSE_COLUMNS_MAX = 16 };

static size_t cut_tabs(struct str line, struct str cells[CLAUSE_COLUMNS_MAX])
{
    size_t count = 0;
    while (count < CLAUSE_COLUMNS_MAX && str_next(&line, '\t', &cells[count])) {
        cells[count] = str_trim(cells[count]);
        count++;
    }
    return count;
}

enum status pack_lists_add_clauses(struct ctx *ctx, struct pack_lists *lists, struct str tsv)
{
    struct str line = {0};
    struct str cells[CLAUSE_COLUMNS_MAX];
    if (str_starts(tsv, S("\xef\xbb\xbf")))
        tsv = str_part(tsv, 3, tsv.len - 3);
    (void)str_next(&tsv, '\n', &line);
    size_t count = cut_tabs(line, cells);
    size_t id = find_cell(cells, count, "id");
    size_t source = find_cell(cells, count, "source");
    if (id == SIZE_MAX)
        return fail(ctx, ST_INVALID, "pack.clauses_header", NO_ARGS);
    while (str_next(&tsv, '\n', &line)) {
        count = cut_tabs(line, cells);
        if (id >= count || cells[id].len == 0)
            continue;
        strmap_put(&lists->clauses, cells[id], lists);
        if (source < count && cells[source].len > 0)
            strmap_put(&lists->sources, cells[source], lists);
    }
    return ST_OK;
}

/* "data/dict/verdicts.csv" → "verdicts" */
static struct str name_of(struct str path, struct str prefix, struct str suffix)
{
    return str_part(path, prefix.len, path.len - prefix.len - suffix.len);
}

static enum status add_dictionaries(struct ctx *ctx, struct pack_lists *lists,
                                    const struct furniture *furniture)
{
    size_t count;
    const struct furniture_item *items = furniture_list(furniture, S("data/dict/"), &count);
    for (size_t i = 0; i < count; i++) {
        if (str_ends(items[i].path, S(".csv")))
            TRY(pack_lists_add_dictionary(
                ctx, lists, name_of(items[i].path, S("data/dict/"), S(".csv")), items[i].bytes));
    }
    return ST_OK;
}

enum status pack_lists_open(struct ctx *ctx, struct arena *arena, const struct furniture *furniture,
                            struct pack_lists **out)
{
    struct pack_lists *lists = pack_lists_new(arena);
    size_t count;
    TRY(add_dictionaries(ctx, lists, furniture));
    const struct furniture_item *items = furniture_list(furniture, S("data/calendar/"), &count);
    for (size_t i = 0; i < count; i++)
        pack_lists_add_calendar(lists, name_of(items[i].path, S("data/calendar/"), S(".csv")));
    const struct furniture_item *clauses = furniture_find(furniture, S("docs/clauses.tsv"));
    if (clauses != NULL)
        TRY(pack_lists_add_clauses(ctx, lists, clauses->bytes));
    items = furniture_list(furniture, S("regimes/"), &count);
    for (size_t i = 0; i < count; i++) {
        if (str_ends(items[i].path, S(".clauses.tsv")))
            TRY(pack_lists_add_clauses(ctx, lists, items[i].bytes));
    }
    *out = lists;
    return ST_OK;
}

void pack_lists_trust_clauses(struct pack_lists *lists)
{
    lists->trusts_clauses = true;
}

void pack_lists_add_calendar(struct pack_lists *lists, struct str id)
{
    strmap_put(&lists->calendars, id, lists);
}

const struct pack_dictionary *pack_lists_find_dictionary(const struct pack_lists *lists,
                                                         struct str id)
{
    return strmap_find(&lists->dictionaries, id);
}

const struct regime_choice *pack_dictionary_find(const struct pack_dictionary *dictionary,
                                                 struct str code)
{
    for (size_t i = 0; dictionary != NULL && i < dictionary->count; i++) {
        if (str_eq(dictionary->choices[i].code, code))
            return &dictionary->choices[i];
    }
    return NULL;
}

bool pack_lists_has_clause(const struct pack_lists *lists, struct str id)
{
    return lists->trusts_clauses || strmap_find(&lists->clauses, id) != NULL;
}

bool pack_lists_has_calendar(const struct pack_lists *lists, struct str id)
{
    return strmap_find(&lists->calendars, id) != NULL;
}

const struct strmap *pack_lists_names(const struct pack_lists *lists, enum pack_list list)
{
    switch (list) {
    case PACK_LIST_DICTIONARIES: return &lists->dictionaries;
    case PACK_LIST_CLAUSES: return &lists->clauses;
    case PACK_LIST_SOURCES: return &lists->sources;
    case PACK_LIST_CALENDARS: return &lists->calendars;
    }
    must(false);
}
