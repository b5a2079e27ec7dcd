/*
 * What readers see of an import. The kept report has the sentences of both languages; here one is
 * chosen, and what a page needs is put beside.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/num.h"
#include "kit/json.h"
#include "services/import_int.h"
#include "store/casefile_rows.h"

enum { REPORT_BYTES = 64 * 1024 * 1024, RECENT = 20, BATCHES_IN_ADDRESS = 16, RESULT_PAGE = 500 };

/* i18n: import.state.* import.field.* */
static struct str word(struct arena *arena, const struct reader *reader, const char *prefix,
                       struct str name)
{
    const char *key = str_c(arena, str_printf(arena, "%s%.*s", prefix, STR_ARG(name)));
    return reader_sentence(arena, reader, key, NO_ARGS);
}

/* ---- the object of the contract ---- */

struct placed_fault {
    const struct value *fault;
    int64_t row;
    bool is_error;
    size_t n; /* in the order they were found */
};

static int by_row(const void *a, const void *b)
{
    const struct placed_fault *x = a, *y = b;
    if (x->row != y->row)
        return x->row < y->row ? -1 : 1;
    if (x->is_error != y->is_error)
        return x->is_error ? -1 : 1;
    return x->n < y->n ? -1 : x->n > y->n;
}

/* By row, what refuses it first: a row that only the writing refused is told late. */
static struct placed_fault *sorted_faults(struct arena *arena, const struct value *faults,
                                          size_t *count)
{
    *count = faults == NULL ? 0 : faults->count;
    struct placed_fault *all = arena_alloc_array(arena, *count, sizeof *all);
    size_t n = 0;
    value_each (fault, faults) {
        bool is_error = str_eq_c(value_find_text(fault, "severity"), "error");
        all[n] = (struct placed_fault){fault, value_find_int(fault, "row", 0), is_error, n};
        n++;
    }
    if (n > 1)
        qsort(all, n, sizeof *all, by_row);
    return all;
}

/* How the file calls a column; empty for a fault of the whole row. */
static struct str printed_name(const struct value *report, int64_t index)
{
    value_each (column, value_find_c(report, "columns"))
        if (value_find_int(column, "index", 0) == index)
            return value_find_text(column, "printed");
    return S("");
}

static void put_faults(struct arena *arena, const struct reader *reader,
                       const struct value *report, struct value *out)
{
    size_t count;
    struct value *list = value_put_list(arena, out, "faults");
    const struct placed_fault *all =
        sorted_faults(arena, value_find_c(report, "faults"), &count);
    for (size_t i = 0; i < count; i++) {
        const struct value *fault = all[i].fault;
        struct value *row = value_append_map(arena, list);
        struct str severity = value_find_text(fault, "severity");
        value_put_int(arena, row, "row", value_find_int(fault, "row", 0));
        value_put_int(arena, row, "column", value_find_int(fault, "column", 0));
        value_put_text(arena, row, "column_label",
                       printed_name(report, value_find_int(fault, "column", 0)));
        value_put_text(arena, row, "code", value_find_text(fault, "code"));
        value_put_text(arena, row, "message",
                       value_find_text(fault,
                                       reader->lang == LANG_EN ? "message_en" : "message"));
        value_put_text(arena, row, "severity", severity);
        value_put_bool(arena, row, "is_error", all[i].is_error);
    }
}

static void put_duplicates(struct arena *arena, const struct value *report, struct value *out)
{
    struct value *list = value_put_list(arena, out, "duplicates");
    value_each (found, value_find_c(report, "duplicates")) {
        struct value *row = value_append_map(arena, list);
        const struct value *of = value_find_c(found, "of");
        struct value *similarity = value_copy(arena, value_find_c(found, "similarity"));
        similarity->decimal = similarity->kind == VALUE_TEXT;
        value_put_int(arena, row, "row", value_find_int(found, "row", 0));
        value_put(row, S("of"), value_copy(arena, of));
        value_put(row, S("similarity"), similarity);
        if (of->kind == VALUE_TEXT)
            value_put_text(arena, row, "of_url", str_concat(arena, S("/cases/"), of->text));
    }
}

