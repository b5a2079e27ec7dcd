/*
 * One clerk at one case: which commands lead on from here, who may give them, what the form says.
 * Whether it is allowed the engine is asked, as the page of the case asks it.
 */
#include "base/num.h"
#include "services/simulate_int.h"

enum {
    CANDIDATES_MAX = 24,
    WEIGHT_ONWARD = 12,
    WEIGHT_HERE = 4,
    WEIGHT_END = 3,
    WEIGHT_MISSED = 40,
    WEIGHT_PLANNED = 40,
    AGAIN_PERCENT = 15, /* a command that leads nowhere is given once more; then ever less */
    ASIDE_PERCENT = 15, /* of the cases in which such a command is given at all */
    AGAIN_MAX = 24,     /* for something that is missing, too */
    WEIGHT_BACK = 2,
    ROWS_TRIED = 64,
    ROWS_TOLD = 3
};

/* ---- who ---- */

struct candidates {
    const struct world_person *at[CANDIDATES_MAX];
    size_t len;
};

static void add_candidate(struct candidates *all, const struct world_person *person)
{
    for (size_t i = 0; i < all->len; i++)
        if (all->at[i] == person)
            return;
    if (person != NULL && all->len < CANDIDATES_MAX)
        all->at[all->len++] = person;
}

static bool person_holds(const struct world_person *person, struct str post, struct day today)
{
    for (size_t i = 0; i < person->post_count; i++)
        if (world_post_is_held(&person->posts[i], today) &&
            (str_is_empty(post) || str_eq(person->posts[i].post, post)))
            return true;
    return false;
}

/* limit: so many of them at most */
static void add_staff(const struct play *play, int64_t unit, struct str post, size_t limit,
                      struct candidates *all)
{
    struct placed_list staff = roster_staff(&play->roster, unit);
    size_t full = all->len + limit;
    for (size_t i = 0; i < staff.len && all->len < full; i++)
        if (str_is_empty(post) || str_eq(staff.at[i].post, post))
            add_candidate(all, staff.at[i].person);
}

static void add_creator(const struct play *play, const struct casefile *casefile,
                        struct candidates *all)
{
    struct person_id person;
    if (casefile->acts.len == 0)
        return;
    struct str actor = casefile->acts.at[0].actor;
    if (num_parse_i64(str_part(actor, 0, str_find_char(actor, '/')), 1, INT64_MAX, &person.v))
        add_candidate(all, world_find_person(play->world, person));
}

static void add_role(const struct play *play, const struct casefile *casefile,
                     const struct regime_actor *by, struct candidates *all)
{
    const struct casefile_role *role = casefile_find_role(casefile, by->role);
    size_t units = role == NULL ? 0 : by->lead && role->units.len > 0 ? 1 : role->units.len;
    size_t each = units == 0 ? 0 : (CANDIDATES_MAX + units - 1) / units; /* each unit has its say */
    for (size_t i = 0; i < units; i++)
        add_staff(play, role->units.at[i], by->post, each, all);
    for (size_t i = 0; role != NULL && i < role->people.len; i++) {
        const struct world_person *person =
            world_find_person(play->world, (struct person_id){role->people.at[i]});
        if (person != NULL && person_holds(person, by->post, play->today))
            add_candidate(all, person);
    }
}

/* Some who are near, and as many from anywhere. */
static void add_anyone(const struct play *play, const struct casefile *casefile, struct dice *dice,
                       struct candidates *all)
{
    enum { ASKED = 3 };
    const struct placed_list *people = &play->roster.people;
    for (int i = 0; i < ASKED && people->len > 0; i++) {
        add_candidate(all, roster_pick_near(play->world, people, casefile->region, dice)->person);
        add_candidate(all, people->at[dice_roll(dice, people->len)].person);
    }
}

static void find_candidates(const struct play *play, const struct casefile *casefile,
                            const struct regime_actor *by, size_t count, struct dice *dice,
                            struct candidates *out)
{
    *out = (struct candidates){0};
    for (size_t i = 0; i < count; i++) {
        if (str_eq(by[i].role, S("system")))
            continue;
        if (str_eq(by[i].role, S("anyone")))
            add_anyone(play, casefile, dice, out);
        else if (str_eq(by[i].role, S("creator")))
            add_creator(play, casefile, out);
        else
            add_role(play, casefile, &by[i], out);
    }
}

