/*
 * What is remembered of the directory: looked up, matched by printed names, made new when it moved.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kit/furniture.h"
#include "services/world.h"
#include "store/record_rows.h"
#include "support/teststore.h"

struct fixture {
    struct teststore *store;
    struct furniture *furniture;
    struct world_cache *cache;
    struct arena *arena;
};

/* "code name short parent level", one region a line. */
static const char *const region_lines[] = {
    "000000 中华人民共和国 全国 - nation",   "130000 河北省 河北 000000 province",
    "130500 邢台市 邢台 130000 prefecture",  "130523 内丘县 内丘 130500 county",
    "130503 信都区 信都 130500 county",      "110000 北京市 北京 000000 municipality",
    "110105 朝阳区 朝阳 110000 county",      "210000 辽宁省 辽宁 000000 province",
    "211300 朝阳市 朝阳 210000 prefecture",  "410000 河南省 河南 000000 province",
    "419001 济源市 济源 410000 county",      "1305Z1 邢台经济开发区 开发区 130500 county",
    "130523101 金店镇 金店 130523 township",
};

struct put {
    enum record_kind kind;
    int64_t id;
    const struct value *fields;
    int64_t made;
};

static enum status put_one(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    struct put *put = arg;
    return record_put(ctx, ledger, put->kind, put->id, S("system"), S("test"), put->fields,
                      &put->made);
}

static int64_t put(struct fixture *f, enum record_kind kind, int64_t id, struct value *fields)
{
    struct put work = {kind, id, fields, 0};
    assert_int_equal(teststore_run(f->store, put_one, &work), ST_OK);
    return work.made;
}

/* "a=1 b=2" as fields. */
static struct value *fields(struct fixture *f, const char *text)
{
    struct str rest = str_of(text);
    struct str pair;
    struct value *map = value_map(f->arena);
    while (str_next(&rest, ' ', &pair)) {
        size_t equals = str_find_char(pair, '=');
        value_put(map, str_part(pair, 0, equals), value_text(f->arena, str_from(pair, equals + 1)));
    }
    return map;
}

static enum status put_regions(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    (void)arg;
    static const char *const names[] = {"code", "name", "short_name", "parent", "level"};
    for (size_t i = 0; i < COUNT_OF(region_lines); i++) {
        struct str rest = str_of(region_lines[i]);
        struct value *map = value_map(ctx->arena);
        for (size_t column = 0; column < COUNT_OF(names); column++) {
            struct str cell = {0};
            (void)str_next(&rest, ' ', &cell);
            value_put_text(ctx->arena, map, names[column], str_eq_c(cell, "-") ? S("") : cell);
        }
        TRY(record_put(ctx, ledger, RECORD_REGION, 0, S("system"), S("test"), map, NULL));
    }
    return ST_OK;
}

static int set_up(void **state, enum db_engine engine)
{
    struct teststore *store = teststore_new(engine);
    *state = NULL;
    if (store == NULL)
        return 0;
    struct fixture *f = arena_new_of(store->ctx.arena, struct fixture);
    *f = (struct fixture){.store = store, .arena = store->ctx.arena};
    *state = f;
    return furniture_open(&store->ctx, f->arena, furniture_files, furniture_file_count,
                          (struct str){0}, &f->furniture) != ST_OK ||
           world_cache_new(&store->ctx, store->store->db, f->furniture, NULL, S("keys"), &f->cache) != ST_OK ||
           teststore_run(store, put_regions, NULL) != ST_OK;
}

SET_UP_ON_BOTH

static int tear_down(void **state)
{
    struct fixture *f = *state;
    if (f == NULL)
        return 0;
    world_cache_free(f->cache);
    teststore_free(f->store);
    return 0;
}

static struct fixture *fixture(void **state)
{
    if (*state == NULL)
        skip();
    return *state;
}

static struct world *acquire(struct fixture *f)
{
    struct world *world = NULL;
    assert_int_equal(world_acquire(&f->store->ctx, f->cache, f->store->conn, &world), ST_OK);
    return world;
}

/* Tells of a row that is wrong, so that one run shows all of them. */
static int PRINTF_LIKE(1, 2) say(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    vprint_error(format, values);
    va_end(values);
    return 1;
}

