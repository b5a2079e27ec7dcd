/*
 * Tables: every row begins with a layout for each cell and gives its lines away until none is left, on as many pages
 * as that takes.
 */
#include <math.h>

#include "kit/paper_pdf_int.h"

#define CELL_PAD 1.5   /* mm */
#define CELL_LINE 6.0  /* mm, of 12 pt */

struct cell_run {
    PangoLayout *layout;
    PangoLayoutIter *line;
    int lines; /* still to be drawn */
    double width;
};

static int start_row(struct pdf_writer *w, const struct paper_row *row, const double *widths,
                     struct cell_run *runs)
{
    int most = 1;
    for (size_t i = 0; i < row->count; i++) {
        const struct pdf_setting how = {
            .face = row->cells[i].head ? PAPER_FACE_HEAD : PAPER_FACE_BODY,
            .size = PAPER_CELL_PT,
            .width = widths[i] - 2 * CELL_PAD,
            .align = row->cells[i].head ? PANGO_ALIGN_CENTER : PANGO_ALIGN_LEFT};
        runs[i].layout = pdf_layout(w, row->cells[i].text, &how);
        runs[i].line = pango_layout_get_iter(runs[i].layout);
        runs[i].lines = pango_layout_get_line_count(runs[i].layout);
        runs[i].width = widths[i];
        most = runs[i].lines > most ? runs[i].lines : most;
    }
    return most;
}

/* The next lines of every cell, in one box each. */
static void draw_cells(struct pdf_writer *w, struct cell_run *runs, size_t count, int lines)
{
    double height = lines * CELL_LINE + 2 * CELL_PAD;
    double x = w->left;
    for (size_t i = 0; i < count; i++) {
        int here = runs[i].lines < lines ? runs[i].lines : lines;
        double y = w->y + CELL_PAD + (lines - here) * CELL_LINE / 2;
        for (int n = 0; n < here; n++, y += CELL_LINE) {
            pdf_line(w, runs[i].line, x + CELL_PAD, pdf_base(y, CELL_LINE, PAPER_CELL_PT));
            (void)pango_layout_iter_next_line(runs[i].line);
        }
        runs[i].lines -= here;
        cairo_rectangle(w->cairo, x * PAPER_MM, w->y * PAPER_MM, runs[i].width * PAPER_MM,
                        height * PAPER_MM);
        cairo_set_line_width(w->cairo, PDF_RULE_THIN * PAPER_MM);
        cairo_stroke(w->cairo);
        x += runs[i].width;
    }
    w->y += height;
}

static int lines_left(const struct pdf_writer *w)
{
    return (int)floor((pdf_bottom(w) - w->y - 2 * CELL_PAD + PDF_NEAR) / CELL_LINE);
}

static void put_row(struct pdf_writer *w, const struct paper_block *table, const double *widths,
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
            pdf_next_page(w);
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

void pdf_table(struct pdf_writer *w, const struct paper_block *table)
{
    double widths[PAPER_COLUMNS_MAX];
    paper_column_widths(table, w->width, widths);
    if (lines_left(w) < 4) /* the head does not stand alone at the foot of a page */
        pdf_next_page(w);
    for (size_t i = 0; i < table->row_count; i++)
        put_row(w, table, widths, i);
    pdf_to_grid(w);
}
