/*
 * Plays commands by dice and holds the invariants after every step:
 *
 *     run_random PACK.yaml WORLD [SEQUENCES [SEED]]
 *
 * WORLD names units, actors and roles as examples do, and what must never be (README.md). Beside that,
 * for every regime: a refused command changes nothing; sequences have no gaps; what has happened is
 * never after now; every lapse is in the ledger, each once; the events, printed and read again as
 * the ledger does, fold to the case that stands. Prints TAP, one test a procedure.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/num.h"
#include "base/vec.h"
#include "kit/json.h"
#include "random.h"

enum { WORLD_LIMIT = 64 * 1024, JSON_LIMIT = 1024 * 1024, STEPS_A_COMMAND = 8, WORDS_MAX = 8,
       REACH_MIN = 500 };

/* `never STATE unless|by|without role|without field NAME [since STATE]` of one procedure. */
struct never {
    struct str procedure;
    struct str state;
    struct str how; /* unless, by, role, field */
    struct str name;
    struct str since;
};

/* `beyond STATE`: what leads there is more than dice can bring about. */
struct beyond {
    struct str procedure;
    struct str state;
};

struct player {
    struct ctx ctx;
    struct cases_world *world;
    const struct regime *regime;
    struct engine engine;
    struct dice dice;
    struct random_stock stock;
    VEC(struct never) nevers;
    VEC(struct beyond) beyonds;
    struct str procedure; /* of the lines being read */
    /* one sequence */
    uint64_t sequence;
    struct instant now;
    struct casefile *casefile;
    struct casefile *folded; /* from the events as the ledger gives them back */
    int64_t accepted;
    int64_t refused;
    bool broken;
};

static void complain(struct player *player, const char *what, struct str detail)
{
    if (!player->broken)
        printf("# sequence %" PRIu64 ", version %" PRId64 ": %s: %.*s\n", player->sequence,
               player->casefile->version, what, STR_ARG(detail));
    player->broken = true;
}

/* ---- the world ---- */

static bool read_never(struct player *player, const struct str *words, size_t count)
{
    struct never never = {.procedure = player->procedure, .state = words[1]};
    size_t next = 2;
    if (count < 4)
        return false;
    if (str_eq(words[next], S("without")))
        next++;
    never.how = words[next++];
    if (next >= count)
        return false;
    never.name = words[next++];
    if (next + 1 < count && str_eq(words[next], S("since")))
        never.since = words[next + 1];
    vec_add(player->ctx.arena, &player->nevers, never);
    return true;
}

static bool read_beyond(struct player *player, const struct str *words, size_t count)
{
    const struct regime_procedure *procedure =
        regime_find_procedure(player->regime, player->procedure);
    for (size_t i = 1; i < count; i++) {
        if (procedure == NULL || procedure_find_state(procedure, words[i]) == NULL)
            return false;
        vec_add(player->ctx.arena, &player->beyonds,
                ((struct beyond){player->procedure, words[i]}));
    }
    return count > 1;
}

static bool read_line(struct player *player, struct str line)
{
    struct str words[WORDS_MAX];
    size_t count = 0;
    for (struct str word; count < WORDS_MAX && str_next(&line, ' ', &word);)
        if (word.len > 0)
            words[count++] = word;
    if (count == 0 || words[0].at[0] == '#')
        return true;
    if (str_eq(words[0], S("never")))
        return read_never(player, words, count);
    if (str_eq(words[0], S("beyond")))
        return read_beyond(player, words, count);
    if (!str_eq(words[0], S("procedure")))
        return cases_world_line(player->world, words, count);
    player->procedure = words[1];
    return count == 2 && regime_find_procedure(player->regime, words[1]) != NULL;
}

static bool read_world(struct player *player, const char *path)
{
    struct str text;
    if (!cases_read_file(player->ctx.arena, path, WORLD_LIMIT, &text))
        return false;
    for (struct str line; str_next(&text, '\n', &line);)
        if (!read_line(player, line)) {
            printf("# %s: malformed: %.*s\n", path, STR_ARG(line));
            return false;
        }
    player->stock.units = cases_world_units(player->world, &player->stock.unit_count);
    player->stock.actors = cases_world_actors(player->world, &player->stock.actor_count);
    player->stock.regime = player->regime;
    return player->stock.unit_count > 0 && player->stock.actor_count > 1;
}

/* ---- what must hold ---- */

