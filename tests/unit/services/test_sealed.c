/*
 * What tells who complained, on both engines: a mark in the ledger and everywhere, the answer encrypted
 * beside it; opened by the posts that the pack names, with a reason, by an event; bound to mark, case and key.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "engine/seal.h"
#include "kit/json.h"
#include "services/campaign.h"
#include "services/pack.h"
#include "services/unseal.h"
#include "store/sealed_rows.h"
#include "support/testhome.h"

enum { INPUT_LIMIT_BYTES = 4096, PADDED_BYTES = 64 + CRYPTO_TAG_BYTES };

static const char pack[] =
    "regime: sealer\n"
    "title: {zh: 甲, en: Sealer}\n"
    "version: 1\n"
    "source: s2\n"
    "calendar: cn-workdays\n"
    "roles:\n"
    "  office: {zh: 专班, en: office, holds: one unit, for: campaign, kinds: [county_task_force]}\n"
    "words:\n"
    "  follow_up: {zh: 回访, en: follow-up}\n"
    "procedures:\n"
    "  complaint:\n"
    "    {zh: 举报, en: complaint, number: \"A{seq:04}\", created_by: [office], unsealed_by: [office/principal],\n"
    "    fields: [{name: text, zh: 内容, en: text, required: true},\n"
    "      {name: phone, zh: 电话, en: telephone, max: 20, sealed: true, clause: S2-06.5}],\n"
    "    states: {reported: {zh: 在办, en: open}, filed: {zh: 办结, en: ended, end: true}},\n"
    "    transitions: [\n"
    "      {do: correct, zh: 更正, en: correct, from: reported, by: office, asks: [phone]},\n"
    "      {do: pass, zh: 转办, en: pass on, from: reported, by: office,\n"
    "       then: [{open: {procedure: visit, link: follow_up, fields: {phone: phone}}}]},\n"
    "      {do: close, zh: 关闭, en: close, from: reported, to: filed, by: office}]}\n"
    "  visit:\n"
    "    {zh: 回访, en: visit, number: \"B{seq:04}\", created_by: [system], unsealed_by: [office/clerk],\n"
    "    fields: [{name: phone, zh: 电话, en: telephone, max: 20, sealed: true}],\n"
    "    states: {reported: {zh: 待访, en: open}, filed: {zh: 已访, en: ended, end: true}},\n"
    "    transitions: [{do: close, zh: 关闭, en: close, from: reported, to: filed, by: office}]}\n";

static const char regions[] = "code,name,level,parent\n"
                              "000000,全国,nation,\n130000,河北省,province,000000\n"
                              "130500,邢台市,prefecture,130000\n";
static const char units[] = "code,name,kind,region\nup,市专班,county_task_force,130500\n";

static const char told[] = "13800138000";

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
    assert_int_equal(pack_register(&t->ctx, t->home, &(struct pack_file){.bytes = str_of(pack)},
                                   S("system"), &faults, &regime),
                     ST_OK);
    assert_int_equal(pack_activate(&t->ctx, t->home, regime->hash, S("system")), ST_OK);
    struct world *world AUTO(world_cleanup) = testhome_world(t);
    struct value *roles = value_map(t->ctx.arena);
    value_append(value_put_list(t->ctx.arena, roles, "office"),
                 value_text(t->ctx.arena,
                            str_printf(t->ctx.arena, "%lld",
                                       (long long)world_find_unit_by_code(world, S("up"))->facts.id.v)));
    const struct campaign_plan plan = {.name = S("here"),
                                       .regime = S("sealer"),
                                       .title = {S("here"), S("here")},
                                       .region = S("130500"),
                                       .roles = roles,
                                       .begins = day_of(2026, 1, 1),
                                       .ends = DAY_NONE};
    assert_int_equal(campaign_create(&t->ctx, t->home, &plan, S("system")), ST_OK);
    return t;
}

/* What a person of the office in this post is told to do; a failure stays in t->ctx. */
static enum status give(struct testhome *t, const char *post_name, struct case_ref *io_ref,
                        const char *command, const char *json, const struct value **out_told)
{
    struct world *world AUTO(world_cleanup) = testhome_world(t);
    const struct world_unit *unit = world_find_unit_by_code(world, S("up"));
    const struct actor_post post = {.id = {1},
                                    .unit = unit->facts.id,
                                    .unit_kind = unit->facts.kind,
                                    .unit_region = unit->facts.region,
                                    .post = str_of(post_name)};
    const struct actor actor = {.person = {1}, .posts = &post, .post_count = 1};
    struct value *input = NULL;
    assert_int_equal(json_parse(&t->ctx, str_of(json), INPUT_LIMIT_BYTES, 0, &input), ST_OK);
    struct unseal_order order = {.order = {.home = t->home,
                                           .world = world,
                                           .actor = &actor,
                                           .ref = *io_ref,
                                           .campaign = S("here"),
                                           .procedure = S("complaint"),
                                           .command = str_of(command),
                                           .input = input,
                                           .happened_at = INSTANT_NONE},
                                 .lang = LANG_ZH};
    fail_clear(&t->ctx);
    if (out_told == NULL) {
        enum status status = casework_give(&t->ctx, &order.order);
        if (status == ST_OK)
            *io_ref = order.order.made;
        return status;
    }
    enum status status = home_write(&t->ctx, t->home, unseal_record, &order);
    *out_told = order.told;
    return status;
}

