/*
 * A paper as DOCX beside the same paper as PDF: LibreOffice turns the one into PDF too, and both have the same
 * pages and say the same. It is slow to start, so one run converts every paper.
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
#include "kit/paper_docx.h"
#include "kit/paper_pdf.h"

enum { OUTPUT_MAX = 256 * 1024, FILE_MAX = 32 * 1024 * 1024 };

#define LINE "蓝天保卫战监督帮扶问题整改落实情况汇总核实登记台账清单表"
#define LINES_4 "<p>" LINE LINE LINE LINE "</p>"
#define LINES_20 LINES_4 LINES_4 LINES_4 LINES_4 LINES_4
#define ROW "<tr><td>1</td><td>某某县人民政府</td><td>" LINE LINE "</td><td>立行立改</td></tr>"
#define ROWS_8 ROW ROW ROW ROW ROW ROW ROW ROW

#define PHOTO_HASH "0000000000000000000000000000000000000000000000000000000000000001"
#define PHOTOS_2                                                                                   \
    "<picture sha256='" PHOTO_HASH "'>图1　整改前（2026年11月1日）</picture>"                       \
    "<picture sha256='" PHOTO_HASH "'>图2　整改后（2026年11月20日）</picture>"

static const struct sample {
    const char *name, *markup;
} samples[] = {
    {"document",
     "<paper form='document' seal='yes'><mark>某某市蓝天指挥部文件</mark><number>蓝指发〔2026〕7号</number>"
     "<title>关于整改的通知</title><to>各县：</to>" LINES_20 LINES_20 "<h1>一、总体要求</h1><p>短文。</p>"
     "<h2>（一）目标</h2><p>完成三项任务，不得“一刀切”。</p><h3>1.任务</h3><p>全部完成。</p>"
     "<annex>附件：1.清单</annex><annex>2.台账</annex><sign>某某市蓝天指挥部</sign><date>2026年11月22日</date>"
     "<copies>抄送：省厅。</copies><printer>某某市蓝天指挥部办公室　2026年11月22日印发</printer></paper>"},
    {"letter",
     "<paper form='letter' seal='yes'><mark>生态环境执法局</mark><number>环执督函〔2026〕12号</number>"
     "<title>关于督促整改的函</title><to>某某市人民政府：</to><p>负责人㛃某、𠮷某未到场。</p>"
     "<table widths='1 3'><tr><td>问题</td><td>渣土未覆盖 &lt;北环路&gt;</td></tr></table>"
     "<table widths='1 3'><tr><td>地点</td><td>北环路</td></tr></table><p>请依法办理。</p>"
     "<sign>生态环境执法局</sign><date>2026年11月22日</date><copies>抄送：省厅。</copies></paper>"},
    {"joint",
     "<paper form='letter'><mark>某某市生态环境保护督察整改工作领导小组办公室</mark><number>环执督函〔2026〕12号</number>"
     "<title>关于督促整改若干突出问题并限期报送整改落实情况与佐证材料的函</title><to>某某市人民政府：</to>" LINES_20
     "<sign>某某市生态环境局</sign><sign>某某市公安局</sign><sign>某某市住房和城乡建设局</sign>"
     "<date>2026年11月22日</date></paper>"},
    {"overleaf", /* 15 lines below the addressee: two lines of text, and the signature that has no room */
     "<paper form='letter' seal='yes'><mark>生态环境执法局</mark><title>关于整改的函</title><to>某市：</to>"
     LINES_4 LINES_4 "<p>文。</p><p>文。</p><p>文。</p><p>" LINE LINE "</p>"
     "<sign>生态环境执法局</sign><date>2026年11月22日</date></paper>"},
    {"minutes",
     "<paper form='minutes'><mark>约谈纪要</mark><number>〔2026〕3号</number><title>关于整改的约谈纪要</title>"
     "<p>出席：张某、李某</p><p>会议认为应当整改。</p><copies>抄送：省厅。</copies></paper>"},
    {"bulletin",
     "<paper form='bulletin'><mark>蓝天简报</mark><number>第12期</number><publisher>指挥部办公室</publisher>"
     "<date>2026年11月22日</date><title>本轮情况</title>" LINES_20 "<copies>报：省厅。送：各县。</copies></paper>"},
    {"table",
     "<paper form='table'><number>表1</number><title>整改台账</title><p>填报单位：局</p>"
     "<table widths='1 2 5 2'><tr><th>序号</th><th>单位</th><th>问题</th><th>措施</th></tr>" ROWS_8 ROWS_8 ROWS_8
     "</table><sign>局</sign><date>2026年11月22日</date></paper>"},
    {"photos",
     "<paper form='table'><title>验收销号登记表</title><table widths='1 1'><tr><td>问题</td><td>扬尘</td></tr></table>"
     PHOTOS_2 PHOTOS_2 "<p>以上照片由现场拍摄。</p>" PHOTOS_2
     "<sign>局</sign><date>2026年11月22日</date></paper>"},
};

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
    snprintf(bench->dir, sizeof bench->dir, "/tmp/docx-XXXXXX");
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

