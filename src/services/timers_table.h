/*
 * X(name in capitals, name in the log, function): what time asks for, in the order in which it is
 * looked at. Needs the function's own header only where it is called (timers.c). What is looked at
 * costs nothing when nothing is due: one step into an index or one comparison (services/daily.h).
 */
#define TIMER_PARTS(X)                                                                             \
    X(OBLIGATIONS, "obligations", obligations_tick) /* before lapses: what came in time is in time */ \
    X(LAPSES, "lapses", casework_tick)                                                             \
    X(SCORES, "scores", scores_tick)                                                               \
    X(COUNTS, "counts", counts_tick)                                                               \
    X(MEASURES, "measures", measures_tick)                                                         \
    X(CHECKPOINTS, "checkpoints", checkpoint_tick)
