/*
 * What a case has issued, and what it would issue from here.
 */
#include "base/num.h"
#include "services/case_document.h"
#include "services/document_words.h"

static void put_receipts(struct arena *arena, const struct case_view *view,
                         const struct casefile_document *document, struct value *row)
{
    struct value *to = value_put_list(arena, row, "to");
    struct value *receipts = value_put_list(arena, row, "receipts");
    bool may_open = false, may_receive = false;
    bool stands = document->voided_seq == 0 && document->corrected_by == 0;
    for (size_t i = 0; i < document->receipts.len; i++) {
        const struct casefile_receipt *receipt = &document->receipts.at[i];
        struct str name = document_holder(view->world, receipt->unit, receipt->person);
        struct value *line = value_append_map(arena, receipts);
        value_append(to, value_text(arena, name));
        value_put_text(arena, line, "name", name);
        document_put_time(arena, &view->reader, line, "opened", receipt->opened_at);
        document_put_time(arena, &view->reader, line, "received", receipt->received_at);
        if (!instant_is_none(receipt->opened_at))
            value_put_text(arena, line, "opened_by", actor_name(arena, view, receipt->opened_by));
        if (!instant_is_none(receipt->received_at))
            value_put_text(arena, line, "received_by",
                           actor_name(arena, view, receipt->received_by));
        if (!stands || !document_is_of(view->actor, receipt->unit, receipt->person))
            continue;
        may_open = may_open || instant_is_none(receipt->opened_at);
        may_receive = may_receive || instant_is_none(receipt->received_at);
    }
    value_put_bool(arena, row, "may_open", may_open);
    value_put_bool(arena, row, "may_receive", may_receive);
    value_put_bool(arena, row, "stands", stands);
}

static void put_scans(struct arena *arena, const struct case_view *view, int64_t seq,
                      struct value *row)
{
    struct value *scans = value_put_list(arena, row, "scans");
    for (size_t i = 0; i < view->casefile->evidence.len; i++) {
        const struct casefile_evidence *evidence = &view->casefile->evidence.at[i];
        if (evidence->document != seq)
            continue;
        struct value *line = value_append_map(arena, scans);
        value_put_text(arena, line, "name", evidence->name);
        value_put_text(arena, line, "url",
                       str_printf(arena, "/api/v1/evidence/%lld", (long long)evidence->id.v));
        value_put_text(arena, line, "added_text",
                       reader_time(arena, &view->reader, evidence->added_at));
    }
}

static struct str number_of(const struct casefile *casefile, int64_t seq)
{
    const struct casefile_document *document = casefile_find_document(casefile, seq);
    return document == NULL ? S("") : document->number;
}

static bool may_change(const struct case_view *view, const struct casefile_document *document)
{
    int64_t person = 0;
    (void)num_parse_i64(str_part(document->actor, 0, str_find_char(document->actor, '/')), 1,
                        INT64_MAX, &person);
    return document->voided_seq == 0 && document->corrected_by == 0 &&
           document_is_of(view->actor, document->issuer, person);
}

static void put_document(struct arena *arena, const struct case_view *view, struct str ref,
                         const struct casefile_document *document, struct value *row)
{
    const struct regime *regime = view->engine->regime;
    struct words words = regime_flag_words(regime, document->document);
    value_put_int(arena, row, "sequence", document->seq);
    value_put_text(arena, row, "document", document->document);
    value_put_text(arena, row, "label", words_label(view->reader.lang, words));
    value_put_text(arena, row, "number", document->number);
    value_put_text(arena, row, "id", str_printf(arena, "%.*s-%lld", STR_ARG(ref), (long long)document->seq));
    value_put_text(arena, row, "url", document_url(arena, ref, document->seq));
    value_put_text(arena, row, "command_url",
                   str_printf(arena, "/cases/%.*s/commands", STR_ARG(ref)));
    document_put_hash(arena, row, document->sha256);
    if (!str_is_empty(document->sha256))
        value_put_text(arena, row, "check_url",
                       str_printf(arena, "/cases/%.*s/documents/%lld/check", STR_ARG(ref),
                                  (long long)document->seq));
    value_put_text(arena, row, "issuer_label",
                   document->issuer != 0 ? document_unit(view->world, document->issuer)
                                         : words_label(view->reader.lang, regime->title));
    document_put_time(arena, &view->reader, row, "issued", document->at);
    document_put_state(arena, &view->reader, row, document->voided_seq != 0, document->corrected_by != 0);
    value_put_text(arena, row, "reason", document->reason);
    value_put_text(arena, row, "corrects_number", number_of(view->casefile, document->corrects));
    value_put_text(arena, row, "corrected_number",
                   number_of(view->casefile, document->corrected_by));
    put_receipts(arena, view, document, row);
    put_scans(arena, view, document->seq, row);
    value_put_bool(arena, row, "may_change", may_change(view, document));
}

static void put_draft(struct arena *arena, const struct case_view *view, struct str ref,
                      struct str document, struct value *drafts)
{
    value_each (known, drafts)
        if (str_eq(value_find_text(known, "document"), document))
            return;
    struct value *row = value_append_map(arena, drafts);
    value_put_text(arena, row, "document", document);
    value_put_text(arena, row, "label",
                   words_label(view->reader.lang,
                               regime_flag_words(view->engine->regime, document)));
    value_put_text(arena, row, "url",
                   str_printf(arena, "/api/v1/cases/%.*s/drafts/%.*s", STR_ARG(ref),
                              STR_ARG(document)));
}

static bool leaves(const struct regime_transition *transition, struct str state)
{
    for (size_t i = 0; i < transition->from_count; i++)
        if (str_eq(transition->from[i]->name, state))
            return true;
    return false;
}

void put_documents(struct arena *arena, const struct case_view *view, struct value *doc)
{
    struct value *list = value_put_list(arena, doc, "documents");
    struct value *drafts = value_put_list(arena, doc, "drafts");
    struct str ref = casefile_ref_format(arena, view->casefile->prefecture, view->casefile->id);
    const struct regime_procedure *procedure = view->engine->procedure;
    for (size_t i = 0; i < view->casefile->documents.len; i++)
        put_document(arena, view, ref, &view->casefile->documents.at[i],
                     value_append_map(arena, list));
    for (size_t i = 0; i < procedure->transition_count; i++) {
        const struct regime_transition *row = &procedure->transitions[i];
        for (size_t j = 0; leaves(row, view->casefile->state) && j < row->then_count; j++)
            if (row->then[j].kind == EFFECT_ISSUE)
                put_draft(arena, view, ref, regime_issued_by(&row->then[j]), drafts);
    }
}
