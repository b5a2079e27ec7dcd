/*
 * The store counts by what stands in a row; what a row does not hold (the tier of its source) is
 * added up here. Addresses carry the whole filter, so that every number leads to its rows.
 */
#include "services/case_figures.h"

#include "base/num.h"
#include "engine/period.h"
#include "regime/lists.h"

struct counting {
    struct ctx *ctx;
    const struct world *world;
    const struct reader *reader;
    const struct value *query;
    struct str by;
    enum casefile_group group;
    struct str field; /* CASEFILE_BY_FIELD: its name */
    bool tiers;
};

static struct str field_label(const struct counting *c, const struct regime_field *field,
                              struct str value)
{
    if (field->kind == FIELD_BOOL)
        return reader_sentence(c->ctx->arena, c->reader,
                               str_eq_c(value, "true") ? "word.yes" : "word.no", NO_ARGS);
    for (size_t i = 0; i < field->choice_count; i++)
        if (str_eq(field->choices[i].code, value))
            return words_label(c->reader->lang, field->choices[i].words);
    return value;
}

/* ---- words ---- */

static struct str world_label(const struct counting *c, struct str value)
{
    int64_t id;
    if (c->group == CASEFILE_BY_REGION) {
        const struct world_region *region = world_find_region(c->world, value);
        return region == NULL ? value : region->name;
    }
    if (c->group == CASEFILE_BY_CAMPAIGN) {
        const struct world_campaign *campaign = world_find_campaign(c->world, value);
        return campaign == NULL ? value : words_label(c->reader->lang, campaign->title);
    }
    if (c->group == CASEFILE_BY_UNIT && num_parse_i64(value, 1, INT64_MAX, &id)) {
        const struct world_unit *unit = world_find_unit(c->world, (struct unit_id){id});
        return unit == NULL ? value : unit->name;
    }
    if (c->group == CASEFILE_BY_LIKE_STATE) {
        struct str key = str_concat(c->ctx->arena, S("like."), value); /* i18n: like.* */
        struct str found = words_find(c->reader->words, c->reader->lang, key);
        return str_is_empty(found) ? value : found;
    }
    return value;
}

static struct str label_in_pack(const struct counting *c, const struct regime *regime,
                                struct str value)
{
    enum lang lang = c->reader->lang;
    const struct regime_source *source = regime_find_source(regime, value);
    if (c->group == CASEFILE_BY_SOURCE && source != NULL)
        return words_label(lang, source->words);
    const struct regime_procedure *machine = regime_find_procedure(regime, value);
    if (c->group == CASEFILE_BY_PROCEDURE && machine != NULL)
        return words_label(lang, machine->words);
    const struct regime_procedure *only =
        regime_find_procedure(regime, value_find_text(c->query, "procedure"));
    for (size_t i = 0; i < regime->procedure_count; i++) {
        const struct regime_procedure *procedure = &regime->procedures[i];
        if (only != NULL && only != procedure)
            continue;
        const struct regime_state *state = procedure_find_state(procedure, value);
        if (c->group == CASEFILE_BY_STATE && state != NULL)
            return words_label(lang, state->words);
        const struct regime_field *field = procedure_find_field(procedure, c->field);
        if (c->group == CASEFILE_BY_FIELD && field != NULL)
            return field_label(c, field, value);
        struct str type = case_type_label(procedure, lang, value);
        if (c->group == CASEFILE_BY_TYPE && !str_eq(type, value))
            return type;
    }
    return value;
}

/* Null where it cannot be read; its words are missing then, no more. */
static const struct regime *pack_of(const struct counting *c, const struct world_campaign *campaign)
{
    const struct regime *regime;
    if (world_load_pack(c->ctx, c->world, campaign->pack, &regime) == ST_OK)
        return regime;
    fail_clear(c->ctx);
    return NULL;
}

/* States, types, sources bear the words of the campaigns' packs: of the campaign that is asked for, else of
   the first that knows the code. */
static struct str pack_label(const struct counting *c, struct str value)
{
    size_t count;
    const struct world_campaign *asked =
        world_find_campaign(c->world, value_find_text(c->query, "campaign"));
    const struct regime *own = asked == NULL ? NULL : pack_of(c, asked);
    if (own != NULL)
        return label_in_pack(c, own, value);
    const struct world_campaign *campaigns = world_list_campaigns(c->world, &count);
    for (size_t i = 0; i < count; i++) {
        const struct regime *regime = pack_of(c, &campaigns[i]);
        struct str label = regime == NULL ? value : label_in_pack(c, regime, value);
        if (!str_eq(label, value))
            return label;
    }
    return value;
}

/* ---- tiers of sources ---- */

