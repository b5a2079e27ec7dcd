/*
 * The package: parts, how they relate, what type each is. The text is written by paper_docx_body.c, the
 * styles by paper_docx_styles.c.
 */
#include "kit/paper_docx.h"

#include <png.h>

#include "kit/archive_bytes.h"
#include "kit/paper_docx_int.h"
#include "kit/qr.h"

enum { PART_BYTES = 32 * 1024 * 1024, MODULE_DOTS = 8, PARTS_MAX = 16 + PAPER_PICTURES_MAX };

#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
#define PACKAGE "http://schemas.openxmlformats.org/package/2006/"
#define WORD "application/vnd.openxmlformats-officedocument.wordprocessingml."

/* What the document is related to. */
static const struct relation {
    const char *id, *kind, *target, *type; /* type: of its content; null: by its ending */
    bool letter, checked;                  /* only there for these */
} relations[] = {
    {"styles", "styles", "styles.xml", WORD "styles+xml", false, false},
    {"settings", "settings", "settings.xml", WORD "settings+xml", false, false},
    {"fonts", "fontTable", "fontTable.xml", WORD "fontTable+xml", false, false},
    {"odd", "footer", "footer1.xml", WORD "footer+xml", false, false},
    {"even", "footer", "footer2.xml", WORD "footer+xml", false, false},
    {"foot", "footer", "footer3.xml", WORD "footer+xml", true, false},
    {"head", "header", "header1.xml", WORD "header+xml", true, false},
    {"check", "image", "media/check.png", NULL, false, true},
};

struct str docx_photo_part(struct arena *arena, size_t picture)
{
    return str_printf(arena, "photo%zu", picture + 1);
}

static bool is_there(const struct relation *relation, const struct paper *paper)
{
    return (!relation->letter || paper->form == PAPER_LETTER) &&
           (!relation->checked || !str_is_empty(paper->check_url));
}

static void put_types(struct buf *out, const struct paper *paper)
{
    buf_c(out, DOCX_XML "<Types xmlns=\"" PACKAGE "content-types\">"
                        "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package."
                        "relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/>"
                        "<Default Extension=\"png\" ContentType=\"image/png\"/>"
                        "<Default Extension=\"jpeg\" ContentType=\"image/jpeg\"/>"
                        "<Override PartName=\"/docProps/core.xml\" ContentType=\"application/vnd."
                        "openxmlformats-package.core-properties+xml\"/>"
                        "<Override PartName=\"/word/document.xml\" ContentType=\"" WORD
                        "document.main+xml\"/>");
    for (size_t i = 0; i < COUNT_OF(relations); i++)
        if (relations[i].type != NULL && is_there(&relations[i], paper))
            buf_printf(out, "<Override PartName=\"/word/%s\" ContentType=\"%s\"/>", relations[i].target,
                       relations[i].type);
    buf_c(out, "</Types>");
}

static void put_package_relations(struct buf *out)
{
    buf_c(out, DOCX_XML "<Relationships xmlns=\"" PACKAGE "relationships\">"
                        "<Relationship Id=\"document\" Type=\"" OFFICE
                        "officeDocument\" Target=\"word/document.xml\"/>"
                        "<Relationship Id=\"core\" Type=\"" PACKAGE
                        "relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/>"
                        "</Relationships>");
}

static void put_relations(struct buf *out, const struct paper *paper)
{
    buf_c(out, DOCX_XML "<Relationships xmlns=\"" PACKAGE "relationships\">");
    for (size_t i = 0; i < COUNT_OF(relations); i++)
        if (is_there(&relations[i], paper))
            buf_printf(out, "<Relationship Id=\"%s\" Type=\"" OFFICE "%s\" Target=\"%s\"/>",
                       relations[i].id, relations[i].kind, relations[i].target);
    for (size_t i = 0; i < paper->picture_count; i++) {
        struct str part = docx_photo_part(out->arena, i);
        if (!str_is_empty(paper->pictures[i].jpeg))
            buf_printf(out,
                       "<Relationship Id=\"%.*s\" Type=\"" OFFICE "image\" Target=\"media/%.*s.jpeg\"/>",
                       STR_ARG(part), STR_ARG(part));
    }
    buf_c(out, "</Relationships>");
}

static void put_core(struct buf *out, const struct paper *paper)
{
    buf_c(out, DOCX_XML "<cp:coreProperties xmlns:cp=\"" PACKAGE "metadata/core-properties\" "
                        "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
                        "xmlns:dcterms=\"http://purl.org/dc/terms/\" "
                        "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>");
    xml_text(out, paper->title);
    buf_c(out, "</dc:title><dc:identifier>");
    xml_text(out, paper->number);
    buf_c(out, "</dc:identifier>");
    if (!str_is_empty(paper->made)) {
        buf_c(out, "<dcterms:created xsi:type=\"dcterms:W3CDTF\">");
        xml_text(out, paper->made);
        buf_c(out, "</dcterms:created>");
    }
    buf_c(out, "</cp:coreProperties>");
}

