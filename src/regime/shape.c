/*
 * Arguments of the vocabulary and items of sections, read by their shape (the language is told in
 * vocabulary_table.h): a choice between shapes is made by what stands there, a short form becomes a
 * map, maps and lists are taken apart. The plain shapes are shape_plain.c's.
 */
#include "regime/load_int.h"

/* Cuts the first piece before `separator` that stands outside braces and brackets. */
static bool next_piece(struct str *rest, char separator, struct str *piece)
{
    if (rest->at == NULL)
        return false;
    int depth = 0;
    for (size_t i = 0; i < rest->len; i++) {
        depth += rest->at[i] == '{' || rest->at[i] == '[';
        depth -= rest->at[i] == '}' || rest->at[i] == ']';
        if (depth > 0 || rest->at[i] != separator)
            continue;
        *piece = str_trim(str_part(*rest, 0, i));
        *rest = str_from(*rest, i + 1);
        return true;
    }
    *piece = str_trim(*rest);
    *rest = (struct str){0};
    return true;
}

/* Whether a value of this kind can be meant for the alternative. */
static bool takes(const struct loader *l, struct str alternative, const struct yaml_node *node)
{
    if (str_starts(alternative, S("{")))
        return node->kind == YAML_MAP;
    if (str_starts(alternative, S("[")))
        return node->kind == YAML_LIST;
    return shape_takes(l, alternative, node);
}

/* One "key: shape" or "key?: shape" of a map shape. */
static void cut_member(struct str member, struct str *key, struct str *shape, bool *needed)
{
    size_t colon = str_find_char(member, ':');
    must(colon != SIZE_MAX);
    *key = str_trim(str_part(member, 0, colon));
    *shape = str_trim(str_from(member, colon + 1));
    *needed = !str_ends(*key, S("?"));
    if (!*needed)
        key->len--;
}

static void check_members(struct loader *l, struct str members, const struct yaml_node *map)
{
    yaml_each (child, map) {
        struct guess guess = guess_begin(child->key);
        bool known = false;
        struct str rest = members;
        struct str member;
        while (!known && next_piece(&rest, ',', &member)) {
            struct str key;
            struct str shape;
            bool needed;
            cut_member(member, &key, &shape, &needed);
            known = str_eq(key, child->key);
            guess_try(&guess, key);
        }
        if (!known)
            fault_unknown(l, FAULT_UNKNOWN_NAME, key_place(child), "pack.unknown.key", NULL,
                          &guess);
    }
}

static const struct yaml_node *find_member(const struct yaml_node *map, struct str key)
{
    yaml_each (child, map) {
        if (str_eq(child->key, key))
            return child;
    }
    return NULL;
}

/* The list field that `columns` of this map belong to. */
static const struct regime_field *list_of(const struct loader *l, const struct yaml_node *map)
{
    const struct yaml_node *name = yaml_find(map, "list");
    if (l->scope == NULL || name == NULL)
        return NULL;
    const struct regime_field *field = scope_find_field(l->scope, name->text);
    return field != NULL && field->kind == FIELD_LIST ? field : NULL;
}

static void fault_missing(struct loader *l, const struct yaml_node *map, struct str key)
{
    bool is_word = str_eq(key, S("zh")) || str_eq(key, S("en"));
    fault(l, is_word ? FAULT_MISSING_WORD : FAULT_MISSING_KEY, key_place(map),
          is_word ? "pack.missing.word" : "pack.missing.key", NULL,
          ARGS(arg_text("name", key), arg_text("of", map->key)));
}

/* Items of a section are known by their id, steps of the ladder by their step. */
static void check_id_once(struct loader *l, struct mentions *seen, const struct yaml_node *item)
{
    const struct yaml_node *id = yaml_find(item, "id");
    if (id == NULL)
        id = yaml_find(item, "step");
    if (id == NULL)
        return;
    const struct mention *first = mention_find(seen, id->text);
    if (first != NULL)
        fault(l, FAULT_DUPLICATE_NAME, node_place(id), "pack.duplicate_line", NULL,
              ARGS(arg_text("name", id->text), arg_int("line", first->place.line)));
    mention_add(l, seen, id->text, node_place(id));
}

static struct value *read_items(struct loader *l, struct str shape, const struct yaml_node *node)
{
    struct value *list = value_list(l->arena);
    struct mentions seen = {0};
    if (!want_list(l, node))
        return list;
    yaml_each (item, node) {
        check_id_once(l, &seen, item);
        value_append(list, shape_bind(l, str_part(shape, 1, shape.len - 2), item));
    }
    return list;
}

static struct value *read_braces(struct loader *l, struct str shape, const struct yaml_node *map)
{
    struct str members = str_part(shape, 1, shape.len - 2);
    struct value *value = value_map(l->arena);
    if (l->scope != NULL)
        l->scope->list = list_of(l, map);
    check_members(l, members, map);
    struct str member;
    while (next_piece(&members, ',', &member)) {
        struct str key;
        struct str inner;
        bool needed;
        cut_member(member, &key, &inner, &needed);
        const struct yaml_node *child = find_member(map, key);
        if (child != NULL)
            value_put(value, key, shape_bind(l, inner, child));
        else if (needed)
            fault_missing(l, map, key);
    }
    return value;
}

/* The first key of the map that stands as another form: where the short form's value goes. */
static struct str first_key(struct str shape)
{
    struct str rest = shape;
    struct str piece = {0};
    while (next_piece(&rest, '|', &piece)) {
        if (!str_starts(piece, S("{")))
            continue;
        size_t colon = str_find_char(piece, ':');
        return str_trim(str_part(piece, 1, colon - 1));
    }
    return (struct str){0};
}

static struct value *does_not_fit(struct loader *l, struct str shape, size_t alternatives,
                                  const struct yaml_node *node)
{
    if (alternatives == 1)
        fault_type(l, node, str_starts(shape, S("{")) ? "pack.want.map" : "pack.want.list");
    else
        fault(l, FAULT_WRONG_TYPE, node_place(node), "pack.want.shape", NULL,
              ARGS(arg_text("name", node->key), arg_text("shape", shape)));
    return value_null(l->arena);
}

static struct value *read_alternative(struct loader *l, struct str shape,
                                      const struct yaml_node *node)
{
    if (str_starts(shape, S("{")))
        return read_braces(l, shape, node);
    if (str_starts(shape, S("[")))
        return read_items(l, shape, node);
    return shape_read(l, shape, node);
}

struct value *shape_bind(struct loader *l, struct str shape, const struct yaml_node *node)
{
    struct str rest = shape;
    struct str piece = shape;
    struct str chosen = {0};
    size_t alternatives = 0;
    while (next_piece(&rest, '|', &piece)) {
        alternatives++;
        if (chosen.at == NULL && takes(l, piece, node))
            chosen = piece;
    }
    bool is_plain = alternatives == 1 && !str_starts(piece, S("{")) && !str_starts(piece, S("["));
    if (chosen.at == NULL && !is_plain)
        return does_not_fit(l, shape, alternatives, node);
    if (chosen.at == NULL)
        chosen = piece; /* its reader says what is wrong */
    struct value *value = read_alternative(l, chosen, node);
    struct str key = first_key(shape);
    if (key.at == NULL || str_starts(chosen, S("{")))
        return value;
    struct value *map = value_map(l->arena);
    value_put(map, key, value);
    return map;
}