/* The post that must sign, or absent. */
static struct str signing_post(const struct regime_transition *row)
{
    for (size_t i = 0; i < row->need_count; i++)
        if (row->needs[i].kind == GUARD_SIGNATURE)
            return value_find_text(row->needs[i].args, "of");
    return (struct str){0};
}

static bool gives_opinion(const struct regime_transition *row)
{
    for (size_t i = 0; i < row->then_count; i++)
        if (row->then[i].kind == EFFECT_OPINION)
            return true;
    return false;
}

/* Since the case came to where it stands. */
static bool unit_gave_opinion(const struct casefile *casefile, const struct world_person *person)
{
    size_t entries = casefile->entries.len;
    int64_t since = entries == 0 ? 0 : casefile->entries.at[entries - 1].seq;
    for (size_t i = 0; i < casefile->marks.len; i++)
        for (size_t j = 0; j < person->post_count; j++)
            if (casefile->marks.at[i].type == EVENT_OPINION_GIVEN &&
                casefile->marks.at[i].seq > since &&
                casefile->marks.at[i].unit == person->posts[j].unit->facts.id.v)
                return true;
    return false;
}

/* A unit says once what it thinks. */
static void leave_out_heard(const struct casefile *casefile, const struct regime_transition *row,
                            struct candidates *all)
{
    size_t left = 0;
    for (size_t i = 0; i < all->len && gives_opinion(row); i++)
        if (!unit_gave_opinion(casefile, all->at[i]))
            all->at[left++] = all->at[i];
    if (gives_opinion(row))
        all->len = left;
}

/* Takes one out of the list; who can sign comes first. */
static const struct world_person *draw_candidate(const struct play *play, struct candidates *all,
                                                 struct str post, struct dice *dice)
{
    if (all->len == 0)
        return NULL;
    size_t at = dice_roll(dice, all->len);
    if (!str_is_empty(post) && !str_eq(post, S("self")))
        for (size_t i = 0; i < all->len; i++)
            if (person_holds(all->at[(at + i) % all->len], post, play->today)) {
                at = (at + i) % all->len;
                break;
            }
    const struct world_person *chosen = all->at[at];
    all->at[at] = all->at[--all->len];
    return chosen;
}

/* ---- what ---- */

/* A case as a clerk has it before them. */
struct scene {
    const struct play *play;
    struct ctx *ctx;
    struct arena *keeps; /* of the turn: what the visit remembers for its next attempt */
    struct visit *visit;
    struct engine engine;
    struct world_view view;
    struct casefile casefile;
};

static enum status open_scene(const struct play *play, struct ctx *ctx, struct db_conn *conn,
                              const struct known *known, struct scene *out)
{
    TRY(ledger_load(ctx, conn, known->ref.prefecture, known->ref.id, &out->casefile));
    TRY(world_engine(ctx, play->world, &out->view, out->casefile.campaign, out->casefile.procedure,
                     out->casefile.pack, &out->engine));
    out->view.conn = conn;
    return ST_OK;
}

static bool is_people_s(const struct regime_transition *row)
{
    for (size_t i = 0; i < row->by_count; i++)
        if (!str_eq(row->by[i].role, S("system")))
            return true;
    return false;
}

/* Onward commands first, what was tried often last. */
static uint64_t weight_of(const struct scene *scene, const struct regime_transition *row)
{
    const struct regime_procedure *procedure = scene->engine.procedure;
    const struct known *known = scene->visit->known;
    const struct regime_state *here = procedure_find_state(procedure, scene->casefile.state);
    uint64_t tried = known == NULL || known->tried == NULL
                         ? 0
                         : known->tried[row - procedure->transitions];
    uint64_t weight = row->to == NULL   ? WEIGHT_HERE
                      : row->to->end   ? WEIGHT_END
                      : row->to > here ? WEIGHT_ONWARD
                                       : WEIGHT_BACK;
    return 1 + weight * 16 / (1 + tried * tried);
}

static bool has_name(const struct value *names, struct str name)
{
    value_each (one, names)
        if (str_eq(one->text, name))
            return true;
    return names == NULL;
}

