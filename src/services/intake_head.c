/*
 * A header is the row most of whose cells are names of columns; a table without one is told by what
 * stands in its columns. Names win over contents, but where a name says nothing (备注, a blank) or
 * two columns claim one field, the cells decide.
 */
#include "services/intake_head.h"

#include <string.h>

#include "services/intake_date.h"
#include "services/intake_judge.h"
#include "services/intake_number.h"
#include "services/intake_text.h"

enum { HEADER_SEARCH_ROWS = 60, NAME_LONGEST = 40, SAMPLE_ROWS = 60, TITLE_LONGEST = 300 };

struct reading {
    struct arena *arena;
    const struct intake_dict *dict;
    const struct intake_options *options;
    const struct profile *profile;
    struct head *head;
    size_t body; /* first profile row below the header */
};

static struct str cell_text(const struct profile_row *row, size_t column)
{
    return column < row->count ? row->cells[column].text : S("");
}

static bool is_covered(const struct profile_row *row, size_t column, enum cell_cover cover)
{
    return column < row->count && row->cells[column].cover == cover;
}

/* --- which row is the header ----------------------------------------------------------------- */

/* What stands in the body of a table and never in its header. */
static bool is_data(struct reading *r, struct str text)
{
    struct printed_number number;
    struct day day;
    struct str trimmed = str_trim(text);
    size_t at = 0;
    int value;
    if (utf8_length(trimmed) > NAME_LONGEST)
        return true;
    struct str folded = fold_text(r->arena, trimmed);
    if (numeral_next(folded, &at, &value) && at == folded.len)
        return true;
    if (printed_number_parse(r->arena, trimmed, &number) && number.shaped)
        return true;
    enum printed_date date = printed_date_parse(r->arena, trimmed, 0, &day);
    return date == PRINTED_DAY || date == PRINTED_MENDED;
}

/* Points for a row as a header; 0: it is none. */
static int header_score(struct reading *r, const struct profile_row *row)
{
    bool taken[INTAKE_FIELD_COUNT + 1] = {false};
    int fields = 0, known = 0, unknown = 0;
    for (size_t i = 0; i < row->count; i++) {
        struct str text = row->cells[i].text;
        struct str name = fold_name(r->arena, text);
        if (name.len == 0 || row->cells[i].cover != COVER_NONE)
            continue;
        struct intake_match match = intake_dict_column(r->dict, name);
        if (match.weight == 0 && is_data(r, text))
            return 0;
        if (utf8_length(name) > NAME_LONGEST)
            return 0;
        bool is_new = match.field != INTAKE_UNMAPPED && !taken[match.field];
        taken[match.field] = true;
        fields += is_new;
        known += match.weight > 0 && !is_new;
        unknown += match.weight == 0;
    }
    if (fields == 0 || fields + known + unknown < 2)
        return 0;
    int score = 4 * fields + 2 * known - unknown;
    return fields >= 2 || unknown <= 4 ? score : 0;
}

/* Whether the row continues the header above it: names under joined cells, nothing else. */
static bool is_second_line(struct reading *r, const struct profile_row *first,
                           const struct profile_row *second)
{
    size_t under = 0, filled = 0;
    for (size_t i = 0; i < second->count; i++) {
        const struct cell *cell = &second->cells[i];
        struct str name = fold_name(r->arena, cell->text);
        if (cell->cover == COVER_DOWN || name.len == 0)
            continue;
        filled++;
        bool joined = is_covered(first, i, COVER_ACROSS) || cell_text(first, i).len == 0 ||
                      (i < first->count && first->cells[i].columns > 1) ||
                      cell_text(first, i + 1).len == 0;
        if (!joined || is_data(r, cell->text) || utf8_length(name) > 16)
            return false;
        under += joined;
    }
    return filled >= 2 && under == filled;
}

static void find_header(struct reading *r)
{
    const struct profile *p = r->profile;
    int best = 0;
    size_t at = 0;
    for (size_t i = 0; i < p->rows.len && i < HEADER_SEARCH_ROWS; i++) {
        int score = header_score(r, &p->rows.at[i]);
        if (score > best) {
            best = score;
            at = i;
        }
    }
    r->head->score = best;
    if (best == 0)
        return;
    r->head->header_row = p->rows.at[at].number;
    r->head->header_lines = 1;
    r->body = at + 1;
    if (r->body < p->rows.len && is_second_line(r, &p->rows.at[at], &p->rows.at[r->body])) {
        r->head->header_lines = 2;
        r->body++;
    }
    /* The best row may be the second line of two. */
    if (r->head->header_lines == 1 && at > 0 && header_score(r, &p->rows.at[at - 1]) > 0 &&
        is_second_line(r, &p->rows.at[at - 1], &p->rows.at[at])) {
        r->head->header_row = p->rows.at[at - 1].number;
        r->head->header_lines = 2;
    }
}

