/*
 * The page is filled from the top: head, title, text, tables, signature, and on the last page the closing
 * lines at its bottom. y is the upper edge of the next free slot in millimetres from the paper's upper edge;
 * text always begins on a line of the grid, a table wherever the text before it ended.
 */
#include "kit/paper_pdf.h"

#include <cairo-pdf.h>
#include <fontconfig/fontconfig.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>

#include "kit/paper_int.h"

#define TEX_FONTS "/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol"
#define PUBLISHER_BYTES ((size_t)54) /* 18 characters: beside it there is room for the day */
#define CELL_PAD 1.5   /* mm */
#define CELL_LINE 6.0  /* mm, of 12 pt */
#define CLOSE_LINE 8.0 /* mm, of 14 pt */
#define EM_MIDDLE 0.38 /* of the size: the middle of a Chinese character above its base line */
#define NEAR 0.01      /* mm */
#define RULE_THICK 0.35
#define RULE_THIN 0.25
#define RULE_RED 0.7
#define STAMP_PT 120.0
#define STAMP_PALE 0.12

struct writer {
    struct ctx *ctx;
    const struct paper *paper;
    cairo_t *cairo;
    PangoContext *pango;
    int page;
    double left, top, width, height; /* of the type area, mm */
    double page_width, page_height;
    double line; /* height of a line of the grid */
    double y;
};

/* How a piece of text is set. */
struct setting {
    enum paper_face face;
    double size; /* pt */
    bool bold;
    bool cells; /* in the grid of 28 characters */
    double indent; /* mm, of the first line */
    double width; /* mm; 0: one line as long as it is */
    PangoAlignment align;
};

static double bottom_of(const struct writer *w)
{
    return w->top + w->height;
}

static PangoLayout *layout_of(struct writer *w, struct str text, const struct setting *how)
{
    PangoLayout *layout = pango_layout_new(w->pango);
    PangoFontDescription *font =
        pango_font_description_from_string(paper_face_families(how->face));
    PangoAttrList *attributes = pango_attr_list_new();
    pango_font_description_set_absolute_size(font, how->size * PANGO_SCALE);
    if (how->bold)
        pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
    pango_layout_set_font_description(layout, font);
    if (how->cells)
        pango_attr_list_insert(attributes, pango_attr_letter_spacing_new(
                                               (int)lround(PAPER_SPACING_PT * PANGO_SCALE)));
    pango_layout_set_attributes(layout, attributes);
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(layout, how->align);
    if (how->width > 0)
        pango_layout_set_width(layout, (int)lround(how->width * PAPER_MM * PANGO_SCALE));
    if (how->indent > 0)
        pango_layout_set_indent(layout, (int)lround(how->indent * PAPER_MM * PANGO_SCALE));
    pango_layout_set_justify(layout, how->width > 0 && how->align == PANGO_ALIGN_LEFT && how->cells);
    pango_layout_set_text(layout, text.at == NULL ? "" : text.at, (int)text.len);
    pango_attr_list_unref(attributes);
    pango_font_description_free(font);
    return layout;
}

static double width_of(PangoLayout *layout)
{
    PangoRectangle logical;
    pango_layout_get_extents(layout, NULL, &logical);
    return (double)logical.width / PANGO_SCALE / PAPER_MM;
}

static void set_colour(struct writer *w, bool red)
{
    if (red)
        cairo_set_source_rgb(w->cairo, 0xC0 / 255.0, 0, 0);
    else
        cairo_set_source_rgb(w->cairo, 0, 0, 0);
}

static void draw_rule(struct writer *w, double x, double y, double width, double thick)
{
    cairo_rectangle(w->cairo, x * PAPER_MM, (y - thick / 2) * PAPER_MM, width * PAPER_MM,
                    thick * PAPER_MM);
    cairo_fill(w->cairo);
}

