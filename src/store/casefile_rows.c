/*
 * A case is described twice, before and after its events, and only what differs is written. The
 * description holds everything that its rows hold; so to compare two descriptions is to compare
 * rows, and to write one from nothing is to rebuild.
 */
#include "store/casefile_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "engine/similar.h"
#include "kit/json.h"
#include "store/document_rows.h"
#include "store/measure_rows.h"
#include "store/release_rows.h"
#include "store/score_rows.h"
#include "store/search_tokens.h"
#include "store/sql_gen.h"

enum {
    TITLE_CHARACTERS = 200,
    SEARCH_CHARACTERS = 8000,
    TEXT_LIMIT_BYTES = 1 << 20,
    WAIT_ROLE_MAX = 16,
    AXIS_MAX = 256
};

struct axis_value {
    const char *axis;
    struct str value;
};

struct clock_row {
    struct str name;
    int64_t started_seq;
    struct instant started_at, due_at, end_at, stopped_at;
    bool lapsed, provisional;
};

struct description {
    bool exists;
    int64_t version;
    struct str like_state;
    bool ended;
    struct str types, title, roles, waits, flags;
    struct str search_text;
    struct str subject; /* whole, for the signature */
    int64_t next_due;
    VEC(struct axis_value) axes; /* without region */
    VEC(struct clock_row) clocks;
    struct str region;
    bool withdrawn;
};

/* ---- describing ---- */

static struct str not_null(struct str text)
{
    return text.at == NULL ? S("") : text;
}

static void add_axis(struct arena *arena, struct description *d, const char *axis, struct str value)
{
    if (str_is_empty(value) || d->axes.len >= AXIS_MAX)
        return;
    for (size_t i = 0; i < d->axes.len; i++)
        if (strcmp(d->axes.at[i].axis, axis) == 0 && str_eq(d->axes.at[i].value, value))
            return;
    vec_add(arena, &d->axes, ((struct axis_value){axis, value}));
}

static void add_word(struct buf *buf, struct str word)
{
    if (buf->len > 0)
        buf_char(buf, ' ');
    buf_text(buf, word);
}

static struct str ready(struct buf *buf)
{
    must(buf_status(buf) == ST_OK);
    return buf->len == 0 ? S("") : buf_str(buf);
}

static struct str id_text(struct arena *arena, int64_t id)
{
    return str_printf(arena, "%lld", (long long)id);
}

/* The field that a received table's column `type` feeds holds the types of pollution. */
static struct str type_field(const struct regime_procedure *procedure)
{
    for (size_t i = 0; i < procedure->import_count; i++)
        if (str_eq_c(procedure->imports[i].column, "type"))
            return procedure->imports[i].field;
    return (struct str){0};
}

static void describe_types(struct arena *arena, const struct regime_procedure *procedure,
                           const struct casefile *casefile, struct description *d)
{
    struct buf buf;
    buf_init(&buf, arena, TEXT_LIMIT_BYTES);
    struct str field = type_field(procedure);
    const struct value *types = field.at == NULL ? NULL : value_find(casefile->fields, field);
    if (types != NULL && types->kind == VALUE_TEXT && !str_is_empty(types->text)) {
        buf_text(&buf, types->text);
        add_axis(arena, d, "type", types->text);
    }
    value_each (type, types != NULL && types->kind == VALUE_LIST ? types : NULL) {
        add_word(&buf, type->text);
        add_axis(arena, d, "type", type->text);
    }
    d->types = ready(&buf);
}

static void add_filter(struct arena *arena, struct description *d, struct str name,
                       struct str value)
{
    if (!str_is_empty(value))
        add_axis(arena, d, "field",
                 str_printf(arena, "%.*s=%.*s", STR_ARG(name), STR_ARG(value)));
}

/* Each value of the fields by which lists are narrowed. */
static void describe_filters(struct arena *arena, const struct regime_procedure *procedure,
                             const struct casefile *casefile, struct description *d)
{
    for (size_t i = 0; i < procedure->field_count; i++) {
        const struct regime_field *field = &procedure->fields[i];
        const struct value *held = field->filter ? value_find(casefile->fields, field->name) : NULL;
        if (held != NULL && held->kind == VALUE_TEXT)
            add_filter(arena, d, field->name, held->text);
        if (held != NULL && held->kind == VALUE_BOOL)
            add_filter(arena, d, field->name, held->flag ? S("true") : S("false"));
        value_each (one, held != NULL && held->kind == VALUE_LIST ? held : NULL)
            add_filter(arena, d, field->name, one->text);
    }
}