struct value *import_report_document(struct arena *arena, const struct reader *reader,
                                     const struct value *report)
{
    static const char *const as_they_are[] = {"file", "sheet",    "encoding", "header_row",
                                              "columns", "rows", "accepted", "batches",
                                              "faults_more", "duplicates_more"};
    struct value *out = value_map(arena);
    for (size_t i = 0; i < COUNT_OF(as_they_are); i++)
        if (value_find_c(report, as_they_are[i]) != NULL)
            value_put(out, str_of(as_they_are[i]),
                      value_copy(arena, value_find_c(report, as_they_are[i])));
    put_faults(arena, reader, report, out);
    put_duplicates(arena, report, out);
    return out;
}

/* ---- the page ---- */

static void put_column_choices(struct arena *arena, const struct reader *reader,
                               struct value *document)
{
    struct value *columns = value_list_at(arena, document, "columns");
    for (struct value *column = columns->first; column != NULL; column = column->next) {
        struct value *options = value_put_list(arena, column, "options");
        for (enum intake_field field = 0; field < INTAKE_FIELD_COUNT; field++) {
            struct str name = str_of(intake_field_name(field));
            struct value *option = value_append_map(arena, options);
            value_put_text(arena, option, "value", name);
            value_put_text(arena, option, "label", word(arena, reader, "import.field.", name));
            value_put_bool(arena, option, "selected",
                           str_eq(value_find_text(column, "field"), name));
        }
    }
}

/* Faults of one row stand together; `*fault` walks on with the rows. */
static void put_preview_row(struct arena *arena, const struct value *row, const struct value *head,
                            const struct value **fault, struct value *rows)
{
    struct value *out = value_append_map(arena, rows);
    int64_t n = value_find_int(row, "n", 0);
    const struct value *column = head;
    bool refused = false, doubtful = false;
    while (*fault != NULL && value_find_int(*fault, "row", 0) < n)
        *fault = (*fault)->next;
    struct value *cells = value_put_list(arena, out, "cells");
    value_each (cell, value_find_c(row, "cells")) {
        struct value *shown = value_append_map(arena, cells);
        value_put_text(arena, shown, "text", cell->text);
        value_put_text(arena, shown, "class", S("ok"));
        for (const struct value *one = *fault;
             one != NULL && value_find_int(one, "row", 0) == n; one = one->next) {
            bool is_error = value_find_bool(one, "is_error");
            refused = refused || is_error;
            doubtful = true;
            if (column == NULL ||
                value_find_int(one, "column", 0) != value_find_int(column, "index", 0))
                continue;
            value_put_text(arena, shown, "class", is_error ? S("error") : S("warning"));
            value_put_text(arena, shown, "fault", value_find_text(one, "message"));
        }
        column = column == NULL ? NULL : column->next;
    }
    value_put_int(arena, out, "n", n);
    value_put_text(arena, out, "class",
                   refused ? S("error") : doubtful ? S("warning") : S("ok"));
}

static void put_preview(struct arena *arena, const struct value *report, struct value *document)
{
    const struct value *kept = value_find_c(report, "preview");
    const struct value *fault = value_find_c(document, "faults")->first;
    const struct value *columns = value_find_c(document, "columns");
    struct value *preview = value_put_map(arena, document, "preview");
    if (value_find_c(kept, "head") != NULL)
        value_put(preview, S("head"), value_copy(arena, value_find_c(kept, "head")));
    struct value *rows = value_put_list(arena, preview, "rows");
    value_each (row, value_find_c(kept, "rows"))
        put_preview_row(arena, row, columns == NULL ? NULL : columns->first, &fault, rows);
}

static struct str cases_url(struct arena *arena, const struct import_row *row,
                            const struct value *report)
{
    struct buf url;
    size_t count = 0;
    buf_init(&url, arena, 8192);
    buf_c(&url, "/cases?campaign=");
    url_part(&url, row->campaign);
    value_each (batch, value_find_c(report, "batches")) {
        struct str number = value_find_text(batch, "number");
        if (str_is_empty(number) || count++ >= BATCHES_IN_ADDRESS)
            continue;
        buf_c(&url, count == 1 ? "&batch=" : ",");
        url_part(&url, row->campaign);
        buf_c(&url, "/");
        url_part(&url, number);
    }
    return buf_str(&url);
}

