/*
 * Templates and names may have changed since: then the recomputed hash differs though no fact does, which the
 * page says; the kept paper stays what was issued.
 */
#include "services/issued_check.h"

#include "kit/crypto.h"
#include "services/case_issued.h"
#include "services/day_notice.h"

static const struct event *fold_until(struct ctx *ctx, const struct case_view *view,
                                      int64_t sequence, struct casefile *out)
{
    const struct event *issued = NULL;
    for (size_t i = 0; i < view->events->len && issued == NULL; i++) {
        const struct event *event = &view->events->at[i].event;
        engine_evolve(ctx->arena, out, event);
        if (event->sequence == sequence && event->type == EVENT_DOCUMENT_ISSUED)
            issued = event;
    }
    return issued;
}

static enum status write_again(struct ctx *ctx, const struct furniture *furniture,
                               const struct case_view *view, const struct event *event,
                               struct str *out_sha256)
{
    struct str markup;
    struct case_view chinese = *view;
    chinese.reader.lang = LANG_ZH;
    chinese.reader.now = event->recorded_at; /* years are left out of what is near */
    TRY(case_issued_markup(ctx, furniture, &chinese, event, &markup));
    struct digest digest = crypto_digest(CRYPTO_SHA256, markup);
    *out_sha256 = digest_format(ctx->arena, &digest);
    return ST_OK;
}

static void put_figures(struct arena *arena, const struct reader *reader, const struct value *then,
                        const struct value *now, struct value *doc)
{
    static const char *const ids[] = {"received", "key", "dispatched", "problems"};
    struct value *figures = value_put_list(arena, doc, "figures");
    for (size_t i = 0; i < COUNT_OF(ids); i++) {
        const int64_t today[] = {value_find_int(value_find_c(then, "today"), ids[i], 0),
                                 value_find_int(value_find_c(now, "today"), ids[i], 0)};
        const int64_t total[] = {value_find_int(value_find_c(then, "total"), ids[i], 0),
                                 value_find_int(value_find_c(now, "total"), ids[i], 0)};
        struct value *row = value_append_map(arena, figures);
        struct str key = str_concat(arena, S("notice.figure."), str_of(ids[i])); /* i18n: notice.figure.* */
        value_put_text(arena, row, "id", str_of(ids[i]));
        value_put_text(arena, row, "label", reader_sentence(arena, reader, str_c(arena, key), NO_ARGS));
        value_put_int(arena, row, "today_then", today[0]);
        value_put_int(arena, row, "today_now", today[1]);
        value_put_int(arena, row, "total_then", total[0]);
        value_put_int(arena, row, "total_now", total[1]);
        value_put_bool(arena, row, "moved", today[0] != today[1] || total[0] != total[1]);
    }
}

static enum status put_notice(struct ctx *ctx, struct db_conn *conn, const struct reader *reader,
                              const struct day_notice *notice, const struct value *then,
                              struct value *doc)
{
    struct value *now, *changes;
    struct day_notice today = *notice;
    today.as_of = reader->now;
    TRY(day_notice_count(ctx, conn, &today, &now));
    TRY(day_notice_compare(ctx, conn, notice, reader->now, reader, &changes));
    value_put_text(ctx->arena, doc, "day_text", value_find_text(then, "day_text"));
    value_put_text(ctx->arena, doc, "as_of_text", reader_time(ctx->arena, reader, notice->as_of));
    put_figures(ctx->arena, reader, then, now, doc);
    value_each (member, changes)
        value_put(doc, member->key, value_copy(ctx->arena, member));
    return ST_OK;
}

enum status issued_check_document(struct ctx *ctx, struct db_conn *conn,
                                  const struct furniture *furniture, const struct case_view *view,
                                  int64_t sequence, struct value **out)
{
    struct arena *arena = ctx->arena;
    struct casefile then = {0};
    struct day_notice notice;
    struct value *counted = NULL;
    struct instant as_of = INSTANT_NONE;
    struct str recomputed;
    const struct event *event = fold_until(ctx, view, sequence, &then);
    struct str sha256 = event == NULL ? S("") : value_find_text(event->payload, "sha256");
    if (str_is_empty(sha256))
        return fail(ctx, ST_NOT_FOUND, "document.unknown", ARGS(arg_int("number", sequence)));
    struct str document = value_find_text(event->payload, "document");
    (void)instant_parse(value_find_text(event->payload, "as_of"), &as_of);
    bool is_notice = day_notice_of(view->world, view->engine, &then,
                                   regime_find_document(view->engine->regime, document), as_of, &notice);
    if (is_notice)
        TRY(day_notice_count(ctx, conn, &notice, &counted));
    struct case_view before = *view;
    before.casefile = &then;
    before.notice = counted;
    TRY(write_again(ctx, furniture, &before, event, &recomputed));
    struct value *doc = value_map(arena);
    value_put_text(arena, doc, "label",
                   words_label(view->reader.lang, regime_flag_words(view->engine->regime, document)));
    value_put_text(arena, doc, "number", value_find_text(event->payload, "number"));
    value_put_text(arena, doc, "issued_text", reader_time(arena, &view->reader, event->happened_at));
    value_put_text(arena, doc, "sha256", sha256);
    value_put_text(arena, doc, "recomputed", recomputed);
    value_put_bool(arena, doc, "same", str_eq(sha256, recomputed));
    value_put_bool(arena, doc, "is_notice", is_notice);
    if (is_notice)
        TRY(put_notice(ctx, conn, &view->reader, &notice, counted, doc));
    *out = doc;
    return ST_OK;
}
