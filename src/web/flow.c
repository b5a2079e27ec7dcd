/*
 * Not a reader of XML: the text comes from our own child process, and only a few of its marks are
 * looked for. Whatever else stands there is passed on.
 */
#include "web/flow.h"

#include "base/buf.h"

enum { SVG_MAX_BYTES = 1024 * 1024 };

/* What stands between two marks behind the start of `s`, or absent. */
static struct str between(struct str s, struct str open, struct str close)
{
    size_t from = str_find(s, open);
    if (from == SIZE_MAX)
        return (struct str){0};
    struct str rest = str_from(s, from + open.len);
    size_t end = str_find(rest, close);
    return end == SIZE_MAX ? (struct str){0} : str_part(rest, 0, end);
}

static void write_attribute(struct buf *out, const char *name, struct str value)
{
    if (value.at == NULL)
        return;
    buf_c(out, " ");
    buf_c(out, name);
    buf_c(out, "=\"");
    html_attr(out, value);
    buf_c(out, "\"");
}

/* `dot` writes "node" before the classes that the drawing's maker gave. */
static bool is_node(struct str class)
{
    return str_eq(class, S("node")) || str_starts(class, S("node "));
}

static const char *class_of_node(struct str node, struct str state, const struct str *passed,
                                 size_t passed_count)
{
    struct str title = between(node, S("<title>"), S("</title>"));
    if (title.at == NULL)
        return "node";
    if (!str_is_empty(state) && str_eq(title, state))
        return "node lit";
    for (size_t i = 0; i < passed_count; i++)
        if (str_eq(title, passed[i]))
            return "node passed";
    return "node";
}

/* Behind the opening tag of a group: `dot` says there what the group is called, in names of the pack;
   browsers would show them to whoever points at it. */
static struct str skip_title(struct str rest)
{
    struct str title = between(rest, S("<title>"), S("</title>"));
    size_t around = title.len + sizeof "<title></title>" - 1;
    return str_starts(rest, S(">\n<title>")) && title.at != NULL ? str_from(rest, 2 + around) : str_from(rest, 1);
}

/* A drawing is shown no larger than it was drawn: the width of its view box, in whole pixels. */
static struct str natural_width(struct str view_box)
{
    struct str word = {0};
    for (int i = 0; i < 3; i++)
        if (!str_next(&view_box, ' ', &word))
            return (struct str){0};
    size_t point = str_find_char(word, '.');
    return point == SIZE_MAX ? word : str_part(word, 0, point);
}

/* The opening tag: view box and width; the style sheet decides the rest. */
static struct str write_head(struct buf *out, struct str svg)
{
    size_t end = str_find_char(svg, '>');
    struct str tag = str_part(svg, 0, end);
    buf_c(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"flow\" aria-hidden=\"true\""
               " focusable=\"false\"");
    struct str view_box = between(tag, S("viewBox=\""), S("\""));
    write_attribute(out, "viewBox", view_box);
    write_attribute(out, "width", natural_width(view_box));
    buf_c(out, ">");
    return str_from(svg, end + 1);
}

struct str flow_light(struct arena *arena, struct str svg, struct str state,
                      const struct str *passed, size_t passed_count)
{
    struct buf out;
    buf_init(&out, arena, SVG_MAX_BYTES);
    size_t start = str_find(svg, S("<svg"));
    if (start == SIZE_MAX || str_find_char(str_from(svg, start), '>') == SIZE_MAX)
        return S("");
    struct str rest = write_head(&out, str_from(svg, start));
    for (size_t at = str_find(rest, S("<g id=")); at != SIZE_MAX;
         at = str_find(rest, S("<g id="))) {
        buf_text(&out, str_part(rest, 0, at));
        rest = str_from(rest, at);
        size_t end = str_find_char(rest, '>');
        struct str tag = str_part(rest, 0, end);
        struct str class = between(tag, S("class=\""), S("\""));
        if (is_node(class))
            class = str_of(class_of_node(rest, state, passed, passed_count));
        buf_c(&out, "<g");
        write_attribute(&out, "class", class);
        write_attribute(&out, "transform", between(tag, S("transform=\""), S("\"")));
        buf_c(&out, ">");
        rest = skip_title(str_from(rest, end));
    }
    buf_text(&out, rest);
    return buf_status(&out) == ST_OK ? buf_str(&out) : S("");
}
