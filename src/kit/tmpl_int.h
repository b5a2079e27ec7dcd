#pragma once
/*
 * The tree between tmpl_compile.c, which grows it, and tmpl.c, which renders it.
 */
#include "base/strmap.h"
#include "kit/tmpl.h"

enum node_kind {
    NODE_ROOT,
    NODE_TEXT,     /* literal text, one or more lines */
    NODE_VALUE,    /* {{name}} */
    NODE_RAW,      /* {{{name}}} */
    NODE_SECTION,  /* {{#name}} */
    NODE_INVERTED, /* {{^name}} */
    NODE_WORDS,    /* {{#t}} */
    NODE_PARTIAL,  /* {{>name}} */
};

/* A name cut at its dots; no parts: the implicit iterator. */
struct path {
    struct str *parts;
    size_t count;
};

struct node {
    enum node_kind kind;
    bool line_start;  /* text: begins a line, so the indentation of a partial goes before it */
    bool alone;       /* partial: alone on its line */
    struct str name;  /* as written, for faults and end tags */
    struct str text;  /* text: itself; partial alone: its indentation; words: the key, if fixed */
    struct path path; /* value, raw, section, inverted */
    const struct tmpl *partial; /* null where there is none */
    struct node *first;
    struct node *last;
    struct node *next;
};

struct tmpl {
    struct str name;
    struct str text;
    struct node root;
};

struct tmpl_set {
    struct arena *arena;
    tmpl_load *load;
    void *user;
    enum tmpl_flags flags;
    struct strmap templates; /* in the order in which they were first named */
    size_t compiled;         /* how many of them have their tree */
};
