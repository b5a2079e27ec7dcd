/*
 * Takes one rule out of a pack, for tools/mutants.
 *
 *   mutate PACK.yaml      lists the rules: number, line, clauses, path; parted by tabs
 *   mutate PACK.yaml N    prints the pack without rule N
 *
 * A rule is a mapping that carries its own `clause:` and is an item of a list or the value of a
 * key; taking it out removes the item, or the key with its value. Below a section that a mechanism
 * reads key by key (sections[]), each key is a rule of its own, and each item of the ladder's lists; so is that a
 * field is `sealed:`, and each post under `unsealed_by:`.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

enum { PATH_LIMIT = 512 };

struct walk {
    yaml_document_t *pack;
    long wanted; /* the rule to take out; -1: print the list */
    long count;  /* rules met so far */
};

static const char *text_of(const yaml_node_t *node)
{
    return node->type == YAML_SCALAR_NODE ? (const char *)node->data.scalar.value : "";
}

static yaml_node_t *find_value(struct walk *walk, const yaml_node_t *map, const char *key)
{
    if (map->type != YAML_MAPPING_NODE)
        return NULL;
    for (yaml_node_pair_t *p = map->data.mapping.pairs.start; p < map->data.mapping.pairs.top; p++)
        if (strcmp(text_of(yaml_document_get_node(walk->pack, p->key)), key) == 0)
            return yaml_document_get_node(walk->pack, p->value);
    return NULL;
}

static void print_clauses(struct walk *walk, const yaml_node_t *clause)
{
    if (clause->type != YAML_SEQUENCE_NODE) {
        printf("%s", text_of(clause));
        return;
    }
    for (yaml_node_item_t *i = clause->data.sequence.items.start;
         i < clause->data.sequence.items.top; i++)
        printf("%s%s", i == clause->data.sequence.items.start ? "" : " ",
               text_of(yaml_document_get_node(walk->pack, *i)));
}

/* Counts a rule; true when it is the one to take out. */
static int count_rule(struct walk *walk, const yaml_node_t *node, const yaml_node_t *clause,
                      const char *path)
{
    long number = walk->count++;
    if (walk->wanted < 0) {
        printf("%ld\t%zu\t", number, node->start_mark.line + 1);
        if (clause != NULL)
            print_clauses(walk, clause);
        printf("\t%s\n", path);
    }
    return number == walk->wanted;
}

static int is_wanted(struct walk *walk, const yaml_node_t *node, const char *path)
{
    const yaml_node_t *clause = find_value(walk, node, "clause");
    return clause != NULL && count_rule(walk, node, clause, path);
}

/* A key of a section, unless it only names the item that it stands in. */
static int is_wanted_key(struct walk *walk, const yaml_node_t *map, const yaml_node_t *value,
                         const char *key, const char *path)
{
    static const char *const sections[] = {"scores.", "obligations[", "ladder[", "bodies[",
                                           "prohibitions[", "desks[", "arrivals["};
    static const char *const names[] = {"id", "zh", "en", "says", "clause", "measure", "rules",
                                        "thresholds", "weights", "at", "do"};
    int inside = 0;
    if (strcmp(key, "sealed") == 0)
        return count_rule(walk, value, find_value(walk, map, "clause"), path);
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
        inside = inside || strncmp(path, sections[i], strlen(sections[i])) == 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        inside = inside && strcmp(key, names[i]) != 0;
    return inside && count_rule(walk, value, find_value(walk, map, "clause"), path);
}

/* An item of a list below a step of the ladder that carries no clause of its own; a post that may open. */
static int is_wanted_item(struct walk *walk, const yaml_node_t *item, const char *path)
{
    int of_ladder = strncmp(path, "ladder[", 7) == 0 && strstr(path, "].") != NULL &&
                    find_value(walk, item, "clause") == NULL;
    return (of_ladder || strstr(path, ".unsealed_by[") != NULL) && count_rule(walk, item, NULL, path);
}

