/*
 * Snapshots made readable. A cell's words are those of the pack at the time of release, where they stand in
 * the snapshot, and of today's dictionaries otherwise.
 */
#include "services/release.h"

#include "base/buf.h"
#include "kit/json.h"
#include "services/export_int.h"

enum { BODY_BYTES_MAX = 4 << 20, FEED_BYTES_MAX = 1 << 20, CELL_BYTES_MAX = 1 << 18 };

static struct str url_of(struct arena *arena, const struct release_row *row)
{
    return str_concat(arena, S("/public/releases/"),
                      casefile_ref_format(arena, row->prefecture, row->id));
}

static struct str in_lang(const struct reader *reader, const struct value *words)
{
    return value_find_text(words, reader->lang == LANG_ZH ? "zh" : "en");
}

static void put_head(struct arena *arena, const struct release_row *row,
                     const struct reader *reader, const struct release_words *words,
                     struct value *out)
{
    value_put_text(arena, out, "id", casefile_ref_format(arena, row->prefecture, row->id));
    value_put_text(arena, out, "number", row->number);
    value_put_text(arena, out, "title", row->title);
    value_put_text(arena, out, "region_label", words->of_region(words->self, row->region));
    value_put_text(arena, out, "released_at", instant_format(arena, row->released_at));
    value_put_text(arena, out, "released_text", day_format(arena, day_of_instant(row->released_at)));
    value_put_text(arena, out, "note", row->note);
    value_put_int(arena, out, "row_count", row->row_count);
    value_put_bool(arena, out, "is_correction", !str_is_empty(row->corrects));
    value_put_bool(arena, out, "withdrawn", row->withdrawn);
    value_put_text(arena, out, "url", url_of(arena, row));
    (void)reader;
}

enum status release_list_document(struct ctx *ctx, struct db_conn *conn,
                                  const struct reader *reader, const struct release_words *words,
                                  struct instant before, struct value **out)
{
    struct release_row_list rows;
    struct value *document = value_map(ctx->arena);
    struct value *items = value_put_list(ctx->arena, document, "items");
    TRY(release_rows_list(ctx, conn, before, RELEASE_PAGE + 1, &rows));
    for (size_t i = 0; i < rows.len && i < RELEASE_PAGE; i++)
        put_head(ctx->arena, &rows.at[i], reader, words, value_append_map(ctx->arena, items));
    if (rows.len > RELEASE_PAGE) {
        struct str next = str_printf(ctx->arena, "%lld",
                                     (long long)rows.at[RELEASE_PAGE - 1].released_at.ms);
        value_put_text(ctx->arena, document, "next", next);
        value_put_text(ctx->arena, document, "next_url",
                       str_concat(ctx->arena, S("/public?cursor="), next));
    }
    *out = document;
    return ST_OK;
}

/* ---- one release ---- */

static struct str choice_text(const struct reader *reader, const struct release_words *words,
                              const struct value *column, struct str code)
{
    struct str dictionary = value_find_text(column, "of");
    if (!str_is_empty(dictionary))
        return words->of_code(words->self, dictionary, code);
    value_each (choice, value_find_c(column, "choices"))
        if (str_eq(value_find_text(choice, "code"), code))
            return in_lang(reader, choice);
    return code;
}

static struct str one_text(struct arena *arena, const struct reader *reader,
                           const struct release_words *words, const struct value *column,
                           const struct value *cell)
{
    struct str kind = value_find_text(column, "kind");
    if (cell->kind == VALUE_BOOL)
        return reader_sentence(arena, reader, cell->flag ? "word.yes" : "word.no", NO_ARGS);
    if (cell->kind == VALUE_INT)
        return str_printf(arena, "%lld", (long long)cell->number);
    if (cell->kind != VALUE_TEXT)
        return S("");
    if (str_eq(kind, S("choice")))
        return choice_text(reader, words, column, cell->text);
    return str_eq(kind, S("region")) ? words->of_region(words->self, cell->text) : cell->text;
}

static struct str cell_text(struct arena *arena, const struct reader *reader,
                            const struct release_words *words, const struct value *column,
                            const struct value *cell)
{
    struct buf buf;
    if (cell == NULL || cell->kind != VALUE_LIST)
        return cell == NULL ? S("") : one_text(arena, reader, words, column, cell);
    buf_init(&buf, arena, CELL_BYTES_MAX);
    value_each (item, cell) {
        if (buf.len > 0)
            buf_c(&buf, reader->lang == LANG_ZH ? "、" : ", ");
        buf_text(&buf, one_text(arena, reader, words, column, item));
    }
    return buf_str(&buf);
}

