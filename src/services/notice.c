/*
 * The ledger itself is the feed: nothing has to be put down for readers, and whoever was away reads
 * on from the place they name.
 */
#include "services/notice.h"

#include "base/buf.h"
#include "base/num.h"
#include "store/record_rows.h"

enum { NEWS_MAX = 1000 };

const char *notice_kind_name(enum notice_kind kind)
{
    static const char *const names[NOTICE_KIND_COUNT] = {[NOTICE_CASE] = "case",
                                                         [NOTICE_DEADLINE] = "deadline"};
    return names[kind];
}

bool notice_place_parse(struct arena *arena, struct str text, struct news_heads *out)
{
    struct news_heads place = {0};
    if (text.len > NOTICE_PLACE_BYTES)
        return false;
    for (struct str one; str_next(&text, '-', &one);) {
        int64_t writer;
        size_t dot = str_find_char(one, '.');
        struct news_head *head = vec_push(arena, &place);
        if (dot == SIZE_MAX || !num_parse_i64(str_part(one, 0, dot), 1, INT32_MAX, &writer) ||
            !num_parse_i64(str_from(one, dot + 1), 0, INT64_MAX, &head->number))
            return false;
        head->writer = (int)writer;
    }
    *out = place;
    return true;
}

struct str notice_place_format(struct arena *arena, const struct news_heads *place)
{
    struct buf out;
    buf_init(&out, arena, NOTICE_PLACE_BYTES * 2);
    for (size_t i = 0; i < place->len; i++)
        buf_printf(&out, "%s%d.%lld", i == 0 ? "" : "-", place->at[i].writer,
                   (long long)place->at[i].number);
    return buf_status(&out) == ST_OK ? buf_str(&out) : S("");
}

bool notice_place_is_same(const struct news_heads *a, const struct news_heads *b)
{
    bool same = a->len == b->len;
    for (size_t i = 0; i < a->len && same; i++)
        same = a->at[i].writer == b->at[i].writer && a->at[i].number == b->at[i].number;
    return same;
}

/* A writer that the reader had not heard of was new to everybody then. */
static int64_t read_up_to(const struct news_heads *from, int writer)
{
    for (size_t i = 0; i < from->len; i++)
        if (from->at[i].writer == writer)
            return from->at[i].number;
    return 0;
}

static struct notice *find_told(struct notice_list *list, enum notice_kind kind,
                                const struct news_event *event)
{
    for (size_t i = 0; i < list->len; i++)
        if (list->at[i].kind == kind && list->at[i].casefile.v == event->casefile.v)
            return &list->at[i];
    return NULL;
}

static enum status tell(struct ctx *ctx, struct db_conn *conn, const struct casefile_scope *scope,
                        const struct news_event *event, struct notice_list *io)
{
    bool sees;
    enum notice_kind kind = event->type == EVENT_CLOCK_LAPSED ? NOTICE_DEADLINE : NOTICE_CASE;
    struct notice *told = find_told(io, kind, event);
    struct prefecture system = record_prefecture();
    if (str_eq(prefecture_str(&event->prefecture), prefecture_str(&system)))
        return ST_OK;
    if (told != NULL) {
        told->version = event->sequence > told->version ? event->sequence : told->version;
        return ST_OK;
    }
    TRY(casefile_scope_sees(ctx, conn, scope, event->prefecture, event->casefile, &sees));
    if (sees)
        *vec_push(ctx->arena, io) =
            (struct notice){kind, event->prefecture, event->casefile, event->sequence};
    return ST_OK;
}

enum status notice_find(struct ctx *ctx, struct db_conn *conn, const struct casefile_scope *scope,
                        const struct news_heads *from, const struct news_heads *to,
                        struct notice_list *out, bool *out_too_much)
{
    struct news_events events = {0};
    struct notice_list list = {0};
    for (size_t i = 0; i < to->len && events.len <= NEWS_MAX; i++) {
        int64_t after = read_up_to(from, to->at[i].writer);
        if (after < to->at[i].number)
            TRY(news_rows_add(ctx, conn, after, to->at[i], NEWS_MAX + 1, &events));
    }
    *out_too_much = events.len > NEWS_MAX;
    for (size_t i = 0; i < events.len && !*out_too_much; i++)
        TRY(tell(ctx, conn, scope, &events.at[i], &list));
    *out = list;
    return ST_OK;
}