/* Other cases take a role over from this one as it stands: it is left in force. */
static bool ends_standing(const struct scene *scene, const struct regime_transition *row)
{
    const struct regime *regime = scene->play->regime;
    for (size_t i = 0; i < regime->role_count && row->to != NULL; i++) {
        const struct regime_standing *standing = regime->roles[i].standing;
        if (standing != NULL && !standing->live &&
            str_eq(standing->procedure, scene->casefile.procedure) &&
            has_name(standing->states, scene->casefile.state) &&
            !has_name(standing->states, row->to->name))
            return true;
    }
    return false;
}

bool visit_misses(const struct visit *visit, struct str name)
{
    for (size_t i = 0; i < visit->missing_count; i++)
        if (str_eq(visit->missing[i], name))
            return true;
    return false;
}

static void note_missing(const struct scene *scene, const struct failure *failure)
{
    struct visit *visit = scene->visit;
    for (size_t n = 0; failure->status != ST_OK && n <= failure->more_count; n++) {
        struct str name = (n == 0 ? &failure->reason : &failure->more[n - 1])->field;
        if (!str_is_empty(name) && !visit_misses(visit, name) &&
            visit->missing_count < MISSING_MAX)
            visit->missing[visit->missing_count++] = str_copy(scene->keeps, name);
    }
}

/* Whether the row may bring what another one was refused for: asks it, is it, or marks it. */
static bool brings_missing(const struct visit *visit, const struct regime_transition *row)
{
    if (visit->missing_count == 0)
        return false;
    if (visit_misses(visit, row->name))
        return true;
    for (size_t i = 0; i < row->by_count; i++)
        if (gives_opinion(row) && visit_misses(visit, row->by[i].role))
            return true;
    for (size_t i = 0; i < row->ask_count; i++)
        if (visit_misses(visit, row->asks[i].name) ||
            (!str_is_empty(row->asks[i].role) && visit_misses(visit, row->asks[i].role)))
            return true;
    for (size_t i = 0; i < row->then_count; i++)
        if (row->then[i].args != NULL && row->then[i].args->kind == VALUE_TEXT &&
            visit_misses(visit, row->then[i].args->text))
            return true;
    return false;
}

static bool is_planned(const struct scene *scene, const struct regime_transition *row)
{
    const struct brief *brief = scene->visit->brief;
    return brief != NULL && brief->commands->count > 0 && has_name(brief->commands, row->name);
}

/* It leads to an end at which nobody wants the case. */
static bool misses_goal(const struct scene *scene, const struct regime_transition *row)
{
    const struct brief *brief = scene->visit->brief;
    return brief != NULL && brief->goals != NULL && row->to != NULL && row->to->end &&
           !has_name(brief->goals, scene->casefile.state) &&
           !has_name(brief->goals, row->to->name);
}

/* What is planned goes ahead: nobody sends it back for the sake of it. */
static bool goes_back(const struct scene *scene, const struct regime_transition *row)
{
    return scene->visit->brief != NULL && row->to != NULL && !row->to->end &&
           row->to < procedure_find_state(scene->engine.procedure, scene->casefile.state);
}

/* A body works to its last day. */
static bool ends_early(const struct scene *scene, const struct regime_transition *row)
{
    struct day last = body_last_day(scene->play->regime, scene->engine.procedure, &scene->casefile);
    return row->to != NULL && row->to->end && !day_is_none(last) &&
           last.v >= scene->play->today.v && scene->visit->brief != NULL;
}

struct choices {
    const struct regime_transition *rows[ROWS_TRIED];
    uint64_t weights[ROWS_TRIED];
    bool only_missing[ROWS_TRIED]; /* said often enough, unless something is missing without it */
    size_t len;
};

static uint64_t times_tried(const struct scene *scene, const struct regime_transition *row)
{
    const struct known *known = scene->visit->known;
    return known->tried == NULL ? 0 : known->tried[row - scene->engine.procedure->transitions];
}

static bool was_tried(const struct scene *scene, const struct regime_transition *row)
{
    return times_tried(scene, row) > 0;
}

static bool moves_clock(const struct regime_transition *row)
{
    for (size_t i = 0; i < row->then_count; i++)
        if (row->then[i].kind == EFFECT_START || row->then[i].kind == EFFECT_STOP)
            return true;
    return false;
}

/* What may happen beside the way of a case happens in some of them: told by its number, so that the
   case stays as it is on every look. */
static bool happens_here(const struct scene *scene, const struct regime_transition *row)
{
    const struct known *known = scene->visit->known;
    if (known->brief == NULL && scene->play->quotas[known->procedure].each_region)
        return true;
    struct dice dice = dice_of(str_hash(known->number),
                               (uint64_t)(row - scene->engine.procedure->transitions));
    return moves_clock(row) || dice_percent(&dice, ASIDE_PERCENT);
}