static void describe_roles(struct arena *arena, const struct casefile *casefile,
                           struct description *d)
{
    struct value *roles = value_map(arena);
    for (size_t i = 0; i < casefile->roles.len; i++) {
        const struct casefile_role *role = &casefile->roles.at[i];
        struct value *entry = value_map(arena);
        value_put(roles, role->role, entry);
        struct value *units = value_put_list(arena, entry, "units");
        for (size_t u = 0; u < role->units.len; u++) {
            struct str id = id_text(arena, role->units.at[u]);
            value_append(units, value_text(arena, id));
            add_axis(arena, d, "unit", id);
        }
        struct value *people = value_put_list(arena, entry, "people");
        for (size_t p = 0; p < role->people.len; p++) {
            struct str id = id_text(arena, role->people.at[p]);
            value_append(people, value_text(arena, id));
            add_axis(arena, d, "person", id);
            add_axis(arena, d, "procedure_person",
                     str_printf(arena, "%.*s:%.*s", STR_ARG(casefile->procedure), STR_ARG(id)));
        }
    }
    struct buf buf;
    buf_init(&buf, arena, TEXT_LIMIT_BYTES);
    json_print_canonical(&buf, roles);
    d->roles = ready(&buf);
}

/* Axis `waits`: u<unit>, p<person>; r<role> where nobody holds the role yet. */
static void add_waiting(struct arena *arena, const struct engine *engine,
                        const struct casefile *casefile, struct str name, struct description *d)
{
    const struct casefile_role *role = casefile_find_role(casefile, name);
    size_t before = d->axes.len;
    for (size_t i = 0; role != NULL && i < role->units.len; i++)
        add_axis(arena, d, "waits", str_concat(arena, S("u"), id_text(arena, role->units.at[i])));
    for (size_t i = 0; role != NULL && i < role->people.len; i++)
        add_axis(arena, d, "waits", str_concat(arena, S("p"), id_text(arena, role->people.at[i])));
    value_each (unit, value_find(engine->campaign.roles, name))
        if (unit->kind == VALUE_TEXT)
            add_axis(arena, d, "waits", str_concat(arena, S("u"), unit->text));
    if (d->axes.len == before)
        add_axis(arena, d, "waits", str_concat(arena, S("r"), name));
}

static void describe_waits(struct arena *arena, const struct engine *engine,
                           const struct casefile *casefile, struct description *d)
{
    struct str roles[WAIT_ROLE_MAX];
    size_t count = engine_waits_for(engine, casefile, roles, WAIT_ROLE_MAX);
    struct buf buf;
    buf_init(&buf, arena, TEXT_LIMIT_BYTES);
    for (size_t i = 0; i < count; i++) {
        add_word(&buf, roles[i]);
        add_waiting(arena, engine, casefile, roles[i], d);
    }
    d->waits = ready(&buf);
}

static void describe_texts(struct arena *arena, const struct regime_procedure *procedure,
                           const struct casefile *casefile, struct description *d)
{
    struct buf flags, text;
    buf_init(&flags, arena, TEXT_LIMIT_BYTES);
    buf_init(&text, arena, TEXT_LIMIT_BYTES);
    for (size_t i = 0; i < casefile->flags.len; i++)
        add_word(&flags, casefile->flags.at[i]);
    d->flags = ready(&flags);
    add_word(&text, casefile->number);
    add_word(&text, casefile->received_number);
    for (size_t i = 0; i < procedure->field_count; i++) {
        const struct regime_field *field = &procedure->fields[i];
        const struct value *value = value_find(casefile->fields, field->name);
        if ((field->kind == FIELD_TEXT || field->kind == FIELD_LONGTEXT) && !field->sealed &&
            value != NULL && value->kind == VALUE_TEXT && !str_is_empty(value->text)) {
            buf_char(&text, '\n');
            buf_text(&text, utf8_prefix(value->text, SEARCH_CHARACTERS));
        }
    }
    d->search_text = utf8_prefix(ready(&text), SEARCH_CHARACTERS);
    const struct value *subject =
        procedure->subject.at == NULL ? NULL : value_find(casefile->fields, procedure->subject);
    if (subject != NULL && subject->kind == VALUE_TEXT)
        d->subject = subject->text;
    d->title = utf8_prefix(not_null(d->subject), TITLE_CHARACTERS);
}

