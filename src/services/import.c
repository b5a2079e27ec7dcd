/*
 * What is kept of an import: its file, by hash; how it is to be understood, so that reading it again
 * gives the same; its report; and how far writing it has come.
 */
#include "services/import.h"

#include <unistd.h>

#include "base/buf.h"
#include "kit/json.h"
#include "services/casework.h"
#include "services/import_int.h"
#include "store/batch_rows.h"
#include "store/casefile_list.h"
#include "store/job_rows.h"
#include "store/record_rows.h"
#include "store/view_rows.h"

enum {
    OPTIONS_BYTES = 1024 * 1024,
    REPORT_BYTES = 64 * 1024 * 1024,
    PATH_BYTES = 64,
    WITHDRAW_AT_ONCE = 500
};

/* ---- a plan and its text ---- */

static enum status print(struct ctx *ctx, const struct value *value, size_t limit,
                         struct str *out)
{
    struct buf text;
    buf_init(&text, ctx->arena, limit);
    json_print(&text, value);
    if (buf_status(&text) != ST_OK)
        return fail(ctx, ST_LIMIT, "import.report_too_large",
                    ARGS(arg_bytes("limit", (int64_t)limit)));
    *out = buf_str(&text);
    return ST_OK;
}

static enum status format_plan(struct ctx *ctx, const struct import_plan *plan, struct str *out)
{
    struct arena *arena = ctx->arena;
    struct value *map = value_map(arena);
    value_put_text(arena, map, "source", str_is_empty(plan->source) ? S("") : plan->source);
    value_put_text(arena, map, "batch", str_is_empty(plan->batch) ? S("") : plan->batch);
    if (!day_is_none(plan->date))
        value_put_text(arena, map, "date", day_format(arena, plan->date));
    if (!instant_is_none(plan->registered))
        value_put_text(arena, map, "registered", instant_format(arena, plan->registered));
    struct value *choices = value_put_list(arena, map, "choices");
    for (size_t i = 0; i < plan->choice_count; i++) {
        const char *field = intake_field_name(plan->choices[i].field);
        struct value *row = value_append_map(arena, choices);
        value_put_int(arena, row, "index", plan->choices[i].index);
        value_put_text(arena, row, "printed",
                       str_is_empty(plan->choices[i].printed) ? S("") : plan->choices[i].printed);
        value_put_text(arena, row, "field", str_of(field == NULL ? "none" : field));
    }
    return print(ctx, map, OPTIONS_BYTES, out);
}

static enum status parse_plan(struct ctx *ctx, const struct import_row *row,
                              struct import_plan *out)
{
    struct value *map = NULL;
    VEC(struct intake_choice) choices = {0};
    TRY(json_parse(ctx, row->options, OPTIONS_BYTES, JSON_STRICT, &map));
    struct import_plan plan = {
        .campaign = row->campaign,
        .procedure = row->procedure,
        .file_name = row->file_name,
        .source = value_find_text(map, "source"),
        .batch = value_find_text(map, "batch"),
        .date = DAY_NONE,
        .registered = INSTANT_NONE,
    };
    (void)day_parse(value_find_text(map, "date"), &plan.date);
    (void)instant_parse(value_find_text(map, "registered"), &plan.registered);
    value_each (one, value_find_c(map, "choices")) {
        struct intake_choice choice = {.index = (int)value_find_int(one, "index", 0),
                                       .printed = value_find_text(one, "printed")};
        if (intake_field_parse(value_find_text(one, "field"), &choice.field))
            vec_add(ctx->arena, &choices, choice);
    }
    plan.choices = choices.at;
    plan.choice_count = choices.len;
    *out = plan;
    return ST_OK;
}

/* ---- columns that are remembered ---- */

static struct str memory_key(const struct import_plan *plan)
{
    return str_is_empty(plan->source) ? plan->campaign : plan->source;
}

/* What was chosen by hand counts before what was chosen another time. */
static enum status add_remembered(struct ctx *ctx, struct db_conn *conn, struct import_plan *plan)
{
    struct column_row_list known = {0};
    VEC(struct intake_choice) all = {0};
    TRY(view_rows_list_columns(ctx, conn, memory_key(plan), &known));
    for (size_t i = 0; i < plan->choice_count; i++)
        vec_add(ctx->arena, &all, plan->choices[i]);
    for (size_t i = 0; i < known.len; i++) {
        struct intake_choice choice = {.printed = known.at[i].printed};
        if (intake_field_parse(known.at[i].field, &choice.field))
            vec_add(ctx->arena, &all, choice);
    }
    plan->choices = all.at;
    plan->choice_count = all.len;
    return ST_OK;
}

struct memory {
    const struct import_plan *plan;
    const struct value *columns; /* of the report */
};

