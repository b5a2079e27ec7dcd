/*
 * A matter goes from one regime to another, on both engines: a case of the other campaign's own, linked
 * both ways, its time running from the arrival; the answer comes back when it ends; never twice.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kit/json.h"
#include "services/campaign.h"
#include "services/casework.h"
#include "services/pack.h"
#include "store/casefile_rows.h"
#include "support/testhome.h"

enum { INPUT_LIMIT_BYTES = 4096 };

static const char giver[] =
    "regime: giver\n"
    "title: {zh: 甲, en: Giver}\n"
    "version: 1\n"
    "source: s2\n"
    "calendar: cn-workdays\n"
    "roles:\n"
    "  office: {zh: 专班, en: office, holds: one unit, for: campaign, kinds: [county_task_force]}\n"
    "words:\n"
    "  found: {zh: 发现的问题, en: problem found}\n"
    "  passed: {zh: 转办, en: passed on}\n"
    "procedures:\n"
    "  matter:\n"
    "    {zh: 事项, en: matter, number: \"A{seq:04}\", created_by: [office],\n"
    "    fields: [{name: text, zh: 内容, en: text, required: true}, {name: due, zh: 时限, en: due, kind: date},\n"
    "      {name: remark, zh: 备注, en: remark}, {name: place, zh: 属地, en: place, kind: region},\n"
    "      {name: outcome, zh: 结果, en: outcome}, {name: result, zh: 情况, en: result}],\n"
    "    states: {reported: {zh: 在办, en: open}, under_review: {zh: 已转办, en: passed on},\n"
    "      filed: {zh: 办结, en: ended, end: true}},\n"
    "    transitions: [\n"
    "      {do: pass, zh: 转办, en: pass on, from: [reported, under_review], to: under_review, by: [office, system],\n"
    "       then: [{hand_on: {as: found, link: passed, region: place, answer: take_answer, shows: true,\n"
    "         fields: {what: text, by: due, remark: remark}}}]},\n"
    "      {do: close, zh: 关闭, en: close, from: [reported, under_review], to: filed, by: [office, system]},\n"
    "      {do: take_answer, zh: 收到答复, en: take the answer, from: under_review, to: filed, by: system,\n"
    "       asks: [outcome, result, {name: number, zh: 编号, en: number, kind: text}]}]}\n";

static const char taker[] =
    "regime: taker\n"
    "title: {zh: 乙, en: Taker}\n"
    "version: 1\n"
    "source: s2\n"
    "calendar: cn-workdays\n"
    "roles:\n"
    "  office: {zh: 专班, en: office, holds: one unit, for: campaign, kinds: [county_task_force]}\n"
    "sources:\n"
    "  - {id: from-above, tier: national, zh: 上级交办, en: from above}\n"
    "words:\n"
    "  overdue: {zh: 逾期, en: overdue}\n"
    "arrivals:\n"
    "  - {id: found, zh: 上级发现的问题, en: found by a superior, procedure: task, source: from-above,\n"
    "     fields: {description: what, superior_date: by, channel: {value: superior}}, tells: {result: done}}\n"
    "procedures:\n"
    "  task:\n"
    "    {zh: 任务, en: task, number: \"B{seq:04}\", created_by: [office],\n"
    "    fields: [{name: description, zh: 内容, en: description, required: true},\n"
    "      {name: superior_date, zh: 上级时限, en: superior's date, kind: date},\n"
    "      {name: channel, zh: 途径, en: channel}, {name: done, zh: 情况, en: done}],\n"
    "    states: {reported: {zh: 待办, en: open}, filed: {zh: 办结, en: ended, end: true}},\n"
    "    transitions: [{do: finish, zh: 办结, en: finish, from: reported, to: filed, by: system, asks: [done]}],\n"
    "    deadlines: {done: {zh: 办理, en: done, within: \"3 days\", starts_on: [create], stops_on: [finish],\n"
    "      on_lapse: [{flag: overdue}]}}}\n";

static const char regions[] = "code,name,level,parent\n"
                              "000000,全国,nation,\n130000,河北省,province,000000\n"
                              "130500,邢台市,prefecture,130000\n130523,内丘县,county,130500\n"
                              "130524,柏乡县,county,130500\n";
static const char units[] = "code,name,kind,region\n"
                            "up,市专班,county_task_force,130500\n"
                            "down,内丘县专班,county_task_force,130523\n";

static void found(struct testhome *t, const char *pack)
{
    struct pack_faults faults = {0};
    const struct regime *regime = NULL;
    enum status status =
        pack_register(&t->ctx, t->home, &(struct pack_file){.bytes = str_of(pack)}, S("system"),
                      &faults, &regime);
    for (size_t i = 0; i < faults.len; i++)
        print_error("%d:%d %s\n", faults.at[i].place.line, faults.at[i].place.column,
                    faults.at[i].reason.key);
    assert_int_equal(status, ST_OK);
    assert_int_equal(pack_activate(&t->ctx, t->home, regime->hash, S("system")), ST_OK);
}

static int64_t unit_of(struct testhome *t, const char *code)
{
    struct world *world AUTO(world_cleanup) = testhome_world(t);
    return world_find_unit_by_code(world, str_of(code))->facts.id.v;
}

static void begin(struct testhome *t, const char *name, const char *regime, const char *region,
                  const char *office, int year)
{
    struct value *roles = value_map(t->ctx.arena);
    struct value *holders = value_put_list(t->ctx.arena, roles, "office");
    value_append(holders, value_text(t->ctx.arena,
                                     str_printf(t->ctx.arena, "%lld", (long long)unit_of(t, office))));
    const struct campaign_plan plan = {.name = str_of(name),
                                       .regime = str_of(regime),
                                       .title = {str_of(name), str_of(name)},
                                       .region = str_of(region),
                                       .roles = roles,
                                       .begins = day_of(year, 1, 1),
                                       .ends = DAY_NONE};
    assert_int_equal(campaign_create(&t->ctx, t->home, &plan, S("system")), ST_OK);
}

static struct testhome *fixture(void **state)
{
    if (*state == NULL)
        skip();
    struct testhome *t = *state;
    testhome_import(t, "regions", regions);
    testhome_import(t, "units", units);
    testhome_import(t, "calendar", "date,day,name,notice\n2025-10-01,off,国庆节,1\n");
    found(t, giver);
    found(t, taker);
    begin(t, "above", "giver", "130500", "up", 2026);
    begin(t, "below", "taker", "130523", "down", 2026);
    return t;
}

static enum status try(struct testhome *t, const char *campaign, const char *procedure,
                       struct case_ref *io_ref, const char *command, const char *json)
{
    static const struct actor system = {.is_system = true};
    struct world *world AUTO(world_cleanup) = testhome_world(t);
    struct value *input = NULL;
    if (json != NULL)
        assert_int_equal(json_parse(&t->ctx, str_of(json), INPUT_LIMIT_BYTES, 0, &input), ST_OK);
    struct case_order order = {.home = t->home,
                               .world = world,
                               .actor = &system,
                               .ref = *io_ref,
                               .campaign = str_of(campaign),
                               .procedure = str_of(procedure),
                               .command = str_of(command),
                               .input = input,
                               .happened_at = INSTANT_NONE};
    enum status status = casework_give(&t->ctx, &order);
    if (status == ST_OK)
        *io_ref = order.made;
    return status;
}

/* A matter of the upper campaign in the county, with the day that its superior set. */
static struct case_ref matter(struct testhome *t, const char *region)
{
    struct case_ref ref = {0};
    const char *json = str_c(t->ctx.arena,
                             str_printf(t->ctx.arena,
                                        "{\"region\":\"%s\",\"fields\":{\"text\":\"烟尘\","
                                        "\"due\":\"2026-12-20\",\"remark\":\"急\"}}",
                                        region));
    assert_int_equal(try(t, "above", "matter", &ref, "create", json), ST_OK);
    return ref;
}

