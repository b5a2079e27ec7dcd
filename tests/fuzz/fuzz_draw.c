/*
 * Published draws and lists to draw from: a file that is read is written as it was and judged
 * without harm; a list that is read is committed, drawn from and found to hold, unless it says
 * itself why not.
 */
#include "fuzz.h"
#include "kit/json.h"
#include "services/draw_file.h"

static struct str print(struct arena *arena, const struct draw_file *file)
{
    struct buf text;
    buf_init(&text, arena, DRAW_FILE_LIMIT);
    json_print(&text, draw_file_value(arena, file));
    return buf_str(&text);
}

static void judge_file(struct ctx *ctx, const struct draw_file *file)
{
    struct draw_file again;
    struct draw_differences differences = {0};
    struct str text = print(ctx->arena, file);
    must(draw_file_parse(ctx, text, &again) == ST_OK);
    must(str_eq(text, print(ctx->arena, &again)));
    draw_file_verify(ctx, file, NULL, &differences);
    must(ctx->failure.status == ST_OK);
}

static void judge_list(struct ctx *ctx, const struct draw_list *list)
{
    struct draw_file file;
    struct draw_differences differences = {0};
    const struct draw_rules rules = {
        .key = list->columns[0], .strata = list->columns[list->column_count - 1], .percent = 30};
    if (draw_file_commit(ctx, list, &rules, &file) != ST_OK) {
        must(ctx->failure.status == ST_INVALID || ctx->failure.status == ST_LIMIT);
        return;
    }
    must(draw_file_run(ctx, &file, list, NULL, S("1")) == ST_OK);
    draw_file_verify(ctx, &file, list, &differences);
    must(differences.len == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena};
    struct str text = {(const char *)bytes, size};
    struct draw_file file;
    struct draw_list list;
    if (draw_file_parse(&ctx, text, &file) == ST_OK) {
        judge_file(&ctx, &file);
        return 0;
    }
    fail_clear(&ctx);
    if (draw_list_parse(&ctx, text, &list) == ST_OK)
        judge_list(&ctx, &list);
    return 0;
}
