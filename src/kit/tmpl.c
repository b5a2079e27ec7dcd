/*
 * Rendering: a walk over the tree with a stack of contexts on the C stack. Indentation of a
 * partial is not pasted into its text but written where one of its lines begins, so that one tree
 * serves every place that names it.
 */
#include "kit/tmpl_int.h"

#include <string.h>

/* One more value in sight; names are looked for from the top down. */
struct frame {
    const struct value *value;
    const struct frame *up;
};

struct rendering {
    struct ctx *ctx;
    const struct tmpl *tmpl;
    const struct tmpl_words *words;
    struct buf *out;
    struct str indent; /* goes before each line of the partial being rendered */
    size_t steps;
    size_t depth;
};

enum { KEY_MAX_BYTES = 256 };

static enum status render_children(struct rendering *r, const struct node *parent,
                                   const struct frame *top);

static const struct value *find(const struct path *path, const struct frame *top)
{
    if (path->count == 0)
        return top->value;
    const struct value *value = NULL;
    for (const struct frame *frame = top; frame != NULL && value == NULL; frame = frame->up)
        value = value_find(frame->value, path->parts[0]);
    for (size_t i = 1; i < path->count; i++)
        value = value_find(value, path->parts[i]);
    return value;
}

static bool is_filled(const struct value *value)
{
    if (value == NULL)
        return false;
    switch (value->kind) {
    case VALUE_NULL: return false;
    case VALUE_BOOL: return value->flag;
    case VALUE_TEXT: return value->text.len > 0;
    case VALUE_LIST: return value->count > 0;
    case VALUE_INT:
    case VALUE_MAP: return true;
    }
    return false;
}

static void write_text(struct rendering *r, const struct node *node)
{
    struct str rest = node->text;
    if (r->indent.len == 0) {
        buf_text(r->out, rest);
        return;
    }
    if (node->line_start)
        buf_text(r->out, r->indent);
    for (size_t end = str_find_char(rest, '\n'); end < rest.len; end = str_find_char(rest, '\n')) {
        buf_text(r->out, str_part(rest, 0, end + 1));
        rest = str_from(rest, end + 1);
        if (rest.len > 0)
            buf_text(r->out, r->indent);
    }
    buf_text(r->out, rest);
}

static void write_value(struct rendering *r, const struct value *value, bool raw)
{
    if (value == NULL)
        return;
    switch (value->kind) {
    case VALUE_BOOL: buf_c(r->out, value->flag ? "true" : "false"); break;
    case VALUE_INT: buf_i64(r->out, value->number); break;
    case VALUE_TEXT:
        if (raw || value->markup)
            buf_text(r->out, value->text);
        else
            html_text(r->out, value->text);
        break;
    case VALUE_NULL:
    case VALUE_LIST:
    case VALUE_MAP: break;
    }
}

static enum status render_with(struct rendering *r, const struct node *node,
                               const struct value *value, const struct frame *top)
{
    struct frame frame = {value, top};
    return render_children(r, node, &frame);
}

static enum status render_section(struct rendering *r, const struct node *node,
                                  const struct frame *top)
{
    const struct value *value = find(&node->path, top);
    if (!is_filled(value))
        return ST_OK;
    if (value->kind != VALUE_LIST)
        return render_with(r, node, value, top);
    value_each (item, value)
        TRY(render_with(r, node, item, top));
    return ST_OK;
}

static enum status render_partial(struct rendering *r, const struct node *node,
                                  const struct frame *top)
{
    if (node->partial == NULL)
        return ST_OK;
    struct str indent = r->indent;
    if (!node->alone)
        r->indent = S("");
    else if (node->text.len > 0)
        r->indent = str_concat(r->ctx->arena, indent, node->text);
    TRY(render_children(r, &node->partial->root, top));
    r->indent = indent;
    return ST_OK;
}

static enum status render_key(struct rendering *r, const struct node *node, const struct frame *top,
                              struct str *out)
{
    struct buf key;
    struct rendering inner = *r;
    buf_init(&key, r->ctx->arena, KEY_MAX_BYTES);
    inner.out = &key;
    inner.indent = S("");
    TRY(render_children(&inner, node, top));
    r->steps = inner.steps;
    *out = str_trim(buf_str(&key));
    return ST_OK;
}

/* The {places} of a sentence look into the data like any other name. */
static bool lookup_place(void *user, struct str name, struct arg *out)
{
    const struct path path = {&name, 1};
    const struct value *value = find(&path, user);
    if (value == NULL || (value->kind != VALUE_TEXT && value->kind != VALUE_INT))
        return false;
    *out = value->kind == VALUE_INT ? arg_int("", value->number) : arg_text("", value->text);
    return true;
}

static enum status render_words(struct rendering *r, const struct node *node,
                                const struct frame *top)
{
    struct str key = node->text;
    struct frame here = *top;
    if (key.len == 0)
        TRY(render_key(r, node, top, &key));
    if (r->words == NULL) {
        buf_char(r->out, '[');
        html_text(r->out, key);
        buf_char(r->out, ']');
        return ST_OK;
    }
    html_text(r->out, words_format_by(r->ctx->arena, r->words->book, r->words->lang, key,
                                      lookup_place, &here));
    return ST_OK;
}

static enum status render_node(struct rendering *r, const struct node *node,
                               const struct frame *top)
{
    switch (node->kind) {
    case NODE_TEXT: write_text(r, node); return ST_OK;
    case NODE_VALUE: write_value(r, find(&node->path, top), false); return ST_OK;
    case NODE_RAW: write_value(r, find(&node->path, top), true); return ST_OK;
    case NODE_SECTION: return render_section(r, node, top);
    case NODE_INVERTED:
        return is_filled(find(&node->path, top)) ? ST_OK : render_children(r, node, top);
    case NODE_WORDS: return render_words(r, node, top);
    case NODE_PARTIAL: return render_partial(r, node, top);
    case NODE_ROOT: break;
    }
    must(false);
    return ST_INTERNAL;
}

static enum status too_much(struct rendering *r)
{
    return fail(r->ctx, ST_LIMIT, "tmpl.too_much", ARGS(arg_text("file", r->tmpl->name)));
}

static enum status render_children(struct rendering *r, const struct node *parent,
                                   const struct frame *top)
{
    if (r->depth == TMPL_DEPTH_MAX)
        return fail(r->ctx, ST_LIMIT, "tmpl.recursion",
                    ARGS(arg_text("file", r->tmpl->name), arg_int("limit", TMPL_DEPTH_MAX)));
    r->depth++;
    for (const struct node *node = parent->first; node != NULL; node = node->next) {
        if (++r->steps > TMPL_STEPS_MAX || r->out->status != ST_OK)
            return too_much(r);
        TRY(render_node(r, node, top));
    }
    r->depth--;
    return ST_OK;
}

enum status tmpl_render(struct ctx *ctx, const struct tmpl *tmpl, const struct value *data,
                        const struct tmpl_words *words, struct buf *out)
{
    struct rendering r = {.ctx = ctx, .tmpl = tmpl, .words = words, .out = out};
    struct frame bottom = {data, NULL};
    TRY(render_children(&r, &tmpl->root, &bottom));
    return buf_status(out) == ST_OK ? ST_OK : too_much(&r);
}
