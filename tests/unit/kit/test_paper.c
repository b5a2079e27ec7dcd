/*
 * Official paper, measured on the finished PDF: poppler draws it and reads it, and what lies where is
 * compared with GB/T 9704-2012 in millimetres.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "fixture_jpeg.h"
#include "kit/paper_pdf.h"

enum { DOTS = 10 /* a millimetre, at 254 dots an inch */, OUTPUT_MAX = 256 * 1024 };

struct bench {
    struct arena *arena;
    struct ctx ctx;
    char dir[64];
};

static int open_bench(void **state)
{
    struct arena *arena = arena_new();
    struct bench *bench = arena_new_of(arena, struct bench);
    bench->arena = bench->ctx.arena = arena;
    snprintf(bench->dir, sizeof bench->dir, "/tmp/paper-XXXXXX");
    assert_non_null(mkdtemp(bench->dir));
    *state = bench;
    return 0;
}

static int close_bench(void **state)
{
    struct bench *bench = *state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", bench->dir);
    int removed = system(command);
    arena_free(bench->arena);
    return removed;
}

/* What a command writes, NUL at the end; it has a minute. */
static const char *output_of(struct bench *bench, const char *tool, const char *options)
{
    char *out = arena_alloc(bench->arena, OUTPUT_MAX);
    char command[256];
    snprintf(command, sizeof command, "cd %s && timeout 60 %s %s", bench->dir, tool, options);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    size_t len = fread(out, 1, OUTPUT_MAX - 1, pipe);
    out[len] = '\0';
    assert_int_equal(pclose(pipe), 0);
    return out;
}

static struct paper read_whole(struct bench *bench, const char *markup)
{
    struct paper paper;
    assert_int_equal(paper_read(&bench->ctx, str_of(markup), &paper), ST_OK);
    return paper;
}

static int print(struct bench *bench, const struct paper *paper)
{
    struct buf out;
    char path[128];
    int pages = 0;
    if (system("command -v pdftoppm >/dev/null") != 0)
        skip(); /* poppler-utils is not here: nothing to measure with */
    buf_init(&out, bench->arena, 32 * 1024 * 1024);
    assert_int_equal(paper_pdf_write(&bench->ctx, paper, NULL, &out, &pages), ST_OK);
    snprintf(path, sizeof path, "%s/p.pdf", bench->dir);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(out.at, 1, out.len, file), out.len);
    assert_int_equal(fclose(file), 0);
    return pages;
}

/* ---- ink ---- */

struct picture {
    int width, height;
    unsigned char *dots; /* red, green, blue */
};

static struct picture draw(struct bench *bench, int page)
{
    struct picture picture;
    char options[96], path[128];
    snprintf(options, sizeof options, "-r %d -f %d -l %d -singlefile p.pdf p", DOTS * 254 / 10, page, page);
    (void)output_of(bench, "pdftoppm", options);
    snprintf(path, sizeof path, "%s/p.ppm", bench->dir);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "P6 %d %d 255", &picture.width, &picture.height), 2);
    (void)fgetc(file);
    size_t size = (size_t)picture.width * (size_t)picture.height * 3;
    picture.dots = arena_alloc(bench->arena, size);
    assert_int_equal(fread(picture.dots, 1, size, file), size);
    (void)fclose(file);
    return picture;
}

enum ink { RED, BLACK };

static bool has_ink(const struct picture *picture, int x, int y, enum ink ink)
{
    const unsigned char *dot = picture->dots + ((size_t)y * (size_t)picture->width + (size_t)x) * 3;
    return ink == RED ? dot[0] > 150 && dot[1] < 100 && dot[2] < 100
                      : dot[0] < 100 && dot[1] < 100 && dot[2] < 100;
}

struct extent {
    double left, right, top, bottom; /* mm */
};

/* The ink between two heights. */
static struct extent extent_of(const struct picture *picture, double from, double to, enum ink ink)
{
    struct extent e = {1e9, -1, 1e9, -1};
    for (int y = (int)(from * DOTS); y < (int)(to * DOTS) && y < picture->height; y++)
        for (int x = 0; x < picture->width; x++) {
            if (!has_ink(picture, x, y, ink))
                continue;
            double mm_x = (double)x / DOTS, mm_y = (double)y / DOTS;
            e.left = mm_x < e.left ? mm_x : e.left;
            e.right = mm_x > e.right ? mm_x : e.right;
            e.top = mm_y < e.top ? mm_y : e.top;
            e.bottom = mm_y;
        }
    return e;
}

