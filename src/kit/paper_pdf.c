/*
 * The page is filled from the top: head, title, text, tables, signature, and on the last page the closing
 * lines at its bottom.
 */
#include "kit/paper_pdf.h"

#include <cairo-pdf.h>
#include <fontconfig/fontconfig.h>
#include <math.h>
#include <pango/pangofc-fontmap.h>

#include "kit/paper_pdf_int.h"
#include "kit/qr.h"

#define TEX_FONTS "/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol"
#define PUBLISHER_BYTES ((size_t)54) /* 18 characters: beside it there is room for the day */
#define CLOSE_LINE 8.0 /* mm, of 14 pt */
#define RULE_THICK 0.35
#define RULE_RED 0.7

/* ---- head ---- */

/* The mark with the upper edge of its ink at `top`; gives where its lower edge is by rule, whatever the face. */
static double draw_mark(struct pdf_writer *w, double top)
{
    const struct pdf_setting how = {.face = PAPER_FACE_TITLE, .size = paper_mark_size(w->paper), .bold = true};
    PangoLayout *layout = pdf_layout(w, w->paper->mark, &how);
    PangoRectangle ink;
    pango_layout_get_extents(layout, &ink, NULL);
    double unit = PANGO_SCALE * PAPER_MM;
    double x = w->left + (w->width - ink.width / unit) / 2 - ink.x / unit;
    double base = top - ink.y / unit + pango_layout_get_baseline(layout) / unit;
    PangoLayoutIter *line = pango_layout_get_iter(layout);
    pdf_colour(w, true);
    pdf_line(w, line, x, base);
    pango_layout_iter_free(line);
    g_object_unref(layout);
    return top + PAPER_MARK_INK * how.size / PAPER_MM;
}

static void put_short(struct pdf_writer *w, struct str text, PangoAlignment align, double blank)
{
    struct pdf_setting how = pdf_body(w, 0);
    how.align = align;
    how.width = 0;
    PangoLayout *layout = pdf_layout(w, text, &how);
    double room = w->width - pdf_width(layout);
    double x = align == PANGO_ALIGN_RIGHT    ? room - blank
               : align == PANGO_ALIGN_CENTER ? room / 2
                                             : blank;
    pdf_short(w, layout, w->left + x, w->y, w->line, how.size);
    g_object_unref(layout);
}

/* Mark, number two lines below it, red rule 4 mm below the number. */
static void put_document_head(struct pdf_writer *w)
{
    const struct paper *paper = w->paper;
    (void)draw_mark(w, w->top + PAPER_MARK_DOWN);
    pdf_colour(w, false);
    w->y = w->top + paper_number_line(paper) * w->line;
    if (!str_is_empty(paper->number)) {
        put_short(w, paper->number, PANGO_ALIGN_CENTER, 0);
        pdf_skip_lines(w, 1);
    }
    if (!str_is_empty(paper->publisher)) {
        put_short(w, paper->publisher, PANGO_ALIGN_LEFT, PAPER_CHAR);
        if (paper->publisher.len > PUBLISHER_BYTES) /* the day has its own line then */
            pdf_skip_lines(w, 1);
        put_short(w, paper->date, PANGO_ALIGN_RIGHT, PAPER_CHAR);
        pdf_skip_lines(w, 1);
    }
    double slack = (w->line - PAPER_BODY_PT / PAPER_MM) / 2; /* below the characters of the line */
    double rule = w->y - slack + PAPER_RULE_DOWN;
    pdf_colour(w, true);
    pdf_rule(w, w->left, rule, w->width, RULE_RED);
    pdf_colour(w, false);
    w->y = rule;
    pdf_to_grid(w);
    pdf_skip_lines(w, 2);
}

static void put_letter_head(struct pdf_writer *w)
{
    double x = (w->page_width - PAPER_LETTER_RULE) / 2;
    double below = draw_mark(w, PAPER_LETTER_MARK);
    double rule = below + PAPER_RULE_DOWN, foot = w->page_height - PAPER_LETTER_FOOT;
    pdf_rule(w, x, rule, PAPER_LETTER_RULE, RULE_RED);
    pdf_rule(w, x, rule + 1, PAPER_LETTER_RULE, PDF_RULE_THIN);
    pdf_rule(w, x, foot - 1, PAPER_LETTER_RULE, PDF_RULE_THIN);
    pdf_rule(w, x, foot, PAPER_LETTER_RULE, RULE_RED);
    pdf_colour(w, false);
    w->y = rule + 1;
    pdf_to_grid(w);
    if (!str_is_empty(w->paper->number))
        put_short(w, w->paper->number, PANGO_ALIGN_RIGHT, 0);
    pdf_skip_lines(w, 3);
}

