/*
 * Reading a table takes its time, so most of this runs on slow threads. Writing one is a job
 * (jobs/job_runner.h) that no request waits for longer than a moment.
 */
#include "api/import_api.h"

#include <time.h>
#include <unistd.h>

#include "api/office.h"
#include "base/num.h"
#include "base/vec.h"
#include "services/import.h"
#include "services/intake_map.h"

enum {
    FILE_BYTES = 50 * 1024 * 1024,
    FORM_BYTES = 256 * 1024,
    MAP_BYTES = 64 * 1024,
    WAIT_MS = 3000,
    LOOK_EVERY_MS = 20
};

#define COLUMN_FIELD "column-"

/* ---- who may ---- */

static enum status read_id(struct api_call *call, int64_t *out)
{
    struct str text = api_capture(call, "id");
    if (num_parse_i64(text, 1, INT64_MAX, out))
        return ST_OK;
    return fail(call->ctx, ST_NOT_FOUND, "import.unknown", ARGS(arg_text("id", text)));
}

/* An import is seen by whoever made it and by whoever may import there. */
static enum status find_seen(struct api_call *call, const struct world *world, int64_t *out_id)
{
    struct import_row row;
    bool may = false;
    TRY(read_id(call, out_id));
    TRY(import_rows_find(call->ctx, office_conn(call), *out_id, &row));
    if (row.account.v == call->session.account.v)
        return ST_OK;
    TRY(import_may(call->ctx, world, office_actor(call), row.campaign, row.procedure, &may));
    return may ? ST_OK
               : fail(call->ctx, ST_NOT_FOUND, "import.unknown", ARGS(arg_int("id", *out_id)));
}

static struct import_desk desk_of(struct api_call *call, const struct world *world)
{
    return (struct import_desk){.home = office_home(call),
                                .world = world,
                                .conn = office_conn(call),
                                .actor = office_actor(call),
                                .account = call->session.account};
}

static enum status show(struct api_call *call, int64_t id)
{
    const struct reader reader = office_reader(call);
    call->location = (struct str){0};
    return import_document(call->ctx, office_conn(call), &reader, id, &call->document);
}

/* After a write: a browser is sent to the import's page, others get it at once. */
static enum status show_after(struct api_call *call, int64_t id)
{
    TRY(show(call, id));
    call->location = str_printf(call->ctx->arena, "/imports/%lld", (long long)id);
    return ST_OK;
}

/* ---- a file comes in ---- */

static enum status list_imports(struct api_call *call)
{
    const struct world *world;
    const struct reader reader = office_reader(call);
    TRY(office_world(call, &world));
    return import_form_document(call->ctx, office_conn(call), world, &reader, office_actor(call),
                                &call->document);
}

/* The form again, and why the file was not taken. */
static enum status refused_file(struct api_call *call)
{
    TRY(list_imports(call));
    value_put(call->document, S("problem"), value_copy(call->ctx->arena, call->problem));
    return ST_OK;
}

static enum status missing(struct api_call *call, const char *field)
{
    return api_field_wrong(call, field, "engine.missing", ARGS(arg_c("field", field)));
}

static enum status read_map(struct api_call *call, struct import_plan *plan)
{
    const struct http_file *file = http_file(call->http, "map");
    struct str text = value_find_text(call->input, "map");
    if (file != NULL) {
        char *bytes = arena_alloc(call->ctx->arena, MAP_BYTES);
        ssize_t len = pread(file->fd, bytes, MAP_BYTES, 0);
        text = (struct str){bytes, len < 0 ? 0 : (size_t)len};
    }
    if (str_is_empty(text))
        return ST_OK;
    return intake_map_parse(call->ctx, call->ctx->arena, S("map"), text, &plan->choices,
                            &plan->choice_count);
}

