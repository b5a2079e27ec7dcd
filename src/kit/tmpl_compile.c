/*
 * Text to tree in one pass. The parser looks for the next opening delimiter, reads the tag, and
 * decides whether the tag stands alone on its line, in which case the line goes with it. A partial
 * that is named joins the end of the set's list and is compiled in its turn, so templates that
 * name each other need no recursion.
 */
#include <string.h>

#include "base/vec.h"
#include "kit/tmpl_int.h"

/* A section whose end tag has not come yet. */
struct open_section {
    struct node *node;
    size_t at;
};

struct parser {
    struct ctx *ctx;
    struct tmpl_set *set;
    struct tmpl *tmpl;
    struct str text;
    size_t at;       /* everything before is in the tree */
    struct str open; /* delimiters in force */
    struct str close;
    struct open_section sections[TMPL_NEST_MAX];
    size_t depth;
};

struct tag {
    char sigil;         /* one of #^/>!=&{ or 0 for a variable */
    struct str content; /* between sigil and end, without blanks around it */
    size_t start;       /* of the opening delimiter */
    size_t end;         /* behind the closing one */
    bool alone;         /* and takes its lines along: */
    size_t line_start;
    size_t line_end;
};

struct tmpl_set *tmpl_set_new(struct arena *arena, tmpl_load *load, void *user,
                              enum tmpl_flags flags)
{
    struct tmpl_set *set = arena_new_of(arena, struct tmpl_set);
    *set = (struct tmpl_set){.arena = arena, .load = load, .user = user, .flags = flags};
    strmap_init(&set->templates, arena);
    return set;
}

const struct tmpl *tmpl_find(const struct tmpl_set *set, struct str name)
{
    return strmap_find(&set->templates, name);
}

/* Every fault says where, counted from 1, columns in characters. */
static enum status refuse(struct parser *p, size_t at, const char *key, struct str name)
{
    struct str before = str_part(p->text, 0, at);
    size_t line_start = 0;
    int64_t line = 1;
    for (size_t i = 0; i < before.len; i++) {
        if (before.at[i] != '\n')
            continue;
        line++;
        line_start = i + 1;
    }
    int64_t column = (int64_t)utf8_length(str_from(before, line_start)) + 1;
    struct str open = p->depth == 0 ? S("") : p->sections[p->depth - 1].node->name;
    return fail(p->ctx, ST_INVALID, key,
                ARGS(arg_text("file", p->tmpl->name), arg_int("line", line),
                     arg_int("column", column), arg_text("name", utf8_prefix(name, 80)),
                     arg_text("open", open), arg_int("limit", TMPL_NEST_MAX)));
}

static struct node *add_node(struct parser *p, enum node_kind kind)
{
    struct node *parent = p->depth == 0 ? &p->tmpl->root : p->sections[p->depth - 1].node;
    struct node *node = arena_new_of(p->set->arena, struct node);
    node->kind = kind;
    if (parent->last == NULL)
        parent->first = node;
    else
        parent->last->next = node;
    parent->last = node;
    return node;
}

static bool is_line_start(struct str text, size_t at)
{
    return at == 0 || text.at[at - 1] == '\n';
}

static void add_text(struct parser *p, size_t from, size_t end)
{
    struct node *node = add_node(p, NODE_TEXT);
    node->text = str_part(p->text, from, end - from);
    node->line_start = is_line_start(p->text, from);
}

/* The text before a tag; where the tag itself begins a line, an empty one to say so. */
static void add_text_before(struct parser *p, const struct tag *tag)
{
    size_t end = tag->alone ? tag->line_start : tag->start;
    if (end > p->at)
        add_text(p, p->at, end);
    if (!tag->alone && is_line_start(p->text, tag->start))
        add_text(p, tag->start, tag->start);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_space(char c)
{
    return is_blank(c) || c == '\n' || c == '\r';
}

static struct str trim(struct str s)
{
    while (s.len > 0 && is_space(s.at[0]))
        s = str_from(s, 1);
    while (s.len > 0 && is_space(s.at[s.len - 1]))
        s.len--;
    return s;
}

static bool has_space(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.at[i] <= ' ')
            return true;
    return false;
}

