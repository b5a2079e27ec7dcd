/*
 * One walk over the table, for the dry run and for writing alike: the report of the second is made
 * by the same steps as that of the first.
 */
#include "services/import_int.h"

#include "kit/words.h"
#include "services/intake_map.h"
#include "store/casefile_rows.h"

enum { PREVIEW_ROWS = 100, PREVIEW_CHARS = 200 };

enum status import_hand_failure(struct ctx *to, const struct ctx *from, enum status status)
{
    if (to == from)
        return status;
    to->failure = from->failure;
    to->failure.more_count = 0;
    fail_keep(to);
    return status;
}

/* ---- the head ---- */

static enum status take_table(void *self, struct ctx *ctx, const struct intake_table *table)
{
    struct import_pass *pass = self;
    struct intake_column *columns =
        arena_copy(pass->arena, table->columns, table->column_count * sizeof *columns);
    struct value *head = value_put_list(pass->arena, pass->preview, "head");
    for (size_t i = 0; i < table->column_count; i++) {
        columns[i].printed = str_copy(pass->arena, columns[i].printed);
        columns[i].tick = str_copy(pass->arena, columns[i].tick);
        value_append(head, value_text(pass->arena, columns[i].printed));
    }
    pass->table = *table;
    pass->table.columns = columns;
    pass->target.table = &pass->table;
    return intake_report_table(pass->report, ctx, table);
}

static enum status take_fault(void *self, struct ctx *ctx, const struct intake_fault *fault)
{
    struct import_pass *pass = self;
    return intake_report_fault(pass->report, ctx, fault);
}

/* ---- a row ---- */

/* The number of a row that was written before an interruption is its own. */
static enum status check_number(struct ctx *ctx, struct import_pass *pass,
                                struct import_candidate *candidate)
{
    struct prefecture prefecture;
    struct casefile_id id;
    if (!candidate->accepted || str_is_empty(candidate->number) ||
        candidate->row <= pass->after_row)
        return ST_OK;
    enum status status =
        casefile_rows_find_received(ctx, pass->desk->conn, pass->plan->campaign, candidate->batch,
                                    candidate->number, &prefecture, &id);
    if (status == ST_NOT_FOUND)
        return ST_OK;
    TRY(status);
    import_row_add_fault(ctx, candidate, import_row_column(&pass->table, INTAKE_NUMBER),
                         "import.number_known",
                         ARGS(arg_text("text", candidate->number),
                              arg_text("case", casefile_ref_format(ctx->arena, prefecture, id))));
    return ST_OK;
}

static enum status find_duplicate(struct ctx *ctx, struct import_pass *pass,
                                  const struct import_candidate *candidate,
                                  struct duplicates_found *out)
{
    *out = (struct duplicates_found){0};
    if (!candidate->accepted || candidate->row <= pass->after_row)
        return ST_OK;
    const struct duplicates_row row = {
        .row = candidate->row,
        .prefecture = world_prefecture_of(pass->desk->world, candidate->region),
        .region = candidate->placed ? candidate->region : (struct str){0},
        .text = candidate->subject,
        .day = candidate->day,
    };
    TRY(duplicates_find(ctx, pass->duplicates, &row, out));
    if (out->permille == 0)
        return ST_OK;
    struct str of = out->row > 0 ? (struct str){0}
                                 : casefile_ref_format(ctx->arena, out->prefecture, out->id);
    intake_report_add_duplicate(pass->report, candidate->row, out->row, of, out->permille);
    return ST_OK;
}

static struct str cell_of(const struct intake_row *row, const struct intake_column *column)
{
    if (column->field != INTAKE_UNMAPPED)
        return row->values[column->field].text;
    for (size_t i = 0; i < row->extra_count; i++)
        if (row->extras[i].column == column->index)
            return row->extras[i].text;
    return S("");
}

static void preview(struct import_pass *pass, const struct intake_row *row)
{
    struct arena *arena = pass->arena;
    struct value *rows = value_list_at(arena, pass->preview, "rows");
    if (rows->count >= PREVIEW_ROWS)
        return;
    struct value *shown = value_append_map(arena, rows);
    value_put_int(arena, shown, "n", row->number);
    struct value *cells = value_put_list(arena, shown, "cells");
    for (size_t i = 0; i < pass->table.column_count; i++)
        value_append(cells, value_text(arena, str_copy(arena, utf8_prefix(cell_of(row, &pass->table.columns[i]),
                                                                          PREVIEW_CHARS))));
}

static enum status report_row(struct ctx *ctx, struct import_pass *pass,
                              const struct intake_row *row,
                              const struct import_candidate *candidate)
{
    struct intake_row judged = *row;
    judged.accepted = candidate->accepted;
    for (size_t i = 0; i < candidate->fault_count; i++)
        TRY(intake_report_fault(pass->report, ctx, &candidate->faults[i]));
    preview(pass, row);
    return intake_report_row(pass->report, ctx, &judged);
}

