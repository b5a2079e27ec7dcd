#pragma once
/*
 * A workbook opened for reading (ISO/IEC 29500-1 §12, §18): its sheets by name, which styles show
 * dates, its shared strings. Rows come from kit/xlsx_rows.
 */
#include <zip.h>

#include "base/vec.h"
#include "kit/sheet_int.h"
#include "kit/spill.h"

struct xlsx_sheet {
    struct str name;
    struct str relation; /* r:id */
    struct str part;     /* name in the archive; absent where the relation leads nowhere */
    bool hidden;
};

/* What a number in a cell of this style is shown as. */
enum xlsx_show { XLSX_NUMBER, XLSX_DATE, XLSX_TIME };

struct xlsx_book {
    const struct sheet_job *job;
    zip_t *zip;
    struct arena *arena;
    VEC(struct xlsx_sheet) sheets;
    VEC(enum xlsx_show) styles; /* by the number of a cell's s */
    struct spill strings;
    bool from_1904;
};

/* Reads one sheet's rows; the caller announced it. */
MUST_USE enum status xlsx_rows_read(struct ctx *ctx, struct xlsx_book *book, struct str part);

/* Text as XML files of Excel hold it: _x000D_ is one character (ISO/IEC 29500-1 §22.9.2.19). */
struct str xlsx_unescape(struct arena *arena, struct str text);

/* What a custom number format shows (§18.8.31): looks for days and hours outside of quotes. */
enum xlsx_show xlsx_format_show(struct str code);
