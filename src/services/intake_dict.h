#pragma once
/*
 * What printed words mean: names of columns to fields, words in cells to codes. From the
 * dictionaries of data/dict (code, zh, en, synonyms parted by ;). Read-only once made.
 *
 * A synonym of a column may be a pattern, * for any text (*整改*情况*), and may end in ? : then it
 * counts only where the cells below agree (备注 holding 已办结). The code `none` lists names that
 * are known to be no field.
 */
#include "base/ctx.h"

#define INTAKE_FIELD_TABLE(X)                                                                      \
    X(SEQ, "seq")                                                                                  \
    X(NUMBER, "number")                                                                            \
    X(BATCH, "batch")                                                                              \
    X(CHANNEL, "channel")                                                                          \
    X(DATE, "date")                                                                                \
    X(DESCRIPTION, "description")                                                                  \
    X(PLACE, "place")                                                                              \
    X(TYPE, "type")                                                                                \
    X(FINDING, "finding")                                                                          \
    X(SUBSTANTIATION, "substantiation")                                                            \
    X(GOAL, "goal")                                                                                \
    X(MEASURES, "measures")                                                                        \
    X(COMPLETION, "completion")                                                                    \
    X(ACCOUNTABILITY, "accountability")                                                            \
    X(UNIT, "unit")                                                                                \
    X(KEY_CASE, "key_case")                                                                        \
    X(REPEAT_OF, "repeat_of")                                                                      \
    X(REFERENCE, "reference")

enum intake_field {
#define X(name, text) INTAKE_##name,
    INTAKE_FIELD_TABLE(X)
#undef X
        INTAKE_FIELD_COUNT,
    INTAKE_UNMAPPED = INTAKE_FIELD_COUNT
};

const char *intake_field_name(enum intake_field field); /* null for INTAKE_UNMAPPED */
/* "none" and "" give INTAKE_UNMAPPED; false: no such field. */
bool intake_field_parse(struct str name, enum intake_field *out);

/* Vocabularies of cells. */
enum intake_list { LIST_TYPES, LIST_VERDICTS, LIST_COMPLETIONS, LIST_CHANNELS, INTAKE_LIST_COUNT };

/* The csv texts, borrowed for the call; `more_columns` is the office's own table, may be absent. */
struct intake_dict_texts {
    struct str columns;
    struct str more_columns;
    struct str lists[INTAKE_LIST_COUNT];
};

struct intake_dict;

/* Lives in the arena. Errors: ST_INVALID intake.dict_line {file, line}, intake.dict_code {file, code} */
MUST_USE enum status intake_dict_new(struct ctx *ctx, struct arena *arena,
                                     const struct intake_dict_texts *texts,
                                     struct intake_dict **out);

/* How a printed name was understood. weight: 0 nothing; 1000 a synonym as it stands; else how many
   characters of it a pattern spells out. */
struct intake_match {
    enum intake_field field;
    int weight;
    bool if_content; /* only where the cells agree */
    bool known;      /* the name is in the table, if only under `none` */
};

struct intake_match intake_dict_column(const struct intake_dict *dict, struct str folded_name);

/* The field that this name has only where the cells agree, beside its other meaning; weight 0: none.
   *at walks over several; begin with 0. */
struct intake_match intake_dict_maybe(const struct intake_dict *dict, struct str folded_name,
                                      size_t *at);

/* The code of a word; absent where the list has none. `folded` as by fold_name. */
struct str intake_dict_code(const struct intake_dict *dict, enum intake_list list,
                            struct str folded);