static void print_names(struct buf *out, const struct casefile_role *role)
{
    buf_printf(out, "role %.*s", STR_ARG(role->role));
    for (size_t i = 0; i < role->units.len; i++)
        buf_printf(out, " u%" PRId64, role->units.at[i]);
    for (size_t i = 0; i < role->people.len; i++)
        buf_printf(out, " p%" PRId64, role->people.at[i]);
    buf_c(out, "\n");
}

static void print_clock(struct buf *out, const struct casefile_clock *clock)
{
    buf_printf(out, "clock %.*s %" PRId64 " %d/%d %d %d %" PRId64 " %d %" PRId64 " %zu %zu\n",
               STR_ARG(clock->name), clock->start.ms, (int)clock->length.unit,
               (int)clock->length.count, clock->until.v, clock->roll, clock->started_seq,
               clock->lapsed, clock->stopped.ms, clock->pauses.len, clock->extensions.len);
}

/* A case as text; equal texts, equal cases. */
static struct str print_case(struct arena *arena, const struct casefile *c)
{
    struct buf out;
    buf_init(&out, arena, JSON_LIMIT);
    buf_printf(&out, "%" PRId64 " %.*s %.*s %.*s %d %" PRId64 "\n", c->version, STR_ARG(c->state),
               STR_ARG(c->number), STR_ARG(c->pressing), c->withdrawn, c->updated_at.ms);
    json_print_canonical(&out, c->fields);
    for (size_t i = 0; i < c->roles.len; i++)
        print_names(&out, &c->roles.at[i]);
    for (size_t i = 0; i < c->clocks.len; i++)
        print_clock(&out, &c->clocks.at[i]);
    for (size_t i = 0; i < c->flags.len; i++)
        buf_printf(&out, "flag %.*s\n", STR_ARG(c->flags.at[i]));
    for (size_t i = 0; i < c->evidence.len; i++)
        buf_printf(&out, "evidence %.*s %" PRId64 "\n", STR_ARG(c->evidence.at[i].kind),
                   c->evidence.at[i].seq);
    for (size_t i = 0; i < c->marks.len; i++)
        buf_printf(&out, "mark %d %.*s %" PRId64 " %" PRId64 "\n", (int)c->marks.at[i].type,
                   STR_ARG(c->marks.at[i].what), c->marks.at[i].unit, c->marks.at[i].seq);
    for (size_t i = 0; i < c->entries.len; i++)
        buf_printf(&out, "entry %.*s %" PRId64 "\n", STR_ARG(c->entries.at[i].state),
                   c->entries.at[i].seq);
    for (size_t i = 0; i < c->acts.len; i++)
        buf_printf(&out, "act %.*s %.*s %" PRId64 "\n", STR_ARG(c->acts.at[i].command),
                   STR_ARG(c->acts.at[i].actor), c->acts.at[i].seq);
    return buf_str(&out);
}

static bool never_applies(const struct player *player, const struct never *never,
                          const struct event *event)
{
    return event->type == EVENT_MOVED &&
           str_eq(never->procedure, player->engine.procedure->name) &&
           str_eq(never->state, value_find_text(event->payload, "to"));
}

/* The unit through whose post the event was made; 0: none. */
static int64_t unit_of(const struct player *player, const struct event *event)
{
    int64_t post_id;
    size_t slash = str_find_char(event->actor, '/');
    if (slash == SIZE_MAX ||
        !num_parse_i64(str_from(event->actor, slash + 1), 0, INT64_MAX, &post_id))
        return 0;
    for (size_t i = 0; i < player->stock.actor_count; i++)
        for (size_t j = 0; j < player->stock.actors[i]->post_count; j++)
            if (player->stock.actors[i]->posts[j].id.v == post_id)
                return player->stock.actors[i]->posts[j].unit.v;
    return 0;
}

static bool never_happened(const struct player *player, const struct never *never,
                           const struct event *event)
{
    const struct casefile *c = player->casefile;
    bool lead;
    if (str_eq(never->how, S("unless")))
        return casefile_entered(c, never->name) > casefile_entered(c, never->since);
    if (str_eq(never->how, S("by")))
        return !casefile_role_has_unit(c, never->name, unit_of(player, event), &lead);
    if (str_eq(never->how, S("field")))
        return !value_is_empty(value_find(c->fields, never->name));
    const struct casefile_role *role = casefile_find_role(c, never->name);
    return role != NULL && role->units.len + role->people.len > 0;
}

