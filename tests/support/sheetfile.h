#pragma once
/*
 * Small table files for tests, made when the test runs: nothing binary is kept in the repository.
 */
#include <stddef.h>

#include "base/str.h"

/* A temporary file with these bytes; gives its path, which stays valid until the test ends. */
const char *sheetfile_bytes(struct arena *arena, struct str bytes);

/*
 * A workbook of given parts; a null name ends the list. Without "[Content_Types].xml",
 * "_rels/.rels" and the workbook's own parts where `parts` does not bring them itself:
 * sheetfile_book adds those for one sheet named 表 at xl/worksheets/sheet1.xml.
 */
struct sheetfile_part {
    const char *name;
    const char *text;
};
const char *sheetfile_zip(struct arena *arena, const struct sheetfile_part *parts);

/* One sheet from its inner XML (sheetData, mergeCells); shared strings and styles may be null. */
const char *sheetfile_book(struct arena *arena, const char *sheet, const char *strings,
                           const char *styles);

#define SHEETFILE_MAIN "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
