/*
 * The pack says which printed column feeds which field or role; the kind of the field says how. A
 * word that nobody understands never gets lost: it is kept as it was printed.
 */
#include "services/import_row.h"

#include <string.h>

#include "base/vec.h"
#include "services/intake_judge.h"

enum { SHOWN_CHARS = 40, WORDS_MAX = 32 };

static const struct {
    const char *key;
    enum intake_severity severity;
} fault_kinds[] = {
    {"import.number_known", INTAKE_ERROR},    {"import.place_missing", INTAKE_WARNING},
    {"import.place_several", INTAKE_WARNING}, {"import.place_unknown", INTAKE_WARNING},
    {"import.unit_several", INTAKE_WARNING},  {"import.unit_unknown", INTAKE_WARNING},
    {"import.word_unknown", INTAKE_WARNING},
};

struct reading {
    struct ctx *ctx;
    const struct import_target *target;
    const struct intake_row *row;
    struct import_candidate *out;
    struct value *fields;
    struct value *roles;
    struct value *kept; /* list of {printed, text} */
    bool used[INTAKE_FIELD_COUNT];
};

/* ---- faults ---- */

static struct intake_fault *push_fault(struct ctx *ctx, struct import_candidate *candidate)
{
    size_t count = candidate->fault_count++;
    struct intake_fault *more = arena_alloc_array(ctx->arena, count + 1, sizeof *more);
    if (count > 0)
        memcpy(more, candidate->faults, count * sizeof *more);
    candidate->faults = more;
    more[count].row = candidate->row;
    return &more[count];
}

void import_row_add_fault(struct ctx *ctx, struct import_candidate *candidate, int column,
                          const char *key, struct args args)
{
    size_t kind = 0;
    while (kind < COUNT_OF(fault_kinds) && strcmp(fault_kinds[kind].key, key) != 0)
        kind++;
    must(kind < COUNT_OF(fault_kinds));
    struct intake_fault *fault = push_fault(ctx, candidate);
    fault->column = column;
    fault->severity = fault_kinds[kind].severity;
    fault->reason = reason_make(fault_kinds[kind].key, args);
    fault->code = fault_kinds[kind].key + sizeof "import." - 1;
    candidate->accepted = candidate->accepted && fault->severity != INTAKE_ERROR;
}

static void doubt(struct reading *r, enum intake_field field, const char *key, struct str text)
{
    struct str shown = str_copy(r->ctx->arena, utf8_prefix(text, SHOWN_CHARS));
    int column = r->row->values[field].column;
    import_row_add_fault(r->ctx, r->out, column, key, ARGS(arg_text("text", shown)));
}

int import_row_column(const struct intake_table *table, enum intake_field field)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (table->columns[i].field == field)
            return table->columns[i].index;
    return 0;
}

/* ---- what is kept beside ---- */

static struct str printed_of(const struct reading *r, int column)
{
    const struct intake_table *table = r->target->table;
    for (size_t i = 0; i < table->column_count; i++)
        if (table->columns[i].index == column)
            return table->columns[i].printed;
    return S("");
}

static void keep(struct reading *r, struct str printed, struct str text)
{
    struct arena *arena = r->ctx->arena;
    if (!str_is_clean(text) || !str_is_clean(printed))
        return;
    struct value *cell = value_append_map(arena, r->kept);
    value_put_text(arena, cell, "printed", str_copy(arena, printed));
    value_put_text(arena, cell, "text", str_copy(arena, text));
}

static void keep_field(struct reading *r, enum intake_field field)
{
    const struct intake_value *value = &r->row->values[field];
    keep(r, printed_of(r, value->column), value->text);
}

static void keep_rest(struct reading *r)
{
    static const enum intake_field told_elsewhere[] = {INTAKE_SEQ, INTAKE_NUMBER, INTAKE_BATCH};
    for (size_t i = 0; i < COUNT_OF(told_elsewhere); i++)
        r->used[told_elsewhere[i]] = true;
    for (enum intake_field field = 0; field < INTAKE_FIELD_COUNT; field++)
        if (!r->used[field] && r->row->values[field].column > 0 &&
            !str_is_empty(r->row->values[field].text))
            keep_field(r, field);
    for (size_t i = 0; i < r->row->extra_count; i++)
        keep(r, r->row->extras[i].printed, r->row->extras[i].text);
}

/* ---- places and units ---- */

static struct str find_region(struct reading *r)
{
    const struct import_target *target = r->target;
    struct str within = target->engine->campaign.region;
    struct str printed = r->row->values[INTAKE_PLACE].text;
    if (str_is_empty(printed)) {
        if (import_row_column(target->table, INTAKE_PLACE) > 0)
            import_row_add_fault(r->ctx, r->out,
                                 import_row_column(target->table, INTAKE_PLACE),
                                 "import.place_missing", ARGS(arg_text("text", printed)));
        return within;
    }
    struct region_match match =
        world_match_region(r->ctx->arena, target->world, within, printed);
    r->out->placed = match.region != NULL;
    if (match.region != NULL)
        return match.region->code;
    doubt(r, INTAKE_PLACE,
          match.candidates > 1 ? "import.place_several" : "import.place_unknown", printed);
    return within;
}