/* --- names ----------------------------------------------------------------------------------- */

/* The name above column i in the first of two lines: its own, or that of the joined cell. */
static struct str parent_name(const struct profile_row *first, const struct profile_row *second,
                              size_t i)
{
    struct str own = cell_text(first, i);
    if (own.len > 0 || cell_text(second, i).len == 0)
        return own;
    while (i-- > 0)
        if (cell_text(first, i).len > 0)
            return cell_text(second, i).len > 0 ? cell_text(first, i) : S("");
    return S("");
}

static void name_columns(struct reading *r)
{
    const struct profile *p = r->profile;
    struct head *head = r->head;
    int lines = head->header_lines;
    const struct profile_row *first = lines == 0 ? NULL : &p->rows.at[r->body - (size_t)lines];
    const struct profile_row *second = lines == 2 ? &p->rows.at[r->body - 1] : NULL;
    size_t width = p->width;
    for (size_t i = 0; i < width; i++) {
        struct intake_column *column = vec_push(r->arena, &head->columns);
        column->index = (int)i + 1;
        column->field = INTAKE_UNMAPPED;
        column->printed = first == NULL ? S("") : str_trim(cell_text(first, i));
        if (second == NULL)
            continue;
        struct str above = str_trim(parent_name(first, second, i));
        struct str below =
            is_covered(second, i, COVER_DOWN) ? S("") : str_trim(cell_text(second, i));
        column->printed = below.len == 0 || str_eq(above, below) ? above
                          : above.len == 0
                              ? below
                              : str_printf(r->arena, "%.*s %.*s", STR_ARG(above), STR_ARG(below));
    }
}

/* --- contents -------------------------------------------------------------------------------- */

struct fit {
    int good, bad, filled;
    size_t longest;
    size_t all; /* characters */
};

static bool is_body_row(const struct profile_row *row)
{
    size_t filled = 0;
    for (size_t i = 0; i < row->count; i++)
        filled += row->cells[i].cover == COVER_NONE && str_trim(row->cells[i].text).len > 0;
    return filled >= 2;
}

static struct fit fit_of(struct reading *r, size_t column, enum intake_field field)
{
    struct fit fit = {0};
    const struct profile *p = r->profile;
    size_t seen = 0;
    for (size_t i = r->body; i < p->rows.len && seen < SAMPLE_ROWS; i++) {
        if (!is_body_row(&p->rows.at[i]))
            continue;
        seen++;
        struct str text = cell_text(&p->rows.at[i], column);
        if (intake_is_blank(text, false))
            continue;
        size_t len = utf8_length(text);
        fit.filled++;
        fit.all += len;
        fit.longest = len > fit.longest ? len : fit.longest;
        int judged = field == INTAKE_UNMAPPED ? 0 : intake_judge(r->arena, r->dict, field, text);
        fit.good += judged > 0;
        fit.bad += judged < 0;
    }
    return fit;
}

static bool is_mapped(const struct head *head, enum intake_field field)
{
    for (size_t i = 0; i < head->columns.len; i++)
        if (head->columns.at[i].field == field)
            return true;
    return false;
}

/* Fields whose column can be told by its cells alone. */
static bool fits_well(const struct fit *fit)
{
    return fit->good > 0 && fit->good * 2 > fit->filled && fit->bad * 4 <= fit->filled;
}

/* --- from names to fields -------------------------------------------------------------------- */

/* Several columns of one of these make one text; of any other field only one counts. */
static bool may_join(enum intake_field field)
{
    switch (field) {
    case INTAKE_DESCRIPTION:
    case INTAKE_PLACE:
    case INTAKE_FINDING:
    case INTAKE_GOAL:
    case INTAKE_MEASURES:
    case INTAKE_ACCOUNTABILITY:
    case INTAKE_UNIT:
    case INTAKE_REPEAT_OF:
    case INTAKE_REFERENCE: return true;
    case INTAKE_SEQ:
    case INTAKE_NUMBER:
    case INTAKE_BATCH:
    case INTAKE_CHANNEL:
    case INTAKE_DATE:
    case INTAKE_TYPE:
    case INTAKE_SUBSTANTIATION:
    case INTAKE_COMPLETION:
    case INTAKE_KEY_CASE:
    case INTAKE_FIELD_COUNT: return false;
    }
    return false;
}

