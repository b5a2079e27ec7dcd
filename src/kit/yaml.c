/*
 * libyaml's events become nodes, one function a kind of event. What libyaml would allow and we do
 * not (anchors, tags, aliases, a second document, yes and no as booleans) becomes a fault and the
 * reading goes on; libyaml's own faults end it. libyaml counts columns in characters, from 0.
 *
 * libyaml was taken because it names exact places and neither crashed nor hung on mutated input
 * (design: stack, §4). Its calls stand in this file only.
 */
#include "kit/yaml.h"

#include <string.h>
#include <yaml.h>

#include "base/num.h"
#include "base/strmap.h"
#include "base/vec.h"
#include "kit/yaml_blame.h"

struct reader {
    struct arena *arena;
    struct str bytes;
    yaml_parser_t parser;
    yaml_event_t event;
    bool has_event;
    struct yaml_faults *faults;
    bool stopped;  /* a fault of syntax: nothing more can be read */
    int last_line; /* where the text ends */
    int last_column;
    int depth;
};

static struct yaml_node *read_node(struct reader *r);

static int mark_line(yaml_mark_t mark)
{
    return (int)mark.line + 1;
}

static int mark_column(yaml_mark_t mark)
{
    return (int)mark.column + 1;
}

static void add_fault(struct reader *r, enum yaml_fault_kind kind, int line, int column,
                      struct reason reason)
{
    if (r->faults->len >= YAML_FAULT_MAX)
        return;
    vec_add(r->arena, r->faults,
            ((struct yaml_fault){.kind = kind, .line = line, .column = column, .reason = reason}));
}

static void refuse(struct reader *r, yaml_mark_t at, const char *key, const char *hint)
{
    struct reason reason = reason_make(key, NO_ARGS);
    reason.needs = hint;
    add_fault(r, YAML_FAULT_VALUE, mark_line(at), mark_column(at), reason);
}

static void stop(struct reader *r, int line, int column, struct reason reason)
{
    if (!r->stopped)
        add_fault(r, YAML_FAULT_SYNTAX, line, column, reason);
    r->stopped = true;
}

static void drop_event(struct reader *r)
{
    if (r->has_event)
        yaml_event_delete(&r->event);
    r->has_event = false;
}

/* A key whose colon never came, a quotation that never ends: wrong where they begin, not where the
 * search for the rest ended. */
static yaml_mark_t problem_mark(const yaml_parser_t *parser)
{
    bool begun = parser->context != NULL && (strstr(parser->context, "simple key") != NULL ||
                                             strstr(parser->context, "quoted scalar") != NULL);
    return begun ? parser->context_mark : parser->problem_mark;
}

static struct str nth_line(struct str bytes, int number)
{
    struct str line = {0};
    for (int n = 0; n < number && str_next(&bytes, '\n', &line); n++)
        ;
    return line;
}

/* The next event in r->event; false when reading has stopped. */
static bool next_event(struct reader *r)
{
    drop_event(r);
    if (r->stopped)
        return false;
    if (yaml_parser_parse(&r->parser, &r->event)) {
        r->has_event = true;
        return true;
    }
    yaml_mark_t at = problem_mark(&r->parser);
    struct reason reason =
        yaml_blame(r->arena, &(struct yaml_symptom){.problem = r->parser.problem,
                                                    .context = r->parser.context,
                                                    .before = nth_line(r->bytes, mark_line(at) - 1),
                                                    .line = nth_line(r->bytes, mark_line(at))});
    bool beyond = mark_line(at) > r->last_line; /* libyaml ends a text on a line of its own */
    stop(r, beyond ? r->last_line : mark_line(at), beyond ? r->last_column : mark_column(at),
         reason);
    return false;
}

static struct yaml_node *node_new(struct reader *r, enum yaml_kind kind)
{
    struct yaml_node *node = arena_new_of(r->arena, struct yaml_node);
    node->kind = kind;
    node->line = mark_line(r->event.start_mark);
    node->column = mark_column(r->event.start_mark);
    return node;
}

static void append(struct yaml_node *parent, struct yaml_node *child)
{
    if (parent->last == NULL)
        parent->first = child;
    else
        parent->last->next = child;
    parent->last = child;
    parent->count++;
}

static bool is_word_for_truth(struct str text)
{
    static const struct str words[] = {
        STR_INIT("yes"), STR_INIT("no"), STR_INIT("on"),
        STR_INIT("off"), STR_INIT("y"),  STR_INIT("n"),
    };
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (str_eq_nocase(text, words[i]))
            return true;
    }
    return false;
}

