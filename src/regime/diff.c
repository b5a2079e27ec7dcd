/*
 * Each thing is written down as rows of (part, text); two things differ where their rows do. Rows of rules
 * (needs, then, asks …) are sets: one rule more or less is one change.
 */
#include "regime/diff.h"

#include "base/buf.h"
#include "base/vec.h"
#include "kit/json.h"

struct row {
    const char *part;
    struct str text;
};

struct rows {
    struct row *at;
    size_t len;
    size_t cap;
};

struct thing {
    struct str name;
    struct rows rows;
};

struct things {
    struct thing *at;
    size_t len;
    size_t cap;
};

enum { ROW_MAX = 4 << 20 };

static void add_row(struct arena *arena, struct thing *thing, const char *part, struct str text)
{
    if (!str_is_empty(text))
        vec_add(arena, &thing->rows, ((struct row){part, text}));
}

static void add_words(struct arena *arena, struct thing *thing, struct words words)
{
    add_row(arena, thing, "zh", words.zh);
    add_row(arena, thing, "en", words.en);
}

static void add_bool(struct arena *arena, struct thing *thing, const char *part, bool flag)
{
    if (flag)
        add_row(arena, thing, part, S("true"));
}

static void put_value(struct buf *text, const struct value *value)
{
    if (value != NULL)
        json_print(text, value);
}

static void put_condition(struct buf *text, const struct regime_condition *condition)
{
    struct str word = vocabulary_conditions[condition->kind].word;
    buf_printf(text, "{%.*s: ", STR_ARG(word));
    put_value(text, condition->args);
    for (size_t i = 0; i < condition->count; i++)
        put_condition(text, &condition->all[i]);
    buf_char(text, '}');
}

static struct str rule_text(struct arena *arena, struct str word, const struct value *args,
                            const struct regime_condition *when, struct str clause)
{
    struct buf text;
    buf_init(&text, arena, ROW_MAX);
    buf_printf(&text, "%.*s: ", STR_ARG(word));
    put_value(&text, args);
    if (when != NULL) {
        buf_c(&text, " if ");
        put_condition(&text, when);
    }
    if (!str_is_empty(clause))
        buf_printf(&text, " (%.*s)", STR_ARG(clause));
    return buf_str(&text);
}

static void add_guards(struct arena *arena, struct thing *thing, const char *part,
                       const struct regime_guard *guards, size_t count)
{
    for (size_t i = 0; i < count; i++)
        add_row(arena, thing, part,
                rule_text(arena, vocabulary_guards[guards[i].kind].word, guards[i].args,
                          guards[i].when, guards[i].clause));
}

static void add_effects(struct arena *arena, struct thing *thing, const char *part,
                        const struct regime_effect *effects, size_t count)
{
    for (size_t i = 0; i < count; i++)
        add_row(arena, thing, part,
                rule_text(arena, vocabulary_effects[effects[i].kind].word, effects[i].args,
                          effects[i].when, effects[i].clause));
}

static void add_actors(struct arena *arena, struct thing *thing, const char *part,
                       const struct regime_actor *actors, size_t count)
{
    for (size_t i = 0; i < count; i++)
        add_row(arena, thing, part,
                str_printf(arena, "%.*s%s%s%.*s", STR_ARG(actors[i].role),
                           actors[i].lead ? ".lead" : "", actors[i].post.len > 0 ? "/" : "",
                           STR_ARG(actors[i].post)));
}

static void add_names(struct arena *arena, struct thing *thing, const char *part,
                      const struct str *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        add_row(arena, thing, part, names[i]);
}

static struct thing *new_thing(struct arena *arena, struct things *things, struct str name)
{
    struct thing *thing = vec_push(arena, things);
    thing->name = name;
    return thing;
}

static void describe_field(struct arena *arena, struct thing *thing,
                           const struct regime_field *field)
{
    add_words(arena, thing, field->words);
    add_row(arena, thing, "kind", str_of(field_kind_name(field->kind)));
    add_bool(arena, thing, "many", field->many);
    add_bool(arena, thing, "required", field->required);
    add_bool(arena, thing, "filter", field->filter);
    add_bool(arena, thing, "sealed", field->sealed);
    add_row(arena, thing, "of", field->dictionary);
    for (size_t i = 0; str_is_empty(field->dictionary) && i < field->choice_count; i++)
        add_row(arena, thing, "of", field->choices[i].code);
    for (size_t i = 0; i < field->column_count; i++)
        add_row(arena, thing, "columns", field->columns[i].name);
    add_row(arena, thing, "role", field->role);
    add_row(arena, thing, "clause", field->clause);
}