static struct str printed_at(const struct value *columns, int index)
{
    value_each (column, columns)
        if (value_find_int(column, "index", 0) == index)
            return value_find_text(column, "printed");
    return (struct str){0};
}

static enum status remember(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    const struct memory *memory = arg;
    for (size_t i = 0; i < memory->plan->choice_count; i++) {
        const struct intake_choice *choice = &memory->plan->choices[i];
        const char *field = intake_field_name(choice->field);
        const struct column_row row = {
            .printed = choice->index > 0 ? printed_at(memory->columns, choice->index)
                                         : choice->printed,
            .field = str_of(field == NULL ? "none" : field),
        };
        if (!str_is_empty(row.printed))
            TRY(view_rows_put_column(ctx, ledger->conn, memory_key(memory->plan), &row));
    }
    return ST_OK;
}

/* ---- keeping ---- */

struct insertion {
    struct import_row row;
    int64_t id;
};

static enum status insert(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    struct insertion *insertion = arg;
    return import_rows_insert(ctx, ledger, &insertion->row, &insertion->id);
}

static enum status keep_file(struct ctx *ctx, const struct home *home, int fd, struct str *out)
{
    struct digest digest;
    int64_t size;
    TRY(blob_put_file(ctx, home->blobs, fd, &digest, &size));
    *out = digest_format(ctx->arena, &digest);
    return ST_OK;
}

static struct str path_of(struct arena *arena, int fd)
{
    return str_printf(arena, "/proc/self/fd/%d", fd);
}

enum status import_read(struct ctx *ctx, const struct import_desk *desk,
                        const struct import_plan *plan, const char *path, struct value **out)
{
    struct import_plan whole = *plan;
    TRY(add_remembered(ctx, desk->conn, &whole));
    return import_walk(ctx, desk, &whole, path, 0, 0, out);
}

static enum status dry_run(struct ctx *ctx, const struct import_desk *desk,
                           const struct import_plan *plan, int fd, struct import_row *row)
{
    struct value *report;
    TRY(import_read(ctx, desk, plan, str_c(ctx->arena, path_of(ctx->arena, fd)), &report));
    row->total_count = value_find_int(report, "rows", 0);
    return print(ctx, report, REPORT_BYTES, &row->report);
}

enum status import_keep(struct ctx *ctx, const struct import_desk *desk,
                        const struct import_plan *plan, int fd, bool is_dry, int64_t *out_id)
{
    struct insertion insertion = {.row = {.account = desk->account,
                                          .campaign = plan->campaign,
                                          .procedure = plan->procedure,
                                          .file_name = plan->file_name,
                                          .report = S("{}")}};
    TRY(format_plan(ctx, plan, &insertion.row.options));
    if (is_dry)
        TRY(dry_run(ctx, desk, plan, fd, &insertion.row));
    TRY(keep_file(ctx, desk->home, fd, &insertion.row.sha256));
    TRY(home_write(ctx, desk->home, insert, &insertion));
    *out_id = insertion.id;
    return ST_OK;
}

/* ---- changing and going on ---- */

static enum status open_file(struct ctx *ctx, const struct import_desk *desk,
                             const struct import_row *row, int *out_fd)
{
    struct digest digest;
    int64_t size;
    if (!digest_parse(row->sha256, &digest))
        return fail(ctx, ST_BROKEN, "import.unknown", ARGS(arg_int("id", row->id)));
    return blob_open(ctx, desk->home->blobs, &digest, out_fd, &size);
}

static void close_file(const int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
}

/* Something of an import's row changes: options and report, or the state. */
struct change {
    int64_t id;
    const char *from;
    const char *to;
    struct str options; /* absent: stay */
    struct str report;
    int64_t total;
    struct memory *memory; /* or null */
    struct account_id worker;    /* a job is left for somebody to do it */
    bool wants_job;
};

static enum status leave_job(struct ctx *ctx, struct ledger_tx *ledger,
                             const struct change *change)
{
    struct str payload;
    int64_t id;
    struct value *map = value_map(ctx->arena);
    value_put_text(ctx->arena, map, "import",
                   str_printf(ctx->arena, "%lld", (long long)change->id));
    TRY(print(ctx, map, OPTIONS_BYTES, &payload));
    return job_rows_insert(ctx, ledger, S("import"), change->worker, payload, &id);
}

static enum status apply(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    const struct change *change = arg;
    TRY(import_rows_move(ctx, ledger->conn, change->id, change->from, change->to));
    if (change->memory != NULL)
        TRY(remember(ctx, ledger, change->memory));
    if (change->wants_job)
        TRY(leave_job(ctx, ledger, change));
    if (change->options.at == NULL)
        return ST_OK;
    return import_rows_set_options(ctx, ledger->conn, change->id, change->options, change->report,
                                   change->total);
}

