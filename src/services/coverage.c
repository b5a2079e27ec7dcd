/*
 * Facts first (who holds a post, which units and regions there are today, which cases say who covers
 * what), then one finding an item, then its words.
 */
#include "services/coverage.h"

#include "base/num.h"
#include "base/vec.h"
#include "engine/coverage.h"
#include "services/campaign_choice.h"
#include "store/casefile_list.h"

enum { MATRIX_COLUMNS_MAX = 24, CASES_A_PAGE = 500 };

struct compiling {
    struct ctx *ctx;
    struct db_conn *conn;
    const struct world *world;
    const struct reader *reader;
    const struct actor *actor;
    const struct world_campaign *campaign;
    const struct regime *regime;
    struct engine engine; /* regime and campaign only */
    struct coverage_facts facts;
    bool sees_all;
};

/* ---- facts ---- */

static bool is_ours(const struct compiling *c, struct str region)
{
    return world_region_is_within(c->world, region, c->campaign->region);
}

static void take_people(struct compiling *c, struct day today)
{
    struct arena *arena = c->ctx->arena;
    VEC(struct coverage_person) people = {0};
    size_t count;
    const struct world_person *all = world_list_people(c->world, &count);
    for (size_t i = 0; i < count; i++) {
        VEC(struct actor_post) posts = {0};
        const struct actor actor = world_actor_of(arena, &all[i], today);
        for (size_t j = 0; j < actor.post_count; j++)
            if (is_ours(c, actor.posts[j].unit_region))
                vec_add(arena, &posts, actor.posts[j]);
        if (posts.len > 0)
            vec_add(arena, &people,
                    ((struct coverage_person){all[i].id, posts.at, posts.len}));
    }
    c->facts.people = people.at;
    c->facts.person_count = people.len;
}

static void take_units(struct compiling *c, struct day today)
{
    VEC(const struct unit_facts *) units = {0};
    size_t count;
    const struct world_unit *all = world_list_units(c->world, &count);
    for (size_t i = 0; i < count; i++)
        if (world_unit_exists(&all[i], today) && is_ours(c, all[i].facts.region))
            vec_add(c->ctx->arena, &units, &all[i].facts);
    c->facts.units = units.at;
    c->facts.unit_count = units.len;
}

static bool is_valid(const struct world_region *region, struct day today)
{
    return (day_is_none(region->valid_from) || region->valid_from.v <= today.v) &&
           (day_is_none(region->valid_to) || region->valid_to.v >= today.v);
}

static void take_regions(struct compiling *c, struct day today)
{
    VEC(struct coverage_region) regions = {0};
    size_t count;
    const struct world_region *all = world_list_regions(c->world, &count);
    for (size_t i = 0; i < count; i++)
        if (is_valid(&all[i], today) && is_ours(c, all[i].code))
            vec_add(c->ctx->arena, &regions,
                    ((struct coverage_region){all[i].code, all[i].level}));
    c->facts.regions = regions.at;
    c->facts.region_count = regions.len;
}

/* Whether any item looks at such a row: the case itself need not be read otherwise. */
static bool is_read(const struct regime *regime, const struct casefile_row *row)
{
    const struct casefile stub = {.procedure = row->procedure, .state = row->state};
    for (size_t i = 0; i < regime->coverage_count; i++)
        if (coverage_reads(&regime->coverage[i], &stub))
            return true;
    return false;
}

struct case_list {
    const struct casefile **at;
    size_t len;
    size_t cap;
};

static enum status take_page(struct compiling *c, const struct casefile_row_list *rows,
                             struct case_list *cases)
{
    for (size_t i = 0; i < rows->len; i++) {
        const struct casefile_row *row = &rows->at[i];
        if (!is_read(c->regime, row))
            continue;
        const struct casefile *casefile;
        TRY(world_fold_case(c->ctx, c->world, c->conn, row->prefecture, row->id, row->last_hash,
                            &casefile));
        vec_add(c->ctx->arena, cases, casefile);
    }
    return ST_OK;
}

