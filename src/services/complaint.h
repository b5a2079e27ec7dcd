#pragma once
/*
 * What anybody may bring without a login, and how they learn what became of it. A complaint is an arrival
 * (regime/arrival.h) of the name ARRIVAL_PUBLIC: the pack says which case it becomes, which of its fields
 * tell the answer and which command takes how satisfied they are. It is told `text`, `place`, `name`, `phone`;
 * name and phone only where the pack seals the fields that take them.
 *
 * The receipt is a code that whoever brought it has and nobody else: the case keeps its hash, as its key. So the
 * same form sent twice makes one case, and the code opens nothing but what is told here.
 */
#include "services/casework.h"

enum {
    COMPLAINT_TEXT_MIN = 10, /* characters */
    COMPLAINT_TEXT_MAX = 2000,
    COMPLAINT_PLACE_MAX = 200,
    COMPLAINT_NAME_MAX = 50,
    COMPLAINT_PHOTOS_MAX = 3
};

struct complaint {
    struct str code; /* of complaint_new_code */
    struct str region, text, place, name, phone; /* the last two may be empty */
};

/* Sixty bits by chance and a character that finds slips: "7K3M-…". */
struct str complaint_new_code(struct arena *arena);
/* As somebody types it: small letters, blanks, O for 0. false: it is none, or has a slip. */
bool complaint_read_code(struct arena *arena, struct str typed, struct str *out);

/*
 * {code, is_taken, asks_who, regions: [{code, name, selected}]}: where an open campaign takes complaints; chosen: a region,
 * or empty. Errors: those of loading packs
 */
MUST_USE enum status complaint_form_document(struct ctx *ctx, const struct world *world,
                                             struct str chosen, struct value **out);

/*
 * Makes the case, and links it to the one that most likely tells the same. Sent again with the same code it is that case. Waits.
 *
 * Errors: ST_INVALID   with field: complaint.too_short, complaint.too_long, complaint.nobody_takes, complaint.code
 *         those of making the case, which the pack's guards give
 */
MUST_USE enum status complaint_make(struct ctx *ctx, const struct home *home,
                                    const struct world *world, struct db_conn *conn,
                                    const struct complaint *told, struct case_ref *out);

/* The kind of evidence that photos become. Empty: the procedure takes none. */
struct str complaint_photo_kind(const struct engine *engine);

/*
 * What may be told to who has the code: {number, code, region, state, made, made_text, moved_text, ended, ended_text, due_text,
 * answers: [{label, text}], may_rate, rated, search_url}. No person, no unit, no text but the answer.
 *
 * Errors: ST_NOT_FOUND complaint.unknown: whatever is wrong with the code
 */
MUST_USE enum status complaint_document(struct ctx *ctx, const struct world *world,
                                        struct db_conn *conn, const struct reader *reader,
                                        struct str typed, struct value **out);

/* The case of a code. Errors: ST_NOT_FOUND complaint.unknown */
MUST_USE enum status complaint_find(struct ctx *ctx, const struct world *world,
                                    struct db_conn *conn, struct str typed, struct case_ref *out);

/*
 * How satisfied they are, once, after the answer.
 *
 * Errors: as above; ST_CONFLICT complaint.not_now; those of the pack's command
 */
MUST_USE enum status complaint_rate(struct ctx *ctx, const struct home *home,
                                    const struct world *world, struct db_conn *conn,
                                    struct str typed, const struct value *input);
