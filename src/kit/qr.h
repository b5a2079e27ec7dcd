#pragma once
/*
 * QR codes (ISO/IEC 18004, level M).
 */
#include "base/ctx.h"

/* A grid of width × width modules, each 0 or 1, in ctx->arena. Errors: ST_LIMIT qr.too_long */
MUST_USE enum status qr_grid(struct ctx *ctx, struct str text, const unsigned char **out,
                             int *out_width);
/* The same as an SVG with the quiet zone around it. `label`: what it is, for who cannot see it. Errors: as above */
MUST_USE enum status qr_svg(struct ctx *ctx, struct str text, struct str label, struct str *out);
