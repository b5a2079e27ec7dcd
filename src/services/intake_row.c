/*
 * Order matters: first what the line is, then whether its cells stand under their own columns, then
 * field by field. Every doubt is a fault beside the row; only what makes a row useless refuses it.
 */
#include "services/intake_row.h"

#include <string.h>

#include "services/intake_date.h"
#include "services/intake_judge.h"
#include "services/intake_number.h"
#include "services/intake_text.h"

enum {
    HEADING_LONGEST = 120,
    SHIFT_GAIN = 3,
    FIRST_SEEN = 1024,
    NAME_BYTES = 200,
    CLAUSE_BYTES = 60,
    TYPE_MOST = 32
};

/* --- faults ---------------------------------------------------------------------------------- */

const struct intake_fault_kind intake_fault_kinds[] = {
    {"intake.batch_several", INTAKE_WARNING},
    {"intake.batch_unreadable", INTAKE_WARNING},
    {"intake.cell_too_long", INTAKE_ERROR},
    {"intake.channel_unknown", INTAKE_WARNING},
    {"intake.column_contradicted", INTAKE_WARNING},
    {"intake.column_repeated", INTAKE_WARNING},
    {"intake.completion_unknown", INTAKE_WARNING},
    {"intake.date_ambiguous", INTAKE_WARNING},
    {"intake.date_mended", INTAKE_WARNING},
    {"intake.date_unreadable", INTAKE_WARNING},
    {"intake.date_without_year", INTAKE_WARNING},
    {"intake.date_wrong", INTAKE_WARNING},
    {"intake.date_year_unknown", INTAKE_WARNING},
    {"intake.description_missing", INTAKE_WARNING},
    {"intake.header_missing", INTAKE_WARNING},
    {"intake.key_case_unknown", INTAKE_WARNING},
    {"intake.line_ignored", INTAKE_WARNING},
    {"intake.number_in_text", INTAKE_WARNING},
    {"intake.number_masked", INTAKE_WARNING},
    {"intake.number_missing", INTAKE_WARNING},
    {"intake.number_rounded", INTAKE_WARNING},
    {"intake.number_short", INTAKE_WARNING},
    {"intake.number_twice", INTAKE_ERROR},
    {"intake.number_unreadable", INTAKE_WARNING},
    {"intake.numbers_glued", INTAKE_WARNING},
    {"intake.quote_unclosed", INTAKE_ERROR},
    {"intake.row_empty", INTAKE_ERROR},
    {"intake.row_longer", INTAKE_WARNING},
    {"intake.row_shifted", INTAKE_WARNING},
    {"intake.sheets_ignored", INTAKE_WARNING},
    {"intake.text_damaged", INTAKE_ERROR},
    {"intake.type_unknown", INTAKE_WARNING},
    {"intake.verdict_in_text", INTAKE_WARNING},
    {"intake.verdict_unknown", INTAKE_WARNING},
};
const size_t intake_fault_kind_count = COUNT_OF(intake_fault_kinds);

void intake_fault_complete(struct intake_fault *fault)
{
    const struct intake_fault_kind *kind = NULL;
    for (size_t i = 0; kind == NULL && i < intake_fault_kind_count; i++)
        if (strcmp(intake_fault_kinds[i].key + sizeof "intake." - 1, fault->code) == 0)
            kind = &intake_fault_kinds[i];
    must(kind != NULL);
    fault->severity = kind->severity;
    fault->reason.key = kind->key;
    fault->reason.code = fault->code;
}

static void add_fault(struct row_reader *r, int column, const char *code, struct str text)
{
    struct intake_fault *fault = vec_push(r->arena, &r->faults);
    *fault = (struct intake_fault){.row = r->row.number, .column = column, .code = code};
    intake_fault_complete(fault);
    fault->reason.args[0] = arg_text("text", utf8_prefix(text, 40));
    fault->reason.arg_count = 1;
}

/* --- what the line is ------------------------------------------------------------------------ */