static void add_fault(struct reading *r, size_t column, const char *code)
{
    struct intake_column *c = &r->head->columns.at[column];
    struct intake_fault *fault = vec_push(r->arena, &r->head->faults);
    *fault = (struct intake_fault){.row = r->head->header_row, .column = c->index, .code = code};
    fault->reason.args[0] = arg_text("column", c->printed);
    fault->reason.arg_count = 1;
}

/* A child name alone, both together, the parent alone: whichever says something first. */
static struct intake_match match_name(struct reading *r, size_t column)
{
    const struct profile *p = r->profile;
    struct str printed = r->head->columns.at[column].printed;
    struct intake_match match = {.field = INTAKE_UNMAPPED};
    if (r->head->header_lines == 2) {
        const struct profile_row *first = &p->rows.at[r->body - 2];
        const struct profile_row *second = &p->rows.at[r->body - 1];
        struct str below = fold_name(r->arena, cell_text(second, column));
        struct str above = fold_name(r->arena, parent_name(first, second, column));
        struct intake_match parent = intake_dict_column(r->dict, above);
        match = intake_dict_column(r->dict, below);
        struct str code = intake_dict_code(r->dict, LIST_TYPES, below);
        if (parent.field == INTAKE_TYPE && code.at != NULL) {
            r->head->columns.at[column].tick = str_trim(cell_text(second, column));
            return parent;
        }
        if (match.weight > 0)
            return match;
        if (below.len > 0 && parent.weight > 0)
            return parent;
    }
    return intake_dict_column(r->dict, fold_name(r->arena, printed));
}

static bool same_name(struct reading *r, size_t a, size_t b)
{
    return str_eq(fold_name(r->arena, r->head->columns.at[a].printed),
                  fold_name(r->arena, r->head->columns.at[b].printed));
}

/* Two columns claim a field that has room for one: the one whose cells fit better, then the one
   whose name says it more exactly, then the first. */
static bool beats(struct reading *r, size_t later, size_t earlier, enum intake_field field,
                  const int *weights)
{
    struct fit a = fit_of(r, later, field), b = fit_of(r, earlier, field);
    if (fits_well(&a) != fits_well(&b))
        return fits_well(&a);
    return weights[later] > weights[earlier];
}

static void claim(struct reading *r, size_t column, struct intake_match match, int *weights)
{
    struct intake_column *columns = r->head->columns.at;
    weights[column] = match.weight;
    columns[column].field = match.field;
    if (match.field == INTAKE_UNMAPPED || columns[column].tick.len > 0)
        return;
    for (size_t i = 0; i < column; i++) {
        if (columns[i].field != match.field)
            continue;
        bool repeated = same_name(r, i, column);
        if (may_join(match.field) && !repeated)
            return;
        size_t loser = beats(r, column, i, match.field, weights) ? i : column;
        columns[loser].field = INTAKE_UNMAPPED;
        add_fault(r, loser, "column_repeated");
        return;
    }
}

static bool choose_by_hand(struct reading *r, size_t column)
{
    const struct intake_options *o = r->options;
    struct intake_column *c = &r->head->columns.at[column];
    for (size_t i = 0; i < o->choice_count; i++) {
        const struct intake_choice *choice = &o->choices[i];
        bool hit = choice->index > 0 ? choice->index == c->index
                                     : str_eq(fold_name(r->arena, choice->printed),
                                              fold_name(r->arena, c->printed));
        if (!hit)
            continue;
        c->field = choice->field;
        return true;
    }
    return false;
}

/* 备注 that says 已办结: names that mean a field only where the cells agree. */
static void try_maybes(struct reading *r, size_t column)
{
    struct intake_column *c = &r->head->columns.at[column];
    struct str name = fold_name(r->arena, c->printed);
    size_t at = 0;
    for (;;) {
        struct intake_match match = intake_dict_maybe(r->dict, name, &at);
        if (match.weight == 0)
            return;
        if (is_mapped(r->head, match.field))
            continue;
        struct fit fit = fit_of(r, column, match.field);
        if (!fits_well(&fit))
            continue;
        c->field = match.field;
        return;
    }
}

