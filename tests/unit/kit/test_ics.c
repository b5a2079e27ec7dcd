/* A calendar file is read by others: its lines, its escapes, its folding are theirs (RFC 5545). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "kit/ics.h"

enum { LIMIT_BYTES = 1 << 16, LINE_BYTES = 75 };

static struct str file_of(struct arena *arena, const struct ics_event *event)
{
    struct buf *buf = arena_new_of(arena, struct buf);
    buf_init(buf, arena, LIMIT_BYTES);
    ics_begin(buf, S("待办"));
    ics_put(buf, event, day_start(day_of(2026, 11, 22)));
    ics_end(buf);
    assert_int_equal(buf_status(buf), ST_OK);
    return buf_str(buf);
}

static struct ics_event whole_day(struct str summary)
{
    return (struct ics_event){.uid = S("1@here"),
                              .summary = summary,
                              .day = day_of(2026, 12, 31),
                              .at = INSTANT_NONE};
}

static void a_whole_day_ends_with_the_next_one(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    const struct ics_event event = whole_day(S("报告"));
    struct str file = file_of(arena, &event);
    assert_true(str_has(file, S("\r\nDTSTART;VALUE=DATE:20261231\r\n")));
    assert_true(str_has(file, S("\r\nDTEND;VALUE=DATE:20270101\r\n")));
    assert_true(str_has(file, S("\r\nSUMMARY:报告\r\n")));
    assert_true(str_starts(file, S("BEGIN:VCALENDAR\r\n")));
    assert_true(str_ends(file, S("END:VEVENT\r\nEND:VCALENDAR\r\n")));
}

static void a_moment_is_told_in_world_time(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ics_event event = whole_day(S("x"));
    event.at = (struct instant){day_start(day_of(2026, 12, 31)).ms + 90 * MS_PER_MINUTE};
    struct str file = file_of(arena, &event);
    assert_true(str_has(file, S("\r\nDTSTART:20261230T173000Z\r\n")));
    assert_false(str_has(file, S("VALUE=DATE")));
}

static void marks_of_the_format_are_escaped(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    const struct ics_event event = whole_day(S("a,b;c\\d\r\ne"));
    assert_true(str_has(file_of(arena, &event), S("SUMMARY:a\\,b\\;c\\\\d\\ne\r\n")));
}

static void a_long_line_is_folded_between_characters(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    const struct ics_event event =
        whole_day(S("一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十"));
    struct str rest = file_of(arena, &event), line = {0};
    struct buf unfolded;
    buf_init(&unfolded, arena, LIMIT_BYTES);
    while (str_next(&rest, '\n', &line)) {
        assert_true(line.len <= LINE_BYTES + 1); /* with its CR */
        assert_true(line.len < 2 || ((unsigned char)line.at[1] & 0xC0) != 0x80 || line.at[0] != ' ');
        if (str_starts(line, S(" ")))
            buf_text(&unfolded, str_part(line, 1, line.len - 2));
        else if (str_starts(line, S("SUMMARY:")))
            buf_text(&unfolded, str_part(line, 8, line.len - 9));
    }
    assert_true(str_eq(buf_str(&unfolded), event.summary));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_day_ends_with_the_next_one),
        cmocka_unit_test(a_moment_is_told_in_world_time),
        cmocka_unit_test(marks_of_the_format_are_escaped),
        cmocka_unit_test(a_long_line_is_folded_between_characters),
    };
    return cmocka_run_group_tests_name("kit/ics", tests, NULL, NULL);
}
