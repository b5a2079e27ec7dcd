/*
 * The ledger and its writer: what is acknowledged is there, what is refused left nothing, and every
 * way of tampering is found and named. Each fact on both engines.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "store/audit_rows.h"
#include "store/document_rows.h"
#include "store/ledger_verify.h"
#include "store/record_rows.h"
#include "support/teststore.h"

/* ---- words ---- */

/* Appends `count` events to a new case; its id comes back. */
struct order {
    int count;
    struct casefile_id id;
};

static const struct prefecture handan = {"130400"};

static void push_event(struct ctx *ctx, struct event_list *list, struct casefile_id id, int64_t seq)
{
    struct value *payload = value_map(ctx->arena);
    value_put_text(ctx->arena, payload, "what", S("测试"));
    vec_add(ctx->arena, list,
            ((struct event){.prefecture = handan,
                            .casefile = id,
                            .sequence = seq,
                            .recorded_at = ctx->now,
                            .happened_at = ctx->now,
                            .actor = S("system"),
                            .command = S("note"),
                            .type = EVENT_NOTED,
                            .payload = payload,
                            .clause = S("S2-17.1")}));
}

static enum status append_events(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    struct order *order = arg;
    struct event_list list = {0};
    struct str last = S("");
    order->id = (struct casefile_id){ledger_new_id(ledger, ctx->now)};
    for (int i = 1; i <= order->count; i++)
        push_event(ctx, &list, order->id, i);
    return ledger_append(ctx, ledger, &list, &last);
}

static struct order append_case(struct teststore *t, int count)
{
    struct order order = {.count = count};
    assert_int_equal(teststore_run(t, append_events, &order), ST_OK);
    return order;
}

static struct ledger_verdict verify(struct teststore *t)
{
    struct ledger_verdict verdict;
    assert_int_equal(ledger_verify(&t->ctx, t->conn, t->store->hash, (struct prefecture){""},
                                   (struct casefile_id){0}, NULL, NULL, &verdict),
                     ST_OK);
    return verdict;
}

/* What an attacker with the database in hand would do first. */
static void tamper(struct teststore *t, const char *sql)
{
    const char *off =
        db_engine(t->store->db) == DB_SQLITE
            ? "DROP TRIGGER event_no_update; DROP TRIGGER event_no_delete;"
              "DROP TRIGGER commit_link_no_update; DROP TRIGGER commit_link_no_delete;"
            : "ALTER TABLE event DISABLE TRIGGER ALL;"
              "ALTER TABLE commit_link DISABLE TRIGGER ALL;";
    assert_int_equal(db_script(&t->ctx, t->conn, off), ST_OK);
    assert_int_equal(db_script(&t->ctx, t->conn, sql), ST_OK);
}

static struct teststore *at_hand(void **state)
{
    return *state;
}
#define WORLD(t)                                                                                   \
    struct teststore *t = at_hand(state);                                                          \
    if (t == NULL)                                                                                 \
    return

/* ---- chains ---- */

static void hashed_bytes_are_those_of_the_design(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    const struct event event = {.prefecture = handan,
                                .casefile = {7},
                                .sequence = 2,
                                .recorded_at = {1000},
                                .happened_at = {-5},
                                .actor = S("3/4"),
                                .command = S("pass"),
                                .type = EVENT_MOVED,
                                .clause = S("S2-17.2"),
                                .pack = S("ab")};
    struct digest got = ledger_hash_event(CRYPTO_SM3, arena, &event, S("{\"to\":\"签\"}"), S("cd"));
    struct digest want = crypto_digest(
        CRYPTO_SM3, S("lantian-event-1\n6:130400,1:7,1:2,4:1000,2:-5,3:3/4,4:pass,5:moved,"
                      "7:S2-17.2,2:ab,12:{\"to\":\"签\"},2:cd,"));
    assert_true(digest_eq(&got, &want));
    struct digest commit =
        ledger_hash_commit(CRYPTO_SHA256, arena, 1, 12, (struct instant){1000}, &got, 1, S(""));
    struct str text = str_concat(arena, S("lantian-commit-1\n1:1,2:12,4:1000,64:"),
                                 str_concat(arena, digest_format(arena, &got), S(",0:,")));
    want = crypto_digest(CRYPTO_SHA256, text);
    assert_true(digest_eq(&commit, &want));
}