/* The procedures whose cases the items look at, each once. */
static struct casefile_values procedures_of(struct arena *arena, const struct regime *regime)
{
    struct str *names = arena_alloc_array(arena, CASEFILE_VALUES_MAX, sizeof *names);
    struct casefile_values out = {names, 0};
    for (size_t i = 0; i < regime->procedure_count && out.count < CASEFILE_VALUES_MAX; i++) {
        const struct regime_procedure *procedure = &regime->procedures[i];
        bool is_wanted = false;
        for (size_t j = 0; j < regime->coverage_count; j++)
            is_wanted = is_wanted || regime->coverage[j].by.procedure == procedure ||
                        regime->coverage[j].also.procedure == procedure;
        if (is_wanted)
            names[out.count++] = procedure->name;
    }
    return out;
}

static enum status take_cases(struct compiling *c)
{
    struct case_list cases = {0};
    const struct casefile_filter filter = {
        .campaigns = {&c->campaign->name, 1},
        .procedures = procedures_of(c->ctx->arena, c->regime),
        .due_before = INSTANT_NONE,
        .due_after = INSTANT_NONE,
        .scope = {.everything = true},
    };
    struct casefile_page page = {.sort = CASEFILE_SORT_CREATED, .limit = CASES_A_PAGE};
    do {
        struct casefile_list list = {0};
        TRY(casefile_list(c->ctx, c->conn, &filter, &page, &list));
        TRY(take_page(c, &list.rows, &cases));
        page.cursor = list.next;
    } while (!str_is_empty(page.cursor));
    c->facts.cases = cases.at;
    c->facts.case_count = cases.len;
    return ST_OK;
}

static enum status take_facts(struct compiling *c)
{
    struct day today = day_of_instant(c->reader->now);
    take_people(c, today);
    take_units(c, today);
    take_regions(c, today);
    return take_cases(c);
}

/* ---- who sees what ---- */

static bool has_role(const struct world_campaign *campaign, const struct actor *actor)
{
    value_each (role, campaign->terms.roles)
        value_each (holder, role)
            for (size_t i = 0; i < actor->post_count; i++) {
                int64_t unit;
                if (num_parse_i64(holder->text, 1, INT64_MAX, &unit) &&
                    actor->posts[i].unit.v == unit)
                    return true;
            }
    return false;
}

static bool is_theirs(const struct compiling *c, struct str region)
{
    for (size_t i = 0; i < c->actor->post_count; i++)
        if (world_region_is_within(c->world, region, c->actor->posts[i].unit_region))
            return true;
    return false;
}

static const struct coverage_person *find_person(const struct compiling *c, int64_t id)
{
    for (size_t i = 0; i < c->facts.person_count; i++)
        if (c->facts.people[i].id.v == id)
            return &c->facts.people[i];
    return NULL;
}

static bool may_see(const struct compiling *c, enum coverage_kind kind, struct str id)
{
    int64_t number = 0;
    if (c->sees_all)
        return true;
    if (kind == COVERAGE_REGIONS)
        return is_theirs(c, id);
    must(num_parse_i64(id, 1, INT64_MAX, &number));
    if (kind == COVERAGE_UNITS)
        return is_theirs(c, world_find_unit(c->world, (struct unit_id){number})->facts.region);
    const struct coverage_person *person = find_person(c, number);
    for (size_t i = 0; i < person->post_count; i++)
        if (is_theirs(c, person->posts[i].unit_region))
            return true;
    return false;
}

/* ---- words ---- */

