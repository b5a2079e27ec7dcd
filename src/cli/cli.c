/*
 * One walk over the table of subcommands: find by the longest name, read options into the row's
 * slots, run, print how it ended. Nothing here knows what a subcommand does.
 */
#include "cli/cli.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/num.h"

struct table {
    const struct cli_command *at;
    size_t len;
    const char *version;
};

/* Where --help prints and where wrong use prints; one text for both. */
static void print_synopsis(FILE *to, const struct cli_command *command)
{
    fprintf(to, "lantian %s", command->name);
    for (size_t i = 0; i < command->option_count; i++) {
        const struct cli_option *option = &command->options[i];
        const char *dashes = strlen(option->name) == 1 ? "-" : "--";
        fprintf(to, option->required ? " %s%s" : " [%s%s", dashes, option->name);
        if (option->value != NULL)
            fprintf(to, " %s", option->value);
        if (!option->required)
            fputc(']', to);
    }
    if (command->operands != NULL)
        fprintf(to, " %s", command->operands);
    fputc('\n', to);
}

/* All subcommands, or those of one group ("regime"). */
static void print_list(FILE *to, const struct table *table, const char *group)
{
    size_t group_len = group == NULL ? 0 : strlen(group);
    for (size_t i = 0; i < table->len; i++) {
        const char *name = table->at[i].name;
        if (group != NULL && (strncmp(name, group, group_len) != 0 || name[group_len] != ' '))
            continue;
        print_synopsis(to, &table->at[i]);
    }
}

static bool is_group(const struct table *table, const char *word)
{
    size_t len = strlen(word);
    for (size_t i = 0; i < table->len; i++)
        if (strncmp(table->at[i].name, word, len) == 0 && table->at[i].name[len] == ' ')
            return true;
    return false;
}

/* The row that argv begins with; *words_used tells how many words its name took. */
static const struct cli_command *find_command(const struct table *table, int argc, char **argv,
                                              int *words_used)
{
    for (size_t i = 0; i < table->len; i++) {
        const char *name = table->at[i].name;
        const char *blank = strchr(name, ' ');
        if (blank == NULL && strcmp(name, argv[1]) == 0) {
            *words_used = 1;
            return &table->at[i];
        }
        size_t first = blank == NULL ? 0 : (size_t)(blank - name);
        if (blank != NULL && argc > 2 && strlen(argv[1]) == first &&
            strncmp(name, argv[1], first) == 0 && strcmp(blank + 1, argv[2]) == 0) {
            *words_used = 2;
            return &table->at[i];
        }
    }
    return NULL;
}

static size_t find_option(const struct cli_command *command, struct str name)
{
    for (size_t i = 0; i < command->option_count; i++)
        if (str_eq_c(name, command->options[i].name))
            return i;
    return SIZE_MAX;
}

/* One option at argv[*at]; moves *at over a value that stands apart. */
static enum status parse_option(struct ctx *ctx, struct cli_args *args, int argc, char **argv,
                                int *at)
{
    struct str printed = str_of(argv[*at]);
    struct str name = str_from(printed, str_starts(printed, S("--")) ? 2 : 1);
    struct str value = {0};
    size_t equals = str_find_char(name, '=');
    if (equals != SIZE_MAX) {
        value = str_from(name, equals + 1);
        name = str_part(name, 0, equals);
    }
    size_t slot = find_option(args->command, name);
    if (slot == SIZE_MAX)
        return fail(ctx, ST_MALFORMED, "cli.unknown_option", ARGS(arg_text("option", printed)));
    bool takes_value = args->command->options[slot].value != NULL;
    if (!takes_value && equals != SIZE_MAX)
        return fail(ctx, ST_MALFORMED, "cli.takes_no_value", ARGS(arg_text("option", printed)));
    if (takes_value && equals == SIZE_MAX) {
        if (*at + 1 >= argc)
            return fail(ctx, ST_MALFORMED, "cli.needs_value", ARGS(arg_text("option", printed)));
        value = str_of(argv[++*at]);
    }
    args->values[slot] = takes_value ? value : S("");
    return ST_OK;
}

static enum status check_complete(struct ctx *ctx, const struct cli_args *args)
{
    const struct cli_command *command = args->command;
    for (size_t i = 0; i < command->option_count; i++)
        if (command->options[i].required && args->values[i].at == NULL)
            return fail(ctx, ST_MALFORMED, "cli.missing_option",
                        ARGS(arg_c("option", command->options[i].name)));
    if (args->operand_count < command->operands_min)
        return fail(ctx, ST_MALFORMED, "cli.missing_operand",
                    ARGS(arg_c("operands", command->operands)));
    return ST_OK;
}