/* One line of a layout with its base line at y, where the layout begins at x. */
static void draw_line(struct writer *w, PangoLayoutIter *line, double x, double base)
{
    PangoRectangle logical;
    pango_layout_iter_get_line_extents(line, NULL, &logical);
    cairo_move_to(w->cairo, x * PAPER_MM + (double)logical.x / PANGO_SCALE, base * PAPER_MM);
    pango_cairo_show_layout_line(w->cairo, pango_layout_iter_get_line_readonly(line));
}

static double base_in(double slot, double line_height, double size_pt)
{
    return slot + line_height / 2 + EM_MIDDLE * size_pt / PAPER_MM;
}

/* One line alone: its slot begins at y. */
static void draw_short(struct writer *w, PangoLayout *layout, double x, double slot,
                       double line_height, double size_pt)
{
    PangoLayoutIter *line = pango_layout_get_iter(layout);
    draw_line(w, line, x, base_in(slot, line_height, size_pt));
    pango_layout_iter_free(line);
}

/* ---- pages ---- */

static void draw_folio(struct writer *w)
{
    if (w->paper->form == PAPER_LETTER && w->page == 1)
        return;
    const struct setting how = {.face = PAPER_FACE_SONG, .size = PAPER_SMALL_PT};
    PangoLayout *folio =
        layout_of(w, str_printf(w->ctx->arena, "— %d —", w->page), &how);
    double blank = PAPER_SMALL_PT / PAPER_MM;
    double x = w->page % 2 == 1 ? w->left + w->width - blank - width_of(folio) : w->left + blank;
    /* 7 mm to the upper edge of the dash, which runs through the middle of the line. */
    PangoLayoutIter *line = pango_layout_get_iter(folio);
    draw_line(w, line, x, bottom_of(w) + PAPER_FOLIO_DOWN + EM_MIDDLE * PAPER_SMALL_PT / PAPER_MM);
    pango_layout_iter_free(line);
    g_object_unref(folio);
}

/* Across the page from corner to corner, pale, so that the text can be read through it. */
static void draw_stamp(struct writer *w)
{
    const struct setting how = {.face = PAPER_FACE_SONG, .size = STAMP_PT};
    if (str_is_empty(w->paper->stamp))
        return;
    PangoLayout *layout = layout_of(w, w->paper->stamp, &how);
    cairo_save(w->cairo);
    cairo_set_source_rgba(w->cairo, 0, 0, 0, STAMP_PALE);
    cairo_translate(w->cairo, w->page_width / 2 * PAPER_MM, w->page_height / 2 * PAPER_MM);
    cairo_rotate(w->cairo, -atan2(w->page_height, w->page_width));
    cairo_move_to(w->cairo, -width_of(layout) / 2 * PAPER_MM, -STAMP_PT / 2);
    pango_cairo_show_layout(w->cairo, layout);
    cairo_restore(w->cairo);
    g_object_unref(layout);
}

static void end_page(struct writer *w)
{
    draw_stamp(w);
    set_colour(w, false);
    draw_folio(w);
    cairo_show_page(w->cairo);
}

static void next_page(struct writer *w)
{
    end_page(w);
    w->page++;
    w->y = w->top;
}

static void need(struct writer *w, double height)
{
    if (w->y + height > bottom_of(w) + NEAR)
        next_page(w);
}

/* Down to the next line of the grid. */
static void to_grid(struct writer *w)
{
    w->y = w->top + ceil((w->y - w->top - NEAR) / w->line) * w->line;
}

static void skip_lines(struct writer *w, int lines)
{
    w->y += lines * w->line;
}

/* Text that runs over as many slots and pages as it takes. */
static void put_text(struct writer *w, struct str text, const struct setting *how)
{
    PangoLayout *layout = layout_of(w, text, how);
    PangoLayoutIter *line = pango_layout_get_iter(layout);
    do {
        need(w, w->line);
        draw_line(w, line, w->left, base_in(w->y, w->line, how->size));
        skip_lines(w, 1);
    } while (pango_layout_iter_next_line(line));
    pango_layout_iter_free(line);
    g_object_unref(layout);
}

