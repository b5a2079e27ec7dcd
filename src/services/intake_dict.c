/*
 * The columns are a short list walked whole; the cell lists are maps.
 */
#include "services/intake_dict.h"

#include <string.h>

#include "base/strmap.h"
#include "base/vec.h"
#include "kit/csv.h"
#include "services/intake_text.h"

enum { EXACT_WEIGHT = 1000, CELL_LIMIT = 64 * 1024 };

struct synonym {
    enum intake_field field;
    struct str text; /* folded; a pattern keeps its stars */
    int weight;
    bool is_pattern;
    bool if_content;
};

struct intake_dict {
    VEC(struct synonym) columns;
    struct strmap lists[INTAKE_LIST_COUNT];
};

static const char *const field_names[] = {
#define X(name, text) text,
    INTAKE_FIELD_TABLE(X)
#undef X
};

const char *intake_field_name(enum intake_field field)
{
    return field < INTAKE_FIELD_COUNT ? field_names[field] : NULL;
}

bool intake_field_parse(struct str name, enum intake_field *out)
{
    *out = INTAKE_UNMAPPED;
    for (size_t i = 0; i < COUNT_OF(field_names); i++)
        if (str_eq_c(name, field_names[i]))
            *out = (enum intake_field)i;
    return *out != INTAKE_UNMAPPED || name.len == 0 || str_eq_c(name, "none");
}

/* --- reading --------------------------------------------------------------------------------- */

struct loading {
    struct arena *arena;
    struct intake_dict *dict;
    const char *file;
    int list; /* -1: columns */
};

static size_t code_points(struct str text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += ((unsigned char)text.at[i] & 0xC0) != 0x80 && text.at[i] != '*';
    return count;
}

/* The pieces between stars are folded one by one, since folding drops stars. */
static struct str fold_pattern(struct arena *arena, struct str text)
{
    struct buf out;
    buf_init(&out, arena, text.len * 2 + 16);
    struct str piece;
    for (bool first = true; str_next(&text, '*', &piece); first = false) {
        if (!first)
            buf_char(&out, '*');
        buf_text(&out, fold_name(arena, piece));
    }
    return buf_str(&out);
}

static void add_column_name(struct loading *loading, enum intake_field field, struct str text)
{
    text = str_trim(text);
    struct synonym synonym = {.field = field};
    if (str_ends(text, S("?")) && text.len > 1) {
        synonym.if_content = true;
        text = str_part(text, 0, text.len - 1);
    }
    synonym.is_pattern = str_find_char(text, '*') != SIZE_MAX;
    synonym.text = fold_pattern(loading->arena, text);
    synonym.weight = synonym.is_pattern ? (int)code_points(synonym.text) : EXACT_WEIGHT;
    if (synonym.text.len > 0)
        vec_add(loading->arena, &loading->dict->columns, synonym);
}

static void add_word(struct loading *loading, struct str code, struct str text)
{
    struct str folded = fold_name(loading->arena, text);
    if (folded.len == 0)
        return;
    struct str *kept = arena_new_of(loading->arena, struct str);
    *kept = code;
    struct strmap *map = &loading->dict->lists[loading->list];
    if (strmap_find(map, folded) == NULL)
        (void)strmap_put(map, folded, kept);
}

static enum status add_names(struct ctx *ctx, struct loading *loading, const struct csv_row *row)
{
    enum intake_field field = INTAKE_UNMAPPED;
    struct str code = str_copy(loading->arena, str_trim(row->cells[0]));
    if (loading->list < 0 && !intake_field_parse(code, &field))
        return fail(ctx, ST_INVALID, "intake.dict_code",
                    ARGS(arg_c("file", loading->file), arg_text("code", code)));
    for (size_t i = 1; i < row->count && i < 4; i++) {
        struct str rest = row->cells[i], piece;
        while (str_next(&rest, i == 3 ? ';' : '\0', &piece))
            if (loading->list < 0)
                add_column_name(loading, field, piece);
            else
                add_word(loading, code, piece);
    }
    return ST_OK;
}

