#pragma once
/* What the two parts of the reader of `obligations` share. */
#include "regime/load_int.h"
#include "regime/obligation.h"

/* One item at hand. */
struct reading {
    struct loader *l;
    const struct yaml_node *item;
    struct regime_obligation *to;
};

/* The text at a key; absent where there is none. */
struct str text_of(const struct yaml_node *map, const char *key);
/* A fault that names the item. */
void item_fault(struct reading *r, const struct yaml_node *node, enum pack_fault_code code,
                const char *key, const char *hint);
/* Within the scope of a procedure that is bound already; `copy` is storage of the caller. */
struct scope scope_of(const struct regime_procedure *procedure, struct regime_procedure *copy);
/* Of the procedure whose scope is set: `states:` of the map, and the values that `fields:` wants. */
const struct str *read_states(struct reading *r, const struct yaml_node *map, size_t *out_count);
const struct value *read_wanted_fields(struct reading *r, const struct yaml_node *map);
/* `fulfilled_by:` and `at_least:` of the item. */
void read_fulfilment(struct reading *r);
