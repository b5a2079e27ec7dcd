/*
 * "Did you mean": the optimal string alignment distance (swapped neighbours count once), in bytes,
 * because names of packs are ASCII.
 */
#include "regime/load_int.h"

enum { GUESS_WORD_MAX = 64 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t distance(struct str a, struct str b)
{
    size_t rows[3][GUESS_WORD_MAX + 1];
    for (size_t j = 0; j <= b.len; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        size_t *now = rows[i % 3];
        const size_t *up = rows[(i - 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t other = a.at[i - 1] != b.at[j - 1];
            now[j] = least(least(up[j] + 1, now[j - 1] + 1), up[j - 1] + other);
            if (i > 1 && j > 1 && a.at[i - 1] == b.at[j - 2] && a.at[i - 2] == b.at[j - 1])
                now[j] = least(now[j], rows[(i - 2) % 3][j - 2] + 1);
        }
    }
    return rows[a.len % 3][b.len];
}

struct guess guess_begin(struct str word)
{
    return (struct guess){.word = word, .distance = word.len / 3 + 2};
}

void guess_try(struct guess *guess, struct str candidate)
{
    if (guess->word.len > GUESS_WORD_MAX || candidate.len > GUESS_WORD_MAX)
        return;
    size_t found = distance(guess->word, candidate);
    if (found >= guess->distance)
        return;
    guess->distance = found;
    guess->best = candidate;
}

void guess_mentions(struct guess *guess, const struct mentions *mentions)
{
    for (size_t i = 0; i < mentions->len; i++)
        guess_try(guess, mentions->at[i].name);
}
