/*
 * Sets the scene: directories, campaigns, accounts, before the first line of the story.
 */
#include "services/demo_int.h"

#include "base/num.h"
#include "kit/csv.h"
#include "services/account.h"
#include "services/campaign.h"
#include "services/directory.h"
#include "services/founding.h"

enum { CELL_LIMIT = 64 * 1024, COLUMN_LIMIT = 16, EARLIER_MS = MS_PER_DAY };

/* ---- tables ---- */


static enum status take_row(void *self, struct ctx *ctx, const struct csv_row *row)
{
    struct demo_table *table = self;
    if (row->count == 1 && str_is_empty(row->cells[0]))
        return ST_OK;
    struct str *cells = arena_alloc_array(ctx->arena, COLUMN_LIMIT, sizeof *cells);
    for (size_t i = 0; i < row->count; i++)
        cells[i] = str_copy(ctx->arena, row->cells[i]);
    if (table->header == NULL) {
        table->header = cells;
        table->columns = row->count;
        return ST_OK;
    }
    vec_add(ctx->arena, &table->rows, cells);
    vec_add(ctx->arena, &table->lines, row->number);
    return ST_OK;
}

enum status demo_table_read(struct ctx *ctx, const struct home *home, const char *file,
                            struct demo_table *out)
{
    struct str path = str_printf(ctx->arena, "data/demo/%s", file);
    const struct furniture_item *item = furniture_find(home->furniture, path);
    const struct csv_options options = {
        .delimiter = S(","), .cell_limit = CELL_LIMIT, .column_limit = COLUMN_LIMIT};
    *out = (struct demo_table){.file = path};
    if (item == NULL)
        return fail(ctx, ST_NOT_FOUND, "furniture.missing", ARGS(arg_text("path", path)));
    struct csv *csv = csv_new(ctx->arena, options, take_row, out);
    TRY(csv_feed(ctx, csv, item->bytes));
    return csv_finish(ctx, csv);
}

struct str demo_cell(const struct demo_table *table, size_t row, const char *column)
{
    for (size_t i = 0; i < table->columns; i++)
        if (str_eq_c(table->header[i], column) && table->rows.at[row][i].at != NULL)
            return table->rows.at[row][i];
    return S("");
}

/* The failure that stands becomes the reason why the line cannot be played. */
enum status demo_fail_line(struct ctx *ctx, const struct home *home,
                           const struct demo_table *table, size_t row)
{
    struct reason reason = ctx->failure.reason;
    struct str why = reason.key == NULL
                         ? S("")
                         : words_reason(ctx->arena, home->words, LANG_EN, &reason);
    fail_clear(ctx);
    return fail(ctx, ST_INVALID, "demo.line",
                ARGS(arg_text("file", table->file), arg_int("line", table->lines.at[row]),
                     arg_text("why", why)));
}

/* ---- times ---- */

static bool parse_offset(struct str text, int64_t *out)
{
    bool plus = str_starts(text, S("+"));
    return (plus || str_starts(text, S("-"))) &&
           num_parse_i64(str_from(text, plus ? 1 : 0), -100000, 100000, out);
}

bool demo_time_parse(struct str text, struct instant now, struct instant *out)
{
    int64_t number, minutes = 0;
    struct str rest = text, day;
    if (str_starts(text, S("T"))) {
        if (!parse_offset(str_from(text, 1), &number))
            return false;
        *out = (struct instant){now.ms + number * MS_PER_MINUTE};
        return true;
    }
    if (!str_starts(text, S("D")))
        return instant_parse_lenient(text, out);
    (void)str_next(&rest, ' ', &day);
    if (!parse_offset(str_from(day, 1), &number))
        return false;
    if (!str_is_empty(rest)) {
        int64_t hour, minute;
        if (rest.len != 5 || !num_parse_i64(str_part(rest, 0, 2), 0, 23, &hour) ||
            !num_parse_i64(str_from(rest, 3), 0, 59, &minute))
            return false;
        minutes = hour * 60 + minute;
    }
    *out = day_start(day_add(day_of_instant(now), (int32_t)number));
    out->ms += minutes * MS_PER_MINUTE;
    return true;
}

/* ---- the scene ---- */

static enum status load_directory(struct ctx *ctx, const struct home *home,
                                  enum directory_kind kind, const char *file)
{
    struct directory_report report;
    const struct furniture_item *item =
        furniture_find(home->furniture, str_printf(ctx->arena, "data/demo/%s", file));
    if (item == NULL)
        return ST_OK;
    const struct directory_order order = {
        .kind = kind, .bytes = item->bytes, .actor = S("system"), .may_grant = true};
    return directory_import(ctx, home, &order, &report);
}

/* As an office writes them, and days of the story as D-20. */
static const struct value *read_settings(struct arena *arena, struct str text, struct instant end)
{
    const struct value *given = campaign_read_settings(arena, text);
    struct value *settings = given == NULL ? NULL : value_map(arena);
    struct instant at;
    value_each (setting, given) {
        bool is_day = setting->kind == VALUE_TEXT && str_starts(setting->text, S("D")) &&
                      demo_time_parse(setting->text, end, &at);
        value_put(settings, setting->key,
                  is_day ? value_text(arena, day_format(arena, day_of_instant(at)))
                         : value_copy(arena, setting));
    }
    return settings;
}

