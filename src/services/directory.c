/*
 * A table says which columns a kind has, what their cells may hold and which of them name a record.
 * The file becomes lines, checked cell by cell; the rows of the database come in the same shape, so
 * that comparing, changing and exporting are one loop each. What only the database can tell (is the
 * region known?) is asked inside the job, on the rows as they are then.
 */
#include "services/directory.h"

#include "base/buf.h"
#include "base/vec.h"
#include "kit/csv.h"
#include "regime/lists.h"
#include "services/account.h"
#include "services/directory_int.h"
#include "services/upkeep.h"
#include "store/calendar_rows.h"
#include "store/directory_rows.h"

enum cell_kind {
    CELL_TEXT,
    CELL_DAY,
    CELL_REGION_CODE,
    CELL_LEVEL,
    CELL_LOGIN,
    CELL_WORK, /* off, work */
    CELL_UNIT_KIND,
    CELL_POST,
    CELL_RANK,
};

enum { CELL_BYTES_MAX = 4096, CELLS_MAX = 32, KEY_MAX = 2, EXPORT_BYTES_MAX = 256 << 20 };

struct column {
    const char *name;
    enum cell_kind kind;
    bool required;
};

struct shape {
    const char *name;
    struct column columns[DIRECTORY_COLUMN_MAX + 1];
    int key[KEY_MAX];        /* columns that name a record */
    enum record_kind record; /* of one line; people are more than one */
};

static const struct shape shapes[DIRECTORY_KIND_COUNT] = {
    [DIRECTORY_REGIONS] = {"regions",
                           {{"code", CELL_REGION_CODE, true},
                            {"name", CELL_TEXT, true},
                            {"short_name", CELL_TEXT, false},
                            {"parent", CELL_TEXT, false},
                            {"level", CELL_LEVEL, true},
                            {"valid_from", CELL_DAY, false},
                            {"valid_to", CELL_DAY, false}},
                           {0, 5},
                           RECORD_REGION},
    [DIRECTORY_UNITS] = {"units",
                         {{"code", CELL_TEXT, true},
                          {"name", CELL_TEXT, true},
                          {"short_name", CELL_TEXT, false},
                          {"aliases", CELL_TEXT, false},
                          {"kind", CELL_UNIT_KIND, true},
                          {"region", CELL_REGION_CODE, true},
                          {"parent", CELL_TEXT, false},
                          {"valid_from", CELL_DAY, false},
                          {"valid_to", CELL_DAY, false},
                          {"mark", CELL_TEXT, false}},
                         {0, 0},
                         RECORD_UNIT},
    [DIRECTORY_PEOPLE] = {"people",
                          {[PEOPLE_LOGIN] = {"login", CELL_LOGIN, true},
                           [PEOPLE_NAME] = {"name", CELL_TEXT, true},
                           [PEOPLE_UNIT] = {"unit", CELL_TEXT, false},
                           [PEOPLE_POST] = {"post", CELL_POST, false},
                           [PEOPLE_RANK] = {"rank", CELL_RANK, false},
                           [PEOPLE_PHONE] = {"phone", CELL_TEXT, false},
                           [PEOPLE_FROM] = {"valid_from", CELL_DAY, false},
                           [PEOPLE_TO] = {"valid_to", CELL_DAY, false}},
                          {0, 0},
                          RECORD_POST},
    [DIRECTORY_CALENDAR] = {"calendar",
                            {{"date", CELL_DAY, true},
                             {"day", CELL_WORK, true},
                             {"name", CELL_TEXT, false},
                             {"notice", CELL_TEXT, false}},
                            {0, 0},
                            RECORD_CALENDAR_DAY},
};

enum { REGION_CODE, REGION_PARENT = 3, REGION_LEVEL };
enum { UNIT_CODE, UNIT_REGION = 5, UNIT_PARENT };
enum { DAY_DATE, DAY_WORK, DAY_NAME, DAY_NOTICE };

const char *directory_kind_name(enum directory_kind kind)
{
    return shapes[kind].name;
}

bool directory_kind_parse(struct str name, enum directory_kind *out)
{
    for (enum directory_kind kind = 0; kind < DIRECTORY_KIND_COUNT; kind++)
        if (str_eq_c(name, shapes[kind].name)) {
            *out = kind;
            return true;
        }
    return false;
}

