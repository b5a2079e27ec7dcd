#pragma once
/*
 * Texts that say nearly the same (MinHash over bigrams of characters, 64 values, found by 21 bands
 * of 3, verified by the true Jaccard measure). Measured against SimHash, which is blind to texts of
 * fifty characters.
 */
#include "base/day.h"
#include "base/str.h"

enum { SIMILAR_VALUES = 64, SIMILAR_BANDS = 21, SIMILAR_BAND = 3, SIMILAR_SHORTEST = 8 };

/* Letters, digits and Chinese of the text, narrow and small; marks and blanks are dropped. */
struct str similar_fold(struct arena *arena, struct str text);

/* 256 bytes, the same on every machine: to be stored with the text. */
struct similar_signature {
    uint32_t values[SIMILAR_VALUES];
};

/* false: fewer than SIMILAR_SHORTEST different bigrams; too short to be compared. Blanks, marks and
   ASCII case do not count. */
bool similar_sign(struct str text, struct similar_signature *out);

/* Bytes of a stored signature, little endian. */
enum { SIMILAR_BYTES = SIMILAR_VALUES * 4 };
void similar_write(const struct similar_signature *signature, unsigned char bytes[SIMILAR_BYTES]);
void similar_read(const unsigned char bytes[SIMILAR_BYTES], struct similar_signature *out);

/* Shared part of the two sets of bigrams, thousandths. */
int similar_jaccard(struct arena *arena, struct str a, struct str b);

/* What makes two complaints one: text, place, day. Absent places and days are compatible. */
struct similar_case {
    struct str text;
    struct str place;
    struct day day;
};

/* Thousandths of Jaccard where they are held to be the same, else 0: at least 350 with compatible
   place and days within 60, at least 700 otherwise. */
int similar_judge(struct arena *arena, const struct similar_case *a, const struct similar_case *b);

/* Finds candidates among many. Own memory, about 500 bytes an entry; one thread at a time. */
struct similar_index;
struct similar_index *similar_index_new(size_t most_entries);
void similar_index_free(struct similar_index *index); /* takes null */
size_t similar_index_count(const struct similar_index *index);

/* false: full. Ids may be anything and may come twice. */
bool similar_index_add(struct similar_index *index, int64_t id,
                       const struct similar_signature *signature);

/* Ids that share a band, best estimate first, each once; at most `max`. Gives how many. */
size_t similar_index_find(struct similar_index *index, const struct similar_signature *signature,
                          int64_t *ids, size_t max);
