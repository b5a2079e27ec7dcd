/*
 * Everything here follows from the query: the page holds no state of its own.
 */
#include "api/list_page.h"

#include "api/problem.h"
#include "base/num.h"
#include "base/vec.h"
#include "services/export.h"
#include "store/view_rows.h"

static struct value *with(struct arena *arena, const struct value *query, const char *name,
                          struct str text)
{
    struct value *copy = value_map(arena);
    value_each (member, query)
        if (!str_eq_c(member->key, "cursor"))
            value_put(copy, member->key, value_copy(arena, member));
    value_put_text(arena, copy, name, text);
    return copy;
}

static struct str sentence(struct api_call *call, const char *key)
{
    const struct reader reader = office_reader(call);
    return reader_sentence(call->ctx->arena, &reader, key, NO_ARGS);
}

/* i18n: filter.* */
static struct value *filter(struct api_call *call, struct value *filters, const char *name,
                            const char *kind, const char *label_key, const struct value *query)
{
    struct arena *arena = call->ctx->arena;
    struct value *row = value_append_map(arena, filters);
    value_put_text(arena, row, "name", str_of(name));
    value_put_text(arena, row, "kind", str_of(kind));
    value_put_bool(arena, row, str_c(arena, str_printf(arena, "is_%s", kind)), true);
    value_put_text(arena, row, "label", sentence(call, label_key));
    value_put_text(arena, row, "value", value_find_text(query, name));
    value_put_bool(arena, row, "checked",
                   str_eq(value_find_text(query, name), S("true")));
    return value_put_list(arena, row, "options");
}

static void option(struct arena *arena, struct value *options, struct str value, struct str label,
                   const struct value *query, const char *name)
{
    struct value *row = value_append_map(arena, options);
    value_put_text(arena, row, "value", value);
    value_put_text(arena, row, "label", label);
    value_put_bool(arena, row, "selected", str_eq(value_find_text(query, name), value));
}

/* Campaigns that concern the caller: by an office held in them, or by a unit of their region. */
static bool concerns(const struct api_call *call, const struct world *world,
                     const struct world_campaign *campaign)
{
    const struct actor *actor = office_actor(call);
    for (size_t i = 0; i < actor->post_count; i++)
        if (world_region_is_within(world, actor->posts[i].unit_region, campaign->region) ||
            world_region_is_within(world, campaign->region, actor->posts[i].unit_region))
            return true;
    return false;
}

/* The campaign that the list is narrowed to, or the only one that concerns the caller. */
static const struct world_campaign *campaign_of(const struct api_call *call,
                                                const struct world *world,
                                                const struct value *query)
{
    size_t count;
    const struct world_campaign *all = world_list_campaigns(world, &count);
    const struct world_campaign *named =
        world_find_campaign(world, value_find_text(query, "campaign"));
    const struct world_campaign *only = NULL;
    size_t concerning = 0;
    for (size_t i = 0; i < count; i++) {
        if (!concerns(call, world, &all[i]))
            continue;
        concerning++;
        only = &all[i];
    }
    return named != NULL ? named : concerning == 1 ? only : NULL;
}

/* The fields of the procedure by which its lists are narrowed, each a choice by its own name. */
static void put_field_filters(struct api_call *call, struct value *filters,
                              const struct regime_procedure *procedure, const struct value *query)
{
    struct arena *arena = call->ctx->arena;
    for (size_t i = 0; i < procedure->field_count; i++) {
        const struct regime_field *field = &procedure->fields[i];
        if (!field->filter || (field->choice_count == 0 && field->kind != FIELD_BOOL))
            continue;
        const char *name = str_c(arena, str_concat(arena, S("field."), field->name));
        struct value *options = filter(call, filters, name, "choice", "filter.procedure", query);
        value_put_text(arena, filters->last, "label", words_label(call->lang, field->words));
        for (size_t j = 0; j < field->choice_count; j++)
            option(arena, options, field->choices[j].code,
                   words_label(call->lang, field->choices[j].words), query, name);
        if (field->kind == FIELD_BOOL) {
            option(arena, options, S("true"), sentence(call, "word.yes"), query, name);
            option(arena, options, S("false"), sentence(call, "word.no"), query, name);
        }
    }
}