static struct str text_at(const struct sheet_row *row, size_t column)
{
    if (column >= row->count || row->cells[column].cover == COVER_ACROSS)
        return S("");
    return row->cells[column].text;
}

/* Cells of its own that say something; *first is the leftmost, *below counts those from above. */
static size_t count_own(const struct sheet_row *row, size_t *first, size_t *below)
{
    size_t own = 0;
    *first = *below = 0;
    for (size_t i = row->count; i-- > 0;) {
        if (str_trim(row->cells[i].text).len == 0)
            continue;
        *below += row->cells[i].cover == COVER_DOWN;
        if (row->cells[i].cover != COVER_NONE)
            continue;
        own++;
        *first = i;
    }
    return own;
}

static bool is_header_again(struct row_reader *r, const struct sheet_row *row, size_t own)
{
    size_t same = 0;
    for (size_t i = 0; i < row->count && i < r->head->columns.len; i++) {
        struct str text = str_trim(text_at(row, i)), printed = r->head->columns.at[i].printed;
        same += text.len > 0 && text.len <= NAME_BYTES && printed.len > 0 &&
                str_eq(fold_name(r->arena, text), r->names[i]);
    }
    return same >= 2 && same * 10 >= own * 6;
}

static bool begins_with_one_of(struct str name, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_starts(name, str_of(words[i])))
            return true;
    return false;
}

static bool is_total(struct row_reader *r, struct str text)
{
    static const char *const words[] = {"合计", "小计", "总计", "共计"};
    struct str name = fold_name(r->arena, str_part(text, 0, NAME_BYTES));
    return utf8_length(name) <= 8 && begins_with_one_of(name, words, COUNT_OF(words));
}

static bool is_note(struct row_reader *r, struct str text)
{
    static const char *const words[] = {"注",   "备注", "说明", "填表", "填报", "制表", "审核",
                                        "联系", "附",   "来源", "单位", "统计", "数据", "note"};
    return begins_with_one_of(fold_name(r->arena, str_part(text, 0, NAME_BYTES)), words,
                              COUNT_OF(words));
}

/* A line of one cell: the heading of a batch, a date or a place, a note, or the end of a table. */
static enum status read_line(struct ctx *ctx, struct row_reader *r, struct str text)
{
    struct str label;
    struct day day;
    bool short_enough = utf8_length(text) <= HEADING_LONGEST;
    enum printed_batch batch = BATCH_NONE;
    if (short_enough)
        batch = printed_batch_find(r->arena, text, &label, NULL);
    if (batch == BATCH_FOUND || batch == BATCH_MENDED) {
        r->batch = str_copy(r->kept, label);
        (void)printed_date_find(r->arena, text, r->head->year, &day);
        r->date = day;
        return ST_OK;
    }
    struct str squeezed = squeeze_text(r->arena, text);
    if (intake_is_place(squeezed)) {
        r->place = str_copy(r->kept, squeezed);
        return ST_OK;
    }
    if (is_note(r, text) || is_total(r, text))
        return ST_OK;
    enum printed_date date = printed_date_parse(r->arena, text, r->head->year, &day);
    if (date == PRINTED_DAY || date == PRINTED_MENDED) {
        r->date = day;
        return ST_OK;
    }
    add_fault(r, 0, "line_ignored", text);
    return r->visitor->fault(r->visitor->self, ctx, &r->faults.at[0]);
}

/* --- shifted rows ---------------------------------------------------------------------------- */

/* How well cell j + step of a row fits column j, over all columns; cells from `from` on are moved. */
static int judge_shift(struct row_reader *r, const struct sheet_row *row, size_t from, int step)
{
    int sum = 0;
    for (size_t i = 0; i < r->head->columns.len; i++) {
        const struct intake_column *column = &r->head->columns.at[i];
        if (column->field == INTAKE_UNMAPPED || column->tick.len > 0)
            continue;
        if (step < 0 && i == from)
            continue; /* the missing cell */
        size_t source = i < from ? i : step < 0 ? i - 1 : i + 1;
        sum += intake_judge(r->arena, r->dict, column->field, text_at(row, source));
    }
    return sum;
}

