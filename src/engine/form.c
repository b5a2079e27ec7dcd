/*
 * The form at the door of a command. A page posts texts, the API sends typed JSON; both come out
 * as the same values: whole numbers, ISO dates, office-offset times, codes of choices, ids as
 * text, degrees times 10^7. Every faulty field gives its own reason, so that one round is enough
 * to mend a form.
 */
#include "base/num.h"
#include "engine/engine_int.h"
#include "engine/seal.h"

enum { TEXT_LIMIT = 500, LONGTEXT_LIMIT = 20000, LIST_LIMIT = 500, DEGREE_PLACES = 7,
       DECIMAL_PLACES = 6 };

struct form {
    struct ctx *ctx;
    const struct engine *engine;
    struct str clause;
    struct reason_list *reasons;
};

/* The field's own clause, else that of the role it fills, else the command's. */
static struct str clause_of(const struct form *form, const struct regime_field *field)
{
    const struct regime_role *role = NULL;
    if (!str_is_empty(field->clause))
        return field->clause;
    if (!str_is_empty(field->role))
        role = regime_find_role(form->engine->regime, field->role);
    return role != NULL && !str_is_empty(role->clause) ? role->clause : form->clause;
}

static void complain(struct form *form, const struct regime_field *field, const char *key,
                     struct args args)
{
    struct reason *reason = vec_push(form->ctx->arena, form->reasons);
    *reason = reason_make(key, args);
    reason->field = field->name;
    reason->clause = clause_of(form, field);
    reason->needs = "form.needs";
    reason->args[reason->arg_count++] = arg_words("field", field->words);
    reason->code = key + sizeof "form." - 1;
}

static const struct value *wrong(struct form *form, const struct regime_field *field,
                                 const char *key)
{
    complain(form, field, key, NO_ARGS);
    return NULL;
}

static const struct value *read_text(struct form *form, const struct regime_field *field,
                                     const struct value *given)
{
    if (field->sealed && given->kind == VALUE_TEXT && seal_is_mark(given->text))
        return given;
    int64_t limit = field->has_max ? field->max
                    : field->kind == FIELD_LONGTEXT ? LONGTEXT_LIMIT
                                                    : TEXT_LIMIT;
    struct str text = str_trim(given->text);
    if (given->kind != VALUE_TEXT || !str_is_clean(text))
        return wrong(form, field, "form.wrong_type");
    int64_t length = (int64_t)utf8_length(text);
    if (length > limit) {
        complain(form, field, "form.too_long", ARGS(arg_int("limit", limit)));
        return NULL;
    }
    if (field->has_min && length < field->min) {
        complain(form, field, "form.too_short", ARGS(arg_int("limit", field->min)));
        return NULL;
    }
    return value_text(form->ctx->arena, text);
}

static const struct value *in_range(struct form *form, const struct regime_field *field,
                                    int64_t number)
{
    if ((field->has_min && number < field->min) || (field->has_max && number > field->max))
        return wrong(form, field, "form.out_of_range");
    return value_int(form->ctx->arena, number);
}

static const struct value *read_integer(struct form *form, const struct regime_field *field,
                                        const struct value *given)
{
    int64_t number = given->number;
    bool ok = given->kind == VALUE_INT ||
              (given->kind == VALUE_TEXT &&
               num_parse_i64(str_trim(given->text), -VALUE_INT_MAX, VALUE_INT_MAX, &number));
    return ok ? in_range(form, field, number) : wrong(form, field, "form.wrong_type");
}

/* Yuan with at most two decimals, to fen. JSON carries it as text or as whole fen. */
static const struct value *read_money(struct form *form, const struct regime_field *field,
                                      const struct value *given)
{
    int64_t fen = given->number;
    bool ok = given->kind == VALUE_INT ||
              (given->kind == VALUE_TEXT &&
               num_parse_scaled(str_trim(given->text), 2, -VALUE_INT_MAX, VALUE_INT_MAX, &fen));
    return ok ? in_range(form, field, fen) : wrong(form, field, "form.wrong_type");
}

static const struct value *read_decimal(struct form *form, const struct regime_field *field,
                                        const struct value *given)
{
    int64_t scaled;
    struct arena *arena = form->ctx->arena;
    struct str text =
        given->kind == VALUE_INT ? str_printf(arena, "%lld", (long long)given->number) : given->text;
    if (!num_parse_scaled(str_trim(text), DECIMAL_PLACES, -VALUE_INT_MAX, VALUE_INT_MAX, &scaled))
        return wrong(form, field, "form.wrong_type");
    return value_text(arena, num_format_scaled(arena, scaled, DECIMAL_PLACES));
}

