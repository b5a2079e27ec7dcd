/*
 * Fifty thousand rows go out as a workbook and are read by our own import: cell by cell the same, in
 * memory that does not grow with the rows. Through the ledger the same is done by
 * tests/journey/tables.py, the long form.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "services/export_int.h"
#include "services/intake_map.h"
#include "services/intake_scan.h"
#include "support/sheetfile.h"

enum { FEW = 5000, MANY = 50000 };

/* A sanitizer keeps what was given back, so its memory says nothing of ours. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { SANITIZED = 1 };
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||                         \
    __has_feature(memory_sanitizer)
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif
#else
enum { SANITIZED = 0 };
#endif

/* A column of the table and what stands in it in row `n`. */
struct told {
    const char *column;
    enum intake_field field;
};

static const struct told told[] = {
    {"number", INTAKE_NUMBER},       {"channel", INTAKE_CHANNEL},
    {"description", INTAKE_DESCRIPTION}, {"place", INTAKE_PLACE},
    {"type", INTAKE_TYPE},           {"key_case", INTAKE_KEY_CASE},
    {"finding", INTAKE_FINDING},     {"substantiation", INTAKE_SUBSTANTIATION},
    {"goal", INTAKE_GOAL},           {"measures", INTAKE_MEASURES},
    {"completion", INTAKE_COMPLETION}, {"accountability", INTAKE_ACCOUNTABILITY}};

static struct str cell_text(struct arena *arena, enum intake_field field, int64_t n)
{
    static const char *const channels[] = {"来电", "来信", "微信"};
    static const char *const places[] = {"信都区", "内丘县", "沙河市"};
    static const char *const types[] = {"水", "大气、噪声", "土壤", "扬尘"};
    static const char *const verdicts[] = {"属实", "部分属实", "不属实"};
    static const char *const states[] = {"已办结", "阶段性办结", "未办结"};
    long long i = n;
    switch (field) {
    case INTAKE_NUMBER: return str_printf(arena, "X3HE20261119%05lld", i);
    case INTAKE_CHANNEL: return str_of(channels[i % 3]);
    case INTAKE_DESCRIPTION: return str_printf(arena, "=第%lld户人家门前“排水口”有黑水，𬭚、㙍两村都闻得到；0%lld号。", i * 7919, i);
    case INTAKE_PLACE: return str_of(places[i % 3]);
    case INTAKE_TYPE: return str_of(types[i % 4]);
    case INTAKE_KEY_CASE: return i % 7 == 0 ? S("是") : S("否");
    case INTAKE_FINDING: return str_printf(arena, "经查：\n一、%lld号地块有积水；\n二、<&>。", i);
    case INTAKE_SUBSTANTIATION: return str_of(verdicts[i % 3]);
    case INTAKE_GOAL: return str_printf(arena, "于%lld月底前完成", i % 12 + 1);
    case INTAKE_MEASURES: return str_printf(arena, "责令改正，罚款%lld.05元", i * 13);
    case INTAKE_COMPLETION: return str_of(states[i % 3]);
    case INTAKE_ACCOUNTABILITY: return str_printf(arena, "约谈%lld人", i % 5 + 1);
    default: return S("");
    }
}

static enum status write_rows(struct ctx *ctx, struct export_sink *sink,
                              const struct export_table *table, int64_t count)
{
    struct xlsx_value *cells = arena_alloc_array(ctx->arena, table->column_count, sizeof *cells);
    for (int64_t n = 1; n <= count; n++) {
        struct arena_mark mark = arena_mark(ctx->arena);
        for (size_t i = 0; i < table->column_count; i++) {
            cells[i] = (struct xlsx_value){.day = DAY_NONE};
            if (table->columns[i].kind == XLSX_COLUMN_NUMBER) {
                cells[i].number = n;
                cells[i].has_number = true;
            }
            for (size_t k = 0; k < COUNT_OF(told); k++)
                if (str_eq_c(table->columns[i].name, told[k].column))
                    cells[i].text = cell_text(ctx->arena, told[k].field, n);
        }
        TRY(export_sink_row(ctx, sink, cells));
        arena_return(ctx->arena, mark);
    }
    return ST_OK;
}