static void put_procedures(struct api_call *call, struct value *filters,
                           const struct regime *regime, const struct value *query)
{
    struct value *options = filter(call, filters, "procedure", "choice", "filter.procedure", query);
    for (size_t i = 0; i < regime->procedure_count; i++)
        option(call->ctx->arena, options, regime->procedures[i].name,
               words_label(call->lang, regime->procedures[i].words), query, "procedure");
}

static bool has_option(const struct value *options, struct str value)
{
    value_each (one, options)
        if (str_eq(value_find_text(one, "value"), value))
            return true;
    return false;
}

static void put_pack_filters(struct api_call *call, struct value *filters,
                             const struct regime *regime, const struct value *query)
{
    struct arena *arena = call->ctx->arena;
    const struct regime_procedure *only =
        regime_find_procedure(regime, value_find_text(query, "procedure"));
    put_procedures(call, filters, regime, query);
    struct value *states = filter(call, filters, "state", "choice", "filter.state", query);
    const struct regime_field *type = NULL;
    for (size_t i = 0; i < regime->procedure_count; i++) {
        const struct regime_procedure *procedure = &regime->procedures[i];
        if (only != NULL && procedure != only)
            continue;
        for (size_t j = 0; j < procedure->state_count; j++)
            if (!has_option(states, procedure->states[j].name))
                option(arena, states, procedure->states[j].name,
                       words_label(call->lang, procedure->states[j].words), query, "state");
        for (size_t j = 0; j < procedure->import_count; j++)
            if (type == NULL && str_eq(procedure->imports[j].column, S("type")))
                type = procedure_find_field(procedure, procedure->imports[j].field);
    }
    struct value *types =
        type == NULL ? NULL : filter(call, filters, "type", "choice", "filter.type", query);
    for (size_t i = 0; type != NULL && i < type->choice_count; i++)
        option(arena, types, type->choices[i].code, words_label(call->lang, type->choices[i].words),
               query, "type");
    struct value *sources = filter(call, filters, "source", "choice", "filter.source", query);
    for (size_t i = 0; i < regime->source_count; i++)
        option(arena, sources, regime->sources[i].id,
               words_label(call->lang, regime->sources[i].words), query, "source");
    if (only != NULL)
        put_field_filters(call, filters, only, query);
}

static void put_regions(struct api_call *call, struct value *filters, const struct world *world,
                        struct str within, const struct value *query)
{
    size_t count;
    const struct world_region *regions = world_list_regions(world, &count);
    struct value *options = filter(call, filters, "region", "choice", "filter.region", query);
    for (size_t i = 0; i < count; i++)
        if (regions[i].parent != NULL && str_eq(regions[i].parent->code, within))
            option(call->ctx->arena, options, regions[i].code, regions[i].name, query, "region");
}

/* Only where an address brought it: what figures of one region, without those below it, lead to. */
static void put_only_region(struct api_call *call, struct value *filters,
                            const struct world *world, const struct value *query)
{
    struct str code = value_find_text(query, "only_region");
    const struct world_region *region = world_find_region(world, code);
    if (str_is_empty(code))
        return;
    struct value *options =
        filter(call, filters, "only_region", "choice", "filter.only_region", query);
    option(call->ctx->arena, options, code, region == NULL ? code : region->name, query,
           "only_region");
}

