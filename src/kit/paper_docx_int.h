#pragma once
/*
 * What the parts of paper_docx share. Lengths are twips (1/20 pt) unless said otherwise.
 */
#include "base/buf.h"
#include "kit/paper.h"
#include "kit/paper_int.h"

#define DOCX_NAMESPACES                                                                             \
    "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" "                     \
    "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" "              \
    "xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" "          \
    "xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" "                            \
    "xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\""
#define DOCX_XML "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"

enum {
    DOCX_LINE = 579,      /* a line of the grid; 22 of them and a hair are the type area */
    DOCX_CHAR = 315,      /* a character of 3号 with its spacing: 28 of them in a line */
    DOCX_SPACING = -5,    /* what makes 16 pt that wide */
    DOCX_CELL_LINE = 340, /* 6 mm */
    DOCX_CELL_PAD = 77,   /* 1.5 mm less half a rule */
    DOCX_CLOSE_LINE = 454, /* 8 mm */
    DOCX_CLOSE_CHAR = 280  /* 14 pt */
};

/* The page a paper is written on. */
struct docx_page {
    bool wide; /* on its side */
    int width, height, left, right, top, bottom; /* margins */
    int area; /* width of the type area */
    int header, footer; /* from the paper's edges */
};

struct docx_page docx_page_of(const struct paper *paper);
int docx_twips(double mm);

/* How a paragraph departs from its style; 0: not. */
struct docx_para {
    const char *style;
    int before, after, exact; /* exact: height of a line, off the grid */
    int left, right;          /* indents; may be negative */
    int tab;                  /* a right tab stop */
    bool keep;                /* with the next paragraph */
    const char *border;       /* the whole <w:pBdr> element */
};

void docx_open(struct buf *out, const struct docx_para *para);
void docx_close(struct buf *out);
/* A run of text; size in half-points, 0: the style's. */
void docx_run(struct buf *out, struct str text, int size);
void docx_para(struct buf *out, const struct docx_para *para, struct str text);
/* A gap that holds nothing, `exact` high. */
void docx_gap(struct buf *out, int exact);

/* word/styles.xml and word/fontTable.xml. */
void docx_put_styles(struct buf *out);
void docx_put_fonts(struct buf *out);
/* word/document.xml. */
void docx_put_body(struct buf *out, const struct paper *paper);
/* A letter's mark and upper rule; every page's number; a letter's lower rule. */
void docx_put_letter_head(struct buf *out, const struct paper *paper);
void docx_put_folio(struct buf *out, bool even);
void docx_put_letter_foot(struct buf *out);
/* How the part of a photo is called where it is named: "photo3". */
struct str docx_photo_part(struct arena *arena, size_t picture);
/* The code as a picture. Errors: ST_LIMIT qr.too_long; ST_IO paper.cannot_draw */
MUST_USE enum status docx_check_png(struct ctx *ctx, struct str text, struct str *out);
