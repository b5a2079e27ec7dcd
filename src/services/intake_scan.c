/*
 * Two readings of one file: the heads of all sheets into memory, then the chosen sheet row by row.
 */
#include "services/intake_scan.h"

#include "services/intake_row.h"
#include "services/intake_text.h"

/* --- first pass ------------------------------------------------------------------------------ */

struct profiling {
    struct arena *arena;
    VEC(struct profile *) sheets;
};

static enum status begin_profile(void *self, struct ctx *ctx, const struct sheet_info *info)
{
    (void)ctx;
    struct profiling *p = self;
    struct profile *profile = arena_new_of(p->arena, struct profile);
    profile->sheet = str_copy(p->arena, info->name);
    profile->encoding = str_copy(p->arena, info->encoding);
    profile->index = info->index;
    profile->hidden = info->hidden;
    vec_add(p->arena, &p->sheets, profile);
    return ST_OK;
}

static enum status row_of_profile(void *self, struct ctx *ctx, const struct sheet_row *row)
{
    (void)ctx;
    struct profiling *p = self;
    struct profile *profile = p->sheets.at[p->sheets.len - 1];
    if (row->count == 0)
        return ST_OK;
    struct cell *cells = arena_copy(p->arena, row->cells, row->count * sizeof *cells);
    bool filled = false;
    for (size_t i = 0; i < row->count; i++) {
        size_t len = cells[i].text.len;
        if (len > INTAKE_PROFILE_TEXT)
            len = INTAKE_PROFILE_TEXT;
        while (len < cells[i].text.len && len > 0 &&
               ((unsigned char)cells[i].text.at[len] & 0xC0) == 0x80)
            len--;
        cells[i].text = str_copy(p->arena, str_part(cells[i].text, 0, len));
        bool says = str_trim(cells[i].text).len > 0;
        filled = filled || says;
        if (says && i >= profile->width)
            profile->width = i + 1;
    }
    struct profile_row kept = {row->number, cells, row->count};
    if (filled)
        vec_add(p->arena, &profile->rows, kept);
    else if (row->count > profile->width && profile->rows.len == 0)
        profile->width = row->count; /* a blank first line of separators tells how wide it is */
    return ST_OK;
}

static struct sheet_options sheet_options_of(const struct intake_options *options)
{
    return (struct sheet_options){.shown_name = options->shown_name,
                                  .tmp_dir = options->tmp_dir,
                                  .in_process = options->in_process};
}

/* The head of the sheet that looks most like a table of cases; null where no sheet has a row. */
static const struct head *choose(struct arena *arena, const struct profiling *p,
                                 const struct intake_dict *dict,
                                 const struct intake_options *options, size_t *tables)
{
    struct head *best = NULL;
    *tables = 0;
    for (size_t i = 0; i < p->sheets.len; i++) {
        if (p->sheets.at[i]->rows.len == 0)
            continue;
        struct head *head = arena_new_of(arena, struct head);
        head_read(arena, dict, options, p->sheets.at[i], head);
        *tables += head->header_row > 0;
        if (best == NULL || head->score > best->score)
            best = head;
    }
    return best;
}

/* --- second pass ----------------------------------------------------------------------------- */

static enum status begin_rows(void *self, struct ctx *ctx, const struct sheet_info *info)
{
    (void)self;
    (void)ctx;
    (void)info;
    return ST_OK;
}

static enum status row_of_table(void *self, struct ctx *ctx, const struct sheet_row *row)
{
    struct row_reader *reader = self;
    const struct head *head = reader->head;
    if (row->number < head->header_row + head->header_lines)
        return ST_OK;
    return row_read(ctx, reader, row);
}

static enum status tell_fault(struct ctx *ctx, const struct intake_visitor *visitor,
                              struct intake_fault fault)
{
    intake_fault_complete(&fault);
    return visitor->fault(visitor->self, ctx, &fault);
}

static enum status tell_table(struct ctx *ctx, const struct head *head, struct str file,
                              size_t tables, const struct intake_visitor *visitor,
                              const struct row_reader *reader)
{
    struct intake_table table = {.file = file,
                                 .sheet = head->profile->sheet,
                                 .encoding = head->profile->encoding,
                                 .header_row = head->header_row,
                                 .header_lines = head->header_lines,
                                 .columns = head->columns.at,
                                 .column_count = head->columns.len,
                                 .batch = reader->batch,
                                 .date = reader->date};
    TRY(visitor->table(visitor->self, ctx, &table));
    if (head->header_row == 0)
        TRY(tell_fault(ctx, visitor, (struct intake_fault){.code = "header_missing"}));
    if (tables > 1)
        TRY(tell_fault(ctx, visitor, (struct intake_fault){.code = "sheets_ignored"}));
    if (head->batch_several && head->batch.at == NULL)
        TRY(tell_fault(ctx, visitor, (struct intake_fault){.code = "batch_several"}));
    for (size_t i = 0; i < head->faults.len; i++)
        TRY(tell_fault(ctx, visitor, head->faults.at[i]));
    return ST_OK;
}

enum status intake_scan(struct ctx *ctx, const char *path, const struct intake_dict *dict,
                        const struct intake_options *options, const struct intake_visitor *visitor,
                        struct intake_summary *out)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct arena *row_arena AUTO(arena_cleanup) = arena_new();
    struct str file = options->shown_name.at == NULL ? str_of(path) : options->shown_name;
    struct profiling profiling = {.arena = arena};
    struct sheet_options reading = sheet_options_of(options);
    reading.row_limit = INTAKE_PROFILE_ROWS;
    struct sheet_visitor first = {&profiling, begin_profile, row_of_profile};
    TRY(sheet_read(ctx, path, &reading, &first));
    size_t tables;
    const struct head *head = choose(arena, &profiling, dict, options, &tables);
    if (head == NULL)
        return fail(ctx, ST_INVALID, "intake.no_table", ARGS(arg_text("file", file)));
    bool titled = head->batch.at != NULL;
    struct row_reader reader = {
        .dict = dict,
        .options = options,
        .visitor = visitor,
        .head = head,
        .arena = row_arena,
        .kept = arena,
        .batch = titled ? head->batch : options->batch,
        .date = day_is_none(head->date) ? options->date : head->date,
    };
    reader.names = arena_alloc_array(arena, head->columns.len, sizeof *reader.names);
    for (size_t i = 0; i < head->columns.len; i++)
        reader.names[i] = fold_name(arena, head->columns.at[i].printed);
    TRY(tell_table(ctx, head, file, tables, visitor, &reader));
    reading = sheet_options_of(options);
    reading.only_sheet = head->profile->index + 1;
    struct sheet_visitor second = {&reader, begin_rows, row_of_table};
    TRY(sheet_read(ctx, path, &reading, &second));
    *out = reader.summary;
    return ST_OK;
}
