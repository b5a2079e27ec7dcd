/*
 * The fold: one function for each type of event, one table. Nothing is judged here; what stands in
 * the ledger has happened.
 */
#include "base/num.h"
#include "engine/engine_int.h"

static struct instant payload_instant(const struct value *payload, const char *key)
{
    struct instant at;
    return instant_parse(value_find_text(payload, key), &at) ? at : INSTANT_NONE;
}

static int64_t id_of(const struct value *text)
{
    int64_t id;
    bool ok = text != NULL && text->kind == VALUE_TEXT && num_parse_i64(text->text, 0, INT64_MAX, &id);
    return ok ? id : 0;
}

static void set_fields(struct arena *arena, struct casefile *casefile, const struct value *fields)
{
    value_each (field, fields)
        value_put(casefile->fields, str_copy(arena, field->key), value_copy(arena, field));
}

static void enter(struct arena *arena, struct casefile *casefile, const struct event *event,
                  struct str state)
{
    casefile->state = str_copy(arena, state);
    vec_add(arena, &casefile->entries,
            ((struct casefile_entry){casefile->state, event->sequence, event->happened_at}));
}

/* By name: a payload that was read back has its members in that order, one that was just decided
 * in the engine's, and both must give the same case. */
static struct casefile_role *role_row(struct arena *arena, struct casefile *casefile,
                                      struct str name)
{
    size_t at = 0;
    while (at < casefile->roles.len && str_compare(casefile->roles.at[at].role, name) < 0)
        at++;
    if (at < casefile->roles.len && str_eq(casefile->roles.at[at].role, name))
        return &casefile->roles.at[at];
    (void)vec_push(arena, &casefile->roles);
    for (size_t i = casefile->roles.len - 1; i > at; i--)
        casefile->roles.at[i] = casefile->roles.at[i - 1];
    casefile->roles.at[at] = (struct casefile_role){.role = str_copy(arena, name)};
    return &casefile->roles.at[at];
}

static void set_role(struct arena *arena, struct casefile *casefile, struct str name,
                     const struct value *holders)
{
    struct casefile_role fresh = {.role = role_row(arena, casefile, name)->role};
    value_each (unit, value_find_c(holders, "units"))
        vec_add(arena, &fresh.units, id_of(unit));
    value_each (person, value_find_c(holders, "people"))
        vec_add(arena, &fresh.people, id_of(person));
    *role_row(arena, casefile, name) = fresh;
}

static void evolve_created(struct arena *arena, struct casefile *casefile,
                           const struct event *event)
{
    const struct value *payload = event->payload;
    casefile->prefecture = event->prefecture;
    casefile->id = event->casefile;
    casefile->pack = str_copy(arena, event->pack);
    casefile->campaign = str_copy(arena, value_find_text(payload, "campaign"));
    casefile->procedure = str_copy(arena, value_find_text(payload, "procedure"));
    casefile->number = str_copy(arena, value_find_text(payload, "number"));
    casefile->received_number = str_copy(arena, value_find_text(payload, "received_number"));
    casefile->key = str_copy(arena, value_find_text(payload, "key"));
    casefile->key_of_fields = value_find_bool(payload, "key_of_fields");
    casefile->batch = str_copy(arena, value_find_text(payload, "batch"));
    casefile->source = str_copy(arena, value_find_text(payload, "source"));
    casefile->region = str_copy(arena, value_find_text(payload, "region"));
    casefile->created_at = event->happened_at;
    casefile->recorded_at = event->recorded_at;
    casefile->fields = value_map(arena);
    set_fields(arena, casefile, value_find_c(payload, "fields"));
    value_each (role, value_find_c(payload, "roles"))
        set_role(arena, casefile, role->key, role);
    enter(arena, casefile, event, value_find_text(payload, "state"));
}

static void evolve_moved(struct arena *arena, struct casefile *casefile, const struct event *event)
{
    enter(arena, casefile, event, value_find_text(event->payload, "to"));
}

static void evolve_field_set(struct arena *arena, struct casefile *casefile,
                             const struct event *event)
{
    set_fields(arena, casefile, value_find_c(event->payload, "fields"));
    value_each (name, value_find_c(event->payload, "cleared"))
        value_put(casefile->fields, str_copy(arena, name->text), value_null(arena));
}

static void evolve_role_set(struct arena *arena, struct casefile *casefile,
                            const struct event *event)
{
    set_role(arena, casefile, value_find_text(event->payload, "role"), event->payload);
}

