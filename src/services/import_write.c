/*
 * Two groups of rows: while one is written, the next is read. A group is one job of the writer; if
 * it fails for a reason of one of its rows, each row is tried as a job of its own, so that only the
 * guilty one stays out. In the same transaction stand the cases, which row each came from and how
 * far the import has come: whatever happens, a row is written once.
 */
#include <pthread.h>

#include "services/casework.h"
#include "services/import_int.h"
#include "store/batch_rows.h"
#include "store/record_rows.h"

struct group {
    struct import_writing *writing;
    struct ctx ctx;
    struct import_item *items; /* IMPORT_GROUP of them */
    size_t count;
    int64_t seen; /* rows of the table behind it, refused ones too */
    struct writer_job job;
};

struct import_writing {
    struct import_pass *pass;
    int64_t import;
    struct group groups[2];
    int filling; /* the other one may be out */
    int64_t seen;
    pthread_mutex_t lock; /* guards the rest */
    pthread_cond_t back;
    bool out;
    enum status status; /* of the group that came back */
};

/* ---- inside the writer's transaction ---- */

static struct str actor_of_import(const struct import_writing *writing, struct arena *arena)
{
    const struct actor *actor = writing->pass->desk->actor;
    if (actor->is_system)
        return S("system");
    return str_printf(arena, "%lld/%lld", (long long)actor->person.v,
                      (long long)(actor->post_count > 0 ? actor->posts[0].id.v : 0));
}

static enum status ensure_batch(struct ctx *ctx, struct ledger_tx *ledger,
                                const struct import_writing *writing,
                                const struct import_candidate *candidate)
{
    struct batch_row found;
    struct str campaign = writing->pass->plan->campaign;
    if (str_is_empty(candidate->batch))
        return ST_OK;
    enum status status =
        batch_rows_find(ctx, ledger->conn, campaign, candidate->batch, &found);
    if (status != ST_NOT_FOUND)
        return status;
    struct value *fields = value_map(ctx->arena);
    value_put_text(ctx->arena, fields, "campaign", campaign);
    value_put_text(ctx->arena, fields, "number", candidate->batch);
    if (!day_is_none(candidate->batch_date))
        value_put_text(ctx->arena, fields, "date", day_format(ctx->arena, candidate->batch_date));
    if (!str_is_empty(writing->pass->plan->source))
        value_put_text(ctx->arena, fields, "source", writing->pass->plan->source);
    return record_put(ctx, ledger, RECORD_BATCH, 0, actor_of_import(writing, ctx->arena),
                      S("import"), fields, NULL);
}

static enum status link_one(struct ctx *ctx, struct ledger_tx *ledger,
                            const struct import_desk *desk, struct case_ref on,
                            struct case_ref to)
{
    static const struct actor system = {.is_system = true};
    struct value *input = value_map(ctx->arena);
    value_put_text(ctx->arena, input, "case",
                   casefile_ref_format(ctx->arena, to.prefecture, to.id));
    value_put_text(ctx->arena, input, "kind", S("duplicate"));
    struct case_order order = {.home = desk->home,
                               .world = desk->world,
                               .actor = &system,
                               .ref = on,
                               .command = S("link"),
                               .input = input,
                               .happened_at = INSTANT_NONE};
    return casework_record(ctx, ledger, &order);
}

/* An earlier row may have been refused: then there is no case to link to. */
static enum status link_duplicate(struct ctx *ctx, struct ledger_tx *ledger,
                                  const struct import_writing *writing,
                                  const struct duplicates_found *found, struct case_ref made)
{
    const struct import_desk *desk = writing->pass->desk;
    struct case_ref other = {found->prefecture, found->id};
    if (found->permille == 0)
        return ST_OK;
    if (found->row > 0) {
        struct import_case_list rows;
        TRY(import_rows_list_cases(ctx, ledger->conn, writing->import, found->row - 1, 1, &rows));
        if (rows.len == 0 || rows.at[0].row != found->row)
            return ST_OK;
        other = (struct case_ref){rows.at[0].prefecture, rows.at[0].casefile};
    }
    TRY(link_one(ctx, ledger, desk, made, other));
    return link_one(ctx, ledger, desk, other, made);
}