static void put_head(struct pdf_writer *w)
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
        struct pdf_setting how = pdf_body(w, 0);
        how.face = PAPER_FACE_TITLE;
        how.bold = true;
        how.size = PAPER_TITLE_PT;
        how.cells = false;
        how.align = PANGO_ALIGN_CENTER;
        pdf_text(w, w->paper->title, &how);
        if (w->paper->form != PAPER_TABLE)
            pdf_skip_lines(w, 1);
    }
    if (w->paper->form == PAPER_TABLE && !str_is_empty(w->paper->number)) {
        put_short(w, w->paper->number, PANGO_ALIGN_RIGHT, 0);
        pdf_skip_lines(w, 1);
    }
    const struct pdf_setting flush = pdf_body(w, 0);
    if (!str_is_empty(w->paper->to))
        pdf_text(w, w->paper->to, &flush);
}

/* ---- text ---- */

static void put_block(struct pdf_writer *w, const struct paper_block *block, int annex)
{
    struct pdf_setting how = pdf_body(w, 2);
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
            pdf_skip_lines(w, 1);
        break;
    case PAPER_GRID:
        pdf_table(w, block);
        return;
    case PAPER_PICTURE: /* a run of them is one */
    case PAPER_TEXT:
    case PAPER_KIND_COUNT:
        break;
    }
    pdf_text(w, text, &how);
}

/* ---- the end ---- */

static enum status draw_check(struct pdf_writer *w, double x, double y)
{
    const unsigned char *grid;
    int count;
    TRY(qr_grid(w->ctx, w->paper->check_url, &grid, &count));
    double module = PAPER_CHECK_SIZE * PAPER_MM / count;
    for (int row = 0; row < count; row++)
        for (int column = 0; column < count; column++)
            if (grid[row * count + column])
                cairo_rectangle(w->cairo, x * PAPER_MM + column * module,
                                y * PAPER_MM + row * module, module, module);
    cairo_fill(w->cairo);
    const struct pdf_setting how = {.face = PAPER_FACE_SONG, .size = 7};
    PangoLayout *layout = pdf_layout(w, w->paper->check_text, &how);
    pdf_short(w, layout, x, y + PAPER_CHECK_SIZE, 3, how.size);
    g_object_unref(layout);
    return ST_OK;
}

/*
 * With a seal the day stands four characters from the right and the name is centred over it; without
 * one the name stands two characters from the right and the day begins two characters after it begins,
 * or ends two characters from the right where it is the longer one.
 */
static void put_signature(struct pdf_writer *w)
{
    const struct paper *paper = w->paper;
    bool dated = paper_is_dated(paper);
    struct pdf_setting how = pdf_body(w, 0);
    how.width = 0;
    PangoLayout *day = pdf_layout(w, paper->date, &how);
    double day_width = pdf_width(day), right = w->left + w->width;
    double day_x = right - (paper->seal ? 4 : 2) * PAPER_CHAR - day_width;
    for (size_t i = 0; i < paper->signer_count; i++) {
        PangoLayout *name = pdf_layout(w, paper->signers[i], &how);
        double width = pdf_width(name);
        double x = paper->seal ? day_x + (day_width - width) / 2 : right - 2 * PAPER_CHAR - width;
        if (!paper->seal && width < day_width + 2 * PAPER_CHAR)
            x = day_x - 2 * PAPER_CHAR;
        else if (!paper->seal)
            day_x = x + 2 * PAPER_CHAR;
        if (x + width > right)
            x = right - width;
        pdf_short(w, name, x, w->y, w->line, how.size);
        g_object_unref(name);
        pdf_skip_lines(w, 1);
    }
    if (dated) {
        pdf_short(w, day, day_x, w->y, w->line, how.size);
        pdf_skip_lines(w, 1);
    }
    g_object_unref(day);
}

