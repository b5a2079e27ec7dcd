/* Obligations are asked as the timer asks them: the same functions of the engine. */
#include "cases_duty.h"

#include "base/num.h"

/* The item and debtor that two words name, and the item's period of a day. */
struct named {
    const struct regime_obligation *item;
    struct obligation owed;
    struct obligation_debtor debtor;
    struct obligation_period period;
    bool is_owed; /* there is such a period, and they owe it */
};

/* The debtor of that unit among those of the standing case. */
static bool find_in_standing(const struct cases_duty *duty, const struct casefile *standing,
                             struct named *io_named)
{
    struct obligation_debtor_list debtors;
    if (standing == NULL || !obligation_is_owed_in(io_named->item, &io_named->period, standing,
                                                   day_of_instant(duty->now)))
        return false;
    obligation_list_debtors(duty->arena, io_named->item, standing, &debtors);
    for (size_t i = 0; i < debtors.len; i++) {
        if (debtors.at[i].unit.v != io_named->debtor.unit.v)
            continue;
        io_named->debtor = debtors.at[i];
        return true;
    }
    return false;
}

static bool is_owed_by(const struct cases_duty *duty, const struct regime_obligation *item,
                       const struct unit_facts *unit)
{
    if (item->role_count + item->kind_count == 0)
        return unit == NULL;
    return unit != NULL && obligation_is_owed_by(duty->engine, item, unit);
}

/* False: the words are not understood. */
static bool find_named(const struct cases_duty *duty, const struct str *words, size_t count,
                       struct day day, const struct casefile *standing, struct named *out)
{
    int64_t id = 0;
    const struct engine_world *world = &duty->engine->world;
    bool is_nobody = count > 1 && str_eq(words[1], S("-"));
    *out = (struct named){0};
    if (count < 2 || (!is_nobody && !num_parse_i64(words[1], 1, INT64_MAX, &id)))
        return false;
    const struct unit_facts *unit =
        is_nobody ? NULL : world->find_unit(world->self, (struct unit_id){id});
    out->item = regime_find_obligation(duty->engine->regime, words[0]);
    if (out->item == NULL || (unit == NULL && !is_nobody))
        return false;
    out->owed = obligation_of(duty->engine, out->item, duty->begins, duty->ends);
    if (day_is_none(duty->begins))
        out->owed.begins = day;
    out->debtor = (struct obligation_debtor){
        .unit = {id}, .region = unit == NULL ? duty->engine->campaign.region : unit->region};
    out->is_owed = obligation_find_period(duty->arena, &out->owed, day, &out->period) &&
                   (out->item->standing != NULL ? find_in_standing(duty, standing, out)
                                                : is_owed_by(duty, out->item, unit));
    return true;
}

const struct value *cases_duty_input(const struct cases_duty *duty, const struct str *words,
                                     size_t count, struct str *out_wrong)
{
    struct named named;
    *out_wrong = S("no such obligation or unit");
    if (!find_named(duty, words + 2, count - 2, day_of_instant(duty->now), duty->before, &named))
        return NULL;
    *out_wrong = S("is not owed");
    if (!named.is_owed || named.item->procedure != duty->engine->procedure)
        return NULL;
    return obligation_input(duty->arena, named.item, &named.period, &named.debtor);
}

/* What a word of an expectation asks of the period, and what it expects. */
static struct str asked_of(const struct cases_duty *duty, const struct named *named,
                           struct str word, struct str *out_wanted)
{
    const struct obligation_period *period = &named->period;
    struct str rest = word, key;
    *out_wanted = word;
    if (str_find_char(word, '=') == SIZE_MAX)
        return period->name;
    (void)str_next(&rest, '=', &key);
    *out_wanted = rest;
    if (str_eq(key, S("n")))
        return str_printf(duty->arena, "%d", period->ordinal);
    if (str_eq(key, S("ahead")))
        return str_printf(duty->arena, "%d", named->owed.ahead);
    return day_format(duty->arena, str_eq(key, S("opens"))  ? period->opens
                                   : str_eq(key, S("last")) ? period->last
                                                            : period->due);
}

static struct str expect_owed(const struct cases_duty *duty, const struct str *words, size_t count,
                              bool negative)
{
    struct named named;
    if (!find_named(duty, words, count, day_of_instant(duty->now), duty->casefile, &named))
        return S("no such obligation or unit");
    if (named.is_owed == negative)
        return negative ? S("is owed") : S("is not owed");
    for (size_t i = 2; i < count; i++) {
        struct str wanted;
        struct str found = asked_of(duty, &named, words[i], &wanted);
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
    if (!find_named(duty, words, count, day, duty->before, &named) || named.item->fulfilment == NULL)
        return S("no such obligation or unit");
    bool so = named.is_owed && obligation_ask(duty->engine, &named.owed, &named.period,
                                              &named.debtor, duty->casefile, &since) == wanted;
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