static size_t column_count(const struct shape *shape)
{
    size_t count = 0;
    while (shape->columns[count].name != NULL)
        count++;
    return count;
}

/* The column of this name, or the number of columns. */
static size_t find_column(const struct shape *shape, struct str name)
{
    size_t i = 0;
    while (i < column_count(shape) && !str_eq_c(name, shape->columns[i].name))
        i++;
    return i;
}

/* ---- faults ---- */

void directory_fault(struct ctx *ctx, struct directory_work *work, int64_t row, const char *column,
                     const char *key, struct args args)
{
    struct directory_report *report = work->report;
    if (report->faults == NULL)
        report->faults = arena_alloc_array(ctx->arena, DIRECTORY_FAULT_MAX, sizeof *report->faults);
    if (report->fault_count == DIRECTORY_FAULT_MAX)
        return;
    report->faults[report->fault_count++] = (struct directory_fault){
        .row = row, .column = str_of(column), .reason = reason_make(key, args)};
}

enum status directory_need_whole(struct ctx *ctx, const struct directory_work *work)
{
    if (work->report->fault_count == 0)
        return ST_OK;
    return fail(ctx, ST_INVALID, "directory.faulty",
                ARGS(arg_int("n", (int64_t)work->report->fault_count)));
}

/* ---- levels ---- */

/* What a region may stand below, as letters of the levels themselves. */
static const struct {
    const char *name;
    const char *above[3];
} levels[] = {
    {"nation", {NULL}},
    {"province", {"nation"}},
    {"municipality", {"nation"}},
    {"prefecture", {"province"}},
    {"county", {"province", "municipality", "prefecture"}},
    {"township", {"county"}},
};

static bool is_level(struct str name)
{
    for (size_t i = 0; i < COUNT_OF(levels); i++)
        if (str_eq_c(name, levels[i].name))
            return true;
    return false;
}

static bool may_stand_below(struct str level, struct str above)
{
    for (size_t i = 0; i < COUNT_OF(levels); i++)
        for (size_t k = 0; str_eq_c(level, levels[i].name) && k < COUNT_OF(levels[i].above); k++)
            if (levels[i].above[k] != NULL && str_eq_c(above, levels[i].above[k]))
                return true;
    return false;
}

/* ---- cells ---- */

static bool is_region_code(struct str code)
{
    bool good = code.len == 6 || code.len == 9;
    for (size_t i = 0; good && i < code.len; i++)
        good = (code.at[i] >= '0' && code.at[i] <= '9') ||
               (code.len == 6 && code.at[i] >= 'A' && code.at[i] <= 'Z');
    return good;
}

static bool is_in_dictionary(const struct directory_work *work, struct str dictionary,
                             struct str code)
{
    const struct pack_dictionary *words =
        pack_lists_find_dictionary(world_cache_lists(work->home->worlds), dictionary);
    return words == NULL || pack_dictionary_find(words, code) != NULL;
}

/* The key of what is wrong with a cell that is not empty, or null. */
static const char *find_wrong(const struct directory_work *work, enum cell_kind kind,
                              struct str cell)
{
    struct day day;
    switch (kind) {
    case CELL_TEXT: return NULL;
    case CELL_DAY: return day_parse(cell, &day) ? NULL : "directory.not_a_day";
    case CELL_REGION_CODE: return is_region_code(cell) ? NULL : "directory.not_a_region_code";
    case CELL_LEVEL: return is_level(cell) ? NULL : "directory.not_a_level";
    case CELL_LOGIN: return login_is_valid(cell) ? NULL : "directory.not_a_login";
    case CELL_WORK:
        return str_eq_c(cell, "off") || str_eq_c(cell, "work") ? NULL : "directory.not_off_or_work";
    case CELL_UNIT_KIND:
        return is_in_dictionary(work, S("unit-kinds"), cell) ? NULL : "directory.unknown_kind";
    case CELL_POST:
        return is_in_dictionary(work, S("posts"), cell) ? NULL : "directory.unknown_post";
    case CELL_RANK:
        return is_in_dictionary(work, S("ranks"), cell) ? NULL : "directory.unknown_rank";
    }
    return NULL;
}

