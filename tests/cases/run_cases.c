/*
 * Plays the examples of a regime: run_cases PACK.yaml FOLDER. An example is a few lines that a
 * person of the trade can read; grammar in README.md beside this file. Pure: no database, the clock
 * is written in front of each line. Prints TAP, one test an example; exit 1 when one does not hold.
 */
#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/vec.h"
#include "cases_counts.h"
#include "cases_body.h"
#include "cases_coverage.h"
#include "cases_desk.h"
#include "cases_duty.h"
#include "cases_file.h"
#include "cases_paper.h"
#include "cases_score.h"
#include "cases_world.h"
#include "engine/arrival.h"
#include "engine/engine.h"
#include "kit/json.h"
#include "regime/disclosure.h"

enum { FILE_LIMIT = 4 * 1024 * 1024, LINE_WORDS = 64 };

/* Lines that several examples begin with, by name. */
struct steps {
    struct str name;
    struct str text;
};

struct play {
    struct ctx ctx;
    struct cases_world *world;
    struct engine engine;
    const struct regime *regime;
    const char *file;
    int line;
    struct str name;        /* of the example; absent before the first */
    int number;             /* of the example */
    bool failed;
    bool any_failed;
    struct casefile *casefile;
    struct event_list events; /* of the last command */
    struct ledger_row_list ledger; /* of the case at hand */
    struct instant now;
    VEC(struct steps) steps; /* of the file */
    const struct regime_procedure *procedure; /* of the file; `another` leaves it for an example */
    VEC(const struct casefile *) others; /* cases of the example that `another` left */
    struct cases_regions regions; /* of the file */
};

static void complain(struct play *play, const char *what, struct str detail)
{
    play->failed = true;
    printf("# %s:%d: %s: %.*s\n", play->file, play->line, what, STR_ARG(detail));
}

static void finish_example(struct play *play)
{
    if (play->name.at == NULL)
        return;
    printf("%s %d - %.*s\n", play->failed ? "not ok" : "ok", play->number, STR_ARG(play->name));
    play->any_failed = play->any_failed || play->failed;
    play->name = (struct str){0};
}

static void fresh_case(struct play *play)
{
    play->casefile = arena_new_of(play->ctx.arena, struct casefile);
    play->casefile->prefecture = (struct prefecture){"130500"};
    play->casefile->id.v = 1000 + play->number;
    play->casefile->fields = value_map(play->ctx.arena);
    play->events = (struct event_list){0};
    play->ledger = (struct ledger_row_list){0};
}

/* ---- words of a line ---- */

struct words_of_line {
    struct str at[LINE_WORDS];
    size_t count;
};

/* Length of one word: up to a blank outside quotes and brackets. */
static size_t word_length(struct str s)
{
    int depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        if (c == '"' && (i == 0 || s.at[i - 1] != '\\'))
            quoted = !quoted;
        else if (!quoted && (c == '[' || c == '{'))
            depth++;
        else if (!quoted && (c == ']' || c == '}'))
            depth--;
        else if (c == ' ' && !quoted && depth == 0)
            return i;
    }
    return s.len;
}

static struct words_of_line split(struct str line)
{
    struct words_of_line words = {.count = 0};
    for (line = str_trim(line); line.len > 0 && words.count < LINE_WORDS; line = str_trim(line)) {
        size_t len = word_length(line);
        words.at[words.count++] = str_part(line, 0, len);
        line = str_from(line, len);
    }
    return words;
}

static bool parse_time(struct play *play, struct str text, struct instant *out)
{
    if (text.len == 5 && text.at[2] == ':') { /* the same day */
        struct str day = day_format(play->ctx.arena, day_of_instant(play->now));
        text = str_printf(play->ctx.arena, "%.*sT%.*s", STR_ARG(day), STR_ARG(text));
    }
    return instant_parse_lenient(text, out);
}

static struct value *parse_answer(struct play *play, struct str text)
{
    struct value *value = NULL;
    if (text.len > 0 && strchr("\"[{", text.at[0]) != NULL) {
        if (json_parse(&play->ctx, text, FILE_LIMIT, JSON_DECIMALS_AS_TEXT, &value) != ST_OK) {
            fail_clear(&play->ctx);
            complain(play, "no JSON", text);
        }
        return value == NULL ? value_null(play->ctx.arena) : value;
    }
    return value_text(play->ctx.arena, text);
}