/* Ids of the units that a cell names, as texts; a name that is nobody's is kept and marked. */
static struct value *find_units(struct reading *r, enum intake_field field)
{
    struct arena *arena = r->ctx->arena;
    struct value *units = value_list(arena);
    struct str rest = r->row->values[field].text;
    bool all = true;
    for (struct str word; intake_next_word(arena, &rest, &word) && units->count < WORDS_MAX;) {
        struct unit_match match = world_match_unit(arena, r->target->world,
                                                   r->target->engine->campaign.region, word);
        if (match.unit != NULL)
            value_append(units, value_text(arena, str_printf(arena, "%lld",
                                                             (long long)match.unit->facts.id.v)));
        else
            doubt(r, field, match.candidates > 1 ? "import.unit_several" : "import.unit_unknown",
                  word);
        all = all && match.unit != NULL;
    }
    if (!all)
        keep_field(r, field);
    return units;
}

/* ---- cells to fields ---- */

static struct value *known_code(struct reading *r, const struct regime_field *field,
                                struct str code)
{
    for (size_t i = 0; i < field->choice_count; i++)
        if (str_eq(field->choices[i].code, code))
            return value_text(r->ctx->arena, field->choices[i].code);
    return NULL;
}

/* Codes of the words that were understood; intake has marked the others already. */
static struct value *read_choice(struct reading *r, const struct regime_field *field,
                                 enum intake_field from)
{
    const struct intake_value *value = &r->row->values[from];
    struct value *list = value_list(r->ctx->arena);
    struct value *first = known_code(r, field, value->code);
    for (size_t i = 0; i < value->code_count; i++) {
        struct value *code = known_code(r, field, value->codes[i]);
        if (code != NULL)
            value_append(list, code);
    }
    if (list->count == 0 && first != NULL)
        value_append(list, first);
    if (list->count == 0) {
        bool told = str_is_empty(value->code) && value->code_count == 0;
        if (!told)
            doubt(r, from, "import.word_unknown", value->text);
        keep_field(r, from);
        return NULL;
    }
    return field->many ? list : value_text(r->ctx->arena, list->first->text);
}

static struct value *read_day(struct reading *r, const struct regime_field *field,
                              enum intake_field from)
{
    const struct intake_value *value = &r->row->values[from];
    struct arena *arena = r->ctx->arena;
    if (day_is_none(value->day) || from != INTAKE_DATE) {
        keep_field(r, from);
        return NULL;
    }
    return value_text(arena, field->kind == FIELD_DATE ? day_format(arena, value->day)
                                                       : instant_format(arena,
                                                                        day_start(value->day)));
}

static struct value *read_yes_no(struct reading *r, enum intake_field from)
{
    struct str code = r->row->values[from].code;
    if (str_eq_c(code, "yes") || str_eq_c(code, "no"))
        return value_bool(r->ctx->arena, str_eq_c(code, "yes"));
    keep_field(r, from);
    return NULL;
}

static struct value *read_units(struct reading *r, const struct regime_field *field,
                                enum intake_field from)
{
    struct value *units = find_units(r, from);
    if (units->count == 0)
        return NULL;
    return field->many ? units : value_text(r->ctx->arena, units->first->text);
}

/* Null: nothing is set; what was printed is kept. */
static struct value *read_cell(struct reading *r, const struct regime_field *field,
                               enum intake_field from)
{
    struct arena *arena = r->ctx->arena;
    switch (field->kind) {
    case FIELD_CHOICE:
        return read_choice(r, field, from);
    case FIELD_DATE:
    case FIELD_TIME:
        return read_day(r, field, from);
    case FIELD_BOOL:
        return read_yes_no(r, from);
    case FIELD_UNIT:
        return read_units(r, field, from);
    case FIELD_REGION:
        return value_text(arena, r->out->region);
    case FIELD_TEXT:
    case FIELD_LONGTEXT:
    case FIELD_INTEGER:
    case FIELD_DECIMAL:
    case FIELD_MONEY:
    case FIELD_POINT:
        return value_text(arena, str_copy(arena, r->row->values[from].text));
    case FIELD_PERSON:
    case FIELD_FILE:
    case FIELD_LIST:
    case FIELD_CASE:
    case FIELD_KIND_COUNT:
        break;
    }
    keep_field(r, from);
    return NULL;
}

static void read_imports(struct reading *r)
{
    const struct regime_procedure *procedure = r->target->engine->procedure;
    for (size_t i = 0; i < procedure->import_count; i++) {
        const struct regime_import *import = &procedure->imports[i];
        const struct regime_field *field = procedure_find_field(procedure, import->field);
        enum intake_field from;
        if (!intake_field_parse(import->column, &from) || from == INTAKE_UNMAPPED)
            continue;
        r->used[from] = true;
        /* key_case may be derived from a mark behind the number, and has no text then */
        if (str_is_empty(r->row->values[from].text) && str_is_empty(r->row->values[from].code))
            continue;
        struct value *value = field == NULL ? find_units(r, from) : read_cell(r, field, from);
        if (!value_is_empty(value))
            value_put(field == NULL ? r->roles : r->fields, import->field, value);
    }
}

