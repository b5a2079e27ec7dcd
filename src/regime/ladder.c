/*
 * `ladder:` — the steps of pressing, the weakest first. A step belongs to a procedure and is bound with
 * it, so that its rules may name the procedure's clocks, flags, fields and commands; what it does
 * when it is confirmed is written as a command's row is.
 */
#include "regime/load_int.h"

static const struct yaml_node *procedure_of(const struct yaml_node *item)
{
    return item->kind == YAML_MAP ? yaml_find(item, "of") : NULL;
}

void gather_steps(struct loader *l, const struct yaml_node *ladder)
{
    if (ladder == NULL || !want_list(l, ladder))
        return;
    l->ladder = ladder;
    items_each (item, ladder) {
        const struct yaml_node *step = item->kind == YAML_MAP ? yaml_find(item, "step") : NULL;
        if (step == NULL || step->kind != YAML_TEXT)
            continue;
        const struct mention *first = mention_find(&l->steps, step->text);
        if (first != NULL)
            fault(l, FAULT_DUPLICATE_NAME, node_place(step), "pack.duplicate_line", NULL,
                  ARGS(arg_text("name", step->text), arg_int("line", first->place.line)));
        mention_add(l, &l->steps, step->text, node_place(step));
    }
}

void bind_term(struct loader *l, struct regime_term *term, const struct yaml_node *node)
{
    const struct regime_setting *setting;
    if (node->kind != YAML_TEXT || !is_name(node->text)) {
        if (!length_parse(node->text, &term->length) || term->length.unit == LENGTH_HOURS)
            fault_type(l, node, "pack.want.term");
        return;
    }
    if (!need_setting(l, node, &setting))
        return;
    term->setting = setting->name;
    if (setting->value->kind != VALUE_INT || setting->value->number < 1 ||
        !length_unit_parse(setting->unit, &term->length.unit) ||
        term->length.unit == LENGTH_HOURS ||
        setting->value->number > length_max(term->length.unit))
        fault_type(l, node, "pack.want.term");
    else
        term->length.count = (int32_t)setting->value->number;
}

static void bind_clock(struct loader *l, void *into, const struct yaml_node *node)
{
    struct regime_ground *ground = into;
    (void)need_clock(l, node);
    ground->clock = node->text;
}

static void bind_left(struct loader *l, void *into, const struct yaml_node *node)
{
    bind_term(l, &((struct regime_ground *)into)->left, node);
}

static void bind_over(struct loader *l, void *into, const struct yaml_node *node)
{
    bind_term(l, &((struct regime_ground *)into)->over, node);
}

static void bind_progress_field(struct loader *l, void *into, const struct yaml_node *node)
{
    const struct regime_field *field = need_field(l, node);
    if (field == NULL)
        return;
    ((struct regime_ground *)into)->progress = field->name;
    if (field->kind != FIELD_INTEGER)
        fault_type(l, node, "pack.want.percent_field");
}

static void bind_behind_by(struct loader *l, void *into, const struct yaml_node *node)
{
    ((struct regime_ground *)into)->behind = shape_bind(l, S("int"), node);
}

static const struct bind_key BEHIND_KEYS[] = {
    {.key = "field", .kind = BIND_BY, .needed = true, .by = bind_progress_field},
    {.key = "by", .kind = BIND_BY, .needed = true, .by = bind_behind_by},
};

static void bind_behind(struct loader *l, void *into, const struct yaml_node *node)
{
    (void)bind_map(l, node, BEHIND_KEYS, COUNT_OF(BEHIND_KEYS), false, into);
}

static void bind_flag(struct loader *l, void *into, const struct yaml_node *node)
{
    (void)shape_bind(l, S("flag"), node);
    ((struct regime_ground *)into)->flag = node->text;
}

typedef bool need_fn(struct loader *l, const struct yaml_node *node);

static bool need_command_text(struct loader *l, const struct yaml_node *node)
{
    return need_command(l, node, node->text);
}

static void bind_names(struct loader *l, const struct yaml_node *node, need_fn *need,
                       const struct str **out, size_t *out_count)
{
    VEC(struct str) names = {0};
    items_each (item, node) {
        if (need(l, item))
            vec_add(l->arena, &names, item->text);
    }
    if (items_count(node) == 0)
        fault_type(l, node, "pack.want.some");
    *out = names.at;
    *out_count = names.len;
}

static void bind_idle_commands(struct loader *l, void *into, const struct yaml_node *node)
{
    struct regime_ground *ground = into;
    bind_names(l, node, need_command_text, &ground->idle, &ground->idle_count);
}

