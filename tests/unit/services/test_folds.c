/*
 * Cases that are kept folded, on both engines: what is kept is the case as its last event left it, it is
 * read once, and what somebody holds lives on although others have taken its place.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "services/folds.h"
#include "store/casefile_rows.h"
#include "support/teststore.h"

static const struct regime_state states[] = {{.name = STR_INIT("open"), .start = true}};
static const struct regime_procedure procedure = {
    .name = STR_INIT("matter"), .states = states, .state_count = COUNT_OF(states)};
static const struct regime regime = {.procedures = &procedure, .procedure_count = 1};
static const struct engine engine = {
    .regime = &regime, .procedure = &procedure, .campaign = {.id = STR_INIT("drill")}};

struct step {
    struct casefile *casefile;
    enum event_type type;
    const char *word; /* of the field */
};

static enum status record_step(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    const struct step *step = arg;
    struct value *payload = value_map(ctx->arena);
    if (step->casefile->version == 0)
        *step->casefile = (struct casefile){.id = {ledger_new_id(ledger, ctx->now)}};
    value_put_text(ctx->arena, payload, "campaign", S("drill"));
    value_put_text(ctx->arena, payload, "procedure", S("matter"));
    value_put_text(ctx->arena, payload, "state", S("open"));
    value_put_text(ctx->arena, payload, "number", S("N"));
    value_put_text(ctx->arena, payload, "region", S("130400"));
    value_put_text(ctx->arena, value_put_map(ctx->arena, payload, "fields"), "word",
                   str_of(step->word));
    struct event event = {.prefecture = {"130400"},
                          .casefile = step->casefile->id,
                          .sequence = step->casefile->version + 1,
                          .recorded_at = ctx->now,
                          .happened_at = ctx->now,
                          .actor = S("system"),
                          .command = S("create"),
                          .type = step->type,
                          .payload = payload,
                          .pack = S("ab")};
    const struct event_list list = {&event, 1, 1};
    return casefile_record(ctx, ledger, &engine, step->casefile, &list);
}

static void record(struct teststore *t, struct casefile *casefile, const char *word)
{
    struct step step = {casefile, casefile->version == 0 ? EVENT_CREATED : EVENT_FIELD_SET, word};
    assert_int_equal(teststore_run(t, record_step, &step), ST_OK);
}

static const struct casefile *load(struct teststore *t, struct ctx *ctx, struct folds *folds,
                                   const struct casefile *casefile)
{
    const struct casefile *out;
    assert_int_equal(folds_load(ctx, folds, t->conn, casefile->prefecture, casefile->id,
                                casefile->last_hash, &out),
                     ST_OK);
    return out;
}

static bool says(const struct casefile *casefile, const char *word)
{
    return str_eq_c(value_find_text(casefile->fields, "word"), word);
}

static void a_case_is_folded_once_until_it_moves_on(void **state)
{
    struct teststore *t = *state;
    struct casefile casefile = {0};
    if (t == NULL)
        return;
    struct folds *folds = folds_new(4);
    record(t, &casefile, "first");
    const struct casefile *before = load(t, &t->ctx, folds, &casefile);
    assert_true(says(before, "first"));
    assert_ptr_equal(load(t, &t->ctx, folds, &casefile), before);
    assert_int_equal(folds_hits(folds), 1);
    record(t, &casefile, "second");
    assert_true(says(load(t, &t->ctx, folds, &casefile), "second"));
    assert_int_equal(folds_hits(folds), 1);
    assert_true(says(before, "first"));
    arena_reset(t->ctx.arena);
    folds_free(folds);
}

static void what_is_held_outlives_its_place(void **state)
{
    enum { CASES = 6 };
    struct teststore *t = *state;
    struct casefile cases[CASES] = {{{{0}}, {0}, .version = 0}};
    if (t == NULL)
        return;
    struct folds *folds = folds_new(2);
    struct ctx own = {.arena = arena_new(), .now = t->ctx.now};
    for (size_t i = 0; i < CASES; i++)
        record(t, &cases[i], "word");
    const struct casefile *first = load(t, &own, folds, &cases[0]);
    for (size_t i = 0; i < CASES; i++)
        assert_true(says(load(t, &t->ctx, folds, &cases[i]), "word"));
    assert_true(first->id.v == cases[0].id.v && says(first, "word"));
    assert_int_equal(folds_hits(folds), 1);
    (void)load(t, &t->ctx, folds, &cases[0]); /* has had to go */
    assert_int_equal(folds_hits(folds), 1);
    arena_reset(t->ctx.arena);
    folds_free(folds);
    assert_true(says(first, "word"));
    arena_free(own.arena);
}

static void room_for_more_keeps_what_is_there(void **state)
{
    enum { CASES = 6 };
    struct teststore *t = *state;
    struct casefile cases[CASES] = {{{{0}}, {0}, .version = 0}};
    if (t == NULL)
        return;
    struct folds *folds = folds_new(2);
    for (size_t i = 0; i < CASES; i++)
        record(t, &cases[i], "word");
    for (size_t i = 0; i < 3; i++)
        (void)load(t, &t->ctx, folds, &cases[i]); /* the first has to go */
    folds_widen(folds, CASES);
    for (size_t i = 0; i < CASES; i++)
        (void)load(t, &t->ctx, folds, &cases[i]);
    assert_int_equal(folds_hits(folds), 2);
    for (size_t i = 0; i < CASES; i++)
        assert_true(says(load(t, &t->ctx, folds, &cases[i]), "word"));
    assert_int_equal(folds_hits(folds), 2 + CASES);
    folds_widen(folds, 1); /* never fewer */
    (void)load(t, &t->ctx, folds, &cases[0]);
    assert_int_equal(folds_hits(folds), 3 + CASES);
    arena_reset(t->ctx.arena);
    folds_free(folds);
}

static void an_unknown_case_is_told_and_not_kept(void **state)
{
    struct teststore *t = *state;
    const struct casefile *out;
    if (t == NULL)
        return;
    struct folds *folds = folds_new(2);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(folds_load(&t->ctx, folds, t->conn, (struct prefecture){"130400"},
                                    (struct casefile_id){77}, S("00"), &out),
                         ST_NOT_FOUND);
        assert_string_equal(t->ctx.failure.reason.key, "case.unknown");
        fail_clear(&t->ctx);
    }
    assert_int_equal(folds_hits(folds), 0);
    folds_free(folds);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(a_case_is_folded_once_until_it_moves_on),
        ON_BOTH(what_is_held_outlives_its_place),
        ON_BOTH(room_for_more_keeps_what_is_there),
        ON_BOTH(an_unknown_case_is_told_and_not_kept),
    };
    return cmocka_run_group_tests_name("services/folds", tests, NULL, NULL);
}
