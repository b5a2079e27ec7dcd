/*
 * `needs:` — what must hold before a command is accepted. One function a word of the vocabulary;
 * each either holds or says which words of the pack it misses. A guard that the form can still
 * satisfy counts as held while the form is left aside (engine_may).
 */
#include "engine/guard_int.h"

static struct words command_words(const struct trial *trial, struct str command)
{
    const struct regime_procedure *procedure = trial->engine->procedure;
    for (size_t i = 0; i < procedure->transition_count; i++)
        if (str_eq(procedure->transitions[i].name, command))
            return procedure->transitions[i].words;
    return (struct words){command, command};
}

static struct words clock_words(const struct trial *trial, struct str clock)
{
    const struct regime_deadline *deadline =
        procedure_find_deadline(trial->engine->procedure, clock);
    return deadline == NULL ? (struct words){clock, clock} : deadline->words;
}

static bool field_missing(const struct trial *trial, struct str name, struct miss *miss)
{
    if (trial->form_aside && trial_form_has(trial, name))
        return false;
    if (!value_is_empty(trial_value(trial, name)))
        return false;
    *miss = (struct miss){.field = name,
                          .what = trial_field_words(trial, name),
                          .of_form = trial_form_has(trial, name)};
    return true;
}

static bool holds_fields(const struct trial *trial, const struct value *args, struct miss *miss)
{
    names_each (name, args)
        if (field_missing(trial, name->text, miss))
            return false;
    return true;
}

static bool holds_one_of(const struct trial *trial, const struct value *args, struct miss *miss)
{
    names_each (name, args)
        if (!field_missing(trial, name->text, miss))
            return true;
    return false;
}

static bool holds_yes(const struct trial *trial, const struct value *args, struct miss *miss)
{
    names_each (name, args) {
        if (trial->form_aside && trial_form_has(trial, name->text))
            continue;
        const struct value *value = trial_value(trial, name->text);
        if (value != NULL && value->kind == VALUE_BOOL && value->flag)
            continue;
        *miss = (struct miss){.field = name->text,
                              .what = trial_field_words(trial, name->text),
                              .of_form = trial_form_has(trial, name->text)};
        return false;
    }
    return true;
}

static bool unit_is_of(const struct trial *trial, int64_t unit, const struct value *kinds)
{
    const struct engine_world *world = &trial->engine->world;
    const struct unit_facts *facts = world->find_unit(world->self, (struct unit_id){unit});
    return facts != NULL && names_have(kinds, facts->kind);
}

static bool holds_role(const struct trial *trial, const struct value *args, struct miss *miss)
{
    bool bare = args->kind == VALUE_TEXT;
    struct str name = bare ? args->text : value_find_text(args, "role");
    const struct value *kinds = bare ? NULL : value_find_c(args, "kinds");
    int64_t wanted = bare ? 1 : trial_number(trial, value_find_c(args, "min"), 1);
    if (trial->form_aside && trial_form_fills_role(trial, name))
        return true;
    const struct casefile_role *role = casefile_find_role(trial->casefile, name);
    int64_t found = 0;
    for (size_t i = 0; role != NULL && i < role->units.len; i++)
        found += kinds == NULL || unit_is_of(trial, role->units.at[i], kinds);
    if (role != NULL && kinds == NULL)
        found += (int64_t)role->people.len;
    *miss = (struct miss){.field = name,
                          .what = engine_role_words(trial->engine, name),
                          .wanted = wanted,
                          .found = found,
                          .of_form = trial_form_fills_role(trial, name)};
    return found >= wanted;
}

static int64_t count_evidence(const struct trial *trial, struct str kind, int64_t since)
{
    int64_t found = 0;
    for (size_t i = 0; i < trial->casefile->evidence.len; i++) {
        const struct casefile_evidence *evidence = &trial->casefile->evidence.at[i];
        found += evidence->seq > since && str_eq(evidence->kind, kind);
    }
    return found;
}