static void check_event(struct player *player, const struct event *event, int64_t sequence)
{
    if (event->sequence != sequence)
        complain(player, "sequence has a gap", event_type_name(event->type));
    if (event->happened_at.ms > player->now.ms || event->recorded_at.ms != player->now.ms)
        complain(player, "happened after now", event_type_name(event->type));
    for (size_t i = 0; i < player->nevers.len; i++) {
        const struct never *never = &player->nevers.at[i];
        if (never_applies(player, never, event) && !never_happened(player, never, event))
            complain(player, "never", str_printf(player->ctx.arena, "%.*s %.*s %.*s",
                                                 STR_ARG(never->state), STR_ARG(never->how),
                                                 STR_ARG(never->name)));
    }
}

/* No clock has run out, stopped or not, without the ledger saying so. */
static void check_lapses(struct player *player, bool running_too)
{
    for (size_t i = 0; i < player->casefile->clocks.len; i++) {
        const struct casefile_clock *clock = &player->casefile->clocks.at[i];
        struct clock_view view;
        bool stopped = !instant_is_none(clock->stopped);
        if (clock->lapsed || (!stopped && !running_too))
            continue;
        if (engine_clock_view(&player->ctx, player->engine.calendar, clock, player->now, &view) !=
            ST_OK)
            complain(player, "clock", clock->name);
        else if (view.state == CLOCK_LAPSED)
            complain(player, "lapsed in silence", clock->name);
    }
}

/* Through the ledger and back: the payload as it would be stored. */
static struct value *stored(struct player *player, const struct value *payload)
{
    struct buf text;
    struct value *read = NULL;
    buf_init(&text, player->ctx.arena, JSON_LIMIT);
    json_print_canonical(&text, payload);
    if (json_parse(&player->ctx, buf_str(&text), JSON_LIMIT, JSON_STRICT, &read) != ST_OK)
        complain(player, "payload is no JSON", buf_str(&text));
    return read;
}

static void take(struct player *player, const struct event_list *events)
{
    struct arena *arena = player->ctx.arena;
    int64_t version = player->casefile->version;
    for (size_t i = 0; i < events->len; i++) {
        struct event event = events->at[i];
        engine_evolve(arena, player->casefile, &event);
        check_event(player, &event, version + 1 + (int64_t)i);
        event.payload = stored(player, event.payload);
        if (event.payload != NULL)
            engine_evolve(arena, player->folded, &event);
    }
    struct str stands = print_case(arena, player->casefile);
    struct str folded = print_case(arena, player->folded);
    if (!str_eq(stands, folded))
        complain(player, "the fold differs",
                 str_printf(arena, "%.*s\nis not\n%.*s", STR_ARG(folded), STR_ARG(stands)));
    check_lapses(player, false);
}

/* ---- acts ---- */

static void give(struct player *player, const struct actor *actor, struct str command,
                 const struct value *form)
{
    struct event_list events = {0};
    struct instant happened = INSTANT_NONE;
    if (!actor->is_system && dice_percent(&player->dice, 10))
        happened.ms = player->now.ms - (int64_t)dice_roll(&player->dice, 120) * MS_PER_MINUTE;
    const struct command order = {
        .name = command, .input = form, .happened_at = happened, .actor = actor};
    struct str before = print_case(player->ctx.arena, player->casefile);
    fail_clear(&player->ctx);
    enum status status = engine_decide(&player->ctx, &player->engine, player->casefile, &order, &events);
    if (!str_eq(before, print_case(player->ctx.arena, player->casefile)))
        complain(player, "decide changed the case", command);
    if (status != ST_OK) {
        player->refused++;
        fail_clear(&player->ctx);
        return;
    }
    player->accepted++;
    if (events.len == 0)
        complain(player, "accepted and nothing recorded", command);
    take(player, &events);
}

static const struct actor *any_actor(struct player *player)
{
    return player->stock.actors[1 + dice_roll(&player->dice, player->stock.actor_count - 1)];
}

/* What other cases and timers do is drawn with the rest: the first actor is the system. */
static const struct actor *system_actor(struct player *player, const struct regime_actor *by,
                                        size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq_c(by[i].role, "system"))
            return player->stock.actors[0];
    return NULL;
}

