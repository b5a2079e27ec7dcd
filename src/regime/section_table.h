#pragma once
/*
 * Parts of a pack beside its procedures (`ladder` and `prohibitions` are bound with them): X(name, shape of the section), in the shape language of
 * vocabulary_table.h with [shape] for a list of such items. What stands deeper as map or list is
 * read by the mechanism that the section belongs to (docs/mechanisms.md).
 */
#define SECTION_TABLE(X)                                                                           \
    X("regions", "[{id: word, zh: text, en: text, codes: texts, under?: text, belongs_to?: text, "\
                 "clause?: clause}]")                                                              \
    X("scores", "{measure: word, period?: setting, sum?: setting, jump?: setting, "                \
                "double?: setting, several?: setting, dual?: int, full?: int, "                        \
                "rules?: [{id: word, zh: text, en: text, group?: word, as?: role, points?: int, "  \
                "copied?: bool, once?: bool, clause?: clause}], "                                  \
                "thresholds?: [{at: int, do: procedure, blocks?: text, gives?: map, "              \
                "clause?: clause}], "                                                              \
                "weights?: [{id: word, zh: text, en: text, percent: int, clause?: clause}], "      \
                "clause?: clause}")                                                                \
    X("boards", "[{id: word, zh: text, en: text, "                                                 \
                "columns: {procedure: procedure, from: text, to: text}, "                          \
                "rows?: {procedure: procedure, states?: texts}, "                                  \
                "cells?: [{procedure: procedure, zh: text, en: text}], clause?: clause}]")         \
    X("counts", "[{id: word, zh: text, en: text, of: procedure, group: texts, per?: word, "        \
                "day?: text, units?: role, without?: texts, threshold?: int, "                     \
                "propose?: procedure, fields?: map, clause?: clause}]")                            \
    X("obligations", "[{id: word, zh: text, en: text, "                                            \
                     "who?: {procedure: procedure, states?: texts, role?: text, fields?: map}|"    \
                     "parties, procedure: procedure, if?: {setting: {setting: setting, is: any}}, " \
                     "due?: days, every?: text, windows?: texts, dates?: texts, since?: text, "    \
                     "ahead?: text, grace?: text, at_least?: int, fields?: map, roles?: roles, "   \
                     "fulfilled_by?: {procedure: procedure, command: text, states?: texts, "       \
                     "on?: text, entry?: {list: text, day: text, unit?: text}, role?: role, "      \
                     "region?: any, all?: any, fields?: map, "                                     \
                     "link?: word}, clause?: clause}]")                                            \
    X("bodies", "[{id: word, zh: text, en: text, of: procedure, list?: text, person: text, "       \
                "seat?: text, unit?: text, from: text, to: text, day?: text, reason?: text, "      \
                "exceptions?: {list: text, rule: text, person?: text}, "                           \
                "rules: [{id: word, zh: text, en: text, seats?: texts, months?: text, "            \
                "of_rank?: text, count?: {is?: int, min?: int, max?: int}, rank?: text, "          \
                "ever?: any, from?: {kinds?: kinds, role?: role}, "                                \
                "has?: {procedure: procedure, role?: role, person?: text, states?: texts, "         \
                "yes?: texts, "                                                                    \
                "filled?: texts, same?: texts, covers?: {field: text, by: text}}, "                \
                "lacks?: {procedure: procedure, role?: role, person?: text, states?: texts, "       \
                "yes?: texts, "                                                                    \
                "filled?: texts, same?: texts}, away?: texts, "                                    \
                "apart?: {procedure: procedure, role: role, states: texts, from: text, to: text}, "\
                "once?: {procedure: procedure, role: role, states: texts, day: text, per: any}, "  \
                "else?: text, clause?: clause}], clause?: clause}]")                               \
    X("coverage", "[{id: word, zh: text, en: text, level: word, "                                  \
                  "every: {people?: posts, at?: kinds, regions?: texts, units?: kinds}, "          \
                  "with: {people?: posts, at?: kinds, regions?: texts, units?: kinds}, "           \
                  "by: {procedure: procedure, states?: texts, list?: text, person?: text, "        \
                  "post?: text, body?: text, region?: text, unit?: text}, "                        \
                  "also?: {procedure: procedure, states?: texts, list?: text, person?: text, "     \
                  "post?: text, body?: text, region?: text, unit?: text}, "                        \
                  "at_least?: int, exactly?: int, clause?: clause}]")                              \
    X("documents", "[{id: word, zh: text, en: text, form?: word, template?: word, number?: number, " \
                   "issuer?: role, fields?: words, receipt?: bool, notice?: word, clause?: clause}]")             \
    X("arrivals", "[{id: word, zh: text, en: text, procedure: procedure, source?: source, "         \
                  "fields: map, tells?: map, rated?: word, clause?: clause}]")                     \
    X("files", "[{id: word, zh: text, en: text, of: procedures, beside?: procedures, "            \
               "to: [{procedure: procedure, states?: words, roles: roles}], reach?: word, "       \
               "clause?: clause}]")                                                               \
    X("disclosures", "[{id: word, zh: text, en: text, of: procedure, list: text, states: texts, "  \
                     "title: text, redact: text, digest?: text, corrects?: text, note?: text, clause?: clause}]") \
    X("reports", "[{id: word, zh: text, en: text, of?: procedure, per?: period, "                  \
                 "figures?: [{id: word, zh: text, en: text, count?: word, in?: words, "            \
                 "not_in?: words, listed?: bool, "                                                 \
                 "free_time?: {from: text, to: text, where?: map}}], "                             \
                 "tables?: [{id: word, zh: text, en: text, by: grouping}], "                       \
                 "to?: texts, clause?: clause}]")                                                  \
    X("notices", "[{id: word, zh: text, en: text, of: procedure, closes?: text, at?: text, "       \
                 "channel?: text, type?: text, key?: text, verdict?: text, completion?: text, "    \
                 "dispatched?: text, to?: role, clause?: clause}]")                                \
    X("desks", "[{id: word, zh: text, en: text, role: role, reads?: bool, "                        \
               "queues: [{id: word, zh: text, en: text, of: procedures, states?: texts, "          \
               "mine?: bool, late?: bool, where?: map, clause?: clause}], clause?: clause}]")
