#pragma once
/*
 * The texts of a release that is drawn up, with what was found in them marked (base/redact.h), and the list
 * as it stands once a person has chosen. A cell's text is shown in pieces, so that a page can show the marks
 * where they stand.
 */
#include "base/ctx.h"
#include "engine/engine.h"
#include "regime/disclosure.h"
#include "services/reader.h"

/*
 * {marks, rows: [{n, number, count, cells: [{name, label, text, pieces: [{text, mark, kind, kind_label, instead, confidence, sure}],
 * marks: [{id, text, kind, kind_label, instead, confidence, sure}]}]}]}; only cells that are texts. id: `row.column.from`.
 */
struct value *redaction_document(struct arena *arena, const struct reader *reader,
                                 const struct regime_disclosure *disclosure,
                                 const struct value *rows);

/*
 * The rows with the accepted marks replaced.
 *
 *   accepted   list of ids, or one; null: none
 *   also       map: number of a row from 1 → further words to mask there, parted by blanks; may be null
 */
struct value *redaction_apply(struct arena *arena, const struct regime_disclosure *disclosure,
                              const struct value *rows, const struct value *accepted,
                              const struct value *also);
