#pragma once
/*
 * How an act ended. Code travels by return value, the message by context: see base/ctx.h.
 * One table (status_table.h) yields HTTP status, exit code and catalogue key.
 */
#include "base/status_table.h"

#define MUST_USE __attribute__((warn_unused_result))
#define AUTO(fn) __attribute__((cleanup(fn)))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

enum status {
#define X(code, name, http, exit_code, key) code,
    STATUS_TABLE(X)
#undef X
        ST_COUNT
};

const char *status_name(enum status code);
int status_http(enum status code);
int status_exit(enum status code);
const char *status_key(enum status code);

/*
 * States what only we could break. Stays on in production: logs one line and ends the process.
 * What the world can do is a status instead; input that reaches a `must` is a bug of its own.
 */
#define must(expr) ((expr) ? (void)0 : must_failed(#expr, __FILE__, __LINE__))
_Noreturn void must_failed(const char *expr, const char *file, int line);
