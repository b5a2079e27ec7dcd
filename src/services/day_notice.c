/*
 * All cases of the procedure are folded, one after the other; of each only what is counted is kept.
 */
#include "services/day_notice.h"

#include "base/num.h"
#include "base/vec.h"
#include "services/case_document.h"
#include "store/casefile_list.h"
#include "store/ledger.h"

enum { PAGE_CASES = 500, TYPES_MAX = 16 };

/* A case as the ledger knew it at a moment. */
struct seen {
    struct prefecture prefecture;
    struct casefile_id id;
    struct str number, title, region, channel, verdict, completion;
    struct str types[TYPES_MAX];
    size_t type_count;
    bool key;
    int64_t dispatched; /* units that got it */
    struct instant received, recorded;
};

struct seen_list {
    struct seen *at;
    size_t len, cap;
};

struct looking {
    struct ctx *ctx;
    struct db_conn *conn;
    const struct day_notice *notice;
    const struct regime_procedure *procedure;
    struct instant from, to; /* the window; its end excluded */
    struct instant as_of;
};

const struct value *day_notice_item(const struct regime *regime, struct str id)
{
    const struct regime_section *section = regime_find_section(regime, S("notices"));
    value_each (item, section == NULL ? NULL : section->items)
        if (str_eq(value_find_text(item, "id"), id))
            return item;
    return NULL;
}

bool day_notice_of(const struct world *world, const struct engine *engine,
                   const struct casefile *casefile, const struct value *document,
                   struct instant as_of, struct day_notice *out)
{
    *out = (struct day_notice){.world = world,
                               .regime = engine->regime,
                               .item = day_notice_item(engine->regime,
                                                       value_find_text(document, "notice")),
                               .campaign = casefile->campaign,
                               .as_of = as_of};
    return out->item != NULL && day_parse(value_find_text(casefile->fields, "day"), &out->day);
}

/* "20:00" in milliseconds since midnight; a whole day where it says nothing. */
static int64_t closes_at(const struct value *item)
{
    int64_t hours, minutes;
    struct str text = value_find_text(item, "closes");
    struct str hour;
    if (!str_next(&text, ':', &hour) || !num_parse_i64(hour, 0, 24, &hours) ||
        !num_parse_i64(text, 0, 59, &minutes))
        return MS_PER_DAY;
    return hours * MS_PER_HOUR + minutes * MS_PER_MINUTE;
}

static struct looking begin(struct ctx *ctx, struct db_conn *conn, const struct day_notice *notice,
                            struct instant as_of)
{
    struct looking look = {.ctx = ctx,
                           .conn = conn,
                           .notice = notice,
                           .as_of = as_of,
                           .procedure = regime_find_procedure(notice->regime,
                                                              value_find_text(notice->item, "of"))};
    look.to.ms = day_start(notice->day).ms + closes_at(notice->item);
    look.from.ms = look.to.ms - MS_PER_DAY;
    return look;
}

/* ---- one case ---- */

static const struct value *field_of(const struct looking *look, const struct casefile *casefile,
                                    const char *member)
{
    return value_find(casefile->fields, value_find_text(look->notice->item, member));
}

static struct str kept(const struct looking *look, const struct value *value)
{
    return value == NULL ? S("") : str_copy(look->ctx->arena, value->text);
}

static void take_types(const struct looking *look, const struct value *types, struct seen *seen)
{
    if (types != NULL && types->kind == VALUE_TEXT)
        seen->types[seen->type_count++] = kept(look, types);
    value_each (one, types != NULL && types->kind == VALUE_LIST ? types : NULL)
        if (seen->type_count < TYPES_MAX)
            seen->types[seen->type_count++] = kept(look, one);
}

static int64_t units_that_got_it(const struct looking *look, const struct casefile *casefile)
{
    bool was_given = false;
    const struct casefile_role *role =
        casefile_find_role(casefile, value_find_text(look->notice->item, "to"));
    for (size_t i = 0; i < casefile->acts.len; i++)
        was_given = was_given || str_eq(casefile->acts.at[i].command,
                                        value_find_text(look->notice->item, "dispatched"));
    if (!was_given)
        return 0;
    return role == NULL || role->units.len == 0 ? 1 : (int64_t)role->units.len;
}

