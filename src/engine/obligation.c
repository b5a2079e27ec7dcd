/*
 * Who owes, the case of a duty, and what counts towards it. A duty is known by its key alone, so that
 * whoever looks, and however often, means the same case.
 */
#include "engine/obligation.h"

#include "base/num.h"
#include "engine/place.h"

/* ---- who ---- */

static bool holds_role(const struct campaign_terms *campaign, struct str role, struct unit_id unit)
{
    value_each (holder, value_find(campaign->roles, role)) {
        int64_t id;
        if (holder->kind == VALUE_TEXT && num_parse_i64(holder->text, 1, INT64_MAX, &id) &&
            id == unit.v)
            return true;
    }
    return false;
}

/* A unit of a place where the pack does not work owes nothing by its kind. */
static bool is_at_work_there(const struct engine *engine, struct str region)
{
    const struct engine_world *world = &engine->world;
    return world->region_is_within(world->self, region, engine->campaign.region) &&
           (engine->regime->place_count == 0 || place_find(engine, region) != NULL);
}

bool obligation_is_owed_by(const struct engine *engine, const struct regime_obligation *item,
                           const struct unit_facts *unit)
{
    for (size_t i = 0; i < item->role_count; i++)
        if (holds_role(&engine->campaign, item->roles[i], unit->id))
            return true;
    for (size_t i = 0; i < item->kind_count; i++)
        if (str_eq(item->kinds[i], unit->kind))
            return is_at_work_there(engine, unit->region);
    return false;
}

static bool has_one_of(const struct value *value, const struct value *wanted)
{
    if (wanted->kind != VALUE_LIST)
        return value != NULL && value_eq(value, wanted);
    value_each (one, wanted)
        if (value != NULL && value_eq(value, one))
            return true;
    return false;
}

static bool fields_hold(const struct value *wanted, const struct casefile *casefile)
{
    value_each (field, wanted)
        if (!has_one_of(value_find(casefile->fields, field->key), field))
            return false;
    return true;
}

static bool is_among(const struct str *states, size_t count, struct str state)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(states[i], state))
            return true;
    return false;
}

static bool has_ended(const struct regime_procedure *procedure, struct str state)
{
    const struct regime_state *found = procedure_find_state(procedure, state);
    return found != NULL && found->end;
}

static bool is_asked_state(const struct regime_debtor *standing, struct str state)
{
    return standing->state_count == 0 ? !has_ended(standing->procedure, state)
                                      : is_among(standing->states, standing->state_count, state);
}

/* Whether it stood in such a state on one of the period's days. */
static bool stood_within(const struct regime_debtor *standing,
                         const struct obligation_period *period, const struct casefile *casefile)
{
    for (size_t i = 0; i < casefile->entries.len; i++) {
        const struct casefile_entry *entry = &casefile->entries.at[i];
        bool left = i + 1 < casefile->entries.len &&
                    day_of_instant(entry[1].at).v < period->opens.v;
        if (!left && day_of_instant(entry->at).v <= period->last.v &&
            is_asked_state(standing, entry->state))
            return true;
    }
    return false;
}

bool obligation_is_owed_in(const struct regime_obligation *item,
                           const struct obligation_period *period, const struct casefile *casefile,
                           struct day today)
{
    const struct regime_debtor *standing = item->standing;
    if (casefile->withdrawn || !str_eq(casefile->procedure, standing->procedure->name) ||
        !fields_hold(standing->fields, casefile))
        return false;
    return period->last.v >= today.v ? is_asked_state(standing, casefile->state)
                                     : stood_within(standing, period, casefile);
}

void obligation_list_debtors(struct arena *arena, const struct regime_obligation *item,
                             const struct casefile *casefile, struct obligation_debtor_list *out)
{
    const struct regime_debtor *standing = item->standing;
    struct obligation_debtor debtor = {.region = casefile->region, .standing = casefile};
    *out = (struct obligation_debtor_list){0};
    if (str_is_empty(standing->role)) {
        vec_add(arena, out, debtor);
        return;
    }
    const struct casefile_role *role = casefile_find_role(casefile, standing->role);
    for (size_t i = 0; role != NULL && i < role->units.len && (i == 0 || !standing->lead); i++) {
        debtor.unit.v = role->units.at[i];
        vec_add(arena, out, debtor);
    }
}

