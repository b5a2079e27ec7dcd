#include "base/dice.h"

/* splitmix64's finish: neighbours of a seed become strangers. */
static uint64_t scatter(uint64_t x)
{
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

struct dice dice_of(uint64_t seed, uint64_t n)
{
    uint64_t state = scatter(scatter(seed + UINT64_C(0x9e3779b97f4a7c15)) + n);
    return (struct dice){state == 0 ? 1 : state};
}

/* xorshift64*; the high bits are the good ones. */
uint64_t dice_roll(struct dice *dice, uint64_t below)
{
    dice->state ^= dice->state >> 12;
    dice->state ^= dice->state << 25;
    dice->state ^= dice->state >> 27;
    return ((dice->state * UINT64_C(2685821657736338717)) >> 32) % below;
}

bool dice_percent(struct dice *dice, int percent)
{
    return dice_roll(dice, 100) < (uint64_t)percent;
}
