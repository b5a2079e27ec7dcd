#pragma once
/*
 * Shared by directory.c (files to tables, the kinds that are one record a line) and
 * directory_people.c (lines that are a person, an account and a post).
 */
#include "base/strmap.h"
#include "services/directory.h"
#include "store/ledger.h"
#include "store/record_rows.h"

enum { DIRECTORY_COLUMN_MAX = 10 };

/* One line of a file, or one row of the database in the same shape. Cells are never absent. */
struct directory_line {
    int64_t row;                            /* of the file; 0: out of the database */
    int64_t id;                             /* of the record; 0: out of a file */
    struct str cells[DIRECTORY_COLUMN_MAX]; /* in the order of the kind's columns */
};

struct directory_table {
    struct directory_line *at;
    size_t len;
    size_t cap;
};

enum {
    PEOPLE_LOGIN,
    PEOPLE_NAME,
    PEOPLE_UNIT,
    PEOPLE_POST,
    PEOPLE_RANK,
    PEOPLE_PHONE,
    PEOPLE_FROM,
    PEOPLE_TO
};

/* An import under way. */
struct directory_work {
    const struct home *home;
    const struct directory_order *order;
    struct directory_table table;
    struct directory_report *report;
    size_t fault_count_read; /* faults of the file itself; the job may run again from here */
};

void directory_fault(struct ctx *ctx, struct directory_work *work, int64_t row, const char *column,
                     const char *key, struct args args);
/* Writes a record where it is new or differs; empty members are left out. */
MUST_USE enum status directory_put(struct ctx *ctx, struct ledger_tx *ledger,
                                   struct directory_work *work, enum record_kind kind, int64_t id,
                                   const struct value *before, const struct value *after,
                                   int64_t *out_id);
/* Puts a text under the name, where it is not empty. */
void directory_field(struct arena *arena, struct value *fields, const char *name, struct str text);
/* ST_INVALID directory.faulty where the report has faults. */
MUST_USE enum status directory_need_whole(struct ctx *ctx, const struct directory_work *work);

/* The work of the kind `people`, inside the job. */
MUST_USE enum status directory_write_people(struct ctx *ctx, struct ledger_tx *ledger,
                                            struct directory_work *work);
MUST_USE enum status directory_list_people(struct ctx *ctx, struct db_conn *conn,
                                           struct directory_table *out);
