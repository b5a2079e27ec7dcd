/*
 * Types by bytes: one row a kind, and what only pretends.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "kit/sniff.h"

static void every_kind_is_told_by_its_first_bytes(void **state)
{
    (void)state;
    static const struct {
        struct str head;
        enum sniff type;
    } rows[] = {
        {STR_INIT("\xFF\xD8\xFF\xE0\x00\x10JFIF"), SNIFF_JPEG},
        {STR_INIT("\x89PNG\r\n\x1A\n...."), SNIFF_PNG},
        {STR_INIT("GIF89a"), SNIFF_GIF},
        {STR_INIT("RIFF\x10\x00\x00\x00WEBPVP8 "), SNIFF_WEBP},
        {STR_INIT("\x00\x00\x00\x18"
                  "ftypheic"),
         SNIFF_HEIC},
        {STR_INIT("\x00\x00\x00\x18"
                  "ftypisom"),
         SNIFF_MP4},
        {STR_INIT("%PDF-1.7\n"), SNIFF_PDF},
        {STR_INIT("PK\x03\x04....[Content_Types].xml....PK\x03\x04xl/workbook.xml"), SNIFF_XLSX},
        {STR_INIT("PK\x03\x04....word/document.xml"), SNIFF_DOCX},
        {STR_INIT("PK\x03\x04....a.txt"), SNIFF_ZIP},
        {STR_INIT("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), SNIFF_OLE},
        {STR_INIT("序号,问题\r\n1,\"废气\"\r\n"), SNIFF_TEXT},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_int_equal(sniff_bytes(rows[i].head), rows[i].type);
}

static void what_only_pretends_is_unknown(void **state)
{
    (void)state;
    static const struct str rows[] = {
        STR_INIT(""),
        STR_INIT("\xFF\xD8"),
        STR_INIT("\x01...WEBP"),
        STR_INIT("\x7F"
                 "ELF"),
        STR_INIT("a\x00"
                 "b"),
        STR_INIT("\xB7\xCF\xC6\xF8"),
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_int_equal(sniff_bytes(rows[i]), SNIFF_UNKNOWN);
}

static void a_character_cut_by_the_end_of_the_head_is_no_fault(void **state)
{
    (void)state;
    char head[SNIFF_BYTES + 3];
    memset(head, 'a', sizeof head);
    for (size_t cut = 1; cut <= 2; cut++) {
        memcpy(head + SNIFF_BYTES - cut, "气", 3);
        assert_int_equal(sniff_bytes((struct str){head, SNIFF_BYTES}), SNIFF_TEXT);
        memset(head + SNIFF_BYTES - cut, 'a', 3);
    }
    memcpy(head + SNIFF_BYTES - 3, "气", 3);
    assert_int_equal(sniff_bytes((struct str){head, SNIFF_BYTES}), SNIFF_TEXT);
    memcpy(head, "\xE6\xB0", 2);
    assert_int_equal(sniff_bytes((struct str){head, SNIFF_BYTES}), SNIFF_UNKNOWN);
}

static void a_workbook_is_told_by_the_directory_at_its_end(void **state)
{
    (void)state;
    char filler[20000] = "PK\x03\x04";
    int fd = open("/tmp", O_TMPFILE | O_RDWR, 0600);
    assert_int_equal(write(fd, filler, sizeof filler), sizeof filler);
    assert_int_equal(sniff_file(fd), SNIFF_ZIP);
    assert_int_equal(write(fd, "PK\x01\x02...xl/workbook.xml", 22), 22);
    assert_int_equal(sniff_file(fd), SNIFF_XLSX);
    close(fd);
    assert_int_equal(sniff_file(fd), SNIFF_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_is_told_by_its_first_bytes),
        cmocka_unit_test(what_only_pretends_is_unknown),
        cmocka_unit_test(a_workbook_is_told_by_the_directory_at_its_end),
        cmocka_unit_test(a_character_cut_by_the_end_of_the_head_is_no_fault),
    };
    return cmocka_run_group_tests_name("kit/sniff", tests, NULL, NULL);
}