/* Somebody who may, if anybody may; looked for from a place drawn. */
static const struct actor *able_actor(struct player *player, struct str command)
{
    size_t first = dice_roll(&player->dice, player->stock.actor_count);
    for (size_t i = 0; i < player->stock.actor_count; i++) {
        const struct actor *actor =
            player->stock.actors[(first + i) % player->stock.actor_count];
        const struct actor_post *post;
        fail_clear(&player->ctx);
        if (!actor->is_system && engine_may(&player->ctx, &player->engine, player->casefile, command,
                                            actor, &post) == ST_OK)
            return actor;
    }
    fail_clear(&player->ctx);
    return NULL;
}

/* Half of the time one that leads on, and to an end only now and then, or most cases end at once. */
static bool is_wanted(struct player *player, const struct regime_transition *row, bool moves)
{
    if (!transition_is_from(row, player->casefile->state) || (moves && row->to == NULL))
        return false;
    return row->to == NULL || !row->to->end || dice_percent(&player->dice, 15);
}

static const struct regime_transition *any_row(struct player *player, bool sensible)
{
    const struct regime_procedure *procedure = player->engine.procedure;
    const struct regime_transition *row;
    bool moves = sensible && dice_roll(&player->dice, 2) == 0;
    int tries = 0;
    do
        row = &procedure->transitions[dice_roll(&player->dice, procedure->transition_count)];
    while (sensible && tries++ < 30 && !is_wanted(player, row, moves));
    return row;
}

static void act_by_pack(struct player *player, bool sensible)
{
    const struct regime_transition *row = any_row(player, sensible);
    const struct actor *actor = sensible ? able_actor(player, row->name) : any_actor(player);
    if (actor == NULL)
        actor = system_actor(player, row->by, row->by_count);
    size_t count;
    const struct regime_field *fields = form_fields(player->ctx.arena, row, &count);
    player->stock.now = player->now;
    if (actor != NULL)
        give(player, actor, row->name,
             random_form(player->ctx.arena, &player->dice, &player->stock, fields, count, 55));
}

/* A kind that some command from here asks for, in half of the cases; else any. */
static struct str any_kind(struct player *player)
{
    const struct regime_procedure *procedure = player->engine.procedure;
    VEC(struct str) wanted = {0};
    for (size_t i = 0; i < procedure->transition_count; i++) {
        const struct regime_transition *row = &procedure->transitions[i];
        for (size_t j = 0; transition_is_from(row, player->casefile->state) && j < row->need_count; j++)
            if (row->needs[j].kind == GUARD_EVIDENCE)
                value_each (kind, row->needs[j].args)
                    if (!str_eq_c(kind->key, "since"))
                        vec_add(player->ctx.arena, &wanted, kind->key);
    }
    if (wanted.len > 0 && dice_percent(&player->dice, 50))
        return wanted.at[dice_roll(&player->dice, wanted.len)];
    return procedure->evidence_kinds[dice_roll(&player->dice, procedure->evidence_kind_count)];
}

static void act_evidence(struct player *player)
{
    struct arena *arena = player->ctx.arena;
    struct value *input = value_map(arena);
    struct str kind = any_kind(player);
    value_put_text(arena, input, "evidence", S("7"));
    value_put_text(arena, input, "kind", kind);
    value_put_text(arena, input, "sha256", S("0000000000000000000000000000000000000000000000000000000000000000"));
    value_put_text(arena, input, "name", S("a.jpg"));
    value_put_text(arena, input, "type", S("image/jpeg"));
    const struct actor *actor = able_actor(player, S("add_evidence"));
    if (actor != NULL)
        give(player, actor, S("add_evidence"), input);
}

static void act_built_in(struct player *player)
{
    static const struct str names[] = {STR_INIT("note"), STR_INIT("delegate"), STR_INIT("withdraw"),
                                       STR_INIT("lapse"), STR_INIT("link")};
    struct arena *arena = player->ctx.arena;
    struct str name = names[dice_roll(&player->dice, COUNT_OF(names))];
    const struct regime *regime = player->regime;
    struct value *input = value_map(arena);
    if (str_eq(name, S("withdraw")) && !dice_percent(&player->dice, 5))
        return; /* it would end most sequences */
    value_put_text(arena, input, "text", S("说明"));
    value_put_text(arena, input, "reason", S("说明"));
    value_put_text(arena, input, "role", regime->roles[dice_roll(&player->dice, regime->role_count)].name);
    value_put_text(arena, input, "holder",
                   str_printf(arena, "%" PRId64,
                              player->stock.units[dice_roll(&player->dice,
                                                            player->stock.unit_count)]->id.v));
    give(player, any_actor(player), name, input);
}

