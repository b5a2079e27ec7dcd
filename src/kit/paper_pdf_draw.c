/*
 * Lines of text, rules and pages. y is the upper edge of the next free slot; text always begins on a line of the
 * grid, a table wherever the text before it ended.
 */
#include <math.h>

#include "kit/paper_pdf_int.h"

#define EM_MIDDLE 0.38 /* of the size: the middle of a Chinese character above its base line */
#define STAMP_PT 120.0
#define STAMP_PALE 0.12

double pdf_bottom(const struct pdf_writer *w)
{
    return w->top + w->height;
}

PangoLayout *pdf_layout(struct pdf_writer *w, struct str text, const struct pdf_setting *how)
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

double pdf_width(PangoLayout *layout)
{
    PangoRectangle logical;
    pango_layout_get_extents(layout, NULL, &logical);
    return (double)logical.width / PANGO_SCALE / PAPER_MM;
}

void pdf_colour(struct pdf_writer *w, bool red)
{
    if (red)
        cairo_set_source_rgb(w->cairo, 0xC0 / 255.0, 0, 0);
    else
        cairo_set_source_rgb(w->cairo, 0, 0, 0);
}

void pdf_rule(struct pdf_writer *w, double x, double y, double width, double thick)
{
    cairo_rectangle(w->cairo, x * PAPER_MM, (y - thick / 2) * PAPER_MM, width * PAPER_MM,
                    thick * PAPER_MM);
    cairo_fill(w->cairo);
}

/* One line of a layout with its base line at y, where the layout begins at x. */
void pdf_line(struct pdf_writer *w, PangoLayoutIter *line, double x, double base)
{
    PangoRectangle logical;
    pango_layout_iter_get_line_extents(line, NULL, &logical);
    cairo_move_to(w->cairo, x * PAPER_MM + (double)logical.x / PANGO_SCALE, base * PAPER_MM);
    pango_cairo_show_layout_line(w->cairo, pango_layout_iter_get_line_readonly(line));
}

double pdf_base(double slot, double line_height, double size_pt)
{
    return slot + line_height / 2 + EM_MIDDLE * size_pt / PAPER_MM;
}

/* One line alone: its slot begins at y. */
void pdf_short(struct pdf_writer *w, PangoLayout *layout, double x, double slot,
                       double line_height, double size_pt)
{
    PangoLayoutIter *line = pango_layout_get_iter(layout);
    pdf_line(w, line, x, pdf_base(slot, line_height, size_pt));
    pango_layout_iter_free(line);
}

/* ---- pages ---- */

static void draw_folio(struct pdf_writer *w)
{
    if (w->paper->form == PAPER_LETTER && w->page == 1)
        return;
    const struct pdf_setting how = {.face = PAPER_FACE_SONG, .size = PAPER_SMALL_PT};
    PangoLayout *folio =
        pdf_layout(w, str_printf(w->ctx->arena, "— %d —", w->page), &how);
    double blank = PAPER_SMALL_PT / PAPER_MM;
    double x = w->page % 2 == 1 ? w->left + w->width - blank - pdf_width(folio) : w->left + blank;
    /* 7 mm to the upper edge of the dash, which runs through the middle of the line. */
    PangoLayoutIter *line = pango_layout_get_iter(folio);
    pdf_line(w, line, x, pdf_bottom(w) + PAPER_FOLIO_DOWN + EM_MIDDLE * PAPER_SMALL_PT / PAPER_MM);
    pango_layout_iter_free(line);
    g_object_unref(folio);
}

/* Across the page from corner to corner, pale, so that the text can be read through it. */
static void draw_stamp(struct pdf_writer *w)
{
    const struct pdf_setting how = {.face = PAPER_FACE_SONG, .size = STAMP_PT};
    if (str_is_empty(w->paper->stamp))
        return;
    PangoLayout *layout = pdf_layout(w, w->paper->stamp, &how);
    cairo_save(w->cairo);
    cairo_set_source_rgba(w->cairo, 0, 0, 0, STAMP_PALE);
    cairo_translate(w->cairo, w->page_width / 2 * PAPER_MM, w->page_height / 2 * PAPER_MM);
    cairo_rotate(w->cairo, -atan2(w->page_height, w->page_width));
    cairo_move_to(w->cairo, -pdf_width(layout) / 2 * PAPER_MM, -STAMP_PT / 2);
    pango_cairo_show_layout(w->cairo, layout);
    cairo_restore(w->cairo);
    g_object_unref(layout);
}

void pdf_end_page(struct pdf_writer *w)
{
    draw_stamp(w);
    pdf_colour(w, false);
    draw_folio(w);
    cairo_show_page(w->cairo);
}

void pdf_next_page(struct pdf_writer *w)
{
    pdf_end_page(w);
    w->page++;
    w->y = w->top;
}

void pdf_need(struct pdf_writer *w, double height)
{
    if (w->y + height > pdf_bottom(w) + PDF_NEAR)
        pdf_next_page(w);
}

/* Down to the next line of the grid. */
void pdf_to_grid(struct pdf_writer *w)
{
    w->y = w->top + ceil((w->y - w->top - PDF_NEAR) / w->line) * w->line;
}

void pdf_skip_lines(struct pdf_writer *w, int lines)
{
    w->y += lines * w->line;
}

/* Text that runs over as many slots and pages as it takes. */
void pdf_text(struct pdf_writer *w, struct str text, const struct pdf_setting *how)
{
    PangoLayout *layout = pdf_layout(w, text, how);
    PangoLayoutIter *line = pango_layout_get_iter(layout);
    do {
        pdf_need(w, w->line);
        pdf_line(w, line, w->left, pdf_base(w->y, w->line, how->size));
        pdf_skip_lines(w, 1);
    } while (pango_layout_iter_next_line(line));
    pango_layout_iter_free(line);
    g_object_unref(layout);
}

struct pdf_setting pdf_body(const struct pdf_writer *w, int indent)
{
    return (struct pdf_setting){.face = PAPER_FACE_BODY,
                            .size = PAPER_BODY_PT,
                            .cells = true,
                            .indent = indent * PAPER_CHAR,
                            .width = w->width};
}