struct tier {
    struct str code;
    struct words words;
    struct casefile_figure figure;
    struct str sources; /* parted by commas */
};

static struct str tier_of(const struct counting *c, struct str source)
{
    size_t count;
    const struct world_campaign *campaigns = world_list_campaigns(c->world, &count);
    for (size_t i = 0; i < count; i++) {
        const struct regime *regime = pack_of(c, &campaigns[i]);
        const struct regime_source *found =
            regime == NULL ? NULL : regime_find_source(regime, source);
        if (found != NULL)
            return found->tier;
    }
    return S("");
}

static void add_to(struct casefile_figure *sum, const struct casefile_figure *figure)
{
    sum->count += figure->count;
    sum->overdue += figure->overdue;
    sum->ended += figure->ended;
}

/* ---- rows ---- */

/* Days of a month inside the days that are asked for already. */
static void narrow_month(struct arena *arena, struct str value, struct value *query)
{
    struct period month;
    if (!period_parse(value, &month))
        return;
    struct str first = day_format(arena, month.first), last = day_format(arena, month.last);
    struct str after = value_find_text(query, "created_after");
    struct str before = value_find_text(query, "created_before");
    bool later = after.len == first.len && str_compare(after, first) > 0;
    bool sooner = before.len == last.len && str_compare(before, last) < 0;
    value_put_text(arena, query, "created_after", later ? after : first);
    value_put_text(arena, query, "created_before", sooner ? before : last);
}

struct value *case_figures_with(struct arena *arena, const struct value *query, const char *name,
                                struct str text)
{
    struct value *copy = value_map(arena);
    value_each (member, query)
        if (!str_eq_c(member->key, name))
            value_put_text(arena, copy, str_c(arena, member->key), member->text);
    value_put_text(arena, copy, name, text);
    return copy;
}

struct value *case_figures_narrow(struct arena *arena, const struct value *query, struct str by,
                                  struct str value)
{
    struct value *narrow = value_map(arena);
    value_each (member, query)
        value_put_text(arena, narrow, str_c(arena, member->key), member->text);
    if (str_eq_c(by, "month"))
        narrow_month(arena, value, narrow);
    else if (str_eq_c(by, "region")) /* one above it lies in a list of its own */
        value_put_text(arena, narrow, "only_region", value);
    else if (str_eq_c(by, "batch"))
        value_put_text(arena, narrow, "batch",
                       str_printf(arena, "%.*s/%.*s", STR_ARG(value_find_text(query, "campaign")),
                                  STR_ARG(value)));
    else
        value_put_text(arena, narrow, str_eq_c(by, "tier") ? "source" : str_c(arena, by), value);
    return narrow;
}

/* The list that the figure counts: the filter, and the figure's own value. None where it has none. */
static struct str url_of(const struct counting *c, struct str value)
{
    struct arena *arena = c->ctx->arena;
    if (str_is_empty(value))
        return S("");
    return case_list_url(arena, "/cases", case_figures_narrow(arena, c->query, c->by, value), NULL);
}

/* A case of two types stands under both; where lists ask for one of them, the other is not asked for. */
static bool is_asked(const struct counting *c, struct str value)
{
    struct str rest = value_find(c->query, c->by) == NULL
                          ? (struct str){0}
                          : value_find_text(c->query, str_c(c->ctx->arena, c->by));
    if (str_is_empty(rest) || c->group == CASEFILE_BY_REGION || c->group == CASEFILE_BY_BATCH)
        return true;
    for (struct str one; str_next(&rest, ',', &one);)
        if (str_eq(str_trim(one), value))
            return true;
    return false;
}

static void add_row(const struct counting *c, struct str value, struct str label, struct str url,
                    const struct casefile_figure *figure, struct value *rows)
{
    struct arena *arena = c->ctx->arena;
    struct value *row = value_append_map(arena, rows);
    value_put_text(arena, row, "value", value);
    value_put_text(arena, row, "label", label);
    value_put_int(arena, row, "count", figure->count);
    value_put_int(arena, row, "overdue", figure->overdue);
    value_put_int(arena, row, "ended", figure->ended);
    value_put_int(arena, row, "open", figure->count - figure->ended);
    value_put_text(arena, row, "url", url);
    if (str_is_empty(url))
        return;
    value_put_text(arena, row, "open_url", str_concat(arena, url, S("&open=true")));
    value_put_text(arena, row, "overdue_url", str_concat(arena, url, S("&overdue=true")));
    value_put_text(arena, row, "ended_url", str_concat(arena, url, S("&ended=true")));
}