static enum status describe_clocks(struct ctx *ctx, const struct engine *engine,
                                   const struct casefile *casefile, struct description *d)
{
    d->next_due = CASEFILE_NEVER_DUE;
    for (size_t i = 0; i < casefile->clocks.len; i++) {
        const struct casefile_clock *clock = &casefile->clocks.at[i];
        struct clock_view view;
        TRY(engine_clock_view(ctx, engine->calendar, clock, ctx->now, &view));
        struct clock_row row = {
            .name = clock->name,
            .started_seq = clock->started_seq,
            .started_at = clock->start,
            .due_at = view.deadline.open ? INSTANT_NONE : view.deadline.due,
            .end_at = view.deadline.open ? INSTANT_NONE : view.deadline.end,
            .stopped_at = clock->stopped,
            .lapsed = clock->lapsed,
            .provisional = view.deadline.provisional,
        };
        vec_add(ctx->arena, &d->clocks, row);
        if (instant_is_none(row.stopped_at) && !instant_is_none(row.end_at) &&
            row.end_at.ms < d->next_due)
            d->next_due = row.end_at.ms;
    }
    return ST_OK;
}

/* Roles stand in the pack's order in an event that was just decided, by name in one that was read. */
static int by_axis(const void *a, const void *b)
{
    const struct axis_value *x = a, *y = b;
    int order = strcmp(x->axis, y->axis);
    return order != 0 ? order : str_compare(x->value, y->value);
}

static enum status describe(struct ctx *ctx, const struct engine *engine,
                            const struct casefile *casefile, struct description *out)
{
    const struct regime_procedure *procedure = engine->procedure;
    const struct regime_state *state = procedure_find_state(procedure, casefile->state);
    struct description d = {
        .exists = true,
        .version = casefile->version,
        .like_state = state == NULL ? casefile->state : state->like,
        .ended = state != NULL && state->end,
        .region = not_null(casefile->region),
        .withdrawn = casefile->withdrawn,
    };
    describe_types(ctx->arena, procedure, casefile, &d);
    describe_filters(ctx->arena, procedure, casefile, &d);
    describe_roles(ctx->arena, casefile, &d);
    describe_waits(ctx->arena, engine, casefile, &d);
    describe_texts(ctx->arena, procedure, casefile, &d);
    TRY(describe_clocks(ctx, engine, casefile, &d));
    if (!str_is_empty(casefile->batch))
        add_axis(ctx->arena, &d, "batch",
                 str_printf(ctx->arena, "%.*s/%.*s", STR_ARG(casefile->campaign),
                            STR_ARG(casefile->batch)));
    if (d.withdrawn) { /* lists do not show it, nor is it found */
        d.axes.len = 0;
        d.search_text = S("");
    }
    if (d.axes.len > 1)
        qsort(d.axes.at, d.axes.len, sizeof *d.axes.at, by_axis);
    *out = d;
    return ST_OK;
}

static bool same_axes(const struct description *a, const struct description *b)
{
    if (a->axes.len != b->axes.len || !str_eq(a->region, b->region) || a->withdrawn != b->withdrawn)
        return false;
    for (size_t i = 0; i < a->axes.len; i++)
        if (strcmp(a->axes.at[i].axis, b->axes.at[i].axis) != 0 ||
            !str_eq(a->axes.at[i].value, b->axes.at[i].value))
            return false;
    return true;
}

/* ---- writing ---- */

/* A region and all above it, remembered for the rest of the transaction. */
struct ancestors {
    VEC(struct str) codes;
};

static enum status read_ancestors(struct ctx *ctx, struct db_conn *conn, struct strmap *regions,
                                  struct str region, const struct ancestors **out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    struct ancestors *found = arena_new_of(regions->arena, struct ancestors);
    TRY(db_rows_open(ctx, conn, &SQL_CASEFILE_REGION_ANCESTORS, DB_ARGS(db_text(region)), &rows));
    while (db_rows_next(ctx, &rows))
        vec_add(regions->arena, &found->codes, db_col_text_copy(regions->arena, &rows, 0));
    TRY(db_rows_status(&rows));
    (void)strmap_put(regions, str_copy(regions->arena, region), found);
    *out = found;
    return ST_OK;
}

/* The region and all above it, for all cases and for those of the procedure: a province has too many of
   other kinds to look through for one. */
static enum status add_regions(struct ctx *ctx, struct db_conn *conn, struct strmap *regions,
                               struct str procedure, struct description *d)
{
    struct arena *arena = ctx->arena;
    if (str_is_empty(d->region) || d->withdrawn)
        return ST_OK;
    const struct ancestors *found = strmap_find(regions, d->region);
    if (found == NULL)
        TRY(read_ancestors(ctx, conn, regions, d->region, &found));
    for (size_t i = 0; i < found->codes.len; i++)
        add_axis(arena, d, "region", str_copy(arena, found->codes.at[i]));
    add_axis(arena, d, "region", d->region); /* also one that the directory does not know */
    size_t end = d->axes.len;
    for (size_t i = 0; i < end; i++)
        if (strcmp(d->axes.at[i].axis, "region") == 0)
            add_axis(arena, d, "procedure_region",
                     str_printf(arena, "%.*s:%.*s", STR_ARG(procedure),
                                STR_ARG(d->axes.at[i].value)));
    return ST_OK;
}

