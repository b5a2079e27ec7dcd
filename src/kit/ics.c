#include "kit/ics.h"

enum { LINE_BYTES = 75, OFFICE_HOURS_EAST = 8 };

/* One character, escaped (§3.3.11) and never cut; a folded line goes on after a blank (§3.1). */
static void put_character(struct buf *out, struct str character, size_t *io_used)
{
    char c = character.at[0];
    bool escaped = c == '\\' || c == ';' || c == ',' || c == '\n';
    size_t size = character.len + escaped;
    if (*io_used + size > LINE_BYTES) {
        buf_c(out, "\r\n ");
        *io_used = 1;
    }
    if (escaped)
        buf_char(out, '\\');
    if (c == '\n')
        buf_char(out, 'n');
    else
        buf_text(out, character);
    *io_used += size;
}

static void put_text(struct buf *out, const char *name, struct str text)
{
    size_t used = str_of(name).len;
    buf_c(out, name);
    for (size_t i = 0; i < text.len;) {
        size_t size = 1;
        while (i + size < text.len && ((unsigned char)text.at[i + size] & 0xC0) == 0x80)
            size++;
        if (text.at[i] != '\r')
            put_character(out, str_part(text, i, size), &used);
        i += size;
    }
    buf_c(out, "\r\n");
}

static void put_day(struct buf *out, const char *name, struct day day)
{
    struct civil civil = day_civil(day);
    buf_printf(out, "%s;VALUE=DATE:%04d%02d%02d\r\n", name, civil.year, civil.month, civil.day);
}

static void put_instant(struct buf *out, const char *name, struct instant at)
{
    struct instant utc = {at.ms - OFFICE_HOURS_EAST * MS_PER_HOUR};
    struct civil civil = day_civil(day_of_instant(utc));
    int minute = instant_minute_of_day(utc);
    buf_printf(out, "%s:%04d%02d%02dT%02d%02d00Z\r\n", name, civil.year, civil.month, civil.day,
               minute / 60, minute % 60);
}

void ics_begin(struct buf *out, struct str name)
{
    buf_c(out, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//lantian//calendar//ZH\r\n");
    put_text(out, "X-WR-CALNAME:", name);
}

void ics_put(struct buf *out, const struct ics_event *event, struct instant stamp)
{
    buf_c(out, "BEGIN:VEVENT\r\n");
    put_text(out, "UID:", event->uid);
    put_instant(out, "DTSTAMP", stamp);
    if (instant_is_none(event->at)) {
        put_day(out, "DTSTART", event->day);
        put_day(out, "DTEND", day_add(event->day, 1));
    } else {
        put_instant(out, "DTSTART", event->at);
    }
    put_text(out, "SUMMARY:", event->summary);
    if (!str_is_empty(event->description))
        put_text(out, "DESCRIPTION:", event->description);
    if (!str_is_empty(event->url))
        put_text(out, "URL:", event->url);
    buf_c(out, "END:VEVENT\r\n");
}

void ics_end(struct buf *out)
{
    buf_c(out, "END:VCALENDAR\r\n");
}
