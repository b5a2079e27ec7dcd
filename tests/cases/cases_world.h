#pragma once
/*
 * The small world that examples are played in: a pack, the office's calendar, units and posts as
 * an example's first lines name them.
 */
#include "engine/engine.h"
#include "engine/score.h"

struct cases_world;

/* Loads the pack and the calendar; prints the pack's faults and gives false when it has any. */
bool cases_world_open(struct ctx *ctx, const char *pack_path, struct cases_world **out,
                      const struct regime **out_regime);
void cases_world_reset(struct cases_world *world);
/* An example begins: settings given from now on end with it. */
void cases_world_begin(struct cases_world *world);

/*
 * unit ID KIND REGION [NAME] role NAME ID[,ID…]  (of the campaign)
 * actor NAME UNIT[/POST] …   setting NAME VALUE
 * held UNIT ROLE CASES FIRST  (in every year; for commands by dice)
 * campaign REGION [BEGINS ENDS]   (130500 where none is named)
 * rank ACTOR RANK [UNTIL]    of the first of their posts that has none yet; UNTIL: held until that day
 * stands NUMBER PROCEDURE STATE REGION [FIELD[=VALUE]|role:ROLE=UNITS|people:ROLE=PEOPLE|did:COMMAND=DAY]…    a case that rules may
 *                            gather; inside an example, of that example
 */
bool cases_world_line(struct cases_world *world, const struct str *words, size_t count);

/* A case of the example that stands from now on beside the one at hand. */
void cases_world_stand(struct cases_world *world, const struct casefile *casefile);

/* What other cases charged and who held what, of the example at hand. */
struct cases_held {
    struct day day;
    struct score_holding holding;
};
struct cases_others {
    struct score_row_list charged;
    VEC(struct cases_held) held;
};
struct cases_others *cases_world_others(struct cases_world *world);
/* UNIT ROLE CASES FIRST: a role that the unit held on that day; DAY_NONE: in every year. */
bool cases_world_hold(struct cases_world *world, const struct str *words, size_t count,
                      struct day day);

const struct actor *cases_world_actor(struct cases_world *world, struct str name); /* or null */
/* Cases that `stands` lines name. */
const struct casefile *const *cases_world_standing(const struct cases_world *world, size_t *count);
/* All of them, in order; the first actor is the system. */
const struct unit_facts *const *cases_world_units(const struct cases_world *world, size_t *count);
const struct actor *const *cases_world_actors(struct cases_world *world, size_t *count);
struct campaign_terms cases_world_campaign(const struct cases_world *world);
/* Its first and last day; DAY_NONE where none is named. */
void cases_world_days(const struct cases_world *world, struct day *out_begins, struct day *out_ends);
const struct calendar *cases_world_calendar(const struct cases_world *world);
struct engine_world cases_world_handed_down(struct cases_world *world);

bool cases_read_file(struct arena *arena, const char *path, size_t limit_bytes, struct str *out);
