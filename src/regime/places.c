/*
 * `regions:` of a pack. Codes are those of the directory of regions, which a pack does not know: that
 * they are there is checked when a campaign begins.
 */
#include "regime/load_int.h"

static bool is_code(struct str text)
{
    bool good = text.len >= 6 && text.len <= 12;
    for (size_t i = 0; good && i < text.len; i++)
        good = (text.at[i] >= '0' && text.at[i] <= '9') || (text.at[i] >= 'A' && text.at[i] <= 'Z');
    return good;
}

static void want_code(struct loader *l, const struct yaml_node *node)
{
    if (!is_code(node->text))
        fault_type(l, node, "pack.want.region_code");
}

static void take_codes(struct loader *l, const struct yaml_node *list, struct mentions *seen,
                       struct regime_place *place)
{
    VEC(struct str) codes = {0};
    if (list == NULL)
        return; /* told by the shape */
    items_each (item, list) {
        const struct mention *first = mention_find(seen, item->text);
        want_code(l, item);
        if (first != NULL)
            fault(l, FAULT_DUPLICATE_NAME, node_place(item), "pack.duplicate_line", NULL,
                  ARGS(arg_text("name", item->text), arg_int("line", first->place.line)));
        mention_add(l, seen, item->text, node_place(item));
        vec_add(l->arena, &codes, item->text);
    }
    place->codes = codes.at;
    place->code_count = codes.len;
}

/* The region itself, or a setting whose value is one. */
static void check_home(struct loader *l, const struct yaml_node *node)
{
    const struct regime_setting *setting = regime_find_setting(l->regime, node->text);
    if (setting == NULL)
        want_code(l, node);
    else if (setting->value->kind != VALUE_TEXT || !is_code(setting->value->text))
        fault_type(l, node, "pack.want.region_code");
}

void bind_places(struct loader *l, const struct yaml_node *list)
{
    VEC(struct regime_place) places = {0};
    struct mentions seen = {0};
    items_each (item, list) {
        if (item->kind != YAML_MAP)
            continue; /* told by the shape */
        struct regime_place *place = vec_push(l->arena, &places);
        const struct yaml_node *id = yaml_find(item, "id");
        const struct yaml_node *under = yaml_find(item, "under");
        const struct yaml_node *home = yaml_find(item, "belongs_to");
        *place = (struct regime_place){.id = id == NULL ? S("") : id->text,
                                       .place = node_place(item)};
        take_codes(l, yaml_find(item, "codes"), &seen, place);
        if (under != NULL)
            want_code(l, under);
        if (home != NULL)
            check_home(l, home);
        place->under = under == NULL ? S("") : under->text;
        place->belongs_to = home == NULL ? S("") : home->text;
    }
    l->regime->places = places.at;
    l->regime->place_count = places.len;
}