static void assert_near(double is, double wanted)
{
    if (is < wanted - 1.0 || is > wanted + 1.0)
        print_error("%.2f mm, not %.2f mm\n", is, wanted);
    assert_true(is >= wanted - 1.0 && is <= wanted + 1.0);
}

/* ---- samples ---- */

#define FILLED "蓝天保卫战监督帮扶问题整改落实情况汇总核实登记台账清单表"

static const char *long_document(struct bench *bench)
{
    struct buf out;
    buf_init(&out, bench->arena, 64 * 1024);
    buf_c(&out, "<paper form='document' seal='yes'><mark>某某市蓝天指挥部文件</mark>"
                "<number>蓝指发〔2026〕7号</number><title>关于整改的通知</title><to>各县：</to>");
    for (int i = 0; i < 100; i++)
        buf_c(&out, "<p>" FILLED FILLED FILLED "</p>");
    buf_c(&out, "<sign>某某市蓝天指挥部</sign><date>2026年11月22日</date>"
                "<copies>抄送：省厅。</copies><printer>办公室</printer></paper>");
    buf_char(&out, '\0');
    return buf_str(&out).at;
}

static const char letter[] =
    "<paper form='letter' seal='yes'><mark>生态环境执法局</mark><number>环执督函〔2026〕12号</number>"
    "<title>关于督促整改的函</title><to>某某市人民政府：</to><p>负责人㛃某、䶮某、𬭚某、𠮷某、𬱖某、𫖯某、𠅤某、𮧵某未到场。</p>"
    "<table widths='1 3'><tr><td>问题</td><td>渣土未覆盖 &lt;北环路&gt;</td></tr></table>"
    "<sign>生态环境执法局</sign><date>2026年11月22日</date></paper>";

/* ---- measured ---- */

static void a_page_has_22_lines_of_28_characters_in_the_type_area(void **state)
{
    struct bench *bench = *state;
    struct paper paper = read_whole(bench, long_document(bench));
    assert_true(print(bench, &paper) > 2);
    const struct picture page = draw(bench, 2);
    struct extent ink = extent_of(&page, 30, 263, BLACK);
    assert_true(ink.bottom > 0);
    assert_near(page.width / (double)DOTS, 210);
    assert_near(page.height / (double)DOTS, 297);
    assert_near(ink.left, 28);
    assert_near(ink.right, 184);
    double slack = (225.0 / 22 - 16 * 25.4 / 72) / 2; /* above and below the characters of a line */
    assert_near(ink.top - slack, 37);
    assert_near(ink.bottom + slack, 262);
    const char *text = output_of(bench, "pdftotext", "-layout -f 2 -l 2 p.pdf -");
    int lines = 0;
    size_t longest = 0;
    struct str rest = str_of(text), line;
    while (str_next(&rest, '\n', &line)) {
        line = str_trim(line);
        lines += line.len > 0 && !str_has(line, S("—"));
        size_t length = utf8_length(line);
        longest = length > longest ? length : longest;
    }
    assert_int_equal(lines, 22);
    assert_int_equal(longest, 28);
}

static void the_mark_stands_35_mm_below_the_type_area_and_the_rule_4_below_the_number(void **state)
{
    struct bench *bench = *state;
    struct paper paper = read_whole(bench, long_document(bench));
    (void)print(bench, &paper);
    const struct picture page = draw(bench, 1);
    struct extent red = extent_of(&page, 0, 297, RED);
    assert_near(red.top, 37 + 35);
    assert_near(red.left, 28);
    assert_near(red.right, 184);
    struct extent number = extent_of(&page, 90, red.bottom, BLACK);
    assert_near((number.left + number.right) / 2, 28 + 78);
    assert_near(red.bottom - number.bottom, 4);
}

static void a_letter_has_its_mark_30_mm_down_and_rules_of_170_mm(void **state)
{
    struct bench *bench = *state;
    struct paper paper = read_whole(bench, letter);
    (void)print(bench, &paper);
    const struct picture page = draw(bench, 1);
    struct extent red = extent_of(&page, 0, 297, RED);
    assert_near(red.top, 30);
    assert_near(red.bottom, 297 - 20);
    assert_near(red.right - red.left, 170);
    struct extent mark = extent_of(&page, 0, 43, RED);
    struct extent rules = extent_of(&page, mark.bottom + 1, 60, RED);
    assert_near(rules.top - mark.bottom, 4);
    struct extent number = extent_of(&page, 47, 57, BLACK);
    assert_near(number.right, 184);
}

