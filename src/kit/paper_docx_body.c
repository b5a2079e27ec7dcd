/*
 * The text of a paper as paragraphs and tables, top to bottom. Where the PDF counts slots of the grid, the same
 * count stands here as empty lines, as an office writes them; only the mark, the rules and the closing lines
 * are set by measure.
 */
#include <assert.h>
#include <math.h>

#include "kit/paper_docx_int.h"

enum {
    RULE_AIR_PT = 5, /* from the number's line to the red rule: 4 mm below the characters */
    RULE_EIGHTHS = 16, /* its thickness in 1/8 pt */
    RULE_TWIPS = RULE_AIR_PT * 20 + RULE_EIGHTHS * 20 / 8,
    HAIR = 20,
    EMU_IN_MM = 36000,
    FIRST_PHOTO_ID = 2 /* the code is 1 */
};
#define MARK_LEAD 1.2 /* height of the mark's line in its size; its characters begin 0.1 below */

int docx_twips(double mm)
{
    return (int)lround(mm * 1440 / 25.4);
}

/* The lower margin gives way by a millimetre, so that 22 lines never lack a twip. */
struct docx_page docx_page_of(const struct paper *paper)
{
    bool wide = paper->form == PAPER_TABLE;
    double area = wide ? PAPER_AREA_HEIGHT : PAPER_AREA_WIDTH;
    double high = wide ? PAPER_AREA_WIDTH : PAPER_AREA_HEIGHT;
    double left = wide ? PAPER_HEIGHT - PAPER_TOP - PAPER_AREA_HEIGHT : PAPER_LEFT;
    double top = wide ? PAPER_LEFT : PAPER_TOP;
    double width = wide ? PAPER_HEIGHT : PAPER_WIDTH, height = wide ? PAPER_WIDTH : PAPER_HEIGHT;
    struct docx_page page = {.wide = wide,
                             .width = docx_twips(width),
                             .height = docx_twips(height),
                             .left = docx_twips(left),
                             .top = docx_twips(top),
                             .bottom = docx_twips(height - top - high - 1),
                             .area = docx_twips(area),
                             .footer = docx_twips(height - top - high - 15)};
    page.right = page.width - page.left - page.area;
    page.header = paper->form == PAPER_LETTER
                      ? docx_twips(PAPER_LETTER_MARK) - (int)(paper_mark_size(paper) * 2)
                      : docx_twips(15);
    return page;
}

/* ---- paragraphs ---- */

void docx_open(struct buf *out, const struct docx_para *para)
{
    buf_printf(out, "<w:p><w:pPr><w:pStyle w:val=\"%s\"/>", para->style);
    if (para->keep)
        buf_c(out, "<w:keepNext/>");
    if (para->border != NULL)
        buf_c(out, para->border);
    if (para->tab > 0)
        buf_printf(out, "<w:tabs><w:tab w:val=\"right\" w:pos=\"%d\"/></w:tabs>", para->tab);
    if (para->exact > 0)
        buf_c(out, "<w:snapToGrid w:val=\"0\"/>");
    if (para->before > 0 || para->after > 0 || para->exact > 0)
        buf_printf(out, "<w:spacing w:before=\"%d\" w:after=\"%d\"", para->before, para->after);
    if (para->exact > 0)
        buf_printf(out, " w:line=\"%d\" w:lineRule=\"exact\"", para->exact);
    if (para->before > 0 || para->after > 0 || para->exact > 0)
        buf_c(out, "/>");
    if (para->left != 0 || para->right != 0)
        buf_printf(out, "<w:ind w:left=\"%d\" w:right=\"%d\"/>", para->left, para->right);
    buf_c(out, "</w:pPr>");
}

void docx_close(struct buf *out)
{
    buf_c(out, "</w:p>");
}

void docx_run(struct buf *out, struct str text, int size)
{
    if (str_is_empty(text))
        return;
    buf_c(out, "<w:r><w:rPr><w:rFonts w:hint=\"eastAsia\"/>");
    if (size > 0)
        buf_printf(out, "<w:sz w:val=\"%d\"/><w:szCs w:val=\"%d\"/>", size, size);
    buf_c(out, "</w:rPr><w:t xml:space=\"preserve\">");
    xml_text(out, text);
    buf_c(out, "</w:t></w:r>");
}

