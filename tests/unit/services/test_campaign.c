/*
 * Packs in force and campaigns that begin with them; a founding that has both.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "services/campaign.h"
#include "services/casework.h"
#include "services/founding.h"
#include "services/pack.h"
#include "services/session.h"
#include "support/testhome.h"

static const char pack_text[] =
    "regime: sample\n"
    "title: {zh: 样例, en: Sample}\n"
    "version: %d\n"
    "source: s3\n"
    "calendar: cn-workdays\n"
    "roles:\n"
    "  desk: {zh: 专班, en: desk, holds: one unit, for: campaign, kinds: [county_task_force]}\n"
    "  helpers: {zh: 协同, en: helpers, holds: units, for: campaign, kinds: [enterprise]}\n"
    "settings:\n"
    "  answer_days: {value: 3, unit: days, zh: 答复时限, en: answer limit}\n"
    "procedures:\n"
    "  letter:\n"
    "    zh: 信件\n"
    "    en: letter\n"
    "    number: \"{region}-{seq:04}\"\n"
    "    subject: description\n"
    "    created_by: [desk]\n"
    "    fields:\n"
    "      - {name: description, zh: 内容, en: description, kind: longtext, required: true}\n"
    "    states:\n"
    "      rectifying: {zh: 办理中, en: open}\n"
    "      written_off: {zh: 办结, en: closed, end: true}\n"
    "    transitions:\n"
    "      - {do: close, zh: 办结, en: close, from: rectifying, to: written_off, by: [desk, "
    "helpers]}\n";

static const char regions[] = "code,name,level,parent\n"
                              "000000,全国,nation,\n130000,河北省,province,000000\n"
                              "130500,邢台市,prefecture,130000\n130523,内丘县,county,130500\n";
static const char units[] = "code,name,kind,region\n"
                            "desk,内丘县专班,county_task_force,130523\n"
                            "e1,一厂,enterprise,130523\n"
                            "e2,二厂,enterprise,130523\n"
                            "e3,三厂,enterprise,130000\n";

static struct testhome *fixture(void **state)
{
    if (*state == NULL)
        skip();
    struct testhome *t = *state;
    testhome_import(t, "regions", regions);
    testhome_import(t, "units", units);
    return t;
}

static struct str register_pack(struct testhome *t, int version)
{
    struct pack_faults faults = {0};
    const struct regime *regime = NULL;
    struct str bytes = str_printf(t->ctx.arena, pack_text, version);
    enum status status = pack_register(&t->ctx, t->home, &(struct pack_file){.bytes = bytes},
                                       S("system"), &faults, &regime);
    for (size_t i = 0; i < faults.len; i++)
        print_error("%d:%d %s\n", faults.at[i].place.line, faults.at[i].place.column,
                    faults.at[i].reason.key);
    assert_int_equal(status, ST_OK);
    return regime->hash;
}

static enum status create(struct testhome *t, const char *name, const struct value *settings,
                          const struct value *roles)
{
    const struct campaign_plan plan = {.name = str_of(name),
                                       .regime = S("sample"),
                                       .title = {S("样例"), S("Sample")},
                                       .region = S("130523"),
                                       .begins = day_of(2026, 11, 1),
                                       .ends = DAY_NONE,
                                       .settings = settings,
                                       .roles = roles};
    fail_clear(&t->ctx);
    return campaign_create(&t->ctx, t->home, &plan, S("system"));
}

static struct value *id_list(struct testhome *t, const struct world *world, const char *code)
{
    struct value *list = value_list(t->ctx.arena);
    const struct world_unit *unit = world_find_unit_by_code(world, str_of(code));
    value_append(list, value_text(t->ctx.arena,
                                  str_printf(t->ctx.arena, "%lld", (long long)unit->facts.id.v)));
    return list;
}

static void a_faulty_pack_is_not_kept(void **state)
{
    struct testhome *t = fixture(state);
    struct pack_faults faults = {0};
    const struct regime *regime;
    struct pack_row_list kept;
    const struct pack_file file = {.bytes = S("regime: sample\nroles: 7\n")};
    assert_int_equal(pack_register(&t->ctx, t->home, &file, S("system"), &faults, &regime),
                     ST_INVALID);
    assert_true(faults.len > 0);
    fail_clear(&t->ctx);
    assert_int_equal(pack_rows_list(&t->ctx, t->conn, &kept), ST_OK);
    assert_int_equal(kept.len, 0);
}

static void a_campaign_keeps_the_pack_it_began_with(void **state)
{
    struct testhome *t = fixture(state);
    struct str first = register_pack(t, 1);
    assert_int_equal(create(t, "one", NULL, NULL), ST_INVALID); /* kept, but not in force */
    assert_string_equal(t->ctx.failure.reason.key, "campaign.no_pack");
    fail_clear(&t->ctx);
    assert_int_equal(pack_activate(&t->ctx, t->home, first, S("system")), ST_OK);
    assert_int_equal(create(t, "one", NULL, NULL), ST_OK);
    struct str second = register_pack(t, 2);
    assert_int_equal(pack_activate(&t->ctx, t->home, second, S("system")), ST_OK);
    assert_int_equal(create(t, "two", NULL, NULL), ST_OK);
    struct world *world AUTO(world_cleanup) = testhome_world(t);
    assert_true(str_eq(world_find_campaign(world, S("one"))->pack, first));
    assert_true(str_eq(world_find_campaign(world, S("two"))->pack, second));
    assert_int_equal(world_find_regime(world, S("sample"))->version, 2);
    const struct regime *regime;
    assert_int_equal(world_load_pack(&t->ctx, world, first, &regime), ST_OK);
    assert_int_equal(regime->version, 1);
    assert_int_equal(pack_activate(&t->ctx, t->home, S("00"), S("system")), ST_NOT_FOUND);
}

