/*
 * `deadlines:` — how long, what starts and stops the count, what a lapse brings.
 */
#include "base/length.h"
#include "regime/load_int.h"

static bool clock_unit_of(enum length_unit unit, enum clock_unit *out)
{
    switch (unit) {
    case LENGTH_HOURS: *out = CLOCK_HOURS; return true;
    case LENGTH_DAYS: *out = CLOCK_DAYS; return true;
    case LENGTH_WORKDAYS: *out = CLOCK_WORKDAYS; return true;
    case LENGTH_MONTHS:
    case LENGTH_UNIT_COUNT: return false;
    }
    must(false);
}

/* "3 days", or the name of a setting with a unit of time. */
static void bind_within(struct loader *l, void *into, const struct yaml_node *node)
{
    struct regime_deadline *deadline = into;
    const struct regime_setting *setting;
    struct length length;
    enum length_unit unit;
    if (node->kind == YAML_TEXT && is_name(node->text)) {
        if (!need_setting(l, node, &setting))
            return;
        deadline->setting = setting->name;
        if (setting->value->kind != VALUE_INT || !length_unit_parse(setting->unit, &unit) ||
            !clock_unit_of(unit, &deadline->unit))
            fault_type(l, node, "pack.want.length_setting");
        else
            deadline->length = setting->value->number;
    } else if (length_parse(node->text, &length) && clock_unit_of(length.unit, &deadline->unit)) {
        deadline->length = length.count;
    } else {
        fault_type(l, node, "pack.want.length");
    }
}

/* `unit:` the name of a setting whose value is hours, days or workdays. */
static void bind_unit(struct loader *l, void *into, const struct yaml_node *node)
{
    struct regime_deadline *deadline = into;
    const struct regime_setting *setting;
    enum length_unit unit;
    if (!need_setting(l, node, &setting))
        return;
    deadline->unit_setting = setting->name;
    if (setting->value->kind != VALUE_TEXT || !length_unit_parse(setting->value->text, &unit) ||
        !clock_unit_of(unit, &deadline->unit))
        fault_type(l, node, "pack.want.length_setting");
}

static void bind_until(struct loader *l, void *into, const struct yaml_node *node)
{
    struct regime_deadline *deadline = into;
    const struct regime_field *field = need_field(l, node);
    if (field == NULL)
        return;
    deadline->until = field->name;
    deadline->unit = CLOCK_UNTIL;
    if (field->kind != FIELD_DATE)
        fault_type(l, node, "pack.want.date_field");
}

static void bind_origin(struct loader *l, void *into, const struct yaml_node *node)
{
    struct regime_deadline *deadline = into;
    const struct regime_field *field = need_field(l, node);
    if (field == NULL)
        return;
    deadline->from = field->name;
    if (field->kind != FIELD_DATE && field->kind != FIELD_TIME)
        fault_type(l, node, "pack.want.time_field");
}

static void bind_roll(struct loader *l, void *into, const struct yaml_node *node)
{
    struct regime_deadline *deadline = into;
    deadline->roll = str_eq(node->text, S("next_workday"));
    if (!deadline->roll)
        fault_type(l, node, "pack.want.roll");
}

struct names {
    const struct str *at;
    size_t count;
};

/* Commands; `confirmations`: also confirmed:<what>. */
static struct names bind_commands(struct loader *l, const struct yaml_node *node,
                                  bool confirmations)
{
    VEC(struct str) names = {0};
    items_each (item, node) {
        struct str text;
        if (!bind_text(l, item, &text))
            continue;
        if (confirmations && str_starts(text, S("confirmed:")))
            mention_add(l, &l->scope->wanted, str_from(text, 10), text_place(item, 10));
        else if (!need_command(l, item, text))
            continue;
        vec_add(l->arena, &names, text);
    }
    return (struct names){names.at, names.len};
}

/* The commands that name this clock themselves (`starts:`, `stops:`). */
static struct names join(struct loader *l, struct names names, struct str clock,
                         const struct mentions *clocks, const struct mentions *commands)
{
    VEC(struct str) all = {0};
    for (size_t i = 0; i < names.count; i++)
        vec_add(l->arena, &all, names.at[i]);
    for (size_t i = 0; i < clocks->len; i++) {
        if (str_eq(clocks->at[i].name, clock))
            vec_add(l->arena, &all, commands->at[i].name);
    }
    return (struct names){all.at, all.len};
}

static void bind_starts_on(struct loader *l, void *into, const struct yaml_node *node)
{
    struct regime_deadline *deadline = into;
    struct names names = bind_commands(l, node, false);
    deadline->starts_on = names.at;
    deadline->start_count = names.count;
    if (items_count(node) > 0) /* a wrong name is a fault of its own */
        mention_add(l, &l->scope->started, deadline->name, node_place(node));
}

static void bind_stops_on(struct loader *l, void *into, const struct yaml_node *node)
{
    struct regime_deadline *deadline = into;
    struct names names = bind_commands(l, node, true);
    deadline->stops_on = names.at;
    deadline->stop_count = names.count;
}

