#pragma once
/*
 * The fixed vocabulary of packs: what a guard may demand, what an effect may do, what a condition
 * may ask. X(ENUM, word, argument shape). One table: the loader reads shapes from it, the checker
 * names what is unknown, the engine has one function a row, `lantian regime vocabulary` prints it
 * with the example of the words file (key vocabulary.<group>.<word>).
 *
 * Shapes, a small language of their own, read by the checker:
 *   field  fields      name(s) of fields of the procedure or of the command's form
 *   role  roles        role name(s)          state states   state name(s)
 *   clock clocks       deadline name(s)      flag  flags    word(s) of the pack's own making
 *   evidence           map evidence kind → least number, with optional `since: state`
 *   command commands   command name(s) of the procedure
 *   text int bool      plain values; int may be a setting's name
 *   {a: shape, b?: shape}   map with needed and optional (?) keys
 *   shape|shape        either
 */

/* Guards: `needs:`; all must hold. */
#define GUARD_TABLE(X)                                                                             \
    X(GUARD_FIELDS, "fields", "fields")                                                            \
    X(GUARD_ONE_OF, "one_of", "fields")                                                            \
    X(GUARD_YES, "yes", "fields")                                                                  \
    X(GUARD_ROLE, "role", "role|{role: role, min?: int, kinds?: texts}")                           \
    X(GUARD_EVIDENCE, "evidence", "evidence")                                                      \
    X(GUARD_SIGNATURE, "signature", "{of: text, seal?: bool}")                                     \
    X(GUARD_SIGNED, "signed", "{role: role, post?: text, seal?: bool, since?: state}")             \
    X(GUARD_OPINIONS, "opinions", "{role: role, verdict?: text, others?: bool, since?: state}")    \
    X(GUARD_CONFIRMED, "confirmed", "flags|{all: flags, since?: state}")                           \
    X(GUARD_LIST, "list", "{list: field, min?: int, done?: field, filled?: fields}")               \
    X(GUARD_DATES, "dates", "{field: field, not_after?: field, not_before?: field, future?: bool}")\
    X(GUARD_LIST_DATES, "list_dates", "{list: field, column: text, not_after: field, ordered?: bool}")\
    X(GUARD_NOT_SAME, "not_same", "{roles: roles, lead?: bool}")                                   \
    X(GUARD_OTHER_THAN, "other_than", "{command: command}")                                        \
    X(GUARD_FLAG, "flag", "flags")                                                                 \
    X(GUARD_NO_FLAG, "no_flag", "flags")                                                           \
    X(GUARD_DONE, "done", "commands|{commands: commands, since?: state}")                          \
    X(GUARD_CHOICE, "choice", "{field: field, in: texts}")                                         \
    X(GUARD_IN_TIME, "in_time", "clocks")                                                          \
    X(GUARD_SOURCE, "source", "{tier?: texts, in?: texts}")                                        \
    X(GUARD_REFUSE, "refuse", "bool")

/* Effects: `then:` of a command or of the making of a case, `on_lapse:` of a deadline. */
#define EFFECT_TABLE(X)                                                                            \
    X(EFFECT_SET, "set", "{field: field, to?: any, from?: field}")                                 \
    X(EFFECT_CLEAR, "clear", "fields")                                                             \
    X(EFFECT_CONFIRM, "confirm", "flag")                                                           \
    X(EFFECT_FLAG, "flag", "flag")                                                                 \
    X(EFFECT_UNFLAG, "unflag", "flag")                                                             \
    X(EFFECT_ASSIGN, "assign", "{role: role, from?: field, as?: role, clear?: bool}")              \
    X(EFFECT_OPINION, "opinion", "{verdict: text, from?: field}")                                  \
    X(EFFECT_SIGN, "sign", "{of: text, seal?: bool}")                                              \
    X(EFFECT_START, "start", "clock")                                                              \
    X(EFFECT_STOP, "stop", "clock")                                                                \
    X(EFFECT_PAUSE, "pause", "clock")                                                              \
    X(EFFECT_RESUME, "resume", "clock")                                                            \
    X(EFFECT_EXTEND, "extend", "{clock: clock, by: field|int, unit?: text}")                       \
    X(EFFECT_MARK, "mark", "{list: field, item: field, column: text, to?: any, from?: field}")     \
    X(EFFECT_ADD, "add", "{list: field, row: map}")                                                \
    X(EFFECT_RECORD, "record", "{what: flag, charge?: role, lead?: bool}")                         \
    X(EFFECT_TELL, "tell", "roles")                                                                \
    X(EFFECT_ISSUE, "issue", "text|{document: text, to?: roles, copies?: texts}")                  \
    X(EFFECT_MEASURE, "measure", "{step: text, charge?: role}")                                    \
    X(EFFECT_REFER, "refer", "{to: text, what: flag}")                                             \
    X(EFFECT_OPEN, "open", "{procedure: text, fields?: map, link: text, per?: field}")

/* Conditions: `if:`. */
#define CONDITION_TABLE(X)                                                                         \
    X(CONDITION_FIELD, "field", "{field: field, is?: any, in?: texts, set?: bool, above?: int, below?: int}")\
    X(CONDITION_FLAG, "flag", "flag")                                                              \
    X(CONDITION_SOURCE, "source", "{tier?: texts, in?: texts}")                                    \
    X(CONDITION_ROLE, "role", "{role: role, min?: int, kinds?: texts}")                            \
    X(CONDITION_SETTING, "setting", "{setting: text, is: any}")                                    \
    X(CONDITION_STATE, "state", "states")                                                          \
    X(CONDITION_CONFIRMED, "confirmed", "flags")                                                   \
    X(CONDITION_DONE, "done", "commands")                                                          \
    X(CONDITION_LATE, "late", "clock")                                                             \
    X(CONDITION_ACTOR, "actor", "{role: role, post?: text}")                                       \
    X(CONDITION_ALL, "all", "conditions")                                                          \
    X(CONDITION_ANY, "any", "conditions")                                                          \
    X(CONDITION_NOT, "not", "condition")
