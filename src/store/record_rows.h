#pragma once
/*
 * System records: what has no case of its own (settings, the directory, accounts, campaigns, packs
 * in force, batches) is in the ledger too, under the prefecture 000000. Its events are
 *   created    {"procedure": kind, "fields": {…}}
 *   field_set  {"fields": {…}}      the whole record again
 *   withdrawn  {"reason": …}        the row goes, its history stays
 * and its row is a projection of the last of them. Secrets (password hashes) are never in it.
 *
 * Fields by kind; ids and dates are text, an absent date is open:
 *   setting      name value
 *   region       code name short_name parent level valid_from valid_to
 *   unit         code name short_name aliases kind region parent valid_from valid_to
 *   person       name phone
 *   post         person unit post rank valid_from valid_to
 *   account      person login platform state
 *   calendar_day calendar date day name notice
 *   campaign     name regime pack title_zh title_en region state begins ends settings roles
 *   regime       name pack version
 *   batch        campaign number date source
 * `value`, `settings` and `roles` may be any tree; their rows hold its JSON. `person`, `unit` are ids.
 */
#include "store/ledger.h"

enum record_kind {
    RECORD_SETTING,
    RECORD_REGION,
    RECORD_UNIT,
    RECORD_PERSON,
    RECORD_POST,
    RECORD_ACCOUNT,
    RECORD_CALENDAR_DAY,
    RECORD_CAMPAIGN,
    RECORD_REGIME,
    RECORD_BATCH,
    RECORD_KIND_COUNT
};

const char *record_kind_name(enum record_kind kind);
bool record_kind_parse(struct str name, enum record_kind *out);

/* "000000" */
struct prefecture record_prefecture(void);

/*
 * Writes a record: the event and its row.
 *
 *   id        0 makes a new one
 *   actor     <person id>/<post id> or "system"
 *   command   what was done: import, add, rename …
 *   fields    map; members that the kind does not have are kept in the event only
 *
 * Errors: ST_CONFLICT db.unique (a login, code or name that is taken)
 *         ST_NOT_FOUND record.unknown, ST_BROKEN ledger.unreadable
 */
MUST_USE enum status record_put(struct ctx *ctx, struct ledger_tx *ledger, enum record_kind kind,
                                int64_t id, struct str actor, struct str command,
                                const struct value *fields, int64_t *out_id);
MUST_USE enum status record_remove(struct ctx *ctx, struct ledger_tx *ledger, enum record_kind kind,
                                   int64_t id, struct str actor, struct str command,
                                   struct str reason);

/* Something that happened to a record and changes no row (a password was set, a login refused):
 * a `noted` event. what: the word for it; details: map or null. */
MUST_USE enum status record_note(struct ctx *ctx, struct ledger_tx *ledger, int64_t id,
                                 struct str actor, struct str command, struct str what,
                                 const struct value *details);

/* Folds one event of a record into its rows; for rebuild. `io_kind` is set by `created`. */
MUST_USE enum status record_fold(struct ctx *ctx, struct db_conn *conn, const struct event *event,
                                 struct str hash, enum record_kind *io_kind);

/*
 * Moves whenever a row changes that programs keep in memory (all kinds but batches); told by the
 * counter `system`, which record_fold moves, so that a rebuild ends at the same number.
 */
MUST_USE enum status record_generation(struct ctx *ctx, struct db_conn *conn, int64_t *out);
