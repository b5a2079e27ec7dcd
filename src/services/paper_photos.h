#pragma once
/*
 * The photos that a paper names, as they go into its files: the small copies that were made when the evidence
 * was taken in (kit/picture.h), so that nothing a stranger sent is decoded to write a letter.
 */
#include "engine/casefile.h"
#include "kit/paper.h"
#include "services/home.h"

/*
 * Fills the photos of the paper from the case's evidence; one that is not at hand stays empty, and an
 * empty frame stands in its place.
 *
 * Errors: those of the database
 */
MUST_USE enum status paper_photos_load(struct ctx *ctx, const struct home *home, struct db_conn *conn,
                                       const struct casefile *casefile, struct paper *paper);
