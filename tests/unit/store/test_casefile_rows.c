/*
 * Rows and lists of cases, on both engines: what a filter says is what comes, in every order and
 * through every page, and search finds what stands in the text, down to one character.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/casefile_list.h"
#include "store/casefile_standing.h"
#include "store/casefile_tally.h"
#include "store/deadline_rows.h"
#include "store/rebuild.h"
#include "store/record_rows.h"
#include "store/search_tokens.h"
#include "support/teststore.h"

/* ---- a small procedure ---- */

static const struct regime_field fields[] = {
    {.name = STR_INIT("description"), .kind = FIELD_LONGTEXT},
    {.name = STR_INIT("pollution"), .kind = FIELD_CHOICE, .many = true, .filter = true},
    {.name = STR_INIT("informant"), .kind = FIELD_TEXT, .sealed = true},
};
static const struct regime_state states[] = {
    {.name = STR_INIT("recognised"), .like = STR_INIT("recognised"), .start = true},
    {.name = STR_INIT("fixing"), .like = STR_INIT("rectifying")},
    {.name = STR_INIT("filed"), .like = STR_INIT("filed"), .end = true},
};
static const struct regime_role roles[] = {{.name = STR_INIT("primary_unit")}};
static const struct regime_actor primary[] = {{.role = STR_INIT("primary_unit")}};
static const struct regime_state *const from_recognised[] = {&states[0]};
static const struct regime_transition transitions[] = {
    {.name = STR_INIT("begin"),
     .from = (const struct regime_state **)from_recognised,
     .from_count = 1,
     .to = &states[1],
     .by = primary,
     .by_count = 1},
};
static const struct regime_import imports[] = {
    {STR_INIT("type"), STR_INIT("pollution")},
};
static const struct regime_procedure procedure = {
    .name = STR_INIT("problem"),
    .subject = STR_INIT("description"),
    .fields = fields,
    .field_count = COUNT_OF(fields),
    .states = states,
    .state_count = COUNT_OF(states),
    .transitions = transitions,
    .transition_count = COUNT_OF(transitions),
    .imports = imports,
    .import_count = COUNT_OF(imports),
};
static const struct regime regime = {
    .roles = roles, .role_count = 1, .procedures = &procedure, .procedure_count = 1};

static const struct engine engine = {
    .regime = &regime, .procedure = &procedure, .campaign = {.id = STR_INIT("drill")}};

/* ---- cases ---- */

struct draft {
    const char *text;
    const char *region;
    const char *type;
    const char *unit;
    const char *number; /* received */
    const char *key;    /* or null */
    int hours;          /* of a clock; 0: none */
    const char *move;   /* to this state, or null */
    bool withdraw;
    struct casefile casefile; /* as recorded */
    int64_t number_seq;
};

static struct value *parse_roles(struct ctx *ctx, const char *unit)
{
    struct value *map = value_map(ctx->arena);
    struct value *role = value_put_map(ctx->arena, map, "primary_unit");
    value_append(value_put_list(ctx->arena, role, "units"), value_text(ctx->arena, str_of(unit)));
    return map;
}

static void push(struct ctx *ctx, struct event_list *list, const struct draft *draft,
                 enum event_type type, const struct value *payload)
{
    int64_t sequence = draft->casefile.version + (int64_t)list->len + 1;
    vec_add(ctx->arena, list,
            ((struct event){.prefecture = {"130400"},
                            .casefile = draft->casefile.id,
                            .sequence = sequence,
                            .recorded_at = ctx->now,
                            .happened_at = ctx->now,
                            .actor = S("system"),
                            .command = S("create"),
                            .type = type,
                            .payload = payload,
                            .pack = S("ab")}));
}

static struct value *created(struct ctx *ctx, const struct draft *draft)
{
    struct value *payload = value_map(ctx->arena);
    value_put_text(ctx->arena, payload, "campaign", S("drill"));
    value_put_text(ctx->arena, payload, "procedure", S("problem"));
    value_put_text(ctx->arena, payload, "state", S("recognised"));
    value_put_text(ctx->arena, payload, "number",
                   str_printf(ctx->arena, "N-%03d", (int)draft->number_seq));
    value_put_text(ctx->arena, payload, "batch", S("3"));
    value_put_text(ctx->arena, payload, "source", S("hotline"));
    value_put_text(ctx->arena, payload, "region", str_of(draft->region));
    if (draft->number != NULL)
        value_put_text(ctx->arena, payload, "received_number", str_of(draft->number));
    if (draft->key != NULL)
        value_put_text(ctx->arena, payload, "key", str_of(draft->key));
    struct value *map = value_put_map(ctx->arena, payload, "fields");
    value_put_text(ctx->arena, map, "description", str_of(draft->text));
    value_put_text(ctx->arena, map, "informant", S("绝密线人"));
    value_append(value_put_list(ctx->arena, map, "pollution"),
                 value_text(ctx->arena, str_of(draft->type)));
    value_put(payload, S("roles"), parse_roles(ctx, draft->unit));
    return payload;
}

