/*
 * What could be done with a case: the commands that lead on from here, each by how much a clerk thinks of it.
 */
#include "services/simulate_clerk.h"

enum {
    WEIGHT_ONWARD = 12,
    WEIGHT_HERE = 4,
    WEIGHT_END = 3,
    WEIGHT_MISSED = 40,
    WEIGHT_PLANNED = 40,
    AGAIN_PERCENT = 15, /* a command that leads nowhere is given once more; then ever less */
    ASIDE_PERCENT = 15, /* of the cases in which such a command is given at all */
    AGAIN_MAX = 24,     /* for something that is missing, too */
    WEIGHT_BACK = 2
};

enum status scene_open(const struct play *play, struct ctx *ctx, struct db_conn *conn,
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

static void note_name(const struct scene *scene, struct str name)
{
    struct visit *visit = scene->visit;
    if (!str_is_empty(name) && !visit_misses(visit, name) && visit->missing_count < MISSING_MAX)
        visit->missing[visit->missing_count++] = str_copy(scene->keeps, name);
}

void scene_note_missing(const struct scene *scene, const struct failure *failure)
{
    for (size_t n = 0; failure->status != ST_OK && n <= failure->more_count; n++)
        note_name(scene, (n == 0 ? &failure->reason : &failure->more[n - 1])->field);
}

void scene_note_nobody(const struct scene *scene, const struct regime_transition *row)
{
    for (size_t i = 0; i < row->by_count; i++)
        note_name(scene, row->by[i].role);
}

/* Whether the row may bring what another one was refused for: asks it, is it, or marks it. */
static bool brings_missing(const struct visit *visit, const struct regime_transition *row)
{
    if (visit->missing_count == 0)
        return false;
    if (visit_misses(visit, row->name))
        return true;
    for (size_t i = 0; i < row->by_count; i++)
        if (transition_gives_opinion(row) && visit_misses(visit, row->by[i].role))
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
    if ((row->to != NULL && row->to != here) || transition_gives_opinion(row) ||
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

void choices_find(const struct scene *scene, struct choices *out)
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
const struct regime_transition *choices_draw(struct visit *visit, struct choices *choices)
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
