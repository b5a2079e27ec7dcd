/*
 * The keys of the cases tell item, period and unit, the item tells the last day, and the row of the
 * case whether it has ended or lapsed; the case itself is not read.
 */
#include "services/duty_list.h"

#include <stdlib.h>

#include "base/num.h"
#include "base/vec.h"
#include "engine/obligation.h"
#include "store/casefile_rows.h"

enum duty_state { DUTY_OWED, DUTY_LATE, DUTY_DONE, DUTY_DONE_LATE, DUTY_COMING, DUTY_STATE_COUNT };

/* Of what has not begun, this much is told. */
enum { COMING_DAYS = 100, COMING_MAX = 3 };

static const struct {
    const char *name;
    const char *key;
} states[DUTY_STATE_COUNT] = {
    [DUTY_OWED] = {"owed", "duty.state.owed"},
    [DUTY_LATE] = {"late", "duty.state.late"},
    [DUTY_DONE] = {"done", "duty.state.done"},
    [DUTY_DONE_LATE] = {"done_late", "duty.state.done_late"},
    [DUTY_COMING] = {"coming", "duty.state.coming"},
};

struct row {
    const struct regime_obligation *item;
    const struct casefile_keyed *duty; /* null: its case is not opened yet */
    const struct world_unit *unit; /* or null */
    struct obligation_period period;
    enum duty_state state;
};

struct listing {
    struct ctx *ctx;
    struct db_conn *conn;
    const struct world *world;
    const struct reader *reader;
    const struct actor *actor;
    const struct value *query;
    const struct world_campaign *campaign;
    const struct regime *regime;
    VEC(struct row) rows;
};

/* ---- who sees what ---- */

static bool acts_for(const struct actor *actor, int64_t unit)
{
    for (size_t i = 0; i < actor->post_count; i++)
        if (actor->posts[i].unit.v == unit)
            return true;
    return false;
}

static bool sees_all(const struct listing *l)
{
    if (l->actor == NULL || l->actor->is_system)
        return true;
    value_each (role, l->campaign->terms.roles)
        value_each (holder, role) {
            int64_t unit;
            if (num_parse_i64(holder->text, 1, INT64_MAX, &unit) && acts_for(l->actor, unit))
                return true;
        }
    return false;
}

/* ---- rows ---- */

static enum duty_state state_of(const struct listing *l, const struct casefile_keyed *duty,
                                const struct obligation_period *period)
{
    bool is_over = day_of_instant(l->reader->now).v > period->due.v;
    if (duty->ended)
        return duty->lapsed ? DUTY_DONE_LATE : DUTY_DONE;
    return duty->lapsed || is_over ? DUTY_LATE : DUTY_OWED;
}

static void add_row(struct listing *l, const struct regime_obligation *item,
                    const struct obligation_period_list *periods,
                    const struct casefile_keyed *duty, bool all)
{
    struct row row = {.item = item, .duty = duty};
    struct obligation_key key;
    if (duty->withdrawn || !obligation_key_parse(duty->key, &key) ||
        (!all && !acts_for(l->actor, key.unit.v)))
        return;
    row.unit = key.unit.v == 0 ? NULL : world_find_unit(l->world, key.unit);
    for (size_t i = 0; i < periods->len; i++) {
        if (!str_eq(periods->at[i].name, key.period))
            continue;
        row.period = periods->at[i];
        row.state = state_of(l, duty, &row.period);
        vec_add(l->ctx->arena, &l->rows, row);
        return;
    }
}

/* What begins after today, for who sees all: one row a period, whoever will owe it. */
static void add_coming(struct listing *l, const struct obligation *owed, struct day today)
{
    struct arena *arena = l->ctx->arena;
    struct obligation_period_list begun, all;
    size_t count = 0;
    obligation_list_periods(arena, owed, today, &begun);
    obligation_list_periods(arena, owed, day_add(today, COMING_DAYS), &all);
    for (size_t i = 0; i < all.len && count < COMING_MAX; i++) {
        bool has_begun = all.at[i].due.v < today.v;
        for (size_t j = 0; j < begun.len && !has_begun; j++)
            has_begun = str_eq(begun.at[j].name, all.at[i].name);
        if (has_begun)
            continue;
        const struct row row = {.item = owed->item, .period = all.at[i], .state = DUTY_COMING};
        vec_add(arena, &l->rows, row);
        count++;
    }
}

