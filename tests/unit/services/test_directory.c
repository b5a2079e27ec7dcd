/*
 * Directories in and out as tables: all or nothing, found again, told where they are wrong.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "services/directory.h"
#include "support/testhome.h"

static const char regions[] = "code,name,short_name,parent,level,valid_from,valid_to\n"
                              "000000,全国,全国,,nation,,\n"
                              "130000,河北省,河北,000000,province,,\n"
                              "130500,邢台市,邢台,130000,prefecture,,\n"
                              "130523,内丘县,内丘,130500,county,,\n";
static const char units[] =
    "code,name,short_name,aliases,kind,region,parent,valid_from,valid_to\n"
    "platform,平台,,,platform,000000,,,\n"
    "gov,内丘县人民政府,内丘县政府,\"县政府;内丘, 政府\",county_government,130523,,,\n"
    "force,内丘县专班,,,county_task_force,130523,gov,2026-01-01,\n";
static const char people[] = "login,name,unit,post,rank,phone,valid_from,valid_to\n"
                             "zhang,张三,gov,principal,,555-1,,\n"
                             "zhang,张三,force,handler,,,2026-01-01,2026-12-31\n"
                             "admin,李四,platform,system_administrator,,,,\n";

static struct testhome *fixture(void **state)
{
    if (*state == NULL)
        skip();
    return *state;
}

static enum status import(struct testhome *t, const char *kind, const char *csv, bool may_grant,
                          struct directory_report *report)
{
    struct directory_order order = {.bytes = str_of(csv),
                                    .calendar = S("cn-workdays"),
                                    .actor = S("system"),
                                    .may_grant = may_grant};
    assert_true(directory_kind_parse(str_of(kind), &order.kind));
    return directory_import(&t->ctx, t->home, &order, report);
}

static void fill(struct testhome *t)
{
    testhome_import(t, "regions", regions);
    testhome_import(t, "units", units);
    testhome_import(t, "people", people);
}

/* The only fault of an import that is refused: "row column key". */
static void assert_fault(struct testhome *t, const char *kind, const char *csv, const char *fault)
{
    struct directory_report report;
    assert_int_equal(import(t, kind, csv, true, &report), ST_INVALID);
    fail_clear(&t->ctx);
    assert_int_equal(report.fault_count, 1);
    const struct directory_fault *got = &report.faults[0];
    struct str text = str_printf(t->ctx.arena, "%lld %.*s %s", (long long)got->row,
                                 got->column.at == NULL ? 1 : (int)got->column.len,
                                 got->column.at == NULL ? "-" : got->column.at, got->reason.key);
    assert_string_equal(str_c(t->ctx.arena, text), fault);
}

static void what_was_imported_stands_in_the_world(void **state)
{
    struct testhome *t = fixture(state);
    fill(t);
    struct world *world AUTO(world_cleanup) = testhome_world(t);
    const struct world_person *zhang = world_find_person_by_login(world, S("zhang"));
    assert_non_null(zhang);
    assert_int_equal(zhang->post_count, 2);
    assert_true(str_eq_c(zhang->phone, "555-1"));
    assert_true(str_eq_c(world_find_person_by_login(world, S("admin"))->platform, "sysadmin"));
    assert_true(str_eq_c(world_find_unit_by_code(world, S("force"))->parent->code, "gov"));
    assert_non_null(world_match_unit(t->ctx.arena, world, S(""), S("内丘,政府")).unit);
}

static void the_same_file_again_changes_nothing(void **state)
{
    struct testhome *t = fixture(state);
    struct directory_report report;
    fill(t);
    struct world *before AUTO(world_cleanup) = testhome_world(t);
    static const struct {
        const char *kind, *csv;
        int64_t same;
    } rows[] = {{"regions", regions, 4}, {"units", units, 3}, {"people", people, 7}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_int_equal(import(t, rows[i].kind, rows[i].csv, false, &report), ST_OK);
        assert_int_equal(report.created + report.changed, 0);
        assert_int_equal(report.same, rows[i].same);
    }
    struct world *after AUTO(world_cleanup) = testhome_world(t);
    assert_ptr_equal(before, after);
}

static void what_differs_is_changed_and_keeps_its_id(void **state)
{
    struct testhome *t = fixture(state);
    struct directory_report report;
    fill(t);
    struct world *before AUTO(world_cleanup) = testhome_world(t);
    assert_int_equal(import(t, "units",
                            "\xEF\xBB\xBFname,code,region,kind\r\n"
                            "新名,gov,130523,county_government\r\n",
                            false, &report),
                     ST_OK);
    assert_int_equal(report.changed, 1);
    struct world *after AUTO(world_cleanup) = testhome_world(t);
    const struct world_unit *unit = world_find_unit_by_code(after, S("gov"));
    assert_true(str_eq_c(unit->name, "新名"));
    assert_true(unit->facts.id.v == world_find_unit_by_code(before, S("gov"))->facts.id.v);
    assert_non_null(world_find_unit_by_code(after, S("force")));
}

static void one_fault_and_nothing_is_taken(void **state)
{
    struct testhome *t = fixture(state);
    assert_fault(t, "regions",
                 "code,name,level,parent\n000000,全国,nation,\n130000,河北省,province,999999\n",
                 "3 parent directory.unknown_region");
    struct world *world AUTO(world_cleanup) = testhome_world(t);
    assert_null(world_find_region(world, S("000000")));
}

