/*
 * Checkpoints: every committed event once, proofs that a stranger can check, and every way of
 * tampering with events, leaves, nodes and signed roots found. Each fact on both engines.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "store/checkpoint_verify.h"
#include "support/teststore.h"

static const struct prefecture handan = {"130400"};
static const struct sign_seed seed = {{1, 2, 3}};

struct order {
    int count;
    struct casefile_id id;
};

static enum status append_events(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    struct order *order = arg;
    struct event_list list = {0};
    struct str last = S("");
    order->id = (struct casefile_id){ledger_new_id(ledger, ctx->now)};
    for (int i = 1; i <= order->count; i++)
        vec_add(ctx->arena, &list,
                ((struct event){.prefecture = handan,
                                .casefile = order->id,
                                .sequence = i,
                                .recorded_at = ctx->now,
                                .happened_at = ctx->now,
                                .actor = S("system"),
                                .command = S("note"),
                                .type = EVENT_NOTED,
                                .payload = value_map(ctx->arena)}));
    return ledger_append(ctx, ledger, &list, &last);
}

static struct casefile_id append_case(struct teststore *t, int count)
{
    struct order order = {.count = count};
    assert_int_equal(teststore_run(t, append_events, &order), ST_OK);
    return order.id;
}

struct signing {
    struct checkpoint made;
    bool more;
};

static enum status sign_job(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    struct signing *signing = arg;
    return checkpoint_make(ctx, ledger, &seed, &signing->more, &signing->made);
}

static struct checkpoint sign(struct teststore *t)
{
    struct signing signing = {0};
    assert_int_equal(teststore_run(t, sign_job, &signing), ST_OK);
    assert_false(signing.more);
    return signing.made;
}

static struct ledger_verdict verify(struct teststore *t)
{
    struct ledger_verdict verdict;
    const struct sign_public own = sign_public_of(&seed);
    assert_int_equal(
        checkpoint_verify(&t->ctx, t->conn, t->store->hash, &own, NULL, NULL, &verdict), ST_OK);
    return verdict;
}

static void tamper(struct teststore *t, const char *sql)
{
    static const char *const tables[] = {"event", "commit_link", "leaf", "merkle_node",
                                         "checkpoint"};
    struct arena *arena = t->ctx.arena;
    for (size_t i = 0; i < COUNT_OF(tables); i++) {
        const char *off = db_engine(t->store->db) == DB_SQLITE
                              ? "DROP TRIGGER %1$s_no_update; DROP TRIGGER %1$s_no_delete;"
                              : "ALTER TABLE %1$s DISABLE TRIGGER ALL;";
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        assert_int_equal(
            db_script(&t->ctx, t->conn, str_c(arena, str_printf(arena, off, tables[i]))), ST_OK);
#pragma GCC diagnostic pop
    }
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

static void every_event_gets_one_leaf_and_nothing_new_is_not_signed(void **state)
{
    WORLD(t);
    append_case(t, 3);
    assert_int_equal(sign(t).size, 4); /* and the ledger's first event */
    assert_int_equal(sign(t).size, 0);
    append_case(t, 2);
    struct checkpoint last = sign(t), found;
    assert_int_equal(last.size, 6);
    assert_int_equal(checkpoint_find_last(&t->ctx, t->conn, &found), ST_OK);
    assert_true(digest_eq(&found.root, &last.root));
    assert_true(str_eq(found.heads, last.heads));
    struct ledger_verdict verdict = verify(t);
    assert_true(verdict.whole);
    assert_int_equal(verdict.checkpoints, 2);
}

/* ---- a stranger's checks: RFC 9162 §2.1.3.2 and §2.1.4.2 ---- */

static bool is_included(enum crypto_hash hash, struct digest leaf, int64_t fn, int64_t sn,
                        const struct merkle_path *path, const struct digest *root)
{
    struct digest r = leaf;
    for (size_t i = 0; i < path->len; i++) {
        if (sn == 0)
            return false;
        if (fn % 2 == 1 || fn == sn) {
            r = merkle_node(hash, &path->at[i], &r);
            for (; fn % 2 == 0 && fn != 0; fn /= 2)
                sn /= 2;
        } else {
            r = merkle_node(hash, &r, &path->at[i]);
        }
        fn /= 2;
        sn /= 2;
    }
    return sn == 0 && digest_eq(&r, root);
}