static enum status open_case(struct testhome *t, const char *post, struct case_ref ref,
                             const struct value **out)
{
    return give(t, post, &ref, "open_sealed", "{\"reason\":\"回访\"}", out);
}

static struct casefile *fold(struct testhome *t, struct case_ref ref, struct case_reading *reading)
{
    struct world *world = testhome_world(t); /* the cache keeps it: nothing moves */
    assert_int_equal(casework_read(&t->ctx, t->conn, world, ref, NULL, reading), ST_OK);
    world_release(world);
    return reading->casefile;
}

static struct str mark_of(struct testhome *t, struct case_ref ref)
{
    struct case_reading reading;
    struct str mark = value_find_text(fold(t, ref, &reading)->fields, "phone");
    assert_true(seal_is_mark(mark));
    return mark;
}

static struct case_ref complaint(struct testhome *t, const char *phone)
{
    struct case_ref ref = {0};
    const char *json = str_c(
        t->ctx.arena,
        str_printf(t->ctx.arena,
                   "{\"region\":\"130500\",\"fields\":{\"text\":\"烟尘\",\"phone\":\"%s\"}}", phone));
    assert_int_equal(give(t, "clerk", &ref, "create", json, NULL), ST_OK);
    return ref;
}

static bool says(const struct value *list, const char *text)
{
    return list != NULL && list->count == 1 &&
           str_eq_c(value_find_text(list->first, "text"), text);
}

static void the_event_holds_a_mark_and_the_table_what_was_told_encrypted(void **state)
{
    struct testhome *t = fixture(state);
    struct case_ref ref = complaint(t, told);
    struct case_reading reading;
    struct sealed_row row;
    (void)fold(t, ref, &reading);
    for (size_t i = 0; i < reading.events.len; i++)
        assert_false(str_has(reading.events.at[i].payload, str_of(told)));
    assert_int_equal(sealed_rows_find(&t->ctx, t->conn, mark_of(t, ref), &row), ST_OK);
    assert_int_equal(row.casefile.v, ref.id.v);
    assert_int_equal(row.bytes.len, PADDED_BYTES);
    assert_false(str_has(row.bytes, str_of(told)));
}

static void two_equal_answers_have_different_marks(void **state)
{
    struct testhome *t = fixture(state);
    struct str a = mark_of(t, complaint(t, told)), b = mark_of(t, complaint(t, told));
    assert_false(str_eq(a, b));
}

static void an_answer_is_checked_like_any_other(void **state)
{
    struct testhome *t = fixture(state);
    struct case_ref ref = {0};
    assert_int_equal(give(t, "clerk", &ref, "create",
                          "{\"region\":\"130500\",\"fields\":{\"text\":\"烟尘\","
                          "\"phone\":\"123456789012345678901\"}}",
                          NULL),
                     ST_INVALID);
    assert_string_equal(t->ctx.failure.reason.key, "form.too_long");
}