static struct casefile *fold(struct testhome *t, struct case_ref ref, struct case_reading *reading)
{
    struct world *world = testhome_world(t); /* the cache keeps it: nothing moves */
    assert_int_equal(casework_read(&t->ctx, t->conn, world, ref, NULL, reading), ST_OK);
    world_release(world);
    return reading->casefile;
}

static struct case_ref linked(const struct casefile *casefile, const char *kind)
{
    for (size_t i = 0; i < casefile->links.len; i++)
        if (str_eq_c(casefile->links.at[i].kind, kind))
            return (struct case_ref){casefile->links.at[i].prefecture, casefile->links.at[i].id};
    print_error("no link %s\n", kind);
    assert_true(false);
    return (struct case_ref){0};
}

static void passed(struct testhome *t, struct case_ref *here, struct case_ref *there)
{
    struct case_reading reading;
    *here = matter(t, "130523");
    assert_int_equal(try(t, "above", "matter", here, "pass", NULL), ST_OK);
    *there = linked(fold(t, *here, &reading), "passed");
}

static bool text_is(const struct casefile *casefile, const char *field, const char *text)
{
    return str_eq_c(value_find_text(casefile->fields, field), text);
}

static void it_becomes_a_case_of_the_campaign_of_its_place(void **state)
{
    struct testhome *t = fixture(state);
    struct case_reading reading;
    struct case_ref here, there;
    passed(t, &here, &there);
    const struct casefile *task = fold(t, there, &reading);
    assert_true(str_eq_c(task->campaign, "below"));
    assert_true(str_eq_c(task->procedure, "task"));
    assert_true(str_eq_c(task->region, "130523"));
    assert_true(str_eq_c(task->source, "from-above"));
    assert_true(str_eq_c(task->received_number, "A0001"));
    assert_true(text_is(task, "description", "烟尘"));
    assert_true(text_is(task, "superior_date", "2026-12-20"));
    assert_true(text_is(task, "channel", "superior"));
    assert_int_equal(linked(task, "origin").id.v, here.id.v);
}

