#pragma once
/*
 * One XML part of a zipped document, streamed through expat with every hostile trick refused:
 * document type declarations, elements too deep, parts that inflate without end.
 */
#include <expat.h>
#include <zip.h>

#include "kit/sheet_int.h"

struct xlsx_part {
    struct ctx *ctx;
    const struct sheet_job *job;
    struct str name;
    XML_Parser parser;
    void *self; /* of the caller */
    void (*open)(struct xlsx_part *part, const char *local, const char **attributes);
    void (*close)(struct xlsx_part *part, const char *local);
    void (*text)(struct xlsx_part *part, const char *at, int len);
    enum status status; /* set by xlsx_part_stop */
    bool enough;        /* set by xlsx_part_enough: the rest is not read */
    int depth;
    int foreign;   /* inside an element of another namespace, so many deep */
    int64_t bytes; /* inflated so far */
    int64_t size;  /* inflated, as the archive says: for progress only */
};

/* Reads the part of that name from its first byte; ST_NOT_FOUND without a failure: not there. */
MUST_USE enum status xlsx_part_read(struct xlsx_part *part, zip_t *zip);

/* Ends the reading from inside a handler. */
void xlsx_part_stop(struct xlsx_part *part, enum status status);
void xlsx_part_enough(struct xlsx_part *part);

/* Value of an attribute without namespace, or of one in the relationships namespace; null: none. */
const char *xlsx_attribute(const char **attributes, const char *local);
