#pragma once
/*
 * What one request carries through every floor: its memory, its clock, and how it failed.
 * One thread at a time. The clock is read once, at the door.
 */
#include "base/arena.h"
#include "base/day.h"
#include "base/status.h"
#include "base/str.h"

struct value; /* base/value.h */

enum arg_kind { ARG_TEXT, ARG_INT, ARG_WORDS, ARG_DAY, ARG_INSTANT, ARG_BYTES, ARG_KEY };

/* A named value for the {name} places of a message. Texts are borrowed. */
struct arg {
    const char *name;
    enum arg_kind kind;
    struct str text;
    struct words words; /* a label from a pack, shown in the reader's language */
    int64_t number;     /* int, bytes, UTC ms, or days since 1970 */
};

enum { REASON_ARG_MAX = 6, FAILURE_NOTE_MAX = 4 };

/* One reason why not: the key of its sentence, and for a rule its clause and what would satisfy it. */
struct reason {
    const char *key;           /* i18n key, static */
    struct arg args[REASON_ARG_MAX];
    size_t arg_count;
    struct str field;          /* form field or column, or absent */
    struct str clause;         /* clause ids parted by blanks, or absent */
    const char *needs;         /* i18n key of what would satisfy it (same args), or null */
    const char *code;          /* machine name of the fault (api.md), or null */
    struct str rule;           /* what forbids it by name, or absent */
    struct str instead;        /* name of the way that stands open instead, or absent */
};

struct failure {
    enum status status; /* ST_OK: nothing failed */
    struct reason reason;
    const struct reason *more; /* further reasons of the same refusal, in ctx->arena */
    size_t more_count;
    const struct value *attempt; /* what is to be recorded of the refused attempt, or null */
    const char *file;
    int line;
    struct str notes[FAILURE_NOTE_MAX]; /* where we were, innermost first; for the log */
    size_t note_count;
};

struct ctx {
    struct arena *arena;
    struct instant now;
    struct failure failure;
    struct str request_id; /* for the log; may be absent */
};

struct arg arg_text(const char *name, struct str text);
struct arg arg_c(const char *name, const char *text);
struct arg arg_int(const char *name, int64_t number);
struct arg arg_words(const char *name, struct words words);
/* A word of the program's own catalogue: `key`, or what stands behind its last dot without one. */
struct arg arg_key(const char *name, struct str key);
struct arg arg_day(const char *name, struct day day);
struct arg arg_instant(const char *name, struct instant at);
struct arg arg_bytes(const char *name, int64_t bytes);

struct args {
    const struct arg *at;
    size_t count;
};
#define ARGS(...)                                                                                  \
    ((struct args){(const struct arg[]){__VA_ARGS__},                                              \
                   sizeof((const struct arg[]){__VA_ARGS__}) / sizeof(struct arg)})
#define NO_ARGS ((struct args){0})

struct reason reason_make(const char *key, struct args args);

/* Stores the failure (the first one wins) and gives its status back. */
#undef fail /* cmocka.h, which tests include first, has one of its own */
#define fail(ctx, status, key, args) fail_at((ctx), (status), (key), (args), __FILE__, __LINE__)
#define fail_reason(ctx, status, reason) fail_with((ctx), (status), (reason), __FILE__, __LINE__)
enum status fail_at(struct ctx *ctx, enum status status, const char *key, struct args args,
                    const char *file, int line);
enum status fail_with(struct ctx *ctx, enum status status, struct reason reason, const char *file,
                      int line);
void fail_note(struct ctx *ctx, struct str where); /* copied */
void fail_clear(struct ctx *ctx);
/* Copies the texts of the reason into ctx->arena, before the memory they were borrowed from goes. */
void fail_keep(struct ctx *ctx);

/* Returns from the caller when expr is not ST_OK: our only macro that returns. */
#define TRY(expr)                                                                                  \
    do {                                                                                           \
        enum status try_status_ = (expr);                                                          \
        if (try_status_ != ST_OK)                                                                  \
            return try_status_;                                                                    \
    } while (0)