static void put_progress(struct arena *arena, const struct import_row *row,
                         struct value *document)
{
    struct value *progress = value_put_map(arena, document, "progress");
    bool done = str_eq_c(row->state, "committed");
    int64_t total = row->total_count, seen = done ? total : row->done_count;
    value_put_int(arena, progress, "done", seen);
    value_put_int(arena, progress, "total", total);
    value_put_int(arena, progress, "percent", total == 0 ? 0 : seen * 100 / total);
}

static void put_state(struct arena *arena, const struct reader *reader,
                      const struct import_row *row, struct value *document)
{
    struct str id = str_printf(arena, "%lld", (long long)row->id);
    value_put_text(arena, document, "id", id);
    value_put_text(arena, document, "url", str_concat(arena, S("/imports/"), id));
    value_put_text(arena, document, "file", row->file_name);
    value_put_text(arena, document, "state", row->state);
    value_put_text(arena, document, "state_label", word(arena, reader, "import.state.", row->state));
    value_put_text(arena, document, "created_text", reader_time(arena, reader, row->created_at));
}

enum status import_document(struct ctx *ctx, struct db_conn *conn, const struct reader *reader,
                            int64_t id, struct value **out)
{
    struct import_row row;
    struct value *report = NULL;
    struct arena *arena = ctx->arena;
    TRY(import_rows_find(ctx, conn, id, &row));
    TRY(json_parse(ctx, row.report, REPORT_BYTES, JSON_DECIMALS_AS_TEXT, &report));
    struct value *document = import_report_document(arena, reader, report);
    int64_t rows = value_find_int(document, "rows", 0);
    int64_t accepted = value_find_int(document, "accepted", 0);
    put_state(arena, reader, &row, document);
    value_put_text(arena, document, "campaign", row.campaign);
    value_put_text(arena, document, "procedure", row.procedure);
    value_put_int(arena, document, "refused", rows - accepted);
    put_column_choices(arena, reader, document);
    put_preview(arena, report, document);
    put_progress(arena, &row, document);
    value_put_bool(arena, document, "may_commit", str_eq_c(row.state, "read") && accepted > 0);
    value_put_bool(arena, document, "may_withdraw",
                   str_eq_c(row.state, "committed") || str_eq_c(row.state, "failed"));
    value_put_text(arena, document, "result_url",
                   str_printf(arena, "/imports/%lld/result", (long long)id));
    value_put_text(arena, document, "cases_url", cases_url(arena, &row, report));
    *out = document;
    return ST_OK;
}

/* ---- the form for a new one ---- */

/* Roles that every case of the campaign gives to the same units are known before there is a case;
   for others the engine will say. */
static bool may_make(const struct engine *engine, const struct actor *actor)
{
    const struct regime_procedure *procedure = engine->procedure;
    for (size_t i = 0; i < procedure->created_by_count; i++) {
        const struct regime_role *role =
            regime_find_role(engine->regime, procedure->created_by[i].role);
        if (role == NULL || !role->of_campaign) {
            if (actor->post_count > 0)
                return true;
            continue;
        }
        value_each (holder, value_find(engine->campaign.roles, role->name)) {
            int64_t unit = 0;
            (void)num_parse_i64(holder->text, 1, INT64_MAX, &unit);
            for (size_t j = 0; j < actor->post_count; j++)
                if (actor->posts[j].unit.v == unit)
                    return true;
        }
    }
    return false;
}

enum status import_may(struct ctx *ctx, const struct world *world, const struct actor *actor,
                       struct str campaign, struct str procedure, bool *out)
{
    struct world_view view;
    struct engine engine;
    TRY(world_engine(ctx, world, &view, campaign, procedure, (struct str){0}, &engine));
    *out = engine.procedure->import_count > 0 && (actor->is_system || may_make(&engine, actor));
    return ST_OK;
}

