/* See fixture_calendar.h. */
#include "fixture_calendar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct day fixture_day(const char *text)
{
    struct day day;
    must(day_parse(str_of(text), &day));
    return day;
}

struct instant fixture_instant(const char *text)
{
    struct instant at;
    must(instant_parse_lenient(str_of(text), &at));
    return at;
}

void fixture_calendar_load(struct ctx *ctx, struct fixture_calendar *out)
{
    FILE *file = fopen(getenv("CALENDAR_CSV"), "r");
    must(file != NULL);
    char line[256];
    must(fgets(line, sizeof line, file) != NULL);
    out->count = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        char day[16], kind[8], name[64], notice[64];
        must(sscanf(line, "%15[^,],%7[^,],%63[^,],%63[^\n]", day, kind, name, notice) == 4);
        must(out->count < COUNT_OF(out->rows));
        out->rows[out->count++] =
            (struct calendar_row){.day = fixture_day(day),
                                  .work = strcmp(kind, "work") == 0,
                                  .name = str_copy(ctx->arena, str_of(name)),
                                  .notice = str_copy(ctx->arena, str_of(notice))};
    }
    (void)fclose(file);
    must(calendar_build(ctx, ctx->arena, out->rows, out->count, &out->cal) == ST_OK);
}