/* What people call an item: its do, id, name or place in the list. */
static void name_item(struct walk *walk, const yaml_node_t *item, long place, char *out, size_t size)
{
    static const char *const names[] = {"do", "id", "name", "step", "at"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const yaml_node_t *name = find_value(walk, item, names[i]);
        if (name != NULL && name->type == YAML_SCALAR_NODE) {
            snprintf(out, size, "%s", text_of(name));
            return;
        }
    }
    snprintf(out, size, "%ld", place);
}

static void walk_node(struct walk *walk, yaml_node_t *node, const char *path);

static void walk_sequence(struct walk *walk, yaml_node_t *node, const char *path)
{
    yaml_node_item_t *start = node->data.sequence.items.start;
    for (yaml_node_item_t *i = start; i < node->data.sequence.items.top; i++) {
        yaml_node_t *item = yaml_document_get_node(walk->pack, *i);
        char name[64], below[PATH_LIMIT];
        name_item(walk, item, i - start, name, sizeof name);
        snprintf(below, sizeof below, "%s[%s]", path, name);
        if (is_wanted(walk, item, below) || is_wanted_item(walk, item, below)) {
            memmove(i, i + 1, (size_t)(node->data.sequence.items.top - i - 1) * sizeof *i);
            node->data.sequence.items.top--;
            return;
        }
        walk_node(walk, item, below);
    }
}

static void walk_mapping(struct walk *walk, yaml_node_t *node, const char *path)
{
    for (yaml_node_pair_t *p = node->data.mapping.pairs.start; p < node->data.mapping.pairs.top;
         p++) {
        const yaml_node_t *key = yaml_document_get_node(walk->pack, p->key);
        yaml_node_t *value = yaml_document_get_node(walk->pack, p->value);
        char below[PATH_LIMIT];
        snprintf(below, sizeof below, "%s%s%s", path, *path == '\0' ? "" : ".", text_of(key));
        if (is_wanted(walk, value, below) ||
            is_wanted_key(walk, node, value, text_of(key), below)) {
            memmove(p, p + 1, (size_t)(node->data.mapping.pairs.top - p - 1) * sizeof *p);
            node->data.mapping.pairs.top--;
            return;
        }
        walk_node(walk, value, below);
    }
}

static void walk_node(struct walk *walk, yaml_node_t *node, const char *path)
{
    if (node->type == YAML_SEQUENCE_NODE)
        walk_sequence(walk, node, path);
    else if (node->type == YAML_MAPPING_NODE)
        walk_mapping(walk, node, path);
}

/* The emitter takes the document over. */
static int print_pack(yaml_document_t *pack)
{
    yaml_emitter_t emitter;
    yaml_emitter_initialize(&emitter);
    yaml_emitter_set_output_file(&emitter, stdout);
    yaml_emitter_set_unicode(&emitter, 1);
    yaml_emitter_set_width(&emitter, -1);
    int ok = yaml_emitter_dump(&emitter, pack) && yaml_emitter_flush(&emitter);
    yaml_emitter_delete(&emitter);
    return ok && fflush(stdout) == 0;
}

static int load(const char *path, yaml_document_t *pack)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        return 0;
    }
    yaml_parser_t parser;
    yaml_parser_initialize(&parser);
    yaml_parser_set_input_file(&parser, file);
    int ok = yaml_parser_load(&parser, pack) && yaml_document_get_root_node(pack) != NULL;
    if (!ok)
        fprintf(stderr, "%s:%zu: %s\n", path, parser.problem_mark.line + 1,
                parser.problem == NULL ? "empty" : parser.problem);
    yaml_parser_delete(&parser);
    fclose(file);
    return ok;
}

int main(int argc, char **argv)
{
    yaml_document_t pack;
    if (argc < 2 || argc > 3) {
        fprintf(stderr, "usage: mutate PACK.yaml [N]\n");
        return 2;
    }
    if (!load(argv[1], &pack))
        return 3;
    struct walk walk = {.pack = &pack, .wanted = argc == 3 ? atol(argv[2]) : -1};
    walk_node(&walk, yaml_document_get_root_node(&pack), "");
    if (walk.wanted >= walk.count) {
        fprintf(stderr, "%s has %ld rules\n", argv[1], walk.count);
        return 2;
    }
    if (walk.wanted >= 0)
        return print_pack(&pack) ? 0 : 3;
    yaml_document_delete(&pack);
    return 0;
}
