/*
 * Calendars: whatever is accepted answers for every day of its years, and counting a stretch agrees
 * with asking its days one by one.
 */
#include "fuzz.h"
#include "services/calendar_load.h"

enum { INPUT_MAX = 64 * 1024 };

static void judge(const struct calendar *cal)
{
    must(calendar_first_year(cal) <= calendar_last_year(cal));
    struct day first = day_of(calendar_first_year(cal), 1, 1);
    struct day last = day_add(day_of(calendar_last_year(cal), 12, 31), 30);
    int32_t count = 0;
    for (struct day day = first; day.v <= last.v; day = day_add(day, 1)) {
        must(calendar_get_day(cal, day).work == calendar_is_work(cal, day));
        count += calendar_is_work(cal, day);
    }
    must(calendar_count_work(cal, day_add(first, -1), last) == count);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena};
    const struct calendar *cal;
    if (size > INPUT_MAX)
        return 0;
    struct str text = {(const char *)bytes, size};
    if (calendar_parse(&ctx, arena, text, &cal) == ST_OK)
        judge(cal);
    else
        must(ctx.failure.status != ST_OK);
    return 0;
}