static enum status write_book(struct ctx *ctx, struct furniture *furniture, const char *path,
                              int64_t count)
{
    const struct home home = {.furniture = furniture};
    struct export_table table;
    struct export_sink *sink AUTO(export_sink_cleanup) = NULL;
    struct words_book *words;
    TRY(furniture_open_words(ctx, furniture, ctx->arena, &words));
    TRY(export_table_load(ctx, &home, S("public-provincial"), &table));
    const struct export_heading heading = {
        .path = path, .table = &table, .words = words, .lang = LANG_ZH};
    TRY(export_sink_open(ctx, EXPORT_XLSX, &heading, &sink));
    TRY(write_rows(ctx, sink, &table, count));
    return export_sink_close(ctx, &sink);
}

/* ---- and back ---- */

struct reading {
    int64_t rows;
    int64_t wrong; /* first row that is not what was written; 0: none */
};

static enum status take_table(void *self, struct ctx *ctx, const struct intake_table *table)
{
    (void)self;
    (void)ctx;
    return table->header_row == 2 && table->column_count == COUNT_OF(told) + 1 ? ST_OK
                                                                               : ST_BROKEN;
}

static enum status take_fault(void *self, struct ctx *ctx, const struct intake_fault *fault)
{
    struct reading *reading = self;
    (void)ctx;
    if (reading->wrong == 0)
        reading->wrong = fault->row;
    return ST_OK;
}

static enum status take_row(void *self, struct ctx *ctx, const struct intake_row *row)
{
    struct reading *reading = self;
    struct arena_mark mark = arena_mark(ctx->arena);
    bool same = row->accepted;
    reading->rows++;
    for (size_t k = 0; k < COUNT_OF(told); k++)
        same = same && str_eq(row->values[told[k].field].text,
                              cell_text(ctx->arena, told[k].field, reading->rows));
    if (!same && reading->wrong == 0)
        reading->wrong = row->number;
    arena_return(ctx->arena, mark);
    return ST_OK;
}

static enum status read_book(struct ctx *ctx, const struct furniture *furniture, const char *path,
                             struct reading *out)
{
    struct intake_dict *dict;
    struct intake_summary summary;
    const struct intake_options options = {.date = DAY_NONE, .in_process = true};
    const struct intake_visitor visitor = {out, take_table, take_fault, take_row};
    TRY(intake_dict_load(ctx, ctx->arena, furniture, S(""), &dict));
    return intake_scan(ctx, path, dict, &options, &visitor, &summary);
}

/* ---- in a process of its own, whose memory is told ---- */

struct outcome {
    enum status status;
    struct reading reading;
    long peak_kib;
};

static struct outcome go_and_return(int64_t count)
{
    struct outcome outcome = {0};
    struct arena *arena = arena_new();
    struct ctx ctx = {.arena = arena};
    struct furniture *furniture;
    struct rusage usage;
    const char *path = sheetfile_bytes(arena, S(""));
    outcome.status = furniture_open(&ctx, arena, furniture_files, furniture_file_count, S(""),
                                    &furniture);
    if (outcome.status == ST_OK)
        outcome.status = write_book(&ctx, furniture, path, count);
    if (outcome.status == ST_OK)
        outcome.status = read_book(&ctx, furniture, path, &outcome.reading);
    unlink(path);
    arena_free(arena);
    getrusage(RUSAGE_SELF, &usage);
    outcome.peak_kib = usage.ru_maxrss;
    return outcome;
}

static struct outcome in_a_child(int64_t count)
{
    struct outcome outcome = {.status = ST_BROKEN};
    int pipes[2], status = 0;
    assert_int_equal(pipe(pipes), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        const struct outcome mine = go_and_return(count);
        _exit(write(pipes[1], &mine, sizeof mine) == (ssize_t)sizeof mine ? 0 : 1);
    }
    close(pipes[1]);
    assert_int_equal(read(pipes[0], &outcome, sizeof outcome), (ssize_t)sizeof outcome);
    close(pipes[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    printf("# %lld rows to xlsx and back: %ld KiB at most\n", (long long)count, outcome.peak_kib);
    return outcome;
}

static void fifty_thousand_rows_come_back_as_they_went_out(void **state)
{
    (void)state;
    const struct outcome few = in_a_child(FEW), many = in_a_child(MANY);
    assert_int_equal(few.status, ST_OK);
    assert_int_equal(many.status, ST_OK);
    assert_int_equal(many.reading.rows, MANY);
    assert_int_equal(few.reading.wrong, 0);
    assert_int_equal(many.reading.wrong, 0);
    if (!SANITIZED)
        assert_true(many.peak_kib * 2 <= few.peak_kib * 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fifty_thousand_rows_come_back_as_they_went_out),
    };
    return cmocka_run_group_tests_name("services/tables", tests, NULL, NULL);
}
