#pragma once
/*
 * What the parts of paper_pdf share: a page in the making and how text is set on it. Lengths are millimetres from the
 * paper's upper left corner unless said otherwise.
 */
#include <cairo.h>
#include <pango/pangocairo.h>

#include "kit/paper_int.h"

#define PDF_NEAR 0.01      /* mm */
#define PDF_RULE_THIN 0.25

struct pdf_writer {
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
struct pdf_setting {
    enum paper_face face;
    double size; /* pt */
    bool bold;
    bool cells; /* in the grid of 28 characters */
    double indent; /* mm, of the first line */
    double width; /* mm; 0: one line as long as it is */
    PangoAlignment align;
};

/* Of the type area. */
double pdf_bottom(const struct pdf_writer *w);
/* Free it with g_object_unref. */
PangoLayout *pdf_layout(struct pdf_writer *w, struct str text, const struct pdf_setting *how);
double pdf_width(PangoLayout *layout);
void pdf_colour(struct pdf_writer *w, bool red);
void pdf_rule(struct pdf_writer *w, double x, double y, double width, double thick);
/* One line of a layout with its base line at `base`, where the layout begins at x. */
void pdf_line(struct pdf_writer *w, PangoLayoutIter *line, double x, double base);
/* The base line of text in the middle of a slot. */
double pdf_base(double slot, double line_height, double size_pt);
/* One line alone in its slot. */
void pdf_short(struct pdf_writer *w, PangoLayout *layout, double x, double slot, double line_height, double size_pt);
/* Stamp and page number; the page is done. */
void pdf_end_page(struct pdf_writer *w);
void pdf_next_page(struct pdf_writer *w);
/* Overleaf, unless so much is left of the page. */
void pdf_need(struct pdf_writer *w, double height);
/* Down to the next line of the grid. */
void pdf_to_grid(struct pdf_writer *w);
void pdf_skip_lines(struct pdf_writer *w, int lines);
/* Text that runs over as many slots and pages as it takes. */
void pdf_text(struct pdf_writer *w, struct str text, const struct pdf_setting *how);
/* indent: characters */
struct pdf_setting pdf_body(const struct pdf_writer *w, int indent);

/* Blocks that follow each other, photos all; below: what stays on the page of the last row. */
void pdf_pictures(struct pdf_writer *w, const struct paper_block *blocks, size_t count, double below);
/* In small type; a short row stays whole, the head comes again overleaf. */
void pdf_table(struct pdf_writer *w, const struct paper_block *table);
