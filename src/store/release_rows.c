/*
 * The body keeps the columns of the table as the pack had them and the rows as they were approved, so that
 * a page shows years later what was released. Words of dictionaries, which offices edit, are looked up
 * when it is shown; those of the pack stand in it.
 */
#include "store/release_rows.h"

#include "base/buf.h"
#include "base/vec.h"
#include "kit/json.h"
#include "regime/disclosure.h"
#include "store/sql_gen.h"

enum { BODY_BYTES_MAX = 4 << 20 };

static struct db_value text_or_empty(struct str text)
{
    return db_text(text.at == NULL ? S("") : text);
}

static void put_words(struct arena *arena, struct value *map, struct words words)
{
    value_put_text(arena, map, "zh", words.zh);
    value_put_text(arena, map, "en", words.en);
}

static void put_column(struct arena *arena, struct value *columns,
                       const struct regime_field *column)
{
    struct value *entry = value_append_map(arena, columns);
    value_put_text(arena, entry, "name", column->name);
    put_words(arena, entry, column->words);
    value_put_text(arena, entry, "kind", str_of(field_kind_name(column->kind)));
    if (!str_is_empty(column->dictionary)) {
        value_put_text(arena, entry, "of", column->dictionary);
        return;
    }
    struct value *choices = column->choice_count == 0 ? NULL : value_put_list(arena, entry, "choices");
    for (size_t i = 0; i < column->choice_count; i++) {
        struct value *choice = value_append_map(arena, choices);
        value_put_text(arena, choice, "code", column->choices[i].code);
        put_words(arena, choice, column->choices[i].words);
    }
}

/* What identifies somebody is no column of a release, whatever a pack says. */
static struct value *public_columns(struct arena *arena, struct value *body,
                                    const struct regime_field *list)
{
    struct value *columns = value_put_list(arena, body, "columns");
    for (size_t i = 0; i < list->column_count; i++)
        if (list->columns[i].kind != FIELD_PERSON)
            put_column(arena, columns, &list->columns[i]);
    return columns;
}

static struct str body_of(struct arena *arena, const struct regime_disclosure *disclosure,
                          const struct casefile *casefile)
{
    struct buf buf;
    struct value *body = value_map(arena);
    put_words(arena, value_put_map(arena, body, "name"), disclosure->words);
    if (!str_is_empty(disclosure->digest) && value_find(casefile->fields, disclosure->digest) != NULL)
        value_put(body, S("digest"),
                  value_copy(arena, value_find(casefile->fields, disclosure->digest)));
    const struct value *columns = public_columns(arena, body, disclosure->list);
    struct value *rows = value_put_list(arena, body, "rows");
    value_each (row, value_find(casefile->fields, disclosure->list->name)) {
        struct value *entry = value_append_map(arena, rows);
        value_each (column, columns) {
            struct str name = value_find_text(column, "name");
            const struct value *cell = value_find(row, name);
            if (!value_is_empty(cell))
                value_put(entry, name, value_copy(arena, cell));
        }
    }
    buf_init(&buf, arena, BODY_BYTES_MAX);
    json_print_canonical(&buf, body);
    must(buf_status(&buf) == ST_OK); /* no payload is that long */
    return buf_str(&buf);
}

/* When it came to stand where it is public; `undone`: it was withdrawn later. */
static struct instant released_at(const struct regime_disclosure *disclosure,
                                  const struct casefile *casefile)
{
    struct instant at = INSTANT_NONE;
    for (size_t i = 0; i < casefile->entries.len; i++)
        if (disclosure_is_public_in(disclosure, casefile->entries.at[i].state))
            at = casefile->entries.at[i].at;
    return at;
}

static struct db_value field_of(const struct casefile *casefile, struct str name)
{
    const struct value *value =
        str_is_empty(name) ? NULL : value_find(casefile->fields, name);
    return text_or_empty(value != NULL && value->kind == VALUE_TEXT ? value->text : S(""));
}

enum status release_rows_write(struct ctx *ctx, struct db_conn *conn, const struct engine *engine,
                               const struct casefile *casefile)
{
    const struct regime_disclosure *disclosure =
        regime_find_disclosure(engine->regime, casefile->procedure);
    if (disclosure == NULL)
        return ST_OK;
    struct instant at = released_at(disclosure, casefile);
    if (instant_is_none(at))
        return ST_OK;
    const struct value *rows = value_find(casefile->fields, disclosure->list->name);
    return db_put(
        ctx, conn, &SQL_RELEASE_PUT,
        DB_ARGS(db_text(prefecture_str(&casefile->prefecture)), db_i64(casefile->id.v),
                text_or_empty(casefile->campaign), db_text(disclosure->id),
                text_or_empty(casefile->number), field_of(casefile, disclosure->title),
                text_or_empty(casefile->region), db_instant(at),
                field_of(casefile, disclosure->corrects), field_of(casefile, disclosure->note),
                db_text(body_of(ctx->arena, disclosure, casefile)),
                db_i64(rows == NULL ? 0 : (int64_t)rows->count),
                db_i64(casefile->withdrawn ? 1 : 0)));
}

