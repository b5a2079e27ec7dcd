/*
 * `then:` — what an accepted command does beside moving the case. One function a word of the
 * vocabulary; each turns into events, nothing else.
 */
#include "base/num.h"
#include "engine/engine_int.h"

static struct arena *arena_of(const struct trial *trial)
{
    return trial->ctx->arena;
}

struct value *id_text(struct arena *arena, int64_t id)
{
    return value_text(arena, str_printf(arena, "%lld", (long long)id));
}

void trial_set_field(struct trial *trial, struct str field, const struct value *to)
{
    struct value *payload = value_map(arena_of(trial));
    struct value *fields = value_put_map(arena_of(trial), payload, "fields");
    value_put(fields, field, value_copy(arena_of(trial), to));
    trial_emit(trial, EVENT_FIELD_SET, payload, (struct str){0});
}

/* When the command happened, as the field's kind writes it. */
static const struct value *moment(const struct trial *trial, struct str name)
{
    const struct regime_field *field = procedure_find_field(trial->engine->procedure, name);
    bool time = field != NULL && field->kind == FIELD_TIME;
    return row_value(trial, value_text(arena_of(trial), time ? S("now") : S("today")), NULL);
}

/* `to:` as it stands, else the answer or field that `from:` names; null where that is empty. */
static const struct value *meant(const struct trial *trial, const struct value *args)
{
    const struct value *to = value_find_c(args, "to");
    if (value_find_bool(args, "now"))
        return moment(trial, value_find_text(args, "field"));
    return to != NULL ? to : trial_value(trial, value_find_text(args, "from"));
}

static enum status run_set(struct trial *trial, const struct value *args)
{
    const struct value *to = meant(trial, args);
    if (!value_is_empty(to))
        trial_set_field(trial, value_find_text(args, "field"), to);
    return ST_OK;
}

void trial_clear_fields(struct trial *trial, const struct value *names)
{
    struct value *payload = value_map(arena_of(trial));
    struct value *cleared = value_put_list(arena_of(trial), payload, "cleared");
    names_each (field, names)
        value_append(cleared, value_text(arena_of(trial), field->text));
    trial_emit(trial, EVENT_FIELD_SET, payload, (struct str){0});
}

static enum status run_clear(struct trial *trial, const struct value *args)
{
    trial_clear_fields(trial, args);
    return ST_OK;
}

static enum status run_confirm(struct trial *trial, const struct value *args)
{
    struct value *payload = value_map(arena_of(trial));
    value_put_text(arena_of(trial), payload, "what", args->text);
    if (trial->post != NULL)
        value_put(payload, S("unit"), id_text(arena_of(trial), trial->post->unit.v));
    trial_emit(trial, EVENT_CONFIRMED, payload, (struct str){0});
    return ST_OK;
}

void trial_set_flag(struct trial *trial, struct str flag, bool on)
{
    if (casefile_has_flag(trial->casefile, flag) == on)
        return;
    struct value *payload = value_map(arena_of(trial));
    value_put_text(arena_of(trial), payload, "flag", flag);
    value_put_bool(arena_of(trial), payload, "on", on);
    trial_emit(trial, EVENT_FLAGGED, payload, (struct str){0});
}

static enum status run_flag(struct trial *trial, const struct value *args)
{
    trial_set_flag(trial, args->text, true);
    return ST_OK;
}

static enum status run_unflag(struct trial *trial, const struct value *args)
{
    trial_set_flag(trial, args->text, false);
    return ST_OK;
}

static struct value *casefile_holders(struct arena *arena, const struct casefile *casefile,
                                      struct str name, bool lead_only)
{
    struct value *holders = value_list(arena);
    const struct casefile_role *role = casefile_find_role(casefile, name);
    for (size_t i = 0; role != NULL && i < role->units.len && !(lead_only && i > 0); i++)
        value_append(holders, id_text(arena, role->units.at[i]));
    for (size_t i = 0; role != NULL && i < role->people.len && !(lead_only && i > 0); i++)
        value_append(holders, id_text(arena, role->people.at[i]));
    return holders;
}

struct value *trial_holders(const struct trial *trial, struct str name, bool lead_only)
{
    return casefile_holders(arena_of(trial), trial->casefile, name, lead_only);
}

struct value *trial_holders_of(const struct trial *trial, struct str holder)
{
    return trial_holders(trial, str_part(holder, 0, str_find_char(holder, '.')),
                         str_ends(holder, S(".lead")));
}

bool holder_is_person(const struct trial *trial, struct str holder)
{
    const struct regime_role *role = regime_find_role(
        trial->engine->regime, str_part(holder, 0, str_find_char(holder, '.')));
    return role != NULL && role->of_people;
}