/* "axis=value\n" for each: what the axis table holds of the case. */
static struct str format_axes(struct arena *arena, const struct description *d)
{
    struct buf buf;
    buf_init(&buf, arena, TEXT_LIMIT_BYTES);
    for (size_t i = 0; i < d->axes.len; i++) {
        buf_c(&buf, d->axes.at[i].axis);
        buf_char(&buf, '=');
        buf_text(&buf, d->axes.at[i].value);
        buf_char(&buf, '\n');
    }
    return ready(&buf);
}

/* Whether the line stands in the text, whole. */
static bool has_line(struct str text, struct str line)
{
    struct str piece;
    while (str_next(&text, '\n', &piece))
        if (str_eq(piece, line))
            return true;
    return false;
}

/* Writes each line of `lines` that `others` lacks, by the query for one axis value. */
static enum status put_axes(struct ctx *ctx, struct db_conn *conn, const struct casefile *casefile,
                            struct str lines, struct str others, bool insert)
{
    struct str line;
    while (str_next(&lines, '\n', &line)) {
        struct str value = line, axis;
        if (str_is_empty(line) || has_line(others, line) || !str_next(&value, '=', &axis))
            continue;
        if (insert)
            TRY(db_put(ctx, conn, &SQL_CASEFILE_AXIS_INSERT,
                       DB_ARGS(db_text(axis), db_text(value), db_i64(casefile->created_at.ms),
                               db_i64(casefile->id.v),
                               db_text(prefecture_str(&casefile->prefecture)))));
        else
            TRY(db_put(ctx, conn, &SQL_CASEFILE_AXIS_DELETE,
                       DB_ARGS(db_text(axis), db_text(value), db_i64(casefile->created_at.ms),
                               db_i64(casefile->id.v))));
    }
    return ST_OK;
}

static enum status stored_axes(struct ctx *ctx, struct db_conn *conn,
                               const struct casefile *casefile, struct str *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    enum status status = db_find_one(
        ctx, conn, &SQL_CASEFILE_FIND_AXES,
        DB_ARGS(db_text(prefecture_str(&casefile->prefecture)), db_i64(casefile->id.v)), &rows);
    *out = S("");
    if (status == ST_NOT_FOUND)
        return ST_OK;
    TRY(status);
    *out = db_col_text_copy(ctx->arena, &rows, 0);
    return ST_OK;
}

/* The case's row. Its axes as text are in it too, so that the next change knows what to remove. */
static enum status write_row(struct ctx *ctx, struct db_conn *conn, const struct casefile *casefile,
                             const struct description *d, struct str axes, bool is_new)
{
    return db_put(
        ctx, conn, is_new ? &SQL_CASEFILE_INSERT : &SQL_CASEFILE_UPDATE,
        DB_ARGS(db_text(prefecture_str(&casefile->prefecture)), db_i64(casefile->id.v),
                db_text(not_null(casefile->number)), db_text(not_null(casefile->received_number)),
                db_text(not_null(casefile->campaign)), db_text(not_null(casefile->batch)),
                db_text(not_null(casefile->procedure)), db_text(not_null(casefile->pack)),
                db_text(not_null(casefile->state)), db_text(not_null(d->like_state)),
                db_i64(casefile->version), db_text(casefile->last_hash), db_text(d->region),
                db_text(not_null(casefile->source)), db_text(d->types), db_text(d->title),
                db_text(d->roles), db_text(d->waits), db_text(not_null(casefile->pressing)),
                db_text(d->flags), db_text(axes), db_i64(casefile->created_at.ms),
                db_i64(casefile->recorded_at.ms), db_i64(casefile->updated_at.ms),
                db_i64(d->next_due), db_bool(d->ended), db_bool(d->withdrawn),
                db_text(not_null(casefile->key))));
}

static struct db_value search_tokens(struct ctx *ctx, struct db_conn *conn, struct str text)
{
    return db_text(db_conn_engine(conn) == DB_SQLITE ? search_format_fts5(ctx->arena, text)
                                                     : search_format_tsvector(ctx->arena, text));
}

