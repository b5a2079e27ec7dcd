/*
 * Forms by the kinds of their fields. Each kind has several kinds of answers, tried one after the
 * other as refusals name the field; which of them passed is remembered for everybody, so that a day
 * later hardly anything is refused. The pack's guards on a field are read beforehand, as somebody
 * reads the note beside it.
 */
#include "base/num.h"
#include "services/simulate_int.h"

enum { OPTIONAL_PERCENT = 60, ROWS_MAX = 2, CHOSEN_MAX = 2, LATER_DAYS = 5, KINDS_TRIED = 4 };

/* One field of the form at hand. */
struct blank {
    struct desk *desk;
    const struct regime_field *field;
    struct str path; /* name, or list.column */
    struct str list; /* whose column it is, or absent */
    struct dice *dice;
    int kind; /* of answer: 0 the first that comes to mind */
};

struct str desk_turn_key(struct arena *arena, const struct visit *visit, struct str field,
                         struct str region)
{
    return str_printf(arena, "%.*s/%.*s/%.*s", STR_ARG(visit->procedure->name), STR_ARG(field),
                      STR_ARG(region));
}

struct str desk_lesson_key(struct arena *arena, const struct visit *visit, struct str path)
{
    return str_printf(arena, "%.*s/%.*s/%.*s", STR_ARG(visit->procedure->name),
                      STR_ARG(visit->row == NULL ? S("create") : visit->row->name), STR_ARG(path));
}

static int kind_of_answer(const struct desk *desk, struct str path)
{
    const struct visit *visit = desk->visit;
    for (size_t i = 0; i < visit->answers.len; i++)
        if (str_eq(visit->answers.at[i].path, path))
            return visit->answers.at[i].kind;
    const int *lesson =
        strmap_find(&desk->play->lessons, desk_lesson_key(desk->arena, visit, path));
    return lesson == NULL ? 0 : *lesson;
}

/* The first guard of this kind on the field (or on the list whose column it is). */
static const struct regime_guard *guard_on(const struct desk *desk, enum guard_kind kind,
                                           struct str name)
{
    const struct regime_guard *needs =
        desk->row == NULL ? desk->engine->procedure->create_needs : desk->row->needs;
    size_t count =
        desk->row == NULL ? desk->engine->procedure->create_need_count : desk->row->need_count;
    for (size_t i = 0; i < count; i++)
        if (needs[i].kind == kind && (str_eq(value_find_text(needs[i].args, "field"), name) ||
                                      str_eq(value_find_text(needs[i].args, "list"), name)))
            return &needs[i];
    return NULL;
}

static const struct value *standing(const struct desk *desk, struct str name)
{
    const struct value *answer = value_find(desk->form, name);
    return answer != NULL ? answer : value_find(desk->casefile->fields, name);
}

/* ---- texts and numbers ---- */

static struct str first_characters(struct str text, int64_t count)
{
    size_t offset = 0;
    while (count-- > 0 && offset < text.len)
        (void)utf8_next(text, &offset);
    return str_part(text, 0, offset);
}

/* What is asked for, and a number, so that texts differ. */
static struct value *write_text(const struct blank *blank)
{
    struct arena *arena = blank->desk->arena;
    const struct regime_field *field = blank->field;
    struct str name = str_is_empty(field->words.zh) ? field->name : field->words.zh;
    struct str text = S("");
    int64_t least = field->has_min ? field->min : 1;
    do
        text = str_printf(arena, "%.*s%.*s%d", STR_ARG(text), STR_ARG(name),
                          1000 + (int)dice_roll(blank->dice, 9000));
    while ((int64_t)utf8_length(text) < least);
    if (field->has_max && (int64_t)utf8_length(text) > field->max)
        text = first_characters(text, field->max);
    return value_text(arena, text);
}

static int64_t choose_number(const struct blank *blank, int64_t low, int64_t high)
{
    switch (blank->kind % 4) {
    case 1: return high;
    case 2: return low;
    case 3: return low + 1 <= high ? low + 1 : low;
    }
    return low + (int64_t)dice_roll(blank->dice, (uint64_t)(high - low + 1));
}

