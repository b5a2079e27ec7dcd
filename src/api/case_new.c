/*
 * The form is the pack's: fields that are wanted at once, and those that no later command asks for.
 * Whether somebody may begin a procedure the engine says, as it will when the form comes back.
 */
#include "api/case_new.h"

#include "api/list_page.h"
#include "api/office.h"
#include "base/vec.h"
#include "regime/burden.h"
#include "services/case_list.h"

enum { REGIONS_MAX = 1000, PLACES_MAX = 64 };

/* Stand beside the fields of the procedure; the rest of a form are fields. */
static const char *const own_members[] = {"campaign", "procedure",       "region",      "source",
                                          "batch",    "received_number", "happened_at", "heed"};

static bool is_own(struct str name)
{
    for (size_t i = 0; i < COUNT_OF(own_members); i++)
        if (str_eq_c(name, own_members[i]))
            return true;
    return false;
}

const struct value *case_new_fold(struct api_call *call)
{
    struct arena *arena = call->ctx->arena;
    struct value *input = value_map(arena);
    struct value *fields = value_map(arena);
    if (!call->is_page)
        return call->input;
    value_each (member, call->input)
        if (!value_is_empty(member))
            value_put(is_own(member->key) ? input : fields, member->key,
                      value_copy(arena, member));
    value_put(input, S("fields"), fields);
    return input;
}

/* ---- which procedures ---- */

/* As it would be there; before anybody has said where, in the campaign's own region. */
static struct casefile no_case(struct api_call *call, const struct engine *engine, struct str region)
{
    return (struct casefile){.region = region,
                             .campaign = engine->campaign.id,
                             .procedure = engine->procedure->name,
                             .fields = value_map(call->ctx->arena)};
}

static enum status may_begin(struct api_call *call, const struct engine *engine, struct str region)
{
    const struct actor_post *post;
    const struct casefile none = no_case(call, engine, region);
    return engine_may(call->ctx, engine, &none, S("create"), office_actor(call), &post);
}

/* ---- where somebody may begin, who may not everywhere ---- */

struct places {
    struct str *at;
    size_t len;
    size_t cap;
};

static void add_place(struct arena *arena, struct places *places, struct str region)
{
    for (size_t i = 0; i < places->len; i++)
        if (str_eq(places->at[i], region))
            return;
    if (places->len < PLACES_MAX)
        vec_add(arena, places, region);
}

static bool holds_for(const struct actor *actor, const struct casefile *standing, struct str role)
{
    bool lead, found = casefile_role_has_person(standing, role, actor->person.v);
    for (size_t i = 0; i < actor->post_count && !found; i++)
        found = casefile_role_has_unit(standing, role, actor->posts[i].unit.v, &lead);
    return found;
}

/* Where their units are, and where they stand in what roles are taken over from. */
static enum status list_places(struct api_call *call, const struct engine *engine,
                               struct places *out)
{
    struct arena *arena = call->ctx->arena;
    const struct actor *actor = office_actor(call);
    const struct regime *regime = engine->regime;
    *out = (struct places){0};
    for (size_t i = 0; i < actor->post_count; i++) {
        const struct unit_facts *unit =
            engine->world.find_unit(engine->world.self, actor->posts[i].unit);
        if (unit != NULL)
            add_place(arena, out, unit->region);
    }
    for (size_t i = 0; i < regime->role_count; i++) {
        const struct regime_standing *standing = regime->roles[i].standing;
        struct engine_case_list cases = {0};
        if (standing == NULL || standing->live)
            continue;
        const struct engine_standing asked = {.procedure = standing->procedure,
                                              .states = standing->states,
                                              .region = engine->campaign.region};
        TRY(engine->world.list_cases(engine->world.self, call->ctx, &asked, &cases));
        for (size_t j = 0; j < cases.len; j++)
            if (holds_for(actor, cases.at[j], standing->role))
                add_place(arena, out, cases.at[j]->region);
    }
    return ST_OK;
}

/* Whether they may somewhere, and where first; refused for who they are is an answer here, no failure. */
static bool begins(struct api_call *call, const struct engine *engine, const struct places *places,
                   struct str *out_region)
{
    *out_region = engine->campaign.region;
    bool allowed = may_begin(call, engine, *out_region) == ST_OK;
    for (size_t i = 0; i < places->len && !allowed; i++) {
        fail_clear(call->ctx);
        *out_region = places->at[i];
        allowed = may_begin(call, engine, *out_region) == ST_OK;
    }
    if (!allowed)
        fail_clear(call->ctx);
    return allowed;
}

static enum status engine_of(struct api_call *call, const struct world *world, struct str campaign,
                             struct str procedure, struct engine *out)
{
    struct world_view *view = arena_new_of(call->ctx->arena, struct world_view);
    TRY(world_engine(call->ctx, world, view, campaign, procedure, (struct str){0}, out));
    view->conn = office_conn(call); /* who stands in a team at work is asked of its case */
    return ST_OK;
}