void docx_para(struct buf *out, const struct docx_para *para, struct str text)
{
    docx_open(out, para);
    docx_run(out, text, 0);
    docx_close(out);
}

void docx_gap(struct buf *out, int exact)
{
    const struct docx_para gap = {.style = "Cell", .exact = exact};
    docx_para(out, &gap, S(""));
}

static void put_styled(struct buf *out, const char *style, struct str text)
{
    const struct docx_para para = {.style = style};
    docx_para(out, &para, text);
}

static void skip_lines(struct buf *out, int lines)
{
    for (int i = 0; i < lines; i++)
        put_styled(out, "Flush", S(""));
}

/* ---- head ---- */

static int mark_twips(const struct paper *paper)
{
    return (int)(paper_mark_size(paper) * 20);
}

/* Half-points, never more than fits. */
static int mark_half_points(const struct paper *paper)
{
    return (int)floor(paper_mark_size(paper) * 2);
}

/* The mark 35 mm down; then on to the line of the grid that the PDF finds two lines below it. */
static void put_mark(struct buf *out, const struct paper *paper)
{
    int size = mark_twips(paper), line = (int)(size * MARK_LEAD);
    int down = docx_twips(PAPER_MARK_DOWN) - size / 10;
    int next = paper_number_line(paper) * DOCX_LINE;
    const struct docx_para mark = {
        .style = "Mark", .before = down, .exact = line, .after = next - down - line};
    docx_open(out, &mark);
    docx_run(out, paper->mark, mark_half_points(paper));
    docx_close(out);
}

static void put_document_head(struct buf *out, const struct paper *paper, const struct docx_page *page)
{
    static const char rule[] = "<w:pBdr><w:bottom w:val=\"single\" w:sz=\"16\" w:space=\"5\" "
                               "w:color=\"C00000\"/></w:pBdr>";
    static_assert(RULE_EIGHTHS == 16 && RULE_AIR_PT == 5, "as the rule says");
    struct docx_para last = {.style = "Number", .border = rule, .after = DOCX_LINE - RULE_TWIPS};
    bool published = !str_is_empty(paper->publisher);
    put_mark(out, paper);
    if (!str_is_empty(paper->number) && published)
        put_styled(out, "Number", paper->number);
    if (published) {
        last.style = "Flush";
        last.tab = page->area - DOCX_CHAR;
    } else if (str_is_empty(paper->number)) {
        last.exact = HAIR;
    }
    docx_open(out, &last);
    if (published) {
        docx_run(out, S("　"), 0);
        docx_run(out, paper->publisher, 0);
        buf_c(out, "<w:r><w:tab/></w:r>");
        docx_run(out, paper->date, 0);
    } else {
        docx_run(out, paper->number, 0);
    }
    docx_close(out);
    skip_lines(out, 2);
}

static void put_right(struct buf *out, struct str text, int right)
{
    const struct docx_para para = {.style = "Signature", .tab = right};
    docx_open(out, &para);
    buf_c(out, "<w:r><w:tab/></w:r>");
    docx_run(out, text, 0);
    docx_close(out);
}

static void put_head(struct buf *out, const struct paper *paper, const struct docx_page *page)
{
    switch (paper->form) {
    case PAPER_DOCUMENT:
    case PAPER_MINUTES:
    case PAPER_BULLETIN:
        put_document_head(out, paper, page);
        break;
    case PAPER_LETTER: /* mark and rules: docx_put_letter_head */
        if (str_is_empty(paper->number))
            skip_lines(out, 1);
        else
            put_right(out, paper->number, page->area);
        skip_lines(out, 2);
        break;
    case PAPER_TABLE:
    case PAPER_FORM_COUNT:
        break;
    }
    if (!str_is_empty(paper->title)) {
        put_styled(out, "Title", paper->title);
        skip_lines(out, paper->form != PAPER_TABLE);
    }
    if (paper->form == PAPER_TABLE && !str_is_empty(paper->number))
        put_right(out, paper->number, page->area);
    if (!str_is_empty(paper->to))
        put_styled(out, "Flush", paper->to);
}

