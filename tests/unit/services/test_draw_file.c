/*
 * The published file: what is committed stays, what was changed afterwards is found.
 * clause: S3-1.4 test
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kit/json.h"
#include "services/draw_file.h"

#define LIST_HASH "dd4c7b73214e91fc33f3dc813a33ae3d72dcc55c529279966d136c056a6bcb5b"
#define LIST_CSV "\xEF\xBB\xBFsite,risk\r\nA, high \r\n\r\nB,low\r\nC,low\r\n"

struct world {
    struct arena *arena;
    struct ctx ctx;
    struct draw_list list;
};

static int set_up(void **state)
{
    struct arena *arena = arena_new();
    struct world *world = arena_new_of(arena, struct world);
    world->arena = arena;
    world->ctx = (struct ctx){.arena = arena, .now = {1}};
    assert_int_equal(draw_list_parse(&world->ctx, S(LIST_CSV), &world->list), ST_OK);
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;
    arena_free(world->arena);
    return 0;
}

static struct draw_rules two(void)
{
    return (struct draw_rules){.key = S("site"), .strata = S("risk"), .take = 2};
}

static struct draw_file drawn(struct world *world)
{
    struct draw_file file;
    const struct draw_rules rules = two();
    assert_int_equal(draw_file_commit(&world->ctx, &world->list, &rules, &file), ST_OK);
    assert_int_equal(draw_file_run(&world->ctx, &file, NULL, NULL, S("7")), ST_OK);
    return file;
}

static struct str printed(struct world *world, const struct draw_file *file)
{
    struct buf text;
    buf_init(&text, world->arena, DRAW_FILE_LIMIT);
    json_print(&text, draw_file_value(world->arena, file));
    return buf_str(&text);
}

/* The key of the first difference; "" where the file holds. */
static const char *first_difference(struct world *world, const struct draw_file *file)
{
    struct draw_differences differences = {0};
    draw_file_verify(&world->ctx, file, NULL, &differences);
    return differences.len == 0 ? "" : differences.at[0].key;
}

static void a_list_is_read_without_mark_and_blanks(void **state)
{
    const struct world *world = *state;
    assert_int_equal(world->list.row_count, 3);
    assert_true(str_eq_c(world->list.columns[0], "site"));
    assert_true(str_eq_c(draw_cell(&world->list, 0, S("risk")), "high"));
}