static struct seen see(const struct looking *look, const struct casefile *casefile)
{
    struct arena *arena = look->ctx->arena;
    const struct value *received = field_of(look, casefile, "at");
    const struct value *key = field_of(look, casefile, "key");
    const struct value *title = value_find(casefile->fields, look->procedure->subject);
    struct seen seen = {
        .prefecture = casefile->prefecture,
        .id = casefile->id,
        .number = str_copy(arena, casefile->number),
        .title = kept(look, title),
        .region = str_copy(arena, casefile->region),
        .channel = kept(look, field_of(look, casefile, "channel")),
        .verdict = kept(look, field_of(look, casefile, "verdict")),
        .completion = kept(look, field_of(look, casefile, "completion")),
        .key = key != NULL && key->flag,
        .dispatched = units_that_got_it(look, casefile),
        .received = casefile->created_at,
        .recorded = casefile->recorded_at,
    };
    if (received != NULL)
        (void)instant_parse_lenient(received->text, &seen.received);
    take_types(look, field_of(look, casefile, "type"), &seen);
    return seen;
}

/* The scratch holds one case at a time. */
static enum status take_case(const struct looking *look, struct ctx *scratch,
                             const struct casefile_row *row, struct seen_list *out)
{
    struct ledger_row_list events;
    struct casefile casefile = {0};
    TRY(ledger_list(scratch, look->conn, row->prefecture, row->id, 1, &events));
    for (size_t i = 0; i < events.len; i++)
        if (events.at[i].event.recorded_at.ms <= look->as_of.ms)
            engine_evolve(scratch->arena, &casefile, &events.at[i].event);
    if (casefile.version == 0 || casefile.withdrawn)
        return ST_OK;
    struct seen seen = see(look, &casefile);
    if (seen.received.ms < look->to.ms)
        vec_add(look->ctx->arena, out, seen);
    return ST_OK;
}

static enum status take_page(const struct looking *look, const struct casefile_row_list *rows,
                             struct seen_list *out)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx scratch = {.arena = arena, .now = look->ctx->now};
    for (size_t i = 0; i < rows->len; i++) {
        struct arena_mark mark = arena_mark(arena);
        enum status status = take_case(look, &scratch, &rows->at[i], out);
        if (status != ST_OK)
            return fail_reason(look->ctx, status, scratch.failure.reason);
        arena_return(arena, mark);
    }
    return ST_OK;
}

/* Everybody counts the same, whatever they may open: a notice is of the whole campaign. */
static enum status read_cases(const struct looking *look, struct seen_list *out)
{
    struct str campaign = look->notice->campaign;
    const struct casefile_filter filter = {
        .campaigns = {&campaign, 1},
        .procedures = {&look->procedure->name, 1},
        .due_before = INSTANT_NONE,
        .due_after = INSTANT_NONE,
        .scope = {.everything = true},
    };
    struct casefile_page page = {.sort = CASEFILE_SORT_NUMBER, .limit = PAGE_CASES};
    *out = (struct seen_list){0};
    do {
        struct casefile_list list = {0};
        TRY(casefile_list(look->ctx, look->conn, &filter, &page, &list));
        TRY(take_page(look, &list.rows, out));
        page.cursor = list.next;
    } while (!str_is_empty(page.cursor));
    return ST_OK;
}

/* ---- counting ---- */

struct group {
    struct str code;
    int64_t today, total;
};

struct group_list {
    struct group *at;
    size_t len, cap;
};

static void add_to(struct arena *arena, struct group_list *groups, struct str code, bool is_today)
{
    size_t i = 0;
    if (str_is_empty(code))
        return;
    while (i < groups->len && str_compare(groups->at[i].code, code) < 0)
        i++;
    if (i == groups->len || !str_eq(groups->at[i].code, code)) {
        vec_add(arena, groups, ((struct group){0}));
        for (size_t j = groups->len - 1; j > i; j--)
            groups->at[j] = groups->at[j - 1];
        groups->at[i] = (struct group){.code = code};
    }
    groups->at[i].today += is_today;
    groups->at[i].total++;
}

struct counted {
    int64_t received, key, dispatched, problems;
};

struct tally {
    struct counted today, total;
    struct group_list channels, types, regions, completions, verdicts;
};

