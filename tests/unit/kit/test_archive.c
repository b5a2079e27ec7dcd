/*
 * Archives: what goes in comes out, and no name inside leads out of the folder.
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

#include "kit/archive.h"
#include "support/sheetfile.h"

struct place {
    struct ctx ctx;
    char dir[64];
    const char *zip;
};

static struct place place_new(void)
{
    struct place place = {.ctx = {.arena = arena_new()}};
    strcpy(place.dir, "/tmp/lantian-archive.XXXXXX");
    must(mkdtemp(place.dir) != NULL);
    place.zip = str_printf(place.ctx.arena, "%s/a.zip", place.dir).at;
    return place;
}

static void place_free(struct place *place)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", place->dir);
    must(system(command) == 0);
    arena_free(place->ctx.arena);
}

static struct str read_text(struct place *place, const char *name)
{
    char *bytes = arena_alloc(place->ctx.arena, 4096);
    FILE *file = fopen(str_printf(place->ctx.arena, "%s/%s", place->dir, name).at, "re");
    if (file == NULL)
        return (struct str){0};
    size_t len = fread(bytes, 1, 4096, file);
    must(fclose(file) == 0);
    return (struct str){bytes, len};
}

static void what_goes_in_comes_out(void **state)
{
    (void)state;
    struct place place AUTO(place_free) = place_new();
    struct ctx *ctx = &place.ctx;
    struct archive_writer *archive AUTO(archive_write_cleanup) = NULL;
    int64_t files;
    const char *source = sheetfile_bytes(ctx->arena, S("原件\n"));
    assert_int_equal(archive_write_open(ctx, place.zip, &archive), ST_OK);
    assert_int_equal(archive_write_file(ctx, archive, S("blobs/ab/cd"), source), ST_OK);
    assert_int_equal(archive_write_file(ctx, archive, S("lantian.yaml"), source), ST_OK);
    assert_int_equal(archive_write_close(ctx, &archive), ST_OK);
    assert_int_equal(archive_unpack(ctx, place.zip, place.dir, &files), ST_OK);
    assert_int_equal(files, 2);
    assert_true(str_eq_c(read_text(&place, "blobs/ab/cd"), "原件\n"));
    assert_true(str_eq_c(read_text(&place, "lantian.yaml"), "原件\n"));
}

static void given_up_leaves_nothing(void **state)
{
    (void)state;
    struct place place AUTO(place_free) = place_new();
    struct archive_writer *archive = NULL;
    assert_int_equal(archive_write_open(&place.ctx, place.zip, &archive), ST_OK);
    archive_write_cleanup(&archive);
    assert_int_not_equal(access(place.zip, F_OK), 0);
}

static void names_that_lead_out_are_refused(void **state)
{
    (void)state;
    static const char *const names[] = {"../x", "a/../../x", "/etc/x", "a//b", "./a", "a\\b", "空"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct place place AUTO(place_free) = place_new();
        const struct sheetfile_part parts[] = {{names[i], "x"}, {NULL, NULL}};
        int64_t files;
        const char *zip = sheetfile_zip(place.ctx.arena, parts);
        assert_int_equal(archive_unpack(&place.ctx, zip, place.dir, &files), ST_INVALID);
        assert_string_equal(place.ctx.failure.reason.key, "archive.name");
    }
}

static void file_that_is_there_stays(void **state)
{
    (void)state;
    struct place place AUTO(place_free) = place_new();
    const struct sheetfile_part parts[] = {{"a", "x"}, {NULL, NULL}};
    const char *zip = sheetfile_zip(place.ctx.arena, parts);
    int64_t files;
    assert_int_equal(archive_unpack(&place.ctx, zip, place.dir, &files), ST_OK);
    assert_int_equal(archive_unpack(&place.ctx, zip, place.dir, &files), ST_IO);
}

static void what_is_no_archive_is_said_to_be_none(void **state)
{
    (void)state;
    struct place place AUTO(place_free) = place_new();
    int64_t files;
    const char *text = sheetfile_bytes(place.ctx.arena, S("not a zip"));
    assert_int_equal(archive_unpack(&place.ctx, text, place.dir, &files), ST_MEDIA);
    fail_clear(&place.ctx);
    assert_int_equal(archive_unpack(&place.ctx, "/nowhere/x.zip", place.dir, &files), ST_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_goes_in_comes_out),
        cmocka_unit_test(given_up_leaves_nothing),
        cmocka_unit_test(names_that_lead_out_are_refused),
        cmocka_unit_test(file_that_is_there_stays),
        cmocka_unit_test(what_is_no_archive_is_said_to_be_none),
    };
    return cmocka_run_group_tests_name("kit/archive", tests, NULL, NULL);
}
