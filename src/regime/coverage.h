#pragma once
/*
 * Who must have whom (`coverage:` of a pack): every member of one set so many of another, as the
 * lists and fields of certain cases pair them. Read for the engine; what is covered is never written
 * down, it follows from the cases as they stand.
 */
#include "regime/regime.h"

enum coverage_kind { COVERAGE_PEOPLE, COVERAGE_REGIONS, COVERAGE_UNITS, COVERAGE_KIND_COUNT };

/* A set, within the campaign's region. */
struct regime_coverage_set {
    enum coverage_kind kind;
    const struct str *names; /* posts, levels of region or items of `regions`, or kinds of unit: any of them */
    size_t count;
    const struct str *at;    /* people: kinds of the unit where the post is held; none: anywhere */
    size_t at_count;
    const struct str *codes; /* regions: those of the items named */
    size_t code_count;
};

/* Where the pairs stand. */
struct regime_coverage_pairs {
    const struct regime_procedure *procedure;
    const struct str *states; /* cases in these; none: in any */
    size_t state_count;
    const struct regime_field *list; /* a pair a row; null: the fields and roles of the case */
    struct str ends[COVERAGE_KIND_COUNT]; /* column (field, role) that names the end, or absent */
    struct str post, body; /* people by their post: column of the post, column of its unit; or absent */
};

struct regime_coverage {
    struct str id;
    struct words words;
    struct str level; /* word by which a reader chooses */
    struct regime_coverage_set every; /* these must have … */
    struct regime_coverage_set with;  /* … some of these */
    struct regime_coverage_pairs by;
    struct regime_coverage_pairs also; /* procedure null: none; else a pair counts only if it stands here too */
    const struct value *at_least; /* number or setting; null where `exactly` says it */
    const struct value *exactly;
    struct str clause;
    struct pack_place place;
};

/* Null where absent. */
const struct regime_coverage *regime_find_coverage(const struct regime *regime, struct str id);
/* The key in the pack of a set of this kind: people, regions, units. */
const char *coverage_kind_name(enum coverage_kind kind);
