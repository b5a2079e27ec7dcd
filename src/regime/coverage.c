/*
 * The section `coverage`: its shape has been checked by section_table.h; here its names are held
 * against the procedures they mean, so that no pair is looked for where none can stand.
 */
#include "regime/coverage.h"

#include "base/vec.h"
#include "regime/load_int.h"

struct reading {
    struct loader *l;
    const struct yaml_node *item;
    struct regime_coverage *to;
};

const char *coverage_kind_name(enum coverage_kind kind)
{
    static const char *const names[] = {"people", "regions", "units"};
    return names[kind];
}

static void read_names(struct loader *l, const struct yaml_node *list, const struct str **out,
                       size_t *count)
{
    VEC(struct str) names = {0};
    if (list == NULL)
        return;
    items_each (node, list)
        vec_add(l->arena, &names, node->text);
    *out = names.at;
    *count = names.len;
}

/* ---- sets ---- */

void check_levels(struct loader *l, const struct yaml_node *list)
{
    static const struct str levels[] = {STR_INIT("nation"),       STR_INIT("province"),
                                        STR_INIT("municipality"), STR_INIT("prefecture"),
                                        STR_INIT("county"),       STR_INIT("township")};
    items_each (node, list) {
        struct guess guess = guess_begin(node->text);
        bool known = false;
        for (size_t i = 0; i < COUNT_OF(levels); i++) {
            known = known || str_eq(levels[i], node->text);
            guess_try(&guess, levels[i]);
        }
        if (!known)
            fault_unknown(l, FAULT_UNKNOWN_NAME, node_place(node), "pack.unknown.region_level",
                          "pack.hint.region_level", &guess);
    }
}

static const struct regime_place *find_place(const struct loader *l, struct str id)
{
    for (size_t i = 0; i < l->regime->place_count; i++)
        if (str_eq(l->regime->places[i].id, id))
            return &l->regime->places[i];
    return NULL;
}

/* Levels of region, or items of `regions`, whose codes are taken. */
static void take_regions(struct loader *l, const struct yaml_node *list,
                         struct regime_coverage_set *to)
{
    VEC(struct str) codes = {0};
    bool of_levels = false;
    items_each (node, list) {
        const struct regime_place *place = find_place(l, node->text);
        of_levels = of_levels || place == NULL;
        for (size_t i = 0; place != NULL && i < place->code_count; i++)
            vec_add(l->arena, &codes, place->codes[i]);
    }
    if (of_levels)
        check_levels(l, list);
    to->codes = codes.at;
    to->code_count = codes.len;
}

/* One of people, regions and units. */
static void read_set(struct reading *r, const char *key, struct regime_coverage_set *to)
{
    const struct yaml_node *map = yaml_find(r->item, key);
    int named = 0;
    if (map == NULL || map->kind != YAML_MAP)
        return; /* told by the shape */
    for (enum coverage_kind kind = 0; kind < COVERAGE_KIND_COUNT; kind++) {
        const struct yaml_node *list = yaml_find(map, coverage_kind_name(kind));
        if (list == NULL)
            continue;
        named++;
        to->kind = kind;
        read_names(r->l, list, &to->names, &to->count);
        if (kind == COVERAGE_REGIONS)
            take_regions(r->l, list, to);
    }
    read_names(r->l, yaml_find(map, "at"), &to->at, &to->at_count);
    if (named != 1)
        fault(r->l, FAULT_MISSING_KEY, key_place(map), "pack.coverage.one_set", NULL, NO_ARGS);
}

/* ---- pairs ---- */

static const struct regime_field *find_among(const struct regime_field *fields, size_t count,
                                             struct str name)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(fields[i].name, name))
            return &fields[i];
    return NULL;
}

/* A column of the list, else a field or a role of the case, of the right kind, or its own region. */
static void check_end(struct reading *r, const struct yaml_node *node,
                      const struct regime_coverage_pairs *pairs, enum field_kind wanted)
{
    const struct regime_field *fields = pairs->list == NULL ? pairs->procedure->fields
                                                            : pairs->list->columns;
    size_t count =
        pairs->list == NULL ? pairs->procedure->field_count : pairs->list->column_count;
    const struct regime_field *field = find_among(fields, count, node->text);
    const struct regime_role *role =
        pairs->list == NULL ? regime_find_role(r->l->regime, node->text) : NULL;
    bool is_own = pairs->list == NULL && wanted == FIELD_REGION && str_eq(node->text, S("region"));
    bool fits = is_own ||
                (field != NULL ? field->kind == wanted
                               : role != NULL && wanted == (role->of_people ? FIELD_PERSON
                                                                            : FIELD_UNIT));
    if (!fits)
        fault(r->l, FAULT_UNDECLARED_INPUT, node_place(node), "pack.coverage.end", NULL,
              ARGS(arg_text("name", node->text), arg_c("kind", field_kind_name(wanted))));
}