/* A clock that counts from a time field which no column feeds counts from the registration. */
static void set_registration(struct reading *r)
{
    const struct regime_procedure *procedure = r->target->engine->procedure;
    struct arena *arena = r->ctx->arena;
    for (size_t i = 0; i < procedure->deadline_count; i++) {
        const struct regime_deadline *deadline = &procedure->deadlines[i];
        const struct regime_field *from = procedure_find_field(procedure, deadline->from);
        bool begins = false;
        for (size_t j = 0; j < deadline->start_count; j++)
            begins = begins || str_eq_c(deadline->starts_on[j], "create");
        if (begins && from != NULL && from->kind == FIELD_TIME &&
            value_find(r->fields, deadline->from) == NULL)
            value_put(r->fields, deadline->from,
                      value_text(arena, instant_format(arena, r->target->registered)));
    }
}

static struct str subject_of(const struct reading *r)
{
    const struct value *subject =
        value_find(r->fields, r->target->engine->procedure->subject);
    return subject != NULL && subject->kind == VALUE_TEXT ? subject->text : (struct str){0};
}

static void put_known(struct arena *arena, struct value *input, const char *name, struct str text)
{
    if (!str_is_empty(text))
        value_put_text(arena, input, name, text);
}

static void make_input(struct reading *r)
{
    struct arena *arena = r->ctx->arena;
    struct import_candidate *out = r->out;
    out->input = value_map(arena);
    put_known(arena, out->input, "source", r->target->source);
    put_known(arena, out->input, "batch", out->batch);
    put_known(arena, out->input, "received_number", out->number);
    value_put_text(arena, out->input, "region", out->region);
    value_put(out->input, S("fields"), r->fields);
    if (r->roles->count > 0)
        value_put(out->input, S("roles"), r->roles);
    if (r->kept->count > 0)
        value_put(out->input, S("kept"), r->kept);
}

/* ---- what the rules say ---- */

static int column_of(const struct reading *r, struct str field)
{
    const struct regime_procedure *procedure = r->target->engine->procedure;
    enum intake_field from;
    for (size_t i = 0; i < procedure->import_count; i++)
        if (str_eq(procedure->imports[i].field, field) &&
            intake_field_parse(procedure->imports[i].column, &from) && from != INTAKE_UNMAPPED) {
            int column = r->row->values[from].column;
            return column > 0 ? column : import_row_column(r->target->table, from);
        }
    return 0;
}

static void refuse(struct reading *r, const struct reason *reason)
{
    struct intake_fault *fault = push_fault(r->ctx, r->out);
    fault->column = column_of(r, reason->field);
    fault->severity = INTAKE_ERROR;
    fault->reason = *reason;
    fault->code = reason->code == NULL ? "refused" : reason->code;
    r->out->accepted = false;
}

/* What the engine would say to this case. */
static enum status try_making(struct reading *r)
{
    const struct import_target *target = r->target;
    const struct casefile nothing = {.fields = value_map(r->ctx->arena)};
    struct event_list events;
    const struct command create = {.name = S("create"),
                                   .input = r->out->input,
                                   .happened_at = INSTANT_NONE,
                                   .actor = target->actor};
    enum status status = engine_decide(r->ctx, target->engine, &nothing, &create, &events);
    if (status == ST_OK)
        return ST_OK;
    const struct failure failure = r->ctx->failure;
    if ((status != ST_INVALID && status != ST_CONFLICT) || failure.reason.key == NULL)
        return status;
    fail_clear(r->ctx);
    refuse(r, &failure.reason);
    for (size_t i = 0; i < failure.more_count; i++)
        refuse(r, &failure.more[i]);
    return ST_OK;
}

enum status import_row_read(struct ctx *ctx, const struct import_target *target,
                            const struct intake_row *row, struct import_candidate *out)
{
    struct arena *arena = ctx->arena;
    struct day day = row->values[INTAKE_DATE].day;
    struct reading reading = {.ctx = ctx,
                              .target = target,
                              .row = row,
                              .out = out,
                              .fields = value_map(arena),
                              .roles = value_map(arena),
                              .kept = value_list(arena)};
    *out = (struct import_candidate){.row = row->number,
                                     .accepted = row->accepted,
                                     .batch = str_copy(arena, row->batch),
                                     .batch_date = row->batch_date,
                                     .number = str_copy(arena, row->values[INTAKE_NUMBER].text),
                                     .day = day_is_none(day) ? row->batch_date : day};
    if (day_is_none(out->day))
        out->day = day_of_instant(target->registered);
    out->region = str_copy(arena, find_region(&reading));
    read_imports(&reading);
    out->subject = subject_of(&reading);
    set_registration(&reading);
    keep_rest(&reading);
    make_input(&reading);
    return out->accepted ? try_making(&reading) : ST_OK;
}
