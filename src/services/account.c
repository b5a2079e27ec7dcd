/*
 * Each function hashes first, on the caller's thread, then hands one job to the writer: the job reads
 * the account as it is, checks, writes the record and what stands beside it.
 */
#include "services/account.h"

#include "kit/password.h"
#include "store/account_rows.h"
#include "store/directory_rows.h"
#include "store/record_rows.h"
#include "store/session_rows.h"

/* ---- what may be a login, what a password ---- */

enum { LOGIN_TELLING_LENGTH = 4 }; /* shorter ones occur in any text */

static bool is_login_char(char c, bool first)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           (!first && (c == '.' || c == '_' || c == '-'));
}

bool login_is_valid(struct str login)
{
    bool good = login.len > 0 && login.len <= LOGIN_LENGTH_MAX;
    for (size_t i = 0; good && i < login.len; i++)
        good = is_login_char(login.at[i], i == 0);
    return good;
}

static enum status bad_password(struct ctx *ctx, const char *key)
{
    struct reason reason = reason_make(key, ARGS(arg_int("min", PASSWORD_LENGTH_MIN)));
    reason.field = S("new");
    return fail_reason(ctx, ST_INVALID, reason);
}

static enum status check_password(struct ctx *ctx, struct str login, struct str password)
{
    if (!str_is_clean(password) || utf8_length(password) < PASSWORD_LENGTH_MIN)
        return bad_password(ctx, "account.password_short");
    if (login.len >= LOGIN_TELLING_LENGTH && str_has(password, login))
        return bad_password(ctx, "account.password_is_login");
    return ST_OK;
}

/* Four groups of four out of 32 characters that nobody mixes up: 80 bits. */
static struct str make_one_time(struct arena *arena)
{
    static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789";
    unsigned char bytes[16];
    char *text = arena_alloc(arena, sizeof bytes + 3);
    size_t len = 0;
    crypto_random(bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++) {
        if (i > 0 && i % 4 == 0)
            text[len++] = '-';
        text[len++] = letters[bytes[i] % 32];
    }
    return (struct str){text, len};
}

/* ---- the record ---- */

static struct value *fields_of(struct arena *arena, const struct account_row *account)
{
    struct value *fields = value_map(arena);
    value_put_text(arena, fields, "person",
                   str_printf(arena, "%lld", (long long)account->person.v));
    value_put_text(arena, fields, "login", account->login);
    value_put_text(arena, fields, "platform", account->platform);
    value_put_text(arena, fields, "state", account->state);
    return fields;
}

static enum status find_account(struct ctx *ctx, struct db_conn *conn, struct str login,
                                struct account_row *out)
{
    enum status status = account_rows_find(ctx, conn, login, out);
    return status == ST_NOT_FOUND
               ? fail(ctx, ST_NOT_FOUND, "account.unknown", ARGS(arg_text("login", login)))
               : status;
}

/* A post in a case and a post of the platform exclude each other. */
static enum status need_no_posts(struct ctx *ctx, struct db_conn *conn, struct person_id person)
{
    struct post_row_list posts;
    struct day today = day_of_instant(ctx->now);
    TRY(directory_rows_list_posts(ctx, conn, &posts));
    for (size_t i = 0; i < posts.len; i++) {
        const struct post_row *post = &posts.at[i];
        bool over = !day_is_none(post->valid_to) && post->valid_to.v < today.v;
        if (post->person.v == person.v && !over && platform_of_post(post->post) == PLATFORM_NONE)
            return fail(ctx, ST_CONFLICT, "account.platform_excludes", NO_ARGS);
    }
    return ST_OK;
}

/* ---- making ---- */

struct making {
    const struct account_terms *terms;
    struct str actor;
    struct str encoded;
    bool must_change;
    struct account_id made;
};

static enum status make_person(struct ctx *ctx, struct ledger_tx *ledger,
                               const struct making *making, struct person_id *out)
{
    *out = making->terms->person;
    if (out->v != 0)
        return making->terms->platform == PLATFORM_NONE ? ST_OK
                                                        : need_no_posts(ctx, ledger->conn, *out);
    struct value *fields = value_map(ctx->arena);
    value_put_text(ctx->arena, fields, "name", making->terms->name);
    return record_put(ctx, ledger, RECORD_PERSON, 0, making->actor, S("create"), fields, &out->v);
}

