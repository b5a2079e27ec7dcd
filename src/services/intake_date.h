#pragma once
/*
 * Days and batches as printed in titles and cells of received tables, whole or broken.
 */
#include "base/day.h"
#include "base/str.h"

enum printed_date {
    PRINTED_NONE, /* no date here */
    PRINTED_DAY, /* 2024年6月3日, 20 22年10月9日, 2021/9/17, 20210917, 二〇二四年六月三日 */
    PRINTED_MENDED,    /* signs lost, but only one reading: 202468日, 2024 6月3日, 201876 */
    PRINTED_NO_YEAR,   /* 6月9日; the day is set where a year was given */
    PRINTED_NO_DAY,    /* 2021年3月 */
    PRINTED_AMBIGUOUS, /* signs lost and more than one reading: 2018111 */
    PRINTED_WRONG,     /* no such day: 2021年2月30日 */
};

/*
 * The whole text as a date, a time of day or weekday behind it ignored. `year` (0: none) stands in
 * where none is printed. *out is set (else DAY_NONE) for DAY, MENDED and, with a year, NO_YEAR.
 */
enum printed_date printed_date_parse(struct arena *arena, struct str text, int year,
                                     struct day *out);

/* The last date within a longer text (a title), else the last partial one. */
enum printed_date printed_date_find(struct arena *arena, struct str text, int year,
                                    struct day *out);

enum printed_batch {
    BATCH_NONE,
    BATCH_FOUND,   /* 第二十五批, 第 25 批, 第35-1批, 第29、30批, 第十九批次 */
    BATCH_MENDED,  /* 批 lost: (第22 2024年6月8日) */
    BATCH_SEVERAL, /* 第三十一批1件、第三十二批1件: no one batch */
};

/*
 * The batch that a text names, as a label of digits: "25", "35-1", "29、30". Of several, those in
 * brackets count; 第二轮第四批第二… is the round of an inspection, not a batch. *end, unless null, is
 * the offset behind the batch in the text given (BATCH_FOUND only).
 */
enum printed_batch printed_batch_find(struct arena *arena, struct str text, struct str *out,
                                      size_t *end);

/* The same for a cell that should hold a batch alone: 25, 二十五, 第25批 too. */
enum printed_batch printed_batch_parse(struct arena *arena, struct str text, struct str *out);