static enum status record_draft(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    struct draft *draft = arg;
    struct event_list list = {0};
    draft->casefile = (struct casefile){.id = {ledger_new_id(ledger, ctx->now)}};
    push(ctx, &list, draft, EVENT_CREATED, created(ctx, draft));
    if (draft->hours > 0) {
        struct value *payload = value_map(ctx->arena);
        value_put_text(ctx->arena, payload, "clock", S("answer"));
        value_put_text(ctx->arena, payload, "start", instant_format(ctx->arena, ctx->now));
        value_put_int(ctx->arena, payload, "length", draft->hours);
        value_put_text(ctx->arena, payload, "unit", S("hours"));
        push(ctx, &list, draft, EVENT_CLOCK_STARTED, payload);
    }
    return casefile_record(ctx, ledger, &engine, &draft->casefile, &list);
}

static enum status record_move(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    struct draft *draft = arg;
    struct event_list list = {0};
    struct value *payload = value_map(ctx->arena);
    TRY(ledger_load(ctx, ledger->conn, draft->casefile.prefecture, draft->casefile.id,
                    &draft->casefile));
    if (draft->withdraw) {
        value_put_text(ctx->arena, payload, "reason", S("错报"));
        push(ctx, &list, draft, EVENT_WITHDRAWN, payload);
    } else {
        value_put_text(ctx->arena, payload, "from", draft->casefile.state);
        value_put_text(ctx->arena, payload, "to", str_of(draft->move));
        push(ctx, &list, draft, EVENT_MOVED, payload);
    }
    return casefile_record(ctx, ledger, &engine, &draft->casefile, &list);
}

static enum status record_region(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    const char *const *region = arg;
    struct value *map = value_map(ctx->arena);
    value_put_text(ctx->arena, map, "code", str_of(region[0]));
    value_put_text(ctx->arena, map, "parent", str_of(region[1]));
    return record_put(ctx, ledger, RECORD_REGION, 0, S("system"), S("import"), map, NULL);
}

enum { DRAFTS = 7 };

struct stock {
    struct teststore *t;
    struct draft drafts[DRAFTS];
};

static void fill(struct stock *stock, struct teststore *t)
{
    static const char *const regions[][2] = {{"000000", ""},       {"130000", "000000"},
                                             {"130400", "130000"}, {"130402", "130400"},
                                             {"130403", "130400"}, {"140000", "000000"}};
    const struct draft drafts[DRAFTS] = {
        {.text = "河道黑臭水体，PM2.5超标",
         .region = "130402",
         .type = "water",
         .unit = "11",
         .number = "1",
         .hours = 1},
        {.text = "企业夜间噪声扰民",
         .region = "130403",
         .type = "noise",
         .unit = "12",
         .number = "2",
         .hours = 100},
        {.text = "垃圾焚烧 环境污染",
         .region = "130402",
         .type = "air",
         .unit = "11",
         .number = "3",
         .move = "fixing"},
        {.text = "污", .region = "140000", .type = "air", .unit = "13", .move = "filed"},
        {.text = "环境质量好", .region = "130400", .type = "other", .unit = "12"},
        {.text = "重复的事项", .region = "130402", .type = "water", .unit = "11", .withdraw = true},
        {.text = "ＰＭ10 与 Dust", .region = "991234", .type = "air", .unit = "14"},
    };
    *stock = (struct stock){.t = t};
    for (size_t i = 0; i < COUNT_OF(regions); i++)
        assert_int_equal(teststore_run(t, record_region, (void *)regions[i]), ST_OK);
    for (int i = 0; i < DRAFTS; i++) {
        stock->drafts[i] = drafts[i];
        stock->drafts[i].number_seq = i + 1;
        t->ctx.now.ms += 60000;
        assert_int_equal(teststore_run(t, record_draft, &stock->drafts[i]), ST_OK);
        if (drafts[i].move != NULL || drafts[i].withdraw)
            assert_int_equal(teststore_run(t, record_move, &stock->drafts[i]), ST_OK);
    }
}

#define STOCK(stock)                                                                               \
    struct stock stock;                                                                            \
    if (*state == NULL)                                                                            \
        return;                                                                                    \
    fill(&stock, *state)

/* Numbers of the cases listed, as "1 3 7". */
static const char *listed(const struct stock *stock, struct casefile_filter filter,
                          enum casefile_sort sort, bool descending)
{
    struct ctx *ctx = &stock->t->ctx;
    struct casefile_list list;
    struct buf buf;
    if (!filter.scope.everything && filter.scope.regions.count == 0 &&
        filter.scope.units.count == 0 && filter.scope.campaigns.count == 0)
        filter.scope.everything = true;
    if (filter.due_before.ms == 0)
        filter.due_before = INSTANT_NONE;
    if (filter.due_after.ms == 0)
        filter.due_after = INSTANT_NONE;
    const struct casefile_page page = {
        .sort = sort, .descending = descending, .limit = 50, .wants_count = true};
    buf_init(&buf, ctx->arena, 1000);
    enum status status = casefile_list(ctx, stock->t->conn, &filter, &page, &list);
    if (status != ST_OK)
        print_error("%s %.*s\n", ctx->failure.reason.key, STR_ARG(ctx->failure.notes[1]));
    assert_int_equal(status, ST_OK);
    assert_int_equal(list.count, list.rows.len);
    for (size_t i = 0; i < list.rows.len; i++)
        buf_printf(&buf, "%s%.*s", i > 0 ? " " : "", 1,
                   list.rows.at[i].number.at + list.rows.at[i].number.len - 1);
    return buf.len == 0 ? "" : str_c(ctx->arena, buf_str(&buf));
}