static void what_was_appended_is_read_back_and_whole(void **state)
{
    WORLD(t);
    struct order order = append_case(t, 3);
    struct ledger_row_list rows;
    assert_int_equal(ledger_list(&t->ctx, t->conn, handan, order.id, 2, &rows), ST_OK);
    assert_int_equal(rows.len, 2);
    assert_int_equal(rows.at[0].event.sequence, 2);
    assert_int_equal(rows.at[0].prev.len, 64);
    assert_true(str_eq(rows.at[1].prev, rows.at[0].hash));
    assert_true(str_eq_c(value_find_text(rows.at[0].event.payload, "what"), "测试"));
    struct ledger_verdict verdict = verify(t);
    assert_true(verdict.whole);
    assert_int_equal(verdict.events, 4);
    assert_int_equal(verdict.cases, 2);
}

static void ledger_refuses_update_and_delete(void **state)
{
    WORLD(t);
    append_case(t, 1);
    static const char *const attempts[] = {"UPDATE event SET clause = 'x'", "DELETE FROM event",
                                           "UPDATE commit_link SET hash = 'x'",
                                           "DELETE FROM commit_link"};
    for (size_t i = 0; i < COUNT_OF(attempts); i++) {
        assert_int_equal(db_script(&t->ctx, t->conn, attempts[i]), ST_DENIED);
        fail_clear(&t->ctx);
    }
}

struct tampering {
    const char *sql; /* %lld: the second of three cases */
    bool names_case;
    int64_t sequence;
    const char *why;
};

static const struct tampering tamperings[] = {
    {"UPDATE event SET payload = replace(payload, 'what', 'wham') WHERE casefile = %lld"
     " AND sequence = 2",
     true, 2, "ledger.broken.changed_event"},
    {"UPDATE event SET actor = '1/1' WHERE casefile = %lld AND sequence = 1", true, 1,
     "ledger.broken.changed_event"},
    {"UPDATE event SET recorded_at = recorded_at + 1 WHERE casefile = %lld AND sequence = 3", true,
     3, "ledger.broken.changed_event"},
    {"DELETE FROM event WHERE casefile = %lld AND sequence = 2", true, 2,
     "ledger.broken.missing_event"},
    {"DELETE FROM event WHERE casefile = %lld AND sequence = 3", false, 0,
     "ledger.broken.missing_event"},
    {"DELETE FROM event WHERE casefile = %lld", false, 0, "ledger.broken.missing_event"},
    {"DELETE FROM commit_link WHERE (writer, number) IN"
     " (SELECT writer, commit_number FROM event WHERE casefile = %lld)",
     false, 0, "ledger.broken.missing_commit"},
    {"UPDATE event SET sequence = CASE sequence WHEN 2 THEN 12 ELSE 13 END WHERE casefile = %1$lld"
     " AND sequence > 1; UPDATE event SET sequence = CASE sequence WHEN 12 THEN 3 ELSE 2 END"
     " WHERE casefile = %1$lld AND sequence > 1",
     true, 2, "ledger.broken.changed_event"},
};

static void tampering_is_found_and_named(void **state)
{
    bool lite = *state != NULL && db_engine(((struct teststore *)*state)->store->db) == DB_SQLITE;
    if (*state == NULL)
        return;
    for (size_t i = 0; i < COUNT_OF(tamperings); i++) {
        const struct tampering *it = &tamperings[i];
        struct teststore *t = teststore_new(lite ? DB_SQLITE : DB_POSTGRES);
        append_case(t, 3);
        struct order victim = append_case(t, 3);
        append_case(t, 3);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        tamper(t, str_printf(t->ctx.arena, it->sql, (long long)victim.id.v).at);
#pragma GCC diagnostic pop
        struct ledger_verdict verdict = verify(t);
        assert_false(verdict.whole);
        assert_string_equal(verdict.why, it->why);
        assert_int_equal(verdict.casefile.v, it->names_case ? victim.id.v : 0);
        assert_int_equal(verdict.sequence, it->sequence);
        teststore_free(t);
    }
}