static struct str output_of(struct bench *bench, const char *command)
{
    char *out = arena_alloc(bench->arena, OUTPUT_MAX);
    char line[512];
    snprintf(line, sizeof line, "cd %s && %s", bench->dir, command);
    FILE *pipe = popen(line, "r");
    assert_non_null(pipe);
    size_t len = fread(out, 1, OUTPUT_MAX - 1, pipe);
    assert_int_equal(pclose(pipe), 0);
    return (struct str){out, len};
}

static void save(struct bench *bench, const char *name, const char *ending, struct str bytes)
{
    char path[160];
    snprintf(path, sizeof path, "%s/%s%s", bench->dir, name, ending);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes.at, 1, bytes.len, file), bytes.len);
    assert_int_equal(fclose(file), 0);
}

/* The paper with its code, as both files; gives the pages of the PDF. */
static int write_both(struct bench *bench, const struct sample *sample)
{
    struct paper paper;
    struct buf docx, pdf;
    int pages;
    assert_int_equal(paper_read(&bench->ctx, str_of(sample->markup), &paper), ST_OK);
    static unsigned char dots[60 * 45 * 3];
    paper.check_url = S("0001-1 7 0123456789abcdef");
    paper.check_text = S("0123456789abcdef");
    for (size_t i = 0; i + 1 < paper.picture_count; i++) /* the last is not at hand */
        paper.pictures[i].jpeg = fixture_jpeg(bench->arena, dots, 60, 45, 80, (struct str){0});
    buf_init(&docx, bench->arena, FILE_MAX);
    buf_init(&pdf, bench->arena, FILE_MAX);
    assert_int_equal(paper_docx_write(&bench->ctx, &paper, &docx), ST_OK);
    assert_int_equal(paper_pdf_write(&bench->ctx, &paper, NULL, &pdf, &pages), ST_OK);
    save(bench, sample->name, ".docx", buf_str(&docx));
    save(bench, sample->name, ".our.pdf", buf_str(&pdf));
    return pages;
}

/* The names that Word knows stand for what is here: a machine of an office has them. */
static void save_fonts(struct bench *bench)
{
    static const char *const names[] = {"仿宋_GB2312", "方正小标宋简体", "楷体_GB2312", "宋体", "黑体"};
    struct buf out;
    buf_init(&out, bench->arena, 4096);
    buf_c(&out, "<?xml version=\"1.0\"?><!DOCTYPE fontconfig SYSTEM \"fonts.dtd\"><fontconfig>"
                "<include ignore_missing=\"yes\">/etc/fonts/fonts.conf</include>");
    for (size_t i = 0; i < COUNT_OF(names); i++)
        buf_printf(&out, "<alias binding=\"same\"><family>%s</family><prefer><family>Noto Serif CJK SC</family>"
                         "</prefer></alias>", names[i]);
    buf_c(&out, "</fontconfig>");
    save(bench, "fonts", ".conf", buf_str(&out));
}

static bool is_here(const char *program)
{
    char command[96];
    snprintf(command, sizeof command, "command -v %s >/dev/null", program);
    return system(command) == 0;
}

/*
 * What a file says, its characters sorted: cells of a row may be read in another order. Where a line ends
 * poppler takes a hyphen for one of its own.
 */