static void minutes_and_bulletins_have_mark_and_rule_in_the_type_area(void **state)
{
    struct bench *bench = *state;
    static const char *const forms[] = {
        "<paper form='minutes'><mark>约谈纪要</mark><number>蓝指发〔2026〕7号</number><title>纪要</title><p>文</p></paper>",
        "<paper form='bulletin'><mark>工作简报</mark><number>第7期</number><publisher>蓝天指挥部</publisher>"
        "<date>2026年11月22日</date><title>简报</title><p>文</p></paper>"};
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        struct paper paper = read_whole(bench, forms[i]);
        assert_int_equal(paper.form, i == 0 ? PAPER_MINUTES : PAPER_BULLETIN);
        assert_int_equal(print(bench, &paper), 1);
        const struct picture page = draw(bench, 1);
        struct extent red = extent_of(&page, 0, 297, RED);
        assert_near(red.top, 37 + 35);
        assert_near(red.left, 28);
        assert_near(red.right, 184);
        struct extent head = extent_of(&page, 86, red.bottom, BLACK); /* the number, or publisher and day */
        assert_near(red.bottom - head.bottom, 4);
    }
}

static void a_form_lies_on_its_side_in_the_turned_type_area(void **state)
{
    struct bench *bench = *state;
    struct paper paper = read_whole(
        bench, "<paper form='table'><title>台账</title><table widths='1 3'><tr><td>问题</td><td>渣土</td></tr></table></paper>");
    (void)print(bench, &paper);
    const struct picture page = draw(bench, 1);
    struct extent ink = extent_of(&page, 0, 175, BLACK);
    assert_near(page.width / (double)DOTS, 297);
    assert_near(page.height / (double)DOTS, 210);
    assert_near(ink.right - ink.left, 225);
    assert_near(ink.left, 35);
}

static void the_closing_line_has_the_office_left_and_the_day_right(void **state)
{
    struct bench *bench = *state;
    struct paper paper = read_whole(bench, "<paper form='document'><mark>局</mark><p>文</p><copies>抄送：省厅。</copies>"
                                           "<printer>蓝天指挥部办公室　2026年11月22日印发</printer></paper>");
    (void)print(bench, &paper);
    const struct picture page = draw(bench, 1);
    const double character = 14 * 25.4 / 72;
    struct extent rules = extent_of(&page, 200, 263, BLACK);
    assert_near(rules.left, 28);
    assert_near(rules.right, 184);
    assert_near(rules.bottom, 262);
    struct extent line = extent_of(&page, rules.bottom - 6, rules.bottom - 1, BLACK);
    assert_near(line.left, 28 + character);
    assert_near(line.right, 184 - character);
}

static void pages_are_numbered_7_mm_below_odd_right_even_left(void **state)
{
    struct bench *bench = *state;
    struct paper paper = read_whole(bench, long_document(bench));
    (void)print(bench, &paper);
    const struct picture odd = draw(bench, 1);
    struct extent ink = extent_of(&odd, 264, 297, BLACK);
    assert_near(ink.right, 184 - 14 * 25.4 / 72);
    assert_true(ink.left > 140);
    assert_near((ink.top + ink.bottom) / 2, 262 + 7);
    const struct picture even = draw(bench, 2);
    ink = extent_of(&even, 264, 297, BLACK);
    assert_near(ink.left, 28 + 14 * 25.4 / 72);
    assert_true(ink.right < 70);
}

static void a_sealed_day_ends_four_characters_from_the_right(void **state)
{
    struct bench *bench = *state;
    struct paper paper = read_whole(bench, "<paper form='table'><p>文</p></paper>");
    assert_int_equal(paper.form, PAPER_TABLE);
    paper = read_whole(bench, "<paper form='letter' seal='yes'><mark>局</mark><p>文</p>"
                              "<sign>局</sign><date>二〇二六年十一</date></paper>");
    (void)print(bench, &paper);
    const struct picture page = draw(bench, 1);
    struct extent all = extent_of(&page, 60, 270, BLACK);
    struct extent day = extent_of(&page, all.bottom - 5, all.bottom + 1, BLACK);
    assert_near(day.right, 184 - 4 * 156.0 / 28);
}