static void only_the_named_post_opens_it_with_a_reason_and_by_an_event(void **state)
{
    struct testhome *t = fixture(state);
    struct case_ref ref = complaint(t, told);
    struct case_reading reading;
    const struct value *opened = NULL;
    assert_int_equal(open_case(t, "clerk", ref, &opened), ST_DENIED);
    assert_true(str_eq_c(t->ctx.failure.reason.clause, "S2-06.5"));
    assert_null(opened);
    assert_int_equal(give(t, "principal", &ref, "open_sealed", "{\"reason\":\" \"}", &opened),
                     ST_INVALID);
    assert_string_equal(t->ctx.failure.reason.key, "sealed.no_reason");
    assert_null(opened);
    size_t before = (fold(t, ref, &reading), reading.events.len);
    assert_int_equal(open_case(t, "principal", ref, &opened), ST_OK);
    assert_true(says(opened, told));
    (void)fold(t, ref, &reading);
    assert_int_equal(reading.events.len, before + 1);
    struct ledger_row last = reading.events.at[before];
    assert_true(str_eq_c(last.event.command, "open_sealed"));
    assert_true(str_eq_c(value_find_text(last.event.payload, "reason"), "回访"));
    assert_false(str_has(last.payload, str_of(told)));
}

static void what_is_not_sealed_is_not_opened(void **state)
{
    struct testhome *t = fixture(state);
    struct case_ref ref = {0};
    const struct value *opened = NULL;
    assert_int_equal(give(t, "clerk", &ref, "create",
                          "{\"region\":\"130500\",\"fields\":{\"text\":\"烟尘\"}}", NULL),
                     ST_OK);
    assert_int_equal(open_case(t, "principal", ref, &opened), ST_CONFLICT);
    assert_string_equal(t->ctx.failure.reason.key, "sealed.nothing");
}

static void a_correction_is_sealed_anew_and_an_empty_answer_changes_nothing(void **state)
{
    struct testhome *t = fixture(state);
    struct case_ref ref = complaint(t, told);
    const struct value *opened = NULL;
    struct str first = mark_of(t, ref);
    assert_int_equal(give(t, "clerk", &ref, "correct", "{\"phone\":\"\"}", NULL), ST_OK);
    assert_true(str_eq(mark_of(t, ref), first));
    assert_int_equal(give(t, "clerk", &ref, "correct", "{\"phone\":\"555-0001\"}", NULL), ST_OK);
    assert_false(str_eq(mark_of(t, ref), first));
    assert_int_equal(open_case(t, "principal", ref, &opened), ST_OK);
    assert_true(says(opened, "555-0001"));
}

/* Whoever reads a mark in the ledger must not have it opened in a case of their own. */
static void a_mark_that_a_person_types_opens_nothing_of_others(void **state)
{
    struct testhome *t = fixture(state);
    struct str mark = mark_of(t, complaint(t, told));
    struct case_ref own = complaint(t, str_c(t->ctx.arena, mark));
    const struct value *opened = NULL;
    assert_false(str_eq(mark_of(t, own), mark));
    assert_int_equal(open_case(t, "principal", own, &opened), ST_OK);
    assert_true(says(opened, str_c(t->ctx.arena, mark)));
}

static void what_is_handed_on_stays_sealed_and_is_opened_by_the_posts_of_that_case(void **state)
{
    struct testhome *t = fixture(state);
    struct case_ref ref = complaint(t, told);
    struct case_reading reading;
    const struct value *opened = NULL;
    assert_int_equal(give(t, "clerk", &ref, "pass", "{}", NULL), ST_OK);
    const struct casefile *here = fold(t, ref, &reading);
    assert_int_equal(here->links.len, 1);
    struct case_ref visit = {here->links.at[0].prefecture, here->links.at[0].id};
    assert_true(str_eq(mark_of(t, visit), mark_of(t, ref)));
    assert_int_equal(open_case(t, "principal", visit, &opened), ST_DENIED);
    assert_int_equal(open_case(t, "clerk", visit, &opened), ST_OK);
    assert_true(says(opened, told));
}

static const char *key_path(struct testhome *t, const char *name)
{
    return str_c(t->ctx.arena,
                 str_printf(t->ctx.arena, "%.*s/keys/%s", STR_ARG(t->home->dir), name));
}