static struct value *write_number(const struct blank *blank)
{
    const struct regime_field *field = blank->field;
    bool scaled = field->kind == FIELD_DECIMAL;
    int64_t low = field->has_min && !scaled ? field->min : 1;
    int64_t high = field->has_max && !scaled && field->max < low + 20 ? field->max : low + 20;
    int64_t number = choose_number(blank, low, high);
    struct arena *arena = blank->desk->arena;
    return scaled ? value_text(arena, str_printf(arena, "%lld", (long long)number))
                  : value_int(arena, number);
}

static bool names_it(const struct regime_guard *needs, size_t count, struct str name)
{
    for (size_t i = 0; i < count; i++)
        if (needs[i].kind == GUARD_YES || (needs[i].kind == GUARD_FIELDS && needs[i].when == NULL))
            value_each (one, needs[i].args)
                if (one->kind == VALUE_TEXT && str_eq(one->text, name))
                    return true;
    return false;
}

/* Some command of the case will ask that the field be filled in, or be yes. */
static bool is_asked_later(const struct desk *desk, struct str name)
{
    const struct regime_procedure *procedure = desk->engine->procedure;
    for (size_t i = 0; i < procedure->transition_count; i++)
        if (names_it(procedure->transitions[i].needs, procedure->transitions[i].need_count, name))
            return true;
    return false;
}

static struct value *write_bool(const struct blank *blank)
{
    bool likely = blank->field->yes || is_asked_later(blank->desk, blank->field->name) ||
                  dice_percent(blank->dice, 85);
    return value_bool(blank->desk->arena, blank->kind % 2 == 0 ? likely : !likely);
}

static struct value *write_choice(const struct blank *blank)
{
    const struct regime_field *field = blank->field;
    const struct regime_guard *guard = guard_on(blank->desk, GUARD_CHOICE, blank->path);
    const struct value *in = guard == NULL ? NULL : value_find_c(guard->args, "in");
    struct arena *arena = blank->desk->arena;
    if (field->choice_count == 0)
        return NULL;
    size_t at = (dice_roll(blank->dice, field->choice_count) + (size_t)blank->kind) %
                field->choice_count;
    if (in != NULL && in->kind == VALUE_LIST && in->first != NULL && blank->kind == 0)
        return value_text(arena, in->first->text);
    return value_text(arena, field->choices[at].code);
}

static struct value *write_point(const struct blank *blank)
{
    enum { SPREAD = 10000000 };
    struct value *point = value_map(blank->desk->arena);
    value_put_int(blank->desk->arena, point, "lat",
                  360000000 + (int64_t)dice_roll(blank->dice, SPREAD));
    value_put_int(blank->desk->arena, point, "lon",
                  1140000000 + (int64_t)dice_roll(blank->dice, SPREAD));
    return point;
}

/* ---- days ---- */

static bool is_end_of_clock(const struct desk *desk, struct str name)
{
    const struct regime_procedure *procedure = desk->engine->procedure;
    for (size_t i = 0; i < procedure->deadline_count; i++)
        if (str_eq(procedure->deadlines[i].until, name))
            return true;
    return false;
}

/* The day of a field that a guard holds this one against. */
static bool find_bound(const struct desk *desk, const struct regime_guard *guard, const char *side,
                       struct day *out)
{
    const struct value *bound =
        guard == NULL ? NULL : standing(desk, value_find_text(guard->args, side));
    struct instant at;
    if (bound == NULL || bound->kind != VALUE_TEXT || !instant_parse_lenient(bound->text, &at))
        return false;
    *out = day_of_instant(at);
    return true;
}

