/*
 * Duties as time passes, on both engines: opened exactly once however late one looks and however
 * many programs do, closed by what fulfils them, late at midnight.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "services/campaign.h"
#include "services/casework.h"
#include "services/pack.h"
#include "services/timers.h"
#include "store/casefile_rows.h"
#include "support/testhome.h"

static const char pack_text[] =
    "regime: sample\n"
    "title: {zh: 样例, en: Sample}\n"
    "version: 1\n"
    "source: s2\n"
    "calendar: cn-workdays\n"
    "roles:\n"
    "  office: {zh: 专班, en: office, holds: one unit, for: campaign, kinds: [county_task_force]}\n"
    "  doer: {zh: 单位, en: doer, holds: one unit}\n"
    "words:\n"
    "  overdue: {zh: 逾期, en: overdue}\n"
    "  fulfils: {zh: 依据, en: fulfils}\n"
    "procedures:\n"
    "  duty:\n"
    "    {zh: 定期工作, en: duty, number: \"{region}-{seq:04}\", created_by: [system],\n"
    "    fields: [{name: period, zh: 时段, en: period, kind: text, required: true},\n"
    "      {name: due_on, zh: 截止, en: due, kind: date}, {name: unit, zh: 单位, en: unit, kind: unit}],\n"
    "    create_then: [{assign: {role: doer, from: unit}}],\n"
    "    states: {open: {zh: 待办, en: owed, like: reported}, done: {zh: 完成, en: done, like: filed, end: true}},\n"
    "    transitions: [{do: fulfil, zh: 完成, en: fulfil, from: open, to: done, by: system}],\n"
    "    deadlines: {done: {zh: 完成, en: done, until: due_on, starts_on: [create], stops_on: [fulfil],\n"
    "      on_lapse: [{flag: overdue}]}}}\n"
    "  meeting:\n"
    "    {zh: 会议, en: meeting, number: \"M{seq:04}\", created_by: [office],\n"
    "    fields: [{name: held_on, zh: 日期, en: held on, kind: date, required: true},\n"
    "      {name: unit, zh: 单位, en: unit, kind: unit},\n"
    "      {name: entries, zh: 记录, en: entries, kind: list, columns: [{name: day, zh: 日期, en: day, kind: date},\n"
    "        {name: unit, zh: 单位, en: unit, kind: unit}]}],\n"
    "    create_then: [{assign: {role: doer, from: unit}}],\n"
    "    states: {planned: {zh: 拟开, en: planned, like: reported}, filed: {zh: 归档, en: filed, end: true}},\n"
    "    transitions: [{do: close, zh: 归档, en: close, from: planned, to: filed, by: office}]}\n"
    "  pairing:\n"
    "    {zh: 包保, en: pairing, number: \"P{seq:04}\", created_by: [office],\n"
    "    fields: [{name: unit, zh: 单位, en: unit, kind: unit, role: doer}],\n"
    "    states: {active: {zh: 生效, en: active, like: rectifying}, gone: {zh: 终止, en: gone, like: filed, end: true}},\n"
    "    transitions: [{do: end, zh: 终止, en: end, from: active, to: gone, by: system}]}\n"
    "obligations:\n"
    "  - {id: joint, zh: 联合, en: joint, who: {procedure: pairing, states: [active], role: doer.lead},\n"
    "     procedure: duty, every: 15 days, roles: [doer], grace: 2 days, fields: {period: period, due_on: due, unit: unit}}\n"
    "  - {id: turn, zh: 轮次, en: turn, procedure: duty, every: 15 days, ahead: 2 days, fields: {period: period, due_on: due}}\n"
    "  - {id: visit, zh: 走访, en: visit, who: {procedure: pairing, states: [active]}, procedure: duty, every: quarter,\n"
    "     fields: {period: period, due_on: due},\n"
    "     fulfilled_by: {procedure: meeting, command: fulfil, on: held_on, region: true}}\n"
    "  - {id: plenary, zh: 全会, en: plenary, who: office, procedure: duty, every: quarter,\n"
    "     fields: {period: period, due_on: due, unit: unit},\n"
    "     fulfilled_by: {procedure: meeting, command: fulfil, on: held_on, link: fulfils}}\n"
    "  - {id: report, zh: 报告, en: report, who: enterprise, procedure: duty, every: month,\n"
    "     fields: {period: period, due_on: due, unit: unit}}\n"
    "  - {id: entries, zh: 进展, en: entries, who: enterprise, procedure: duty, every: month,\n"
    "     fields: {period: period, due_on: due, unit: unit},\n"
    "     fulfilled_by: {procedure: meeting, command: fulfil, role: doer,\n"
    "       entry: {list: entries, day: day, unit: unit}, all: true}}\n";

static const char regions[] = "code,name,level,parent\n"
                              "000000,全国,nation,\n130000,河北省,province,000000\n"
                              "130500,邢台市,prefecture,130000\n130523,内丘县,county,130500\n";
static const char units[] = "code,name,kind,region\n"
                            "desk,内丘县专班,county_task_force,130523\n"
                            "e1,一厂,enterprise,130523\n"
                            "e2,二厂,enterprise,130523\n"
                            "e3,三厂,enterprise,130000\n";

/* A campaign that began on 1 November 2025, a year before the test's clock. */
static struct testhome *fixture(void **state)
{
    if (*state == NULL)
        skip();
    struct testhome *t = *state;
    struct pack_faults faults = {0};
    const struct regime *regime = NULL;
    testhome_import(t, "regions", regions);
    testhome_import(t, "units", units);
    testhome_import(t, "calendar", "date,day,name,notice\n2025-10-01,off,国庆节,1\n");
    enum status status =
        pack_register(&t->ctx, t->home, &(struct pack_file){.bytes = str_of(pack_text)}, S("system"), &faults,
                      &regime);
    for (size_t i = 0; i < faults.len; i++)
        print_error("%d:%d %s\n", faults.at[i].place.line, faults.at[i].place.column,
                    faults.at[i].reason.key);
    assert_int_equal(status, ST_OK);
    assert_int_equal(pack_activate(&t->ctx, t->home, regime->hash, S("system")), ST_OK);
    const struct campaign_plan plan = {.name = S("drill"),
                                       .regime = S("sample"),
                                       .title = {S("样例"), S("Sample")},
                                       .region = S("130523"),
                                       .begins = day_of(2025, 11, 1),
                                       .ends = DAY_NONE};
    assert_int_equal(campaign_create(&t->ctx, t->home, &plan, S("system")), ST_OK);
    return t;
}

