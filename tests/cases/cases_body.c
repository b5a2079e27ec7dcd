/*
 * Bodies in examples: the same findings that the page of the case shows.
 */
#include "cases_body.h"

#include "base/num.h"
#include "engine/body.h"

bool cases_body_knows(struct str what)
{
    return str_eq_c(what, "objection") || str_eq_c(what, "lifted") || str_eq_c(what, "body");
}

/* Without a person, an objection to the whole body is meant. */
static const struct body_objection *find(const struct body_finding *finding, struct str rule,
                                         int64_t person)
{
    for (size_t i = 0; i < finding->objections.len; i++) {
        const struct body_objection *one = &finding->objections.at[i];
        if (str_eq(one->rule->id, rule) &&
            (one->member == NULL ? person == 0 : one->member->facts.id.v == person))
            return one;
    }
    return NULL;
}

struct str cases_body_expect(struct ctx *ctx, const struct engine *engine,
                             const struct casefile *casefile, const struct str *words,
                             size_t count, bool negative)
{
    struct body_finding_list findings;
    int64_t person = 0;
    bool of_body = str_eq_c(words[0], "body");
    if (count < (of_body ? 2 : 3) || (count > 3 && !num_parse_i64(words[3], 1, INT64_MAX, &person)))
        return S("malformed");
    if (engine_check_bodies(ctx, engine, casefile, &findings) != ST_OK)
        return S("not told");
    for (size_t i = 0; i < findings.len; i++) {
        if (!str_eq(findings.at[i].body->id, words[1]))
            continue;
        if (of_body)
            return negative ? S("is looked at") : (struct str){0};
        const struct body_objection *found = find(&findings.at[i], words[2], person);
        if (negative)
            return found == NULL ? (struct str){0} : S("is objected to");
        if (found == NULL)
            return S("is not objected to");
        return found->lifted == str_eq_c(words[0], "lifted") ? (struct str){0}
                                                             : S("is lifted, or is not");
    }
    return of_body && negative ? (struct str){0} : S("no such body is asked for");
}
