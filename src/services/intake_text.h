#pragma once
/*
 * Printed Chinese made comparable: width, traditional characters, blanks, numerals.
 */
#include "base/buf.h"
#include "base/str.h"

/* Full-width letters, digits and signs made narrow, traditional characters of our trade made simple,
   Latin letters made capital, all blanks and line breaks dropped. */
struct str fold_text(struct arena *arena, struct str text);

/* The same for names of columns and words of lists: leading ordinals (一、 1. (二)), brackets,
   punctuation and marks dropped too. */
struct str fold_name(struct arena *arena, struct str text);

/* Blanks and line breaks inside dropped where both neighbours are Chinese; others become one blank.
   For short texts that were broken to fit their column: 高\n新\n区. */
struct str squeeze_text(struct arena *arena, struct str text);

/* CR LF and CR to LF, blanks at line ends and both ends dropped, three and more LF to two. */
struct str tidy_text(struct arena *arena, struct str text);

/* A Chinese or Arabic numeral at *offset, 0..9999: 二十五, 〇, 二〇二四, 廿三, 25; moves on. */
bool numeral_next(struct str text, size_t *offset, int *out);

/* Value of one Chinese digit 〇零一二两…九, else -1. */
int han_digit(uint32_t code);
bool is_han(uint32_t code);
