#pragma once
/*
 * `lantian report burden`: what the packs at work ask of people again and again (regime/burden.h), in
 * the reader's words.
 */
#include "services/reader.h"
#include "services/world.h"

/*
 * {items: [{campaign, campaign_label, regime, forms_n, fields, prefilled,
 *           forms: [{item, title, clause, who, every, form, procedure, command, by_program,
 *                    fields, prefilled, asked: [label]}]}]}
 *
 * An item for each open campaign whose pack has obligations. `form`: what the form is called, `command`
 * `create` for the making of a case. asked: the fields that people fill in themselves.
 *
 *   campaign   only this one; empty: all
 *
 * Errors: ST_NOT_FOUND campaign.unknown {name}; those of world_load_pack
 */
MUST_USE enum status burden_report_document(struct ctx *ctx, const struct world *world,
                                            const struct reader *reader, struct str campaign,
                                            struct value **out);
