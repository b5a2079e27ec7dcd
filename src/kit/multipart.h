#pragma once
/*
 * multipart/form-data (RFC 7578, RFC 2046 §5.1) read as it arrives, in pieces of any size, with
 * memory that does not grow with the body. Read strictly: no preamble but an empty one, no nested
 * multiparts, no filename*, no part without a name. One thread at a time.
 */
#include "base/ctx.h"
#include "base/str.h"

enum { MULTIPART_PARTS_MAX = 500, MULTIPART_HEAD_BYTES_MAX = 2048 };

struct multipart_part {
    struct str name;     /* of the form field; UTF-8, not empty */
    struct str filename; /* last segment of what the browser says; absent: an ordinary field */
    struct str type;     /* what the browser claims, or absent; never believed */
};

/* Called as parts go by; a status other than ST_OK ends the reading and is handed on. */
struct multipart_sink {
    enum status (*begin)(void *user, const struct multipart_part *part);
    enum status (*data)(void *user, struct str bytes); /* any number of times */
    enum status (*end)(void *user);
    void *user;
};

struct multipart;

/* The boundary out of a Content-Type; false where it is not multipart/form-data or has none. */
bool multipart_boundary(struct arena *arena, struct str content_type, struct str *out);

/* `boundary` has 1..70 bytes (RFC 2046 §5.1.1). Lives in ctx->arena; ctx stays with it. */
struct multipart *multipart_new(struct ctx *ctx, struct str boundary, struct multipart_sink sink);

/*
 * Errors: ST_MALFORMED  not what the RFC says
 *         ST_LIMIT      more than MULTIPART_PARTS_MAX parts, or a part's head too long
 *         others        from the sink
 */
MUST_USE enum status multipart_feed(struct multipart *reader, struct str bytes);

/* After the last byte. Errors: ST_MALFORMED  the closing boundary did not come. */
MUST_USE enum status multipart_end(struct multipart *reader);