static enum status make_account(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    struct making *making = arg;
    struct account_row account = {.login = making->terms->login,
                                  .platform = str_of(platform_name(making->terms->platform)),
                                  .state = S("active")};
    struct account_row taken;
    enum status status = account_rows_find(ctx, ledger->conn, account.login, &taken);
    if (status == ST_OK)
        return fail(ctx, ST_CONFLICT, "account.login_taken",
                    ARGS(arg_text("login", account.login)));
    if (status != ST_NOT_FOUND)
        return status;
    TRY(make_person(ctx, ledger, making, &account.person));
    TRY(record_put(ctx, ledger, RECORD_ACCOUNT, 0, making->actor, S("create"),
                   fields_of(ctx->arena, &account), &making->made.v));
    return account_rows_put_password(ctx, ledger->conn, making->made, making->encoded,
                                     making->must_change);
}

enum status account_create(struct ctx *ctx, const struct home *home,
                           const struct account_terms *terms, struct str actor,
                           struct account_id *out, struct str *out_password)
{
    struct making making = {
        .terms = terms, .actor = actor, .must_change = terms->password.at == NULL};
    struct str made_up = making.must_change ? make_one_time(ctx->arena) : (struct str){0};
    if (!login_is_valid(terms->login))
        return fail(ctx, ST_INVALID, "account.login_wrong", ARGS(arg_text("login", terms->login)));
    if (!making.must_change)
        TRY(check_password(ctx, terms->login, terms->password));
    TRY(password_hash(ctx, making.must_change ? made_up : terms->password, &making.encoded));
    TRY(home_write(ctx, home, make_account, &making));
    *out = making.made;
    *out_password = made_up;
    return ST_OK;
}

/* ---- passwords ---- */

struct setting {
    struct str login;
    struct str actor;
    struct str encoded;
    bool must_change;
    struct str except; /* session that goes on; empty: none */
};

static enum status set_password(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    const struct setting *setting = arg;
    struct account_row account;
    TRY(find_account(ctx, ledger->conn, setting->login, &account));
    TRY(account_rows_put_password(ctx, ledger->conn, account.id, setting->encoded,
                                  setting->must_change));
    TRY(session_rows_drop_account(ctx, ledger->conn, account.id, setting->except));
    return record_note(ctx, ledger, account.id.v, setting->actor, S("set_password"), S("password"),
                       NULL);
}

enum status account_set_password(struct ctx *ctx, const struct home *home, struct str login,
                                 struct str password, bool must_change, struct str actor)
{
    struct setting setting = {
        .login = login, .actor = actor, .must_change = must_change, .except = S("")};
    TRY(check_password(ctx, login, password));
    TRY(password_hash(ctx, password, &setting.encoded));
    return home_write(ctx, home, set_password, &setting);
}

enum status account_reset_password(struct ctx *ctx, const struct home *home, struct str login,
                                   struct str actor, struct str *out_password)
{
    struct str made_up = make_one_time(ctx->arena);
    TRY(account_set_password(ctx, home, login, made_up, true, actor));
    *out_password = made_up;
    return ST_OK;
}

static enum status need_old_password(struct ctx *ctx, const struct home *home,
                                     const struct caller *caller, struct str password)
{
    struct db_conn *conn AUTO(db_conn_cleanup) = NULL;
    struct credential_row credential;
    struct reason reason = reason_make("account.password_wrong", NO_ARGS);
    reason.field = S("old");
    TRY(home_conn_open(ctx, home, &conn));
    TRY(account_rows_find_credential(ctx, conn, caller->account, &credential));
    return password_matches(ctx, credential.password, password)
               ? ST_OK
               : fail_reason(ctx, ST_INVALID, reason);
}

enum status account_change_password(struct ctx *ctx, const struct home *home,
                                    const struct caller *caller, struct str old_password,
                                    struct str new_password)
{
    struct setting setting = {.login = caller->login,
                              .actor = caller_actor(ctx->arena, caller),
                              .except = caller->session};
    TRY(need_old_password(ctx, home, caller, old_password));
    TRY(check_password(ctx, caller->login, new_password));
    if (str_eq(old_password, new_password))
        return bad_password(ctx, "account.password_same");
    TRY(password_hash(ctx, new_password, &setting.encoded));
    return home_write(ctx, home, set_password, &setting);
}