/* FTS5 forgets a text only when told the very tokens it got, so the old text is read first. */
static enum status drop_search(struct ctx *ctx, struct db_conn *conn,
                               const struct casefile *casefile)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    struct db_value prefecture = db_text(prefecture_str(&casefile->prefecture));
    enum status status = db_find_one(ctx, conn, &SQL_CASEFILE_TEXT_FIND,
                                     DB_ARGS(prefecture, db_i64(casefile->id.v)), &rows);
    if (status == ST_NOT_FOUND)
        return ST_OK;
    TRY(status);
    struct str old = db_col_text_copy(ctx->arena, &rows, 0);
    return db_put(ctx, conn, &SQL_CASEFILE_SEARCH_DELETE,
                  DB_ARGS(prefecture, db_i64(casefile->id.v), search_tokens(ctx, conn, old)));
}

/* Finds cases that tell of the same; texts too short to be compared have none. */
static struct db_value signature_of(struct arena *arena, struct str subject)
{
    struct similar_signature signature;
    unsigned char *bytes = arena_alloc(arena, SIMILAR_BYTES);
    if (!similar_sign(not_null(subject), &signature))
        return db_null();
    similar_write(&signature, bytes);
    return db_blob(bytes, SIMILAR_BYTES);
}

static enum status write_search(struct ctx *ctx, struct db_conn *conn,
                                const struct casefile *casefile, const struct description *d,
                                bool is_new)
{
    struct db_value prefecture = db_text(prefecture_str(&casefile->prefecture));
    if (!is_new)
        TRY(drop_search(ctx, conn, casefile));
    TRY(db_put(ctx, conn, is_new ? &SQL_CASEFILE_TEXT_INSERT : &SQL_CASEFILE_TEXT_UPDATE,
               DB_ARGS(prefecture, db_i64(casefile->id.v), db_text(not_null(casefile->campaign)),
                       db_text(d->search_text), signature_of(ctx->arena, d->subject))));
    return db_put(
        ctx, conn, &SQL_CASEFILE_SEARCH_INSERT,
        DB_ARGS(prefecture, db_i64(casefile->id.v), search_tokens(ctx, conn, d->search_text)));
}

static bool same_clock(const struct clock_row *a, const struct clock_row *b)
{
    return a->started_seq == b->started_seq && str_eq(a->name, b->name) &&
           a->started_at.ms == b->started_at.ms && a->due_at.ms == b->due_at.ms &&
           a->end_at.ms == b->end_at.ms && a->stopped_at.ms == b->stopped_at.ms &&
           a->lapsed == b->lapsed && a->provisional == b->provisional;
}

/* Runs of clocks only grow in number, so they compare by place. */
static enum status write_clocks(struct ctx *ctx, struct db_conn *conn,
                                const struct casefile *casefile, const struct description *before,
                                const struct description *after)
{
    for (size_t i = 0; i < after->clocks.len; i++) {
        const struct clock_row *clock = &after->clocks.at[i];
        if (i < before->clocks.len && same_clock(&before->clocks.at[i], clock))
            continue;
        TRY(db_put(ctx, conn, &SQL_CASEFILE_DEADLINE_PUT,
                   DB_ARGS(db_text(prefecture_str(&casefile->prefecture)), db_i64(casefile->id.v),
                           db_i64(clock->started_seq), db_text(clock->name),
                           db_text(not_null(casefile->campaign)), db_instant(clock->started_at),
                           db_instant(clock->due_at), db_instant(clock->end_at),
                           db_bool(clock->lapsed), db_instant(clock->stopped_at),
                           db_bool(clock->provisional))));
    }
    return ST_OK;
}

static enum status write_evidence(struct ctx *ctx, struct db_conn *conn,
                                  const struct casefile *casefile, int64_t known_version)
{
    for (size_t i = 0; i < casefile->evidence.len; i++) {
        const struct casefile_evidence *e = &casefile->evidence.at[i];
        bool placed = e->lat != INT64_MIN && e->lon != INT64_MIN;
        if (e->seq <= known_version)
            continue;
        TRY(db_put(ctx, conn, &SQL_CASEFILE_EVIDENCE_INSERT,
                   DB_ARGS(db_text(prefecture_str(&casefile->prefecture)), db_i64(casefile->id.v),
                           db_i64(e->id.v), db_text(not_null(e->kind)),
                           db_text(not_null(e->sha256)), db_text(not_null(e->name)),
                           db_text(not_null(e->type)), db_i64(e->bytes), db_instant(e->taken_at),
                           placed ? db_i64(e->lat) : db_null(), placed ? db_i64(e->lon) : db_null(),
                           db_i64(e->seq), db_text(not_null(e->actor)), db_instant(e->added_at))));
    }
    return ST_OK;
}

