#pragma once
/*
 * What the public sees of releases: list, table, file, feed. Reads the table of released snapshots
 * (store/release_rows.h) and nothing else, so that what stands elsewhere of a case cannot come out here,
 * whatever is asked.
 */
#include "base/ctx.h"
#include "kit/db.h"
#include "services/export.h"
#include "services/reader.h"
#include "store/release_rows.h"

/* Words of a code of a dictionary that offices edit, and of a region; handed down. */
struct release_words {
    void *self;
    struct str (*of_code)(void *self, struct str dictionary, struct str code);
    struct str (*of_region)(void *self, struct str code);
};

enum { RELEASE_PAGE = 50 };

/* {items: [{id, title, number, region_label, released_at, released_text, rows, corrects, url}], next, next_url} */
MUST_USE enum status release_list_document(struct ctx *ctx, struct db_conn *conn,
                                           const struct reader *reader,
                                           const struct release_words *words, struct instant before,
                                           struct value **out);

/*
 * {id, title, number, name, region_label, released_at, released_text, withdrawn, note, digest,
 * corrects {title, url} | null, corrected_by [{title, url}], columns [{name, label}],
 * rows [{n, cells [{label, text}]}], urls}
 *
 * Errors: ST_NOT_FOUND release.unknown
 */
MUST_USE enum status release_document(struct ctx *ctx, struct db_conn *conn,
                                      const struct reader *reader,
                                      const struct release_words *words, struct prefecture prefecture,
                                      struct casefile_id id, struct value **out);

enum { RELEASE_FOUND_MAX = 20, RELEASE_QUERY_MIN = 2, RELEASE_QUERY_MAX = 60 };

/*
 * What releases say of a number or a word: {q, found: [{title, url, released_text, is_correction, proof_url, cells [{label,
 * text}]}]}; at most RELEASE_FOUND_MAX rows, the newest release first.
 *
 *   q   RELEASE_QUERY_MIN to RELEASE_QUERY_MAX characters, else nothing is found
 */
MUST_USE enum status release_search_document(struct ctx *ctx, struct db_conn *conn,
                                             const struct reader *reader,
                                             const struct release_words *words, struct str q,
                                             struct value **out);

/* The table of a document as xlsx, csv or json under `path`. Errors: those of the sink */
MUST_USE enum status release_write_file(struct ctx *ctx, const struct value *document,
                                        const struct reader *reader, enum export_format format,
                                        const char *path);

/* The list as a feed (RFC 4287). base: scheme and host, or empty: then its links are relative */
MUST_USE enum status release_format_feed(struct ctx *ctx, const struct value *list,
                                         const struct reader *reader, struct str base,
                                         struct str *out);
