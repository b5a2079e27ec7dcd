/*
 * The story, line by line in order of time. Between two lines the clock goes on from one end of a
 * time limit to the next, so that what lapsed is recorded when it did.
 */
#include "services/demo_int.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/num.h"
#include "base/strmap.h"
#include "kit/json.h"
#include "services/casework.h"
#include "services/evidence.h"
#include "services/import.h"
#include "services/timers.h"
#include "store/casefile_rows.h"
#include "store/deadline_rows.h"

enum { FIELDS_LIMIT = 64 * 1024, TOLD_EVERY = 10 };

/* One line, with its time. */
struct line {
    size_t row;
    struct instant at;
};

struct story {
    struct ctx *ctx;
    const struct demo_play *play;
    const struct home *home;
    const struct world *world;
    struct db_conn *conn; /* reads */
    struct demo_table table;
    VEC(struct line) lines;
    struct arena *lasting; /* what outlives a line */
    struct strmap made;    /* <campaign>/<key> → struct case_ref * */
    struct strmap shown;   /* case and file → how often, int64_t * */
    struct strmap uploads; /* file and number → struct evidence_id * */
    struct demo_result *result;
};

/* ---- order of time ---- */

static int compare_lines(const void *a, const void *b)
{
    const struct line *x = a, *y = b;
    return x->at.ms != y->at.ms ? (x->at.ms < y->at.ms ? -1 : 1)
                                : (x->row < y->row ? -1 : x->row > y->row);
}

static enum status read_lines(struct ctx *ctx, const struct home *home, struct instant end,
                              struct story *story)
{
    TRY(demo_table_read(ctx, home, "story.csv", &story->table));
    for (size_t i = 0; i < story->table.rows.len; i++) {
        struct line *line = vec_push(ctx->arena, &story->lines);
        line->row = i;
        if (!demo_time_parse(demo_cell(&story->table, i, "at"), end, &line->at))
            return demo_fail_line(ctx, home, &story->table, i);
    }
    qsort(story->lines.at, story->lines.len, sizeof *story->lines.at, compare_lines);
    return ST_OK;
}

enum status demo_story_begins(struct ctx *ctx, const struct home *home, struct instant end,
                              struct instant *out)
{
    struct story story = {0};
    TRY(read_lines(ctx, home, end, &story));
    *out = story.lines.len == 0 || story.lines.at[0].at.ms > end.ms ? end : story.lines.at[0].at;
    return ST_OK;
}

/* ---- what a line speaks of ---- */

static enum status find_case(const struct story *story, struct str name, struct case_ref *out);

/* @D+6, @D-12 08:40, @T-42, @unit CODE, @person LOGIN, @case CASE. false: nobody knows it. */
static bool resolve_text(const struct story *story, struct str text, struct str *out)
{
    struct arena *arena = story->ctx->arena;
    struct str name = str_from(text, 1);
    struct instant at;
    if (str_starts(name, S("unit "))) {
        const struct world_unit *unit =
            world_find_unit_by_code(story->world, str_from(name, S("unit ").len));
        if (unit != NULL)
            *out = str_printf(arena, "%lld", (long long)unit->facts.id.v);
        return unit != NULL;
    }
    if (str_starts(name, S("person "))) {
        const struct world_person *person =
            world_find_person_by_login(story->world, str_from(name, S("person ").len));
        if (person != NULL)
            *out = str_printf(arena, "%lld", (long long)person->id.v);
        return person != NULL;
    }
    if (str_starts(name, S("case "))) {
        struct case_ref ref;
        if (find_case(story, str_from(name, S("case ").len), &ref) != ST_OK)
            return false;
        *out = casefile_ref_format(arena, ref.prefecture, ref.id);
        return true;
    }
    if (!demo_time_parse(name, story->play->end, &at))
        return false;
    bool is_day = str_starts(name, S("D")) && str_find_char(name, ' ') == SIZE_MAX;
    *out = is_day ? day_format(arena, day_of_instant(at)) : instant_format(arena, at);
    return true;
}

static bool resolve(const struct story *story, struct value *value)
{
    if (value->kind == VALUE_TEXT && str_starts(value->text, S("@")))
        return resolve_text(story, value->text, &value->text);
    for (struct value *child = value->first; child != NULL; child = child->next)
        if (!resolve(story, child))
            return false;
    return true;
}

static enum status read_fields(const struct story *story, size_t row, struct value **out)
{
    struct ctx *ctx = story->ctx;
    struct str text = demo_cell(&story->table, row, "fields");
    if (str_is_empty(text)) {
        *out = value_map(ctx->arena);
        return ST_OK;
    }
    TRY(json_parse(ctx, text, FIELDS_LIMIT, JSON_STRICT, out));
    return resolve(story, *out) ? ST_OK : fail(ctx, ST_INVALID, "demo.unknown_name", NO_ARGS);
}

