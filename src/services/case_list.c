/*
 * From the words of an address to a filter, from rows to what a reader sees.
 */
#include "services/case_list.h"

#include "base/buf.h"
#include "base/num.h"
#include "services/casework.h"

enum { LIMIT_USUAL = 50, URL_BYTES = 8 * 1024 };

static enum status wrong(struct ctx *ctx, const char *key, struct str field, struct str given)
{
    struct reason reason = reason_make(key, ARGS(arg_text("field", field), arg_text("given", given)));
    reason.field = field;
    reason.code = "wrong_value";
    return fail_reason(ctx, ST_MALFORMED, reason);
}

static enum status read_values(struct ctx *ctx, struct str name, struct str text, const char *prefix,
                               struct casefile_values *out)
{
    struct str *values = arena_alloc_array(ctx->arena, CASEFILE_VALUES_MAX, sizeof *values);
    size_t count = 0;
    for (struct str one; str_next(&text, ',', &one);) {
        one = str_trim(one);
        if (str_is_empty(one))
            continue;
        if (count == CASEFILE_VALUES_MAX)
            return wrong(ctx, "list.too_many_values", name, one);
        values[count++] = prefix == NULL ? one : str_concat(ctx->arena, str_of(prefix), one);
    }
    *out = (struct casefile_values){values, count};
    return ST_OK;
}

static enum status read_flag(struct ctx *ctx, struct str name, struct str text, bool *out)
{
    if (!str_eq(text, S("true")) && !str_eq(text, S("false")))
        return wrong(ctx, "list.wrong_value", name, text);
    *out = str_eq(text, S("true"));
    return ST_OK;
}

/* Whole days: `due_before` takes the end of its day in, as people mean it. */
static enum status read_time(struct ctx *ctx, struct str name, struct str text, bool end_of_day,
                             struct instant *out)
{
    struct day day;
    if (day_parse(text, &day)) {
        *out = day_start(end_of_day ? day_add(day, 1) : day);
        return ST_OK;
    }
    return instant_parse_lenient(text, out) ? ST_OK : wrong(ctx, "list.wrong_value", name, text);
}

/* One end of the span; the other one stays open until it is named as well. */
static enum status read_created(struct ctx *ctx, struct str name, struct str text, bool is_end,
                                struct casefile_span *span)
{
    if (!span->is_set)
        *span = (struct casefile_span){
            .is_set = true, .from = {INT64_MIN}, .to = {INT64_MAX}};
    return read_time(ctx, name, text, is_end, is_end ? &span->to : &span->from);
}

static enum status read_sort(struct ctx *ctx, struct str text, struct casefile_page *page)
{
    page->descending = str_starts(text, S("-"));
    struct str name = str_from(text, page->descending ? 1 : 0);
    return casefile_sort_parse(name, &page->sort) ? ST_OK
                                                  : wrong(ctx, "list.wrong_value", S("sort"), text);
}

static enum status read_limit(struct ctx *ctx, struct str text, struct casefile_page *page)
{
    int64_t limit;
    if (!num_parse_i64(text, 1, CASEFILE_LIST_MAX, &limit))
        return wrong(ctx, "list.wrong_value", S("limit"), text);
    page->limit = (size_t)limit;
    return ST_OK;
}

/* `field.<name>`: a field that its pack marks by `filter: true`; unknown ones find nothing. */
static enum status read_field(struct ctx *ctx, struct str name, struct str text,
                              struct casefile_filter *filter)
{
    struct str prefix = str_concat(ctx->arena, str_from(name, strlen("field.")), S("="));
    for (size_t i = 0; i < CASEFILE_FIELDS_MAX; i++)
        if (filter->fields[i].count == 0)
            return read_values(ctx, name, text, str_c(ctx->arena, prefix), &filter->fields[i]);
    return wrong(ctx, "list.too_many_values", name, text);
}