/* Nobody records the same thing in the same case for ever: each time more seldom, and only for
   what is missing after a few. */
static bool is_said_enough(const struct scene *scene, const struct regime_transition *row)
{
    const struct regime_state *here =
        procedure_find_state(scene->engine.procedure, scene->casefile.state);
    int tried = (int)times_tried(scene, row);
    if ((row->to != NULL && row->to != here) || gives_opinion(row) ||
        (tried == 0 && is_planned(scene, row)))
        return false;
    return tried == 0 ? row->to == NULL && !happens_here(scene, row)
                      : !dice_percent(&scene->visit->dice, AGAIN_PERCENT / tried);
}

/* Planned and not given yet, or the end of a body whose last day is over. */
static bool is_due(const struct scene *scene, const struct regime_transition *row)
{
    struct day last = body_last_day(scene->play->regime, scene->engine.procedure, &scene->casefile);
    if (is_planned(scene, row))
        return !was_tried(scene, row);
    return scene->visit->brief != NULL && row->to != NULL && row->to->end && !day_is_none(last) &&
           last.v < scene->play->today.v;
}

/* What is planned here and was not given yet keeps the case where it is. */
static bool waits_for_planned(const struct scene *scene)
{
    const struct regime_procedure *procedure = scene->engine.procedure;
    for (size_t i = 0; i < procedure->transition_count; i++)
        if (is_planned(scene, &procedure->transitions[i]) &&
            transition_is_from(&procedure->transitions[i], scene->casefile.state) &&
            !was_tried(scene, &procedure->transitions[i]))
            return true;
    return false;
}

static void find_choices(const struct scene *scene, struct choices *out)
{
    const struct regime_procedure *procedure = scene->engine.procedure;
    bool waits = waits_for_planned(scene);
    out->len = 0;
    for (size_t i = 0; i < procedure->transition_count && out->len < ROWS_TRIED; i++) {
        const struct regime_transition *row = &procedure->transitions[i];
        if (!transition_is_from(row, scene->casefile.state) || !is_people_s(row) ||
            ends_standing(scene, row) || ends_early(scene, row) ||
            misses_goal(scene, row) || goes_back(scene, row) ||
            (waits && row->to != NULL))
            continue;
        bool enough = is_said_enough(scene, row);
        if (enough && times_tried(scene, row) >= AGAIN_MAX)
            continue;
        out->rows[out->len] = row;
        out->only_missing[out->len] = enough;
        out->weights[out->len++] =
            weight_of(scene, row) * (is_due(scene, row) ? WEIGHT_PLANNED : 1);
    }
}

static uint64_t weight_now(const struct visit *visit, const struct choices *choices, size_t at)
{
    bool brings = brings_missing(visit, choices->rows[at]);
    return choices->weights[at] * (brings ? WEIGHT_MISSED : choices->only_missing[at] ? 0 : 1);
}

/* Null: nothing that is left is worth saying again. */
static const struct regime_transition *draw_choice(struct visit *visit, struct choices *choices)
{
    uint64_t sum = 0;
    size_t at = 0;
    for (size_t i = 0; i < choices->len; i++)
        sum += weight_now(visit, choices, i);
    if (sum == 0)
        return NULL;
    for (uint64_t roll = dice_roll(&visit->dice, sum); roll >= weight_now(visit, choices, at); at++)
        roll -= weight_now(visit, choices, at);
    const struct regime_transition *row = choices->rows[at];
    choices->rows[at] = choices->rows[--choices->len];
    choices->weights[at] = choices->weights[choices->len];
    choices->only_missing[at] = choices->only_missing[choices->len];
    return row;
}

/* ---- whether ---- */

static bool may(const struct scene *scene, struct str command, const struct world_person *person,
                struct failure *out)
{
    const struct actor_post *post;
    struct ctx own = {.arena = scene->ctx->arena, .now = scene->ctx->now};
    const struct actor actor = world_actor_of(own.arena, person, scene->play->today);
    enum status status =
        engine_may(&own, &scene->engine, &scene->casefile, command, &actor, &post);
    *out = own.failure;
    return status == ST_OK;
}