static const struct value *read_date(struct form *form, const struct regime_field *field,
                                     const struct value *given)
{
    struct day day;
    if (given->kind != VALUE_TEXT || !day_parse(str_trim(given->text), &day))
        return wrong(form, field, "form.not_a_date");
    return value_text(form->ctx->arena, day_format(form->ctx->arena, day));
}

static const struct value *read_time(struct form *form, const struct regime_field *field,
                                     const struct value *given)
{
    struct instant at;
    if (given->kind != VALUE_TEXT || !instant_parse_lenient(str_trim(given->text), &at))
        return wrong(form, field, "form.not_a_time");
    return value_text(form->ctx->arena, instant_format(form->ctx->arena, at));
}

static const struct value *read_bool(struct form *form, const struct regime_field *field,
                                     const struct value *given)
{
    static const struct {
        struct str text;
        bool flag;
    } spellings[] = {{STR_INIT("true"), true},   {STR_INIT("1"), true},    {STR_INIT("on"), true},
                     {STR_INIT("yes"), true},    {STR_INIT("false"), false}, {STR_INIT("0"), false},
                     {STR_INIT("no"), false}};
    if (given->kind == VALUE_BOOL)
        return value_bool(form->ctx->arena, given->flag);
    for (size_t i = 0; given->kind == VALUE_TEXT && i < COUNT_OF(spellings); i++)
        if (str_eq(spellings[i].text, given->text))
            return value_bool(form->ctx->arena, spellings[i].flag);
    return wrong(form, field, "form.wrong_type");
}

static const struct value *read_choice(struct form *form, const struct regime_field *field,
                                       const struct value *given)
{
    struct str text = given->kind == VALUE_TEXT ? str_trim(given->text) : (struct str){0};
    for (size_t i = 0; i < field->choice_count; i++)
        if (str_eq(field->choices[i].code, text))
            return value_text(form->ctx->arena, field->choices[i].code);
    complain(form, field, "form.not_a_choice", ARGS(arg_text("given", text)));
    return NULL;
}

static bool read_degrees(const struct value *given, int64_t limit, int64_t *out)
{
    if (given != NULL && given->kind == VALUE_INT) {
        *out = given->number;
        return *out >= -limit && *out <= limit;
    }
    return given != NULL && given->kind == VALUE_TEXT &&
           num_parse_scaled(str_trim(given->text), DEGREE_PLACES, -limit, limit, out);
}

/* {lat, lon} in degrees as text or times 10^7 as numbers; or the text "lat,lon". */
static const struct value *read_point(struct form *form, const struct regime_field *field,
                                      const struct value *given)
{
    const int64_t unit = 10000000;
    struct arena *arena = form->ctx->arena;
    int64_t lat;
    int64_t lon;
    if (given->kind == VALUE_TEXT) {
        struct value *split = value_map(arena);
        size_t comma = str_find_char(given->text, ',');
        value_put_text(arena, split, "lat", str_part(given->text, 0, comma));
        if (comma != SIZE_MAX)
            value_put_text(arena, split, "lon", str_from(given->text, comma + 1));
        given = split;
    }
    if (!read_degrees(value_find_c(given, "lat"), 90 * unit, &lat) ||
        !read_degrees(value_find_c(given, "lon"), 180 * unit, &lon))
        return wrong(form, field, "form.not_a_point");
    struct value *point = value_map(arena);
    value_put_int(arena, point, "lat", lat);
    value_put_int(arena, point, "lon", lon);
    return point;
}

/* What was typed, or the id or code that is meant by it where it is a name. */
static struct str named(struct form *form, const struct regime_field *field,
                        const struct value *given)
{
    const struct engine_world *world = &form->engine->world;
    struct str text = given->kind == VALUE_TEXT ? str_trim(given->text) : (struct str){0};
    bool coded = text.len > 0 && text.at[0] >= '0' && text.at[0] <= '9';
    if (str_is_empty(text) || coded || world->find_named == NULL)
        return text;
    struct str meant = world->find_named(world->self, form->ctx->arena, field->kind, text);
    return str_is_empty(meant) ? text : meant;
}

