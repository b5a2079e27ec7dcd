#pragma once
/*
 * The register of issued documents, and the public page on which a paper is verified.
 */
#include "api/serve.h"
#include "api/call.h"
#include "engine/casefile.h"
#include "kit/paper.h"

extern const struct api_table document_api;

/* Where the paper's QR code leads: the page of verification, under the address at which it is asked for. */
void document_api_put_address(const struct api_call *call, const struct casefile *casefile,
                              int64_t sequence, struct paper *io_paper);
/*
 * Remembers that this file was made of the document, so that it can be verified; nothing of who asked for
 * it. Does not wait.
 */
void document_api_keep_file(const struct api_call *call, const struct casefile *casefile,
                            int64_t sequence, struct str bytes);
