/* Who reads a whole file. clause: S0-03.4.1 S0-02.6.2 test */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/file.h"

static const struct regime_procedure TEAM = {.name = STR_INIT("team")};
static const struct regime_procedure RECORD = {.name = STR_INIT("record")};

struct world {
    struct arena *arena;
    struct regime_file file;
    struct casefile there;
    struct actor_post post;
    struct actor actor;
};

static struct value *names(struct arena *arena, const char *name)
{
    struct value *list = value_list(arena);
    value_append(list, value_text(arena, str_of(name)));
    return list;
}

/* Person 5 of unit 7; the file is read by the members of teams at work. */
static int set_up(void **state)
{
    struct arena *arena = arena_new();
    struct world *world = arena_new_of(arena, struct world);
    struct casefile_role role = {.role = S("members")};
    world->arena = arena;
    world->file = (struct regime_file){
        .of = {&RECORD},
        .of_count = 1,
        .readers = {{&TEAM, names(arena, "active"), names(arena, "members")}},
        .reader_count = 1,
    };
    vec_add(arena, &role.people, 5);
    vec_add(arena, &world->there.roles, role);
    world->there.procedure = S("team");
    world->there.state = S("active");
    world->post = (struct actor_post){.unit = {7}};
    world->actor = (struct actor){.person = {5}, .posts = &world->post, .post_count = 1};
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;
    arena_free(world->arena);
    return 0;
}

static bool opens(const struct world *world, bool is_within)
{
    return file_is_opened_by(&world->file, &world->there, is_within, &world->actor);
}

static void who_stands_in_the_role_there_reads(void **state)
{
    struct world *world = *state;
    assert_true(opens(world, true));
    assert_false(opens(world, false));
    world->file.everywhere = true;
    assert_true(opens(world, false));
}

static void a_unit_in_the_role_lets_its_people_read(void **state)
{
    struct world *world = *state;
    world->there.roles.at[0].people.len = 0;
    assert_false(opens(world, true));
    vec_add(world->arena, &world->there.roles.at[0].units, 7);
    assert_true(opens(world, true));
}

static void another_role_person_state_or_procedure_opens_nothing(void **state)
{
    struct world *world = *state;
    world->actor.person.v = 6;
    assert_false(opens(world, true));
    world->actor.person.v = 5;
    world->there.roles.at[0].role = S("sending_units");
    assert_false(opens(world, true));
    world->there.roles.at[0].role = S("members");
    world->there.state = S("ended");
    assert_false(opens(world, true));
    world->file.readers[0].states = NULL;
    assert_true(opens(world, true));
    world->there.procedure = S("record");
    assert_false(opens(world, true));
}

static void a_withdrawn_case_opens_nothing(void **state)
{
    struct world *world = *state;
    world->there.withdrawn = true;
    assert_false(opens(world, true));
}

static void a_file_holds_the_procedures_it_names(void **state)
{
    struct world *world = *state;
    assert_true(file_holds(&world->file, S("record")));
    assert_false(file_holds(&world->file, S("team")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(who_stands_in_the_role_there_reads, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_unit_in_the_role_lets_its_people_read, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(another_role_person_state_or_procedure_opens_nothing,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_withdrawn_case_opens_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_file_holds_the_procedures_it_names, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
