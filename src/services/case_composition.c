/*
 * Who is in a body and what it still lacks, as its readers see it before anybody tries to activate it.
 */
#include <inttypes.h>

#include "engine/body.h"
#include "services/case_document.h"

static struct str choice_label(const struct case_view *view, const struct body_finding *finding,
                               struct str code)
{
    const struct regime_body *body = finding->body;
    const struct regime_field *fields =
        body->list == NULL ? body->procedure->fields : body->list->columns;
    size_t count = body->list == NULL ? body->procedure->field_count : body->list->column_count;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; str_eq(fields[i].name, body->seat) && j < fields[i].choice_count; j++)
            if (str_eq(fields[i].choices[j].code, code))
                return words_label(view->reader.lang, fields[i].choices[j].words);
    return code;
}

/* The unit that a member comes from: the one named, else that of the first post still held. */
static struct str unit_label(const struct case_view *view, const struct body_member *member)
{
    const struct unit_facts *unit = NULL;
    for (size_t i = 0; i < member->facts.post_count; i++) {
        const struct person_post *post = &member->facts.posts[i];
        if (member->unit.v == 0 ? unit == NULL && day_is_none(post->to)
                                : post->unit->id.v == member->unit.v)
            unit = post->unit;
    }
    return unit == NULL ? (struct str){0} : words_label(view->reader.lang, unit->name);
}

static void put_members(struct arena *arena, const struct case_view *view,
                        const struct body_finding *finding, struct value *row)
{
    struct value *members = value_put_list(arena, row, "members");
    for (size_t i = 0; i < finding->members.len; i++) {
        const struct body_member *member = &finding->members.at[i];
        struct value *one = value_append_map(arena, members);
        value_put_text(arena, one, "person",
                       str_printf(arena, "%" PRId64, member->facts.id.v));
        value_put_text(arena, one, "name", member->facts.name);
        value_put_text(arena, one, "seat", member->seat);
        value_put_text(arena, one, "seat_label", choice_label(view, finding, member->seat));
        value_put_text(arena, one, "unit_label", unit_label(view, member));
        value_put_text(arena, one, "rank", member->rank);
        value_put_text(arena, one, "rank_label",
                       words_label(view->reader.lang,
                                   regime_rank_words(view->engine->regime, member->rank)));
    }
}

static void put_objection(struct arena *arena, const struct case_view *view,
                          const struct body_finding *finding,
                          const struct body_objection *objection, struct value *row)
{
    const struct reason reason = body_reason(view->engine, finding->body, objection);
    const struct words_book *words = view->reader.words;
    value_put_text(arena, row, "rule", objection->rule->id);
    value_put_text(arena, row, "person",
                   objection->member == NULL
                       ? S("")
                       : str_printf(arena, "%" PRId64, objection->member->facts.id.v));
    value_put_text(arena, row, "text", words_reason(arena, words, view->reader.lang, &reason));
    value_put_text(arena, row, "clause", reason.clause);
    value_put_bool(arena, row, "lifted", objection->lifted);
    value_put_text(arena, row, "needs",
                   objection->lifted ? S("")
                                     : words_needs(arena, words, view->reader.lang, &reason));
}

/* Several bodies of a case have the same members: the one that knows their seats shows them. */
static size_t teller_of(const struct body_finding_list *findings)
{
    for (size_t i = 0; i < findings->len; i++)
        if (!str_is_empty(findings->at[i].body->seat))
            return i;
    return 0;
}

enum status put_composition(struct ctx *ctx, const struct case_view *view, struct value *doc)
{
    struct arena *arena = ctx->arena;
    struct body_finding_list findings;
    struct value *composition = value_put_list(arena, doc, "composition");
    TRY(engine_check_bodies(ctx, view->engine, view->casefile, &findings));
    for (size_t i = 0; i < findings.len; i++) {
        const struct body_finding *finding = &findings.at[i];
        struct value *row = value_append_map(arena, composition);
        value_put_text(arena, row, "body", finding->body->id);
        value_put_text(arena, row, "label",
                       words_label(view->reader.lang, finding->body->words));
        value_put_text(arena, row, "clause", finding->body->clause);
        value_put_bool(arena, row, "complete", finding->open == 0);
        value_put_int(arena, row, "open", (int64_t)finding->open);
        value_put_bool(arena, row, "tells_members", i == teller_of(&findings));
        put_members(arena, view, finding, row);
        struct value *objections = value_put_list(arena, row, "objections");
        for (size_t j = 0; j < finding->objections.len; j++)
            put_objection(arena, view, finding, &finding->objections.at[j],
                          value_append_map(arena, objections));
    }
    return ST_OK;
}