static bool is_whole_number(struct str text, int64_t *out)
{
    struct str digits = str_starts(text, S("-")) ? str_from(text, 1) : text;
    if (digits.len > 1 && digits.at[0] == '0')
        return false; /* 03 is a word: a month, a part of a code */
    return num_parse_i64(text, -INT64_C(9007199254740991), INT64_C(9007199254740991), out);
}

/* What a plain scalar stands for; quoted ones are always text. */
static void resolve(struct reader *r, struct yaml_node *node)
{
    struct str text = node->text;
    if (text.len == 0 || str_eq(text, S("~")) || str_eq(text, S("null"))) {
        node->kind = YAML_NULL;
    } else if (str_eq(text, S("true")) || str_eq(text, S("false"))) {
        node->kind = YAML_BOOL;
        node->flag = text.at[0] == 't';
    } else if (is_whole_number(text, &node->number)) {
        node->kind = YAML_INT;
    } else if (is_word_for_truth(text)) {
        struct reason reason = reason_make("yaml.truth", ARGS(arg_text("word", text)));
        reason.needs = "yaml.truth_hint";
        add_fault(r, YAML_FAULT_VALUE, node->line, node->column, reason);
    }
}

static void refuse_properties(struct reader *r, const yaml_char_t *anchor, const yaml_char_t *tag)
{
    if (anchor != NULL)
        refuse(r, r->event.start_mark, "yaml.anchor", "yaml.anchor_hint");
    if (tag != NULL)
        refuse(r, r->event.start_mark, "yaml.tag", "yaml.tag_hint");
}

/* The column at which the text itself begins; 0 where its characters cannot be counted from there. */
static int text_column(const yaml_event_t *event, struct str text)
{
    if (event->start_mark.line != event->end_mark.line || event->data.scalar.anchor != NULL ||
        event->data.scalar.tag != NULL)
        return 0;
    if (event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE)
        return mark_column(event->start_mark);
    bool as_written = event->end_mark.column - event->start_mark.column == utf8_length(text) + 2;
    return as_written ? mark_column(event->start_mark) + 1 : 0;
}

/* A key such as `yes:` or `2:` is a word of the file: keys are not resolved. */
static struct yaml_node *read_scalar(struct reader *r, bool is_key)
{
    const yaml_event_t *event = &r->event;
    refuse_properties(r, event->data.scalar.anchor, event->data.scalar.tag);
    struct yaml_node *node = node_new(r, YAML_TEXT);
    struct str bytes = {(const char *)event->data.scalar.value, event->data.scalar.length};
    node->text = str_copy(r->arena, bytes);
    if (!str_is_clean(node->text)) { /* "\0" in quotes */
        refuse(r, event->start_mark, "yaml.not_text", NULL);
        node->text = S("");
    }
    node->text_column = text_column(event, node->text);
    if (!is_key && event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE)
        resolve(r, node);
    return node;
}

static struct yaml_node *read_list(struct reader *r)
{
    refuse_properties(r, r->event.data.sequence_start.anchor, r->event.data.sequence_start.tag);
    struct yaml_node *list = node_new(r, YAML_LIST);
    while (next_event(r) && r->event.type != YAML_SEQUENCE_END_EVENT) {
        struct yaml_node *child = read_node(r);
        if (child != NULL)
            append(list, child);
    }
    return list;
}

/* Reads key and value of one member; null where reading stopped or the key was refused. */
static struct yaml_node *read_member(struct reader *r)
{
    bool is_text = r->event.type == YAML_SCALAR_EVENT;
    const struct yaml_node *key = is_text ? read_scalar(r, true) : read_node(r);
    if (key == NULL || !next_event(r))
        return NULL;
    struct yaml_node *value = read_node(r);
    if (value == NULL)
        return NULL;
    if (!is_text) {
        add_fault(r, YAML_FAULT_VALUE, key->line, key->column,
                  reason_make("yaml.key_not_text", NO_ARGS));
        return NULL;
    }
    value->key = key->text;
    value->key_line = key->line;
    value->key_column = key->column;
    return value;
}

static void add_member(struct reader *r, struct yaml_node *map, struct strmap *seen,
                       struct yaml_node *value)
{
    const struct yaml_node *first = strmap_find(seen, value->key);
    if (first == NULL) {
        strmap_put(seen, value->key, value);
        append(map, value);
        return;
    }
    struct reason reason = reason_make(
        "yaml.duplicate", ARGS(arg_text("name", value->key), arg_int("first", first->key_line)));
    reason.needs = "yaml.duplicate_hint";
    add_fault(r, YAML_FAULT_DUPLICATE, value->key_line, value->key_column, reason);
}