#define VALUES(...)                                                                                \
    ((struct casefile_values){(const struct str[]){__VA_ARGS__},                                   \
                              sizeof((const struct str[]){__VA_ARGS__}) / sizeof(struct str)})
#define FILTER(...) ((struct casefile_filter){__VA_ARGS__})
#define NEWEST CASEFILE_SORT_CREATED, true

static void row_says_what_the_case_is(void **state)
{
    STOCK(stock);
    struct ctx *ctx = &stock.t->ctx;
    struct casefile_row row;
    const struct casefile *c = &stock.drafts[0].casefile;
    assert_int_equal(casefile_rows_find(ctx, stock.t->conn, c->prefecture, c->id, &row), ST_OK);
    assert_true(str_eq_c(row.number, "N-001"));
    assert_true(str_eq_c(row.received_number, "1"));
    assert_true(str_eq_c(row.title, "河道黑臭水体，PM2.5超标"));
    assert_true(str_eq_c(row.types, "water"));
    assert_true(str_eq_c(row.waits, "primary_unit"));
    assert_int_equal(row.version, 2);
    assert_true(row.next_due.ms > row.created_at.ms);
    assert_true(str_has(row.roles, S("\"11\"")));
    assert_int_equal(
        casefile_rows_find(ctx, stock.t->conn, c->prefecture, stock.drafts[3].casefile.id, &row),
        ST_OK);
    assert_true(str_eq_c(row.like_state, "filed"));
    assert_true(row.ended);
    assert_true(instant_is_none(row.next_due));
}

static void loaded_case_is_the_recorded_one(void **state)
{
    STOCK(stock);
    struct casefile loaded;
    const struct casefile *c = &stock.drafts[2].casefile;
    assert_int_equal(ledger_load(&stock.t->ctx, stock.t->conn, c->prefecture, c->id, &loaded),
                     ST_OK);
    assert_int_equal(loaded.version, c->version);
    assert_true(str_eq(loaded.state, c->state));
    assert_true(str_eq(loaded.last_hash, c->last_hash));
    assert_int_equal(
        ledger_load(&stock.t->ctx, stock.t->conn, c->prefecture, (struct casefile_id){1}, &loaded),
        ST_NOT_FOUND);
}

static void filters_say_what_comes(void **state)
{
    STOCK(stock);
    assert_string_equal(listed(&stock, FILTER(0), NEWEST), "7 5 4 3 2 1");
    assert_string_equal(listed(&stock, FILTER(.campaigns = VALUES(S("drill"))), NEWEST),
                        "7 5 4 3 2 1");
    assert_string_equal(listed(&stock, FILTER(.campaigns = VALUES(S("other"))), NEWEST), "");
    assert_string_equal(listed(&stock, FILTER(.states = VALUES(S("fixing"))), NEWEST), "3");
    assert_string_equal(
        listed(&stock, FILTER(.states = VALUES(S("fixing"), S("filed"), S("x"))), NEWEST), "4 3");
    assert_string_equal(listed(&stock, FILTER(.like_states = VALUES(S("rectifying"))), NEWEST),
                        "3");
    assert_string_equal(listed(&stock, FILTER(.types = VALUES(S("air"))), NEWEST), "7 4 3");
    assert_string_equal(
        listed(&stock, FILTER(.types = VALUES(S("air")), .units = VALUES(S("11"))), NEWEST), "3");
    assert_string_equal(
        listed(&stock, FILTER(.fields = {VALUES(S("pollution=air"))}), NEWEST), "7 4 3");
    assert_string_equal(listed(&stock,
                               FILTER(.fields = {VALUES(S("pollution=air"), S("pollution=none"))},
                                      .units = VALUES(S("11"))),
                               NEWEST),
                        "3");
    assert_string_equal(listed(&stock,
                               FILTER(.fields = {VALUES(S("pollution=air")),
                                                 VALUES(S("pollution=none"))}),
                               NEWEST),
                        "");
    assert_string_equal(listed(&stock, FILTER(.units = VALUES(S("11"), S("12"))), NEWEST),
                        "5 3 2 1");
    assert_string_equal(listed(&stock, FILTER(.batches = VALUES(S("drill/3"))), NEWEST),
                        "7 5 4 3 2 1");
    assert_string_equal(listed(&stock, FILTER(.waits = VALUES(S("u12"))), NEWEST), "5 2");
    assert_string_equal(listed(&stock, FILTER(.open_only = true), NEWEST), "7 5 3 2 1");
}

static void region_includes_its_subtree(void **state)
{
    STOCK(stock);
    assert_string_equal(listed(&stock, FILTER(.regions = VALUES(S("130400"))), NEWEST), "5 3 2 1");
    assert_string_equal(listed(&stock, FILTER(.regions = VALUES(S("130402"))), NEWEST), "3 1");
    assert_string_equal(listed(&stock, FILTER(.regions = VALUES(S("130402"), S("140000"))), NEWEST),
                        "4 3 1");
    assert_string_equal(listed(&stock, FILTER(.regions = VALUES(S("991234"))), NEWEST), "7");
}