static struct setting body_setting(const struct writer *w, int indent)
{
    return (struct setting){.face = PAPER_FACE_BODY,
                            .size = PAPER_BODY_PT,
                            .cells = true,
                            .indent = indent * PAPER_CHAR,
                            .width = w->width};
}

/* ---- head ---- */

/* The mark with the upper edge of its ink at `top`; gives where its lower edge is by rule, whatever the face. */
static double draw_mark(struct writer *w, double top)
{
    const struct setting how = {.face = PAPER_FACE_TITLE, .size = paper_mark_size(w->paper), .bold = true};
    PangoLayout *layout = layout_of(w, w->paper->mark, &how);
    PangoRectangle ink;
    pango_layout_get_extents(layout, &ink, NULL);
    double unit = PANGO_SCALE * PAPER_MM;
    double x = w->left + (w->width - ink.width / unit) / 2 - ink.x / unit;
    double base = top - ink.y / unit + pango_layout_get_baseline(layout) / unit;
    PangoLayoutIter *line = pango_layout_get_iter(layout);
    set_colour(w, true);
    draw_line(w, line, x, base);
    pango_layout_iter_free(line);
    g_object_unref(layout);
    return top + PAPER_MARK_INK * how.size / PAPER_MM;
}

static void put_short(struct writer *w, struct str text, PangoAlignment align, double blank)
{
    struct setting how = body_setting(w, 0);
    how.align = align;
    how.width = 0;
    PangoLayout *layout = layout_of(w, text, &how);
    double room = w->width - width_of(layout);
    double x = align == PANGO_ALIGN_RIGHT    ? room - blank
               : align == PANGO_ALIGN_CENTER ? room / 2
                                             : blank;
    draw_short(w, layout, w->left + x, w->y, w->line, how.size);
    g_object_unref(layout);
}

/* Mark, number two lines below it, red rule 4 mm below the number. */
static void put_document_head(struct writer *w)
{
    const struct paper *paper = w->paper;
    (void)draw_mark(w, w->top + PAPER_MARK_DOWN);
    set_colour(w, false);
    w->y = w->top + paper_number_line(paper) * w->line;
    if (!str_is_empty(paper->number)) {
        put_short(w, paper->number, PANGO_ALIGN_CENTER, 0);
        skip_lines(w, 1);
    }
    if (!str_is_empty(paper->publisher)) {
        put_short(w, paper->publisher, PANGO_ALIGN_LEFT, PAPER_CHAR);
        if (paper->publisher.len > PUBLISHER_BYTES) /* the day has its own line then */
            skip_lines(w, 1);
        put_short(w, paper->date, PANGO_ALIGN_RIGHT, PAPER_CHAR);
        skip_lines(w, 1);
    }
    double slack = (w->line - PAPER_BODY_PT / PAPER_MM) / 2; /* below the characters of the line */
    double rule = w->y - slack + PAPER_RULE_DOWN;
    set_colour(w, true);
    draw_rule(w, w->left, rule, w->width, RULE_RED);
    set_colour(w, false);
    w->y = rule;
    to_grid(w);
    skip_lines(w, 2);
}

static void put_letter_head(struct writer *w)
{
    double x = (w->page_width - PAPER_LETTER_RULE) / 2;
    double below = draw_mark(w, PAPER_LETTER_MARK);
    double rule = below + PAPER_RULE_DOWN, foot = w->page_height - PAPER_LETTER_FOOT;
    draw_rule(w, x, rule, PAPER_LETTER_RULE, RULE_RED);
    draw_rule(w, x, rule + 1, PAPER_LETTER_RULE, RULE_THIN);
    draw_rule(w, x, foot - 1, PAPER_LETTER_RULE, RULE_THIN);
    draw_rule(w, x, foot, PAPER_LETTER_RULE, RULE_RED);
    set_colour(w, false);
    w->y = rule + 1;
    to_grid(w);
    if (!str_is_empty(w->paper->number))
        put_short(w, w->paper->number, PANGO_ALIGN_RIGHT, 0);
    skip_lines(w, 3);
}

