#pragma once
/*
 * Every way an act can end: X(code, name, HTTP status, exit code, catalogue key).
 * Exit codes: 0 done, 1 the answer is no, 2 wrong use, 3 environment.
 */
#define STATUS_TABLE(X)                                                                            \
    X(ST_OK, "ok", 200, 0, "status.ok")                                                            \
    X(ST_MALFORMED, "malformed", 400, 2, "status.malformed")                                       \
    X(ST_UNAUTHENTICATED, "unauthenticated", 401, 1, "status.unauthenticated")                     \
    X(ST_DENIED, "denied", 403, 1, "status.denied")                                                \
    X(ST_NOT_FOUND, "not_found", 404, 1, "status.not_found")                                       \
    X(ST_METHOD, "method_not_allowed", 405, 2, "status.method_not_allowed")                        \
    X(ST_CONFLICT, "conflict", 409, 1, "status.conflict")                                          \
    X(ST_STALE, "stale", 412, 1, "status.stale")                                                   \
    X(ST_LIMIT, "limit", 413, 1, "status.limit")                                                   \
    X(ST_MEDIA, "unsupported_media", 415, 1, "status.unsupported_media")                           \
    X(ST_INVALID, "invalid", 422, 1, "status.invalid")                                             \
    X(ST_VERSION_NEEDED, "version_needed", 428, 2, "status.version_needed")                        \
    X(ST_THROTTLED, "throttled", 429, 1, "status.throttled")                                       \
    X(ST_BROKEN, "broken", 500, 1, "status.broken")                                                \
    X(ST_INTERNAL, "internal", 500, 3, "status.internal")                                          \
    X(ST_IO, "io", 503, 3, "status.io")                                                            \
    X(ST_UNAVAILABLE, "unavailable", 503, 3, "status.unavailable")