static void a_region_lies_within_all_above_it(void **state)
{
    struct fixture *f = fixture(state);
    struct world *world AUTO(world_cleanup) = acquire(f);
    assert_true(world_region_is_within(world, S("130523101"), S("130500")));
    assert_true(world_region_is_within(world, S("1305Z1"), S("000000")));
    assert_true(world_region_is_within(world, S("130500"), S("130500")));
    assert_false(world_region_is_within(world, S("130500"), S("130523")));
    assert_false(world_region_is_within(world, S("999999"), S("000000")));
    const struct world_region *above[WORLD_REGION_DEPTH_MAX];
    assert_int_equal(world_region_ancestors(world, S("130523"), above, COUNT_OF(above)), 4);
    assert_true(str_eq_c(above[3]->code, "000000"));
}

static void the_prefecture_of_a_region_is_found_going_up(void **state)
{
    static const struct {
        const char *region, *prefecture, *why;
    } rows[] = {
        {"130523101", "130500", "a township, by its county"},
        {"130500", "130500", "itself"},
        {"110105", "110000", "a district of a municipality"},
        {"419001", "419001", "a county directly below a province"},
        {"410000", "410000", "a province"},
        {"000000", "000000", "the nation"},
        {"999999", "000000", "nobody knows it"},
    };
    struct fixture *f = fixture(state);
    struct world *world AUTO(world_cleanup) = acquire(f);
    int wrong = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct prefecture got = world_prefecture_of(world, str_of(rows[i].region));
        if (!str_eq_c(prefecture_str(&got), rows[i].prefecture))
            wrong += say("%s (%s): %s\n", rows[i].region, rows[i].why, got.code);
    }
    assert_int_equal(wrong, 0);
}

static void printed_names_find_their_region(void **state)
{
    static const struct {
        const char *within, *printed, *code, *why;
    } rows[] = {
        {"130500", "内丘县", "130523", "the full name"},
        {"130500", "内丘", "130523", "the short one"},
        {"130500", " 内 丘　县", "130523", "with blanks"},
        {"130500", "内丘区", "130523", "with another ending"},
        {"130500", "130523", "130523", "its code"},
        {"", "河北省邢台市内丘县", "130523", "after the places above it"},
        {"130500", "邢台市内丘县", "130523", "after the place that is searched"},
        {"130500", "内丘县金店镇", "130523101", "down to the township"},
        {"130500", "内丘县金店镇双井村", "130523101", "and further than is known"},
        {"130500", "开发区", "1305Z1", "a zone"},
        {"110000", "朝阳", "110105", "one of two, by where it is searched"},
        {"", "朝阳市", "211300", "the full name wins over the short"},
        {"", "朝阳", "", "two places"},
        {"130500", "朝阳区", "", "elsewhere"},
        {"130500", "邢台县", "", "the city is no county"},
        {"130500", "", "", "nothing"},
    };
    struct fixture *f = fixture(state);
    struct world *world AUTO(world_cleanup) = acquire(f);
    int wrong = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct region_match match =
            world_match_region(f->arena, world, str_of(rows[i].within), str_of(rows[i].printed));
        struct str code = match.region == NULL ? S("") : match.region->code;
        if (!str_eq_c(code, rows[i].code))
            wrong += say("%s in %s (%s): %.*s\n", rows[i].printed, rows[i].within, rows[i].why,
                         STR_ARG(code));
    }
    assert_int_equal(wrong, 0);
}

static void units_are_found_by_id_code_name_and_alias(void **state)
{
    struct fixture *f = fixture(state);
    struct unit_id id = {put(f, RECORD_UNIT, 0,
                             fields(f, "code=u1 name=内丘县人民政府 short_name=内丘县政府 "
                                       "aliases=县政府;内丘政府 kind=county_government "
                                       "region=130523"))};
    (void)put(f, RECORD_UNIT, 0,
              fields(f, "code=u2 name=内丘县（测试）专班 short_name=县政府 "
                        "kind=county_task_force region=130503 parent=u1"));
    struct world *world AUTO(world_cleanup) = acquire(f);
    assert_true(str_eq_c(world_find_unit(world, id)->code, "u1"));
    assert_ptr_equal(world_find_unit_by_code(world, S("u2"))->parent, world_find_unit(world, id));
    static const struct {
        const char *within, *printed, *code;
    } rows[] = {{"", "内丘县人民政府", "u1"}, {"", "内丘政府", "u1"},          {"", "县政府", ""},
                {"130523", "县政府", "u1"},   {"", "内丘县(测试) 专班", "u2"}, {"", "无名", ""}};
    int wrong = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct unit_match match =
            world_match_unit(f->arena, world, str_of(rows[i].within), str_of(rows[i].printed));
        struct str code = match.unit == NULL ? S("") : match.unit->code;
        if (!str_eq_c(code, rows[i].code))
            wrong += say("%s: %.*s\n", rows[i].printed, STR_ARG(code));
    }
    assert_int_equal(wrong, 0);
}