/* ---- tables ---- */

static void open_table(struct buf *out, int width)
{
    static const char *const sides[] = {"top", "left", "bottom", "right", "insideH", "insideV"};
    buf_printf(out,
               "<w:tbl><w:tblPr><w:tblW w:w=\"%d\" w:type=\"dxa\"/><w:tblInd w:w=\"0\" w:type=\"dxa\"/>"
               "<w:tblBorders>",
               width);
    for (size_t i = 0; i < COUNT_OF(sides); i++)
        buf_printf(out, "<w:%s w:val=\"single\" w:sz=\"6\" w:space=\"0\" w:color=\"000000\"/>", sides[i]);
    buf_printf(out,
               "</w:tblBorders><w:tblLayout w:type=\"fixed\"/><w:tblCellMar>"
               "<w:top w:w=\"%d\" w:type=\"dxa\"/><w:left w:w=\"85\" w:type=\"dxa\"/>"
               "<w:bottom w:w=\"%d\" w:type=\"dxa\"/><w:right w:w=\"85\" w:type=\"dxa\"/></w:tblCellMar>"
               "</w:tblPr><w:tblGrid>",
               DOCX_CELL_PAD, DOCX_CELL_PAD);
}

/* Lines that the fullest cell may take: a row of up to half a page stays whole, as in the PDF. */
static bool stays_whole(const struct paper_row *row, const int *widths, int page_lines)
{
    for (size_t i = 0; i < row->count; i++) {
        int in_line = (widths[i] - 170) / 240;
        if ((int)utf8_length(row->cells[i].text) > page_lines / 2 * (in_line < 1 ? 1 : in_line))
            return false;
    }
    return true;
}

static void put_row(struct buf *out, const struct paper_row *row, const int *widths, int page_lines,
                    bool is_first)
{
    bool is_head = is_first && row->cells[row->count - 1].head;
    buf_c(out, "<w:tr><w:trPr>");
    if (stays_whole(row, widths, page_lines))
        buf_c(out, "<w:cantSplit/>");
    if (is_head)
        buf_c(out, "<w:tblHeader/>");
    buf_c(out, "</w:trPr>");
    for (size_t i = 0; i < row->count; i++) {
        const struct docx_para para = {.style = row->cells[i].head ? "CellHead" : "Cell", .keep = is_head};
        buf_printf(out,
                   "<w:tc><w:tcPr><w:tcW w:w=\"%d\" w:type=\"dxa\"/><w:vAlign w:val=\"center\"/></w:tcPr>",
                   widths[i]);
        docx_para(out, &para, row->cells[i].text);
        buf_c(out, "</w:tc>");
    }
    buf_c(out, "</w:tr>");
}

static void put_table(struct buf *out, const struct paper_block *table, const struct docx_page *page)
{
    double parts[PAPER_COLUMNS_MAX];
    int widths[PAPER_COLUMNS_MAX];
    int page_lines = (page->height - page->top - page->bottom) / DOCX_CELL_LINE;
    if (table->row_count == 0)
        return;
    open_table(out, page->area);
    paper_column_widths(table, page->area, parts);
    for (size_t i = 0; i < table->column_count; i++) {
        widths[i] = (int)lround(parts[i]);
        buf_printf(out, "<w:gridCol w:w=\"%d\"/>", widths[i]);
    }
    buf_c(out, "</w:tblGrid>");
    for (size_t i = 0; i < table->row_count; i++)
        put_row(out, &table->rows[i], widths, page_lines, i == 0);
    buf_c(out, "</w:tbl>");
}

/* ---- photos ---- */

