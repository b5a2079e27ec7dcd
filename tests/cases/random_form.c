/*
 * Forms by dice. What a field's kind allows is drawn so that most forms would pass the door and the
 * rules behind it are reached; a few are spoilt on purpose.
 */
#include "base/num.h"
#include "random.h"

struct draw {
    struct arena *arena;
    struct dice *dice;
    const struct random_stock *stock;
};

static struct value *id_value(const struct draw *draw, int64_t id)
{
    return value_text(draw->arena, str_printf(draw->arena, "%lld", (long long)id));
}

static bool role_takes(const struct draw *draw, struct str name, struct str kind)
{
    const struct regime_role *role = regime_find_role(draw->stock->regime, name);
    bool any = role == NULL || role->kind_count == 0;
    for (size_t i = 0; !any && i < role->kind_count; i++)
        any = str_eq(role->kinds[i], kind);
    return any;
}

static struct value *draw_unit(const struct draw *draw, const struct regime_field *field)
{
    const struct unit_facts *unit = NULL;
    for (int tries = 0; tries < 20; tries++) {
        unit = draw->stock->units[dice_roll(draw->dice, draw->stock->unit_count)];
        if (role_takes(draw, field->role, unit->kind))
            break;
    }
    return id_value(draw, unit->id.v);
}

static bool holds(const struct actor *actor, struct str post)
{
    for (size_t i = 0; i < actor->post_count; i++)
        if (str_eq(actor->posts[i].post, post))
            return true;
    return false;
}

/* For a role that wants a post mostly somebody who holds it. */
static struct value *draw_person(const struct draw *draw, const struct regime_field *field)
{
    const struct regime_role *role = regime_find_role(draw->stock->regime, field->role);
    const struct actor *one = NULL;
    for (int tries = 0; tries < 20; tries++) {
        one = draw->stock->actors[1 + dice_roll(draw->dice, draw->stock->actor_count - 1)];
        if (role == NULL || str_is_empty(role->post) || holds(one, role->post))
            break;
    }
    return id_value(draw, one->person.v);
}

/* Mostly days to come, some past, some today. */
static struct value *draw_date(const struct draw *draw)
{
    static const int spans[] = {0, 0, 1, 3, 10, 30, 90, 200};
    int32_t days = spans[dice_roll(draw->dice, COUNT_OF(spans))];
    if (dice_percent(draw->dice, 15))
        days = -days;
    struct day day = day_add(day_of_instant(draw->stock->now), days);
    return value_text(draw->arena, day_format(draw->arena, day));
}

static struct value *draw_time(const struct draw *draw)
{
    int64_t back = (int64_t)dice_roll(draw->dice, 48) * MS_PER_HOUR;
    return value_text(draw->arena, instant_format(draw->arena,
                                                  (struct instant){draw->stock->now.ms - back}));
}

/* Three small numbers, the first 1 or the least that is allowed. */
static struct value *draw_number(const struct draw *draw, const struct regime_field *field)
{
    int64_t least = field->has_min && field->min > 1 ? field->min : 1;
    int64_t number = least + (int64_t)dice_roll(draw->dice, 3);
    bool over = field->has_max && number > field->max;
    return value_int(draw->arena, over ? field->max : number);
}

static struct value *draw_point(const struct draw *draw)
{
    struct value *point = value_map(draw->arena);
    value_put_int(draw->arena, point, "lat", (int64_t)dice_roll(draw->dice, 900000000));
    value_put_int(draw->arena, point, "lon", (int64_t)dice_roll(draw->dice, 1800000000));
    return point;
}

static struct value *draw_list(const struct draw *draw, const struct regime_field *field)
{
    struct value *rows = value_list(draw->arena);
    for (uint64_t i = 0, rounds = 1 + dice_roll(draw->dice, 2); i < rounds; i++)
        value_append(rows, random_form(draw->arena, draw->dice, draw->stock, field->columns,
                                       field->column_count, 60));
    return rows;
}

static struct value *draw_choice(const struct draw *draw, const struct regime_field *field)
{
    if (field->choice_count == 0)
        return value_text(draw->arena, S("none"));
    return value_text(draw->arena,
                      field->choices[dice_roll(draw->dice, field->choice_count)].code);
}

static struct value *draw_one(const struct draw *draw, const struct regime_field *field)
{
    switch (field->kind) {
    case FIELD_TEXT:
    case FIELD_LONGTEXT:
        return value_text(draw->arena, S("所述情况"));
    case FIELD_INTEGER:
    case FIELD_MONEY:
        return draw_number(draw, field);
    case FIELD_DECIMAL:
        return value_text(draw->arena, S("1.5"));
    case FIELD_DATE:
        return draw_date(draw);
    case FIELD_TIME:
        return draw_time(draw);
    case FIELD_CHOICE:
        return draw_choice(draw, field);
    case FIELD_BOOL:
        return value_bool(draw->arena, dice_percent(draw->dice, field->yes ? 95 : 40));
    case FIELD_POINT:
        return draw_point(draw);
    case FIELD_REGION:
        return value_text(draw->arena, draw->stock->units[0]->region);
    case FIELD_UNIT:
        return draw_unit(draw, field);
    case FIELD_PERSON:
        return draw_person(draw, field);
    case FIELD_FILE:
        return id_value(draw, 1);
    case FIELD_CASE:
        return value_text(draw->arena, S("130500-1"));
    case FIELD_LIST:
        return draw_list(draw, field);
    case FIELD_KIND_COUNT:
        break;
    }
    must(false);
}

static struct value *draw_field(const struct draw *draw, const struct regime_field *field)
{
    if (dice_percent(draw->dice, 1))
        return value_text(draw->arena, S("\x01 spoilt"));
    if (!field->many || field->kind == FIELD_LIST)
        return draw_one(draw, field);
    struct value *several = value_list(draw->arena);
    for (uint64_t i = 0, rounds = 1 + dice_roll(draw->dice, 3); i < rounds; i++)
        value_append(several, draw_one(draw, field));
    return several;
}

struct value *random_form(struct arena *arena, struct dice *dice, const struct random_stock *stock,
                          const struct regime_field *fields, size_t count, int yield)
{
    const struct draw draw = {arena, dice, stock};
    struct value *form = value_map(arena);
    for (size_t i = 0; i < count; i++)
        if (dice_percent(dice, fields[i].required || fields[i].yes ? 98 : yield))
            value_put(form, fields[i].name, draw_field(&draw, &fields[i]));
    if (dice_percent(dice, 1))
        value_put_text(arena, form, "nobody_asked", S("x"));
    return form;
}
