/*
 * Photos side by side, each in the middle of its cell, its words below. The JPEG goes into the PDF as it is: cairo
 * takes the bytes along and no pixel of it is decoded.
 */
#include "kit/paper_pdf_int.h"

#define WORDS_LINE 6.0 /* mm, of 12 pt */

static PangoLayout *words_of(struct pdf_writer *w, struct str text, double width)
{
    const struct pdf_setting how = {
        .face = PAPER_FACE_BODY, .size = PAPER_CELL_PT, .width = width, .align = PANGO_ALIGN_CENTER};
    return pdf_layout(w, text, &how);
}

static void draw_frame(struct pdf_writer *w, double x, double y, const struct paper_box *box)
{
    cairo_rectangle(w->cairo, x * PAPER_MM, y * PAPER_MM, box->width * PAPER_MM,
                    box->height * PAPER_MM);
    cairo_set_line_width(w->cairo, PDF_RULE_THIN * PAPER_MM);
    cairo_stroke(w->cairo);
}

static void draw_photo(struct pdf_writer *w, struct str jpeg, double x, double y,
                       const struct paper_box *box)
{
    cairo_surface_t *image =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, box->pixels_wide, box->pixels_high);
    (void)cairo_surface_set_mime_data(image, CAIRO_MIME_TYPE_JPEG, (const unsigned char *)jpeg.at,
                                      jpeg.len, NULL, NULL);
    cairo_save(w->cairo);
    cairo_translate(w->cairo, x * PAPER_MM, y * PAPER_MM);
    cairo_scale(w->cairo, box->width * PAPER_MM / box->pixels_wide,
                box->height * PAPER_MM / box->pixels_high);
    cairo_set_source_surface(w->cairo, image, 0, 0);
    cairo_paint(w->cairo);
    cairo_restore(w->cairo);
    cairo_surface_destroy(image);
    pdf_colour(w, false);
}

static void draw_cell(struct pdf_writer *w, const struct paper_block *block, double x, double width)
{
    const struct paper_picture *picture = &w->paper->pictures[block->picture];
    struct paper_box box = paper_picture_box(w->paper, block->picture, width);
    double left = x + (width - box.width) / 2, top = w->y + PAPER_PICTURE_HIGH - box.height;
    if (box.pixels_wide == 0)
        draw_frame(w, left, top, &box);
    else
        draw_photo(w, picture->jpeg, left, top, &box);
    PangoLayout *words = words_of(w, block->text, width);
    PangoLayoutIter *line = pango_layout_get_iter(words);
    double y = w->y + PAPER_PICTURE_HIGH;
    do {
        pdf_line(w, line, x, pdf_base(y, WORDS_LINE, PAPER_CELL_PT));
        y += WORDS_LINE;
    } while (pango_layout_iter_next_line(line));
    pango_layout_iter_free(line);
    g_object_unref(words);
}

static int most_lines(struct pdf_writer *w, const struct paper_block *blocks, size_t count,
                      double width)
{
    int most = 1;
    for (size_t i = 0; i < count; i++) {
        PangoLayout *words = words_of(w, blocks[i].text, width);
        int lines = pango_layout_get_line_count(words);
        most = lines > most ? lines : most;
        g_object_unref(words);
    }
    return most;
}

void pdf_pictures(struct pdf_writer *w, const struct paper_block *blocks, size_t count, double below)
{
    size_t in_row = paper_pictures_in_row(w->paper);
    double width = (w->width - (double)(in_row - 1) * PAPER_PICTURE_GAP) / (double)in_row;
    for (size_t from = 0; from < count; from += in_row) {
        size_t here = count - from < in_row ? count - from : in_row;
        double height = PAPER_PICTURE_HIGH + WORDS_LINE * most_lines(w, blocks + from, here, width);
        bool is_last = from + here == count;
        pdf_need(w, height + (is_last ? below : 0));
        for (size_t i = 0; i < here; i++)
            draw_cell(w, &blocks[from + i],
                      w->left + (double)i * (width + PAPER_PICTURE_GAP), width);
        w->y += height + PAPER_PICTURE_GAP;
    }
    pdf_to_grid(w);
}
