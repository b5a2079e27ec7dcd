/*
 * Look-ups in other cases, for rules that gather them, and in the directory of people. Each case is folded from its events: what a list shows
 * of a case is not enough for a rule.
 */
#include "services/world_int.h"

#include <stdlib.h>

#include "base/vec.h"
#include "kit/json.h"
#include "store/casefile_list.h"
#include "store/casefile_rows.h"
#include "store/casefile_standing.h"

enum { PAGE_ROWS = 500, ROLES_BYTES = 1024 * 1024 };

enum status world_fold_case(struct ctx *ctx, const struct world *world, struct db_conn *conn,
                            struct prefecture prefecture, struct casefile_id id,
                            struct str last_hash, const struct casefile **out)
{
    return folds_load(ctx, world_folds(world), conn, prefecture, id, last_hash, out);
}

static enum status take_page(struct ctx *ctx, struct db_conn *conn,
                             const struct casefile_row_list *rows, struct engine_case_list *out)
{
    for (size_t i = 0; i < rows->len; i++) {
        struct casefile *casefile = arena_new_of(ctx->arena, struct casefile);
        TRY(ledger_load(ctx, conn, rows->at[i].prefecture, rows->at[i].id, casefile));
        vec_add(ctx->arena, out, casefile);
    }
    return ST_OK;
}

static enum status list_all(struct ctx *ctx, const struct world_view *view,
                            const struct casefile_filter *filter, struct engine_case_list *out)
{
    struct casefile_page page = {.sort = CASEFILE_SORT_NUMBER, .limit = PAGE_ROWS};
    *out = (struct engine_case_list){0};
    if (view->conn == NULL)
        return ST_OK;
    do {
        struct casefile_list list = {0};
        TRY(casefile_list(ctx, view->conn, filter, &page, &list));
        TRY(take_page(ctx, view->conn, &list.rows, out));
        page.cursor = list.next;
    } while (!str_is_empty(page.cursor));
    return ST_OK;
}

static struct casefile_values names_of(struct arena *arena, const struct value *list)
{
    VEC(struct str) names = {0};
    value_each (name, list)
        vec_add(arena, &names, name->text);
    return (struct casefile_values){names.at, names.len};
}

static int compare_numbers(const void *a, const void *b)
{
    const struct casefile *x = *(const struct casefile *const *)a;
    const struct casefile *y = *(const struct casefile *const *)b;
    int order = str_compare(x->number, y->number);
    return order != 0 ? order : (x->id.v > y->id.v) - (x->id.v < y->id.v);
}

static bool lies_there(const struct world *world, const struct engine_standing *asked,
                       struct str region)
{
    switch (asked->place) {
    case PLACE_SAME: return str_eq(region, asked->region);
    case PLACE_BELOW: return world_region_is_within(world, region, asked->region);
    case PLACE_HERE: return world_region_is_within(world, asked->region, region);
    case PLACE_ANYWHERE: break;
    }
    return true;
}

/* Folded, by number. */
static enum status take_standing(struct ctx *ctx, const struct world_view *view,
                                 const struct casefile_standing_query *query,
                                 const struct engine_standing *asked, struct engine_case_list *out)
{
    struct casefile_standing_list rows;
    TRY(casefile_standing_find(ctx, view->conn, query, &rows));
    for (size_t i = 0; i < rows.len; i++) {
        if (!lies_there(view->world, asked, rows.at[i].region))
            continue;
        const struct casefile *casefile;
        TRY(world_fold_case(ctx, view->world, view->conn, rows.at[i].prefecture, rows.at[i].id,
                            rows.at[i].last_hash, &casefile));
        vec_add(ctx->arena, out, casefile);
    }
    if (out->len > 1)
        qsort(out->at, out->len, sizeof *out->at, compare_numbers);
    return ST_OK;
}

static bool is_among(const struct value *states, struct str state)
{
    value_each (one, states)
        if (str_eq(one->text, state))
            return true;
    return states == NULL;
}