static void put_head(struct writer *w)
{
    switch (w->paper->form) {
    case PAPER_DOCUMENT:
    case PAPER_MINUTES:
    case PAPER_BULLETIN:
        put_document_head(w);
        break;
    case PAPER_LETTER:
        put_letter_head(w);
        break;
    case PAPER_TABLE:
    case PAPER_FORM_COUNT:
        break;
    }
    if (!str_is_empty(w->paper->title)) {
        struct setting how = body_setting(w, 0);
        how.face = PAPER_FACE_TITLE;
        how.bold = true;
        how.size = PAPER_TITLE_PT;
        how.cells = false;
        how.align = PANGO_ALIGN_CENTER;
        put_text(w, w->paper->title, &how);
        if (w->paper->form != PAPER_TABLE)
            skip_lines(w, 1);
    }
    if (w->paper->form == PAPER_TABLE && !str_is_empty(w->paper->number)) {
        put_short(w, w->paper->number, PANGO_ALIGN_RIGHT, 0);
        skip_lines(w, 1);
    }
    const struct setting flush = body_setting(w, 0);
    if (!str_is_empty(w->paper->to))
        put_text(w, w->paper->to, &flush);
}

/* ---- tables ---- */

struct cell_run {
    PangoLayout *layout;
    PangoLayoutIter *line;
    int lines; /* still to be drawn */
    double width;
};

static int start_row(struct writer *w, const struct paper_row *row, const double *widths,
                     struct cell_run *runs)
{
    int most = 1;
    for (size_t i = 0; i < row->count; i++) {
        const struct setting how = {
            .face = row->cells[i].head ? PAPER_FACE_HEAD : PAPER_FACE_BODY,
            .size = PAPER_CELL_PT,
            .width = widths[i] - 2 * CELL_PAD,
            .align = row->cells[i].head ? PANGO_ALIGN_CENTER : PANGO_ALIGN_LEFT};
        runs[i].layout = layout_of(w, row->cells[i].text, &how);
        runs[i].line = pango_layout_get_iter(runs[i].layout);
        runs[i].lines = pango_layout_get_line_count(runs[i].layout);
        runs[i].width = widths[i];
        most = runs[i].lines > most ? runs[i].lines : most;
    }
    return most;
}

/* The next lines of every cell, in one box each. */
static void draw_cells(struct writer *w, struct cell_run *runs, size_t count, int lines)
{
    double height = lines * CELL_LINE + 2 * CELL_PAD;
    double x = w->left;
    for (size_t i = 0; i < count; i++) {
        int here = runs[i].lines < lines ? runs[i].lines : lines;
        double y = w->y + CELL_PAD + (lines - here) * CELL_LINE / 2;
        for (int n = 0; n < here; n++, y += CELL_LINE) {
            draw_line(w, runs[i].line, x + CELL_PAD, base_in(y, CELL_LINE, PAPER_CELL_PT));
            (void)pango_layout_iter_next_line(runs[i].line);
        }
        runs[i].lines -= here;
        cairo_rectangle(w->cairo, x * PAPER_MM, w->y * PAPER_MM, runs[i].width * PAPER_MM,
                        height * PAPER_MM);
        cairo_set_line_width(w->cairo, RULE_THIN * PAPER_MM);
        cairo_stroke(w->cairo);
        x += runs[i].width;
    }
    w->y += height;
}

static int lines_left(const struct writer *w)
{
    return (int)floor((bottom_of(w) - w->y - 2 * CELL_PAD + NEAR) / CELL_LINE);
}