static int judge_as_is(struct row_reader *r, const struct sheet_row *row, int *bad)
{
    int sum = 0;
    *bad = 0;
    for (size_t i = 0; i < r->head->columns.len; i++) {
        const struct intake_column *column = &r->head->columns.at[i];
        if (column->field == INTAKE_UNMAPPED || column->tick.len > 0)
            continue;
        int judged = intake_judge(r->arena, r->dict, column->field, text_at(row, i));
        sum += judged;
        *bad += judged < 0;
    }
    return sum;
}

/* A cell left out moves the rest to the left, one too many to the right: the place of the gap is the
   one after which most cells fit. Only where the row as it stands contradicts its header twice. */
static void place_cells(struct row_reader *r, const struct sheet_row *row)
{
    size_t count = r->head->columns.len, best_from = SIZE_MAX;
    int bad, best_step = 0;
    int best = judge_as_is(r, row, &bad) + SHIFT_GAIN - 1;
    bool last_free = str_trim(text_at(row, count - 1)).len == 0;
    for (size_t from = 0; bad >= 2 && from < count; from++)
        for (int step = last_free ? -1 : 1; step <= 1; step += 2) {
            bool lost = step > 0 && str_trim(text_at(row, from)).len > 0;
            int sum = lost ? INT32_MIN : judge_shift(r, row, from, step);
            if (sum > best) {
                best = sum;
                best_from = from;
                best_step = step;
            }
        }
    for (size_t i = 0; i < count; i++) {
        size_t source = i;
        if (best_from != SIZE_MAX && i >= best_from)
            source = best_step > 0 ? i + 1 : i - 1;
        bool gap = best_step < 0 && i == best_from;
        r->cells[i] = gap ? S("") : text_at(row, source);
        r->rounded[i] = !gap && source < row->count && row->cells[source].kind == CELL_NUMBER &&
                        r->cells[i].len > 15;
    }
    if (best_from != SIZE_MAX)
        add_fault(r, (int)best_from + 1, "row_shifted", r->head->columns.at[best_from].printed);
}

/* --- fields ---------------------------------------------------------------------------------- */

/* Cells of all columns of one field. Names of a place run on; other texts stand on lines. */
static void gather(struct row_reader *r, enum intake_field field)
{
    struct intake_value *value = &r->row.values[field];
    const char *between = field == INTAKE_PLACE ? "" : "\n";
    for (size_t i = 0; i < r->head->columns.len; i++) {
        const struct intake_column *column = &r->head->columns.at[i];
        if (column->field != field || column->tick.len > 0 || intake_is_blank(r->cells[i], false))
            continue;
        struct str text = field == INTAKE_PLACE ? squeeze_text(r->arena, r->cells[i])
                                                : tidy_text(r->arena, r->cells[i]);
        if (value->text.len == 0) {
            value->text = text;
            value->column = column->index;
        } else if (field == INTAKE_PLACE && str_starts(text, value->text)) {
            value->text = text; /* 某某区 + 某某区国税局家属楼 */
        } else {
            value->text =
                str_printf(r->arena, "%.*s%s%.*s", STR_ARG(value->text), between, STR_ARG(text));
        }
    }
}

static int column_of(const struct row_reader *r, enum intake_field field)
{
    for (size_t i = 0; i < r->head->columns.len; i++)
        if (r->head->columns.at[i].field == field)
            return r->head->columns.at[i].index;
    return 0;
}

/* The code of a word, as it stands or, for a phrase, its end: 总体基本属实. */
static struct str code_at_end(struct row_reader *r, enum intake_list list, struct str text)
{
    struct str folded = fold_name(r->arena, str_part(text, 0, NAME_BYTES));
    struct str code = {0};
    for (size_t at = 0; at < folded.len && code.at == NULL;) {
        struct str tail = str_from(folded, at);
        if (at == 0 || utf8_length(tail) >= 2)
            code = intake_dict_code(r->dict, list, tail);
        (void)utf8_next(folded, &at);
    }
    return code;
}