static bool holds_evidence(const struct trial *trial, const struct value *args, struct miss *miss)
{
    int64_t since = trial_since(trial, args);
    value_each (kind, args) {
        if (str_eq(kind->key, S("since")))
            continue;
        int64_t wanted = trial_number(trial, kind, 1);
        int64_t found = count_evidence(trial, kind->key, since);
        if (found >= wanted)
            continue;
        *miss = (struct miss){
            .field = kind->key,
            .what = regime_flag_words(trial->engine->regime, kind->key),
            .wanted = wanted,
            .found = found};
        if (str_eq(miss->what.zh, kind->key)) /* the pack has no words of its own for it */
            miss->what_key = str_concat(trial->ctx->arena, S("evidence_kind."), kind->key);
        return false;
    }
    return true;
}

static bool holds_signature(const struct trial *trial, const struct value *args, struct miss *miss)
{
    struct str of = value_find_text(args, "of");
    *miss = (struct miss){.field = S("signed"), .what = regime_post_words(trial->engine->regime, of)};
    if (str_eq(of, S("self")))
        return trial->post != NULL;
    return trial->post != NULL && str_eq(trial->post->post, of);
}

static bool mark_is_signature(const struct trial *trial, const struct casefile_mark *mark,
                              const struct value *args)
{
    bool lead;
    struct str post = value_find_text(args, "post");
    return mark->type == EVENT_SIGNED && mark->seq > trial_since(trial, args) &&
           (str_is_empty(post) || str_eq(post, mark->post)) &&
           (!value_find_bool(args, "seal") || mark->seal) &&
           casefile_role_has_unit(trial->casefile, value_find_text(args, "role"), mark->unit,
                                  &lead);
}

static bool holds_signed(const struct trial *trial, const struct value *args, struct miss *miss)
{
    struct str role = value_find_text(args, "role");
    *miss = (struct miss){.field = role, .what = engine_role_words(trial->engine, role)};
    for (size_t i = 0; i < trial->casefile->marks.len; i++)
        if (mark_is_signature(trial, &trial->casefile->marks.at[i], args))
            return true;
    return false;
}

static bool unit_gave(const struct trial *trial, int64_t unit, struct str verdict, int64_t since)
{
    for (size_t i = trial->casefile->marks.len; i > 0; i--) {
        const struct casefile_mark *mark = &trial->casefile->marks.at[i - 1];
        if (mark->type == EVENT_OPINION_GIVEN && mark->unit == unit && mark->seq > since)
            return str_is_empty(verdict) || str_eq(mark->what, verdict); /* the latest counts */
    }
    return false;
}

/* Whether the unit stands in the role that `except:` names: nobody judges their own work. */
static bool is_excepted(const struct trial *trial, const struct value *args, int64_t unit)
{
    bool lead;
    struct str role = value_find_text(args, "except");
    return !str_is_empty(role) && casefile_role_has_unit(trial->casefile, role, unit, &lead);
}

static bool holds_opinions(const struct trial *trial, const struct value *args, struct miss *miss)
{
    struct str name = value_find_text(args, "role");
    const struct casefile_role *role = casefile_find_role(trial->casefile, name);
    int64_t since = trial_since(trial, args);
    size_t first = value_find_bool(args, "others") ? 1 : 0;
    *miss = (struct miss){.field = name, .what = engine_role_words(trial->engine, name)};
    for (size_t i = first; role != NULL && i < role->units.len; i++) {
        if (is_excepted(trial, args, role->units.at[i]))
            continue;
        miss->wanted++;
        miss->found += unit_gave(trial, role->units.at[i], value_find_text(args, "verdict"), since);
    }
    return role != NULL && miss->found == miss->wanted;
}

static bool holds_confirmed(const struct trial *trial, const struct value *args, struct miss *miss)
{
    const struct value *all = args->kind == VALUE_MAP ? value_find_c(args, "all") : args;
    int64_t since = args->kind == VALUE_MAP ? trial_since(trial, args) : 0;
    names_each (what, all) {
        if (trial_has_mark(trial, EVENT_CONFIRMED, what->text, since))
            continue;
        *miss = (struct miss){.field = what->text, .what = regime_flag_words(trial->engine->regime, what->text)};
        return false;
    }
    return true;
}

