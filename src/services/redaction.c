/*
 * Marks are found anew each time; an id names a row, a column and a byte. Whoever sends ids sends the case's version
 * with them, so the text is the one they saw.
 */
#include "services/redaction.h"

#include "base/redact.h"

static bool is_text(const struct regime_field *column)
{
    return column->kind == FIELD_TEXT || column->kind == FIELD_LONGTEXT;
}

static struct str text_in(const struct value *row, const struct regime_field *column)
{
    const struct value *cell = value_find(row, column->name);
    return cell != NULL && cell->kind == VALUE_TEXT ? cell->text : S("");
}

static struct str id_of(struct arena *arena, int64_t row, struct str column, size_t from)
{
    return str_printf(arena, "%lld.%.*s.%zu", (long long)row, STR_ARG(column), from);
}

/* ---- showing ---- */

static void put_mark(struct arena *arena, const struct reader *reader,
                     const struct redact_mark *mark, struct str text, struct value *to)
{
    struct str kind = str_of(redact_kind_name(mark->kind));
    /* i18n: redact.kind.* */
    const char *key = str_c(arena, str_concat(arena, S("redact.kind."), kind));
    value_put_text(arena, to, "text", str_part(text, mark->from, mark->len));
    value_put_text(arena, to, "kind", kind);
    value_put_text(arena, to, "kind_label", reader_sentence(arena, reader, key, NO_ARGS));
    value_put_text(arena, to, "instead", mark->instead);
    value_put_int(arena, to, "confidence", mark->confidence);
    value_put_bool(arena, to, "sure", mark->confidence >= REDACT_CERTAIN);
    value_put_bool(arena, to, "mark", true);
}

static void put_piece(struct arena *arena, struct value *pieces, struct str text)
{
    if (str_is_empty(text))
        return;
    struct value *piece = value_append_map(arena, pieces);
    value_put_text(arena, piece, "text", text);
    value_put_bool(arena, piece, "mark", false);
}

static size_t put_cell(struct arena *arena, const struct reader *reader, int64_t n,
                       const struct regime_field *column, struct str text, struct value *cells)
{
    struct redact_marks marks;
    size_t at = 0;
    struct value *cell = value_append_map(arena, cells);
    redact_find(arena, text, &marks);
    value_put_text(arena, cell, "name", column->name);
    value_put_text(arena, cell, "label", words_label(reader->lang, column->words));
    value_put_text(arena, cell, "text", text);
    struct value *pieces = value_put_list(arena, cell, "pieces");
    struct value *found = value_put_list(arena, cell, "marks");
    for (size_t i = 0; i < marks.len; i++) {
        const struct redact_mark *mark = &marks.at[i];
        put_piece(arena, pieces, str_part(text, at, mark->from - at));
        put_mark(arena, reader, mark, text, value_append_map(arena, pieces));
        struct value *entry = value_append_map(arena, found);
        value_put_text(arena, entry, "id", id_of(arena, n, column->name, mark->from));
        put_mark(arena, reader, mark, text, entry);
        at = mark->from + mark->len;
    }
    put_piece(arena, pieces, str_from(text, at));
    return marks.len;
}

struct value *redaction_document(struct arena *arena, const struct reader *reader,
                                 const struct regime_disclosure *disclosure,
                                 const struct value *rows)
{
    struct value *document = value_map(arena);
    struct value *shown = value_put_list(arena, document, "rows");
    int64_t n = 0, all = 0;
    value_each (row, rows) {
        int64_t count = 0;
        struct value *entry = value_append_map(arena, shown);
        value_put_int(arena, entry, "n", ++n);
        struct value *cells = value_put_list(arena, entry, "cells");
        for (size_t i = 0; i < disclosure->list->column_count; i++) {
            const struct regime_field *column = &disclosure->list->columns[i];
            struct str text = text_in(row, column);
            if (is_text(column) && !str_is_empty(text))
                count += (int64_t)put_cell(arena, reader, n, column, text, cells);
        }
        value_put_int(arena, entry, "count", count);
        all += count;
    }
    value_put_int(arena, document, "marks", all);
    return document;
}

/* ---- applying ---- */

static bool is_accepted(const struct value *accepted, struct str id)
{
    if (accepted != NULL && accepted->kind == VALUE_TEXT)
        return str_eq(accepted->text, id);
    value_each (one, accepted)
        if (one->kind == VALUE_TEXT && str_eq(one->text, id))
            return true;
    return false;
}

/* Every place of the word, whatever it is. */
static struct str mask_word(struct arena *arena, struct str text, struct str word)
{
    const struct str instead = S("***");
    struct str out = S("");
    for (;;) {
        size_t at = str_find(text, word);
        if (at == SIZE_MAX)
            return str_concat(arena, out, text);
        out = str_concat(arena, str_concat(arena, out, str_part(text, 0, at)), instead);
        text = str_from(text, at + word.len);
    }
}

static struct str apply_to(struct arena *arena, struct str text, int64_t n, struct str column,
                           const struct value *accepted, struct str also)
{
    struct redact_marks marks;
    size_t kept = 0;
    struct str word;
    redact_find(arena, text, &marks);
    for (size_t i = 0; i < marks.len; i++)
        if (is_accepted(accepted, id_of(arena, n, column, marks.at[i].from)))
            marks.at[kept++] = marks.at[i];
    marks.len = kept;
    struct str out = redact_apply(arena, text, &marks);
    while (!str_is_empty(also) && str_next(&also, ' ', &word))
        if (!str_is_empty(str_trim(word)))
            out = mask_word(arena, out, str_trim(word));
    return out;
}

static struct str also_in(struct arena *arena, const struct value *also, int64_t n)
{
    return value_find_text(also, str_c(arena, str_printf(arena, "%lld", (long long)n)));
}

struct value *redaction_apply(struct arena *arena, const struct regime_disclosure *disclosure,
                              const struct value *rows, const struct value *accepted,
                              const struct value *also)
{
    struct value *out = value_list(arena);
    int64_t n = 0;
    value_each (row, rows) {
        struct value *copy = value_copy(arena, row);
        n++;
        for (size_t i = 0; i < disclosure->list->column_count; i++) {
            const struct regime_field *column = &disclosure->list->columns[i];
            struct str text = text_in(row, column);
            if (is_text(column) && !str_is_empty(text))
                value_put(copy, column->name,
                          value_text(arena, apply_to(arena, text, n, column->name, accepted,
                                                     also_in(arena, also, n))));
        }
        value_append(out, copy);
    }
    return out;
}
