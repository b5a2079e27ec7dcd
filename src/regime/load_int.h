#pragma once
/*
 * What the parts of the loader share. One walk over the tree of kit/yaml binds it to the model
 * through tables (struct bind_key, one table a mapping) and notes every fault with its place.
 * Names that are declared anywhere in a procedure are gathered before their bodies are read, so that
 * a rule may name what stands further down.
 */
#include "base/vec.h"
#include "kit/yaml.h"
#include "regime/load.h"

enum { PACK_ITEMS_MAX = 300 }; /* of one list or map */

struct mention {
    struct str name;
    struct pack_place place;
};

struct mentions {
    struct mention *at;
    size_t len;
    size_t cap;
};

/* A rule that asks something of cases of another procedure. */
struct elsewhere {
    const struct value *args;
    struct str own; /* the procedure whose rule it is; absent: of a section */
    struct pack_place place;
};

struct elsewhere_list {
    struct elsewhere *at;
    size_t len;
    size_t cap;
};

/* The procedure that is being bound. */
struct scope {
    struct regime_procedure *procedure;
    struct mentions commands, clocks;   /* every name, before any body */
    struct mentions raised, asked;      /* flags */
    struct mentions made, wanted;       /* confirmations */
    struct mentions started;            /* clocks that something starts */
    struct mentions starts, stops;      /* `starts:` and `stops:` of commands: name is the clock */
    struct mentions starters, stoppers; /* the commands beside them, by index */
    struct mentions filled;             /* roles that something fills */
    const struct regime_field *asks;    /* the form of the command being bound */
    size_t ask_count;
    const struct regime_field *list; /* the list field of the argument map being read */
    bool flow_broken; /* a state was misnamed: what follows from the flow would mislead */
    bool raising;     /* a flag named here is raised, not asked for */
};

struct prohibition_item;

struct loader {
    struct arena *arena;
    const struct pack_lists *lists;
    struct pack_faults *faults;
    struct regime *regime;
    struct mentions procedures;   /* every name, before any body */
    struct mentions steps;        /* of the ladder, likewise */
    struct mentions opened, given; /* procedures that some `open` hands roles to, the role beside it */
    const struct yaml_node *ladder; /* its items; null: none */
    struct mentions roles_filled; /* in any procedure */
    struct mentions coined;       /* words of the pack's own making, where they are used */
    struct elsewhere_list elsewhere; /* in any procedure */
    const struct yaml_node *scores; /* the section, or null */
    struct prohibition_item *prohibitions; /* regime/prohibition.c */
    size_t prohibition_count;
    struct scope *scope;          /* null outside procedures */
};

/* Faults. */
struct pack_place key_place(const struct yaml_node *node); /* of its key, else of itself */
struct pack_place node_place(const struct yaml_node *node);
/* The text at the key; absent when the key is, or the map. */
struct str node_text(const struct yaml_node *map, const char *key);
/* The place of the character at `offset` (bytes) of a scalar's text, where it can be counted. */
struct pack_place text_place(const struct yaml_node *node, size_t offset);
void fault(struct loader *l, enum pack_fault_code code, struct pack_place place, const char *key,
           const char *hint, struct args args);
/* FAULT_WRONG_TYPE with what stands at the key (name) as value. */
void fault_type(struct loader *l, const struct yaml_node *node, const char *key);

/* "Did you mean": the nearest of the candidates tried, within a third of the word's length. */
struct guess {
    struct str word;
    struct str best; /* absent: nothing near */
    size_t distance;
};
struct guess guess_begin(struct str word);
void guess_try(struct guess *guess, struct str candidate);
void guess_mentions(struct guess *guess, const struct mentions *mentions);
/* The fault with `{name}` and `{guess}`; `hint` stands where nothing is near. */
void fault_unknown(struct loader *l, enum pack_fault_code code, struct pack_place place,
                   const char *key, const char *hint, const struct guess *guess);

/* Mentions. */
void mention_add(struct loader *l, struct mentions *mentions, struct str name,
                 struct pack_place place);
/* A word that people will read and that the pack must therefore have words for. */
void coin(struct loader *l, struct str name, struct pack_place place);
const struct mention *mention_find(const struct mentions *mentions, struct str name);

