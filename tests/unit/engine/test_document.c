/* What becomes of a document: who may say what of it, and what the case then knows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "engine/decide_int.h"

static const struct regime REGIME = {.roles = NULL};
static const struct regime_procedure PROCEDURE = {.name = STR_INIT("letter")};

static const struct actor_post OFFICE_POST = {.id = {1}, .unit = {10}};
static const struct actor_post TOWN_POST = {.id = {2}, .unit = {20}};
static const struct actor_post OTHER_POST = {.id = {3}, .unit = {30}};
static const struct actor OFFICE = {.person = {1}, .posts = &OFFICE_POST, .post_count = 1};
static const struct actor TOWN = {.person = {2}, .posts = &TOWN_POST, .post_count = 1};
static const struct actor OTHER = {.person = {3}, .posts = &OTHER_POST, .post_count = 1};
static const struct actor GONE = {.person = {4}}; /* named in the letter, and without a post by now */

enum { SEQ = 2, HOUR_MS = 3600 * 1000 };

struct world {
    struct arena *arena;
    struct ctx ctx;
    struct engine engine;
    struct casefile casefile;
    struct event_list events;
};

static void put_id(struct arena *arena, struct value *payload, const char *list, const char *id)
{
    value_append(value_list_at(arena, payload, list), value_text(arena, str_of(id)));
}

/* A letter of unit 10 to unit 20 and to the people 3 and 4. */
static void issue(struct world *world)
{
    struct value *payload = value_map(world->arena);
    value_put_text(world->arena, payload, "document", S("order"));
    value_put_text(world->arena, payload, "number", S("甲督〔2026〕1号"));
    value_put_text(world->arena, payload, "issuer", S("10"));
    put_id(world->arena, payload, "to", "20");
    put_id(world->arena, payload, "to", "20");
    put_id(world->arena, payload, "people", "3");
    put_id(world->arena, payload, "people", "4");
    put_id(world->arena, payload, "copies", "archive");
    const struct event event = {.sequence = SEQ,
                                .happened_at = day_start(day_of(2026, 3, 10)),
                                .actor = S("1/1"),
                                .clause = S("S1-2.2.7"),
                                .type = EVENT_DOCUMENT_ISSUED,
                                .payload = payload};
    engine_evolve(world->arena, &world->casefile, &event);
}

static int set_up(void **state)
{
    struct arena *arena = arena_new();
    struct world *world = arena_new_of(arena, struct world);
    world->arena = arena;
    world->ctx = (struct ctx){.arena = arena};
    world->engine = (struct engine){.regime = &REGIME, .procedure = &PROCEDURE};
    world->casefile = (struct casefile){.version = SEQ - 1, .fields = value_map(arena)};
    issue(world);
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;
    arena_free(world->arena);
    return 0;
}

typedef enum status act_fn(struct trial *trial, const struct value *input);

static enum status give(struct world *world, act_fn *act, const struct actor *actor, int64_t document,
                        const char *reason)
{
    struct value *input = value_map(world->arena);
    struct trial trial = {.ctx = &world->ctx,
                          .engine = &world->engine,
                          .actor = actor,
                          .casefile = &world->casefile,
                          .before = &world->casefile,
                          .happened_at = {day_start(day_of(2026, 3, 11)).ms + HOUR_MS},
                          .events = &world->events};
    value_put_text(world->arena, input, "document",
                   str_printf(world->arena, "%lld", (long long)document));
    if (reason != NULL)
        value_put_text(world->arena, input, "reason", str_of(reason));
    fail_clear(&world->ctx);
    return act(&trial, input);
}

static const struct casefile_document *letter(const struct world *world)
{
    return casefile_find_document(&world->casefile, SEQ);
}

static void each_recipient_has_one_receipt(void **state)
{
    const struct casefile_document *document = letter(*state);
    assert_non_null(document);
    assert_int_equal(document->receipts.len, 3);
    assert_int_equal(document->receipts.at[0].unit, 20);
    assert_int_equal(document->receipts.at[1].person, 3);
    assert_true(instant_is_none(document->receipts.at[0].opened_at));
}

static void opening_is_told_to_the_minute_and_once(void **state)
{
    struct world *world = *state;
    assert_int_equal(give(world, decide_open_document, &TOWN, SEQ, NULL), ST_OK);
    const struct casefile_receipt *receipt = &letter(world)->receipts.at[0];
    assert_int_equal(receipt->opened_at.ms, day_start(day_of(2026, 3, 11)).ms + HOUR_MS);
    assert_true(str_eq_c(receipt->opened_by, "2/2"));
    assert_true(instant_is_none(receipt->received_at));
    assert_int_equal(give(world, decide_open_document, &TOWN, SEQ, NULL), ST_CONFLICT);
}