/* Those that are called so, where they stand as they are wanted. */
static enum status take_named(struct ctx *ctx, struct world_view *view,
                              const struct engine_standing *asked, struct engine_case_list *out)
{
    value_each (name, asked->names) {
        const struct casefile *found;
        TRY(view_find_case(view, ctx, asked->procedure, name->text, &found));
        if (found != NULL && !found->withdrawn && is_among(asked->states, found->state))
            vec_add(ctx->arena, out, found);
    }
    return ST_OK;
}

/* One value of a field by which the pack of the campaign lets lists be narrowed, as rows have it; empty:
   there is none. */
static enum status find_narrowing(struct ctx *ctx, const struct world_view *view,
                                  const struct engine_standing *asked, struct str *out_field,
                                  struct str *out_pack)
{
    const struct world_campaign *campaign = world_find_campaign(view->world, view->campaign);
    const struct regime *regime;
    if (campaign == NULL || asked->fields == NULL || asked->fields->first == NULL)
        return ST_OK;
    TRY(world_load_pack(ctx, view->world, campaign->pack, &regime));
    const struct regime_procedure *procedure = regime_find_procedure(regime, asked->procedure);
    value_each (wanted, asked->fields) {
        const struct regime_field *field =
            procedure == NULL ? NULL : procedure_find_field(procedure, wanted->key);
        bool is_one = wanted->kind == VALUE_TEXT ||
                      (wanted->kind == VALUE_LIST && wanted->count == 1 &&
                       wanted->first->kind == VALUE_TEXT);
        if (field == NULL || !field->filter || !is_one)
            continue;
        struct str text = wanted->kind == VALUE_TEXT ? wanted->text : wanted->first->text;
        *out_field = str_printf(ctx->arena, "%.*s=%.*s", STR_ARG(wanted->key), STR_ARG(text));
        *out_pack = campaign->pack;
        return ST_OK;
    }
    return ST_OK;
}

enum status view_list_cases(void *self, struct ctx *ctx, const struct engine_standing *asked,
                            struct engine_case_list *out)
{
    struct world_view *view = self;
    const struct casefile_values names = names_of(ctx->arena, asked->states);
    struct casefile_standing_query query = {
        .campaign = view->campaign,
        .procedure = asked->procedure,
        .states = names.at,
        .state_count = names.count,
        .region = asked->place == PLACE_SAME ? asked->region : (struct str){0}};
    *out = (struct engine_case_list){0};
    if (view->conn == NULL)
        return ST_OK;
    if (asked->names != NULL)
        return take_named(ctx, view, asked, out);
    TRY(find_narrowing(ctx, view, asked, &query.field, &query.pack));
    return take_standing(ctx, view, &query, asked, out);
}

enum status view_list_since(void *self, struct ctx *ctx, struct str procedure, struct str region,
                            struct instant since, struct engine_case_list *out)
{
    const struct world_view *view = self;
    const struct casefile_filter filter = {.campaigns = {&view->campaign, 1},
                                           .procedures = {&procedure, 1},
                                           .regions = {&region, str_is_empty(region) ? 0 : 1},
                                           .due_before = INSTANT_NONE,
                                           .due_after = INSTANT_NONE,
                                           .created = {true, since, {INT64_MAX}},
                                           .scope = {.everything = true}};
    return list_all(ctx, view, &filter, out);
}

enum status view_list_cases_of(void *self, struct ctx *ctx, struct str procedure,
                               const struct value *states, struct person_id person,
                               struct engine_case_list *out)
{
    const struct world_view *view = self;
    const struct casefile_values names = names_of(ctx->arena, states);
    const struct casefile_standing_query query = {
        .campaign = view->campaign,
        .procedure = procedure,
        .states = names.at,
        .state_count = names.count,
        .person = str_printf(ctx->arena, "%lld", (long long)person.v)};
    const struct engine_standing anywhere = {.procedure = procedure, .states = states};
    *out = (struct engine_case_list){0};
    return view->conn == NULL ? ST_OK : take_standing(ctx, view, &query, &anywhere, out);
}

enum status view_count_cases(void *self, struct ctx *ctx, const struct engine_tally *asked,
                             int64_t *out)
{
    const struct world_view *view = self;
    *out = 0;
    return view->conn == NULL
               ? ST_OK
               : casefile_rows_count_acts(ctx, view->conn, view->campaign, asked, out);
}