/* name=value words up to the first that is none; *next is left on it. */
static struct value *parse_form(struct play *play, const struct words_of_line *words, size_t *next)
{
    struct value *form = value_map(play->ctx.arena);
    for (; *next < words->count; (*next)++) {
        struct str word = words->at[*next];
        size_t equals = str_find_char(word, '=');
        if (equals == SIZE_MAX || equals == 0 || str_starts(word, S("->")))
            break;
        value_put(form, str_part(word, 0, equals), parse_answer(play, str_from(word, equals + 1)));
    }
    return form;
}

/* ---- acts ---- */

static enum status give(struct play *play, struct str actor, struct str command,
                        const struct value *form)
{
    const struct actor *who = cases_world_actor(play->world, actor);
    if (who == NULL) {
        complain(play, "no such actor", actor);
        return ST_INVALID;
    }
    struct event_list events = {0};
    const struct command order = {
        .name = command, .input = form, .happened_at = INSTANT_NONE, .actor = who};
    fail_clear(&play->ctx);
    TRY(engine_decide(&play->ctx, &play->engine, play->casefile, &order, &events));
    for (size_t i = 0; i < events.len; i++) {
        engine_evolve(play->ctx.arena, play->casefile, &events.at[i]);
        vec_add(play->ctx.arena, &play->ledger, ((struct ledger_row){.event = events.at[i]}));
    }
    play->events = events;
    return ST_OK;
}

static struct value *shape_create(struct play *play, const struct value *form)
{
    static const char *const outer[] = {"region", "source", "batch",
                                        "received_number", "number", "heed"};
    struct arena *arena = play->ctx.arena;
    struct value *input = value_map(arena);
    struct value *fields = value_put_map(arena, input, "fields");
    struct value *roles = value_put_map(arena, input, "roles");
    value_each (answer, form) {
        struct value *to = fields;
        struct str key = answer->key;
        for (size_t i = 0; i < COUNT_OF(outer); i++)
            if (str_eq_c(key, outer[i]))
                to = input;
        if (str_starts(key, S("role:"))) {
            to = roles;
            key = str_from(key, 5);
        }
        value_put(to, key, value_copy(arena, answer));
    }
    return input;
}

static struct value *shape_evidence(struct play *play, struct str kind)
{
    struct arena *arena = play->ctx.arena;
    struct value *input = value_map(arena);
    value_put_text(arena, input, "evidence",
                   str_printf(arena, "%lld", (long long)play->casefile->version + 1));
    value_put_text(arena, input, "kind", kind);
    value_put_text(arena, input, "sha256", S("0000000000000000000000000000000000000000000000000000000000000000"));
    value_put_text(arena, input, "name", S("a.jpg"));
    value_put_text(arena, input, "type", S("image/jpeg"));
    value_put_int(arena, input, "bytes", 1);
    return input;
}

static bool refusal_names(const struct failure *failure, struct str clause)
{
    struct str rest = failure->reason.clause;
    for (struct str one; str_next(&rest, ' ', &one);)
        if (str_eq(one, clause))
            return true;
    for (size_t i = 0; i < failure->more_count; i++) {
        rest = failure->more[i].clause;
        for (struct str one; str_next(&rest, ' ', &one);)
            if (str_eq(one, clause))
                return true;
    }
    return false;
}

static bool refusal_is_of(const struct failure *failure, struct str field)
{
    bool found = str_eq(failure->reason.field, field);
    for (size_t i = 0; i < failure->more_count; i++)
        found = found || str_eq(failure->more[i].field, field);
    return found;
}

/* The record that the refused attempt asks for holds this text. */
static bool asks_record_of(struct play *play, struct str text)
{
    struct buf record;
    buf_init(&record, play->ctx.arena, FILE_LIMIT);
    if (play->ctx.failure.attempt == NULL)
        return false;
    json_print(&record, play->ctx.failure.attempt);
    return str_has(buf_str(&record), text);
}

/* What of a refusal a word names: a clause, `field=NAME`, `rule=ID`, `instead=NAME`, `attempt=TEXT`. */
static bool refusal_is(struct play *play, struct str word)
{
    const struct failure *failure = &play->ctx.failure;
    if (str_starts(word, S("field=")))
        return refusal_is_of(failure, str_from(word, 6));
    if (str_starts(word, S("rule=")))
        return str_eq(failure->reason.rule, str_from(word, 5));
    if (str_starts(word, S("instead=")))
        return str_eq(failure->reason.instead, str_from(word, 8));
    if (str_starts(word, S("attempt=")))
        return asks_record_of(play, parse_answer(play, str_from(word, 8))->text);
    return refusal_names(failure, word);
}