static enum status read_one(struct ctx *ctx, struct str name, struct str text,
                            struct casefile_filter *filter, struct casefile_page *page)
{
    const struct {
        struct str name;
        struct casefile_values *values;
        const char *prefix;
    } lists[] = {
        {S("campaign"), &filter->campaigns, NULL}, {S("procedure"), &filter->procedures, NULL},
        {S("state"), &filter->states, NULL},       {S("like"), &filter->like_states, NULL},
        {S("region"), &filter->regions, NULL},     {S("unit"), &filter->units, NULL},
        {S("only_region"), &filter->only_regions, NULL},
        {S("source"), &filter->sources, NULL},     {S("type"), &filter->types, NULL},
        {S("batch"), &filter->batches, NULL},      {S("waits"), &filter->waits, NULL},
    };
    for (size_t i = 0; i < COUNT_OF(lists); i++)
        if (str_eq(lists[i].name, name))
            return read_values(ctx, name, text, lists[i].prefix, lists[i].values);
    if (str_starts(name, S("field.")))
        return read_field(ctx, name, text, filter);
    if (str_eq(name, S("q"))) {
        filter->q = text;
        return ST_OK;
    }
    if (str_eq(name, S("cursor"))) {
        page->cursor = text;
        return ST_OK;
    }
    if (str_eq(name, S("overdue")))
        return read_flag(ctx, name, text, &filter->overdue);
    if (str_eq(name, S("open")))
        return read_flag(ctx, name, text, &filter->open_only);
    if (str_eq(name, S("running")))
        return read_flag(ctx, name, text, &filter->running_only);
    if (str_eq(name, S("ended")))
        return read_flag(ctx, name, text, &filter->ended_only);
    if (str_eq(name, S("due_before")))
        return read_time(ctx, name, text, true, &filter->due_before);
    if (str_eq(name, S("due_after")))
        return read_time(ctx, name, text, false, &filter->due_after);
    if (str_eq(name, S("created_before")))
        return read_created(ctx, name, text, true, &filter->created);
    if (str_eq(name, S("created_after")))
        return read_created(ctx, name, text, false, &filter->created);
    if (str_eq(name, S("sort")))
        return read_sort(ctx, text, page);
    if (str_eq(name, S("limit")))
        return read_limit(ctx, text, page);
    return wrong(ctx, "list.unknown_filter", name, text);
}

struct str case_list_url(struct arena *arena, const char *path, const struct value *query,
                         const char *leave_out)
{
    struct buf url;
    char joint = '?';
    buf_init(&url, arena, URL_BYTES);
    buf_c(&url, path);
    value_each (member, query) {
        if (value_is_empty(member) || (leave_out != NULL && str_eq_c(member->key, leave_out)))
            continue;
        buf_char(&url, joint);
        url_part(&url, member->key);
        buf_char(&url, '=');
        url_part(&url, member->text);
        joint = '&';
    }
    return buf_str(&url);
}

enum status case_list_parse(struct ctx *ctx, const struct value *query,
                            struct casefile_filter *out_filter, struct casefile_page *out_page)
{
    struct casefile_filter filter = {.due_before = INSTANT_NONE, .due_after = INSTANT_NONE};
    struct casefile_page page = {
        .sort = CASEFILE_SORT_CREATED, .descending = true, .limit = LIMIT_USUAL, .wants_count = true};
    value_each (member, query) {
        if (member->kind != VALUE_TEXT || str_is_empty(str_trim(member->text)))
            continue;
        TRY(read_one(ctx, member->key, str_trim(member->text), &filter, &page));
    }
    *out_filter = filter;
    *out_page = page;
    return ST_OK;
}

/* Procedures of the campaign that are closed to each role by which it names the actor's units. */
static struct casefile_values closed_to(struct arena *arena, const struct world_campaign *campaign,
                                        const struct regime *regime, const struct actor *actor)
{
    struct str *names = arena_alloc_array(arena, regime->procedure_count, sizeof *names);
    size_t count = 0;
    for (size_t i = 0; i < regime->procedure_count; i++)
        if (!casework_campaign_opens(campaign->terms.roles, &regime->procedures[i], actor))
            names[count++] = regime->procedures[i].name;
    return (struct casefile_values){names, count};
}

/* A campaign whose pack cannot be read opens nothing. */
static void put_campaigns(struct arena *arena, const struct world *world, const struct actor *actor,
                          struct casefile_scope *scope)
{
    struct ctx own = {.arena = arena};
    size_t count;
    const struct world_campaign *all = world_list_campaigns(world, &count);
    struct str *names = arena_alloc_array(arena, CASEFILE_VALUES_MAX, sizeof *names);
    struct casefile_grant *closed = arena_alloc_array(arena, CASEFILE_VALUES_MAX, sizeof *closed);
    for (size_t i = 0; i < count && scope->campaigns.count < CASEFILE_VALUES_MAX; i++) {
        const struct regime *regime;
        if (!casework_campaign_opens(all[i].terms.roles, NULL, actor) ||
            world_load_pack(&own, world, all[i].pack, &regime) != ST_OK)
            continue;
        struct casefile_values procedures = closed_to(arena, &all[i], regime, actor);
        if (procedures.count > 0)
            closed[scope->closed_count++] =
                (struct casefile_grant){.campaign = all[i].name, .procedures = procedures};
        names[scope->campaigns.count++] = all[i].name;
    }
    scope->campaigns.at = names;
    scope->closed = closed;
}

static struct casefile_values values_of(struct arena *arena, const struct value *list)
{
    struct str *texts = arena_alloc_array(arena, list->count, sizeof *texts);
    size_t count = 0;
    value_each (one, list)
        texts[count++] = one->text;
    return (struct casefile_values){texts, count};
}