/* ---- the case ---- */

struct str obligation_key(struct arena *arena, const struct regime_obligation *item,
                          const struct obligation_period *period,
                          const struct obligation_debtor *debtor)
{
    const struct casefile *in = debtor->standing;
    struct str key = str_printf(arena, "%.*s/%.*s/%lld", STR_ARG(item->id), STR_ARG(period->name),
                                (long long)debtor->unit.v);
    return in == NULL ? key
                      : str_printf(arena, "%.*s@%.*s", STR_ARG(key),
                                   STR_ARG(casefile_ref_format(arena, in->prefecture, in->id)));
}

bool obligation_key_parse(struct str key, struct obligation_key *out)
{
    struct str unit;
    *out = (struct obligation_key){0};
    if (!str_next(&key, '/', &out->item) || !str_next(&key, '/', &out->period) ||
        !str_next(&key, '@', &unit))
        return false;
    out->standing = key;
    return num_parse_i64(unit, 0, INT64_MAX, &out->unit.v);
}

static struct value *id_text(struct arena *arena, int64_t id)
{
    return value_text(arena, str_printf(arena, "%lld", (long long)id));
}

/* Null where it has no such thing. */
static struct value *answer_of(struct arena *arena, struct str source,
                               const struct obligation_period *period,
                               const struct obligation_debtor *debtor)
{
    const struct casefile *in = debtor->standing;
    if (str_eq(source, S("opens")))
        return value_text(arena, day_format(arena, period->opens));
    if (str_eq(source, S("last")))
        return value_text(arena, day_format(arena, period->last));
    if (str_eq(source, S("due")))
        return value_text(arena, day_format(arena, period->due));
    if (str_eq(source, S("ordinal")))
        return value_int(arena, period->ordinal);
    if (str_eq(source, S("unit")))
        return debtor->unit.v == 0 ? NULL : id_text(arena, debtor->unit.v);
    if (str_eq(source, S("case")))
        return in == NULL ? NULL
                          : value_text(arena, casefile_ref_format(arena, in->prefecture, in->id));
    return value_text(arena, period->name);
}

static void put_holders(struct arena *arena, const struct casefile_role *role,
                        struct value *into)
{
    struct value *holders = value_list(arena);
    for (size_t i = 0; i < role->units.len; i++)
        value_append(holders, id_text(arena, role->units.at[i]));
    for (size_t i = 0; i < role->people.len; i++)
        value_append(holders, id_text(arena, role->people.at[i]));
    value_put(into, role->role, holders);
}

struct value *obligation_input(struct arena *arena, const struct regime_obligation *item,
                               const struct obligation_period *period,
                               const struct obligation_debtor *debtor)
{
    struct value *input = value_map(arena);
    value_put_text(arena, input, "region", debtor->region);
    value_put_text(arena, input, "key", obligation_key(arena, item, period, debtor));
    struct value *fields = value_put_map(arena, input, "fields");
    value_each (source, item->fields) {
        const struct value *literal = value_find_c(source, "value");
        struct value *answer = literal != NULL ? value_copy(arena, literal)
                                               : answer_of(arena, source->text, period, debtor);
        if (answer != NULL)
            value_put(fields, source->key, answer);
    }
    struct value *roles = value_put_map(arena, input, "roles");
    for (size_t i = 0; i < item->passed_count && debtor->standing != NULL; i++) {
        const struct casefile_role *role = casefile_find_role(debtor->standing, item->passed[i]);
        if (role != NULL)
            put_holders(arena, role, roles);
    }
    return input;
}

/* ---- what counts ---- */