static enum status read_plan(struct api_call *call, const struct http_file *file,
                             struct import_plan *out)
{
    struct str date = value_find_text(call->input, "date");
    *out = (struct import_plan){.campaign = value_find_text(call->input, "campaign"),
                                .procedure = value_find_text(call->input, "procedure"),
                                .file_name = file->filename,
                                .source = value_find_text(call->input, "source"),
                                .batch = value_find_text(call->input, "batch"),
                                .date = DAY_NONE,
                                .registered = INSTANT_NONE};
    if (str_is_empty(out->campaign))
        return missing(call, "campaign");
    if (str_is_empty(out->procedure))
        return missing(call, "procedure");
    if (!str_is_empty(date) && !day_parse(date, &out->date)) {
        if (!instant_parse_lenient(date, &out->registered))
            return api_field_wrong(call, "date", "form.not_a_date", ARGS(arg_c("field", "date")));
        out->date = day_of_instant(out->registered);
    }
    return read_map(call, out);
}

static enum status upload(struct api_call *call)
{
    struct import_plan plan;
    const struct world *world;
    int64_t id;
    bool may;
    const struct http_file *file = http_file(call->http, "file");
    if (file == NULL)
        return missing(call, "file");
    TRY(read_plan(call, file, &plan));
    TRY(office_world(call, &world));
    TRY(import_may(call->ctx, world, office_actor(call), plan.campaign, plan.procedure, &may));
    if (!may)
        return fail(call->ctx, ST_DENIED, "import.denied", NO_ARGS);
    const struct import_desk desk = desk_of(call, world);
    TRY(import_keep(call->ctx, &desk, &plan, file->fd, true, &id));
    return show_after(call, id);
}

/* ---- one import ---- */

static enum status read_import(struct api_call *call)
{
    const struct world *world;
    int64_t id;
    TRY(office_world(call, &world));
    TRY(find_seen(call, world, &id));
    return show(call, id);
}

static enum status read_choice(struct api_call *call, struct str index, struct str field,
                               struct intake_choice *out)
{
    int64_t number;
    *out = (struct intake_choice){0};
    if (!num_parse_i64(index, 1, INTAKE_COLUMN_LIMIT, &number) ||
        !intake_field_parse(field, &out->field))
        return api_field_wrong(call, "columns", "import.wrong_column",
                               ARGS(arg_text("index", index), arg_text("field", field)));
    out->index = (int)number;
    return ST_OK;
}

/* {"columns": [{"index": 3, "field": "place"}]}, or a page's column-3=place. */
static enum status choose_columns(struct api_call *call)
{
    const struct world *world;
    int64_t id;
    VEC(struct intake_choice) choices = {0};
    struct arena *arena = call->ctx->arena;
    TRY(office_world(call, &world));
    TRY(find_seen(call, world, &id));
    value_each (row, value_find_c(call->input, "columns")) {
        struct str index =
            str_printf(arena, "%lld", (long long)value_find_int(row, "index", 0));
        TRY(read_choice(call, index, value_find_text(row, "field"), vec_push(arena, &choices)));
    }
    value_each (member, call->input)
        if (str_starts(member->key, S(COLUMN_FIELD)))
            TRY(read_choice(call, str_from(member->key, sizeof COLUMN_FIELD - 1), member->text,
                            vec_push(arena, &choices)));
    const struct import_desk desk = desk_of(call, world);
    TRY(import_choose(call->ctx, &desk, id, choices.at, choices.len));
    return show_after(call, id);
}

/* ---- writing ---- */

static enum status wait_a_moment(struct api_call *call, int64_t id, bool *out_done)
{
    const struct timespec pause = {.tv_nsec = LOOK_EVERY_MS * 1000000L};
    *out_done = false;
    for (int waited = 0; waited < WAIT_MS && !*out_done; waited += LOOK_EVERY_MS) {
        struct arena_mark mark = arena_mark(call->ctx->arena);
        struct import_row row;
        (void)nanosleep(&pause, NULL);
        TRY(import_rows_find(call->ctx, office_conn(call), id, &row));
        *out_done = !str_eq_c(row.state, "committing");
        arena_return(call->ctx->arena, mark);
    }
    return ST_OK;
}

static enum status commit(struct api_call *call)
{
    const struct world *world;
    int64_t id;
    bool done;
    TRY(office_world(call, &world));
    TRY(find_seen(call, world, &id));
    const struct import_desk desk = desk_of(call, world);
    TRY(import_begin(call->ctx, &desk, id));
    TRY(wait_a_moment(call, id, &done));
    call->status = done ? 200 : 202;
    return show_after(call, id);
}