static void the_key_lies_beside_the_signing_key_for_its_owner_alone(void **state)
{
    struct testhome *t = fixture(state);
    struct stat facts;
    assert_int_not_equal(stat(key_path(t, "sealed"), &facts), 0);
    (void)complaint(t, told);
    assert_int_equal(stat(key_path(t, "sealed"), &facts), 0);
    assert_int_equal(facts.st_mode & 0777, 0600);
}

static void without_its_key_nothing_is_opened_and_no_opening_recorded(void **state)
{
    struct testhome *t = fixture(state);
    struct case_ref ref = complaint(t, told), later;
    struct case_reading reading;
    struct sealed_row row;
    const struct value *opened = NULL;
    assert_int_equal(sealed_rows_find(&t->ctx, t->conn, mark_of(t, ref), &row), ST_OK);
    size_t before = (fold(t, ref, &reading), reading.events.len);
    assert_int_equal(rename(key_path(t, "sealed"), key_path(t, "elsewhere")), 0);
    assert_int_equal(open_case(t, "principal", ref, &opened), ST_UNAVAILABLE);
    assert_string_equal(t->ctx.failure.reason.key, "sealed.no_key");
    assert_int_equal((fold(t, ref, &reading), reading.events.len), before);
    later = complaint(t, "555-0002"); /* makes a key of its own */
    assert_int_equal(open_case(t, "principal", ref, &opened), ST_UNAVAILABLE);
    const char *aside = str_c(t->ctx.arena, str_concat(t->ctx.arena, S("sealed-"), row.key_id));
    assert_int_equal(rename(key_path(t, "elsewhere"), key_path(t, aside)), 0);
    assert_int_equal(open_case(t, "principal", ref, &opened), ST_OK);
    assert_true(says(opened, told));
    assert_int_equal(open_case(t, "principal", later, &opened), ST_OK);
    assert_true(says(opened, "555-0002"));
}

/* ---- what is bound together ---- */

struct forgery {
    struct sealed_row row;
};

static enum status forge(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    return sealed_rows_insert(ctx, ledger->conn, &((struct forgery *)arg)->row);
}

static void bytes_moved_to_another_mark_are_refused(void **state)
{
    struct testhome *t = fixture(state);
    struct forgery forgery;
    struct str text, keys = str_concat(t->ctx.arena, t->home->dir, S("/keys"));
    struct str other = S("sealed:1111111111111111111111111111111111111111111111111111111111111111");
    struct case_ref ref = complaint(t, told);
    assert_int_equal(sealed_rows_find(&t->ctx, t->conn, mark_of(t, ref), &forgery.row), ST_OK);
    forgery.row.mark = other;
    assert_int_equal(home_write(&t->ctx, t->home, forge, &forgery), ST_OK);
    assert_int_equal(sealed_open(&t->ctx, t->conn, keys, mark_of(t, ref), &text), ST_OK);
    assert_true(str_eq_c(text, told));
    assert_int_equal(sealed_open(&t->ctx, t->conn, keys, other, &text), ST_BROKEN);
    fail_clear(&t->ctx);
    assert_int_equal(sealed_open(&t->ctx, t->conn, keys, seal_mark_of_nothing(), &text),
                     ST_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_HOME(the_event_holds_a_mark_and_the_table_what_was_told_encrypted),
        AT_HOME(two_equal_answers_have_different_marks),
        AT_HOME(an_answer_is_checked_like_any_other),
        AT_HOME(only_the_named_post_opens_it_with_a_reason_and_by_an_event),
        AT_HOME(what_is_not_sealed_is_not_opened),
        AT_HOME(a_correction_is_sealed_anew_and_an_empty_answer_changes_nothing),
        AT_HOME(a_mark_that_a_person_types_opens_nothing_of_others),
        AT_HOME(what_is_handed_on_stays_sealed_and_is_opened_by_the_posts_of_that_case),
        AT_HOME(the_key_lies_beside_the_signing_key_for_its_owner_alone),
        AT_HOME(without_its_key_nothing_is_opened_and_no_opening_recorded),
        AT_HOME(bytes_moved_to_another_mark_are_refused),
    };
    return cmocka_run_group_tests_name("services/sealed", tests, NULL, NULL);
}
