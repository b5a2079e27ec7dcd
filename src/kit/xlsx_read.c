/*
 * Follows the relationships as the standard says (_rels/.rels, the workbook's own) and falls back to
 * the usual names where a writer left them out. External links are not followed: a relation with
 * TargetMode External is dropped before anybody can look at it.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/num.h"
#include "kit/xlsx_book.h"
#include "kit/xlsx_part.h"

enum { ENTRY_LIMIT = 16384, STYLE_LIMIT = 65536, PART_NAME_LIMIT = 400, RELATION_LIMIT = 4096 };

struct relation {
    struct str id;
    struct str type; /* last segment: worksheet, sharedStrings, styles, officeDocument */
    struct str part;
};

struct relations {
    struct arena *arena;
    struct str folder; /* of the part that they belong to, with a slash at its end */
    VEC(struct relation) list;
};

/* --- relationships --------------------------------------------------------------------------- */

/* "../a/./b" seen from folder "xl/": "a/b". */
static struct str resolve(struct arena *arena, struct str folder, struct str target)
{
    struct buf out;
    buf_init(&out, arena, PART_NAME_LIMIT);
    if (!str_starts(target, S("/")))
        buf_text(&out, folder);
    struct str piece;
    while (str_next(&target, '/', &piece)) {
        if (piece.len == 0 || str_eq_c(piece, "."))
            continue;
        if (str_eq_c(piece, "..")) {
            while (out.len > 0 && out.at[out.len - 1] == '/')
                out.len--;
            while (out.len > 0 && out.at[out.len - 1] != '/')
                out.len--;
            continue;
        }
        buf_text(&out, piece);
        buf_char(&out, '/');
    }
    struct str part = buf_str(&out);
    return part.len == 0 || buf_status(&out) != ST_OK ? S("") : str_part(part, 0, part.len - 1);
}

static struct str last_segment(struct str type)
{
    for (size_t i = type.len; i > 0; i--)
        if (type.at[i - 1] == '/')
            return str_from(type, i);
    return type;
}

static void open_relation(struct xlsx_part *part, const char *local, const char **attributes)
{
    struct relations *relations = part->self;
    const char *target = xlsx_attribute(attributes, "Target");
    const char *type = xlsx_attribute(attributes, "Type");
    const char *mode = xlsx_attribute(attributes, "TargetMode");
    bool external = mode != NULL && strcmp(mode, "External") == 0;
    if (strcmp(local, "Relationship") != 0 || target == NULL || type == NULL || external ||
        relations->list.len >= RELATION_LIMIT)
        return;
    struct relation *relation = vec_push(relations->arena, &relations->list);
    relation->id = str_copy(relations->arena, str_of(xlsx_attribute(attributes, "Id")));
    relation->type = str_copy(relations->arena, last_segment(str_of(type)));
    relation->part = resolve(relations->arena, relations->folder, str_of(target));
}

static enum status read_part(struct ctx *ctx, struct xlsx_book *book, struct xlsx_part *part)
{
    part->ctx = ctx;
    part->job = book->job;
    return xlsx_part_read(part, book->zip);
}

/* A part that is not there is not a failure of its own here. */
static enum status optional(enum status status)
{
    return status == ST_NOT_FOUND ? ST_OK : status;
}

static enum status read_relations(struct ctx *ctx, struct xlsx_book *book, struct str part,
                                  struct relations *relations)
{
    size_t slash = part.len;
    while (slash > 0 && part.at[slash - 1] != '/')
        slash--;
    relations->arena = book->arena;
    relations->folder = str_part(part, 0, slash);
    struct str name = str_printf(book->arena, "%.*s_rels/%.*s.rels", STR_ARG(relations->folder),
                                 STR_ARG(str_from(part, slash)));
    struct xlsx_part rels = {.name = name, .self = relations, .open = open_relation};
    return optional(read_part(ctx, book, &rels));
}

static struct str part_of_type(const struct relations *relations, const char *type,
                               struct str otherwise)
{
    for (size_t i = 0; i < relations->list.len; i++)
        if (str_eq_c(relations->list.at[i].type, type))
            return relations->list.at[i].part;
    return otherwise;
}

