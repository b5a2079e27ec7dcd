/*
 * scan_table FILE: what `import --dry-run --json` answers for a table, without a data directory.
 */
#include <stdio.h>

#include "base/buf.h"
#include "kit/furniture.h"
#include "kit/json.h"
#include "services/intake_map.h"
#include "services/intake_report.h"
#include "services/intake_scan.h"

enum { JSON_LIMIT = 64 * 1024 * 1024 };

static enum status load(struct ctx *ctx, struct intake_dict **dict, struct words_book *words)
{
    struct furniture *furniture;
    TRY(furniture_open(ctx, ctx->arena, furniture_files, furniture_file_count, S(""), &furniture));
    const struct furniture_item *item = furniture_find(furniture, S("i18n/zh-CN.msg"));
    if (item != NULL)
        TRY(words_book_add(ctx, words, LANG_ZH, item->path, item->bytes));
    return intake_dict_load(ctx, ctx->arena, furniture, S(""), dict);
}

static enum status scan(struct ctx *ctx, const char *path)
{
    struct words_book *words = words_book_new(ctx->arena);
    struct intake_dict *dict;
    TRY(load(ctx, &dict, words));
    struct intake_report *report AUTO(intake_report_cleanup) =
        intake_report_open(ctx->arena, S("/tmp"));
    struct intake_visitor visitor = intake_report_visitor(report);
    struct intake_options options = {.date = DAY_NONE};
    struct intake_summary summary;
    TRY(intake_scan(ctx, path, dict, &options, &visitor, &summary));
    struct buf out;
    buf_init(&out, ctx->arena, JSON_LIMIT);
    json_print(&out, intake_report_value(ctx->arena, report, words, LANG_ZH));
    TRY(buf_status(&out));
    printf("%.*s\n", STR_ARG(buf_str(&out)));
    return ST_OK;
}

int main(int argc, char **argv)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena};
    if (argc != 2)
        return 2;
    enum status status = scan(&ctx, argv[1]);
    if (status != ST_OK)
        fprintf(stderr, "scan_table: %s: %s\n", argv[1],
                ctx.failure.reason.key == NULL ? status_name(status) : ctx.failure.reason.key);
    return status_exit(status);
}