static void set_derived(struct intake_value *value, struct str text)
{
    if (value->text.len > 0 || text.len == 0)
        return;
    value->text = text;
    value->column = 0;
}

static void read_word(struct row_reader *r, enum intake_field field, enum intake_list list,
                      const char *unknown)
{
    struct intake_value *value = &r->row.values[field];
    if (value->text.len == 0)
        return;
    value->text = squeeze_text(r->arena, value->text);
    value->code = code_at_end(r, list, value->text);
    if (value->code.at == NULL)
        add_fault(r, value->column, unknown, value->text);
}

/* 1.第一点属实 speaks of one point of several, not of the case. */
static bool is_of_a_part(struct str clause)
{
    static const char *const words[] = {"点", "项", "节", "个", "方面", "一", "二", "1", "①", "⑴"};
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_has(clause, str_of(words[i])))
            return true;
    return false;
}

/* No column for the verdict: the finding's first clause may be one. 举报件属实。经查… */
static void take_verdict_from_finding(struct row_reader *r)
{
    struct intake_value *value = &r->row.values[INTAKE_SUBSTANTIATION];
    struct str finding = r->row.values[INTAKE_FINDING].text;
    if (column_of(r, INTAKE_SUBSTANTIATION) != 0 || finding.len == 0)
        return;
    size_t end = 0;
    for (size_t at = 0; at < finding.len && at < CLAUSE_BYTES; end = at) {
        uint32_t code = utf8_next(finding, &at);
        if (code == 0x3002 || code == 0xFF0C || code == 0xFF1B || code == ',' || code == ';' ||
            code == '\n')
            break;
    }
    struct str clause = str_part(finding, 0, end);
    if (is_of_a_part(clause))
        return;
    value->code = code_at_end(r, LIST_VERDICTS, clause);
    if (value->code.at == NULL)
        return;
    set_derived(value, clause);
    add_fault(r, r->row.values[INTAKE_FINDING].column, "verdict_in_text", clause);
}

static void add_type(struct row_reader *r, struct str *codes, struct str word, int column)
{
    struct intake_value *value = &r->row.values[INTAKE_TYPE];
    struct str code = intake_dict_code(r->dict, LIST_TYPES, fold_name(r->arena, word));
    if (code.at == NULL) {
        add_fault(r, column, "type_unknown", word);
        return;
    }
    for (size_t i = 0; i < value->code_count; i++)
        if (str_eq(codes[i], code))
            return;
    if (value->code_count < TYPE_MOST)
        codes[value->code_count++] = code;
}

static void read_types(struct row_reader *r)
{
    struct intake_value *value = &r->row.values[INTAKE_TYPE];
    struct str *codes = arena_alloc_array(r->arena, TYPE_MOST, sizeof *codes);
    struct str left = value->text, word, ticks = {0};
    value->codes = codes;
    while (intake_next_word(r->arena, &left, &word))
        if (word.len > 0)
            add_type(r, codes, word, value->column);
    for (size_t i = 0; i < r->head->columns.len; i++) {
        const struct intake_column *column = &r->head->columns.at[i];
        if (column->tick.len == 0 || intake_is_blank(r->cells[i], true) ||
            str_eq(str_trim(r->cells[i]), S("0")) || intake_yes_no(r->arena, r->cells[i]) < 0)
            continue;
        add_type(r, codes, column->tick, column->index);
        ticks = ticks.len == 0
                    ? column->tick
                    : str_printf(r->arena, "%.*s、%.*s", STR_ARG(ticks), STR_ARG(column->tick));
        if (value->column == 0)
            value->column = column->index;
    }
    if (value->text.len == 0)
        value->text = ticks;
    if (value->code_count > 0)
        value->code = codes[0];
}

