/*
 * The two sets are made from the directory, the pairs from the cases; a pair whose end stands in
 * neither set (somebody who left the post, an area that is not the campaign's) counts for nothing.
 */
#include "engine/coverage.h"

#include "base/num.h"
#include "base/strmap.h"
#include "base/vec.h"

/* ---- sets ---- */

struct set {
    struct arena *arena;
    struct strmap places; /* id → its place */
    VEC(struct str) ids;
};

static bool names(const struct str *list, size_t count, struct str name)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(list[i], name))
            return true;
    return false;
}

static struct str number_text(struct arena *arena, int64_t number)
{
    return str_printf(arena, "%lld", (long long)number);
}

static void take(struct set *set, struct str id)
{
    if (strmap_find(&set->places, id) != NULL)
        return;
    size_t *place = arena_alloc(set->arena, sizeof *place);
    *place = set->ids.len;
    (void)strmap_put(&set->places, id, place);
    vec_add(set->arena, &set->ids, id);
}

static bool is_of(const struct regime_coverage_set *wanted, const struct coverage_person *person)
{
    for (size_t i = 0; i < person->post_count; i++)
        if (names(wanted->names, wanted->count, person->posts[i].post) &&
            (wanted->at_count == 0 ||
             names(wanted->at, wanted->at_count, person->posts[i].unit_kind)))
            return true;
    return false;
}

static void fill(struct set *set, struct arena *arena, const struct regime_coverage_set *wanted,
                 const struct coverage_facts *facts)
{
    *set = (struct set){.arena = arena};
    strmap_init(&set->places, arena);
    switch (wanted->kind) {
    case COVERAGE_PEOPLE:
        for (size_t i = 0; i < facts->person_count; i++)
            if (is_of(wanted, &facts->people[i]))
                take(set, number_text(arena, facts->people[i].id.v));
        return;
    case COVERAGE_REGIONS:
        for (size_t i = 0; i < facts->region_count; i++)
            if (names(wanted->names, wanted->count, facts->regions[i].level) ||
                names(wanted->codes, wanted->code_count, facts->regions[i].code))
                take(set, facts->regions[i].code);
        return;
    case COVERAGE_UNITS:
        for (size_t i = 0; i < facts->unit_count; i++)
            if (names(wanted->names, wanted->count, facts->units[i]->kind))
                take(set, number_text(arena, facts->units[i]->id.v));
        return;
    case COVERAGE_KIND_COUNT: must(false);
    }
}

/* ---- pairs ---- */

struct str_list {
    struct str *at;
    size_t len;
    size_t cap;
};

static void add_texts(struct arena *arena, struct str_list *out, const struct value *value)
{
    if (value == NULL)
        return;
    if (value->kind == VALUE_TEXT)
        vec_add(arena, out, value->text);
    value_each (one, value->kind == VALUE_LIST ? value : NULL)
        if (one->kind == VALUE_TEXT)
            vec_add(arena, out, one->text);
}

static void add_holders(struct arena *arena, struct str_list *out, const struct casefile *casefile,
                        struct str role)
{
    const struct casefile_role *held = casefile_find_role(casefile, role);
    for (size_t i = 0; held != NULL && i < held->units.len; i++)
        vec_add(arena, out, number_text(arena, held->units.at[i]));
    for (size_t i = 0; held != NULL && i < held->people.len; i++)
        vec_add(arena, out, number_text(arena, held->people.at[i]));
}

/* Whoever holds the post at the unit that the row names. */
static void add_by_post(struct arena *arena, struct str_list *out,
                        const struct coverage_facts *facts, struct str post, struct str unit)
{
    int64_t id;
    if (str_is_empty(post) || !num_parse_i64(unit, 1, INT64_MAX, &id))
        return;
    for (size_t i = 0; i < facts->person_count; i++)
        for (size_t j = 0; j < facts->people[i].post_count; j++)
            if (facts->people[i].posts[j].unit.v == id &&
                str_eq(facts->people[i].posts[j].post, post))
                vec_add(arena, out, number_text(arena, facts->people[i].id.v));
}

/* What one row (of a list, or the case itself) says of one end. */
static struct str_list ends_of(struct arena *arena, const struct regime_coverage_pairs *pairs,
                               const struct coverage_facts *facts, const struct casefile *casefile,
                               const struct value *row, enum coverage_kind kind)
{
    struct str_list ends = {0};
    struct str name = pairs->ends[kind];
    if (!str_is_empty(name)) {
        add_texts(arena, &ends, value_find(row, name));
        if (pairs->list == NULL)
            add_holders(arena, &ends, casefile, name);
        if (pairs->list == NULL && ends.len == 0 && kind == COVERAGE_REGIONS &&
            str_eq(name, S("region"))) /* its own, where no field of it bears the name */
            vec_add(arena, &ends, casefile->region);
    }
    if (kind == COVERAGE_PEOPLE && !str_is_empty(pairs->post))
        add_by_post(arena, &ends, facts, value_find_text(row, str_c(arena, pairs->post)),
                    value_find_text(row, str_c(arena, pairs->body)));
    return ends;
}

