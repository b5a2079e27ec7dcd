/*
 * Each bigram of characters is hashed once to 64 bits; the 64 permutations are multiply-shift
 * functions of it with fixed odd factors. Bands hang in chains of entries, one table of heads a band.
 */
#include "engine/similar.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

enum { JACCARD_SAME = 350, JACCARD_ELSEWHERE = 700, DAYS_APART = 60, CHAIN_LIMIT = 64 };
enum { FIRST_ENTRIES = 1024, ESTIMATE_LEAST = 14, BIGRAM_LIMIT = 20000 };

/* splitmix64 (public domain constants): spreads an index or a bigram over 64 bits. */
static uint64_t spread(uint64_t x)
{
    x += UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
    return x ^ (x >> 31);
}

/* Letters, digits and Chinese; ASCII capitals made small; 0: does not count. */
static uint32_t countable(uint32_t c)
{
    if (c >= 0xFF10 && c <= 0xFF5A)
        c -= 0xFF10 - '0';
    if (c >= 'A' && c <= 'Z')
        return c + 32;
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
        return c;
    bool han = c == 0x3007 || (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
               (c >= 0x20000 && c <= 0x3FFFF);
    return han ? c : 0;
}

struct str similar_fold(struct arena *arena, struct str text)
{
    char *folded = arena_alloc(arena, text.len + 4);
    size_t len = 0;
    for (size_t at = 0; at < text.len;) {
        uint32_t code = countable(utf8_next(text, &at));
        char bytes[4];
        size_t size = code == 0 ? 0 : utf8_encode(code, bytes);
        memcpy(folded + len, bytes, size);
        len += size;
    }
    return (struct str){folded, len};
}

struct bigrams {
    struct str text;
    size_t at;
    uint32_t last;
};

static bool bigram_next(struct bigrams *walk, uint64_t *out)
{
    while (walk->at < walk->text.len) {
        uint32_t code = countable(utf8_next(walk->text, &walk->at));
        if (code == 0)
            continue;
        uint32_t before = walk->last;
        walk->last = code;
        if (before == 0)
            continue;
        *out = (uint64_t)before << 32 | code;
        return true;
    }
    return false;
}

bool similar_sign(struct str text, struct similar_signature *out)
{
    uint64_t factors[SIMILAR_VALUES];
    for (size_t i = 0; i < SIMILAR_VALUES; i++)
        factors[i] = spread(i) | 1;
    memset(out->values, 0xFF, sizeof out->values);
    struct bigrams walk = {.text = text};
    uint64_t bigram, seen[SIMILAR_SHORTEST];
    size_t different = 0;
    for (size_t n = 0; n < BIGRAM_LIMIT && bigram_next(&walk, &bigram); n++) {
        uint64_t hash = spread(bigram);
        for (size_t i = 0; i < SIMILAR_VALUES; i++) {
            uint32_t value = (uint32_t)(hash * factors[i] >> 32);
            if (value < out->values[i])
                out->values[i] = value;
        }
        bool is_new = different < SIMILAR_SHORTEST;
        for (size_t i = 0; is_new && i < different; i++)
            is_new = seen[i] != bigram;
        if (is_new)
            seen[different++] = bigram;
    }
    return different == SIMILAR_SHORTEST;
}

void similar_write(const struct similar_signature *signature, unsigned char bytes[SIMILAR_BYTES])
{
    for (size_t i = 0; i < SIMILAR_BYTES; i++)
        bytes[i] = (unsigned char)(signature->values[i / 4] >> (i % 4 * 8));
}

void similar_read(const unsigned char bytes[SIMILAR_BYTES], struct similar_signature *out)
{
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < SIMILAR_BYTES; i++)
        out->values[i / 4] |= (uint32_t)bytes[i] << (i % 4 * 8);
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

struct set {
    uint64_t *at;
    size_t len;
};

static struct set set_of(struct arena *arena, struct str text)
{
    struct set set = {arena_alloc_array(arena, BIGRAM_LIMIT < text.len ? BIGRAM_LIMIT : text.len,
                                        sizeof(uint64_t)),
                      0};
    struct bigrams walk = {.text = text};
    uint64_t bigram;
    while (set.len < BIGRAM_LIMIT && bigram_next(&walk, &bigram))
        set.at[set.len++] = bigram;
    if (set.len == 0)
        return set;
    qsort(set.at, set.len, sizeof *set.at, by_value);
    size_t kept = 1;
    for (size_t i = 1; i < set.len; i++)
        if (set.at[i] != set.at[kept - 1])
            set.at[kept++] = set.at[i];
    set.len = kept;
    return set;
}

int similar_jaccard(struct arena *arena, struct str a, struct str b)
{
    struct arena_mark mark = arena_mark(arena);
    struct set x = set_of(arena, a), y = set_of(arena, b);
    size_t shared = 0;
    for (size_t i = 0, j = 0; i < x.len && j < y.len;) {
        shared += x.at[i] == y.at[j];
        bool step_x = x.at[i] <= y.at[j], step_y = y.at[j] <= x.at[i];
        i += step_x;
        j += step_y;
    }
    size_t all = x.len + y.len - shared;
    arena_return(arena, mark);
    return all == 0 ? 0 : (int)(shared * 1000 / all);
}

static bool places_agree(struct str a, struct str b)
{
    return str_is_empty(a) || str_is_empty(b) || str_has(a, b) || str_has(b, a);
}

static bool days_agree(struct day a, struct day b)
{
    return day_is_none(a) || day_is_none(b) || abs(a.v - b.v) <= DAYS_APART;
}

int similar_judge(struct arena *arena, const struct similar_case *a, const struct similar_case *b)
{
    int shared = similar_jaccard(arena, a->text, b->text);
    bool agree = places_agree(a->place, b->place) && days_agree(a->day, b->day);
    return shared >= (agree ? JACCARD_SAME : JACCARD_ELSEWHERE) ? shared : 0;
}

/* --- the index ------------------------------------------------------------------------------- */

struct entry {
    struct similar_signature signature;
    int64_t id;
    uint32_t next[SIMILAR_BANDS]; /* entry + 1 in the same chain; 0: last */
    uint32_t asked;               /* number of the last question that met it */
};

struct similar_index {
    struct arena *self;   /* holds this struct */
    struct arena *tables; /* holds entries and heads */
    struct entry *entries;
    uint32_t *heads; /* SIMILAR_BANDS tables of `slots` */
    size_t count, cap, slots, most;
    uint32_t question;
};

struct similar_index *similar_index_new(size_t most_entries)
{
    struct arena *arena = arena_new();
    struct similar_index *index = arena_new_of(arena, struct similar_index);
    index->self = arena;
    index->tables = arena_new();
    index->most = most_entries;
    return index;
}

void similar_index_free(struct similar_index *index)
{
    if (index == NULL)
        return;
    arena_free(index->tables);
    arena_free(index->self);
}

size_t similar_index_count(const struct similar_index *index)
{
    return index->count;
}

static size_t slot_of(const struct similar_index *index, const struct similar_signature *signature,
                      size_t band)
{
    const uint32_t *v = &signature->values[band * SIMILAR_BAND];
    uint64_t hash = spread(((uint64_t)v[0] << 32 | v[1]) ^ spread(v[2] + band));
    return band * index->slots + (size_t)(hash & (index->slots - 1));
}

static void hang(struct similar_index *index, size_t at)
{
    for (size_t band = 0; band < SIMILAR_BANDS; band++) {
        uint32_t *head = &index->heads[slot_of(index, &index->entries[at].signature, band)];
        index->entries[at].next[band] = *head;
        *head = (uint32_t)at + 1;
    }
}

/* A new arena for the larger tables, so that the old ones go. */
static void grow(struct similar_index *index)
{
    struct arena *old_tables = index->tables;
    const struct entry *old = index->entries;
    index->tables = arena_new();
    index->cap = index->cap == 0 ? FIRST_ENTRIES : index->cap * 2;
    index->slots = index->cap;
    index->entries = arena_alloc_array(index->tables, index->cap, sizeof *index->entries);
    index->heads =
        arena_alloc_array(index->tables, index->slots * SIMILAR_BANDS, sizeof *index->heads);
    if (index->count > 0)
        memcpy(index->entries, old, index->count * sizeof *old);
    for (size_t i = 0; i < index->count; i++)
        hang(index, i);
    arena_free(old_tables);
}

bool similar_index_add(struct similar_index *index, int64_t id,
                       const struct similar_signature *signature)
{
    if (index->count >= index->most)
        return false;
    if (index->count == index->cap)
        grow(index);
    index->entries[index->count] = (struct entry){.signature = *signature, .id = id};
    hang(index, index->count++);
    return true;
}

struct candidate {
    int64_t id;
    int equal; /* values in common, of 64 */
};

static int equal_values(const struct similar_signature *a, const struct similar_signature *b)
{
    int equal = 0;
    for (size_t i = 0; i < SIMILAR_VALUES; i++)
        equal += a->values[i] == b->values[i];
    return equal;
}

/* Keeps the best `max`, best first. */
static size_t insert(struct candidate *best, size_t count, size_t max, struct candidate next)
{
    size_t at = count < max ? count++ : max;
    while (at > 0 && best[at - 1].equal < next.equal) {
        if (at < max)
            best[at] = best[at - 1];
        at--;
    }
    if (at < max)
        best[at] = next;
    return count;
}

size_t similar_index_find(struct similar_index *index, const struct similar_signature *signature,
                          int64_t *ids, size_t max)
{
    struct candidate best[CHAIN_LIMIT];
    size_t count = 0;
    if (max > CHAIN_LIMIT)
        max = CHAIN_LIMIT;
    index->question++;
    for (size_t band = 0; index->slots > 0 && band < SIMILAR_BANDS; band++) {
        uint32_t at = index->heads[slot_of(index, signature, band)];
        for (int steps = 0; at != 0 && steps < CHAIN_LIMIT; steps++) {
            struct entry *entry = &index->entries[at - 1];
            at = entry->next[band];
            if (entry->asked == index->question)
                continue;
            entry->asked = index->question;
            struct candidate next = {entry->id, equal_values(signature, &entry->signature)};
            if (next.equal >= ESTIMATE_LEAST)
                count = insert(best, count, max, next);
        }
    }
    for (size_t i = 0; i < count; i++)
        ids[i] = best[i].id;
    return count;
}
