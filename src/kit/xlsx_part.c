/*
 * Only elements of the spreadsheet namespaces (transitional and strict, ISO/IEC 29500-1 and -4) and
 * of package relationships reach the handlers, by local name; whatever prefix they were written
 * with is expat's business.
 */
#include "kit/xlsx_part.h"

#include <string.h>

enum { PIECE = 64 * 1024, DEPTH_LIMIT = 64, RATIO_LIMIT = 250 };
static const int64_t ratio_free_bytes = INT64_C(32) * 1024 * 1024;
static const int64_t part_limit_bytes = INT64_C(4) * 1024 * 1024 * 1024;

static const char *const namespaces[] = {
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
    "http://schemas.openxmlformats.org/package/2006/relationships",
};

/* The local name of one of our elements, else null. */
static const char *local_name(const char *name)
{
    const char *bar = strrchr(name, '|');
    if (bar == NULL)
        return NULL;
    for (size_t i = 0; i < COUNT_OF(namespaces); i++)
        if (strncmp(name, namespaces[i], (size_t)(bar - name)) == 0 &&
            namespaces[i][bar - name] == '\0')
            return bar + 1;
    return NULL;
}

void xlsx_part_stop(struct xlsx_part *part, enum status status)
{
    if (part->status == ST_OK)
        part->status = status;
    XML_StopParser(part->parser, XML_FALSE);
}

void xlsx_part_enough(struct xlsx_part *part)
{
    part->enough = true;
    XML_StopParser(part->parser, XML_FALSE);
}

const char *xlsx_attribute(const char **attributes, const char *local)
{
    static const char tail[] = "/relationships|";
    for (; attributes[0] != NULL; attributes += 2) {
        const char *bar = strrchr(attributes[0], '|');
        if (bar == NULL && strcmp(attributes[0], local) == 0)
            return attributes[1];
        size_t before = bar == NULL ? 0 : (size_t)(bar + 1 - attributes[0]);
        if (before > sizeof tail - 1 && strcmp(bar + 1, local) == 0 &&
            memcmp(bar + 1 - (sizeof tail - 1), tail, sizeof tail - 1) == 0)
            return attributes[1];
    }
    return NULL;
}

static void on_open(void *user, const char *name, const char **attributes)
{
    struct xlsx_part *part = user;
    if (++part->depth > DEPTH_LIMIT) {
        xlsx_part_stop(part,
                       sheet_fail(part->ctx, ST_INVALID, "sheet.part_broken", part->job, part->name,
                                  (int64_t)XML_GetCurrentLineNumber(part->parser)));
        return;
    }
    const char *local = local_name(name);
    if (local == NULL || part->foreign > 0)
        part->foreign++;
    else
        part->open(part, local, attributes);
}

static void on_close(void *user, const char *name)
{
    struct xlsx_part *part = user;
    part->depth--;
    if (part->foreign > 0)
        part->foreign--;
    else if (part->close != NULL)
        part->close(part, local_name(name));
}

static void on_text(void *user, const XML_Char *at, int len)
{
    struct xlsx_part *part = user;
    if (part->foreign == 0 && part->text != NULL)
        part->text(part, at, len);
}

static void on_doctype(void *user, const char *name, const char *system, const char *public,
                       int has_subset)
{
    (void)name;
    (void)system;
    (void)public;
    (void)has_subset;
    struct xlsx_part *part = user;
    xlsx_part_stop(part,
                   sheet_fail(part->ctx, ST_INVALID, "sheet.doctype", part->job, part->name, 0));
}

/* A table compresses well, but not without bound; small parts may be as regular as they like. */
static enum status check_growth(struct xlsx_part *part, uint64_t compressed)
{
    bool swollen =
        part->bytes > ratio_free_bytes && (uint64_t)part->bytes / RATIO_LIMIT > compressed;
    if (!swollen && part->bytes <= part_limit_bytes)
        return ST_OK;
    return sheet_fail(part->ctx, ST_LIMIT, "sheet.bomb", part->job, part->name, part->bytes);
}

static enum status parse_piece(struct xlsx_part *part, int len)
{
    enum XML_Status parsed = XML_ParseBuffer(part->parser, len, len == 0);
    if (part->status != ST_OK)
        return part->status;
    if (parsed == XML_STATUS_OK || part->enough)
        return ST_OK;
    return sheet_fail(part->ctx, ST_INVALID, "sheet.part_broken", part->job, part->name,
                      (int64_t)XML_GetCurrentLineNumber(part->parser));
}

static enum status parse_all(struct xlsx_part *part, zip_file_t *file, uint64_t compressed)
{
    for (;;) {
        void *piece = XML_GetBuffer(part->parser, PIECE);
        must(piece != NULL);
        zip_int64_t got = zip_fread(file, piece, PIECE);
        if (got < 0)
            return sheet_fail(part->ctx, ST_INVALID, "sheet.part_broken", part->job, part->name, 0);
        part->bytes += got;
        TRY(check_growth(part, compressed));
        TRY(parse_piece(part, (int)got));
        if (got == 0 || part->enough)
            return ST_OK;
    }
}

static void parser_prepare(struct xlsx_part *part)
{
    part->parser = XML_ParserCreateNS(NULL, '|');
    must(part->parser != NULL);
    XML_SetUserData(part->parser, part);
    XML_SetElementHandler(part->parser, on_open, on_close);
    XML_SetCharacterDataHandler(part->parser, on_text);
    XML_SetStartDoctypeDeclHandler(part->parser, on_doctype);
    XML_SetParamEntityParsing(part->parser, XML_PARAM_ENTITY_PARSING_NEVER);
}

enum status xlsx_part_read(struct xlsx_part *part, zip_t *zip)
{
    char name[512];
    if (part->name.len >= sizeof name || part->name.len == 0)
        return ST_NOT_FOUND;
    memcpy(name, part->name.at, part->name.len);
    name[part->name.len] = '\0';
    zip_stat_t about;
    zip_stat_init(&about);
    if (zip_stat(zip, name, ZIP_FL_NOCASE, &about) != 0)
        return ST_NOT_FOUND;
    zip_file_t *file = zip_fopen_index(zip, about.index, 0);
    if (file == NULL)
        return sheet_fail(part->ctx, ST_INVALID, "sheet.part_broken", part->job, part->name, 0);
    part->size = (int64_t)(about.size > INT64_MAX ? INT64_MAX : about.size);
    parser_prepare(part);
    enum status status = parse_all(part, file, about.comp_size);
    XML_ParserFree(part->parser);
    part->parser = NULL;
    zip_fclose(file);
    return status;
}