static enum status put_filters(struct api_call *call, const struct world *world,
                               const struct value *query)
{
    struct arena *arena = call->ctx->arena;
    struct value *filters = value_put_list(arena, call->document, "filters");
    size_t count;
    const struct world_campaign *all = world_list_campaigns(world, &count);
    struct value *campaigns = filter(call, filters, "campaign", "choice", "filter.campaign", query);
    for (size_t i = 0; i < count; i++)
        if (concerns(call, world, &all[i]))
            option(arena, campaigns, all[i].name, words_label(call->lang, all[i].title), query,
               "campaign");
    const struct world_campaign *campaign = campaign_of(call, world, query);
    if (campaign != NULL) {
        const struct regime *regime;
        TRY(world_load_pack(call->ctx, world, campaign->pack, &regime));
        put_pack_filters(call, filters, regime, query);
        put_regions(call, filters, world, campaign->region, query);
    }
    put_only_region(call, filters, world, query);
    filter(call, filters, "q", "text", "filter.q", query);
    filter(call, filters, "due_before", "date", "filter.due_before", query);
    filter(call, filters, "created_after", "date", "filter.created_after", query);
    filter(call, filters, "created_before", "date", "filter.created_before", query);
    filter(call, filters, "overdue", "bool", "filter.overdue", query);
    filter(call, filters, "open", "bool", "filter.open", query);
    filter(call, filters, "running", "bool", "filter.running", query);
    if (!value_is_empty(value_find_c(query, "ended"))) /* a number led here */
        filter(call, filters, "ended", "bool", "filter.ended", query);
    return ST_OK;
}

static struct str option_label(const struct value *filter)
{
    struct str value = value_find_text(filter, "value");
    value_each (one, value_find_c(filter, "options"))
        if (value_find_bool(one, "selected"))
            return value_find_text(one, "label");
    return value;
}

static void put_chips(struct api_call *call, const struct value *query)
{
    struct arena *arena = call->ctx->arena;
    struct value *chips = value_put_list(arena, call->document, "chips");
    value_each (row, value_find_c(call->document, "filters")) {
        const char *name = str_c(arena, value_find_text(row, "name"));
        if (str_is_empty(value_find_text(row, "value")))
            continue;
        struct value *chip = value_append_map(arena, chips);
        value_put_text(arena, chip, "label",
                       str_printf(arena, "%.*s: %.*s", STR_ARG(value_find_text(row, "label")),
                                  STR_ARG(option_label(row))));
        value_put_text(arena, chip, "remove_url", case_list_url(arena, "/cases", query, name));
    }
}

static const struct {
    const char *name;
    const char *key;
    const char *sort;
    bool usual;
} columns[] = { /* i18n: column.* */
    {"number", "column.number", "number", true},
    {"procedure", "column.procedure", NULL, false},
    {"received_number", "column.received_number", NULL, true},
    {"title", "column.title", NULL, true},
    {"region", "column.region", NULL, true},
    {"types", "column.types", NULL, true},
    {"state", "column.state", "state", true},
    {"due", "column.due", "due", true},
    {"waits", "column.waits", NULL, true},
    {"source", "column.source", NULL, false},
    {"batch", "column.batch", NULL, false},
    {"created", "column.created", "created", false},
    {"updated", "column.updated", "updated", false},
};

/* A list of several kinds of case says which is which. */
static bool is_shown(const struct value *query, size_t column)
{
    struct str chosen = value_find_text(query, "columns");
    if (str_is_empty(chosen))
        return columns[column].usual || (str_eq(S("procedure"), str_of(columns[column].name)) &&
                                         str_is_empty(value_find_text(query, "procedure")));
    for (struct str one; str_next(&chosen, ',', &one);)
        if (str_eq_c(one, columns[column].name))
            return true;
    return false;
}

static void put_columns(struct api_call *call, const struct value *query)
{
    struct arena *arena = call->ctx->arena;
    struct value *list = value_put_list(arena, call->document, "columns");
    struct value *show = value_put_map(arena, call->document, "show");
    struct str sort = value_find_text(query, "sort");
    bool descending = str_starts(sort, S("-"));
    for (size_t i = 0; i < COUNT_OF(columns); i++) {
        struct value *row = value_append_map(arena, list);
        bool sorted = columns[i].sort != NULL &&
                      str_eq_c(str_from(sort, descending ? 1 : 0), columns[i].sort);
        value_put_text(arena, row, "name", str_of(columns[i].name));
        value_put_text(arena, row, "label", sentence(call, columns[i].key));
        value_put_bool(arena, row, "shown", is_shown(query, i));
        value_put_bool(arena, show, columns[i].name, is_shown(query, i));
        value_put_bool(arena, row, "sorted", sorted);
        value_put_bool(arena, row, "descending", sorted && descending);
        if (columns[i].sort == NULL)
            continue;
        struct str to = str_printf(arena, "%s%s", sorted && !descending ? "-" : "", columns[i].sort);
        value_put_text(arena, row, "sort_url",
                       case_list_url(arena, "/cases", with(arena, query, "sort", to), NULL));
    }
}

