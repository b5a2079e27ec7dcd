/*
 * Documents: the effect that issues one, and the acts that follow by those whom it concerns. A recipient
 * opens it and signs for it, whoever issued it voids or corrects it. Nothing is ever taken back: a number once
 * given stays in the register with what became of it.
 */
#include "base/num.h"
#include "engine/decide_int.h"

static struct arena *arena_of(const struct trial *trial)
{
    return trial->ctx->arena;
}

/* ---- issuing ---- */

enum status effect_issue(struct trial *trial, const struct value *args)
{
    struct arena *arena = arena_of(trial);
    struct value *payload = value_map(arena);
    bool bare = args->kind == VALUE_TEXT;
    value_put_text(arena, payload, "document",
                   bare ? args->text : value_find_text(args, "document"));
    (void)value_put_list(arena, payload, "to");
    const struct value *roles = bare ? NULL : value_find_c(args, "to");
    names_each (holder, roles) {
        const struct value *holders = trial_holders_of(trial, holder->text);
        bool people = holder_is_person(trial, holder->text);
        value_each (one, holders)
            value_append(value_list_at(arena, payload, people ? "people" : "to"),
                         value_text(arena, one->text));
    }
    const struct value *copies = bare ? NULL : value_find_c(args, "copies");
    names_each (copy, copies)
        value_append(value_list_at(arena, payload, "copies"), value_text(arena, copy->text));
    trial_emit(trial, EVENT_DOCUMENT_ISSUED, payload, (struct str){0});
    return ST_OK;
}

/* ---- what follows ---- */

static enum status refuse(struct trial *trial, enum status status, const char *key,
                          const char *code)
{
    struct reason reason = reason_make(key, NO_ARGS);
    reason.field = S("document");
    reason.code = code;
    return fail_reason(trial->ctx, status, reason);
}

static int64_t named_document(const struct value *input)
{
    const struct value *named = value_find_c(input, "document");
    int64_t seq = 0;
    if (named != NULL && named->kind == VALUE_TEXT)
        (void)num_parse_i64(named->text, 1, INT64_MAX, &seq);
    return named != NULL && named->kind == VALUE_INT ? named->number : seq;
}

/* It stands: neither voided nor replaced by a correction. */
static enum status take_document(struct trial *trial, const struct value *input,
                                 const struct casefile_document **out)
{
    *out = casefile_find_document(trial->before, named_document(input));
    if (*out == NULL)
        return refuse(trial, ST_INVALID, "document.unknown_here", "unknown_document");
    if ((*out)->voided_seq != 0)
        return refuse(trial, ST_CONFLICT, "document.voided", "state");
    if ((*out)->corrected_by != 0)
        return refuse(trial, ST_CONFLICT, "document.corrected", "state");
    return ST_OK;
}

/* The receipt that is theirs to give: as somebody of a unit, or as who is named. */
static const struct casefile_receipt *receipt_of(struct trial *trial,
                                                 const struct casefile_document *document)
{
    const struct actor *actor = trial->actor;
    for (size_t i = 0; i < document->receipts.len; i++) {
        const struct casefile_receipt *receipt = &document->receipts.at[i];
        for (size_t j = 0; j < actor->post_count; j++) {
            bool theirs = receipt->unit != 0 ? actor->posts[j].unit.v == receipt->unit
                                             : actor->person.v == receipt->person;
            if (!theirs)
                continue;
            trial->post = &actor->posts[j];
            return receipt;
        }
    }
    return NULL;
}

static enum status deliver(struct trial *trial, const struct value *input, bool received)
{
    struct arena *arena = arena_of(trial);
    const struct casefile_document *document;
    TRY(take_document(trial, input, &document));
    const struct casefile_receipt *receipt = receipt_of(trial, document);
    if (receipt == NULL)
        return refuse(trial, ST_DENIED, "document.not_to_you", "denied");
    if (!instant_is_none(received ? receipt->received_at : receipt->opened_at))
        return refuse(trial, ST_CONFLICT, received ? "document.received_already" : "document.opened_already", "state");
    struct value *payload = value_map(arena);
    value_put_int(arena, payload, "document", document->seq);
    value_put(payload, receipt->unit != 0 ? S("to") : S("person"),
              id_text(arena, receipt->unit != 0 ? receipt->unit : receipt->person));
    value_put_text(arena, payload, "how", received ? S("received") : S("opened"));
    trial_emit(trial, EVENT_DELIVERED, payload, document->clause);
    return ST_OK;
}

