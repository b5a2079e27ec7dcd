#pragma once
/*
 * What the rules of a body share: body.c walks them, body_look.c looks into other cases.
 */
#include "engine/body.h"
#include "engine/engine_int.h"

struct body_check {
    const struct trial *trial;
    const struct regime_body *body;
    struct day from, to; /* its first and last day; the day of the command where it has none */
    struct day day;      /* whose month counts */
    struct body_finding *out;
};

/* Whether the post is held on the day. */
bool body_is_held(const struct person_post *post, struct day day);
/* The highest of the ranks by which the member is judged; ever: those of earlier posts, too. */
struct str body_highest_rank(const struct body_check *check, const struct body_member *member,
                             bool ever);
/* Whether the rule speaks of this member: by their seat and their rank. */
bool body_is_meant(const struct body_check *check, const struct regime_body_rule *rule,
                   const struct body_member *member);
/* Whether the day lies in the months; a window of first 0 is always. */
bool body_is_in_months(struct day day, struct month_window months);
/* The day that a date, or a time, tells; DAY_NONE of anything else, or null. */
struct day body_day_of(const struct value *value);

/*
 * Rules that look into other cases. member null: the body as a whole. *out_holds: whether the rule
 * is kept.
 */
MUST_USE enum status body_look(const struct body_check *check, const struct regime_body_rule *rule,
                               const struct body_member *member, bool *out_holds);

/* The guard `body`: adds a reason for each objection that nothing lifts. */
MUST_USE enum status body_guard(const struct trial *trial, const struct regime_guard *guard,
                                struct reason_list *reasons);