/* A day of the campaign's settings, else of the case. */
static const struct value *bound_of(const struct trial *trial, struct str name)
{
    const struct value *setting = engine_setting(trial->engine, name);
    return setting != NULL ? setting : trial_value(trial, name);
}

static bool holds_dates(const struct trial *trial, const struct value *args, struct miss *miss)
{
    struct str name = value_find_text(args, "field");
    const struct value *date = trial_value(trial, name);
    if (value_is_empty(date) || (trial->form_aside && trial_form_has(trial, name)))
        return true;
    struct arena *arena = trial->ctx->arena;
    const struct value *today =
        value_text(arena, day_format(arena, day_of_instant(trial->happened_at)));
    *miss = (struct miss){.field = name,
                          .what = trial_field_words(trial, name),
                          .of_form = trial_form_has(trial, name)};
    if (value_find_bool(args, "future") && text_is_after(today, date))
        return false;
    if (value_find_bool(args, "past") && text_is_after(date, today))
        return false;
    if (text_is_after(date, bound_of(trial, value_find_text(args, "not_after"))))
        return false;
    return !text_is_after(bound_of(trial, value_find_text(args, "not_before")), date);
}

static bool share_a_unit(const struct casefile_role *a, const struct casefile_role *b,
                         bool lead_only)
{
    if (a == NULL || b == NULL)
        return false;
    size_t limit = lead_only && b->units.len > 1 ? 1 : b->units.len;
    for (size_t i = 0; i < a->units.len; i++)
        for (size_t j = 0; j < limit; j++)
            if (a->units.at[i] == b->units.at[j])
                return true;
    return false;
}

static bool holds_not_same(const struct trial *trial, const struct value *args, struct miss *miss)
{
    const struct value *roles = value_find_c(args, "roles");
    names_each (a, roles) {
        for (const struct value *b = a->next; b != NULL; b = b->next) {
            const struct casefile_role *one = casefile_find_role(trial->casefile, a->text);
            const struct casefile_role *other = casefile_find_role(trial->casefile, b->text);
            bool of_form = trial_form_fills_role(trial, a->text) ||
                           trial_form_fills_role(trial, b->text);
            if ((trial->form_aside && of_form) ||
                !share_a_unit(one, other, value_find_bool(args, "lead")))
                continue;
            *miss = (struct miss){.field = b->text,
                                  .what = engine_role_words(trial->engine, b->text),
                                  .of_form = of_form};
            return false;
        }
    }
    return true;
}

static bool names_id(const struct trial *trial, const struct value *named, int64_t id)
{
    return names_have(named, id_text(trial->ctx->arena, id)->text);
}

static bool holds_covers(const struct trial *trial, const struct value *args, struct miss *miss)
{
    struct str name = value_find_text(args, "field");
    if (trial->form_aside && trial_form_has(trial, name))
        return true;
    const struct casefile_role *role =
        casefile_find_role(trial->casefile, value_find_text(args, "role"));
    const struct value *named = trial_value(trial, name);
    *miss = (struct miss){.field = name,
                          .what = engine_role_words(trial->engine, value_find_text(args, "role")),
                          .of_form = trial_form_has(trial, name)};
    if (role == NULL)
        return true;
    for (size_t i = value_find_bool(args, "others") ? 1 : 0; i < role->units.len; i++) {
        if (is_excepted(trial, args, role->units.at[i]))
            continue;
        miss->wanted++;
        miss->found += names_id(trial, named, role->units.at[i]);
    }
    for (size_t i = 0; i < role->people.len; i++) {
        miss->wanted++;
        miss->found += names_id(trial, named, role->people.at[i]);
    }
    return miss->found == miss->wanted;
}

static struct str person_part(struct str actor)
{
    return str_part(actor, 0, str_find_char(actor, '/'));
}

