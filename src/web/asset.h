#pragma once
/*
 * Addresses of static files. Each holds the tag of the file's bytes, so that a browser may keep
 * it for ever and still gets the new one after an update:
 *
 *   static/app.css  ↔  /static/0123456789abcdef/app.css
 */
#include "kit/furniture.h"

/* The address of a furniture path that begins with "static/"; it is asserted that the file exists. */
struct str asset_format_url(struct arena *arena, const struct furniture *furniture,
                            const char *path);

/*
 * The file behind the path of a request, or null.
 *
 *   path      decoded, without the query
 *   out_kept  whether the tag is the file's own: then the answer may be kept for ever, else it
 *             must be asked for again
 */
const struct furniture_item *asset_find(const struct furniture *furniture, struct str path,
                                        bool *out_kept);