/* Scalars. Each gives false after a fault. */
bool bind_text(struct loader *l, const struct yaml_node *node, struct str *out);
bool bind_name(struct loader *l, const struct yaml_node *node, struct str *out); /* snake_case */
bool bind_id(struct loader *l, const struct yaml_node *node, struct str *out);   /* kebab-case */
bool bind_bool(struct loader *l, const struct yaml_node *node, bool *out);
bool bind_int(struct loader *l, const struct yaml_node *node, int64_t min, int64_t max,
              int64_t *out);
/* "30 days", or the name of a setting that holds days, working days or months. */
void bind_term(struct loader *l, struct regime_term *term, const struct yaml_node *node);
bool bind_clause(struct loader *l, const struct yaml_node *node, struct str *out);
bool is_name(struct str text); /* [a-z][a-z0-9_]* */
bool is_id(struct str text);   /* [a-z0-9][a-z0-9_-]* */

/* The value as it stands: scalars, lists and maps. */
struct value *bind_any(struct loader *l, const struct yaml_node *node);

/* One key of a mapping: what it holds and where it goes. */
enum bind_kind { BIND_TEXT, BIND_NAME, BIND_ID, BIND_BOOL, BIND_CLAUSE, BIND_WORD, BIND_BY };

typedef void bind_fn(struct loader *l, void *into, const struct yaml_node *node);

struct bind_key {
    const char *key;
    enum bind_kind kind;
    bool needed;   /* BIND_WORD: a word of both languages */
    size_t offset; /* of the struct str or bool */
    bind_fn *by;   /* BIND_BY; null: somebody else reads it */
};

/*
 * Binds a mapping by its table, in the table's order, so that later keys may rest on earlier ones;
 * reports unknown and missing keys. `partial`: nothing is missing. false: no mapping.
 */
bool bind_map(struct loader *l, const struct yaml_node *map, const struct bind_key *keys,
              size_t count, bool partial, void *into);

/* First and next item of a list; a scalar or map stands for a list of itself. */
const struct yaml_node *items_first(const struct yaml_node *node);
size_t items_count(const struct yaml_node *node);
#define items_each(item, node)                                                                     \
    for (const struct yaml_node *item = items_first(node); item != NULL;                           \
         item = (node)->kind == YAML_LIST ? item->next : NULL)
/* A list of at most PACK_ITEMS_MAX items, or a fault. */
bool want_list(struct loader *l, const struct yaml_node *node);

/* Names that must exist; false after a fault. */
bool need_role(struct loader *l, const struct yaml_node *node, struct str name, size_t offset);
bool need_post(struct loader *l, const struct yaml_node *node, struct str post, size_t offset);
bool need_entry(struct loader *l, const struct yaml_node *node, const char *dictionary,
                const char *key, struct str code);
const struct regime_field *scope_find_field(const struct scope *scope, struct str name);
const struct regime_field *need_field(struct loader *l, const struct yaml_node *node);
const struct regime_state *need_state(struct loader *l, const struct yaml_node *node);
/* The same, of a procedure that is bound already. */
const struct regime_state *need_state_of(struct loader *l, const struct regime_procedure *procedure,
                                         const struct yaml_node *node);
bool need_command(struct loader *l, const struct yaml_node *node, struct str name);
bool need_clock(struct loader *l, const struct yaml_node *node);
bool need_setting(struct loader *l, const struct yaml_node *node,
                  const struct regime_setting **out);
bool need_step(struct loader *l, const struct yaml_node *node);
bool need_procedure(struct loader *l, const struct yaml_node *node);
/* role, role.lead, role/post, system, creator, anyone. */
bool bind_actor(struct loader *l, const struct yaml_node *node, struct regime_actor *out);

/* The argument of a vocabulary word or the item of a section, by its shape; never null. */
/* A number's pattern; of_document: with {mark}. false: a fault was told. */
bool bind_number(struct loader *l, const struct yaml_node *node, bool of_document, struct str *out);

struct value *shape_bind(struct loader *l, struct str shape, const struct yaml_node *node);

