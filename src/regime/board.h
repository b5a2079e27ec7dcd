#pragma once
/*
 * Boards (`boards:` of a pack): cases that last from a day to a day (rounds, phases) side by side on a
 * line of time and, where the board says whose regions are its rows, what was made in each region
 * while each of them lasted. Read for the page; nothing of it is kept.
 */
#include "regime/regime.h"

enum { BOARD_CELLS_MAX = 4 };

struct regime_board_cell {
    struct words words;
    const struct regime_procedure *procedure; /* its cases are counted where and when they were made */
};

struct regime_board {
    struct str id;
    struct words words;
    const struct regime_procedure *columns; /* one column a case, in the order of their first days */
    const struct regime_field *from, *to;   /* its date fields: first and last day */
    const struct regime_procedure *rows;    /* one row a region of such a case; null: the line alone */
    const struct str *row_states;           /* cases in these; none: in any */
    size_t row_state_count;
    struct regime_board_cell cells[BOARD_CELLS_MAX];
    size_t cell_count;
    struct str clause;
    struct pack_place place;
};