static void look(struct testhome *t, int year, int month, int day)
{
    struct timers_figures figures;
    struct world *world AUTO(world_cleanup) = testhome_world(t);
    t->ctx.now = day_start(day_of(year, month, day));
    assert_int_equal(timers_run(&t->ctx, t->home, world, &figures), ST_OK);
}

static struct casefile_keyed_list duties(struct testhome *t, const char *prefix)
{
    struct casefile_keyed_list list;
    assert_int_equal(
        casefile_rows_list_keyed(&t->ctx, t->conn, S("drill"), str_of(prefix), &list), ST_OK);
    return list;
}

static struct str unit_id(struct testhome *t, const char *code)
{
    struct world *world AUTO(world_cleanup) = testhome_world(t);
    return str_printf(t->ctx.arena, "%lld",
                      (long long)world_find_unit_by_code(world, str_of(code))->facts.id.v);
}

/* Gives a command as the system; the input, with its region, belongs to `create`. */
static struct case_ref give(struct testhome *t, const char *procedure, struct case_ref ref,
                            const char *command, const struct value *input)
{
    static const struct actor system = {.is_system = true};
    struct world *world AUTO(world_cleanup) = testhome_world(t);
    struct case_order order = {.home = t->home,
                               .world = world,
                               .actor = &system,
                               .ref = ref,
                               .campaign = S("drill"),
                               .procedure = str_of(procedure),
                               .command = str_of(command),
                               .input = input,
                               .happened_at = INSTANT_NONE};
    assert_int_equal(casework_give(&t->ctx, &order), ST_OK);
    return order.made;
}

static struct value *fields_at(struct testhome *t, struct value *input, const char *region,
                               const char *unit)
{
    value_put_text(t->ctx.arena, input, "region", str_of(region));
    struct value *fields = value_put_map(t->ctx.arena, input, "fields");
    value_put_text(t->ctx.arena, fields, "unit", unit_id(t, unit));
    return fields;
}