/* Finds the delimiter that ends a tag, behind `end` where the sigil wants a twin: } or =. */
static size_t find_close(const struct parser *p, size_t from, char twin)
{
    struct str rest = str_from(p->text, from);
    for (size_t at = 0;; at++) {
        size_t found = str_find(str_from(rest, at), p->close);
        if (found == SIZE_MAX)
            return SIZE_MAX;
        at += found;
        /* In }}}} the last two are the delimiter of {{{x}}}: the twin stands before them. */
        if (twin == 0)
            return from + at;
        if (at > 0 && rest.at[at - 1] == twin)
            return from + at - 1;
    }
}

/* A tag with nothing but blanks around it on its lines. */
static bool stands_alone(struct str text, struct tag *tag)
{
    size_t start = tag->start;
    size_t end = tag->end;
    while (start > 0 && is_blank(text.at[start - 1]))
        start--;
    while (end < text.len && is_blank(text.at[end]))
        end++;
    if (!is_line_start(text, start))
        return false;
    if (str_starts(str_from(text, end), S("\r\n")))
        end += 2;
    else if (end < text.len && text.at[end] == '\n')
        end += 1;
    else if (end < text.len)
        return false;
    tag->line_start = start;
    tag->line_end = end;
    return true;
}

static enum status read_tag(struct parser *p, size_t start, struct tag *tag)
{
    size_t at = start + p->open.len;
    *tag = (struct tag){.start = start};
    while (at < p->text.len && is_space(p->text.at[at]))
        at++;
    if (at < p->text.len && p->text.at[at] != '\0' && strchr("#^/>!=&{", p->text.at[at]) != NULL)
        tag->sigil = p->text.at[at++];
    char twin = tag->sigil == '{' ? '}' : tag->sigil == '=' ? '=' : 0;
    size_t close = find_close(p, at, twin);
    if (close == SIZE_MAX)
        return refuse(p, start, "tmpl.tag_unclosed", S(""));
    tag->content = trim(str_part(p->text, at, close - at));
    tag->end = close + (twin != 0) + p->close.len;
    bool prints = tag->sigil == 0 || tag->sigil == '&' || tag->sigil == '{';
    tag->alone = !prints && stands_alone(p->text, tag);
    return ST_OK;
}

static enum status read_path(struct parser *p, const struct tag *tag, struct path *out)
{
    struct str rest = tag->content;
    struct str part;
    VEC(struct str) parts = {0};
    *out = (struct path){0};
    if (str_eq(rest, S(".")))
        return ST_OK;
    while (str_next(&rest, '.', &part)) {
        if (part.len == 0 || has_space(part))
            return refuse(p, tag->start, "tmpl.name_wrong", tag->content);
        *vec_push(p->set->arena, &parts) = part;
    }
    *out = (struct path){parts.at, parts.len};
    return ST_OK;
}

static enum status add_value(struct parser *p, const struct tag *tag)
{
    bool raw = tag->sigil != 0;
    if (raw && (p->set->flags & TMPL_STRICT) != 0)
        return refuse(p, tag->start, "tmpl.raw_refused", tag->content);
    struct node *node = add_node(p, raw ? NODE_RAW : NODE_VALUE);
    node->name = tag->content;
    return read_path(p, tag, &node->path);
}

static enum status open_section(struct parser *p, const struct tag *tag)
{
    if (p->depth == TMPL_NEST_MAX)
        return refuse(p, tag->start, "tmpl.too_deep", tag->content);
    bool is_words = tag->sigil == '#' && str_eq(tag->content, S("t"));
    struct node *node = add_node(p, is_words            ? NODE_WORDS
                                    : tag->sigil == '#' ? NODE_SECTION
                                                        : NODE_INVERTED);
    node->name = tag->content;
    TRY(read_path(p, tag, &node->path));
    p->sections[p->depth++] = (struct open_section){node, tag->start};
    return ST_OK;
}

/* Words whose key is plain text need no rendering to know it. */
static void fix_key(struct node *node)
{
    if (node->kind == NODE_WORDS && node->first != NULL && node->first == node->last &&
        node->first->kind == NODE_TEXT)
        node->text = trim(node->first->text);
}