static struct day choose_day(const struct blank *blank)
{
    static const int soon[] = {0, 30, 90, -1, 10, 200, -30, 3};
    static const int later[] = {30, 10, 90, 3, 200, 0, 1, -1};
    const struct desk *desk = blank->desk;
    struct day today = desk->play->today, bound;
    const struct regime_guard *dates = guard_on(desk, GUARD_DATES, blank->path);
    const struct regime_guard *rows =
        str_is_empty(blank->list) ? NULL : guard_on(desk, GUARD_LIST_DATES, blank->list);
    if (find_bound(desk, rows, "not_after", &bound) && blank->kind % 2 == 0)
        return bound;
    if (find_bound(desk, dates, "not_after", &bound) && blank->kind % 2 == 0)
        return blank->kind % 4 == 2 && bound.v > today.v ? today : bound;
    if (find_bound(desk, dates, "not_before", &bound) && blank->kind % 2 == 0)
        return bound.v > today.v ? bound : today;
    bool ahead = is_end_of_clock(desk, blank->field->name) ||
                 (dates != NULL && value_find_bool(dates->args, "future"));
    int days = (ahead ? later : soon)[blank->kind % (int)COUNT_OF(soon)];
    if (days >= 10)
        days += (int)dice_roll(blank->dice, LATER_DAYS);
    return day_add(today, days);
}

static struct value *write_time(const struct blank *blank)
{
    static const int64_t hours[] = {0, -2, 24, -24, 24 * 7, 24 * 30};
    const struct desk *desk = blank->desk;
    int64_t ahead = hours[(size_t)blank->kind % COUNT_OF(hours)] * MS_PER_HOUR;
    struct instant at = {desk->play->now.ms + ahead};
    return value_text(desk->arena, instant_format(desk->arena, at));
}

/* ---- units, people, cases ---- */

static struct value *id_text_value(struct arena *arena, int64_t id)
{
    return value_text(arena, str_printf(arena, "%lld", (long long)id));
}

static size_t role_at(const struct regime *regime, const struct regime_role *role)
{
    return (size_t)(role - regime->roles);
}

/* Somebody who stands in the case already, in any role. */
static int64_t pick_standing(const struct blank *blank, bool people)
{
    const struct casefile *casefile = blank->desk->casefile;
    int64_t chosen = 0;
    uint64_t seen = 0;
    for (size_t i = 0; i < casefile->roles.len; i++) {
        const struct casefile_role *role = &casefile->roles.at[i];
        const int64_t *at = people ? role->people.at : role->units.at;
        size_t len = people ? role->people.len : role->units.len;
        for (size_t j = 0; j < len; j++)
            if (dice_roll(blank->dice, ++seen) == 0)
                chosen = at[j];
    }
    return chosen;
}

static int64_t id_of(const struct placed *placed)
{
    if (placed == NULL)
        return 0;
    return placed->person == NULL ? placed->unit : placed->person->id.v;
}

static bool is_standing(const struct desk *desk)
{
    const struct play *play = desk->play;
    return play->quotas[desk->visit->procedure - play->regime->procedures].each_region;
}

/* Whether the case of another region was given it in this field. */
static bool is_taken(const struct blank *blank, int64_t id)
{
    const struct desk *desk = blank->desk;
    for (size_t i = 0; i < desk->play->region_count; i++) {
        struct str region = desk->play->regions[i];
        const int64_t *there = strmap_find(
            &desk->play->turns,
            desk_turn_key(desk->arena, desk->visit, blank->field->name, region));
        if (there != NULL && *there == id && !str_eq(region, desk->casefile->region))
            return true;
    }
    return false;
}

/* Of cases that stand one in each region, the nth takes the nth: many want to be the only one; counted
   from the middle, since many must not be of the region itself. What was refused makes place for the
   next one that no other region has. */
static int64_t pick_in_turn(const struct blank *blank, const struct placed_list *list)
{
    const struct desk *desk = blank->desk;
    const struct known *known = desk->visit->known;
    size_t at = list->len / 2;
    for (size_t i = 0; i < desk->play->region_count &&
                       !str_eq(desk->play->regions[i], desk->casefile->region); i++)
        at++;
    if (desk->row != NULL && known != NULL && known->tried != NULL)
        at += known->tried[desk->row - desk->visit->procedure->transitions];
    for (size_t i = 0; i < list->len; i++) {
        int64_t id = id_of(&list->at[(at + i) % list->len]);
        if (!is_taken(blank, id))
            return id;
    }
    return id_of(&list->at[at % list->len]);
}

