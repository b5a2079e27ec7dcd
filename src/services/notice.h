#pragma once
/*
 * What concerns whom, since they last looked: for streams. A place is where in the ledger somebody
 * has read up to, and travels as text ("1.345-3.99": writer 1 up to commit 345 …).
 */
#include "store/casefile_list.h"
#include "store/news_rows.h"

enum { NOTICE_PLACE_BYTES = 16 * 1024 };

enum notice_kind {
    NOTICE_CASE,     /* something was written in it */
    NOTICE_DEADLINE, /* a clock of it has run out */
    NOTICE_KIND_COUNT
};

const char *notice_kind_name(enum notice_kind kind);

struct notice {
    enum notice_kind kind;
    struct prefecture prefecture;
    struct casefile_id casefile;
    int64_t version; /* of the case after it */
};

struct notice_list {
    struct notice *at;
    size_t len;
    size_t cap;
};

bool notice_place_parse(struct arena *arena, struct str text, struct news_heads *out);
struct str notice_place_format(struct arena *arena, const struct news_heads *place);
bool notice_place_is_same(const struct news_heads *a, const struct news_heads *b);

/*
 * What happened between two places in cases that the scope sees, each case once a kind.
 *
 *   out_too_much   more than is told one by one: the reader had better look afresh
 */
MUST_USE enum status notice_find(struct ctx *ctx, struct db_conn *conn,
                                 const struct casefile_scope *scope, const struct news_heads *from,
                                 const struct news_heads *to, struct notice_list *out,
                                 bool *out_too_much);