static void meet_at(struct testhome *t, const char *region, const char *held_on, const char *unit,
                    const char *entry)
{
    struct arena *arena = t->ctx.arena;
    struct value *input = value_map(arena);
    struct value *fields = fields_at(t, input, region, unit);
    value_put_text(arena, fields, "held_on", str_of(held_on));
    if (entry != NULL) {
        struct value *row = value_append_map(arena, value_put_list(arena, fields, "entries"));
        value_put_text(arena, row, "day", str_of(entry));
        value_put_text(arena, row, "unit", unit_id(t, unit));
    }
    (void)give(t, "meeting", (struct case_ref){0}, "create", input);
}

static void meet(struct testhome *t, const char *held_on, const char *unit, const char *entry)
{
    meet_at(t, "130523", held_on, unit, entry);
}

static struct case_ref pair(struct testhome *t, const char *region, const char *unit)
{
    struct value *input = value_map(t->ctx.arena);
    (void)fields_at(t, input, region, unit);
    return give(t, "pairing", (struct case_ref){0}, "create", input);
}

static void every_period_since_the_beginning_is_opened_once(void **state)
{
    struct testhome *t = fixture(state);
    look(t, 2026, 5, 15); /* half a year during which nothing ran */
    struct casefile_keyed_list quarters = duties(t, "plenary/");
    assert_int_equal(quarters.len, 3); /* 2025-Q4, in which it began, to 2026-Q2 */
    assert_true(str_starts(quarters.at[0].key, S("plenary/2025-Q4/")));
    assert_true(str_starts(quarters.at[2].key, S("plenary/2026-Q2/")));
    assert_true(quarters.at[0].lapsed && quarters.at[1].lapsed && !quarters.at[2].lapsed);
    assert_int_equal(duties(t, "report/").len, 7 * 2); /* e3 lies outside */
    assert_int_equal(duties(t, "entries/").len, 0);    /* nobody has a case */
    look(t, 2026, 5, 15);
    look(t, 2026, 5, 31);
    assert_int_equal(duties(t, "report/").len, 7 * 2);
    look(t, 2026, 6, 1);
    assert_int_equal(duties(t, "report/").len, 8 * 2);
}

static void a_new_unit_owes_from_then_on(void **state)
{
    struct testhome *t = fixture(state);
    look(t, 2026, 5, 15);
    testhome_import(t, "units",
                    "code,name,kind,region,valid_from\ne4,四厂,enterprise,130523,2026-05-10\n");
    look(t, 2026, 5, 15);
    assert_int_equal(duties(t, "report/").len, 7 * 2 + 1);
}

static void what_fulfils_a_duty_closes_it_as_of_its_time(void **state)
{
    struct testhome *t = fixture(state);
    look(t, 2026, 5, 15);
    t->ctx.now.ms += MS_PER_HOUR;
    meet(t, "2026-04-02", "e1", NULL);
    look(t, 2026, 7, 2); /* nothing ran until after the quarter */
    struct casefile_keyed_list quarters = duties(t, "plenary/");
    assert_int_equal(quarters.len, 4);
    assert_true(quarters.at[2].ended && !quarters.at[2].lapsed);
    assert_false(quarters.at[1].ended);
    struct casefile casefile = {0};
    assert_int_equal(ledger_load(&t->ctx, t->conn, quarters.at[2].prefecture, quarters.at[2].id,
                                 &casefile),
                     ST_OK);
    assert_int_equal(casefile.links.len, 1);
    assert_true(str_eq_c(casefile.links.at[0].kind, "fulfils"));
    assert_false(casefile_has_flag(&casefile, S("overdue")));
}

