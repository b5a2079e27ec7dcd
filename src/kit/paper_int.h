#pragma once
/*
 * The geometry that papers are drawn by, in millimetres and points (1 pt = 1/72 inch): GB/T 9704-2012
 * 5.2 and 7, for the forms 10.
 */
#include "kit/paper.h"

#define PAPER_MM (72.0 / 25.4) /* points in a millimetre */

#define PAPER_WIDTH 210.0
#define PAPER_HEIGHT 297.0
#define PAPER_TOP 37.0
#define PAPER_LEFT 28.0
#define PAPER_AREA_WIDTH 156.0
#define PAPER_AREA_HEIGHT 225.0
#define PAPER_LINES 22
#define PAPER_CHARS 28
#define PAPER_LINE (PAPER_AREA_HEIGHT / PAPER_LINES)
/* On its side: 15 lines share the height, since word processors leave what is no whole line of a page empty. */
#define PAPER_WIDE_LINE (PAPER_AREA_WIDTH / 15)
#define PAPER_CHAR (PAPER_AREA_WIDTH / PAPER_CHARS)

#define PAPER_BODY_PT 16.0  /* 3号 */
#define PAPER_TITLE_PT 22.0 /* 2号 */
#define PAPER_SMALL_PT 14.0 /* 4号 */
#define PAPER_CELL_PT 12.0  /* 小4号 */
#define PAPER_MARK_PT 44.0  /* not above 15 mm high; smaller where the name is long */

#define PAPER_MARK_DOWN 35.0       /* top of the mark below the type area's top: documents, minutes */
#define PAPER_LETTER_MARK_PT 34.0 /* so that its rules stay above the second line */
#define PAPER_LETTER_MARK 30.0     /* below the paper's upper edge: letters */
#define PAPER_LETTER_RULE 170.0    /* width of a letter's red rules */
#define PAPER_LETTER_FOOT 20.0     /* its lower rule above the paper's lower edge */
#define PAPER_RULE_DOWN 4.0        /* red rule below mark or number */
#define PAPER_FOLIO_DOWN 7.0       /* page number below the type area */
#define PAPER_KEPT_LINES 6         /* a last paragraph of so many stays with the signature */
#define PAPER_CHECK_SIZE 18.0      /* the QR code's edge */

/* Whether the day stands below the names: that of a bulletin stands in its head. */
bool paper_is_dated(const struct paper *paper);

/* Points of letter spacing that make a character of `size` points take 1/28 of the width. */
#define PAPER_SPACING_PT (PAPER_CHAR * PAPER_MM - PAPER_BODY_PT)

#define PAPER_MARK_INK 0.92 /* how much of the mark's size its characters take from top to bottom */

/* The mark's size in points, so that it fits into the type area and its form. */
double paper_mark_size(const struct paper *paper);
/* The line of the grid, counted from 0, two lines below the mark of a paper that is no letter. */
int paper_number_line(const struct paper *paper);

/* How tables are told: columns' widths in millimetres, `width_mm` in all. */
void paper_column_widths(const struct paper_block *table, double width_mm,
                         double out[PAPER_COLUMNS_MAX]);

#define PAPER_PICTURE_HIGH 56.0 /* of a photo, at most */
#define PAPER_PICTURE_GAP 4.0   /* between photos side by side, and below their words */

/* How many photos stand side by side. */
size_t paper_pictures_in_row(const struct paper *paper);
/* How many blocks from this one on are photos. */
size_t paper_picture_run(const struct paper *paper, size_t from);
/* What a photo takes of a cell so wide, in its own proportions; no pixels: there is none, or it cannot be read. */
/* The closing line in its two parts: who printed it, and the day after the last wide blank (U+3000). False: it has none. */
bool paper_printer_split(struct str printer, struct str *out_name, struct str *out_day);

struct paper_box {
    double width, height; /* mm */
    int pixels_wide, pixels_high;
};
struct paper_box paper_picture_box(const struct paper *paper, size_t picture, double cell_mm);

/* The families of each face as fontconfig takes them, the first that is there wins. */
enum paper_face { PAPER_FACE_BODY, PAPER_FACE_TITLE, PAPER_FACE_HEAD, PAPER_FACE_KAI, PAPER_FACE_SONG, PAPER_FACE_COUNT };
const char *paper_face_families(enum paper_face face);