static void check_cells(struct ctx *ctx, struct directory_work *work,
                        const struct directory_line *line)
{
    const struct shape *shape = &shapes[work->order->kind];
    for (size_t i = 0; i < column_count(shape); i++) {
        const struct column *column = &shape->columns[i];
        struct str cell = line->cells[i];
        const char *wrong = str_is_empty(cell) ? NULL : find_wrong(work, column->kind, cell);
        if (str_is_empty(cell) && column->required)
            wrong = "directory.cell_missing";
        if (wrong != NULL)
            directory_fault(ctx, work, line->row, column->name, wrong,
                            ARGS(arg_text("value", cell)));
    }
    size_t from = find_column(shape, S("valid_from"));
    size_t to = find_column(shape, S("valid_to"));
    if (to < column_count(shape) && !str_is_empty(line->cells[from]) &&
        !str_is_empty(line->cells[to]) && str_compare(line->cells[from], line->cells[to]) > 0)
        directory_fault(ctx, work, line->row, "valid_to", "directory.ends_before_it_begins",
                        NO_ARGS);
}

/* ---- reading a file ---- */

struct reading {
    struct directory_work *work;
    size_t places[CELLS_MAX]; /* column of each cell of the file */
    size_t width;             /* cells of the header; 0: not read yet */
};

static void read_header(struct ctx *ctx, struct reading *reading, const struct csv_row *row)
{
    struct directory_work *work = reading->work;
    const struct shape *shape = &shapes[work->order->kind];
    bool seen[DIRECTORY_COLUMN_MAX + 1] = {false};
    reading->width = row->count;
    for (size_t i = 0; i < row->count; i++) {
        struct str name = str_copy(ctx->arena, str_trim(row->cells[i]));
        size_t column = find_column(shape, name);
        reading->places[i] = column;
        if (column == column_count(shape) || seen[column])
            directory_fault(ctx, work, row->number, NULL,
                            seen[column] ? "directory.column_twice" : "directory.column_unknown",
                            ARGS(arg_text("name", name)));
        else
            seen[column] = true;
    }
    for (size_t i = 0; i < column_count(shape); i++)
        if (shape->columns[i].required && !seen[i])
            directory_fault(ctx, work, row->number, shape->columns[i].name,
                            "directory.column_missing",
                            ARGS(arg_c("name", shape->columns[i].name)));
}

static bool is_blank(const struct csv_row *row)
{
    for (size_t i = 0; i < row->count; i++)
        if (!str_is_empty(str_trim(row->cells[i])))
            return false;
    return true;
}

static enum status read_row(void *self, struct ctx *ctx, const struct csv_row *row)
{
    struct reading *reading = self;
    struct directory_work *work = reading->work;
    if (is_blank(row))
        return ST_OK;
    if (reading->width == 0) {
        read_header(ctx, reading, row);
        return directory_need_whole(ctx, work);
    }
    if (work->table.len == DIRECTORY_ROWS_MAX)
        return fail(ctx, ST_LIMIT, "directory.too_many_rows",
                    ARGS(arg_int("limit", DIRECTORY_ROWS_MAX)));
    if (row->cut || row->wide || row->unclosed || row->count != reading->width) {
        directory_fault(ctx, work, row->number, NULL, "directory.row_broken",
                        ARGS(arg_int("cells", (int64_t)row->count),
                             arg_int("wanted", (int64_t)reading->width)));
        return ST_OK;
    }
    struct directory_line *line = vec_push(ctx->arena, &work->table);
    line->row = row->number;
    for (size_t i = 0; i < DIRECTORY_COLUMN_MAX; i++)
        line->cells[i] = S("");
    for (size_t i = 0; i < row->count; i++)
        line->cells[reading->places[i]] = str_copy(ctx->arena, str_trim(row->cells[i]));
    check_cells(ctx, work, line);
    return ST_OK;
}