static struct value *as_list(struct arena *arena, const struct value *value)
{
    struct value *list = value_list(arena);
    if (value != NULL && value->kind == VALUE_LIST)
        return value_copy(arena, value);
    if (!value_is_empty(value))
        value_append(list, value_copy(arena, value));
    return list;
}

void trial_set_role(struct trial *trial, struct str name, const struct value *holders)
{
    const struct regime_role *role = regime_find_role(trial->engine->regime, name);
    struct value *payload = value_map(arena_of(trial));
    value_put_text(arena_of(trial), payload, "role", name);
    bool people = role != NULL && role->of_people;
    value_put(payload, people ? S("people") : S("units"), as_list(arena_of(trial), holders));
    trial_emit(trial, EVENT_ROLE_SET, payload, (struct str){0});
}

/* Who holds one of the posts at the units of the role, by unit and then in the order of the posts. */
static struct value *people_in_posts(const struct trial *trial, const struct value *posts,
                                     struct str at)
{
    enum { HOLDERS_MAX = 8 };
    const struct engine_world *world = &trial->engine->world;
    const struct casefile_role *role = casefile_find_role(trial->casefile, at);
    struct value *people = value_list(arena_of(trial));
    for (size_t i = 0; role != NULL && i < role->units.len; i++) {
        names_each (post, posts) {
            struct person_id found[HOLDERS_MAX];
            size_t count = world->people_in_post(
                world->self, (struct unit_id){role->units.at[i]}, post->text, found, HOLDERS_MAX);
            for (size_t j = 0; j < count; j++)
                value_append(people, id_text(arena_of(trial), found[j].v));
        }
    }
    return people;
}

/* Who holds these roles of a case, role by role, each once. */
static struct value *holders_of_roles(struct arena *arena, const struct casefile *casefile,
                                      const struct value *roles)
{
    struct value *all = value_list(arena);
    names_each (role, roles) {
        const struct value *holders = casefile_holders(arena, casefile, role->text, false);
        value_each (holder, holders)
            if (!names_have(all, holder->text))
                value_append(all, value_text(arena, holder->text));
    }
    return all;
}

/* Likewise in the case that a field names. */
static enum status holders_elsewhere(const struct trial *trial, struct str of,
                                     const struct value *roles, const struct value **out)
{
    const struct engine_world *world = &trial->engine->world;
    const struct regime_field *field = trial_find_field(trial, of);
    const struct value *name = trial_value(trial, of);
    const struct casefile *there = NULL;
    if (field == NULL || value_is_empty(name))
        return ST_OK;
    TRY(world->find_case(world->self, trial->ctx, field->procedure, name->text, &there));
    if (there != NULL)
        *out = holders_of_roles(arena_of(trial), there, roles);
    return ST_OK;
}

static enum status run_assign(struct trial *trial, const struct value *args)
{
    const struct value *as = value_find_c(args, "as");
    const struct value *holders = value_list(arena_of(trial));
    if (value_find_bool(args, "actor"))
        holders = trial->post == NULL ? holders : id_text(arena_of(trial), trial->post->unit.v);
    else if (value_find_c(args, "posts") != NULL)
        holders = people_in_posts(trial, value_find_c(args, "posts"), value_find_text(args, "at"));
    else if (value_find_c(args, "of") != NULL)
        TRY(holders_elsewhere(trial, value_find_text(args, "of"), as, &holders));
    else if (value_find_c(args, "list") != NULL)
        holders = trial_named_in_column(trial, args);
    else if (as != NULL)
        holders = holders_of_roles(arena_of(trial), trial->casefile, as);
    else if (!value_find_bool(args, "clear"))
        holders = trial_value(trial, value_find_text(args, "from"));
    if (!value_is_empty(holders) || value_find_bool(args, "clear"))
        trial_set_role(trial, value_find_text(args, "role"), holders);
    return ST_OK;
}

static enum status run_opinion(struct trial *trial, const struct value *args)
{
    struct value *payload = value_map(arena_of(trial));
    if (trial->post != NULL)
        value_put(payload, S("unit"), id_text(arena_of(trial), trial->post->unit.v));
    value_put_text(arena_of(trial), payload, "verdict", value_find_text(args, "verdict"));
    const struct value *text = trial_value(trial, value_find_text(args, "from"));
    if (!value_is_empty(text) && text->kind == VALUE_TEXT)
        value_put_text(arena_of(trial), payload, "text", text->text);
    trial_emit(trial, EVENT_OPINION_GIVEN, payload, (struct str){0});
    return ST_OK;
}

