/*
 * csv and json are printed into a buffer that is written out when it is full, beside the wanted
 * name; xlsx does the same inside kit/xlsx_write.
 */
#include "services/export_int.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "kit/crypto.h"

enum { CHUNK = 256 * 1024, CHUNK_LIMIT = 16 << 20, SMALL = 32 };

struct export_sink {
    enum export_format format;
    const struct export_table *table;
    struct arena *arena; /* of the sink itself */
    struct arena *scratch; /* of one chunk */
    struct xlsx_writer *book;
    const char *path, *part_path;
    int fd;
    struct buf chunk;
    const struct words_book *words;
    enum lang lang;
    struct crypto_stream *hash;
    int64_t rows;
};

static enum status fail_io(struct ctx *ctx)
{
    return fail(ctx, ST_IO, "io.write", ARGS(arg_c("error", strerrorname_np(errno))));
}

/* What stands in a cell, whatever the format; `small` may hold it. */
static struct str text_of(enum xlsx_column_kind kind, const struct xlsx_value *cell,
                          char small[SMALL])
{
    int n = 0;
    if (cell->has_number) {
        n = snprintf(small, SMALL, "%lld", (long long)cell->number);
    } else if (!day_is_none(cell->day)) {
        struct civil civil = day_civil(cell->day);
        n = snprintf(small, SMALL, "%04d-%02d-%02d", civil.year, civil.month, civil.day);
        if (kind == XLSX_COLUMN_TIME)
            n += snprintf(small + n, SMALL - (size_t)n, " %02d:%02d", cell->minute / 60,
                          cell->minute % 60);
    } else {
        return cell->text.at == NULL ? S("") : cell->text;
    }
    return (struct str){small, (size_t)n};
}

/* ---- chunks ---- */

static void begin_chunk(struct export_sink *sink)
{
    arena_reset(sink->scratch);
    buf_init(&sink->chunk, sink->scratch, CHUNK_LIMIT);
}

static enum status write_chunk(struct ctx *ctx, struct export_sink *sink)
{
    TRY(buf_status(&sink->chunk));
    struct str left = buf_str(&sink->chunk);
    while (left.len > 0) {
        ssize_t wrote = write(sink->fd, left.at, left.len);
        if (wrote < 0)
            return fail_io(ctx);
        left = str_from(left, (size_t)wrote);
    }
    begin_chunk(sink);
    return ST_OK;
}

/* ---- csv ---- */

static void print_csv_header(struct export_sink *sink, const struct export_heading *heading)
{
    if (!heading->without_bom)
        buf_c(&sink->chunk, "\xEF\xBB\xBF");
    for (size_t i = 0; i < sink->table->column_count; i++) {
        buf_c(&sink->chunk, i == 0 ? "" : ",");
        csv_cell(&sink->chunk, words_label(heading->lang, sink->table->columns[i].title), true);
    }
    buf_c(&sink->chunk, "\r\n");
}

/* A number or a day that begins with "-" is no formula. */
static void print_csv_row(struct export_sink *sink, const struct xlsx_value *cells)
{
    char small[SMALL];
    for (size_t i = 0; i < sink->table->column_count; i++) {
        buf_c(&sink->chunk, i == 0 ? "" : ",");
        csv_cell(&sink->chunk, text_of(sink->table->columns[i].kind, &cells[i], small), !cells[i].has_number);
    }
    buf_c(&sink->chunk, "\r\n");
}

/* ---- json ---- */

static void print_json_row(struct export_sink *sink, const struct xlsx_value *cells)
{
    char small[SMALL];
    struct buf *buf = &sink->chunk;
    buf_c(buf, sink->rows > 0 ? ",\n{" : "\n{");
    for (size_t i = 0; i < sink->table->column_count; i++) {
        buf_c(buf, i == 0 ? "" : ",");
        json_str(buf, sink->table->columns[i].name);
        buf_char(buf, ':');
        if (cells[i].has_number)
            buf_i64(buf, cells[i].number);
        else
            json_str(buf, text_of(sink->table->columns[i].kind, &cells[i], small));
    }
    buf_char(buf, '}');
}

/* ---- the end of a table ---- */

static void hash_text(struct export_sink *sink, struct str text)
{
    char length[SMALL];
    int n = snprintf(length, sizeof length, "%zu:", text.len);
    crypto_stream_add(sink->hash, length, (size_t)n);
    crypto_stream_add(sink->hash, text.at, text.len);
    crypto_stream_add(sink->hash, ",", 1);
}

static void hash_header(struct export_sink *sink)
{
    static const struct str mark = STR_INIT("lantian-table-1\n");
    crypto_stream_add(sink->hash, mark.at, mark.len);
    for (size_t i = 0; i < sink->table->column_count; i++)
        hash_text(sink, words_label(sink->lang, sink->table->columns[i].title));
}

static void hash_row(struct export_sink *sink, const struct xlsx_value *cells)
{
    char small[SMALL];
    for (size_t i = 0; i < sink->table->column_count; i++)
        hash_text(sink, text_of(sink->table->columns[i].kind, &cells[i], small));
}

struct foot {
    struct str rows, hash;
    struct str sentence; /* i18n: export.foot */
};

