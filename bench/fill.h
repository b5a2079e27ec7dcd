#pragma once
/*
 * Cases in quantity, made through the same functions as any other: many commands in one job of the
 * writer, so that the disk is waited for seldom. The data directory holds the scene of the example
 * (lantian demo --scene).
 */
#include "services/casework.h"

struct fill {
    const struct home *home;
    const struct world *world;
    const struct world_person *clerk;
    const char *regions[64]; /* below the campaign's, in turn */
    size_t region_count;
};

/* Borrows both. */
void fill_open(struct fill *fill, const struct home *home, const struct world *world);

/* The form of case number n, the same at every run: about 50 characters of complaint. */
const struct value *fill_input(struct arena *arena, const struct fill *fill, uint64_t n);
/* An order that makes case number n; actor in the arena. */
struct case_order fill_order(struct ctx *ctx, const struct fill *fill, uint64_t n);

/* Cases first … first + count - 1; every third is handed over. progress may be null. */
MUST_USE enum status fill_cases(struct ctx *ctx, const struct fill *fill, uint64_t first,
                                uint64_t count, void (*progress)(uint64_t done));
