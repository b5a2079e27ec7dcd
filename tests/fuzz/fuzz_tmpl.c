/*
 * Templates: the input is the text of every file of a set, cut at lines of ===: the first is the
 * data (JSON), the others are the templates `page`, `a`, `b`, `c`. Two renderings give the same
 * bytes, and in a strict page no value that is not ready markup brings a bare < into the output.
 */
#include <string.h>

#include "fuzz.h"
#include "kit/json.h"
#include "kit/tmpl.h"

enum { FILE_COUNT = 4, OUTPUT_MAX = 64 * 1024 };

struct input {
    struct str data;
    struct str files[FILE_COUNT];
};

static struct str cut(struct str *rest)
{
    size_t at = str_find(*rest, S("\n===\n"));
    struct str head = str_part(*rest, 0, at);
    *rest = at == SIZE_MAX ? S("") : str_from(*rest, at + 5);
    return head;
}

static bool load(void *user, struct str name, struct str *out)
{
    static const char *const names[FILE_COUNT] = {"page", "a", "b", "c"};
    const struct input *input = user;
    for (size_t i = 0; i < FILE_COUNT; i++) {
        if (!str_eq_c(name, names[i]) || input->files[i].at == NULL)
            continue;
        *out = input->files[i];
        return true;
    }
    return false;
}

static size_t count_of(struct str text, char c)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += text.at[i] == c;
    return count;
}

static void compile_and_render(struct input *input, enum tmpl_flags flags)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena};
    struct tmpl_set *set = tmpl_set_new(arena, load, input, flags);
    struct words_book *book = words_book_new(arena);
    must(words_book_add(&ctx, book, LANG_EN, S("en"),
                        S("k = {x} <\nn[one] = 1\nn[other] = {n}\n")) == ST_OK);
    const struct tmpl_words words = {book, LANG_EN};
    const struct tmpl *tmpl;
    struct value *data;
    struct buf first;
    struct buf second;
    buf_init(&first, arena, OUTPUT_MAX);
    buf_init(&second, arena, OUTPUT_MAX);
    if (tmpl_compile(&ctx, set, S("page"), &tmpl) != ST_OK) {
        must(ctx.failure.status != ST_OK);
        return;
    }
    if (json_parse(&ctx, input->data, OUTPUT_MAX, JSON_DECIMALS_AS_TEXT, &data) != ST_OK)
        data = value_map(arena);
    fail_clear(&ctx);
    enum status status = tmpl_render(&ctx, tmpl, data, &words, &first);
    must(status == ctx.failure.status);
    must(tmpl_render(&ctx, tmpl, data, &words, &second) == status);
    must(str_eq(buf_str(&first), buf_str(&second)));
    bool none_written = true;
    for (size_t i = 0; i < FILE_COUNT; i++)
        none_written &= count_of(input->files[i], '<') == 0;
    if (flags == TMPL_STRICT && none_written)
        must(count_of(buf_str(&first), '<') == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct str rest = {(const char *)bytes, size};
    struct input input = {0};
    if (size > 16 * 1024)
        return 0;
    input.data = cut(&rest);
    for (size_t i = 0; i < FILE_COUNT && rest.len > 0; i++)
        input.files[i] = cut(&rest);
    compile_and_render(&input, TMPL_CORE);
    compile_and_render(&input, TMPL_STRICT);
    return 0;
}