void trial_sign(struct trial *trial, const struct value *args, struct str clause)
{
    struct value *payload = value_map(arena_of(trial));
    if (trial->post != NULL) {
        value_put(payload, S("unit"), id_text(arena_of(trial), trial->post->unit.v));
        value_put_text(arena_of(trial), payload, "post", trial->post->post);
    }
    value_put_text(arena_of(trial), payload, "as", value_find_text(args, "of"));
    value_put_bool(arena_of(trial), payload, "seal", value_find_bool(args, "seal"));
    trial_emit(trial, EVENT_SIGNED, payload, clause);
}

static enum status run_sign(struct trial *trial, const struct value *args)
{
    trial_sign(trial, args, (struct str){0});
    return ST_OK;
}

static bool clock_runs(const struct trial *trial, struct str name)
{
    const struct casefile_clock *clock = casefile_find_clock(trial->casefile, name);
    return clock != NULL && instant_is_none(clock->stopped);
}

static bool clock_stands(const struct trial *trial, struct str name)
{
    const struct casefile_clock *clock = casefile_find_clock(trial->casefile, name);
    return clock != NULL && clock->pauses.len > 0 &&
           instant_is_none(clock->pauses.at[clock->pauses.len - 1].to);
}

static void emit_clock(struct trial *trial, enum event_type type, struct str clock,
                       struct str clause)
{
    struct value *payload = value_map(arena_of(trial));
    value_put_text(arena_of(trial), payload, "clock", clock);
    trial_emit(trial, type, payload, clause);
}

void clock_stop(struct trial *trial, struct str name)
{
    const struct regime_deadline *deadline = procedure_find_deadline(trial->engine->procedure, name);
    if (clock_runs(trial, name))
        emit_clock(trial, EVENT_CLOCK_STOPPED, name,
                   deadline == NULL ? (struct str){0} : deadline->clause);
}

void clock_pause(struct trial *trial, struct str name, bool resume)
{
    if (clock_runs(trial, name) && clock_stands(trial, name) == resume)
        emit_clock(trial, resume ? EVENT_CLOCK_RESUMED : EVENT_CLOCK_PAUSED, name, (struct str){0});
}

/* Where the count begins: the field that the pack names, else the event. */
static struct instant clock_origin(const struct trial *trial,
                                   const struct regime_deadline *deadline)
{
    struct instant start = trial->happened_at;
    const struct value *from =
        str_is_empty(deadline->from) ? NULL : trial_value(trial, deadline->from);
    if (!value_is_empty(from) && from->kind == VALUE_TEXT)
        (void)instant_parse_lenient(from->text, &start);
    return start;
}

/* The unit of a length: a campaign may have chosen another than the pack. */
static struct str clock_unit(const struct trial *trial, const struct regime_deadline *deadline)
{
    static const char *const units[] = {
        [CLOCK_HOURS] = "hours", [CLOCK_DAYS] = "days", [CLOCK_WORKDAYS] = "workdays"};
    enum length_unit unit;
    const struct value *chosen = engine_setting(trial->engine, deadline->unit_setting);
    bool ok = chosen != NULL && chosen->kind == VALUE_TEXT && length_unit_parse(chosen->text, &unit);
    return ok ? chosen->text : str_of(units[deadline->unit]);
}

void clock_start(struct trial *trial, const struct regime_deadline *deadline)
{
    if (clock_runs(trial, deadline->name)) {
        if (!deadline->restarts)
            return;
        clock_stop(trial, deadline->name);
    }
    struct arena *arena = arena_of(trial);
    struct value *payload = value_map(arena);
    value_put_text(arena, payload, "clock", deadline->name);
    value_put_text(arena, payload, "start", instant_format(arena, clock_origin(trial, deadline)));
    if (deadline->unit == CLOCK_UNTIL) {
        const struct value *until = trial_value(trial, deadline->until);
        if (value_is_empty(until) || until->kind != VALUE_TEXT)
            return; /* no date given: there is nothing to count to */
        value_put_text(arena, payload, "until", str_part(until->text, 0, 10));
    } else {
        const struct value *setting = engine_setting(trial->engine, deadline->setting);
        value_put_int(arena, payload, "length",
                      setting != NULL && setting->kind == VALUE_INT ? setting->number
                                                                    : deadline->length);
        value_put_text(arena, payload, "unit", clock_unit(trial, deadline));
    }
    if (deadline->roll)
        value_put_bool(arena, payload, "roll", true);
    trial_emit(trial, EVENT_CLOCK_STARTED, payload, deadline->clause);
}