static void lists_that_are_none_are_refused(void **state)
{
    struct world *world = *state;
    static const struct {
        struct str csv;
        const char *key;
    } rows[] = {
        {STR_INIT(""), "draw.no_rows"},          {STR_INIT("site\n"), "draw.no_rows"},
        {STR_INIT("a,a\n1,2\n"), "draw.column_twice"}, {STR_INIT("a\n1,2\n"), "draw.bad_row"},
        {STR_INIT("a\n\"1\n"), "draw.bad_row"},  {STR_INIT("a\n\xFF\n"), "draw.not_text"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct draw_list list;
        assert_int_not_equal(draw_list_parse(&world->ctx, rows[i].csv, &list), ST_OK);
        assert_string_equal(world->ctx.failure.reason.key, rows[i].key);
        fail_clear(&world->ctx);
    }
}

static void exclusions_are_read_with_their_reasons(void **state)
{
    struct world *world = *state;
    struct draw_rules rules = two();
    assert_int_equal(draw_exclusions_parse(&world->ctx, S("reason,id\nclosed,B\n"), &rules), ST_OK);
    assert_int_equal(rules.excluded_count, 1);
    assert_true(str_eq_c(rules.excluded[0].id, "B"));
    assert_true(str_eq_c(rules.excluded[0].reason, "closed"));
    assert_int_equal(draw_exclusions_parse(&world->ctx, S("id\nB\n"), &rules), ST_INVALID);
    assert_string_equal(world->ctx.failure.reason.key, "draw.no_column");
}

static void what_is_written_is_read_back(void **state)
{
    struct world *world = *state;
    struct draw_file file = drawn(world);
    struct draw_file again;
    assert_string_equal(first_difference(world, &file), "");
    assert_int_equal(draw_file_parse(&world->ctx, printed(world, &file), &again), ST_OK);
    assert_string_equal(first_difference(world, &again), "");
    assert_true(str_eq(printed(world, &file), printed(world, &again)));
}

static void the_hash_of_a_list_is_known_to_the_byte(void **state)
{
    struct world *world = *state;
    /* sha256 of "lantian-draw-list-1\n" "1:2," "4:site," "4:risk," "1:3," "1:A," "4:high," … */
    assert_true(str_eq_c(draw_list_hash(world->arena, draw_sha256, &world->list), LIST_HASH));
}

static void a_change_of_any_part_is_found(void **state)
{
    struct world *world = *state;
    struct draw_file file = drawn(world);
    file.list.row_count = 2;
    assert_string_equal(first_difference(world, &file), "draw.differs.list");
    file = drawn(world);
    file.rules.take = 3;
    assert_string_equal(first_difference(world, &file), "draw.differs.rules");
    file = drawn(world);
    file.rules.strata = S("street");
    assert_string_equal(first_difference(world, &file), "draw.differs.rules");
    file = drawn(world);
    file.seed = S("");
    assert_string_equal(first_difference(world, &file), "draw.no_seed");
    file = drawn(world);
    struct value *other = value_copy(world->arena, file.drawn);
    other->first->text = S("Z");
    file.drawn = other;
    assert_string_equal(first_difference(world, &file), "draw.differs.drawn");
    file = drawn(world);
    struct value *strata = value_copy(world->arena, file.strata);
    value_put_int(world->arena, strata->first, "listed", 9);
    file.strata = strata;
    assert_string_equal(first_difference(world, &file), "draw.differs.strata");
}

static void another_list_is_refused_and_found(void **state)
{
    struct world *world = *state;
    struct draw_list other;
    struct draw_file file;
    struct draw_differences differences = {0};
    const struct draw_rules rules = two();
    assert_int_equal(draw_list_parse(&world->ctx, S("site,risk\nA,high\nD,low\n"), &other), ST_OK);
    assert_int_equal(draw_file_commit(&world->ctx, &world->list, &rules, &file), ST_OK);
    assert_int_equal(draw_file_run(&world->ctx, &file, &other, NULL, S("7")), ST_CONFLICT);
    assert_string_equal(world->ctx.failure.reason.key, "draw.other_list");
    fail_clear(&world->ctx);
    draw_file_verify(&world->ctx, &file, &other, &differences);
    assert_int_equal(differences.len, 1);
    assert_string_equal(differences.at[0].key, "draw.differs.other_list");
    file.list = other; /* slipped into the file itself */
    assert_int_equal(draw_file_run(&world->ctx, &file, NULL, NULL, S("7")), ST_CONFLICT);
    assert_string_equal(world->ctx.failure.reason.key, "draw.other_list");
}

static void rules_are_fixed_once(void **state)
{
    struct world *world = *state;
    struct draw_file file;
    const struct draw_rules rules = two();
    assert_int_equal(draw_file_commit(&world->ctx, &world->list, &rules, &file), ST_OK);
    assert_int_equal(draw_file_run(&world->ctx, &file, NULL, &rules, S("7")), ST_CONFLICT);
    assert_string_equal(world->ctx.failure.reason.key, "draw.rules_fixed");
    fail_clear(&world->ctx);
    file.rules.take = 3; /* slipped into the file itself */
    assert_int_equal(draw_file_run(&world->ctx, &file, NULL, NULL, S("7")), ST_CONFLICT);
    assert_string_equal(world->ctx.failure.reason.key, "draw.rules_fixed");
    fail_clear(&world->ctx);
    assert_int_equal(draw_file_commit(&world->ctx, &world->list, NULL, &file), ST_OK);
    assert_int_equal(draw_file_run(&world->ctx, &file, NULL, NULL, S("7")), ST_CONFLICT);
    assert_string_equal(world->ctx.failure.reason.key, "draw.no_rules");
    fail_clear(&world->ctx);
    assert_int_equal(draw_file_run(&world->ctx, &file, NULL, &rules, S("7")), ST_OK);
    assert_true(str_eq_c(file.rules_fixed, "run"));
}

static void a_draw_is_made_once(void **state)
{
    struct world *world = *state;
    struct draw_file file = drawn(world);
    assert_int_equal(draw_file_run(&world->ctx, &file, NULL, NULL, S("8")), ST_CONFLICT);
    assert_string_equal(world->ctx.failure.reason.key, "draw.drawn_already");
    assert_true(str_eq_c(file.seed, "7"));
}

static void a_seed_that_nobody_gives_is_random(void **state)
{
    struct world *world = *state;
    struct draw_file one, other;
    const struct draw_rules rules = two();
    assert_int_equal(draw_file_commit(&world->ctx, &world->list, &rules, &one), ST_OK);
    other = one;
    assert_int_equal(draw_file_run(&world->ctx, &one, NULL, NULL, (struct str){0}), ST_OK);
    assert_int_equal(draw_file_run(&world->ctx, &other, NULL, NULL, (struct str){0}), ST_OK);
    assert_true(str_eq_c(one.seed_source, "random"));
    assert_false(str_eq(one.seed, other.seed));
    assert_string_equal(first_difference(world, &one), "");
}

static void files_that_are_no_draws_are_refused(void **state)
{
    struct world *world = *state;
    static const struct str files[] = {
        STR_INIT("[]"),
        STR_INIT("{\"format\":\"lantian-draw-2\",\"hash\":\"sha256\"}"),
        STR_INIT("{\"format\":\"lantian-draw-1\",\"hash\":\"md5\"}"),
        STR_INIT("{\"format\":\"lantian-draw-1\",\"hash\":\"sha256\",\"columns\":[]}"),
        STR_INIT("{\"format\":\"lantian-draw-1\",\"hash\":\"sha256\",\"columns\":[\"a\"],\"rows\":"
                 "[[\"1\",\"2\"]],\"list_hash\":\"\",\"committed_at\":\"\"}"),
        STR_INIT("{\"format\":\"lantian-draw-1\",\"hash\":\"sha256\",\"columns\":[\"a\"],\"rows\":"
                 "[[1]],\"list_hash\":\"\",\"committed_at\":\"\"}"),
        STR_INIT("{\"format\":\"lantian-draw-1\",\"hash\":\"sha256\",\"columns\":[\"a\"],\"rows\":"
                 "[[\"1\"]],\"list_hash\":\"\",\"committed_at\":\"\",\"rules\":{\"key\":1}}"),
        STR_INIT("{\"format\":\"lantian-draw-1\",\"hash\":\"sha256\",\"columns\":[\"a\"],\"rows\":"
                 "[[\"1\"]],\"list_hash\":\"\",\"committed_at\":\"\",\"seed\":\"1\"}"),
    };
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        struct draw_file file;
        assert_int_equal(draw_file_parse(&world->ctx, files[i], &file), ST_INVALID);
        fail_clear(&world->ctx);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_list_is_read_without_mark_and_blanks),
        TEST(lists_that_are_none_are_refused),
        TEST(exclusions_are_read_with_their_reasons),
        TEST(what_is_written_is_read_back),
        TEST(the_hash_of_a_list_is_known_to_the_byte),
        TEST(a_change_of_any_part_is_found),
        TEST(another_list_is_refused_and_found),
        TEST(rules_are_fixed_once),
        TEST(a_draw_is_made_once),
        TEST(a_seed_that_nobody_gives_is_random),
        TEST(files_that_are_no_draws_are_refused),
    };
    return cmocka_run_group_tests_name("draw_file", tests, NULL, NULL);
}
