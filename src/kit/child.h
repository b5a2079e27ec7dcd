#pragma once
/*
 * A foreign program run once: text in, text out, with a limit on time and size. No shell is between.
 * The program is found through PATH; its stderr is dropped. Any thread.
 */
#include "base/ctx.h"

struct child_job {
    const char *const *argv; /* ends with null; argv[0] is the program */
    struct str input;        /* its stdin */
    size_t output_limit;     /* bytes of its stdout */
    int wait_ms;             /* after that it is killed */
};

/*
 *   out   its whole stdout, in ctx->arena
 *
 * Errors: ST_UNAVAILABLE  child.missing (program): it cannot be started
 *         ST_UNAVAILABLE  child.slow (program, wait_ms)
 *         ST_LIMIT        child.too_much (program, limit)
 *         ST_INVALID      child.refused (program, code): it ended with another code than 0
 */
MUST_USE enum status child_run(struct ctx *ctx, const struct child_job *job, struct str *out);