static void put_table(struct arena *arena, const struct reader *reader,
                      const struct release_words *words, const struct value *body,
                      struct value *out)
{
    struct value *columns = value_put_list(arena, out, "columns");
    struct value *rows = value_put_list(arena, out, "rows");
    int64_t n = 0;
    value_each (column, value_find_c(body, "columns")) {
        struct value *entry = value_append_map(arena, columns);
        value_put_text(arena, entry, "name", value_find_text(column, "name"));
        value_put_text(arena, entry, "label", in_lang(reader, column));
    }
    value_each (row, value_find_c(body, "rows")) {
        struct value *entry = value_append_map(arena, rows);
        value_put_int(arena, entry, "n", ++n);
        struct value *cells = value_put_list(arena, entry, "cells");
        value_each (column, value_find_c(body, "columns")) {
            struct value *cell = value_append_map(arena, cells);
            value_put_text(arena, cell, "label", in_lang(reader, column));
            value_put_text(arena, cell, "text",
                           cell_text(arena, reader, words, column,
                                     value_find(row, value_find_text(column, "name"))));
        }
    }
}

static void put_link(struct arena *arena, const struct release_row *row, struct value *to)
{
    value_put_text(arena, to, "title", row->title);
    value_put_text(arena, to, "url", url_of(arena, row));
    value_put_text(arena, to, "released_text", day_format(arena, day_of_instant(row->released_at)));
    value_put_text(arena, to, "note", row->note);
}

/* The earlier version stays where it was, with a word on what replaced it, and the other way round. */
static enum status put_corrections(struct ctx *ctx, struct db_conn *conn,
                                   const struct release_row *row, struct value *out)
{
    struct release_row_list later;
    struct release_row earlier;
    struct prefecture prefecture;
    struct casefile_id id;
    struct value *by = value_put_list(ctx->arena, out, "corrected_by");
    TRY(release_rows_list_corrections(ctx, conn, row, &later));
    for (size_t i = 0; i < later.len; i++)
        put_link(ctx->arena, &later.at[i], value_append_map(ctx->arena, by));
    enum status status = release_rows_find_corrected(ctx, conn, row, &prefecture, &id);
    if (status == ST_OK) {
        TRY(release_rows_find(ctx, conn, prefecture, id, &earlier));
        put_link(ctx->arena, &earlier,
                 value_append_map(ctx->arena, value_put_list(ctx->arena, out, "corrects")));
        return ST_OK;
    }
    return status == ST_NOT_FOUND ? ST_OK : status;
}

enum status release_document(struct ctx *ctx, struct db_conn *conn, const struct reader *reader,
                             const struct release_words *words, struct prefecture prefecture,
                             struct casefile_id id, struct value **out)
{
    struct release_row row;
    struct value *body, *document = value_map(ctx->arena);
    TRY(release_rows_find(ctx, conn, prefecture, id, &row));
    TRY(json_parse(ctx, row.body, BODY_BYTES_MAX, JSON_STRICT, &body));
    put_head(ctx->arena, &row, reader, words, document);
    value_put_text(ctx->arena, document, "name", in_lang(reader, value_find_c(body, "name")));
    value_put_text(ctx->arena, document, "digest", value_find_text(body, "digest"));
    if (!row.withdrawn) /* that there was one stays to be seen, with why */
        put_table(ctx->arena, reader, words, body, document);
    TRY(put_corrections(ctx, conn, &row, document));
    *out = document;
    return ST_OK;
}

/* ---- searching ---- */

static bool row_has(const struct value *row, struct str q)
{
    value_each (cell, value_find_c(row, "cells"))
        if (str_has(value_find_text(cell, "text"), q))
            return true;
    return false;
}

static void put_found(struct arena *arena, const struct release_row *release,
                      const struct value *table, struct str q, struct value *found)
{
    value_each (row, value_find_c(table, "rows")) {
        if (found->count == RELEASE_FOUND_MAX || !row_has(row, q))
            continue;
        struct value *entry = value_append_map(arena, found);
        put_link(arena, release, entry);
        value_put_bool(arena, entry, "is_correction", !str_is_empty(release->corrects));
        value_put_text(arena, entry, "proof_url",
                       str_concat(arena, url_of(arena, release), S("/proof")));
        value_put(entry, S("cells"), value_copy(arena, value_find_c(row, "cells")));
    }
}

enum status release_search_document(struct ctx *ctx, struct db_conn *conn,
                                    const struct reader *reader, const struct release_words *words,
                                    struct str q, struct value **out)
{
    struct release_row_list releases = {0};
    struct value *document = value_map(ctx->arena);
    struct value *found = value_put_list(ctx->arena, document, "found");
    size_t length = utf8_length(q);
    value_put_text(ctx->arena, document, "q", q);
    if (length >= RELEASE_QUERY_MIN && length <= RELEASE_QUERY_MAX)
        TRY(release_rows_search(ctx, conn, q, RELEASE_FOUND_MAX, &releases));
    for (size_t i = 0; i < releases.len; i++) {
        struct value *body, *table = value_map(ctx->arena);
        TRY(json_parse(ctx, releases.at[i].body, BODY_BYTES_MAX, JSON_STRICT, &body));
        put_table(ctx->arena, reader, words, body, table);
        put_found(ctx->arena, &releases.at[i], table, q, found);
    }
    value_put_bool(ctx->arena, document, "nothing", found->count == 0 && length > 0);
    *out = document;
    return ST_OK;
}