static void read_date(struct row_reader *r)
{
    struct intake_value *value = &r->row.values[INTAKE_DATE];
    value->day = DAY_NONE;
    if (value->text.len == 0)
        return;
    static const char *const codes[] = {
        [PRINTED_NONE] = "date_unreadable",   [PRINTED_DAY] = NULL,
        [PRINTED_MENDED] = "date_mended",     [PRINTED_NO_YEAR] = "date_without_year",
        [PRINTED_NO_DAY] = "date_unreadable", [PRINTED_AMBIGUOUS] = "date_ambiguous",
        [PRINTED_WRONG] = "date_wrong"};
    enum printed_date kind = printed_date_parse(r->arena, value->text, r->head->year, &value->day);
    if (kind == PRINTED_NO_YEAR && day_is_none(value->day))
        add_fault(r, value->column, "date_year_unknown", value->text);
    else if (codes[kind] != NULL)
        add_fault(r, value->column, codes[kind], value->text);
}

static void read_batch(struct row_reader *r)
{
    struct intake_value *value = &r->row.values[INTAKE_BATCH];
    struct str label = {0};
    r->row.batch = r->batch;
    r->row.batch_date = r->date;
    if (value->text.len == 0)
        return;
    if (printed_batch_parse(r->arena, value->text, &label) == BATCH_NONE || label.at == NULL) {
        add_fault(r, value->column, "batch_unreadable", value->text);
        return;
    }
    struct day day;
    (void)printed_date_find(r->arena, value->text, r->head->year, &day);
    if (!str_eq(label, r->row.batch))
        r->row.batch_date = day;
    r->row.batch = label;
}

/* What the number says beside being one: batch, serial, day, channel, attention. */
static void use_number(struct row_reader *r, const struct printed_number *number)
{
    struct intake_value *values = r->row.values;
    struct intake_value *key = &values[INTAKE_KEY_CASE], *channel = &values[INTAKE_CHANNEL];
    if (number->batch.at != NULL) {
        if (!str_eq(number->batch, r->row.batch))
            r->row.batch_date = DAY_NONE;
        r->row.batch = number->batch;
    }
    set_derived(&values[INTAKE_SEQ], number->seq);
    if (number->starred && key->code.at == NULL) {
        key->code = S("yes");
        set_derived(key, S("*"));
    }
    if (day_is_none(values[INTAKE_DATE].day) && !day_is_none(number->intake)) {
        values[INTAKE_DATE].day = number->intake;
        set_derived(&values[INTAKE_DATE], day_format(r->arena, number->intake));
    }
    struct str word = number->channel == CHANNEL_CALL     ? S("D")
                      : number->channel == CHANNEL_LETTER ? S("X")
                                                          : S("");
    if (channel->code.at == NULL && word.len > 0) {
        channel->code = intake_dict_code(r->dict, LIST_CHANNELS, word);
        set_derived(channel, word);
    }
}

/* 1D2NM… in the column of serials, where the number's own column is missing or empty. */
static void take_number_from_seq(struct row_reader *r)
{
    struct intake_value *number = &r->row.values[INTAKE_NUMBER];
    struct intake_value *seq = &r->row.values[INTAKE_SEQ];
    struct printed_number parsed;
    if (number->text.len > 0 || seq->text.len == 0 ||
        !printed_number_parse(r->arena, seq->text, &parsed) || !parsed.shaped)
        return;
    *number = *seq;
    *seq = (struct intake_value){0};
}

/* 受理编号为30号的信访问题为：… where there is no column of numbers. */
static void take_number_from_text(struct row_reader *r)
{
    struct intake_value *number = &r->row.values[INTAKE_NUMBER];
    const struct intake_value *description = &r->row.values[INTAKE_DESCRIPTION];
    struct str head = str_part(description->text, 0, NAME_BYTES);
    size_t at = str_find(head, S("受理编号"));
    if (number->text.len > 0 || column_of(r, INTAKE_NUMBER) != 0 || at == SIZE_MAX)
        return;
    struct str rest = str_from(head, at + S("受理编号").len), signs = S("为：: ");
    size_t from = 0, next = 0;
    while (next < rest.len) {
        size_t code_at = next;
        (void)utf8_next(rest, &next);
        if (!str_has(signs, str_part(rest, code_at, next - code_at)))
            break;
        from = next;
    }
    size_t end = from;
    while (end < rest.len && ((rest.at[end] >= '0' && rest.at[end] <= '9') ||
                              (rest.at[end] >= 'A' && rest.at[end] <= 'Z')))
        end++;
    if (end == from)
        return;
    number->text = str_part(rest, from, end - from);
    number->column = description->column;
    add_fault(r, description->column, "number_in_text", number->text);
}

