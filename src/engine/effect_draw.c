/*
 * Draws in a case (docs/draws.md): a list of the case is committed by its hash, later a seed draws
 * from it. Drawing once more from a list that somebody shows must give what was drawn, or is refused.
 * clause: S3-1.4 S3-3.3.1
 */
#include "engine/drawing.h"

#include "base/vec.h"
#include "engine/engine_int.h"

/* A list of the case as the draw takes it, with the rules of the commitment. */
struct drawing {
    const struct value *rows;
    const struct regime_field *field;
    struct draw_list list;
    struct draw_rules rules;
};

static struct str text_of(struct arena *arena, const struct value *cell)
{
    if (cell == NULL)
        return S("");
    if (cell->kind == VALUE_INT)
        return str_printf(arena, "%lld", (long long)cell->number);
    return cell->kind == VALUE_TEXT ? cell->text : S("");
}

static struct draw_list list_of(struct arena *arena, const struct value *rows,
                                const struct regime_field *field)
{
    size_t count = rows == NULL ? 0 : rows->count;
    struct str *columns = arena_alloc_array(arena, field->column_count, sizeof *columns);
    struct str *cells = arena_alloc_array(arena, count * field->column_count, sizeof *cells);
    const struct draw_list list = {columns, field->column_count, cells, count};
    for (size_t i = 0; i < field->column_count; i++)
        columns[i] = field->columns[i].name;
    value_each (row, rows)
        for (size_t i = 0; i < field->column_count; i++)
            *cells++ = text_of(arena, value_find(row, columns[i]));
    return list;
}

/* A row with something in the column is not drawn from; what stands there is the reason. */
static void exclude(struct arena *arena, struct drawing *drawing, struct str column)
{
    VEC(struct draw_exclusion) excluded = {0};
    for (size_t row = 0; row < drawing->list.row_count; row++) {
        struct draw_exclusion one = {draw_cell(&drawing->list, row, drawing->rules.key),
                                     draw_cell(&drawing->list, row, column)};
        if (!str_is_empty(str_trim(one.reason)))
            vec_add(arena, &excluded, one);
    }
    drawing->rules.excluded = excluded.at;
    drawing->rules.excluded_count = excluded.len;
}

/* A number, a setting or a field of the case. */
static int64_t number_meant(const struct trial *trial, const struct value *args, const char *key)
{
    const struct value *said = value_find_c(args, key);
    if (said != NULL && said->kind == VALUE_TEXT) {
        const struct value *answer = trial_value(trial, said->text);
        if (answer != NULL)
            return answer->kind == VALUE_INT ? answer->number : 0;
    }
    return trial_number(trial, said, 0);
}

static struct drawing read_drawing(const struct trial *trial, const struct value *args)
{
    struct arena *arena = trial->ctx->arena;
    struct str name = value_find_text(args, "list");
    struct str excluded = value_find_text(args, "excluded");
    struct drawing drawing = {.rows = trial_value(trial, name),
                              .field = procedure_find_field(trial->engine->procedure, name)};
    must(drawing.field != NULL);
    drawing.list = list_of(arena, drawing.rows, drawing.field);
    drawing.rules = (struct draw_rules){.key = value_find_text(args, "key"),
                                        .strata = value_find_text(args, "strata"),
                                        .take = number_meant(trial, args, "take"),
                                        .percent = number_meant(trial, args, "percent"),
                                        .at_least = number_meant(trial, args, "at_least")};
    if (!str_is_empty(excluded))
        exclude(arena, &drawing, excluded);
    return drawing;
}

/* What cannot be drawn is wrong in the form, at the list. */
static enum status at_field(struct trial *trial, enum status status, struct str field,
                            const char *code)
{
    struct failure *failure = &trial->ctx->failure;
    if (status == ST_OK || status == ST_LIMIT)
        return status;
    failure->reason.field = field;
    failure->reason.clause = trial->clause;
    failure->reason.code = code;
    return status;
}

static void set_text(struct trial *trial, const struct value *args, const char *key,
                     struct str text)
{
    struct str field = value_find_text(args, key);
    if (!str_is_empty(field))
        trial_set_field(trial, field, value_text(trial->ctx->arena, text));
}

