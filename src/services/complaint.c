#include "services/complaint.h"

#include <string.h>

#include "base/buf.h"
#include "engine/arrival.h"
#include "services/casework_int.h"
#include "services/duplicates.h"
#include "store/casefile_rows.h"

enum { RANDOM_DIGITS = 12, DIGIT_BITS = 5, GROUP = 4, REGIONS_MAX = 600 };

#define SIMILAR S("similar") /* i18n: link_kind.similar */

static const struct actor the_system = {.is_system = true};

/* ---- codes ---- */

/* Crockford's: no I, L, O, U. */
static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* Odd weights: one wrong character always shows, and nearly every two that changed places. */
static unsigned check_of(const unsigned char *values)
{
    unsigned sum = 0;
    for (unsigned i = 0; i < RANDOM_DIGITS; i++)
        sum += (2 * i + 1) * values[i];
    return sum % 32;
}

static struct str format_code(struct arena *arena, const unsigned char *values)
{
    struct buf out;
    buf_init(&out, arena, 64);
    for (unsigned i = 0; i < RANDOM_DIGITS; i++) {
        if (i > 0 && i % GROUP == 0)
            buf_char(&out, '-');
        buf_char(&out, digits[values[i]]);
    }
    buf_char(&out, digits[check_of(values)]);
    return buf_str(&out);
}

struct str complaint_new_code(struct arena *arena)
{
    unsigned char values[RANDOM_DIGITS];
    crypto_random(values, sizeof values);
    for (size_t i = 0; i < sizeof values; i++)
        values[i] &= (1 << DIGIT_BITS) - 1;
    return format_code(arena, values);
}

static int digit_of(char c)
{
    c = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    c = c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c;
    const char *at = c == '\0' ? NULL : strchr(digits, c);
    return at == NULL ? -1 : (int)(at - digits);
}

bool complaint_read_code(struct arena *arena, struct str typed, struct str *out)
{
    unsigned char values[RANDOM_DIGITS + 1];
    size_t count = 0;
    for (size_t i = 0; i < typed.len; i++) {
        int digit = digit_of(typed.at[i]);
        if (typed.at[i] == '-' || typed.at[i] == ' ')
            continue;
        if (digit < 0 || count == sizeof values)
            return false;
        values[count++] = (unsigned char)digit;
    }
    if (count != sizeof values || values[RANDOM_DIGITS] != check_of(values))
        return false;
    *out = format_code(arena, values);
    return true;
}

static struct str key_of(struct arena *arena, struct str code)
{
    struct digest digest =
        crypto_digest(CRYPTO_SHA256, str_concat(arena, S("lantian-complaint-1\n"), code));
    return str_concat(arena, S("complaint/"), digest_format(arena, &digest));
}

/* ---- what is asked ---- */

/* The field that takes what is told by this name; null: none does. */
static const struct regime_field *field_for(const struct regime_arrival *arrival, const char *name)
{
    value_each (from, arrival->fields)
        if (from->kind == VALUE_TEXT && str_eq_c(from->text, name))
            return procedure_find_field(arrival->procedure, from->key);
    return NULL;
}

static bool seals(const struct regime_arrival *arrival, const char *name)
{
    const struct regime_field *field = field_for(arrival, name);
    return field != NULL && field->sealed;
}

/* Regions of the campaign, each once. */
static void put_regions(struct arena *arena, const struct world *world,
                        const struct world_campaign *campaign, struct str chosen,
                        struct value *list)
{
    size_t count;
    const struct world_region *all = world_list_regions(world, &count);
    for (size_t i = 0; i < count && list->count < REGIONS_MAX; i++) {
        bool is_there = false;
        value_each (row, list)
            is_there = is_there || str_eq(value_find_text(row, "code"), all[i].code);
        if (is_there || !world_region_is_within(world, all[i].code, campaign->region))
            continue;
        struct value *row = value_append_map(arena, list);
        value_put_text(arena, row, "code", all[i].code);
        value_put_text(arena, row, "name", all[i].name);
        value_put_bool(arena, row, "selected", str_eq(all[i].code, chosen));
    }
}