static void add_case(struct counted *counted, const struct seen *seen)
{
    counted->received++;
    counted->key += seen->key;
    counted->dispatched += seen->dispatched;
    counted->problems += (int64_t)seen->type_count;
}

static void count(const struct looking *look, const struct seen_list *cases, struct tally *out)
{
    struct arena *arena = look->ctx->arena;
    *out = (struct tally){0};
    for (size_t i = 0; i < cases->len; i++) {
        const struct seen *seen = &cases->at[i];
        bool is_today = seen->received.ms >= look->from.ms;
        add_case(&out->total, seen);
        if (is_today)
            add_case(&out->today, seen);
        add_to(arena, &out->channels, seen->channel, is_today);
        add_to(arena, &out->regions, seen->region, is_today);
        add_to(arena, &out->completions, seen->completion, is_today);
        add_to(arena, &out->verdicts, seen->verdict, is_today);
        for (size_t t = 0; t < seen->type_count; t++)
            add_to(arena, &out->types, seen->types[t], is_today);
    }
}

/* ---- what it says ---- */

static struct str label_of(const struct looking *look, const char *member, struct str code)
{
    const struct world_region *region =
        member == NULL ? world_find_region(look->notice->world, code) : NULL;
    const struct regime_field *field =
        member == NULL ? NULL
                       : procedure_find_field(look->procedure,
                                              value_find_text(look->notice->item, member));
    for (size_t i = 0; field != NULL && i < field->choice_count; i++)
        if (str_eq(field->choices[i].code, code))
            return field->choices[i].words.zh;
    return region == NULL ? code : region->name;
}

static void put_groups(const struct looking *look, const char *member,
                       const struct group_list *groups, const char *today, const char *total,
                       struct value *doc)
{
    struct arena *arena = look->ctx->arena;
    struct value *lists[] = {value_put_list(arena, doc, today), value_put_list(arena, doc, total)};
    for (size_t i = 0; i < groups->len; i++) {
        const int64_t counts[] = {groups->at[i].today, groups->at[i].total};
        for (size_t k = 0; k < COUNT_OF(lists); k++) {
            if (counts[k] == 0)
                continue;
            struct value *row = value_append_map(arena, lists[k]);
            value_put_text(arena, row, "label", label_of(look, member, groups->at[i].code));
            value_put_int(arena, row, "n", counts[k]);
        }
    }
    for (size_t k = 0; k < COUNT_OF(lists); k++) {
        if (lists[k]->last == NULL)
            continue;
        value_put_bool(arena, lists[k]->last, "last", true);
        value_put_bool(arena, doc,
                       str_c(arena, str_concat(arena, S("has_"), str_of(k == 0 ? today : total))), true);
    }
}

static void put_counted(struct arena *arena, const struct counted *counted, struct value *to)
{
    value_put_int(arena, to, "received", counted->received);
    value_put_int(arena, to, "key", counted->key);
    value_put_int(arena, to, "dispatched", counted->dispatched);
    value_put_int(arena, to, "problems", counted->problems);
}

static struct str moment_text(struct arena *arena, struct instant at)
{
    struct civil day = day_civil(day_of_instant(at));
    int minute = instant_minute_of_day(at);
    return minute % 60 == 0
               ? str_printf(arena, "%d月%d日%d时", day.month, day.day, minute / 60)
               : str_printf(arena, "%d月%d日%d时%02d分", day.month, day.day, minute / 60, minute % 60);
}

static struct value *tell(const struct looking *look, const struct tally *tally)
{
    struct arena *arena = look->ctx->arena;
    struct value *doc = value_map(arena);
    struct civil day = day_civil(look->notice->day);
    value_put_text(arena, doc, "day", day_format(arena, look->notice->day));
    value_put_text(arena, doc, "day_text",
                   str_printf(arena, "%d年%d月%d日", day.year, day.month, day.day));
    value_put_text(arena, doc, "from_text", moment_text(arena, look->from));
    value_put_text(arena, doc, "to_text", moment_text(arena, look->to));
    put_counted(arena, &tally->today, value_put_map(arena, doc, "today"));
    put_counted(arena, &tally->total, value_put_map(arena, doc, "total"));
    put_groups(look, "channel", &tally->channels, "channels_today", "channels_total", doc);
    put_groups(look, "type", &tally->types, "types_today", "types_total", doc);
    put_groups(look, NULL, &tally->regions, "regions_today", "regions_total", doc);
    put_groups(look, "completion", &tally->completions, "completions_today", "completions_total", doc);
    put_groups(look, "verdict", &tally->verdicts, "verdicts_today", "verdicts_total", doc);
    return doc;
}