/* Near the case first; those who stand in it where the role is open to all; then anybody. */
static int64_t pick_one(const struct blank *blank)
{
    const struct desk *desk = blank->desk;
    const struct play *play = desk->play;
    bool people = blank->field->kind == FIELD_PERSON;
    const struct regime_role *role = regime_find_role(play->regime, blank->field->role);
    const struct placed_list *list = people ? &play->roster.people : &play->roster.units;
    int64_t id = 0;
    if (role != NULL)
        list = &(people ? play->roster.people_of : play->roster.units_of)[role_at(play->regime, role)];
    else if (blank->kind % 3 == 0)
        id = pick_standing(blank, people);
    if (id != 0)
        return id;
    if (role != NULL && !people && list->len > 0 && is_standing(desk))
        return pick_in_turn(blank, list);
    if (blank->kind % 3 == 2)
        return list->len == 0 ? 0 : id_of(&list->at[dice_roll(blank->dice, list->len)]);
    return id_of(roster_pick_near(play->world, list, desk->casefile->region, blank->dice));
}

static struct value *write_id(const struct blank *blank)
{
    int64_t id = pick_one(blank);
    return id == 0 ? NULL : id_text_value(blank->desk->arena, id);
}

/* Everybody whom a guard wants named. */
static struct value *write_covered(const struct blank *blank)
{
    const struct desk *desk = blank->desk;
    const struct regime_guard *guard = guard_on(desk, GUARD_COVERS, blank->path);
    const struct casefile_role *role =
        guard == NULL ? NULL
                      : casefile_find_role(desk->casefile, value_find_text(guard->args, "role"));
    if (role == NULL || role->units.len + role->people.len == 0)
        return NULL;
    struct value *all = value_list(desk->arena);
    for (size_t i = 0; i < role->units.len; i++)
        value_append(all, id_text_value(desk->arena, role->units.at[i]));
    for (size_t i = 0; i < role->people.len; i++)
        value_append(all, id_text_value(desk->arena, role->people.at[i]));
    return all;
}

static bool is_meant(const struct blank *blank, const struct known *known)
{
    const struct desk *desk = blank->desk;
    const struct regime_procedure *procedure = &desk->play->regime->procedures[known->procedure];
    if (!str_is_empty(blank->field->procedure))
        return str_eq(procedure->name, blank->field->procedure);
    for (size_t i = 0; desk->row != NULL && i < desk->row->need_count; i++)
        if (desk->row->needs[i].kind == GUARD_RECORD)
            value_each (name, desk->row->needs[i].args)
                if (str_eq(name->text, procedure->name))
                    return true;
    return false;
}

/* The command that one of these effects gives in the case that the field names. */
static const struct value *given_by(const struct regime_effect *then, size_t count,
                                    struct str field)
{
    for (size_t i = 0; i < count; i++)
        if (then[i].kind == EFFECT_GIVE && str_eq(value_find_text(then[i].args, "to"), field))
            return then[i].args;
    return NULL;
}

/* Whatever this form or a later command of the case does with what the field names. */
static const struct value *find_gift(const struct desk *desk, struct str field)
{
    const struct regime_procedure *procedure = desk->engine->procedure;
    const struct value *gift =
        desk->row == NULL
            ? given_by(procedure->create_then, procedure->create_then_count, field)
            : given_by(desk->row->then, desk->row->then_count, field);
    for (size_t i = 0; gift == NULL && i < procedure->transition_count; i++)
        gift = given_by(procedure->transitions[i].then, procedure->transitions[i].then_count,
                        field);
    return gift;
}

/* Whether the case stands where that command may be given. */
static bool is_ripe(const struct regime_procedure *procedure, const struct value *gift,
                    struct str state)
{
    struct str command = value_find_text(gift, "command");
    return gift == NULL || !str_eq(value_find_text(gift, "procedure"), procedure->name) ||
           procedure_find_transition(procedure, command, state) != NULL;
}

