/*
 * A log-in reads, burns its 30 ms, then writes in one job, where the one-time code is looked at once
 * more: a code is good once, whoever comes second. Failures are written without waiting, so that a
 * name that exists answers no later than one that does not.
 */
#include "services/session.h"

#include "base/num.h"
#include "kit/password.h"
#include "services/desk.h"
#include "store/account_rows.h"
#include "store/counter_rows.h"
#include "store/record_rows.h"
#include "store/session_rows.h"

enum { TOKEN_BYTES = 32, TOKEN_HASH_CHARS = 64, AGENT_LENGTH_MAX = 200, ADDRESS_LENGTH_MAX = 64 };

static struct str token_hash(struct arena *arena, struct str token)
{
    struct digest digest = crypto_digest(CRYPTO_SHA256, token);
    return digest_format(arena, &digest);
}

/* ---- the caller ---- */

static bool has_ended(const struct session_row *row, struct instant now)
{
    return row->ends_at.ms <= now.ms || row->seen_at.ms + SESSION_IDLE_MS <= now.ms;
}

enum status caller_load(struct ctx *ctx, struct db_conn *conn, const struct world *world,
                        struct str token, struct caller *out)
{
    struct session_row row;
    struct caller caller = {.session = token_hash(ctx->arena, token)};
    enum status status = session_rows_find(ctx, conn, caller.session, &row);
    if (status == ST_NOT_FOUND)
        return fail(ctx, ST_UNAUTHENTICATED, "session.none", NO_ARGS);
    TRY(status);
    const struct world_person *person = world_find_person(world, row.person);
    if (!str_eq_c(row.state, "active") || person == NULL)
        return fail(ctx, ST_UNAUTHENTICATED, "session.none", NO_ARGS);
    if (has_ended(&row, ctx->now))
        return fail(ctx, ST_UNAUTHENTICATED, "session.ended", NO_ARGS);
    caller.account = row.account;
    caller.person = row.person;
    caller.login = row.login;
    caller.name = person->name;
    if (!platform_parse(row.platform, &caller.platform))
        caller.platform = PLATFORM_NONE;
    caller.actor = world_actor_of(ctx->arena, person, day_of_instant(ctx->now));
    TRY(desk_take_grants(ctx, conn, world, &caller.actor));
    caller.csrf = row.csrf;
    caller.must_change = row.must_change;
    caller.touch_is_due = row.seen_at.ms + SESSION_TOUCH_MS <= ctx->now.ms;
    *out = caller;
    return ST_OK;
}

enum status caller_need(struct ctx *ctx, const struct caller *caller, enum platform_act act)
{
    if (platform_may(caller->platform, act))
        return ST_OK;
    return fail(ctx, ST_DENIED, "platform.denied", ARGS(arg_c("act", platform_act_name(act))));
}

struct str caller_actor(struct arena *arena, const struct caller *caller)
{
    int64_t post = caller->actor.post_count == 0 ? 0 : caller->actor.posts[0].id.v;
    return str_printf(arena, "%lld/%lld", (long long)caller->person.v, (long long)post);
}

/* ---- one-time codes: "<secret base64url> <last step used>" ---- */

static bool otp_parse(struct arena *arena, struct str kept, struct str *secret, int64_t *step)
{
    struct str text;
    return str_next(&kept, ' ', &text) && base64url_parse(arena, text, secret) &&
           num_parse_i64(kept, 0, INT64_MAX, step);
}

struct str session_otp_format(struct arena *arena, struct str secret, int64_t last_step)
{
    return str_printf(arena, "%.*s %lld", STR_ARG(base64url_format(arena, secret)),
                      (long long)last_step);
}

/* ---- failures ---- */

struct failure_note {
    struct account_id account;
};

/* Locked for one minute after the fifth failure in a row, for two after the sixth … */
static struct instant lock_end(int64_t failures, struct instant now)
{
    if (failures < LOGIN_FAILURES_MAX)
        return INSTANT_NONE;
    int64_t minutes = 1;
    for (int64_t i = LOGIN_FAILURES_MAX; i < failures && minutes < LOGIN_LOCK_MAX_MINUTES; i++)
        minutes *= 2;
    return (struct instant){now.ms + minutes * MS_PER_MINUTE};
}

static bool is_locked(const struct credential_row *credential, struct instant now)
{
    return !instant_is_none(credential->locked_until) && now.ms < credential->locked_until.ms;
}

/* Tries against a lock do not lengthen it: else anybody could keep anybody out. */
static enum status note_failure(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    const struct failure_note *note = arg;
    struct credential_row credential;
    int64_t unknown;
    if (note->account.v == 0)
        return counter_next(ctx, ledger->conn, S("login/unknown"), &unknown);
    enum status status =
        account_rows_find_credential(ctx, ledger->conn, note->account, &credential);
    if (status == ST_NOT_FOUND || (status == ST_OK && is_locked(&credential, ctx->now)))
        return ST_OK;
    TRY(status);
    int64_t failures = credential.failures + 1;
    struct instant until = lock_end(failures, ctx->now);
    TRY(account_rows_set_failures(ctx, ledger->conn, note->account, failures, until));
    if (instant_is_none(until))
        return ST_OK;
    return record_note(ctx, ledger, note->account.v, S("system"), S("login"), S("locked"), NULL);
}

/* ---- log-in ---- */

struct opening {
    const struct login_request *request;
    struct account_id account;
    struct session_row row;
};

