/*
 * Look-ups in the snapshot; nothing here asks the database twice.
 */
#include "api/directory_api.h"

#include "api/office.h"
#include "base/day.h"
#include "base/num.h"

enum { FOUND_MAX = 200 };

static struct str label(const struct api_call *call, struct words words)
{
    return words_label(call->lang, words);
}

/* ---- regimes ---- */

static void put_fields(struct api_call *call, struct value *out, const char *key,
                       const struct regime_field *fields, size_t count)
{
    struct arena *arena = call->ctx->arena;
    struct value *list = value_put_list(arena, out, key);
    for (size_t i = 0; i < count; i++) {
        struct value *row = value_append_map(arena, list);
        value_put_text(arena, row, "name", fields[i].name);
        value_put_text(arena, row, "label", label(call, fields[i].words));
        value_put_text(arena, row, "kind", str_of(field_kind_name(fields[i].kind)));
        value_put_bool(arena, row, "required", fields[i].required);
        value_put_text(arena, row, "clause", fields[i].clause);
    }
}

static void put_states(struct api_call *call, const struct regime_procedure *procedure,
                       struct value *out)
{
    struct arena *arena = call->ctx->arena;
    struct value *states = value_put_list(arena, out, "states");
    for (size_t i = 0; i < procedure->state_count; i++) {
        const struct regime_state *state = &procedure->states[i];
        struct value *row = value_append_map(arena, states);
        value_put_text(arena, row, "name", state->name);
        value_put_text(arena, row, "label", label(call, state->words));
        value_put_text(arena, row, "zh", state->words.zh);
        value_put_text(arena, row, "en", state->words.en);
        value_put_text(arena, row, "like", state->like);
        value_put_bool(arena, row, "end", state->end);
        value_put_text(arena, row, "clause", state->clause);
    }
}

static struct str sentence(const struct api_call *call, const char *key, struct args args)
{
    const struct reader reader = office_reader(call);
    return reader_sentence(call->ctx->arena, &reader, key, args);
}

/* The role, and the post it is narrowed to. */
/* i18n: actor.* */
static struct str who(const struct api_call *call, const struct regime *regime,
                      const struct regime_actor *by)
{
    struct arena *arena = call->ctx->arena;
    const struct regime_role *role = regime_find_role(regime, by->role);
    struct str text =
        role != NULL ? label(call, role->words)
                     : sentence(call, str_c(arena, str_concat(arena, S("actor."), by->role)), NO_ARGS);
    if (str_is_empty(by->post))
        return text;
    return str_printf(arena, "%.*s (%.*s)", STR_ARG(text),
                      STR_ARG(label(call, regime_post_words(regime, by->post))));
}

static void put_commands(struct api_call *call, const struct regime *regime,
                         const struct regime_procedure *procedure, struct value *out)
{
    struct arena *arena = call->ctx->arena;
    struct value *commands = value_put_list(arena, out, "commands");
    for (size_t i = 0; i < procedure->transition_count; i++) {
        const struct regime_transition *row = &procedure->transitions[i];
        struct value *command = value_append_map(arena, commands);
        value_put_text(arena, command, "name", row->name);
        value_put_text(arena, command, "label", label(call, row->words));
        value_put_text(arena, command, "zh", row->words.zh);
        value_put_text(arena, command, "en", row->words.en);
        value_put_text(arena, command, "clause", row->clause);
        struct value *from = value_put_list(arena, command, "from");
        for (size_t j = 0; j < row->from_count; j++)
            value_append(from, value_text(arena, row->from[j]->name));
        value_put_text(arena, command, "to", row->to == NULL ? S("") : row->to->name);
        struct value *by = value_put_list(arena, command, "by");
        for (size_t j = 0; j < row->by_count; j++) {
            value_append(by, value_text(arena, who(call, regime, &row->by[j])));
        }
        put_fields(call, command, "fields", row->asks, row->ask_count);
    }
}