/* Whether the unit stands in the role there; any case where no role is asked for. */
static enum status is_meant(const struct story *story, struct case_ref ref, struct str role,
                            struct str code, bool *out)
{
    struct casefile casefile = {0};
    bool lead;
    const struct world_unit *unit = world_find_unit_by_code(story->world, code);
    *out = str_is_empty(role);
    if (*out || unit == NULL)
        return ST_OK;
    TRY(ledger_load(story->ctx, story->conn, ref.prefecture, ref.id, &casefile));
    *out = casefile_role_has_unit(&casefile, role, unit->facts.id.v, &lead);
    return ST_OK;
}

/* The one that was linked last to the case in this way: `KIND`, or `KIND ROLE UNIT`. */
static enum status find_linked(const struct story *story, struct str words, struct case_ref *io_ref)
{
    struct casefile casefile = {0};
    struct str code = words, kind = S(""), role = S("");
    (void)str_next(&code, ' ', &kind);
    (void)str_next(&code, ' ', &role);
    TRY(ledger_load(story->ctx, story->conn, io_ref->prefecture, io_ref->id, &casefile));
    for (size_t i = casefile.links.len; i > 0; i--) {
        const struct casefile_link *link = &casefile.links.at[i - 1];
        const struct case_ref ref = {link->prefecture, link->id};
        bool meant = false;
        if (str_eq(link->kind, kind))
            TRY(is_meant(story, ref, role, code, &meant));
        if (!meant)
            continue;
        *io_ref = ref;
        return ST_OK;
    }
    return fail(story->ctx, ST_NOT_FOUND, "case.unknown", ARGS(arg_text("case", words)));
}

/* What the story made, else by what a received table printed, else by procedure and number. */
static enum status find_named(const struct story *story, struct str name, struct case_ref *out)
{
    struct ctx *ctx = story->ctx;
    struct str rest = name, campaign, middle;
    const struct case_ref *made = strmap_find(&story->made, name);
    enum status status = ST_NOT_FOUND;
    if (made != NULL) {
        *out = *made;
        return ST_OK;
    }
    if (str_next(&rest, '/', &campaign) && str_next(&rest, '/', &middle)) {
        status = casefile_rows_find_received(ctx, story->conn, campaign, middle, rest,
                                             &out->prefecture, &out->id);
        if (status == ST_NOT_FOUND)
            status = casefile_rows_find_number(ctx, story->conn, campaign, middle, rest,
                                               &out->prefecture, &out->id);
    }
    if (status != ST_NOT_FOUND)
        return status;
    return fail(ctx, ST_NOT_FOUND, "case.unknown", ARGS(arg_text("case", name)));
}

/*
 * <campaign>/<key> of a case that the story made, <campaign>/<batch>/<received number>,
 * <campaign>/<procedure>/<number>; >KIND behind it: the case that is linked to it so.
 */
static enum status find_case(const struct story *story, struct str name, struct case_ref *out)
{
    size_t arrow = str_find_char(name, '>');
    TRY(find_named(story, str_part(name, 0, arrow), out));
    return arrow == SIZE_MAX ? ST_OK : find_linked(story, str_from(name, arrow + 1), out);
}

/* ---- files ---- */

static enum status write_temp(struct ctx *ctx, const struct home *home, struct str bytes, int *out)
{
    TRY(blob_temp_open(ctx, home->blobs, out));
    while (bytes.len > 0) {
        ssize_t wrote = write(*out, bytes.at, bytes.len);
        if (wrote < 0)
            return fail(ctx, ST_IO, "io.write", ARGS(arg_c("error", "write")));
        bytes = str_from(bytes, (size_t)wrote);
    }
    return ST_OK;
}

static void close_fd(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
}

static enum status find_file(struct ctx *ctx, const struct home *home, struct str file,
                             struct str *out)
{
    struct str path = str_printf(ctx->arena, "data/demo/%.*s", STR_ARG(file));
    const struct furniture_item *item = furniture_find(home->furniture, path);
    if (item == NULL)
        return fail(ctx, ST_NOT_FOUND, "furniture.missing", ARGS(arg_text("path", path)));
    *out = item->bytes;
    return ST_OK;
}

