#pragma once
/*
 * Who is asking: log-in, sessions, the caller behind a request. Sessions and failures stand beside
 * the ledger; that an account was locked stands in it.
 *
 * login_open burns about 30 ms and 19 MiB, and what writes waits for the commit: on a bounded pool
 * (kit/workers.h), never on a thread that serves sockets. caller_load and session_touch are for any
 * thread.
 */
#include "base/id.h"
#include "services/home.h"
#include "services/platform.h"

enum {
    SESSION_IDLE_MS = 30 * MS_PER_MINUTE,
    SESSION_LIFE_MS = 12 * MS_PER_HOUR,
    SESSION_TOUCH_MS = MS_PER_MINUTE, /* how exactly the last use is kept */
    LOGIN_FAILURES_MAX = 5, /* in a row; then the account is locked for a minute, two, four … */
    LOGIN_LOCK_MAX_MINUTES = 64,
};

/* The person behind a request; lives in ctx->arena and in the snapshot. */
struct caller {
    struct account_id account;
    struct person_id person;
    struct str login;
    struct str name;
    enum platform platform;
    struct actor actor; /* the posts held today */
    struct str csrf;
    struct str session; /* hash of the token, names the session */
    bool must_change;   /* the password is a one-time one: nothing else may be done first */
    bool touch_is_due;  /* call session_touch */
};

/*
 * The caller whose browser holds `token`.
 *
 * Errors: ST_UNAUTHENTICATED session.none (no such token, logged out, account closed),
 *                            session.ended (idle too long, or half a day old)
 */
MUST_USE enum status caller_load(struct ctx *ctx, struct db_conn *conn, const struct world *world,
                                 struct str token, struct caller *out);
/* ST_DENIED platform.denied {act}: the caller's post of the platform does not allow it. */
MUST_USE enum status caller_need(struct ctx *ctx, const struct caller *caller,
                                 enum platform_act act);
/* How the caller stands in records: "<person id>/<post id>"; post 0 for who holds none. */
struct str caller_actor(struct arena *arena, const struct caller *caller);

/* ---- sessions ---- */

struct login_request {
    struct str login;
    struct str password;
    struct str otp;            /* or absent */
    struct str address, agent; /* for the list of one's sessions */
};

struct session {
    struct str token; /* for the browser; only its hash is kept */
    struct str csrf;
    struct account_id account;
    bool must_change;
};

/*
 * The same answer after the same time for an unknown name, a wrong password and a locked account.
 *
 * Errors: ST_UNAUTHENTICATED login.failed; login.otp_needed: the password was right
 */
MUST_USE enum status login_open(struct ctx *ctx, const struct home *home,
                                const struct login_request *request, struct session *out);
MUST_USE enum status login_close(struct ctx *ctx, const struct home *home,
                                 const struct caller *caller);
/* Notes the session's use; does not wait. */
void session_touch(const struct home *home, const struct caller *caller, struct instant now);

/* How a one-time-code secret is kept (account_rows_set_otp), with the last step that was used. */
struct str session_otp_format(struct arena *arena, struct str secret, int64_t last_step);
