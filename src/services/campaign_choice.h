#pragma once
/*
 * Pages about one campaign let the reader choose among those whose pack has what the page shows.
 */
#include "services/reader.h"
#include "services/world.h"

/* Whether the pack has what the page shows. */
typedef bool campaign_choice_fits(const struct regime *regime);

/*
 *   wanted   the campaign asked for, or absent: the first that fits where the reader is (its region holds
 *            their unit's, or lies in it), else the first that fits
 *   path     of the page: "/coverage"
 *   doc      gets `campaigns`: [{id, label, url, here}], and of the chosen one `campaign` and
 *            `campaign_label`
 *   out      the chosen one; null where none fits and none was asked for. One that was asked for is
 *            given whether it fits or not
 *
 * Errors: ST_NOT_FOUND campaign.unknown {name}; those of world_load_pack
 */
MUST_USE enum status campaign_choice_put(struct ctx *ctx, const struct world *world,
                                         const struct reader *reader, struct str wanted,
                                         const char *path, campaign_choice_fits *fits,
                                         struct value *doc, const struct world_campaign **out);
