/*
 * Nodes to scalars and mappings to structs, by table. Whatever does not fit becomes a fault with the
 * place of the key (missing, unknown) or of the value (wrong).
 */
#include "base/num.h"
#include "regime/load_int.h"

struct pack_place key_place(const struct yaml_node *node)
{
    if (node->key_line > 0)
        return (struct pack_place){node->key_line, node->key_column};
    return node_place(node);
}

struct pack_place node_place(const struct yaml_node *node)
{
    return (struct pack_place){node->line, node->column};
}

struct str node_text(const struct yaml_node *map, const char *key)
{
    const struct yaml_node *node = map == NULL ? NULL : yaml_find(map, key);
    return node == NULL ? (struct str){0} : node->text;
}

struct pack_place text_place(const struct yaml_node *node, size_t offset)
{
    struct pack_place place = node_place(node);
    if (offset > 0 && node->text_column > 0)
        place.column = node->text_column + (int)utf8_length(str_part(node->text, 0, offset));
    return place;
}

void fault(struct loader *l, enum pack_fault_code code, struct pack_place place, const char *key,
           const char *hint, struct args args)
{
    struct reason reason = reason_make(key, args);
    reason.needs = hint;
    pack_fault_add(l->arena, l->faults, place, code, reason);
}

void fault_type(struct loader *l, const struct yaml_node *node, const char *key)
{
    fault(l, FAULT_WRONG_TYPE, node_place(node), key, NULL,
          ARGS(arg_text("name", node->key), arg_text("text", utf8_prefix(node->text, 40))));
}

void fault_unknown(struct loader *l, enum pack_fault_code code, struct pack_place place,
                   const char *key, const char *hint, const struct guess *guess)
{
    bool near = guess->best.at != NULL;
    fault(l, code, place, key, near ? "pack.hint.guess" : hint,
          ARGS(arg_text("name", utf8_prefix(guess->word, 60)), arg_text("guess", guess->best)));
}

void mention_add(struct loader *l, struct mentions *mentions, struct str name,
                 struct pack_place place)
{
    vec_add(l->arena, mentions, ((struct mention){name, place}));
}

void coin(struct loader *l, struct str name, struct pack_place place)
{
    if (l->scope != NULL) /* sections word their items themselves */
        mention_add(l, &l->coined, name, place);
}

const struct mention *mention_find(const struct mentions *mentions, struct str name)
{
    for (size_t i = 0; i < mentions->len; i++) {
        if (str_eq(mentions->at[i].name, name))
            return &mentions->at[i];
    }
    return NULL;
}

bool bind_text(struct loader *l, const struct yaml_node *node, struct str *out)
{
    if (node->kind != YAML_TEXT && node->kind != YAML_INT) {
        fault_type(l, node, "pack.want.text");
        return false;
    }
    *out = node->text;
    return true;
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool is_name(struct str text)
{
    if (text.len == 0 || !is_lower(text.at[0]))
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (!is_lower(text.at[i]) && !is_digit(text.at[i]) && text.at[i] != '_')
            return false;
    }
    return true;
}

bool is_id(struct str text)
{
    if (text.len == 0 || text.at[0] == '-' || text.at[0] == '_')
        return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (!is_lower(c) && !is_digit(c) && c != '-' && c != '_')
            return false;
    }
    return true;
}

bool bind_name(struct loader *l, const struct yaml_node *node, struct str *out)
{
    if (node->kind != YAML_TEXT || !is_name(node->text)) {
        fault_type(l, node, "pack.want.name");
        return false;
    }
    *out = node->text;
    return true;
}

bool bind_id(struct loader *l, const struct yaml_node *node, struct str *out)
{
    if ((node->kind != YAML_TEXT && node->kind != YAML_INT) || !is_id(node->text)) {
        fault_type(l, node, "pack.want.id");
        return false;
    }
    *out = node->text;
    return true;
}

bool bind_bool(struct loader *l, const struct yaml_node *node, bool *out)
{
    if (node->kind != YAML_BOOL) {
        fault_type(l, node, "pack.want.bool");
        return false;
    }
    *out = node->flag;
    return true;
}

bool bind_int(struct loader *l, const struct yaml_node *node, int64_t min, int64_t max,
              int64_t *out)
{
    if (node->kind != YAML_INT || node->number < min || node->number > max) {
        fault(l, FAULT_WRONG_TYPE, node_place(node), "pack.want.int", NULL,
              ARGS(arg_text("name", node->key), arg_int("min", min), arg_int("max", max)));
        return false;
    }
    *out = node->number;
    return true;
}

static void check_clause(struct loader *l, const struct yaml_node *node, struct str id)
{
    if (pack_lists_has_clause(l->lists, id))
        return;
    struct guess guess = guess_begin(id);
    const struct strmap *known = pack_lists_names(l->lists, PACK_LIST_CLAUSES);
    guess.distance = 3; /* ids differ by one figure: a far one would mislead */
    for (size_t i = 0; i < known->len; i++)
        guess_try(&guess, known->entries[i].key);
    fault_unknown(l, FAULT_UNKNOWN_CLAUSE, text_place(node, (size_t)(id.at - node->text.at)),
                  "pack.unknown.clause", "pack.hint.clause", &guess);
}