static void put_deadlines(struct api_call *call, const struct regime_procedure *procedure,
                          struct value *out)
{
    static const char *const units[] = {"hours", "days", "workdays", "until"};
    struct arena *arena = call->ctx->arena;
    struct value *list = value_put_list(arena, out, "deadlines");
    for (size_t i = 0; i < procedure->deadline_count; i++) {
        const struct regime_deadline *deadline = &procedure->deadlines[i];
        struct value *row = value_append_map(arena, list);
        value_put_text(arena, row, "name", deadline->name);
        value_put_text(arena, row, "label", label(call, deadline->words));
        value_put_text(arena, row, "unit", str_of(units[deadline->unit]));
        value_put_text(arena, row, "setting", deadline->setting);
        value_put_int(arena, row, "length", deadline->length);
        value_put_text(arena, row, "clause", deadline->clause);
    }
}

/* i18n: web.length.* */
static struct str setting_label(const struct api_call *call, const struct regime_setting *setting)
{
    struct arena *arena = call->ctx->arena;
    const struct value *value = setting->value;
    if (value->kind == VALUE_BOOL)
        return sentence(call, value->flag ? "word.yes" : "word.no", NO_ARGS);
    if (value->kind == VALUE_TEXT) {
        const struct regime_choice *choice = regime_setting_choice(setting, value->text);
        struct day day;
        if (choice == NULL && str_eq(setting->unit, S("date")) && !day_parse(value->text, &day))
            return sentence(call, "word.no_day_yet", NO_ARGS);
        return choice == NULL ? value->text : label(call, choice->words);
    }
    if (str_is_empty(setting->unit))
        return str_printf(arena, "%lld", (long long)value->number);
    if (str_eq(setting->unit, S("percent")))
        return str_printf(arena, "%lld%%", (long long)value->number);
    if (str_eq(setting->unit, S("hours")) || str_eq(setting->unit, S("days")) ||
        str_eq(setting->unit, S("workdays")))
        return sentence(call, str_c(arena, str_concat(arena, S("web.length."), setting->unit)),
                        ARGS(arg_int("n", value->number)));
    return str_printf(arena, "%lld", (long long)value->number);
}

static void put_regime(struct api_call *call, const struct regime *regime, struct value *out)
{
    struct arena *arena = call->ctx->arena;
    value_put_text(arena, out, "id", regime->id);
    value_put_text(arena, out, "url", str_concat(arena, S("/regimes/"), regime->id));
    value_put_text(arena, out, "title", label(call, regime->title));
    value_put_text(arena, out, "zh", regime->title.zh);
    value_put_text(arena, out, "en", regime->title.en);
    value_put_int(arena, out, "version", regime->version);
    value_put_text(arena, out, "hash", regime->hash);
    value_put_text(arena, out, "calendar", regime->calendar);
    struct value *sources = value_put_list(arena, out, "source");
    for (size_t i = 0; i < regime->source_document_count; i++)
        value_append(sources, value_text(arena, regime->source_documents[i]));
    struct value *procedures = value_put_list(arena, out, "procedures");
    for (size_t i = 0; i < regime->procedure_count; i++) {
        struct value *row = value_append_map(arena, procedures);
        value_put_text(arena, row, "name", regime->procedures[i].name);
        value_put_text(arena, row, "label", label(call, regime->procedures[i].words));
        if (call->is_page)
            value_put(row, S("graph_svg"),
                      value_markup(arena, drawings_find(office_of(call)->drawings, regime,
                                                        &regime->procedures[i], call->lang)));
        put_states(call, &regime->procedures[i], row);
        put_commands(call, regime, &regime->procedures[i], row);
        put_deadlines(call, &regime->procedures[i], row);
        put_fields(call, row, "fields", regime->procedures[i].fields,
                   regime->procedures[i].field_count);
    }
    struct value *settings = value_put_list(arena, out, "settings");
    for (size_t i = 0; i < regime->setting_count; i++) {
        const struct regime_setting *setting = &regime->settings[i];
        struct value *row = value_append_map(arena, settings);
        value_put_text(arena, row, "name", setting->name);
        value_put_text(arena, row, "label", label(call, setting->words));
        value_put(row, S("value"), value_copy(arena, setting->value));
        value_put_text(arena, row, "value_label", setting_label(call, setting));
        value_put_text(arena, row, "unit", setting->unit);
        value_put_text(arena, row, "reading", setting->reading);
    }
}

