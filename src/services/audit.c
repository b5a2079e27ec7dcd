/*
 * A record's event says what it did by its command and by what the record is called; that a proof
 * was made is itself such an event, of the setting `ledger_checked`.
 */
#include "services/audit.h"

#include "base/num.h"
#include "services/checkpoint.h"
#include "services/setting.h"

#define CHECKED S("ledger_checked")

static struct str actor_of(struct arena *arena, const struct world *world,
                           const struct reader *reader, struct str actor)
{
    const struct world_person *person;
    const struct world_post *post;
    if (str_eq(actor, S("system")))
        return reader_sentence(arena, reader, "actor.system", NO_ARGS);
    world_find_actor(world, actor, &person, &post);
    return person == NULL ? actor : person->name;
}

/* Who was given a post, and where. */
static struct str holder_of(struct arena *arena, const struct world *world,
                            const struct value *fields)
{
    struct person_id who = {0};
    struct unit_id where = {0};
    (void)num_parse_i64(value_find_text(fields, "person"), 1, INT64_MAX, &who.v);
    (void)num_parse_i64(value_find_text(fields, "unit"), 1, INT64_MAX, &where.v);
    const struct world_person *person = world_find_person(world, who);
    const struct world_unit *unit = world_find_unit(world, where);
    if (person == NULL || unit == NULL)
        return value_find_text(fields, "post");
    return str_printf(arena, "%.*s · %.*s", STR_ARG(person->name), STR_ARG(unit->name));
}

/* What the record is called, or what was noted of it. */
static struct str subject_of(struct arena *arena, const struct world *world,
                             const struct reader *reader, const struct audit_row *row)
{
    static const char *const names[] = {"login", "name", "number", "date"};
    const struct value *fields = value_find_c(row->payload, "fields");
    struct str title = value_find_text(fields, reader->lang == LANG_EN ? "title_en" : "title_zh");
    if (!str_is_empty(title))
        return title;
    if (value_find_c(fields, "post") != NULL)
        return holder_of(arena, world, fields);
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (!str_is_empty(value_find_text(fields, names[i])))
            return value_find_text(fields, names[i]);
    struct str noted = value_find_text(row->payload, "what");
    return str_is_empty(noted) ? value_find_text(row->payload, "reason") : noted;
}

/* i18n: act.* */
static struct str command_label(struct arena *arena, const struct reader *reader,
                                struct str command)
{
    struct str found =
        words_find(reader->words, reader->lang, str_concat(arena, S("act."), command));
    return str_is_empty(found) ? command : found;
}

static void put_row(struct arena *arena, const struct world *world, const struct reader *reader,
                    const struct audit_row *row, struct value *out)
{
    struct str kind = str_of(record_kind_name(row->kind));
    const char *key = str_c(arena, str_concat(arena, S("record_kind."), kind));
    struct str subject = subject_of(arena, world, reader, row); /* i18n: record_kind.* */
    value_put_int(arena, out, "seq", row->sequence);
    value_put_text(arena, out, "record", str_printf(arena, "%lld", (long long)row->record));
    value_put_text(arena, out, "kind", kind);
    value_put_text(arena, out, "kind_label", reader_sentence(arena, reader, key, NO_ARGS));
    value_put_text(arena, out, "command", row->command);
    struct str label = command_label(arena, reader, row->command);
    value_put_text(arena, out, "command_label", label);
    value_put_text(arena, out, "subject", subject);
    value_put_text(arena, out, "what",
                   str_is_empty(subject) ? label
                                         : str_printf(arena, "%.*s · %.*s", STR_ARG(label),
                                                      STR_ARG(subject)));
    value_put_text(arena, out, "actor", actor_of(arena, world, reader, row->actor));
    value_put_text(arena, out, "time", instant_format(arena, row->recorded_at));
    value_put_text(arena, out, "time_text", reader_time(arena, reader, row->recorded_at));
    value_put_text(arena, out, "hash", row->hash);
    const struct value *input = value_find_c(row->payload, "input");
    if (input != NULL)
        value_put(out, S("input"), value_copy(arena, input));
}