static enum status write_difference(struct ctx *ctx, struct db_conn *conn, struct strmap *regions,
                                    const struct engine *engine, const struct casefile *casefile,
                                    const struct description *before, struct description *after)
{
    bool is_new = !before->exists;
    struct str old_axes = S(""), axes = {0}; /* absent: as they are */
    if (is_new || !same_axes(before, after)) {
        if (!is_new)
            TRY(stored_axes(ctx, conn, casefile, &old_axes));
        TRY(add_regions(ctx, conn, regions, casefile->procedure, after));
        axes = format_axes(ctx->arena, after);
    }
    TRY(write_row(ctx, conn, casefile, after, axes, is_new));
    TRY(put_axes(ctx, conn, casefile, old_axes, axes, false));
    TRY(put_axes(ctx, conn, casefile, axes, old_axes, true));
    if (is_new || !str_eq(before->search_text, after->search_text))
        TRY(write_search(ctx, conn, casefile, after, is_new));
    TRY(write_clocks(ctx, conn, casefile, before, after));
    TRY(score_rows_write(ctx, conn, casefile, is_new ? 0 : before->version));
    TRY(measure_rows_write(ctx, conn, casefile, is_new ? 0 : before->version));
    TRY(release_rows_write(ctx, conn, engine, casefile));
    TRY(document_rows_write(ctx, conn, casefile, is_new ? 0 : before->version));
    return write_evidence(ctx, conn, casefile, is_new ? 0 : before->version);
}

enum status casefile_rows_write(struct ctx *ctx, struct db_conn *conn, struct strmap *regions,
                                const struct engine *engine, const struct casefile *casefile)
{
    struct description after;
    TRY(describe(ctx, engine, casefile, &after));
    return write_difference(ctx, conn, regions, engine, casefile, &(struct description){0}, &after);
}

enum status casefile_rows_refresh(struct ctx *ctx, struct ledger_tx *ledger,
                                  const struct engine *engine, const struct casefile *casefile)
{
    struct description after;
    TRY(describe(ctx, engine, casefile, &after));
    /* Known to exist, with evidence as it is; everything else counts as changed. */
    struct description before = {.exists = true, .version = casefile->version};
    return write_difference(ctx, ledger->conn, &ledger->regions, engine, casefile, &before, &after);
}

enum status casefile_record(struct ctx *ctx, struct ledger_tx *ledger, const struct engine *engine,
                            struct casefile *io_casefile, const struct event_list *events)
{
    struct description before = {0}, after;
    struct str last = io_casefile->version == 0 ? S("") : io_casefile->last_hash;
    if (io_casefile->version > 0)
        TRY(describe(ctx, engine, io_casefile, &before));
    TRY(ledger_append(ctx, ledger, events, &last));
    for (size_t i = 0; i < events->len; i++)
        engine_evolve(ctx->arena, io_casefile, &events->at[i]);
    io_casefile->last_hash = last;
    TRY(describe(ctx, engine, io_casefile, &after));
    return write_difference(ctx, ledger->conn, &ledger->regions, engine, io_casefile, &before, &after);
}

/* ---- reading ---- */

enum status casefile_rows_list_signatures(struct ctx *ctx, struct db_conn *conn,
                                          struct str campaign, struct prefecture prefecture,
                                          struct casefile_id before, size_t limit,
                                          struct casefile_signature *out, size_t *out_count)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    size_t count = 0;
    TRY(db_rows_open(ctx, conn, &SQL_CASEFILE_TEXT_LIST_SIGNATURES,
                     DB_ARGS(db_text(campaign), db_text(prefecture_str(&prefecture)),
                             db_i64(before.v), db_i64((int64_t)limit)),
                     &rows));
    while (count < limit && db_rows_next(ctx, &rows)) {
        struct arena_mark mark = arena_mark(ctx->arena);
        struct str bytes = db_col_blob(ctx->arena, &rows, 1);
        out[count].id.v = db_col_i64(&rows, 0);
        if (bytes.len == SIMILAR_BYTES)
            similar_read((const unsigned char *)bytes.at, &out[count++].signature);
        arena_return(ctx->arena, mark);
    }
    TRY(db_rows_status(&rows));
    *out_count = count;
    return ST_OK;
}