static bool holds_other_than(const struct trial *trial, const struct value *args,
                             struct miss *miss)
{
    struct str command = value_find_text(args, "command");
    struct str me = str_printf(trial->ctx->arena, "%lld", (long long)trial->actor->person.v);
    *miss = (struct miss){.field = command, .what = command_words(trial, command)};
    for (size_t i = 0; i < trial->casefile->acts.len; i++) {
        const struct casefile_act *act = &trial->casefile->acts.at[i];
        if (str_eq(act->command, command) && str_eq(person_part(act->actor), me))
            return false;
    }
    return true;
}

static bool holds_flag(const struct trial *trial, const struct value *args, struct miss *miss)
{
    names_each (flag, args) {
        *miss = (struct miss){.field = flag->text, .what = regime_flag_words(trial->engine->regime, flag->text)};
        if (!casefile_has_flag(trial->casefile, flag->text))
            return false;
    }
    return true;
}

static bool holds_no_flag(const struct trial *trial, const struct value *args, struct miss *miss)
{
    names_each (flag, args) {
        *miss = (struct miss){.field = flag->text, .what = regime_flag_words(trial->engine->regime, flag->text)};
        if (casefile_has_flag(trial->casefile, flag->text))
            return false;
    }
    return true;
}

static bool holds_done(const struct trial *trial, const struct value *args, struct miss *miss)
{
    bool is_map = args->kind == VALUE_MAP;
    int64_t since = is_map ? trial_since(trial, args) : 0;
    names_each (command, is_map ? value_find_c(args, "commands") : args) {
        *miss = (struct miss){.field = command->text, .what = command_words(trial, command->text)};
        if (!trial_was_done(trial, command->text, since))
            return false;
    }
    return true;
}

static bool holds_choice(const struct trial *trial, const struct value *args, struct miss *miss)
{
    struct str name = value_find_text(args, "field");
    if (trial->form_aside && trial_form_has(trial, name))
        return true;
    const struct value *value = trial_value(trial, name);
    *miss = (struct miss){.field = name,
                          .what = trial_field_words(trial, name),
                          .of_form = trial_form_has(trial, name)};
    return value != NULL && value->kind == VALUE_TEXT &&
           names_have(value_find_c(args, "in"), value->text);
}

static bool holds_in_time(const struct trial *trial, const struct value *args, struct miss *miss)
{
    names_each (name, args) {
        const struct casefile_clock *clock = casefile_find_clock(trial->casefile, name->text);
        *miss = (struct miss){.field = name->text, .what = clock_words(trial, name->text)};
        if (clock != NULL && clock->lapsed)
            return false;
    }
    return true;
}

static bool holds_source(const struct trial *trial, const struct value *args, struct miss *miss)
{
    const struct regime_condition condition = {.kind = CONDITION_SOURCE, .args = args};
    *miss = (struct miss){.field = S("source"), .what = {S("source"), S("source")}};
    return condition_holds(trial, &condition);
}

/* A case of one of these procedures, named by the form. */
static bool holds_record(const struct trial *trial, const struct value *args, struct miss *miss)
{
    const struct engine_world *world = &trial->engine->world;
    const struct value *record = value_find_c(trial->input, "record");
    if (trial->form_aside)
        return true;
    struct str procedure = {0};
    if (record != NULL && world->procedure_of == NULL)
        return true; /* nobody to ask: it was judged when it was named */
    if (record != NULL)
        procedure = world->procedure_of(world->self, record->text);
    if (!str_is_empty(procedure) && names_have(args, procedure))
        return true;
    const struct regime_procedure *first =
        regime_find_procedure(trial->engine->regime, args->first->text);
    *miss = (struct miss){.field = S("record"), .what = first->words, .of_form = true};
    return false;
}