static void a_signature_takes_the_last_paragraph_overleaf(void **state)
{
    struct bench *bench = *state;
    struct paper paper = read_whole(
        bench, "<paper form='letter' seal='yes'><mark>局</mark><title>函</title><p>" FILLED FILLED FILLED FILLED FILLED
               "</p><p>" FILLED FILLED FILLED FILLED FILLED "</p><p>" FILLED "</p><p>末段。</p><sign>局</sign>"
               "<date>2026年11月22日</date></paper>");
    assert_int_equal(print(bench, &paper), 2);
    struct str text = str_of(output_of(bench, "pdftotext", "-f 2 p.pdf -"));
    assert_true(str_has(text, S("末段。")));
    assert_true(str_has(text, S("2026年11月22日")));
}

/* ---- read ---- */

static void every_font_is_embedded(void **state)
{
    struct bench *bench = *state;
    struct paper paper = read_whole(bench, letter);
    (void)print(bench, &paper);
    struct str rest = str_of(output_of(bench, "pdffonts", "p.pdf | tail -n +3 | awk '{print $(NF-4)}'"));
    struct str line;
    int fonts = 0;
    while (str_next(&rest, '\n', &line) && line.len > 0) {
        assert_true(str_eq(line, S("yes")));
        fonts++;
    }
    assert_true(fonts > 0);
}

static void the_text_comes_back_whole_rare_characters_too(void **state)
{
    struct bench *bench = *state;
    struct paper paper = read_whole(bench, letter);
    paper.check_url = S("0001-1 7 0123456789abcdef");
    paper.check_text = S("0123456789abcdef");
    assert_int_equal(print(bench, &paper), 1);
    struct str text = str_of(output_of(bench, "pdftotext", "p.pdf -"));
    const char *const said[] = {"生态环境执法局", "环执督函〔2026〕12号",    "关于督促整改的函",
                                "㛃某、䶮某、𬭚某、𠮷某、𬱖某、𫖯某、𠅤某、𮧵某", "渣土未覆盖 <北环路>", "2026年11月22日",
                                "0123456789abcdef"};
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        assert_true(str_has(text, str_of(said[i])));
}

/* Extensions A to F of names and places; then one of the private planes, which none has. */
static void no_rare_character_is_a_box(void **state)
{
    static const char rare[] = "㛃䶮㸆𠅤𠮷𤩽𩽾𪚥𪟝𪣻𫄧𫖯𫚖𫞩𬀩𬭚𬭛𬱖𬸚𮧵";
    (void)state;
    assert_int_equal(paper_pdf_missing(str_of(rare), NULL), 0);
    assert_int_equal(paper_pdf_missing(S("文\xf3\xb0\x80\x80"), NULL), 1);
}

#define HASH(digit) "000000000000000000000000000000000000000000000000000000000000000" digit

static void photos_stand_side_by_side_in_their_own_proportions(void **state)
{
    struct bench *bench = *state;
    static unsigned char red[80 * 40 * 3], black[30 * 60 * 3];
    struct paper paper = read_whole(bench, "<paper form='letter'><title>照片</title>"
                                           "<picture sha256='" HASH("1") "'>整改前</picture>"
                                           "<picture sha256='" HASH("2") "'>整改后</picture>"
                                           "<picture sha256='" HASH("3") "'>未保存的一张</picture>"
                                           "<p>以上。</p></paper>");
    assert_int_equal(paper.picture_count, 3);
    assert_true(str_eq(paper.pictures[1].sha256, S(HASH("2"))));
    for (size_t i = 0; i < sizeof red; i += 3)
        red[i] = 220;
    paper.pictures[0].jpeg = fixture_jpeg(bench->arena, red, 80, 40, 90, (struct str){0});
    paper.pictures[1].jpeg = fixture_jpeg(bench->arena, black, 30, 60, 90, (struct str){0});
    assert_int_equal(print(bench, &paper), 1);
    struct str list = str_of(output_of(bench, "pdfimages", "-list p.pdf"));
    assert_true(str_has(list, S("    80    40  rgb     3   8  jpeg")));
    assert_true(str_has(list, S("    30    60  rgb     3   8  jpeg")));
    assert_true(str_has(str_of(output_of(bench, "pdftotext", "p.pdf -")), S("未保存的一张")));
    /* 76 mm wide and half as high; 28 mm wide and 56 high; both end on one line. */
    const struct picture page = draw(bench, 1);
    struct extent wide = extent_of(&page, 60, 200, RED); /* below the letter's rule */
    struct extent tall = extent_of(&page, wide.bottom - 58, wide.bottom, BLACK);
    assert_near(wide.left, 28);
    assert_near(wide.right, 28 + 76);
    assert_near(wide.bottom - wide.top, 38);
    assert_near(tall.right - tall.left, 28);
    assert_near((tall.left + tall.right) / 2, 28 + 80 + 38);
    assert_near(tall.bottom - tall.top, 56);
}

