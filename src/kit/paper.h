#pragma once
/*
 * Official paper: a text in a small markup, laid out in the geometry of GB/T 9704-2012 and written as PDF
 * (paper_pdf.h). A4, type area 156 × 225 mm, 22 lines of 28 characters.
 *
 * The markup is XML, usually written by a template (kit/tmpl.h). Blanks at both ends of a text fall
 * away, a run of blanks and line ends counts as one blank.
 *
 *   <paper form="letter" seal="yes">  form: document letter minutes bulletin table; seal: room for one
 *     <mark>…</mark>                  whose paper it is, red
 *     <number>…</number>              the number; of a bulletin its issue
 *     <publisher>…</publisher>        bulletin: below the mark at the left; <date> stands at the right
 *     <title>…</title>
 *     <to>…</to>                      addressees, flush left
 *     <p>…</p>                        two characters in
 *     <h1>…</h1> <h2>…</h2> <h3>…</h3>  headings inside the text
 *     <item>…</item>                  two characters in, no heading
 *     <table widths="1 3 2"><tr><th>…</th></tr><tr><td>…</td></tr></table>   widths in parts
 *     <picture sha256="…">…</picture> a photo by its hash, with what stands below it; those that follow each
 *                                     other stand side by side
 *     <annex>…</annex>                one line each, after the text
 *     <sign>…</sign> <date>…</date>   who signs, several below each other; the day
 *     <copies>…</copies> <printer>…</printer>   the closing lines: copies to; who printed it
 *   </paper>
 *
 * A paper of form `table` lies on its side: A4 landscape, the table in small type.
 */
#include "base/ctx.h"

enum paper_form {
    PAPER_DOCUMENT,
    PAPER_LETTER,
    PAPER_MINUTES,
    PAPER_BULLETIN,
    PAPER_TABLE,
    PAPER_FORM_COUNT
};

enum paper_kind {
    PAPER_TEXT,
    PAPER_HEAD1,
    PAPER_HEAD2,
    PAPER_HEAD3,
    PAPER_ANNEX,
    PAPER_GRID, /* a table */
    PAPER_PICTURE,
    PAPER_KIND_COUNT
};

/* A photo that the markup names. */
struct paper_picture {
    struct str sha256; /* of the original, hex */
    /* Set by whoever has the paper written: a small baseline or progressive JPEG of our own making (kit/picture.h);
       empty: an empty frame stands in its place. */
    struct str jpeg;
};

struct paper_cell {
    struct str text;
    bool head;
};

struct paper_row {
    const struct paper_cell *cells;
    size_t count;
};

struct paper_block {
    enum paper_kind kind;
    struct str text;       /* of everything but a table */
    size_t picture;        /* in paper->pictures */
    const int *widths;     /* parts, each 1..1000, as many as columns */
    size_t column_count;   /* 1..PAPER_COLUMNS_MAX, every row has as many */
    const struct paper_row *rows;
    size_t row_count;
};

enum { PAPER_COLUMNS_MAX = 16, PAPER_SIGNERS_MAX = 8, PAPER_BYTES_MAX = 1024 * 1024, PAPER_BLOCKS_MAX = 5000, PAPER_PICTURES_MAX = 100 };

/* Open: free to read. Absent texts are empty. */
struct paper {
    enum paper_form form;
    bool seal;
    struct str mark, number, publisher, title, to, date, copies, printer;
    const struct str *signers;
    size_t signer_count;
    const struct paper_block *blocks;
    size_t block_count;
    struct paper_picture *pictures;
    size_t picture_count;
    /* Not of the markup, set by whoever has it written: */
    struct str check_url;  /* drawn as a QR code beside the signature; empty: none */
    struct str check_text; /* a few characters below it */
    struct str stamp;      /* a word across each page of the PDF, as of a draft; empty: none */
    struct str made;       /* RFC 3339, told by the file itself; empty: the moment of writing */
};

/*
 * Reads the markup; what stands in `out` lives in ctx->arena. The check texts are left empty.
 *
 * Errors: ST_INVALID  paper.markup {line}: not as above
 *         ST_LIMIT    paper.too_large {limit}: more bytes, blocks, columns or pictures than the limits
 */
MUST_USE enum status paper_read(struct ctx *ctx, struct str markup, struct paper *out);

const char *paper_form_name(enum paper_form form);
/* false: no form is called so. */
bool paper_form_parse(struct str name, enum paper_form *out);