/* `!! STATUS [CLAUSE] [field=NAME] [rule=ID] [instead=NAME] [attempt=TEXT]` */
static void check_refusal(struct play *play, enum status status, const struct words_of_line *words,
                          size_t next)
{
    if (status == ST_OK) {
        complain(play, "was not refused", words->at[0]);
        return;
    }
    if (next < words->count && !str_eq_c(words->at[next], status_name(status)))
        complain(play, "refused as", str_of(status_name(status)));
    for (next++; next < words->count; next++) {
        struct str word = words->at[next];
        if (!refusal_is(play, word))
            complain(play, "refused, but not by", word);
    }
}

static void play_command(struct play *play, const struct words_of_line *words)
{
    size_t next = 3;
    struct str actor = words->at[1];
    struct str command = words->at[2];
    struct value *form = parse_form(play, words, &next);
    if (str_eq(command, S("create")))
        form = shape_create(play, form);
    if (str_eq(command, S("evidence")) && next < words->count) {
        form = shape_evidence(play, words->at[next++]);
        command = S("add_evidence");
    }
    enum status status = give(play, actor, command, form);
    if (next < words->count && str_eq(words->at[next], S("!!"))) {
        check_refusal(play, status, words, next + 1);
        return;
    }
    if (status != ST_OK)
        complain(play, "refused",
                 str_printf(play->ctx.arena, "%s %s %.*s %.*s", status_name(status),
                            play->ctx.failure.reason.key,
                            STR_ARG(play->ctx.failure.reason.field),
                            STR_ARG(play->ctx.failure.reason.clause)));
    else if (next + 1 < words->count && str_eq(words->at[next], S("->")) &&
             !str_eq(words->at[next + 1], play->casefile->state))
        complain(play, "state is", play->casefile->state);
}

/* Every clock whose end has come says so once. */
static void play_tick(struct play *play)
{
    for (size_t i = 0; i < play->casefile->clocks.len; i++) {
        const struct casefile_clock *clock = &play->casefile->clocks.at[i];
        struct clock_view view;
        if (clock->lapsed || !instant_is_none(clock->stopped))
            continue;
        if (engine_clock_view(&play->ctx, play->engine.calendar, clock, play->now, &view) != ST_OK) {
            complain(play, "clock", clock->name);
            continue;
        }
        if (view.state != CLOCK_LAPSED)
            continue;
        struct value *input = value_map(play->ctx.arena);
        value_put_text(play->ctx.arena, input, "clock", clock->name);
        value_put_int(play->ctx.arena, input, "started_seq", clock->started_seq);
        if (give(play, S("system"), S("lapse"), input) != ST_OK)
            complain(play, "lapse refused", clock->name);
    }
}

static struct cases_duty duty_of(struct play *play)
{
    struct cases_duty duty = {.arena = play->ctx.arena,
                              .engine = &play->engine,
                              .casefile = play->casefile,
                              .before = play->others.len == 0
                                            ? NULL
                                            : play->others.at[play->others.len - 1],
                              .now = play->now};
    cases_world_days(play->world, &duty.begins, &duty.ends);
    return duty;
}

/* `TIME owe ITEM UNIT|- [-> STATE]` */
static void play_owe(struct play *play, const struct words_of_line *words)
{
    struct str wrong;
    const struct cases_duty duty = duty_of(play);
    const struct value *input = cases_duty_input(&duty, words->at, words->count, &wrong);
    if (input == NULL)
        complain(play, "owe", wrong);
    else if (give(play, S("system"), S("create"), input) != ST_OK)
        complain(play, "refused", str_of(play->ctx.failure.reason.key));
    else if (words->count > 5 && !str_eq(words->at[5], play->casefile->state))
        complain(play, "state is", play->casefile->state);
}

/* `TIME arrive ITEM NAME=VALUE… [-> STATE]`: what another campaign tells becomes the case */
static void play_arrive(struct play *play, const struct words_of_line *words)
{
    size_t next = 3;
    const struct regime_arrival *arrival = regime_find_arrival(play->regime, words->at[2]);
    if (arrival == NULL || arrival->procedure != play->engine.procedure) {
        complain(play, "does not arrive", words->at[2]);
        return;
    }
    const struct value *told = parse_form(play, words, &next);
    struct value *input = arrival_take(play->ctx.arena, arrival, play->engine.campaign.region,
                                       S("elsewhere"), told);
    value_put_text(play->ctx.arena, input, "number", S("0001"));
    enum status status = give(play, S("system"), S("create"), input);
    if (status != ST_OK)
        complain(play, "refused", str_of(play->ctx.failure.reason.key));
    else if (next + 1 < words->count && !str_eq(words->at[next + 1], play->casefile->state))
        complain(play, "state is", play->casefile->state);
}