static void put_shares(const struct counting *c, struct value *rows)
{
    int64_t most = 1;
    value_each (row, rows) {
        int64_t count = value_find_int(row, "count", 0);
        most = count > most ? count : most;
    }
    for (struct value *row = rows->first; row != NULL; row = row->next) {
        int64_t share = value_find_int(row, "count", 0) * 100 / most;
        value_put_int(c->ctx->arena, row, "share", share);
        value_put_int(c->ctx->arena, row, "heat", share == 0 ? 0 : (share - 1) / 20 + 1);
    }
}

static void add_tiers(const struct counting *c, const struct casefile_figure_list *figures,
                      struct value *rows)
{
    const struct pack_dictionary *tiers =
        pack_lists_find_dictionary(world_lists(c->world), S("source-tiers"));
    for (size_t i = 0; tiers != NULL && i < tiers->count; i++) {
        struct casefile_figure sum = {0};
        struct str sources = S("");
        for (size_t j = 0; j < figures->len; j++) {
            if (!str_eq(tier_of(c, figures->at[j].value), tiers->choices[i].code))
                continue;
            add_to(&sum, &figures->at[j]);
            sources = str_printf(c->ctx->arena, "%.*s%s%.*s", STR_ARG(sources),
                                 sources.len == 0 ? "" : ",", STR_ARG(figures->at[j].value));
        }
        if (sum.count > 0)
            add_row(c, tiers->choices[i].code,
                    words_label(c->reader->lang, tiers->choices[i].words), url_of(c, sources),
                    &sum, rows);
    }
}

static void add_groups(const struct counting *c, const struct casefile_figure_list *figures,
                       struct value *rows)
{
    for (size_t i = 0; i < figures->len; i++) {
        struct str value = figures->at[i].value;
        if (!is_asked(c, value) || (c->group == CASEFILE_BY_BATCH && str_is_empty(value)))
            continue; /* not asked for; came in no batch */
        struct str label = world_label(c, value);
        if (str_eq(label, value))
            label = pack_label(c, value);
        add_row(c, value, label, url_of(c, value), &figures->at[i], rows);
    }
}

static enum status read_group(struct counting *c)
{
    c->tiers = str_eq(c->by, S("tier"));
    if (str_starts(c->by, S("field."))) {
        c->group = CASEFILE_BY_FIELD;
        c->field = str_from(c->by, S("field.").len);
        return ST_OK;
    }
    if (casefile_group_parse(c->tiers ? S("source") : c->by, &c->group))
        return ST_OK;
    struct reason reason = reason_make("list.wrong_value", ARGS(arg_c("field", "by"),
                                                                 arg_text("given", c->by)));
    reason.field = S("by");
    reason.code = "wrong_value";
    return fail_reason(c->ctx, ST_MALFORMED, reason);
}

enum status case_figures_add(struct ctx *ctx, struct db_conn *conn, const struct world *world,
                             const struct reader *reader, const struct actor *actor,
                             const struct value *query, struct str by, struct value *rows)
{
    struct casefile_filter filter;
    struct casefile_page page;
    struct casefile_figure_list figures = {0};
    struct counting c = {.ctx = ctx, .world = world, .reader = reader, .query = query, .by = by};
    TRY(case_list_parse(ctx, query, &filter, &page));
    TRY(read_group(&c));
    filter.scope = case_scope(ctx->arena, world, actor);
    if (c.group == CASEFILE_BY_FIELD)
        TRY(casefile_figures_of_field(ctx, conn, &filter, c.field, &figures));
    else
        TRY(casefile_figures(ctx, conn, &filter, c.group, &figures));
    if (c.tiers)
        add_tiers(&c, &figures, rows);
    else
        add_groups(&c, &figures, rows);
    put_shares(&c, rows);
    return ST_OK;
}

/* ---- what is counted ---- */

/* The values that stand in the rows of the query, each with how many; in the order of the store. */
static enum status count_by(const struct counting *c, const struct actor *actor,
                            struct db_conn *conn, const struct value *query,
                            enum casefile_group group, struct casefile_figure_list *out)
{
    struct casefile_filter filter;
    struct casefile_page page;
    TRY(case_list_parse(c->ctx, query, &filter, &page));
    filter.scope = case_scope(c->ctx->arena, c->world, actor);
    return casefile_figures(c->ctx, conn, &filter, group, out);
}