static enum status list_regimes(struct api_call *call)
{
    size_t count;
    const struct world *world;
    struct arena *arena = call->ctx->arena;
    TRY(office_world(call, &world));
    const struct world_regime *all = world_list_regimes(world, &count);
    call->document = value_map(arena);
    struct value *items = value_put_list(arena, call->document, "items");
    for (size_t i = 0; i < count; i++) {
        const struct regime *regime;
        if (str_is_empty(all[i].pack))
            continue;
        TRY(world_load_pack(call->ctx, world, all[i].pack, &regime));
        put_regime(call, regime, value_append_map(arena, items));
    }
    return ST_OK;
}

static enum status read_regime(struct api_call *call)
{
    const struct world *world;
    const struct regime *regime;
    TRY(office_world(call, &world));
    const struct world_regime *found = world_find_regime(world, http_capture(call->http, "id"));
    if (found == NULL || str_is_empty(found->pack))
        return fail(call->ctx, ST_NOT_FOUND, "regime.unknown",
                    ARGS(arg_text("id", http_capture(call->http, "id"))));
    TRY(world_load_pack(call->ctx, world, found->pack, &regime));
    call->document = value_map(call->ctx->arena);
    put_regime(call, regime, call->document);
    value_put_bool(call->ctx->arena, call->document, "active", true);
    return ST_OK;
}

/* ---- campaigns ---- */

static enum status list_campaigns(struct api_call *call)
{
    size_t count;
    const struct world *world;
    struct arena *arena = call->ctx->arena;
    TRY(office_world(call, &world));
    const struct world_campaign *all = world_list_campaigns(world, &count);
    call->document = value_map(arena);
    struct value *items = value_put_list(arena, call->document, "items");
    for (size_t i = 0; i < count; i++) {
        const struct regime *regime;
        struct value *row = value_append_map(arena, items);
        TRY(world_load_pack(call->ctx, world, all[i].pack, &regime));
        value_put_text(arena, row, "id", all[i].name);
        value_put_text(arena, row, "label", label(call, all[i].title));
        value_put_text(arena, row, "zh", all[i].title.zh);
        value_put_text(arena, row, "en", all[i].title.en);
        value_put_text(arena, row, "regime", all[i].regime);
        value_put_text(arena, row, "region", all[i].region);
        value_put_text(arena, row, "state", all[i].state);
        struct value *procedures = value_put_list(arena, row, "procedures");
        for (size_t j = 0; j < regime->procedure_count; j++) {
            struct value *procedure = value_append_map(arena, procedures);
            value_put_text(arena, procedure, "name", regime->procedures[j].name);
            value_put_text(arena, procedure, "label", label(call, regime->procedures[j].words));
            put_states(call, &regime->procedures[j], procedure);
            put_commands(call, regime, &regime->procedures[j], procedure);
        }
    }
    return ST_OK;
}

/* ---- directory ---- */

static bool matches(struct str q, struct str name, struct str other)
{
    return str_is_empty(q) || str_has(name, q) || str_has(other, q);
}

static enum status list_units(struct api_call *call)
{
    size_t count;
    const struct world *world;
    struct arena *arena = call->ctx->arena;
    struct str q = api_query(call, "q");
    struct str within = api_query(call, "region");
    struct str kind = api_query(call, "kind");
    TRY(office_world(call, &world));
    const struct world_unit *units = world_list_units(world, &count);
    call->document = value_map(arena);
    struct value *items = value_put_list(arena, call->document, "items");
    for (size_t i = 0; i < count && items->count < FOUND_MAX; i++) {
        const struct world_unit *unit = &units[i];
        if (!matches(q, unit->name, unit->aliases) ||
            (!str_is_empty(kind) && !str_eq(kind, unit->facts.kind)) ||
            (!str_is_empty(within) && !world_region_is_within(world, unit->facts.region, within)))
            continue;
        const struct world_region *region = world_find_region(world, unit->facts.region);
        struct value *row = value_append_map(arena, items);
        value_put_text(arena, row, "id", str_printf(arena, "%lld", (long long)unit->facts.id.v));
        value_put_text(arena, row, "code", unit->code);
        value_put_text(arena, row, "name", unit->name);
        value_put_text(arena, row, "short_name", unit->short_name);
        value_put_text(arena, row, "mark", unit->mark);
        value_put_text(arena, row, "kind", unit->facts.kind);
        value_put_text(arena, row, "kind_label", office_word(call, "unit-kinds", unit->facts.kind));
        value_put_text(arena, row, "region", unit->facts.region);
        value_put_text(arena, row, "region_label", region == NULL ? S("") : region->name);
        value_put_text(arena, row, "parent_label",
                       unit->parent == NULL ? S("") : unit->parent->name);
    }
    value_put_bool(arena, call->document, "is_cut", items->count == FOUND_MAX);
    return ST_OK;
}

