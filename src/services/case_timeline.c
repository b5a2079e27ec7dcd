/*
 * How a case came about: the ledger's entries as a reader sees them, and as the API gives them.
 */
#include "services/case_document.h"


static struct str command_label(struct arena *arena, const struct case_view *view,
                                struct str command)
{
    const struct regime_procedure *procedure = view->engine->procedure;
    for (size_t i = 0; i < procedure->transition_count; i++)
        if (str_eq(procedure->transitions[i].name, command))
            return words_label(view->reader.lang, procedure->transitions[i].words);
    struct str key = str_concat(arena, S("command."), command); /* i18n: command.* */
    struct str found = words_find(view->reader.words, view->reader.lang, key);
    return str_is_empty(found) ? command : found;
}

static struct str state_label(const struct case_view *view, struct str state)
{
    const struct regime_state *found = procedure_find_state(view->engine->procedure, state);
    return found == NULL ? state : words_label(view->reader.lang, found->words);
}

static struct str clock_label(const struct case_view *view, struct str clock)
{
    const struct regime_deadline *found = procedure_find_deadline(view->engine->procedure, clock);
    return found == NULL ? clock : words_label(view->reader.lang, found->words);
}

/* "finding, measures": labels of what was set. */
static struct str set_labels(struct arena *arena, const struct case_view *view,
                             const struct value *fields)
{
    struct str all = S("");
    value_each (field, fields) {
        const struct regime_field *known = procedure_find_field(view->engine->procedure, field->key);
        struct str label = known == NULL ? field->key : words_label(view->reader.lang, known->words);
        all = str_printf(arena, "%.*s%s%.*s", STR_ARG(all),
                         all.len == 0 ? "" : view->reader.lang == LANG_ZH ? "、" : ", ",
                         STR_ARG(label));
    }
    return all;
}

static struct str sentence_with(struct arena *arena, const struct case_view *view, const char *key,
                                struct str what, struct str more)
{
    return reader_sentence(arena, &view->reader, key,
                           ARGS(arg_text("what", what), arg_text("more", more)));
}

static struct str flag_label(const struct case_view *view, struct str flag)
{
    return words_label(view->reader.lang, regime_flag_words(view->engine->regime, flag));
}

/* "督办函 冀环督函〔2026〕3号" */
static struct str document_label(struct arena *arena, const struct case_view *view,
                                 struct str document, struct str number)
{
    struct str label = flag_label(view, document);
    return str_is_empty(number) ? label
                                : str_printf(arena, "%.*s %.*s", STR_ARG(label), STR_ARG(number));
}

static struct str label_of_issued(struct arena *arena, const struct case_view *view, int64_t seq)
{
    const struct casefile_document *document = casefile_find_document(view->casefile, seq);
    return document == NULL ? S("")
                            : document_label(arena, view, document->document, document->number);
}

struct summary {
    const char *sentence; /* i18n: timeline.* */
    struct str what, more;
};

/* What became of a document. false: the event tells of something else. */
static bool tell_document(struct arena *arena, const struct case_view *view,
                          const struct event *event, struct summary *out)
{
    const struct value *payload = event->payload;
    int64_t voided = event->type == EVENT_NOTED ? value_find_int(payload, "voids", 0) : 0;
    if (event->type == EVENT_DOCUMENT_ISSUED) {
        out->what = document_label(arena, view, value_find_text(payload, "document"),
                                   value_find_text(payload, "number"));
        out->more = value_find_text(payload, "reason");
        if (value_find_int(payload, "corrects", 0) != 0)
            out->sentence = "timeline.document_corrected";
    } else if (event->type == EVENT_DELIVERED) {
        out->what = label_of_issued(arena, view, value_find_int(payload, "document", 0));
        if (str_eq_c(value_find_text(payload, "how"), "opened"))
            out->sentence = "timeline.document_opened";
    } else if (voided != 0) {
        out->what = label_of_issued(arena, view, voided);
        out->more = value_find_text(payload, "reason");
        out->sentence = "timeline.document_voided";
    } else {
        return false;
    }
    return true;
}

static void tell_other(struct arena *arena, const struct case_view *view, const struct event *event,
                       struct summary *out)
{
    const struct value *payload = event->payload;
    if (event->type == EVENT_MOVED) {
        out->what = state_label(view, value_find_text(payload, "to"));
        out->more = state_label(view, value_find_text(payload, "from"));
    } else if (event->type == EVENT_FIELD_SET) {
        out->what = set_labels(arena, view, value_find_c(payload, "fields"));
    } else if (event->type == EVENT_ROLE_SET) {
        out->what = words_label(view->reader.lang,
                                engine_role_words(view->engine, value_find_text(payload, "role")));
    } else if (event->type == EVENT_EVIDENCE_ADDED) {
        out->what = value_find_text(payload, "name");
        out->more = value_find_text(payload, "kind");
    } else if (event->type == EVENT_FLAGGED) {
        out->what = flag_label(view, value_find_text(payload, "flag"));
        if (!value_find_bool(payload, "on"))
            out->sentence = "timeline.unflagged";
    } else if (!str_is_empty(value_find_text(payload, "clock"))) {
        out->what = clock_label(view, value_find_text(payload, "clock"));
    } else if (event->type == EVENT_CONFIRMED) {
        out->what = flag_label(view, value_find_text(payload, "what"));
    } else if (event->type == EVENT_OPINION_GIVEN) {
        out->what = flag_label(view, value_find_text(payload, "verdict"));
        out->more = value_find_text(payload, "text");
    } else if (event->type == EVENT_NOTED && value_find_c(payload, "unsealed") != NULL) {
        out->what = value_find_text(payload, "reason");
        out->sentence = "timeline.sealed_opened";
    } else if (event->type == EVENT_NOTED) {
        out->what = value_find_text(payload, "text");
        if (str_is_empty(out->what))
            out->what = flag_label(view, value_find_text(payload, "what"));
        if (str_is_empty(out->what))
            out->sentence = "timeline.done";
    } else if (event->type == EVENT_MEASURE_PROPOSED || event->type == EVENT_MEASURE_CONFIRMED ||
               event->type == EVENT_MEASURE_HELD) {
        out->what = flag_label(view, value_find_text(payload, "step"));
        out->more = value_find_text(payload, "reason");
        if (value_find_bool(payload, "gone"))
            out->sentence = "timeline.measure_gone";
    } else if (event->type == EVENT_WITHDRAWN) {
        out->what = value_find_text(payload, "reason");
    } else if (event->type == EVENT_LINKED || event->type == EVENT_UNLINKED) {
        out->what = value_find_text(payload, "case");
        out->more = value_find_text(payload, "kind");
    }
}