static void evolve_evidence(struct arena *arena, struct casefile *casefile,
                            const struct event *event)
{
    const struct value *payload = event->payload;
    struct casefile_evidence *evidence = vec_push(arena, &casefile->evidence);
    *evidence = (struct casefile_evidence){
        .id = {id_of(value_find_c(payload, "evidence"))},
        .kind = str_copy(arena, value_find_text(payload, "kind")),
        .sha256 = str_copy(arena, value_find_text(payload, "sha256")),
        .name = str_copy(arena, value_find_text(payload, "name")),
        .type = str_copy(arena, value_find_text(payload, "type")),
        .bytes = value_find_int(payload, "bytes", 0),
        .taken_at = payload_instant(payload, "taken_at"),
        .lat = value_find_int(payload, "lat", INT64_MIN),
        .lon = value_find_int(payload, "lon", INT64_MIN),
        .seq = event->sequence,
        .document = value_find_int(payload, "document", 0),
        .actor = str_copy(arena, event->actor),
        .added_at = event->recorded_at,
    };
    evolve_scanned(casefile, event);
}

static void evolve_mark(struct arena *arena, struct casefile *casefile, const struct event *event)
{
    static const char *const what[] = {[EVENT_OPINION_GIVEN] = "verdict",
                                       [EVENT_SIGNED] = "as",
                                       [EVENT_CONFIRMED] = "what"};
    static const char *const text[] = {
        [EVENT_OPINION_GIVEN] = "text", [EVENT_SIGNED] = "text", [EVENT_CONFIRMED] = "note"};
    const struct value *payload = event->payload;
    struct casefile_mark *mark = vec_push(arena, &casefile->marks);
    *mark = (struct casefile_mark){
        .type = event->type,
        .what = str_copy(arena, value_find_text(payload, what[event->type])),
        .unit = id_of(value_find_c(payload, "unit")),
        .post = str_copy(arena, value_find_text(payload, "post")),
        .seal = value_find_bool(payload, "seal"),
        .text = str_copy(arena, value_find_text(payload, text[event->type])),
        .actor = str_copy(arena, event->actor),
        .command = str_copy(arena, event->command),
        .seq = event->sequence,
        .at = event->happened_at,
    };
}

/* {length: 10, unit: "workdays"}; a payload without a unit has no length. */
static struct length payload_length(const struct value *payload, const char *key)
{
    struct length length = {LENGTH_DAYS, 0};
    if (length_unit_parse(value_find_text(payload, "unit"), &length.unit))
        length.count = (int32_t)value_find_int(payload, key, 0);
    return length;
}

static void evolve_clock_started(struct arena *arena, struct casefile *casefile,
                                 const struct event *event)
{
    const struct value *payload = event->payload;
    struct casefile_clock *clock = vec_push(arena, &casefile->clocks);
    *clock = (struct casefile_clock){
        .name = str_copy(arena, value_find_text(payload, "clock")),
        .start = payload_instant(payload, "start"),
        .length = payload_length(payload, "length"),
        .until = DAY_NONE,
        .roll = value_find_bool(payload, "roll"),
        .started_seq = event->sequence,
        .stopped = INSTANT_NONE,
    };
    struct str until = value_find_text(payload, "until");
    if (!str_is_empty(until))
        must(day_parse(until, &clock->until));
}

static struct casefile_clock *clock_named(struct casefile *casefile, const struct event *event)
{
    struct str name = value_find_text(event->payload, "clock");
    for (size_t i = casefile->clocks.len; i > 0; i--)
        if (str_eq(casefile->clocks.at[i - 1].name, name))
            return &casefile->clocks.at[i - 1];
    return NULL;
}

static void evolve_clock(struct arena *arena, struct casefile *casefile, const struct event *event)
{
    struct casefile_clock *clock = clock_named(casefile, event);
    if (clock == NULL)
        return;
    if (event->type == EVENT_CLOCK_PAUSED) {
        vec_add(arena, &clock->pauses, ((struct clock_pause){event->happened_at, INSTANT_NONE}));
    } else if (event->type == EVENT_CLOCK_RESUMED) {
        if (clock->pauses.len > 0)
            clock->pauses.at[clock->pauses.len - 1].to = event->happened_at;
    } else if (event->type == EVENT_CLOCK_EXTENDED) {
        vec_add(arena, &clock->extensions, payload_length(event->payload, "by"));
    } else if (event->type == EVENT_CLOCK_STOPPED) {
        clock->stopped = event->happened_at;
    } else {
        clock->lapsed = true;
    }
}

