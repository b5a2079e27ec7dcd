/*
 * The case is folded on, event by event, so each paper says what stood when its document went out.
 */
#include "services/document_issue.h"

#include "base/num.h"
#include "kit/crypto.h"
#include "services/case_issued.h"
#include "services/day_notice.h"
#include "store/counter_rows.h"
#include "store/document_rows.h"

/* 机关代字 of the unit that issues it; where the directory has none, its name. */
static struct str mark_of(const struct world *world, const struct value *payload)
{
    int64_t id;
    if (!num_parse_i64(value_find_text(payload, "issuer"), 1, INT64_MAX, &id))
        return S("");
    const struct world_unit *unit = world_find_unit(world, (struct unit_id){id});
    if (unit == NULL)
        return S("");
    return str_is_empty(unit->mark) ? unit->name : unit->mark;
}

/* The unit in whose name it goes out: of the role that the pack names, else of the post that gave the command. */
static void put_issuer(struct arena *arena, const struct world *world,
                       const struct casefile *casefile, const struct value *item,
                       const struct event *event, struct value *payload)
{
    const struct world_person *person = NULL;
    const struct world_post *post = NULL;
    struct str name = value_find_text(item, "issuer");
    const struct casefile_role *role = casefile_find_role(casefile, name);
    int64_t unit = role != NULL && role->units.len > 0 ? role->units.at[0] : 0;
    if (value_find_c(payload, "issuer") != NULL)
        return; /* a correction goes out in the name of what it corrects */
    if (unit == 0 && !str_eq(event->actor, S("system")))
        world_find_actor(world, event->actor, &person, &post);
    if (unit == 0 && post != NULL)
        unit = post->unit->facts.id.v;
    if (unit != 0)
        value_put_text(arena, payload, "issuer", str_printf(arena, "%lld", (long long)unit));
}

static enum status put_number(struct ctx *ctx, struct ledger_tx *ledger, const struct world *world,
                              const struct casefile *casefile, struct str pattern,
                              const struct event *event, struct value *payload)
{
    struct number_places places = {.region = casefile->region,
                                   .batch = casefile->batch,
                                   .mark = mark_of(world, payload),
                                   .day = day_of_instant(event->happened_at)};
    struct str series = engine_format_number(ctx->arena, pattern, &places);
    TRY(counter_next(ctx, ledger->conn, str_concat(ctx->arena, S("document/"), series),
                     &places.seq));
    value_put_text(ctx->arena, payload, "number",
                   engine_format_number(ctx->arena, pattern, &places));
    return ST_OK;
}

/* What a daily notice counts, as of a minute ago: by then every writer's commit is in. */
static enum status put_notice(struct ctx *ctx, struct ledger_tx *ledger, const struct world *world,
                              const struct engine *engine, const struct casefile *casefile,
                              const struct value *item, struct value *payload,
                              struct value **out)
{
    struct day_notice notice;
    const struct instant as_of = {ctx->now.ms - MS_PER_MINUTE};
    *out = NULL;
    if (!day_notice_of(world, engine, casefile, item, as_of, &notice))
        return ST_OK;
    value_put_text(ctx->arena, payload, "as_of", instant_format(ctx->arena, as_of));
    return day_notice_count(ctx, ledger->conn, &notice, out);
}

static enum status put_paper(struct ctx *ctx, struct ledger_tx *ledger, const struct world *world,
                             const struct engine *engine, const struct casefile *casefile,
                             const struct event_list *events, const struct event *event,
                             struct value *payload)
{
    struct str markup;
    struct value *notice;
    struct ledger_row_list command = {0};
    TRY(put_notice(ctx, ledger, world, engine, casefile,
                   regime_find_document(engine->regime, value_find_text(payload, "document")), payload,
                   &notice));
    for (size_t i = 0; i < events->len; i++)
        vec_add(ctx->arena, &command, ((struct ledger_row){.event = events->at[i]}));
    const struct case_view view = {.reader = {.words = world_words(world), .lang = LANG_ZH, .now = ctx->now},
                                   .world = world,
                                   .engine = engine,
                                   .casefile = casefile,
                                   .events = &command,
                                   .conn = ledger->conn,
                                   .notice = notice};
    TRY(case_issued_markup(ctx, world_furniture(world), &view, event, &markup));
    struct digest digest = crypto_digest(CRYPTO_SHA256, markup);
    struct str sha256 = digest_format(ctx->arena, &digest);
    TRY(document_rows_put_paper(ctx, ledger->conn, sha256, markup));
    value_put_text(ctx->arena, payload, "sha256", sha256);
    return ST_OK;
}

static bool has_document(const struct event_list *events)
{
    for (size_t i = 0; i < events->len; i++)
        if (events->at[i].type == EVENT_DOCUMENT_ISSUED)
            return true;
    return false;
}

enum status document_issue(struct ctx *ctx, struct ledger_tx *ledger, const struct world *world,
                           const struct engine *engine, const struct casefile *before,
                           struct event_list *io_events)
{
    if (!has_document(io_events))
        return ST_OK;
    struct casefile *now = casefile_copy(ctx->arena, before);
    for (size_t i = 0; i < io_events->len; i++) {
        struct event *event = &io_events->at[i];
        if (event->type != EVENT_DOCUMENT_ISSUED) {
            engine_evolve(ctx->arena, now, event);
            continue;
        }
        struct value *payload = value_copy(ctx->arena, event->payload);
        const struct value *item =
            regime_find_document(engine->regime, value_find_text(payload, "document"));
        struct str pattern = value_find_text(item, "number");
        event->payload = payload;
        put_issuer(ctx->arena, world, now, item, event, payload);
        if (!str_is_empty(pattern))
            TRY(put_number(ctx, ledger, world, now, pattern, event, payload));
        engine_evolve(ctx->arena, now, event);
        if (world_words(world) != NULL)
            TRY(put_paper(ctx, ledger, world, engine, now, io_events, event, payload));
    }
    return ST_OK;
}