static enum status read_file(struct ctx *ctx, struct directory_work *work)
{
    struct reading reading = {.work = work};
    struct str text = work->order->bytes;
    struct str mark = S("\xEF\xBB\xBF");
    if (text.len > DIRECTORY_BYTES_MAX)
        return fail(ctx, ST_LIMIT, "directory.too_large",
                    ARGS(arg_bytes("limit", DIRECTORY_BYTES_MAX)));
    if (str_starts(text, mark))
        text = str_from(text, mark.len);
    if (!str_is_clean(text)) {
        directory_fault(ctx, work, 1, NULL, "directory.not_utf8", NO_ARGS);
        return directory_need_whole(ctx, work);
    }
    const struct csv_options options = {
        .delimiter = S(","), .cell_limit = CELL_BYTES_MAX, .column_limit = CELLS_MAX};
    struct csv *csv = csv_new(ctx->arena, options, read_row, &reading);
    TRY(csv_feed(ctx, csv, text));
    TRY(csv_finish(ctx, csv));
    if (reading.width == 0)
        directory_fault(ctx, work, 1, NULL, "directory.empty", NO_ARGS);
    work->report->rows = (int64_t)work->table.len;
    return ST_OK;
}

/* ---- rows of the database as lines ---- */

static struct str format_day(struct arena *arena, struct day day)
{
    return day_is_none(day) ? S("") : day_format(arena, day);
}

static enum status list_regions(struct ctx *ctx, struct db_conn *conn, struct directory_table *out)
{
    struct region_row_list rows;
    TRY(directory_rows_list_regions(ctx, conn, &rows));
    for (size_t i = 0; i < rows.len; i++) {
        const struct region_row *row = &rows.at[i];
        *(struct directory_line *)vec_push(ctx->arena, out) =
            (struct directory_line){.id = row->id,
                                    .cells = {row->code, row->name, row->short_name, row->parent,
                                              row->level, format_day(ctx->arena, row->valid_from),
                                              format_day(ctx->arena, row->valid_to)}};
    }
    return ST_OK;
}

static enum status list_units(struct ctx *ctx, struct db_conn *conn, struct directory_table *out)
{
    struct unit_row_list rows;
    TRY(directory_rows_list_units(ctx, conn, &rows));
    for (size_t i = 0; i < rows.len; i++) {
        const struct unit_row *row = &rows.at[i];
        *(struct directory_line *)vec_push(ctx->arena, out) = (struct directory_line){
            .id = row->id.v,
            .cells = {row->code, row->name, row->short_name, row->aliases, row->kind, row->region,
                      row->parent, format_day(ctx->arena, row->valid_from),
                      format_day(ctx->arena, row->valid_to), row->mark}};
    }
    return ST_OK;
}

static enum status list_days(struct ctx *ctx, struct db_conn *conn, struct str calendar,
                             struct directory_table *out)
{
    struct calendar_day_row_list rows;
    TRY(calendar_rows_list(ctx, conn, &rows));
    for (size_t i = 0; i < rows.len; i++) {
        const struct calendar_day_row *row = &rows.at[i];
        if (str_eq(row->calendar, calendar))
            *(struct directory_line *)vec_push(ctx->arena, out) = (struct directory_line){
                .id = row->id,
                .cells = {day_format(ctx->arena, row->date), row->work ? S("work") : S("off"),
                          row->name, row->notice}};
    }
    return ST_OK;
}

static enum status list_kind(struct ctx *ctx, struct db_conn *conn, enum directory_kind kind,
                             struct str calendar, struct directory_table *out)
{
    *out = (struct directory_table){0};
    switch (kind) {
    case DIRECTORY_REGIONS: return list_regions(ctx, conn, out);
    case DIRECTORY_UNITS: return list_units(ctx, conn, out);
    case DIRECTORY_PEOPLE: return directory_list_people(ctx, conn, out);
    case DIRECTORY_CALENDAR: return list_days(ctx, conn, calendar, out);
    case DIRECTORY_KIND_COUNT: break;
    }
    must(kind < DIRECTORY_KIND_COUNT);
    return ST_INTERNAL;
}

/* ---- one record a line ---- */

/* Both tables by the columns that name a record; of the file, each name once. */
struct known {
    struct strmap before; /* lines of the database */
    struct strmap file;
};

static struct str key_of(struct arena *arena, const struct shape *shape,
                         const struct directory_line *line)
{
    return str_printf(arena, "%.*s %.*s", STR_ARG(line->cells[shape->key[0]]),
                      STR_ARG(line->cells[shape->key[1]]));
}