static void tick(struct player *player)
{
    static const struct actor system = {.is_system = true};
    for (size_t i = 0; i < player->casefile->clocks.len; i++) {
        const struct casefile_clock *clock = &player->casefile->clocks.at[i];
        struct clock_view view;
        if (clock->lapsed || !instant_is_none(clock->stopped) ||
            engine_clock_view(&player->ctx, player->engine.calendar, clock, player->now, &view) !=
                ST_OK ||
            view.state != CLOCK_LAPSED)
            continue;
        struct value *input = value_map(player->ctx.arena);
        value_put_text(player->ctx.arena, input, "clock", clock->name);
        value_put_int(player->ctx.arena, input, "started_seq", clock->started_seq);
        give(player, &system, S("lapse"), input);
    }
    check_lapses(player, true);
}

static void wait_a_while(struct player *player)
{
    uint64_t how = dice_roll(&player->dice, 100);
    int64_t minutes = (int64_t)dice_roll(&player->dice, 90);
    if (how >= 60)
        minutes = (int64_t)(1 + dice_roll(&player->dice, how < 95 ? 5 : 60)) * 24 * 60;
    player->now.ms += minutes * MS_PER_MINUTE;
    player->ctx.now = player->now;
    if (dice_percent(&player->dice, 60))
        tick(player);
}

/* What only the system makes (timers, draws, other cases) it makes here, too. */
static const struct actor *any_maker(struct player *player)
{
    static const struct actor system = {.is_system = true};
    const struct regime_procedure *procedure = player->engine.procedure;
    bool only_system = procedure->created_by_count > 0;
    for (size_t i = 0; i < procedure->created_by_count; i++)
        only_system = only_system && str_eq(procedure->created_by[i].role, S("system"));
    return only_system ? &system : any_actor(player);
}

/* What opens a case hands it its roles: one unit that may hold each of them. */
static struct value *handed_roles(struct player *player)
{
    const struct regime *regime = player->regime;
    struct arena *arena = player->ctx.arena;
    struct value *roles = value_map(arena);
    for (size_t i = 0; i < regime->role_count; i++) {
        const struct regime_role *role = &regime->roles[i];
        if (role->of_people || role->of_campaign || role->from_region)
            continue;
        const struct regime_field field = {
            .name = role->name, .kind = FIELD_UNIT, .required = true, .role = role->name};
        const struct value *unit = value_find(
            random_form(arena, &player->dice, &player->stock, &field, 1, 100), role->name);
        if (unit != NULL)
            value_append(value_put_list(arena, roles, str_c(arena, role->name)),
                         value_copy(arena, unit));
    }
    return roles;
}

static void create(struct player *player)
{
    struct arena *arena = player->ctx.arena;
    const struct regime_procedure *procedure = player->engine.procedure;
    struct value *input = value_map(arena);
    const struct regime *regime = player->regime;
    player->stock.now = player->now;
    value_put_text(arena, input, "region",
                   player->stock.units[dice_roll(&player->dice, player->stock.unit_count)]->region);
    if (regime->source_count > 0 && dice_percent(&player->dice, 97))
        value_put_text(arena, input, "source",
                       regime->sources[dice_roll(&player->dice, regime->source_count)].id);
    value_put(input, S("fields"),
              random_form(arena, &player->dice, &player->stock, procedure->fields,
                          procedure->field_count, 30));
    const struct actor *maker = any_maker(player);
    if (maker->is_system && dice_percent(&player->dice, 90))
        value_put(input, S("roles"), handed_roles(player));
    give(player, maker, S("create"), input);
}

/* Counts the states of the procedure that some sequence has reached. */
static void note_states(struct player *player, bool *reached)
{
    const struct regime_procedure *procedure = player->engine.procedure;
    for (size_t i = 0; i < player->casefile->entries.len; i++)
        for (size_t j = 0; j < procedure->state_count; j++)
            if (str_eq(procedure->states[j].name, player->casefile->entries.at[i].state))
                reached[j] = true;
}

static bool is_beyond(const struct player *player, struct str state)
{
    for (size_t i = 0; i < player->beyonds.len; i++)
        if (str_eq(player->beyonds.at[i].procedure, player->engine.procedure->name) &&
            str_eq(player->beyonds.at[i].state, state))
            return true;
    return false;
}