static void overdue_is_judged_by_the_clock_of_the_moment(void **state)
{
    STOCK(stock);
    struct ctx *ctx = &stock.t->ctx;
    assert_string_equal(listed(&stock, FILTER(.overdue = true), NEWEST), "");
    ctx->now.ms += 2 * MS_PER_HOUR;
    assert_string_equal(listed(&stock, FILTER(.overdue = true), NEWEST), "1");
    struct instant later = {ctx->now.ms + 10 * MS_PER_HOUR};
    assert_string_equal(listed(&stock, FILTER(.due_before = later), NEWEST), "1");
    assert_string_equal(
        listed(&stock, FILTER(.due_after = later, .due_before = {CASEFILE_NEVER_DUE}), NEWEST),
        "2");
}

static void orders_hold_with_and_without_a_filter(void **state)
{
    STOCK(stock);
    assert_string_equal(listed(&stock, FILTER(0), CASEFILE_SORT_NUMBER, false), "1 2 3 4 5 7");
    assert_string_equal(listed(&stock, FILTER(0), CASEFILE_SORT_CREATED, false), "1 2 3 4 5 7");
    assert_string_equal(listed(&stock, FILTER(0), CASEFILE_SORT_STATE, false), "4 3 1 2 5 7");
    assert_string_equal(listed(&stock, FILTER(0), CASEFILE_SORT_DUE, false), "1 2 3 4 5 7");
    assert_string_equal(
        listed(&stock, FILTER(.regions = VALUES(S("130400"))), CASEFILE_SORT_DUE, false),
        "1 2 3 5");
    assert_string_equal(
        listed(&stock, FILTER(.campaigns = VALUES(S("drill"))), CASEFILE_SORT_UPDATED, true),
        "7 5 4 3 2 1");
}

static void words_are_found_down_to_one_character(void **state)
{
    STOCK(stock);
    static const struct {
        const char *q;
        const char *found;
    } table[] = {
        {"环境", "5 3"},      {"环境污染", "3"}, {"环境 垃圾", "3"}, {"污", "4 3"}, {"染", "3"},
        {"黑臭水体", "1"},    {"水体", "1"},     {"体", "1"},        {"pm", "7 1"}, {"PM2.5", "1"},
        {"ＰＭ１０", "7"},    {"dust", "7"},     {"N-002", "2"},     {"境污", "3"}, {"染环", ""},
        {"绝密", ""},         {"重复", ""},      {"，", ""},         {"\"'*", ""},  {"AND", ""},
        {"噪声 OR 环境", ""},
    };
    for (size_t i = 0; i < COUNT_OF(table); i++)
        assert_string_equal(listed(&stock, FILTER(.q = str_of(table[i].q)), NEWEST),
                            table[i].found);
    assert_string_equal(listed(&stock, FILTER(.q = S("环境"), .types = VALUES(S("air"))), NEWEST),
                        "3");
    assert_string_equal(listed(&stock, FILTER(.q = S("环境")), CASEFILE_SORT_NUMBER, false), "3 5");
}

static void scope_shows_only_what_is_theirs(void **state)
{
    STOCK(stock);
    bool sees;
    const struct casefile_scope scope = {.regions = VALUES(S("140000")),
                                         .units = VALUES(S("12"), S("14"))};
    assert_string_equal(listed(&stock, FILTER(.scope = scope), NEWEST), "7 5 4 2");
    assert_string_equal(listed(&stock, FILTER(.scope = scope, .types = VALUES(S("air"))), NEWEST),
                        "7 4");
    assert_string_equal(listed(&stock, FILTER(.scope = {.campaigns = VALUES(S("drill"))}), NEWEST),
                        "7 5 4 3 2 1");
    for (int i = 0; i < 2; i++) {
        const struct casefile *c = &stock.drafts[i].casefile;
        assert_int_equal(
            casefile_scope_sees(&stock.t->ctx, stock.t->conn, &scope, c->prefecture, c->id, &sees),
            ST_OK);
        assert_int_equal(sees, i == 1);
    }
    struct casefile_list list;
    const struct casefile_filter nothing = {.due_before = INSTANT_NONE, .due_after = INSTANT_NONE};
    assert_int_equal(casefile_list(&stock.t->ctx, stock.t->conn, &nothing,
                                   &(struct casefile_page){.limit = 5}, &list),
                     ST_OK);
    assert_int_equal(list.rows.len, 0);
}

