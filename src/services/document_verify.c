/*
 * Two steps at most: a file leads to its paper, a paper to the document.
 */
#include "services/document_verify.h"

#include "base/buf.h"
#include "kit/crypto.h"
#include "kit/paper.h"
#include "services/case_issued.h"
#include "store/document_rows.h"

/* As it was copied from a paper or a terminal. */
static struct str plain_hash(struct arena *arena, struct str given)
{
    struct buf plain;
    buf_init(&plain, arena, given.len + 1);
    for (size_t i = 0; i < given.len; i++) {
        char c = given.at[i];
        if (c >= 'A' && c <= 'F')
            buf_char(&plain, (char)(c - 'A' + 'a'));
        else if (c != ' ' && c != '\t' && c != '\r' && c != '\n')
            buf_char(&plain, c);
    }
    return plain.len == 0 ? S("") : buf_str(&plain);
}

/* i18n: document.state.* */
static enum status put_found(struct ctx *ctx, struct db_conn *conn, const struct world *world,
                             const struct reader *reader, const struct document_row *row,
                             struct value *doc)
{
    struct arena *arena = ctx->arena;
    struct str markup, issuer;
    struct paper paper;
    TRY(document_rows_get_paper(ctx, conn, row->sha256, &markup));
    struct digest digest = crypto_digest(CRYPTO_SHA256, markup);
    if (!str_eq(digest_format(arena, &digest), row->sha256))
        return fail(ctx, ST_BROKEN, "document.paper_changed", ARGS(arg_text("hash", row->sha256)));
    TRY(paper_read(ctx, markup, &paper));
    const struct world_unit *unit = world_find_unit(world, (struct unit_id){row->issuer});
    issuer = unit != NULL ? unit->name : paper.mark;
    struct str state = !instant_is_none(row->voided_at) ? S("voided")
                       : row->corrected_by != 0         ? S("corrected")
                                                        : S("issued");
    struct str key = str_concat(arena, S("document.verified."), state); /* i18n: document.verified.* */
    const struct arg day = arg_day("day", day_of_instant(row->issued_at));
    value_put_bool(arena, doc, "found", true);
    value_put_text(arena, doc, "number", row->number);
    value_put_text(arena, doc, "title", paper.title);
    value_put_text(arena, doc, "issuer_label", issuer);
    value_put_text(arena, doc, "issued", day_format(arena, day_of_instant(row->issued_at)));
    value_put_text(arena, doc, "day_text", words_value(arena, reader->words, reader->lang, &day));
    value_put_text(arena, doc, "state", state);
    value_put_text(arena, doc, "state_label", words_find(reader->words, reader->lang, key));
    value_put_bool(arena, doc, "stands", str_eq(state, S("issued")));
    return ST_OK;
}

enum status document_verify_document(struct ctx *ctx, struct db_conn *conn,
                                     const struct world *world, const struct reader *reader,
                                     struct str given, struct value **out)
{
    struct value *doc = value_map(ctx->arena);
    struct str hash = plain_hash(ctx->arena, given), paper;
    struct document_row row;
    *out = doc;
    value_put_bool(ctx->arena, doc, "asked", !str_is_empty(hash));
    value_put_bool(ctx->arena, doc, "found", false);
    value_put_text(ctx->arena, doc, "hash", hash);
    if (hash.len < PAPER_HASH_SHOWN)
        return ST_OK;
    enum status status = document_rows_find_file(ctx, conn, hash, &paper);
    value_put_bool(ctx->arena, doc, "of_file", status == ST_OK);
    if (status != ST_OK && status != ST_NOT_FOUND)
        return status;
    status = document_rows_find_paper(ctx, conn, status == ST_OK ? paper : hash, &row);
    if (status == ST_NOT_FOUND)
        return ST_OK;
    TRY(status);
    return put_found(ctx, conn, world, reader, &row, doc);
}
