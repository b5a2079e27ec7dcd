#include "kit/qr.h"

#include <qrencode.h>

#include "base/buf.h"

enum { QUIET = 4, SVG_BYTES_MAX = 1 << 20 };

enum status qr_grid(struct ctx *ctx, struct str text, const unsigned char **out, int *out_width)
{
    QRcode *code = QRcode_encodeString8bit(str_c(ctx->arena, text), 0, QR_ECLEVEL_M);
    if (code == NULL)
        return fail(ctx, ST_LIMIT, "qr.too_long", NO_ARGS);
    size_t count = (size_t)code->width * (size_t)code->width;
    unsigned char *grid = arena_alloc(ctx->arena, count);
    for (size_t i = 0; i < count; i++)
        grid[i] = code->data[i] & 1;
    *out = grid;
    *out_width = code->width;
    QRcode_free(code);
    return ST_OK;
}

enum status qr_svg(struct ctx *ctx, struct str text, struct str label, struct str *out)
{
    const unsigned char *grid;
    int width;
    struct buf svg;
    TRY(qr_grid(ctx, text, &grid, &width));
    buf_init(&svg, ctx->arena, SVG_BYTES_MAX);
    buf_printf(&svg,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"qr\" role=\"img\" viewBox=\"0 0 %d %d\" aria-label=\"",
               width + 2 * QUIET, width + 2 * QUIET);
    html_attr(&svg, label);
    buf_c(&svg, "\"><path fill=\"#fff\" d=\"M0 0h999v999H0z\"/><path d=\"");
    for (int y = 0; y < width; y++)
        for (int x = 0; x < width; x++)
            if (grid[y * width + x] != 0)
                buf_printf(&svg, "M%d %dh1v1h-1z", x + QUIET, y + QUIET);
    buf_c(&svg, "\"/></svg>");
    *out = buf_str(&svg);
    return buf_status(&svg);
}