/* `expect told ITEM NAME=TEXT`: what goes back to whoever handed it on */
static void expect_told(struct play *play, const struct words_of_line *words)
{
    const struct regime_arrival *arrival = regime_find_arrival(play->regime, words->at[2]);
    size_t equals = str_find_char(words->at[3], '=');
    const struct regime_state *state =
        procedure_find_state(play->engine.procedure, play->casefile->state);
    const struct value *told =
        arrival_tell(play->ctx.arena, arrival, play->casefile,
                     state == NULL ? (struct str){0} : state->like, day_of_instant(play->now));
    if (words->count < 4 || arrival == NULL || equals == SIZE_MAX ||
        !str_eq(value_find_text(told, str_c(play->ctx.arena, str_part(words->at[3], 0, equals))),
                str_from(words->at[3], equals + 1)))
        complain(play, "does not tell", words->at[3]);
}

/* `expect rated ITEM COMMAND`: by what whoever brought it says how satisfied they are */
static void expect_rated(struct play *play, const struct words_of_line *words)
{
    const struct regime_arrival *arrival = regime_find_arrival(play->regime, words->at[2]);
    if (words->count < 4 || arrival == NULL || !str_eq(arrival->rated, words->at[3]))
        complain(play, "is not rated by", words->at[3]);
}

static void expect_duty(struct play *play, const struct words_of_line *words)
{
    const struct cases_duty duty = duty_of(play);
    struct str wrong = cases_duty_expect(&duty, words->at, words->count);
    if (wrong.at != NULL)
        complain(play, str_c(play->ctx.arena, words->at[1]), wrong);
}

/* ---- expectations ---- */

static const char *const clock_states[] = {"running", "paused", "met", "lapsed"};

/* `expect clock NAME STATE [due=DATE|TIME] [end=TIME]` */
static void expect_clock(struct play *play, const struct words_of_line *words)
{
    const struct casefile_clock *clock = casefile_find_clock(play->casefile, words->at[2]);
    struct clock_view view;
    if (str_eq(words->at[3], S("none"))) {
        if (clock != NULL)
            complain(play, "clock stands", words->at[2]);
        return;
    }
    if (clock == NULL ||
        engine_clock_view(&play->ctx, play->engine.calendar, clock, play->now, &view) != ST_OK) {
        complain(play, "no such clock", words->at[2]);
        return;
    }
    if (!str_eq_c(words->at[3], clock_states[view.state]))
        complain(play, "clock is", str_of(clock_states[view.state]));
    for (size_t i = 4; i < words->count; i++) {
        struct instant wanted = INSTANT_NONE;
        struct day day = DAY_NONE;
        bool due = str_starts(words->at[i], S("due="));
        struct str text = str_from(words->at[i], 4);
        if (due && day_parse(text, &day) && view.deadline.due_day.v != day.v)
            complain(play, "due day is", day_format(play->ctx.arena, view.deadline.due_day));
        else if (day_is_none(day) &&
                 (!instant_parse_lenient(text, &wanted) ||
                  wanted.ms != (due ? view.deadline.due.ms : view.deadline.end.ms)))
            complain(play, due ? "due is" : "end is",
                     instant_format(play->ctx.arena, due ? view.deadline.due : view.deadline.end));
    }
}

static void expect_field(struct play *play, const struct words_of_line *words)
{
    const struct value *value = value_find(play->casefile->fields, words->at[2]);
    struct value *wanted = words->count > 3 ? parse_answer(play, words->at[3]) : NULL;
    struct buf text;
    buf_init(&text, play->ctx.arena, FILE_LIMIT);
    if (wanted == NULL) {
        if (!value_is_empty(value))
            complain(play, "field is set", words->at[2]);
        return;
    }
    if (value != NULL)
        json_print(&text, value);
    bool same = value != NULL && (value_eq(value, wanted) ||
                                  (wanted->kind == VALUE_TEXT && str_eq(buf_str(&text), wanted->text)));
    if (!same)
        complain(play, "field is", buf_str(&text));
}

static bool has_event(const struct event_list *events, struct str type, struct str part,
                      struct arena *arena)
{
    for (size_t i = 0; i < events->len; i++) {
        struct buf text;
        buf_init(&text, arena, FILE_LIMIT);
        json_print(&text, events->at[i].payload);
        if (str_eq(event_type_name(events->at[i].type), type) &&
            (str_is_empty(part) || str_has(buf_str(&text), part)))
            return true;
    }
    return false;
}

