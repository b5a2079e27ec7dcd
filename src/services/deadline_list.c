/*
 * A row is what the store keeps of a clock; label, clause and unit are what its pack says of it.
 */
#include "services/deadline_list.h"

enum { NEAR_MS = 24 * MS_PER_HOUR };

static const char *class_of(const struct reader *reader, const struct casefile_deadline *clock)
{
    if (reader->now.ms >= clock->end.ms)
        return "late";
    return clock->end.ms - reader->now.ms <= NEAR_MS ? "near" : "ok";
}

/* As in the case's own document: days are told as days, hours to the minute. */
static bool ends_with_its_day(const struct casefile_deadline *clock)
{
    return day_start(day_of_instant(clock->end)).ms == clock->end.ms;
}

static void put_pack_words(struct arena *arena, const struct reader *reader,
                           const struct regime_deadline *deadline, struct str name,
                           struct value *out)
{
    static const char *const units[] = {"hours", "days", "workdays", "until"};
    bool known = deadline != NULL;
    bool unit_known = known && str_is_empty(deadline->unit_setting);
    value_put_text(arena, out, "name", name);
    value_put_text(arena, out, "label", known ? words_label(reader->lang, deadline->words) : name);
    value_put_text(arena, out, "clause", known ? deadline->clause : S(""));
    if (unit_known)
        value_put_text(arena, out, "unit", str_of(units[deadline->unit]));
}

/* Where the date comes from, as a reader would count it again; the case itself counts day by day. */
static void put_why(struct arena *arena, const struct world *world, const struct reader *reader,
                    const struct regime *regime, const struct regime_deadline *deadline,
                    const struct casefile_deadline *clock, struct value *out)
{
    static const char *const keys[] = {[CLOCK_HOURS] = "deadline.because.hours",
                                       [CLOCK_DAYS] = "deadline.because.days",
                                       [CLOCK_WORKDAYS] = "deadline.because.workdays",
                                       [CLOCK_UNTIL] = "deadline.because.until"};
    const struct calendar *calendar = world_find_calendar(world, regime->calendar);
    struct day from = day_of_instant(clock->started_at), to = day_of_instant(clock->due);
    bool plain = deadline == NULL || !str_is_empty(deadline->unit_setting) ||
                 (deadline->unit == CLOCK_WORKDAYS &&
                  (calendar == NULL || !calendar_covers(calendar, day_add(from, 1)) || to.v < from.v));
    int64_t n = 0;
    if (!plain && deadline->unit == CLOCK_WORKDAYS)
        n = calendar_count_work(calendar, from, to);
    else if (!plain && deadline->unit == CLOCK_HOURS)
        n = (clock->end.ms - clock->started_at.ms) / MS_PER_HOUR;
    else
        n = to.v - from.v;
    value_put_text(arena, out, "why",
                   reader_sentence(arena, reader,
                                   plain ? "deadline.because.since" : keys[deadline->unit],
                                   ARGS(arg_text("from", reader_time(arena, reader, clock->started_at)),
                                        arg_int("n", n))));
}

enum status deadline_row_document(struct ctx *ctx, const struct world *world,
                                  const struct reader *reader,
                                  const struct casefile_deadline *clock, struct value *out)
{
    struct arena *arena = ctx->arena;
    const struct regime *regime;
    const struct regime_deadline *deadline = NULL;
    TRY(case_row_document(ctx, world, reader, &clock->row, value_put_map(arena, out, "case")));
    TRY(world_load_pack(ctx, world, clock->row.pack, &regime));
    const struct regime_procedure *procedure =
        regime_find_procedure(regime, clock->row.procedure);
    if (procedure != NULL)
        deadline = procedure_find_deadline(procedure, clock->name);
    put_pack_words(arena, reader, deadline, clock->name, out);
    value_put_text(arena, out, "started", instant_format(arena, clock->started_at));
    value_put_text(arena, out, "due",
                   ends_with_its_day(clock) ? day_format(arena, day_of_instant(clock->due))
                                            : instant_format(arena, clock->due));
    value_put_text(arena, out, "due_text", reader_time(arena, reader, clock->due));
    value_put_text(arena, out, "end", instant_format(arena, clock->end));
    value_put_text(arena, out, "state",
                   reader->now.ms >= clock->end.ms ? S("lapsed") : S("running"));
    value_put_text(arena, out, "class", str_of(class_of(reader, clock)));
    value_put_bool(arena, out, "provisional", clock->provisional);
    put_why(arena, world, reader, regime, deadline, clock, out);
    return ST_OK;
}

enum status deadline_list_document(struct ctx *ctx, struct db_conn *conn, const struct world *world,
                                   const struct reader *reader, const struct actor *actor,
                                   const struct value *query, struct value **out)
{
    struct arena *arena = ctx->arena;
    struct casefile_filter filter;
    struct casefile_page page;
    struct casefile_deadline_list list;
    struct str next;
    TRY(case_list_parse(ctx, query, &filter, &page));
    filter.scope = case_scope(arena, world, actor);
    TRY(casefile_list_deadlines(ctx, conn, &filter, page.limit, page.cursor, &list, &next));
    struct value *doc = value_map(arena);
    struct value *items = value_put_list(arena, doc, "items");
    for (size_t i = 0; i < list.len; i++)
        TRY(deadline_row_document(ctx, world, reader, &list.at[i],
                                  value_append_map(arena, items)));
    if (!str_is_empty(next))
        value_put_text(arena, doc, "next", next);
    *out = doc;
    return ST_OK;
}
