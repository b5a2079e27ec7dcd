/*
 * A case as a paper: what it says, in the order of its fields, without what may be done with it.
 */
#include "services/case_document.h"

static bool is_told(const struct regime_field *list)
{
    for (size_t i = 0; i < list->column_count; i++)
        if (list->columns[i].kind == FIELD_LONGTEXT)
            return true;
    return false;
}

static struct str column_text(struct arena *arena, const struct case_view *view,
                              const struct regime_field *column, const struct value *row)
{
    return field_text(arena, view, column, value_find(row, column->name));
}

static void put_columns(struct arena *arena, const struct case_view *view,
                        const struct regime_field *list, const struct value *rows,
                        struct value *out)
{
    struct value *columns = value_put_list(arena, out, "columns");
    struct value *lines = value_put_list(arena, out, "rows");
    for (size_t i = 0; i < list->column_count; i++)
        value_append(columns, value_text(arena, words_label(view->reader.lang,
                                                            list->columns[i].words)));
    value_each (row, rows) {
        struct value *cells = value_put_list(arena, value_append_map(arena, lines), "cells");
        for (size_t i = 0; i < list->column_count; i++)
            value_append(cells,
                         value_text(arena, column_text(arena, view, &list->columns[i], row)));
    }
}

/* A row with long texts is told, not tabled: its short cells head it, the long ones follow. */
static void put_entries(struct arena *arena, const struct case_view *view,
                        const struct regime_field *list, const struct value *rows,
                        struct value *out)
{
    struct value *entries = value_put_list(arena, out, "entries");
    int64_t n = 0;
    value_each (row, rows) {
        struct value *entry = value_append_map(arena, entries);
        struct value *texts = value_list(arena);
        struct str head = S("");
        value_put_int(arena, entry, "n", ++n);
        for (size_t i = 0; i < list->column_count; i++) {
            const struct regime_field *column = &list->columns[i];
            struct str text = column_text(arena, view, column, row);
            if (str_is_empty(text))
                continue;
            if (column->kind == FIELD_LONGTEXT)
                value_append(texts, value_text(arena, text));
            else
                head = str_printf(arena, "%.*s%s%.*s", STR_ARG(head), head.len == 0 ? "" : " · ",
                                  STR_ARG(text));
        }
        value_put_text(arena, entry, "head", head);
        value_put(entry, S("texts"), texts);
    }
}

static void put_list(struct arena *arena, const struct case_view *view,
                     const struct regime_field *field, const struct value *rows,
                     struct value *parts)
{
    struct value *part = value_append_map(arena, parts);
    bool told = is_told(field);
    value_put_text(arena, part, "label", words_label(view->reader.lang, field->words));
    value_put_bool(arena, part, "told", told);
    if (told)
        put_entries(arena, view, field, rows, part);
    else
        put_columns(arena, view, field, rows, part);
}

struct value *case_paper_document(struct ctx *ctx, const struct case_view *view)
{
    struct arena *arena = ctx->arena;
    const struct regime_procedure *procedure = view->engine->procedure;
    struct value *doc = value_map(arena);
    struct str ref = casefile_ref_format(arena, view->casefile->prefecture, view->casefile->id);
    value_put_text(arena, doc, "number", view->casefile->number);
    value_put_text(arena, doc, "procedure_label",
                   words_label(view->reader.lang, procedure->words));
    value_put_text(arena, doc, "state_label",
                   words_label(view->reader.lang,
                               engine_state_words(view->engine, view->casefile->state)));
    value_put_text(arena, doc, "case_url", str_concat(arena, S("/cases/"), ref));
    struct value *head = value_put_list(arena, doc, "head");
    struct value *parts = value_put_list(arena, doc, "parts");
    for (size_t i = 0; i < procedure->field_count; i++) {
        const struct regime_field *field = &procedure->fields[i];
        const struct value *value = value_find(view->casefile->fields, field->name);
        if (field->kind == FIELD_LIST) {
            if (!value_is_empty(value))
                put_list(arena, view, field, value, parts);
            continue;
        }
        struct value *row = value_append_map(arena, head);
        value_put_text(arena, row, "label", words_label(view->reader.lang, field->words));
        value_put_text(arena, row, "text", field_text(arena, view, field, value));
    }
    return doc;
}