static void put_row(struct writer *w, const struct paper_block *table, const double *widths,
                    size_t at)
{
    struct cell_run runs[PAPER_COLUMNS_MAX];
    int lines = start_row(w, &table->rows[at], widths, runs);
    int page_lines = (int)(w->height / CELL_LINE) / 2;
    bool has_head = at > 0 && table->rows[0].cells[table->column_count - 1].head;
    while (lines > 0) {
        int room = lines_left(w);
        /* A short row stays whole; a long one goes on overleaf, under the head again. */
        if (room < 1 || (room < lines && lines < page_lines)) {
            next_page(w);
            if (has_head)
                put_row(w, table, widths, 0);
            room = lines_left(w);
        }
        int now = lines < room || room < 1 ? lines : room;
        draw_cells(w, runs, table->column_count, now);
        lines -= now;
    }
    for (size_t i = 0; i < table->column_count; i++) {
        pango_layout_iter_free(runs[i].line);
        g_object_unref(runs[i].layout);
    }
}

static void put_table(struct writer *w, const struct paper_block *table)
{
    double widths[PAPER_COLUMNS_MAX];
    paper_column_widths(table, w->width, widths);
    if (lines_left(w) < 4) /* the head does not stand alone at the foot of a page */
        next_page(w);
    for (size_t i = 0; i < table->row_count; i++)
        put_row(w, table, widths, i);
    to_grid(w);
}

/* ---- text ---- */

static void put_block(struct writer *w, const struct paper_block *block, int annex)
{
    struct setting how = body_setting(w, 2);
    struct str text = block->text;
    switch (block->kind) {
    case PAPER_HEAD1:
        how.face = PAPER_FACE_HEAD;
        break;
    case PAPER_HEAD2:
        how.face = PAPER_FACE_KAI;
        break;
    case PAPER_HEAD3:
        how.bold = true;
        break;
    case PAPER_ANNEX:
        if (annex == 1)
            skip_lines(w, 1);
        break;
    case PAPER_GRID:
        put_table(w, block);
        return;
    case PAPER_TEXT:
    case PAPER_KIND_COUNT:
        break;
    }
    put_text(w, text, &how);
}

/* ---- the end ---- */

static enum status draw_check(struct writer *w, double x, double y)
{
    const unsigned char *grid;
    int count;
    TRY(paper_check_grid(w->ctx, w->paper->check_url, &grid, &count));
    double module = PAPER_CHECK_SIZE * PAPER_MM / count;
    for (int row = 0; row < count; row++)
        for (int column = 0; column < count; column++)
            if (grid[row * count + column])
                cairo_rectangle(w->cairo, x * PAPER_MM + column * module,
                                y * PAPER_MM + row * module, module, module);
    cairo_fill(w->cairo);
    const struct setting how = {.face = PAPER_FACE_SONG, .size = 7};
    PangoLayout *layout = layout_of(w, w->paper->check_text, &how);
    draw_short(w, layout, x, y + PAPER_CHECK_SIZE, 3, how.size);
    g_object_unref(layout);
    return ST_OK;
}

/*
 * With a seal the day stands four characters from the right and the name is centred over it; without
 * one the name stands two characters from the right and the day begins two characters after it begins,
 * or ends two characters from the right where it is the longer one.
 */
static void put_signature(struct writer *w)
{
    const struct paper *paper = w->paper;
    bool dated = paper->form != PAPER_BULLETIN && !str_is_empty(paper->date);
    struct setting how = body_setting(w, 0);
    how.width = 0;
    PangoLayout *day = layout_of(w, paper->date, &how);
    double day_width = width_of(day), right = w->left + w->width;
    double day_x = right - (paper->seal ? 4 : 2) * PAPER_CHAR - day_width;
    for (size_t i = 0; i < paper->signer_count; i++) {
        PangoLayout *name = layout_of(w, paper->signers[i], &how);
        double width = width_of(name);
        double x = paper->seal ? day_x + (day_width - width) / 2 : right - 2 * PAPER_CHAR - width;
        if (!paper->seal && width < day_width + 2 * PAPER_CHAR)
            x = day_x - 2 * PAPER_CHAR;
        else if (!paper->seal)
            day_x = x + 2 * PAPER_CHAR;
        if (x + width > right)
            x = right - width;
        draw_short(w, name, x, w->y, w->line, how.size);
        g_object_unref(name);
        skip_lines(w, 1);
    }
    if (dated) {
        draw_short(w, day, day_x, w->y, w->line, how.size);
        skip_lines(w, 1);
    }
    g_object_unref(day);
}