static enum status close_section(struct parser *p, const struct tag *tag)
{
    if (p->depth == 0)
        return refuse(p, tag->start, "tmpl.section_unopened", tag->content);
    struct node *node = p->sections[p->depth - 1].node;
    if (!str_eq(node->name, tag->content))
        return refuse(p, tag->start, "tmpl.section_mismatch", tag->content);
    fix_key(node);
    p->depth--;
    return ST_OK;
}

/* The template of that name, to be compiled later if it is new; null where there is none. */
static struct tmpl *template_of(struct tmpl_set *set, struct str name)
{
    struct tmpl *tmpl = strmap_find(&set->templates, name);
    struct str text;
    if (tmpl != NULL || !set->load(set->user, name, &text))
        return tmpl;
    tmpl = arena_new_of(set->arena, struct tmpl);
    tmpl->name = str_copy(set->arena, name);
    tmpl->text = text;
    (void)strmap_put(&set->templates, tmpl->name, tmpl);
    return tmpl;
}

static enum status add_partial(struct parser *p, const struct tag *tag)
{
    if (tag->content.len == 0 || has_space(tag->content))
        return refuse(p, tag->start, "tmpl.name_wrong", tag->content);
    struct node *node = add_node(p, NODE_PARTIAL);
    node->name = tag->content;
    node->alone = tag->alone;
    if (tag->alone)
        node->text = str_part(p->text, tag->line_start, tag->start - tag->line_start);
    node->partial = template_of(p->set, tag->content);
    if (node->partial == NULL && (p->set->flags & TMPL_STRICT) != 0)
        return refuse(p, tag->start, "tmpl.partial_missing", tag->content);
    return ST_OK;
}

static bool is_delimiter(struct str s)
{
    return s.len > 0 && !has_space(s) && str_find_char(s, '=') == SIZE_MAX;
}

static enum status set_delimiters(struct parser *p, const struct tag *tag)
{
    size_t cut = 0;
    while (cut < tag->content.len && !is_space(tag->content.at[cut]))
        cut++;
    struct str open = str_part(tag->content, 0, cut);
    struct str close = trim(str_from(tag->content, cut));
    if (!is_delimiter(open) || !is_delimiter(close))
        return refuse(p, tag->start, "tmpl.delimiter_wrong", tag->content);
    p->open = open;
    p->close = close;
    return ST_OK;
}

static enum status add_tag(struct parser *p, const struct tag *tag)
{
    switch (tag->sigil) {
    case '#':
    case '^': return open_section(p, tag);
    case '/': return close_section(p, tag);
    case '>': return add_partial(p, tag);
    case '!': return ST_OK;
    case '=': return set_delimiters(p, tag);
    default: return add_value(p, tag);
    }
}

static enum status parse(struct parser *p)
{
    if (!str_is_clean(p->text))
        return refuse(p, 0, "tmpl.not_text", p->tmpl->name);
    for (;;) {
        size_t found = str_find(str_from(p->text, p->at), p->open);
        if (found == SIZE_MAX)
            break;
        struct tag tag;
        TRY(read_tag(p, p->at + found, &tag));
        add_text_before(p, &tag);
        TRY(add_tag(p, &tag));
        p->at = tag.alone ? tag.line_end : tag.end;
    }
    if (p->at < p->text.len)
        add_text(p, p->at, p->text.len);
    if (p->depth == 0)
        return ST_OK;
    const struct open_section *open = &p->sections[p->depth - 1];
    return refuse(p, open->at, "tmpl.section_unclosed", open->node->name);
}

enum status tmpl_compile(struct ctx *ctx, struct tmpl_set *set, struct str name,
                         const struct tmpl **out)
{
    const struct tmpl *wanted = template_of(set, name);
    if (wanted == NULL)
        return fail(ctx, ST_NOT_FOUND, "tmpl.missing", ARGS(arg_text("file", name)));
    for (; set->compiled < set->templates.len; set->compiled++) {
        struct tmpl *tmpl = set->templates.entries[set->compiled].value;
        struct parser p = {.ctx = ctx,
                           .set = set,
                           .tmpl = tmpl,
                           .text = tmpl->text,
                           .open = S("{{"),
                           .close = S("}}")};
        TRY(parse(&p));
    }
    *out = wanted;
    return ST_OK;
}