/* Another case: the newest of the same place, then of anywhere, then an older one. */
static struct value *write_case(const struct blank *blank)
{
    enum { LOOKED_AT = 4000 };
    const struct desk *desk = blank->desk;
    const struct known *chosen = NULL, *elsewhere = NULL;
    const struct value *gift = find_gift(desk, blank->field->name);
    int skip = blank->kind / 2;
    for (size_t i = desk->play->cases.len, n = 0; i > 0 && n < LOOKED_AT; i--, n++) {
        const struct known *known = desk->play->cases.at[i - 1];
        if (known == desk->visit->known || !is_meant(blank, known) ||
            !is_ripe(&desk->play->regime->procedures[known->procedure], gift, known->state))
            continue;
        if (elsewhere == NULL && blank->kind % 2 != 0)
            elsewhere = known;
        if (blank->kind % 2 == 0 && !str_eq(known->region, desk->casefile->region))
            continue;
        chosen = known;
        if (skip-- == 0)
            break;
    }
    if (chosen == NULL)
        chosen = elsewhere;
    if (chosen == NULL)
        return NULL;
    return value_text(desk->arena, casefile_ref_format(desk->arena, chosen->ref.prefecture,
                                                       chosen->ref.id));
}

/* ---- fields ---- */

static struct value *write_one(const struct blank *blank);

static struct value *write_list(const struct blank *blank)
{
    struct desk *desk = blank->desk;
    const struct regime_field *field = blank->field;
    const struct regime_guard *guard = guard_on(desk, GUARD_LIST, field->name);
    bool ordered = guard_on(desk, GUARD_LIST_DATES, field->name) != NULL;
    uint64_t least = field->has_min && field->min > 0 ? (uint64_t)field->min : 1;
    if (guard != NULL && value_find_int(guard->args, "min", 1) > (int64_t)least)
        least = (uint64_t)value_find_int(guard->args, "min", 1);
    uint64_t count = ordered ? 1 : least + dice_roll(blank->dice, ROWS_MAX);
    struct value *rows = value_list(desk->arena);
    for (uint64_t i = 0; i < count; i++) {
        struct value *row = value_append_map(desk->arena, rows);
        for (size_t j = 0; j < field->column_count; j++) {
            const struct regime_field *column = &field->columns[j];
            struct str path = str_printf(desk->arena, "%.*s.%.*s", STR_ARG(field->name),
                                         STR_ARG(column->name));
            const struct blank cell = {desk, column, path, field->name, blank->dice,
                                       kind_of_answer(desk, path)};
            struct value *value = column->many ? NULL : write_one(&cell);
            if (column->many) {
                struct value *only = write_one(&cell);
                value = value_list(desk->arena);
                if (only != NULL)
                    value_append(value, only);
            }
            if (value != NULL)
                value_put(row, column->name, value);
        }
    }
    return rows;
}

static struct value *write_one(const struct blank *blank)
{
    struct arena *arena = blank->desk->arena;
    switch (blank->field->kind) {
    case FIELD_TEXT:
    case FIELD_LONGTEXT: return write_text(blank);
    case FIELD_INTEGER:
    case FIELD_DECIMAL:
    case FIELD_MONEY: return write_number(blank);
    case FIELD_DATE: return value_text(arena, day_format(arena, choose_day(blank)));
    case FIELD_TIME: return write_time(blank);
    case FIELD_CHOICE: return write_choice(blank);
    case FIELD_BOOL: return write_bool(blank);
    case FIELD_POINT: return write_point(blank);
    case FIELD_REGION: /* the case as it was read is gone when the form is taken */
        return value_text(arena, str_copy(arena, blank->desk->casefile->region));
    case FIELD_UNIT:
    case FIELD_PERSON: return write_id(blank);
    case FIELD_FILE: return id_text_value(arena, blank->desk->play->files[0].v);
    case FIELD_LIST: return write_list(blank);
    case FIELD_CASE: return write_case(blank);
    case FIELD_KIND_COUNT: break;
    }
    must(false);
}