static enum status on_row(void *self, struct ctx *ctx, const struct csv_row *row)
{
    struct loading *loading = self;
    if (row->number == 1 || row->count == 0 || str_trim(row->cells[0]).len == 0)
        return ST_OK;
    if (row->count < 3 || row->cut || row->unclosed || row->wide)
        return fail(ctx, ST_INVALID, "intake.dict_line",
                    ARGS(arg_c("file", loading->file), arg_int("line", row->number)));
    return add_names(ctx, loading, row);
}

static enum status load(struct ctx *ctx, struct loading *loading, struct str text)
{
    struct csv_options options = {S(","), CELL_LIMIT, 16};
    struct csv *csv = csv_new(loading->arena, options, on_row, loading);
    if (str_starts(text, S("\xEF\xBB\xBF")))
        text = str_from(text, 3);
    TRY(csv_feed(ctx, csv, text));
    return csv_finish(ctx, csv);
}

enum status intake_dict_new(struct ctx *ctx, struct arena *arena,
                            const struct intake_dict_texts *texts, struct intake_dict **out)
{
    static const char *const files[INTAKE_LIST_COUNT] = {[LIST_TYPES] = "pollution-types",
                                                         [LIST_VERDICTS] = "verdicts",
                                                         [LIST_COMPLETIONS] = "completions",
                                                         [LIST_CHANNELS] = "channels"};
    struct intake_dict *dict = arena_new_of(arena, struct intake_dict);
    /* The office's own table first: of equal matches the first one counts. */
    struct loading columns = {arena, dict, "columns", -1};
    TRY(load(ctx, &columns, texts->more_columns));
    TRY(load(ctx, &columns, texts->columns));
    for (int i = 0; i < INTAKE_LIST_COUNT; i++) {
        strmap_init(&dict->lists[i], arena);
        struct loading list = {arena, dict, files[i], i};
        TRY(load(ctx, &list, texts->lists[i]));
    }
    *out = dict;
    return ST_OK;
}

/* --- finding --------------------------------------------------------------------------------- */

/* * stands for any text, none too. */
static bool fits(struct str pattern, struct str text)
{
    struct str piece;
    bool first = true;
    while (str_next(&pattern, '*', &piece)) {
        bool last = pattern.at == NULL;
        size_t at = str_find(text, piece);
        if (at == SIZE_MAX || (first && at != 0))
            return false;
        if (last && piece.len > 0 && !first)
            return str_ends(text, piece);
        text = str_from(text, at + piece.len);
        first = false;
    }
    return true;
}

static int weigh(const struct synonym *synonym, struct str name)
{
    bool hit = synonym->is_pattern ? fits(synonym->text, name) : str_eq(synonym->text, name);
    return hit ? synonym->weight : 0;
}

struct intake_match intake_dict_column(const struct intake_dict *dict, struct str name)
{
    struct intake_match best = {.field = INTAKE_UNMAPPED};
    for (size_t i = 0; i < dict->columns.len; i++) {
        const struct synonym *synonym = &dict->columns.at[i];
        int weight = synonym->if_content ? 0 : weigh(synonym, name);
        if (weight > best.weight)
            best = (struct intake_match){synonym->field, weight, false, true};
    }
    return best;
}

struct intake_match intake_dict_maybe(const struct intake_dict *dict, struct str name, size_t *at)
{
    while (*at < dict->columns.len) {
        const struct synonym *synonym = &dict->columns.at[(*at)++];
        int weight = synonym->if_content ? weigh(synonym, name) : 0;
        if (weight > 0)
            return (struct intake_match){synonym->field, weight, true, true};
    }
    return (struct intake_match){.field = INTAKE_UNMAPPED};
}

struct str intake_dict_code(const struct intake_dict *dict, enum intake_list list,
                            struct str folded)
{
    const struct str *code = strmap_find(&dict->lists[list], folded);
    return code == NULL ? (struct str){0} : *code;
}