static void faults_name_row_and_column(void **state)
{
    static const struct {
        const char *kind, *csv, *fault;
    } rows[] = {
        {"regions", "code,name,level,parent,extra\n", "1 - directory.column_unknown"},
        {"regions", "code,name,level,name\n", "1 - directory.column_twice"},
        {"regions", "code,name\n", "1 level directory.column_missing"},
        {"regions", "", "1 - directory.empty"},
        {"regions", "code,name,level,parent\n13,x,county,130500\n",
         "2 code directory.not_a_region_code"},
        {"regions", "code,name,level,parent\n130524,x,village,130500\n",
         "2 level directory.not_a_level"},
        {"regions", "code,name,level,parent\n130524,,county,130500\n",
         "2 name directory.cell_missing"},
        {"regions", "code,name,level,parent\n130524,x,county,130500\n130524,y,county,130500\n",
         "3 - directory.twice"},
        {"regions", "code,name,level,parent\n130501101,x,township,130500\n",
         "2 parent directory.wrong_level_above"},
        {"regions", "code,name,level,parent\n130524,x,county\n", "2 - directory.row_broken"},
        {"regions",
         "code,name,level,parent,valid_from,valid_to\n130524,x,county,130500,2026-02-01,2026-01-"
         "01\n",
         "2 valid_to directory.ends_before_it_begins"},
        {"regions", "code,name,level,parent,valid_from\n130524,x,county,130500,2026-02-30\n",
         "2 valid_from directory.not_a_day"},
        {"units", "code,name,kind,region\nu,x,nothing,130523\n", "2 kind directory.unknown_kind"},
        {"units", "code,name,kind,region\nu,x,enterprise,130599\n",
         "2 region directory.unknown_region"},
        {"units", "code,name,kind,region,parent\nu,x,enterprise,130523,u\n",
         "2 parent directory.unknown_unit"},
        {"people", "login,name,unit,post\nwang,王五,nowhere,clerk\n",
         "2 unit directory.unknown_unit"},
        {"people", "login,name,unit,post\nwang,王五,gov,king\n", "2 post directory.unknown_post"},
        {"people", "login,name,unit,post\nWang,王五,gov,clerk\n", "2 login directory.not_a_login"},
        {"people", "login,name,unit,post\nwang,王五,gov,clerk\nwang,王六,force,clerk\n",
         "3 name directory.other_name"},
        {"people", "login,name,unit,post\nzhang,张三,platform,auditor\n",
         "2 post account.platform_excludes"},
        {"people", "login,name,unit,post\nadmin,李四,platform,auditor\n",
         "2 post account.platform_excludes"},
        {"calendar", "date,day\n2026-01-01,rest\n", "2 day directory.not_off_or_work"},
    };
    struct testhome *t = fixture(state);
    fill(t);
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_fault(t, rows[i].kind, rows[i].csv, rows[i].fault);
}

static void posts_of_the_platform_are_not_imported_by_who_may_not_grant(void **state)
{
    struct testhome *t = fixture(state);
    struct directory_report report;
    testhome_import(t, "regions", regions);
    testhome_import(t, "units", units);
    assert_int_equal(import(t, "people", people, false, &report), ST_INVALID);
    assert_string_equal(report.faults[0].reason.key, "directory.may_not_grant");
}

static void what_comes_out_goes_in_again(void **state)
{
    static const char *const kinds[] = {"regions", "units", "people", "calendar"};
    struct testhome *t = fixture(state);
    fill(t);
    testhome_import(t, "calendar", "date,day,name,notice\n2026-01-01,off,元旦,1号\n");
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        enum directory_kind kind;
        struct directory_report report;
        struct str csv;
        assert_true(directory_kind_parse(str_of(kinds[i]), &kind));
        assert_int_equal(directory_export(&t->ctx, t->conn, kind, S("cn-workdays"), &csv), ST_OK);
        assert_int_equal(import(t, kinds[i], str_c(t->ctx.arena, csv), false, &report), ST_OK);
        assert_true(report.rows > 0);
        assert_int_equal(report.created + report.changed, 0);
    }
}

static void a_day_of_a_calendar_is_replaced(void **state)
{
    struct testhome *t = fixture(state);
    testhome_import(t, "calendar", "date,day,name,notice\n2026-01-01,off,元旦,1号\n");
    testhome_import(t, "calendar", "date,day,name,notice\n2026-01-01,off,元旦,2号\n");
    struct world *world AUTO(world_cleanup) = testhome_world(t);
    const struct calendar *calendar = world_find_calendar(world, S("cn-workdays"));
    assert_true(str_eq_c(calendar_get_day(calendar, day_of(2026, 1, 1)).notice, "2号"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_HOME(what_was_imported_stands_in_the_world),
        AT_HOME(the_same_file_again_changes_nothing),
        AT_HOME(what_differs_is_changed_and_keeps_its_id),
        AT_HOME(one_fault_and_nothing_is_taken),
        AT_HOME(faults_name_row_and_column),
        AT_HOME(posts_of_the_platform_are_not_imported_by_who_may_not_grant),
        AT_HOME(what_comes_out_goes_in_again),
        AT_HOME(a_day_of_a_calendar_is_replaced),
    };
    return cmocka_run_group_tests_name("services/directory", tests, NULL, NULL);
}