static void read_number(struct row_reader *r)
{
    take_number_from_seq(r);
    take_number_from_text(r);
    struct intake_value *value = &r->row.values[INTAKE_NUMBER];
    struct printed_number number;
    int column = value->column;
    if (value->text.len == 0) {
        if (column_of(r, INTAKE_NUMBER) != 0)
            add_fault(r, column_of(r, INTAKE_NUMBER), "number_missing", S(""));
        return;
    }
    if (!printed_number_parse(r->arena, value->text, &number)) {
        add_fault(r, column, "number_unreadable", value->text);
        return;
    }
    value->text = number.text;
    if (number.masked)
        add_fault(r, column, "number_masked", number.text);
    if (number.is_short)
        add_fault(r, column, "number_short", number.text);
    if (number.several)
        add_fault(r, column, "numbers_glued", number.text);
    if (column > 0 && r->rounded[column - 1])
        add_fault(r, column, "number_rounded", number.text);
    use_number(r, &number);
}

static void read_key_case(struct row_reader *r)
{
    struct intake_value *value = &r->row.values[INTAKE_KEY_CASE];
    if (value->text.len == 0)
        return;
    int said = intake_yes_no(r->arena, value->text);
    if (said != 0)
        value->code = said > 0 ? S("yes") : S("no");
    else
        add_fault(r, value->column, "key_case_unknown", value->text);
}

/* --- numbers that come twice ----------------------------------------------------------------- */

static bool put_seen(uint64_t *slots, size_t cap, uint64_t hash)
{
    size_t at = hash & (cap - 1);
    while (slots[at] != 0) {
        if (slots[at] == hash)
            return false;
        at = (at + 1) & (cap - 1);
    }
    slots[at] = hash;
    return true;
}

static void grow_seen(struct row_reader *r)
{
    size_t cap = r->seen_cap == 0 ? FIRST_SEEN : r->seen_cap * 2;
    uint64_t *bigger = arena_alloc_array(r->kept, cap, sizeof *bigger);
    for (size_t i = 0; i < r->seen_cap; i++)
        if (r->seen[i] != 0)
            (void)put_seen(bigger, cap, r->seen[i]);
    r->seen = bigger;
    r->seen_cap = cap;
}

static bool is_second_time(struct row_reader *r)
{
    struct str number = r->row.values[INTAKE_NUMBER].text;
    if (number.len == 0)
        return false;
    struct str key = str_printf(r->arena, "%.*s\n%.*s", STR_ARG(r->row.batch), STR_ARG(number));
    uint64_t hash = str_hash(key) | 1;
    if ((r->seen_count + 1) * 2 > r->seen_cap)
        grow_seen(r);
    if (!put_seen(r->seen, r->seen_cap, hash))
        return true;
    r->seen_count++;
    return false;
}

/* --- the row --------------------------------------------------------------------------------- */

/* A cell of no field is kept; one under no name at all is more than the header promised. */
static void add_extra(struct row_reader *r, struct intake_column column, struct str cell)
{
    struct str text = tidy_text(r->arena, cell);
    if (text.len == 0)
        return;
    struct intake_extra extra = {column.index, column.printed, text};
    vec_add(r->arena, &r->extras, extra);
    if (column.printed.len == 0 && r->head->header_row > 0)
        add_fault(r, column.index, "row_longer", text);
}