static void bind_idle_for(struct loader *l, void *into, const struct yaml_node *node)
{
    bind_term(l, &((struct regime_ground *)into)->idle_for, node);
}

static const struct bind_key IDLE_KEYS[] = {
    {.key = "commands", .kind = BIND_BY, .needed = true, .by = bind_idle_commands},
    {.key = "for", .kind = BIND_BY, .needed = true, .by = bind_idle_for},
};

static void bind_idle(struct loader *l, void *into, const struct yaml_node *node)
{
    (void)bind_map(l, node, IDLE_KEYS, COUNT_OF(IDLE_KEYS), false, into);
}

static void bind_after_steps(struct loader *l, void *into, const struct yaml_node *node)
{
    struct regime_ground *ground = into;
    bind_names(l, node, need_step, &ground->after, &ground->after_count);
}

static void bind_after_for(struct loader *l, void *into, const struct yaml_node *node)
{
    bind_term(l, &((struct regime_ground *)into)->after_for, node);
}

static const struct bind_key AFTER_KEYS[] = {
    {.key = "steps", .kind = BIND_BY, .needed = true, .by = bind_after_steps},
    {.key = "for", .kind = BIND_BY, .needed = true, .by = bind_after_for},
};

static void bind_after(struct loader *l, void *into, const struct yaml_node *node)
{
    (void)bind_map(l, node, AFTER_KEYS, COUNT_OF(AFTER_KEYS), false, into);
}

static const struct bind_key GROUND_KEYS[] = {
    {.key = "clock", .kind = BIND_BY, .by = bind_clock},
    {.key = "left", .kind = BIND_BY, .by = bind_left},
    {.key = "over", .kind = BIND_BY, .by = bind_over},
    {.key = "progress_behind", .kind = BIND_BY, .by = bind_behind},
    {.key = "flag", .kind = BIND_BY, .by = bind_flag},
    {.key = "idle", .kind = BIND_BY, .by = bind_idle},
    {.key = "after", .kind = BIND_BY, .by = bind_after},
};

/* A clock cannot both run and be over, and what is counted along a clock needs one. */
static void check_ground(struct loader *l, const struct yaml_node *node)
{
    static const char *const of_clock[] = {"left", "over", "progress_behind"};
    if (node->count == 0)
        fault_type(l, node, "pack.want.ground");
    if (yaml_find(node, "left") != NULL && yaml_find(node, "over") != NULL)
        fault(l, FAULT_WRONG_TYPE, key_place(yaml_find(node, "over")),
              "pack.never_proposed", "pack.hint.left_or_over", NO_ARGS);
    for (size_t i = 0; i < COUNT_OF(of_clock); i++) {
        const struct yaml_node *key = yaml_find(node, of_clock[i]);
        if (key != NULL && yaml_find(node, "clock") == NULL)
            fault(l, FAULT_MISSING_KEY, key_place(key), "pack.missing.key", NULL,
                  ARGS(arg_c("name", "clock"), arg_c("of", "when")));
    }
}

static void bind_when(struct loader *l, void *into, const struct yaml_node *node)
{
    struct regime_step *step = into;
    VEC(struct regime_ground) grounds = {0};
    items_each (item, node) {
        struct regime_ground ground = {.place = node_place(item)};
        if (!bind_map(l, item, GROUND_KEYS, COUNT_OF(GROUND_KEYS), false, &ground))
            continue;
        check_ground(l, item);
        vec_add(l->arena, &grounds, ground);
    }
    if (items_count(node) == 0)
        fault_type(l, node, "pack.want.some");
    step->when = grounds.at;
    step->when_count = grounds.len;
}

static void bind_once_per(struct loader *l, void *into, const struct yaml_node *node)
{
    static const struct str words[ONCE_PER_COUNT] = {
        [ONCE_PER_DEADLINE] = STR_INIT("deadline"),
        [ONCE_PER_MONTH] = STR_INIT("month"),
        [ONCE_PER_CASE] = STR_INIT("case"),
    };
    struct regime_step *step = into;
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (!str_eq(words[i], node->text))
            continue;
        step->once_per = (enum once_per)i;
        return;
    }
    fault_type(l, node, "pack.want.once_per");
}