int64_t obligation_least(const struct engine *engine, const struct regime_obligation *item)
{
    const struct value *least = item->fulfilment->at_least;
    if (least != NULL && least->kind == VALUE_TEXT)
        least = engine_setting(engine, least->text);
    return least == NULL || least->kind != VALUE_INT ? 1 : least->number;
}

static struct day day_of_value(const struct value *value)
{
    struct day day = DAY_NONE;
    if (value != NULL && value->kind == VALUE_TEXT)
        (void)day_parse(value->text, &day);
    return day;
}

static bool is_within(const struct obligation_period *period, struct day day)
{
    return !day_is_none(day) && day.v >= period->opens.v && day.v <= period->last.v;
}

/* Since when it has stood where it counts. */
static struct instant stood_since(const struct regime_fulfilment *by,
                                  const struct casefile *casefile)
{
    if (by->state_count == 0 || casefile->entries.len == 0)
        return casefile->created_at;
    return casefile->entries.at[casefile->entries.len - 1].at;
}

static bool names_unit(const struct regime_fulfilment *by, const struct value *row,
                       struct unit_id unit)
{
    int64_t id;
    const struct value *named = value_find(row, by->entry_unit);
    return str_is_empty(by->entry_unit) ||
           (named != NULL && named->kind == VALUE_TEXT &&
            num_parse_i64(named->text, 1, INT64_MAX, &id) && id == unit.v);
}

/* A row of the period; the first one's day is since when it counts. */
static bool has_entry(const struct regime_fulfilment *by, const struct obligation_period *period,
                      struct unit_id unit, const struct casefile *casefile,
                      struct instant *out_since)
{
    value_each (row, value_find(casefile->fields, by->entries)) {
        struct day day = day_of_value(value_find(row, by->entry_day));
        if (!is_within(period, day) || !names_unit(by, row, unit))
            continue;
        *out_since = day_start(day);
        return true;
    }
    return false;
}

/*
 * Whether its day tells the period: the date that it names, or else the day on which it came to stand
 * there. What may be told some days after the period is told by then, and no earlier than what was
 * told for the one before.
 */
static bool day_tells(const struct obligation *owed, const struct obligation_period *period,
                      const struct casefile *casefile)
{
    const struct regime_fulfilment *by = owed->item->fulfilment;
    if (!str_is_empty(by->on))
        return is_within(period, day_of_value(value_find(casefile->fields, by->on)));
    return is_within(period, day_add(day_of_instant(stood_since(by, casefile)), -owed->grace));
}

static bool is_meant(const struct engine *engine, const struct regime_fulfilment *by,
                     const struct obligation_debtor *debtor, const struct casefile *casefile)
{
    bool lead;
    const struct engine_world *world = &engine->world;
    if (casefile->withdrawn || !str_eq(casefile->procedure, by->procedure->name) ||
        (by->state_count > 0 && !is_among(by->states, by->state_count, casefile->state)) ||
        !fields_hold(by->fields, casefile))
        return false;
    if (by->in_region &&
        !world->region_is_within(world->self, casefile->region, debtor->region))
        return false;
    return str_is_empty(by->role) ||
           casefile_role_has_unit(casefile, by->role, debtor->unit.v, &lead);
}

enum obligation_answer obligation_ask(const struct engine *engine, const struct obligation *owed,
                                      const struct obligation_period *period,
                                      const struct obligation_debtor *debtor,
                                      const struct casefile *casefile, struct instant *out_since)
{
    const struct regime_fulfilment *by = owed->item->fulfilment;
    struct instant since = stood_since(by, casefile);
    if (!is_meant(engine, by, debtor, casefile))
        return OBLIGATION_NOT_MEANT;
    bool counts = str_is_empty(by->entries)
                      ? day_tells(owed, period, casefile)
                      : has_entry(by, period, debtor->unit, casefile, &since);
    if (counts) {
        *out_since = since;
        return OBLIGATION_COUNTS;
    }
    bool must = by->all && !has_ended(by->procedure, casefile->state) &&
                day_of_instant(casefile->created_at).v <= period->last.v;
    return must ? OBLIGATION_MISSING : OBLIGATION_NOT_MEANT;
}