static struct str person_label(const struct compiling *c, const struct regime_coverage_set *set,
                               int64_t id)
{
    const struct world_person *person = world_find_person(c->world, (struct person_id){id});
    const struct coverage_person *held = find_person(c, id);
    for (size_t i = 0; i < held->post_count; i++) {
        const struct world_unit *unit = world_find_unit(c->world, held->posts[i].unit);
        for (size_t j = 0; j < set->count; j++)
            if (str_eq(set->names[j], held->posts[i].post))
                return reader_sentence(
                    c->ctx->arena, c->reader, "coverage.person",
                    ARGS(arg_text("name", person->name),
                         arg_text("unit", str_is_empty(unit->short_name) ? unit->name
                                                                         : unit->short_name),
                         arg_words("post", regime_post_words(c->regime, held->posts[i].post))));
    }
    return person->name;
}

static struct str label_of(const struct compiling *c, const struct regime_coverage_set *set,
                           struct str id)
{
    int64_t number = 0;
    if (set->kind == COVERAGE_REGIONS)
        return world_find_region(c->world, id)->name;
    must(num_parse_i64(id, 1, INT64_MAX, &number));
    return set->kind == COVERAGE_PEOPLE
               ? person_label(c, set, number)
               : world_find_unit(c->world, (struct unit_id){number})->name;
}

static const char *state_of(const struct coverage_row *row)
{
    return row->gap ? "gap" : row->excess ? "excess" : "covered";
}

static struct str state_label(const struct compiling *c, const struct coverage_row *row)
{
    /* i18n: coverage.state.* */
    return reader_sentence(c->ctx->arena, c->reader,
                           str_c(c->ctx->arena, str_printf(c->ctx->arena, "coverage.state.%s",
                                                           state_of(row))),
                           NO_ARGS);
}

static struct str url_of(struct arena *arena, struct str campaign, struct str level)
{
    return str_printf(arena, "/coverage?campaign=%.*s%s%.*s", STR_ARG(campaign),
                      str_is_empty(level) ? "" : "&level=", STR_ARG(level));
}

/* ---- one item ---- */

static struct str case_url(struct arena *arena, const struct casefile *casefile)
{
    return str_concat(arena, S("/cases/"),
                      casefile_ref_format(arena, casefile->prefecture, casefile->id));
}

static void put_proof(const struct compiling *c, const struct casefile *from, struct value *proof)
{
    struct arena *arena = c->ctx->arena;
    struct value *entry = value_append_map(arena, proof);
    value_put_text(arena, entry, "number", from->number);
    value_put_text(arena, entry, "url", case_url(arena, from));
}

/* What a row has, each with the cases that say so. */
static void put_partners(const struct compiling *c, const struct regime_coverage *item,
                         const struct coverage *found, size_t row, struct value *partners)
{
    struct arena *arena = c->ctx->arena;
    for (size_t column = 0; column < found->column_count; column++) {
        struct value *proof = NULL;
        for (size_t i = 0; i < found->pair_count; i++) {
            if (found->pairs[i].row != row || found->pairs[i].column != column)
                continue;
            if (proof == NULL) {
                struct value *partner = value_append_map(arena, partners);
                value_put_text(arena, partner, "id", found->columns[column]);
                value_put_text(arena, partner, "label",
                               label_of(c, &item->with, found->columns[column]));
                proof = value_put_list(arena, partner, "proof");
            }
            put_proof(c, found->pairs[i].from, proof);
        }
    }
}

static void put_row(const struct compiling *c, const struct regime_coverage *item,
                    const struct coverage *found, size_t number, struct value *rows)
{
    struct arena *arena = c->ctx->arena;
    const struct coverage_row *from = &found->rows[number];
    struct value *row = value_append_map(arena, rows);
    value_put_text(arena, row, "id", from->id);
    value_put_text(arena, row, "label", label_of(c, &item->every, from->id));
    value_put_int(arena, row, "found", (int64_t)from->found);
    value_put_text(arena, row, "state", str_of(state_of(from)));
    value_put_text(arena, row, "state_label", state_label(c, from));
    value_put_bool(arena, row, "is_gap", from->gap || from->excess);
    put_partners(c, item, found, number, value_put_list(arena, row, "partners"));
}

