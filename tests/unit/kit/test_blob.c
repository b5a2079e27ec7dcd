/*
 * Kept files: found under their digest, never half, never believed when damaged.
 */
#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "kit/blob.h"

struct world {
    struct ctx ctx;
    char dir[32];
    struct blob_store *store;
};

static int open_world(void **state)
{
    struct arena *arena = arena_new();
    struct world *w = arena_new_of(arena, struct world);
    w->ctx.arena = arena;
    snprintf(w->dir, sizeof w->dir, "/tmp/test-blob-XXXXXX");
    assert_non_null(mkdtemp(w->dir));
    assert_int_equal(blob_store_open(&w->ctx, str_of(w->dir), &w->store), ST_OK);
    *state = w;
    return 0;
}

static const char *path_of(struct world *w, const struct digest *digest)
{
    struct str hex = digest_format(w->ctx.arena, digest);
    return str_c(w->ctx.arena,
                 str_printf(w->ctx.arena, "%s/blobs/%.2s/%.*s", w->dir, hex.at, STR_ARG(hex)));
}

static int close_world(void **state)
{
    struct world *w = *state;
    blob_store_close(w->store);
    char command[64];
    snprintf(command, sizeof command, "rm -r %s", w->dir);
    int code = system(command);
    arena_free(w->ctx.arena);
    return code;
}

static size_t files_in(struct world *w, const char *folder)
{
    size_t count = 0;
    DIR *dir = opendir(str_c(w->ctx.arena, str_printf(w->ctx.arena, "%s/%s", w->dir, folder)));
    assert_non_null(dir);
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(dir);
    return count;
}

static void bytes_come_back_under_their_digest(void **state)
{
    struct world *w = *state;
    struct digest name, right = crypto_digest(CRYPTO_SHA256, S("photo"));
    assert_int_equal(blob_put_bytes(&w->ctx, w->store, S("photo"), &name), ST_OK);
    assert_true(digest_eq(&name, &right));
    int fd;
    int64_t size;
    char back[5];
    assert_int_equal(blob_open(&w->ctx, w->store, &name, &fd, &size), ST_OK);
    assert_int_equal(size, 5);
    assert_int_equal(read(fd, back, sizeof back), 5);
    assert_memory_equal(back, "photo", 5);
    close(fd);
    assert_int_equal(files_in(w, "tmp"), 0);
}

static void an_uploaded_file_is_kept_whole(void **state)
{
    struct world *w = *state;
    int fd;
    assert_int_equal(blob_temp_open(&w->ctx, w->store, &fd), ST_OK);
    for (int i = 0; i < 100000; i++)
        assert_int_equal(write(fd, "line\n", 5), 5);
    struct digest name;
    int64_t size;
    assert_int_equal(blob_put_file(&w->ctx, w->store, fd, &name, &size), ST_OK);
    close(fd);
    assert_int_equal(size, 500000);
    assert_int_equal(blob_open(&w->ctx, w->store, &name, &fd, &size), ST_OK);
    assert_int_equal(size, 500000);
    close(fd);
    assert_int_equal(files_in(w, "tmp"), 0);
}

static void the_same_bytes_are_kept_once(void **state)
{
    struct world *w = *state;
    struct digest name;
    struct stat first, second;
    assert_int_equal(blob_put_bytes(&w->ctx, w->store, S("twice"), &name), ST_OK);
    assert_int_equal(stat(path_of(w, &name), &first), 0);
    assert_int_equal(blob_put_bytes(&w->ctx, w->store, S("twice"), &name), ST_OK);
    assert_int_equal(stat(path_of(w, &name), &second), 0);
    assert_int_equal(first.st_ino, second.st_ino);
}

static void damage_is_seen_on_reading_and_healed_by_the_same_upload(void **state)
{
    struct world *w = *state;
    struct digest name;
    int64_t size;
    assert_int_equal(blob_put_bytes(&w->ctx, w->store, S("original"), &name), ST_OK);
    int fd = open(path_of(w, &name), O_WRONLY);
    assert_int_equal(pwrite(fd, "O", 1, 0), 1);
    close(fd);
    assert_int_equal(blob_open(&w->ctx, w->store, &name, &fd, &size), ST_BROKEN);
    fail_clear(&w->ctx);
    assert_int_equal(blob_put_bytes(&w->ctx, w->store, S("original"), &name), ST_OK);
    assert_int_equal(blob_open(&w->ctx, w->store, &name, &fd, &size), ST_OK);
    close(fd);
}

static void an_unknown_name_is_not_found(void **state)
{
    struct world *w = *state;
    struct digest name = crypto_digest(CRYPTO_SHA256, S("never kept"));
    int fd;
    int64_t size;
    assert_int_equal(blob_open(&w->ctx, w->store, &name, &fd, &size), ST_NOT_FOUND);
}

/* The file size limit stands in for a full disk: write fails after the first 64 KiB. */
static void a_full_disk_leaves_nothing_behind(void **state)
{
    struct world *w = *state;
    struct rlimit whole, small;
    struct digest name;
    char *bytes = arena_alloc(w->ctx.arena, 1 << 20);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &whole), 0);
    small = (struct rlimit){64 * 1024, whole.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    enum status status = blob_put_bytes(&w->ctx, w->store, (struct str){bytes, 1 << 20}, &name);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &whole), 0);
    assert_int_equal(status, ST_IO);
    assert_int_equal(files_in(w, "tmp"), 0);
    assert_int_equal(files_in(w, "blobs"), 0);
}

static void leftovers_of_a_killed_process_are_swept_after_a_day(void **state)
{
    struct world *w = *state;
    const char *names[] = {"blob-old", "blob-new", "other-old"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const char *path =
            str_c(w->ctx.arena, str_printf(w->ctx.arena, "%s/tmp/%s", w->dir, names[i]));
        int fd = open(path, O_CREAT | O_WRONLY, 0600);
        struct timespec times[2] = {{.tv_sec = 1000000}, {.tv_sec = 1000000}};
        if (i != 1)
            assert_int_equal(futimens(fd, times), 0);
        close(fd);
    }
    blob_store_close(w->store);
    assert_int_equal(blob_store_open(&w->ctx, str_of(w->dir), &w->store), ST_OK);
    assert_int_equal(files_in(w, "tmp"), 2);
}

static void a_missing_data_folder_is_an_io_failure(void **state)
{
    struct world *w = *state;
    struct blob_store *store;
    assert_int_equal(blob_store_open(&w->ctx, S("/nowhere/at/all"), &store), ST_IO);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(bytes_come_back_under_their_digest),
        TEST(an_uploaded_file_is_kept_whole),
        TEST(the_same_bytes_are_kept_once),
        TEST(damage_is_seen_on_reading_and_healed_by_the_same_upload),
        TEST(an_unknown_name_is_not_found),
        TEST(a_full_disk_leaves_nothing_behind),
        TEST(leftovers_of_a_killed_process_are_swept_after_a_day),
        TEST(a_missing_data_folder_is_an_io_failure),
    };
    signal(SIGXFSZ, SIG_IGN);
    return cmocka_run_group_tests_name("kit/blob", tests, NULL, NULL);
}