static enum status run_start(struct trial *trial, const struct value *args)
{
    const struct regime_deadline *deadline =
        procedure_find_deadline(trial->engine->procedure, args->text);
    if (deadline != NULL)
        clock_start(trial, deadline);
    return ST_OK;
}

static enum status run_stop(struct trial *trial, const struct value *args)
{
    clock_stop(trial, args->text);
    return ST_OK;
}

static enum status run_pause(struct trial *trial, const struct value *args)
{
    clock_pause(trial, args->text, false);
    return ST_OK;
}

static enum status run_resume(struct trial *trial, const struct value *args)
{
    clock_pause(trial, args->text, true);
    return ST_OK;
}

static enum status run_extend(struct trial *trial, const struct value *args)
{
    struct str name = value_find_text(args, "clock");
    const struct value *by = value_find_c(args, "by");
    if (by->kind == VALUE_TEXT && trial_value(trial, by->text) != NULL)
        by = trial_value(trial, by->text);
    const struct casefile_clock *clock = casefile_find_clock(trial->casefile, name);
    if (clock == NULL || !clock_runs(trial, name))
        return ST_OK;
    struct str unit = value_find_text(args, "unit");
    struct value *payload = value_map(arena_of(trial));
    value_put_text(arena_of(trial), payload, "clock", name);
    value_put_int(arena_of(trial), payload, "by", trial_number(trial, by, 0));
    value_put_text(arena_of(trial), payload, "unit",
                   str_is_empty(unit) ? str_of(length_unit_name(clock->length.unit)) : unit);
    trial_emit(trial, EVENT_CLOCK_EXTENDED, payload, (struct str){0});
    return ST_OK;
}

static enum status no_such_row(struct trial *trial, const struct value *args, const char *key,
                               int64_t row)
{
    struct reason reason = reason_make(key, ARGS(arg_int("row", row)));
    reason.field = value_find_text(args, row > 0 ? "item" : "list");
    reason.clause = trial->clause;
    reason.code = "no_such_row";
    return fail_reason(trial->ctx, ST_INVALID, reason);
}

static bool row_agrees(const struct trial *trial, const struct value *row, const struct value *where)
{
    value_each (cell, where) {
        const struct value *wanted = row_value(trial, cell, NULL);
        const struct value *there = value_find(row, cell->key);
        if (wanted == NULL || there == NULL || !value_eq(wanted, there))
            return false;
    }
    return true;
}

/* The row that `item` counts out, as people do from 1, or those that agree with `where`. */
static enum status run_mark(struct trial *trial, const struct value *args)
{
    struct str list = value_find_text(args, "list");
    const struct value *where = value_find_c(args, "where");
    const struct value *item = trial_value(trial, value_find_text(args, "item"));
    const struct value *rows = trial_value(trial, list);
    const struct value *to = meant(trial, args);
    int64_t wanted = item == NULL ? 0 : item->number;
    int64_t count = rows == NULL || rows->kind != VALUE_LIST ? 0 : (int64_t)rows->count;
    if (where == NULL && (wanted < 1 || wanted > count))
        return no_such_row(trial, args, "form.no_such_row", wanted);
    struct value *changed = count == 0 ? value_list(arena_of(trial)) : value_copy(arena_of(trial), rows);
    int64_t at = 0;
    int64_t marked = 0;
    for (struct value *row = changed->first; row != NULL; row = row->next) {
        at++;
        if (where == NULL ? at != wanted : !row_agrees(trial, row, where))
            continue;
        value_put(row, value_find_text(args, "column"),
                  to == NULL ? value_bool(arena_of(trial), true) : value_copy(arena_of(trial), to));
        marked++;
    }
    if (marked == 0)
        return no_such_row(trial, args, "form.no_row_agrees", 0);
    trial_set_field(trial, list, changed);
    return ST_OK;
}

static void add_row(struct trial *trial, const struct value *cells, const struct value *each,
                    struct value *rows)
{
    struct value *row = value_append_map(arena_of(trial), rows);
    value_each (cell, cells) {
        const struct value *answer = row_value(trial, cell, each);
        if (!value_is_empty(answer))
            value_put(row, cell->key, value_copy(arena_of(trial), answer));
    }
}

static enum status run_add(struct trial *trial, const struct value *args)
{
    struct str list = value_find_text(args, "list");
    const struct value *cells = value_find_c(args, "row");
    struct value *rows = as_list(arena_of(trial), trial_value(trial, list));
    if (value_find_c(args, "per") == NULL)
        add_row(trial, cells, NULL, rows);
    names_each (each, trial_value(trial, value_find_text(args, "per")))
        add_row(trial, cells, each, rows);
    trial_set_field(trial, list, rows);
    return ST_OK;
}