static void the_engine_finds_units_of_a_region_then_of_those_above(void **state)
{
    struct fixture *f = fixture(state);
    (void)put(f, RECORD_UNIT, 0, fields(f, "code=a name=a kind=k region=130500"));
    (void)put(f, RECORD_UNIT, 0, fields(f, "code=b name=b kind=k region=130523"));
    (void)put(f, RECORD_UNIT, 0,
              fields(f, "code=c name=c kind=k region=130523 "
                        "valid_to=2020-12-31"));
    (void)put(f, RECORD_UNIT, 0, fields(f, "code=d name=d kind=other region=130523"));
    struct world *world AUTO(world_cleanup) = acquire(f);
    struct world_view view = {.world = world, .today = day_of(2026, 11, 22)};
    struct engine_world engine = world_view_engine(&view);
    const struct unit_facts *found[4];
    assert_int_equal(engine.units_in_region(engine.self, S("k"), S("130523101"), found, 4), 2);
    assert_true(str_eq_c(found[0]->name.zh, "b"));
    assert_true(str_eq_c(found[1]->name.zh, "a"));
    assert_int_equal(engine.units_in_region(engine.self, S("k"), S("110105"), found, 4), 0);
}

static void the_engine_finds_units_of_a_region_and_below_it(void **state)
{
    struct fixture *f = fixture(state);
    (void)put(f, RECORD_UNIT, 0, fields(f, "code=a name=a kind=k region=130500"));
    (void)put(f, RECORD_UNIT, 0, fields(f, "code=b name=b kind=k region=130523"));
    (void)put(f, RECORD_UNIT, 0,
              fields(f, "code=c name=c kind=k region=130523 valid_to=2020-12-31"));
    (void)put(f, RECORD_UNIT, 0, fields(f, "code=d name=d kind=other region=130523"));
    struct world *world AUTO(world_cleanup) = acquire(f);
    struct world_view view = {.world = world, .today = day_of(2026, 11, 22)};
    struct engine_world engine = world_view_engine(&view);
    const struct unit_facts *found[4];
    assert_int_equal(engine.units_below(engine.self, S("k"), S("130500"), found, 4), 2);
    assert_int_equal(engine.units_below(engine.self, S("k"), S("130523"), found, 4), 1);
    assert_int_equal(engine.units_below(engine.self, S("k"), S("130500"), found, 1), 1);
}

static void a_person_acts_through_the_posts_held_that_day(void **state)
{
    struct fixture *f = fixture(state);
    int64_t unit = put(f, RECORD_UNIT, 0, fields(f, "code=a name=a kind=k region=130500"));
    int64_t person = put(f, RECORD_PERSON, 0, fields(f, "name=张三"));
    (void)put(f, RECORD_ACCOUNT, 0,
              fields(f, str_printf(f->arena, "person=%lld login=zhang platform= state=active",
                                   (long long)person)
                            .at));
    static const char *const terms[] = {"post=clerk valid_to=2026-11-21",
                                        "post=principal valid_from=2026-11-22"};
    for (size_t i = 0; i < COUNT_OF(terms); i++)
        (void)put(f, RECORD_POST, 0,
                  fields(f, str_printf(f->arena, "person=%lld unit=%lld %s", (long long)person,
                                       (long long)unit, terms[i])
                                .at));
    struct world *world AUTO(world_cleanup) = acquire(f);
    const struct world_person *zhang = world_find_person_by_login(world, S("zhang"));
    assert_non_null(zhang);
    assert_int_equal(zhang->post_count, 2);
    struct actor actor = world_actor_of(f->arena, zhang, day_of(2026, 11, 22));
    assert_int_equal(actor.post_count, 1);
    assert_true(str_eq_c(actor.posts[0].post, "principal"));
    struct world_view view = {.world = world, .today = day_of(2026, 11, 22)};
    struct engine_world engine = world_view_engine(&view);
    struct person_id holders[2];
    const struct unit_id at = {unit};
    assert_int_equal(engine.people_in_post(engine.self, at, S("principal"), holders, 2), 1);
    assert_int_equal(holders[0].v, person);
    assert_int_equal(engine.people_in_post(engine.self, at, S("clerk"), holders, 2), 0);
    const struct world_person *found;
    const struct world_post *post;
    world_find_actor(
        world, str_printf(f->arena, "%lld/%lld", (long long)person, (long long)actor.posts[0].id.v),
        &found, &post);
    assert_ptr_equal(found, zhang);
    assert_true(str_eq_c(post->post, "principal"));
    world_find_actor(world, S("system"), &found, &post);
    assert_null(found);
}