/* Whether the query asks for nothing that has ended; of long campaigns most has. */
static bool asks_for_open(const struct value *query)
{
    struct str state = value_find_text(query, "state");
    return str_is_empty(state) || str_eq(state, S("open")) ||
           str_eq_c(state, states[DUTY_OWED].name) || str_eq_c(state, states[DUTY_LATE].name) ||
           str_eq_c(state, states[DUTY_COMING].name);
}

static enum status take_item(struct listing *l, const struct regime_obligation *item, bool all)
{
    struct arena *arena = l->ctx->arena;
    struct casefile_keyed_list duties;
    struct obligation_period_list periods;
    struct world_view view = {l->world, day_of_instant(l->reader->now)};
    struct engine engine;
    struct day today = view.today;
    struct str prefix = str_concat(arena, item->id, S("/"));
    TRY(world_engine(l->ctx, l->world, &view, l->campaign->name, item->procedure->name,
                     (struct str){0}, &engine));
    if (asks_for_open(l->query))
        TRY(casefile_rows_list_keyed_open(l->ctx, l->conn, l->campaign->name, prefix, &duties));
    else
        TRY(casefile_rows_list_keyed(l->ctx, l->conn, l->campaign->name, prefix, &duties));
    struct obligation owed =
        obligation_of(&engine, item, l->campaign->begins, l->campaign->ends);
    if (day_is_none(owed.begins)) { /* as far back as there are any */
        owed.begins = today;
        for (size_t i = 0; i < duties.len; i++)
            if (day_of_instant(duties.at[i].created_at).v < owed.begins.v)
                owed.begins = day_of_instant(duties.at[i].created_at);
    }
    obligation_list_periods(arena, &owed, today, &periods);
    for (size_t i = 0; i < duties.len; i++)
        add_row(l, item, &periods, &duties.at[i], all);
    if (all && !owed.is_off)
        add_coming(l, &owed, today);
    return ST_OK;
}

static int by_due(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    if (x->period.due.v != y->period.due.v)
        return x->period.due.v < y->period.due.v ? -1 : 1;
    if (x->duty == NULL || y->duty == NULL)
        return x->duty != y->duty ? (x->duty == NULL) - (y->duty == NULL)
                                  : str_compare(x->item->id, y->item->id);
    return str_compare(x->duty->key, y->duty->key);
}

/* ---- what the query lets through ---- */

static bool is_wanted(const struct listing *l, const struct row *row)
{
    struct arena *arena = l->ctx->arena;
    struct str unit = value_find_text(l->query, "unit"), period = value_find_text(l->query, "period");
    struct str id = row->unit == NULL
                        ? S("")
                        : str_printf(arena, "%lld", (long long)row->unit->facts.id.v);
    return (str_is_empty(unit) || str_eq(unit, id)) &&
           (str_is_empty(period) || str_eq(period, row->period.name));
}

static bool is_shown(struct str state, const struct row *row)
{
    if (str_eq(state, S("all")))
        return true;
    if (str_is_empty(state) || str_eq(state, S("open")))
        return row->state == DUTY_OWED || row->state == DUTY_LATE || row->state == DUTY_COMING;
    return str_eq_c(state, states[row->state].name);
}

static enum status check_state(struct ctx *ctx, struct str state)
{
    bool known = str_is_empty(state) || str_eq(state, S("open")) || str_eq(state, S("all"));
    for (size_t i = 0; i < DUTY_STATE_COUNT; i++)
        known = known || str_eq_c(state, states[i].name);
    return known ? ST_OK
                 : fail(ctx, ST_MALFORMED, "list.wrong_value",
                        ARGS(arg_c("field", "state"), arg_text("given", state)));
}

/* ---- filters ---- */

static struct value *put_filter(const struct listing *l, struct value *filters, const char *name,
                                const char *label)
{
    struct arena *arena = l->ctx->arena;
    struct value *filter = value_append_map(arena, filters);
    value_put_text(arena, filter, "name", str_of(name));
    value_put_text(arena, filter, "kind", S("choice"));
    value_put_text(arena, filter, "label", reader_sentence(arena, l->reader, label, NO_ARGS));
    value_put_text(arena, filter, "value", value_find_text(l->query, name));
    return value_put_list(arena, filter, "options");
}

/* Once each. */
static void put_option(const struct listing *l, struct value *options, struct str id,
                       struct str label, struct str chosen)
{
    struct arena *arena = l->ctx->arena;
    value_each (option, options)
        if (str_eq(value_find_text(option, "value"), id))
            return;
    struct value *option = value_append_map(arena, options);
    value_put_text(arena, option, "value", id);
    value_put_text(arena, option, "label", label);
    value_put_bool(arena, option, "selected", str_eq(id, chosen));
}

