#pragma once
/*
 * A new data directory with what every office needs: the nation's regions, the calendars, the
 * packs of the furniture in force, and the first accounts.
 */
#include "services/home.h"

struct founding {
    struct str password; /* one-time, of sysadmin; absent in a sandbox */
    int64_t regions;
    int64_t packs;
};

/*
 * Makes the directory (home_init) and fills it. In a sandbox sysadmin, secadmin and auditor get the
 * password that the documents tell; elsewhere there is sysadmin alone, with a one-time password.
 *
 *   files   the compiled-in furniture
 *
 * Errors: those of home_init, home_open, directory_import, pack_register
 */
MUST_USE enum status founding_make(struct ctx *ctx, const struct home_terms *terms,
                                   const struct furniture_file *files, size_t file_count,
                                   struct founding *out);