static void put_grants(struct arena *arena, const struct actor *actor, struct casefile_scope *scope)
{
    struct casefile_grant *grants = arena_alloc_array(arena, actor->grant_count, sizeof *grants);
    for (size_t i = 0; i < actor->grant_count; i++)
        grants[i] = (struct casefile_grant){actor->grants[i].campaign,
                                            values_of(arena, actor->grants[i].procedures),
                                            values_of(arena, actor->grants[i].regions)};
    scope->grants = grants;
    scope->grant_count = actor->grant_count;
}

struct str case_waits_for(struct arena *arena, const struct actor *actor)
{
    struct str waits = str_printf(arena, "p%lld", (long long)actor->person.v);
    for (size_t i = 0; i < actor->post_count && i + 1 < CASEFILE_VALUES_MAX; i++)
        waits = str_printf(arena, "%.*s,u%lld", STR_ARG(waits), (long long)actor->posts[i].unit.v);
    return waits;
}

struct casefile_scope case_scope(struct arena *arena, const struct world *world,
                                 const struct actor *actor)
{
    if (actor == NULL || actor->is_system)
        return (struct casefile_scope){.everything = true};
    struct str *units = arena_alloc_array(arena, CASEFILE_VALUES_MAX, sizeof *units);
    struct casefile_scope scope = {
        .units = {units, 0},
        .person = str_printf(arena, "%lld", (long long)actor->person.v),
    };
    put_campaigns(arena, world, actor, &scope);
    for (size_t i = 0; i < actor->post_count && scope.units.count < CASEFILE_VALUES_MAX; i++)
        units[scope.units.count++] =
            str_printf(arena, "%lld", (long long)actor->posts[i].unit.v);
    put_grants(arena, actor, &scope);
    return scope;
}

/* ---- rows ---- */

struct str case_type_label(const struct regime_procedure *procedure, enum lang lang,
                           struct str code)
{
    for (size_t i = 0; i < procedure->import_count; i++) {
        if (!str_eq(procedure->imports[i].column, S("type")))
            continue;
        const struct regime_field *field =
            procedure_find_field(procedure, procedure->imports[i].field);
        for (size_t j = 0; field != NULL && j < field->choice_count; j++)
            if (str_eq(field->choices[j].code, code))
                return words_label(lang, field->choices[j].words);
    }
    return code;
}

static struct str join_label(struct arena *arena, const struct reader *reader, struct str all,
                             struct str label)
{
    return all.len == 0 ? label
                        : str_printf(arena, "%.*s%s%.*s", STR_ARG(all),
                                     reader->lang == LANG_ZH ? "、" : ", ", STR_ARG(label));
}

struct str case_row_types(struct arena *arena, const struct reader *reader,
                          const struct regime_procedure *procedure, struct str types)
{
    struct str all = S("");
    for (struct str one; str_next(&types, ' ', &one);)
        if (!str_is_empty(one))
            all = join_label(arena, reader, all, case_type_label(procedure, reader->lang, one));
    return all;
}

struct str case_row_roles(struct arena *arena, const struct reader *reader,
                          const struct regime *regime, struct str roles)
{
    struct str all = S("");
    for (struct str one; str_next(&roles, ' ', &one);) {
        if (str_is_empty(one))
            continue;
        const struct regime_role *role = regime_find_role(regime, one);
        all = join_label(arena, reader, all,
                         role == NULL ? one : words_label(reader->lang, role->words));
    }
    return all;
}

static void put_flags(struct arena *arena, const struct reader *reader,
                      const struct regime *regime, struct str flags, struct value *out)
{
    struct value *list = value_put_list(arena, out, "flags");
    for (struct str one; str_next(&flags, ' ', &one);) {
        if (str_is_empty(one))
            continue;
        struct value *row = value_append_map(arena, list);
        value_put_text(arena, row, "flag", one);
        value_put_text(arena, row, "label",
                       words_label(reader->lang, regime_flag_words(regime, one)));
    }
}

static void put_due(struct arena *arena, const struct reader *reader,
                    const struct casefile_row *row, struct value *out)
{
    bool none = instant_is_none(row->next_due) || row->ended;
    value_put_text(arena, out, "due_class", S("none"));
    value_put_text(arena, out, "due_text", S(""));
    value_put_text(arena, out, "due_left", S(""));
    value_put_bool(arena, out, "overdue", false);
    if (none)
        return;
    int64_t minutes = (row->next_due.ms - reader->now.ms) / MS_PER_MINUTE;
    bool late = reader->now.ms >= row->next_due.ms;
    struct instant last = {row->next_due.ms - MS_PER_MINUTE};
    value_put_text(arena, out, "due", instant_format(arena, last));
    value_put_text(arena, out, "due_text", reader_time(arena, reader, last));
    value_put_bool(arena, out, "overdue", late);
    value_put_text(arena, out, "due_class",
                   late ? S("late") : minutes <= 24 * 60 ? S("near") : S("ok"));
    const struct deadline_left left = {
        .late = late,
        .minutes = minutes,
        .days = day_of_instant(last).v - day_of_instant(reader->now).v};
    const struct deadline deadline = {.in_hours = minutes < 24 * 60 && minutes > -24 * 60};
    value_put_text(arena, out, "due_left", reader_left(arena, reader, &deadline, &left, false));
}

