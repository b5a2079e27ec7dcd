/*
 * The markup is read by expat into blocks; what is not known is refused, so that a template with a slip
 * shows it at once. Document type declarations are refused: nothing here needs entities.
 */
#include "kit/paper.h"

#include <assert.h>
#include <expat.h>
#include <math.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/num.h"
#include "base/vec.h"
#include "kit/crypto.h"
#include "kit/paper_int.h"

static const char *const form_names[] = {"document", "letter", "minutes", "bulletin", "table"};
static_assert(sizeof form_names / sizeof *form_names == PAPER_FORM_COUNT, "a name for each form");

const char *paper_form_name(enum paper_form form)
{
    return form_names[form];
}

bool paper_form_parse(struct str name, enum paper_form *out)
{
    for (int i = 0; i < PAPER_FORM_COUNT; i++) {
        if (!str_eq_c(name, form_names[i]))
            continue;
        *out = (enum paper_form)i;
        return true;
    }
    return false;
}

struct reading {
    struct arena *arena;
    struct paper *paper;
    XML_Parser parser;
    struct buf text;
    bool blank;   /* a blank is due before the next character */
    bool taking;  /* inside an element that holds text */
    bool wrong, large;
    int depth;
    VEC(struct str) signers;
    VEC(struct paper_block) blocks;
    VEC(struct paper_row) rows;
    VEC(struct paper_cell) cells;
    VEC(struct paper_picture) pictures;
};

/* Elements of a paper that hold one text. */
struct place {
    const char *name;
    size_t offset;
};
static const struct place places[] = {
    {"mark", offsetof(struct paper, mark)},           {"number", offsetof(struct paper, number)},
    {"publisher", offsetof(struct paper, publisher)}, {"title", offsetof(struct paper, title)},
    {"to", offsetof(struct paper, to)},               {"date", offsetof(struct paper, date)},
    {"copies", offsetof(struct paper, copies)},       {"printer", offsetof(struct paper, printer)},
};
static const struct {
    const char *name;
    enum paper_kind kind;
} texts[] = {
    {"p", PAPER_TEXT},   {"item", PAPER_TEXT}, {"h1", PAPER_HEAD1},
    {"h2", PAPER_HEAD2}, {"h3", PAPER_HEAD3},  {"annex", PAPER_ANNEX},
};

static void refuse(struct reading *r)
{
    r->wrong = true;
    (void)XML_StopParser(r->parser, XML_FALSE);
}

static struct str attribute(const char **attributes, const char *name)
{
    for (; attributes[0] != NULL; attributes += 2)
        if (str_eq_c(str_of(attributes[0]), name))
            return str_of(attributes[1]);
    return (struct str){0};
}

static bool is_one_text(const char *name)
{
    struct str s = str_of(name);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (str_eq_c(s, places[i].name))
            return true;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (str_eq_c(s, texts[i].name))
            return true;
    return str_eq_c(s, "sign");
}

static void open_paper(struct reading *r, const char **attributes)
{
    struct str form = attribute(attributes, "form");
    if (!paper_form_parse(form, &r->paper->form))
        refuse(r);
    r->paper->seal = str_eq(attribute(attributes, "seal"), S("yes"));
}

static void open_table(struct reading *r, const char **attributes)
{
    struct str widths = attribute(attributes, "widths"), one;
    int *parts = arena_alloc_array(r->arena, PAPER_COLUMNS_MAX, sizeof *parts);
    size_t count = 0;
    while (str_next(&widths, ' ', &one)) {
        int64_t part;
        if (str_is_empty(one))
            continue;
        if (count == PAPER_COLUMNS_MAX || !num_parse_i64(one, 1, 1000, &part)) {
            refuse(r);
            return;
        }
        parts[count++] = (int)part;
    }
    if (count == 0)
        refuse(r);
    r->rows.at = NULL;
    r->rows.len = r->rows.cap = 0;
    vec_add(r->arena, &r->blocks,
            ((struct paper_block){.kind = PAPER_GRID, .widths = parts, .column_count = count}));
}

/* Its words follow as the text of the element. */
static void open_picture(struct reading *r, const char **attributes)
{
    struct digest digest;
    struct str sha256 = attribute(attributes, "sha256");
    if (!digest_parse(sha256, &digest))
        refuse(r);
    vec_add(r->arena, &r->blocks,
            ((struct paper_block){.kind = PAPER_PICTURE, .picture = r->pictures.len}));
    vec_add(r->arena, &r->pictures, ((struct paper_picture){.sha256 = str_copy(r->arena, sha256)}));
    r->large |= r->pictures.len > PAPER_PICTURES_MAX;
}

static void start_text(struct reading *r)
{
    if (r->taking)
        refuse(r);
    buf_clear(&r->text);
    r->blank = false;
    r->taking = true;
}

