#include "services/case_pdf.h"

#include "kit/paper_pdf.h"
#include "services/case_issued.h"
#include "services/paper_markup.h"
#include "services/paper_photos.h"

enum { HASH_SHOWN = 16 };

/* Fields that say something. */
static void keep_told(struct arena *arena, struct value *doc)
{
    struct value *told = value_list(arena);
    value_each (row, value_find_c(doc, "head"))
        if (!str_is_empty(value_find_text(row, "text")))
            value_append(told, value_copy(arena, row));
    value_put(doc, S("head"), told);
}

/* From the first act on, an act a line, with the beginning of its hash. */
static void put_history(struct ctx *ctx, const struct case_view *view, struct value *doc)
{
    struct arena *arena = ctx->arena;
    struct value *told = value_map(arena), *list = value_put_list(arena, doc, "history");
    put_timeline(ctx, view, told);
    const struct value *timeline = value_find_c(told, "timeline");
    const struct value **rows = arena_alloc_array(arena, timeline->count + 1, sizeof *rows);
    size_t count = 0;
    value_each (row, timeline)
        rows[count++] = row;
    while (count > 0) {
        struct value *row = value_copy(arena, rows[--count]);
        value_put_text(arena, row, "hash", str_part(value_find_text(row, "hash"), 0, HASH_SHOWN));
        value_append(list, row);
    }
}

static void put_evidence(struct arena *arena, const struct case_view *view, struct value *doc)
{
    struct value *list = value_put_list(arena, doc, "evidence");
    struct value *photos = value_put_list(arena, doc, "photos");
    for (size_t i = 0; i < view->casefile->evidence.len; i++) {
        const struct casefile_evidence *one = &view->casefile->evidence.at[i];
        bool taken = !instant_is_none(one->taken_at);
        struct value *row = value_append_map(arena, list);
        value_put_int(arena, row, "n", (int64_t)i + 1);
        value_put_text(arena, row, "kind",
                       reader_sentence(arena, &view->reader,
                                       str_c(arena, str_concat(arena, S("evidence_kind."), one->kind)),
                                       NO_ARGS)); /* i18n: evidence_kind.* */
        value_put_text(arena, row, "name", one->name);
        value_put_text(arena, row, "at",
                       reader_time(arena, &view->reader, taken ? one->taken_at : one->added_at));
        value_put_text(arena, row, "sha256", one->sha256);
        if (str_starts(one->type, S("image/")) && photos->count < PAPER_PICTURES_MAX)
            value_append(photos, value_copy(arena, row));
    }
    value_put_bool(arena, doc, "has_evidence", list->count > 0);
    value_put_bool(arena, doc, "has_photos", photos->count > 0);
}

static enum status write_cover(struct ctx *ctx, struct db_conn *conn, const struct home *home,
                               const struct case_view *view, const struct value *checkpoint,
                               struct paper *out)
{
    struct arena *arena = ctx->arena;
    struct str markup;
    struct value *doc = case_paper_document(ctx, view);
    keep_told(arena, doc);
    put_history(ctx, view, doc);
    put_documents(arena, view, doc);
    value_put_bool(arena, doc, "has_documents", value_find_c(doc, "documents")->count > 0);
    put_evidence(arena, view, doc);
    value_put(doc, S("checkpoint"), value_copy(arena, checkpoint));
    value_put_text(arena, doc, "made", reader_time(arena, &view->reader, ctx->now));
    TRY(paper_markup_write(ctx, home->furniture, S("case-file"), doc, &markup));
    TRY(paper_read(ctx, markup, out));
    out->made = instant_format(arena, ctx->now);
    return paper_photos_load(ctx, home, conn, view->casefile, out);
}

enum status case_pdf_write(struct ctx *ctx, struct db_conn *conn, const struct home *home,
                           const struct case_view *view, const struct value *checkpoint,
                           struct buf *out)
{
    size_t count = 1;
    struct paper *papers = arena_alloc_array(ctx->arena, view->events->len + 1, sizeof *papers);
    struct case_view dated = *view;
    dated.reader.now = (struct instant){0}; /* paper outlasts the year: every day is told with its own */
    TRY(write_cover(ctx, conn, home, &dated, checkpoint, &papers[0]));
    for (size_t i = 0; i < view->events->len; i++) {
        const struct event *event = &view->events->at[i].event;
        if (event->type != EVENT_DOCUMENT_ISSUED)
            continue;
        struct paper *paper = &papers[count++];
        TRY(case_issued_paper(ctx, conn, home->furniture, view, event->sequence, paper));
        TRY(paper_photos_load(ctx, home, conn, view->casefile, paper));
    }
    struct str fonts = str_printf(ctx->arena, "%.*s/furniture/fonts", STR_ARG(home->dir));
    return paper_pdf_write_all(ctx, papers, count, str_c(ctx->arena, fonts), out, NULL);
}
