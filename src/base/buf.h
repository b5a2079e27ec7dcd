#pragma once
/*
 * Text under construction, in an arena, born with its limit. A failure (over the limit) is
 * remembered and later writes do nothing, so only buf_status needs a look.
 * The sink escapes: one function for each place that text may flow to.
 */
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "base/str.h"

struct buf {
    struct arena *arena;
    char *at;
    size_t len;
    size_t cap;
    size_t limit; /* bytes; more is ST_LIMIT */
    enum status status;
};

void buf_init(struct buf *buf, struct arena *arena, size_t limit_bytes);
struct str buf_str(const struct buf *buf); /* valid until the next write */
MUST_USE enum status buf_status(const struct buf *buf);
void buf_clear(struct buf *buf);

void buf_bytes(struct buf *buf, const void *bytes, size_t len);
void buf_text(struct buf *buf, struct str text);
void buf_char(struct buf *buf, char c);
void buf_c(struct buf *buf, const char *literal);
void buf_i64(struct buf *buf, int64_t value);
void buf_hex(struct buf *buf, const unsigned char *bytes, size_t len); /* lower case */
void buf_printf(struct buf *buf, const char *format, ...) PRINTF_LIKE(2, 3);

/* HTML element content and double- or single-quoted attribute: & < > " ' escaped. */
void html_text(struct buf *buf, struct str text);
void html_attr(struct buf *buf, struct str text);
/* JSON string with its quotes (RFC 8785 §3.2.2.2: shortest escapes, UTF-8 kept). */
void json_str(struct buf *buf, struct str text);
/* One CSV cell (RFC 4180); `guard` puts ' before a cell that a spreadsheet would take for a formula. */
void csv_cell(struct buf *buf, struct str text, bool guard);
/* XML 1.0 content or attribute; characters XML forbids become U+FFFD. */
void xml_text(struct buf *buf, struct str text);
/* One path segment or query value (RFC 3986 §2.3 unreserved kept). */
void url_part(struct buf *buf, struct str text);