/* All that are ripe for the same thing, of one region. */
static struct value *write_cases(const struct blank *blank)
{
    enum { TAKEN_MAX = 40 };
    const struct desk *desk = blank->desk;
    const struct value *gift = find_gift(desk, blank->field->name);
    struct value *several = value_list(desk->arena);
    for (size_t i = desk->play->open.len; i > 0 && several->count < TAKEN_MAX; i--) {
        const struct known *known = desk->play->open.at[i - 1];
        if (known != desk->visit->known && str_eq(known->region, desk->casefile->region) &&
            is_meant(blank, known) &&
            is_ripe(&desk->play->regime->procedures[known->procedure], gift, known->state))
            value_append(several,
                         value_text(desk->arena,
                                    casefile_ref_format(desk->arena, known->ref.prefecture,
                                                        known->ref.id)));
    }
    return several;
}

static bool has_text(const struct value *list, struct str text)
{
    value_each (one, list)
        if (str_eq(one->text, text))
            return true;
    return false;
}

static struct value *write_many(const struct blank *blank)
{
    struct value *covered = blank->kind % 2 == 0 ? write_covered(blank) : NULL;
    if (covered != NULL)
        return covered;
    if (blank->field->kind == FIELD_CASE && blank->kind == 0)
        return write_cases(blank);
    struct value *several = value_list(blank->desk->arena);
    uint64_t more = is_standing(blank->desk) ? 1 : CHOSEN_MAX;
    uint64_t count = 1 + dice_roll(blank->dice, more) + (uint64_t)(blank->kind / 3);
    for (uint64_t i = 0; i < count; i++) {
        struct value *one = write_one(blank);
        if (one != NULL && !has_text(several, one->text))
            value_append(several, one);
    }
    return several;
}

/* What the form shows first is left as it is, mostly. */
static const struct value *proposed(const struct blank *blank)
{
    const struct desk *desk = blank->desk;
    if (blank->kind > 0)
        return NULL;
    if (!str_is_empty(blank->field->shows))
        return value_find(desk->casefile->fields, blank->field->shows);
    return NULL;
}

static bool is_wanted(const struct desk *desk, const struct regime_field *field, int kind,
                      struct dice *dice)
{
    bool stands = !value_is_empty(value_find(desk->casefile->fields, field->name));
    if (field->sealed)
        return false;
    if (field->required || field->yes)
        return true;
    if (kind > 0) /* a refusal has named it */
        return kind % 5 != 4;
    if (visit_misses(desk->visit, field->name))
        return true;
    if (!stands && is_asked_later(desk, field->name))
        return true;
    if (desk->visit->plain)
        return false;
    return !stands && (field->kind == FIELD_BOOL || dice_percent(dice, OPTIONAL_PERCENT));
}

struct str desk_kind_lesson(struct arena *arena, const struct world_person *person)
{
    return str_printf(arena, "=kind %.*s",
                      STR_ARG(person->post_count == 0 ? S("") : person->posts[0].unit->facts.kind));
}

static const struct value *told(const struct desk *desk, const struct regime_field *field)
{
    return desk->visit->brief == NULL ? NULL
                                      : value_find(desk->visit->brief->fields, field->name);
}

bool desk_fill(struct desk *desk, const struct regime_field *fields, size_t count)
{
    bool complete = true;
    for (size_t i = 0; i < count; i++) {
        const struct regime_field *field = &fields[i];
        struct blank blank = {.desk = desk,
                              .field = field,
                              .path = field->name,
                              .dice = &desk->visit->dice,
                              .kind = kind_of_answer(desk, field->name)};
        if (!value_is_empty(told(desk, field)) && !field->sealed) {
            value_put(desk->form, field->name, value_copy(desk->arena, told(desk, field)));
            continue;
        }
        if (!is_wanted(desk, field, blank.kind, blank.dice))
            continue;
        if (blank.kind == 0 && visit_misses(desk->visit, field->name))
            blank.kind = (int)dice_roll(blank.dice, KINDS_TRIED); /* what stands was not good */
        const struct value *shown = proposed(&blank);
        struct value *answer = !value_is_empty(shown) ? value_copy(desk->arena, shown)
                               : field->many && field->kind != FIELD_LIST ? write_many(&blank)
                                                                          : write_one(&blank);
        if (answer != NULL && !value_is_empty(answer))
            value_put(desk->form, field->name, answer);
        else
            complete = complete && !field->required;
    }
    return complete;
}