static void expect_role(struct play *play, const struct words_of_line *words)
{
    const struct casefile_role *role = casefile_find_role(play->casefile, words->at[2]);
    struct str wanted = words->count > 3 ? words->at[3] : S("");
    struct str found = S("");
    for (size_t i = 0; role != NULL && i < role->units.len; i++)
        found = str_printf(play->ctx.arena, "%.*s%s%lld", STR_ARG(found), i > 0 ? "," : "",
                           (long long)role->units.at[i]);
    for (size_t i = 0; role != NULL && i < role->people.len; i++)
        found = str_printf(play->ctx.arena, "%.*s%s%lld", STR_ARG(found), i > 0 ? "," : "",
                           (long long)role->people.at[i]);
    if (!str_eq(found, wanted))
        complain(play, "role is held by", found);
}

/* `expect measure STEP STATE [ground=TEXT]`: the newest of the step; `none`: there is none. */
static void expect_measure(struct play *play, const struct words_of_line *words)
{
    static const char *const states[MEASURE_STATE_COUNT] = {
        [MEASURE_OPEN] = "open",
        [MEASURE_CONFIRMED] = "confirmed",
        [MEASURE_HELD] = "held",
        [MEASURE_GONE] = "gone",
    };
    const struct casefile_measure *found = NULL;
    for (size_t i = 0; i < play->casefile->measures.len; i++)
        if (str_eq(play->casefile->measures.at[i].step, words->at[2]))
            found = &play->casefile->measures.at[i];
    struct str state = found == NULL ? S("none") : str_of(states[found->state]);
    if (words->count < 4 || !str_eq(state, words->at[3]))
        complain(play, "measure is", state);
    for (size_t i = 4; found != NULL && i < words->count; i++) {
        struct value *wanted = parse_answer(play, str_from(words->at[i], 7));
        if (!str_starts(words->at[i], S("ground=")) || !str_eq(wanted->text, found->ground))
            complain(play, "ground is", found->ground);
    }
}

/* `expect action COMMAND yes|no ACTOR` */
static void expect_action(struct play *play, const struct words_of_line *words)
{
    const struct actor_post *post;
    const struct actor *actor = cases_world_actor(play->world, words->at[4]);
    fail_clear(&play->ctx);
    bool may = actor != NULL && engine_may(&play->ctx, &play->engine, play->casefile, words->at[2],
                                           actor, &post) == ST_OK;
    if (may != str_eq(words->at[3], S("yes")))
        complain(play, may ? "may" : "may not", words->at[2]);
}

/* `expect offered COMMAND[.FIELD] yes|no ACTOR`: shown at all, allowed or not; a field of its form */
static void expect_offered(struct play *play, const struct words_of_line *words)
{
    const struct actor *actor = cases_world_actor(play->world, words->at[4]);
    size_t dot = str_find_char(words->at[2], '.');
    struct str command = str_part(words->at[2], 0, dot);
    struct action_list actions = {0};
    bool offered = false;
    fail_clear(&play->ctx);
    if (play->casefile->version == 0) /* as a form is opened: only the campaign is known */
        play->casefile->region = play->engine.campaign.region;
    if (actor != NULL && dot != SIZE_MAX)
        offered = !engine_hides_field(&play->ctx, &play->engine, play->casefile, command, actor,
                                      str_from(words->at[2], dot + 1));
    else if (actor != NULL && engine_list_actions(&play->ctx, &play->engine, play->casefile, actor,
                                                  &actions) == ST_OK)
        for (size_t i = 0; i < actions.len; i++)
            offered = offered || str_eq(actions.at[i].command, command);
    if (actor == NULL || offered != str_eq(words->at[3], S("yes")))
        complain(play, offered ? "is offered" : "is not offered", words->at[2]);
}

/* `expect section NAME ID`: what a part of the pack outside case flows says is there. */
/* expect waits a,b: the roles that must act now, in the order of the pack; -: nobody. */
static void expect_waits(struct play *play, const struct words_of_line *words)
{
    struct str roles[16], found = S("");
    size_t count = engine_waits_for(&play->engine, play->casefile, roles, COUNT_OF(roles));
    for (size_t i = 0; i < count; i++)
        found = str_printf(play->ctx.arena, "%.*s%s%.*s", STR_ARG(found), i > 0 ? "," : "",
                           STR_ARG(roles[i]));
    if (!str_eq(found, str_eq(words->at[2], S("-")) ? S("") : words->at[2]))
        complain(play, "waits for", found);
}