/* Too few sequences prove nothing about what they never reached. */
static bool reached_all(const struct player *player, const bool *reached, uint64_t sequences)
{
    bool all = true;
    const struct regime_procedure *procedure = player->engine.procedure;
    for (size_t i = 0; i < procedure->state_count; i++)
        if (!reached[i]) {
            all = all && is_beyond(player, procedure->states[i].name);
            printf("# never reached: %.*s\n", STR_ARG(procedure->states[i].name));
        }
    return all || sequences < REACH_MIN;
}

static void step(struct player *player)
{
    uint64_t how = dice_roll(&player->dice, 100);
    wait_a_while(player);
    if (how < 68)
        act_by_pack(player, true);
    else if (how < 76)
        act_by_pack(player, false);
    else if (how < 95)
        act_evidence(player);
    else
        act_built_in(player);
}

static void play_sequence(struct player *player)
{
    struct arena *arena = player->ctx.arena;
    player->now = day_start(day_add(day_of(2025, 9, 1), (int32_t)dice_roll(&player->dice, 300)));
    player->now.ms += (int64_t)dice_roll(&player->dice, 1440) * MS_PER_MINUTE;
    player->ctx.now = player->now;
    player->casefile = arena_new_of(arena, struct casefile);
    player->folded = arena_new_of(arena, struct casefile);
    player->casefile->prefecture = player->folded->prefecture = (struct prefecture){"130500"};
    player->casefile->id.v = player->folded->id.v = 1000;
    player->casefile->fields = value_map(arena);
    player->folded->fields = value_map(arena);
    for (int tries = 0; tries < 20 && player->casefile->version == 0; tries++)
        create(player);
    size_t steps = STEPS_A_COMMAND * player->engine.procedure->transition_count;
    for (size_t i = 0; i < steps && player->casefile->version > 0 && !player->broken; i++)
        step(player);
}

static bool play_procedure(struct player *player, size_t number, uint64_t sequences, uint64_t seed)
{
    const struct regime_procedure *procedure = &player->regime->procedures[number];
    bool *reached = arena_alloc_array(player->ctx.arena, procedure->state_count, sizeof *reached);
    player->engine.procedure = procedure;
    player->broken = false;
    player->accepted = player->refused = 0;
    for (uint64_t i = 0; i < sequences && !player->broken; i++) {
        struct arena_mark mark = arena_mark(player->ctx.arena);
        player->sequence = seed + i;
        player->dice.state = (seed + i + 1) * UINT64_C(0x9E3779B97F4A7C15);
        play_sequence(player);
        note_states(player, reached);
        arena_return(player->ctx.arena, mark);
    }
    bool holds = !player->broken && reached_all(player, reached, sequences);
    printf("# %.*s: %" PRIu64 " sequences, %" PRId64 " accepted, %" PRId64 " refused\n",
           STR_ARG(procedure->name), sequences, player->accepted, player->refused);
    printf("%s %zu - %.*s holds its invariants under random commands\n", holds ? "ok" : "not ok",
           number + 1, STR_ARG(procedure->name));
    return holds;
}

int main(int argc, char **argv)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct player player = {.ctx = {.arena = arena}};
    int64_t sequences = 500;
    int64_t seed = 1;
    if (argc < 3 || (argc > 3 && !num_parse_i64(str_of(argv[3]), 1, INT32_MAX, &sequences)) ||
        (argc > 4 && !num_parse_i64(str_of(argv[4]), 1, INT32_MAX, &seed))) {
        fprintf(stderr, "usage: run_random PACK.yaml WORLD [SEQUENCES [SEED]]\n");
        return 2;
    }
    if (!cases_world_open(&player.ctx, argv[1], &player.world, &player.regime) ||
        !read_world(&player, argv[2])) {
        printf("1..1\nnot ok 1 - %s and %s are read\n", argv[1], argv[2]);
        return 1;
    }
    player.engine = (struct engine){.regime = player.regime,
                                    .campaign = cases_world_campaign(player.world),
                                    .calendar = cases_world_calendar(player.world),
                                    .world = cases_world_handed_down(player.world)};
    bool holds = true;
    printf("1..%zu\n", player.regime->procedure_count);
    for (size_t i = 0; i < player.regime->procedure_count; i++)
        holds = play_procedure(&player, i, (uint64_t)sequences, (uint64_t)seed) && holds;
    return !holds;
}