static bool is_evidence(const struct regime_procedure *procedure, struct str name)
{
    for (size_t i = 0; i < procedure->evidence_kind_count; i++)
        if (str_eq(procedure->evidence_kinds[i], name))
            return true;
    return false;
}

/* A kind of evidence among what is missing, where nothing else is. */
static struct str missing_evidence(const struct scene *scene, const struct failure *failure)
{
    const struct regime_procedure *procedure = scene->engine.procedure;
    struct str kind = {0};
    for (size_t n = 0; n <= failure->more_count; n++) {
        kind = (n == 0 ? &failure->reason : &failure->more[n - 1])->field;
        if (!is_evidence(procedure, kind))
            return (struct str){0};
    }
    return kind;
}

/* Somebody for the command; evidence_kind tells where only that is missing. */
static const struct world_person *find_person(const struct scene *scene,
                                              const struct regime_transition *row,
                                              struct str *out_evidence_kind)
{
    struct candidates candidates;
    struct dice *dice = &scene->visit->dice;
    *out_evidence_kind = (struct str){0};
    find_candidates(scene->play, &scene->casefile, row->by, row->by_count, dice, &candidates);
    leave_out_heard(&scene->casefile, row, &candidates);
    for (int i = 0; i < PEOPLE_TRIED; i++) {
        struct failure failure;
        const struct world_person *person =
            draw_candidate(scene->play, &candidates, signing_post(row), dice);
        if (person == NULL)
            return NULL;
        if (may(scene, row->name, person, &failure))
            return person;
        *out_evidence_kind = missing_evidence(scene, &failure);
        if (row->to != NULL)
            note_missing(scene, &failure);
        if (!str_is_empty(*out_evidence_kind) &&
            may(scene, S("add_evidence"), person, &failure))
            return person;
        *out_evidence_kind = (struct str){0};
        if (failure.status == ST_CONFLICT && row->to != NULL)
            return NULL; /* the case is not ready, whoever asks */
    }
    return NULL;
}

static void choose(struct scene *scene)
{
    struct choices choices;
    struct visit *visit = scene->visit;
    visit->kind = VISIT_NOTHING;
    visit->missing_count = 0;
    find_choices(scene, &choices);
    while (choices.len > 0 && visit->kind == VISIT_NOTHING) {
        const struct regime_transition *row = draw_choice(visit, &choices);
        if (row == NULL)
            break;
        visit->person = find_person(scene, row, &visit->evidence_kind);
        if (visit->person == NULL)
            continue;
        visit->kind = str_is_empty(visit->evidence_kind) ? VISIT_COMMAND : VISIT_EVIDENCE;
        visit->row = row;
    }
}

/* ---- giving ---- */

static struct actor *actor_of(const struct play *play, struct arena *arena,
                              const struct world_person *person)
{
    struct actor *actor = arena_new_of(arena, struct actor);
    *actor = world_actor_of(arena, person, play->today);
    return actor;
}

static bool knows(const struct scene *scene, struct str lesson, int wanted)
{
    const int *known = strmap_find(
        &scene->play->lessons, desk_lesson_key(scene->ctx->arena, scene->visit, lesson));
    return known != NULL && *known == wanted;
}

/* Null where the form asks for what is not there. */
static const struct value *fill_row(const struct scene *scene, struct casework_turn *turn)
{
    size_t count;
    const struct regime_field *fields = form_fields(turn->arena, scene->visit->row, &count);
    struct desk desk = {.play = scene->play,
                        .arena = turn->arena,
                        .engine = &scene->engine,
                        .casefile = &scene->casefile,
                        .row = scene->visit->row,
                        .visit = scene->visit,
                        .form = value_map(turn->arena)};
    scene->visit->plain = scene->visit->plain || knows(scene, LESSON_PLAIN, LESSON_PASSED);
    return desk_fill(&desk, fields, count) ? desk.form : NULL;
}

/* A file that the case has not been shown yet. */
static const struct value *show_file(const struct scene *scene, struct casework_turn *turn)
{
    struct value *form = value_map(turn->arena);
    size_t at = scene->casefile.evidence.len % FILES_KEPT;
    value_put_text(turn->arena, form, "evidence",
                   str_printf(turn->arena, "%lld", (long long)scene->play->files[at].v));
    value_put_text(turn->arena, form, "kind", scene->visit->evidence_kind);
    return form;
}

