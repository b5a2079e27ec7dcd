/*
 * The styles of official paper and their fonts. A style says everything about its paragraphs, so the body
 * names styles and little else.
 */
#include "kit/paper_docx_int.h"

/* As word processors know them; the names that follow stand in where the first is missing. */
static const struct {
    const char *name, *instead, *family;
} fonts[] = {
    [PAPER_FACE_BODY] = {"仿宋_GB2312", "FangSong,仿宋,FandolFang,Noto Serif CJK SC", "modern"},
    [PAPER_FACE_TITLE] = {"方正小标宋简体", "FZXiaoBiaoSong-B05S,方正小标宋_GBK,FandolSong,Noto Serif CJK SC", "auto"},
    [PAPER_FACE_HEAD] = {"黑体", "SimHei,FandolHei,Noto Sans CJK SC", "modern"},
    [PAPER_FACE_KAI] = {"楷体_GB2312", "KaiTi,楷体,FandolKai,AR PL UKai CN,Noto Serif CJK SC", "modern"},
    [PAPER_FACE_SONG] = {"宋体", "SimSun,FandolSong,Noto Serif CJK SC", "auto"},
};

struct style {
    const char *id, *name;
    enum paper_face face;
    int size;          /* half-points */
    const char *align; /* w:jc */
    int exact;         /* twips; 0: a line of the grid */
    int first;         /* hundredths of a character that the first line stands in */
    int outline;       /* 1.. : a heading of that level */
    bool bold, red;
    bool loose; /* no spacing of the grid's characters */
    bool tall;  /* as high as what stands in it, off the grid */
    int upper, lower; /* rules, in 1/8 pt: 8 is the thick one of the closing lines, 6 the thin one */
};

static const struct style styles[] = {
    {.id = "Text", .name = "Body Text", .face = PAPER_FACE_BODY, .size = 32, .align = "both", .first = 200},
    {.id = "Heading1", .name = "heading 1", .face = PAPER_FACE_HEAD, .size = 32, .align = "both", .first = 200,
     .outline = 1},
    {.id = "Heading2", .name = "heading 2", .face = PAPER_FACE_KAI, .size = 32, .align = "both", .first = 200,
     .outline = 2},
    {.id = "Heading3", .name = "heading 3", .face = PAPER_FACE_BODY, .size = 32, .align = "both", .first = 200,
     .outline = 3, .bold = true},
    {.id = "Title", .name = "Title", .face = PAPER_FACE_TITLE, .size = 44, .align = "center",
     .exact = DOCX_LINE, .loose = true},
    {.id = "Mark", .name = "发文机关标志", .face = PAPER_FACE_TITLE, .size = 88, .align = "center", .red = true,
     .loose = true, .exact = DOCX_LINE},
    {.id = "Number", .name = "发文字号", .face = PAPER_FACE_BODY, .size = 32, .align = "center"},
    {.id = "Flush", .name = "主送机关", .face = PAPER_FACE_BODY, .size = 32, .align = "both"},
    {.id = "Annex", .name = "附件说明", .face = PAPER_FACE_BODY, .size = 32, .align = "both", .first = 200},
    {.id = "Signature", .name = "Signature", .face = PAPER_FACE_BODY, .size = 32, .align = "left"},
    {.id = "Cell", .name = "表格文字", .face = PAPER_FACE_BODY, .size = 24, .align = "left",
     .exact = DOCX_CELL_LINE, .loose = true},
    {.id = "CellHead", .name = "表头", .face = PAPER_FACE_HEAD, .size = 24, .align = "center",
     .exact = DOCX_CELL_LINE, .loose = true},
    {.id = "Photo", .name = "图片", .face = PAPER_FACE_BODY, .size = 2, .align = "center", .tall = true, .loose = true},
    {.id = "PhotoWords", .name = "图片说明", .face = PAPER_FACE_BODY, .size = 24, .align = "center",
     .exact = DOCX_CELL_LINE, .loose = true},
    {.id = "Closing", .name = "版记", .face = PAPER_FACE_BODY, .size = 28, .align = "left",
     .exact = DOCX_CLOSE_LINE, .loose = true},
    {.id = "ClosingOnly", .name = "版记（单行）", .face = PAPER_FACE_BODY, .size = 28, .align = "left",
     .exact = DOCX_CLOSE_LINE, .loose = true, .upper = 8, .lower = 8},
    /* Of two the upper one brings the rule between them: equal neighbours would be drawn as one. */
    {.id = "ClosingFirst", .name = "版记（首行）", .face = PAPER_FACE_BODY, .size = 28, .align = "left",
     .exact = DOCX_CLOSE_LINE, .loose = true, .upper = 8, .lower = 6},
    {.id = "ClosingLast", .name = "版记（末行）", .face = PAPER_FACE_BODY, .size = 28, .align = "left",
     .exact = DOCX_CLOSE_LINE, .loose = true, .lower = 8},
    {.id = "Folio", .name = "页码", .face = PAPER_FACE_SONG, .size = 28, .align = "left", .exact = 280,
     .loose = true},
};

