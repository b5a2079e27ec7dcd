#pragma once
/*
 * Directories as tables, in and out: regions, units, people with their posts, calendars. UTF-8 csv
 * with a header, columns in any order; a list inside a cell is parted by ;.
 *
 *   regions    code name short_name parent level valid_from valid_to
 *   units      code name short_name aliases kind region parent valid_from valid_to mark
 *   people     login name unit post rank phone valid_from valid_to    a line for each post held
 *   calendar   date day(off|work) name notice
 *
 * An import is one transaction: with a single fault nothing of it is taken. What is there already is
 * found again (regions by code and valid_from, units by code, people by login, posts by person, unit
 * and post, days by date) and changed where it differs; what the file does not name stays. After
 * regions and calendars the rows of all cases are derived again (upkeep_refresh); where that was cut
 * short, the same import once more does it.
 */
#include "services/home.h"

enum directory_kind {
    DIRECTORY_REGIONS,
    DIRECTORY_UNITS,
    DIRECTORY_PEOPLE,
    DIRECTORY_CALENDAR,
    DIRECTORY_KIND_COUNT
};

const char *directory_kind_name(enum directory_kind kind);
bool directory_kind_parse(struct str name, enum directory_kind *out);

struct directory_fault {
    int64_t row;        /* records from 1, the header is 1 */
    struct str column;  /* its name; absent: the whole row */
    struct reason reason;
};

struct directory_report {
    int64_t rows; /* without the header */
    int64_t created, changed, same; /* records; a line of people is up to three of them */
    struct directory_fault *faults;
    size_t fault_count; /* at most DIRECTORY_FAULT_MAX */
};

enum { DIRECTORY_FAULT_MAX = 100, DIRECTORY_ROWS_MAX = 200000, DIRECTORY_BYTES_MAX = 64 << 20 };

struct directory_order {
    enum directory_kind kind;
    struct str bytes;
    struct str calendar;    /* name, for DIRECTORY_CALENDAR */
    struct str actor;       /* who imports: caller_actor, or "system" */
    bool may_grant;         /* people: posts of the platform may be given */
};

/*
 * Errors: ST_INVALID directory.faulty {n}: see the report, nothing was taken
 *         ST_LIMIT   directory.too_large {limit}
 */
MUST_USE enum status directory_import(struct ctx *ctx, const struct home *home,
                                      const struct directory_order *order,
                                      struct directory_report *out);

/* The same table back, in ctx->arena. A calendar's name for DIRECTORY_CALENDAR. */
MUST_USE enum status directory_export(struct ctx *ctx, struct db_conn *conn,
                                      enum directory_kind kind, struct str calendar,
                                      struct str *out);
