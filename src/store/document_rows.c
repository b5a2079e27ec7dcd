/*
 * A row is written when a document is issued and again when something has become of it; which, the case
 * knows by the sequences it keeps.
 */
#include "store/document_rows.h"

#include "base/vec.h"
#include "store/sql_gen.h"

static struct str not_null(struct str text)
{
    return text.at == NULL ? S("") : text;
}

static enum status write_receipts(struct ctx *ctx, struct db_conn *conn,
                                  const struct casefile *casefile,
                                  const struct casefile_document *document)
{
    for (size_t i = 0; i < document->receipts.len; i++) {
        const struct casefile_receipt *receipt = &document->receipts.at[i];
        TRY(db_put(ctx, conn, &SQL_DOCUMENT_RECEIPT_PUT,
                   DB_ARGS(db_text(prefecture_str(&casefile->prefecture)), db_i64(casefile->id.v),
                           db_i64(document->seq), db_i64(receipt->unit), db_i64(receipt->person),
                           db_instant(receipt->opened_at), db_text(not_null(receipt->opened_by)),
                           db_instant(receipt->received_at),
                           db_text(not_null(receipt->received_by)))));
    }
    return ST_OK;
}

/* What becomes of documents is rare: then all of a case's are written over. */
static bool has_changed(const struct casefile *casefile, int64_t known_version)
{
    return known_version == 0 || casefile->documents_seq > known_version;
}

enum status document_rows_write(struct ctx *ctx, struct db_conn *conn,
                                const struct casefile *casefile, int64_t known_version)
{
    for (size_t i = 0; has_changed(casefile, known_version) && i < casefile->documents.len; i++) {
        const struct casefile_document *document = &casefile->documents.at[i];
        TRY(db_put(ctx, conn, &SQL_DOCUMENT_PUT,
                   DB_ARGS(db_text(prefecture_str(&casefile->prefecture)), db_i64(casefile->id.v),
                           db_i64(document->seq), db_text(not_null(casefile->campaign)),
                           db_text(not_null(document->document)),
                           db_text(not_null(document->number)), db_i64(document->issuer),
                           db_instant(document->at), db_text(not_null(document->sha256)),
                           db_i64(document->corrects), db_i64(document->corrected_by),
                           db_i64(document->voided_seq), db_instant(document->voided_at),
                           db_text(not_null(document->reason)), db_i64(document->scans))));
        TRY(write_receipts(ctx, conn, casefile, document));
    }
    return ST_OK;
}

static void read_row(struct arena *arena, const struct db_rows *rows, struct document_row *out)
{
    *out = (struct document_row){
        .casefile = {db_col_i64(rows, 1)},
        .seq = db_col_i64(rows, 2),
        .campaign = db_col_text_copy(arena, rows, 3),
        .document = db_col_text_copy(arena, rows, 4),
        .number = db_col_text_copy(arena, rows, 5),
        .issuer = db_col_i64(rows, 6),
        .issued_at = db_col_instant(rows, 7),
        .sha256 = db_col_text_copy(arena, rows, 8),
        .corrects = db_col_i64(rows, 9),
        .corrected_by = db_col_i64(rows, 10),
        .voided_at = db_col_instant(rows, 11),
        .reason = db_col_text_copy(arena, rows, 12),
        .scans = db_col_i64(rows, 13),
        .case_number = db_col_text_copy(arena, rows, 14),
        .case_title = db_col_text_copy(arena, rows, 15),
        .procedure = db_col_text_copy(arena, rows, 16),
        .pack = db_col_text_copy(arena, rows, 17),
    };
    (void)prefecture_parse(db_col_text(rows, 0), &out->prefecture);
}

static enum status list(struct ctx *ctx, struct db_conn *conn, const struct db_query *query,
                        struct db_args args, struct document_row_list *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    *out = (struct document_row_list){0};
    TRY(db_rows_open(ctx, conn, query, args, &rows));
    while (db_rows_next(ctx, &rows))
        read_row(ctx->arena, &rows, vec_push(ctx->arena, out));
    return db_rows_status(&rows);
}

