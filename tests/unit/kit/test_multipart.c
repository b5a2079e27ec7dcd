/*
 * Multipart bodies, whole and in pieces of every size, and those that are none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "kit/multipart.h"

/* What was read, as one text: name(filename|type)=bytes; */
struct world {
    struct ctx ctx;
    struct buf seen;
};

static int open_world(void **state)
{
    struct arena *arena = arena_new();
    struct world *w = arena_new_of(arena, struct world);
    w->ctx.arena = arena;
    buf_init(&w->seen, arena, 1 << 24);
    *state = w;
    return 0;
}

static int close_world(void **state)
{
    struct world *w = *state;
    arena_free(w->ctx.arena);
    return 0;
}

static enum status on_begin(void *user, const struct multipart_part *part)
{
    struct world *w = user;
    buf_text(&w->seen, part->name);
    if (part->filename.at != NULL)
        buf_printf(&w->seen, "(%.*s|%.*s)", STR_ARG(part->filename), STR_ARG(part->type));
    buf_char(&w->seen, '=');
    return ST_OK;
}

static enum status on_data(void *user, struct str bytes)
{
    struct world *w = user;
    buf_text(&w->seen, bytes);
    return ST_OK;
}

static enum status on_end(void *user)
{
    struct world *w = user;
    buf_char(&w->seen, ';');
    return ST_OK;
}

static enum status read_in_pieces(struct world *w, struct str body, size_t piece)
{
    struct multipart_sink sink = {on_begin, on_data, on_end, w};
    fail_clear(&w->ctx);
    buf_clear(&w->seen);
    struct multipart *reader = multipart_new(&w->ctx, S("BxB"), sink);
    for (size_t i = 0; i < body.len; i += piece)
        TRY(multipart_feed(reader, str_part(body, i, piece)));
    return multipart_end(reader);
}

#define PART(head, body) "--BxB\r\n" head "\r\n\r\n" body "\r\n"
#define FIELD(name) "Content-Disposition: form-data; name=\"" name "\""
#define END "--BxB--\r\n"

static void parts_are_read_in_pieces_of_every_size(void **state)
{
    struct world *w = *state;
    struct str body = S(PART(FIELD("kind"), "before")
                            PART(FIELD("file") "; filename=\"a.jpg\"\r\nContent-Type: image/jpeg",
                                 "\r\n--Bx\r\n\0--BxB\r\n-\r\n--B") PART(FIELD("empty"), "") END);
    struct str right = S("kind=before;file(a.jpg|image/jpeg)=\r\n--Bx\r\n\0--BxB\r\n-\r\n--B;"
                         "empty=;");
    for (size_t piece = 1; piece <= body.len; piece++) {
        assert_int_equal(read_in_pieces(w, body, piece), ST_OK);
        assert_true(str_eq(buf_str(&w->seen), right));
    }
}

static void a_body_larger_than_the_window_goes_through(void **state)
{
    struct world *w = *state;
    size_t size = 300000;
    struct buf body;
    buf_init(&body, w->ctx.arena, size + 1000);
    buf_c(&body, "--BxB\r\n" FIELD("f") "; filename=\"x\"\r\n\r\n");
    for (size_t i = 0; i < size; i++)
        buf_char(&body, "\r\n--BxX"[i % 7]);
    buf_c(&body, "\r\n" END);
    assert_int_equal(read_in_pieces(w, buf_str(&body), 70000), ST_OK);
    assert_int_equal(w->seen.len, strlen("f(x|)=;") + size);
}