enum status effect_commit_list(struct trial *trial, const struct value *args)
{
    struct arena *arena = trial->ctx->arena;
    draw_hash_fn *hash = trial->engine->world.hash;
    const struct drawing drawing = read_drawing(trial, args);
    must(hash != NULL);
    TRY(at_field(trial, draw_check(trial->ctx, &drawing.list, &drawing.rules),
                 value_find_text(args, "list"), "draw"));
    set_text(trial, args, "hash", draw_list_hash(arena, hash, &drawing.list));
    set_text(trial, args, "rules", draw_rules_hash(arena, hash, &drawing.rules));
    return ST_OK;
}

/* Whatever a cell holds, as text: a choice of several as its codes parted by ';'. */
static struct value *flat_cell(struct arena *arena, const struct value *cell)
{
    struct str text = S("");
    if (cell->kind == VALUE_INT || cell->kind == VALUE_TEXT)
        return value_copy(arena, cell);
    if (cell->kind == VALUE_BOOL)
        return value_text(arena, cell->flag ? S("true") : S("false"));
    value_each (item, cell)
        text = str_printf(arena, "%.*s%s%.*s", STR_ARG(text), text.len > 0 ? ";" : "",
                          STR_ARG(text_of(arena, item)));
    return value_text(arena, text);
}

enum status effect_digest(struct trial *trial, const struct value *args)
{
    struct arena *arena = trial->ctx->arena;
    draw_hash_fn *hash = trial->engine->world.hash;
    struct str name = value_find_text(args, "list");
    const struct regime_field *field = procedure_find_field(trial->engine->procedure, name);
    must(hash != NULL && field != NULL);
    struct value *rows = value_list(arena);
    value_each (row, trial_value(trial, name)) {
        struct value *flat = value_append_map(arena, rows);
        value_each (cell, row)
            value_put(flat, cell->key, flat_cell(arena, cell));
    }
    const struct draw_list list = list_of(arena, rows, field);
    set_text(trial, args, "field", draw_list_hash(arena, hash, &list));
    return ST_OK;
}

/* The commitment that writes this field; the checker has seen that there is one. */
static const struct value *commitment_among(const struct regime_effect *effects, size_t count,
                                            struct str hash)
{
    for (size_t i = 0; i < count; i++)
        if (effects[i].kind == EFFECT_COMMIT_LIST &&
            str_eq(value_find_text(effects[i].args, "hash"), hash))
            return effects[i].args;
    return NULL;
}

static const struct value *commitment_of(const struct regime_procedure *procedure, struct str hash)
{
    const struct value *found =
        commitment_among(procedure->create_then, procedure->create_then_count, hash);
    for (size_t i = 0; found == NULL && i < procedure->transition_count; i++)
        found = commitment_among(procedure->transitions[i].then, procedure->transitions[i].then_count,
                                 hash);
    must(found != NULL);
    return found;
}

static enum status refuse(struct trial *trial, const char *key, struct str field,
                          struct str committed, struct str found)
{
    struct reason reason =
        reason_make(key, ARGS(arg_text("committed", committed), arg_text("found", found)));
    reason.field = field;
    reason.clause = trial->clause;
    reason.code = "draw";
    return fail_reason(trial->ctx, ST_CONFLICT, reason);
}

/* List and rules are those whose hashes were written down. */
static enum status check_commitment(struct trial *trial, const struct value *commitment,
                                    const struct drawing *drawing)
{
    struct arena *arena = trial->ctx->arena;
    draw_hash_fn *hash = trial->engine->world.hash;
    const struct value *list = trial_value(trial, value_find_text(commitment, "hash"));
    const struct value *rules = trial_value(trial, value_find_text(commitment, "rules"));
    struct str field = value_find_text(commitment, "list");
    struct str of_list = draw_list_hash(arena, hash, &drawing->list);
    struct str of_rules = draw_rules_hash(arena, hash, &drawing->rules);
    if (!str_eq(of_list, text_of(arena, list)))
        return refuse(trial, "draw.other_list", field, text_of(arena, list), of_list);
    if (!str_eq(of_rules, text_of(arena, rules)))
        return refuse(trial, "draw.other_rules", field, text_of(arena, rules), of_rules);
    return ST_OK;
}