static struct str summary_of(struct arena *arena, const struct case_view *view,
                             const struct event *event)
{
    struct str key = str_concat(arena, S("timeline."), event_type_name(event->type));
    struct summary told = {str_c(arena, key), S(""), S("")};
    if (!tell_document(arena, view, event, &told))
        tell_other(arena, view, event, &told);
    return sentence_with(arena, view, told.sentence, told.what, told.more);
}

/* What the form said beyond fields: shown under the entry. */
static void put_answers(struct arena *arena, const struct case_view *view,
                        const struct event *event, struct value *row)
{
    const struct value *input = value_find_c(event->payload, "input");
    const struct regime_procedure *procedure = view->engine->procedure;
    struct value *answers = value_put_list(arena, row, "answers");
    value_each (answer, input) {
        struct words words = {answer->key, answer->key};
        const struct regime_field *field = NULL;
        for (size_t i = 0; i < procedure->transition_count && field == NULL; i++)
            if (str_eq(procedure->transitions[i].name, event->command))
                field = transition_find_ask(&procedure->transitions[i], answer->key);
        if (field == NULL)
            continue;
        words = field->words;
        struct value *line = value_append_map(arena, answers);
        value_put_text(arena, line, "label", words_label(view->reader.lang, words));
        value_put_text(arena, line, "text", field_text(arena, view, field, answer));
    }
}

void put_timeline(struct ctx *ctx, const struct case_view *view, struct value *doc)
{
    struct arena *arena = ctx->arena;
    struct value *list = value_put_list(arena, doc, "timeline");
    for (size_t i = view->events->len; i > 0; i--) {
        const struct ledger_row *entry = &view->events->at[i - 1];
        const struct event *event = &entry->event;
        struct value *row = value_append_map(arena, list);
        value_put_int(arena, row, "seq", event->sequence);
        value_put_text(arena, row, "time_text", reader_time(arena, &view->reader, event->happened_at));
        value_put_text(arena, row, "recorded_text",
                       reader_time(arena, &view->reader, event->recorded_at));
        value_put_bool(arena, row, "recorded_later",
                       event->recorded_at.ms - event->happened_at.ms > MS_PER_MINUTE);
        value_put_text(arena, row, "actor_name", actor_name(arena, view, event->actor));
        value_put_text(arena, row, "command", event->command);
        value_put_text(arena, row, "command_label", command_label(arena, view, event->command));
        value_put_text(arena, row, "type", event_type_name(event->type));
        value_put_text(arena, row, "summary", summary_of(arena, view, event));
        value_put_text(arena, row, "clause", event->clause);
        value_put_text(arena, row, "hash", entry->hash);
        value_put_bool(arena, row, "late", event->type == EVENT_CLOCK_LAPSED);
        put_answers(arena, view, event, row);
    }
}

static struct value *actor_document(struct arena *arena, const struct case_view *view,
                                    struct str actor)
{
    struct value *out = value_map(arena);
    size_t slash = str_find_char(actor, '/');
    value_put_text(arena, out, "id", str_part(actor, 0, slash));
    value_put_text(arena, out, "name", actor_name(arena, view, actor));
    value_put_text(arena, out, "post", slash == SIZE_MAX ? S("") : str_from(actor, slash + 1));
    return out;
}

struct value *case_events_document(struct ctx *ctx, const struct case_view *view)
{
    struct arena *arena = ctx->arena;
    struct value *doc = value_map(arena);
    struct str id = casefile_ref_format(arena, view->casefile->prefecture, view->casefile->id);
    value_put_text(arena, doc, "number", view->casefile->number);
    value_put_text(arena, doc, "case_url", str_concat(arena, S("/cases/"), id));
    struct value *items = value_put_list(arena, doc, "items");
    for (size_t i = 0; i < view->events->len; i++) {
        const struct ledger_row *entry = &view->events->at[i];
        const struct event *event = &entry->event;
        struct value *row = value_append_map(arena, items);
        value_put_text(arena, row, "case",
                       casefile_ref_format(arena, event->prefecture, event->casefile));
        value_put_int(arena, row, "sequence", event->sequence);
        value_put_text(arena, row, "type", event_type_name(event->type));
        value_put_text(arena, row, "command", event->command);
        value_put(row, S("actor"), actor_document(arena, view, event->actor));
        value_put_text(arena, row, "recorded_at", instant_format(arena, event->recorded_at));
        value_put_text(arena, row, "happened_at", instant_format(arena, event->happened_at));
        value_put_text(arena, row, "clause", event->clause);
        value_put(row, S("payload"), value_copy(arena, event->payload));
        value_put_text(arena, row, "prev", entry->prev);
        value_put_text(arena, row, "hash", entry->hash);
    }
    return doc;
}
