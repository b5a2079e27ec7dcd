#pragma once
/*
 * The fixed vocabulary of packs: what a guard may demand, what an effect may do, what a condition
 * may ask. X(ENUM, word, argument shape). One table: the loader reads shapes from it, the checker
 * names what is unknown, the engine has one function a row, `lantian regime vocabulary` prints it
 * with the example of the words file (keys vocabulary.<group>.<word> and ….example).
 *
 * Shapes, a small language of their own (regime/shape.c):
 *   field  fields      name(s) of fields of the procedure or of the command's form
 *   column  columns    column(s) of the list field that the same map names under `list:`
 *   role  roles        role name(s)          state  states  state name(s)
 *   holders            role name(s), each also as role.lead: its first-listed unit only
 *   clock  clocks      deadline name(s)      command  commands  of the procedure; also "create"
 *   flag  flags        marks on a case, of the pack's own making: raised somewhere if asked for
 *   confirmation(s)    likewise: made by an effect `confirm` if asked for
 *   word               a name of the pack's own making that nothing else refers to
 *   (flags, confirmations, words and documents must have their words under `words:` of the pack)
 *   evidence           map evidence kind → least number, with optional `since: state`
 *   rule               id of a rule under `scores`
 *   procedure(s) setting sources tiers kinds posts document   names of what their word says;
 *                      a post may also be "self": the person who gives the command
 *   step  steps        of the pack's ladder
 *   party  parties     a role, a kind of unit, or `any` (sections)
 *   period             year, half_year, quarter or month
 *   grouping           what counts are made by: campaign procedure state region source tier type unit
 *                      month batch
 *   days               dates of the year, MM-DD, ascending
 *   row                map: column or field → field it is copied from, `today`, `now`, `actor` (the
 *                      unit that gives the command), `giver` (the person), `each` (of `per:`),
 *                      {role: its holders} or {value: literal}
 *   match              map: field of a case of another procedure, or `number`, `state`, `flag`
 *                      (those that stand) → what it must be: a
 *                      value as in a row (without `each`). `region: here` is of this region or one it
 *                      lies in, `below` of this one or one inside it, `same` of this very one
 *   condition(s)       what stands under `if:`
 *   number             the pattern of a document's number
 *   text texts int bool map any   plain values; int and bool may be a setting's name
 *   {a: shape, b?: shape}   map with needed and optional (?) keys
 *   shape|shape        either
 *
 * What the loader hands on is made even: a plural shape is always a list; where a short form
 * stands beside a map (`role|{role: role, …}`), the short form becomes the map's first key.
 */