/* The picture itself, as it stands in what anchors it or holds it in a line. */
static void put_graphic(struct buf *out, int id, struct str name, const char *part, long cx, long cy)
{
    buf_printf(out,
               "<wp:docPr id=\"%d\" name=\"%.*s\"/>"
               "<a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\">"
               "<pic:pic><pic:nvPicPr><pic:cNvPr id=\"%d\" name=\"%.*s\"/><pic:cNvPicPr/></pic:nvPicPr>"
               "<pic:blipFill><a:blip r:embed=\"%s\"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>"
               "<pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"%ld\" cy=\"%ld\"/></a:xfrm>"
               "<a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData>"
               "</a:graphic>",
               id, STR_ARG(name), id, STR_ARG(name), part, cx, cy);
}

static void put_photo(struct buf *out, const struct paper *paper, size_t picture, double cell_mm)
{
    struct paper_box box = paper_picture_box(paper, picture, cell_mm);
    const struct docx_para line = {.style = "Photo"};
    long cx = lround(box.width * EMU_IN_MM), cy = lround(box.height * EMU_IN_MM);
    docx_open(out, &line);
    if (box.pixels_wide > 0) {
        struct str part = docx_photo_part(out->arena, picture);
        buf_printf(out,
                   "<w:r><w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\">"
                   "<wp:extent cx=\"%ld\" cy=\"%ld\"/>",
                   cx, cy);
        put_graphic(out, (int)picture + FIRST_PHOTO_ID, part, str_c(out->arena, part), cx, cy);
        buf_c(out, "</wp:inline></w:drawing></w:r>");
    }
    docx_close(out);
}

/* Photos that follow each other, side by side in a table without rules. */
static void put_photos(struct buf *out, const struct paper *paper, const struct paper_block *blocks,
                       size_t count, const struct docx_page *page)
{
    size_t in_row = paper_pictures_in_row(paper);
    int width = page->area / (int)in_row;
    double cell_mm = width * 25.4 / 1440 - PAPER_PICTURE_GAP;
    buf_printf(out,
               "<w:tbl><w:tblPr><w:tblW w:w=\"%d\" w:type=\"dxa\"/><w:tblLayout w:type=\"fixed\"/>"
               "</w:tblPr><w:tblGrid>",
               page->area);
    for (size_t i = 0; i < in_row; i++)
        buf_printf(out, "<w:gridCol w:w=\"%d\"/>", width);
    buf_c(out, "</w:tblGrid>");
    for (size_t from = 0; from < count; from += in_row) {
        buf_printf(out, "<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val=\"%d\" w:hRule=\"atLeast\"/></w:trPr>",
                   docx_twips(PAPER_PICTURE_HIGH + PAPER_PICTURE_GAP) + DOCX_CELL_LINE);
        for (size_t i = from; i < from + in_row; i++) {
            buf_printf(out,
                       "<w:tc><w:tcPr><w:tcW w:w=\"%d\" w:type=\"dxa\"/><w:vAlign w:val=\"bottom\"/></w:tcPr>",
                       width);
            if (i < count)
                put_photo(out, paper, blocks[i].picture, cell_mm);
            put_styled(out, "PhotoWords", i < count ? blocks[i].text : S(""));
            buf_c(out, "</w:tc>");
        }
        buf_c(out, "</w:tr>");
    }
    buf_c(out, "</w:tbl>");
}

/* ---- text ---- */

static void put_block(struct buf *out, const struct paper_block *block, const struct docx_page *page,
                      bool keep)
{
    static const char *const of_kind[] = {
        [PAPER_TEXT] = "Text",      [PAPER_HEAD1] = "Heading1", [PAPER_HEAD2] = "Heading2",
        [PAPER_HEAD3] = "Heading3", [PAPER_ANNEX] = "Annex",    [PAPER_GRID] = NULL,
        [PAPER_PICTURE] = NULL,
    };
    static_assert(COUNT_OF(of_kind) == PAPER_KIND_COUNT, "a style for each kind");
    if (block->kind == PAPER_GRID)
        put_table(out, block, page);
    else
        docx_para(out, &(struct docx_para){.style = of_kind[block->kind], .keep = keep}, block->text);
}

