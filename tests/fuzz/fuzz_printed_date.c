/*
 * Printed dates, batches and numbers: what was read, printed in the plain form, is read the same
 * again; folding twice is folding once.
 */
#include "base/buf.h"
#include "fuzz.h"
#include "services/intake_date.h"
#include "services/intake_number.h"
#include "services/intake_text.h"

static void check_date(struct arena *arena, struct str text)
{
    struct day day, again;
    enum printed_date kind = printed_date_parse(arena, text, 2024, &day);
    bool read = kind == PRINTED_DAY || kind == PRINTED_MENDED || kind == PRINTED_NO_YEAR;
    must(read == !day_is_none(day));
    (void)printed_date_find(arena, text, 2024, &again);
    if (!read)
        return;
    struct civil c = day_civil(day);
    struct str plain = str_printf(arena, "%d年%d月%d日", c.year, c.month, c.day);
    must(printed_date_parse(arena, plain, 0, &again) == PRINTED_DAY && again.v == day.v);
    must(printed_date_find(arena, plain, 0, &again) == PRINTED_DAY && again.v == day.v);
}

static void check_batch(struct arena *arena, struct str text)
{
    struct str label, again;
    size_t end = 0;
    enum printed_batch kind = printed_batch_find(arena, text, &label, &end);
    must(end <= text.len);
    if (kind != BATCH_FOUND)
        return;
    struct str plain = str_printf(arena, "第%.*s批", STR_ARG(label));
    must(printed_batch_find(arena, plain, &again, NULL) == BATCH_FOUND && str_eq(label, again));
}

static void check_number(struct arena *arena, struct str text)
{
    struct printed_number number, again;
    if (!printed_number_parse(arena, text, &number))
        return;
    must(number.text.len > 0);
    must(!number.shaped || number.several || printed_number_parse(arena, number.text, &again));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct str text = {(const char *)bytes, size};
    if (!str_is_clean(text))
        return 0;
    struct str folded = fold_text(arena, text);
    must(str_eq(folded, fold_text(arena, folded)));
    struct str tidy = tidy_text(arena, text);
    must(tidy.len <= text.len && str_is_clean(tidy));
    must(str_is_clean(fold_name(arena, text)) && str_is_clean(squeeze_text(arena, text)));
    check_date(arena, text);
    check_batch(arena, text);
    check_number(arena, text);
    return 0;
}