static enum status need_state(struct ctx *ctx, const struct import_row *row, const char *state)
{
    return str_eq_c(row->state, state) ? ST_OK
                                       : fail(ctx, ST_CONFLICT, "import.other_state",
                                              ARGS(arg_int("id", row->id)));
}

enum status import_choose(struct ctx *ctx, const struct import_desk *desk, int64_t id,
                          const struct intake_choice *choices, size_t choice_count)
{
    int fd AUTO(close_file) = -1;
    struct import_row row;
    struct import_plan plan;
    struct value *before = NULL;
    TRY(import_rows_find(ctx, desk->conn, id, &row));
    TRY(need_state(ctx, &row, "read"));
    TRY(parse_plan(ctx, &row, &plan));
    TRY(json_parse(ctx, row.report, REPORT_BYTES, JSON_DECIMALS_AS_TEXT, &before));
    plan.choices = choices;
    plan.choice_count = choice_count;
    TRY(open_file(ctx, desk, &row, &fd));
    struct change change = {.id = id, .from = "read", .to = "read"};
    TRY(dry_run(ctx, desk, &plan, fd, &row));
    TRY(format_plan(ctx, &plan, &change.options));
    struct memory memory = {&plan, value_find_c(before, "columns")};
    change.report = row.report;
    change.total = row.total_count;
    change.memory = &memory;
    return home_write(ctx, desk->home, apply, &change);
}

enum status import_begin(struct ctx *ctx, const struct import_desk *desk, int64_t id)
{
    struct import_row row;
    struct change change = {.id = id,
                            .from = "read",
                            .to = "committing",
                            .worker = desk->account,
                            .wants_job = true};
    TRY(import_rows_find(ctx, desk->conn, id, &row));
    TRY(need_state(ctx, &row, "read"));
    return home_write(ctx, desk->home, apply, &change);
}

static bool may_pass_later(enum status status)
{
    return status == ST_IO || status == ST_UNAVAILABLE || status == ST_INTERNAL;
}

static enum status write_all(struct ctx *ctx, const struct import_desk *desk,
                             struct import_row *row)
{
    int fd AUTO(close_file) = -1;
    struct import_plan plan;
    struct value *report;
    int64_t last;
    TRY(parse_plan(ctx, row, &plan));
    TRY(add_remembered(ctx, desk->conn, &plan));
    if (instant_is_none(plan.registered))
        plan.registered = ctx->now;
    TRY(open_file(ctx, desk, row, &fd));
    TRY(import_rows_last_row(ctx, desk->conn, row->id, &last));
    TRY(import_walk(ctx, desk, &plan, str_c(ctx->arena, path_of(ctx->arena, fd)), row->id, last,
                    &report));
    row->total_count = value_find_int(report, "rows", 0);
    return print(ctx, report, REPORT_BYTES, &row->report);
}

enum status import_commit(struct ctx *ctx, const struct import_desk *desk, int64_t id)
{
    struct import_row row;
    struct change change = {.id = id, .from = "read", .to = "committing"};
    TRY(import_rows_find(ctx, desk->conn, id, &row));
    if (str_eq_c(row.state, "read"))
        TRY(home_write(ctx, desk->home, apply, &change));
    else
        TRY(need_state(ctx, &row, "committing"));
    enum status status = write_all(ctx, desk, &row);
    if (may_pass_later(status))
        return status;
    change.from = "committing";
    change.to = status == ST_OK ? "committed" : "failed";
    if (status != ST_OK) {
        struct ctx own = {.arena = ctx->arena, .now = ctx->now};
        if (home_write(&own, desk->home, apply, &change) != ST_OK)
            fail_clear(&own); /* the first failure is the one to tell */
        return status;
    }
    change.options = row.options;
    change.report = row.report;
    change.total = row.total_count;
    return home_write(ctx, desk->home, apply, &change);
}

/* ---- withdrawing ---- */

struct withdrawal {
    const struct import_desk *desk;
    struct import_row row;
    struct str reason;
};

static enum status give(struct ctx *ctx, struct ledger_tx *ledger, const struct import_desk *desk,
                        const struct actor *actor, struct case_ref ref, const char *command,
                        const struct value *input)
{
    struct case_order order = {.home = desk->home,
                               .world = desk->world,
                               .actor = actor,
                               .ref = ref,
                               .command = str_of(command),
                               .input = input,
                               .happened_at = INSTANT_NONE};
    return casework_record(ctx, ledger, &order);
}

typedef enum status case_work(struct ctx *ctx, struct ledger_tx *ledger,
                              const struct withdrawal *withdrawal, struct case_ref ref);

static enum status withdraw_one(struct ctx *ctx, struct ledger_tx *ledger,
                                const struct withdrawal *withdrawal, struct case_ref ref)
{
    struct value *input = value_map(ctx->arena);
    value_put_text(ctx->arena, input, "reason", withdrawal->reason);
    return give(ctx, ledger, withdrawal->desk, withdrawal->desk->actor, ref, "withdraw", input);
}