static void one_case_is_verified_alone(void **state)
{
    WORLD(t);
    struct order good = append_case(t, 3);
    struct order bad = append_case(t, 3);
    struct ledger_verdict verdict;
    tamper(t, str_printf(t->ctx.arena,
                         "UPDATE event SET clause = 'x' WHERE sequence = 3 AND casefile = %lld",
                         (long long)bad.id.v)
                  .at);
    assert_int_equal(
        ledger_verify(&t->ctx, t->conn, t->store->hash, handan, good.id, NULL, NULL, &verdict),
        ST_OK);
    assert_true(verdict.whole);
    assert_int_equal(
        ledger_verify(&t->ctx, t->conn, t->store->hash, handan, bad.id, NULL, NULL, &verdict),
        ST_OK);
    assert_false(verdict.whole);
    assert_int_equal(verdict.sequence, 3);
    assert_int_equal(verdict.cases, 1);
    assert_int_equal(ledger_verify(&t->ctx, t->conn, t->store->hash, handan,
                                   (struct casefile_id){5}, NULL, NULL, &verdict),
                     ST_NOT_FOUND);
}

/* ---- papers ---- */

static const char paper_text[] = "<p>督办函</p>";

static enum status issue_paper(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    struct casefile_id *id = arg;
    struct event_list list = {0};
    struct str last = S("");
    struct digest digest = crypto_digest(CRYPTO_SHA256, str_of(paper_text));
    struct str sha256 = digest_format(ctx->arena, &digest);
    *id = (struct casefile_id){ledger_new_id(ledger, ctx->now)};
    push_event(ctx, &list, *id, 1);
    push_event(ctx, &list, *id, 2);
    list.at[1].type = EVENT_DOCUMENT_ISSUED;
    struct value *payload = value_map(ctx->arena);
    value_put_text(ctx->arena, payload, "document", S("letter"));
    value_put_text(ctx->arena, payload, "sha256", sha256);
    list.at[1].payload = payload;
    TRY(document_rows_put_paper(ctx, ledger->conn, sha256, str_of(paper_text)));
    return ledger_append(ctx, ledger, &list, &last);
}

static void paper_that_is_not_what_was_issued_is_named(void **state)
{
    static const struct {
        const char *sql, *why;
    } touched[] = {{"UPDATE paper SET markup = 'x'", "ledger.broken.changed_paper"},
                   {"DELETE FROM paper", "ledger.broken.missing_paper"}};
    WORLD(t);
    struct casefile_id id;
    append_case(t, 2);
    assert_int_equal(teststore_run(t, issue_paper, &id), ST_OK);
    assert_true(verify(t).whole);
    assert_int_equal(verify(t).papers, 1);
    assert_int_equal(db_script(&t->ctx, t->conn,
                               db_engine(t->store->db) == DB_SQLITE
                                   ? "DROP TRIGGER paper_no_update; DROP TRIGGER paper_no_delete;"
                                   : "ALTER TABLE paper DISABLE TRIGGER ALL;"),
                     ST_OK);
    for (size_t i = 0; i < COUNT_OF(touched); i++) {
        assert_int_equal(db_script(&t->ctx, t->conn, touched[i].sql), ST_OK);
        struct ledger_verdict verdict = verify(t);
        assert_false(verdict.whole);
        assert_string_equal(verdict.why, touched[i].why);
        assert_int_equal(verdict.casefile.v, id.v);
        assert_int_equal(verdict.sequence, 2);
    }
}

/* ---- the writer ---- */

static enum status refuse(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    TRY(append_events(ctx, ledger, arg));
    return fail(ctx, ST_CONFLICT, "engine.withdrawn", NO_ARGS);
}

static void refused_job_leaves_nothing(void **state)
{
    WORLD(t);
    struct order order = {.count = 2};
    assert_int_equal(teststore_run(t, refuse, &order), ST_CONFLICT);
    assert_string_equal(t->ctx.failure.reason.key, "engine.withdrawn");
    fail_clear(&t->ctx);
    append_case(t, 1);
    struct ledger_verdict verdict = verify(t);
    assert_true(verdict.whole);
    assert_int_equal(verdict.events, 2);
}

static enum status append_second(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    const struct order *order = arg;
    struct event_list list = {0};
    struct str last = S("0000");
    push_event(ctx, &list, order->id, 2);
    return ledger_append(ctx, ledger, &list, &last);
}

static void sequence_written_twice_is_a_conflict(void **state)
{
    WORLD(t);
    struct order order = append_case(t, 2);
    assert_int_equal(teststore_run(t, append_second, &order), ST_CONFLICT);
    assert_true(db_failed_unique(&t->ctx, "event"));
    fail_clear(&t->ctx);
    assert_true(verify(t).whole);
}

