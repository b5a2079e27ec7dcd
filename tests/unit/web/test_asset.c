/* Addresses of static files: kept for ever exactly as long as the bytes are the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "web/asset.h"

static const struct furniture_file files[] = {
    {"static/app.css", "body{}", 6},
    {"static/vendor/icons.svg", "<svg/>", 6},
    {"templates/case.html", "<p>", 3},
};

static struct furniture *open_files(struct arena *arena)
{
    struct ctx ctx = {.arena = arena};
    struct furniture *furniture = NULL;
    assert_int_equal(
        furniture_open(&ctx, arena, files, COUNT_OF(files), (struct str){0}, &furniture), ST_OK);
    return furniture;
}

static void address_leads_back_to_its_file(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct furniture *furniture = open_files(arena);
    struct str url = asset_format_url(arena, furniture, "static/vendor/icons.svg");
    bool kept = false;
    const struct furniture_item *item = asset_find(furniture, url, &kept);
    assert_non_null(item);
    assert_true(str_eq(item->path, S("static/vendor/icons.svg")));
    assert_true(kept);
}

static void address_of_other_bytes_is_not_kept(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    bool kept = true;
    assert_non_null(asset_find(open_files(arena), S("/static/0000000000000000/app.css"), &kept));
    assert_false(kept);
}

static void only_static_files_are_found(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct furniture *furniture = open_files(arena);
    static const struct str none[] = {
        STR_INIT(""),
        STR_INIT("/static/"),
        STR_INIT("/static/app.css"),
        STR_INIT("/static/x/"),
        STR_INIT("/static/x/../templates/case.html"),
        STR_INIT("/templates/x/case.html"),
        STR_INIT("/static/x/none.css"),
    };
    bool kept = false;
    for (size_t i = 0; i < COUNT_OF(none); i++)
        assert_null(asset_find(furniture, none[i], &kept));
}

static void address_longer_than_any_file_is_refused(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct buf path;
    bool kept = false;
    buf_init(&path, arena, 4096);
    buf_c(&path, "/static/x/");
    for (int i = 0; i < 2000; i++)
        buf_char(&path, 'a');
    assert_null(asset_find(open_files(arena), buf_str(&path), &kept));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(address_leads_back_to_its_file),
        cmocka_unit_test(address_of_other_bytes_is_not_kept),
        cmocka_unit_test(only_static_files_are_found),
        cmocka_unit_test(address_longer_than_any_file_is_refused),
    };
    return cmocka_run_group_tests_name("web/asset", tests, NULL, NULL);
}