/* One account and three people, two of them of one name; the last has left their post. */
static void a_person_is_meant_by_account_or_name_and_where_several_are_called_so_by_unit(void **state)
{
    static const struct {
        const char *printed;
        int person; /* counted from 1; 0: nobody, or not one alone */
    } rows[] = {
        {"zhang", 1},   {" 张三 · 甲局 ", 1}, {"张三甲", 1}, {"张三 乙局", 2},
        {"张三", 0},    {"张三 丙局", 0},     {"张三丰", 0}, {"李四", 3},
        {"李四乙局", 0}, {"王五", 0},          {"", 0},
    };
    static const char *const names[] = {"name=张三", "name=张三", "name=李四", "name=王五"};
    static const char *const ends[] = {"", "", "", " valid_to=2026-11-01"};
    struct fixture *f = fixture(state);
    int64_t people[COUNT_OF(names)];
    int64_t units[] = {
        put(f, RECORD_UNIT, 0, fields(f, "code=a name=甲局 short_name=甲 kind=k region=130500")),
        put(f, RECORD_UNIT, 0, fields(f, "code=b name=乙局 kind=k region=130500"))};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        people[i] = put(f, RECORD_PERSON, 0, fields(f, names[i]));
        (void)put(f, RECORD_POST, 0,
                  fields(f, str_printf(f->arena, "person=%lld unit=%lld post=clerk%s",
                                       (long long)people[i], (long long)units[i == 1], ends[i])
                                .at));
    }
    (void)put(f, RECORD_ACCOUNT, 0,
              fields(f, str_printf(f->arena, "person=%lld login=zhang platform= state=active",
                                   (long long)people[0])
                            .at));
    struct world *world AUTO(world_cleanup) = acquire(f);
    int wrong = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct world_person *meant =
            world_match_person(world, day_of(2026, 11, 22), str_of(rows[i].printed));
        int64_t wanted = rows[i].person == 0 ? 0 : people[rows[i].person - 1];
        if ((meant == NULL ? 0 : meant->id.v) != wanted)
            wrong += say("%s\n", rows[i].printed);
    }
    assert_int_equal(wrong, 0);
}

static void a_change_makes_a_new_snapshot_and_leaves_the_old_as_it_was(void **state)
{
    struct fixture *f = fixture(state);
    struct world *before AUTO(world_cleanup) = acquire(f);
    struct world *same AUTO(world_cleanup) = acquire(f);
    assert_ptr_equal(before, same);
    (void)put(f, RECORD_REGION, 0,
              fields(f, "code=130524 name=柏乡县 short_name=柏乡 "
                        "parent=130500 level=county"));
    struct world *after AUTO(world_cleanup) = acquire(f);
    assert_null(world_find_region(before, S("130524")));
    assert_non_null(world_find_region(after, S("130524")));
    assert_true(world_generation(after) > world_generation(before));
}

static enum status look_inside(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    struct fixture *f = arg;
    struct world *world AUTO(world_cleanup) = NULL;
    TRY(record_put(ctx, ledger, RECORD_REGION, 0, S("system"), S("test"),
                   fields(f, "code=130525 name=隆尧县 level=county parent=130500"), NULL));
    TRY(world_acquire(ctx, f->cache, ledger->conn, &world));
    return world_find_region(world, S("130525")) == NULL
               ? fail_at(ctx, ST_CONFLICT, "status.conflict", NO_ARGS, __FILE__, __LINE__)
               : ST_OK;
}

