/*
 * The workbench of a decision: making events, and the questions that guards, effects and
 * conditions share.
 */
#include "engine/decide_int.h"

struct str trial_actor(const struct trial *trial)
{
    if (trial->actor->is_system)
        return S("system");
    return str_printf(trial->ctx->arena, "%lld/%lld", (long long)trial->actor->person.v,
                      trial->post == NULL ? 0LL : (long long)trial->post->id.v);
}

void trial_emit(struct trial *trial, enum event_type type, const struct value *payload,
                struct str clause)
{
    if (trial->events == NULL)
        return;
    struct arena *arena = trial->ctx->arena;
    struct event *event = vec_push(arena, trial->events);
    *event = (struct event){
        .prefecture = trial->casefile->prefecture,
        .casefile = trial->casefile->id,
        .sequence = trial->casefile->version + 1,
        .recorded_at = trial->ctx->now,
        .happened_at = trial->happened_at,
        .actor = trial_actor(trial),
        .command = trial->command,
        .type = type,
        .payload = payload,
        .clause = str_is_empty(clause) ? trial->clause : clause,
        .pack = trial->engine->regime->hash,
    };
    engine_evolve(arena, trial->casefile, event);
}

struct value *trial_note(struct trial *trial)
{
    if (trial->note == NULL)
        trial->note = value_map(trial->ctx->arena);
    return trial->note;
}

const struct value *trial_value(const struct trial *trial, struct str name)
{
    const struct value *answer = value_find(trial->input, name);
    return answer != NULL ? answer : value_find(trial->casefile->fields, name);
}

const struct regime_field *trial_find_field(const struct trial *trial, struct str name)
{
    const struct regime_field *field = NULL;
    if (trial->transition != NULL)
        field = transition_find_ask(trial->transition, name);
    return field != NULL ? field : procedure_find_field(trial->engine->procedure, name);
}

struct words trial_field_words(const struct trial *trial, struct str name)
{
    const struct regime_field *field = trial_find_field(trial, name);
    return field == NULL ? (struct words){name, name} : field->words;
}

struct words engine_role_words(const struct engine *engine, struct str role)
{
    const struct regime_role *found = regime_find_role(engine->regime, role);
    return found == NULL ? (struct words){role, role} : found->words;
}

struct words engine_state_words(const struct engine *engine, struct str state)
{
    const struct regime_state *found = procedure_find_state(engine->procedure, state);
    return found == NULL ? (struct words){state, state} : found->words;
}

/* The form of the making of a case is the fields of its procedure. */
bool trial_form_has(const struct trial *trial, struct str field)
{
    if (trial->transition == NULL)
        return str_eq(trial->command, S("create")) &&
               procedure_find_field(trial->engine->procedure, field) != NULL;
    return transition_find_ask(trial->transition, field) != NULL;
}

bool trial_form_fills_role(const struct trial *trial, struct str role)
{
    for (size_t i = 0; trial->transition != NULL && i < trial->transition->ask_count; i++)
        if (str_eq(trial->transition->asks[i].role, role))
            return true;
    return false;
}

const struct value *names_first(const struct value *names)
{
    if (names == NULL)
        return NULL;
    return names->kind == VALUE_LIST ? names->first : names;
}

bool names_have(const struct value *names, struct str text)
{
    names_each (name, names)
        if (str_eq(name->text, text))
            return true;
    return false;
}

int64_t trial_number(const struct trial *trial, const struct value *value, int64_t otherwise)
{
    if (value != NULL && value->kind == VALUE_TEXT)
        value = engine_setting(trial->engine, value->text);
    return value != NULL && value->kind == VALUE_INT ? value->number : otherwise;
}

int64_t trial_since(const struct trial *trial, const struct value *args)
{
    struct str state = value_find_text(args, "since");
    return str_is_empty(state) ? 0 : casefile_entered(trial->casefile, state);
}

bool trial_has_mark(const struct trial *trial, enum event_type type, struct str what,
                    int64_t since)
{
    for (size_t i = 0; i < trial->casefile->marks.len; i++) {
        const struct casefile_mark *mark = &trial->casefile->marks.at[i];
        if (mark->type == type && mark->seq > since && str_eq(mark->what, what))
            return true;
    }
    return false;
}

bool trial_was_done(const struct trial *trial, struct str command, int64_t since)
{
    for (size_t i = 0; i < trial->before->acts.len; i++) {
        const struct casefile_act *act = &trial->before->acts.at[i];
        if (act->seq > since && str_eq(act->command, command))
            return true;
    }
    return false;
}