/* One plain shape ("field", "roles", "int" …): asserted to be one. */
bool shape_takes(const struct loader *l, struct str shape, const struct yaml_node *node);
struct value *shape_read(struct loader *l, struct str shape, const struct yaml_node *node);

/* The row of the command that the system may give in that procedure; null after a fault at `place`. */
const struct regime_transition *need_system_command(struct loader *l, struct pack_place place,
                                                    const struct regime_procedure *procedure,
                                                    struct str command);

/* Whether `created_by:` names system. */
bool made_by_system(const struct regime_procedure *procedure);

/* Parts of a pack. */
void bind_boards(struct loader *l, const struct yaml_node *list);
/* `items`: the section as its shape has read it. */
void bind_bodies(struct loader *l, const struct yaml_node *list, const struct value *items);
void check_reports(struct loader *l, const struct yaml_node *list);
void check_notices(struct loader *l, const struct yaml_node *list);
void bind_counts(struct loader *l, const struct yaml_node *list);
void bind_arrivals(struct loader *l, const struct yaml_node *list);
void bind_files(struct loader *l, const struct yaml_node *list);
void bind_disclosures(struct loader *l, const struct yaml_node *list);
void bind_coverage(struct loader *l, const struct yaml_node *list);
void bind_places(struct loader *l, const struct yaml_node *list);
void bind_desks(struct loader *l, const struct yaml_node *list);
void bind_obligations(struct loader *l, const struct yaml_node *list);
/* `of:` with its codes in place. */
void bind_choices(struct loader *l, const struct yaml_node *list, const struct regime_choice **out,
                  size_t *out_count);
void bind_fields(struct loader *l, const struct yaml_node *list, const struct regime_field **out,
                 size_t *count);
void bind_asks(struct loader *l, struct regime_transition *transition,
               const struct yaml_node *list);
const struct regime_condition *bind_condition(struct loader *l, const struct yaml_node *node);
void bind_guards(struct loader *l, const struct yaml_node *list, const struct regime_guard **out,
                 size_t *count);
void bind_effects(struct loader *l, const struct yaml_node *list, const struct regime_effect **out,
                  size_t *count);
void bind_procedures(struct loader *l, const struct yaml_node *map);
void bind_actors(struct loader *l, const struct yaml_node *node, const struct regime_actor **out,
                 size_t *count);
void bind_transitions(struct loader *l, const struct yaml_node *list);
/* Keys that commands and steps of the ladder share; `into` begins with a regime_transition. */
bind_fn bind_row_by, bind_row_asks, bind_row_needs, bind_row_then;
/* Which roles `open … roles:` hands on to which procedure, anywhere in the pack. */
void gather_opened(struct loader *l, const struct yaml_node *node);
/* The names of all steps, before any body, and whether the items name a procedure that is there. */
void gather_steps(struct loader *l, const struct yaml_node *ladder);
/* The steps of the procedure at hand, into it. */
void bind_steps(struct loader *l);
/* What the items say by themselves; then what they say of the procedure at hand, into it; then what
 * only the whole pack shows. */
void bind_prohibitions(struct loader *l, const struct yaml_node *list);
void bind_prohibitions_here(struct loader *l);
void check_prohibitions(struct loader *l);
void bind_deadlines(struct loader *l, const struct yaml_node *map);
/* A literal beside a field: choice codes, kinds. */
void check_literals(struct loader *l, const struct yaml_node *field,
                    const struct yaml_node *literals);

/* What only the whole procedure shows. */
void check_procedure(struct loader *l, const struct yaml_node *node);
void check_sealed(struct loader *l, const struct yaml_node *node); /* what is sealed (check_sealed.c) */
void check_roles(struct loader *l);
void check_standing(struct loader *l);
void check_draws(struct loader *l);
void check_words(struct loader *l);
void check_given(struct loader *l);
/* What asks something of cases of another procedure: noted, and looked at when all is bound. */
void elsewhere_add(struct loader *l, const struct value *args, struct pack_place place);
void check_elsewhere(struct loader *l);
void check_scores(struct loader *l);
/* Guards `body` name bodies of their own procedure, and rules of these. */
void check_bodies(struct loader *l);
/* Levels of region; told where one is unknown. */
void check_levels(struct loader *l, const struct yaml_node *list);