/* Lines that signature, day and code take. */
static int end_lines(const struct paper *paper)
{
    int lines = (int)paper->signer_count + paper_is_dated(paper);
    int least = !str_is_empty(paper->check_url) ? 3 : 0;
    return lines > least ? lines : least;
}

/*
 * A signature does not stand alone on its page (7.3.5.4): where only it would go overleaf, a short last
 * paragraph goes along.
 */
static void keep_last(struct pdf_writer *w, const struct paper_block *block)
{
    const struct pdf_setting how = pdf_body(w, 2);
    if (block->kind == PAPER_GRID || end_lines(w->paper) == 0)
        return;
    PangoLayout *layout = pdf_layout(w, block->text, &how);
    int lines = pango_layout_get_line_count(layout);
    g_object_unref(layout);
    double below = w->y + lines * w->line;
    if (lines <= PAPER_KEPT_LINES && w->y > w->top + PDF_NEAR && below <= pdf_bottom(w) + PDF_NEAR &&
        below + (1 + end_lines(w->paper)) * w->line > pdf_bottom(w) + PDF_NEAR)
        pdf_next_page(w);
}

static enum status put_end(struct pdf_writer *w)
{
    const struct paper *paper = w->paper;
    bool checked = !str_is_empty(paper->check_url);
    int lines = (int)paper->signer_count + paper_is_dated(paper);
    int least = checked ? 3 : 0;
    if (lines == 0 && !checked)
        return ST_OK;
    pdf_to_grid(w);
    pdf_skip_lines(w, 1);
    pdf_need(w, (lines > least ? lines : least) * w->line);
    double from = w->y;
    if (checked)
        TRY(draw_check(w, w->left, from + 1));
    put_signature(w);
    if (w->y < from + least * w->line)
        w->y = from + least * w->line;
    return ST_OK;
}

/* 印发机关 at the left and, after the last wide blank, 印发日期 at the right of the same line. */
static void split_printer(struct pdf_writer *w, const struct pdf_setting *how, struct str *io_text, PangoLayout **out_day,
                          double *out_width)
{
    struct str name, day;
    *out_day = NULL;
    *out_width = 0;
    if (!paper_printer_split(*io_text, &name, &day))
        return;
    const struct pdf_setting alone = {.face = how->face, .size = how->size};
    *io_text = name;
    *out_day = pdf_layout(w, day, &alone);
    *out_width = pdf_width(*out_day);
}

/* Copies and printer, at the bottom of the last page. */
static void put_closing(struct pdf_writer *w)
{
    const struct paper *paper = w->paper;
    bool ruled = paper->form != PAPER_LETTER;
    double blank = PAPER_SMALL_PT / PAPER_MM;
    struct pdf_setting how = {
        .face = PAPER_FACE_BODY, .size = PAPER_SMALL_PT, .width = w->width - 2 * blank};
    PangoLayout *day = NULL;
    double day_width = 0;
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
        if (ruled && i + 1 == count && !str_is_empty(paper->printer)) {
            split_printer(w, &how, &texts[i], &day, &day_width);
            how.width -= day_width + (day == NULL ? 0 : blank);
        }
        layouts[i] = pdf_layout(w, texts[i], &how);
        lines += pango_layout_get_line_count(layouts[i]);
    }
    pdf_need(w, lines * CLOSE_LINE);
    w->y = pdf_bottom(w) - lines * CLOSE_LINE;
    if (ruled)
        pdf_rule(w, w->left, w->y, w->width, RULE_THICK);
    for (size_t i = 0; i < count; i++) {
        PangoLayoutIter *line = pango_layout_get_iter(layouts[i]);
        if (ruled && i > 0)
            pdf_rule(w, w->left, w->y, w->width, PDF_RULE_THIN);
        do {
            pdf_line(w, line, w->left + blank, pdf_base(w->y, CLOSE_LINE, how.size));
            w->y += CLOSE_LINE;
        } while (pango_layout_iter_next_line(line));
        pango_layout_iter_free(line);
        g_object_unref(layouts[i]);
    }
    if (day != NULL) {
        PangoLayoutIter *line = pango_layout_get_iter(day);
        pdf_line(w, line, w->left + w->width - blank - day_width, pdf_base(w->y - CLOSE_LINE, CLOSE_LINE, how.size));
        pango_layout_iter_free(line);
        g_object_unref(day);
    }
    if (ruled)
        pdf_rule(w, w->left, w->y, w->width, RULE_THICK);
}