static struct str said_in(struct bench *bench, const char *name, const char *ending)
{
    char command[256];
    snprintf(command, sizeof command,
             "timeout 60 pdftotext %s%s - | python3 -c 'import sys; "
             "print(\"\".join(sorted(c for c in sys.stdin.buffer.read().decode() if not c.isspace() and c != \"-\"))"
             ".encode())'",
             name, ending);
    struct str text = output_of(bench, command);
    assert_true(text.len > 0);
    return text;
}

static int pages_of(struct bench *bench, const char *name, const char *ending)
{
    char command[256];
    snprintf(command, sizeof command, "pdfinfo %s%s | awk '/^Pages/{print $2}'", name, ending);
    return atoi(str_c(bench->arena, output_of(bench, command)));
}

static void libreoffice_shows_the_pages_and_text_of_the_pdf(void **state)
{
    struct bench *bench = *state;
    int pages[COUNT_OF(samples)];
    if (!is_here("soffice") || !is_here("pdftotext"))
        skip();
    for (size_t i = 0; i < COUNT_OF(samples); i++)
        pages[i] = write_both(bench, &samples[i]);
    save_fonts(bench);
    (void)output_of(bench, "HOME=. FONTCONFIG_FILE=\"$PWD/fonts.conf\" timeout 300 soffice "
                           "-env:UserInstallation=file://\"$PWD/profile\" --headless --convert-to pdf "
                           "*.docx 2>&1");
    for (size_t i = 0; i < COUNT_OF(samples); i++) {
        int shown = pages_of(bench, samples[i].name, ".pdf");
        if (shown != pages[i])
            print_error("%s: %d pages, not %d\n", samples[i].name, shown, pages[i]);
        assert_int_equal(shown, pages[i]);
        if (!str_eq(said_in(bench, samples[i].name, ".pdf"), said_in(bench, samples[i].name, ".our.pdf")))
            print_error("%s says something else\n", samples[i].name);
        assert_true(str_eq(said_in(bench, samples[i].name, ".pdf"), said_in(bench, samples[i].name, ".our.pdf")));
    }
}

static void the_parts_are_well_formed_and_the_text_is_escaped(void **state)
{
    struct bench *bench = *state;
    for (size_t i = 0; i < COUNT_OF(samples); i++)
        (void)write_both(bench, &samples[i]);
    struct str parts = output_of(bench, "python3 -c 'import glob, zipfile, xml.dom.minidom as m\n"
                                        "for f in sorted(glob.glob(\"*.docx\")):\n"
                                        "  z = zipfile.ZipFile(f)\n"
                                        "  [m.parseString(z.read(n)) for n in z.namelist() if not n.endswith((\"png\", \"jpeg\"))]\n"
                                        "  print(f, len(z.namelist()), z.read(\"word/document.xml\").count(b\"&lt;\"))'");
    assert_true(str_has(parts, S("letter.docx 13 1")));
    assert_true(str_has(parts, S("document.docx 11 0")));
    assert_true(str_has(parts, S("photos.docx 16 0")));
}

static void the_same_paper_gives_the_same_bytes(void **state)
{
    struct bench *bench = *state;
    struct paper paper;
    struct buf first, second;
    assert_int_equal(paper_read(&bench->ctx, str_of(samples[0].markup), &paper), ST_OK);
    buf_init(&first, bench->arena, FILE_MAX);
    buf_init(&second, bench->arena, FILE_MAX);
    assert_int_equal(paper_docx_write(&bench->ctx, &paper, &first), ST_OK);
    assert_int_equal(paper_docx_write(&bench->ctx, &paper, &second), ST_OK);
    assert_true(str_eq(buf_str(&first), buf_str(&second)));
}

/* For the leak checker: the libraries of the PDF keep what they know of fonts until the program ends. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig.so\nleak:libcairo.so\n";
}

int main(void)
{
#define ONE(test) cmocka_unit_test_setup_teardown(test, open_bench, close_bench)
    const struct CMUnitTest tests[] = {
        ONE(libreoffice_shows_the_pages_and_text_of_the_pdf),
        ONE(the_parts_are_well_formed_and_the_text_is_escaped),
        ONE(the_same_paper_gives_the_same_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