static void know(struct ctx *ctx, struct directory_work *work, struct directory_table *before,
                 struct known *known)
{
    const struct shape *shape = &shapes[work->order->kind];
    strmap_init(&known->before, ctx->arena);
    strmap_init(&known->file, ctx->arena);
    for (size_t i = 0; i < before->len; i++)
        (void)strmap_put(&known->before, key_of(ctx->arena, shape, &before->at[i]), &before->at[i]);
    for (size_t i = 0; i < work->table.len; i++) {
        struct directory_line *line = &work->table.at[i];
        const struct directory_line *first =
            strmap_put(&known->file, key_of(ctx->arena, shape, line), line);
        if (first != NULL)
            directory_fault(ctx, work, line->row, NULL, "directory.twice",
                            ARGS(arg_int("row", first->row)));
    }
}

/* Lines by their first cell, those of the file over those of the database. */
static void index_codes(struct arena *arena, struct directory_table *before,
                        struct directory_table *file, struct strmap *out)
{
    strmap_init(out, arena);
    for (size_t i = 0; i < before->len; i++)
        (void)strmap_put(out, before->at[i].cells[0], &before->at[i]);
    for (size_t i = 0; i < file->len; i++)
        (void)strmap_put(out, file->at[i].cells[0], &file->at[i]);
}

static void check_regions(struct ctx *ctx, struct directory_work *work,
                          struct directory_table *before)
{
    struct strmap codes;
    index_codes(ctx->arena, before, &work->table, &codes);
    for (size_t i = 0; i < work->table.len; i++) {
        const struct directory_line *line = &work->table.at[i];
        struct str parent = line->cells[REGION_PARENT];
        const struct directory_line *above = strmap_find(&codes, parent);
        bool is_top = str_eq_c(line->cells[REGION_LEVEL], "nation");
        if (is_top && str_is_empty(parent))
            continue;
        if (above == NULL)
            directory_fault(ctx, work, line->row, "parent", "directory.unknown_region",
                            ARGS(arg_text("value", parent)));
        else if (!may_stand_below(line->cells[REGION_LEVEL], above->cells[REGION_LEVEL]))
            directory_fault(ctx, work, line->row, "parent", "directory.wrong_level_above",
                            ARGS(arg_text("level", line->cells[REGION_LEVEL]),
                                 arg_text("above", above->cells[REGION_LEVEL])));
    }
}

static enum status check_units(struct ctx *ctx, struct db_conn *conn, struct directory_work *work,
                               struct directory_table *before)
{
    struct strmap codes;
    struct strmap regions;
    struct directory_table rows = {0};
    TRY(list_regions(ctx, conn, &rows));
    index_codes(ctx->arena, before, &work->table, &codes);
    index_codes(ctx->arena, &rows, &(struct directory_table){0}, &regions);
    for (size_t i = 0; i < work->table.len; i++) {
        const struct directory_line *line = &work->table.at[i];
        struct str parent = line->cells[UNIT_PARENT];
        if (strmap_find(&regions, line->cells[UNIT_REGION]) == NULL)
            directory_fault(ctx, work, line->row, "region", "directory.unknown_region",
                            ARGS(arg_text("value", line->cells[UNIT_REGION])));
        if (!str_is_empty(parent) &&
            (strmap_find(&codes, parent) == NULL || str_eq(parent, line->cells[UNIT_CODE])))
            directory_fault(ctx, work, line->row, "parent", "directory.unknown_unit",
                            ARGS(arg_text("value", parent)));
    }
    return ST_OK;
}

/* The calendar as it will be must be one: whole years, no day twice. */
static enum status check_calendar(struct ctx *ctx, struct directory_work *work,
                                  const struct directory_table *before, const struct known *known)
{
    const struct shape *shape = &shapes[DIRECTORY_CALENDAR];
    const struct calendar *calendar;
    struct calendar_row *days =
        arena_alloc_array(ctx->arena, before->len + work->table.len, sizeof *days);
    size_t count = 0;
    for (size_t i = 0; i < before->len + work->table.len; i++) {
        const struct directory_line *line =
            i < before->len ? &before->at[i] : &work->table.at[i - before->len];
        if (line->id != 0 && strmap_find(&known->file, key_of(ctx->arena, shape, line)) != NULL)
            continue; /* the file's line takes its place */
        must(day_parse(line->cells[DAY_DATE], &days[count].day));
        days[count++].work = str_eq_c(line->cells[DAY_WORK], "work");
    }
    return calendar_build(ctx, ctx->arena, days, count, &calendar);
}