void casefile_row_read(struct arena *arena, const struct db_rows *rows, struct casefile_row *out)
{
    struct casefile_row row = {0};
    struct str *const texts[] = {
        &row.number, &row.received_number, &row.campaign, &row.batch,    &row.procedure, &row.pack,
        &row.state,  &row.like_state,      NULL,          &row.region,   &row.source,    &row.types,
        &row.title,  &row.roles,           &row.waits,    &row.pressing, &row.flags};
    (void)prefecture_parse(db_col_text(rows, 0), &row.prefecture);
    row.id.v = db_col_i64(rows, 1);
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (texts[i] != NULL)
            *texts[i] = db_col_text_copy(arena, rows, (int)i + 2);
    row.version = db_col_i64(rows, 10);
    row.created_at = db_col_instant(rows, 19);
    row.recorded_at = db_col_instant(rows, 20);
    row.updated_at = db_col_instant(rows, 21);
    row.next_due = db_col_instant(rows, 22);
    if (row.next_due.ms == CASEFILE_NEVER_DUE)
        row.next_due = INSTANT_NONE;
    row.ended = db_col_bool(rows, 23);
    row.withdrawn = db_col_bool(rows, 24);
    row.last_hash = db_col_text_copy(arena, rows, 25);
    *out = row;
}

static enum status unknown_case(struct ctx *ctx, struct prefecture prefecture,
                                struct casefile_id id)
{
    return fail(ctx, ST_NOT_FOUND, "case.unknown",
                ARGS(arg_text("case", casefile_ref_format(ctx->arena, prefecture, id))));
}

enum status casefile_rows_find(struct ctx *ctx, struct db_conn *conn, struct prefecture prefecture,
                               struct casefile_id id, struct casefile_row *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    enum status status =
        db_find_one(ctx, conn, &SQL_CASEFILE_FIND,
                    DB_ARGS(db_text(prefecture_str(&prefecture)), db_i64(id.v)), &rows);
    if (status == ST_NOT_FOUND)
        return unknown_case(ctx, prefecture, id);
    TRY(status);
    casefile_row_read(ctx->arena, &rows, out);
    return ST_OK;
}

enum status casefile_rows_version(struct ctx *ctx, struct db_conn *conn,
                                  struct prefecture prefecture, struct casefile_id id, int64_t *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    enum status status =
        db_find_one(ctx, conn, &SQL_CASEFILE_FIND_VERSION,
                    DB_ARGS(db_text(prefecture_str(&prefecture)), db_i64(id.v)), &rows);
    if (status == ST_NOT_FOUND)
        return unknown_case(ctx, prefecture, id);
    TRY(status);
    *out = db_col_i64(&rows, 0);
    return ST_OK;
}

enum status casefile_rows_find_received(struct ctx *ctx, struct db_conn *conn, struct str campaign,
                                        struct str batch, struct str received_number,
                                        struct prefecture *out_prefecture,
                                        struct casefile_id *out_id)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    TRY(db_find_one(ctx, conn, &SQL_CASEFILE_FIND_RECEIVED,
                    DB_ARGS(db_text(campaign), db_text(not_null(batch)), db_text(received_number)),
                    &rows));
    (void)prefecture_parse(db_col_text(&rows, 0), out_prefecture);
    out_id->v = db_col_i64(&rows, 1);
    return ST_OK;
}

enum status casefile_rows_find_number(struct ctx *ctx, struct db_conn *conn, struct str campaign,
                                      struct str procedure, struct str number,
                                      struct prefecture *out_prefecture, struct casefile_id *out_id)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    TRY(db_find_one(ctx, conn, &SQL_CASEFILE_FIND_NUMBER,
                    DB_ARGS(db_text(campaign), db_text(procedure), db_text(number)), &rows));
    (void)prefecture_parse(db_col_text(&rows, 0), out_prefecture);
    out_id->v = db_col_i64(&rows, 1);
    return ST_OK;
}

enum status casefile_rows_find_named(struct ctx *ctx, struct db_conn *conn, struct str campaign,
                                     struct str procedure, struct str name,
                                     struct prefecture *out_prefecture, struct casefile_id *out_id)
{
    enum status status = casefile_rows_find_number(ctx, conn, campaign, procedure, name,
                                                   out_prefecture, out_id);
    bool is_ref =
        status == ST_NOT_FOUND && casefile_ref_parse(name, out_prefecture, out_id);
    return is_ref ? ST_OK : status;
}

/* Keys are ASCII, so DEL stands behind whatever goes on after the prefix. */
/* Keys from the prefix to what would follow the last of them. */
static struct str keys_end(struct ctx *ctx, struct str prefix)
{
    must(!str_is_empty(prefix));
    return str_concat(ctx->arena, prefix, S("\x7f"));
}