static enum status parse_args(struct ctx *ctx, struct cli_args *args, int argc, char **argv)
{
    bool options_end = false;
    for (int i = 0; i < argc; i++) {
        const char *word = argv[i];
        if (!str_is_clean(str_of(word)))
            return fail(ctx, ST_MALFORMED, "cli.not_utf8", ARGS(arg_int("position", i + 1)));
        if (!options_end && strcmp(word, "--") == 0) {
            options_end = true;
        } else if (!options_end && word[0] == '-' && word[1] != '\0') {
            TRY(parse_option(ctx, args, argc, argv, &i));
        } else {
            if (args->operand_count >= args->command->operands_max)
                return fail(ctx, ST_MALFORMED, "cli.extra_operand", ARGS(arg_c("operand", word)));
            args->operands[args->operand_count++] = str_of(word);
        }
    }
    return check_complete(ctx, args);
}

static bool asks_for_help(int argc, char **argv)
{
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0)
            return true;
    return false;
}

static void print_failure(const struct ctx *ctx, const char *what)
{
    const struct reason *reason = &ctx->failure.reason;
    fprintf(stderr, "lantian: %s: %s", what, reason->key);
    for (size_t i = 0; i < reason->arg_count; i++)
        fprintf(stderr, " %s=%.*s", reason->args[i].name, STR_ARG(reason->args[i].text));
    fputc('\n', stderr);
}

static int end_with(const struct ctx *ctx, enum status status, const char *what)
{
    if (ctx->failure.status != ST_OK)
        print_failure(ctx, what);
    return status_exit(status);
}

static int run_command(struct ctx *ctx, const struct cli_command *command, int argc, char **argv)
{
    must(command->option_count <= CLI_OPTION_MAX && command->operands_max <= CLI_OPERAND_MAX);
    if (asks_for_help(argc, argv)) {
        print_synopsis(stdout, command);
        return 0;
    }
    struct cli_args args = {.command = command, .out = stdout};
    enum status status = parse_args(ctx, &args, argc, argv);
    if (status == ST_OK)
        status = command->run(ctx, &args);
    /* A full disk shows only here when the results are short. */
    if (fflush(stdout) != 0 && status == ST_OK)
        status = fail(ctx, ST_IO, "cli.cannot_write", NO_ARGS);
    return end_with(ctx, status, command->name);
}

static struct instant clock_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (struct instant){(int64_t)now.tv_sec * MS_PER_SECOND + now.tv_nsec / 1000000};
}

static int choose(struct ctx *ctx, const struct table *table, int argc, char **argv)
{
    if (argc < 2) {
        print_list(stderr, table, NULL);
        return status_exit(ST_MALFORMED);
    }
    if (strcmp(argv[1], "--help") == 0) {
        print_list(stdout, table, NULL);
        return 0;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("lantian %s\n", table->version);
        return 0;
    }
    int words_used = 0;
    const struct cli_command *command = find_command(table, argc, argv, &words_used);
    if (command != NULL)
        return run_command(ctx, command, argc - 1 - words_used, argv + 1 + words_used);
    if (is_group(table, argv[1])) {
        bool asked = asks_for_help(argc, argv);
        print_list(asked ? stdout : stderr, table, argv[1]);
        return asked ? 0 : status_exit(ST_MALFORMED);
    }
    return end_with(ctx, fail(ctx, ST_MALFORMED, "cli.unknown_command", NO_ARGS), argv[1]);
}

int cli_main(const struct cli_command *commands, size_t command_count, const char *version,
             int argc, char **argv)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena, .now = clock_now()};
    struct table table = {commands, command_count, version};
    return choose(&ctx, &table, argc, argv);
}

struct str cli_value(const struct cli_args *args, const char *option)
{
    size_t slot = find_option(args->command, str_of(option));
    must(slot != SIZE_MAX);
    return args->values[slot];
}

bool cli_flag(const struct cli_args *args, const char *option)
{
    return cli_value(args, option).at != NULL;
}

enum status cli_data_dir(struct ctx *ctx, const struct cli_args *args, struct str *out)
{
    struct str data = cli_value(args, "data");
    if (data.at == NULL)
        data = str_of(getenv("LANTIAN_DATA"));
    if (str_is_empty(data))
        return fail(ctx, ST_MALFORMED, "cli.missing_option", ARGS(arg_c("option", "data")));
    *out = data;
    return ST_OK;
}

enum status cli_clock(struct ctx *ctx, const struct cli_args *args, struct instant *out)
{
    struct str printed = cli_value(args, "clock");
    if (printed.at == NULL)
        *out = ctx->now;
    else if (!instant_parse_lenient(printed, out))
        return fail(ctx, ST_MALFORMED, "cli.not_a_time", ARGS(arg_text("value", printed)));
    return ST_OK;
}

enum status cli_number(struct ctx *ctx, const struct cli_args *args, const char *option,
                       int64_t min, int64_t max, int64_t otherwise, int64_t *out)
{
    struct str printed = cli_value(args, option);
    if (printed.at == NULL) {
        *out = otherwise;
        return ST_OK;
    }
    if (!num_parse_i64(printed, min, max, out))
        return fail(ctx, ST_MALFORMED, "cli.not_a_number",
                    ARGS(arg_c("option", option), arg_text("value", printed), arg_int("min", min),
                         arg_int("max", max)));
    return ST_OK;
}
