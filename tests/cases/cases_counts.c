/* Tallies are made of the cases of the example and looked up by their groups. */
#include "cases_counts.h"

#include "base/num.h"

static bool is_line(const struct regime_count *item, const struct count_line *line,
                    struct str groups, struct str period)
{
    size_t g = 0;
    for (struct str one; str_next(&groups, '/', &one); g++)
        if (g >= item->group_count || !str_eq(one, line->group[g]))
            return false;
    return g == item->group_count && (str_is_empty(period) || str_eq(period, line->period));
}

struct str cases_counts_expect(struct arena *arena, const struct engine *engine,
                               const struct casefile *const *cases, size_t case_count,
                               const struct str *words, size_t count)
{
    struct count_list lines;
    int64_t found = 0;
    int64_t wanted;
    if (count < 3 || !num_parse_i64(words[1], 0, INT64_MAX, &wanted))
        return S("ITEM SIZE GROUP[/GROUP] [PERIOD] [reached | below]");
    const struct regime_count *item = regime_find_count(engine->regime, words[0]);
    if (item == NULL)
        return S("the pack has no such item");
    struct str last = words[count - 1];
    bool asks_reached = str_eq(last, S("reached")) || str_eq(last, S("below"));
    bool reached = false;
    count -= asks_reached;
    counts_list(arena, item, cases, case_count, &lines);
    for (size_t i = 0; i < lines.len; i++)
        if (is_line(item, &lines.at[i], words[2], count > 3 ? words[3] : S(""))) {
            found += counts_size(item, &lines.at[i]);
            reached = reached || counts_is_reached(engine, item, &lines.at[i]);
        }
    if (asks_reached && reached != str_eq(last, S("reached")))
        return reached ? S("reached") : S("below");
    return found == wanted ? (struct str){0} : str_printf(arena, "%lld are", (long long)found);
}