static void evolve_flagged(struct arena *arena, struct casefile *casefile,
                           const struct event *event)
{
    struct str flag = value_find_text(event->payload, "flag");
    bool on = value_find_bool(event->payload, "on");
    size_t kept = 0;
    for (size_t i = 0; i < casefile->flags.len; i++)
        if (!str_eq(casefile->flags.at[i], flag))
            casefile->flags.at[kept++] = casefile->flags.at[i];
    casefile->flags.len = kept;
    if (on)
        vec_add(arena, &casefile->flags, str_copy(arena, flag));
}

static void take_units(struct arena *arena, struct casefile_measure *measure,
                       const struct value *payload)
{
    value_each (unit, value_find_c(payload, "units"))
        vec_add(arena, &measure->units, id_of(unit));
}

static void evolve_measure_proposed(struct arena *arena, struct casefile *casefile,
                                    const struct event *event)
{
    struct casefile_measure *measure = vec_push(arena, &casefile->measures);
    *measure = (struct casefile_measure){
        .step = str_copy(arena, value_find_text(event->payload, "step")),
        .ground = str_copy(arena, value_find_text(event->payload, "ground")),
        .why = value_copy(arena, event->payload),
        .clause = str_copy(arena, event->clause),
        .seq = event->sequence,
        .at = event->happened_at,
        .decided_at = INSTANT_NONE,
    };
    take_units(arena, measure, event->payload);
}

/* The proposal that the event answers; a measure taken without one becomes a row of its own. */
static struct casefile_measure *answered(struct arena *arena, struct casefile *casefile,
                                         const struct event *event)
{
    struct str step = value_find_text(event->payload, "step");
    struct str ground = value_find_text(event->payload, "ground");
    for (size_t i = casefile->measures.len; i > 0; i--) {
        struct casefile_measure *measure = &casefile->measures.at[i - 1];
        if (measure->state == MEASURE_OPEN && str_eq(measure->step, step) &&
            (str_is_empty(ground) || str_eq(measure->ground, ground)))
            return measure;
    }
    struct casefile_measure *measure = vec_push(arena, &casefile->measures);
    *measure = (struct casefile_measure){.step = str_copy(arena, step),
                                         .ground = str_copy(arena, ground),
                                         .clause = str_copy(arena, event->clause),
                                         .seq = event->sequence,
                                         .at = event->happened_at};
    take_units(arena, measure, event->payload);
    return measure;
}

static void evolve_measure_decided(struct arena *arena, struct casefile *casefile,
                                   const struct event *event)
{
    const struct value *payload = event->payload;
    bool confirmed = event->type == EVENT_MEASURE_CONFIRMED;
    struct casefile_measure *measure = answered(arena, casefile, event);
    measure->state = confirmed                         ? MEASURE_CONFIRMED
                     : value_find_bool(payload, "gone") ? MEASURE_GONE
                                                        : MEASURE_HELD;
    measure->reason = str_copy(arena, value_find_text(payload, "reason"));
    measure->record = str_copy(arena, value_find_text(payload, "record"));
    measure->actor = str_copy(arena, event->actor);
    measure->decided_seq = event->sequence;
    measure->decided_at = event->happened_at;
    if (confirmed)
        casefile->pressing = measure->step;
}

static void evolve_link(struct arena *arena, struct casefile *casefile, const struct event *event)
{
    struct casefile_link link = {.kind = value_find_text(event->payload, "kind"),
                                 .shows = value_find_bool(event->payload, "shows")};
    if (!casefile_ref_parse(value_find_text(event->payload, "case"), &link.prefecture, &link.id))
        return;
    size_t kept = 0;
    for (size_t i = 0; i < casefile->links.len; i++) {
        const struct casefile_link *other = &casefile->links.at[i];
        if (other->id.v != link.id.v || !str_eq(other->kind, link.kind))
            casefile->links.at[kept++] = *other;
    }
    casefile->links.len = kept;
    link.kind = str_copy(arena, link.kind);
    link.answer = str_copy(arena, value_find_text(event->payload, "answer"));
    link.as = str_copy(arena, value_find_text(event->payload, "as"));
    if (event->type == EVENT_LINKED)
        vec_add(arena, &casefile->links, link);
}

static void evolve_scored(struct arena *arena, struct casefile *casefile, const struct event *event)
{
    const struct value *payload = event->payload;
    *vec_push(arena, &casefile->scores) = (struct casefile_score){
        .rule = str_copy(arena, value_find_text(payload, "rule")),
        .unit = id_of(value_find_c(payload, "unit")),
        .points = str_copy(arena, value_find_text(payload, "points")),
        .subject = str_copy(arena, value_find_text(payload, "subject")),
        .clause = str_copy(arena, event->clause),
        .command = str_copy(arena, event->command),
        .seq = event->sequence,
        .at = event->happened_at,
        .recorded_at = event->recorded_at,
        .reversed_at = INSTANT_NONE,
    };
}