/* ---- posts of the platform, open and closed ---- */

struct change {
    struct str login;
    struct str actor;
    struct str command;
    const enum platform *platform; /* null: stays */
    const bool *is_open;           /* null: stays */
};

static enum status change_account(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    const struct change *change = arg;
    struct account_row account;
    TRY(find_account(ctx, ledger->conn, change->login, &account));
    if (change->platform != NULL && *change->platform != PLATFORM_NONE)
        TRY(need_no_posts(ctx, ledger->conn, account.person));
    if (change->platform != NULL)
        account.platform = str_of(platform_name(*change->platform));
    if (change->is_open != NULL)
        account.state = *change->is_open ? S("active") : S("closed");
    if (change->is_open != NULL && !*change->is_open)
        TRY(session_rows_drop_account(ctx, ledger->conn, account.id, S("")));
    return record_put(ctx, ledger, RECORD_ACCOUNT, account.id.v, change->actor, change->command,
                      fields_of(ctx->arena, &account), NULL);
}

enum status account_grant(struct ctx *ctx, const struct home *home, struct str login,
                          enum platform platform, struct str actor)
{
    struct change change = {
        .login = login, .actor = actor, .command = S("grant"), .platform = &platform};
    return home_write(ctx, home, change_account, &change);
}

enum status account_set_open(struct ctx *ctx, const struct home *home, struct str login,
                             bool is_open, struct str actor)
{
    struct change change = {.login = login,
                            .actor = actor,
                            .command = is_open ? S("open") : S("close"),
                            .is_open = &is_open};
    return home_write(ctx, home, change_account, &change);
}

/* ---- one-time codes ---- */

struct otp_change {
    struct str login;
    struct str actor;
    struct str kept; /* absent: no codes any more */
};

static enum status change_otp(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    const struct otp_change *change = arg;
    struct account_row account;
    TRY(find_account(ctx, ledger->conn, change->login, &account));
    TRY(account_rows_set_otp(ctx, ledger->conn, account.id, change->kept));
    return record_note(ctx, ledger, account.id.v, change->actor, S("set_otp"),
                       change->kept.at == NULL ? S("otp_off") : S("otp_on"), NULL);
}

enum status account_make_otp(struct ctx *ctx, const struct home *home, const struct caller *caller,
                             struct str *out_secret)
{
    struct str secret = otp_secret_new(ctx->arena);
    struct otp_change change = {.login = caller->login,
                                .actor = caller_actor(ctx->arena, caller),
                                .kept = session_otp_format(ctx->arena, secret, 0)};
    TRY(home_write(ctx, home, change_otp, &change));
    *out_secret = otp_secret_format(ctx->arena, secret);
    return ST_OK;
}

enum status account_drop_otp(struct ctx *ctx, const struct home *home, struct str login,
                             struct str actor)
{
    struct otp_change change = {.login = login, .actor = actor};
    return home_write(ctx, home, change_otp, &change);
}

/* ---- the example ---- */

/* One hash for all: a known password needs no salt of its own, and 250 hashes take eight seconds. */
static enum status give_examples(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    const struct str *encoded = arg;
    struct account_row_list accounts;
    TRY(account_rows_list(ctx, ledger->conn, &accounts));
    for (size_t i = 0; i < accounts.len; i++) {
        const struct account_row *account = &accounts.at[i];
        if (account->has_password || !str_eq_c(account->state, "active"))
            continue;
        TRY(account_rows_put_password(ctx, ledger->conn, account->id, *encoded, false));
        TRY(record_note(ctx, ledger, account->id.v, S("system"), S("set_password"), S("password"),
                        NULL));
    }
    return ST_OK;
}

enum status account_give_example_passwords(struct ctx *ctx, const struct home *home)
{
    struct str encoded;
    if (!home->store->sandbox)
        return fail(ctx, ST_CONFLICT, "sandbox.only", NO_ARGS);
    TRY(password_hash(ctx, S(EXAMPLE_PASSWORD), &encoded));
    return home_write(ctx, home, give_examples, &encoded);
}
