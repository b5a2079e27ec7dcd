#pragma once
/*
 * A paper as DOCX (ISO/IEC 29500-1, WordprocessingML) for Word, WPS and LibreOffice: the look of paper_pdf.h on the
 * grid of the page, told by named styles, so that whoever goes on writing stays in form. Fonts have the names
 * that offices know (仿宋_GB2312, 方正小标宋简体, 黑体, 楷体_GB2312, 宋体); where one is not there, fontTable names
 * what may stand for it. Any thread.
 */
#include "base/buf.h"
#include "kit/paper.h"

#define PAPER_DOCX_TYPE "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

/*
 *   out     the file's bytes are added to it; the same paper gives the same bytes
 *
 * Errors: ST_LIMIT  qr.too_long; the limit of `out`
 *         ST_IO     archive.cannot_write, paper.cannot_draw {error}: memory for the zip, for the code's picture
 */
MUST_USE enum status paper_docx_write(struct ctx *ctx, const struct paper *paper, struct buf *out);