enum status decide_open_document(struct trial *trial, const struct value *input)
{
    return deliver(trial, input, false);
}

enum status decide_receive_document(struct trial *trial, const struct value *input)
{
    return deliver(trial, input, true);
}

/* Somebody of the unit that issued it; of what went out in the campaign's name, who gave the command. */
static bool is_issuer(struct trial *trial, const struct casefile_document *document)
{
    const struct actor *actor = trial->actor;
    int64_t person = 0;
    (void)num_parse_i64(str_part(document->actor, 0, str_find_char(document->actor, '/')), 1,
                        INT64_MAX, &person);
    for (size_t i = 0; i < actor->post_count; i++) {
        bool theirs = document->issuer != 0 ? actor->posts[i].unit.v == document->issuer
                                            : actor->person.v == person;
        if (!theirs)
            continue;
        trial->post = &actor->posts[i];
        return true;
    }
    return false;
}

static enum status take_own(struct trial *trial, const struct value *input,
                            const struct casefile_document **out, struct str *out_reason)
{
    TRY(take_document(trial, input, out));
    if (!is_issuer(trial, *out))
        return refuse(trial, ST_DENIED, "document.not_yours", "denied");
    *out_reason = str_trim(value_find_text(input, "reason"));
    if (!str_is_empty(*out_reason))
        return ST_OK;
    struct reason reason = reason_make("engine.missing", ARGS(arg_c("field", "reason")));
    reason.field = S("reason");
    reason.code = "missing";
    return fail_reason(trial->ctx, ST_INVALID, reason);
}

enum status decide_void_document(struct trial *trial, const struct value *input)
{
    struct arena *arena = arena_of(trial);
    const struct casefile_document *document;
    struct str reason;
    TRY(take_own(trial, input, &document, &reason));
    struct value *payload = value_map(arena);
    value_put_int(arena, payload, "voids", document->seq);
    value_put_text(arena, payload, "reason", reason);
    trial_emit(trial, EVENT_NOTED, payload, document->clause);
    return ST_OK;
}

/* To the same recipients, with the case as it stands now; it takes a number of its own. */
enum status decide_correct_document(struct trial *trial, const struct value *input)
{
    struct arena *arena = arena_of(trial);
    const struct casefile_document *document;
    struct str reason;
    TRY(take_own(trial, input, &document, &reason));
    struct value *payload = value_map(arena);
    value_put_text(arena, payload, "document", document->document);
    (void)value_put_list(arena, payload, "to");
    for (size_t i = 0; i < document->receipts.len; i++) {
        const struct casefile_receipt *receipt = &document->receipts.at[i];
        value_append(value_list_at(arena, payload, receipt->unit != 0 ? "to" : "people"),
                     id_text(arena, receipt->unit != 0 ? receipt->unit : receipt->person));
    }
    if (document->copies != NULL)
        value_put(payload, S("copies"), value_copy(arena, document->copies));
    if (document->issuer != 0)
        value_put(payload, S("issuer"), id_text(arena, document->issuer));
    value_put_int(arena, payload, "corrects", document->seq);
    value_put_text(arena, payload, "reason", reason);
    trial_emit(trial, EVENT_DOCUMENT_ISSUED, payload, document->clause);
    return ST_OK;
}

enum status document_check_scan(struct trial *trial, const struct value *input)
{
    if (value_find_c(input, "document") == NULL ||
        casefile_find_document(trial->before, named_document(input)) != NULL)
        return ST_OK;
    return refuse(trial, ST_INVALID, "document.unknown_here", "unknown_document");
}