/* Only what stands above it: a step that stood for a stronger one would never let that be taken. */
static void bind_instead(struct loader *l, void *into, const struct yaml_node *node)
{
    struct regime_step *step = into;
    bind_names(l, node, need_step, &step->instead_of, &step->instead_count);
    const struct mention *own = mention_find(&l->steps, step->row.name);
    items_each (item, node) {
        const struct mention *other = mention_find(&l->steps, item->text);
        if (own != NULL && other != NULL && other >= own)
            fault(l, FAULT_WRONG_TYPE, node_place(item), "pack.instead_of_stronger",
                  "pack.hint.instead_of", ARGS(arg_text("name", item->text)));
    }
}

static void bind_charge(struct loader *l, void *into, const struct yaml_node *node)
{
    struct regime_step *step = into;
    if (bind_name(l, node, &step->charge))
        (void)need_role(l, node, step->charge, 0);
}

#define STEP_KEY(word, kind_, need, member)                                                        \
    {                                                                                              \
        .key = word, .kind = kind_, .needed = need, .offset = offsetof(struct regime_step, member) \
    }

/* `of` was read to find the procedure. The form comes before the rules that ask it. */
static const struct bind_key STEP_KEYS[] = {
    STEP_KEY("step", BIND_ID, true, row.name),
    {.key = "of", .kind = BIND_BY, .needed = true},
    STEP_KEY("zh", BIND_WORD, true, row.words.zh),
    STEP_KEY("en", BIND_WORD, true, row.words.en),
    {.key = "by", .kind = BIND_BY, .by = bind_row_by},
    {.key = "when", .kind = BIND_BY, .by = bind_when},
    {.key = "once_per", .kind = BIND_BY, .by = bind_once_per},
    {.key = "instead_of", .kind = BIND_BY, .by = bind_instead},
    {.key = "charge", .kind = BIND_BY, .by = bind_charge},
    {.key = "asks", .kind = BIND_BY, .by = bind_row_asks},
    {.key = "needs", .kind = BIND_BY, .by = bind_row_needs},
    {.key = "then", .kind = BIND_BY, .by = bind_row_then},
    STEP_KEY("clause", BIND_CLAUSE, false, row.clause),
};

static bool has_clock(const struct regime_step *step)
{
    for (size_t i = 0; i < step->when_count; i++) {
        if (!str_is_empty(step->when[i].clock))
            return true;
    }
    return false;
}

static void bind_step(struct loader *l, const struct yaml_node *item, struct regime_step *step)
{
    const struct yaml_node *name = yaml_find(item, "step");
    const struct yaml_node *once = yaml_find(item, "once_per");
    *step = (struct regime_step){.row.place = name == NULL ? node_place(item) : node_place(name),
                                 .once_per = ONCE_PER_CASE};
    l->scope->asks = NULL;
    l->scope->ask_count = 0;
    (void)bind_map(l, item, STEP_KEYS, COUNT_OF(STEP_KEYS), false, step);
    l->scope->asks = NULL;
    l->scope->ask_count = 0;
    if (yaml_find(item, "by") == NULL)
        fault(l, FAULT_NOBODY_MAY_FIRE, step->row.place, "pack.nobody", "pack.hint.by", NO_ARGS);
    if (once != NULL && step->once_per == ONCE_PER_DEADLINE && !has_clock(step))
        fault(l, FAULT_MISSING_KEY, node_place(once), "pack.missing.key", NULL,
              ARGS(arg_c("name", "clock"), arg_c("of", "when")));
    if (once == NULL && yaml_find(item, "when") != NULL)
        fault(l, FAULT_MISSING_KEY, step->row.place, "pack.missing.key", NULL,
              ARGS(arg_c("name", "once_per"), arg_c("of", "ladder")));
}

void bind_steps(struct loader *l)
{
    VEC(struct regime_step) steps = {0};
    struct regime_procedure *procedure = l->scope->procedure;
    bool is_first = mention_find(&l->procedures, procedure->name) == l->procedures.at;
    items_each (item, l->ladder) {
        const struct yaml_node *of = procedure_of(item);
        if (of != NULL && str_eq(of->text, procedure->name))
            bind_step(l, item, vec_push(l->arena, &steps));
        else if (is_first && of != NULL)
            (void)need_procedure(l, of);
        else if (is_first && item->kind != YAML_MAP)
            fault_type(l, item, "pack.want.map");
        else if (is_first)
            fault(l, FAULT_MISSING_KEY, node_place(item), "pack.missing.key", NULL,
                  ARGS(arg_c("name", "of"), arg_c("of", "ladder")));
    }
    procedure->steps = steps.at;
    procedure->step_count = steps.len;
}