enum { CLIENTS = 8, JOBS_EACH = 40 };

struct client {
    struct teststore *t;
    pthread_t thread;
    int accepted;
    bool wrong;
};

static void *be_client(void *arg)
{
    struct client *client = arg;
    struct arena *arena = arena_new();
    struct ctx ctx = {.arena = arena, .now = client->t->ctx.now};
    for (int i = 0; i < JOBS_EACH; i++) {
        struct order order = {.count = 1 + i % 3};
        bool refused = i % 5 == 0;
        struct writer_job job = {
            .ctx = &ctx, .run = refused ? refuse : append_events, .arg = &order};
        enum status status = writer_run(client->t->writer, &job);
        client->wrong |= status != (refused ? ST_CONFLICT : ST_OK);
        client->accepted += refused ? 0 : order.count;
        fail_clear(&ctx);
    }
    arena_free(arena);
    return NULL;
}

static void many_clients_share_commits_and_lose_nothing(void **state)
{
    WORLD(t);
    struct client clients[CLIENTS] = {0};
    int accepted = 1;
    for (int i = 0; i < CLIENTS; i++) {
        clients[i].t = t;
        assert_int_equal(pthread_create(&clients[i].thread, NULL, be_client, &clients[i]), 0);
    }
    for (int i = 0; i < CLIENTS; i++) {
        assert_int_equal(pthread_join(clients[i].thread, NULL), 0);
        assert_false(clients[i].wrong);
        accepted += clients[i].accepted;
    }
    struct ledger_verdict verdict = verify(t);
    assert_true(verdict.whole);
    assert_int_equal(verdict.events, accepted);
    assert_int_equal(writer_figures(t->writer).jobs, CLIENTS * JOBS_EACH);
    assert_int_equal(writer_figures(t->writer).waiting, 0);
}

static void same_case_from_two_sides_is_written_once(void **state)
{
    WORLD(t);
    struct order order = append_case(t, 1);
    struct ledger_row_list rows;
    assert_int_equal(ledger_list(&t->ctx, t->conn, handan, order.id, 1, &rows), ST_OK);
    int written = 0;
    for (int i = 0; i < 2; i++) {
        written += teststore_run(t, append_second, &order) == ST_OK;
        fail_clear(&t->ctx);
    }
    assert_int_equal(written, 1);
}

/* *arg: how many statements pass before one fails. */
static enum status fail_nth(struct ctx *ctx, void *arg, const char *name)
{
    int *left = arg;
    (void)name;
    return *left > 0 && --*left == 0 ? fail(ctx, ST_IO, "db.full", NO_ARGS) : ST_OK;
}

static void failure_of_any_statement_leaves_all_or_nothing(void **state)
{
    WORLD(t);
    struct writer *writer = NULL;
    int accepted = 1, left = 0;
    db_set_hook(t->store->db, fail_nth, &left);
    assert_int_equal(writer_new(&t->ctx, t->store->db, t->store->hash, 1, &writer), ST_OK);
    for (int n = 1; n <= 12; n++) {
        struct order order = {.count = 2};
        struct writer_job job = {.ctx = &t->ctx, .run = append_events, .arg = &order};
        left = n;
        accepted += writer_run(writer, &job) == ST_OK ? 2 : 0;
        left = 0;
        fail_clear(&t->ctx);
        assert_true(verify(t).whole);
        assert_int_equal(verify(t).events, accepted);
    }
    writer_free(writer);
    db_set_hook(t->store->db, NULL, NULL);
    assert_int_equal(accepted, 1 + 12 * 2); /* what failed once passed when tried alone */
}

/* ---- system records ---- */

static enum status add_unit(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    struct value *fields = value_map(ctx->arena);
    int64_t *id = arg;
    value_put_text(ctx->arena, fields, "code", S("U1"));
    value_put_text(ctx->arena, fields, "name", *id == 0 ? S("某局") : S("某新局"));
    return record_put(ctx, ledger, RECORD_UNIT, *id, S("system"), S("import"), fields, id);
}