static void XMLCALL on_open(void *user, const char *name, const char **attributes)
{
    struct reading *r = user;
    struct str s = str_of(name);
    int depth = r->depth++;
    if (depth == 0 && str_eq_c(s, "paper"))
        open_paper(r, attributes);
    else if (depth == 1 && str_eq_c(s, "table"))
        open_table(r, attributes);
    else if (depth == 1 && str_eq_c(s, "picture")) {
        open_picture(r, attributes);
        start_text(r);
    } else if (depth == 2 && str_eq_c(s, "tr")) {
        r->cells.at = NULL;
        r->cells.len = r->cells.cap = 0;
    } else if ((depth == 1 && is_one_text(name)) ||
               (depth == 3 && (str_eq_c(s, "td") || str_eq_c(s, "th"))))
        start_text(r);
    else
        refuse(r);
    r->large |= r->blocks.len > PAPER_BLOCKS_MAX || r->rows.len > PAPER_BLOCKS_MAX;
    if (r->large)
        (void)XML_StopParser(r->parser, XML_FALSE);
}

static void keep_text(struct reading *r, struct str name, struct str text)
{
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (str_eq_c(name, places[i].name))
            *(struct str *)((char *)r->paper + places[i].offset) = text;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (str_eq_c(name, texts[i].name) && !str_is_empty(text))
            vec_add(r->arena, &r->blocks, ((struct paper_block){.kind = texts[i].kind, .text = text}));
    if (str_eq_c(name, "picture"))
        r->blocks.at[r->blocks.len - 1].text = text;
    if (str_eq_c(name, "sign") && !str_is_empty(text) && r->signers.len < PAPER_SIGNERS_MAX)
        vec_add(r->arena, &r->signers, text);
}

static void close_row(struct reading *r)
{
    struct paper_block *table = &r->blocks.at[r->blocks.len - 1];
    if (r->cells.len != table->column_count) {
        refuse(r);
        return;
    }
    vec_add(r->arena, &r->rows, ((struct paper_row){r->cells.at, r->cells.len}));
    table->rows = r->rows.at;
    table->row_count = r->rows.len;
}