static enum status list_keyed(struct ctx *ctx, struct db_conn *conn, struct str campaign,
                              struct str prefix, bool is_open, struct casefile_keyed_list *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    *out = (struct casefile_keyed_list){0};
    TRY(db_rows_open(ctx, conn, &SQL_CASEFILE_LIST_KEYED,
                     DB_ARGS(db_text(campaign), db_text(prefix), db_text(keys_end(ctx, prefix)),
                             db_i64(is_open)),
                     &rows));
    while (db_rows_next(ctx, &rows)) {
        struct casefile_keyed keyed = {.key = db_col_text_copy(ctx->arena, &rows, 0),
                                       .id = {db_col_i64(&rows, 2)},
                                       .state = db_col_text_copy(ctx->arena, &rows, 3),
                                       .ended = db_col_bool(&rows, 4),
                                       .withdrawn = db_col_bool(&rows, 5),
                                       .created_at = db_col_instant(&rows, 6),
                                       .number = db_col_text_copy(ctx->arena, &rows, 7),
                                       .lapsed = db_col_bool(&rows, 8),
                                       .region = db_col_text_copy(ctx->arena, &rows, 9)};
        (void)prefecture_parse(db_col_text(&rows, 1), &keyed.prefecture);
        vec_add(ctx->arena, out, keyed);
    }
    return db_rows_status(&rows);
}

enum status casefile_rows_list_keyed(struct ctx *ctx, struct db_conn *conn, struct str campaign,
                                     struct str prefix, struct casefile_keyed_list *out)
{
    return list_keyed(ctx, conn, campaign, prefix, false, out);
}

enum status casefile_rows_list_keyed_open(struct ctx *ctx, struct db_conn *conn,
                                          struct str campaign, struct str prefix,
                                          struct casefile_keyed_list *out)
{
    return list_keyed(ctx, conn, campaign, prefix, true, out);
}

enum status casefile_rows_last_key(struct ctx *ctx, struct db_conn *conn, struct str campaign,
                                   struct str prefix, struct str *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    *out = (struct str){0};
    TRY(db_rows_open(
        ctx, conn, &SQL_CASEFILE_LAST_KEY,
        DB_ARGS(db_text(campaign), db_text(prefix), db_text(keys_end(ctx, prefix))), &rows));
    if (db_rows_next(ctx, &rows))
        *out = db_col_text_copy(ctx->arena, &rows, 0);
    return db_rows_status(&rows);
}

static enum status read_places(struct ctx *ctx, struct db_rows *rows,
                               struct casefile_place_list *out)
{
    while (db_rows_next(ctx, rows)) {
        struct casefile_place place = {.id = {db_col_i64(rows, 1)}};
        (void)prefecture_parse(db_col_text(rows, 0), &place.prefecture);
        vec_add(ctx->arena, out, place);
    }
    return db_rows_status(rows);
}

enum status casefile_rows_list_places(struct ctx *ctx, struct db_conn *conn, struct str campaign,
                                      struct str procedure, struct instant since,
                                      struct casefile_place_list *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    *out = (struct casefile_place_list){0};
    TRY(db_rows_open(ctx, conn, &SQL_CASEFILE_LIST_PLACES,
                     DB_ARGS(db_text(campaign), db_text(procedure), db_instant(since)), &rows));
    return read_places(ctx, &rows, out);
}

enum status casefile_rows_count_acts(struct ctx *ctx, struct db_conn *conn, struct str campaign,
                                     const struct engine_tally *asked, int64_t *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    int64_t since = day_is_none(asked->since) ? 0 : day_start(asked->since).ms;
    int64_t until = day_is_none(asked->until) ? CASEFILE_NEVER_DUE
                                              : day_start(day_add(asked->until, 1)).ms;
    *out = 0;
    TRY(db_rows_open(ctx, conn, &SQL_CASEFILE_COUNT_ACTS,
                     DB_ARGS(db_text(campaign), db_text(asked->procedure), db_text(asked->region),
                             db_text(asked->command), db_i64(since), db_i64(until)),
                     &rows));
    if (db_rows_next(ctx, &rows))
        *out = db_col_i64(&rows, 0);
    return db_rows_status(&rows);
}

enum status casefile_rows_list_in_state(struct ctx *ctx, struct db_conn *conn, struct str campaign,
                                        struct str procedure, struct str state,
                                        struct casefile_place_list *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    *out = (struct casefile_place_list){0};
    TRY(db_rows_open(ctx, conn, &SQL_CASEFILE_LIST_IN_STATE,
                     DB_ARGS(db_text(campaign), db_text(procedure), db_text(state)), &rows));
    return read_places(ctx, &rows, out);
}