static const struct value *read_id(struct form *form, const struct regime_field *field,
                                   const struct value *given)
{
    int64_t id;
    struct str text = named(form, field, given);
    if (!num_parse_i64(text, 1, INT64_MAX, &id))
        return wrong(form, field, field->kind == FIELD_PERSON ? "form.unknown_person" : "form.not_an_id");
    const struct engine_world *world = &form->engine->world;
    const struct regime_role *role = regime_find_role(form->engine->regime, field->role);
    const struct unit_facts *unit =
        field->kind == FIELD_UNIT ? world->find_unit(world->self, (struct unit_id){id}) : NULL;
    if (field->kind == FIELD_UNIT && unit == NULL)
        return wrong(form, field, "form.unknown_unit");
    if (unit != NULL && role != NULL && !regime_role_takes_kind(role, unit->kind))
        return wrong(form, field, "form.wrong_unit_kind");
    if (field->kind == FIELD_PERSON && role != NULL && !str_is_empty(role->post) &&
        !world->person_holds_post(world->self, (struct person_id){id}, role->post))
        return wrong(form, field, "form.not_in_post");
    return value_text(form->ctx->arena, text);
}

static const struct value *read_region(struct form *form, const struct regime_field *field,
                                       const struct value *given)
{
    struct str text = named(form, field, given);
    bool ok = text.len == 6 || text.len == 9;
    for (size_t i = 0; i < text.len && ok; i++)
        ok = (text.at[i] >= '0' && text.at[i] <= '9') || (text.at[i] >= 'A' && text.at[i] <= 'Z');
    return ok ? value_text(form->ctx->arena, text) : wrong(form, field, "form.not_a_region");
}

static const struct value *read_list(struct form *form, const struct regime_field *field,
                                     const struct value *given);

typedef const struct value *read_fn(struct form *form, const struct regime_field *field,
                                    const struct value *given);

static read_fn *const readers[FIELD_KIND_COUNT] = {
    [FIELD_TEXT] = read_text,       [FIELD_LONGTEXT] = read_text, [FIELD_INTEGER] = read_integer,
    [FIELD_DECIMAL] = read_decimal, [FIELD_MONEY] = read_money,   [FIELD_DATE] = read_date,
    [FIELD_TIME] = read_time,       [FIELD_CHOICE] = read_choice, [FIELD_BOOL] = read_bool,
    [FIELD_POINT] = read_point,     [FIELD_REGION] = read_region, [FIELD_UNIT] = read_id,
    [FIELD_PERSON] = read_id,       [FIELD_FILE] = read_id,       [FIELD_LIST] = read_list,
    [FIELD_CASE] = read_text,
};

static const struct value *read_list(struct form *form, const struct regime_field *field,
                                     const struct value *given)
{
    struct arena *arena = form->ctx->arena;
    if (given->kind != VALUE_LIST)
        return wrong(form, field, "form.wrong_type");
    if (given->count > LIST_LIMIT)
        return wrong(form, field, "form.too_many_rows");
    size_t faults = form->reasons->len;
    struct value *rows = value_list(arena);
    value_each (row, given) {
        const struct value *read =
            form_read(form->ctx, form->engine, field->columns, field->column_count, row, form->clause,
                      form->reasons);
        if (read->count > 0)
            value_append(rows, value_copy(arena, read));
    }
    if (field->has_max && (int64_t)rows->count > field->max)
        return wrong(form, field, "form.too_many_rows");
    for (size_t i = faults; i < form->reasons->len; i++)
        form->reasons->at[i].field =
            str_printf(arena, "%.*s.%.*s", STR_ARG(field->name), STR_ARG(form->reasons->at[i].field));
    return rows;
}

/* Several values: a JSON list, or texts parted by commas as a form sends them. */
static const struct value *read_many(struct form *form, const struct regime_field *field,
                                     const struct value *given)
{
    struct arena *arena = form->ctx->arena;
    struct value *all = value_list(arena);
    struct value *pieces = value_list(arena);
    if (given->kind == VALUE_TEXT) {
        struct str rest = given->text;
        for (struct str piece; str_next(&rest, ',', &piece);)
            value_append(pieces, value_text(arena, str_trim(piece)));
        given = pieces;
    }
    if (given->kind != VALUE_LIST || given->count > LIST_LIMIT)
        return wrong(form, field, "form.wrong_type");
    value_each (piece, given) {
        if (value_is_empty(piece))
            continue;
        const struct value *read = readers[field->kind](form, field, piece);
        if (read == NULL)
            return NULL;
        value_append(all, value_copy(arena, read));
    }
    return all;
}