static void what_finds_no_field_there_is_kept_as_it_came(void **state)
{
    struct testhome *t = fixture(state);
    struct case_reading reading;
    struct case_ref here, there;
    bool kept = false;
    passed(t, &here, &there);
    (void)fold(t, there, &reading);
    for (size_t i = 0; i < reading.events.len; i++) {
        const struct value *came = value_find_c(reading.events.at[i].event.payload, "kept");
        kept = kept || str_eq_c(value_find_text(came, "remark"), "急");
        assert_null(value_find_c(came, "what"));
    }
    assert_true(kept);
}

static void its_time_runs_from_the_arrival(void **state)
{
    struct testhome *t = fixture(state);
    struct case_reading reading;
    struct case_ref here = matter(t, "130523");
    t->ctx.now = day_start(day_of(2026, 12, 1));
    assert_int_equal(try(t, "above", "matter", &here, "pass", NULL), ST_OK);
    const struct casefile *task = fold(t, linked(fold(t, here, &reading), "passed"), &reading);
    const struct casefile_clock *clock = casefile_find_clock(task, S("done"));
    struct clock_view view;
    assert_non_null(clock);
    assert_int_equal(engine_clock_view(&t->ctx, reading.engine.calendar, clock, t->ctx.now, &view),
                     ST_OK);
    assert_int_equal(day_of_instant(view.deadline.due).v, day_of(2026, 12, 4).v);
}

static void a_second_time_it_is_refused_and_nothing_written(void **state)
{
    struct testhome *t = fixture(state);
    struct case_reading reading;
    struct case_ref here, there;
    passed(t, &here, &there);
    int64_t before = fold(t, here, &reading)->version;
    assert_int_equal(try(t, "above", "matter", &here, "pass", NULL), ST_CONFLICT);
    assert_string_equal(t->ctx.failure.reason.key, "engine.handed_on");
    fail_clear(&t->ctx);
    assert_int_equal(fold(t, here, &reading)->version, before);
}

static void where_nobody_takes_it_nothing_is_written(void **state)
{
    struct testhome *t = fixture(state);
    struct case_reading reading;
    struct case_ref here = matter(t, "130524");
    int64_t before = fold(t, here, &reading)->version;
    assert_int_equal(try(t, "above", "matter", &here, "pass", NULL), ST_CONFLICT);
    assert_string_equal(t->ctx.failure.reason.key, "case.nobody_takes");
    fail_clear(&t->ctx);
    assert_int_equal(fold(t, here, &reading)->version, before);
}