static struct person_facts facts_of(struct arena *arena, const struct world_person *person)
{
    struct person_post *posts = arena_alloc_array(arena, person->post_count, sizeof *posts);
    for (size_t i = 0; i < person->post_count; i++) {
        const struct world_post *post = &person->posts[i];
        posts[i] = (struct person_post){.unit = &post->unit->facts,
                                        .post = post->post,
                                        .rank = post->rank,
                                        .from = post->valid_from,
                                        .to = post->valid_to};
    }
    return (struct person_facts){person->id, person->name, posts, person->post_count};
}

bool view_find_person(void *self, struct arena *arena, struct person_id id,
                      struct person_facts *out)
{
    const struct world_view *view = self;
    const struct world_person *person = world_find_person(view->world, id);
    if (person != NULL)
        *out = facts_of(arena, person);
    return person != NULL;
}

void view_list_people(void *self, struct arena *arena, struct str region,
                      struct person_facts_list *out)
{
    const struct world_view *view = self;
    size_t count;
    const struct world_person *people = world_list_people(view->world, &count);
    *out = (struct person_facts_list){0};
    for (size_t i = 0; i < count; i++) {
        bool there = false;
        for (size_t j = 0; j < people[i].post_count && !there; j++)
            there = world_region_is_within(view->world, people[i].posts[j].unit->facts.region,
                                           region);
        if (there)
            vec_add(arena, out, facts_of(arena, &people[i]));
    }
}

/* Who holds what in the one of these with the first number. */
static enum status take_roles(struct ctx *ctx, const struct world_view *view,
                              const struct casefile_standing_list *found, const struct value **out)
{
    struct casefile_row first = {0};
    struct value *roles;
    for (size_t i = 0; i < found->len; i++) {
        struct casefile_row row;
        TRY(casefile_rows_find(ctx, view->conn, found->at[i].prefecture, found->at[i].id, &row));
        int order = i == 0 ? -1 : str_compare(row.number, first.number);
        if (order < 0 || (order == 0 && row.id.v < first.id.v))
            first = row;
    }
    if (found->len == 0)
        return ST_OK;
    TRY(json_parse(ctx, first.roles, ROLES_BYTES, JSON_STRICT, &roles));
    *out = roles;
    return ST_OK;
}

enum status view_find_standing(void *self, struct ctx *ctx, struct str procedure,
                               const struct value *states, struct str region,
                               const struct value **out)
{
    const struct world_view *view = self;
    const struct world_region *above[WORLD_REGION_DEPTH_MAX];
    size_t depth = world_region_ancestors(view->world, region, above, COUNT_OF(above));
    const struct casefile_values names = names_of(ctx->arena, states);
    *out = NULL;
    for (size_t i = 0; i < depth && *out == NULL && view->conn != NULL; i++) {
        const struct casefile_standing_query query = {.campaign = view->campaign,
                                                      .procedure = procedure,
                                                      .states = names.at,
                                                      .state_count = names.count,
                                                      .region = above[i]->code};
        struct casefile_standing_list found;
        TRY(casefile_standing_find(ctx, view->conn, &query, &found));
        TRY(take_roles(ctx, view, &found, out));
    }
    return ST_OK;
}

enum status view_find_case(void *self, struct ctx *ctx, struct str procedure, struct str name,
                           const struct casefile **out)
{
    const struct world_view *view = self;
    struct prefecture prefecture;
    struct casefile_id id;
    *out = NULL;
    if (view->conn == NULL)
        return ST_OK;
    enum status status = casefile_rows_find_named(ctx, view->conn, view->campaign, procedure, name,
                                                  &prefecture, &id);
    struct casefile *found = arena_new_of(ctx->arena, struct casefile);
    if (status == ST_OK)
        status = ledger_load(ctx, view->conn, prefecture, id, found);
    if (status == ST_NOT_FOUND) {
        fail_clear(ctx);
        return ST_OK;
    }
    TRY(status);
    bool is_meant = str_eq(found->campaign, view->campaign) && str_eq(found->procedure, procedure);
    *out = is_meant ? found : NULL;
    return ST_OK;
}
