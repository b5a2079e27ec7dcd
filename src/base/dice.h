#pragma once
/*
 * Dice that fall the same on every machine: for commands nobody thought of and days that never were,
 * never for a secret.
 */
#include <stdbool.h>
#include <stdint.h>

/* Open: a copy throws what the original would. */
struct dice {
    uint64_t state; /* not 0 */
};

/* Dice of their own for the n-th of many things under one seed. */
struct dice dice_of(uint64_t seed, uint64_t n);

uint64_t dice_roll(struct dice *dice, uint64_t below); /* 0 … below-1; below > 0 */
bool dice_percent(struct dice *dice, int percent);