static enum status list_regions(struct api_call *call)
{
    size_t count;
    const struct world *world;
    struct arena *arena = call->ctx->arena;
    struct str parent = api_query(call, "parent");
    struct str q = api_query(call, "q");
    TRY(office_world(call, &world));
    const struct world_region *regions = world_list_regions(world, &count);
    call->document = value_map(arena);
    struct value *items = value_put_list(arena, call->document, "items");
    for (size_t i = 0; i < count && items->count < FOUND_MAX; i++) {
        const struct world_region *region = &regions[i];
        struct str above = region->parent == NULL ? S("") : region->parent->code;
        if ((!str_is_empty(parent) && !str_eq(above, parent)) ||
            !matches(q, region->name, region->code))
            continue;
        struct value *row = value_append_map(arena, items);
        value_put_text(arena, row, "code", region->code);
        value_put_text(arena, row, "name", region->name);
        value_put_text(arena, row, "level", region->level);
        value_put_text(arena, row, "parent", above);
    }
    return ST_OK;
}

static enum status list_people(struct api_call *call)
{
    size_t count;
    const struct world *world;
    struct arena *arena = call->ctx->arena;
    struct str q = api_query(call, "q");
    struct str wanted = api_query(call, "unit");
    int64_t unit = 0;
    if (!str_is_empty(wanted) && !num_parse_i64(wanted, 1, INT64_MAX, &unit))
        return api_field_wrong(call, "unit", "form.not_an_id", ARGS(arg_c("field", "unit")));
    TRY(office_world(call, &world));
    const struct world_person *people = world_list_people(world, &count);
    call->document = value_map(arena);
    struct value *items = value_put_list(arena, call->document, "items");
    for (size_t i = 0; i < count && items->count < FOUND_MAX; i++) {
        const struct world_person *person = &people[i];
        bool of_unit = unit == 0;
        for (size_t j = 0; j < person->post_count; j++)
            of_unit = of_unit || person->posts[j].unit->facts.id.v == unit;
        if (!of_unit || !matches(q, person->name, person->login))
            continue;
        struct value *row = value_append_map(arena, items);
        value_put_text(arena, row, "id", str_printf(arena, "%lld", (long long)person->id.v));
        value_put_text(arena, row, "name", person->name);
        value_put_text(arena, row, "login", person->login);
        struct value *posts = value_put_list(arena, row, "posts");
        for (size_t j = 0; j < person->post_count; j++) {
            struct value *post = value_append_map(arena, posts);
            value_put_text(arena, post, "post", person->posts[j].post);
            value_put_text(arena, post, "post_label",
                           office_word(call, "posts", person->posts[j].post));
            value_put_text(arena, post, "unit_label", person->posts[j].unit->name);
        }
    }
    return ST_OK;
}

static const struct api_route routes[] = {
    {.name = "campaign_list", .method = HTTP_GET, .path = "/campaigns", .handler = list_campaigns,
     .access = API_SIGNED_IN, .flags = API_ONLY},
    {.name = "regime_list", .method = HTTP_GET, .path = "/regimes", .handler = list_regimes,
     .access = API_SIGNED_IN, .page = "regimes"},
    {.name = "regime_read", .method = HTTP_GET, .path = "/regimes/{id}", .handler = read_regime,
     .access = API_SIGNED_IN, .page = "regime"},
    {.name = "unit_list", .method = HTTP_GET, .path = "/units", .handler = list_units,
     .access = API_SIGNED_IN, .page = "units", .query = "q region kind"},
    {.name = "region_list", .method = HTTP_GET, .path = "/regions", .handler = list_regions,
     .access = API_SIGNED_IN, .flags = API_ONLY, .query = "q parent"},
    {.name = "person_list", .method = HTTP_GET, .path = "/people", .handler = list_people,
     .access = API_SIGNED_IN, .page = "people", .query = "q unit"},
};

const struct api_table directory_api = {routes, COUNT_OF(routes)};
