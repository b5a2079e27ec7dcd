/* What stands beside a case, as rules ask for it: the standard in force, whether one is there at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "engine/standing.h"
#include "fixture_trial.h"

static const struct regime_procedure PROCEDURE = {.name = STR_INIT("problem")};

struct world {
    struct arena *arena;
    struct ctx ctx;
    struct regime regime;
    struct engine engine;
    struct engine_case_list cases;
    struct casefile casefile;
    struct event_list events;
    struct trial trial;
    enum status broken;
    struct engine_standing asked; /* last */
    int times;
};

static enum status list_cases(void *self, struct ctx *ctx, const struct engine_standing *asked,
                              struct engine_case_list *out)
{
    struct world *world = self;
    world->asked = *asked;
    world->times++;
    *out = (struct engine_case_list){0};
    for (size_t i = 0; i < world->cases.len; i++)
        if (str_eq(world->cases.at[i]->procedure, asked->procedure))
            vec_add(ctx->arena, out, world->cases.at[i]);
    return world->broken;
}

/* "13" has in it "1305", and "1305" itself. */
static bool region_is_within(void *self, struct str region, struct str ancestor)
{
    (void)self;
    return str_starts(region, ancestor);
}

static int set_up(void **state)
{
    struct arena *arena = arena_new();
    struct world *world = arena_new_of(arena, struct world);
    world->arena = arena;
    world->ctx = (struct ctx){.arena = arena};
    world->engine = (struct engine){
        .regime = &world->regime,
        .procedure = &PROCEDURE,
        .world = {.self = world, .list_cases = list_cases, .region_is_within = region_is_within}};
    world->casefile = (struct casefile){
        .version = 1, .number = S("P1"), .region = S("1305"), .fields = value_map(arena)};
    world->trial = trial_of_system(&world->ctx, &world->engine, &world->casefile,
                                   &world->events, day_of(2019, 10, 10));
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;
    arena_free(world->arena);
    return 0;
}

static struct value *add_standard(struct world *world, const char *number, const char *region,
                                  const char *from)
{
    struct casefile *casefile = arena_new_of(world->arena, struct casefile);
    *casefile = (struct casefile){.number = str_of(number),
                                  .procedure = S("standard"),
                                  .region = str_of(region),
                                  .fields = value_map(world->arena)};
    value_put_text(world->arena, casefile->fields, "effective_on", str_of(from));
    value_put_text(world->arena, casefile->fields, "title", str_of(number));
    vec_add(world->arena, &world->cases, casefile);
    return casefile->fields;
}

static struct value *args_of(struct world *world)
{
    struct value *args = value_map(world->arena);
    value_put_text(world->arena, args, "procedure", S("standard"));
    return args;
}

static struct str in_force(struct world *world, const char *on)
{
    struct value *args = args_of(world);
    value_put_text(world->arena, args, "field", S("standard"));
    value_put_text(world->arena, args, "from", S("effective_on"));
    value_put_text(world->arena, value_put_map(world->arena, args, "copy"), "standard_title",
                   S("title"));
    if (on != NULL) {
        value_put_text(world->arena, world->casefile.fields, "found_on", str_of(on));
        value_put_text(world->arena, args, "on", S("found_on"));
    }
    must(effect_in_force(&world->trial, args) == ST_OK);
    assert_true(str_eq(value_find_text(world->casefile.fields, "standard"),
                       value_find_text(world->casefile.fields, "standard_title")));
    return value_find_text(world->casefile.fields, "standard");
}

static void the_last_to_take_effect_is_in_force(void **state)
{
    struct world *world = *state;
    (void)add_standard(world, "V2", "13", "2019-09-01");
    (void)add_standard(world, "V1", "13", "2019-05-01");
    (void)add_standard(world, "V3", "13", "2019-10-11");
    assert_true(str_eq_c(in_force(world, NULL), "V2"));
}

static void the_day_of_a_field_says_which_was_in_force(void **state)
{
    struct world *world = *state;
    (void)add_standard(world, "V1", "13", "2019-05-01");
    (void)add_standard(world, "V2", "13", "2019-09-01");
    assert_true(str_eq_c(in_force(world, "2019-08-31"), "V1"));
    assert_true(str_eq_c(in_force(world, "2019-09-01"), "V2"));
}