static void a_unit_whose_entry_is_missing_is_late(void **state)
{
    struct testhome *t = fixture(state);
    t->ctx.now = day_start(day_of(2026, 5, 3));
    meet(t, "2026-05-03", "e1", "2026-05-03");
    meet(t, "2026-05-03", "e2", "2026-05-03");
    meet(t, "2026-05-03", "e2", NULL);
    look(t, 2026, 5, 15);
    struct casefile_keyed_list open = duties(t, "entries/2026-05/");
    assert_int_equal(duties(t, "entries/").len, 2);
    assert_int_equal(open.len, 2);
    look(t, 2026, 5, 31);
    assert_false(duties(t, "entries/2026-05/").at[0].ended);
    look(t, 2026, 6, 1);
    struct casefile_keyed_list over = duties(t, "entries/2026-05/");
    for (size_t i = 0; i < over.len; i++) {
        bool first = str_ends(over.at[i].key, str_concat(t->ctx.arena, S("/"), unit_id(t, "e1")));
        assert_true(over.at[i].ended == first && over.at[i].lapsed != first);
    }
    assert_int_equal(duties(t, "entries/2026-06/").len, 2);
}

/* 1 November 2025 and every fifteen days: 30 April to 14 May, 15 to 29 May. */
static void a_standing_case_owes_as_long_as_it_stands(void **state)
{
    struct testhome *t = fixture(state);
    t->ctx.now = day_start(day_of(2026, 5, 2));
    struct case_ref first = pair(t, "130523", "e1");
    (void)pair(t, "130500", "e2");
    look(t, 2026, 5, 3);
    struct casefile_keyed_list list = duties(t, "joint/");
    assert_int_equal(list.len, 2);
    assert_true(str_starts(list.at[0].key, S("joint/2026-04-30/")));
    look(t, 2026, 5, 4);
    assert_int_equal(duties(t, "joint/").len, 2);
    t->ctx.now = day_start(day_of(2026, 5, 6));
    (void)give(t, "pairing", first, "end", NULL);
    look(t, 2026, 6, 14); /* the house stood still for two periods */
    assert_int_equal(duties(t, "joint/2026-04-30/").len, 2);
    assert_int_equal(duties(t, "joint/2026-05-15/").len, 1);
    assert_int_equal(duties(t, "joint/2026-05-30/").len, 1);
    assert_int_equal(duties(t, "joint/2026-06-14/").len, 1);
    assert_int_equal(duties(t, "joint/").len, 5);
    assert_true(duties(t, "joint/2026-05-15/").at[0].lapsed);  /* due two days after the 29th */
    assert_false(duties(t, "joint/2026-05-30/").at[0].lapsed); /* after 13 June */
}

static void what_a_duty_of_a_case_begins_with(void **state)
{
    struct testhome *t = fixture(state);
    struct casefile casefile = {0};
    t->ctx.now = day_start(day_of(2026, 5, 2));
    (void)pair(t, "130500", "e2");
    look(t, 2026, 5, 3);
    struct casefile_keyed duty = duties(t, "joint/").at[0];
    bool lead;
    assert_int_equal(ledger_load(&t->ctx, t->conn, duty.prefecture, duty.id, &casefile), ST_OK);
    assert_true(str_eq_c(duty.region, "130500"));
    assert_true(str_eq_c(value_find_text(casefile.fields, "due_on"), "2026-05-16"));
    assert_true(str_eq(value_find_text(casefile.fields, "unit"), unit_id(t, "e2")));
    int64_t unit = casefile_find_role(&casefile, S("doer"))->units.at[0];
    assert_true(casefile_role_has_unit(&casefile, S("doer"), unit, &lead) && lead);
    assert_true(str_eq(unit_id(t, "e2"), str_printf(t->ctx.arena, "%lld", (long long)unit)));
}

static void a_meeting_counts_for_the_case_in_whose_region_it_was(void **state)
{
    struct testhome *t = fixture(state);
    t->ctx.now = day_start(day_of(2026, 5, 2));
    (void)pair(t, "130523", "e1");
    (void)pair(t, "130500", "e2");
    look(t, 2026, 5, 3);
    assert_int_equal(duties(t, "visit/2026-Q2/").len, 2);
    meet_at(t, "130500", "2026-05-03", "e2", NULL);
    look(t, 2026, 5, 4);
    struct casefile_keyed_list list = duties(t, "visit/2026-Q2/");
    for (size_t i = 0; i < list.len; i++)
        assert_int_equal(list.at[i].ended, str_eq_c(list.at[i].region, "130500"));
    meet_at(t, "130523", "2026-05-04", "e1", NULL);
    look(t, 2026, 5, 5);
    assert_true(duties(t, "visit/2026-Q2/").at[0].ended && duties(t, "visit/2026-Q2/").at[1].ended);
}