static void put_gap(const struct compiling *c, const struct regime_coverage *item,
                    const struct coverage *found, const struct coverage_row *from,
                    struct value *gaps)
{
    struct arena *arena = c->ctx->arena;
    struct value *gap = value_append_map(arena, gaps);
    value_put_text(arena, gap, "item", item->id);
    value_put_text(arena, gap, "title", words_label(c->reader->lang, item->words));
    value_put_text(arena, gap, "clause", item->clause);
    value_put_text(arena, gap, "label", label_of(c, &item->every, from->id));
    value_put_text(arena, gap, "state", str_of(state_of(from)));
    value_put_text(arena, gap, "state_label", state_label(c, from));
    value_put_int(arena, gap, "found", (int64_t)from->found);
    value_put_int(arena, gap, "wanted", found->wanted);
}

/* A cell with its first proof. */
static void put_cell(const struct compiling *c, const struct coverage *found, size_t row,
                     size_t column, struct value *cells)
{
    struct arena *arena = c->ctx->arena;
    struct value *cell = value_append_map(arena, cells);
    const struct casefile *from = NULL;
    for (size_t i = 0; i < found->pair_count && from == NULL; i++)
        if (found->pairs[i].row == row && found->pairs[i].column == column)
            from = found->pairs[i].from;
    value_put_bool(arena, cell, "on", from != NULL);
    if (from == NULL)
        return;
    value_put_text(arena, cell, "number", from->number);
    value_put_text(arena, cell, "url", case_url(arena, from));
}

static void put_matrix(const struct compiling *c, const struct regime_coverage *item,
                       const struct coverage *found, const bool *seen, struct value *out)
{
    struct arena *arena = c->ctx->arena;
    struct value *matrix = value_put_map(arena, out, "matrix");
    struct value *columns = value_put_list(arena, matrix, "columns");
    struct value *rows = value_put_list(arena, matrix, "rows");
    for (size_t i = 0; i < found->column_count; i++)
        value_put_text(arena, value_append_map(arena, columns), "label",
                       label_of(c, &item->with, found->columns[i]));
    for (size_t i = 0; i < found->row_count; i++) {
        if (!seen[i])
            continue;
        struct value *row = value_append_map(arena, rows);
        value_put_text(arena, row, "label", label_of(c, &item->every, found->rows[i].id));
        value_put_bool(arena, row, "is_gap", found->rows[i].gap || found->rows[i].excess);
        struct value *cells = value_put_list(arena, row, "cells");
        for (size_t j = 0; j < found->column_count; j++)
            put_cell(c, found, i, j, cells);
    }
}

static void put_item(const struct compiling *c, const struct regime_coverage *item,
                     struct value *items, struct value *gaps)
{
    struct arena *arena = c->ctx->arena;
    const struct coverage found = coverage_find(arena, &c->engine, item, &c->facts);
    struct value *out = value_append_map(arena, items);
    bool *seen = arena_alloc_array(arena, found.row_count, sizeof *seen);
    size_t before = gaps->count;
    value_put_text(arena, out, "id", item->id);
    value_put_text(arena, out, "title", words_label(c->reader->lang, item->words));
    value_put_text(arena, out, "clause", item->clause);
    value_put_text(arena, out, "level_label",
                   words_label(c->reader->lang, regime_flag_words(c->regime, item->level)));
    value_put_text(arena, out, "bound_text",
                   reader_sentence(arena, c->reader,
                                   found.exactly ? "coverage.exactly" : "coverage.at_least",
                                   ARGS(arg_int("n", found.wanted))));
    struct value *rows = value_put_list(arena, out, "rows");
    for (size_t i = 0; i < found.row_count; i++) {
        seen[i] = may_see(c, item->every.kind, found.rows[i].id);
        if (!seen[i])
            continue;
        put_row(c, item, &found, i, rows);
        if (found.rows[i].gap || found.rows[i].excess)
            put_gap(c, item, &found, &found.rows[i], gaps);
    }
    int64_t gaps_n = (int64_t)(gaps->count - before);
    bool fits = rows->count > 0 && found.column_count > 0 && found.column_count <= MATRIX_COLUMNS_MAX;
    value_put_int(arena, out, "rows_n", (int64_t)rows->count);
    value_put_int(arena, out, "covered_n", (int64_t)rows->count - gaps_n);
    value_put_int(arena, out, "gaps_n", gaps_n);
    value_put_bool(arena, out, "has_rows", rows->count > 0);
    value_put_bool(arena, out, "has_matrix", fits);
    if (fits)
        put_matrix(c, item, &found, seen, out);
}