static void read_ends(struct reading *r, const struct yaml_node *map,
                      struct regime_coverage_pairs *to)
{
    static const struct {
        const char *key;
        enum field_kind kind;
        size_t offset;
    } ends[] = {
        {"person", FIELD_PERSON, offsetof(struct regime_coverage_pairs, ends[COVERAGE_PEOPLE])},
        {"region", FIELD_REGION, offsetof(struct regime_coverage_pairs, ends[COVERAGE_REGIONS])},
        {"unit", FIELD_UNIT, offsetof(struct regime_coverage_pairs, ends[COVERAGE_UNITS])},
        {"post", FIELD_CHOICE, offsetof(struct regime_coverage_pairs, post)},
        {"body", FIELD_UNIT, offsetof(struct regime_coverage_pairs, body)},
    };
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        const struct yaml_node *node = yaml_find(map, ends[i].key);
        if (node == NULL)
            continue;
        *(struct str *)(void *)((char *)to + ends[i].offset) = node->text;
        check_end(r, node, to, ends[i].kind);
    }
    if (str_is_empty(to->post) != str_is_empty(to->body))
        fault(r->l, FAULT_MISSING_KEY, key_place(map), "pack.coverage.post_and_body", NULL, NO_ARGS);
}

static void read_states(struct reading *r, const struct yaml_node *map,
                        struct regime_coverage_pairs *to)
{
    const struct yaml_node *list = yaml_find(map, "states");
    read_names(r->l, list, &to->states, &to->state_count);
    if (list != NULL)
        items_each (node, list)
            (void)need_state_of(r->l, to->procedure, node);
}

/* false after a fault: what are its columns cannot be told. */
static bool read_list(struct reading *r, const struct yaml_node *map,
                      struct regime_coverage_pairs *to)
{
    const struct yaml_node *node = yaml_find(map, "list");
    if (node == NULL)
        return true;
    to->list = procedure_find_field(to->procedure, node->text);
    if (to->list != NULL && to->list->kind == FIELD_LIST)
        return true;
    fault(r->l, FAULT_UNDECLARED_INPUT, node_place(node), "pack.coverage.list", NULL,
          ARGS(arg_text("name", node->text), arg_text("of", to->procedure->name)));
    return false;
}

static bool names_end(const struct regime_coverage_pairs *pairs, enum coverage_kind kind)
{
    return !str_is_empty(pairs->ends[kind]) ||
           (kind == COVERAGE_PEOPLE && !str_is_empty(pairs->post));
}

static void read_pairs(struct reading *r, const char *key, struct regime_coverage_pairs *to)
{
    const struct yaml_node *map = yaml_find(r->item, key);
    if (map == NULL || map->kind != YAML_MAP)
        return;
    to->procedure = regime_find_procedure(r->l->regime, node_text(map, "procedure"));
    if (to->procedure == NULL)
        return; /* told by the shape */
    read_states(r, map, to);
    if (!read_list(r, map, to))
        return;
    read_ends(r, map, to);
    if (!names_end(to, r->to->every.kind) || !names_end(to, r->to->with.kind))
        fault(r->l, FAULT_MISSING_KEY, key_place(map), "pack.coverage.both_ends", NULL, NO_ARGS);
}

/* ---- items ---- */

static void read_bound(struct reading *r)
{
    const struct yaml_node *at_least = yaml_find(r->item, "at_least");
    const struct yaml_node *exactly = yaml_find(r->item, "exactly");
    if ((at_least != NULL) == (exactly != NULL))
        fault(r->l, FAULT_MISSING_KEY, key_place(r->item), "pack.coverage.bound", NULL, NO_ARGS);
    r->to->at_least = at_least == NULL ? NULL : bind_any(r->l, at_least);
    r->to->exactly = exactly == NULL ? NULL : bind_any(r->l, exactly);
}

static void read_level(struct reading *r)
{
    const struct yaml_node *node = yaml_find(r->item, "level");
    r->to->level = node_text(r->item, "level");
    if (node != NULL && str_eq(regime_flag_words(r->l->regime, node->text).zh, node->text))
        fault(r->l, FAULT_MISSING_WORD, node_place(node), "pack.missing.coined", "pack.hint.words",
              ARGS(arg_text("name", node->text)));
}

void bind_coverage(struct loader *l, const struct yaml_node *list)
{
    VEC(struct regime_coverage) items = {0};
    items_each (item, list) {
        struct regime_coverage *to = vec_push(l->arena, &items);
        struct reading r = {l, item, to};
        *to = (struct regime_coverage){
            .id = node_text(item, "id"),
            .words = {node_text(item, "zh"), node_text(item, "en")},
            .clause = node_text(item, "clause"),
            .place = key_place(item),
        };
        read_level(&r);
        read_set(&r, "every", &to->every);
        read_set(&r, "with", &to->with);
        if (to->every.kind == to->with.kind)
            fault(l, FAULT_WRONG_TYPE, key_place(item), "pack.coverage.same_kind", NULL, NO_ARGS);
        read_pairs(&r, "by", &to->by);
        read_pairs(&r, "also", &to->also);
        read_bound(&r);
    }
    l->regime->coverage = items.at;
    l->regime->coverage_count = items.len;
}

const struct regime_coverage *regime_find_coverage(const struct regime *regime, struct str id)
{
    for (size_t i = 0; i < regime->coverage_count; i++)
        if (str_eq(regime->coverage[i].id, id))
            return &regime->coverage[i];
    return NULL;
}