enum status complaint_form_document(struct ctx *ctx, const struct world *world, struct str chosen,
                                    struct value **out)
{
    struct arena *arena = ctx->arena;
    size_t count;
    const struct world_campaign *all = world_list_campaigns(world, &count);
    struct value *doc = value_map(arena);
    struct value *regions = value_put_list(arena, doc, "regions");
    bool asks_who = false;
    for (size_t i = 0; i < count; i++) {
        const struct regime *regime;
        if (!str_eq_c(all[i].state, "open"))
            continue;
        TRY(world_load_pack(ctx, world, all[i].pack, &regime));
        const struct regime_arrival *arrival = regime_find_arrival(regime, ARRIVAL_PUBLIC);
        if (arrival == NULL)
            continue;
        asks_who = asks_who || seals(arrival, "name");
        put_regions(arena, world, &all[i], chosen, regions);
    }
    value_put_text(arena, doc, "code", complaint_new_code(arena));
    value_put_bool(arena, doc, "asks_who", asks_who);
    value_put_bool(arena, doc, "is_taken", regions->count > 0);
    *out = doc;
    return ST_OK;
}

/* ---- taking it in ---- */

static enum status wrong(struct ctx *ctx, const char *field, const char *key, int64_t limit)
{
    struct reason reason = reason_make(key, ARGS(arg_int("limit", limit)));
    reason.field = str_of(field);
    reason.code = key;
    return fail_reason(ctx, ST_INVALID, reason);
}

static enum status check(struct ctx *ctx, const struct complaint *told)
{
    if (utf8_length(told->text) < COMPLAINT_TEXT_MIN)
        return wrong(ctx, "text", "complaint.too_short", COMPLAINT_TEXT_MIN);
    if (utf8_length(told->text) > COMPLAINT_TEXT_MAX)
        return wrong(ctx, "text", "complaint.too_long", COMPLAINT_TEXT_MAX);
    if (str_is_empty(told->place))
        return wrong(ctx, "place", "complaint.too_short", 1);
    if (utf8_length(told->place) > COMPLAINT_PLACE_MAX)
        return wrong(ctx, "place", "complaint.too_long", COMPLAINT_PLACE_MAX);
    if (utf8_length(told->name) > COMPLAINT_NAME_MAX)
        return wrong(ctx, "name", "complaint.too_long", COMPLAINT_NAME_MAX);
    if (utf8_length(told->phone) > COMPLAINT_NAME_MAX)
        return wrong(ctx, "phone", "complaint.too_long", COMPLAINT_NAME_MAX);
    return ST_OK;
}

/* Who it was only where it will be sealed: else it is not even kept. */
static struct value *told_of(struct arena *arena, const struct regime_arrival *arrival,
                             const struct complaint *told)
{
    struct value *map = value_map(arena);
    value_put_text(arena, map, "text", told->text);
    value_put_text(arena, map, "place", told->place);
    if (!str_is_empty(told->name) && seals(arrival, "name"))
        value_put_text(arena, map, "name", told->name);
    if (!str_is_empty(told->phone) && seals(arrival, "phone"))
        value_put_text(arena, map, "phone", told->phone);
    return map;
}

/* The one that most likely tells the same; id 0: none. */
static enum status find_similar(struct ctx *ctx, const struct home *home, const struct world *world,
                                struct db_conn *conn, const struct world_campaign *campaign,
                                const struct regime_arrival *arrival, const struct complaint *told,
                                struct case_ref *out)
{
    struct engine engine;
    struct world_view view;
    struct duplicates_found found;
    TRY(world_engine(ctx, world, &view, campaign->name, arrival->procedure->name, (struct str){0},
                     &engine));
    view.conn = conn;
    struct duplicates *duplicates AUTO(duplicates_cleanup) = duplicates_open(
        ctx->arena, conn, &engine, str_concat(ctx->arena, home->dir, S("/tmp")));
    const struct duplicates_row row = {.row = 1,
                                       .prefecture = world_prefecture_of(world, told->region),
                                       .region = told->region,
                                       .text = told->text,
                                       .day = day_of_instant(ctx->now)};
    TRY(duplicates_find(ctx, duplicates, &row, &found));
    *out = (struct case_ref){found.prefecture, found.id};
    return ST_OK;
}

static enum status link_similar(struct ctx *ctx, const struct case_order *made,
                                struct case_ref similar)
{
    struct value *input = value_map(ctx->arena);
    value_put_text(ctx->arena, input, "case",
                   casefile_ref_format(ctx->arena, similar.prefecture, similar.id));
    value_put_text(ctx->arena, input, "kind", SIMILAR);
    struct case_order order = {.home = made->home,
                               .world = made->world,
                               .actor = &the_system,
                               .ref = made->made,
                               .command = S("link"),
                               .input = input,
                               .happened_at = INSTANT_NONE};
    return casework_give(ctx, &order);
}