static void who_signs_for_it_has_opened_it(void **state)
{
    struct world *world = *state;
    assert_int_equal(give(world, decide_receive_document, &OTHER, SEQ, NULL), ST_OK); /* as a person */
    const struct casefile_receipt *receipt = &letter(world)->receipts.at[1];
    assert_false(instant_is_none(receipt->opened_at));
    assert_false(instant_is_none(receipt->received_at));
    assert_true(instant_is_none(letter(world)->receipts.at[0].received_at));
    assert_int_equal(give(world, decide_receive_document, &OTHER, SEQ, NULL), ST_CONFLICT);
}

static void who_is_no_recipient_gives_no_receipt(void **state)
{
    struct world *world = *state;
    assert_int_equal(give(world, decide_open_document, &OFFICE, SEQ, NULL), ST_DENIED);
    assert_int_equal(give(world, decide_receive_document, &GONE, SEQ, NULL), ST_DENIED);
    assert_int_equal(give(world, decide_open_document, &TOWN, SEQ + 1, NULL), ST_INVALID);
    assert_int_equal(world->events.len, 0);
}

static void its_issuer_alone_voids_it_and_says_why(void **state)
{
    struct world *world = *state;
    assert_int_equal(give(world, decide_void_document, &TOWN, SEQ, "x"), ST_DENIED);
    assert_int_equal(give(world, decide_void_document, &OFFICE, SEQ, " "), ST_INVALID);
    assert_int_equal(give(world, decide_void_document, &OFFICE, SEQ, "对象有误"), ST_OK);
    assert_int_equal(letter(world)->voided_seq, SEQ + 1);
    assert_true(str_eq_c(letter(world)->reason, "对象有误"));
    assert_true(str_eq_c(letter(world)->number, "甲督〔2026〕1号"));
    assert_int_equal(give(world, decide_void_document, &OFFICE, SEQ, "x"), ST_CONFLICT);
    assert_int_equal(give(world, decide_open_document, &TOWN, SEQ, NULL), ST_CONFLICT);
}

static void a_correction_goes_to_the_same_and_names_the_old_one(void **state)
{
    struct world *world = *state;
    assert_int_equal(give(world, decide_correct_document, &OFFICE, SEQ, "时限有误"), ST_OK);
    const struct casefile_document *fresh = casefile_find_document(&world->casefile, SEQ + 1);
    assert_non_null(fresh);
    assert_int_equal(fresh->corrects, SEQ);
    assert_int_equal(letter(world)->corrected_by, SEQ + 1);
    assert_int_equal(fresh->receipts.len, 3);
    assert_int_equal(fresh->issuer, 10);
    assert_true(str_eq_c(fresh->clause, "S1-2.2.7"));
    assert_true(value_eq(fresh->copies, letter(world)->copies));
    assert_true(str_is_empty(fresh->number)); /* its own is given where it is recorded */
    assert_int_equal(give(world, decide_correct_document, &OFFICE, SEQ, "x"), ST_CONFLICT);
    assert_int_equal(give(world, decide_void_document, &OFFICE, SEQ + 1, "x"), ST_OK);
}

/* A copy may be evolved without touching the original: that is what a decision is tried on. */
static void a_copy_of_the_case_has_receipts_of_its_own(void **state)
{
    struct world *world = *state;
    const struct casefile *before = casefile_copy(world->arena, &world->casefile);
    assert_int_equal(give(world, decide_receive_document, &TOWN, SEQ, NULL), ST_OK);
    assert_int_equal(give(world, decide_void_document, &OFFICE, SEQ, "x"), ST_OK);
    assert_true(instant_is_none(casefile_find_document(before, SEQ)->receipts.at[0].received_at));
    assert_int_equal(casefile_find_document(before, SEQ)->voided_seq, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_recipient_has_one_receipt),
        TEST(opening_is_told_to_the_minute_and_once),
        TEST(who_signs_for_it_has_opened_it),
        TEST(who_is_no_recipient_gives_no_receipt),
        TEST(its_issuer_alone_voids_it_and_says_why),
        TEST(a_correction_goes_to_the_same_and_names_the_old_one),
        TEST(a_copy_of_the_case_has_receipts_of_its_own),
    };
    return cmocka_run_group_tests_name("engine/document", tests, NULL, NULL);
}