static struct yaml_node *read_map(struct reader *r)
{
    refuse_properties(r, r->event.data.mapping_start.anchor, r->event.data.mapping_start.tag);
    struct yaml_node *map = node_new(r, YAML_MAP);
    struct strmap seen;
    strmap_init(&seen, r->arena);
    while (next_event(r) && r->event.type != YAML_MAPPING_END_EVENT) {
        struct yaml_node *value = read_member(r);
        if (value != NULL)
            add_member(r, map, &seen, value);
    }
    return map;
}

/* The node that r->event begins; null where reading stopped. */
static struct yaml_node *read_node(struct reader *r)
{
    if (r->stopped)
        return NULL;
    if (r->depth >= YAML_DEPTH_MAX) {
        stop(r, mark_line(r->event.start_mark), mark_column(r->event.start_mark),
             reason_make("yaml.depth", ARGS(arg_int("limit", YAML_DEPTH_MAX))));
        return NULL;
    }
    r->depth++;
    struct yaml_node *node = NULL;
    if (r->event.type == YAML_SCALAR_EVENT) {
        node = read_scalar(r, false);
    } else if (r->event.type == YAML_SEQUENCE_START_EVENT) {
        node = read_list(r);
    } else if (r->event.type == YAML_MAPPING_START_EVENT) {
        node = read_map(r);
    } else {
        refuse(r, r->event.start_mark, "yaml.alias", "yaml.anchor_hint");
        node = node_new(r, YAML_NULL);
    }
    r->depth--;
    return node;
}

/* Line breaks as YAML 1.1 has them; CR LF is one. */
static bool is_break(uint32_t code, struct str rest)
{
    return code == '\n' || (code == '\r' && !str_starts(rest, S("\n"))) || code == 0x85 ||
           code == 0x2028 || code == 0x2029;
}

/* Where the first byte stands that is no UTF-8 or is NUL; false: all is well, the place is the end. */
static bool find_unclean(struct str bytes, int *line, int *column)
{
    *line = 1;
    *column = 1;
    for (size_t i = 0; i < bytes.len;) {
        size_t start = i;
        uint32_t code = utf8_next(bytes, &i);
        if (code == 0 || (code == 0xFFFD && i - start == 1))
            return true;
        bool breaks = is_break(code, str_from(bytes, i));
        *column = breaks ? 1 : *column + 1;
        *line += breaks;
    }
    return false;
}

static struct yaml_node *read_document(struct reader *r)
{
    struct yaml_node *root = NULL;
    while (next_event(r)) {
        switch (r->event.type) {
        case YAML_STREAM_START_EVENT:
        case YAML_DOCUMENT_END_EVENT: continue;
        case YAML_DOCUMENT_START_EVENT:
            if (root != NULL)
                stop(r, mark_line(r->event.start_mark), mark_column(r->event.start_mark),
                     reason_make("yaml.documents", NO_ARGS));
            continue;
        case YAML_STREAM_END_EVENT: return root;
        default: root = read_node(r);
        }
    }
    return NULL;
}

const struct yaml_node *yaml_parse(struct arena *arena, struct str bytes,
                                   struct yaml_faults *faults)
{
    struct reader r = {.arena = arena, .faults = faults};
    int line = 1;
    int column = 1;
    if (bytes.len > YAML_BYTES_MAX) {
        struct args args =
            ARGS(arg_bytes("size", (int64_t)bytes.len), arg_bytes("limit", YAML_BYTES_MAX));
        stop(&r, line, column, reason_make("yaml.too_large", args));
        return NULL;
    }
    if (str_starts(bytes, S("\xEF\xBB\xBF")))
        bytes = str_from(bytes, 3);
    if (find_unclean(bytes, &line, &column)) {
        struct reason reason = reason_make("yaml.not_utf8", NO_ARGS);
        reason.needs = "yaml.not_utf8_hint";
        stop(&r, line, column, reason);
        return NULL;
    }
    r.bytes = bytes;
    r.last_line = line;
    r.last_column = column;
    must(yaml_parser_initialize(&r.parser));
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)(bytes.len ? bytes.at : ""),
                                 bytes.len);
    struct yaml_node *root = read_document(&r);
    drop_event(&r);
    yaml_parser_delete(&r.parser);
    if (root == NULL && !r.stopped)
        stop(&r, 1, 1, reason_make("yaml.empty", NO_ARGS));
    return r.stopped ? NULL : root;
}

const struct yaml_node *yaml_find(const struct yaml_node *map, const char *key)
{
    if (map == NULL || map->kind != YAML_MAP)
        return NULL;
    yaml_each (child, map) {
        if (str_eq_c(child->key, key))
            return child;
    }
    return NULL;
}