/* Flags and channels are short words; a column of numbers under such a name counts something. */
static void drop_contradicted(struct reading *r, size_t column)
{
    struct intake_column *c = &r->head->columns.at[column];
    if (c->field != INTAKE_KEY_CASE && c->field != INTAKE_CHANNEL)
        return;
    struct fit fit = fit_of(r, column, c->field);
    if (fit.filled == 0 || fit.good > 0 || fit.bad * 2 < fit.filled)
        return;
    add_fault(r, column, "column_contradicted");
    c->field = INTAKE_UNMAPPED;
}

/* A blank or unknown name over cells that can be only one thing. */
static void tell_by_content(struct reading *r, size_t column)
{
    static const enum intake_field sure[] = {INTAKE_NUMBER, INTAKE_SUBSTANTIATION, INTAKE_TYPE,
                                             INTAKE_PLACE};
    struct intake_column *c = &r->head->columns.at[column];
    bool blank = fold_name(r->arena, c->printed).len == 0;
    if (c->field != INTAKE_UNMAPPED)
        return;
    if (!blank && intake_dict_column(r->dict, fold_name(r->arena, c->printed)).known)
        return;
    size_t most = blank ? COUNT_OF(sure) : 1;
    for (size_t i = 0; i < most; i++) {
        struct fit fit = fit_of(r, column, sure[i]);
        if (is_mapped(r->head, sure[i]) || !fits_well(&fit))
            continue;
        c->field = sure[i];
        return;
    }
    struct fit fit = fit_of(r, column, INTAKE_DESCRIPTION);
    if (blank && !is_mapped(r->head, INTAKE_DESCRIPTION) && fits_well(&fit))
        c->field = INTAKE_DESCRIPTION;
}

static void map_named(struct reading *r)
{
    size_t count = r->head->columns.len;
    int *weights = arena_alloc_array(r->arena, count, sizeof *weights);
    bool *by_hand = arena_alloc_array(r->arena, count, sizeof *by_hand);
    for (size_t i = 0; i < count; i++)
        by_hand[i] = choose_by_hand(r, i);
    for (size_t i = 0; i < count; i++)
        if (!by_hand[i])
            claim(r, i, match_name(r, i), weights);
    for (size_t i = 0; i < count; i++) {
        if (by_hand[i])
            continue;
        struct intake_column *c = &r->head->columns.at[i];
        if (c->field == INTAKE_UNMAPPED)
            try_maybes(r, i);
        drop_contradicted(r, i);
        tell_by_content(r, i);
    }
}

/* --- no header at all ------------------------------------------------------------------------ */

/* The leftmost column without a field whose cells fit, at or right of `from`. */
static size_t find_fitting(struct reading *r, enum intake_field field)
{
    for (size_t i = 0; i < r->head->columns.len; i++) {
        struct fit fit = fit_of(r, i, field);
        if (r->head->columns.at[i].field == INTAKE_UNMAPPED && fits_well(&fit))
            return i;
    }
    return SIZE_MAX;
}

/* Long texts in the order in which every published table has them. */
static void map_prose(struct reading *r)
{
    static const enum intake_field four[] = {INTAKE_DESCRIPTION, INTAKE_FINDING, INTAKE_GOAL,
                                             INTAKE_MEASURES};
    static const enum intake_field three[] = {INTAKE_DESCRIPTION, INTAKE_FINDING, INTAKE_MEASURES};
    size_t columns[4], count = 0;
    for (size_t i = 0; i < r->head->columns.len && count < COUNT_OF(columns); i++) {
        struct fit fit = fit_of(r, i, INTAKE_DESCRIPTION);
        if (r->head->columns.at[i].field == INTAKE_UNMAPPED && fits_well(&fit))
            columns[count++] = i;
    }
    for (size_t i = 0; i < count; i++)
        r->head->columns.at[columns[i]].field = count == 4 ? four[i] : three[i];
}

static size_t column_with(const struct head *head, enum intake_field field)
{
    for (size_t i = 0; i < head->columns.len; i++)
        if (head->columns.at[i].field == field)
            return i;
    return SIZE_MAX;
}

/* What is left behind verdict and finding stands in the order of the public table: goal, measures,
   completion, accountability. */