static enum status send_in(struct story *story, struct str file, struct account_id account,
                           struct evidence_id *out)
{
    struct upload upload;
    struct ctx *ctx = story->ctx;
    struct str bytes = {0}, name = file, folder;
    int fd AUTO(close_fd) = -1;
    TRY(find_file(ctx, story->home, file, &bytes));
    TRY(write_temp(ctx, story->home, bytes, &fd));
    while (str_find_char(name, '/') != SIZE_MAX)
        (void)str_next(&name, '/', &folder);
    const struct evidence_offer offer = {.fd = fd,
                                         .name = name,
                                         .account = account,
                                         .taken_at = INSTANT_NONE,
                                         .lat = INT64_MIN,
                                         .lon = INT64_MIN};
    TRY(evidence_keep(ctx, story->home, story->play->pictures, &offer, &upload));
    *out = upload.id;
    return ST_OK;
}

/* How often this case has shown the file before. */
static int64_t count_showing(struct story *story, struct str name, struct str file)
{
    struct str key =
        str_printf(story->ctx->arena, "%.*s %.*s", STR_ARG(name), STR_ARG(file));
    int64_t *times = strmap_find(&story->shown, key);
    if (times == NULL) {
        times = arena_new_of(story->lasting, int64_t);
        (void)strmap_put(&story->shown, str_copy(story->lasting, key), times);
    }
    return (*times)++;
}

/* An upload serves every case that shows the file, but one case only once. */
static enum status keep_file(struct story *story, struct str name, struct str file,
                             struct account_id account, struct evidence_id *out)
{
    struct str key = str_printf(story->ctx->arena, "%.*s %lld", STR_ARG(file),
                                (long long)count_showing(story, name, file));
    struct evidence_id *upload = strmap_find(&story->uploads, key);
    if (upload == NULL) {
        upload = arena_new_of(story->lasting, struct evidence_id);
        TRY(send_in(story, file, account, upload));
        (void)strmap_put(&story->uploads, str_copy(story->lasting, key), upload);
    }
    *out = *upload;
    return ST_OK;
}

/* ---- lines ---- */

struct scene {
    size_t row;
    struct str command;
    const struct world_person *person;
    struct actor actor;
    struct value *fields;
};

static enum status play_create(struct story *story, const struct scene *scene)
{
    struct case_order order = {.home = story->home,
                               .world = story->world,
                               .actor = &scene->actor,
                               .campaign = value_find_text(scene->fields, "campaign"),
                               .procedure = value_find_text(scene->fields, "procedure"),
                               .command = S("create"),
                               .input = scene->fields,
                               .happened_at = INSTANT_NONE};
    TRY(casework_give(story->ctx, &order));
    struct case_ref *made = arena_new_of(story->lasting, struct case_ref);
    *made = order.made;
    (void)strmap_put(&story->made,
                     str_copy(story->lasting, demo_cell(&story->table, scene->row, "case")), made);
    return ST_OK;
}

/* The form of add_evidence: the file is sent in first, as a browser does. */
static enum status send_evidence(struct story *story, const struct scene *scene,
                                 struct value **out)
{
    struct evidence_id upload;
    struct arena *arena = story->ctx->arena;
    TRY(keep_file(story, demo_cell(&story->table, scene->row, "case"),
                  value_find_text(scene->fields, "file"), scene->person->account, &upload));
    *out = value_map(arena);
    value_put_text(arena, *out, "evidence", str_printf(arena, "%lld", (long long)upload.v));
    value_put_text(arena, *out, "kind", value_find_text(scene->fields, "kind"));
    return ST_OK;
}

static enum status play_command(struct story *story, const struct scene *scene)
{
    struct case_order order = {.home = story->home,
                               .world = story->world,
                               .actor = &scene->actor,
                               .command = scene->command,
                               .input = scene->fields,
                               .happened_at = INSTANT_NONE};
    struct value *filled;
    TRY(find_case(story, demo_cell(&story->table, scene->row, "case"), &order.ref));
    if (str_eq(scene->command, S("add_evidence"))) {
        TRY(send_evidence(story, scene, &filled));
        order.input = filled;
    }
    return casework_give(story->ctx, &order);
}

/* As a clerk hands a table in at the counter; rows that are refused are part of the example. */
static enum status play_import(struct story *story, const struct scene *scene)
{
    struct ctx *ctx = story->ctx;
    struct str bytes = {0};
    int fd AUTO(close_fd) = -1;
    int64_t id;
    const struct import_plan plan = {.campaign = value_find_text(scene->fields, "campaign"),
                                     .procedure = value_find_text(scene->fields, "procedure"),
                                     .file_name = value_find_text(scene->fields, "file"),
                                     .source = value_find_text(scene->fields, "source"),
                                     .batch = value_find_text(scene->fields, "batch"),
                                     .date = day_of_instant(ctx->now),
                                     .registered = INSTANT_NONE};
    const struct import_desk desk = {.home = story->home,
                                     .world = story->world,
                                     .conn = story->conn,
                                     .actor = &scene->actor,
                                     .account = scene->person->account};
    TRY(find_file(ctx, story->home, plan.file_name, &bytes));
    TRY(write_temp(ctx, story->home, bytes, &fd));
    TRY(import_keep(ctx, &desk, &plan, fd, false, &id));
    return import_commit(ctx, &desk, id);
}

