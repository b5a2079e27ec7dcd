/*
 * The case is folded again up to the event that issued the document, so a paper asked for later says what
 * it said then.
 */
#include "services/case_issued.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/num.h"
#include "kit/crypto.h"
#include "services/issued_told.h"
#include "services/paper_markup.h"
#include "store/document_rows.h"

static const struct event *find_event(const struct case_view *view, int64_t sequence,
                                      struct str *out_hash)
{
    for (size_t i = 0; i < view->events->len; i++) {
        const struct event *event = &view->events->at[i].event;
        *out_hash = view->events->at[i].hash;
        if (event->sequence == sequence && event->type == EVENT_DOCUMENT_ISSUED)
            return event;
    }
    return NULL;
}

static const struct casefile *fold_until(struct ctx *ctx, const struct case_view *view,
                                         int64_t sequence)
{
    struct casefile *casefile = arena_new_of(ctx->arena, struct casefile);
    for (size_t i = 0; i < view->events->len; i++)
        if (view->events->at[i].event.sequence <= sequence)
            engine_evolve(ctx->arena, casefile, &view->events->at[i].event);
    return casefile;
}

/* ---- names ---- */

static struct str unit_name(const struct case_view *view, struct str text)
{
    int64_t id;
    const struct world_unit *unit = num_parse_i64(text, 1, INT64_MAX, &id)
                                        ? world_find_unit(view->world, (struct unit_id){id})
                                        : world_find_unit_by_code(view->world, text);
    return unit == NULL ? S("") : unit->name;
}

static struct str person_name(const struct case_view *view, struct str text)
{
    int64_t id;
    const struct world_person *person =
        num_parse_i64(text, 1, INT64_MAX, &id)
            ? world_find_person(view->world, (struct person_id){id})
            : NULL;
    return person == NULL ? S("") : person->name;
}

static struct str names_of(struct arena *arena, const struct case_view *view,
                           const struct value *list,
                           struct str (*name)(const struct case_view *view, struct str text),
                           struct str before)
{
    struct str all = before;
    value_each (one, list) {
        struct str found = name(view, one->text);
        if (!str_is_empty(found))
            all = str_printf(arena, "%.*s%s%.*s", STR_ARG(all), all.len == 0 ? "" : "、",
                             STR_ARG(found));
    }
    return all;
}

/*
 * The unit that the event names; of old ones that name none, that of the post that gave the command. What the
 * system issues goes out in the campaign's name.
 */
static struct str issuer_of(const struct case_view *view, const struct event *event)
{
    struct str named = unit_name(view, value_find_text(event->payload, "issuer"));
    if (!str_is_empty(named))
        return named;
    const struct world_person *person = NULL;
    const struct world_post *post = NULL;
    if (!str_eq(event->actor, S("system")))
        world_find_actor(view->world, event->actor, &person, &post);
    return post != NULL ? post->unit->name
                        : words_label(view->reader.lang, view->engine->regime->title);
}

/* ---- what the case says ---- */

static bool is_told(const struct value *item, const struct regime_field *field)
{
    const struct value *wanted = value_find_c(item, "fields");
    value_each (one, wanted)
        if (str_eq(one->text, field->name))
            return true;
    return value_is_empty(wanted);
}

static void put_list(struct arena *arena, const struct case_view *view,
                     const struct regime_field *field, const struct value *rows,
                     struct value *lists)
{
    size_t count = field->column_count < PAPER_COLUMNS_MAX ? field->column_count : PAPER_COLUMNS_MAX;
    struct value *list = value_append_map(arena, lists);
    struct str widths = S("");
    struct value *columns = value_put_list(arena, list, "columns");
    struct value *lines = value_put_list(arena, list, "rows");
    value_put_text(arena, list, "label", words_label(view->reader.lang, field->words));
    for (size_t i = 0; i < count; i++) {
        bool is_long = field->columns[i].kind == FIELD_LONGTEXT;
        widths = str_printf(arena, "%.*s%s", STR_ARG(widths), is_long ? "3 " : "1 ");
        value_append(columns, value_text(arena, words_label(view->reader.lang,
                                                            field->columns[i].words)));
    }
    value_put_text(arena, list, "widths", widths);
    value_each (row, rows) {
        struct value *cells = value_put_list(arena, value_append_map(arena, lines), "cells");
        for (size_t i = 0; i < count; i++)
            value_append(cells, value_text(arena, field_text(arena, view, &field->columns[i],
                                                             value_find(row, field->columns[i].name))));
    }
}

