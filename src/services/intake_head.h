#pragma once
/*
 * The first pass: the head of each sheet kept in memory, the header found in it, its columns
 * understood.
 */
#include "base/vec.h"
#include "services/intake.h"

/* The head of one sheet; texts cut to INTAKE_PROFILE_TEXT bytes. */
enum { INTAKE_PROFILE_TEXT = 600 };

struct profile_row {
    int64_t number;
    const struct cell *cells;
    size_t count;
};

struct profile {
    struct str sheet, encoding;
    int index;
    bool hidden;
    VEC(struct profile_row) rows;
    size_t width; /* columns in use */
};

/* What the first pass decided on one sheet. */
struct head {
    const struct profile *profile;
    int64_t header_row; /* 0: none */
    int header_lines;
    VEC(struct intake_column) columns;
    VEC(struct intake_fault) faults; /* on columns: repeated, against their content */
    struct str batch;
    struct day date;
    bool batch_several;
    int year;  /* for dates printed without one; 0: unknown */
    int score; /* which sheet is the table: more is better */
};

void head_read(struct arena *arena, const struct intake_dict *dict,
               const struct intake_options *options, const struct profile *profile,
               struct head *out);