static void put_state_filter(const struct listing *l, struct value *filters)
{
    struct arena *arena = l->ctx->arena;
    struct str chosen = value_find_text(l->query, "state");
    struct value *options = put_filter(l, filters, "state", "duty.state");
    put_option(l, options, S("all"), reader_sentence(arena, l->reader, "duty.state.all", NO_ARGS),
               chosen);
    for (size_t i = 0; i < DUTY_STATE_COUNT; i++)
        put_option(l, options, str_of(states[i].name),
                   reader_sentence(arena, l->reader, states[i].key, NO_ARGS), chosen);
}

static void put_row_filters(const struct listing *l, struct value *filters)
{
    struct arena *arena = l->ctx->arena;
    struct str period = value_find_text(l->query, "period"), unit = value_find_text(l->query, "unit");
    struct value *periods = put_filter(l, filters, "period", "duty.period");
    for (size_t i = 0; i < l->rows.len; i++)
        put_option(l, periods, l->rows.at[i].period.name, l->rows.at[i].period.name, period);
    struct value *units = put_filter(l, filters, "unit", "duty.unit");
    for (size_t i = 0; i < l->rows.len; i++)
        if (l->rows.at[i].unit != NULL)
            put_option(l, units,
                       str_printf(arena, "%lld", (long long)l->rows.at[i].unit->facts.id.v),
                       l->rows.at[i].unit->name, unit);
}

/* The campaigns whose packs have obligations; the one asked for becomes l->campaign. */
static enum status take_campaign(struct listing *l, struct value *filters)
{
    size_t count;
    struct str wanted = value_find_text(l->query, "campaign");
    const struct world_campaign *all = world_list_campaigns(l->world, &count);
    struct value *options = put_filter(l, filters, "campaign", "duty.campaign");
    l->campaign = str_is_empty(wanted) ? NULL : world_find_campaign(l->world, wanted);
    if (!str_is_empty(wanted) && l->campaign == NULL)
        return fail(l->ctx, ST_NOT_FOUND, "campaign.unknown", ARGS(arg_text("name", wanted)));
    for (size_t i = 0; i < count; i++) {
        const struct regime *regime;
        TRY(world_load_pack(l->ctx, l->world, all[i].pack, &regime));
        if (regime->obligation_count == 0)
            continue;
        if (l->campaign == NULL)
            l->campaign = &all[i];
        put_option(l, options, all[i].name, words_label(l->reader->lang, all[i].title),
                   l->campaign->name);
    }
    return ST_OK;
}

/* ---- the document ---- */

/* Who is to act on it, in the words of the pack. */
static struct str charge_label(const struct listing *l, const struct row *row)
{
    const struct regime_deadline *deadline = row->item->deadline;
    const struct regime_role *role =
        deadline == NULL ? NULL : regime_find_role(l->regime, deadline->charge);
    return role == NULL ? S("–") : words_label(l->reader->lang, role->words);
}

/* What nobody owes by name is owed for a place of the campaign, or by whose act it takes. */
static struct str owed_label(const struct listing *l, const struct row *row)
{
    const struct world_region *region =
        row->duty == NULL || str_eq(row->duty->region, l->campaign->region)
            ? NULL
            : world_find_region(l->world, row->duty->region);
    return row->unit != NULL ? row->unit->name : region == NULL ? charge_label(l, row) : region->name;
}

static void put_row(const struct listing *l, const struct row *row, struct value *rows)
{
    struct arena *arena = l->ctx->arena;
    struct value *out = value_append_map(arena, rows);
    const struct arg due = arg_day("day", row->period.due);
    value_put_text(arena, out, "item", row->item->id);
    value_put_text(arena, out, "title", words_label(l->reader->lang, row->item->words));
    value_put_text(arena, out, "clause", row->item->clause);
    value_put_text(arena, out, "unit",
                   row->unit == NULL
                       ? S("")
                       : str_printf(arena, "%lld", (long long)row->unit->facts.id.v));
    value_put_text(arena, out, "unit_label", owed_label(l, row));
    value_put_text(arena, out, "period", row->period.name);
    value_put_text(arena, out, "due", day_format(arena, row->period.due));
    value_put_text(arena, out, "due_text",
                   words_value(arena, l->reader->words, l->reader->lang, &due));
    value_put_text(arena, out, "state", str_of(states[row->state].name));
    value_put_text(arena, out, "state_label",
                   reader_sentence(arena, l->reader, states[row->state].key, NO_ARGS));
    value_put_bool(arena, out, "is_late", row->state == DUTY_LATE || row->state == DUTY_DONE_LATE);
    value_put_text(arena, out, "number", row->duty == NULL ? S("") : row->duty->number);
    value_put_text(arena, out, "url",
                   row->duty == NULL ? S("") : str_concat(arena, S("/cases/"),
                              casefile_ref_format(arena, row->duty->prefecture, row->duty->id)));
}