static void pages_follow_each_other_in_every_order(void **state)
{
    STOCK(stock);
    struct ctx *ctx = &stock.t->ctx;
    for (enum casefile_sort sort = 0; sort < CASEFILE_SORT_COUNT; sort++)
        for (int variant = 0; variant < 14; variant++) {
            struct casefile_filter filter = {.due_before = INSTANT_NONE,
                                             .due_after = INSTANT_NONE,
                                             .scope = {.everything = true}};
            const struct casefile_values hebei = VALUES(S("130000"));
            const struct casefile_values both = VALUES(S("130402"), S("130000"), S("140000"));
            const struct casefile_scope theirs = {.regions = hebei,
                                                  .units = VALUES(S("12"), S("14"))};
            if (variant / 2 == 1)
                filter.regions = hebei;
            if (variant / 2 == 2)
                filter.q = S("环境");
            if (variant / 2 == 3)
                filter.regions = both;
            const struct casefile_values drill = VALUES(S("drill")), problem = VALUES(S("problem"));
            const struct casefile_values recognised = VALUES(S("recognised"));
            if (variant / 2 == 4)
                filter.scope = theirs;
            if (variant / 2 >= 5) {
                filter.campaigns = drill;
                filter.procedures = problem;
            }
            if (variant / 2 == 6)
                filter.states = recognised;
            struct casefile_page page = {.sort = sort, .descending = variant % 2, .limit = 50};
            struct casefile_list whole, part;
            assert_int_equal(casefile_list(ctx, stock.t->conn, &filter, &page, &whole), ST_OK);
            assert_true(whole.rows.len >= 2);
            page.limit = 2;
            page.wants_count = true;
            for (size_t seen = 0; seen < whole.rows.len; page.cursor = part.next) {
                assert_int_equal(casefile_list(ctx, stock.t->conn, &filter, &page, &part), ST_OK);
                for (size_t i = 0; i < part.rows.len; i++, seen++)
                    assert_int_equal(part.rows.at[i].id.v, whole.rows.at[seen].id.v);
                assert_int_equal(str_is_empty(part.next), seen == whole.rows.len);
                assert_int_equal(part.count, whole.rows.len);
            }
        }
}

static void foreign_cursor_is_refused(void **state)
{
    STOCK(stock);
    struct casefile_list list;
    static const char *const bad[] = {"x", "eA", "MTIz", "!!"};
    const struct casefile_filter all = {
        .due_before = INSTANT_NONE, .due_after = INSTANT_NONE, .scope = {.everything = true}};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        const struct casefile_page page = {.limit = 5, .cursor = str_of(bad[i])};
        assert_int_equal(casefile_list(&stock.t->ctx, stock.t->conn, &all, &page, &list),
                         ST_MALFORMED);
        fail_clear(&stock.t->ctx);
    }
}

static void received_number_is_unique_within_its_batch(void **state)
{
    STOCK(stock);
    struct draft again = stock.drafts[0];
    assert_int_equal(teststore_run(stock.t, record_draft, &again), ST_CONFLICT);
    assert_true(db_failed_unique(&stock.t->ctx, "casefile"));
    fail_clear(&stock.t->ctx);
    stock.drafts[0].withdraw = true;
    assert_int_equal(teststore_run(stock.t, record_move, &stock.drafts[0]), ST_OK);
    again = stock.drafts[0];
    assert_int_equal(teststore_run(stock.t, record_draft, &again), ST_OK);
}

static void a_key_is_taken_once_and_for_all(void **state)
{
    STOCK(stock);
    static const char *const keys[] = {"plenary/2026-H1/3", "plenary/2026-H2/3", "plenary-2/x/1"};
    struct draft drafts[COUNT_OF(keys)];
    struct casefile_keyed_list list;
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        drafts[i] = (struct draft){.text = "会议", .region = "130402", .type = "air", .unit = "11",
                                   .key = keys[i], .number_seq = 20 + (int64_t)i};
        assert_int_equal(teststore_run(stock.t, record_draft, &drafts[i]), ST_OK);
    }
    drafts[0].withdraw = true;
    assert_int_equal(teststore_run(stock.t, record_move, &drafts[0]), ST_OK);
    struct draft again = drafts[0];
    assert_int_equal(teststore_run(stock.t, record_draft, &again), ST_CONFLICT);
    assert_true(db_failed_unique(&stock.t->ctx, "casefile"));
    fail_clear(&stock.t->ctx);
    assert_int_equal(casefile_rows_list_keyed(&stock.t->ctx, stock.t->conn, S("drill"),
                                              S("plenary/"), &list),
                     ST_OK);
    assert_int_equal(list.len, 2);
    assert_true(str_eq_c(list.at[0].key, keys[0]) && list.at[0].withdrawn);
    assert_true(str_eq_c(list.at[1].key, keys[1]) && !list.at[1].withdrawn);
    assert_true(list.at[1].id.v == drafts[1].casefile.id.v);
    assert_int_equal(casefile_rows_list_keyed(&stock.t->ctx, stock.t->conn, S("other"),
                                              S("plenary/"), &list),
                     ST_OK);
    assert_int_equal(list.len, 0);
}