/*
 * Order within a command: the form's fields are set, then the effects run in their order (each
 * condition sees what stands by then), then the clocks of starts_on, pauses_on, resumes_on and
 * stops_on. A clock `until` an empty field does not start.
 *
 *   covers   the field names every unit (or person) that holds the role; others: its lead aside;
 *            except: units that hold that other role aside (so too in `opinions`)
 *   record   the form asks for a case of one of these procedures (`record`); it is linked
 *   pressed  so many measures of these steps were confirmed earlier
 *   numbered the list has so many rows, and its column the numbers from 1 to so many, each once
 *   distinct in each of these columns no value stands in two rows
 *   clean    no text of the list holds personal data of which redact_find (base/redact.h) is certain
 *   posts    each unit that holds the role has so many people in the post on the day (min: 1 where it is
 *            not said; max: any number)
 *   apart    no unit that holds the role is of a region that the case lies in
 *   in_scope the case lies in one of the pack's `regions`
 *   body     the case is complete as the item of `bodies` says; only: as far as these of its rules go;
 *            list: with the members that stand in this list, of the same columns
 *   dates    future: today or later; past: today or earlier, of the day the command happened
 *   list_dates   ordered: no row before its forerunner; ends: the last row on the day `not_after`
 *   no_row   no row of the list holds these values in these columns
 *   tally    rewrites the list `field`: a row for each value that stands in the column `by`, in the
 *            order of first appearance, with that value and, in `count`, how many rows have it
 *   mark     item: the row that the field counts out, from 1; where: every row that agrees, at least one
 *   sum      writes the sum of a column of the list into the field (whole, decimal or money)
 *   deviation    by how many percent a number differs from another, up or down, a fraction counting whole
 *   shift    writes the day that lies so many days after `from`, back: before it; an empty one empties it
 *   count_days   how many days lie between the two, neither counted; 0 where there are none
 *   gaps     writes into the list `into` (column day) the days from `since` to `until`, both included,
 *            that no row has in the column
 *   attain   says of each row in the column `met` whether its value meets its target, by the rule that
 *            the list `rules` names in the column `rule` for the same value of `on`: at_most, at_least, or
 *            reduction (of the base by at least that percentage); all: whether every row does
 *   count    cases of the procedure in the case's region and below it; create where no command is named;
 *            a day that is not filled in leaves that end open
 *   set      now: the day or the instant at which the command happened, as the field's kind is
 *   add      per: one row for each unit or value that the field names, `each` in the row
 *   assign   actor: the unit that gives the command; posts: the people who now hold them at the
 *            units of the role `at`; as with of: who holds that role in the case that the field names;
 *            list, column: those named in this column, of the rows that hold the values of `where`
 *   period   writes "<year>-<n>" into the field: the n-th cut-off of the year, the first on or after
 *            the latest of the days `of` (none: the day it happened), the cut-off day included;
 *            after the year's last one the next year's first. roll: a cut-off on a day off moves to
 *            the next working day. until: the day of that cut-off. since: a day of which the period
 *            is taken likewise; where it is an earlier one, the flag `late` is raised
 *   next     writes the earliest date in `column` of the rows whose bool `open` is not true;
 *            clears the field where no such row is left
 *   gather   writes into the field the units of these kinds in the case's region and below it, then the
 *            units that hold the role in standing cases of the procedure, each once
 *   match_units  writes into each row the units whose printed names stand in the column `names`, parted by
 *            、 or ；; one that nobody bears alone is refused
 *   look_up  writes the units that the dictionaries of the choice fields `by` name for their values
 *            (column `units`), the first-named first, each once; none named: the field stays
 *   cite     writes a row for each rule of this pack that rests on one of the clauses: its name
 *            (procedure.command, section.item …) and its words
 *   open     makes a case of another procedure, linked; per: one for each unit the field names, in
 *            the unit's region, or one for each row of a list, whose columns fill the fields of
 *            the same name (region: the column that names the new case's region, or same: this one's); per_role: one for each unit of these roles; roles: whoever holds them
 *            here holds them there. once: no second case of the procedure is opened for the same value
 *            of this field
 *   hand_on  passes the matter on to the campaign that takes such matters (`arrivals` of its pack) where
 *            the case, or the region field, lies: a case of that campaign's own, linked both ways. fields
 *            (a row) are what it is told; answer: the command that the case here gets when that one has
 *            ended; shows: whoever sees that one may read this one. A second time it is refused
 *   score    charges each unit that holds `charge` with the points of the rule, or with those in the
 *            field `points` where the rule says `copied`; shares: a list whose rows (unit, points)
 *            divide them. subject: what it is about, for rules that count once a subject
 *   assess   writes into the list a row for each unit that held one of the roles in the year, with its
 *            points: which columns there may be is told in engine/effect_assess.c and the manual
 *   unscore  takes back what the case has charged: all, or of the units in a field
 *   unseated  writes into the column of the list those people of these kinds of unit whom the rule `once`
 *            of a body means and who were in no such case of the season of the day `on`
 *   give     gives a command of another procedure, as the system, in the cases that the field `to`
 *            names (kind `case`) or that are linked to this one as `linked`; fields fill its form.
 *            Both happen or neither: what that case refuses is refused here. link: how the two
 *            are linked from then on
 *   collect  fills the list anew with the campaign's cases of another procedure that stand in one of
 *            the states, have yes in the field `is` and agree with `where`; row: column → number,
 *            region, or a field of that case
 *   in_force writes into the field (kind `case`) the number of that case of the other procedure that
 *            was the last to take effect, by its date `from`, on the day of the field `on` (none: the
 *            day it happened); copy: own field → a field of that case. None found: all are emptied
 *   commit_list   writes the hash of a list and the hash of the rules by which will be drawn from it
 *            (docs/draws.md). key: the column that names a thing; strata: at least one of each;
 *            excluded: a row that is filled there is not drawn from, for the reason that stands there
 *   digest   writes the SHA-256 of a list as it stands into a field, by the bytes that docs/draws.md lists
 *            hash
 *   draw     draws from the list whose hash stands in the field, as it was committed, by the seed;
 *            into gets the rows drawn, keys their names. Drawn again it must give the same rows.
 *            Another list, other rules, another sample are refused
 */