static enum status use_otp(struct ctx *ctx, struct db_conn *conn, const struct opening *opening,
                           struct str kept)
{
    struct str secret;
    int64_t last_step;
    int64_t step;
    if (str_is_empty(kept))
        return ST_OK;
    if (str_is_empty(opening->request->otp))
        return fail(ctx, ST_UNAUTHENTICATED, "login.otp_needed", NO_ARGS);
    if (!otp_parse(ctx->arena, kept, &secret, &last_step) ||
        !otp_matches(secret, str_trim(opening->request->otp), ctx->now, last_step, &step))
        return fail(ctx, ST_UNAUTHENTICATED, "login.failed", NO_ARGS);
    return account_rows_set_otp(ctx, conn, opening->account,
                                session_otp_format(ctx->arena, secret, step));
}

static enum status open_session(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    struct opening *opening = arg;
    struct credential_row credential;
    TRY(account_rows_find_credential(ctx, ledger->conn, opening->account, &credential));
    TRY(use_otp(ctx, ledger->conn, opening, credential.otp));
    TRY(account_rows_set_failures(ctx, ledger->conn, opening->account, 0, INSTANT_NONE));
    TRY(session_rows_drop_ended(ctx, ledger->conn,
                                (struct instant){ctx->now.ms - SESSION_IDLE_MS}));
    return session_rows_insert(ctx, ledger->conn, &opening->row);
}

/*
 * Whether the password is right. An account that is unknown, closed, locked or without a password
 * costs the same; *known tells whether a failure is to be counted.
 */
static enum status check_password(struct ctx *ctx, struct db_conn *conn,
                                  const struct login_request *request, struct account_row *account,
                                  bool *right, bool *known, bool *must_change)
{
    struct credential_row credential = {.locked_until = INSTANT_NONE};
    *known = false;
    enum status status = account_rows_find(ctx, conn, request->login, account);
    if (status == ST_OK)
        status = account_rows_find_credential(ctx, conn, account->id, &credential);
    if (status != ST_OK && status != ST_NOT_FOUND)
        return status;
    *known =
        status == ST_OK && str_eq_c(account->state, "active") && !is_locked(&credential, ctx->now);
    bool matches = password_matches(ctx, status == ST_OK ? credential.password : password_dummy(),
                                    request->password);
    *right = *known && matches;
    *must_change = credential.must_change;
    return ST_OK;
}

static void make_row(struct ctx *ctx, const struct login_request *request,
                     const struct session *session, struct session_row *out)
{
    *out = (struct session_row){
        .token = token_hash(ctx->arena, session->token),
        .account = session->account,
        .csrf = session->csrf,
        .created_at = ctx->now,
        .ends_at = {ctx->now.ms + SESSION_LIFE_MS},
        .address =
            request->address.at == NULL ? S("") : utf8_prefix(request->address, ADDRESS_LENGTH_MAX),
        .agent = request->agent.at == NULL ? S("") : utf8_prefix(request->agent, AGENT_LENGTH_MAX),
    };
}

static bool is_wrong_login(const struct ctx *ctx)
{
    return str_eq_c(S("login.failed"), ctx->failure.reason.key);
}

/*
 * Written before it is told, so that the next try meets the lock. What no account bears is counted as
 * well: an answer without a commit would come sooner, and tell who has an account.
 */
static enum status refuse_login(struct ctx *ctx, const struct home *home, struct account_id account)
{
    struct failure_note note = {.account = account};
    fail_clear(ctx);
    TRY(home_write(ctx, home, note_failure, &note));
    return fail(ctx, ST_UNAUTHENTICATED, "login.failed", NO_ARGS);
}

enum status login_open(struct ctx *ctx, const struct home *home,
                       const struct login_request *request, struct session *out)
{
    struct db_conn *conn AUTO(db_conn_cleanup) = NULL;
    struct account_row account = {0};
    struct opening opening = {.request = request};
    bool right, known, must_change;
    TRY(home_conn_open(ctx, home, &conn));
    TRY(check_password(ctx, conn, request, &account, &right, &known, &must_change));
    struct session session = {.token = crypto_token(ctx->arena, TOKEN_BYTES),
                              .csrf = crypto_token(ctx->arena, TOKEN_BYTES),
                              .account = account.id,
                              .must_change = must_change};
    opening.account = account.id;
    make_row(ctx, request, &session, &opening.row);
    enum status status = right ? home_write(ctx, home, open_session, &opening)
                               : fail(ctx, ST_UNAUTHENTICATED, "login.failed", NO_ARGS);
    if (status == ST_OK)
        *out = session;
    else if (is_wrong_login(ctx))
        return refuse_login(ctx, home, known ? account.id : (struct account_id){0});
    return status;
}

/* ---- afterwards ---- */

static enum status drop_session(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    const struct caller *caller = arg;
    return session_rows_drop(ctx, ledger->conn, caller->session);
}

enum status login_close(struct ctx *ctx, const struct home *home, const struct caller *caller)
{
    struct caller leaving = *caller;
    return home_write(ctx, home, drop_session, &leaving);
}

struct touch {
    char token[TOKEN_HASH_CHARS];
};

static enum status touch_row(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    const struct touch *touch = arg;
    return session_rows_touch(ctx, ledger->conn, (struct str){touch->token, TOKEN_HASH_CHARS},
                              ctx->now);
}

void session_touch(const struct home *home, const struct caller *caller, struct instant now)
{
    struct touch touch;
    must(caller->session.len == TOKEN_HASH_CHARS);
    for (size_t i = 0; i < TOKEN_HASH_CHARS; i++)
        touch.token[i] = caller->session.at[i];
    home_write_later(home, now, touch_row, &touch, sizeof touch);
}