static struct str seal(const struct form *form, struct str text)
{
    const struct engine_world *world = &form->engine->world;
    if (world->seal != NULL)
        return world->seal(world->self, form->ctx->arena, text);
    return seal_is_mark(text) ? text : seal_mark_of_nothing();
}

static void read_field(struct form *form, const struct regime_field *field,
                       const struct value *input, struct value *out)
{
    const struct value *given = value_find(input, field->name);
    if (value_is_empty(given) && field->otherwise != NULL)
        given = field->otherwise;
    if (value_is_empty(given)) {
        if (field->yes)
            complain(form, field, "form.must_be_yes", NO_ARGS);
        else if (field->required)
            complain(form, field, "form.missing", NO_ARGS);
        return;
    }
    const struct value *read = field->many && field->kind != FIELD_LIST
                                   ? read_many(form, field, given)
                                   : readers[field->kind](form, field, given);
    if (read == NULL)
        return;
    if (field->required && value_is_empty(read))
        complain(form, field, "form.missing", NO_ARGS);
    else if (field->yes && !read->flag)
        complain(form, field, "form.must_be_yes", NO_ARGS);
    else if (field->kind == FIELD_LIST && field->has_min && (int64_t)read->count < field->min)
        complain(form, field, "form.too_few_rows", ARGS(arg_int("limit", field->min)));
    else if (field->sealed && !value_is_empty(read))
        value_put(out, field->name, value_text(form->ctx->arena, seal(form, read->text)));
    else
        value_put(out, field->name, value_copy(form->ctx->arena, read));
}

static const struct regime_field *field_named(const struct regime_field *fields, size_t count,
                                              struct str name)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(fields[i].name, name))
            return &fields[i];
    return NULL;
}

const struct value *form_read(struct ctx *ctx, const struct engine *engine,
                              const struct regime_field *fields, size_t count,
                              const struct value *input, struct str clause,
                              struct reason_list *reasons)
{
    struct form form = {ctx, engine, clause, reasons};
    struct value *out = value_map(ctx->arena);
    value_each (member, input) {
        if (field_named(fields, count, member->key) != NULL)
            continue;
        struct reason *reason = vec_push(ctx->arena, reasons);
        *reason = reason_make("form.unknown_field", ARGS(arg_text("field", member->key)));
        reason->field = member->key;
        reason->code = "unknown_field";
    }
    for (size_t i = 0; i < count; i++)
        read_field(&form, &fields[i], input, out);
    return out;
}

/* Ticks that no pack needs to write out; the face words them by the key field.<name>. */
static struct regime_field implied(struct str name, const struct regime_guard *guard)
{
    return (struct regime_field){.name = name,
                                 .kind = FIELD_BOOL,
                                 .required = true,
                                 .yes = true,
                                 .clause = guard->clause,
                                 .place = guard->place};
}

/* The case that a measure or act rests on, by its id. */
static struct regime_field implied_record(const struct regime_guard *guard)
{
    return (struct regime_field){.name = S("record"),
                                 .kind = FIELD_CASE,
                                 .required = guard->when == NULL,
                                 .clause = guard->clause,
                                 .place = guard->place};
}

const struct regime_field *form_fields(struct arena *arena,
                                       const struct regime_transition *transition,
                                       size_t *out_count)
{
    struct regime_field *fields =
        arena_alloc_array(arena, transition->ask_count + 3, sizeof *fields);
    size_t count = transition->ask_count;
    bool signs = false;
    if (count > 0)
        memcpy(fields, transition->asks, count * sizeof *fields);
    for (size_t i = 0; i < transition->need_count; i++) {
        const struct regime_guard *guard = &transition->needs[i];
        bool first = guard->kind == GUARD_SIGNATURE && !signs;
        bool seals = first && value_find_bool(guard->args, "seal");
        signs = signs || first;
        if (first && field_named(fields, count, S("signed")) == NULL)
            fields[count++] = implied(S("signed"), guard);
        if (seals && field_named(fields, count, S("sealed")) == NULL)
            fields[count++] = implied(S("sealed"), guard);
        if (guard->kind == GUARD_RECORD && field_named(fields, count, S("record")) == NULL)
            fields[count++] = implied_record(guard);
    }
    *out_count = count;
    return fields;
}