/* --- workbook -------------------------------------------------------------------------------- */

static bool is_true(const char *flag)
{
    return flag != NULL && (strcmp(flag, "1") == 0 || strcmp(flag, "true") == 0);
}

static void open_workbook(struct xlsx_part *part, const char *local, const char **attributes)
{
    struct xlsx_book *book = part->self;
    if (strcmp(local, "workbookPr") == 0)
        book->from_1904 = is_true(xlsx_attribute(attributes, "date1904"));
    if (strcmp(local, "sheet") != 0)
        return;
    if (book->sheets.len >= SHEET_COUNT_LIMIT) {
        xlsx_part_stop(part, sheet_fail(part->ctx, ST_LIMIT, "sheet.too_many_parts", part->job,
                                        part->name, SHEET_COUNT_LIMIT));
        return;
    }
    const char *state = xlsx_attribute(attributes, "state");
    struct xlsx_sheet *sheet = vec_push(book->arena, &book->sheets);
    sheet->name = str_copy(book->arena, str_of(xlsx_attribute(attributes, "name")));
    sheet->relation = str_copy(book->arena, str_of(xlsx_attribute(attributes, "id")));
    sheet->hidden = state != NULL && strcmp(state, "visible") != 0;
}

static enum status read_workbook(struct ctx *ctx, struct xlsx_book *book, struct str *name)
{
    struct relations package = {0};
    TRY(read_relations(ctx, book, S(""), &package));
    *name = part_of_type(&package, "officeDocument", S("xl/workbook.xml"));
    struct xlsx_part part = {.name = *name, .self = book, .open = open_workbook};
    enum status status = read_part(ctx, book, &part);
    if (status == ST_NOT_FOUND || (status == ST_OK && book->sheets.len == 0))
        return sheet_fail(ctx, ST_INVALID, "sheet.part_missing", book->job, *name, 0);
    return status;
}

static void place_sheets(struct xlsx_book *book, const struct relations *relations)
{
    for (size_t i = 0; i < book->sheets.len; i++) {
        struct xlsx_sheet *sheet = &book->sheets.at[i];
        for (size_t j = 0; j < relations->list.len; j++)
            if (str_eq(relations->list.at[j].id, sheet->relation) &&
                str_eq_c(relations->list.at[j].type, "worksheet"))
                sheet->part = relations->list.at[j].part;
        if (relations->list.len == 0)
            sheet->part = str_printf(book->arena, "xl/worksheets/sheet%zu.xml", i + 1);
    }
}

/* --- styles ---------------------------------------------------------------------------------- */

/* Built-in formats; those from 27 on are the Chinese ones (§18.8.30). */
static enum xlsx_show builtin_show(int64_t id)
{
    if ((id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 31) || id == 36 ||
        (id >= 50 && id <= 54) || id == 57 || id == 58)
        return XLSX_DATE;
    if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || (id >= 45 && id <= 47) || id == 55 ||
        id == 56)
        return XLSX_TIME;
    return XLSX_NUMBER;
}

enum xlsx_show xlsx_format_show(struct str code)
{
    bool day = false, hour = false;
    for (size_t i = 0; i < code.len && code.at[i] != ';'; i++) {
        char c = code.at[i];
        if (c == '\\' || c == '_' || c == '*') {
            i++;
        } else if (c == '"') {
            while (i + 1 < code.len && code.at[++i] != '"') {
            }
        } else if (c == '[') {
            /* [h] counts hours, everything else in brackets is colour, locale or condition. */
            char next = i + 1 < code.len ? (char)(code.at[i + 1] | 0x20) : 0;
            hour = hour || next == 'h' || next == 's' ||
                   (next == 'm' && i + 2 < code.len &&
                    (code.at[i + 2] == ']' || (code.at[i + 2] | 0x20) == 'm'));
            while (i + 1 < code.len && code.at[++i] != ']') {
            }
        } else if ((c | 0x20) == 'y' || (c | 0x20) == 'd') {
            day = true;
        } else if ((c | 0x20) == 'h' || (c | 0x20) == 's') {
            hour = true;
        }
    }
    return day ? XLSX_DATE : hour ? XLSX_TIME : XLSX_NUMBER;
}