static void put_choice(struct api_call *call, const struct world_campaign *campaign,
                       const struct regime_procedure *procedure, struct value *list)
{
    struct arena *arena = call->ctx->arena;
    struct value *query = value_map(arena);
    value_put_text(arena, query, "campaign", campaign->name);
    value_put_text(arena, query, "procedure", procedure->name);
    struct value *row = value_append_map(arena, list);
    value_put_text(arena, row, "campaign", campaign->name);
    value_put_text(arena, row, "campaign_label", words_label(call->lang, campaign->title));
    value_put_text(arena, row, "procedure", procedure->name);
    value_put_text(arena, row, "label", words_label(call->lang, procedure->words));
    value_put_text(arena, row, "url", case_list_url(arena, "/cases/new", query, NULL));
}

static enum status put_procedures(struct api_call *call, const struct world *world,
                                  struct str wanted)
{
    struct value *list = value_put_list(call->ctx->arena, call->document, "procedures");
    size_t count;
    const struct world_campaign *all = world_list_campaigns(world, &count);
    for (size_t i = 0; i < count; i++) {
        const struct regime *regime;
        if (!str_eq_c(all[i].state, "open") ||
            (!str_is_empty(wanted) && !str_eq(wanted, all[i].name)))
            continue;
        TRY(world_load_pack(call->ctx, world, all[i].pack, &regime));
        struct places places = {0};
        for (size_t j = 0; j < regime->procedure_count; j++) {
            struct engine engine;
            struct str region;
            TRY(engine_of(call, world, all[i].name, regime->procedures[j].name, &engine));
            if (j == 0)
                TRY(list_places(call, &engine, &places));
            if (begins(call, &engine, &places, &region))
                put_choice(call, &all[i], &regime->procedures[j], list);
        }
    }
    return ST_OK;
}

/* ---- the form ---- */

/* A field as form_document makes them; gives its list of choices. */
static struct value *put_field(struct api_call *call, struct value *fields, const char *name,
                               const char *label_key, const char *kind, bool required)
{
    struct arena *arena = call->ctx->arena;
    const struct reader reader = office_reader(call);
    struct value *row = value_append_map(arena, fields);
    value_put_text(arena, row, "name", str_of(name));
    value_put_text(arena, row, "label", reader_sentence(arena, &reader, label_key, NO_ARGS));
    value_put_text(arena, row, "kind", str_of(kind));
    value_put_bool(arena, row, "required", required);
    return value_put_list(arena, row, "choices");
}

static void add_choice(struct arena *arena, struct value *choices, struct str value,
                       struct str label)
{
    struct value *row = value_append_map(arena, choices);
    value_put_text(arena, row, "value", value);
    value_put_text(arena, row, "label", label);
}

/* How many steps below the campaign's region; -1: elsewhere. */
static int depth_below(const struct world_region *region, struct str within)
{
    int depth = 0;
    for (; region != NULL; region = region->parent, depth++)
        if (str_eq(region->code, within))
            return depth;
    return -1;
}

/* As depth_below; -1 as well where the pack does not work. */
static int depth_at_work(const struct world *world, const struct engine *engine,
                         const struct world_region *region)
{
    const struct regime *regime = engine->regime;
    int depth = depth_below(region, engine->campaign.region);
    bool at_work = regime->place_count == 0 || depth == 0;
    for (size_t i = 0; i < regime->place_count && !at_work; i++)
        for (size_t j = 0; j < regime->places[i].code_count && !at_work; j++)
            at_work = world_region_is_within(world, region->code, regime->places[i].codes[j]);
    return at_work ? depth : -1;
}

/* The campaign's region and what of its places lies below it, as deep as a list can be chosen from. */
static void put_regions(struct api_call *call, const struct world *world,
                        const struct engine *engine, struct value *choices)
{
    size_t count, at_depth[WORLD_REGION_DEPTH_MAX] = {0}, sum = 0;
    int deepest = 0;
    const struct world_region *regions = world_list_regions(world, &count);
    for (size_t i = 0; i < count; i++) {
        int depth = depth_at_work(world, engine, &regions[i]);
        if (depth >= 0 && depth < WORLD_REGION_DEPTH_MAX)
            at_depth[depth]++;
    }
    for (int depth = 0; depth < WORLD_REGION_DEPTH_MAX; depth++) {
        sum += at_depth[depth];
        if (sum <= REGIONS_MAX)
            deepest = depth;
    }
    for (size_t i = 0; i < count; i++) {
        int depth = depth_at_work(world, engine, &regions[i]);
        if (depth >= 0 && depth <= deepest)
            add_choice(call->ctx->arena, choices, regions[i].code,
                       depth < 2 ? regions[i].name
                                 : str_printf(call->ctx->arena, "%.*s · %.*s",
                                              STR_ARG(regions[i].parent->name),
                                              STR_ARG(regions[i].name)));
    }
}

