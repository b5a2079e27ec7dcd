#pragma once
/*
 * One request to the faces: a row of the route table says what it takes, a handler makes one
 * document, and the document goes out as JSON under /api/v1 or through a template to a browser.
 * Handlers know of neither; api/serve.h does both.
 */
#include "base/buf.h"
#include "base/id.h"
#include "base/value.h"
#include "kit/http_server.h"
#include "kit/words.h"

struct api;
struct api_call;
struct figures;
struct caller; /* who asks, as the account service knows them */

/*
 * Puts call->document (and location, version, status where they differ from the usual), or fails.
 * A handler that waits defers: see api_defer.
 */
typedef enum status (*api_handler)(struct api_call *call);

enum api_access {
    API_PUBLIC,    /* anybody */
    API_SIGNED_IN, /* whoever has a session; what they may do the services decide */
};

/* Beside those of enum http_route_flag. */
enum api_flag {
    API_ONLY = HTTP_ROUTE_FACE << 0,      /* under /api/v1 only */
    API_PAGE_ONLY = HTTP_ROUTE_FACE << 1, /* without /api/v1 only */
    API_BARE = HTTP_ROUTE_FACE << 2,      /* at its path only, for machines: /healthz */
    API_SANDBOX = HTTP_ROUTE_FACE << 3,   /* 404 where the data directory is no sandbox */
    API_VERSIONED = HTTP_ROUTE_FACE << 4, /* a write that needs If-Match */
    API_RAW = HTTP_ROUTE_FACE << 5,       /* the handler replies by itself: files, streams */
};

enum api_kind {
    API_TEXT,
    API_INTEGER,
    API_BOOLEAN,
    API_DATE,
    API_INSTANT,
    API_ID,
    API_LIST,
    API_MAP,
    API_FILE,
    API_KIND_COUNT
};

/* One member of a body or an answer. */
struct api_field {
    const char *name;
    enum api_kind kind;
    bool required;
    const char *of; /* API_LIST, API_MAP: name of the shape inside, or null for anything */
};

/* What answers look like, for the description of the API. */
struct api_shape {
    const char *name;
    const struct api_field *fields;
    size_t field_count;
};

struct api_route {
    const char *name; /* of the operation, unique: "case_list" */
    enum http_method method;
    const char *path; /* as in kit/http_route.h, without /api/v1 */
    api_handler handler;
    enum api_access access;
    unsigned flags;
    const char *page;               /* template of its page; null: none */
    const char *query;              /* allowed parameters parted by blanks, or null */
    int64_t body_limit;             /* bytes */
    const struct api_field *fields; /* of the body; null: none, or as the regime says (API_MAP) */
    size_t field_count;
    const char *shape;   /* of the answer, or null */
    api_handler again;   /* answers from call->location what was done before and has no kept reply:
                             the program ended in between. Null: an empty object */
    api_handler refused; /* makes the document of `page` again after a refusal of a browser's
                             write; call->problem says why. Null: the page "error" */
};

/* A session, as it was found. account 0: nobody. */
struct api_session {
    struct account_id account;
    const struct caller *caller;
    struct str csrf;
    const struct value *me; /* the document `me`, for the frame of pages */
};

/* A reply kept under an Idempotency-Key. */
struct api_kept {
    struct str key;
    struct str fingerprint; /* of the request: method, path, body */
    int status;
    struct str location; /* or absent */
    struct str reply;    /* JSON, or absent while the first request is not answered yet */
};

struct api_call {
    struct http_call *http;
    struct ctx *ctx;
    const struct api *api;
    const struct api_route *route; /* null while a request is refused that has none */
    enum lang lang;
    bool is_page; /* goes through a template */
    struct api_session session;
    struct str token; /* what the client showed, or absent */
    bool by_cookie;
    struct value *input;  /* members of the body without version, key, csrf; never null */
    int64_t version;      /* of If-Match; 0: none */
    struct api_kept kept; /* key and fingerprint of this request; key absent: none */
    void *state;          /* the handler's own, across a wait */
    api_handler then;     /* set by api_continue */
    bool *deferred;       /* of the thread that runs the handler */
    /* The answer: */
    int status;                  /* 0: 200, or 201 with a location */
    struct value *document;      /* a map */
    struct str location;         /* path without /api/v1; a browser is sent there after a write */
    int64_t answer_version;      /* ETag; 0: none */
    const char *flash;           /* key flash.… of what a write has done, told on the next page */
    const struct value *problem; /* for `refused` */
};

/* Functions handed down, so that this floor stands without knowing who keeps what. Null: not. */
struct api_doors {
    void *user;
    bool sandbox;
    bool secure; /* cookies only over TLS: a proxy in front speaks it */
    struct str secret; /* of this installation: by it requests are fingerprinted */
    const char *version;
    struct instant (*now)(void *user);
    /* ST_NOT_FOUND: no such session, or it is over. `token` as the client shows it. */
    enum status (*find_session)(struct api_call *call, struct str token, struct api_session *out);
    /* ST_NOT_FOUND: the key is new. Runs before the handler. */
    enum status (*find_kept)(struct api_call *call, struct str key, struct api_kept *out);
    /* The reply of call->kept.key is known; does not wait. */
    void (*keep)(struct api_call *call, const struct api_kept *kept);
    bool (*is_ready)(void *user, void *thread);
    void (*print_figures)(void *user, struct buf *out); /* Prometheus text */
};

/* The pages, handed down by the floor above. */
struct api_pages {
    void *user;
    /* Fields of a form as the tree that JSON would have been. */
    enum status (*fold)(struct ctx *ctx, const struct pairs *form, struct value **out);
    enum status (*render)(void *user, struct api_call *call, struct str page,
                          struct value *document, struct buf *out);
};

/* Between a write and the page that tells of it. */
#define FLASH_COOKIE "flash"

/* What outlives requests; read-only once it serves. Open to read. */
struct api {
    const struct words_book *words;
    struct api_doors doors;
    struct api_pages pages;
    const struct api_shape *shapes;
    size_t shape_count;
    const struct api_route *const *routes; /* all of them, in the order of their tables */
    size_t route_count;
    struct figures *figures;
};

/* The call of an HTTP call. */
struct api_call *api_call_of(struct http_call *http);

/* Null where the map has none, is not given or empty: filters that a form sent empty are absent. */
struct str api_query(const struct api_call *call, const char *name);
struct str api_capture(const struct api_call *call, const char *name);

/*
 * The handler's last acts: whoever is told about the call goes on with api_continue, on any
 * thread, once. `then` runs as a handler.
 */
void api_defer(struct api_call *call);
void api_continue(struct api_call *call, api_handler then);
/* Instead of it: the wait ended badly, the failure is in call->ctx. */
void api_fail(struct api_call *call, enum status status);

/* A failure that a field is to blame for: 422 with errors[]. */
enum status api_field_wrong(struct api_call *call, const char *field, const char *key,
                            struct args args);