/* Lines that signature, day and code take. */
static int end_lines(const struct paper *paper)
{
    int lines = (int)paper->signer_count + !str_is_empty(paper->date);
    int least = !str_is_empty(paper->check_url) ? 3 : 0;
    return lines > least ? lines : least;
}

/*
 * A signature does not stand alone on its page (7.3.5.4): where only it would go overleaf, a short last
 * paragraph goes along.
 */
static void keep_last(struct writer *w, const struct paper_block *block)
{
    const struct setting how = body_setting(w, 2);
    if (block->kind == PAPER_GRID || end_lines(w->paper) == 0)
        return;
    PangoLayout *layout = layout_of(w, block->text, &how);
    int lines = pango_layout_get_line_count(layout);
    g_object_unref(layout);
    double below = w->y + lines * w->line;
    if (lines <= PAPER_KEPT_LINES && w->y > w->top + NEAR && below <= bottom_of(w) + NEAR &&
        below + (1 + end_lines(w->paper)) * w->line > bottom_of(w) + NEAR)
        next_page(w);
}

static enum status put_end(struct writer *w)
{
    const struct paper *paper = w->paper;
    bool checked = !str_is_empty(paper->check_url);
    int lines = (int)paper->signer_count + (str_is_empty(paper->date) ? 0 : 1);
    int least = checked ? 3 : 0;
    if (lines == 0 && !checked)
        return ST_OK;
    to_grid(w);
    skip_lines(w, 1);
    need(w, (lines > least ? lines : least) * w->line);
    double from = w->y;
    if (checked)
        TRY(draw_check(w, w->left, from + 1));
    put_signature(w);
    if (w->y < from + least * w->line)
        w->y = from + least * w->line;
    return ST_OK;
}

/* Copies and printer, at the bottom of the last page. */
static void put_closing(struct writer *w)
{
    const struct paper *paper = w->paper;
    bool ruled = paper->form != PAPER_LETTER;
    double blank = PAPER_SMALL_PT / PAPER_MM;
    const struct setting how = {
        .face = PAPER_FACE_BODY, .size = PAPER_SMALL_PT, .width = w->width - 2 * blank};
    struct str texts[2];
    size_t count = 0;
    if (!str_is_empty(paper->copies))
        texts[count++] = paper->copies;
    if (!str_is_empty(paper->printer) && ruled)
        texts[count++] = paper->printer;
    if (count == 0)
        return;
    PangoLayout *layouts[2];
    int lines = 0;
    for (size_t i = 0; i < count; i++) {
        layouts[i] = layout_of(w, texts[i], &how);
        lines += pango_layout_get_line_count(layouts[i]);
    }
    need(w, lines * CLOSE_LINE);
    w->y = bottom_of(w) - lines * CLOSE_LINE;
    if (ruled)
        draw_rule(w, w->left, w->y, w->width, RULE_THICK);
    for (size_t i = 0; i < count; i++) {
        PangoLayoutIter *line = pango_layout_get_iter(layouts[i]);
        if (ruled && i > 0)
            draw_rule(w, w->left, w->y, w->width, RULE_THIN);
        do {
            draw_line(w, line, w->left + blank, base_in(w->y, CLOSE_LINE, how.size));
            w->y += CLOSE_LINE;
        } while (pango_layout_iter_next_line(line));
        pango_layout_iter_free(line);
        g_object_unref(layouts[i]);
    }
    if (ruled)
        draw_rule(w, w->left, w->y, w->width, RULE_THICK);
}