static struct value *fields_of(struct arena *arena, const struct directory_work *work,
                               const struct directory_line *line)
{
    const struct shape *shape = &shapes[work->order->kind];
    struct value *fields = value_map(arena);
    for (size_t i = 0; i < column_count(shape); i++)
        directory_field(arena, fields, shape->columns[i].name, line->cells[i]);
    if (work->order->kind == DIRECTORY_CALENDAR)
        value_put_text(arena, fields, "calendar", work->order->calendar);
    return fields;
}

void directory_field(struct arena *arena, struct value *fields, const char *name, struct str text)
{
    if (!str_is_empty(text))
        value_put_text(arena, fields, name, text);
}

enum status directory_put(struct ctx *ctx, struct ledger_tx *ledger, struct directory_work *work,
                          enum record_kind kind, int64_t id, const struct value *before,
                          const struct value *after, int64_t *out_id)
{
    struct directory_report *report = work->report;
    if (id != 0 && value_eq(before, after)) {
        report->same++;
        return ST_OK;
    }
    if (id == 0)
        report->created++;
    else
        report->changed++;
    return record_put(ctx, ledger, kind, id, work->order->actor, S("import"), after, out_id);
}

static enum status write_lines(struct ctx *ctx, struct ledger_tx *ledger,
                               struct directory_work *work)
{
    const struct shape *shape = &shapes[work->order->kind];
    struct directory_table before;
    struct known known;
    TRY(list_kind(ctx, ledger->conn, work->order->kind, work->order->calendar, &before));
    know(ctx, work, &before, &known);
    if (work->order->kind == DIRECTORY_REGIONS)
        check_regions(ctx, work, &before);
    if (work->order->kind == DIRECTORY_UNITS)
        TRY(check_units(ctx, ledger->conn, work, &before));
    TRY(directory_need_whole(ctx, work));
    if (work->order->kind == DIRECTORY_CALENDAR)
        TRY(check_calendar(ctx, work, &before, &known));
    for (size_t i = 0; i < work->table.len; i++) {
        const struct directory_line *line = &work->table.at[i];
        const struct directory_line *old =
            strmap_find(&known.before, key_of(ctx->arena, shape, line));
        TRY(directory_put(ctx, ledger, work, shape->record, old == NULL ? 0 : old->id,
                          old == NULL ? NULL : fields_of(ctx->arena, work, old),
                          fields_of(ctx->arena, work, line), NULL));
    }
    return ST_OK;
}

/* ---- in and out ---- */

static enum status write_all(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    struct directory_work *work = arg;
    struct directory_report *report = work->report;
    report->fault_count = work->fault_count_read;
    report->created = report->changed = report->same = 0;
    return work->order->kind == DIRECTORY_PEOPLE ? directory_write_people(ctx, ledger, work)
                                                 : write_lines(ctx, ledger, work);
}

enum status directory_import(struct ctx *ctx, const struct home *home,
                             const struct directory_order *order, struct directory_report *out)
{
    *out = (struct directory_report){0};
    struct directory_work work = {.home = home, .order = order, .report = out};
    TRY(read_file(ctx, &work));
    TRY(directory_need_whole(ctx, &work));
    TRY(home_write(ctx, home, write_all, &work));
    bool moves_cases = order->kind == DIRECTORY_CALENDAR || order->kind == DIRECTORY_REGIONS;
    return moves_cases ? upkeep_refresh(ctx, home) : ST_OK;
}

enum status directory_export(struct ctx *ctx, struct db_conn *conn, enum directory_kind kind,
                             struct str calendar, struct str *out)
{
    const struct shape *shape = &shapes[kind];
    struct directory_table table;
    struct buf text;
    TRY(list_kind(ctx, conn, kind, calendar, &table));
    buf_init(&text, ctx->arena, EXPORT_BYTES_MAX);
    for (size_t i = 0; i < column_count(shape); i++)
        buf_printf(&text, "%s%s", i == 0 ? "" : ",", shape->columns[i].name);
    buf_c(&text, "\n");
    for (size_t row = 0; row < table.len; row++) {
        for (size_t i = 0; i < column_count(shape); i++) {
            if (i > 0)
                buf_char(&text, ',');
            csv_cell(&text, table.at[row].cells[i], false);
        }
        buf_c(&text, "\n");
    }
    TRY(buf_status(&text));
    *out = buf_str(&text);
    return ST_OK;
}
