#pragma once
/*
 * Snapshots of what was released to the public: a projection written when a case comes to stand where the
 * pack says that its list is public (regime/disclosure.h). The public pages read this table and nothing
 * else of a case; what is not in it, they cannot show.
 */
#include "engine/engine.h"
#include "store/ledger.h"

/* Writes the case's snapshot where it stands released, and nothing otherwise. */
MUST_USE enum status release_rows_write(struct ctx *ctx, struct db_conn *conn,
                                        const struct engine *engine,
                                        const struct casefile *casefile);

struct release_row {
    struct prefecture prefecture;
    struct casefile_id id;
    struct str campaign;
    struct str disclosure; /* id of the pack's item */
    struct str number;
    struct str title;
    struct str region;
    struct instant released_at;
    struct str corrects; /* number or reference of an earlier release, or empty */
    struct str note;
    int64_t row_count;
    bool withdrawn;
    struct str body; /* of find alone: JSON, see below */
};

/*
 * body: {"name": {"zh", "en"}, "columns": [{"name", "zh", "en", "kind", "of"?: dictionary,
 * "choices"?: [{"code", "zh", "en"}]}], "rows": [{column: value}], "digest"?}
 */
struct release_row_list {
    struct release_row *at;
    size_t len;
    size_t cap;
};

/* Those released before the moment, the newest first. */
MUST_USE enum status release_rows_list(struct ctx *ctx, struct db_conn *conn,
                                       struct instant before, int64_t limit,
                                       struct release_row_list *out);
/* Those that stand and hold the text somewhere in their table, the newest first, with their bodies. */
MUST_USE enum status release_rows_search(struct ctx *ctx, struct db_conn *conn, struct str text,
                                         int64_t limit, struct release_row_list *out);
/* Errors: ST_NOT_FOUND release.unknown */
MUST_USE enum status release_rows_find(struct ctx *ctx, struct db_conn *conn,
                                       struct prefecture prefecture, struct casefile_id id,
                                       struct release_row *out);
/* Releases that correct this one. */
MUST_USE enum status release_rows_list_corrections(struct ctx *ctx, struct db_conn *conn,
                                                   const struct release_row *of,
                                                   struct release_row_list *out);
/* The release that this one corrects; ST_NOT_FOUND without a failure where it names none that is public. */
MUST_USE enum status release_rows_find_corrected(struct ctx *ctx, struct db_conn *conn,
                                                 const struct release_row *by,
                                                 struct prefecture *out_prefecture,
                                                 struct casefile_id *out_id);