/* What stays forgets the cases that went. */
static enum status unlink_one(struct ctx *ctx, struct ledger_tx *ledger,
                              const struct withdrawal *withdrawal, struct case_ref ref)
{
    static const struct actor system = {.is_system = true};
    struct casefile casefile;
    TRY(ledger_load(ctx, ledger->conn, ref.prefecture, ref.id, &casefile));
    for (size_t i = 0; i < casefile.links.len; i++) {
        const struct casefile_link *link = &casefile.links.at[i];
        struct casefile_row other;
        TRY(casefile_rows_find(ctx, ledger->conn, link->prefecture, link->id, &other));
        if (!str_eq_c(link->kind, "duplicate") || other.withdrawn)
            continue;
        struct value *input = value_map(ctx->arena);
        value_put_text(ctx->arena, input, "case",
                       casefile_ref_format(ctx->arena, ref.prefecture, ref.id));
        value_put_text(ctx->arena, input, "kind", S("duplicate"));
        TRY(give(ctx, ledger, withdrawal->desk, &system,
                 (struct case_ref){link->prefecture, link->id}, "unlink", input));
    }
    return ST_OK;
}

static enum status for_each_case(struct ctx *ctx, struct ledger_tx *ledger,
                                 const struct withdrawal *withdrawal, case_work *work)
{
    struct import_case_list cases = {0};
    int64_t after = 0;
    do {
        struct arena_mark mark = arena_mark(ctx->arena);
        TRY(import_rows_list_cases(ctx, ledger->conn, withdrawal->row.id, after, WITHDRAW_AT_ONCE,
                                   &cases));
        for (size_t i = 0; i < cases.len; i++) {
            TRY(work(ctx, ledger, withdrawal,
                     (struct case_ref){cases.at[i].prefecture, cases.at[i].casefile}));
            after = cases.at[i].row;
        }
        arena_return(ctx->arena, mark);
    } while (cases.len == WITHDRAW_AT_ONCE);
    return ST_OK;
}

/* A batch of which no case is left goes too. */
static enum status drop_batch(struct ctx *ctx, struct ledger_tx *ledger,
                              const struct withdrawal *withdrawal, struct str number)
{
    struct batch_row batch;
    int64_t left;
    struct str campaign = withdrawal->row.campaign;
    struct str axis =
        str_printf(ctx->arena, "%.*s/%.*s", STR_ARG(campaign), STR_ARG(number));
    const struct casefile_filter filter = {.batches = {&axis, 1},
                                           .due_before = INSTANT_NONE,
                                           .due_after = INSTANT_NONE,
                                           .scope = {.everything = true}};
    TRY(casefile_count(ctx, ledger->conn, &filter, 1, &left));
    if (left > 0 || batch_rows_find(ctx, ledger->conn, campaign, number, &batch) != ST_OK)
        return ctx->failure.status;
    return record_remove(ctx, ledger, RECORD_BATCH, batch.id.v, S("system"), S("withdraw"),
                         withdrawal->reason);
}

static enum status withdraw_all(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    const struct withdrawal *withdrawal = arg;
    struct value *report = NULL;
    TRY(import_rows_move(ctx, ledger->conn, withdrawal->row.id,
                         str_c(ctx->arena, withdrawal->row.state), "withdrawn"));
    TRY(for_each_case(ctx, ledger, withdrawal, withdraw_one));
    TRY(for_each_case(ctx, ledger, withdrawal, unlink_one));
    TRY(json_parse(ctx, withdrawal->row.report, REPORT_BYTES, JSON_DECIMALS_AS_TEXT, &report));
    value_each (batch, value_find_c(report, "batches"))
        if (!str_is_empty(value_find_text(batch, "number")))
            TRY(drop_batch(ctx, ledger, withdrawal, value_find_text(batch, "number")));
    return ST_OK;
}

enum status import_withdraw(struct ctx *ctx, const struct import_desk *desk, int64_t id,
                            struct str reason)
{
    struct withdrawal withdrawal = {.desk = desk, .reason = str_trim(reason)};
    TRY(import_rows_find(ctx, desk->conn, id, &withdrawal.row));
    bool written = str_eq_c(withdrawal.row.state, "committed") ||
                   str_eq_c(withdrawal.row.state, "failed");
    if (!written)
        TRY(need_state(ctx, &withdrawal.row, "read"));
    if (str_is_empty(withdrawal.reason)) {
        struct reason missing = reason_make("engine.missing", ARGS(arg_c("field", "reason")));
        missing.field = S("reason");
        missing.code = "missing";
        return fail_reason(ctx, ST_INVALID, missing);
    }
    return home_write(ctx, desk->home, withdraw_all, &withdrawal);
}