static bool holds(const struct api_call *call, const struct value *units)
{
    const struct actor *actor = office_actor(call);
    value_each (unit, units) {
        int64_t id;
        for (size_t i = 0; i < actor->post_count; i++)
            if (num_parse_i64(unit->text, 1, INT64_MAX, &id) && id == actor->posts[i].unit.v)
                return true;
    }
    return false;
}

/* A role of the campaign is held or not; who holds one case by case may have it in any row. */
static bool might_give(const struct api_call *call, const struct regime *regime,
                       const struct world_campaign *campaign,
                       const struct regime_transition *transition)
{
    for (size_t i = 0; i < transition->by_count; i++) {
        const struct regime_role *role = regime_find_role(regime, transition->by[i].role);
        if (role == NULL || !role->of_campaign ||
            holds(call, value_find(campaign->terms.roles, role->name)))
            return true;
    }
    return false;
}

static bool is_listed(const struct value *bulk, struct str command)
{
    value_each (row, bulk)
        if (str_eq(value_find_text(row, "command"), command))
            return true;
    return false;
}

/* Of several parted by commas; none named: all are. */
static bool is_asked_for(struct str procedures, struct str name)
{
    bool found = str_is_empty(procedures);
    for (struct str one; !found && str_next(&procedures, ',', &one);)
        found = str_eq(one, name);
    return found;
}

enum status list_page_put_bulk(struct api_call *call, const struct world *world,
                               const struct world_campaign *campaign, struct str procedures)
{
    struct arena *arena = call->ctx->arena;
    struct value *bulk = value_put_list(arena, call->document, "bulk");
    const struct regime *regime;
    if (campaign == NULL)
        return ST_OK;
    TRY(world_load_pack(call->ctx, world, campaign->pack, &regime));
    for (size_t i = 0; i < regime->procedure_count; i++) {
        const struct regime_procedure *procedure = &regime->procedures[i];
        for (size_t j = 0; j < procedure->transition_count; j++) {
            const struct regime_transition *transition = &procedure->transitions[j];
            if (!transition->bulk || !is_asked_for(procedures, procedure->name) ||
                is_listed(bulk, transition->name) ||
                !might_give(call, regime, campaign, transition))
                continue;
            struct value *row = value_append_map(arena, bulk);
            value_put_text(arena, row, "command", transition->name);
            value_put_text(arena, row, "label", words_label(call->lang, transition->words));
            value_put_text(arena, row, "url",
                           str_concat(arena, S("/cases/bulk/"), transition->name));
        }
    }
    return ST_OK;
}

void list_page_put_tables(struct api_call *call, const struct value *query)
{
    struct arena *arena = call->ctx->arena;
    struct value *tables = value_put_list(arena, call->document, "export_tables");
    export_list_tables(call->ctx, office_home(call), call->lang, tables);
    for (struct value *table = tables->first; table != NULL; table = table->next)
        value_put_text(arena, table, "url",
                       case_list_url(arena, "/export",
                                     with(arena, query, "columns", value_find_text(table, "name")),
                                     "cursor"));
}

static void put_addresses(struct api_call *call, const struct value *query)
{
    static const char *const formats[] = {"xlsx", "csv", "json"};
    struct arena *arena = call->ctx->arena;
    struct value *urls = value_put_map(arena, call->document, "export_urls");
    for (size_t i = 0; i < COUNT_OF(formats); i++)
        value_put_text(arena, urls, formats[i],
                       case_list_url(arena, "/export",
                                     with(arena, query, "format", str_of(formats[i])), "cursor"));
    list_page_put_tables(call, query);
    struct str next = value_find_text(call->document, "next");
    if (!str_is_empty(next))
        value_put_text(arena, call->document, "next_url",
                       case_list_url(arena, "/cases", with(arena, query, "cursor", next), NULL));
    struct value *new_query = value_map(arena);
    value_put_text(arena, new_query, "campaign", value_find_text(query, "campaign"));
    if (office_actor(call)->post_count > 0)
        value_put_text(arena, call->document, "new_url",
                       case_list_url(arena, "/cases/new", new_query, NULL));
    value_put(call->document, S("query"), value_copy(arena, query));
}

