/*
 * What must hold at the end of a played campaign, whatever its regime says.
 */
#include <stdlib.h>

#include "services/body_report.h"
#include "services/coverage.h"
#include "services/simulate_int.h"
#include "services/upkeep.h"

enum { ID_DIGITS_MIN = 16, REFUSALS_TOLD = 40 };

/* ---- cases ---- */

static void count_state(struct play *play, const struct known *known)
{
    struct simulate_result *result = play->result;
    struct str procedure = play->regime->procedures[known->procedure].name;
    for (size_t i = 0; i < result->states.len; i++)
        if (str_eq(result->states.at[i].procedure, procedure) &&
            str_eq(result->states.at[i].state, known->state)) {
            result->states.at[i].cases++;
            return;
        }
    vec_add(play->ctx->arena, &result->states,
            ((struct simulate_state){str_copy(play->ctx->arena, procedure),
                                     str_copy(play->ctx->arena, known->state), known->ended,
                                     1}));
}

static int compare_states(const void *a, const void *b)
{
    const struct simulate_state *x = a, *y = b;
    int order = str_compare(x->procedure, y->procedure);
    return order != 0 ? order : str_compare(x->state, y->state);
}

static void note_stuck(struct play *play, const struct known *known, struct str why)
{
    struct simulate_result *result = play->result;
    struct arena *arena = play->ctx->arena;
    struct str procedure = play->regime->procedures[known->procedure].name;
    for (size_t i = 0; i < result->stuck.len; i++)
        if (str_eq(result->stuck.at[i].procedure, procedure) &&
            str_eq(result->stuck.at[i].state, known->state)) {
            result->stuck.at[i].cases++;
            return;
        }
    vec_add(arena, &result->stuck,
            ((struct simulate_stuck){
                str_copy(arena, procedure), str_copy(arena, known->state),
                casefile_ref_format(arena, known->ref.prefecture, known->ref.id),
                str_copy(arena, why), 1}));
}

static enum status look_at_cases(struct play *play)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct simulate_result *result = play->result;
    for (size_t i = 0; i < play->cases.len; i++) {
        const struct known *known = play->cases.at[i];
        struct ctx ctx = {.arena = arena, .now = play->now};
        enum prospect prospect = PROSPECT_PERSON;
        struct str why;
        count_state(play, known);
        if (known->ended)
            continue;
        arena_reset(arena);
        result->open_cases++;
        if (clerk_prospect(play, &ctx, play->conn, known, &prospect, &why) != ST_OK) {
            (void)fail_reason(play->ctx, ctx.failure.status, ctx.failure.reason);
            fail_keep(play->ctx);
            return ctx.failure.status;
        }
        result->waiting_cases += prospect == PROSPECT_TIME;
        result->unstaffed_cases += prospect == PROSPECT_NOBODY;
        if (prospect == PROSPECT_NONE)
            note_stuck(play, known, why);
    }
    if (result->states.len > 1)
        qsort(result->states.at, result->states.len, sizeof *result->states.at, compare_states);
    return ST_OK;
}

/* ---- refusals ---- */

static int compare_refusals(const void *a, const void *b)
{
    const struct simulate_refusal *x = a, *y = b;
    if (x->times != y->times)
        return x->times > y->times ? -1 : 1;
    return str_compare(x->what, y->what);
}

static void list_refusals(struct play *play)
{
    struct simulate_result *result = play->result;
    struct arena *arena = play->ctx->arena;
    for (size_t i = 0; i < play->refusals.len; i++) {
        const struct simulate_refusal *refusal = play->refusals.entries[i].value;
        vec_add(arena, &result->refusals,
                ((struct simulate_refusal){str_copy(arena, refusal->what),
                                           str_copy(arena, refusal->clause), refusal->times}));
    }
    if (result->refusals.len > 1)
        qsort(result->refusals.at, result->refusals.len, sizeof *result->refusals.at,
              compare_refusals);
    if (result->refusals.len > REFUSALS_TOLD)
        result->refusals.len = REFUSALS_TOLD;
}

/* ---- the digest ---- */

/* What the cases say: identifiers are told by when they first came up, times not at all. */
struct digester {
    struct arena *arena; /* of the names */
    struct strmap names;
    struct crypto_stream *hash;
};

