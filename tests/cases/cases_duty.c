/* Obligations are asked as the timer asks them: the same functions of the engine. */
#include "cases_duty.h"

#include "base/num.h"

/* The item and unit that two words name, and the item's period of a day. */
struct named {
    const struct regime_obligation *item;
    const struct unit_facts *unit;
    struct obligation_period period;
    bool owed; /* there is such a period, and the unit owes it */
};

static bool find_named(const struct cases_duty *duty, const struct str *words, size_t count,
                       struct day day, struct named *out)
{
    int64_t id;
    const struct engine_world *world = &duty->engine->world;
    *out = (struct named){0};
    if (count < 2 || !num_parse_i64(words[1], 1, INT64_MAX, &id))
        return false;
    out->item = regime_find_obligation(duty->engine->regime, words[0]);
    out->unit = world->find_unit(world->self, (struct unit_id){id});
    if (out->item == NULL || out->unit == NULL)
        return false;
    out->owed = obligation_find_period(duty->arena, out->item, day, &out->period) &&
                obligation_is_owed_by(duty->engine, out->item, out->unit);
    return true;
}

const struct value *cases_duty_input(const struct cases_duty *duty, const struct str *words,
                                     size_t count, struct str *out_wrong)
{
    struct named named;
    *out_wrong = S("no such obligation or unit");
    if (!find_named(duty, words + 2, count - 2, day_of_instant(duty->now), &named))
        return NULL;
    *out_wrong = S("is not owed");
    if (!named.owed || named.item->procedure != duty->engine->procedure)
        return NULL;
    return obligation_input(duty->arena, named.item, &named.period, named.unit);
}

static struct str expect_owed(const struct cases_duty *duty, const struct str *words, size_t count,
                              bool negative)
{
    struct named named;
    if (!find_named(duty, words, count, day_of_instant(duty->now), &named))
        return S("no such obligation or unit");
    if (named.owed == negative)
        return negative ? S("is owed") : S("is not owed");
    for (size_t i = 2; i < count; i++) {
        bool is_opens = str_starts(words[i], S("opens=")), is_due = str_starts(words[i], S("due="));
        struct str found = is_opens ? day_format(duty->arena, named.period.opens)
                           : is_due ? day_format(duty->arena, named.period.due)
                                    : named.period.name;
        struct str wanted = is_opens ? str_from(words[i], 6)
                            : is_due ? str_from(words[i], 4)
                                     : words[i];
        if (!str_eq(found, wanted))
            return str_concat(duty->arena, S("it is "), found);
    }
    return (struct str){0};
}

static struct str expect_answer(const struct cases_duty *duty, const struct str *words,
                                size_t count, enum obligation_answer wanted, bool negative)
{
    struct named named;
    struct instant since;
    struct day day = day_of_instant(duty->now);
    if (count > 2 && !day_parse(words[2], &day))
        return S("no date");
    if (!find_named(duty, words, count, day, &named) || named.item->fulfilment == NULL)
        return S("no such obligation or unit");
    bool so = named.owed && obligation_ask(named.item, &named.period, named.unit->id,
                                           duty->casefile, &since) == wanted;
    return so != negative ? (struct str){0} : negative ? S("it is so") : S("it is not so");
}

static struct str expect_least(const struct cases_duty *duty, const struct str *words, size_t count)
{
    int64_t wanted;
    const struct regime_obligation *item =
        regime_find_obligation(duty->engine->regime, words[0]);
    bool ok = item != NULL && item->fulfilment != NULL && count > 1 &&
              num_parse_i64(words[1], 1, INT64_MAX, &wanted) &&
              obligation_least(duty->engine, item) == wanted;
    return ok ? (struct str){0} : S("it is another number");
}

static struct str expect_fulfilled(const struct cases_duty *duty, const struct str *words,
                                   size_t count)
{
    const struct regime_obligation *item =
        regime_find_obligation(duty->engine->regime, words[0]);
    bool ok = item != NULL && item->fulfilment != NULL && count > 1 &&
              str_eq(item->fulfilment->command, words[1]) &&
              str_eq(item->fulfilment->link, count > 2 ? words[2] : S(""));
    return ok ? (struct str){0} : S("it is fulfilled otherwise");
}

bool cases_duty_knows(struct str word)
{
    static const char *const words[] = {"owed", "counts", "missing", "least", "fulfilled"};
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_eq_c(word, words[i]))
            return true;
    return false;
}

struct str cases_duty_expect(const struct cases_duty *duty, const struct str *words, size_t count)
{
    bool negative = str_eq(words[1], S("no"));
    size_t at = negative ? 2 : 1;
    struct str what = words[at];
    words += at + 1;
    count -= at + 1;
    if (count == 0)
        return S("what is expected?");
    if (str_eq(what, S("owed")))
        return expect_owed(duty, words, count, negative);
    if (str_eq(what, S("counts")))
        return expect_answer(duty, words, count, OBLIGATION_COUNTS, negative);
    if (str_eq(what, S("missing")))
        return expect_answer(duty, words, count, OBLIGATION_MISSING, negative);
    return str_eq(what, S("least")) ? expect_least(duty, words, count)
                                    : expect_fulfilled(duty, words, count);
}