static enum status put_views(struct api_call *call)
{
    struct arena *arena = call->ctx->arena;
    struct view_row_list views = {0};
    struct value *list = value_put_list(arena, call->document, "views");
    TRY(view_rows_list(call->ctx, office_conn(call), call->session.account, &views));
    for (size_t i = 0; i < views.len; i++) {
        struct value *row = value_append_map(arena, list);
        value_put_text(arena, row, "name", views.at[i].name);
        value_put_text(arena, row, "url", str_concat(arena, S("/cases?"), views.at[i].query));
    }
    value_put_bool(arena, call->document, "may_save_view", true);
    return ST_OK;
}

enum status list_page_put(struct api_call *call, const struct world *world,
                          const struct value *query)
{
    TRY(put_filters(call, world, query));
    put_chips(call, query);
    put_columns(call, query);
    TRY(list_page_put_bulk(call, world, campaign_of(call, world, query),
                           value_find_text(query, "procedure")));
    TRY(put_views(call));
    put_addresses(call, query);
    return ST_OK;
}

/* ---- a refused form ---- */

static struct value *action_named(struct value *document, struct str command)
{
    for (struct value *list = document->first; list != NULL; list = list->next) {
        if (!str_eq_c(list->key, "open_actions"))
            continue;
        for (struct value *row = list->first; row != NULL; row = row->next)
            if (str_eq(value_find_text(row, "command"), command))
                return row;
    }
    return NULL;
}

static void put_typed(struct api_call *call, struct value *field)
{
    struct arena *arena = call->ctx->arena;
    struct str name = value_find_text(field, "name");
    const struct value *typed = value_find(call->input, name);
    if (typed != NULL)
        value_put(field, S("value"), value_copy(arena, typed));
    value_each (error, value_find_c(call->problem, "errors"))
        if (str_eq(value_find_text(error, "field"), name))
            value_put_text(arena, field, "error", value_find_text(error, "detail"));
}

void list_page_put_heed(struct api_call *call, struct value *fields)
{
    struct arena *arena = call->ctx->arena;
    const struct reader reader = office_reader(call);
    struct str rule = value_find_text(call->problem, "rule");
    struct str typed = value_find_text(call->input, "heed");
    if (!str_eq_c(value_find_text(call->problem, "code"), "warned") || fields == NULL)
        return;
    if (!str_is_empty(typed)) /* one warning after another */
        rule = str_printf(arena, "%.*s,%.*s", STR_ARG(typed), STR_ARG(rule));
    struct value *field = value_append_map(arena, fields);
    value_put_text(arena, field, "name", S("heed"));
    value_put_text(arena, field, "label", reader_sentence(arena, &reader, "field.heed", NO_ARGS));
    value_put_text(arena, field, "kind", S("choice"));
    value_put_bool(arena, field, "required", true);
    value_put_text(arena, field, "error", value_find_text(call->problem, "detail"));
    struct value *choice = value_append_map(arena, value_put_list(arena, field, "choices"));
    value_put_text(arena, choice, "value", rule);
    value_put_text(arena, choice, "label",
                   reader_sentence(arena, &reader, "field.heed.yes", NO_ARGS));
}

enum status list_page_put_refusal(struct api_call *call, struct str command)
{
    struct arena *arena = call->ctx->arena;
    struct value *action = action_named(call->document, command);
    value_put(call->document, S("problem"), value_copy(arena, call->problem));
    if (action == NULL)
        return ST_OK;
    value_put_bool(arena, action, "refused", true);
    value_put(action, S("problem"), value_copy(arena, call->problem));
    struct value *form = action->first;
    while (form != NULL && !str_eq_c(form->key, "form"))
        form = form->next;
    struct value *fields = form == NULL ? NULL : form->first;
    for (struct value *field = fields == NULL ? NULL : fields->first; field != NULL;
         field = field->next)
        put_typed(call, field);
    list_page_put_heed(call, fields);
    return ST_OK;
}
