/*
 * Sentences, times and what is left of them, for one reader.
 */
#include "services/reader.h"

struct str reader_sentence(struct arena *arena, const struct reader *reader, const char *key,
                           struct args args)
{
    return words_format(arena, reader->words, reader->lang, str_of(key), args);
}

struct str reader_time(struct arena *arena, const struct reader *reader, struct instant at)
{
    if (instant_is_none(at))
        return S("");
    struct civil then = day_civil(day_of_instant(at));
    struct civil now = day_civil(day_of_instant(reader->now));
    struct str month = str_printf(arena, "month.%d", then.month); /* i18n: month.* */
    return reader_sentence(
        arena, reader, then.year == now.year ? "time.this_year" : "time.other_year",
        ARGS(arg_int("year", then.year),
             arg_text("month", words_format(arena, reader->words, reader->lang, month, NO_ARGS)),
             arg_int("day", then.day),
             arg_text("time", minute_format(arena, at))));
}

const char *reader_left_class(const struct deadline_left *left)
{
    if (left->open)
        return "paused";
    return left->late ? "late" : left->minutes <= 24 * 60 ? "near" : "ok";
}

struct str reader_left(struct arena *arena, const struct reader *reader,
                       const struct deadline *deadline, const struct deadline_left *left,
                       bool workdays)
{
    if (left->open)
        return reader_sentence(arena, reader, "left.paused", NO_ARGS);
    int64_t minutes = left->late ? -left->minutes : left->minutes;
    if (minutes < 48 * 60 && (deadline->in_hours || minutes < 60))
        return reader_sentence(
            arena, reader, left->late ? "left.late_minutes" : "left.minutes",
            ARGS(arg_int("hours", minutes / 60), arg_int("minutes", minutes % 60)));
    if (workdays && left->knows_workdays && !left->late)
        return reader_sentence(arena, reader, "left.workdays", ARGS(arg_int("n", left->workdays)));
    if (left->late)
        return reader_sentence(arena, reader, "left.late_days",
                               ARGS(arg_int("n", left->days < 0 ? -left->days : 0)));
    return left->days == 0 ? reader_sentence(arena, reader, "left.today", NO_ARGS)
                           : reader_sentence(arena, reader, "left.days", ARGS(arg_int("n", left->days)));
}