enum status day_notice_count(struct ctx *ctx, struct db_conn *conn, const struct day_notice *notice,
                             struct value **out)
{
    struct seen_list cases;
    struct tally tally;
    const struct looking look = begin(ctx, conn, notice, notice->as_of);
    TRY(read_cases(&look, &cases));
    count(&look, &cases, &tally);
    *out = tell(&look, &tally);
    return ST_OK;
}

/* ---- what has become of the day since ---- */

static const struct seen *find_seen(const struct seen_list *cases, const struct seen *wanted)
{
    for (size_t i = 0; i < cases->len; i++)
        if (cases->at[i].id.v == wanted->id.v &&
            str_eq(prefecture_str(&cases->at[i].prefecture), prefecture_str(&wanted->prefecture)))
            return &cases->at[i];
    return NULL;
}

static bool same_case(const struct seen *a, const struct seen *b)
{
    bool same = a->received.ms == b->received.ms && str_eq(a->region, b->region) &&
                str_eq(a->channel, b->channel) && a->key == b->key &&
                a->type_count == b->type_count;
    for (size_t i = 0; same && i < a->type_count; i++)
        same = str_eq(a->types[i], b->types[i]);
    return same;
}

static bool same_progress(const struct seen *a, const struct seen *b)
{
    return a->dispatched == b->dispatched && str_eq(a->verdict, b->verdict) &&
           str_eq(a->completion, b->completion);
}

static void put_row(struct arena *arena, const struct reader *reader, const struct seen *seen,
                    struct value *rows)
{
    struct value *row = value_append_map(arena, rows);
    value_put_text(arena, row, "number", seen->number);
    value_put_text(arena, row, "title", seen->title);
    value_put_text(arena, row, "url",
                   str_concat(arena, S("/cases/"),
                              casefile_ref_format(arena, seen->prefecture, seen->id)));
    value_put_text(arena, row, "received_text", reader_time(arena, reader, seen->received));
    value_put_text(arena, row, "recorded_text", reader_time(arena, reader, seen->recorded));
}

enum status day_notice_compare(struct ctx *ctx, struct db_conn *conn,
                               const struct day_notice *notice, struct instant now,
                               const struct reader *reader, struct value **out)
{
    struct arena *arena = ctx->arena;
    struct seen_list then_cases, now_cases;
    const struct looking then = begin(ctx, conn, notice, notice->as_of);
    const struct looking today = begin(ctx, conn, notice, now);
    struct value *doc = value_map(arena);
    struct value *late = value_put_list(arena, doc, "late");
    struct value *gone = value_put_list(arena, doc, "gone");
    struct value *changed = value_put_list(arena, doc, "changed");
    int64_t progressed = 0;
    TRY(read_cases(&then, &then_cases));
    TRY(read_cases(&today, &now_cases));
    for (size_t i = 0; i < now_cases.len; i++) {
        const struct seen *before = find_seen(&then_cases, &now_cases.at[i]);
        if (before == NULL)
            put_row(arena, reader, &now_cases.at[i], late);
        else if (!same_case(before, &now_cases.at[i]))
            put_row(arena, reader, &now_cases.at[i], changed);
        else
            progressed += !same_progress(before, &now_cases.at[i]);
    }
    for (size_t i = 0; i < then_cases.len; i++)
        if (find_seen(&now_cases, &then_cases.at[i]) == NULL)
            put_row(arena, reader, &then_cases.at[i], gone);
    value_put_int(arena, doc, "late_n", (int64_t)late->count);
    value_put_int(arena, doc, "gone_n", (int64_t)gone->count);
    value_put_int(arena, doc, "changed_n", (int64_t)changed->count);
    value_put_int(arena, doc, "progressed_n", progressed);
    *out = doc;
    return ST_OK;
}
