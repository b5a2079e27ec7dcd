#pragma once
/*
 * What must not stand in a text that is released: found and marked in Chinese prose, for a person to
 * accept or reject. Text only; nothing is looked up and nothing is kept. Any thread.
 *
 * It finds by form and by neighbourhood: numbers by their shape and check digit, names by the
 * surname, the words before them (联系人, 举报人 …) and after them (同志, 书记 …). A name that nothing
 * around it gives away is not found, nor is what only a neighbour would recognise. So whoever
 * releases a text still reads it; the measured share is told by `lantian redact --measure`.
 *
 * Left alone: what is masked already (张某某, 138****5678), names of firms, villages and roads, posts
 * without a name (县委书记), hotlines (12345, 400-…), numbers of cases and documents.
 */
#include "base/arena.h"
#include "base/str.h"

/* X(ENUM, name): the name is that of the corpus and of the words `redact.kind.<name>`. */
#define REDACT_TABLE(X)                                                                            \
    X(REDACT_NAME, "name")                                                                         \
    X(REDACT_MOBILE, "mobile")                                                                     \
    X(REDACT_LANDLINE, "landline")                                                                 \
    X(REDACT_IDENTITY, "identity")                                                                 \
    X(REDACT_HOUSE, "house")                                                                       \
    X(REDACT_EMAIL, "email")                                                                       \
    X(REDACT_ACCOUNT, "account")                                                                   \
    X(REDACT_PLATE, "plate")                                                                       \
    X(REDACT_COMPLAINANT, "complainant")

enum redact_kind {
#define X(constant, name) constant,
    REDACT_TABLE(X)
#undef X
        REDACT_KIND_COUNT
};

/* From this on a mark is taken for certain: what is certain keeps a text from being released. */
enum { REDACT_CERTAIN = 90 };

struct redact_mark {
    size_t from; /* bytes, on borders of characters */
    size_t len;
    enum redact_kind kind;
    int confidence;      /* percent, 1..99 */
    struct str instead;  /* what is proposed in its place */
};

/* In the order of the text; they do not overlap. */
struct redact_marks {
    struct redact_mark *at;
    size_t len;
    size_t cap;
};

const char *redact_kind_name(enum redact_kind kind);
bool redact_kind_parse(struct str name, enum redact_kind *out);

/* text: valid UTF-8, borrowed as long as the marks. */
void redact_find(struct arena *arena, struct str text, struct redact_marks *out);

/* The text with every mark replaced; `marks` as redact_find orders them. */
struct str redact_apply(struct arena *arena, struct str text, const struct redact_marks *marks);

/*
 * What is proposed for a part of a text that a person marks: 张伟 → 张某, 13812345678 → 138********;
 * digits of house numbers become *.
 */
struct str redact_proposal(struct arena *arena, enum redact_kind kind, struct str part);

/* Whether the text holds something certain (REDACT_CERTAIN); out gets the first. */
bool redact_is_certain(struct arena *arena, struct str text, struct redact_mark *out);