/* Guards: `needs:`; all must hold. */
#define GUARD_TABLE(X)                                                                             \
    X(GUARD_FIELDS, "fields", "fields")                                                            \
    X(GUARD_ONE_OF, "one_of", "fields")                                                            \
    X(GUARD_YES, "yes", "fields")                                                                  \
    X(GUARD_ROLE, "role", "role|{role: role, min?: int, kinds?: kinds}")                           \
    X(GUARD_EVIDENCE, "evidence", "evidence")                                                      \
    X(GUARD_SIGNATURE, "signature", "{of: post, seal?: bool}")                                     \
    X(GUARD_SIGNED, "signed", "{role: role, post?: post, seal?: bool, since?: state}")             \
    X(GUARD_OPINIONS, "opinions", "{role: role, verdict?: word, others?: bool, except?: role, since?: state}")\
    X(GUARD_CONFIRMED, "confirmed", "confirmations|{all: confirmations, since?: state}")           \
    X(GUARD_LIST, "list", "{list: field, min?: int, done?: column, filled?: columns}")             \
    X(GUARD_DATES, "dates", "{field: field, not_after?: setting|field, not_before?: setting|field, future?: bool, past?: bool}")\
    X(GUARD_LIST_DATES, "list_dates", "{list: field, column: column, not_after: field, ordered?: bool, ends?: bool}")\
    X(GUARD_NOT_SAME, "not_same", "{roles: roles, lead?: bool}")                                   \
    X(GUARD_COVERS, "covers", "{field: field, role: role, others?: bool, except?: role}")          \
    X(GUARD_OTHER_THAN, "other_than", "command|{command: command}")                                \
    X(GUARD_FLAG, "flag", "flags")                                                                 \
    X(GUARD_NO_FLAG, "no_flag", "flags")                                                           \
    X(GUARD_DONE, "done", "commands|{commands: commands, since?: state}")                          \
    X(GUARD_CHOICE, "choice", "{field: field, in: texts}")                                         \
    X(GUARD_IN_TIME, "in_time", "clocks")                                                          \
    X(GUARD_SOURCE, "source", "{tier?: tiers, in?: sources}")                                      \
    X(GUARD_REFUSE, "refuse", "bool")                                                              \
    X(GUARD_NO_ROW, "no_row", "{list: field, row: row}")                                           \
    X(GUARD_RECORD, "record", "procedures")                                                        \
    X(GUARD_PRESSED, "pressed", "{steps: steps, min?: int}")                                       \
    X(GUARD_NUMBERED, "numbered", "{list: field, column: column, to: int}")                        \
    X(GUARD_DISTINCT, "distinct", "{list: field, columns: columns}")                               \
    X(GUARD_POSTS, "posts", "{role: role, post: post, min?: int, max?: int}")                      \
    X(GUARD_APART, "apart", "role")                                                                \
    X(GUARD_IN_SCOPE, "in_scope", "bool")                                                          \
    X(GUARD_CLEAN, "clean", "{list: field}")                                                        \
    X(GUARD_BODY, "body", "text|{body: text, only?: texts, list?: field}")

