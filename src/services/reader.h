#pragma once
/*
 * Who reads: the language and the moment that sentences are made for, and where they are.
 */
#include "engine/deadline.h"
#include "kit/words.h"

struct reader {
    const struct words_book *words;
    enum lang lang;
    struct instant now;
    struct str region; /* of the unit of their first post; empty: nobody's */
};

struct str reader_sentence(struct arena *arena, const struct reader *reader, const char *key,
                           struct args args);
/* 11月22日 18:00, with the year where it is another one. */
struct str reader_time(struct arena *arena, const struct reader *reader, struct instant at);
/* "2 working days left", "3 days late". class: ok, near, late. */
struct str reader_left(struct arena *arena, const struct reader *reader,
                       const struct deadline *deadline, const struct deadline_left *left,
                       bool workdays);
const char *reader_left_class(const struct deadline_left *left);
