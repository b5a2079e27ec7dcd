#pragma once
/*
 * One thread that does long work which people have asked for (table `job`): today the writing of
 * imports. What was claimed by a program that is gone is claimed again after a while, and goes on
 * where it stood. Two programs may do so on one database.
 */
#include "services/clock.h"
#include "services/home.h"

struct job_runner;

/* home and clock are borrowed until job_runner_free. */
struct job_runner *job_runner_new(const struct home *home, const struct clock *clock);
/* Finishes what it is at, then ends. Takes null. */
void job_runner_free(struct job_runner *runner);

/*
 * Does one job that waits, if any; for tests and for programs without a thread.
 *
 *   out_done   whether there was one
 *
 * Errors: those of the database and the work; then the job is tried again once its claim runs out
 */
MUST_USE enum status job_runner_step(struct ctx *ctx, const struct home *home,
                                     const struct clock *clock, bool *out_done);