static enum status run_record(struct trial *trial, const struct value *args)
{
    struct str charge = value_find_text(args, "charge");
    struct value *payload = value_map(arena_of(trial));
    value_put_text(arena_of(trial), payload, "what", value_find_text(args, "what"));
    if (!str_is_empty(charge)) {
        value_put_text(arena_of(trial), payload, "charge", charge);
        value_put(payload, S("units"), trial_holders(trial, charge, value_find_bool(args, "lead")));
    }
    trial_emit(trial, EVENT_NOTED, payload, (struct str){0});
    return ST_OK;
}

/* Units under `tell`, people who are meant by themselves under `tell_people`. */
static enum status run_tell(struct trial *trial, const struct value *args)
{
    names_each (holder, args) {
        const struct value *holders = trial_holders_of(trial, holder->text);
        if (holders->count == 0)
            continue;
        struct value *tell =
            value_list_at(arena_of(trial), trial_note(trial),
                          holder_is_person(trial, holder->text) ? "tell_people" : "tell");
        value_each (one, holders)
            if (!names_have(tell, one->text))
                value_append(tell, value_text(arena_of(trial), one->text));
    }
    return ST_OK;
}

static enum status run_refer(struct trial *trial, const struct value *args)
{
    struct value *payload = value_map(arena_of(trial));
    value_put_text(arena_of(trial), payload, "to", value_find_text(args, "to"));
    value_put_text(arena_of(trial), payload, "what", value_find_text(args, "what"));
    trial_emit(trial, EVENT_REFERRED, payload, (struct str){0});
    return ST_OK;
}

typedef enum status effect_fn(struct trial *trial, const struct value *args);

static effect_fn *const effects[] = {
    [EFFECT_SET] = run_set,         [EFFECT_CLEAR] = run_clear,
    [EFFECT_CONFIRM] = run_confirm, [EFFECT_FLAG] = run_flag,
    [EFFECT_UNFLAG] = run_unflag,   [EFFECT_ASSIGN] = run_assign,
    [EFFECT_OPINION] = run_opinion, [EFFECT_SIGN] = run_sign,
    [EFFECT_START] = run_start,     [EFFECT_STOP] = run_stop,
    [EFFECT_PAUSE] = run_pause,     [EFFECT_RESUME] = run_resume,
    [EFFECT_EXTEND] = run_extend,   [EFFECT_MARK] = run_mark,
    [EFFECT_ADD] = run_add,         [EFFECT_RECORD] = run_record,
    [EFFECT_TELL] = run_tell,       [EFFECT_ISSUE] = effect_issue,
    [EFFECT_MEASURE] = effect_measure, [EFFECT_REFER] = run_refer,
    [EFFECT_HAND_ON] = effect_hand_on,
    [EFFECT_OPEN] = effect_open,       [EFFECT_PERIOD] = effect_period,
    [EFFECT_NEXT] = effect_next,    [EFFECT_GATHER] = effect_gather,
    [EFFECT_TALLY] = effect_tally,
    [EFFECT_LOOK_UP] = effect_look_up, [EFFECT_CITE] = effect_cite,
    [EFFECT_GIVE] = effect_give,
    [EFFECT_SCORE] = effect_score,  [EFFECT_UNSCORE] = effect_unscore,
    [EFFECT_ASSESS] = effect_assess,
    [EFFECT_COLLECT] = effect_collect,
    [EFFECT_IN_FORCE] = effect_in_force,
    [EFFECT_COMMIT_LIST] = effect_commit_list,
    [EFFECT_DIGEST] = effect_digest,
    [EFFECT_DRAW] = effect_draw,
    [EFFECT_UNSEATED] = effect_unseated,
    [EFFECT_MATCH_UNITS] = effect_match_units,
    [EFFECT_DEVIATION] = effect_deviation,
    [EFFECT_SHIFT] = effect_shift,
    [EFFECT_COUNT_DAYS] = effect_count_days,
    [EFFECT_SUM] = effect_sum,      [EFFECT_GAPS] = effect_gaps,
    [EFFECT_ATTAIN] = effect_attain, [EFFECT_COUNT] = effect_count,
};
_Static_assert(COUNT_OF(effects) == EFFECT_KIND_COUNT, "a function for each effect");

enum status effect_run(struct trial *trial, const struct regime_effect *effect)
{
    struct str outer = trial->clause;
    if (!condition_holds(trial, effect->when))
        return ST_OK;
    if (!str_is_empty(effect->clause))
        trial->clause = effect->clause;
    enum status status = effects[effect->kind](trial, effect->args);
    trial->clause = outer;
    return status;
}
