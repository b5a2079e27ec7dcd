#pragma once
/*
 * What can be wrong with a pack: X(ENUM, code). The codes are a contract (api.md, `check`); docs/packs.md
 * tells the remedy of each.
 */
#define PACK_FAULT_TABLE(X)                                                                        \
    X(FAULT_UNKNOWN_NAME, "unknown_name")                                                          \
    X(FAULT_DUPLICATE_NAME, "duplicate_name")                                                      \
    X(FAULT_WRONG_TYPE, "wrong_type")                                                              \
    X(FAULT_MISSING_KEY, "missing_key")                                                            \
    X(FAULT_UNREACHABLE_STATE, "unreachable_state")                                                \
    X(FAULT_STATE_WITHOUT_EXIT, "state_without_exit")                                              \
    X(FAULT_NOBODY_MAY_FIRE, "nobody_may_fire")                                                    \
    X(FAULT_DEADLINE_WITHOUT_CONSEQUENCE, "deadline_without_consequence")                          \
    X(FAULT_DEADLINE_NEVER_STARTED, "deadline_never_started")                                      \
    X(FAULT_UNKNOWN_CLAUSE, "unknown_clause")                                                      \
    X(FAULT_UNDECLARED_INPUT, "undeclared_input")                                                  \
    X(FAULT_AMBIGUOUS_TRANSITION, "ambiguous_transition")                                          \
    X(FAULT_MISSING_WORD, "missing_word")