static void put_fields(struct arena *arena, const struct case_view *view, const struct value *item,
                       struct value *doc)
{
    const struct regime_procedure *procedure = view->engine->procedure;
    struct value *fields = value_put_map(arena, doc, "fields");
    struct value *facts = value_put_list(arena, doc, "facts");
    struct value *lists = value_put_list(arena, doc, "lists");
    for (size_t i = 0; i < procedure->field_count; i++) {
        const struct regime_field *field = &procedure->fields[i];
        const struct value *value = value_find(view->casefile->fields, field->name);
        if (value_is_empty(value))
            continue;
        if (field->kind == FIELD_LIST) {
            if (is_told(item, field) && field->column_count > 0)
                put_list(arena, view, field, value, lists);
            continue;
        }
        struct str text = field_text(arena, view, field, value);
        value_put(fields, field->name, value_text(arena, text));
        if (!is_told(item, field))
            continue;
        struct value *fact = value_append_map(arena, facts);
        value_put_text(arena, fact, "label", words_label(view->reader.lang, field->words));
        value_put_text(arena, fact, "text", text);
    }
}

static struct str long_day(struct arena *arena, struct instant at)
{
    struct civil day = day_civil(day_of_instant(at));
    return str_printf(arena, "%d年%d月%d日", day.year, day.month, day.day);
}

/* ---- who reviewed and signed ---- */

/* Marks made since the document went out the last time in this case. */
static int64_t issued_before(const struct casefile *casefile, struct str document, int64_t seq)
{
    int64_t last = 0;
    for (size_t i = 0; i < casefile->documents.len; i++)
        if (casefile->documents.at[i].seq < seq &&
            str_eq(casefile->documents.at[i].document, document))
            last = casefile->documents.at[i].seq;
    return last;
}

static struct str post_of(const struct case_view *view, struct str post)
{
    return str_is_empty(post)
               ? S("")
               : words_label(view->reader.lang, regime_post_words(view->engine->regime, post));
}

/* A command that takes a signature and also sets one leaves two marks of one hand: a paper names it once. */
static bool is_signed_twice(const struct casefile *casefile, size_t at)
{
    const struct casefile_mark *mark = &casefile->marks.at[at];
    for (size_t i = 0; i < at; i++) {
        const struct casefile_mark *before = &casefile->marks.at[i];
        if (before->type == EVENT_SIGNED && mark->type == EVENT_SIGNED &&
            before->at.ms == mark->at.ms && before->unit == mark->unit &&
            before->seal == mark->seal && str_eq(before->actor, mark->actor))
            return true;
    }
    return false;
}

static void put_marks(struct arena *arena, const struct case_view *view, int64_t since,
                      struct value *doc)
{
    struct value *reviewers = value_put_list(arena, doc, "reviewers");
    struct value *signers = value_put_list(arena, doc, "signers");
    for (size_t i = 0; i < view->casefile->marks.len; i++) {
        const struct casefile_mark *mark = &view->casefile->marks.at[i];
        bool is_opinion = mark->type == EVENT_OPINION_GIVEN;
        if (mark->seq <= since || (!is_opinion && mark->type != EVENT_SIGNED) ||
            is_signed_twice(view->casefile, i))
            continue;
        struct value *row = value_append_map(arena, is_opinion ? reviewers : signers);
        const struct world_unit *unit = world_find_unit(view->world, (struct unit_id){mark->unit});
        value_put_text(arena, row, "name", actor_name(arena, view, mark->actor));
        value_put_text(arena, row, "unit", unit == NULL ? S("") : unit->name);
        value_put_text(arena, row, "date", long_day(arena, mark->at));
        value_put_text(arena, row, "post", post_of(view, mark->post));
        value_put_bool(arena, row, "seal", mark->seal);
        if (!is_opinion)
            continue;
        value_put_text(arena, row, "verdict",
                       words_label(view->reader.lang,
                                   regime_flag_words(view->engine->regime, mark->what)));
        value_put_text(arena, row, "text", mark->text);
    }
    value_put_bool(arena, doc, "has_signers", signers->first != NULL);
    value_put_bool(arena, doc, "has_reviewers", reviewers->first != NULL);
}

/* The document that this one corrects, and what for. */
static void put_correction(struct arena *arena, const struct case_view *view,
                           const struct event *event, struct value *doc)
{
    const struct casefile_document *old =
        casefile_find_document(view->casefile, value_find_int(event->payload, "corrects", 0));
    if (old == NULL)
        return;
    struct value *corrects = value_put_map(arena, doc, "corrects");
    value_put_text(arena, corrects, "number", old->number);
    value_put_text(arena, corrects, "date", long_day(arena, old->at));
    value_put_text(arena, corrects, "reason", value_find_text(event->payload, "reason"));
}