static enum status plan_command(const struct play *play, struct ctx *ctx, struct db_conn *conn,
                                struct visit *visit, struct casework_turn *turn)
{
    struct scene scene = {.play = play, .ctx = ctx, .keeps = turn->arena, .visit = visit};
    TRY(open_scene(play, ctx, conn, visit->known, &scene));
    if (visit->row == NULL)
        choose(&scene);
    if (visit->kind == VISIT_NOTHING)
        return ST_OK;
    bool shows = visit->kind == VISIT_EVIDENCE;
    visit->evidence_kind = str_copy(turn->arena, visit->evidence_kind);
    turn->order = (struct case_order){.home = play->home,
                                      .world = play->world,
                                      .actor = actor_of(play, turn->arena, visit->person),
                                      .ref = visit->known->ref,
                                      .version = scene.casefile.version,
                                      .command = shows ? S("add_evidence") : visit->row->name,
                                      .input = shows ? show_file(&scene, turn)
                                                     : fill_row(&scene, turn),
                                      .happened_at = INSTANT_NONE};
    if (turn->order.input == NULL)
        visit->kind = VISIT_NOTHING;
    return ST_OK;
}

/* ---- a new case ---- */

/* Of the unit whose person it is about. */
static void add_colleagues(const struct play *play, const struct world_person *person,
                           struct candidates *out)
{
    for (size_t i = 0; i < person->post_count; i++)
        if (world_post_is_held(&person->posts[i], play->today))
            add_staff(play, person->posts[i].unit->facts.id.v, (struct str){0}, CANDIDATES_MAX,
                      out);
}

static void add_makers(const struct play *play, const struct visit *visit, struct candidates *out)
{
    const struct regime_procedure *procedure = visit->procedure;
    const struct casefile none = {.region = visit->region};
    struct dice dice = visit->dice;
    *out = (struct candidates){0};
    for (size_t i = 0; i < procedure->created_by_count; i++) {
        const struct regime_actor *by = &procedure->created_by[i];
        const struct regime_role *role = regime_find_role(play->regime, by->role);
        if (str_eq(by->role, S("anyone")) && visit->brief != NULL && visit->brief->about != NULL)
            add_colleagues(play, visit->brief->about, out);
        else if (str_eq(by->role, S("anyone")))
            add_anyone(play, &none, &dice, out);
        if (role == NULL)
            continue;
        value_each (unit, value_find(play->campaign->terms.roles, role->name)) {
            int64_t id;
            if (num_parse_i64(unit->text, 1, INT64_MAX, &id))
                add_staff(play, id, by->post, CANDIDATES_MAX, out);
        }
        const struct placed *near = roster_pick_near(
            play->world, &play->roster.units_of[role - play->regime->roles], visit->region, &dice);
        if (near != NULL && !role->of_people)
            add_staff(play, near->unit, by->post, CANDIDATES_MAX, out);
    }
}

/* Asked by a command of the case, or written by what one does: not for the beginning. */
static bool comes_later(const struct regime_procedure *procedure, struct str name)
{
    for (size_t i = 0; i < procedure->transition_count; i++) {
        const struct regime_transition *row = &procedure->transitions[i];
        if (transition_find_ask(row, name) != NULL)
            return true;
        for (size_t j = 0; j < row->then_count; j++)
            if (str_eq(value_find_text(row->then[j].args, "field"), name) ||
                str_eq(value_find_text(row->then[j].args, "list"), name))
                return true;
    }
    return false;
}

/* One that passed before, where any did. */
static struct str choose_source(const struct scene *scene)
{
    const struct regime *regime = scene->play->regime;
    struct visit *visit = scene->visit;
    for (int i = 0; i < ATTEMPTS_MAX; i++) {
        visit->source = regime->sources[dice_roll(&visit->dice, regime->source_count)].id;
        if (knows(scene, visit->source, LESSON_PASSED))
            break;
    }
    return visit->source;
}