static enum status write_item(struct ctx *ctx, struct ledger_tx *ledger,
                              const struct import_writing *writing,
                              const struct import_item *item)
{
    const struct import_pass *pass = writing->pass;
    struct casefile casefile;
    const struct command create = {.name = S("create"),
                                   .input = item->candidate.input,
                                   .happened_at = pass->plan->registered,
                                   .actor = pass->desk->actor};
    TRY(ensure_batch(ctx, ledger, writing, &item->candidate));
    TRY(casework_make(ctx, ledger, pass->desk->world, &pass->engine, &create, &casefile));
    const struct import_case one = {item->candidate.row, casefile.prefecture, casefile.id};
    TRY(import_rows_add_case(ctx, ledger->conn, writing->import, &one));
    return link_duplicate(ctx, ledger, writing, &item->duplicate,
                          (struct case_ref){casefile.prefecture, casefile.id});
}

/* Fails where the import was withdrawn or ended meanwhile. */
static enum status note_progress(struct ctx *ctx, struct ledger_tx *ledger,
                                 const struct import_writing *writing, int64_t seen)
{
    TRY(import_rows_move(ctx, ledger->conn, writing->import, "committing", "committing"));
    return import_rows_progress(ctx, ledger->conn, writing->import, seen);
}

static enum status write_group(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    const struct group *group = arg;
    TRY(note_progress(ctx, ledger, group->writing, group->seen));
    for (size_t i = 0; i < group->count; i++)
        TRY(write_item(ctx, ledger, group->writing, &group->items[i]));
    return ST_OK;
}

/* ---- one by one ---- */

struct alone {
    const struct import_writing *writing;
    const struct import_item *item;
    int64_t seen;
};

static enum status write_alone(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    const struct alone *alone = arg;
    TRY(note_progress(ctx, ledger, alone->writing, alone->seen));
    return write_item(ctx, ledger, alone->writing, alone->item);
}

/* The row itself is at fault, or somebody was quicker; everything else ends the import. */
static bool is_of_row(const struct ctx *ctx, enum status status)
{
    if (db_failed_unique(ctx, "casefile"))
        return true;
    bool other_state = ctx->failure.reason.key != NULL &&
                       str_eq_c(S("import.other_state"), ctx->failure.reason.key);
    return (status == ST_CONFLICT || status == ST_INVALID) && !other_state &&
           !str_starts(str_of(ctx->failure.reason.key), S("db."));
}

static enum status refuse_item(struct ctx *ctx, struct import_pass *pass,
                               const struct import_item *item)
{
    struct reason reason = ctx->failure.reason;
    if (db_failed_unique(ctx, "casefile"))
        reason = reason_make("import.number_known", ARGS(arg_text("text", item->candidate.number),
                                                         arg_text("case", S(""))));
    const struct intake_fault fault = {
        .row = item->candidate.row,
        .column = import_row_column(&pass->table, INTAKE_NUMBER),
        .code = reason.code == NULL ? "refused" : reason.code,
        .severity = INTAKE_ERROR,
        .reason = reason,
    };
    fail_clear(ctx);
    intake_report_refuse_row(pass->report);
    return intake_report_fault(pass->report, ctx, &fault);
}

static enum status write_one_by_one(struct ctx *ctx, struct import_writing *writing,
                                    const struct group *group)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    for (size_t i = 0; i < group->count; i++) {
        struct ctx own = {.arena = arena, .now = ctx->now};
        struct alone alone = {writing, &group->items[i], group->seen};
        arena_reset(arena);
        enum status status = home_write(&own, writing->pass->desk->home, write_alone, &alone);
        if (status == ST_OK || db_failed_unique(&own, "import_row"))
            continue;
        if (!is_of_row(&own, status))
            return import_hand_failure(ctx, &own, status);
        TRY(refuse_item(&own, writing->pass, &group->items[i]));
    }
    return ST_OK;
}

