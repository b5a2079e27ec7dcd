#pragma once
/*
 * What the list's page needs beside the rows: filters with their choices, chips that remove them,
 * columns, commands for many cases at once, addresses of exports and of the next page.
 */
#include "api/office.h"

/* Adds to call->document. `query` is the map that the list was made with. */
MUST_USE enum status list_page_put(struct api_call *call, const struct world *world,
                                   const struct value *query);

/* After a refused command: marks its form in the case's document with what was typed, and why. */
/* Where the refusal was a warning: one more field, by which the form says that it is heeded. */
void list_page_put_heed(struct api_call *call, struct value *fields);
MUST_USE enum status list_page_put_refusal(struct api_call *call, struct str command);

/* Adds `bulk`: commands of the campaign's pack (null: none) that the caller may give to many cases of
   these procedures, parted by commas (empty: all). */
MUST_USE enum status list_page_put_bulk(struct api_call *call, const struct world *world,
                                        const struct world_campaign *campaign,
                                         struct str procedures);

/* Adds `export_tables`: the tables that go out and where the rows of `query` are got as one. */
void list_page_put_tables(struct api_call *call, const struct value *query);
