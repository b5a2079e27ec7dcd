#pragma once
/*
 * What was looked at today. Work of the morning needs one look for each campaign and day, and
 * another where the directory has moved since; all other looks of the scheduler cost a comparison.
 * Only this program's memory: whoever starts looks once more, and finds it done. Any thread.
 */
#include "base/day.h"
#include "base/str.h"

struct daily;

struct daily *daily_new(void);
void daily_free(struct daily *daily); /* takes null */

/* One piece of work for one campaign. */
struct daily_look {
    struct str work;     /* of the part: "obligations" */
    struct str campaign; /* its name */
    struct day today;
    int64_t stamp; /* moves when another look is worth while: world_generation */
};

/* Whether the look has not been made yet. */
bool daily_is_due(struct daily *daily, const struct daily_look *look);
/* It was made, to its end. */
void daily_note(struct daily *daily, const struct daily_look *look);