/* Measures of these steps that were confirmed earlier. */
static bool holds_pressed(const struct trial *trial, const struct value *args, struct miss *miss)
{
    const struct value *steps = value_find_c(args, "steps");
    int64_t wanted = trial_number(trial, value_find_c(args, "min"), 1);
    int64_t found = 0;
    for (size_t i = 0; i < trial->before->measures.len; i++) {
        const struct casefile_measure *measure = &trial->before->measures.at[i];
        found += measure->state == MEASURE_CONFIRMED && names_have(steps, measure->step);
    }
    *miss = (struct miss){.field = S("step"),
                          .what = regime_flag_words(trial->engine->regime, steps->first->text),
                          .wanted = wanted,
                          .found = found};
    return found >= wanted;
}

static bool holds_refuse(const struct trial *trial, const struct value *args, struct miss *miss)
{
    *miss = (struct miss){.of_form = false};
    (void)trial;
    return args->kind == VALUE_BOOL && !args->flag;
}

static const struct {
    guard_fn *holds;
    const char *key;
    const char *needs;
} guards[] = {
/* i18n: guard.* */
#define ROW(word) {holds_##word, "guard." #word, "guard." #word ".needs"}
    [GUARD_FIELDS] = ROW(fields),       [GUARD_ONE_OF] = ROW(one_of),
    [GUARD_YES] = ROW(yes),             [GUARD_ROLE] = ROW(role),
    [GUARD_EVIDENCE] = ROW(evidence),   [GUARD_SIGNATURE] = ROW(signature),
    [GUARD_SIGNED] = ROW(signed),       [GUARD_OPINIONS] = ROW(opinions),
    [GUARD_CONFIRMED] = ROW(confirmed), [GUARD_LIST] = ROW(list),
    [GUARD_DATES] = ROW(dates),         [GUARD_LIST_DATES] = ROW(list_dates),
    [GUARD_NOT_SAME] = ROW(not_same),   [GUARD_OTHER_THAN] = ROW(other_than),
    [GUARD_FLAG] = ROW(flag),           [GUARD_NO_FLAG] = ROW(no_flag),
    [GUARD_DONE] = ROW(done),           [GUARD_CHOICE] = ROW(choice),
    [GUARD_IN_TIME] = ROW(in_time),     [GUARD_SOURCE] = ROW(source),
    [GUARD_REFUSE] = ROW(refuse),       [GUARD_COVERS] = ROW(covers),
    [GUARD_NO_ROW] = ROW(no_row),
    [GUARD_RECORD] = ROW(record),       [GUARD_PRESSED] = ROW(pressed),
    [GUARD_NUMBERED] = ROW(numbered),   [GUARD_DISTINCT] = ROW(distinct),
    [GUARD_POSTS] = ROW(posts),         [GUARD_APART] = ROW(apart),
    [GUARD_IN_SCOPE] = ROW(in_scope),   [GUARD_CLEAN] = ROW(clean),
#undef ROW
};
/* Of `body` each objection is a reason of its own: body_guard. */
_Static_assert(COUNT_OF(guards) == GUARD_BODY && GUARD_BODY + 1 == GUARD_KIND_COUNT,
               "a function for each other guard");

bool guard_holds(const struct trial *trial, const struct regime_guard *guard,
                 struct reason_list *reasons)
{
    struct miss miss = {0};
    if (trial->form_aside && condition_needs_form(trial, guard->when))
        return true;
    if (!condition_holds(trial, guard->when))
        return true;
    if (guards[guard->kind].holds(trial, guard->args, &miss))
        return true;
    bool own_words = !str_is_empty(guard->says.zh);
    struct arg what = str_is_empty(miss.what_key) ? arg_words("what", miss.what)
                                                  : arg_key("what", miss.what_key);
    struct reason *reason = vec_push(trial->ctx->arena, reasons);
    *reason = reason_make(own_words ? "guard.says" : guards[guard->kind].key,
                          ARGS(what, arg_int("wanted", miss.wanted), arg_int("found", miss.found),
                               arg_words("says", guard->says)));
    reason->needs = guards[guard->kind].needs;
    reason->field = miss.field;
    reason->clause = str_is_empty(guard->clause) ? trial->clause : guard->clause;
    reason->code = miss.of_form ? "form" : "guard";
    return false;
}
