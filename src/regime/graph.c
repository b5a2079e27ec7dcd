/*
 * One arrow for each pair of states, all its commands on it: many arrows side by side are unreadable.
 */
#include "regime/graph.h"

#include "base/buf.h"
#include "kit/child.h"

enum { DOT_MAX = 1 << 20, SVG_MAX = 8 << 20, DOT_WAIT_MS = 10000 };

struct drawing {
    struct buf text;
    const struct regime *regime;
    const struct regime_procedure *procedure;
    enum lang lang;
};

/* Inside a quoted string of DOT. */
static void put_label(struct drawing *d, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '"' || c == '\\')
            buf_char(&d->text, '\\');
        buf_char(&d->text, c == '\n' ? ' ' : c);
    }
}

static void put_words(struct drawing *d, struct words words)
{
    put_label(d, words_label(d->lang, words));
}

static bool is_everywhere(const struct drawing *d, const struct regime_transition *transition)
{
    size_t open = 0;
    for (size_t i = 0; i < d->procedure->state_count; i++)
        open += !d->procedure->states[i].end;
    return transition->from_count >= open && open > 2;
}

static void put_actors(struct drawing *d, const struct regime_transition *transition)
{
    for (size_t i = 0; i < transition->by_count; i++) {
        const struct regime_actor *actor = &transition->by[i];
        const struct regime_role *role = regime_find_role(d->regime, actor->role);
        buf_c(&d->text, i == 0 ? " (" : ", ");
        put_words(d, role == NULL ? (struct words){actor->role, actor->role} : role->words);
    }
    buf_c(&d->text, transition->by_count > 0 ? ")" : "");
}

static void put_clock(struct drawing *d, const struct regime_deadline *deadline)
{
    static const char *const units[] = {
        [CLOCK_HOURS] = "h", [CLOCK_DAYS] = "d", [CLOCK_WORKDAYS] = "wd"};
    buf_c(&d->text, "▷ ");
    put_words(d, deadline->words);
    if (deadline->unit != CLOCK_UNTIL)
        buf_printf(&d->text, " %lld %s", (long long)deadline->length, units[deadline->unit]);
    buf_c(&d->text, "\\n");
}

static void put_clocks(struct drawing *d, struct str command)
{
    for (size_t i = 0; i < d->procedure->deadline_count; i++) {
        const struct regime_deadline *deadline = &d->procedure->deadlines[i];
        for (size_t j = 0; j < deadline->start_count; j++) {
            if (str_eq(deadline->starts_on[j], command))
                put_clock(d, deadline);
        }
    }
}

static void put_stays(struct drawing *d, const struct regime_state *state)
{
    for (size_t i = 0; i < d->procedure->transition_count; i++) {
        const struct regime_transition *transition = &d->procedure->transitions[i];
        if (transition->to != NULL || is_everywhere(d, transition) ||
            !transition_is_from(transition, state->name))
            continue;
        buf_c(&d->text, "\\n· ");
        put_words(d, transition->words);
    }
}

static void put_state(struct drawing *d, const struct regime_state *state)
{
    buf_printf(&d->text, "  \"%.*s\" [id=\"state_%.*s\", class=\"state%s\", label=\"",
               STR_ARG(state->name), STR_ARG(state->name), state->end ? " end" : "");
    put_words(d, state->words);
    put_stays(d, state);
    buf_printf(&d->text, "\"%s];\n", state->end ? ", peripheries=2" : "");
    if (!state->start)
        return;
    buf_printf(&d->text, "  \"(start)\" -> \"%.*s\" [label=\"", STR_ARG(state->name));
    put_clocks(d, S("create"));
    buf_c(&d->text, "\"];\n");
}

/* All commands from one state to another, on one arrow. */
static void put_arrow(struct drawing *d, const struct regime_state *from,
                      const struct regime_state *to)
{
    bool any = false;
    for (size_t i = 0; i < d->procedure->transition_count; i++) {
        const struct regime_transition *transition = &d->procedure->transitions[i];
        if (transition->to != to || !transition_is_from(transition, from->name) ||
            is_everywhere(d, transition))
            continue;
        if (!any)
            buf_printf(&d->text, "  \"%.*s\" -> \"%.*s\" [label=\"", STR_ARG(from->name),
                       STR_ARG(to->name));
        any = true;
        put_words(d, transition->words);
        put_actors(d, transition);
        buf_c(&d->text, "\\n");
        put_clocks(d, transition->name);
    }
    if (any)
        buf_c(&d->text, "\"];\n");
}

/* What may be done anywhere stands below. */
static void put_everywhere(struct drawing *d)
{
    buf_c(&d->text, "  label=\"");
    put_words(d, d->procedure->words);
    for (size_t i = 0; i < d->procedure->transition_count; i++) {
        const struct regime_transition *transition = &d->procedure->transitions[i];
        if (!is_everywhere(d, transition))
            continue;
        buf_c(&d->text, "\\n* ");
        put_words(d, transition->words);
        if (transition->to != NULL) {
            buf_c(&d->text, " → ");
            put_words(d, transition->to->words);
        }
    }
    buf_c(&d->text, "\";\n");
}

static enum status too_large(struct ctx *ctx, const struct regime_procedure *procedure)
{
    return fail(ctx, ST_LIMIT, "regime.too_large_to_draw", ARGS(arg_text("name", procedure->name)));
}

enum status regime_graph_dot(struct ctx *ctx, const struct regime *regime,
                             const struct regime_procedure *procedure, enum lang lang,
                             struct str *out)
{
    struct drawing d = {.regime = regime, .procedure = procedure, .lang = lang};
    if (procedure->state_count > REGIME_GRAPH_STATES_MAX)
        return too_large(ctx, procedure);
    buf_init(&d.text, ctx->arena, DOT_MAX);
    buf_printf(&d.text, "digraph \"%.*s\" {\n", STR_ARG(procedure->name));
    buf_c(&d.text,
          "  graph [fontname=\"sans-serif\", fontsize=11, nodesep=0.4, bgcolor=\"transparent\"];\n"
          "  node [shape=box, style=rounded, fontname=\"sans-serif\", fontsize=11];\n"
          "  edge [fontname=\"sans-serif\", fontsize=9];\n"
          "  \"(start)\" [shape=point, label=\"\"];\n");
    for (size_t i = 0; i < procedure->state_count; i++)
        put_state(&d, &procedure->states[i]);
    for (size_t i = 0; i < procedure->state_count; i++)
        for (size_t j = 0; j < procedure->state_count; j++)
            put_arrow(&d, &procedure->states[i], &procedure->states[j]);
    put_everywhere(&d);
    buf_c(&d.text, "}\n");
    if (buf_status(&d.text) != ST_OK)
        return too_large(ctx, procedure);
    *out = buf_str(&d.text);
    return ST_OK;
}

enum status regime_graph_svg(struct ctx *ctx, const struct regime *regime,
                             const struct regime_procedure *procedure, enum lang lang,
                             struct str *out)
{
    static const char *const argv[] = {"dot", "-Tsvg", NULL};
    struct child_job job = {
        .argv = argv,
        .output_limit = SVG_MAX,
        .wait_ms = DOT_WAIT_MS,
    };
    struct str text;
    TRY(regime_graph_dot(ctx, regime, procedure, lang, &job.input));
    TRY(child_run(ctx, &job, &text));
    size_t at = str_find(text, S("<svg"));
    if (at == SIZE_MAX)
        return fail(ctx, ST_INVALID, "child.refused",
                    ARGS(arg_c("program", argv[0]), arg_int("code", 0)));
    *out = str_from(text, at); /* a page has its own prologue */
    return ST_OK;
}
