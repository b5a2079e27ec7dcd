/*
 * Points charged to units and who held which role in a time, as the rows tell them on both engines.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/casefile_rows.h"
#include "store/holding_rows.h"
#include "store/score_rows.h"
#include "support/teststore.h"

static const struct regime_state states[] = {
    {.name = STR_INIT("open"), .like = STR_INIT("recognised"), .start = true},
    {.name = STR_INIT("filed"), .like = STR_INIT("filed"), .end = true},
};
static const struct regime_role roles[] = {{.name = STR_INIT("doer"), .many = true},
                                           {.name = STR_INIT("watcher")}};
static const struct regime_procedure procedure = {
    .name = STR_INIT("problem"), .states = states, .state_count = COUNT_OF(states)};
static const struct regime regime = {
    .roles = roles, .role_count = 2, .procedures = &procedure, .procedure_count = 1};
static const struct engine engine = {
    .regime = &regime, .procedure = &procedure, .campaign = {.id = STR_INIT("drill")}};

/* One event of a story: the first of a case makes it. */
struct step {
    int casefile;
    int year;
    enum event_type type;
    const char *role; /* role_set: who holds it; scored: the rule */
    const char *units; /* parted by blanks; moved: the state */
    int of;           /* score_reversed */
};

struct story {
    struct teststore *t;
    struct casefile cases[4];
    const struct step *step;
};

static struct value *id_list(struct arena *arena, const char *ids)
{
    struct value *list = value_list(arena);
    struct str rest = str_of(ids);
    for (struct str one; str_next(&rest, ' ', &one);)
        value_append(list, value_text(arena, one));
    return list;
}

static struct value *payload_of(struct arena *arena, const struct step *step)
{
    struct value *payload = value_map(arena);
    if (step->type == EVENT_CREATED) {
        value_put_text(arena, payload, "campaign", S("drill"));
        value_put_text(arena, payload, "procedure", S("problem"));
        value_put_text(arena, payload, "state", S("open"));
        value_put_text(arena, payload, "number", str_printf(arena, "N%d", step->casefile));
        value_put_text(arena, payload, "region", S("130402"));
        struct value *role = value_put_map(arena, value_put_map(arena, payload, "roles"), step->role);
        value_put(role, S("units"), id_list(arena, step->units));
    } else if (step->type == EVENT_ROLE_SET) {
        value_put_text(arena, payload, "role", str_of(step->role));
        value_put(payload, S("units"), id_list(arena, step->units));
    } else if (step->type == EVENT_MOVED) {
        value_put_text(arena, payload, "to", str_of(step->units));
    } else {
        value_put_text(arena, payload, "rule", str_of(step->role));
        value_put_text(arena, payload, "unit", str_of(step->units));
        value_put_text(arena, payload, "points", S("2.5"));
        value_put_int(arena, payload, "of", step->of);
    }
    return payload;
}

static enum status record(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    struct story *story = arg;
    const struct step *step = story->step;
    struct casefile *casefile = &story->cases[step->casefile];
    if (step->type == EVENT_CREATED)
        *casefile = (struct casefile){.id = {ledger_new_id(ledger, ctx->now)}};
    else
        TRY(ledger_load(ctx, ledger->conn, casefile->prefecture, casefile->id, casefile));
    struct event event = {.prefecture = {"130400"},
                          .casefile = casefile->id,
                          .sequence = casefile->version + 1,
                          .recorded_at = ctx->now,
                          .happened_at = ctx->now,
                          .actor = S("system"),
                          .command = S("step"),
                          .type = step->type,
                          .payload = payload_of(ctx->arena, step),
                          .pack = S("ab")};
    const struct event_list list = {&event, 1, 1};
    return casefile_record(ctx, ledger, &engine, casefile, &list);
}

static void tell(struct story *story, const struct step *steps, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        story->step = &steps[i];
        story->t->ctx.now = (struct instant){day_start(day_of(steps[i].year, 6, 1)).ms + (int64_t)i};
        assert_int_equal(teststore_run(story->t, record, story), ST_OK);
    }
}

#define STORY(story)                                                                               \
    struct story story = {.t = *state};                                                            \
    if (*state == NULL)                                                                            \
        return