static void XMLCALL on_close(void *user, const char *name)
{
    struct reading *r = user;
    struct str s = str_of(name);
    r->depth--;
    if (r->taking) {
        struct str text = str_copy(r->arena, buf_str(&r->text));
        r->taking = false;
        if (r->depth == 3)
            vec_add(r->arena, &r->cells, ((struct paper_cell){text, str_eq_c(s, "th")}));
        else
            keep_text(r, s, text);
    } else if (r->depth == 2) {
        close_row(r);
    }
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static void XMLCALL on_text(void *user, const char *at, int len)
{
    struct reading *r = user;
    for (int i = 0; i < len; i++) {
        if (is_blank(at[i])) {
            r->blank = r->text.len > 0;
            continue;
        }
        if (!r->taking) {
            refuse(r);
            return;
        }
        if (r->blank)
            buf_char(&r->text, ' ');
        r->blank = false;
        buf_char(&r->text, at[i]);
    }
}

static void XMLCALL on_doctype(void *user, const char *name, const char *system, const char *public,
                               int internal)
{
    (void)name;
    (void)system;
    (void)public;
    (void)internal;
    refuse(user);
}

enum status paper_read(struct ctx *ctx, struct str markup, struct paper *out)
{
    struct paper paper = {0};
    struct reading r = {.arena = ctx->arena, .paper = &paper};
    if (markup.len > PAPER_BYTES_MAX)
        return fail(ctx, ST_LIMIT, "paper.too_large", ARGS(arg_int("limit", PAPER_BYTES_MAX)));
    buf_init(&r.text, ctx->arena, PAPER_BYTES_MAX);
    r.parser = XML_ParserCreate("UTF-8");
    must(r.parser != NULL);
    XML_SetUserData(r.parser, &r);
    XML_SetElementHandler(r.parser, on_open, on_close);
    XML_SetCharacterDataHandler(r.parser, on_text);
    XML_SetStartDoctypeDeclHandler(r.parser, on_doctype);
    bool whole = XML_Parse(r.parser, markup.at, (int)markup.len, XML_TRUE) == XML_STATUS_OK;
    int64_t line = (int64_t)XML_GetCurrentLineNumber(r.parser);
    XML_ParserFree(r.parser);
    if (r.large)
        return fail(ctx, ST_LIMIT, "paper.too_large", ARGS(arg_int("limit", PAPER_BLOCKS_MAX)));
    if (!whole || r.wrong)
        return fail(ctx, ST_INVALID, "paper.markup", ARGS(arg_int("line", line)));
    paper.signers = r.signers.at;
    paper.signer_count = r.signers.len;
    paper.blocks = r.blocks.at;
    paper.block_count = r.blocks.len;
    paper.pictures = r.pictures.at;
    paper.picture_count = r.pictures.len;
    *out = paper;
    return ST_OK;
}

/* ---- what is drawn by ---- */

double paper_mark_size(const struct paper *paper)
{
    size_t length = utf8_length(paper->mark);
    double most = paper->form == PAPER_LETTER ? PAPER_LETTER_MARK_PT : PAPER_MARK_PT;
    double fits = length == 0 ? most : PAPER_AREA_WIDTH * PAPER_MM / (double)length;
    return fits < most ? fits : most;
}

int paper_number_line(const struct paper *paper)
{
    double below = PAPER_MARK_DOWN + PAPER_MARK_INK * paper_mark_size(paper) / PAPER_MM;
    return (int)ceil(below / PAPER_LINE + 2);
}

void paper_column_widths(const struct paper_block *table, double width_mm,
                         double out[PAPER_COLUMNS_MAX])
{
    int all = 0;
    for (size_t i = 0; i < table->column_count; i++)
        all += table->widths[i];
    for (size_t i = 0; i < table->column_count; i++)
        out[i] = width_mm * table->widths[i] / all;
}

bool paper_is_dated(const struct paper *paper)
{
    return paper->form != PAPER_BULLETIN && !str_is_empty(paper->date);
}

size_t paper_pictures_in_row(const struct paper *paper)
{
    return paper->form == PAPER_TABLE ? 3 : 2;
}

bool paper_printer_split(struct str printer, struct str *out_name, struct str *out_day)
{
    const struct str blank = S("　");
    for (size_t at = printer.len; at-- > 0;) {
        if (!str_starts(str_part(printer, at, printer.len - at), blank))
            continue;
        *out_name = str_part(printer, 0, at);
        *out_day = str_part(printer, at + blank.len, printer.len - at - blank.len);
        return true;
    }
    return false;
}

size_t paper_picture_run(const struct paper *paper, size_t from)
{
    size_t end = from;
    while (end < paper->block_count && paper->blocks[end].kind == PAPER_PICTURE)
        end++;
    return end - from;
}

/* A frame header (SOF0 to SOF2) among the segments before the scan: ITU-T T.81 B.2.2. */
static bool find_frame(struct str jpeg, int *out_width, int *out_height)
{
    const unsigned char *at = (const unsigned char *)jpeg.at;
    for (size_t i = 2; i + 9 < jpeg.len && at[i] == 0xFF;) {
        unsigned marker = at[i + 1];
        if (marker >= 0xC0 && marker <= 0xC2) {
            *out_height = at[i + 5] << 8 | at[i + 6];
            *out_width = at[i + 7] << 8 | at[i + 8];
            return *out_width > 0 && *out_height > 0;
        }
        i += 2 + ((size_t)at[i + 2] << 8 | at[i + 3]);
    }
    return false;
}

struct paper_box paper_picture_box(const struct paper *paper, size_t picture, double cell_mm)
{
    struct paper_box box = {.width = cell_mm, .height = PAPER_PICTURE_HIGH};
    if (!find_frame(paper->pictures[picture].jpeg, &box.pixels_wide, &box.pixels_high))
        return box;
    double scale = fmin(box.width / box.pixels_wide, box.height / box.pixels_high);
    box.width = scale * box.pixels_wide;
    box.height = scale * box.pixels_high;
    return box;
}

/*
 * 仿宋, 小标宋, 黑体, 楷体. First the faces that offices license, then free ones: Fandol of the package
 * texlive-lang-chinese, then those of fonts-noto-cjk, which hold every character of GB 18030's level 1, and for
 * what is rarer those of fonts-hanazono: extensions A to F.
 */
static const char *const faces[] = {
    [PAPER_FACE_BODY] = "仿宋_GB2312,FangSong_GB2312,仿宋,FangSong,FandolFang,Noto Serif CJK SC,"
                         "HanaMinA,HanaMinB,BabelStone Han",
    [PAPER_FACE_TITLE] = "方正小标宋简体,方正小标宋_GBK,FZXiaoBiaoSong-B05S,FandolSong Bold,FandolSong,"
                          "Noto Serif CJK SC,HanaMinA,HanaMinB,BabelStone Han",
    [PAPER_FACE_HEAD] = "黑体,SimHei,FandolHei,Noto Sans CJK SC,Noto Serif CJK SC,"
                        "HanaMinA,HanaMinB,BabelStone Han",
    [PAPER_FACE_KAI] = "楷体_GB2312,KaiTi_GB2312,楷体,KaiTi,FandolKai,AR PL KaitiM GB,AR PL UKai CN,"
                        "Noto Serif CJK SC,HanaMinA,HanaMinB,BabelStone Han",
    [PAPER_FACE_SONG] = "宋体,SimSun,FandolSong,Noto Serif CJK SC,"
                        "HanaMinA,HanaMinB,BabelStone Han",
};
static_assert(sizeof faces / sizeof *faces == PAPER_FACE_COUNT, "families for each face");

const char *paper_face_families(enum paper_face face)
{
    return faces[face];
}