/* ---- as a file ---- */

static enum status write_rows(struct ctx *ctx, struct export_sink *sink,
                              const struct value *document, size_t columns)
{
    struct xlsx_value *cells = arena_alloc_array(ctx->arena, columns, sizeof *cells);
    value_each (row, value_find_c(document, "rows")) {
        size_t at = 0;
        cells[at++] = (struct xlsx_value){
            .number = value_find_int(row, "n", 0), .has_number = true, .day = DAY_NONE};
        value_each (cell, value_find_c(row, "cells"))
            cells[at++] = (struct xlsx_value){.text = value_find_text(cell, "text"),
                                              .day = DAY_NONE};
        TRY(export_sink_row(ctx, sink, cells));
    }
    return ST_OK;
}

enum status release_write_file(struct ctx *ctx, const struct value *document,
                               const struct reader *reader, enum export_format format,
                               const char *path)
{
    const struct value *columns = value_find_c(document, "columns");
    struct export_sink *sink AUTO(export_sink_cleanup) = NULL;
    size_t count = 1;
    struct export_column *made =
        arena_alloc_array(ctx->arena, (columns == NULL ? 0 : columns->count) + 1, sizeof *made);
    struct str seq = reader_sentence(ctx->arena, reader, "web.public.seq", NO_ARGS);
    made[0] = (struct export_column){
        .name = S("seq"), .title = {seq, seq}, .width = 6, .kind = XLSX_COLUMN_NUMBER};
    value_each (column, columns) {
        struct str label = value_find_text(column, "label");
        made[count++] = (struct export_column){.name = value_find_text(column, "name"),
                                               .title = {label, label},
                                               .width = 24,
                                               .kind = XLSX_COLUMN_TEXT};
    }
    struct str title = value_find_text(document, "title");
    const struct export_table table = {
        .title = {title, title}, .columns = made, .column_count = count};
    const struct export_heading heading = {.path = path,
                                           .table = &table,
                                           .words = reader->words,
                                           .lang = reader->lang,
                                           .note = value_find_text(document, "note")};
    TRY(export_sink_open(ctx, format, &heading, &sink));
    TRY(write_rows(ctx, sink, document, count));
    return export_sink_close(ctx, &sink);
}

/* ---- feed ---- */

static void put_entry(struct buf *buf, const struct value *item, struct str base)
{
    buf_c(buf, "<entry><id>urn:lantian:release:");
    xml_text(buf, value_find_text(item, "id"));
    buf_c(buf, "</id><title>");
    xml_text(buf, value_find_text(item, "title"));
    buf_c(buf, "</title><updated>");
    xml_text(buf, value_find_text(item, "released_at"));
    buf_c(buf, "</updated><link rel=\"alternate\" href=\"");
    xml_text(buf, base);
    xml_text(buf, value_find_text(item, "url"));
    buf_c(buf, "\"/><summary>");
    xml_text(buf, value_find_text(item, "number"));
    if (!str_is_empty(value_find_text(item, "note"))) {
        buf_c(buf, " · ");
        xml_text(buf, value_find_text(item, "note"));
    }
    buf_c(buf, "</summary></entry>\n");
}

enum status release_format_feed(struct ctx *ctx, const struct value *list,
                                const struct reader *reader, struct str base, struct str *out)
{
    struct buf buf;
    struct str updated = instant_format(ctx->arena, (struct instant){0});
    const struct value *first = value_find_c(list, "items");
    if (first != NULL && first->first != NULL)
        updated = value_find_text(first->first, "released_at");
    buf_init(&buf, ctx->arena, FEED_BYTES_MAX);
    buf_c(&buf, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                "<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>urn:lantian:releases</id><title>");
    xml_text(&buf, reader_sentence(ctx->arena, reader, "title.public", NO_ARGS));
    buf_c(&buf, "</title><author><name>");
    xml_text(&buf, reader_sentence(ctx->arena, reader, "web.app.name", NO_ARGS));
    buf_c(&buf, "</name></author><updated>");
    xml_text(&buf, updated);
    buf_c(&buf, "</updated>\n");
    value_each (item, value_find_c(list, "items"))
        put_entry(&buf, item, base);
    buf_c(&buf, "</feed>\n");
    TRY(buf_status(&buf));
    *out = buf_str(&buf);
    return ST_OK;
}