/* ---- reading ---- */

static void read_row(struct arena *arena, const struct db_rows *rows, struct release_row *out)
{
    *out = (struct release_row){
        .id = {db_col_i64(rows, 1)},
        .campaign = db_col_text_copy(arena, rows, 2),
        .disclosure = db_col_text_copy(arena, rows, 3),
        .number = db_col_text_copy(arena, rows, 4),
        .title = db_col_text_copy(arena, rows, 5),
        .region = db_col_text_copy(arena, rows, 6),
        .released_at = db_col_instant(rows, 7),
        .corrects = db_col_text_copy(arena, rows, 8),
        .note = db_col_text_copy(arena, rows, 9),
        .row_count = db_col_i64(rows, 10),
        .withdrawn = db_col_i64(rows, 11) != 0,
    };
    (void)prefecture_parse(db_col_text(rows, 0), &out->prefecture);
}

static enum status read_list(struct ctx *ctx, struct db_rows *rows, struct release_row_list *out)
{
    *out = (struct release_row_list){0};
    while (db_rows_next(ctx, rows))
        read_row(ctx->arena, rows, vec_push(ctx->arena, out));
    return db_rows_status(rows);
}

enum status release_rows_list(struct ctx *ctx, struct db_conn *conn, struct instant before,
                              int64_t limit, struct release_row_list *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    TRY(db_rows_open(ctx, conn, &SQL_RELEASE_LIST, DB_ARGS(db_instant(before), db_i64(limit)),
                     &rows));
    return read_list(ctx, &rows, out);
}

/* %text% with the signs of patterns taken for themselves. */
static struct str pattern_of(struct arena *arena, struct str text)
{
    struct buf buf;
    buf_init(&buf, arena, text.len * 2 + 2);
    buf_char(&buf, '%');
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '%' || text.at[i] == '_' || text.at[i] == '!')
            buf_char(&buf, '!');
        buf_char(&buf, text.at[i]);
    }
    buf_char(&buf, '%');
    return buf_str(&buf);
}

enum status release_rows_search(struct ctx *ctx, struct db_conn *conn, struct str text,
                                int64_t limit, struct release_row_list *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    *out = (struct release_row_list){0};
    TRY(db_rows_open(ctx, conn, &SQL_RELEASE_SEARCH,
                     DB_ARGS(db_text(pattern_of(ctx->arena, text)), db_i64(limit)), &rows));
    while (db_rows_next(ctx, &rows)) {
        struct release_row *row = vec_push(ctx->arena, out);
        read_row(ctx->arena, &rows, row);
        row->body = db_col_text_copy(ctx->arena, &rows, 12);
    }
    return db_rows_status(&rows);
}

enum status release_rows_find(struct ctx *ctx, struct db_conn *conn, struct prefecture prefecture,
                              struct casefile_id id, struct release_row *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    enum status status =
        db_find_one(ctx, conn, &SQL_RELEASE_FIND,
                    DB_ARGS(db_text(prefecture_str(&prefecture)), db_i64(id.v)), &rows);
    if (status == ST_NOT_FOUND)
        return fail(ctx, ST_NOT_FOUND, "release.unknown", NO_ARGS);
    TRY(status);
    read_row(ctx->arena, &rows, out);
    out->body = db_col_text_copy(ctx->arena, &rows, 12);
    return ST_OK;
}

enum status release_rows_list_corrections(struct ctx *ctx, struct db_conn *conn,
                                          const struct release_row *of,
                                          struct release_row_list *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    struct str ref = casefile_ref_format(ctx->arena, of->prefecture, of->id);
    TRY(db_rows_open(ctx, conn, &SQL_RELEASE_LIST_CORRECTIONS,
                     DB_ARGS(db_text(of->campaign), db_text(of->number), db_text(ref)), &rows));
    return read_list(ctx, &rows, out);
}

enum status release_rows_find_corrected(struct ctx *ctx, struct db_conn *conn,
                                        const struct release_row *by,
                                        struct prefecture *out_prefecture,
                                        struct casefile_id *out_id)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    if (str_is_empty(by->corrects))
        return ST_NOT_FOUND;
    TRY(db_find_one(ctx, conn, &SQL_RELEASE_FIND_CORRECTED,
                    DB_ARGS(db_text(by->campaign), db_text(by->corrects)), &rows));
    (void)prefecture_parse(db_col_text(&rows, 0), out_prefecture);
    out_id->v = db_col_i64(&rows, 1);
    return ST_OK;
}
