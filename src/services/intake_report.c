/*
 * Duplicates: signatures stay in memory, texts spill to disk; a candidate counts only when the true
 * measure of both texts, and place and day, say so.
 */
#include "services/intake_report.h"

#include "base/buf.h"
#include "base/strmap.h"
#include "base/vec.h"
#include "engine/similar.h"
#include "kit/spill.h"

enum { CANDIDATES = 8 };

struct batch_count {
    struct str number;
    struct day date;
    int64_t rows;
};

struct duplicate {
    int64_t row, of;
    struct str of_case; /* absent: the row `of` */
    int permille;
};

struct compared {
    int64_t row;
    struct day day;
    size_t place_len; /* the spilled text is place, then description */
};

struct intake_report {
    struct arena *arena;
    struct arena *scratch;
    struct str file, sheet, encoding;
    int64_t header_row;
    VEC(struct intake_column) columns;
    int64_t rows, accepted;
    struct strmap batches; /* struct batch_count by number */
    VEC(struct intake_fault) faults;
    int64_t faults_more;
    VEC(struct duplicate) duplicates;
    int64_t duplicates_more;
    bool left; /* somebody else compares */
    int64_t unchecked; /* rows beyond REPORT_COMPARED_LIMIT */
    struct similar_index *index;
    struct spill texts;
    VEC(struct compared) compared;
};

struct intake_report *intake_report_open(struct arena *arena, struct str tmp_dir)
{
    struct intake_report *report = arena_new_of(arena, struct intake_report);
    report->arena = arena;
    report->scratch = arena_new();
    report->index = similar_index_new(REPORT_COMPARED_LIMIT);
    spill_init(&report->texts, arena, tmp_dir);
    strmap_init(&report->batches, arena);
    return report;
}

void intake_report_close(struct intake_report *report)
{
    if (report == NULL)
        return;
    similar_index_free(report->index);
    spill_fini(&report->texts);
    arena_free(report->scratch);
}

void intake_report_cleanup(struct intake_report **report)
{
    intake_report_close(*report);
}

enum status intake_report_table(void *self, struct ctx *ctx, const struct intake_table *table)
{
    (void)ctx;
    struct intake_report *report = self;
    struct arena *arena = report->arena;
    report->file = str_copy(arena, table->file);
    report->sheet = str_copy(arena, table->sheet);
    report->encoding = str_copy(arena, table->encoding);
    report->header_row = table->header_row;
    for (size_t i = 0; i < table->column_count; i++) {
        struct intake_column *column = vec_push(arena, &report->columns);
        *column = table->columns[i];
        column->printed = str_copy(arena, column->printed);
    }
    return ST_OK;
}

enum status intake_report_fault(void *self, struct ctx *ctx, const struct intake_fault *fault)
{
    (void)ctx;
    struct intake_report *report = self;
    if (report->faults.len >= REPORT_FAULT_LIMIT) {
        report->faults_more++;
        return ST_OK;
    }
    struct intake_fault *kept = vec_push(report->arena, &report->faults);
    *kept = *fault;
    for (size_t i = 0; i < fault->reason.arg_count; i++)
        kept->reason.args[i].text = str_copy(report->arena, fault->reason.args[i].text);
    return ST_OK;
}

static void count_batch(struct intake_report *report, const struct intake_row *row)
{
    struct batch_count *batch = strmap_find(&report->batches, row->batch);
    if (batch == NULL && report->batches.len < REPORT_BATCH_LIMIT) {
        batch = arena_new_of(report->arena, struct batch_count);
        batch->number = str_copy(report->arena, row->batch);
        batch->date = row->batch_date;
        (void)strmap_put(&report->batches, batch->number, batch);
    }
    if (batch == NULL)
        return;
    batch->rows++;
    if (day_is_none(batch->date))
        batch->date = row->batch_date;
}

static struct similar_case case_of(const struct intake_row *row)
{
    return (struct similar_case){.text = row->values[INTAKE_DESCRIPTION].text,
                                 .place = row->values[INTAKE_PLACE].text,
                                 .day = row->values[INTAKE_DATE].day};
}

static bool case_at(struct intake_report *report, int64_t id, struct similar_case *out)
{
    const struct compared *compared = &report->compared.at[id];
    struct str whole;
    if (!spill_find(&report->texts, report->scratch, (uint64_t)id, &whole))
        return false;
    out->place = str_part(whole, 0, compared->place_len);
    out->text = str_from(whole, compared->place_len);
    out->day = compared->day;
    return true;
}

static void keep_duplicate(struct intake_report *report, struct duplicate found)
{
    if (report->duplicates.len < REPORT_DUPLICATE_LIMIT)
        vec_add(report->arena, &report->duplicates, found);
    else
        report->duplicates_more++;
}

void intake_report_leave_duplicates(struct intake_report *report)
{
    report->left = true;
}

void intake_report_add_duplicate(struct intake_report *report, int64_t row, int64_t of_row,
                                 struct str of, int permille)
{
    struct duplicate found = {.row = row, .of = of_row, .permille = permille};
    if (!str_is_empty(of))
        found.of_case = str_copy(report->arena, of);
    keep_duplicate(report, found);
}

void intake_report_refuse_row(struct intake_report *report)
{
    report->accepted--;
}