/* The case of the code among those of a campaign; id 0: none. */
static enum status find_in(struct ctx *ctx, struct db_conn *conn, struct str campaign,
                           struct str code, struct case_ref *out)
{
    struct casefile_keyed_list keyed;
    TRY(casefile_rows_list_keyed(ctx, conn, campaign, key_of(ctx->arena, code), &keyed));
    *out = keyed.len == 0 ? (struct case_ref){0}
                          : (struct case_ref){keyed.at[0].prefecture, keyed.at[0].id};
    return ST_OK;
}

enum status complaint_make(struct ctx *ctx, const struct home *home, const struct world *world,
                           struct db_conn *conn, const struct complaint *told, struct case_ref *out)
{
    const struct world_campaign *campaign = NULL;
    const struct regime_arrival *arrival;
    struct case_ref similar;
    struct str code;
    TRY(check(ctx, told));
    if (!complaint_read_code(ctx->arena, told->code, &code))
        return wrong(ctx, "code", "complaint.code", 0);
    if (world_find_region(world, told->region) != NULL)
        TRY(work_find_taker(ctx, world, ARRIVAL_PUBLIC, told->region, S(""), &campaign, &arrival));
    if (campaign == NULL)
        return wrong(ctx, "region", "complaint.nobody_takes", 0);
    TRY(find_in(ctx, conn, campaign->name, code, out));
    if (out->id.v != 0)
        return ST_OK;
    TRY(find_similar(ctx, home, world, conn, campaign, arrival, told, &similar));
    struct value *input =
        arrival_take(ctx->arena, arrival, told->region, S(""), told_of(ctx->arena, arrival, told));
    value_put_text(ctx->arena, input, "key", key_of(ctx->arena, code));
    struct case_order order = {.home = home,
                               .world = world,
                               .actor = &the_system,
                               .campaign = campaign->name,
                               .procedure = arrival->procedure->name,
                               .command = S("create"),
                               .input = input,
                               .happened_at = INSTANT_NONE};
    enum status status = casework_give(ctx, &order);
    if (status == ST_CONFLICT && str_eq_c(str_of(ctx->failure.reason.key), "case.key_taken")) {
        fail_clear(ctx); /* the same form, sent twice at once */
        return find_in(ctx, conn, campaign->name, code, out);
    }
    TRY(status);
    *out = order.made;
    return similar.id.v == 0 ? ST_OK : link_similar(ctx, &order, similar);
}

struct str complaint_photo_kind(const struct engine *engine)
{
    return engine->procedure->evidence_kind_count == 0 ? S("")
                                                       : engine->procedure->evidence_kinds[0];
}

/* ---- what became of it ---- */

static enum status unknown(struct ctx *ctx)
{
    return fail(ctx, ST_NOT_FOUND, "complaint.unknown", NO_ARGS);
}

/* In any campaign, ended ones too: a receipt does not expire. */
static enum status find(struct ctx *ctx, const struct world *world, struct db_conn *conn,
                        struct str typed, struct str *out_code, struct case_ref *out)
{
    size_t count;
    const struct world_campaign *all = world_list_campaigns(world, &count);
    if (!complaint_read_code(ctx->arena, typed, out_code))
        return unknown(ctx);
    for (size_t i = 0; i < count; i++) {
        TRY(find_in(ctx, conn, all[i].name, *out_code, out));
        if (out->id.v != 0)
            return ST_OK;
    }
    return unknown(ctx);
}

/* The case of a code, and what its pack says of such cases. */
struct found {
    struct str code;
    struct case_ref ref;
    struct case_reading reading;
    const struct regime_arrival *arrival;
};

static enum status read_found(struct ctx *ctx, const struct world *world, struct db_conn *conn,
                              struct str typed, struct found *out)
{
    TRY(find(ctx, world, conn, typed, &out->code, &out->ref));
    TRY(casework_read(ctx, conn, world, out->ref, NULL, &out->reading));
    out->arrival = regime_find_arrival(out->reading.engine.regime, ARRIVAL_PUBLIC);
    return out->arrival == NULL ? unknown(ctx) : ST_OK;
}

static bool was_rated(const struct found *found)
{
    const struct casefile *casefile = found->reading.casefile;
    for (size_t i = 0; i < casefile->acts.len; i++)
        if (str_eq(casefile->acts.at[i].command, found->arrival->rated))
            return true;
    return false;
}

