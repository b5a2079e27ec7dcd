#include "support/sheetfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

/* Removed when the test program ends. */
static char made[256][48];
static size_t made_count;

static void remove_made(void)
{
    for (size_t i = 0; i < made_count; i++)
        (void)unlink(made[i]);
}

static const char *new_path(struct arena *arena, int *fd)
{
    must(made_count < COUNT_OF(made));
    if (made_count == 0)
        atexit(remove_made);
    char *path = made[made_count++];
    strcpy(path, "/tmp/lantian-sheet-XXXXXX");
    *fd = mkstemp(path);
    must(*fd >= 0);
    return str_c(arena, str_of(path));
}

const char *sheetfile_bytes(struct arena *arena, struct str bytes)
{
    int fd;
    const char *path = new_path(arena, &fd);
    must(write(fd, bytes.at, bytes.len) == (ssize_t)bytes.len);
    close(fd);
    return path;
}

const char *sheetfile_zip(struct arena *arena, const struct sheetfile_part *parts)
{
    int fd, error;
    const char *path = new_path(arena, &fd);
    close(fd);
    zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &error);
    must(zip != NULL);
    for (; parts->name != NULL; parts++) {
        zip_source_t *source = zip_source_buffer(zip, parts->text, strlen(parts->text), 0);
        must(zip_file_add(zip, parts->name, source, ZIP_FL_ENC_UTF_8) >= 0);
    }
    must(zip_close(zip) == 0);
    return path;
}

#define RELS "http://schemas.openxmlformats.org/package/2006/relationships"
#define DOC "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

const char *sheetfile_book(struct arena *arena, const char *sheet, const char *strings,
                           const char *styles)
{
    const struct sheetfile_part parts[] = {
        {"_rels/.rels", "<Relationships xmlns='" RELS "'><Relationship Id='r' Type='" DOC
                        "/officeDocument' Target='xl/workbook.xml'/></Relationships>"},
        {"xl/workbook.xml", "<workbook xmlns='" SHEETFILE_MAIN "' xmlns:r='" DOC "'><sheets>"
                            "<sheet name='表' sheetId='1' r:id='r1'/></sheets></workbook>"},
        {"xl/_rels/workbook.xml.rels",
         "<Relationships xmlns='" RELS "'>"
         "<Relationship Id='r1' Type='" DOC "/worksheet' Target='worksheets/sheet1.xml'/>"
         "<Relationship Id='r2' Type='" DOC "/sharedStrings' Target='/xl/sharedStrings.xml'/>"
         "<Relationship Id='r3' Type='" DOC "/styles' Target='styles.xml'/>"
         "<Relationship Id='r4' Type='" DOC "/externalLink' Target='file:///etc/passwd' "
         "TargetMode='External'/></Relationships>"},
        {"xl/worksheets/sheet1.xml",
         str_c(arena,
               str_printf(arena, "<worksheet xmlns='" SHEETFILE_MAIN "'>%s</worksheet>", sheet))},
        {strings == NULL ? NULL : "xl/sharedStrings.xml",
         strings == NULL
             ? NULL
             : str_c(arena,
                     str_printf(arena, "<sst xmlns='" SHEETFILE_MAIN "'>%s</sst>", strings))},
        {styles == NULL ? NULL : "xl/styles.xml",
         styles == NULL
             ? NULL
             : str_c(arena,
                     str_printf(arena, "<styleSheet xmlns='" SHEETFILE_MAIN "'>%s</styleSheet>",
                                styles))},
        {NULL, NULL},
    };
    /* A null in the middle would end the list: styles without strings. */
    struct sheetfile_part kept[COUNT_OF(parts) + 1] = {0};
    size_t count = 0;
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        if (parts[i].name != NULL)
            kept[count++] = parts[i];
    return sheetfile_zip(arena, kept);
}