static struct value *document_of(struct ctx *ctx, const struct case_view *view,
                                 const struct event *event, const struct value *item)
{
    struct arena *arena = ctx->arena;
    struct value *doc = value_map(arena);
    const struct value *payload = event->payload;
    struct str to = names_of(arena, view, value_find_c(payload, "to"), unit_name, S(""));
    struct str document = value_find_text(payload, "document");
    value_put_text(arena, doc, "label",
                   words_label(view->reader.lang,
                               regime_flag_words(view->engine->regime, document)));
    value_put_text(arena, doc, "procedure_label",
                   words_label(view->reader.lang, view->engine->procedure->words));
    value_put_text(arena, doc, "case_number", view->casefile->number);
    value_put_text(arena, doc, "issuer", issuer_of(view, event));
    value_put_text(arena, doc, "number", value_find_text(payload, "number"));
    value_put_text(arena, doc, "to",
                   names_of(arena, view, value_find_c(payload, "people"), person_name, to));
    value_put_text(arena, doc, "copies",
                   names_of(arena, view, value_find_c(payload, "copies"), unit_name, S("")));
    value_put_text(arena, doc, "date", long_day(arena, event->happened_at));
    value_put_text(arena, doc, "clause", event->clause);
    put_fields(arena, view, item, doc);
    issued_told_put(ctx, view, event, doc);
    if (view->notice != NULL)
        value_put(doc, S("notice"), value_copy(arena, view->notice));
    value_put_bool(arena, doc, "has_facts", !value_is_empty(value_find_c(doc, "facts")));
    put_marks(arena, view, issued_before(view->casefile, document, event->sequence), doc);
    put_correction(arena, view, event, doc);
    return doc;
}

/* ---- the template ---- */

static struct str path_of(struct arena *arena, struct str name)
{
    return str_printf(arena, "paper/%.*s.html", STR_ARG(name));
}

static struct str template_of(struct arena *arena, const struct furniture *furniture,
                              struct str document, const struct value *item)
{
    const struct str names[] = {value_find_text(item, "template"), document,
                                value_find_text(item, "form")};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (!str_is_empty(names[i]) && furniture_find(furniture, path_of(arena, names[i])) != NULL)
            return names[i];
    return S("letter");
}

enum status case_issued_markup(struct ctx *ctx, const struct furniture *furniture,
                               const struct case_view *view, const struct event *event,
                               struct str *out)
{
    struct str document = value_find_text(event->payload, "document");
    const struct value *item = regime_find_document(view->engine->regime, document);
    struct case_view told = *view;
    told.reader.now = (struct instant){0}; /* no year is "this year" on a paper that is filed */
    return paper_markup_write(ctx, furniture, template_of(ctx->arena, furniture, document, item),
                              document_of(ctx, &told, event, item), out);
}

/* What was kept, held against the hash of the event; nothing kept: written again, as it would be today. */
static enum status markup_of(struct ctx *ctx, struct db_conn *conn,
                             const struct furniture *furniture, const struct case_view *view,
                             const struct event *event, struct str *out)
{
    struct str sha256 = value_find_text(event->payload, "sha256");
    if (str_is_empty(sha256)) {
        struct case_view then = *view;
        then.casefile = fold_until(ctx, view, event->sequence);
        return case_issued_markup(ctx, furniture, &then, event, out);
    }
    enum status status = document_rows_get_paper(ctx, conn, sha256, out);
    if (status == ST_NOT_FOUND)
        return fail(ctx, ST_BROKEN, "document.paper_lost", ARGS(arg_text("hash", sha256)));
    TRY(status);
    struct digest digest = crypto_digest(CRYPTO_SHA256, *out);
    if (!str_eq(digest_format(ctx->arena, &digest), sha256))
        return fail(ctx, ST_BROKEN, "document.paper_changed", ARGS(arg_text("hash", sha256)));
    return ST_OK;
}

/* ---- a draft ---- */