/* Only what the pack tells, and only once it is told for good. */
static void put_answers(struct arena *arena, const struct case_view *view,
                        const struct regime_arrival *arrival, struct value *doc)
{
    struct value *list = value_put_list(arena, doc, "answers");
    value_each (from, arrival->tells) {
        const struct regime_field *field =
            procedure_find_field(view->engine->procedure, from->text);
        const struct value *value = value_find(view->casefile->fields, from->text);
        if (field == NULL || value_is_empty(value))
            continue;
        struct value *row = value_append_map(arena, list);
        value_put_text(arena, row, "label", words_label(view->reader.lang, field->words));
        value_put_text(arena, row, "text", field_text(arena, view, field, value));
    }
}

static struct str due_of(struct ctx *ctx, const struct case_view *view)
{
    struct day first = DAY_NONE;
    for (size_t i = 0; i < view->casefile->clocks.len; i++) {
        struct clock_view clock;
        const struct casefile_clock *run = &view->casefile->clocks.at[i];
        if (!instant_is_none(run->stopped))
            continue;
        if (engine_clock_view(ctx, view->engine->calendar, run, ctx->now, &clock) != ST_OK)
            fail_clear(ctx);
        else if (!day_is_none(clock.deadline.due_day) &&
                 (day_is_none(first) || clock.deadline.due_day.v < first.v))
            first = clock.deadline.due_day;
    }
    return day_is_none(first) ? S("") : day_format(ctx->arena, first);
}

static void put_state(struct ctx *ctx, const struct case_view *view, const struct world *world,
                      struct value *doc)
{
    struct arena *arena = ctx->arena;
    const struct casefile *casefile = view->casefile;
    const struct regime_state *state =
        procedure_find_state(view->engine->procedure, casefile->state);
    const struct world_region *region = world_find_region(world, casefile->region);
    bool ended = (state != NULL && state->end) || casefile->withdrawn;
    value_put_text(arena, doc, "number", casefile->number);
    value_put_text(arena, doc, "region", region == NULL ? casefile->region : region->name);
    value_put_text(arena, doc, "state",
                   words_label(view->reader.lang,
                               engine_state_words(view->engine, casefile->state)));
    value_put_text(arena, doc, "made_text",
                   reader_time(arena, &view->reader, view->events->at[0].event.happened_at));
    value_put_text(arena, doc, "moved_text",
                   reader_time(arena, &view->reader, casefile->updated_at));
    value_put_bool(arena, doc, "ended", ended);
    value_put_text(arena, doc, "due_text", ended ? S("") : due_of(ctx, view));
}

enum status complaint_document(struct ctx *ctx, const struct world *world, struct db_conn *conn,
                               const struct reader *reader, struct str typed, struct value **out)
{
    struct arena *arena = ctx->arena;
    struct found found;
    TRY(read_found(ctx, world, conn, typed, &found));
    const struct case_view view = {.reader = *reader,
                                   .world = world,
                                   .engine = &found.reading.engine,
                                   .casefile = found.reading.casefile,
                                   .events = &found.reading.events,
                                   .conn = conn};
    struct value *doc = value_map(arena);
    put_state(ctx, &view, world, doc);
    bool ended = value_find_bool(doc, "ended"), rated = was_rated(&found);
    if (ended)
        put_answers(arena, &view, found.arrival, doc);
    value_put_text(arena, doc, "code", found.code);
    value_put_bool(arena, doc, "has_answers", ended && value_find_c(doc, "answers")->count > 0);
    value_put_bool(arena, doc, "rated", rated);
    value_put_bool(arena, doc, "may_rate", ended && !rated && !str_is_empty(found.arrival->rated));
    value_put_text(arena, doc, "search_url",
                   str_concat(arena, S("/public/search?q="), found.reading.casefile->number));
    *out = doc;
    return ST_OK;
}

enum status complaint_find(struct ctx *ctx, const struct world *world, struct db_conn *conn,
                           struct str typed, struct case_ref *out)
{
    struct str code;
    return find(ctx, world, conn, typed, &code, out);
}

enum status complaint_rate(struct ctx *ctx, const struct home *home, const struct world *world,
                           struct db_conn *conn, struct str typed, const struct value *input)
{
    struct found found;
    TRY(read_found(ctx, world, conn, typed, &found));
    if (str_is_empty(found.arrival->rated) || was_rated(&found))
        return fail(ctx, ST_CONFLICT, "complaint.not_now", NO_ARGS);
    struct case_order order = {.home = home,
                               .world = world,
                               .actor = &the_system,
                               .ref = found.ref,
                               .command = found.arrival->rated,
                               .input = input,
                               .happened_at = INSTANT_NONE};
    return casework_give(ctx, &order);
}