static bool is_consistent(enum crypto_hash hash, const struct checkpoint *from,
                          const struct checkpoint *to, const struct merkle_path *path)
{
    int64_t fn = from->size - 1, sn = to->size - 1;
    size_t i = 0;
    if (from->size == to->size)
        return path->len == 0 && digest_eq(&from->root, &to->root);
    bool is_power = (from->size & (from->size - 1)) == 0;
    if (!is_power && path->len == 0)
        return false;
    struct digest fr = is_power ? from->root : path->at[i++], sr = fr;
    for (; fn % 2 == 1; fn /= 2)
        sn /= 2;
    for (; i < path->len; i++) {
        if (sn == 0)
            return false;
        if (fn % 2 == 1 || fn == sn) {
            fr = merkle_node(hash, &path->at[i], &fr);
            sr = merkle_node(hash, &path->at[i], &sr);
            for (; fn % 2 == 0 && fn != 0; fn /= 2)
                sn /= 2;
        } else {
            sr = merkle_node(hash, &sr, &path->at[i]);
        }
        fn /= 2;
        sn /= 2;
    }
    return sn == 0 && digest_eq(&fr, &from->root) && digest_eq(&sr, &to->root);
}

/* Sizes around the kept nodes of 256 leaves. */
static const int growth[] = {1, 1, 5, 120, 128, 1, 1, 90, 255, 300};

static void proofs_of_every_size_convince_a_stranger(void **state)
{
    WORLD(t);
    struct checkpoint made[COUNT_OF(growth)];
    struct merkle_path path;
    enum crypto_hash hash = t->store->hash;
    for (size_t n = 0; n < COUNT_OF(growth); n++) {
        append_case(t, growth[n]);
        made[n] = sign(t);
        for (size_t m = 0; m <= n; m++) {
            assert_int_equal(checkpoint_prove_consistency(&t->ctx, t->conn, hash, made[m].size,
                                                          made[n].size, &path),
                             ST_OK);
            assert_true(is_consistent(hash, &made[m], &made[n], &path));
            if (m < n && path.len > 0) {
                path.at[path.len / 2].bytes[0] ^= 1;
                assert_false(is_consistent(hash, &made[m], &made[n], &path));
            }
        }
    }
    const struct checkpoint *last = &made[COUNT_OF(growth) - 1];
    struct leaf_list leaves;
    struct casefile_id id = append_case(t, 7);
    struct checkpoint now = sign(t);
    assert_int_equal(checkpoint_list_case(&t->ctx, t->conn, handan, id, last->size, &leaves),
                     ST_OK);
    assert_int_equal(leaves.len, 0);
    assert_int_equal(checkpoint_list_case(&t->ctx, t->conn, handan, id, now.size, &leaves), ST_OK);
    assert_int_equal(leaves.len, 7);
    for (size_t i = 0; i < leaves.len; i++) {
        struct digest event;
        assert_true(digest_parse(leaves.at[i].hash, &event));
        struct digest leaf =
            merkle_leaf(hash, (struct str){(const char *)event.bytes, sizeof event.bytes});
        assert_int_equal(checkpoint_prove_inclusion(&t->ctx, t->conn, hash, leaves.at[i].number,
                                                    now.size, &path),
                         ST_OK);
        assert_true(is_included(hash, leaf, leaves.at[i].number, now.size - 1, &path, &now.root));
        leaf.bytes[3] ^= 1;
        assert_false(is_included(hash, leaf, leaves.at[i].number, now.size - 1, &path, &now.root));
    }
    assert_true(verify(t).whole);
}

static void tables_refuse_update_and_delete(void **state)
{
    WORLD(t);
    append_case(t, 260);
    sign(t);
    static const char *const attempts[] = {
        "UPDATE leaf SET number = 7 WHERE number = 1", "DELETE FROM leaf",
        "UPDATE merkle_node SET hash = 'x'",           "DELETE FROM merkle_node",
        "UPDATE checkpoint SET root = 'x'",            "DELETE FROM checkpoint"};
    for (size_t i = 0; i < COUNT_OF(attempts); i++) {
        assert_int_equal(db_script(&t->ctx, t->conn, attempts[i]), ST_DENIED);
        fail_clear(&t->ctx);
    }
}

struct tampering {
    const char *sql;
    const char *why;
};

/* Of the second case, whichever writer took it. */
#define LAST_COMMIT                                                                                \
    "(SELECT writer, commit_number FROM event WHERE sequence = 1"                                  \
    " AND casefile = (SELECT casefile FROM leaf WHERE number = 263))"