static void figures_add_up(void **state)
{
    STOCK(stock);
    struct ctx *ctx = &stock.t->ctx;
    static const struct {
        enum casefile_group group;
        const char *text;
    } table[] = {
        {CASEFILE_BY_STATE, "filed=1 fixing=1 recognised=4 "},
        {CASEFILE_BY_TYPE, "air=3 noise=1 other=1 water=1 "},
        {CASEFILE_BY_UNIT, "11=2 12=2 13=1 14=1 "},
        {CASEFILE_BY_MONTH, "2026-11=6 "},
    };
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        const struct casefile_filter all = {
            .due_before = INSTANT_NONE, .due_after = INSTANT_NONE, .scope = {.everything = true}};
        struct casefile_figure_list figures;
        struct buf buf;
        buf_init(&buf, ctx->arena, 1000);
        assert_int_equal(casefile_figures(ctx, stock.t->conn, &all, table[i].group, &figures),
                         ST_OK);
        for (size_t k = 0; k < figures.len; k++)
            buf_printf(&buf, "%.*s=%d ", STR_ARG(figures.at[k].value), (int)figures.at[k].count);
        assert_string_equal(str_c(ctx->arena, buf_str(&buf)), table[i].text);
    }
}

/* What the cases themselves say of one region and span. */
static struct casefile_tally_cell recounted(const struct stock *stock,
                                            const struct casefile_filter *filter,
                                            const struct casefile_span *span, struct str region)
{
    struct casefile_filter one = *filter;
    struct casefile_figure_list figures;
    struct casefile_tally_cell cell = {0};
    one.created = *span;
    assert_int_equal(casefile_figures(&stock->t->ctx, stock->t->conn, &one, CASEFILE_BY_REGION,
                                      &figures),
                     ST_OK);
    for (size_t i = 0; i < figures.len; i++)
        if (str_eq(figures.at[i].value, region))
            cell = (struct casefile_tally_cell){figures.at[i].count, figures.at[i].ended};
    return cell;
}

static int64_t check_tally(const struct stock *stock, struct casefile_scope scope,
                           const struct casefile_span *spans, size_t span_count)
{
    const struct casefile_filter filter = {.campaigns = VALUES(S("drill")),
                                           .procedures = VALUES(S("problem"), S("other")),
                                           .due_before = INSTANT_NONE,
                                           .due_after = INSTANT_NONE,
                                           .scope = scope};
    struct casefile_tally_list tallies;
    int64_t all = 0;
    assert_int_equal(casefile_tally(&stock->t->ctx, stock->t->conn, &filter, spans, span_count,
                                    &tallies),
                     ST_OK);
    for (size_t i = 0; i < tallies.len; i++)
        for (size_t s = 0; s < span_count; s++) {
            struct casefile_tally_cell want =
                recounted(stock, &filter, &spans[s], tallies.at[i].region);
            assert_true(str_eq(tallies.at[i].procedure, S("problem")));
            assert_int_equal(tallies.at[i].cells[s].count, want.count);
            assert_int_equal(tallies.at[i].cells[s].ended, want.ended);
            all += want.count;
        }
    return all;
}

static struct casefile_span days_from(struct day first, int32_t from, int32_t to)
{
    return (struct casefile_span){true, day_start(day_add(first, from)),
                                  day_start(day_add(first, to))};
}

static void a_tally_by_spans_is_a_recount(void **state)
{
    STOCK(stock);
    struct draft late = {.text = "次日", .region = "130402", .type = "air", .unit = "11",
                         .move = "filed", .number_seq = 9};
    struct day first = day_of_instant(stock.t->ctx.now);
    stock.t->ctx.now = day_start(day_add(first, 2));
    assert_int_equal(teststore_run(stock.t, record_draft, &late), ST_OK);
    assert_int_equal(teststore_run(stock.t, record_move, &late), ST_OK);
    const struct casefile_span spans[] = {
        days_from(first, 1, 3), /* the late one alone */
        days_from(first, 0, 1), days_from(first, -2, 0), days_from(first, 0, 2),
        days_from(first, 2, 3), days_from(first, -9, 9),
    };
    assert_int_equal(check_tally(&stock, (struct casefile_scope){.everything = true}, spans,
                                 COUNT_OF(spans)),
                     1 + 6 + 0 + 6 + 1 + 7);
    assert_int_equal(check_tally(&stock, (struct casefile_scope){.campaigns = VALUES(S("drill"))},
                                 spans, COUNT_OF(spans)),
                     21);
    assert_int_equal(check_tally(&stock, (struct casefile_scope){.units = VALUES(S("11"), S("13"))},
                                 spans, COUNT_OF(spans)),
                     1 + 3 + 0 + 3 + 1 + 4);
    assert_int_equal(check_tally(&stock, (struct casefile_scope){.campaigns = VALUES(S("other"))},
                                 spans, COUNT_OF(spans)),
                     0);
    assert_int_equal(check_tally(&stock, (struct casefile_scope){.everything = true}, spans, 0), 0);
}

static void a_procedure_closed_to_a_campaign_stays_closed_when_it_is_asked_for(void **state)
{
    STOCK(stock);
    const struct casefile_grant problem = {.campaign = S("drill"),
                                           .procedures = VALUES(S("problem"))};
    const struct casefile_grant other = {.campaign = S("drill"), .procedures = VALUES(S("other"))};
    const struct casefile_scope closed = {
        .campaigns = VALUES(S("drill")), .closed = &problem, .closed_count = 1};
    const struct casefile_scope open = {
        .campaigns = VALUES(S("drill")), .closed = &other, .closed_count = 1};
    const struct casefile_values drill = VALUES(S("drill")), problems = VALUES(S("problem"));
    const struct {
        struct casefile_scope scope;
        struct casefile_values campaigns, procedures;
        const char *want;
    } table[] = {
        {closed, drill, problems, ""},
        {closed, drill, {0}, ""},
        {closed, {0}, problems, ""},
        {open, drill, problems, "7 5 4 3 2 1"},
        {open, drill, {0}, "7 5 4 3 2 1"},
        {open, VALUES(S("drill"), S("elsewhere")), problems, "7 5 4 3 2 1"},
        {open, VALUES(S("elsewhere")), problems, ""},
    };
    for (size_t i = 0; i < COUNT_OF(table); i++)
        assert_string_equal(listed(&stock,
                                   FILTER(.scope = table[i].scope, .campaigns = table[i].campaigns,
                                          .procedures = table[i].procedures),
                                   NEWEST),
                            table[i].want);
}