/* The hash is taken: once. */
static struct foot end_table(struct export_sink *sink)
{
    struct digest digest = crypto_stream_end(sink->hash);
    sink->hash = NULL;
    struct foot foot = {.rows = str_printf(sink->arena, "%lld", (long long)sink->rows),
                        .hash = digest_format(sink->arena, &digest)};
    foot.sentence =
        words_format(sink->arena, sink->words, sink->lang, S("export.foot"),
                     ARGS(arg_int("n", sink->rows), arg_text("hash", foot.hash)));
    return foot;
}

/* ---- the sink ---- */

static enum status open_book(struct ctx *ctx, struct export_sink *sink,
                             const struct export_heading *heading)
{
    const struct export_table *table = sink->table;
    struct xlsx_column *columns =
        arena_alloc_array(sink->arena, table->column_count, sizeof *columns);
    for (size_t i = 0; i < table->column_count; i++)
        columns[i] = (struct xlsx_column){
            .title = words_label(heading->lang, table->columns[i].title),
            .kind = table->columns[i].kind,
            .width = (double)table->columns[i].width};
    const struct xlsx_write_options options = {.title = words_label(heading->lang, table->title),
                                               .note = heading->note,
                                               .columns = columns,
                                               .column_count = table->column_count};
    return xlsx_write_open(ctx, heading->path, &options, &sink->book);
}

static enum status open_text(struct ctx *ctx, struct export_sink *sink,
                             const struct export_heading *heading)
{
    sink->path = str_c(sink->arena, str_of(heading->path));
    sink->part_path = str_printf(sink->arena, "%s.part", heading->path).at;
    sink->fd = open(sink->part_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (sink->fd < 0)
        return fail_io(ctx);
    begin_chunk(sink);
    if (sink->format == EXPORT_CSV)
        print_csv_header(sink, heading);
    else
        buf_c(&sink->chunk, "{\"items\":[");
    return ST_OK;
}

enum status export_sink_open(struct ctx *ctx, enum export_format format,
                             const struct export_heading *heading, struct export_sink **out)
{
    struct arena *arena = arena_new();
    struct export_sink *sink AUTO(export_sink_cleanup) = arena_new_of(arena, struct export_sink);
    *sink = (struct export_sink){.format = format,
                                 .table = heading->table,
                                 .arena = arena,
                                 .scratch = arena_new(),
                                 .fd = -1,
                                 .words = heading->words,
                                 .lang = heading->lang,
                                 .hash = crypto_stream_open(CRYPTO_SHA256)};
    hash_header(sink);
    TRY(format == EXPORT_XLSX ? open_book(ctx, sink, heading) : open_text(ctx, sink, heading));
    *out = sink;
    sink = NULL;
    return ST_OK;
}

enum status export_sink_row(struct ctx *ctx, struct export_sink *sink,
                            const struct xlsx_value *cells)
{
    hash_row(sink, cells);
    if (sink->format == EXPORT_CSV)
        print_csv_row(sink, cells);
    else if (sink->format == EXPORT_JSON)
        print_json_row(sink, cells);
    sink->rows++;
    if (sink->format == EXPORT_XLSX)
        return xlsx_write_row(ctx, sink->book, cells);
    return sink->chunk.len < CHUNK ? ST_OK : write_chunk(ctx, sink);
}

static enum status close_text(struct ctx *ctx, struct export_sink *sink)
{
    const struct foot foot = end_table(sink);
    if (sink->format == EXPORT_JSON) {
        buf_printf(&sink->chunk, "\n],\"rows\":%.*s,\"sha256\":\"%.*s\"}\n", STR_ARG(foot.rows),
                   STR_ARG(foot.hash));
    } else {
        csv_cell(&sink->chunk, foot.sentence, true);
        buf_c(&sink->chunk, "\r\n");
    }
    TRY(write_chunk(ctx, sink));
    int fd = sink->fd;
    sink->fd = -1;
    if (close(fd) != 0 || rename(sink->part_path, sink->path) != 0)
        return fail_io(ctx);
    sink->part_path = NULL;
    return ST_OK;
}

static enum status close_book(struct ctx *ctx, struct export_sink *sink)
{
    const struct foot foot = end_table(sink);
    const struct xlsx_property properties[] = {{"lantian-table-1 rows", foot.rows},
                                               {"lantian-table-1 sha256", foot.hash}};
    struct xlsx_writer *book = sink->book;
    sink->book = NULL;
    xlsx_write_foot(book, foot.sentence, properties, COUNT_OF(properties));
    return xlsx_write_close(ctx, book);
}

enum status export_sink_close(struct ctx *ctx, struct export_sink **io_sink)
{
    struct export_sink *sink = *io_sink;
    enum status status = sink->format == EXPORT_XLSX ? close_book(ctx, sink) : close_text(ctx, sink);
    export_sink_cleanup(io_sink);
    return status;
}

void export_sink_cleanup(struct export_sink **io_sink)
{
    struct export_sink *sink = *io_sink;
    if (sink == NULL)
        return;
    *io_sink = NULL;
    xlsx_write_discard(sink->book);
    crypto_stream_close(sink->hash);
    if (sink->fd >= 0)
        (void)close(sink->fd);
    if (sink->part_path != NULL)
        (void)unlink(sink->part_path);
    arena_free(sink->scratch);
    arena_free(sink->arena); /* the sink itself stands in it */
}