enum status audit_document(struct ctx *ctx, struct db_conn *conn, const struct world *world,
                           const struct reader *reader, const struct audit_filter *filter,
                           struct value **out)
{
    struct audit_row_list list;
    struct str next;
    struct value *doc = value_map(ctx->arena);
    struct value *items = value_put_list(ctx->arena, doc, "items");
    TRY(audit_rows_list(ctx, conn, filter, &list, &next));
    for (size_t i = 0; i < list.len; i++)
        put_row(ctx->arena, world, reader, &list.at[i], value_append_map(ctx->arena, items));
    if (!str_is_empty(next))
        value_put_text(ctx->arena, doc, "next", next);
    *out = doc;
    return ST_OK;
}

/* ---- the ledger ---- */

enum status audit_ledger_document(struct ctx *ctx, struct db_conn *conn,
                                  const struct reader *reader, struct value **out)
{
    const struct value *checked = NULL;
    struct arena *arena = ctx->arena;
    struct instant at = INSTANT_NONE;
    int64_t events, cases;
    TRY(audit_rows_count(ctx, conn, &events, &cases));
    TRY(setting_find(ctx, conn, CHECKED, &checked));
    struct str when = value_find_text(checked, "at");
    bool was = instant_parse_lenient(when, &at);
    struct value *doc = value_map(arena);
    value_put_int(arena, doc, "events", events);
    value_put_int(arena, doc, "cases", cases);
    value_put_bool(arena, doc, "checked", was);
    value_put_bool(arena, doc, "ok", value_find_bool(checked, "ok"));
    value_put_text(arena, doc, "checked_at", when);
    value_put_text(arena, doc, "checked_text",
                   was ? reader_time(arena, reader, at)
                       : reader_sentence(arena, reader, "audit.never_checked", NO_ARGS));
    *out = doc;
    return ST_OK;
}

static void put_broken(struct arena *arena, const struct reader *reader,
                       const struct ledger_verdict *verdict, struct value *doc)
{
    struct value *broken = value_put_map(arena, doc, "first_broken");
    bool has_case = verdict->casefile.v != 0; /* a commit that is missing has none */
    value_put(broken, S("case"),
              has_case ? value_text(arena, casefile_ref_format(arena, verdict->prefecture,
                                                               verdict->casefile))
                       : value_null(arena));
    value_put(broken, S("sequence"),
              has_case ? value_int(arena, verdict->sequence) : value_null(arena));
    if (verdict->writer == 0) {
        value_put(broken, S("commit"), value_null(arena));
    } else {
        struct value *commit = value_put_map(arena, broken, "commit");
        value_put_int(arena, commit, "writer", verdict->writer);
        value_put_int(arena, commit, "number", verdict->number);
    }
    value_put(broken, S("checkpoint"),
              verdict->checkpoint == 0 ? value_null(arena) : value_int(arena, verdict->checkpoint));
    value_put_text(arena, broken, "why", reader_sentence(arena, reader, verdict->why, NO_ARGS));
    value_put_text(arena, broken, "code", str_of(verdict->why));
}

struct value *audit_verdict_document(struct arena *arena, const struct reader *reader,
                                     const struct ledger_verdict *verdict)
{
    struct value *doc = value_map(arena);
    value_put_bool(arena, doc, "ok", verdict->whole);
    value_put_int(arena, doc, "events", verdict->events);
    value_put_int(arena, doc, "cases", verdict->cases);
    value_put_int(arena, doc, "papers", verdict->papers);
    value_put_int(arena, doc, "checkpoints", verdict->checkpoints);
    if (verdict->whole)
        value_put(doc, S("first_broken"), value_null(arena));
    else
        put_broken(arena, reader, verdict, doc);
    return doc;
}

enum status audit_verify(struct ctx *ctx, const struct home *home, struct db_conn *conn,
                         struct str actor, struct ledger_verdict *out)
{
    struct arena *arena = ctx->arena;
    TRY(checkpoint_prove_ledger(ctx, home, conn, NULL, NULL, out));
    struct value *checked = value_map(arena);
    value_put_text(arena, checked, "at", instant_format(arena, ctx->now));
    value_put_bool(arena, checked, "ok", out->whole);
    value_put_int(arena, checked, "events", out->events);
    value_put_int(arena, checked, "cases", out->cases);
    if (!out->whole)
        value_put_text(arena, checked, "why", str_of(out->why));
    return setting_put(ctx, home, CHECKED, checked, actor);
}