static void clock_that_ended_is_due_until_its_lapse_is_recorded(void **state)
{
    STOCK(stock);
    struct ctx *ctx = &stock.t->ctx;
    struct deadline_due_list due;
    struct instant next;
    assert_int_equal(deadline_rows_due(ctx, stock.t->conn, 10, &due), ST_OK);
    assert_int_equal(due.len, 0);
    assert_int_equal(deadline_rows_next(ctx, stock.t->conn, &next), ST_OK);
    ctx->now = next;
    assert_int_equal(deadline_rows_due(ctx, stock.t->conn, 10, &due), ST_OK);
    assert_int_equal(due.len, 1);
    assert_int_equal(due.at[0].casefile.v, stock.drafts[0].casefile.id.v);
    assert_int_equal(due.at[0].started_seq, 2);
    assert_true(str_eq_c(due.at[0].name, "answer"));
    ctx->now.ms += 200 * MS_PER_HOUR;
    assert_int_equal(deadline_rows_due(ctx, stock.t->conn, 10, &due), ST_OK);
    assert_int_equal(due.len, 2);
}

static void running_clocks_are_listed_by_their_end(void **state)
{
    STOCK(stock);
    struct ctx *ctx = &stock.t->ctx;
    struct casefile_filter filter = {
        .due_before = INSTANT_NONE, .due_after = INSTANT_NONE, .scope = {.everything = true}};
    struct casefile_deadline_list first, second;
    struct str next;
    assert_int_equal(
        casefile_list_deadlines(ctx, stock.t->conn, &filter, 1, (struct str){0}, &first, &next),
        ST_OK);
    assert_int_equal(first.len, 1);
    assert_true(str_eq_c(first.at[0].row.number, "N-001"));
    assert_true(str_eq_c(first.at[0].name, "answer"));
    assert_int_equal(first.at[0].end.ms - first.at[0].due.ms, 60000);
    assert_int_equal(casefile_list_deadlines(ctx, stock.t->conn, &filter, 1, next, &second, &next),
                     ST_OK);
    assert_true(str_eq_c(second.at[0].row.number, "N-002"));
    assert_true(str_is_empty(next));
    const struct casefile_values noise = VALUES(S("noise"));
    filter.types = noise;
    assert_int_equal(
        casefile_list_deadlines(ctx, stock.t->conn, &filter, 9, (struct str){0}, &first, &next),
        ST_OK);
    assert_int_equal(first.len, 1);
}

static enum status find_engine(struct ctx *ctx, void *arg, const struct casefile *casefile,
                               const struct engine **out)
{
    (void)ctx;
    (void)arg;
    (void)casefile;
    *out = &engine;
    return ST_OK;
}

static struct rebuild_result rebuilt(struct teststore *t, enum rebuild_mode mode)
{
    struct rebuild_result records, cases;
    assert_int_equal(rebuild_records(&t->ctx, t->conn, mode, &records), ST_OK);
    assert_int_equal(rebuild_cases(&t->ctx, t->conn, mode, find_engine, NULL, NULL, NULL, &cases),
                     ST_OK);
    return records.same ? cases : records;
}

static void fold_of_the_ledger_is_the_rows(void **state)
{
    STOCK(stock);
    struct rebuild_result result = rebuilt(stock.t, REBUILD_CHECK);
    assert_null(result.table);
    assert_int_equal(result.chains, DRAFTS);
    assert_int_equal(result.events, DRAFTS + 2 + 3);
}

static void changed_row_is_found_and_mended(void **state)
{
    STOCK(stock);
    struct teststore *t = stock.t;
    static const struct {
        const char *sql;
        const char *table;
    } changes[] = {
        {"UPDATE region SET name = 'x' WHERE code = '130402'", "region"},
        {"DELETE FROM system_record", "system_record"},
        {"UPDATE casefile SET title = title || ' ' WHERE number = 'N-003'", "casefile"},
        {"DELETE FROM casefile_axis WHERE axis = 'type'", "casefile_axis"},
        {"UPDATE deadline SET lapsed = 1", "deadline"},
        {"UPDATE casefile_text SET search_text = 'x' WHERE id ="
         " (SELECT id FROM casefile WHERE number = 'N-005')",
         "casefile_text"},
    };
    for (size_t i = 0; i < COUNT_OF(changes); i++) {
        assert_int_equal(db_script(&t->ctx, t->conn, changes[i].sql), ST_OK);
        struct rebuild_result result = rebuilt(t, REBUILD_CHECK);
        assert_false(result.same);
        assert_string_equal(result.table, changes[i].table);
        (void)rebuilt(t, REBUILD_WRITE);
        assert_true(rebuilt(t, REBUILD_CHECK).same);
    }
    assert_string_equal(listed(&stock, FILTER(.q = S("环境")), NEWEST), "5 3");
    stock.drafts[4].move = "filed";
    assert_int_equal(teststore_run(t, record_move, &stock.drafts[4]), ST_OK);
    assert_string_equal(listed(&stock, FILTER(.like_states = VALUES(S("filed"))), NEWEST), "5 4");
}

