/*
 * Packs: whatever the bytes are, each fault stands inside the file and they come in its order; what
 * loads is whole (every command leaves a state and somebody gives it), can be drawn, and does not
 * differ from itself.
 */
#include "fuzz.h"
#include "regime/diff.h"
#include "regime/graph.h"
#include "regime/load.h"

/* Made once: the lists are only read. */
static const struct pack_lists *lists_get(void)
{
    static struct pack_lists *lists;
    if (lists != NULL)
        return lists;
    struct ctx ctx = {.arena = arena_new()};
    struct furniture *furniture;
    must(furniture_open(&ctx, ctx.arena, furniture_files, furniture_file_count, (struct str){0},
                        &furniture) == ST_OK);
    must(pack_lists_open(&ctx, ctx.arena, furniture, &lists) == ST_OK);
    return lists;
}

static int line_count(struct str text)
{
    int lines = 1;
    for (size_t i = 0; i < text.len; i++)
        lines += text.at[i] == '\n' || text.at[i] == '\r' || (unsigned char)text.at[i] >= 0x80;
    return lines; /* YAML also breaks lines at NEL, LS and PS: counted generously */
}

static void judge_faults(struct str text, const struct pack_faults *faults)
{
    int lines = line_count(text);
    must(faults->len > 0 && faults->len <= PACK_FAULT_MAX);
    for (size_t i = 0; i < faults->len; i++) {
        const struct pack_place *place = &faults->at[i].place;
        must(place->line >= 1 && place->line <= lines && place->column >= 1);
        must(i == 0 || faults->at[i - 1].place.line <= place->line);
    }
}

static void judge_procedure(struct ctx *ctx, const struct regime *regime,
                            const struct regime_procedure *procedure)
{
    struct str dot;
    for (size_t i = 0; i < procedure->transition_count; i++)
        must(procedure->transitions[i].from_count > 0 && procedure->transitions[i].by_count > 0);
    for (size_t i = 0; i < procedure->deadline_count; i++)
        must(procedure->deadlines[i].lapse_count > 0);
    if (regime_graph_dot(ctx, regime, procedure, LANG_EN, &dot) != ST_OK)
        must(ctx->failure.status == ST_LIMIT);
    fail_clear(ctx);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena};
    struct str text = {(const char *)bytes, size};
    struct pack_faults faults;
    const struct regime *regime;
    if (regime_load(&ctx, text, lists_get(), &faults, &regime) != ST_OK) {
        judge_faults(text, &faults);
        return 0;
    }
    must(faults.len == 0 && regime->procedure_count > 0);
    for (size_t i = 0; i < regime->procedure_count; i++)
        judge_procedure(&ctx, regime, &regime->procedures[i]);
    struct regime_changes changes = {0};
    regime_diff(arena, regime, regime, &changes);
    must(changes.len == 0);
    return 0;
}