static void record_is_an_event_and_a_row(void **state)
{
    WORLD(t);
    static const struct db_query names = {"names", "SELECT string_agg(name, ',') FROM unit",
                                          "SELECT string_agg(name, ',') FROM unit", 0};
    int64_t id = 0;
    assert_int_equal(teststore_run(t, add_unit, &id), ST_OK);
    assert_int_equal(teststore_run(t, add_unit, &id), ST_OK);
    struct db_rows rows AUTO(db_rows_close) = {0};
    assert_int_equal(db_find_one(&t->ctx, t->conn, &names, DB_NO_ARGS, &rows), ST_OK);
    assert_true(str_eq_c(db_col_text(&rows, 0), "某新局"));
    db_rows_close(&rows);
    int64_t other = 0;
    assert_int_equal(teststore_run(t, add_unit, &other), ST_CONFLICT);
    assert_true(db_failed_unique(&t->ctx, "unit"));
    fail_clear(&t->ctx);
    struct ledger_verdict verdict = verify(t);
    assert_true(verdict.whole);
    assert_int_equal(verdict.events, 3);
}

static enum status add_later_unit(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    ctx->now.ms += MS_PER_MINUTE;
    return add_unit(ctx, ledger, arg);
}

static void audit_lists_the_newest_first_by_pages(void **state)
{
    WORLD(t);
    struct audit_row_list rows;
    struct audit_filter filter = {.kind = S("unit"), .limit = 1};
    struct str next;
    int64_t id = 0;
    assert_int_equal(teststore_run(t, add_unit, &id), ST_OK);
    assert_int_equal(teststore_run(t, add_later_unit, &id), ST_OK);
    assert_int_equal(audit_rows_list(&t->ctx, t->conn, &filter, &rows, &next), ST_OK);
    assert_int_equal(rows.len, 1);
    assert_int_equal(rows.at[0].sequence, 2);
    filter.cursor = next;
    assert_int_equal(audit_rows_list(&t->ctx, t->conn, &filter, &rows, &next), ST_OK);
    assert_int_equal(rows.len, 1);
    assert_int_equal(rows.at[0].sequence, 1);
    assert_true(str_is_empty(next));
}

static void audit_takes_no_foreign_cursor(void **state)
{
    WORLD(t);
    struct audit_row_list rows;
    const struct audit_filter filter = {.cursor = S("1.2"), .limit = 1};
    struct str next;
    assert_int_equal(audit_rows_list(&t->ctx, t->conn, &filter, &rows, &next), ST_MALFORMED);
    fail_clear(&t->ctx);
}

static void audit_counts_events_of_all_commits(void **state)
{
    WORLD(t);
    int64_t id = 0, events, cases;
    assert_int_equal(teststore_run(t, add_unit, &id), ST_OK);
    assert_int_equal(audit_rows_count(&t->ctx, t->conn, &events, &cases), ST_OK);
    assert_int_equal(events, verify(t).events);
    assert_int_equal(cases, 0);
}

static void store_is_made_once(void **state)
{
    WORLD(t);
    assert_int_equal(store_init(&t->ctx, testdb_uri(t->testdb), CRYPTO_SHA256, false), ST_CONFLICT);
    assert_string_equal(t->ctx.failure.reason.key, "store.made_already");
    fail_clear(&t->ctx);
    assert_true(t->store->sandbox);
    assert_int_equal(t->store->hash, CRYPTO_SM3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashed_bytes_are_those_of_the_design),
        ON_BOTH(what_was_appended_is_read_back_and_whole),
        ON_BOTH(ledger_refuses_update_and_delete),
        ON_BOTH(tampering_is_found_and_named),
        ON_BOTH(one_case_is_verified_alone),
        ON_BOTH(paper_that_is_not_what_was_issued_is_named),
        ON_BOTH(refused_job_leaves_nothing),
        ON_BOTH(sequence_written_twice_is_a_conflict),
        ON_BOTH(many_clients_share_commits_and_lose_nothing),
        ON_BOTH(same_case_from_two_sides_is_written_once),
        ON_BOTH(failure_of_any_statement_leaves_all_or_nothing),
        ON_BOTH(record_is_an_event_and_a_row),
        ON_BOTH(audit_lists_the_newest_first_by_pages),
        ON_BOTH(audit_takes_no_foreign_cursor),
        ON_BOTH(audit_counts_events_of_all_commits),
        ON_BOTH(store_is_made_once),
    };
    return cmocka_run_group_tests_name("store/ledger", tests, NULL, NULL);
}