/* ---- the document ---- */

static void put_choice(struct arena *arena, struct value *list, struct str id, struct str label,
                       struct str url, bool here)
{
    struct value *choice = value_append_map(arena, list);
    value_put_text(arena, choice, "id", id);
    value_put_text(arena, choice, "label", label);
    value_put_text(arena, choice, "url", url);
    value_put_bool(arena, choice, "here", here);
}

static bool has_coverage(const struct regime *regime)
{
    return regime->coverage_count > 0;
}

static bool has_level(const struct regime *regime, size_t before, struct str level)
{
    for (size_t i = 0; i < before; i++)
        if (str_eq(regime->coverage[i].level, level))
            return true;
    return false;
}

static void put_levels(const struct compiling *c, struct str wanted, struct value *doc)
{
    struct arena *arena = c->ctx->arena;
    struct value *list = value_put_list(arena, doc, "levels");
    put_choice(arena, list, S(""), reader_sentence(arena, c->reader, "coverage.all_levels", NO_ARGS),
               url_of(arena, c->campaign->name, (struct str){0}), str_is_empty(wanted));
    for (size_t i = 0; i < c->regime->coverage_count; i++) {
        struct str level = c->regime->coverage[i].level;
        if (!has_level(c->regime, i, level))
            put_choice(arena, list, level,
                       words_label(c->reader->lang, regime_flag_words(c->regime, level)),
                       url_of(arena, c->campaign->name, level), str_eq(level, wanted));
    }
}

static enum status put_campaign(struct compiling *c, struct str level, struct value *doc)
{
    struct arena *arena = c->ctx->arena;
    TRY(world_load_pack(c->ctx, c->world, c->campaign->pack, &c->regime));
    c->engine = (struct engine){.regime = c->regime, .campaign = c->campaign->terms};
    c->sees_all = c->actor == NULL || c->actor->is_system || has_role(c->campaign, c->actor);
    TRY(take_facts(c));
    value_put_text(arena, doc, "level", level);
    put_levels(c, level, doc);
    struct value *gaps = value_put_list(arena, doc, "gaps");
    struct value *items = value_put_list(arena, doc, "items");
    for (size_t i = 0; i < c->regime->coverage_count; i++)
        if (str_is_empty(level) || str_eq(level, c->regime->coverage[i].level))
            put_item(c, &c->regime->coverage[i], items, gaps);
    value_put_int(arena, doc, "gaps_n", (int64_t)gaps->count);
    return ST_OK;
}

enum status coverage_document(struct ctx *ctx, struct db_conn *conn, const struct world *world,
                              const struct reader *reader, const struct actor *actor,
                              struct str campaign, struct str level, struct value **out)
{
    struct arena *arena = ctx->arena;
    struct value *doc = value_map(arena);
    struct compiling c = {
        .ctx = ctx, .conn = conn, .world = world, .reader = reader, .actor = actor};
    value_put_text(arena, doc, "at", instant_format(arena, reader->now));
    value_put_text(arena, doc, "at_text", reader_time(arena, reader, reader->now));
    TRY(campaign_choice_put(ctx, world, reader, campaign, "/coverage", has_coverage, doc,
                            &c.campaign));
    if (c.campaign != NULL)
        TRY(put_campaign(&c, level, doc));
    else
        (void)value_put_list(arena, doc, "items");
    *out = doc;
    return ST_OK;
}