static void what_is_not_committed_is_in_no_snapshot(void **state)
{
    struct fixture *f = fixture(state);
    struct world *before AUTO(world_cleanup) = acquire(f);
    assert_int_equal(teststore_run(f->store, look_inside, f), ST_CONFLICT);
    fail_clear(&f->store->ctx);
    struct world *after AUTO(world_cleanup) = acquire(f);
    assert_ptr_equal(before, after);
}

/* ---- many readers while the directory changes ---- */

enum { READER_COUNT = 4 };

struct reader {
    struct fixture *f;
    atomic_bool *stop;
    int64_t seen; /* snapshots */
    bool good;     /* no snapshot failed or was torn */
};

/* At least one snapshot each, however late the thread gets its connection. */
static void *read_on(void *arg)
{
    struct reader *reader = arg;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena};
    struct db_conn *conn AUTO(db_conn_cleanup) = NULL;
    reader->good = db_conn_open(&ctx, reader->f->store->store->db, DB_READ, &conn) == ST_OK;
    bool last = false;
    while (reader->good && !last) {
        last = atomic_load(reader->stop);
        struct world *world AUTO(world_cleanup) = NULL;
        reader->good = world_acquire(&ctx, reader->f->cache, conn, &world) == ST_OK &&
                       world_region_is_within(world, S("130523"), S("130500"));
        reader->seen++;
        arena_reset(arena);
    }
    return NULL;
}

static void many_readers_see_whole_snapshots_while_it_changes(void **state)
{
    struct fixture *f = fixture(state);
    pthread_t threads[READER_COUNT];
    struct reader readers[READER_COUNT];
    atomic_bool stop = false;
    for (int i = 0; i < READER_COUNT; i++) {
        readers[i] = (struct reader){.f = f, .stop = &stop};
        assert_int_equal(pthread_create(&threads[i], NULL, read_on, &readers[i]), 0);
    }
    int64_t unit = put(f, RECORD_UNIT, 0, fields(f, "code=a name=a kind=k region=130500"));
    for (int i = 0; i < 30; i++)
        (void)put(f, RECORD_UNIT, unit, fields(f, "code=a name=b kind=k region=130500"));
    atomic_store(&stop, true);
    for (int i = 0; i < READER_COUNT; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < READER_COUNT; i++)
        assert_true(readers[i].good && readers[i].seen > 0);
}

static void calendars_and_campaigns_come_with_the_snapshot(void **state)
{
    struct fixture *f = fixture(state);
    (void)put(f, RECORD_CALENDAR_DAY, 0,
              fields(f, "calendar=work date=2026-01-01 day=off name=元旦 notice=1"));
    (void)put(f, RECORD_CAMPAIGN, 0,
              fields(f, "name=look regime=look-back pack=abc title_zh=看 title_en=look "
                        "region=130500 state=open"));
    struct world *world AUTO(world_cleanup) = acquire(f);
    assert_non_null(world_find_calendar(world, S("work")));
    assert_null(world_find_calendar(world, S("other")));
    assert_true(str_eq_c(world_find_campaign(world, S("look"))->terms.region, "130500"));
    struct world_view view;
    struct engine engine;
    assert_int_equal(world_engine(&f->store->ctx, world, &view, S("look"), S("x"), S(""), &engine),
                     ST_NOT_FOUND); /* no such pack */
    fail_clear(&f->store->ctx);
}

#define HERE(fact)                                                                                 \
    {"sqlite " #fact, fact, set_up_sqlite, tear_down, NULL},                                       \
    {                                                                                              \
        "postgres " #fact, fact, set_up_postgres, tear_down, NULL                                  \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        HERE(a_region_lies_within_all_above_it),
        HERE(the_prefecture_of_a_region_is_found_going_up),
        HERE(printed_names_find_their_region),
        HERE(units_are_found_by_id_code_name_and_alias),
        HERE(the_engine_finds_units_of_a_region_then_of_those_above),
        HERE(the_engine_finds_units_of_a_region_and_below_it),
        HERE(a_person_acts_through_the_posts_held_that_day),
        HERE(a_person_is_meant_by_account_or_name_and_where_several_are_called_so_by_unit),
        HERE(a_change_makes_a_new_snapshot_and_leaves_the_old_as_it_was),
        HERE(what_is_not_committed_is_in_no_snapshot),
        HERE(many_readers_see_whole_snapshots_while_it_changes),
        HERE(calendars_and_campaigns_come_with_the_snapshot),
    };
    return cmocka_run_group_tests_name("services/world", tests, NULL, NULL);
}
