#pragma once
/*
 * What handlers stand on: the open data directory and the clock, and for each thread that runs
 * handlers a reading connection and the snapshot of the call under way.
 */
#include "api/call.h"
#include "kit/picture.h"
#include "services/case_document.h"
#include "services/clock.h"
#include "services/drawings.h"
#include "services/home.h"

struct stream_hub;

/* api->doors.user */
struct office {
    const struct home *home;
    struct clock *clock;
    struct picture_reader *pictures; /* or null */
    struct drawings *drawings;
    struct stream_hub *streams;
};

/* For http_config: opens and ends what a thread needs. */
void *office_thread_open(const struct office *office); /* null: no connection now */
void office_thread_close(void *thread);

const struct office *office_of(const struct api_call *call);
const struct home *office_home(const struct api_call *call);
struct db_conn *office_conn(const struct api_call *call);

/*
 * The present snapshot. It belongs to the thread and lives until the next call that this thread
 * begins: long enough for the document made with it to be written out. A call that waits takes its
 * own with world_acquire.
 */
MUST_USE enum status office_world(struct api_call *call, const struct world **out);

/* Who asks, for the engine; never null. */
const struct actor *office_actor(const struct api_call *call);
struct reader office_reader(const struct api_call *call);
/* The reader's word for a code of data/dict/<dictionary>.csv, which offices edit; an unknown code as it is. */
struct str office_word(const struct api_call *call, const char *dictionary, struct str code);

/* The query as a map of texts, without the parameters that every route takes. */
struct value *office_query(const struct api_call *call);
/* Errors: ST_NOT_FOUND case.unknown: the address names no case */
MUST_USE enum status office_case_ref(struct api_call *call, const char *capture,
                                   struct prefecture *prefecture, struct casefile_id *id);
/*
 * Opens a finished temporary file for a reply and takes its name away, also where that fails.
 *
 * Errors: ST_IO io.read {error}
 */
MUST_USE enum status office_open_nameless(struct api_call *call, const char *path, int *out,
                                          int64_t *out_size);
