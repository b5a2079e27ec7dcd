#pragma once
/*
 * Many commands at once. Each is a job of its own with its own answer, so that one that is refused
 * keeps no other waiting; all are with the writer together and share its commits.
 */
#include "services/casework.h"

struct casework_latch;

/* One command among many. */
struct casework_turn {
    struct arena *arena; /* its own: the writer works in it from another thread */
    struct ctx ctx;      /* has the failure where status is not ST_OK */
    struct case_order order;
    struct writer_job job;
    struct casework_latch *latch;
    enum status status;
};

/* Gives a turn its memory; the caller fills turn->order, from turn->arena or what lives longer. */
void casework_turn_begin(struct casework_turn *turn, struct instant now);
/* Until each has its answer: not on a thread that serves sockets. */
void casework_give_many(struct casework_turn *turns, size_t count);
void casework_turns_end(struct casework_turn *turns, size_t count);