struct day demo_day_parse(struct str text, struct instant end)
{
    struct instant at;
    return demo_time_parse(text, end, &at) ? day_of_instant(at) : DAY_NONE;
}

enum status demo_campaign_make(struct ctx *ctx, const struct home *home, struct world *world,
                               const struct demo_table *table, size_t row, struct instant end,
                               bool *out_made)
{
    const struct value *roles;
    const struct world_regime *regime = world_find_regime(world, demo_cell(table, row, "regime"));
    *out_made = regime != NULL && !str_is_empty(regime->pack);
    if (!*out_made)
        return ST_OK;
    if (campaign_read_roles(ctx, world, demo_cell(table, row, "roles"), &roles) != ST_OK)
        return demo_fail_line(ctx, home, table, row);
    const struct campaign_plan plan = {
        .name = demo_cell(table, row, "id"),
        .regime = regime->name,
        .title = {demo_cell(table, row, "zh"), demo_cell(table, row, "en")},
        .region = demo_cell(table, row, "region"),
        .begins = demo_day_parse(demo_cell(table, row, "from"), end),
        .ends = demo_day_parse(demo_cell(table, row, "to"), end),
        .settings = read_settings(ctx->arena, demo_cell(table, row, "settings"), end),
        .roles = roles};
    if (campaign_create(ctx, home, &plan, S("system")) != ST_OK)
        return demo_fail_line(ctx, home, table, row);
    return ST_OK;
}

static enum status make_campaigns(struct ctx *ctx, const struct home *home, struct instant end,
                                  int64_t *out_campaigns)
{
    struct demo_table table;
    struct world *world AUTO(world_cleanup) = NULL;
    TRY(demo_table_read(ctx, home, "campaigns.csv", &table));
    TRY(home_world(ctx, home, &world));
    for (size_t i = 0; i < table.rows.len; i++) {
        bool made;
        TRY(demo_campaign_make(ctx, home, world, &table, i, end, &made));
        *out_campaigns += made;
    }
    return ST_OK;
}

static enum status set_scene(struct ctx *ctx, const struct home *home)
{
    TRY(load_directory(ctx, home, DIRECTORY_REGIONS, "regions.csv"));
    TRY(load_directory(ctx, home, DIRECTORY_UNITS, "units.csv"));
    TRY(load_directory(ctx, home, DIRECTORY_PEOPLE, "people.csv"));
    return account_give_example_passwords(ctx, home);
}

/* Before the history, where there is one, and before the story. */
struct eves {
    struct instant founding, story;
};

static void close_pictures(struct picture_reader **pictures)
{
    picture_reader_close(*pictures);
}

/* The eve of the first day: what is recorded never lies before it. */
static enum status find_eves(struct ctx *ctx, const struct home *home,
                             const struct demo_terms *terms, struct instant end, struct eves *out)
{
    TRY(demo_story_begins(ctx, home, end, &out->story));
    out->story.ms -= EARLIER_MS;
    out->founding = out->story;
    if (terms->history)
        TRY(demo_history_begins(ctx, home, end, &out->founding));
    if (terms->history)
        out->founding.ms -= EARLIER_MS;
    return ST_OK;
}

static enum status found(struct ctx *ctx, const struct demo_terms *terms, struct instant end,
                         struct eves *out)
{
    struct founding founding;
    struct home_terms home = terms->home;
    struct furniture *furniture;
    home.sandbox = true;
    TRY(furniture_open(ctx, ctx->arena, terms->files, terms->file_count, (struct str){0},
                       &furniture));
    TRY(find_eves(ctx, &(struct home){.furniture = furniture}, terms, end, out));
    ctx->now = out->founding;
    return founding_make(ctx, &home, terms->files, terms->file_count, &founding);
}

enum status demo_make(struct ctx *ctx, const struct demo_terms *terms, struct demo_result *out)
{
    struct demo_result result = {0};
    struct picture_reader *pictures AUTO(close_pictures) = NULL;
    struct home *home AUTO(home_cleanup) = NULL;
    const struct instant end = ctx->now;
    struct eves eves;
    TRY(picture_reader_open(ctx, &pictures));
    TRY(found(ctx, terms, end, &eves));
    TRY(home_open(ctx, terms->home.dir, terms->files, terms->file_count, &home));
    TRY(set_scene(ctx, home));
    const struct demo_play play = {.home = home,
                                   .pictures = pictures,
                                   .end = end,
                                   .progress = terms->progress,
                                   .progress_arg = terms->progress_arg};
    if (terms->history)
        TRY(demo_history_play(ctx, &play, &result));
    ctx->now = eves.story;
    TRY(make_campaigns(ctx, home, end, &result.campaigns));
    if (!terms->scene_only)
        TRY(demo_story_play(ctx, &play, &result));
    *out = result;
    return ST_OK;
}