static void evolve_score_reversed(struct arena *arena, struct casefile *casefile,
                                  const struct event *event)
{
    int64_t of = value_find_int(event->payload, "of", 0);
    (void)arena;
    for (size_t i = 0; i < casefile->scores.len; i++) {
        struct casefile_score *score = &casefile->scores.at[i];
        if (score->seq != of)
            continue;
        score->reversed_seq = event->sequence;
        score->reversed_at = event->recorded_at;
    }
}

static void evolve_withdrawn(struct arena *arena, struct casefile *casefile,
                             const struct event *event)
{
    casefile->withdrawn = true;
    if (casefile->key_of_fields)
        casefile->key = (struct str){0};
    enter(arena, casefile, event, S("withdrawn"));
}

static void evolve_pack_changed(struct arena *arena, struct casefile *casefile,
                                const struct event *event)
{
    casefile->pack = str_copy(arena, value_find_text(event->payload, "to"));
    struct str state = value_find_text(event->payload, "state");
    if (!str_is_empty(state) && !str_eq(state, casefile->state))
        enter(arena, casefile, event, state);
}

static void evolve_nothing(struct arena *arena, struct casefile *casefile,
                           const struct event *event)
{
    (void)arena;
    (void)casefile;
    (void)event;
}

typedef void evolve_fn(struct arena *arena, struct casefile *casefile, const struct event *event);

static evolve_fn *const folds[] = {
    [EVENT_CREATED] = evolve_created,
    [EVENT_MOVED] = evolve_moved,
    [EVENT_FIELD_SET] = evolve_field_set,
    [EVENT_ROLE_SET] = evolve_role_set,
    [EVENT_EVIDENCE_ADDED] = evolve_evidence,
    [EVENT_OPINION_GIVEN] = evolve_mark,
    [EVENT_SIGNED] = evolve_mark,
    [EVENT_CONFIRMED] = evolve_mark,
    [EVENT_CLOCK_STARTED] = evolve_clock_started,
    [EVENT_CLOCK_PAUSED] = evolve_clock,
    [EVENT_CLOCK_RESUMED] = evolve_clock,
    [EVENT_CLOCK_EXTENDED] = evolve_clock,
    [EVENT_CLOCK_STOPPED] = evolve_clock,
    [EVENT_CLOCK_LAPSED] = evolve_clock,
    [EVENT_FLAGGED] = evolve_flagged,
    [EVENT_MEASURE_PROPOSED] = evolve_measure_proposed,
    [EVENT_MEASURE_CONFIRMED] = evolve_measure_decided,
    [EVENT_MEASURE_HELD] = evolve_measure_decided,
    [EVENT_SCORED] = evolve_scored,
    [EVENT_SCORE_REVERSED] = evolve_score_reversed,
    [EVENT_DOCUMENT_ISSUED] = evolve_issued,
    [EVENT_DELIVERED] = evolve_delivered,
    [EVENT_LINKED] = evolve_link,
    [EVENT_UNLINKED] = evolve_link,
    [EVENT_REFERRED] = evolve_nothing,
    [EVENT_NOTED] = evolve_voided,
    [EVENT_WITHDRAWN] = evolve_withdrawn,
    [EVENT_PACK_CHANGED] = evolve_pack_changed,
};
_Static_assert(COUNT_OF(folds) == EVENT_TYPE_COUNT, "a fold for each type of event");

/* Events of one command share actor, command and the time of recording. */
static void note_act(struct arena *arena, struct casefile *casefile, const struct event *event)
{
    if (casefile->acts.len > 0 && casefile->updated_at.ms == event->recorded_at.ms) {
        const struct casefile_act *last = &casefile->acts.at[casefile->acts.len - 1];
        if (str_eq(last->command, event->command) && str_eq(last->actor, event->actor))
            return;
    }
    vec_add(arena, &casefile->acts,
            ((struct casefile_act){str_copy(arena, event->command), str_copy(arena, event->actor),
                                   event->sequence, event->happened_at}));
}

void engine_evolve(struct arena *arena, struct casefile *casefile, const struct event *event)
{
    must(event->sequence == casefile->version + 1);
    folds[event->type](arena, casefile, event);
    note_act(arena, casefile, event);
    casefile->version = event->sequence;
    casefile->updated_at = event->recorded_at;
}
