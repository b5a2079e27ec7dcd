#pragma once
/*
 * Coverage: who has whom, and who lacks somebody. A pure function of the directory's facts and the
 * cases as they stand; nothing of it is stored.
 *
 * Clause: S3-2.2 S3-2.3 S3-2.4 S3-2.5.
 */
#include "engine/engine.h"
#include "regime/coverage.h"

struct coverage_person {
    struct person_id id;
    const struct actor_post *posts; /* held today */
    size_t post_count;
};

struct coverage_region {
    struct str code;
    struct str level;
};

/* What may be covered or cover: all of the campaign's region, as of today. Borrowed. */
struct coverage_facts {
    const struct coverage_person *people;
    size_t person_count;
    const struct unit_facts *const *units;
    size_t unit_count;
    const struct coverage_region *regions;
    size_t region_count;
    const struct casefile *const *cases; /* of any procedure and state; withdrawn ones do not count */
    size_t case_count;
};

/* One of `every`, with what it has. */
struct coverage_row {
    struct str id;  /* of a person or unit in decimal, or the code of a region */
    size_t found;   /* different ones of `with` */
    bool gap;       /* fewer than wanted */
    bool excess;    /* more than exactly wanted */
};

/* A pair with its proof; a pair may stand in several cases. */
struct coverage_pair {
    size_t row;
    size_t column;
    const struct casefile *from;
};

struct coverage {
    struct coverage_row *rows; /* of `every`, in the order of the facts */
    size_t row_count;
    struct str *columns;       /* ids of `with` */
    size_t column_count;
    struct coverage_pair *pairs; /* each pair and case once */
    size_t pair_count;
    int64_t wanted;
    bool exactly;
    size_t gap_count; /* rows with gap or excess */
};

/* Finds it, in the arena. engine: regime and campaign, for settings. */
struct coverage coverage_find(struct arena *arena, const struct engine *engine,
                              const struct regime_coverage *item,
                              const struct coverage_facts *facts);

/* Whether the item looks at such a case at all. */
bool coverage_reads(const struct regime_coverage *item, const struct casefile *casefile);
