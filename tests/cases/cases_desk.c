/*
 * A queue is told by the same words as a list: procedures, states, a field that narrows.
 */
#include "cases_desk.h"

#include "regime/desk.h"

static const struct regime_desk *find_desk(const struct regime *regime, struct str id)
{
    for (size_t i = 0; i < regime->desk_count; i++)
        if (str_eq(regime->desks[i].id, id))
            return &regime->desks[i];
    return NULL;
}

static bool has(const struct value *names, struct str text)
{
    value_each (name, names)
        if (str_eq(name->text, text))
            return true;
    return false;
}

static bool agrees(const struct value *wanted, const struct value *found)
{
    if (found == NULL || wanted->kind != VALUE_LIST)
        return found != NULL && value_eq(wanted, found);
    if (found->kind == VALUE_TEXT)
        return has(wanted, found->text);
    value_each (one, found)
        if (has(wanted, one->text))
            return true;
    return false;
}

static bool is_open(const struct regime *regime, const struct casefile *casefile)
{
    const struct regime_procedure *procedure = regime_find_procedure(regime, casefile->procedure);
    const struct regime_state *state =
        procedure == NULL ? NULL : procedure_find_state(procedure, casefile->state);
    return state != NULL && !state->end;
}

static bool is_listed(const struct regime *regime, const struct regime_queue *queue,
                      const struct casefile *casefile)
{
    if (!has(queue->of, casefile->procedure) ||
        !(queue->states == NULL ? is_open(regime, casefile) : has(queue->states, casefile->state)))
        return false;
    value_each (wanted, queue->where)
        if (!agrees(wanted, value_find(casefile->fields, wanted->key)))
            return false;
    return true;
}

/* PROCEDURE STATE [FIELD=VALUE]: a case as it might stand. */
static struct casefile case_of(struct arena *arena, const struct str *words, size_t count)
{
    struct casefile casefile = {
        .procedure = words[0], .state = words[1], .fields = value_map(arena)};
    for (size_t i = 2; i < count; i++) {
        size_t equals = str_find_char(words[i], '=');
        value_put_text(arena, casefile.fields,
                       str_c(arena, str_part(words[i], 0, equals)), str_from(words[i], equals + 1));
    }
    return casefile;
}

/* DESK QUEUE, then `mine` or `late`, or a case as it might stand; else the one at hand. */
static struct str expect_queue(struct arena *arena, const struct regime *regime,
                               const struct casefile *casefile, const struct str *words,
                               size_t count, bool wanted)
{
    const struct regime_desk *desk = find_desk(regime, words[0]);
    const struct casefile other =
        count > 3 ? case_of(arena, words + 2, count - 2) : (struct casefile){0};
    for (size_t i = 0; desk != NULL && i < desk->queue_count; i++) {
        const struct regime_queue *queue = &desk->queues[i];
        if (!str_eq(queue->id, words[1]))
            continue;
        bool found = count == 3 ? (str_eq_c(words[2], "mine") ? queue->mine : queue->late)
                                : is_listed(regime, queue, count > 3 ? &other : casefile);
        return found == wanted ? (struct str){0}
                               : str_concat(arena, S("listed otherwise: "), words[1]);
    }
    return str_concat(arena, S("no such queue: "), words[1]);
}

struct str cases_desk_expect(struct arena *arena, const struct regime *regime,
                             const struct casefile *casefile, const struct str *words,
                             size_t count)
{
    bool negative = str_eq_c(words[1], "no");
    size_t at = negative ? 3 : 2;
    if (count < at + 2)
        return S("a desk and a queue are wanted");
    if (!str_eq_c(words[1], "desk"))
        return expect_queue(arena, regime, casefile, &words[at], count - at, !negative);
    const struct regime_desk *desk = find_desk(regime, words[2]);
    struct str found =
        desk == NULL ? S("none")
                     : str_printf(arena, "%.*s %zu%s", STR_ARG(desk->role), desk->queue_count,
                                  desk->reads ? " reads" : "");
    struct str wanted = words[3];
    for (size_t i = 4; i < count; i++)
        wanted = str_printf(arena, "%.*s %.*s", STR_ARG(wanted), STR_ARG(words[i]));
    return str_eq(found, wanted) ? (struct str){0} : found;
}