static enum status withdraw(struct api_call *call)
{
    const struct world *world;
    int64_t id;
    TRY(office_world(call, &world));
    TRY(find_seen(call, world, &id));
    const struct import_desk desk = desk_of(call, world);
    TRY(import_withdraw(call->ctx, &desk, id, value_find_text(call->input, "reason")));
    call->status = 200;
    return show_after(call, id);
}

/* A refused act on the import's own page. */
static enum status refused_act(struct api_call *call)
{
    TRY(read_import(call));
    value_put(call->document, S("problem"), value_copy(call->ctx->arena, call->problem));
    return ST_OK;
}

/* ---- the result list ---- */

static enum status download_result(struct api_call *call)
{
    const struct world *world;
    const struct reader reader = office_reader(call);
    int64_t id;
    int fd;
    TRY(office_world(call, &world));
    TRY(find_seen(call, world, &id));
    TRY(blob_temp_open(call->ctx, office_home(call)->blobs, &fd));
    enum status status = import_write_result(call->ctx, office_conn(call), &reader, id, fd);
    if (status != ST_OK) {
        (void)close(fd);
        return status;
    }
    api_reply_upload(call, "text/csv; charset=utf-8",
                     str_printf(call->ctx->arena, "import-%lld.csv", (long long)id), false, fd,
                     lseek(fd, 0, SEEK_END), (struct str){0});
    return ST_OK;
}

static const struct api_field upload_fields[] = {
    {"file", API_FILE, true, NULL},   {"campaign", API_TEXT, true, NULL},
    {"procedure", API_TEXT, true, NULL}, {"batch", API_TEXT, false, NULL},
    {"date", API_DATE, false, NULL},  {"source", API_TEXT, false, NULL},
    {"map", API_TEXT, false, NULL},
};

static const struct api_field column_fields[] = {{"columns", API_LIST, true, NULL}};
static const struct api_field withdraw_fields[] = {{"reason", API_TEXT, true, NULL}};

static const struct api_route routes[] = {
    {.name = "import_list", .method = HTTP_GET, .path = "/imports", .handler = list_imports,
     .access = API_SIGNED_IN, .page = "imports"},
    {.name = "import_upload", .method = HTTP_POST, .path = "/imports", .handler = upload,
     .access = API_SIGNED_IN, .flags = HTTP_ROUTE_FILES | HTTP_ROUTE_SLOW, .page = "imports",
     .body_limit = FILE_BYTES + FORM_BYTES, .fields = upload_fields,
     .field_count = COUNT_OF(upload_fields), .refused = refused_file},
    {.name = "import_read", .method = HTTP_GET, .path = "/imports/{id}", .handler = read_import,
     .access = API_SIGNED_IN, .page = "import"},
    {.name = "import_columns", .method = HTTP_POST, .path = "/imports/{id}/columns",
     .handler = choose_columns, .access = API_SIGNED_IN,
     .flags = HTTP_ROUTE_JSON | HTTP_ROUTE_FORM | HTTP_ROUTE_SLOW, .page = "import",
     .body_limit = FORM_BYTES, .fields = column_fields, .field_count = COUNT_OF(column_fields),
     .refused = refused_act},
    {.name = "import_commit", .method = HTTP_POST, .path = "/imports/{id}/commit",
     .handler = commit, .access = API_SIGNED_IN,
     .flags = HTTP_ROUTE_JSON | HTTP_ROUTE_FORM | HTTP_ROUTE_SLOW, .page = "import",
     .body_limit = FORM_BYTES, .refused = refused_act},
    {.name = "import_withdraw", .method = HTTP_POST, .path = "/imports/{id}/withdraw",
     .handler = withdraw, .access = API_SIGNED_IN,
     .flags = HTTP_ROUTE_JSON | HTTP_ROUTE_FORM | HTTP_ROUTE_SLOW, .page = "import",
     .body_limit = FORM_BYTES, .fields = withdraw_fields,
     .field_count = COUNT_OF(withdraw_fields), .refused = refused_act},
    {.name = "import_result", .method = HTTP_GET, .path = "/imports/{id}/result",
     .handler = download_result, .access = API_SIGNED_IN, .flags = API_RAW | HTTP_ROUTE_SLOW},
};

const struct api_table import_api = {routes, COUNT_OF(routes)};