/* Compatibility 15: as Word has laid out since 2013, tables flush with the text. */
static void put_settings(struct buf *out)
{
    buf_c(out, DOCX_XML "<w:settings " DOCX_NAMESPACES "><w:zoom w:percent=\"100\"/><w:evenAndOddHeaders/>"
                        "<w:characterSpacingControl w:val=\"doNotCompress\"/><w:compat>"
                        "<w:spaceForUL/><w:balanceSingleByteDoubleByteWidth/><w:doNotLeaveBackslashAlone/>"
                        "<w:compatSetting w:name=\"compatibilityMode\" "
                        "w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/></w:compat>"
                        "<w:themeFontLang w:val=\"en-US\" w:eastAsia=\"zh-CN\"/></w:settings>");
}

enum status docx_check_png(struct ctx *ctx, struct str text, struct str *out)
{
    const unsigned char *grid;
    int count;
    TRY(qr_grid(ctx, text, &grid, &count));
    size_t edge = (size_t)count * MODULE_DOTS, size = 0;
    unsigned char *dots = arena_alloc(ctx->arena, edge * edge);
    for (size_t y = 0; y < edge; y++)
        for (size_t x = 0; x < edge; x++)
            dots[y * edge + x] =
                grid[y / MODULE_DOTS * (size_t)count + x / MODULE_DOTS] != 0 ? 0 : 255;
    png_image image = {.version = PNG_IMAGE_VERSION,
                       .width = (png_uint_32)edge,
                       .height = (png_uint_32)edge,
                       .format = PNG_FORMAT_GRAY};
    char *bytes = NULL;
    if (png_image_write_get_memory_size(image, size, 0, dots, 0, NULL))
        bytes = arena_alloc(ctx->arena, size);
    if (bytes == NULL || !png_image_write_to_memory(&image, bytes, &size, 0, dots, 0, NULL))
        return fail(ctx, ST_IO, "paper.cannot_draw", ARGS(arg_c("error", image.message)));
    *out = (struct str){bytes, size};
    return ST_OK;
}

/* The parts of one package, each in a buffer of its own. */
struct package {
    struct ctx *ctx;
    struct buf texts[PARTS_MAX];
    struct archive_part parts[PARTS_MAX];
    size_t count;
};

static struct buf *add_part(struct package *package, const char *name)
{
    must(package->count < PARTS_MAX);
    struct buf *text = &package->texts[package->count];
    package->parts[package->count++].name = name;
    buf_init(text, package->ctx->arena, PART_BYTES);
    return text;
}

enum status paper_docx_write(struct ctx *ctx, const struct paper *paper, struct buf *out)
{
    struct package package = {.ctx = ctx};
    struct str picture = {0};
    put_types(add_part(&package, "[Content_Types].xml"), paper);
    put_package_relations(add_part(&package, "_rels/.rels"));
    put_core(add_part(&package, "docProps/core.xml"), paper);
    docx_put_body(add_part(&package, "word/document.xml"), paper);
    put_relations(add_part(&package, "word/_rels/document.xml.rels"), paper);
    docx_put_styles(add_part(&package, "word/styles.xml"));
    docx_put_fonts(add_part(&package, "word/fontTable.xml"));
    put_settings(add_part(&package, "word/settings.xml"));
    docx_put_folio(add_part(&package, "word/footer1.xml"), false);
    docx_put_folio(add_part(&package, "word/footer2.xml"), true);
    if (paper->form == PAPER_LETTER) {
        docx_put_letter_foot(add_part(&package, "word/footer3.xml"));
        docx_put_letter_head(add_part(&package, "word/header1.xml"), paper);
    }
    if (!str_is_empty(paper->check_url)) {
        TRY(docx_check_png(ctx, paper->check_url, &picture));
        buf_text(add_part(&package, "word/media/check.png"), picture);
    }
    for (size_t i = 0; i < paper->picture_count; i++) {
        struct str part = docx_photo_part(ctx->arena, i);
        if (!str_is_empty(paper->pictures[i].jpeg))
            buf_text(add_part(&package, str_printf(ctx->arena, "word/media/%.*s.jpeg", STR_ARG(part)).at),
                     paper->pictures[i].jpeg);
    }
    for (size_t i = 0; i < package.count; i++) {
        TRY(buf_status(&package.texts[i]));
        package.parts[i].bytes = buf_str(&package.texts[i]);
    }
    return archive_bytes_write(ctx, package.parts, package.count, out);
}