static const struct value *row_at(const struct value *rows, size_t n)
{
    const struct value *row = rows->first;
    while (n-- > 0)
        row = row->next;
    return row;
}

/* The rows drawn, with all their cells, in the order drawn; `keys` likewise their names. */
static void gather_drawn(struct arena *arena, const struct drawing *drawing,
                         const struct draw_result *result, struct value *rows, struct value *keys)
{
    for (size_t i = 0; i < result->stratum_count; i++)
        for (size_t j = 0; j < result->strata[i].take; j++) {
            size_t n = result->strata[i].drawn[j];
            value_append(rows, value_copy(arena, row_at(drawing->rows, n)));
            value_append(keys, value_text(arena, draw_cell(&drawing->list, n, drawing->rules.key)));
        }
}

enum status effect_draw(struct trial *trial, const struct value *args)
{
    struct arena *arena = trial->ctx->arena;
    struct draw_result result;
    struct str seed = value_find_text(args, "seed");
    struct str into = value_find_text(args, "into");
    struct str keys_field = value_find_text(args, "keys");
    const struct value *commitment =
        commitment_of(trial->engine->procedure, value_find_text(args, "hash"));
    const struct drawing drawing = read_drawing(trial, commitment);
    TRY(check_commitment(trial, commitment, &drawing));
    TRY(at_field(trial,
                 draw_sample(trial->ctx, trial->engine->world.hash, &drawing.list, &drawing.rules,
                             text_of(arena, trial_value(trial, seed)), &result),
                 seed, "draw"));
    struct value *rows = value_list(arena);
    struct value *keys = value_list(arena);
    gather_drawn(arena, &drawing, &result, rows, keys);
    const struct value *drawn = value_find(trial->before->fields, into);
    if (!value_is_empty(drawn) && !value_eq(drawn, rows))
        return refuse(trial, "draw.other_sample", seed, S(""), S(""));
    trial_set_field(trial, into, rows);
    if (!str_is_empty(keys_field))
        trial_set_field(trial, keys_field, keys);
    return ST_OK;
}

/* ---- as it stands ---- */

static const struct value *draw_among(const struct regime_procedure *procedure)
{
    for (size_t i = 0; i < procedure->transition_count; i++)
        for (size_t j = 0; j < procedure->transitions[i].then_count; j++)
            if (procedure->transitions[i].then[j].kind == EFFECT_DRAW)
                return procedure->transitions[i].then[j].args;
    return NULL;
}

bool engine_find_draw(struct ctx *ctx, const struct engine *engine, const struct casefile *casefile,
                      struct engine_draw *out)
{
    const struct value *draw = draw_among(engine->procedure);
    if (draw == NULL)
        return false;
    const struct trial trial = {.ctx = ctx,
                                .engine = engine,
                                .casefile = casefile_copy(ctx->arena, casefile),
                                .before = casefile};
    struct str hash = value_find_text(draw, "hash");
    const struct value *commitment = commitment_of(engine->procedure, hash);
    const struct value *seed = trial_value(&trial, value_find_text(draw, "seed"));
    const struct value *drawn = trial_value(&trial, value_find_text(draw, "into"));
    if (value_is_empty(trial_value(&trial, hash)))
        return false;
    const struct drawing drawing = read_drawing(&trial, commitment);
    *out = (struct engine_draw){
        .list = drawing.list,
        .rules = drawing.rules,
        .list_hash = text_of(ctx->arena, trial_value(&trial, hash)),
        .rules_hash =
            text_of(ctx->arena, trial_value(&trial, value_find_text(commitment, "rules"))),
        .hash_field = hash,
        .drawn_field = value_find_text(draw, "into"),
        .is_drawn = !value_is_empty(drawn),
        .seed = text_of(ctx->arena, seed),
    };
    return true;
}