/* Effects: `then:` of a command or of the making of a case, `on_lapse:` of a deadline. In order. */
#define EFFECT_TABLE(X)                                                                            \
    X(EFFECT_SET, "set", "{field: field, to?: any, from?: field, now?: bool}")                     \
    X(EFFECT_CLEAR, "clear", "fields")                                                             \
    X(EFFECT_PERIOD, "period", "{field: field, cutoffs: days, of?: fields, until?: field, since?: field, late?: flag, roll?: bool}")\
    X(EFFECT_NEXT, "next", "{field: field, list: field, column: column, open: column}")            \
    X(EFFECT_CONFIRM, "confirm", "confirmation")                                                   \
    X(EFFECT_FLAG, "flag", "flag")                                                                 \
    X(EFFECT_UNFLAG, "unflag", "flag")                                                             \
    X(EFFECT_ASSIGN, "assign", "{role: role, from?: field, as?: roles, of?: field, actor?: bool, posts?: posts, at?: role, list?: field, column?: column, where?: row, clear?: bool}")\
    X(EFFECT_OPINION, "opinion", "{verdict: word, from?: field}")                                  \
    X(EFFECT_SIGN, "sign", "{of: post, seal?: bool}")                                              \
    X(EFFECT_START, "start", "clock")                                                              \
    X(EFFECT_STOP, "stop", "clock")                                                                \
    X(EFFECT_PAUSE, "pause", "clock")                                                              \
    X(EFFECT_RESUME, "resume", "clock")                                                            \
    X(EFFECT_EXTEND, "extend", "{clock: clock, by: int|field, unit?: text}")                       \
    X(EFFECT_MARK, "mark", "{list: field, item?: field, where?: row, column: column, to?: any, from?: field, now?: bool}")   \
    X(EFFECT_ADD, "add", "{list: field, row: row, per?: field}")                                   \
    X(EFFECT_RECORD, "record", "word|{what: word, charge?: role, lead?: bool}")                    \
    X(EFFECT_TELL, "tell", "holders")                                                              \
    X(EFFECT_ISSUE, "issue", "document|{document: document, to?: holders, copies?: words}")        \
    X(EFFECT_MEASURE, "measure", "{step: step, charge?: role}")                                    \
    X(EFFECT_REFER, "refer", "{to: word, what: word}")                                             \
    X(EFFECT_OPEN, "open", "{procedure: procedure, fields?: row, link: word, per?: field, per_role?: holders, region?: text, roles?: roles, source?: source, once?: field}") \
    X(EFFECT_HAND_ON, "hand_on", "{as: word, link: word, fields: row, region?: field, answer?: command, shows?: bool}") \
    X(EFFECT_TALLY, "tally", "{list: field, by: column, field: field, total?: field}")             \
    X(EFFECT_SUM, "sum", "{list: field, column: column, field: field}")                            \
    X(EFFECT_COUNT, "count", "{field: field, procedure: procedure, command?: text, since?: field, until?: field}") \
    X(EFFECT_DEVIATION, "deviation", "{field: field, of: field, from: int|field}")                 \
    X(EFFECT_SHIFT, "shift", "{field: field, from: field, by: int, back?: bool}")                  \
    X(EFFECT_COUNT_DAYS, "count_days", "{field: field, after: field, before: field}")              \
    X(EFFECT_GAPS, "gaps", "{list: field, column: column, since: field, until: field, into: field}") \
    X(EFFECT_ATTAIN, "attain", "{list: field, on: column, value: column, target: column, base?: column, met: column, rules: field, rule: text, all: field}") \
    X(EFFECT_GATHER, "gather", "{field: field, kinds?: kinds, procedure?: procedure, states?: texts, where?: match, role?: role}")                                     \
    X(EFFECT_MATCH_UNITS, "match_units", "{list: field, names: column, into: column}")             \
    X(EFFECT_LOOK_UP, "look_up", "{field: field, by: fields}")                                     \
    X(EFFECT_CITE, "cite", "{list: field, row: column, words: column, clauses: texts}")            \
    X(EFFECT_GIVE, "give", "{procedure: procedure, command: text, to?: field, linked?: word, fields?: row, link?: word}") \
    X(EFFECT_COLLECT, "collect", "{list: field, procedure: procedure, states: texts, is?: text, where?: match, row: map}")\
    X(EFFECT_IN_FORCE, "in_force", "{field: field, procedure: procedure, states?: texts, from: text, on?: field, where?: match, copy?: map}")\
    X(EFFECT_COMMIT_LIST, "commit_list", "{list: field, key: column, strata?: column, excluded?: column, take?: int|field, percent?: int|field, at_least?: int, hash: field, rules: field}")\
    X(EFFECT_DRAW, "draw", "{hash: field, seed: field, into: field, keys?: field}") \
    X(EFFECT_DIGEST, "digest", "{list: field, field: field}")                                      \
    X(EFFECT_SCORE, "score", "{rule: rule, charge: holders, points?: field, subject?: field, shares?: field}") \
    X(EFFECT_UNSCORE, "unscore", "bool|{units: field}") \
    X(EFFECT_UNSEATED, "unseated", "{list: field, column: column, body: text, rule: text, on: field, kinds?: kinds}") \
    X(EFFECT_ASSESS, "assess", "{list: field, year: field, roles: roles, findings?: role}")

/* Conditions: `if:`. */
#define CONDITION_TABLE(X)                                                                         \
    X(CONDITION_FIELD, "field", "{field: field, is?: any, in?: texts, same?: field, set?: bool, above?: int, below?: int}")\
    X(CONDITION_FLAG, "flag", "flag")                                                              \
    X(CONDITION_SOURCE, "source", "{tier?: tiers, in?: sources}")                                  \
    X(CONDITION_ROLE, "role", "role|{role: role, min?: int, kinds?: kinds}")                       \
    X(CONDITION_SETTING, "setting", "{setting: setting, is: any}")                                 \
    X(CONDITION_STATE, "state", "states")                                                          \
    X(CONDITION_CONFIRMED, "confirmed", "confirmations")                                           \
    X(CONDITION_DONE, "done", "commands")                                                          \
    X(CONDITION_LATE, "late", "clock")                                                             \
    X(CONDITION_BEFORE, "before", "setting")                                                       \
    X(CONDITION_MONTHS, "months", "setting")                                                       \
    X(CONDITION_ACTOR, "actor", "role|{role: role, post?: post}")                                  \
    X(CONDITION_MORE, "more", "{field: field, than: field}")                                       \
    X(CONDITION_STANDING, "standing", "{procedure: procedure, states?: texts, where?: match, min?: int}")\
    X(CONDITION_ALL, "all", "conditions")                                                          \
    X(CONDITION_ANY, "any", "conditions")                                                          \
    X(CONDITION_NOT, "not", "condition")