/* ---- the end ---- */

/* How wide a text runs in the grid: what is not Chinese takes half of a character. */
static int width_of(struct str text)
{
    size_t chars = utf8_length(text), narrow = 0;
    for (size_t i = 0; i < text.len; i++)
        narrow += (unsigned char)text.at[i] < 128;
    return (int)((2 * chars - narrow) * DOCX_CHAR / 2);
}

static void put_check(struct buf *out)
{
    long edge = lround(PAPER_CHECK_SIZE * EMU_IN_MM);
    buf_printf(out,
               "<w:r><w:drawing><wp:anchor distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\" simplePos=\"0\" "
               "relativeHeight=\"1\" behindDoc=\"0\" locked=\"0\" layoutInCell=\"1\" allowOverlap=\"1\">"
               "<wp:simplePos x=\"0\" y=\"0\"/><wp:positionH relativeFrom=\"column\">"
               "<wp:posOffset>0</wp:posOffset></wp:positionH><wp:positionV relativeFrom=\"paragraph\">"
               "<wp:posOffset>%d</wp:posOffset></wp:positionV><wp:extent cx=\"%ld\" cy=\"%ld\"/>"
               "<wp:wrapNone/>",
               EMU_IN_MM, edge, edge);
    put_graphic(out, 1, S("QR"), "check", edge, edge);
    buf_c(out, "</wp:anchor></w:drawing></w:r>");
}

/* Right edges of the names and the day, by the rules of paper_pdf's signature. */
static void place_signature(const struct paper *paper, int area, int rights[PAPER_SIGNERS_MAX + 1])
{
    int day = width_of(paper->date);
    int day_right = area - (paper->seal ? 4 : 2) * DOCX_CHAR;
    for (size_t i = 0; i < paper->signer_count; i++) {
        int name = width_of(paper->signers[i]);
        int right = paper->seal ? day_right - (day - name) / 2 : area - 2 * DOCX_CHAR;
        if (!paper->seal && name < day + 2 * DOCX_CHAR)
            right = day_right - day - 2 * DOCX_CHAR + name;
        else if (!paper->seal)
            day_right = right - name + 2 * DOCX_CHAR + day;
        rights[i] = right > area ? area : right;
    }
    rights[paper->signer_count] = day_right;
}

static void put_signature(struct buf *out, const struct paper *paper, const struct docx_page *page)
{
    int rights[PAPER_SIGNERS_MAX + 1] = {0};
    bool dated = paper_is_dated(paper);
    bool checked = !str_is_empty(paper->check_url);
    size_t lines = paper->signer_count + dated;
    size_t all = checked && lines < 3 ? 3 : lines;
    if (all == 0)
        return;
    docx_para(out, &(struct docx_para){.style = "Flush", .keep = true}, S(""));
    place_signature(paper, page->area, rights);
    for (size_t i = 0; i < all; i++) {
        struct str text = i < paper->signer_count                 ? paper->signers[i]
                          : i == paper->signer_count && dated ? paper->date
                                                              : S("");
        const struct docx_para line = {
            .style = "Signature", .keep = i + 1 < all, .tab = i <= paper->signer_count ? rights[i] : 0};
        docx_open(out, &line);
        if (checked && i == 0)
            put_check(out);
        if (checked && i == 2)
            docx_run(out, paper->check_text, 14);
        if (!str_is_empty(text))
            buf_c(out, "<w:r><w:tab/></w:r>");
        docx_run(out, text, 0);
        docx_close(out);
    }
}

/* Lines that a closing text takes, two characters narrower than the type area. */
static int closing_lines(struct str text, int area)
{
    int width = width_of(text) * DOCX_CLOSE_CHAR / DOCX_CHAR, room = area - 2 * DOCX_CLOSE_CHAR;
    return width <= room ? 1 : (width + room - 1) / room;
}