static void of_two_campaigns_the_nearer_takes_it_of_equals_the_later(void **state)
{
    struct testhome *t = fixture(state);
    struct case_reading reading;
    struct case_ref here, there;
    begin(t, "wide", "taker", "130500", "up", 2027);
    begin(t, "older", "taker", "130523", "down", 2025);
    passed(t, &here, &there);
    assert_true(str_eq_c(fold(t, there, &reading)->campaign, "below"));
    here = matter(t, "130524");
    assert_int_equal(try(t, "above", "matter", &here, "pass", NULL), ST_OK);
    assert_true(str_eq_c(fold(t, linked(fold(t, here, &reading), "passed"), &reading)->campaign,
                         "wide"));
}

static void when_it_ends_there_the_answer_comes_back(void **state)
{
    struct testhome *t = fixture(state);
    struct case_reading reading;
    struct case_ref here, there;
    passed(t, &here, &there);
    assert_int_equal(try(t, "below", "task", &there, "finish", "{\"done\":\"已拆除\"}"), ST_OK);
    const struct casefile *matter_now = fold(t, here, &reading);
    assert_true(str_eq_c(matter_now->state, "filed"));
    assert_true(text_is(matter_now, "outcome", "filed"));
    assert_true(text_is(matter_now, "result", "已拆除"));
}

static void what_has_ended_here_keeps_the_answer_as_a_note(void **state)
{
    struct testhome *t = fixture(state);
    struct case_reading reading;
    struct case_ref here, there;
    passed(t, &here, &there);
    assert_int_equal(try(t, "above", "matter", &here, "close", NULL), ST_OK);
    assert_int_equal(try(t, "below", "task", &there, "finish", "{\"done\":\"已拆除\"}"), ST_OK);
    assert_true(str_eq_c(fold(t, there, &reading)->state, "filed"));
    (void)fold(t, here, &reading);
    const struct event *last = &reading.events.at[reading.events.len - 1].event;
    const struct value *answer = value_find_c(last->payload, "answer");
    assert_int_equal(last->type, EVENT_NOTED);
    assert_true(str_eq_c(value_find_text(last->payload, "what"), "passed"));
    assert_true(str_eq_c(value_find_text(answer, "result"), "已拆除"));
    assert_true(str_eq_c(value_find_text(answer, "number"), "B0001"));
}

static enum status read_as(struct testhome *t, const char *code, struct case_ref ref)
{
    struct world *world AUTO(world_cleanup) = testhome_world(t);
    const struct world_unit *unit = world_find_unit_by_code(world, str_of(code));
    const struct actor_post post = {.id = {1},
                                    .unit = unit->facts.id,
                                    .unit_kind = unit->facts.kind,
                                    .unit_region = unit->facts.region,
                                    .post = S("clerk")};
    const struct actor actor = {.person = {1}, .posts = &post, .post_count = 1};
    struct case_reading reading;
    enum status status = casework_read(&t->ctx, t->conn, world, ref, &actor, &reading);
    fail_clear(&t->ctx);
    return status;
}

static void who_took_it_over_reads_where_it_came_from(void **state)
{
    struct testhome *t = fixture(state);
    struct case_ref here, there, other = matter(t, "130523");
    passed(t, &here, &there);
    assert_int_equal(read_as(t, "down", there), ST_OK);
    assert_int_equal(read_as(t, "down", here), ST_OK);
    assert_int_equal(read_as(t, "down", other), ST_NOT_FOUND);
    assert_int_equal(read_as(t, "up", here), ST_OK);
    assert_int_equal(read_as(t, "up", there), ST_NOT_FOUND); /* the answer comes back, no more */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_HOME(it_becomes_a_case_of_the_campaign_of_its_place),
        AT_HOME(what_finds_no_field_there_is_kept_as_it_came),
        AT_HOME(its_time_runs_from_the_arrival),
        AT_HOME(a_second_time_it_is_refused_and_nothing_written),
        AT_HOME(where_nobody_takes_it_nothing_is_written),
        AT_HOME(of_two_campaigns_the_nearer_takes_it_of_equals_the_later),
        AT_HOME(when_it_ends_there_the_answer_comes_back),
        AT_HOME(what_has_ended_here_keeps_the_answer_as_a_note),
        AT_HOME(who_took_it_over_reads_where_it_came_from),
    };
    return cmocka_run_group_tests_name("services/hand_on", tests, NULL, NULL);
}
