/*
 * The JSON's words are those of api.md; its `why` is a short code with the holiday's name, the same
 * in every language. What is printed for people comes from the catalogue.
 */
#include "cli/due_cmd.h"

#include "engine/deadline.h"
#include "kit/words.h"
#include "services/calendar_load.h"

const struct cli_option due_cmd_options[5] = {
    {.name = "from", .value = "DATE|TIME", .required = true, .help = "cli.due.from"},
    {.name = "in", .value = "LENGTH|DATE", .required = true, .help = "cli.due.in"},
    {.name = "calendar", .value = "NAME", .help = "cli.due.calendar"},
    {.name = "explain", .help = "cli.due.explain"},
    {.name = "json", .help = "cli.json"},
};

/* What was asked and what came out. */
struct due {
    struct deadline_terms terms;
    struct deadline deadline;
    struct deadline_trace trace;
};

static enum status read_terms(struct ctx *ctx, const struct cli_args *args,
                              struct deadline_terms *out)
{
    struct str from = cli_value(args, "from");
    struct str in = cli_value(args, "in");
    *out = (struct deadline_terms){.fixed = DAY_NONE};
    if (!instant_parse_lenient(from, &out->start))
        return fail(ctx, ST_MALFORMED, "cli.not_a_time", ARGS(arg_text("value", from)));
    if (!day_parse(in, &out->fixed) && !length_parse(in, &out->length))
        return fail(ctx, ST_MALFORMED, "cli.due.not_a_length", ARGS(arg_text("value", in)));
    return ST_OK;
}

static enum status load_calendar(struct ctx *ctx, const struct cli_args *args,
                                 const struct calendar **out)
{
    struct str name = cli_value(args, "calendar");
    if (name.at == NULL)
        name = S("cn-workdays");
    enum status status = calendar_load(ctx, ctx->arena, args->furniture, name, out);
    if (status != ST_NOT_FOUND)
        return status;
    fail_clear(ctx); /* a name that is none is wrong use here, not an answer */
    return fail(ctx, ST_MALFORMED, "calendar.unknown", ARGS(arg_text("name", name)));
}

static struct str format_due(struct arena *arena, const struct deadline *deadline)
{
    return deadline->in_hours ? instant_format(arena, deadline->due)
                              : day_format(arena, deadline->due_day);
}

static const char *unit_name(const struct deadline_terms *terms)
{
    return day_is_none(terms->fixed) ? length_unit_name(terms->length.unit) : "date";
}

/* "weekday", "holiday: 国庆节" */
static struct str format_why(struct arena *arena, const struct deadline_day *day)
{
    const char *why = deadline_why_name(day->why);
    return str_is_empty(day->name) ? str_of(why)
                                   : str_printf(arena, "%s: %.*s", why, STR_ARG(day->name));
}

static void put_trace(struct arena *arena, struct value *document,
                      const struct deadline_trace *trace)
{
    struct value *list = value_put_list(arena, document, "trace");
    for (size_t i = 0; i < trace->len; i++) {
        const struct deadline_day *day = &trace->at[i];
        struct value *entry = value_append_map(arena, list);
        value_put_text(arena, entry, "day", day_format(arena, day->day));
        value_put_bool(arena, entry, "counts", day->counts);
        value_put_text(arena, entry, "why", format_why(arena, day));
        if (!str_is_empty(day->notice))
            value_put_text(arena, entry, "notice", day->notice);
    }
}

static enum status print_json(struct ctx *ctx, const struct cli_args *args,
                              const struct due *due)
{
    struct arena *arena = ctx->arena;
    struct value *document = value_map(arena);
    value_put_text(arena, document, "due", format_due(arena, &due->deadline));
    value_put_text(arena, document, "end", instant_format(arena, due->deadline.end));
    value_put_text(arena, document, "unit", str_of(unit_name(&due->terms)));
    value_put_bool(arena, document, "provisional", due->deadline.provisional);
    put_trace(arena, document, &due->trace);
    return cli_print_json(ctx, args, document);
}

/* One day a line: date, its number in the count, why. */
static void print_trace(struct ctx *ctx, const struct cli_args *args,
                        const struct deadline_trace *trace)
{
    int counted = 0;
    for (size_t i = 0; i < trace->len; i++) {
        const struct deadline_day *day = &trace->at[i];
        counted += day->counts;
        struct str number = day->counts ? str_printf(ctx->arena, "%d", counted) : S("-");
        fprintf(args->out, "%.*s\t%.*s\t", STR_ARG(day_format(ctx->arena, day->day)),
                STR_ARG(number));
        cli_say(ctx, args, deadline_why_key(day->why),
                   ARGS(arg_text("name", day->name), arg_text("notice", day->notice)));
    }
}

static void print_text(struct ctx *ctx, const struct cli_args *args, const struct due *due)
{
    const struct deadline *deadline = &due->deadline;
    if (deadline->in_hours)
        cli_say(ctx, args, "cli.due.last_minute", ARGS(arg_instant("time", deadline->due)));
    else
        cli_say(ctx, args, "cli.due.last_day", ARGS(arg_day("day", deadline->due_day)));
    cli_say(ctx, args, "cli.due.late_from", ARGS(arg_instant("time", deadline->end)));
    if (deadline->provisional)
        cli_say(ctx, args, "cli.due.provisional", NO_ARGS);
    if (cli_flag(args, "explain"))
        print_trace(ctx, args, &due->trace);
}

enum status due_cmd_run(struct ctx *ctx, const struct cli_args *args)
{
    struct due due = {0};
    const struct calendar *cal;
    TRY(read_terms(ctx, args, &due.terms));
    TRY(load_calendar(ctx, args, &cal));
    TRY(deadline_find(ctx, cal, &due.terms, &due.deadline));
    TRY(deadline_explain(ctx, cal, &due.terms, &due.trace));
    if (cli_flag(args, "json"))
        return print_json(ctx, args, &due);
    print_text(ctx, args, &due);
    return ST_OK;
}