static void map_rest(struct reading *r)
{
    struct intake_column *columns = r->head->columns.at;
    size_t finding = column_with(r->head, INTAKE_FINDING);
    size_t verdict = column_with(r->head, INTAKE_SUBSTANTIATION);
    size_t completion = column_with(r->head, INTAKE_COMPLETION);
    size_t left[3], count = 0;
    if (finding == SIZE_MAX || verdict == SIZE_MAX)
        return;
    for (size_t i = finding > verdict ? finding + 1 : verdict + 1; i < r->head->columns.len; i++) {
        struct fit fit = fit_of(r, i, INTAKE_UNMAPPED);
        if (columns[i].field != INTAKE_UNMAPPED || fit.filled == 0)
            continue;
        if (completion != SIZE_MAX && i > completion) {
            if (!is_mapped(r->head, INTAKE_ACCOUNTABILITY))
                columns[i].field = INTAKE_ACCOUNTABILITY;
        } else if (count < COUNT_OF(left)) {
            left[count++] = i;
        }
    }
    bool goal_first = count == 3 || (count == 2 && completion != SIZE_MAX);
    if (count > 1 && !goal_first)
        columns[left[1]].field = INTAKE_ACCOUNTABILITY;
    if (count == 3)
        columns[left[2]].field = INTAKE_ACCOUNTABILITY;
    if (goal_first)
        columns[left[0]].field = INTAKE_GOAL;
    if (count > 0 && !is_mapped(r->head, INTAKE_MEASURES))
        columns[left[goal_first ? 1 : 0]].field = INTAKE_MEASURES;
}

static void map_unnamed(struct reading *r)
{
    static const enum intake_field typed[] = {
        INTAKE_NUMBER,     INTAKE_BATCH, INTAKE_DATE,  INTAKE_CHANNEL, INTAKE_SUBSTANTIATION,
        INTAKE_COMPLETION, INTAKE_TYPE,  INTAKE_PLACE, INTAKE_SEQ};
    for (size_t i = 0; i < r->head->columns.len; i++)
        (void)choose_by_hand(r, i);
    for (size_t i = 0; i < COUNT_OF(typed); i++) {
        size_t column = is_mapped(r->head, typed[i]) ? SIZE_MAX : find_fitting(r, typed[i]);
        if (column != SIZE_MAX)
            r->head->columns.at[column].field = typed[i];
    }
    map_prose(r);
    map_rest(r);
}

/* --- titles ---------------------------------------------------------------------------------- */

/* The year that the numbers of the first cases carry. */
static int year_of_numbers(struct reading *r)
{
    const struct profile *p = r->profile;
    for (size_t i = 0; i < p->rows.len && i < SAMPLE_ROWS; i++)
        for (size_t k = 0; k < p->rows.at[i].count; k++) {
            struct printed_number number;
            if (printed_number_parse(r->arena, p->rows.at[i].cells[k].text, &number) &&
                number.shaped && !day_is_none(number.intake))
                return day_civil(number.intake).year;
        }
    return 0;
}

static void read_titles(struct reading *r)
{
    struct head *head = r->head;
    size_t titles = head->header_lines == 0 ? 0 : r->body - (size_t)head->header_lines;
    head->year =
        day_is_none(r->options->date) ? year_of_numbers(r) : day_civil(r->options->date).year;
    for (size_t i = 0; i < titles; i++) {
        const struct profile_row *row = &r->profile->rows.at[i];
        for (size_t k = 0; k < row->count; k++) {
            struct str text = row->cells[k].text, label;
            struct day day;
            if (row->cells[k].cover != COVER_NONE || text.len == 0 || text.len > TITLE_LONGEST)
                continue;
            enum printed_batch batch = printed_batch_find(r->arena, text, &label, NULL);
            if (batch == BATCH_FOUND || batch == BATCH_MENDED)
                head->batch = label;
            head->batch_several = head->batch_several || batch == BATCH_SEVERAL;
            (void)printed_date_find(r->arena, text, head->year, &day);
            if (!day_is_none(day))
                head->date = day;
        }
    }
}

void head_read(struct arena *arena, const struct intake_dict *dict,
               const struct intake_options *options, const struct profile *profile,
               struct head *out)
{
    *out = (struct head){.profile = profile, .date = DAY_NONE};
    struct reading r = {
        .arena = arena, .dict = dict, .options = options, .profile = profile, .head = out};
    find_header(&r);
    name_columns(&r);
    read_titles(&r);
    if (out->header_row > 0)
        map_named(&r);
    else
        map_unnamed(&r);
    if (out->header_row == 0)
        for (size_t i = 0; i < out->columns.len; i++)
            out->score += out->columns.at[i].field != INTAKE_UNMAPPED;
    if (profile->hidden)
        out->score /= 2;
}