static struct things list_fields(struct arena *arena, const struct regime_procedure *procedure)
{
    struct things things = {0};
    for (size_t i = 0; i < procedure->field_count; i++)
        describe_field(arena, new_thing(arena, &things, procedure->fields[i].name),
                       &procedure->fields[i]);
    return things;
}

static struct things list_states(struct arena *arena, const struct regime_procedure *procedure)
{
    struct things things = {0};
    for (size_t i = 0; i < procedure->state_count; i++) {
        const struct regime_state *state = &procedure->states[i];
        struct thing *thing = new_thing(arena, &things, state->name);
        add_words(arena, thing, state->words);
        add_row(arena, thing, "like", state->like);
        add_bool(arena, thing, "start", state->start);
        add_bool(arena, thing, "end", state->end);
        add_bool(arena, thing, "rests", state->rests);
    }
    return things;
}

/* An ask as one row: its name and what it demands. */
static void add_asks(struct arena *arena, struct thing *thing,
                     const struct regime_transition *transition)
{
    for (size_t i = 0; i < transition->ask_count; i++) {
        const struct regime_field *ask = &transition->asks[i];
        add_row(arena, thing, "asks",
                str_printf(arena, "%.*s: %s%s%s", STR_ARG(ask->name), field_kind_name(ask->kind),
                           ask->required ? " required" : "", ask->yes ? " yes" : ""));
    }
}

static struct things list_transitions(struct arena *arena, const struct regime_procedure *procedure)
{
    struct things things = {0};
    for (size_t i = 0; i < procedure->transition_count; i++) {
        const struct regime_transition *transition = &procedure->transitions[i];
        struct thing *thing = new_thing(arena, &things, transition->name);
        add_words(arena, thing, transition->words);
        for (size_t j = 0; j < transition->from_count; j++)
            add_row(arena, thing, "from", transition->from[j]->name);
        add_row(arena, thing, "to", transition->to == NULL ? S("") : transition->to->name);
        add_actors(arena, thing, "by", transition->by, transition->by_count);
        add_asks(arena, thing, transition);
        add_guards(arena, thing, "needs", transition->needs, transition->need_count);
        add_effects(arena, thing, "then", transition->then, transition->then_count);
        add_row(arena, thing, "clause", transition->clause);
    }
    return things;
}

static void add_length(struct arena *arena, struct thing *thing,
                       const struct regime_deadline *deadline)
{
    static const char *const units[] = {
        [CLOCK_HOURS] = "hours", [CLOCK_DAYS] = "days", [CLOCK_WORKDAYS] = "workdays"};
    if (deadline->unit == CLOCK_UNTIL)
        add_row(arena, thing, "until", deadline->until);
    else
        add_row(arena, thing, "within",
                str_printf(arena, "%lld %s", (long long)deadline->length, units[deadline->unit]));
    add_row(arena, thing, "unit", deadline->unit_setting);
}

static struct things list_deadlines(struct arena *arena, const struct regime_procedure *procedure)
{
    struct things things = {0};
    for (size_t i = 0; i < procedure->deadline_count; i++) {
        const struct regime_deadline *deadline = &procedure->deadlines[i];
        struct thing *thing = new_thing(arena, &things, deadline->name);
        add_words(arena, thing, deadline->words);
        add_length(arena, thing, deadline);
        add_row(arena, thing, "from", deadline->from);
        add_bool(arena, thing, "roll", deadline->roll);
        add_bool(arena, thing, "restarts", deadline->restarts);
        add_names(arena, thing, "starts_on", deadline->starts_on, deadline->start_count);
        add_names(arena, thing, "stops_on", deadline->stops_on, deadline->stop_count);
        add_names(arena, thing, "pauses_on", deadline->pauses_on, deadline->pause_count);
        add_names(arena, thing, "resumes_on", deadline->resumes_on, deadline->resume_count);
        add_effects(arena, thing, "on_lapse", deadline->on_lapse, deadline->lapse_count);
        add_row(arena, thing, "charge", deadline->charge);
        add_row(arena, thing, "clause", deadline->clause);
    }
    return things;
}