static void find_duplicate(struct intake_report *report, const struct similar_case *mine,
                           const struct similar_signature *signature, int64_t row)
{
    int64_t ids[CANDIDATES];
    size_t count = similar_index_find(report->index, signature, ids, CANDIDATES);
    struct duplicate best = {.row = row};
    for (size_t i = 0; i < count; i++) {
        struct similar_case other;
        if (!case_at(report, ids[i], &other))
            continue;
        int permille = similar_judge(report->scratch, mine, &other);
        if (permille > best.permille) {
            best.permille = permille;
            best.of = report->compared.at[ids[i]].row;
        }
    }
    if (best.permille > 0)
        keep_duplicate(report, best);
}

static void compare(struct intake_report *report, const struct intake_row *row)
{
    struct similar_case mine = case_of(row);
    struct similar_signature signature;
    arena_reset(report->scratch);
    if (!similar_sign(mine.text, &signature))
        return;
    find_duplicate(report, &mine, &signature, row->number);
    struct str whole = str_concat(report->scratch, mine.place, mine.text);
    int64_t id = (int64_t)report->compared.len;
    if (id >= REPORT_COMPARED_LIMIT || !spill_add(&report->texts, whole)) {
        report->unchecked++;
        return;
    }
    struct compared compared = {row->number, mine.day, mine.place.len};
    vec_add(report->arena, &report->compared, compared);
    (void)similar_index_add(report->index, id, &signature);
}

enum status intake_report_row(void *self, struct ctx *ctx, const struct intake_row *row)
{
    (void)ctx;
    struct intake_report *report = self;
    report->rows++;
    report->accepted += row->accepted;
    count_batch(report, row);
    if (row->accepted && !report->left)
        compare(report, row);
    return ST_OK;
}

struct intake_visitor intake_report_visitor(struct intake_report *report)
{
    return (struct intake_visitor){report, intake_report_table, intake_report_fault,
                                   intake_report_row};
}

/* --- the object ------------------------------------------------------------------------------ */

static struct value *text_or_null(struct arena *arena, struct str text)
{
    return text.len == 0 ? value_null(arena) : value_text(arena, text);
}

static void put_columns(struct arena *arena, struct value *map, const struct intake_report *report)
{
    struct value *list = value_put_list(arena, map, "columns");
    for (size_t i = 0; i < report->columns.len; i++) {
        const struct intake_column *column = &report->columns.at[i];
        struct value *item = value_append_map(arena, list);
        value_put_int(arena, item, "index", column->index);
        value_put_text(arena, item, "printed", column->printed);
        value_put(item, S("field"), text_or_null(arena, str_of(intake_field_name(column->field))));
    }
}

static void put_batches(struct arena *arena, struct value *map, const struct intake_report *report)
{
    struct value *list = value_put_list(arena, map, "batches");
    for (size_t i = 0; i < report->batches.len; i++) {
        const struct batch_count *batch = report->batches.entries[i].value;
        struct value *item = value_append_map(arena, list);
        value_put(item, S("number"), text_or_null(arena, batch->number));
        value_put(item, S("date"),
                  day_is_none(batch->date) ? value_null(arena)
                                           : value_text(arena, day_format(arena, batch->date)));
        value_put_int(arena, item, "rows", batch->rows);
    }
}

static void put_faults(struct arena *arena, struct value *map, const struct intake_report *report,
                       const struct words_book *words, enum lang lang)
{
    struct value *list = value_put_list(arena, map, "faults");
    for (size_t i = 0; i < report->faults.len; i++) {
        const struct intake_fault *fault = &report->faults.at[i];
        struct value *item = value_append_map(arena, list);
        value_put_int(arena, item, "row", fault->row);
        value_put_int(arena, item, "column", fault->column);
        value_put_text(arena, item, "code", str_of(fault->code));
        value_put_text(arena, item, "message", words_reason(arena, words, lang, &fault->reason));
        value_put_text(arena, item, "severity",
                       fault->severity == INTAKE_ERROR ? S("error") : S("warning"));
    }
    if (report->faults_more > 0)
        value_put_int(arena, map, "faults_more", report->faults_more);
}

static void put_duplicates(struct arena *arena, struct value *map,
                           const struct intake_report *report)
{
    struct value *list = value_put_list(arena, map, "duplicates");
    for (size_t i = 0; i < report->duplicates.len; i++) {
        const struct duplicate *duplicate = &report->duplicates.at[i];
        struct value *item = value_append_map(arena, list);
        value_put_int(arena, item, "row", duplicate->row);
        value_put(item, S("of"),
                  str_is_empty(duplicate->of_case) ? value_int(arena, duplicate->of)
                                                   : value_text(arena, duplicate->of_case));
        value_put(item, S("similarity"), value_permille(arena, duplicate->permille));
    }
    if (report->duplicates_more > 0)
        value_put_int(arena, map, "duplicates_more", report->duplicates_more);
    if (report->unchecked > 0)
        value_put_int(arena, map, "duplicates_unchecked", report->unchecked);
}

struct value *intake_report_value(struct arena *arena, const struct intake_report *report,
                                  const struct words_book *words, enum lang lang)
{
    struct value *map = value_map(arena);
    value_put_text(arena, map, "file", report->file);
    value_put(map, S("sheet"), text_or_null(arena, report->sheet));
    value_put(map, S("encoding"), text_or_null(arena, report->encoding));
    value_put_int(arena, map, "header_row", report->header_row);
    put_columns(arena, map, report);
    value_put_int(arena, map, "rows", report->rows);
    value_put_int(arena, map, "accepted", report->accepted);
    put_batches(arena, map, report);
    put_faults(arena, map, report, words, lang);
    put_duplicates(arena, map, report);
    return map;
}