static bool is_left_out(const struct story *story, const struct scene *scene)
{
    struct str campaign = value_find_text(scene->fields, "campaign");
    struct str rest = demo_cell(&story->table, scene->row, "case");
    if (str_is_empty(campaign))
        (void)str_next(&rest, '/', &campaign);
    return world_find_campaign(story->world, campaign) == NULL;
}

static enum status play_scene(struct story *story, const struct scene *scene)
{
    if (str_eq(scene->command, S("import")))
        return play_import(story, scene);
    if (str_eq(scene->command, S("create")))
        return play_create(story, scene);
    return play_command(story, scene);
}

static enum status play_line(struct story *story, const struct line *line)
{
    struct ctx *ctx = story->ctx;
    struct str login = demo_cell(&story->table, line->row, "by");
    struct scene scene = {.row = line->row,
                          .command = demo_cell(&story->table, line->row, "command"),
                          .person = world_find_person_by_login(story->world, login)};
    TRY(read_fields(story, line->row, &scene.fields));
    if (is_left_out(story, &scene))
        return ST_OK;
    if (scene.person == NULL)
        return fail(ctx, ST_NOT_FOUND, "account.unknown", ARGS(arg_text("login", login)));
    scene.actor = world_actor_of(ctx->arena, scene.person, day_of_instant(ctx->now));
    TRY(play_scene(story, &scene));
    story->result->commands++;
    return ST_OK;
}

/* ---- time ---- */

/*
 * The next instant at which time asks for something: a clock ends, or a day begins. A clock whose
 * end has passed already asked in vain; it must not hold up the story.
 */
static enum status next_look(struct story *story, struct instant *out)
{
    struct ctx *ctx = story->ctx;
    struct instant next;
    *out = day_start(day_add(day_of_instant(ctx->now), 1));
    TRY(deadline_rows_next(ctx, story->conn, &next));
    if (!instant_is_none(next) && next.ms > ctx->now.ms && next.ms < out->ms)
        *out = next;
    return ST_OK;
}

static enum status look(struct story *story)
{
    struct timers_figures figures;
    TRY(timers_run(story->ctx, story->home, story->world, &figures));
    story->result->lapses += figures.done[TIMER_LAPSES];
    return ST_OK;
}

/* Every clock that ends by `until` runs out at its own end, every morning has its own work. */
static enum status pass_time(struct story *story, struct instant until)
{
    struct ctx *ctx = story->ctx;
    TRY(look(story));
    for (;;) {
        struct instant next;
        TRY(next_look(story, &next));
        if (next.ms > until.ms)
            break;
        ctx->now = next;
        TRY(look(story));
    }
    ctx->now.ms = until.ms > ctx->now.ms ? until.ms : ctx->now.ms;
    return ST_OK;
}

static enum status play_all(struct story *story)
{
    struct ctx *ctx = story->ctx;
    for (size_t i = 0; i < story->lines.len; i++) {
        const struct line *line = &story->lines.at[i];
        struct arena_mark mark = arena_mark(ctx->arena);
        if (line->at.ms > story->play->end.ms)
            break;
        TRY(pass_time(story, line->at));
        if (play_line(story, line) != ST_OK)
            return demo_fail_line(ctx, story->home, &story->table, line->row);
        arena_return(ctx->arena, mark);
        if (story->play->progress != NULL && i % TOLD_EVERY == 0)
            story->play->progress(story->play->progress_arg, (int64_t)i,
                                  (int64_t)story->lines.len);
    }
    return pass_time(story, story->play->end);
}

enum status demo_story_play(struct ctx *ctx, const struct demo_play *play,
                            struct demo_result *io_result)
{
    struct world *world AUTO(world_cleanup) = NULL;
    struct db_conn *conn AUTO(db_conn_cleanup) = NULL;
    struct arena *lasting AUTO(arena_cleanup) = arena_new();
    TRY(home_world(ctx, play->home, &world));
    TRY(home_conn_open(ctx, play->home, &conn));
    struct story story = {.ctx = ctx,
                          .play = play,
                          .home = play->home,
                          .world = world,
                          .conn = conn,
                          .lasting = lasting,
                          .result = io_result};
    strmap_init(&story.made, lasting);
    strmap_init(&story.shown, lasting);
    strmap_init(&story.uploads, lasting);
    TRY(read_lines(ctx, play->home, play->end, &story));
    return play_all(&story);
}