static void put_sources(struct arena *arena, const struct reader *reader,
                        const struct regime *regime, struct value *sources)
{
    for (size_t i = 0; i < regime->source_count; i++) {
        bool known = false;
        value_each (one, sources)
            known = known || str_eq(value_find_text(one, "value"), regime->sources[i].id);
        if (known)
            continue;
        struct value *row = value_append_map(arena, sources);
        value_put_text(arena, row, "value", regime->sources[i].id);
        value_put_text(arena, row, "label",
                       words_label(reader->lang, regime->sources[i].words));
    }
}

static enum status put_campaign(struct ctx *ctx, const struct world *world,
                                const struct reader *reader, const struct actor *actor,
                                const struct world_campaign *campaign, struct value *document)
{
    struct arena *arena = ctx->arena;
    const struct regime *regime;
    TRY(world_load_pack(ctx, world, campaign->pack, &regime));
    struct value *procedures = value_list(arena);
    for (size_t i = 0; i < regime->procedure_count; i++) {
        bool may;
        TRY(import_may(ctx, world, actor, campaign->name, regime->procedures[i].name, &may));
        if (!may)
            continue;
        struct value *row = value_append_map(arena, procedures);
        value_put_text(arena, row, "name", regime->procedures[i].name);
        value_put_text(arena, row, "label",
                       words_label(reader->lang, regime->procedures[i].words));
    }
    if (procedures->count == 0)
        return ST_OK;
    struct value *row =
        value_append_map(arena, value_list_at(arena, document, "campaigns"));
    value_put_text(arena, row, "id", campaign->name);
    value_put_text(arena, row, "label", words_label(reader->lang, campaign->title));
    value_put(row, S("procedures"), procedures);
    put_sources(arena, reader, regime, value_list_at(arena, document, "sources"));
    return ST_OK;
}

static enum status put_recent(struct ctx *ctx, struct db_conn *conn, const struct world *world,
                              const struct reader *reader, const struct actor *actor,
                              struct value *document)
{
    struct import_row_list recent = {0};
    struct value *list = value_put_list(ctx->arena, document, "recent");
    TRY(import_rows_list(ctx, conn, INT64_MAX, RECENT, &recent));
    for (size_t i = 0; i < recent.len; i++) {
        bool may;
        TRY(import_may(ctx, world, actor, recent.at[i].campaign, recent.at[i].procedure, &may));
        if (!may)
            continue;
        struct value *row = value_append_map(ctx->arena, list);
        put_state(ctx->arena, reader, &recent.at[i], row);
        value_put_int(ctx->arena, row, "rows", recent.at[i].total_count);
    }
    return ST_OK;
}

enum status import_form_document(struct ctx *ctx, struct db_conn *conn, const struct world *world,
                                 const struct reader *reader, const struct actor *actor,
                                 struct value **out)
{
    struct value *document = value_map(ctx->arena);
    size_t count;
    const struct world_campaign *campaigns = world_list_campaigns(world, &count);
    (void)value_put_list(ctx->arena, document, "campaigns");
    (void)value_put_list(ctx->arena, document, "sources");
    for (size_t i = 0; i < count; i++)
        if (!str_eq_c(campaigns[i].state, "ended"))
            TRY(put_campaign(ctx, world, reader, actor, &campaigns[i], document));
    TRY(put_recent(ctx, conn, world, reader, actor, document));
    *out = document;
    return ST_OK;
}

/* ---- the result list ---- */

struct result {
    struct ctx *ctx;
    const struct reader *reader;
    const struct value *fault; /* the next one */
    struct buf text;
    int fd;
};

static void put_line(struct result *result, const struct str *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buf_char(&result->text, ',');
        csv_cell(&result->text, cells[i], true);
    }
    buf_c(&result->text, "\r\n");
}