static const struct value *fill_first(const struct scene *scene, struct casework_turn *turn)
{
    struct arena *arena = turn->arena;
    const struct regime_procedure *procedure = scene->engine.procedure;
    const struct regime *regime = scene->play->regime;
    struct value *input = value_map(arena);
    struct regime_field *fields = arena_alloc_array(arena, procedure->field_count, sizeof *fields);
    size_t count = 0;
    for (size_t i = 0; i < procedure->field_count; i++)
        if (procedure->fields[i].required || !comes_later(procedure, procedure->fields[i].name))
            fields[count++] = procedure->fields[i];
    struct desk desk = {.play = scene->play,
                        .arena = arena,
                        .engine = &scene->engine,
                        .casefile = &scene->casefile,
                        .visit = scene->visit,
                        .form = value_map(arena)};
    scene->visit->plain = scene->visit->plain || knows(scene, LESSON_PLAIN, LESSON_PASSED);
    if (!desk_fill(&desk, fields, count))
        return NULL;
    value_put_text(arena, input, "region", scene->visit->region);
    if (regime->source_count > 0)
        value_put_text(arena, input, "source", choose_source(scene));
    value_put(input, S("fields"), desk.form);
    return input;
}

/* Of a kind of unit whose people passed before, where there is one among them. */
static void choose_maker(const struct scene *scene, struct candidates *makers)
{
    struct visit *visit = scene->visit;
    visit->person = NULL;
    while (makers->len > 0) {
        struct failure failure;
        const struct world_person *person =
            draw_candidate(scene->play, makers, (struct str){0}, &visit->dice);
        if (!may(scene, S("create"), person, &failure))
            continue;
        visit->person = person;
        if (knows(scene, desk_kind_lesson(scene->ctx->arena, person), LESSON_PASSED))
            return;
    }
}

static enum status plan_new(const struct play *play, struct ctx *ctx, struct visit *visit,
                            struct casework_turn *turn)
{
    struct scene scene = {.play = play, .ctx = ctx, .keeps = turn->arena, .visit = visit};
    struct candidates makers;
    TRY(world_engine(ctx, play->world, &scene.view, play->campaign->name,
                     visit->procedure->name, (struct str){0}, &scene.engine));
    scene.casefile = (struct casefile){.region = visit->region,
                                       .campaign = play->campaign->name,
                                       .procedure = visit->procedure->name,
                                       .fields = value_map(ctx->arena)};
    add_makers(play, visit, &makers);
    choose_maker(&scene, &makers);
    const struct value *input = visit->person == NULL ? NULL : fill_first(&scene, turn);
    if (input == NULL) {
        visit->kind = VISIT_NOTHING;
        return ST_OK;
    }
    turn->order = (struct case_order){.home = play->home,
                                      .world = play->world,
                                      .actor = actor_of(play, turn->arena, visit->person),
                                      .campaign = play->campaign->name,
                                      .procedure = visit->procedure->name,
                                      .command = S("create"),
                                      .input = input,
                                      .happened_at = INSTANT_NONE};
    return ST_OK;
}

enum status clerk_plan(const struct play *play, struct ctx *ctx, struct db_conn *conn,
                       struct visit *visit, struct casework_turn *turn)
{
    return visit->kind == VISIT_CREATE ? plan_new(play, ctx, visit, turn)
                                       : plan_command(play, ctx, conn, visit, turn);
}

/* ---- teaching ---- */

static void try_another(struct visit *visit, struct arena *arena, struct str path, int lesson)
{
    for (size_t i = 0; i < visit->answers.len; i++)
        if (str_eq(visit->answers.at[i].path, path)) {
            visit->answers.at[i].kind++;
            return;
        }
    vec_add(arena, &visit->answers, ((struct answered){str_copy(arena, path), lesson + 1}));
}

static bool is_asked(const struct visit *visit, struct str name)
{
    if (visit->kind == VISIT_CREATE)
        return procedure_find_field(visit->procedure, name) != NULL;
    return transition_find_ask(visit->row, name) != NULL;
}

/* The field of the form behind what a reason names: itself, or the one that fills the role. */
static struct str field_behind(const struct visit *visit, struct str named)
{
    struct str name = str_part(named, 0, str_find_char(named, '.'));
    if (visit->row == NULL || is_asked(visit, name))
        return name;
    for (size_t i = 0; i < visit->row->ask_count; i++)
        if (str_eq(visit->row->asks[i].role, name))
            return visit->row->asks[i].name;
    return name;
}