/* A frame at the lower edge of the type area, `above` it, on whatever page the text ends. */
static void open_closing(struct buf *out, const char *style, const struct docx_page *page, int above)
{
    int height = page->height - page->top - page->bottom;
    buf_printf(out,
               "<w:p><w:pPr><w:pStyle w:val=\"%s\"/><w:framePr w:w=\"%d\" w:wrap=\"notBeside\" "
               "w:vAnchor=\"margin\" w:hAnchor=\"margin\" w:xAlign=\"left\" w:y=\"%d\"/>",
               style, page->area, height - above);
}

/*
 * Each text in a frame of its own: word processors do not agree on what becomes of several paragraphs in one, and
 * LibreOffice sets them where the text ends.
 */
static void put_closing(struct buf *out, const struct paper *paper, const struct docx_page *page)
{
    bool ruled = paper->form != PAPER_LETTER;
    const struct str texts[] = {paper->copies, ruled ? paper->printer : S("")};
    bool both = !str_is_empty(texts[0]) && !str_is_empty(texts[1]);
    int above = 0;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (!str_is_empty(texts[i]))
            above += closing_lines(texts[i], page->area) * DOCX_CLOSE_LINE;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        if (str_is_empty(texts[i]))
            continue;
        open_closing(out,
                     !ruled  ? "Closing"
                     : !both ? "ClosingOnly"
                     : i == 0 ? "ClosingFirst"
                              : "ClosingLast",
                     page, above);
        above -= closing_lines(texts[i], page->area) * DOCX_CLOSE_LINE;
        struct str name, day;
        bool split = i == 1 && paper_printer_split(texts[i], &name, &day);
        if (split)
            buf_printf(out, "<w:tabs><w:tab w:val=\"right\" w:pos=\"%d\"/></w:tabs>",
                       page->area - DOCX_CLOSE_CHAR);
        buf_printf(out, "<w:ind w:left=\"%d\" w:right=\"%d\"/></w:pPr>", DOCX_CLOSE_CHAR, DOCX_CLOSE_CHAR);
        docx_run(out, split ? name : texts[i], 0);
        if (split) {
            buf_c(out, "<w:r><w:tab/></w:r>");
            docx_run(out, day, 0);
        }
        docx_close(out);
    }
}

static void put_section(struct buf *out, const struct paper *paper, const struct docx_page *page)
{
    bool first = paper->form == PAPER_LETTER;
    buf_c(out, "<w:sectPr>");
    if (first)
        buf_c(out, "<w:headerReference w:type=\"first\" r:id=\"head\"/>"
                   "<w:footerReference w:type=\"first\" r:id=\"foot\"/>");
    buf_c(out, "<w:footerReference w:type=\"default\" r:id=\"odd\"/>"
               "<w:footerReference w:type=\"even\" r:id=\"even\"/>");
    buf_printf(out,
               "<w:pgSz w:w=\"%d\" w:h=\"%d\"%s/><w:pgMar w:top=\"%d\" w:right=\"%d\" w:bottom=\"%d\" "
               "w:left=\"%d\" w:header=\"%d\" w:footer=\"%d\" w:gutter=\"0\"/><w:pgNumType w:start=\"1\"/>",
               page->width, page->height, page->wide ? " w:orient=\"landscape\"" : "", page->top,
               page->right, page->bottom, page->left, page->header, page->footer);
    if (first)
        buf_c(out, "<w:titlePg/>");
    buf_printf(out, "<w:docGrid w:type=\"lines\" w:linePitch=\"%d\"/></w:sectPr>",
               page->wide ? docx_twips(PAPER_WIDE_LINE) + 1 : DOCX_LINE);
}

