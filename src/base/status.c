/*
 * The table of endings and its look-ups.
 */
#include "base/status.h"

#include <stdio.h>
#include <stdlib.h>

static const struct {
    const char *name;
    int http;
    int exit_code;
    const char *key;
} endings[ST_COUNT] = {
#define X(code, name, http, exit_code, key) [code] = {name, http, exit_code, key},
    STATUS_TABLE(X)
#undef X
};

const char *status_name(enum status code)
{
    return endings[code].name;
}

int status_http(enum status code)
{
    return endings[code].http;
}

int status_exit(enum status code)
{
    return endings[code].exit_code;
}

const char *status_key(enum status code)
{
    return endings[code].key;
}

void must_failed(const char *expr, const char *file, int line)
{
    fprintf(stderr, "lantian: broken invariant: %s at %s:%d\n", expr, file, line);
    abort();
}
