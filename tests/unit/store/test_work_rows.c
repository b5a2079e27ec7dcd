/*
 * What stands beside the ledger: numbers, uploads, kept replies, the outbox, jobs, imports. Each fact
 * on both engines.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/counter_rows.h"
#include "store/idempotency_rows.h"
#include "store/import_rows.h"
#include "store/job_rows.h"
#include "store/outbox_rows.h"
#include "store/upload_rows.h"
#include "support/teststore.h"

#define WORLD(t)                                                                                   \
    struct teststore *t = *state;                                                                  \
    if (t == NULL)                                                                                 \
    return

static enum status take_number(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    int64_t *number = arg;
    TRY(counter_next(ctx, ledger->conn, S("drill/2026"), number));
    return *number == 3 ? fail(ctx, ST_CONFLICT, "engine.withdrawn", NO_ARGS) : ST_OK;
}

static void numbers_run_without_gaps(void **state)
{
    WORLD(t);
    int64_t number;
    for (int64_t want = 1; want <= 2; want++) {
        assert_int_equal(teststore_run(t, take_number, &number), ST_OK);
        assert_int_equal(number, want);
    }
    assert_int_equal(teststore_run(t, take_number, &number), ST_CONFLICT);
    fail_clear(&t->ctx);
    assert_int_equal(counter_next(&t->ctx, t->conn, S("drill/2026"), &number), ST_OK);
    assert_int_equal(number, 3);
    assert_int_equal(counter_next(&t->ctx, t->conn, S("other"), &number), ST_OK);
    assert_int_equal(number, 1);
}

static void upload_comes_back_as_it_was(void **state)
{
    WORLD(t);
    struct upload upload = {.id = {77},
                            .account = {5},
                            .kind = S("before"),
                            .sha256 = S("ab"),
                            .name = S("照片.jpg"),
                            .type = S("image/jpeg"),
                            .bytes = 12,
                            .taken_at = INSTANT_NONE,
                            .lat = 365000000,
                            .lon = 1145000000,
                            .created_at = t->ctx.now};
    struct upload found;
    assert_int_equal(upload_rows_insert(&t->ctx, t->conn, &upload), ST_OK);
    assert_int_equal(upload_rows_find(&t->ctx, t->conn, upload.id, &found), ST_OK);
    assert_true(str_eq(found.name, upload.name));
    assert_int_equal(found.lat, 365000000);
    assert_true(instant_is_none(found.taken_at));
    assert_int_equal(upload_rows_find(&t->ctx, t->conn, (struct evidence_id){78}, &found),
                     ST_NOT_FOUND);
    fail_clear(&t->ctx);
    struct evidence_place_list places;
    assert_int_equal(evidence_rows_list_places(&t->ctx, t->conn, upload.id, &places), ST_OK);
    assert_int_equal(places.len, 0);
}

static void reply_is_kept_under_its_key_for_a_week(void **state)
{
    WORLD(t);
    const struct account_id account = {5};
    struct idempotency_reply reply = {S("f1"), 201, S("Location: /x"), S("{}")}, found;
    assert_int_equal(idempotency_rows_find(&t->ctx, t->conn, account, S("k"), &found),
                     ST_NOT_FOUND);
    assert_int_equal(t->ctx.failure.status, ST_OK);
    assert_int_equal(idempotency_rows_insert(&t->ctx, t->conn, account, S("k"), &reply), ST_OK);
    assert_int_equal(idempotency_rows_insert(&t->ctx, t->conn, account, S("k"), &reply),
                     ST_CONFLICT);
    fail_clear(&t->ctx);
    t->ctx.now.ms += INT64_C(7) * MS_PER_DAY;
    assert_int_equal(idempotency_rows_drop_old(&t->ctx, t->conn), ST_OK);
    assert_int_equal(idempotency_rows_find(&t->ctx, t->conn, account, S("k"), &found), ST_OK);
    assert_int_equal(found.status, 201);
    assert_true(str_eq(found.fingerprint, reply.fingerprint));
    t->ctx.now.ms++;
    assert_int_equal(idempotency_rows_drop_old(&t->ctx, t->conn), ST_OK);
    assert_int_equal(idempotency_rows_find(&t->ctx, t->conn, account, S("k"), &found),
                     ST_NOT_FOUND);
}

static void key_used_with_its_act_takes_its_reply_once(void **state)
{
    WORLD(t);
    const struct account_id account = {5};
    struct idempotency_reply used = {S("f1"), 201, S("/x"), S("")}, found;
    struct idempotency_reply reply = {S("f1"), 201, S("/x"), S("{}")};
    struct idempotency_reply later = {S("f1"), 201, S("/y"), S("{1}")};
    assert_int_equal(idempotency_rows_insert(&t->ctx, t->conn, account, S("k"), &used), ST_OK);
    assert_int_equal(idempotency_rows_keep(&t->ctx, t->conn, account, S("k"), &reply), ST_OK);
    assert_int_equal(idempotency_rows_keep(&t->ctx, t->conn, account, S("k"), &later), ST_OK);
    assert_int_equal(idempotency_rows_find(&t->ctx, t->conn, account, S("k"), &found), ST_OK);
    assert_true(str_eq(found.reply, reply.reply));
    assert_true(str_eq(found.headers, reply.headers));
}

static enum status put_news(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    (void)arg;
    for (int i = 0; i < 3; i++)
        TRY(outbox_rows_insert(ctx, ledger, S("case"), (struct prefecture){"130400"},
                               (struct casefile_id){9}, S("{}")));
    return ST_OK;
}

static void outbox_gives_each_entry_to_one_at_a_time(void **state)
{
    WORLD(t);
    struct outbox_list first, second, third;
    int64_t last;
    assert_int_equal(teststore_run(t, put_news, NULL), ST_OK);
    assert_int_equal(outbox_rows_claim(&t->ctx, t->conn, 60, 2, &first), ST_OK);
    assert_int_equal(first.len, 2);
    assert_int_equal(outbox_rows_claim(&t->ctx, t->conn, 60, 5, &second), ST_OK);
    assert_int_equal(second.len, 1);
    for (size_t i = 0; i < first.len; i++) {
        assert_int_not_equal(first.at[i].id, second.at[0].id);
        assert_int_equal(outbox_rows_finish(&t->ctx, t->conn, first.at[i].id), ST_OK);
    }
    t->ctx.now.ms += 61 * MS_PER_SECOND;
    assert_int_equal(outbox_rows_claim(&t->ctx, t->conn, 60, 5, &third), ST_OK);
    assert_int_equal(third.len, 1);
    assert_int_equal(third.at[0].id, second.at[0].id);
    assert_int_equal(third.at[0].attempts, 2);
    assert_int_equal(outbox_rows_last(&t->ctx, t->conn, &last), ST_OK);
    assert_int_equal(outbox_rows_after(&t->ctx, t->conn, 0, 10, &first), ST_OK);
    assert_int_equal(first.len, 3);
    assert_int_equal(first.at[2].id, last);
    assert_int_equal(first.at[0].casefile.v, 9);
}

static enum status put_job(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    return job_rows_insert(ctx, ledger, S("export"), (struct account_id){4}, S("{}"), arg);
}

static void job_left_lying_is_taken_up_by_another(void **state)
{
    WORLD(t);
    int64_t id;
    struct job_row job;
    assert_int_equal(job_rows_claim(&t->ctx, t->conn, 60, &job), ST_NOT_FOUND);
    assert_int_equal(teststore_run(t, put_job, &id), ST_OK);
    assert_int_equal(job_rows_claim(&t->ctx, t->conn, 60, &job), ST_OK);
    assert_int_equal(job.id, id);
    assert_int_equal(job_rows_claim(&t->ctx, t->conn, 60, &job), ST_NOT_FOUND);
    t->ctx.now.ms += 61 * MS_PER_SECOND;
    assert_int_equal(job_rows_claim(&t->ctx, t->conn, 60, &job), ST_OK);
    assert_int_equal(job_rows_progress(&t->ctx, t->conn, id, 5, 10, 60), ST_OK);
    assert_int_equal(job_rows_finish(&t->ctx, t->conn, id, true, S("{\"n\":1}")), ST_OK);
    assert_int_equal(job_rows_find(&t->ctx, t->conn, id, &job), ST_OK);
    assert_true(str_eq_c(job.state, "done"));
    assert_int_equal(job.done_count, 5);
    assert_int_equal(job.finished_at.ms, t->ctx.now.ms);
    t->ctx.now.ms += 61 * MS_PER_SECOND;
    assert_int_equal(job_rows_claim(&t->ctx, t->conn, 60, &job), ST_NOT_FOUND);
}

static enum status put_import(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    const struct import_row import = {.campaign = S("drill"),
                                      .procedure = S("problem"),
                                      .sha256 = S("ab"),
                                      .file_name = S("表.xlsx"),
                                      .options = S("{}"),
                                      .report = S("{}"),
                                      .total_count = 3};
    return import_rows_insert(ctx, ledger, &import, arg);
}

static void import_knows_its_cases_and_its_state(void **state)
{
    WORLD(t);
    int64_t id, last;
    struct import_row import;
    struct import_case_list cases;
    assert_int_equal(teststore_run(t, put_import, &id), ST_OK);
    assert_int_equal(import_rows_move(&t->ctx, t->conn, id, "read", "committing"), ST_OK);
    assert_int_equal(import_rows_move(&t->ctx, t->conn, id, "read", "committing"), ST_CONFLICT);
    fail_clear(&t->ctx);
    for (int64_t row = 1; row <= 3; row++) {
        const struct import_case one = {row, {"130400"}, {100 + row}};
        assert_int_equal(import_rows_add_case(&t->ctx, t->conn, id, &one), ST_OK);
    }
    assert_int_equal(import_rows_progress(&t->ctx, t->conn, id, 3), ST_OK);
    assert_int_equal(import_rows_last_row(&t->ctx, t->conn, id, &last), ST_OK);
    assert_int_equal(last, 3);
    assert_int_equal(import_rows_list_cases(&t->ctx, t->conn, id, 1, 10, &cases), ST_OK);
    assert_int_equal(cases.len, 2);
    assert_int_equal(cases.at[0].casefile.v, 102);
    assert_int_equal(import_rows_find(&t->ctx, t->conn, id, &import), ST_OK);
    assert_true(str_eq_c(import.state, "committing"));
    assert_int_equal(import.done_count, 3);
    struct import_row_list list;
    assert_int_equal(import_rows_list(&t->ctx, t->conn, INT64_MAX, 10, &list), ST_OK);
    assert_int_equal(list.len, 1);
    assert_int_equal(import_rows_find(&t->ctx, t->conn, 1, &import), ST_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(numbers_run_without_gaps),
        ON_BOTH(upload_comes_back_as_it_was),
        ON_BOTH(reply_is_kept_under_its_key_for_a_week),
        ON_BOTH(key_used_with_its_act_takes_its_reply_once),
        ON_BOTH(outbox_gives_each_entry_to_one_at_a_time),
        ON_BOTH(job_left_lying_is_taken_up_by_another),
        ON_BOTH(import_knows_its_cases_and_its_state),
    };
    return cmocka_run_group_tests_name("store/work_rows", tests, NULL, NULL);
}