/* In the order of the pack. */
static const struct regime_field *fields_at_first(struct api_call *call,
                                                  const struct engine *engine, size_t *out_count)
{
    const struct regime_procedure *procedure = engine->procedure;
    struct arena *arena = call->ctx->arena;
    const struct casefile none = no_case(call, engine, engine->campaign.region);
    struct regime_field *chosen =
        arena_alloc_array(arena, procedure->field_count, sizeof *chosen);
    *out_count = 0;
    for (size_t i = 0; i < procedure->field_count; i++) {
        const struct regime_field *field = &procedure->fields[i];
        if (engine_hides_field(call->ctx, engine, &none, S("create"), office_actor(call),
                               field->name))
            continue;
        if (burden_asks_at_first(procedure, field))
            chosen[(*out_count)++] = *field;
    }
    return chosen;
}

static void put_own_fields(struct api_call *call, const struct world *world,
                           const struct engine *engine, struct value *fields)
{
    struct arena *arena = call->ctx->arena;
    const struct regime *regime = engine->regime;
    put_regions(call, world, engine, put_field(call, fields, "region", "column.region", "choice", true));
    struct value *sources = put_field(call, fields, "source", "column.source", "choice", false);
    for (size_t i = 0; i < regime->source_count; i++)
        add_choice(arena, sources, regime->sources[i].id,
                   words_label(call->lang, regime->sources[i].words));
    put_field(call, fields, "received_number", "column.received_number", "text", false);
    put_field(call, fields, "happened_at", "web.new.happened_at", "time", false);
}

static void put_typed(struct api_call *call, struct value *fields)
{
    struct arena *arena = call->ctx->arena;
    for (struct value *field = fields->first; field != NULL; field = field->next) {
        struct str name = value_find_text(field, "name");
        const struct value *typed = value_find(call->input, name);
        if (typed != NULL)
            value_put(field, S("value"), value_copy(arena, typed));
        value_each (error, value_find_c(call->problem, "errors"))
            if (str_eq(value_find_text(error, "field"), name))
                value_put_text(arena, field, "error", value_find_text(error, "detail"));
    }
}

static enum status put_form(struct api_call *call, const struct world *world, struct str campaign,
                            struct str procedure)
{
    struct arena *arena = call->ctx->arena;
    struct engine engine;
    size_t count;
    struct places places;
    struct str region;
    TRY(engine_of(call, world, campaign, procedure, &engine));
    TRY(list_places(call, &engine, &places));
    if (!begins(call, &engine, &places, &region))
        return may_begin(call, &engine, engine.campaign.region);
    struct casefile none = {.region = region};
    const struct case_view view = {.reader = office_reader(call),
                                   .world = world,
                                   .engine = &engine,
                                   .casefile = &none,
                                   .actor = office_actor(call)};
    const struct regime_field *asked = fields_at_first(call, &engine, &count);
    struct value *form = value_put_map(arena, call->document, "form");
    value_put_text(arena, form, "campaign", campaign);
    value_put_text(arena, form, "campaign_label",
                   words_label(call->lang, world_find_campaign(world, campaign)->title));
    value_put_text(arena, form, "procedure", procedure);
    value_put_text(arena, form, "procedure_label",
                   words_label(call->lang, engine.procedure->words));
    struct value *fields = value_put_list(arena, form, "fields");
    put_own_fields(call, world, &engine, fields);
    if (!str_eq(region, engine.campaign.region))
        value_put_text(arena, fields->first, "value", region);
    const struct value *of_pack = form_document(arena, &view, asked, count, NULL);
    value_each (field, of_pack)
        value_append(fields, value_copy(arena, field));
    put_typed(call, fields);
    list_page_put_heed(call, fields);
    return ST_OK;
}

static enum status show(struct api_call *call, struct str campaign, struct str procedure)
{
    const struct world *world;
    TRY(office_world(call, &world));
    call->document = value_map(call->ctx->arena);
    return str_is_empty(procedure) ? put_procedures(call, world, campaign)
                                   : put_form(call, world, campaign, procedure);
}

static enum status show_new(struct api_call *call)
{
    return show(call, api_query(call, "campaign"), api_query(call, "procedure"));
}

enum status case_new_refused(struct api_call *call)
{
    TRY(show(call, value_find_text(call->input, "campaign"),
             value_find_text(call->input, "procedure")));
    value_put(call->document, S("problem"), value_copy(call->ctx->arena, call->problem));
    return ST_OK;
}

static const struct api_route routes[] = {
    {.name = "case_new", .method = HTTP_GET, .path = "/cases/new", .handler = show_new,
     .access = API_SIGNED_IN, .page = "case_new", .query = "campaign procedure"},
};

const struct api_table case_new_api = {routes, COUNT_OF(routes)};
