#pragma once
/*
 * YAML 1.1 as people write it by hand, read into a tree that knows the place of every key and
 * value. Left out on purpose, and refused with their place: anchors, aliases, tags, several
 * documents, keys that are not text, and yes/no/on/off for truth (they read as words to a clerk
 * and as booleans to a machine). Limits: 1 MiB, 32 levels.
 *
 * Faults that leave the rest readable are collected and the tree is built on; a fault of syntax is
 * the last one.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"

enum { YAML_BYTES_MAX = 1 << 20, YAML_DEPTH_MAX = 32, YAML_FAULT_MAX = 200 };

enum yaml_kind { YAML_NULL, YAML_BOOL, YAML_INT, YAML_TEXT, YAML_LIST, YAML_MAP };

/* Lines and columns count from 1, columns in characters (code points). */
struct yaml_node {
    enum yaml_kind kind;
    bool flag;       /* YAML_BOOL: true or false, unquoted */
    int64_t number;  /* YAML_INT: -?[0-9]+ without leading zeros, unquoted, within ±(2^53-1) */
    struct str text; /* of every scalar as it was written, quotes resolved */
    int line;
    int column;
    int text_column; /* of the text's first character; 0: not to be counted (escapes, several lines) */
    size_t count;    /* children of a list or map */
    struct yaml_node *first, *last, *next;
    struct str key; /* members of a map */
    int key_line;
    int key_column;
};

enum yaml_fault_kind { YAML_FAULT_SYNTAX, YAML_FAULT_DUPLICATE, YAML_FAULT_VALUE };

struct yaml_fault {
    enum yaml_fault_kind kind;
    int line;
    int column;
    struct reason reason; /* key yaml.…, needs yaml.…_hint or null */
};

struct yaml_faults {
    struct yaml_fault *at;
    size_t len;
    size_t cap;
};

/*
 * The tree, in `arena`, texts copied. Null where there is none: no UTF-8, over a limit, bad
 * syntax, empty; then *faults is not empty. With a tree, *faults holds what was refused in it: a
 * refused alias stands as YAML_NULL, of two equal keys the first one stays.
 */
const struct yaml_node *yaml_parse(struct arena *arena, struct str bytes,
                                   struct yaml_faults *faults);

/* The member of a map; null where absent, or where `map` is null or no map. */
const struct yaml_node *yaml_find(const struct yaml_node *map, const char *key);

#define yaml_each(child, parent)                                                                   \
    for (const struct yaml_node *child = (parent) == NULL ? NULL : (parent)->first; child != NULL; \
         child = child->next)