static void read_extras(struct row_reader *r, const struct sheet_row *row)
{
    size_t known = r->head->columns.len;
    for (size_t i = 0; i < known; i++)
        if (r->head->columns.at[i].field == INTAKE_UNMAPPED)
            add_extra(r, r->head->columns.at[i], r->cells[i]);
    for (size_t i = known; i < row->count; i++)
        add_extra(r, (struct intake_column){.index = (int)i + 1, .printed = S("")},
                  text_at(row, i));
    r->row.extras = r->extras.at;
    r->row.extra_count = r->extras.len;
}

static void read_fields(struct row_reader *r)
{
    for (int field = 0; field < INTAKE_FIELD_COUNT; field++)
        gather(r, (enum intake_field)field);
    read_date(r);
    read_batch(r);
    read_word(r, INTAKE_CHANNEL, LIST_CHANNELS, "channel_unknown");
    read_key_case(r);
    read_number(r);
    read_types(r);
    read_word(r, INTAKE_SUBSTANTIATION, LIST_VERDICTS, "verdict_unknown");
    take_verdict_from_finding(r);
    read_word(r, INTAKE_COMPLETION, LIST_COMPLETIONS, "completion_unknown");
    set_derived(&r->row.values[INTAKE_PLACE], r->place);
}

static void check_row(struct row_reader *r, const struct sheet_row *row)
{
    static const char *const damages[ROW_DAMAGE_COUNT] = {[ROW_UNDECODABLE] = "text_damaged",
                                                          [ROW_CELL_CUT] = "cell_too_long",
                                                          [ROW_UNCLOSED] = "quote_unclosed"};
    const struct intake_value *values = r->row.values;
    if (row->damage != ROW_WHOLE)
        add_fault(r, 0, damages[row->damage], S(""));
    bool says_nothing = values[INTAKE_NUMBER].text.len == 0 &&
                        values[INTAKE_DESCRIPTION].text.len == 0 &&
                        values[INTAKE_FINDING].text.len == 0;
    if (says_nothing)
        add_fault(r, 0, "row_empty", S(""));
    else if (values[INTAKE_DESCRIPTION].text.len == 0)
        add_fault(r, column_of(r, INTAKE_DESCRIPTION), "description_missing", S(""));
    if (is_second_time(r))
        add_fault(r, values[INTAKE_NUMBER].column, "number_twice", values[INTAKE_NUMBER].text);
}

static enum status hand_on(struct ctx *ctx, struct row_reader *r)
{
    r->row.accepted = true;
    for (size_t i = 0; i < r->faults.len; i++) {
        const struct intake_fault *fault = &r->faults.at[i];
        r->row.accepted = r->row.accepted && fault->severity == INTAKE_WARNING;
        TRY(r->visitor->fault(r->visitor->self, ctx, fault));
    }
    r->summary.rows++;
    r->summary.accepted += r->row.accepted;
    return r->visitor->row(r->visitor->self, ctx, &r->row);
}

enum status row_read(struct ctx *ctx, struct row_reader *r, const struct sheet_row *row)
{
    size_t first, below, own = count_own(row, &first, &below);
    size_t columns = r->head->columns.len;
    if (own == 0 || columns == 0)
        return ST_OK;
    arena_reset(r->arena);
    r->row = (struct intake_row){.number = row->number, .permille = row->permille};
    memset(&r->faults, 0, sizeof r->faults);
    memset(&r->extras, 0, sizeof r->extras);
    struct str lead = text_at(row, first);
    struct printed_number number;
    bool lone = own == 1 && below == 0 && columns > 1;
    if (lone && !(printed_number_parse(r->arena, lead, &number) && number.shaped))
        return read_line(ctx, r, lead);
    if (is_header_again(r, row, own) || is_total(r, lead) || (own <= 2 && is_note(r, lead)))
        return ST_OK;
    r->cells = arena_alloc_array(r->arena, columns, sizeof *r->cells);
    r->rounded = arena_alloc_array(r->arena, columns, sizeof *r->rounded);
    place_cells(r, row);
    read_fields(r);
    check_row(r, row);
    read_extras(r, row);
    return hand_on(ctx, r);
}