static void bind_pauses_on(struct loader *l, void *into, const struct yaml_node *node)
{
    struct regime_deadline *deadline = into;
    struct names names = bind_commands(l, node, false);
    deadline->pauses_on = names.at;
    deadline->pause_count = names.count;
}

static void bind_resumes_on(struct loader *l, void *into, const struct yaml_node *node)
{
    struct regime_deadline *deadline = into;
    struct names names = bind_commands(l, node, false);
    deadline->resumes_on = names.at;
    deadline->resume_count = names.count;
}

static void bind_lapse(struct loader *l, void *into, const struct yaml_node *node)
{
    struct regime_deadline *deadline = into;
    bind_effects(l, node, &deadline->on_lapse, &deadline->lapse_count);
}

static void bind_charge(struct loader *l, void *into, const struct yaml_node *node)
{
    struct regime_deadline *deadline = into;
    struct regime_actor actor;
    if (bind_actor(l, node, &actor))
        deadline->charge = actor.role;
}

#define DEADLINE_KEY(word, kind_, member)                                                          \
    {                                                                                              \
        .key = word, .kind = kind_, .offset = offsetof(struct regime_deadline, member)             \
    }

static const struct bind_key DEADLINE_KEYS[] = {
    {.key = "zh",
     .kind = BIND_WORD,
     .needed = true,
     .offset = offsetof(struct regime_deadline, words.zh)},
    {.key = "en",
     .kind = BIND_WORD,
     .needed = true,
     .offset = offsetof(struct regime_deadline, words.en)},
    {.key = "within", .kind = BIND_BY, .by = bind_within},
    {.key = "unit", .kind = BIND_BY, .by = bind_unit},
    {.key = "until", .kind = BIND_BY, .by = bind_until},
    {.key = "from", .kind = BIND_BY, .by = bind_origin},
    {.key = "roll", .kind = BIND_BY, .by = bind_roll},
    {.key = "starts_on", .kind = BIND_BY, .by = bind_starts_on},
    {.key = "stops_on", .kind = BIND_BY, .by = bind_stops_on},
    {.key = "pauses_on", .kind = BIND_BY, .by = bind_pauses_on},
    {.key = "resumes_on", .kind = BIND_BY, .by = bind_resumes_on},
    {.key = "on_lapse", .kind = BIND_BY, .by = bind_lapse},
    {.key = "charge", .kind = BIND_BY, .by = bind_charge},
    DEADLINE_KEY("restarts", BIND_BOOL, restarts),
    DEADLINE_KEY("clause", BIND_CLAUSE, clause),
};

/* Either a length or a last day. */
static void check_length(struct loader *l, const struct yaml_node *node)
{
    const struct yaml_node *within = yaml_find(node, "within");
    const struct yaml_node *until = yaml_find(node, "until");
    if (within == NULL && until == NULL)
        fault(l, FAULT_MISSING_KEY, key_place(node), "pack.missing.length", NULL,
              ARGS(arg_text("name", node->key)));
    if (within != NULL && until != NULL)
        fault(l, FAULT_DUPLICATE_NAME, key_place(until), "pack.duplicate_length", NULL,
              ARGS(arg_text("name", node->key)));
}

static void check_deadline(struct loader *l, const struct yaml_node *node,
                           const struct regime_deadline *deadline)
{
    check_length(l, node);
    const struct yaml_node *lapse = yaml_find(node, "on_lapse");
    if (lapse == NULL || items_count(lapse) == 0)
        fault(l, FAULT_DEADLINE_WITHOUT_CONSEQUENCE, deadline->place, "pack.no_consequence",
              "pack.hint.on_lapse", ARGS(arg_text("name", deadline->name)));
}

static void bind_deadline(struct loader *l, const struct yaml_node *node,
                          struct regime_deadline *deadline)
{
    *deadline = (struct regime_deadline){.name = node->key, .place = key_place(node)};
    if (!is_name(node->key))
        fault(l, FAULT_WRONG_TYPE, key_place(node), "pack.want.name_key", NULL,
              ARGS(arg_text("name", node->key)));
    if (!bind_map(l, node, DEADLINE_KEYS, COUNT_OF(DEADLINE_KEYS), false, deadline))
        return;
    check_deadline(l, node, deadline);
    struct names starts = join(l, (struct names){deadline->starts_on, deadline->start_count},
                               deadline->name, &l->scope->starts, &l->scope->starters);
    struct names stops = join(l, (struct names){deadline->stops_on, deadline->stop_count},
                              deadline->name, &l->scope->stops, &l->scope->stoppers);
    deadline->starts_on = starts.at;
    deadline->start_count = starts.count;
    deadline->stops_on = stops.at;
    deadline->stop_count = stops.count;
}

void bind_deadlines(struct loader *l, const struct yaml_node *map)
{
    VEC(struct regime_deadline) deadlines = {0};
    if (map->kind != YAML_MAP || map->count > PACK_ITEMS_MAX) {
        fault_type(l, map, "pack.want.map");
        return;
    }
    yaml_each (child, map)
        bind_deadline(l, child, vec_push(l->arena, &deadlines));
    l->scope->procedure->deadlines = deadlines.at;
    l->scope->procedure->deadline_count = deadlines.len;
}
