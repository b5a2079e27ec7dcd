/*
 * One clerk at one case: which commands lead on from here, who may give them, what the form says.
 * Whether it is allowed the engine is asked, as the page of the case asks it.
 */
#include "services/simulate_clerk.h"

#include "base/num.h"

enum { ROWS_TOLD = 3 };

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
    candidates_find(scene->play, &scene->casefile, row->by, row->by_count, dice, &candidates);
    candidates_leave_out_heard(&scene->casefile, row, &candidates);
    if (candidates.len == 0 && row->to != NULL)
        scene_note_nobody(scene, row);
    for (int i = 0; i < PEOPLE_TRIED; i++) {
        struct failure failure;
        const struct world_person *person =
            candidates_draw(scene->play, &candidates, transition_signing_post(row), dice);
        if (person == NULL)
            return NULL;
        if (may(scene, row->name, person, &failure))
            return person;
        *out_evidence_kind = missing_evidence(scene, &failure);
        if (row->to != NULL)
            scene_note_missing(scene, &failure);
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
    choices_find(scene, &choices);
    while (choices.len > 0 && visit->kind == VISIT_NOTHING) {
        const struct regime_transition *row = choices_draw(visit, &choices);
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
    TRY(scene_open(play, ctx, conn, visit->known, &scene));
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
            candidates_add_staff(play, person->posts[i].unit->facts.id.v, (struct str){0}, CANDIDATES_MAX,
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
            candidates_add_anyone(play, &none, &dice, out);
        if (role == NULL)
            continue;
        value_each (unit, value_find(play->campaign->terms.roles, role->name)) {
            int64_t id;
            if (num_parse_i64(unit->text, 1, INT64_MAX, &id))
                candidates_add_staff(play, id, by->post, CANDIDATES_MAX, out);
        }
        const struct placed *near = roster_pick_near(
            play->world, &play->roster.units_of[role - play->regime->roles], visit->region, &dice);
        if (near != NULL && !role->of_people)
            candidates_add_staff(play, near->unit, by->post, CANDIDATES_MAX, out);
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
            candidates_draw(scene->play, makers, (struct str){0}, &visit->dice);
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
        candidates_find(scene->play, &scene->casefile, row->by, row->by_count, &dice, &candidates);
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
    TRY(scene_open(play, ctx, conn, known, &scene));
    *out = somebody_may(&scene, &asked, out_why) ? PROSPECT_PERSON
           : time_leads_on(&scene)              ? PROSPECT_TIME
           : !asked                             ? PROSPECT_NOBODY
                                                : PROSPECT_NONE;
    return ST_OK;
}