static void put_faces(struct buf *out, enum paper_face face)
{
    const char *name = fonts[face].name;
    buf_printf(out, "<w:rFonts w:ascii=\"%s\" w:eastAsia=\"%s\" w:hAnsi=\"%s\" w:cs=\"%s\"/>", name,
               name, name, name);
}

static void put_rule(struct buf *out, const char *side, int eighths)
{
    if (eighths > 0)
        buf_printf(out, "<w:%s w:val=\"single\" w:sz=\"%d\" w:space=\"0\" w:color=\"000000\"/>", side,
                   eighths);
}

static void put_style(struct buf *out, const struct style *style)
{
    buf_printf(out,
               "<w:style w:type=\"paragraph\" w:customStyle=\"%d\" w:styleId=\"%s\"><w:name w:val=\"%s\"/>"
               "<w:basedOn w:val=\"Normal\"/><w:next w:val=\"%s\"/><w:qFormat/><w:pPr>",
               (unsigned char)style->name[0] > 127, style->id, style->name,
               style->outline > 0 ? "Text" : style->id);
    if (style->upper > 0 || style->lower > 0) {
        buf_c(out, "<w:pBdr>");
        put_rule(out, "top", style->upper);
        put_rule(out, "bottom", style->lower);
        buf_c(out, "</w:pBdr>");
    }
    buf_c(out, "<w:overflowPunct w:val=\"0\"/><w:autoSpaceDE w:val=\"0\"/><w:autoSpaceDN w:val=\"0\"/>");
    if (style->exact > 0)
        buf_printf(out, "<w:snapToGrid w:val=\"0\"/><w:spacing w:line=\"%d\" w:lineRule=\"exact\"/>",
                   style->exact);
    if (style->tall)
        buf_c(out, "<w:snapToGrid w:val=\"0\"/><w:spacing w:line=\"240\" w:lineRule=\"auto\"/>");
    if (style->first > 0)
        buf_printf(out, "<w:ind w:firstLine=\"%d\" w:firstLineChars=\"%d\"/>",
                   style->first * DOCX_CHAR / 100, style->first);
    buf_printf(out, "<w:jc w:val=\"%s\"/>", style->align);
    if (style->outline > 0)
        buf_printf(out, "<w:outlineLvl w:val=\"%d\"/>", style->outline - 1);
    buf_c(out, "</w:pPr><w:rPr>");
    put_faces(out, style->face);
    if (style->bold)
        buf_c(out, "<w:b/>");
    if (style->red)
        buf_c(out, "<w:color w:val=\"C00000\"/>");
    if (style->loose)
        buf_c(out, "<w:spacing w:val=\"0\"/>");
    buf_printf(out, "<w:sz w:val=\"%d\"/><w:szCs w:val=\"%d\"/></w:rPr></w:style>", style->size,
               style->size);
}

/*
 * Nothing hangs over the edge, is squeezed, or gets air between Latin and Chinese, so that lines hold what the
 * grid says and break where those of the PDF do. (LibreOffice gives the air nevertheless.)
 */
void docx_put_styles(struct buf *out)
{
    buf_c(out, DOCX_XML "<w:styles " DOCX_NAMESPACES "><w:docDefaults><w:rPrDefault><w:rPr>");
    put_faces(out, PAPER_FACE_BODY);
    buf_printf(out,
               "<w:spacing w:val=\"%d\"/><w:kern w:val=\"0\"/><w:sz w:val=\"32\"/><w:szCs w:val=\"32\"/>"
               "<w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\" w:bidi=\"ar-SA\"/></w:rPr></w:rPrDefault>"
               "<w:pPrDefault><w:pPr>"
               "<w:spacing w:before=\"0\" w:after=\"0\" w:line=\"240\" w:lineRule=\"auto\"/>"
               "</w:pPr></w:pPrDefault></w:docDefaults>"
               "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\">"
               "<w:name w:val=\"Normal\"/><w:qFormat/><w:pPr><w:widowControl w:val=\"0\"/>"
               "<w:jc w:val=\"both\"/></w:pPr></w:style>",
               DOCX_SPACING);
    for (size_t i = 0; i < COUNT_OF(styles); i++)
        put_style(out, &styles[i]);
    buf_c(out, "</w:styles>");
}

void docx_put_fonts(struct buf *out)
{
    buf_c(out, DOCX_XML "<w:fonts " DOCX_NAMESPACES ">");
    for (size_t i = 0; i < COUNT_OF(fonts); i++)
        buf_printf(out,
                   "<w:font w:name=\"%s\"><w:altName w:val=\"%s\"/><w:charset w:val=\"86\"/>"
                   "<w:family w:val=\"%s\"/><w:pitch w:val=\"default\"/></w:font>",
                   fonts[i].name, fonts[i].instead, fonts[i].family);
    buf_c(out, "</w:fonts>");
}