static void before_the_first_nothing_is_in_force_and_the_field_is_emptied(void **state)
{
    struct world *world = *state;
    (void)add_standard(world, "V1", "13", "2019-05-01");
    assert_true(str_eq_c(in_force(world, NULL), "V1"));
    assert_true(str_is_empty(in_force(world, "2019-04-30")));
}

static void of_two_of_one_day_the_later_number_is_in_force(void **state)
{
    struct world *world = *state;
    (void)add_standard(world, "V2", "13", "2019-05-01");
    (void)add_standard(world, "V1", "13", "2019-05-01");
    assert_true(str_eq_c(in_force(world, NULL), "V2"));
}

static bool stands(struct world *world, const char *key, const struct value *cell)
{
    struct value *args = args_of(world);
    if (key != NULL)
        value_put(value_put_map(world->arena, args, "where"), str_of(key),
                  value_copy(world->arena, cell));
    return standing_holds(&world->trial, args);
}

static bool stands_text(struct world *world, const char *key, const char *text)
{
    return stands(world, key, value_text(world->arena, str_of(text)));
}

static void a_region_agrees_here_below_or_as_the_same(void **state)
{
    static const struct {
        const char *there, *how;
        bool agrees;
    } rows[] = {
        {"13", "here", true},    {"1305", "here", true},    {"130521", "here", false},
        {"13", "below", false},  {"1305", "below", true},   {"130521", "below", true},
        {"13", "same", false},   {"1305", "same", true},    {"130521", "same", false},
        {"1304", "here", false}, {"1304", "below", false},
    };
    struct world *world = *state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        world->cases.len = 0;
        (void)add_standard(world, "V1", rows[i].there, "2019-05-01");
        assert_int_equal(stands_text(world, "region", rows[i].how), rows[i].agrees);
    }
}

static void several_values_agree_where_one_is_in_common(void **state)
{
    struct world *world = *state;
    struct value *there = add_standard(world, "V1", "13", "2019-05-01");
    struct value *industries = value_put_list(world->arena, there, "industry");
    value_append(industries, value_text(world->arena, S("steel")));
    value_append(industries, value_text(world->arena, S("coking")));
    value_put_text(world->arena, world->casefile.fields, "industry", S("coking"));
    assert_true(stands_text(world, "industry", "industry"));
    value_put_text(world->arena, world->casefile.fields, "industry", S("cement"));
    assert_false(stands_text(world, "industry", "industry"));
}

static bool stands_value(struct world *world, const char *key, const char *text)
{
    struct value *cell = value_map(world->arena);
    value_put_text(world->arena, cell, "value", str_of(text));
    return stands(world, key, cell);
}

/* What a field for cases holds is what was given: a number or a reference. */
static void a_case_is_named_by_its_number_or_its_reference(void **state)
{
    struct world *world = *state;
    (void)add_standard(world, "V1", "13", "2019-05-01");
    struct casefile *there = arena_new_of(world->arena, struct casefile);
    *there = *world->cases.at[0];
    there->prefecture = (struct prefecture){"130500"};
    there->id = (struct casefile_id){77};
    world->cases.at[0] = there;
    assert_true(stands_value(world, "number", "V1"));
    assert_true(stands_value(world, "number", "130500-77"));
    assert_false(stands_value(world, "number", "130500-78"));
}

static void state_and_flags_agree_as_they_stand(void **state)
{
    struct world *world = *state;
    (void)add_standard(world, "V1", "13", "2019-05-01");
    struct casefile *there = arena_new_of(world->arena, struct casefile);
    *there = *world->cases.at[0];
    there->state = S("open");
    vec_add(world->arena, &there->flags, S("late"));
    vec_add(world->arena, &there->flags, S("returned"));
    world->cases.at[0] = there;
    assert_true(stands_value(world, "state", "open"));
    assert_false(stands_value(world, "state", "closed"));
    assert_true(stands_value(world, "flag", "returned"));
    assert_false(stands_value(world, "flag", "overdue"));
}