/* "unit/role/cases/numbers" of each. */
static void assert_held(struct story *story, int year, const char *const *wanted, size_t count)
{
    struct ctx *ctx = &story->t->ctx;
    struct score_holding_list list;
    struct value *names = id_list(ctx->arena, "doer watcher");
    assert_int_equal(holding_rows_list(ctx, story->t->conn, S("drill"), names,
                                       day_start(day_of(year, 1, 1)),
                                       day_start(day_of(year + 1, 1, 1)), &list),
                     ST_OK);
    assert_int_equal(list.len, count);
    for (size_t i = 0; i < count; i++) {
        const struct score_holding *h = &list.at[i];
        struct str text = str_printf(ctx->arena, "%lld/%.*s/%lld/%.*s", (long long)h->unit,
                                     STR_ARG(h->role), (long long)h->cases, STR_ARG(h->numbers));
        assert_string_equal(str_c(ctx->arena, text), wanted[i]);
    }
}

/* clause: S2-20 test */
static void whoever_held_a_role_in_the_year_is_found(void **state)
{
    STORY(story);
    static const struct step steps[] = {
        {0, 2024, EVENT_CREATED, "doer", "11 12", 0},
        {0, 2025, EVENT_ROLE_SET, "doer", "13", 0}, /* in the middle of the year */
        {1, 2025, EVENT_CREATED, "watcher", "11", 0},
        {2, 2025, EVENT_CREATED, "doer", "13", 0},
        {3, 2024, EVENT_CREATED, "doer", "14", 0},
        {3, 2024, EVENT_MOVED, NULL, "filed", 0}, /* over before the year began */
    };
    static const char *const of_2024[] = {"11/doer/1/N0", "12/doer/1/N0", "14/doer/1/N3"};
    static const char *const of_2025[] = {"11/doer/1/N0", "11/watcher/1/N1", "12/doer/1/N0",
                                          "13/doer/2/N0 N2"};
    static const char *const of_2026[] = {"11/watcher/1/N1", "13/doer/2/N0 N2"};
    tell(&story, steps, COUNT_OF(steps));
    assert_held(&story, 2024, of_2024, COUNT_OF(of_2024));
    assert_held(&story, 2025, of_2025, COUNT_OF(of_2025));
    assert_held(&story, 2026, of_2026, COUNT_OF(of_2026));
    assert_held(&story, 2023, NULL, 0);
}

static void a_charge_is_one_row_and_its_reversal_stands_in_it(void **state)
{
    STORY(story);
    struct ctx *ctx = &story.t->ctx;
    struct score_row_list rows;
    struct score_unit_list laden;
    int64_t changes;
    static const struct step steps[] = {
        {0, 2025, EVENT_CREATED, "doer", "11", 0},
        {0, 2025, EVENT_SCORED, "film", "11", 0},
        {0, 2025, EVENT_SCORED, "film", "12", 0},
        {0, 2025, EVENT_SCORE_REVERSED, "film", "11", 2},
    };
    tell(&story, steps, COUNT_OF(steps));
    assert_int_equal(score_rows_list(ctx, story.t->conn, S("drill"), &rows), ST_OK);
    assert_int_equal(rows.len, 2);
    assert_int_equal(rows.at[0].reversed_seq, 4);
    assert_int_equal(rows.at[1].reversed_seq, 0);
    assert_int_equal(score_rows_list_unit(ctx, story.t->conn, S("drill"), 12, &rows), ST_OK);
    assert_int_equal(rows.len, 1);
    assert_int_equal(rows.at[0].points.v, 2500000);
    assert_int_equal(score_rows_count_changes(ctx, story.t->conn, S("drill"), &changes), ST_OK);
    assert_int_equal(changes, 3);
    assert_int_equal(score_rows_list_laden(ctx, story.t->conn, S("drill"),
                                           (struct points){2500000}, &laden),
                     ST_OK);
    assert_int_equal(laden.len, 2);
    assert_int_equal(score_rows_list_laden(ctx, story.t->conn, S("drill"),
                                           (struct points){2500001}, &laden),
                     ST_OK);
    assert_int_equal(laden.len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(whoever_held_a_role_in_the_year_is_found),
        ON_BOTH(a_charge_is_one_row_and_its_reversal_stands_in_it),
    };
    return cmocka_run_group_tests_name("store/score_rows", tests, NULL, NULL);
}