void docx_put_body(struct buf *out, const struct paper *paper)
{
    const struct docx_page page = docx_page_of(paper);
    bool after_table = false, annexed = false;
    buf_c(out, DOCX_XML "<w:document " DOCX_NAMESPACES "><w:body>");
    put_head(out, paper, &page);
    for (size_t i = 0; i < paper->block_count; i++) {
        const struct paper_block *block = &paper->blocks[i];
        size_t photos = paper_picture_run(paper, i);
        /* Two tables without a paragraph between them would be one. */
        if ((block->kind == PAPER_GRID || photos > 0) && after_table)
            docx_gap(out, HAIR);
        if (photos > 0) {
            put_photos(out, paper, block, photos, &page);
            i += photos - 1;
            after_table = true;
            continue;
        }
        if (block->kind == PAPER_ANNEX && !annexed)
            skip_lines(out, 1);
        annexed |= block->kind == PAPER_ANNEX;
        /* The signature does not stand alone on its page: a short last paragraph goes along. */
        bool keep = i + 1 == paper->block_count && paper->signer_count > 0 &&
                    utf8_length(block->text) <= PAPER_KEPT_LINES * PAPER_CHARS;
        put_block(out, block, &page, keep);
        after_table = block->kind == PAPER_GRID;
    }
    put_signature(out, paper, &page);
    put_closing(out, paper, &page);
    docx_gap(out, HAIR); /* a text ends with a paragraph; the closing lines hang on it */
    put_section(out, paper, &page);
    buf_c(out, "</w:body></w:document>");
}

/* ---- upper and lower edge ---- */

/* Thick above thin, 170 mm long, 4 mm below the mark; what is left leads to the second line of the grid. */
void docx_put_letter_head(struct buf *out, const struct paper *paper)
{
    int size = mark_twips(paper), line = (int)(size * MARK_LEAD);
    int out_by = docx_twips((PAPER_LETTER_RULE - PAPER_AREA_WIDTH) / 2);
    int air = docx_twips(PAPER_RULE_DOWN) - (line - size / 10 - (int)(size * PAPER_MARK_INK));
    int used = docx_twips(PAPER_LETTER_MARK) - size / 10 + line + air + 90;
    const struct docx_para mark = {
        .style = "Mark",
        .exact = line,
        .left = -out_by,
        .right = -out_by,
        .border = str_c(out->arena,
                        str_printf(out->arena,
                                   "<w:pBdr><w:bottom w:val=\"thickThinSmallGap\" w:sz=\"24\" w:space=\"%d\" "
                                   "w:color=\"C00000\"/></w:pBdr>",
                                   air > 0 ? air / 20 : 0)),
    };
    buf_c(out, DOCX_XML "<w:hdr " DOCX_NAMESPACES ">");
    docx_open(out, &mark);
    docx_run(out, paper->mark, mark_half_points(paper));
    docx_close(out);
    docx_gap(out, docx_twips(PAPER_TOP + PAPER_LINE) - used);
    buf_c(out, "</w:hdr>");
}

void docx_put_folio(struct buf *out, bool even)
{
    buf_c(out, DOCX_XML "<w:ftr " DOCX_NAMESPACES "><w:p><w:pPr><w:pStyle w:val=\"Folio\"/>");
    buf_printf(out, "<w:ind w:left=\"280\" w:right=\"280\"/><w:jc w:val=\"%s\"/></w:pPr>",
               even ? "left" : "right");
    docx_run(out, S("— "), 0);
    buf_c(out, "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText xml:space=\"preserve\"> PAGE "
               "</w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>");
    docx_run(out, even ? S("2") : S("1"), 0);
    buf_c(out, "<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>");
    docx_run(out, S(" —"), 0);
    docx_close(out);
    docx_gap(out, docx_twips(15 - PAPER_FOLIO_DOWN) - 140);
    buf_c(out, "</w:ftr>");
}

void docx_put_letter_foot(struct buf *out)
{
    int out_by = docx_twips((PAPER_LETTER_RULE - PAPER_AREA_WIDTH) / 2);
    const struct docx_para rule = {
        .style = "Cell",
        .exact = HAIR,
        .left = -out_by,
        .right = -out_by,
        .border = "<w:pBdr><w:bottom w:val=\"thinThickSmallGap\" w:sz=\"24\" w:space=\"0\" "
                  "w:color=\"C00000\"/></w:pBdr>",
    };
    buf_c(out, DOCX_XML "<w:ftr " DOCX_NAMESPACES ">");
    docx_para(out, &rule, S(""));
    buf_c(out, "</w:ftr>");
}