static void what_is_no_photo_leaves_an_empty_frame(void **state)
{
    static const char *const broken[] = {"", "x", "\xff\xd8\xff\xc0", "\xff\xd8\xff\xe0\xff\xff\xff",
                                         "\xff\xd8\xff\xc0\x00\x11\x08\x00\x00\x00\x00\x03"};
    struct bench *bench = *state;
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        struct paper paper = read_whole(
            bench, "<paper form='letter'><picture sha256='" HASH("1") "'>一</picture></paper>");
        paper.pictures[0].jpeg = str_of(broken[i]);
        assert_int_equal(print(bench, &paper), 1);
        assert_false(str_has(str_of(output_of(bench, "pdfimages", "-list p.pdf")), S("jpeg")));
    }
}

static void the_same_paper_gives_the_same_bytes(void **state)
{
    struct bench *bench = *state;
    struct paper paper = read_whole(bench, letter);
    struct buf first, second;
    paper.made = S("2026-11-22T10:00:00+08:00");
    buf_init(&first, bench->arena, 1 << 24);
    buf_init(&second, bench->arena, 1 << 24);
    assert_int_equal(paper_pdf_write(&bench->ctx, &paper, NULL, &first, NULL), ST_OK);
    assert_int_equal(paper_pdf_write(&bench->ctx, &paper, NULL, &second, NULL), ST_OK);
    assert_true(str_eq(buf_str(&first), buf_str(&second)));
}

static void markup_that_is_not_known_is_refused(void **state)
{
    static const char *const wrong[] = {
        "<paper form='poster'/>",
        "<page form='letter'/>",
        "<paper form='letter'><script>x</script></paper>",
        "<paper form='letter'>loose</paper>",
        "<paper form='letter'><picture>one</picture></paper>",
        "<paper form='letter'><picture sha256='../x'>one</picture></paper>",
        "<paper form='letter'><p>open</paper>",
        "<paper form='letter'><table widths='1 2'><tr><td>one</td></tr></table></paper>",
        "<paper form='letter'><table widths='0'></table></paper>",
        "<!DOCTYPE paper [<!ENTITY a 'b'>]><paper form='letter'><p>&a;</p></paper>",
    };
    struct bench *bench = *state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct paper paper;
        bench->ctx.failure = (struct failure){0};
        assert_int_equal(paper_read(&bench->ctx, str_of(wrong[i]), &paper), ST_INVALID);
    }
}

/*
 * For the leak checker: both libraries keep what they know of fonts until the program ends, and Pango's
 * own thread may still hold some of it then.
 */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig.so\nleak:libcairo.so\n";
}

int main(void)
{
#define ONE(test) cmocka_unit_test_setup_teardown(test, open_bench, close_bench)
    const struct CMUnitTest tests[] = {
        ONE(a_page_has_22_lines_of_28_characters_in_the_type_area),
        ONE(the_mark_stands_35_mm_below_the_type_area_and_the_rule_4_below_the_number),
        ONE(a_letter_has_its_mark_30_mm_down_and_rules_of_170_mm),
        ONE(minutes_and_bulletins_have_mark_and_rule_in_the_type_area),
        ONE(a_form_lies_on_its_side_in_the_turned_type_area),
        ONE(the_closing_line_has_the_office_left_and_the_day_right),
        ONE(pages_are_numbered_7_mm_below_odd_right_even_left),
        ONE(a_sealed_day_ends_four_characters_from_the_right),
        ONE(a_signature_takes_the_last_paragraph_overleaf),
        ONE(every_font_is_embedded),
        ONE(the_text_comes_back_whole_rare_characters_too),
        ONE(no_rare_character_is_a_box),
        ONE(photos_stand_side_by_side_in_their_own_proportions),
        ONE(what_is_no_photo_leaves_an_empty_frame),
        ONE(the_same_paper_gives_the_same_bytes),
        ONE(markup_that_is_not_known_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