struct custom {
    int64_t id;
    enum xlsx_show show;
};

struct styling {
    struct xlsx_book *book;
    VEC(struct custom) customs;
    bool in_cells; /* inside cellXfs */
};

static int64_t number_attribute(const char **attributes, const char *name, int64_t otherwise)
{
    const char *text = xlsx_attribute(attributes, name);
    int64_t number;
    if (text == NULL || !num_parse_i64(str_of(text), 0, INT32_MAX, &number))
        return otherwise;
    return number;
}

static enum xlsx_show show_of(const struct styling *styling, int64_t id)
{
    for (size_t i = 0; i < styling->customs.len; i++)
        if (styling->customs.at[i].id == id)
            return styling->customs.at[i].show;
    return builtin_show(id);
}

static void open_style(struct xlsx_part *part, const char *local, const char **attributes)
{
    struct styling *styling = part->self;
    struct xlsx_book *book = styling->book;
    if (strcmp(local, "cellXfs") == 0) {
        styling->in_cells = true;
    } else if (strcmp(local, "numFmt") == 0 && styling->customs.len < RELATION_LIMIT) {
        struct str code = str_of(xlsx_attribute(attributes, "formatCode"));
        struct custom custom = {number_attribute(attributes, "numFmtId", -1),
                                xlsx_format_show(code)};
        vec_add(book->arena, &styling->customs, custom);
    } else if (strcmp(local, "xf") == 0 && styling->in_cells && book->styles.len < STYLE_LIMIT) {
        vec_add(book->arena, &book->styles,
                show_of(styling, number_attribute(attributes, "numFmtId", 0)));
    }
}

static void close_style(struct xlsx_part *part, const char *local)
{
    struct styling *styling = part->self;
    if (strcmp(local, "cellXfs") == 0)
        styling->in_cells = false;
}

/* --- shared strings -------------------------------------------------------------------------- */

struct sharing {
    struct xlsx_book *book;
    struct arena *arena; /* of one text */
    struct buf text;
    bool in_text;
    int phonetic; /* inside rPh: how the text is read aloud, not the text */
};

static void open_string(struct xlsx_part *part, const char *local, const char **attributes)
{
    (void)attributes;
    struct sharing *sharing = part->self;
    if (strcmp(local, "si") == 0) {
        arena_reset(sharing->arena);
        buf_init(&sharing->text, sharing->arena, SHEET_CELL_LIMIT + 1);
    } else if (strcmp(local, "rPh") == 0) {
        sharing->phonetic++;
    } else if (strcmp(local, "t") == 0) {
        sharing->in_text = sharing->phonetic == 0;
    }
}

static void close_string(struct xlsx_part *part, const char *local)
{
    struct sharing *sharing = part->self;
    if (strcmp(local, "rPh") == 0)
        sharing->phonetic--;
    else if (strcmp(local, "t") == 0)
        sharing->in_text = false;
    else if (strcmp(local, "si") == 0 &&
             !spill_add(&sharing->book->strings,
                        xlsx_unescape(sharing->arena, buf_str(&sharing->text))))
        xlsx_part_stop(part, sheet_fail(part->ctx, ST_LIMIT, "sheet.too_large", part->job,
                                        part->name, (int64_t)sharing->book->strings.count));
}

/* One text too long is cut where the limit is; the row that shows it will say so. */
static void text_of_string(struct xlsx_part *part, const char *at, int len)
{
    struct sharing *sharing = part->self;
    if (sharing->in_text && sharing->text.arena != NULL)
        buf_bytes(&sharing->text, at, (size_t)len);
}

static enum status read_strings(struct ctx *ctx, struct xlsx_book *book, struct str name)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct sharing sharing = {.book = book, .arena = arena};
    struct xlsx_part part = {.name = name,
                             .self = &sharing,
                             .open = open_string,
                             .close = close_string,
                             .text = text_of_string};
    return optional(read_part(ctx, book, &part));
}