bool clerk_learns(const struct play *play, struct visit *visit, const struct casework_turn *turn)
{
    const struct failure *failure = &turn->ctx.failure;
    bool taught = false;
    if (turn->status == ST_STALE)
        return ++visit->attempt < ATTEMPTS_MAX;
    if (turn->status != ST_INVALID && turn->status != ST_CONFLICT)
        return false;
    if (visit->kind == VISIT_EVIDENCE || ++visit->attempt >= ATTEMPTS_MAX)
        return false;
    for (size_t n = 0; n <= failure->more_count; n++) {
        const struct reason *reason = n == 0 ? &failure->reason : &failure->more[n - 1];
        struct str name = field_behind(visit, reason->field);
        if (visit->kind == VISIT_COMMAND && is_evidence(visit->procedure, reason->field)) {
            visit->kind = VISIT_EVIDENCE;
            visit->evidence_kind = str_copy(turn->arena, reason->field);
            return true;
        }
        if (str_is_empty(name) || !is_asked(visit, name))
            continue;
        struct str path = str_find_char(reason->field, '.') == SIZE_MAX ? name : reason->field;
        const int *lesson =
            strmap_find(&play->lessons, desk_lesson_key(turn->arena, visit, path));
        try_another(visit, turn->arena, path, lesson == NULL ? 0 : *lesson);
        taught = true;
    }
    if (taught)
        return true;
    /* Not about the form at all: another case, or where this one stands. */
    if (visit->kind == VISIT_COMMAND && str_eq(failure->reason.field, S("state")))
        return false;
    bool more = visit->kind == VISIT_CREATE || !visit->plain;
    visit->plain = true;
    return more;
}

/* ---- at the end ---- */

static bool time_leads_on(const struct scene *scene)
{
    const struct regime_procedure *procedure = scene->engine.procedure;
    for (size_t i = 0; i < scene->casefile.clocks.len; i++)
        if (instant_is_none(scene->casefile.clocks.at[i].stopped) &&
            !scene->casefile.clocks.at[i].lapsed)
            return true;
    for (size_t i = 0; i < procedure->transition_count; i++) {
        const struct regime_transition *row = &procedure->transitions[i];
        for (size_t j = 0; j < row->by_count; j++)
            if (str_eq(row->by[j].role, S("system")) &&
                transition_is_from(row, scene->casefile.state))
                return true;
    }
    return false;
}

/* Why one row is closed to everybody: `command: field key`. */
static void tell_why(const struct scene *scene, const struct regime_transition *row,
                     const struct failure *failure, struct str *io_why, int *io_told)
{
    struct reason reason = failure->reason;
    if (++*io_told > ROWS_TOLD)
        return;
    *io_why = str_printf(scene->ctx->arena, "%.*s%s%.*s: %.*s %s", STR_ARG(*io_why),
                         *io_told == 1 ? "" : "; ", STR_ARG(row->name), STR_ARG(reason.field),
                         reason.key == NULL ? "nobody" : reason.key);
}

/* candidates: whether anybody was asked at all */
static bool somebody_may(const struct scene *scene, bool *out_asked, struct str *out_why)
{
    const struct regime_procedure *procedure = scene->engine.procedure;
    int told = 0;
    *out_why = S("");
    *out_asked = false;
    struct dice dice = dice_of(1, (uint64_t)scene->casefile.id.v);
    for (size_t i = 0; i < procedure->transition_count; i++) {
        struct candidates candidates;
        const struct regime_transition *row = &procedure->transitions[i];
        if (!transition_is_from(row, scene->casefile.state))
            continue;
        find_candidates(scene->play, &scene->casefile, row->by, row->by_count, &dice, &candidates);
        struct failure failure = {0};
        *out_asked = *out_asked || candidates.len > 0;
        for (size_t j = 0; j < candidates.len; j++)
            if (may(scene, row->name, candidates.at[j], &failure) ||
                (!str_is_empty(missing_evidence(scene, &failure)) &&
                 may(scene, S("add_evidence"), candidates.at[j], &failure)))
                return true;
        tell_why(scene, row, &failure, out_why, &told);
    }
    return false;
}

enum status clerk_prospect(const struct play *play, struct ctx *ctx, struct db_conn *conn,
                           const struct known *known, enum prospect *out, struct str *out_why)
{
    struct scene scene = {.play = play, .ctx = ctx};
    bool asked;
    TRY(open_scene(play, ctx, conn, known, &scene));
    *out = somebody_may(&scene, &asked, out_why) ? PROSPECT_PERSON
           : time_leads_on(&scene)              ? PROSPECT_TIME
           : !asked                             ? PROSPECT_NOBODY
                                                : PROSPECT_NONE;
    return ST_OK;
}
