#pragma once
/*
 * What a received table is once it was read: columns, rows of fields, faults. intake_scan makes
 * them, intake_report and the import gather them.
 */
#include "kit/sheet.h"
#include "services/intake_dict.h"

enum { INTAKE_PROFILE_ROWS = 300, INTAKE_COLUMN_LIMIT = SHEET_COLUMN_LIMIT };

enum intake_severity { INTAKE_WARNING, INTAKE_ERROR };

/* One doubtful place. An error refuses its row; a warning marks it. */
struct intake_fault {
    int64_t row;      /* of the sheet, from 1; 0: the file */
    int column;       /* from 1; 0: the row */
    const char *code; /* static, the machine name */
    enum intake_severity severity;
    struct reason reason; /* key intake.<code>, static; texts borrowed for the call */
};

struct intake_column {
    int index;          /* from 1 */
    struct str printed; /* as printed; two header lines joined by a blank; "" for none */
    enum intake_field field;
    struct str tick; /* type columns of a two-line header: what a tick in it says; or absent */
};

/* What is known once the first pass is over. */
struct intake_table {
    struct str file, sheet, encoding; /* sheet, encoding: absent where the format has none */
    int64_t header_row;               /* 0: none found */
    int header_lines;                 /* 0..2 */
    const struct intake_column *columns;
    size_t column_count;
    struct str batch; /* of the title, or as given; may be absent */
    struct day date;
};

struct intake_value {
    struct str text; /* as printed, tidied; several columns joined by a line feed (place: not
                                joined by anything); absent: no such column or an empty cell */
    int column;      /* first one it came from; 0: none (derived) */
    struct str code; /* of a vocabulary word; key_case: "yes" or "no"; absent: unknown */
    const struct str *codes; /* type: all known ones */
    size_t code_count;
    struct day day; /* date */
};

struct intake_extra {
    int column;
    struct str printed, text;
};

struct intake_row {
    int64_t number;   /* of the sheet, from 1 */
    bool accepted;    /* no error among its faults */
    struct str batch; /* label ("25", "35-1"); absent: unknown */
    struct day batch_date;
    struct intake_value values[INTAKE_FIELD_COUNT];
    const struct intake_extra *extras; /* cells of unmapped columns that are not empty */
    size_t extra_count;
    int permille; /* of the table read so far */
};

/* Faults of a row come before the row. A status other than ST_OK ends the scan and is given back. */
struct intake_visitor {
    void *self;
    enum status (*table)(void *self, struct ctx *ctx, const struct intake_table *table);
    enum status (*fault)(void *self, struct ctx *ctx, const struct intake_fault *fault);
    enum status (*row)(void *self, struct ctx *ctx, const struct intake_row *row);
};

/* A column whose meaning was chosen by hand or remembered from its source. */
struct intake_choice {
    int index;          /* from 1; 0: by name */
    struct str printed; /* compared as by fold_name */
    enum intake_field field;
};

struct intake_options {
    struct str shown_name; /* of the file; absent: the path */
    struct str tmp_dir;
    struct str batch; /* where the file does not say; may be absent */
    struct day date;  /* likewise, else DAY_NONE */
    const struct intake_choice *choices;
    size_t choice_count;
    bool in_process; /* see sheet_options */
};

struct intake_summary {
    int64_t rows, accepted;
};

/* Every fault there is: key of its sentence, of which what follows "intake." is the code. */
struct intake_fault_kind {
    const char *key;
    enum intake_severity severity;
};
extern const struct intake_fault_kind intake_fault_kinds[];
extern const size_t intake_fault_kind_count;