static void put_months(const struct listing *l, struct value *doc)
{
    struct arena *arena = l->ctx->arena;
    struct value *items = value_put_list(arena, doc, "items"), *rows = NULL;
    struct str month = {0}, state = value_find_text(l->query, "state");
    int64_t owed = 0, late = 0;
    for (size_t i = 0; i < l->rows.len; i++) {
        const struct row *row = &l->rows.at[i];
        if (!is_wanted(l, row))
            continue;
        owed += row->state == DUTY_OWED;
        late += row->state == DUTY_LATE;
        if (!is_shown(state, row))
            continue;
        struct str own = str_part(day_format(arena, row->period.due), 0, 7);
        if (rows == NULL || !str_eq(own, month)) {
            struct value *group = value_append_map(arena, items);
            month = own;
            value_put_text(arena, group, "month", month);
            rows = value_put_list(arena, group, "rows");
        }
        put_row(l, row, rows);
    }
    value_put_int(arena, doc, "owed_n", owed);
    value_put_int(arena, doc, "late_n", late);
    value_put_bool(arena, doc, "has_late", late > 0);
}

enum status duty_list_document(struct ctx *ctx, struct db_conn *conn, const struct world *world,
                               const struct reader *reader, const struct actor *actor,
                               const struct value *query, struct value **out)
{
    struct arena *arena = ctx->arena;
    struct value *doc = value_map(arena);
    struct listing l = {.ctx = ctx, .conn = conn, .world = world, .reader = reader,
                        .actor = actor, .query = query};
    struct value *filters = value_put_list(arena, doc, "filters");
    TRY(check_state(ctx, value_find_text(query, "state")));
    TRY(take_campaign(&l, filters));
    if (l.campaign != NULL) {
        TRY(world_load_pack(ctx, world, l.campaign->pack, &l.regime));
        value_put_text(arena, doc, "campaign", l.campaign->name);
        value_put_text(arena, doc, "campaign_label",
                       words_label(reader->lang, l.campaign->title));
        bool all = sees_all(&l);
        for (size_t i = 0; i < l.regime->obligation_count; i++)
            TRY(take_item(&l, &l.regime->obligations[i], all));
    }
    if (l.rows.len > 1)
        qsort(l.rows.at, l.rows.len, sizeof *l.rows.at, by_due);
    put_state_filter(&l, filters);
    put_row_filters(&l, filters);
    put_months(&l, doc);
    *out = doc;
    return ST_OK;
}

enum status duty_list_coming(struct ctx *ctx, const struct world *world,
                             const struct reader *reader, struct str campaign, struct value *rows)
{
    struct listing l = {.ctx = ctx, .world = world, .reader = reader,
                        .campaign = world_find_campaign(world, campaign)};
    struct world_view view = {world, day_of_instant(reader->now)};
    if (l.campaign == NULL)
        return fail(ctx, ST_NOT_FOUND, "campaign.unknown", ARGS(arg_text("name", campaign)));
    TRY(world_load_pack(ctx, world, l.campaign->pack, &l.regime));
    for (size_t i = 0; i < l.regime->obligation_count; i++) {
        const struct regime_obligation *item = &l.regime->obligations[i];
        struct engine engine;
        TRY(world_engine(ctx, world, &view, campaign, item->procedure->name, (struct str){0}, &engine));
        struct obligation owed = obligation_of(&engine, item, l.campaign->begins, l.campaign->ends);
        if (day_is_none(owed.begins))
            owed.begins = view.today;
        if (!owed.is_off)
            add_coming(&l, &owed, view.today);
    }
    if (l.rows.len > 1)
        qsort(l.rows.at, l.rows.len, sizeof *l.rows.at, by_due);
    for (size_t i = 0; i < l.rows.len; i++)
        put_row(&l, &l.rows.at[i], rows);
    return ST_OK;
}