struct str xlsx_unescape(struct arena *arena, struct str text)
{
    if (!str_has(text, S("_x")))
        return text;
    struct buf out;
    buf_init(&out, arena, text.len);
    for (size_t i = 0; i < text.len;) {
        struct str seven = str_part(text, i, 7);
        uint32_t code = 0;
        bool is_escape =
            seven.len == 7 && seven.at[0] == '_' && seven.at[1] == 'x' && seven.at[6] == '_';
        for (size_t k = 2; is_escape && k < 6; k++) {
            char c = seven.at[k];
            int digit = c >= '0' && c <= '9'                     ? c - '0'
                        : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10
                                                                 : -1;
            is_escape = digit >= 0;
            code = code * 16 + (uint32_t)(digit < 0 ? 0 : digit);
        }
        if (!is_escape) {
            buf_char(&out, text.at[i++]);
            continue;
        }
        char bytes[4];
        if (code >= 0x20 || code == '\t' || code == '\n')
            buf_bytes(&out, bytes, utf8_encode(code, bytes));
        i += 7;
    }
    return buf_str(&out);
}

/* --- the book -------------------------------------------------------------------------------- */

static void book_close(struct xlsx_book *book)
{
    if (book->zip != NULL)
        zip_discard(book->zip);
    spill_fini(&book->strings);
}

static enum status open_zip(struct ctx *ctx, struct xlsx_book *book)
{
    int fd = fcntl(book->job->fd, F_DUPFD_CLOEXEC, 0);
    int error = 0;
    if (fd >= 0) {
        (void)lseek(fd, 0, SEEK_SET);
        book->zip = zip_fdopen(fd, 0, &error);
    }
    if (book->zip == NULL) {
        if (fd >= 0)
            close(fd);
        return sheet_fail(ctx, ST_INVALID, "sheet.broken", book->job, S(""), error);
    }
    zip_int64_t entries = zip_get_num_entries(book->zip, 0);
    if (entries > ENTRY_LIMIT)
        return sheet_fail(ctx, ST_LIMIT, "sheet.too_many_parts", book->job, S(""), entries);
    return ST_OK;
}

static enum status read_frame(struct ctx *ctx, struct xlsx_book *book)
{
    struct str name;
    TRY(read_workbook(ctx, book, &name));
    struct relations relations = {0};
    TRY(read_relations(ctx, book, name, &relations));
    place_sheets(book, &relations);
    struct styling styling = {.book = book};
    struct xlsx_part styles = {.name = part_of_type(&relations, "styles", S("xl/styles.xml")),
                               .self = &styling,
                               .open = open_style,
                               .close = close_style};
    TRY(optional(read_part(ctx, book, &styles)));
    return read_strings(ctx, book,
                        part_of_type(&relations, "sharedStrings", S("xl/sharedStrings.xml")));
}

static enum status read_sheets(struct ctx *ctx, struct xlsx_book *book)
{
    const struct sheet_visitor *visitor = book->job->visitor;
    for (size_t i = 0; i < book->sheets.len; i++) {
        const struct xlsx_sheet *sheet = &book->sheets.at[i];
        struct sheet_info info = {
            .format = SHEET_XLSX, .name = sheet->name, .index = (int)i, .hidden = sheet->hidden};
        if (!sheet_is_wanted(book->job, (int)i) || sheet->part.len == 0)
            continue;
        TRY(visitor->begin(visitor->self, ctx, &info));
        TRY(xlsx_rows_read(ctx, book, sheet->part));
    }
    return ST_OK;
}

enum status xlsx_read(struct ctx *ctx, const struct sheet_job *job)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct xlsx_book book AUTO(book_close) = {.job = job, .arena = arena};
    spill_init(&book.strings, arena, job->options->tmp_dir);
    TRY(open_zip(ctx, &book));
    TRY(read_frame(ctx, &book));
    return read_sheets(ctx, &book);
}