static void expect_section(struct play *play, const struct words_of_line *words)
{
    const struct regime *regime = play->regime;
    for (size_t i = 0; words->count > 3 && i < regime->section_count; i++) {
        if (!str_eq(regime->sections[i].name, words->at[2]))
            continue;
        value_each (item, regime->sections[i].items)
            if (str_eq(value_find_text(item, "id"), words->at[3]))
                return;
    }
    complain(play, "the pack has no such item", words->at[2]);
}

static void expect_score(struct play *play, const struct words_of_line *words)
{
    struct str wrong =
        cases_score_expect(play->ctx.arena, &play->engine, play->casefile,
                           &cases_world_others(play->world)->charged, play->now, words->at,
                           words->count);
    if (wrong.at != NULL)
        complain(play, "points", wrong);
}

/* The cases of the example, the one at hand last: one more than `others`. */
static const struct casefile *const *cases_of(struct play *play)
{
    const struct casefile **cases =
        arena_alloc_array(play->ctx.arena, play->others.len + 1, sizeof *cases);
    for (size_t i = 0; i < play->others.len; i++)
        cases[i] = play->others.at[i];
    cases[play->others.len] = play->casefile;
    return cases;
}

/* `expect reads FILE ACTOR REGION`, `expect no reads …` */
static void expect_reads(struct play *play, const struct words_of_line *words, bool negative)
{
    size_t at = negative ? 3 : 2;
    bool known;
    bool reads = cases_file_reads(play->world, play->regime, words->at + at, words->count - at,
                                  &known);
    if (!known)
        complain(play, "no such file or actor", words->at[at]);
    else if (reads == negative)
        complain(play, reads ? "reads it" : "does not read it", words->at[at + 1]);
}

/* `expect tally ITEM SIZE GROUP[/GROUP…] [PERIOD]` */
static void expect_tally(struct play *play, const struct words_of_line *words)
{
    struct str wrong =
        cases_counts_expect(play->ctx.arena, &play->engine, cases_of(play), play->others.len + 1,
                            words->at + 2, words->count - 2);
    if (wrong.at != NULL)
        complain(play, "tally", wrong);
}

/* `expect coverage ITEM covered|gap|excess|absent NAME [N]` */
static void expect_coverage(struct play *play, const struct words_of_line *words)
{
    struct arena *arena = play->ctx.arena;
    struct str wrong =
        cases_coverage_expect(arena, &play->engine, play->world, &play->regions, cases_of(play),
                              play->others.len + 1, words->at + 2, words->count - 2);
    if (wrong.at != NULL)
        complain(play, "coverage", wrong);
}

static void expect_body(struct play *play, const struct words_of_line *words, bool negative)
{
    size_t first = negative ? 2 : 1;
    struct str wrong = cases_body_expect(&play->ctx, &play->engine, play->casefile,
                                         words->at + first, words->count - first, negative);
    if (wrong.at != NULL)
        complain(play, str_c(play->ctx.arena, words->at[words->count - 1]), wrong);
}

static void expect_desk(struct play *play, const struct words_of_line *words)
{
    struct str wrong = cases_desk_expect(play->ctx.arena, play->regime, play->casefile, words->at,
                                         words->count);
    if (wrong.at != NULL)
        complain(play, "desk", wrong);
}

/* `expect paper DOCUMENT TEXT`, `expect no paper …`: what is printed */
static void expect_paper(struct play *play, const struct words_of_line *words, bool negative)
{
    struct str given[2] = {words->at[negative ? 3 : 2], {0}};
    size_t count = words->count - (negative ? 3 : 2);
    const struct cases_paper paper = {.world = play->world,
                                      .engine = &play->engine,
                                      .ledger = &play->ledger};
    if (count > 1)
        given[1] = parse_answer(play, words->at[negative ? 4 : 3])->text;
    struct str wrong = cases_paper_expect(&play->ctx, &paper, given, count, negative);
    if (wrong.at != NULL)
        complain(play, str_c(play->ctx.arena, given[1]), wrong);
}

static void expect_state(struct play *play, const struct words_of_line *words)
{
    if (!str_eq(words->at[2], play->casefile->state))
        complain(play, "state is", play->casefile->state);
}

static void expect_pressing(struct play *play, const struct words_of_line *words)
{
    if (!str_eq(words->at[2], play->casefile->pressing))
        complain(play, "pressing is", play->casefile->pressing);
}

/* Whether the disclosure of that name has the case in public. */
static bool is_public(const struct play *play, struct str name)
{
    const struct regime_disclosure *disclosure =
        regime_find_disclosure(play->regime, play->casefile->procedure);
    return disclosure != NULL && str_eq(disclosure->id, name) &&
           disclosure_is_public_in(disclosure, play->casefile->state);
}