static void roles_go_to_the_units_of_their_kinds(void **state)
{
    struct testhome *t = fixture(state);
    assert_int_equal(pack_activate(&t->ctx, t->home, register_pack(t, 1), S("system")), ST_OK);
    assert_int_equal(create(t, "one", NULL, NULL), ST_OK);
    struct world *world AUTO(world_cleanup) = testhome_world(t);
    const struct value *roles = world_find_campaign(world, S("one"))->terms.roles;
    assert_true(value_eq(value_find_c(roles, "desk"), id_list(t, world, "desk")));
    assert_int_equal(value_find_c(roles, "helpers")->count, 2); /* not the one outside */
}

static void a_role_is_bound_only_to_units_that_may_hold_it(void **state)
{
    struct testhome *t = fixture(state);
    assert_int_equal(pack_activate(&t->ctx, t->home, register_pack(t, 1), S("system")), ST_OK);
    assert_int_equal(create(t, "one", NULL, NULL), ST_OK);
    struct world *world AUTO(world_cleanup) = testhome_world(t);
    struct value *wrong = value_list(t->ctx.arena);
    value_append(wrong, value_text(t->ctx.arena, S("17")));
    struct value *two = id_list(t, world, "desk");
    value_append(two, value_copy(t->ctx.arena, two->first));
    const struct {
        const char *campaign, *role;
        const struct value *units;
        const char *key;
    } rows[] = {{"one", "desk", id_list(t, world, "e1"), "campaign.unit_kind"},
                {"one", "desk", wrong, "campaign.unknown_unit"},
                {"one", "desk", two, "campaign.one_unit"},
                {"one", "nobody", wrong, "campaign.unknown_role"},
                {"none", "desk", wrong, "campaign.unknown"},
                {"one", "helpers", id_list(t, world, "e3"), NULL}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        fail_clear(&t->ctx);
        enum status status = campaign_bind(&t->ctx, t->home, str_of(rows[i].campaign),
                                           str_of(rows[i].role), rows[i].units, S("system"));
        assert_int_equal(status == ST_OK, rows[i].key == NULL);
        if (rows[i].key != NULL)
            assert_string_equal(t->ctx.failure.reason.key, rows[i].key);
    }
    struct world *after AUTO(world_cleanup) = testhome_world(t);
    const struct value *roles = world_find_campaign(after, S("one"))->terms.roles;
    assert_true(value_eq(value_find_c(roles, "helpers"), id_list(t, after, "e3")));
}

static void settings_are_those_of_the_pack_and_of_their_kind(void **state)
{
    struct testhome *t = fixture(state);
    struct arena *arena = t->ctx.arena;
    assert_int_equal(pack_activate(&t->ctx, t->home, register_pack(t, 1), S("system")), ST_OK);
    struct value *settings = value_map(arena);
    value_put_int(arena, settings, "answer_days", 5);
    assert_int_equal(create(t, "one", settings, NULL), ST_OK);
    assert_int_equal(campaign_set(&t->ctx, t->home, S("one"), S("answer_days"), value_int(arena, 7),
                                  S("system")),
                     ST_OK);
    assert_int_equal(campaign_set(&t->ctx, t->home, S("one"), S("answer_days"),
                                  value_text(arena, S("7")), S("system")),
                     ST_INVALID);
    fail_clear(&t->ctx);
    value_put_int(arena, settings, "unheard_of", 5);
    assert_int_equal(create(t, "two", settings, NULL), ST_INVALID);
    fail_clear(&t->ctx);
    struct world *world AUTO(world_cleanup) = testhome_world(t);
    assert_int_equal(
        value_find_int(world_find_campaign(world, S("one"))->terms.settings, "answer_days", 0), 7);
}