static enum status put_paper(struct writer *w)
{
    int annex = 0;
    put_head(w);
    for (size_t i = 0; i < w->paper->block_count; i++) {
        annex += w->paper->blocks[i].kind == PAPER_ANNEX;
        if (i + 1 == w->paper->block_count)
            keep_last(w, &w->paper->blocks[i]);
        put_block(w, &w->paper->blocks[i], annex);
    }
    TRY(put_end(w));
    put_closing(w);
    end_page(w);
    return ST_OK;
}

/* ---- foreign ground ---- */

static cairo_status_t take_bytes(void *out, const unsigned char *bytes, unsigned int len)
{
    buf_bytes(out, bytes, len);
    return CAIRO_STATUS_SUCCESS;
}

static enum status draw_failed(struct ctx *ctx, cairo_status_t status)
{
    return fail(ctx, ST_IO, "paper.cannot_draw", ARGS(arg_c("error", cairo_status_to_string(status))));
}

/* A context of our own that no other thread knows, with the machine's fonts and the added ones. */
static PangoContext *context_new(const char *fonts)
{
    FcConfig *config = FcInitLoadConfigAndFonts();
    PangoFontMap *map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
    (void)FcConfigAppFontAddDir(config, (const FcChar8 *)TEX_FONTS);
    if (fonts != NULL)
        (void)FcConfigAppFontAddDir(config, (const FcChar8 *)fonts);
    pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(map), config);
    pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(map), 72);
    PangoContext *context = pango_font_map_create_context(map);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(context, options);
    pango_context_set_round_glyph_positions(context, FALSE);
    pango_context_set_language(context, pango_language_from_string("zh-cn"));
    cairo_font_options_destroy(options);
    g_object_unref(map);
    FcConfigDestroy(config);
    return context;
}

static void measure(struct writer *w)
{
    bool wide = w->paper->form == PAPER_TABLE;
    w->page = 1;
    w->page_width = wide ? PAPER_HEIGHT : PAPER_WIDTH;
    w->page_height = wide ? PAPER_WIDTH : PAPER_HEIGHT;
    w->width = wide ? PAPER_AREA_HEIGHT : PAPER_AREA_WIDTH;
    w->height = wide ? PAPER_AREA_WIDTH : PAPER_AREA_HEIGHT;
    w->left = wide ? PAPER_HEIGHT - PAPER_TOP - PAPER_AREA_HEIGHT : PAPER_LEFT;
    w->top = wide ? PAPER_LEFT : PAPER_TOP;
    w->line = wide ? PAPER_WIDE_LINE : PAPER_LINE;
    w->y = w->top;
}

enum status paper_pdf_write(struct ctx *ctx, const struct paper *paper, const char *fonts,
                            struct buf *out, int *out_pages)
{
    struct writer w = {.ctx = ctx, .paper = paper};
    measure(&w);
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(
        take_bytes, out, w.page_width * PAPER_MM, w.page_height * PAPER_MM);
    w.cairo = cairo_create(surface);
    w.pango = context_new(fonts);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, str_c(ctx->arena, paper->title));
    if (!str_is_empty(paper->made))
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE,
                                       str_c(ctx->arena, paper->made));
    enum status status = put_paper(&w);
    cairo_surface_finish(surface);
    cairo_status_t drawn = cairo_status(w.cairo);
    g_object_unref(w.pango);
    cairo_destroy(w.cairo);
    cairo_surface_destroy(surface);
    TRY(status);
    if (drawn != CAIRO_STATUS_SUCCESS)
        return draw_failed(ctx, drawn);
    if (out_pages != NULL)
        *out_pages = w.page;
    return buf_status(out);
}

int paper_pdf_missing(struct str text, const char *fonts)
{
    struct writer w = {.pango = context_new(fonts)};
    const struct setting how = {.face = PAPER_FACE_BODY, .size = PAPER_BODY_PT};
    PangoLayout *layout = layout_of(&w, text, &how);
    int missing = pango_layout_get_unknown_glyphs_count(layout);
    g_object_unref(layout);
    g_object_unref(w.pango);
    return missing;
}