/* What may also be denied: a flag, an event, a field that is set, a role that is held. */
static bool expect_plain(struct play *play, const struct str *words, size_t count, bool negative)
{
    bool found;
    struct str name = words[1];
    if (str_eq(words[0], S("flag")))
        found = casefile_has_flag(play->casefile, name);
    else if (str_eq(words[0], S("event")))
        found = has_event(&play->events, name, count > 2 ? words[2] : S(""), play->ctx.arena);
    else if (str_eq(words[0], S("public")))
        found = is_public(play, name);
    else if (negative && str_eq(words[0], S("field")))
        found = !value_is_empty(value_find(play->casefile->fields, name));
    else if (negative && str_eq(words[0], S("role")))
        found = casefile_find_role(play->casefile, name) != NULL;
    else
        return false;
    if (found == negative)
        complain(play, negative ? "is there" : "is not there", name);
    return true;
}

/* The rest, each with a way of its own to be told; false: no such word. */
static bool expect_by_table(struct play *play, const struct words_of_line *words, bool negative)
{
    static const struct {
        const char *word;
        void (*expect)(struct play *play, const struct words_of_line *words);
    } table[] = {
        {"action", expect_action},     {"clock", expect_clock},       {"coverage", expect_coverage},
        {"crossing", expect_score},    {"field", expect_field},       {"measure", expect_measure},
        {"offered", expect_offered},   {"pressing", expect_pressing}, {"role", expect_role},
        {"score", expect_score},       {"section", expect_section},   {"state", expect_state},
        {"rated", expect_rated},       {"tally", expect_tally},       {"told", expect_told},
        {"waits", expect_waits},
    };
    if (str_eq(words->at[negative ? 2 : 1], S("reads"))) {
        expect_reads(play, words, negative);
        return true;
    }
    for (size_t i = 0; i < COUNT_OF(table) && !negative; i++)
        if (str_eq_c(words->at[1], table[i].word)) {
            table[i].expect(play, words);
            return true;
        }
    return false;
}

static void play_expect(struct play *play, const struct words_of_line *words)
{
    struct str what = words->at[1];
    bool negative = str_eq(what, S("no"));
    size_t skip = negative ? 2 : 1;
    if (str_eq(what, S("desk")) || str_eq(negative ? words->at[2] : what, S("queue")))
        expect_desk(play, words);
    else if (str_eq(negative ? words->at[2] : what, S("paper")))
        expect_paper(play, words, negative);
    else if (cases_duty_knows(negative ? words->at[2] : what))
        expect_duty(play, words);
    else if (cases_body_knows(negative ? words->at[2] : what))
        expect_body(play, words, negative);
    else if (!expect_plain(play, words->at + skip, words->count - skip, negative) &&
             !expect_by_table(play, words, negative))
        complain(play, "nothing is known of", words->at[skip]);
}

/* ---- lines ---- */

static void begin_example(struct play *play, struct str line)
{
    finish_example(play);
    play->number++;
    play->failed = false;
    play->name = str_trim(str_from(line, 7));
    play->engine.procedure = play->procedure;
    play->others.len = 0;
    cases_world_begin(play->world);
    fresh_case(play);
}

static void set_procedure(struct play *play, struct str name)
{
    play->engine.procedure = regime_find_procedure(play->regime, name);
    if (play->engine.procedure == NULL)
        complain(play, "no such procedure", name);
    play->procedure = play->engine.procedure;
}

/* `another PROCEDURE`: the case so far stands, the next lines are of a further one. */
static void begin_another(struct play *play, struct str name)
{
    const struct regime_procedure *of_file = play->procedure;
    vec_add(play->ctx.arena, &play->others, play->casefile);
    cases_world_stand(play->world, play->casefile);
    fresh_case(play);
    play->casefile->id.v += 1000 * (int64_t)play->others.len;
    set_procedure(play, name);
    play->procedure = of_file;
}

static void add_region(struct play *play, const struct words_of_line *words)
{
    vec_add(play->ctx.arena, &play->regions,
            ((struct coverage_region){words->at[1], words->at[2]}));
}

static void play_line(struct play *play, struct str line);

static void play_steps(struct play *play, struct str name)
{
    for (size_t i = 0; i < play->steps.len; i++) {
        struct str text = play->steps.at[i].text;
        if (!str_eq(play->steps.at[i].name, name))
            continue;
        for (struct str line; str_next(&text, '\n', &line);)
            play_line(play, line);
        return;
    }
    complain(play, "no such steps", name);
}