/* What a command of the procedure issues under that id; null: none does. *out_row: that command. */
static const struct regime_effect *find_issue(const struct regime_procedure *procedure,
                                              struct str document,
                                              const struct regime_transition **out_row)
{
    for (size_t i = 0; i < procedure->transition_count; i++)
        for (size_t j = 0; j < procedure->transitions[i].then_count; j++) {
            const struct regime_effect *effect = &procedure->transitions[i].then[j];
            if (effect->kind != EFFECT_ISSUE || !str_eq(regime_issued_by(effect), document))
                continue;
            *out_row = &procedure->transitions[i];
            return effect;
        }
    return NULL;
}

/* The role whose unit would issue it: that of the pack, else the first that may give the command. */
static void put_draft_issuer(struct arena *arena, const struct casefile *casefile,
                             const struct value *item, const struct regime_transition *row,
                             struct value *payload)
{
    struct str name = value_find_text(item, "issuer");
    const struct casefile_role *role = casefile_find_role(casefile, name);
    for (size_t i = 0; role == NULL && i < row->by_count; i++)
        role = casefile_find_role(casefile, row->by[i].role);
    if (role != NULL && role->units.len > 0)
        value_put_text(arena, payload, "issuer",
                       str_printf(arena, "%lld", (long long)role->units.at[0]));
}

/* To whom it would go if it went out now. */
static void put_recipients(struct arena *arena, const struct casefile *casefile,
                           const struct value *roles, struct value *payload)
{
    value_each (holder, roles) {
        struct str name = str_part(holder->text, 0, str_find_char(holder->text, '.'));
        const struct casefile_role *role = casefile_find_role(casefile, name);
        bool lead_only = str_ends(holder->text, S(".lead"));
        for (size_t i = 0; role != NULL && i < role->units.len && (i == 0 || !lead_only); i++)
            value_append(value_list_at(arena, payload, "to"),
                         value_text(arena, str_printf(arena, "%lld", (long long)role->units.at[i])));
        for (size_t i = 0; role != NULL && i < role->people.len; i++)
            value_append(value_list_at(arena, payload, "people"),
                         value_text(arena, str_printf(arena, "%lld", (long long)role->people.at[i])));
    }
}

enum status case_issued_draft(struct ctx *ctx, const struct furniture *furniture,
                              const struct case_view *view, struct str document,
                              struct paper *out)
{
    struct arena *arena = ctx->arena;
    struct str markup;
    const struct value *item = regime_find_document(view->engine->regime, document);
    const struct regime_transition *row;
    const struct regime_effect *issue = find_issue(view->engine->procedure, document, &row);
    if (issue == NULL)
        return fail(ctx, ST_NOT_FOUND, "document.no_draft", ARGS(arg_text("document", document)));
    struct value *payload = value_map(arena);
    value_put_text(arena, payload, "document", document);
    if (issue->args->kind == VALUE_MAP) {
        put_recipients(arena, view->casefile, value_find_c(issue->args, "to"), payload);
        if (value_find_c(issue->args, "copies") != NULL)
            value_put(payload, S("copies"), value_copy(arena, value_find_c(issue->args, "copies")));
    }
    put_draft_issuer(arena, view->casefile, item, row, payload);
    const struct event event = {.sequence = view->casefile->version + 1,
                                .happened_at = ctx->now,
                                .actor = S("system"),
                                .type = EVENT_DOCUMENT_ISSUED,
                                .payload = payload,
                                .clause = issue->clause};
    TRY(case_issued_markup(ctx, furniture, view, &event, &markup));
    TRY(paper_read(ctx, markup, out));
    out->stamp = reader_sentence(arena, &view->reader, "document.draft_mark", NO_ARGS);
    return ST_OK;
}

enum status case_issued_paper(struct ctx *ctx, struct db_conn *conn,
                              const struct furniture *furniture, const struct case_view *view,
                              int64_t sequence, struct paper *out)
{
    struct arena *arena = ctx->arena;
    struct str hash, markup;
    const struct event *event = find_event(view, sequence, &hash);
    if (event == NULL)
        return fail(ctx, ST_NOT_FOUND, "document.unknown", ARGS(arg_int("number", sequence)));
    TRY(markup_of(ctx, conn, furniture, view, event, &markup));
    TRY(paper_read(ctx, markup, out));
    struct str sha256 = value_find_text(event->payload, "sha256");
    out->made = instant_format(arena, event->happened_at);
    out->check_text = str_part(str_is_empty(sha256) ? hash : sha256, 0, PAPER_HASH_SHOWN);
    out->check_url = str_printf(arena, "%.*s %" PRId64 " %.*s",
                                STR_ARG(casefile_ref_format(arena, view->casefile->prefecture,
                                                            view->casefile->id)),
                                sequence, STR_ARG(hash));
    return ST_OK;
}