static void what_nobody_owes_by_name_is_opened_ahead_of_its_period(void **state)
{
    struct testhome *t = fixture(state);
    look(t, 2025, 10, 29);
    assert_int_equal(duties(t, "turn/").len, 0);
    look(t, 2025, 10, 30); /* two days before the campaign */
    assert_int_equal(duties(t, "turn/").len, 1);
    assert_true(str_eq_c(duties(t, "turn/").at[0].key, "turn/2025-11-01/0"));
    look(t, 2025, 11, 13);
    assert_int_equal(duties(t, "turn/").len, 1);
    look(t, 2025, 11, 14);
    assert_int_equal(duties(t, "turn/").len, 2);
    assert_int_equal(duties(t, "plenary/").len, 1); /* what has no lead begins with the campaign */
}

static int64_t count_of(struct testhome *t, const char *command, const char *region, struct day since)
{
    int64_t count = -1;
    const struct engine_tally asked = {.procedure = S("pairing"),
                                       .command = str_of(command),
                                       .region = str_of(region),
                                       .since = since,
                                       .until = DAY_NONE};
    assert_int_equal(casefile_rows_count_acts(&t->ctx, t->conn, S("drill"), &asked, &count), ST_OK);
    return count;
}

static void what_was_done_in_a_region_and_time_is_counted(void **state)
{
    struct testhome *t = fixture(state);
    t->ctx.now = day_start(day_of(2026, 5, 2));
    struct case_ref first = pair(t, "130523", "e1");
    (void)pair(t, "130500", "e2");
    t->ctx.now = day_start(day_of(2026, 5, 6));
    (void)give(t, "pairing", first, "end", NULL);
    assert_int_equal(count_of(t, "create", "", DAY_NONE), 2);
    assert_int_equal(count_of(t, "create", "130500", day_of(2026, 5, 2)), 2);
    assert_int_equal(count_of(t, "create", "130523", DAY_NONE), 1);
    assert_int_equal(count_of(t, "create", "130500", day_of(2026, 5, 3)), 0);
    assert_int_equal(count_of(t, "end", "130500", day_of(2026, 5, 6)), 1);
    assert_int_equal(count_of(t, "end", "130500", day_of(2026, 5, 7)), 0);
}

struct worker {
    struct testhome *t;
    struct world *world;
    enum status status;
};

static void *look_at_once(void *arg)
{
    struct worker *worker = arg;
    struct timers_figures figures;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena, .now = day_start(day_of(2026, 5, 15))};
    worker->status = timers_run(&ctx, worker->t->home, worker->world, &figures);
    return NULL;
}

static void two_looks_at_once_open_each_duty_once(void **state)
{
    struct testhome *t = fixture(state);
    struct world *world AUTO(world_cleanup) = testhome_world(t);
    struct worker workers[2] = {{t, world, ST_OK}, {t, world, ST_OK}};
    pthread_t threads[2];
    for (int i = 0; i < 2; i++)
        must(pthread_create(&threads[i], NULL, look_at_once, &workers[i]) == 0);
    for (int i = 0; i < 2; i++)
        must(pthread_join(threads[i], NULL) == 0);
    assert_int_equal(workers[0].status, ST_OK);
    assert_int_equal(workers[1].status, ST_OK);
    assert_int_equal(duties(t, "report/").len, 7 * 2);
    assert_int_equal(duties(t, "plenary/").len, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_HOME(every_period_since_the_beginning_is_opened_once),
        AT_HOME(a_new_unit_owes_from_then_on),
        AT_HOME(what_fulfils_a_duty_closes_it_as_of_its_time),
        AT_HOME(a_unit_whose_entry_is_missing_is_late),
        AT_HOME(a_standing_case_owes_as_long_as_it_stands),
        AT_HOME(what_a_duty_of_a_case_begins_with),
        AT_HOME(a_meeting_counts_for_the_case_in_whose_region_it_was),
        AT_HOME(what_nobody_owes_by_name_is_opened_ahead_of_its_period),
        AT_HOME(what_was_done_in_a_region_and_time_is_counted),
        AT_HOME(two_looks_at_once_open_each_duty_once),
    };
    return cmocka_run_group_tests_name("services/obligations", tests, NULL, NULL);
}