static const struct tampering tamperings[] = {
    {"UPDATE leaf SET sequence = sequence + 9000 WHERE number = 5", "ledger.broken.missing_event"},
    {"DELETE FROM leaf WHERE number = 5", "ledger.broken.changed_tree"},
    {"DELETE FROM leaf WHERE number = (SELECT max(number) FROM leaf)",
     "ledger.broken.changed_tree"},
    {"UPDATE leaf SET sequence = 9000 WHERE number = 5;"
     "UPDATE leaf SET sequence = 5 WHERE number = 6;"
     "UPDATE leaf SET sequence = 6 WHERE number = 5",
     "ledger.broken.changed_tree"},
    {"INSERT INTO leaf VALUES (900, '000000', 1, 1)", "ledger.broken.changed_tree"},
    {"UPDATE merkle_node SET hash = replace(hash, 'a', 'b')", "ledger.broken.changed_tree"},
    {"DELETE FROM merkle_node", "ledger.broken.changed_tree"},
    {"INSERT INTO merkle_node VALUES (8, 9, '')", "ledger.broken.changed_tree"},
    {"UPDATE checkpoint SET root = replace(root, 'a', 'b')", "ledger.broken.signature"},
    {"UPDATE checkpoint SET made_at = made_at + 1", "ledger.broken.signature"},
    {"UPDATE checkpoint SET heads = heads || '0'", "ledger.broken.signature"},
    {"UPDATE checkpoint SET size = size - 1", "ledger.broken.signature"},
    {"UPDATE checkpoint SET public_key = replace(public_key, 'a', 'b')",
     "ledger.broken.signature"},
    {"UPDATE checkpoint SET signature = replace(signature, 'a', 'b')", "ledger.broken.signature"},
    {"UPDATE checkpoint SET signature = 'x'", "checkpoint.unreadable"},
    /* what the chains alone cannot tell: the last commit with all its events is gone */
    {"DELETE FROM commit_link WHERE (writer, number) = " LAST_COMMIT ";"
     "DELETE FROM event WHERE casefile = (SELECT casefile FROM leaf WHERE number = 263)",
     "ledger.broken.missing_event"},
    {"DELETE FROM commit_link WHERE (writer, number) = " LAST_COMMIT ";"
     "DELETE FROM event WHERE casefile = (SELECT casefile FROM leaf WHERE number = 263);"
     "DELETE FROM leaf WHERE number >= 261",
     "ledger.broken.changed_tree"},
    {"UPDATE commit_link SET last_id = last_id + 1 WHERE (writer, number) = " LAST_COMMIT,
     "ledger.broken.signed_commit"},
    {"UPDATE commit_link SET last_id = -1 WHERE (writer, number) = " LAST_COMMIT,
     "ledger.broken.changed_commit"},
};

static void tampering_is_found(void **state)
{
    WORLD(first);
    enum db_engine engine = db_engine(first->store->db);
    for (size_t i = 0; i < COUNT_OF(tamperings); i++) {
        struct teststore *t = teststore_new(engine);
        append_case(t, 260);
        t->ctx.now.ms += 1000;
        append_case(t, 3);
        assert_int_equal(sign(t).size, 264);
        tamper(t, tamperings[i].sql);
        struct ledger_verdict verdict = verify(t);
        assert_false(verdict.whole);
        assert_string_equal(verdict.why, tamperings[i].why);
        teststore_free(t);
    }
}

/* Somebody with the database alone writes history anew and signs it with a key of his own. */
static void root_signed_by_a_stranger_only_is_found(void **state)
{
    WORLD(t);
    append_case(t, 3);
    sign(t);
    const struct sign_seed other = {{9}};
    const struct sign_public own = sign_public_of(&other);
    struct ledger_verdict verdict;
    assert_int_equal(
        checkpoint_verify(&t->ctx, t->conn, t->store->hash, &own, NULL, NULL, &verdict), ST_OK);
    assert_false(verdict.whole);
    assert_string_equal(verdict.why, "ledger.broken.foreign_key");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        ON_BOTH(every_event_gets_one_leaf_and_nothing_new_is_not_signed),
        ON_BOTH(proofs_of_every_size_convince_a_stranger),
        ON_BOTH(tables_refuse_update_and_delete),
        ON_BOTH(tampering_is_found),
        ON_BOTH(root_signed_by_a_stranger_only_is_found),
    };
    return cmocka_run_group_tests_name("checkpoint", tests, NULL, NULL);
}