/* The messages of one row, one after another; moves on behind them. */
static struct str messages_of(struct result *result, int64_t row, bool *refused)
{
    struct arena *arena = result->ctx->arena;
    struct str all = S("");
    while (result->fault != NULL && value_find_int(result->fault, "row", 0) == row) {
        *refused = *refused || value_find_bool(result->fault, "is_error");
        struct str message = value_find_text(result->fault, "message");
        all = str_is_empty(all) ? message : str_printf(arena, "%.*s\n%.*s", STR_ARG(all), STR_ARG(message));
        result->fault = result->fault->next;
    }
    return all;
}

static void put_result(struct result *result, int64_t row, struct str number, struct str casefile)
{
    struct arena *arena = result->ctx->arena;
    bool refused = false;
    struct str messages = messages_of(result, row, &refused);
    const char *key = !str_is_empty(casefile) ? "import.result.written"
                      : refused               ? "import.result.refused"
                                              : "import.result.marked";
    const struct str cells[] = {
        row == 0 ? S("") : str_printf(arena, "%lld", (long long)row), number, casefile,
        reader_sentence(arena, result->reader, key, NO_ARGS), messages};
    put_line(result, cells, COUNT_OF(cells));
}

static void put_faults_before(struct result *result, int64_t row)
{
    while (result->fault != NULL && value_find_int(result->fault, "row", 0) < row)
        put_result(result, value_find_int(result->fault, "row", 0), S(""), S(""));
}

static enum status send_out(struct result *result)
{
    struct str text = buf_str(&result->text);
    TRY(buf_status(&result->text));
    while (text.len > 0) {
        ssize_t written = write(result->fd, text.at, text.len);
        if (written <= 0)
            return fail(result->ctx, ST_IO, "io.write", ARGS(arg_c("error", strerror(errno))));
        text = str_from(text, (size_t)written);
    }
    buf_clear(&result->text);
    return ST_OK;
}

static enum status put_cases(struct result *result, struct db_conn *conn, int64_t id)
{
    struct ctx *ctx = result->ctx;
    struct import_case_list cases = {0};
    int64_t after = 0;
    do {
        struct arena_mark mark = arena_mark(ctx->arena);
        TRY(import_rows_list_cases(ctx, conn, id, after, RESULT_PAGE, &cases));
        buf_init(&result->text, ctx->arena, REPORT_BYTES);
        for (size_t i = 0; i < cases.len; i++) {
            struct casefile_row row;
            after = cases.at[i].row;
            TRY(casefile_rows_find(ctx, conn, cases.at[i].prefecture, cases.at[i].casefile, &row));
            put_faults_before(result, after);
            put_result(result, after, row.received_number, row.number);
        }
        TRY(send_out(result));
        arena_return(ctx->arena, mark);
    } while (cases.len == RESULT_PAGE);
    return ST_OK;
}

enum status import_write_result(struct ctx *ctx, struct db_conn *conn, const struct reader *reader,
                                int64_t id, int fd)
{
    static const char *const heads[] = {"import.result.row", "import.result.number",
                                        "import.result.case", "import.result.result",
                                        "import.result.message"};
    struct import_row row;
    struct value *report = NULL;
    struct str cells[COUNT_OF(heads)];
    TRY(import_rows_find(ctx, conn, id, &row));
    TRY(json_parse(ctx, row.report, REPORT_BYTES, JSON_DECIMALS_AS_TEXT, &report));
    const struct value *document = import_report_document(ctx->arena, reader, report);
    struct result result = {.ctx = ctx,
                            .reader = reader,
                            .fault = value_find_c(document, "faults")->first,
                            .fd = fd};
    for (size_t i = 0; i < COUNT_OF(heads); i++)
        cells[i] = reader_sentence(ctx->arena, reader, heads[i], NO_ARGS);
    buf_init(&result.text, ctx->arena, REPORT_BYTES);
    buf_c(&result.text, "\xEF\xBB\xBF");
    put_line(&result, cells, COUNT_OF(cells));
    TRY(send_out(&result));
    TRY(put_cases(&result, conn, id));
    buf_init(&result.text, ctx->arena, REPORT_BYTES);
    put_faults_before(&result, INT64_MAX);
    return send_out(&result);
}