static void file_names_lose_their_folders_and_escapes(void **state)
{
    struct world *w = *state;
    static const struct {
        const char *sent;
        const char *right;
    } rows[] = {
        {"filename=\"C:\\dir\\照片.jpg\"", "照片.jpg"},
        {"filename=\"../../etc/passwd\"", "passwd"},
        {"filename=\"a%22b.txt\"", "a\"b.txt"},
        {"filename=\"a\\\"b.txt\"", "a\"b.txt"},
        {"filename=\"a;b.txt\"", "a;b.txt"},
        {"filename=plain.txt", "plain.txt"},
        {"filename=\"\"", ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct str body =
            str_printf(w->ctx.arena, "--BxB\r\n" FIELD("f") "; %s\r\n\r\n\r\n" END, rows[i].sent);
        assert_int_equal(read_in_pieces(w, body, body.len), ST_OK);
        assert_string_equal(
            str_c(w->ctx.arena, buf_str(&w->seen)),
            str_c(w->ctx.arena, str_printf(w->ctx.arena, "f(%s|)=;", rows[i].right)));
    }
}

static void what_is_not_the_rfc_is_refused(void **state)
{
    struct world *w = *state;
    static const struct str rows[] = {
        STR_INIT(""),
        STR_INIT("--BxB"),
        STR_INIT("preamble\r\n" PART(FIELD("a"), "1") END),
        STR_INIT(PART(FIELD("a"), "1")),
        STR_INIT(PART(FIELD("a"), "1") END "epilogue"),
        STR_INIT(PART("Content-Type: text/plain", "1") END),
        STR_INIT(PART(FIELD(""), "1") END),
        STR_INIT(PART(FIELD("a") "; name=\"b\"", "1") END),
        STR_INIT(PART(FIELD("a") "\r\n" FIELD("b"), "1") END),
        STR_INIT(PART(FIELD("a") "; filename*=UTF-8''x", "1") END),
        STR_INIT(PART(FIELD("a\xFF"), "1") END),
        STR_INIT(PART("Content-Disposition: form-data; name=\"a", "1") END),
        STR_INIT(PART("Content-Disposition: attachment; name=\"a\"", "1") END),
        STR_INIT(PART(FIELD("a") "\r\n folded", "1") END),
        STR_INIT(PART(FIELD("a") "\r\nContent-Transfer-Encoding: base64", "1") END),
        STR_INIT("--BxBx\r\n" FIELD("a") "\r\n\r\n1\r\n" END),
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        for (size_t piece = 1; piece <= 64; piece *= 64)
            assert_int_equal(read_in_pieces(w, rows[i], piece), ST_MALFORMED);
}

static void heads_and_parts_have_limits(void **state)
{
    struct world *w = *state;
    struct buf body;
    buf_init(&body, w->ctx.arena, 1 << 20);
    for (int i = 0; i <= MULTIPART_PARTS_MAX; i++)
        buf_c(&body, PART(FIELD("a"), ""));
    assert_int_equal(read_in_pieces(w, buf_str(&body), 1000), ST_LIMIT);
    buf_clear(&body);
    buf_c(&body, "--BxB\r\n");
    for (int i = 0; i < MULTIPART_HEAD_BYTES_MAX; i++)
        buf_char(&body, 'x');
    assert_int_equal(read_in_pieces(w, buf_str(&body), 1000), ST_LIMIT);
}

static void the_boundary_is_taken_from_the_content_type(void **state)
{
    struct world *w = *state;
    static const struct {
        const char *type;
        const char *boundary;
    } rows[] = {
        {"multipart/form-data; boundary=----WebKitFormBoundaryAb12", "----WebKitFormBoundaryAb12"},
        {"Multipart/Form-Data;charset=utf-8;BOUNDARY=\"a b\"", NULL},
        {"multipart/form-data; boundary=\"a:b\"", "a:b"},
        {"multipart/form-data", NULL},
        {"multipart/form-data; boundary=", NULL},
        {"multipart/form-data; boundary=a; boundary=b", NULL},
        {"multipart/mixed; boundary=a", NULL},
        {"multipart/form-data; boundary="
         "0123456789012345678901234567890123456789012345678901234567890123456789x",
         NULL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct str boundary;
        bool found = multipart_boundary(w->ctx.arena, str_of(rows[i].type), &boundary);
        assert_int_equal(found, rows[i].boundary != NULL);
        if (found)
            assert_true(str_eq_c(boundary, rows[i].boundary));
    }
}

static enum status refuse_data(void *user, struct str bytes)
{
    struct world *w = user;
    (void)bytes;
    return fail(&w->ctx, ST_IO, "io.write", NO_ARGS);
}

static void a_failing_sink_ends_the_reading(void **state)
{
    struct world *w = *state;
    struct multipart_sink sink = {on_begin, refuse_data, on_end, w};
    struct multipart *reader = multipart_new(&w->ctx, S("BxB"), sink);
    assert_int_equal(multipart_feed(reader, S(PART(FIELD("a"), "1") END)), ST_IO);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(parts_are_read_in_pieces_of_every_size),
        TEST(a_body_larger_than_the_window_goes_through),
        TEST(file_names_lose_their_folders_and_escapes),
        TEST(what_is_not_the_rfc_is_refused),
        TEST(heads_and_parts_have_limits),
        TEST(the_boundary_is_taken_from_the_content_type),
        TEST(a_failing_sink_ends_the_reading),
    };
    return cmocka_run_group_tests_name("kit/multipart", tests, NULL, NULL);
}
