#pragma once
/*
 * A case file (卷宗): a folder or zip that stands without Lantian. Index, what the case says, its
 * events as they were hashed, original evidence, issued documents, the signed root with a path from each event, and how
 * to verify it all (tools/verify.c tells the format). Bytes of evidence are streamed.
 *
 *   index.html reading-copy.pdf content.json events.json VERIFY-zh.txt VERIFY-en.txt MANIFEST.sha256 SIGNATURE
 *   evidence/<sha256>.<ext>   documents/<sha256>.xml   ledger/{events,checkpoint,proofs}.txt   ledger/{earlier,consistency}.txt
 *
 * That somebody took the file out is noted in the ledger, at the case's campaign, before it is made.
 */
#include "services/casework.h"

enum case_export_form {
    CASE_EXPORT_FOLDER,
    CASE_EXPORT_ZIP,
    CASE_EXPORT_PDF /* the one PDF alone: to be read and printed, not to be verified */
};

struct case_export {
    const struct home *home;
    const struct world *world;
    struct reader reader;
    const struct actor *actor; /* null: the program itself */
    struct str by;             /* for the ledger: <person id>/<post id> or "system" */
    struct case_ref ref;
    enum case_export_form form;
};

/*
 * Waits for commits: on a slow thread only.
 *
 *   path   a new folder, or for the other forms a new file
 *
 * Errors: ST_NOT_FOUND case.unknown: no such case, or not theirs to see
 *         ST_CONFLICT  casefile.exists {path}; ST_BROKEN evidence that is not what its name says
 *         ST_IO        those of the folder
 */
MUST_USE enum status case_export_write(struct ctx *ctx, struct db_conn *conn,
                                       const struct case_export *terms, const char *path,
                                       int64_t *out_files);