static void add_kind(const struct counting *c, const struct world_campaign *campaign,
                     const struct casefile_figure *procedure, struct value *kinds)
{
    struct arena *arena = c->ctx->arena;
    const struct regime *regime = pack_of(c, campaign);
    const struct regime_procedure *found =
        regime == NULL ? NULL : regime_find_procedure(regime, procedure->value);
    struct value *kind = value_append_map(arena, kinds);
    value_put_text(arena, kind, "campaign", campaign->name);
    value_put_text(arena, kind, "campaign_label", words_label(c->reader->lang, campaign->title));
    value_put_text(arena, kind, "procedure", procedure->value);
    value_put_text(arena, kind, "procedure_label",
                   found == NULL ? procedure->value : words_label(c->reader->lang, found->words));
    value_put_int(arena, kind, "count", procedure->count);
}

enum status case_figures_kinds(struct ctx *ctx, struct db_conn *conn, const struct world *world,
                               const struct reader *reader, const struct actor *actor,
                               const struct value *query, struct value *kinds)
{
    const struct counting counting = {.ctx = ctx, .world = world, .reader = reader, .query = query};
    const struct counting *c = &counting;
    struct casefile_figure_list campaigns = {0};
    TRY(count_by(c, actor, conn, query, CASEFILE_BY_CAMPAIGN, &campaigns));
    for (size_t i = 0; i < campaigns.len; i++) {
        const struct world_campaign *campaign =
            world_find_campaign(c->world, campaigns.at[i].value);
        struct casefile_figure_list procedures = {0};
        if (campaign == NULL)
            continue;
        TRY(count_by(c, actor, conn,
                     case_figures_with(ctx->arena, query, "campaign", campaign->name),
                     CASEFILE_BY_PROCEDURE, &procedures));
        for (size_t j = 0; j < procedures.len; j++)
            add_kind(c, campaign, &procedures.at[j], kinds);
    }
    return ST_OK;
}

const struct value *case_figures_of_kind(struct arena *arena, const struct value *query,
                                         const struct value *kind)
{
    return case_figures_with(
        arena, case_figures_with(arena, query, "campaign", value_find_text(kind, "campaign")),
        "procedure", value_find_text(kind, "procedure"));
}

/* The rows of one kind stand in its group, and among all. */
static enum status add_rows(const struct counting *c, const struct actor *actor,
                            struct db_conn *conn, struct value *group, struct value *all)
{
    struct arena *arena = c->ctx->arena;
    struct value *rows = value_put_list(arena, group, "rows");
    TRY(case_figures_add(c->ctx, conn, c->world, c->reader, actor,
                         case_figures_of_kind(arena, c->query, group), c->by, rows));
    for (struct value *row = rows->first; row != NULL; row = row->next) {
        value_put_text(arena, row, "campaign", value_find_text(group, "campaign"));
        value_put_text(arena, row, "procedure", value_find_text(group, "procedure"));
        value_append(all, value_copy(arena, row));
    }
    return ST_OK;
}

/* i18n: web.stats.by_*  A field has the words of the first procedure that has it. */
static struct str by_label(const struct counting *c)
{
    size_t count;
    const struct world_campaign *campaigns = world_list_campaigns(c->world, &count);
    for (size_t i = 0; c->group == CASEFILE_BY_FIELD && i < count; i++) {
        const struct regime *regime = pack_of(c, &campaigns[i]);
        for (size_t j = 0; regime != NULL && j < regime->procedure_count; j++) {
            const struct regime_field *field =
                procedure_find_field(&regime->procedures[j], c->field);
            if (field != NULL && field->filter)
                return words_label(c->reader->lang, field->words);
        }
    }
    if (c->group == CASEFILE_BY_FIELD)
        return c->field;
    struct str key = str_printf(c->ctx->arena, "web.stats.by_%.*s", STR_ARG(c->by));
    return reader_sentence(c->ctx->arena, c->reader, str_c(c->ctx->arena, key), NO_ARGS);
}

enum status case_figures_document(struct ctx *ctx, struct db_conn *conn, const struct world *world,
                                  const struct reader *reader, const struct actor *actor,
                                  const struct value *query, struct str by, struct value **out)
{
    struct value *doc = value_map(ctx->arena);
    struct counting c = {.ctx = ctx, .world = world, .reader = reader, .query = query, .by = by};
    TRY(read_group(&c));
    value_put_text(ctx->arena, doc, "by", by);
    value_put_text(ctx->arena, doc, "by_label", by_label(&c));
    value_put_bool(ctx->arena, doc, "is_map", str_eq(by, S("region")));
    struct value *groups = value_put_list(ctx->arena, doc, "groups");
    struct value *rows = value_put_list(ctx->arena, doc, "rows");
    TRY(case_figures_kinds(ctx, conn, world, reader, actor, query, groups));
    for (struct value *group = groups->first; group != NULL; group = group->next)
        TRY(add_rows(&c, actor, conn, group, rows));
    *out = doc;
    return ST_OK;
}