/* Numbers of what stands, in their order. */
static const char *standing(const struct stock *stock, struct casefile_standing_query query)
{
    struct ctx *ctx = &stock->t->ctx;
    struct casefile_standing_list found;
    bool there[DRAFTS] = {false};
    struct buf buf;
    query.campaign = S("drill");
    query.procedure = S("problem");
    assert_int_equal(casefile_standing_find(ctx, stock->t->conn, &query, &found), ST_OK);
    for (size_t i = 0; i < found.len; i++)
        for (int j = 0; j < DRAFTS; j++)
            there[j] = there[j] || stock->drafts[j].casefile.id.v == found.at[i].id.v;
    buf_init(&buf, ctx->arena, 1000);
    for (int j = 0; j < DRAFTS; j++)
        if (there[j])
            buf_printf(&buf, "%s%d", buf.len > 0 ? " " : "", j + 1);
    return buf.len == 0 ? "" : str_c(ctx->arena, buf_str(&buf));
}

#define STANDING(...) standing(&stock, (struct casefile_standing_query){__VA_ARGS__})

static void what_stands_is_found_by_all_that_is_asked(void **state)
{
    static const struct str recognised[] = {STR_INIT("recognised")};
    STOCK(stock);
    assert_string_equal(STANDING(.region = S("")), "1 2 3 4 5 7");
    assert_string_equal(STANDING(.states = recognised, .state_count = 1), "1 2 5 7");
    assert_string_equal(STANDING(.region = S("130402")), "1 3");
    assert_string_equal(
        STANDING(.states = recognised, .state_count = 1, .region = S("130402")), "1");
    assert_string_equal(STANDING(.field = S("pollution=air"), .pack = S("ab")), "3 4 7");
    assert_string_equal(STANDING(.states = recognised, .state_count = 1,
                                 .field = S("pollution=air"), .pack = S("ab")),
                        "7");
}

/* Another pack may not have told rows of the field. */
static void cases_of_another_pack_are_not_narrowed_by_a_field(void **state)
{
    STOCK(stock);
    assert_string_equal(STANDING(.field = S("pollution=air"), .pack = S("cd")), "1 2 3 4 5 7");
}

static void text_is_cut_into_bigrams_and_words(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    assert_true(str_eq_c(search_format_fts5(arena, S("环境污染，PM2.5 Ａb〇")),
                         "环境 境污 污染 染 pm2 5 ab 〇"));
    assert_true(str_eq_c(search_format_tsvector(arena, S("水体x")), "'水体':1 '体':2 'x':3"));
    struct str query;
    assert_true(search_query_tsquery(arena, S("环境污 水"), &query));
    assert_true(str_eq_c(query, "('环境' <-> '境污') & '水':*"));
    assert_true(search_query_fts5(arena, S("环境 pm"), &query));
    assert_true(str_eq_c(query, "\"环境\" AND \"pm\" *"));
    assert_false(search_query_fts5(arena, S(" ，\"*"), &query));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_cut_into_bigrams_and_words),
        ON_BOTH(row_says_what_the_case_is),
        ON_BOTH(loaded_case_is_the_recorded_one),
        ON_BOTH(filters_say_what_comes),
        ON_BOTH(region_includes_its_subtree),
        ON_BOTH(overdue_is_judged_by_the_clock_of_the_moment),
        ON_BOTH(orders_hold_with_and_without_a_filter),
        ON_BOTH(words_are_found_down_to_one_character),
        ON_BOTH(scope_shows_only_what_is_theirs),
        ON_BOTH(pages_follow_each_other_in_every_order),
        ON_BOTH(foreign_cursor_is_refused),
        ON_BOTH(received_number_is_unique_within_its_batch),
        ON_BOTH(a_key_is_taken_once_and_for_all),
        ON_BOTH(figures_add_up),
        ON_BOTH(a_tally_by_spans_is_a_recount),
        ON_BOTH(a_procedure_closed_to_a_campaign_stays_closed_when_it_is_asked_for),
        ON_BOTH(clock_that_ended_is_due_until_its_lapse_is_recorded),
        ON_BOTH(running_clocks_are_listed_by_their_end),
        ON_BOTH(fold_of_the_ledger_is_the_rows),
        ON_BOTH(changed_row_is_found_and_mended),
        ON_BOTH(what_stands_is_found_by_all_that_is_asked),
        ON_BOTH(cases_of_another_pack_are_not_narrowed_by_a_field),
    };
    return cmocka_run_group_tests_name("store/casefile_rows", tests, NULL, NULL);
}