static bool reads(const struct regime_coverage_pairs *pairs, const struct casefile *casefile)
{
    return pairs->procedure != NULL && !casefile->withdrawn &&
           str_eq(pairs->procedure->name, casefile->procedure) &&
           (pairs->state_count == 0 ||
            names(pairs->states, pairs->state_count, casefile->state));
}

bool coverage_reads(const struct regime_coverage *item, const struct casefile *casefile)
{
    return reads(&item->by, casefile) || reads(&item->also, casefile);
}

struct pair_list {
    struct coverage_pair *at;
    size_t len;
    size_t cap;
};

struct finding {
    struct arena *arena;
    const struct regime_coverage *item;
    const struct coverage_facts *facts;
    struct set rows, columns;
};

static void add_pair(struct finding *f, struct pair_list *out, struct str row, struct str column,
                     const struct casefile *from)
{
    const size_t *i = strmap_find(&f->rows.places, row);
    const size_t *j = strmap_find(&f->columns.places, column);
    if (i == NULL || j == NULL)
        return;
    for (size_t k = 0; k < out->len; k++)
        if (out->at[k].row == *i && out->at[k].column == *j && out->at[k].from == from)
            return;
    vec_add(f->arena, out, ((struct coverage_pair){*i, *j, from}));
}

static void pair_row(struct finding *f, struct pair_list *out,
                     const struct regime_coverage_pairs *pairs, const struct casefile *casefile,
                     const struct value *row)
{
    struct str_list some =
        ends_of(f->arena, pairs, f->facts, casefile, row, f->item->every.kind);
    struct str_list others =
        ends_of(f->arena, pairs, f->facts, casefile, row, f->item->with.kind);
    for (size_t i = 0; i < some.len; i++)
        for (size_t j = 0; j < others.len; j++)
            add_pair(f, out, some.at[i], others.at[j], casefile);
}

static struct pair_list pairs_of(struct finding *f, const struct regime_coverage_pairs *pairs)
{
    struct pair_list out = {0};
    for (size_t i = 0; i < f->facts->case_count; i++) {
        const struct casefile *casefile = f->facts->cases[i];
        if (!reads(pairs, casefile))
            continue;
        if (pairs->list == NULL)
            pair_row(f, &out, pairs, casefile, casefile->fields);
        value_each (row, pairs->list == NULL ? NULL
                                             : value_find(casefile->fields, pairs->list->name))
            pair_row(f, &out, pairs, casefile, row);
    }
    return out;
}

/* Only the pairs that stand in the other list too. */
static void keep_common(struct pair_list *pairs, const struct pair_list *others)
{
    size_t kept = 0;
    for (size_t i = 0; i < pairs->len; i++) {
        bool common = false;
        for (size_t j = 0; j < others->len && !common; j++)
            common = pairs->at[i].row == others->at[j].row &&
                     pairs->at[i].column == others->at[j].column;
        if (common)
            pairs->at[kept++] = pairs->at[i];
    }
    pairs->len = kept;
}

/* ---- the whole ---- */

static int64_t number_of(const struct engine *engine, const struct value *value)
{
    if (value != NULL && value->kind == VALUE_TEXT)
        value = engine_setting(engine, value->text);
    return value != NULL && value->kind == VALUE_INT ? value->number : 1;
}

/* Different columns of a row: of several pairs of one column the first counts. */
static size_t count_columns(const struct pair_list *pairs, size_t row)
{
    size_t found = 0;
    for (size_t i = 0; i < pairs->len; i++) {
        bool seen = pairs->at[i].row != row;
        for (size_t j = 0; j < i && !seen; j++)
            seen = pairs->at[j].row == row && pairs->at[j].column == pairs->at[i].column;
        found += !seen;
    }
    return found;
}

struct coverage coverage_find(struct arena *arena, const struct engine *engine,
                              const struct regime_coverage *item,
                              const struct coverage_facts *facts)
{
    struct finding f = {.arena = arena, .item = item, .facts = facts};
    bool exactly = item->exactly != NULL;
    fill(&f.rows, arena, &item->every, facts);
    fill(&f.columns, arena, &item->with, facts);
    struct pair_list pairs = pairs_of(&f, &item->by);
    if (item->also.procedure != NULL) {
        const struct pair_list also = pairs_of(&f, &item->also);
        keep_common(&pairs, &also);
    }
    struct coverage out = {
        .rows = arena_alloc_array(arena, f.rows.ids.len, sizeof *out.rows),
        .row_count = f.rows.ids.len,
        .columns = f.columns.ids.at,
        .column_count = f.columns.ids.len,
        .pairs = pairs.at,
        .pair_count = pairs.len,
        .wanted = number_of(engine, exactly ? item->exactly : item->at_least),
        .exactly = exactly,
    };
    for (size_t i = 0; i < out.row_count; i++) {
        struct coverage_row *row = &out.rows[i];
        *row = (struct coverage_row){.id = f.rows.ids.at[i], .found = count_columns(&pairs, i)};
        row->gap = (int64_t)row->found < out.wanted;
        row->excess = exactly && (int64_t)row->found > out.wanted;
        out.gap_count += row->gap || row->excess;
    }
    return out;
}