/* ---- two groups ---- */

static void group_init(struct group *group, struct import_writing *writing, struct instant now)
{
    group->writing = writing;
    group->ctx = (struct ctx){.arena = arena_new(), .now = now};
    group->items = arena_alloc_array(writing->pass->arena, IMPORT_GROUP, sizeof *group->items);
}

struct import_writing *import_writing_open(struct import_pass *pass, int64_t import)
{
    struct import_writing *writing = arena_new_of(pass->arena, struct import_writing);
    writing->pass = pass;
    writing->import = import;
    must(pthread_mutex_init(&writing->lock, NULL) == 0);
    must(pthread_cond_init(&writing->back, NULL) == 0);
    for (int i = 0; i < 2; i++)
        group_init(&writing->groups[i], writing, pass->row.now);
    return writing;
}

static void come_back(struct ctx *ctx, void *arg, enum status status)
{
    struct group *group = arg;
    struct import_writing *writing = group->writing;
    (void)ctx;
    pthread_mutex_lock(&writing->lock);
    writing->status = status;
    writing->out = false;
    pthread_cond_signal(&writing->back);
    pthread_mutex_unlock(&writing->lock);
}

/* The group that is out, where one is, is done with afterwards and empty. */
static enum status wait_for_other(struct ctx *ctx, struct import_writing *writing)
{
    struct group *other = &writing->groups[1 - writing->filling];
    pthread_mutex_lock(&writing->lock);
    while (writing->out)
        pthread_cond_wait(&writing->back, &writing->lock);
    enum status status = writing->status;
    writing->status = ST_OK;
    pthread_mutex_unlock(&writing->lock);
    bool engine = status == ST_IO || status == ST_UNAVAILABLE || status == ST_INTERNAL;
    if (engine)
        return import_hand_failure(ctx, &other->ctx, status);
    if (status != ST_OK)
        TRY(write_one_by_one(ctx, writing, other));
    other->count = 0;
    arena_reset(other->ctx.arena);
    return ST_OK;
}

static enum status send_group(struct ctx *ctx, struct import_writing *writing)
{
    struct group *group = &writing->groups[writing->filling];
    TRY(wait_for_other(ctx, writing));
    group->seen = writing->seen;
    group->job = (struct writer_job){
        .ctx = &group->ctx, .run = write_group, .done = come_back, .arg = group};
    writing->out = true;
    writer_submit(writing->pass->desk->home->writer, &group->job);
    writing->filling = 1 - writing->filling;
    return ST_OK;
}

struct ctx *import_writing_ctx(struct import_writing *writing)
{
    return &writing->groups[writing->filling].ctx;
}

/* Refused rows are dropped, but their memory is the group's until it goes. */
enum status import_writing_add(struct ctx *ctx, struct import_writing *writing,
                               const struct import_item *item)
{
    enum { ARENA_MOST = 16 * 1024 * 1024 };
    struct group *group = &writing->groups[writing->filling];
    writing->seen++;
    if (item->candidate.accepted)
        group->items[group->count++] = *item;
    bool full = group->count == IMPORT_GROUP || arena_used(group->ctx.arena) > ARENA_MOST;
    return full ? send_group(ctx, writing) : ST_OK;
}

enum status import_writing_finish(struct ctx *ctx, struct import_writing *writing)
{
    TRY(send_group(ctx, writing));
    return wait_for_other(ctx, writing);
}

void import_writing_close(struct import_writing *writing)
{
    if (writing == NULL)
        return;
    pthread_mutex_lock(&writing->lock);
    while (writing->out)
        pthread_cond_wait(&writing->back, &writing->lock);
    pthread_mutex_unlock(&writing->lock);
    for (int i = 0; i < 2; i++)
        arena_free(writing->groups[i].ctx.arena);
    must(pthread_cond_destroy(&writing->back) == 0);
    must(pthread_mutex_destroy(&writing->lock) == 0);
}