static void play_timed(struct play *play, const struct words_of_line *words, struct str line)
{
    if (!parse_time(play, words->at[0], &play->now) || words->count < 2) {
        complain(play, "not understood", line);
        return;
    }
    play->ctx.now = play->now;
    if (str_eq(words->at[1], S("tick")))
        play_tick(play);
    else if (str_eq(words->at[1], S("owe")))
        play_owe(play, words);
    else if (str_eq(words->at[1], S("arrive")) && words->count > 2)
        play_arrive(play, words);
    else if (str_eq(words->at[1], S("charged")) || str_eq(words->at[1], S("held"))) {
        if (!cases_score_line(play->ctx.arena, play->world, play->now, words->at, words->count))
            complain(play, "malformed", line);
    } else if (words->count > 2)
        play_command(play, words);
}

static bool is_of_world(struct str word)
{
    static const char *const words[] = {"unit", "actor", "role", "setting", "campaign", "case", "stands", "rank"};
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_eq_c(word, words[i]))
            return true;
    return false;
}

static void play_line(struct play *play, struct str line)
{
    struct words_of_line words = split(line);
    if (words.count == 0 || words.at[0].at[0] == '#')
        return;
    struct str first = words.at[0];
    if (str_eq(first, S("example")))
        begin_example(play, line);
    else if (str_eq(first, S("procedure")) && words.count == 2)
        set_procedure(play, words.at[1]);
    else if (str_eq(first, S("another")) && words.count == 2)
        begin_another(play, words.at[1]);
    else if (str_eq(first, S("region")) && words.count == 3)
        add_region(play, &words);
    else if (str_eq(first, S("do")) && words.count == 2)
        play_steps(play, words.at[1]);
    else if (is_of_world(first)) {
        if (!cases_world_line(play->world, words.at, words.count))
            complain(play, "malformed", line);
    } else if (play->engine.procedure == NULL)
        complain(play, "procedure missing before", line);
    else if (str_eq(first, S("expect")) && words.count > 2)
        play_expect(play, &words);
    else
        play_timed(play, &words, line);
}

/* `steps NAME` and the lines up to the next empty one are kept for `do NAME`. */
static bool keep_steps(struct play *play, struct str line, struct str rest, struct str *after)
{
    struct steps steps = {.name = str_trim(str_from(line, 6))};
    if (!str_starts(line, S("steps ")))
        return false;
    size_t len = str_find(rest, S("\n\n"));
    steps.text = str_part(rest, 0, len);
    *after = str_from(rest, len == SIZE_MAX ? rest.len : len + 1);
    for (size_t i = 0; i < steps.text.len; i++)
        play->line += steps.text.at[i] == '\n';
    vec_add(play->ctx.arena, &play->steps, steps);
    return true;
}

static void play_file(struct play *play, const char *path, struct str text)
{
    play->file = path;
    play->line = 0;
    play->steps.len = 0;
    play->engine.procedure = play->procedure = NULL;
    play->regions.len = 0;
    cases_world_reset(play->world);
    for (struct str line; str_next(&text, '\n', &line);) {
        play->line++;
        play->engine.campaign = cases_world_campaign(play->world);
        if (!keep_steps(play, line, text, &text))
            play_line(play, line);
    }
    finish_example(play);
}

int main(int argc, char **argv)
{
    bool stops = argc == 4 && strcmp(argv[3], "--stop") == 0;
    if (argc != 3 && !stops) {
        fprintf(stderr, "usage: run_cases PACK.yaml FOLDER [--stop]\n");
        return 2;
    }
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct play play = {.ctx = {.arena = arena}};
    if (!cases_world_open(&play.ctx, argv[1], &play.world, &play.regime)) {
        printf("1..1\nnot ok 1 - %s loads\n", argv[1]);
        return 1;
    }
    play.engine = (struct engine){.regime = play.regime,
                                  .calendar = cases_world_calendar(play.world),
                                  .world = cases_world_handed_down(play.world)};
    struct dirent **names;
    int count = scandir(argv[2], &names, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        struct str text;
        const char *path = str_c(arena, str_printf(arena, "%s/%s", argv[2], names[i]->d_name));
        bool is_text = str_ends(str_of(names[i]->d_name), S(".txt"));
        free(names[i]);
        if (is_text && !(stops && play.any_failed) && cases_read_file(arena, path, FILE_LIMIT, &text))
            play_file(&play, path, text);
    }
    if (count >= 0)
        free(names);
    printf("1..%d\n", play.number);
    return play.any_failed || play.number == 0;
}