static void a_name_is_taken_once_and_a_campaign_can_end(void **state)
{
    struct testhome *t = fixture(state);
    assert_int_equal(pack_activate(&t->ctx, t->home, register_pack(t, 1), S("system")), ST_OK);
    assert_int_equal(create(t, "one", NULL, NULL), ST_OK);
    assert_int_equal(create(t, "one", NULL, NULL), ST_CONFLICT);
    assert_int_equal(create(t, "One", NULL, NULL), ST_INVALID);
    fail_clear(&t->ctx);
    assert_int_equal(campaign_set_open(&t->ctx, t->home, S("one"), false, S("system")), ST_OK);
    struct world *world AUTO(world_cleanup) = testhome_world(t);
    assert_true(str_eq_c(world_find_campaign(world, S("one"))->state, "ended"));
    assert_true(world_find_campaign(world, S("one"))->begins.v == day_of(2026, 11, 1).v);
}

static void a_campaign_that_has_ended_takes_no_new_case(void **state)
{
    struct testhome *t = fixture(state);
    static const struct actor system = {.is_system = true};
    testhome_import(t, "calendar", "date,day,name,notice\n2026-01-01,off,元旦,1\n");
    assert_int_equal(pack_activate(&t->ctx, t->home, register_pack(t, 1), S("system")), ST_OK);
    assert_int_equal(create(t, "one", NULL, NULL), ST_OK);
    assert_int_equal(campaign_set_open(&t->ctx, t->home, S("one"), false, S("system")), ST_OK);
    struct world *world AUTO(world_cleanup) = testhome_world(t);
    struct case_order order = {.home = t->home,
                               .world = world,
                               .actor = &system,
                               .campaign = S("one"),
                               .procedure = S("letter"),
                               .command = S("create"),
                               .input = value_map(t->ctx.arena),
                               .happened_at = INSTANT_NONE};
    assert_int_equal(casework_give(&t->ctx, &order), ST_CONFLICT);
    assert_string_equal(t->ctx.failure.reason.key, "campaign.ended");
    fail_clear(&t->ctx);
}

static void the_engine_finds_what_it_needs(void **state)
{
    struct testhome *t = fixture(state);
    struct world_view view;
    struct engine engine;
    testhome_import(t, "calendar", "date,day,name,notice\n2026-01-01,off,元旦,1\n");
    assert_int_equal(pack_activate(&t->ctx, t->home, register_pack(t, 1), S("system")), ST_OK);
    assert_int_equal(create(t, "one", NULL, NULL), ST_OK);
    struct world *world AUTO(world_cleanup) = testhome_world(t);
    assert_int_equal(world_engine(&t->ctx, world, &view, S("one"), S("letter"), S(""), &engine),
                     ST_OK);
    assert_true(str_eq_c(engine.campaign.id, "one"));
    assert_non_null(engine.calendar);
    assert_int_equal(world_engine(&t->ctx, world, &view, S("one"), S("none"), S(""), &engine),
                     ST_NOT_FOUND);
}

/* ---- founding ---- */

static void a_founded_directory_has_regions_calendars_packs_and_one_account(void **state)
{
    struct testhome *t = fixture(state);
    struct founding founding;
    const struct home_terms terms = {
        .dir = str_printf(t->ctx.arena, "%s/founded", testdb_folder(t->testdb)),
        .hash = CRYPTO_SM3};
    assert_int_equal(
        founding_make(&t->ctx, &terms, furniture_files, furniture_file_count, &founding), ST_OK);
    assert_true(founding.regions > 3000 && founding.packs > 0);
    struct home *home AUTO(home_cleanup) = NULL;
    struct world *world AUTO(world_cleanup) = NULL;
    assert_int_equal(home_open(&t->ctx, terms.dir, furniture_files, furniture_file_count, &home),
                     ST_OK);
    assert_int_equal(home_world(&t->ctx, home, &world), ST_OK);
    assert_non_null(world_find_region(world, S("110105")));
    assert_non_null(world_find_calendar(world, S("cn-workdays")));
    size_t people, regimes;
    (void)world_list_people(world, &people);
    assert_int_equal(people, 1);
    assert_false(str_is_empty(world_list_regimes(world, &regimes)->pack));
    assert_int_equal(regimes, founding.packs);
    struct session session;
    const struct login_request request = {.login = S("sysadmin"), .password = founding.password};
    assert_int_equal(login_open(&t->ctx, home, &request, &session), ST_OK);
    assert_true(session.must_change);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_HOME(a_faulty_pack_is_not_kept),
        AT_HOME(a_campaign_keeps_the_pack_it_began_with),
        AT_HOME(roles_go_to_the_units_of_their_kinds),
        AT_HOME(a_role_is_bound_only_to_units_that_may_hold_it),
        AT_HOME(settings_are_those_of_the_pack_and_of_their_kind),
        AT_HOME(a_name_is_taken_once_and_a_campaign_can_end),
        AT_HOME(a_campaign_that_has_ended_takes_no_new_case),
        AT_HOME(the_engine_finds_what_it_needs),
        cmocka_unit_test_setup_teardown(
            a_founded_directory_has_regions_calendars_packs_and_one_account, testhome_set_up_sqlite,
            testhome_tear_down),
    };
    return cmocka_run_group_tests_name("services/campaign", tests, NULL, NULL);
}
