/*
 * What becomes of a document after it was issued: who opened it, who signed for it, that it was voided or
 * corrected, that a sealed copy of it lies in the case.
 */
#include "base/num.h"
#include "engine/engine_int.h"

static int64_t id_of(const struct value *text)
{
    int64_t id;
    bool ok = text != NULL && text->kind == VALUE_TEXT && num_parse_i64(text->text, 1, INT64_MAX, &id);
    return ok ? id : 0;
}

static struct casefile_document *document_at(struct casefile *casefile, int64_t seq)
{
    for (size_t i = 0; i < casefile->documents.len; i++)
        if (casefile->documents.at[i].seq == seq)
            return &casefile->documents.at[i];
    return NULL;
}

static void add_receipts(struct arena *arena, struct casefile_document *document,
                         const struct value *holders, bool people)
{
    value_each (holder, holders) {
        int64_t id = id_of(holder);
        bool known = id == 0;
        for (size_t i = 0; i < document->receipts.len; i++)
            known = known || id == (people ? document->receipts.at[i].person
                                           : document->receipts.at[i].unit);
        if (!known)
            vec_add(arena, &document->receipts,
                    ((struct casefile_receipt){.unit = people ? 0 : id,
                                               .person = people ? id : 0,
                                               .opened_at = INSTANT_NONE,
                                               .received_at = INSTANT_NONE}));
    }
}

void evolve_issued(struct arena *arena, struct casefile *casefile, const struct event *event)
{
    const struct value *payload = event->payload;
    const struct value *copies = value_find_c(payload, "copies");
    struct casefile_document document = {
        .document = str_copy(arena, value_find_text(payload, "document")),
        .number = str_copy(arena, value_find_text(payload, "number")),
        .issuer = id_of(value_find_c(payload, "issuer")),
        .sha256 = str_copy(arena, value_find_text(payload, "sha256")),
        .actor = str_copy(arena, event->actor),
        .clause = str_copy(arena, event->clause),
        .copies = copies == NULL ? NULL : value_copy(arena, copies),
        .seq = event->sequence,
        .at = event->happened_at,
        .corrects = value_find_int(payload, "corrects", 0),
        .voided_at = INSTANT_NONE,
        .reason = str_copy(arena, value_find_text(payload, "reason")),
    };
    add_receipts(arena, &document, value_find_c(payload, "to"), false);
    add_receipts(arena, &document, value_find_c(payload, "people"), true);
    struct casefile_document *corrected = document_at(casefile, document.corrects);
    if (corrected != NULL)
        corrected->corrected_by = document.seq;
    vec_add(arena, &casefile->documents, document);
    casefile->documents_seq = event->sequence;
}

void evolve_delivered(struct arena *arena, struct casefile *casefile, const struct event *event)
{
    const struct value *payload = event->payload;
    struct casefile_document *document =
        document_at(casefile, value_find_int(payload, "document", 0));
    int64_t unit = id_of(value_find_c(payload, "to")), person = id_of(value_find_c(payload, "person"));
    casefile->documents_seq = event->sequence;
    bool signed_for = str_eq_c(value_find_text(payload, "how"), "received");
    for (size_t i = 0; document != NULL && i < document->receipts.len; i++) {
        struct casefile_receipt *receipt = &document->receipts.at[i];
        if (receipt->unit != unit || receipt->person != person)
            continue;
        if (instant_is_none(receipt->opened_at)) { /* to sign for it is to have seen it */
            receipt->opened_at = event->happened_at;
            receipt->opened_by = str_copy(arena, event->actor);
        }
        if (signed_for) {
            receipt->received_at = event->happened_at;
            receipt->received_by = str_copy(arena, event->actor);
        }
    }
}

void evolve_voided(struct arena *arena, struct casefile *casefile, const struct event *event)
{
    struct casefile_document *document =
        document_at(casefile, value_find_int(event->payload, "voids", 0));
    if (document == NULL)
        return;
    casefile->documents_seq = event->sequence;
    document->voided_seq = event->sequence;
    document->voided_at = event->happened_at;
    document->reason = str_copy(arena, value_find_text(event->payload, "reason"));
}

void evolve_scanned(struct casefile *casefile, const struct event *event)
{
    struct casefile_document *document =
        document_at(casefile, value_find_int(event->payload, "document", 0));
    if (document == NULL)
        return;
    casefile->documents_seq = event->sequence;
    document->scans++;
}