static void what_is_empty_agrees_with_nothing(void **state)
{
    struct world *world = *state;
    (void)add_standard(world, "V1", "13", "2019-05-01");
    assert_false(stands_text(world, "person", "person"));
    value_put_text(world->arena, world->casefile.fields, "person", S("7"));
    assert_false(stands_text(world, "person", "person"));
}

static void where_nothing_can_agree_nothing_is_read(void **state)
{
    struct world *world = *state;
    assert_false(stands_text(world, "person", "person"));
    assert_int_equal(world->times, 0);
    value_put_text(world->arena, world->casefile.fields, "person", S("7"));
    assert_false(stands_text(world, "person", "person"));
    assert_int_equal(world->times, 1);
}

/* So that the world need not read what will not agree. */
static void what_is_wanted_is_asked_of_the_world(void **state)
{
    struct world *world = *state;
    (void)stands_value(world, "number", "V1");
    assert_true(str_eq_c(world->asked.procedure, "standard"));
    assert_int_equal(world->asked.names->count, 1);
    assert_true(str_eq_c(world->asked.names->first->text, "V1"));
    (void)stands_value(world, "industry", "steel");
    assert_null(world->asked.names);
    assert_true(str_eq_c(value_find_text(world->asked.fields, "industry"), "steel"));
    (void)stands_text(world, "region", "same");
    assert_int_equal(world->asked.place, PLACE_SAME);
    assert_true(str_eq_c(world->asked.region, "1305"));
    (void)stands_value(world, "state", "open");
    assert_null(world->asked.fields->first);
    assert_int_equal(world->asked.place, PLACE_ANYWHERE);
}

static void a_case_is_not_beside_itself(void **state)
{
    struct world *world = *state;
    struct casefile *own = arena_new_of(world->arena, struct casefile);
    *own = (struct casefile){
        .number = S("P1"), .procedure = S("problem"), .fields = value_map(world->arena)};
    vec_add(world->arena, &world->cases, own);
    struct value *args = value_map(world->arena);
    value_put_text(world->arena, args, "procedure", S("problem"));
    assert_false(standing_holds(&world->trial, args));
    own->number = S("P2");
    assert_true(standing_holds(&world->trial, args));
}

static void fewer_than_asked_for_do_not_stand(void **state)
{
    struct world *world = *state;
    struct value *args = args_of(world);
    value_put_int(world->arena, args, "min", 2);
    (void)add_standard(world, "V1", "13", "2019-05-01");
    assert_false(standing_holds(&world->trial, args));
    (void)add_standard(world, "V2", "13", "2019-05-01");
    assert_true(standing_holds(&world->trial, args));
}

static void what_cannot_be_read_is_not_in_force(void **state)
{
    struct world *world = *state;
    struct value *args = args_of(world);
    (void)add_standard(world, "V1", "13", "2019-05-01");
    world->broken = ST_UNAVAILABLE;
    assert_int_equal(effect_in_force(&world->trial, args), ST_UNAVAILABLE);
    assert_false(standing_holds(&world->trial, args));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_last_to_take_effect_is_in_force),
        TEST(the_day_of_a_field_says_which_was_in_force),
        TEST(before_the_first_nothing_is_in_force_and_the_field_is_emptied),
        TEST(of_two_of_one_day_the_later_number_is_in_force),
        TEST(a_region_agrees_here_below_or_as_the_same),
        TEST(several_values_agree_where_one_is_in_common),
        TEST(a_case_is_named_by_its_number_or_its_reference),
        TEST(state_and_flags_agree_as_they_stand),
        TEST(what_is_empty_agrees_with_nothing),
        TEST(where_nothing_can_agree_nothing_is_read),
        TEST(what_is_wanted_is_asked_of_the_world),
        TEST(a_case_is_not_beside_itself),
        TEST(fewer_than_asked_for_do_not_stand),
        TEST(what_cannot_be_read_is_not_in_force),
    };
    return cmocka_run_group_tests_name("standing", tests, NULL, NULL);
}