static enum status read_row(struct ctx *ctx, struct import_pass *pass,
                            const struct intake_row *row, struct import_item *out)
{
    TRY(import_row_read(ctx, &pass->target, row, &out->candidate));
    TRY(check_number(ctx, pass, &out->candidate));
    TRY(find_duplicate(ctx, pass, &out->candidate, &out->duplicate));
    return report_row(ctx, pass, row, &out->candidate);
}

static enum status take_row(void *self, struct ctx *ctx, const struct intake_row *row)
{
    struct import_pass *pass = self;
    bool kept = pass->writing != NULL && row->number > pass->after_row;
    struct ctx *own = kept ? import_writing_ctx(pass->writing) : &pass->row;
    if (!kept)
        arena_reset(own->arena);
    fail_clear(own);
    struct import_item item;
    enum status status = read_row(own, pass, row, &item);
    if (status != ST_OK)
        return import_hand_failure(ctx, own, status);
    if (pass->desk->progress != NULL && row->permille != pass->permille)
        pass->desk->progress(pass->desk->progress_arg, row->permille);
    pass->permille = row->permille;
    return kept ? import_writing_add(ctx, pass->writing, &item) : ST_OK;
}

/* ---- the walk ---- */

static enum status begin(struct ctx *ctx, struct import_pass *pass)
{
    const struct import_desk *desk = pass->desk;
    const struct import_plan *plan = pass->plan;
    const struct world_campaign *campaign = world_find_campaign(desk->world, plan->campaign);
    struct str tmp = str_concat(pass->arena, desk->home->dir, S("/tmp"));
    TRY(world_engine(ctx, desk->world, &pass->view, plan->campaign, plan->procedure,
                     (struct str){0}, &pass->engine));
    if (campaign == NULL || str_eq_c(campaign->state, "ended"))
        return fail(ctx, ST_CONFLICT, "import.campaign_ended",
                    ARGS(arg_text("name", plan->campaign)));
    pass->target = (struct import_target){
        .world = desk->world,
        .engine = &pass->engine,
        .actor = desk->actor,
        .source = plan->source,
        .registered = instant_is_none(plan->registered) ? ctx->now : plan->registered,
    };
    pass->duplicates = duplicates_open(pass->arena, desk->conn, &pass->engine, tmp);
    pass->report = intake_report_open(pass->arena, tmp);
    intake_report_leave_duplicates(pass->report);
    pass->preview = value_map(pass->arena);
    pass->row = (struct ctx){.arena = arena_new(), .now = ctx->now};
    return ST_OK;
}

static void end(struct import_pass *pass)
{
    import_writing_close(pass->writing);
    duplicates_close(pass->duplicates);
    intake_report_close(pass->report);
    if (pass->row.arena != NULL)
        arena_free(pass->row.arena);
}

static enum status scan(struct ctx *ctx, struct import_pass *pass, const char *path)
{
    const struct import_desk *desk = pass->desk;
    const struct import_plan *plan = pass->plan;
    const struct intake_visitor visitor = {pass, take_table, take_fault, take_row};
    const struct intake_options options = {
        .shown_name = plan->file_name,
        .tmp_dir = str_concat(pass->arena, desk->home->dir, S("/tmp")),
        .batch = plan->batch,
        .date = plan->date,
        .choices = plan->choices,
        .choice_count = plan->choice_count,
        .in_process = desk->in_process,
    };
    struct intake_dict *dict;
    struct intake_summary summary;
    TRY(intake_dict_load(ctx, pass->arena, desk->home->furniture, (struct str){0}, &dict));
    TRY(intake_scan(ctx, path, dict, &options, &visitor, &summary));
    return pass->writing == NULL ? ST_OK : import_writing_finish(ctx, pass->writing);
}

/* The sentences of both languages, so that a kept report serves every reader. */
static struct value *whole_report(const struct import_pass *pass)
{
    struct arena *arena = pass->arena;
    const struct words_book *words = pass->desk->home->words;
    struct value *report = intake_report_value(arena, pass->report, words, LANG_ZH);
    struct value *english = intake_report_value(arena, pass->report, words, LANG_EN);
    const struct value *twin = value_find_c(english, "faults")->first;
    struct value *faults = value_list_at(arena, report, "faults");
    for (struct value *fault = faults->first; fault != NULL; fault = fault->next) {
        value_put_text(arena, fault, "message_en", value_find_text(twin, "message"));
        twin = twin->next;
    }
    (void)value_list_at(arena, pass->preview, "rows");
    value_put(report, S("preview"), pass->preview);
    return report;
}

static enum status walk(struct ctx *ctx, struct import_pass *pass, const char *path,
                        int64_t import, struct value **out)
{
    TRY(begin(ctx, pass));
    if (import != 0)
        pass->writing = import_writing_open(pass, import);
    TRY(scan(ctx, pass, path));
    *out = whole_report(pass);
    return ST_OK;
}

enum status import_walk(struct ctx *ctx, const struct import_desk *desk,
                        const struct import_plan *plan, const char *path, int64_t import,
                        int64_t after_row, struct value **out_report)
{
    struct import_pass pass = {
        .desk = desk, .plan = plan, .arena = ctx->arena, .after_row = after_row};
    enum status status = walk(ctx, &pass, path, import, out_report);
    end(&pass);
    return status;
}