static void add_standing(struct arena *arena, struct thing *thing,
                         const struct regime_standing *standing)
{
    struct buf text;
    if (standing == NULL)
        return;
    buf_init(&text, arena, ROW_MAX);
    json_print(&text, standing->states);
    add_row(arena, thing, "for case of", standing->procedure);
    add_row(arena, thing, "for states", buf_str(&text));
    add_row(arena, thing, "for role", standing->role);
}

static struct things list_roles(struct arena *arena, const struct regime *regime)
{
    struct things things = {0};
    for (size_t i = 0; i < regime->role_count; i++) {
        const struct regime_role *role = &regime->roles[i];
        struct thing *thing = new_thing(arena, &things, role->name);
        add_words(arena, thing, role->words);
        add_bool(arena, thing, "people", role->of_people);
        add_bool(arena, thing, "many", role->many);
        add_bool(arena, thing, "for campaign", role->of_campaign);
        add_bool(arena, thing, "for region", role->from_region);
        add_standing(arena, thing, role->standing);
        add_names(arena, thing, "kinds", role->kinds, role->kind_count);
        add_row(arena, thing, "post", role->post);
    }
    return things;
}

static struct things list_settings(struct arena *arena, const struct regime *regime)
{
    struct things things = {0};
    for (size_t i = 0; i < regime->setting_count; i++) {
        const struct regime_setting *setting = &regime->settings[i];
        struct thing *thing = new_thing(arena, &things, setting->name);
        struct buf text;
        buf_init(&text, arena, ROW_MAX);
        json_print(&text, setting->value);
        add_row(arena, thing, "value", buf_str(&text));
        add_row(arena, thing, "unit", setting->unit);
    }
    return things;
}

static struct things list_sources(struct arena *arena, const struct regime *regime)
{
    struct things things = {0};
    for (size_t i = 0; i < regime->source_count; i++) {
        struct thing *thing = new_thing(arena, &things, regime->sources[i].id);
        add_words(arena, thing, regime->sources[i].words);
        add_row(arena, thing, "tier", regime->sources[i].tier);
    }
    return things;
}

static struct things list_sections(struct arena *arena, const struct regime *regime)
{
    struct things things = {0};
    for (size_t i = 0; i < regime->section_count; i++) {
        struct thing *thing = new_thing(arena, &things, regime->sections[i].name);
        value_each (item, regime->sections[i].items) {
            struct buf text;
            buf_init(&text, arena, ROW_MAX);
            json_print(&text, item);
            add_row(arena, thing, "items", buf_str(&text));
        }
    }
    return things;
}

static struct things list_create(struct arena *arena, const struct regime_procedure *procedure)
{
    struct things things = {0};
    struct thing *thing = new_thing(arena, &things, S("create"));
    add_actors(arena, thing, "created_by", procedure->created_by, procedure->created_by_count);
    add_actors(arena, thing, "unsealed_by", procedure->unsealed_by, procedure->unsealed_by_count);
    add_guards(arena, thing, "create_needs", procedure->create_needs, procedure->create_need_count);
    add_effects(arena, thing, "create_then", procedure->create_then, procedure->create_then_count);
    add_row(arena, thing, "number", procedure->number);
    add_names(arena, thing, "closed_to", procedure->closed_to, procedure->closed_count);
    add_names(arena, thing, "evidence_kinds", procedure->evidence_kinds,
              procedure->evidence_kind_count);
    return things;
}

static bool has_row(const struct thing *thing, const struct row *row)
{
    for (size_t i = 0; i < thing->rows.len; i++) {
        if (str_eq(str_of(thing->rows.at[i].part), str_of(row->part)) &&
            str_eq(thing->rows.at[i].text, row->text))
            return true;
    }
    return false;
}

/* The other side's row of the same part, where both have just one: an old and a new value. */
static const struct row *counterpart(const struct thing *thing, const struct thing *other,
                                     const char *part)
{
    const struct row *found = NULL;
    size_t mine = 0;
    size_t theirs = 0;
    for (size_t i = 0; i < thing->rows.len; i++)
        mine += str_eq(str_of(thing->rows.at[i].part), str_of(part));
    for (size_t i = 0; i < other->rows.len; i++) {
        if (!str_eq(str_of(other->rows.at[i].part), str_of(part)))
            continue;
        theirs++;
        found = &other->rows.at[i];
    }
    return mine == 1 && theirs == 1 ? found : NULL;
}