enum status case_row_document(struct ctx *ctx, const struct world *world,
                              const struct reader *reader, const struct casefile_row *row,
                              struct value *out)
{
    struct arena *arena = ctx->arena;
    const struct regime *regime;
    TRY(world_load_pack(ctx, world, row->pack, &regime));
    const struct regime_procedure *procedure = regime_find_procedure(regime, row->procedure);
    if (procedure == NULL)
        return fail(ctx, ST_BROKEN, "procedure.unknown",
                    ARGS(arg_text("name", row->procedure)));
    const struct regime_state *state = procedure_find_state(procedure, row->state);
    const struct regime_source *source = regime_find_source(regime, row->source);
    const struct world_campaign *campaign = world_find_campaign(world, row->campaign);
    const struct world_region *region = world_find_region(world, row->region);
    struct str id = casefile_ref_format(arena, row->prefecture, row->id);
    value_put_text(arena, out, "id", id);
    value_put_text(arena, out, "url", str_concat(arena, S("/cases/"), id));
    value_put_text(arena, out, "number", row->number);
    value_put_text(arena, out, "received_number", row->received_number);
    value_put_text(arena, out, "campaign", row->campaign);
    value_put_text(arena, out, "campaign_label",
                   campaign == NULL ? row->campaign : words_label(reader->lang, campaign->title));
    value_put_text(arena, out, "procedure", row->procedure);
    value_put_text(arena, out, "procedure_label", words_label(reader->lang, procedure->words));
    value_put_text(arena, out, "state", row->state);
    value_put_text(arena, out, "state_label",
                   state == NULL ? reader_sentence(arena, reader, "state.withdrawn", NO_ARGS)
                                 : words_label(reader->lang, state->words));
    value_put_text(arena, out, "like", row->like_state);
    value_put_int(arena, out, "version", row->version);
    value_put_text(arena, out, "region", row->region);
    value_put_text(arena, out, "region_label", region == NULL ? row->region : region->name);
    value_put_text(arena, out, "title", case_title(world, procedure, reader->lang, row->title));
    value_put_text(arena, out, "types_label",
                   case_row_types(arena, reader, procedure, row->types));
    value_put_text(arena, out, "source", row->source);
    value_put_text(arena, out, "source_label",
                   source == NULL ? row->source : words_label(reader->lang, source->words));
    value_put_text(arena, out, "batch", row->batch);
    value_put_text(arena, out, "waits_label",
                   case_row_roles(arena, reader, regime, row->waits));
    value_put_text(arena, out, "pressing", row->pressing);
    value_put_bool(arena, out, "ended", row->ended);
    value_put_text(arena, out, "created", instant_format(arena, row->created_at));
    value_put_text(arena, out, "created_text", reader_time(arena, reader, row->created_at));
    value_put_text(arena, out, "updated", instant_format(arena, row->updated_at));
    value_put_text(arena, out, "updated_text", reader_time(arena, reader, row->updated_at));
    put_flags(arena, reader, regime, row->flags, out);
    put_due(arena, reader, row, out);
    return ST_OK;
}

enum status case_list_document(struct ctx *ctx, struct db_conn *conn, const struct world *world,
                               const struct reader *reader, const struct actor *actor,
                               const struct value *query, struct value **out)
{
    struct arena *arena = ctx->arena;
    struct casefile_filter filter;
    struct casefile_page page;
    struct casefile_list list;
    TRY(case_list_parse(ctx, query, &filter, &page));
    filter.scope = case_scope(arena, world, actor);
    TRY(casefile_list(ctx, conn, &filter, &page, &list));
    struct value *doc = value_map(arena);
    struct value *items = value_put_list(arena, doc, "items");
    for (size_t i = 0; i < list.rows.len; i++)
        TRY(case_row_document(ctx, world, reader, &list.rows.at[i],
                              value_append_map(arena, items)));
    if (!str_is_empty(list.next))
        value_put_text(arena, doc, "next", list.next);
    value_put_int(arena, doc, "count", list.count);
    value_put_bool(arena, doc, "count_is_capped", list.count_is_capped);
    value_put_text(arena, doc, "count_text",
                   reader_sentence(arena, reader,
                                   list.count_is_capped ? "list.count_capped" : "list.count",
                                   ARGS(arg_int("n", list.count))));
    *out = doc;
    return ST_OK;
}