static void add_name(struct digester *digester, struct str id)
{
    const int64_t *order = strmap_find(&digester->names, id);
    if (order == NULL) {
        int64_t *next = arena_new_of(digester->arena, int64_t);
        *next = (int64_t)digester->names.len + 1;
        (void)strmap_put(&digester->names, str_copy(digester->arena, id), next);
        order = next;
    }
    struct str told = str_printf(digester->arena, "#%lld", (long long)*order);
    crypto_stream_add(digester->hash, told.at, told.len);
}

static void add_text(struct digester *digester, struct str text)
{
    size_t from = 0;
    for (size_t i = 0; i < text.len;) {
        size_t end = i;
        while (end < text.len && text.at[end] >= '0' && text.at[end] <= '9')
            end++;
        if (end - i >= ID_DIGITS_MIN) {
            crypto_stream_add(digester->hash, text.at + from, i - from);
            add_name(digester, str_part(text, i, end - i));
            from = end;
        }
        i = end > i ? end : i + 1;
    }
    crypto_stream_add(digester->hash, text.at + from, text.len - from);
    crypto_stream_add(digester->hash, "\n", 1);
}

static void add_event(struct digester *digester, const struct ledger_row *row)
{
    add_text(digester, event_type_name(row->event.type));
    add_text(digester, row->event.command);
    add_text(digester, row->event.actor);
    add_text(digester, row->event.clause);
    add_text(digester, row->payload);
}

static enum status digest_cases(struct play *play)
{
    struct arena *names AUTO(arena_cleanup) = arena_new();
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct digester digester = {.arena = names, .hash = crypto_stream_open(CRYPTO_SHA256)};
    enum status status = ST_OK;
    strmap_init(&digester.names, names);
    for (size_t i = 0; i < play->cases.len && status == ST_OK; i++) {
        struct ctx ctx = {.arena = arena, .now = play->now};
        struct ledger_row_list rows = {0};
        const struct case_ref *ref = &play->cases.at[i]->ref;
        arena_reset(arena);
        status = ledger_list(&ctx, play->conn, ref->prefecture, ref->id, 1, &rows);
        if (status != ST_OK)
            (void)fail_reason(play->ctx, status, ctx.failure.reason);
        for (size_t j = 0; j < rows.len; j++)
            add_event(&digester, &rows.at[j]);
        play->result->events += (int64_t)rows.len;
    }
    struct digest digest = crypto_stream_end(digester.hash);
    play->result->digest = digest_format(play->ctx->arena, &digest);
    if (status != ST_OK)
        fail_keep(play->ctx);
    return status;
}

/* ---- the whole ---- */

static enum status count_gaps(struct play *play)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena, .now = play->now};
    const struct reader reader = {.words = play->home->words, .now = play->now};
    struct value *document;
    enum status status = coverage_document(&ctx, play->conn, play->world, &reader, NULL,
                                           play->campaign->name, (struct str){0}, &document);
    if (status == ST_OK) {
        play->result->gaps = value_find_int(document, "gaps_n", 0);
        return ST_OK;
    }
    (void)fail_reason(play->ctx, status, ctx.failure.reason);
    fail_keep(play->ctx);
    return status;
}

static enum status prove_bodies(struct play *play)
{
    const struct reader reader = {.words = play->home->words, .now = play->now};
    return body_report_document(play->ctx, play->conn, play->world, &reader, play->campaign->name,
                                play->first, play->result->last, &play->result->bodies);
}

static enum status prove(struct play *play)
{
    struct simulate_result *result = play->result;
    TRY(ledger_verify(play->ctx, play->conn, play->home->store->hash, (struct prefecture){0},
                      (struct casefile_id){0}, NULL, NULL, &result->verdict));
    TRY(upkeep_rebuild(play->ctx, play->home, REBUILD_CHECK, NULL, NULL, &result->rebuilt));
    result->proved = true;
    return ST_OK;
}

enum status simulate_check(struct play *play)
{
    TRY(look_at_cases(play));
    list_refusals(play);
    TRY(digest_cases(play));
    TRY(count_gaps(play));
    TRY(prove_bodies(play));
    return play->terms->skip_proof ? ST_OK : prove(play);
}