struct differ {
    struct arena *arena;
    struct regime_changes *out;
    const char *what;
    struct str procedure;
};

static void add_change(struct differ *d, enum regime_change_kind kind, struct str name,
                       const char *part, struct str before, struct str after)
{
    vec_add(
        d->arena, d->out,
        ((struct regime_change){kind, d->what, d->procedure, name, str_of(part), before, after}));
}

static void compare_things(struct differ *d, const struct thing *before, const struct thing *after)
{
    for (size_t i = 0; i < before->rows.len; i++) {
        const struct row *row = &before->rows.at[i];
        if (has_row(after, row))
            continue;
        const struct row *now = counterpart(before, after, row->part);
        add_change(d, REGIME_CHANGED, before->name, row->part, row->text,
                   now == NULL ? (struct str){0} : now->text);
    }
    for (size_t i = 0; i < after->rows.len; i++) {
        const struct row *row = &after->rows.at[i];
        if (!has_row(before, row) && counterpart(after, before, row->part) == NULL)
            add_change(d, REGIME_CHANGED, after->name, row->part, (struct str){0}, row->text);
    }
}

/* The n-th thing of this name: a command may have a row for several groups of states. */
static const struct thing *find_nth(const struct things *things, struct str name, size_t n)
{
    for (size_t i = 0; i < things->len; i++) {
        if (str_eq(things->at[i].name, name) && n-- == 0)
            return &things->at[i];
    }
    return NULL;
}

static size_t count_before(const struct things *things, size_t at)
{
    size_t n = 0;
    for (size_t i = 0; i < at; i++)
        n += str_eq(things->at[i].name, things->at[at].name);
    return n;
}

static void compare_lists(struct differ *d, const char *what, struct things before,
                          struct things after)
{
    d->what = what;
    for (size_t i = 0; i < before.len; i++) {
        const struct thing *now = find_nth(&after, before.at[i].name, count_before(&before, i));
        if (now == NULL)
            add_change(d, REGIME_REMOVED, before.at[i].name, NULL, (struct str){0},
                       (struct str){0});
        else
            compare_things(d, &before.at[i], now);
    }
    for (size_t i = 0; i < after.len; i++) {
        if (find_nth(&before, after.at[i].name, count_before(&after, i)) == NULL)
            add_change(d, REGIME_ADDED, after.at[i].name, NULL, (struct str){0}, (struct str){0});
    }
}

static void compare_procedures(struct differ *d, const struct regime_procedure *before,
                               const struct regime_procedure *after)
{
    struct arena *arena = d->arena;
    d->procedure = before->name;
    compare_lists(d, "procedure", list_create(arena, before), list_create(arena, after));
    compare_lists(d, "fields", list_fields(arena, before), list_fields(arena, after));
    compare_lists(d, "states", list_states(arena, before), list_states(arena, after));
    compare_lists(d, "transitions", list_transitions(arena, before),
                  list_transitions(arena, after));
    compare_lists(d, "deadlines", list_deadlines(arena, before), list_deadlines(arena, after));
    d->procedure = (struct str){0};
}

void regime_diff(struct arena *arena, const struct regime *before, const struct regime *after,
                 struct regime_changes *out)
{
    struct differ d = {.arena = arena, .out = out};
    compare_lists(&d, "roles", list_roles(arena, before), list_roles(arena, after));
    compare_lists(&d, "settings", list_settings(arena, before), list_settings(arena, after));
    compare_lists(&d, "sources", list_sources(arena, before), list_sources(arena, after));
    d.what = "procedures";
    for (size_t i = 0; i < before->procedure_count; i++) {
        if (regime_find_procedure(after, before->procedures[i].name) == NULL)
            add_change(&d, REGIME_REMOVED, before->procedures[i].name, NULL, (struct str){0},
                       (struct str){0});
    }
    for (size_t i = 0; i < after->procedure_count; i++) {
        const struct regime_procedure *now = &after->procedures[i];
        const struct regime_procedure *old = regime_find_procedure(before, now->name);
        d.what = "procedures";
        if (old == NULL)
            add_change(&d, REGIME_ADDED, now->name, NULL, (struct str){0}, (struct str){0});
        else
            compare_procedures(&d, old, now);
    }
    compare_lists(&d, "sections", list_sections(arena, before), list_sections(arena, after));
}