bool bind_clause(struct loader *l, const struct yaml_node *node, struct str *out)
{
    if (!bind_text(l, node, out))
        return false;
    struct str rest = *out;
    struct str id;
    while (str_next(&rest, ' ', &id)) {
        if (id.len > 0)
            check_clause(l, node, id);
    }
    return true;
}

static struct value *any_scalar(struct loader *l, const struct yaml_node *node)
{
    switch (node->kind) {
    case YAML_BOOL: return value_bool(l->arena, node->flag);
    case YAML_INT: return value_int(l->arena, node->number);
    case YAML_TEXT: return value_text(l->arena, node->text);
    case YAML_NULL:
    case YAML_LIST:
    case YAML_MAP: return value_null(l->arena);
    }
    must(false);
}

/* Lists and maps of a pack are written by hand; longer ones are a mistake, and slow to compare. */
static bool is_too_long(struct loader *l, const struct yaml_node *node)
{
    if (node->count <= PACK_ITEMS_MAX)
        return false;
    fault(l, FAULT_WRONG_TYPE, key_place(node), "pack.want.shorter", NULL,
          ARGS(arg_text("name", node->key), arg_int("max", PACK_ITEMS_MAX)));
    return true;
}

struct value *bind_any(struct loader *l, const struct yaml_node *node)
{
    if (node->kind != YAML_LIST && node->kind != YAML_MAP)
        return any_scalar(l, node);
    if (is_too_long(l, node))
        return value_null(l->arena);
    bool is_map = node->kind == YAML_MAP;
    struct value *value = is_map ? value_map(l->arena) : value_list(l->arena);
    yaml_each (child, node) {
        if (is_map)
            value_put(value, child->key, bind_any(l, child));
        else
            value_append(value, bind_any(l, child));
    }
    return value;
}

const struct yaml_node *items_first(const struct yaml_node *node)
{
    if (node == NULL || node->kind == YAML_NULL)
        return NULL;
    return node->kind == YAML_LIST ? node->first : node;
}

size_t items_count(const struct yaml_node *node)
{
    if (node == NULL || node->kind == YAML_NULL)
        return 0;
    return node->kind == YAML_LIST ? node->count : 1;
}

bool want_list(struct loader *l, const struct yaml_node *node)
{
    if (node->kind == YAML_LIST)
        return !is_too_long(l, node);
    fault_type(l, node, "pack.want.list");
    return false;
}

static void bind_value(struct loader *l, const struct bind_key *key, const struct yaml_node *node,
                       void *into)
{
    void *at = (char *)into + key->offset;
    switch (key->kind) {
    case BIND_TEXT:
    case BIND_WORD: (void)bind_text(l, node, at); break;
    case BIND_NAME: (void)bind_name(l, node, at); break;
    case BIND_ID: (void)bind_id(l, node, at); break;
    case BIND_BOOL: (void)bind_bool(l, node, at); break;
    case BIND_CLAUSE: (void)bind_clause(l, node, at); break;
    case BIND_BY:
        if (key->by != NULL)
            key->by(l, into, node);
        break;
    }
}

/* zh：整改中 is one word to YAML. */
static bool has_wide_colon(struct str key)
{
    static const struct str colon = STR_INIT("：");
    for (size_t i = 0; i + colon.len <= key.len; i++)
        if (str_eq(str_part(key, i, colon.len), colon))
            return true;
    return false;
}

static void check_unknown_keys(struct loader *l, const struct yaml_node *map,
                               const struct bind_key *keys, size_t count)
{
    yaml_each (child, map) {
        struct guess guess = guess_begin(child->key);
        bool known = false;
        for (size_t i = 0; i < count && !known; i++) {
            known = str_eq_c(child->key, keys[i].key);
            guess_try(&guess, str_of(keys[i].key));
        }
        if (!known)
            fault_unknown(l, FAULT_UNKNOWN_NAME, key_place(child), "pack.unknown.key",
                          has_wide_colon(child->key) ? "pack.hint.wide_colon" : "pack.hint.keys",
                          &guess);
    }
}

bool bind_map(struct loader *l, const struct yaml_node *map, const struct bind_key *keys,
              size_t count, bool partial, void *into)
{
    if (map->kind != YAML_MAP) {
        fault_type(l, map, "pack.want.map");
        return false;
    }
    if (is_too_long(l, map))
        return false;
    check_unknown_keys(l, map, keys, count);
    for (size_t i = 0; i < count; i++) {
        const struct yaml_node *value = yaml_find(map, keys[i].key);
        bool is_word = keys[i].kind == BIND_WORD;
        if (value != NULL && !(is_word && str_is_empty(value->text)))
            bind_value(l, &keys[i], value, into);
        else if (keys[i].needed && !partial)
            fault(l, is_word ? FAULT_MISSING_WORD : FAULT_MISSING_KEY, key_place(map),
                  is_word ? "pack.missing.word" : "pack.missing.key",
                  is_word ? "pack.hint.both_words" : "pack.hint.missing_key",
                  ARGS(arg_c("name", keys[i].key), arg_text("of", map->key)));
    }
    return true;
}