enum status document_rows_list(struct ctx *ctx, struct db_conn *conn,
                               const struct document_filter *filter, struct document_row_list *out)
{
    return list(ctx, conn, &SQL_DOCUMENT_LIST,
                DB_ARGS(db_text(not_null(filter->campaign)), db_text(filter->campaigns),
                        db_text(filter->units), db_i64(filter->person),
                        db_text(not_null(filter->number)), db_text(not_null(filter->state)),
                        db_instant(filter->before.issued_at), db_i64(filter->before.casefile),
                        db_i64(filter->before.seq), db_i64(filter->limit)),
                out);
}

enum status document_rows_list_for(struct ctx *ctx, struct db_conn *conn, int64_t unit,
                                   int64_t person, int64_t limit, struct document_row_list *out)
{
    return list(ctx, conn, &SQL_DOCUMENT_LIST_FOR,
                DB_ARGS(db_i64(unit), db_i64(person), db_i64(limit)), out);
}

static enum status find(struct ctx *ctx, struct db_conn *conn, const struct db_query *query,
                        struct db_args args, struct document_row *out)
{
    struct document_row_list rows;
    TRY(list(ctx, conn, query, args, &rows));
    if (rows.len == 0)
        return ST_NOT_FOUND;
    *out = rows.at[0];
    return ST_OK;
}

enum status document_rows_find(struct ctx *ctx, struct db_conn *conn, struct prefecture prefecture,
                               struct casefile_id id, int64_t seq, struct document_row *out)
{
    return find(ctx, conn, &SQL_DOCUMENT_FIND,
                DB_ARGS(db_text(prefecture_str(&prefecture)), db_i64(id.v), db_i64(seq)), out);
}

enum status document_rows_find_paper(struct ctx *ctx, struct db_conn *conn, struct str sha256,
                                     struct document_row *out)
{
    return find(ctx, conn, &SQL_DOCUMENT_FIND_PAPER,
                DB_ARGS(db_text(sha256), db_text(str_concat(ctx->arena, sha256, S("g")))), out);
}

enum status document_rows_list_receipts(struct ctx *ctx, struct db_conn *conn,
                                        const struct document_row *document,
                                        struct document_receipt_list *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    *out = (struct document_receipt_list){0};
    TRY(db_rows_open(ctx, conn, &SQL_DOCUMENT_RECEIPT_LIST,
                     DB_ARGS(db_text(prefecture_str(&document->prefecture)),
                             db_i64(document->casefile.v), db_i64(document->seq)),
                     &rows));
    while (db_rows_next(ctx, &rows))
        vec_add(ctx->arena, out,
                ((struct document_receipt){.unit = db_col_i64(&rows, 0),
                                           .person = db_col_i64(&rows, 1),
                                           .opened_at = db_col_instant(&rows, 2),
                                           .opened_by = db_col_text_copy(ctx->arena, &rows, 3),
                                           .received_at = db_col_instant(&rows, 4),
                                           .received_by = db_col_text_copy(ctx->arena, &rows, 5)}));
    return db_rows_status(&rows);
}

/* ---- what was issued ---- */

enum status document_rows_put_paper(struct ctx *ctx, struct db_conn *conn, struct str sha256,
                                    struct str markup)
{
    return db_put(ctx, conn, &SQL_DOCUMENT_PAPER_PUT, DB_ARGS(db_text(sha256), db_text(markup)));
}

static enum status find_text(struct ctx *ctx, struct db_conn *conn, const struct db_query *query,
                             struct str key, struct str *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    TRY(db_rows_open(ctx, conn, query, DB_ARGS(db_text(key)), &rows));
    bool found = db_rows_next(ctx, &rows);
    if (found)
        *out = db_col_text_copy(ctx->arena, &rows, 0);
    TRY(db_rows_status(&rows));
    return found ? ST_OK : ST_NOT_FOUND;
}

enum status document_rows_get_paper(struct ctx *ctx, struct db_conn *conn, struct str sha256,
                                    struct str *out)
{
    return find_text(ctx, conn, &SQL_DOCUMENT_PAPER_GET, sha256, out);
}

enum status document_rows_put_file(struct ctx *ctx, struct db_conn *conn, struct str sha256,
                                   struct str paper)
{
    return db_put(ctx, conn, &SQL_DOCUMENT_FILE_PUT, DB_ARGS(db_text(sha256), db_text(paper)));
}

enum status document_rows_find_file(struct ctx *ctx, struct db_conn *conn, struct str sha256,
                                    struct str *out)
{
    return find_text(ctx, conn, &SQL_DOCUMENT_FILE_FIND, sha256, out);
}