static enum status put_paper(struct pdf_writer *w)
{
    int annex = 0;
    put_head(w);
    for (size_t i = 0; i < w->paper->block_count; i++) {
        size_t pictures = paper_picture_run(w->paper, i);
        if (pictures > 0) {
            int kept = i + pictures == w->paper->block_count && end_lines(w->paper) > 0
                           ? 2 + end_lines(w->paper)
                           : 0;
            pdf_pictures(w, &w->paper->blocks[i], pictures, kept * w->line);
            i += pictures - 1;
            continue;
        }
        annex += w->paper->blocks[i].kind == PAPER_ANNEX;
        if (i + 1 == w->paper->block_count)
            keep_last(w, &w->paper->blocks[i]);
        put_block(w, &w->paper->blocks[i], annex);
    }
    TRY(put_end(w));
    put_closing(w);
    pdf_end_page(w);
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

static void measure(struct pdf_writer *w)
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

/* The place where a paper begins, in the list that readers show beside the pages. */
static void mark_place(cairo_surface_t *surface, struct ctx *ctx, const struct paper *paper, int page)
{
    const char *name = str_c(ctx->arena, str_is_empty(paper->number)
                                             ? paper->title
                                             : str_printf(ctx->arena, "%.*s %.*s",
                                                          STR_ARG(paper->title),
                                                          STR_ARG(paper->number)));
    (void)cairo_pdf_surface_add_outline(surface, CAIRO_PDF_OUTLINE_ROOT, name,
                                        str_printf(ctx->arena, "page=%d", page).at,
                                        CAIRO_PDF_OUTLINE_FLAG_OPEN);
}

static void tell_about(cairo_surface_t *surface, struct ctx *ctx, const struct paper *paper)
{
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, str_c(ctx->arena, paper->title));
    if (!str_is_empty(paper->made))
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE,
                                       str_c(ctx->arena, paper->made));
}

enum status paper_pdf_write_all(struct ctx *ctx, const struct paper *papers, size_t count,
                                const char *fonts, struct buf *out, int *out_pages)
{
    struct pdf_writer w = {.ctx = ctx, .paper = &papers[0], .pango = context_new(fonts)};
    measure(&w);
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(
        take_bytes, out, w.page_width * PAPER_MM, w.page_height * PAPER_MM);
    w.cairo = cairo_create(surface);
    tell_about(surface, ctx, &papers[0]);
    enum status status = ST_OK;
    int pages = 0;
    for (size_t i = 0; i < count && status == ST_OK; i++) {
        w.paper = &papers[i];
        measure(&w);
        cairo_pdf_surface_set_size(surface, w.page_width * PAPER_MM, w.page_height * PAPER_MM);
        if (count > 1)
            mark_place(surface, ctx, &papers[i], pages + 1);
        status = put_paper(&w);
        pages += w.page;
    }
    cairo_surface_finish(surface);
    cairo_status_t drawn = cairo_status(w.cairo);
    g_object_unref(w.pango);
    cairo_destroy(w.cairo);
    cairo_surface_destroy(surface);
    TRY(status);
    if (drawn != CAIRO_STATUS_SUCCESS)
        return draw_failed(ctx, drawn);
    if (out_pages != NULL)
        *out_pages = pages;
    return buf_status(out);
}

enum status paper_pdf_write(struct ctx *ctx, const struct paper *paper, const char *fonts,
                            struct buf *out, int *out_pages)
{
    return paper_pdf_write_all(ctx, paper, 1, fonts, out, out_pages);
}

int paper_pdf_missing(struct str text, const char *fonts)
{
    struct pdf_writer w = {.pango = context_new(fonts)};
    const struct pdf_setting how = {.face = PAPER_FACE_BODY, .size = PAPER_BODY_PT};
    PangoLayout *layout = pdf_layout(&w, text, &how);
    int missing = pango_layout_get_unknown_glyphs_count(layout);
    g_object_unref(layout);
    g_object_unref(w.pango);
    return missing;
}
