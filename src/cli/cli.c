/*
 * One walk over the table of subcommands: find by the longest name, read options into the row's
 * slots, run, print how it ended. Nothing here knows what a subcommand does.
 */
#include "cli/cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/num.h"
#include "kit/json.h"

enum { JSON_OUTPUT_MAX = 64 << 20 };

/* The program and the language it speaks on this terminal. */
struct face {
    const struct cli_program *program;
    const struct furniture *furniture;
    struct words_book *words;
    enum lang lang;
};

static struct str say(const struct face *face, struct arena *arena, const char *key)
{
    return words_format(arena, face->words, face->lang, str_of(key), NO_ARGS);
}

static const char *dashes_of(const struct cli_option *option)
{
    return strlen(option->name) == 1 ? "-" : "--";
}

/* One line as the shell takes it; what may be left out stands in brackets. */
static void print_synopsis(FILE *to, const struct cli_command *command)
{
    fprintf(to, "  lantian %s", command->name);
    for (size_t i = 0; i < command->option_count; i++) {
        const struct cli_option *option = &command->options[i];
        fprintf(to, "%s%s%s", option->required ? " " : " [", dashes_of(option), option->name);
        if (option->value != NULL)
            fprintf(to, " %s", option->value);
        if (!option->required)
            fputc(']', to);
    }
    if (command->operands != NULL)
        fprintf(to, " %s", command->operands);
    fputc('\n', to);
}

static void print_help(const struct face *face, struct arena *arena,
                       const struct cli_command *command)
{
    FILE *to = face->program->out;
    fprintf(to, "%.*s\n", STR_ARG(say(face, arena, command->summary)));
    print_synopsis(to, command);
    for (size_t i = 0; i < command->option_count; i++) {
        const struct cli_option *option = &command->options[i];
        struct str left = str_printf(arena, "%s%s %s", dashes_of(option), option->name,
                                     option->value == NULL ? "" : option->value);
        int gap = 22 - (int)utf8_length(left); /* printf counts bytes */
        fprintf(to, "    %.*s%*s  %.*s\n", STR_ARG(left), gap < 0 ? 0 : gap, "",
                STR_ARG(say(face, arena, option->help)));
    }
}

/* All subcommands with a sentence each, or those of one group ("regime"). */
static void print_list(FILE *to, const struct face *face, struct arena *arena, const char *group)
{
    const struct cli_program *program = face->program;
    struct str prefix = group == NULL ? S("") : str_printf(arena, "%s ", group);
    fprintf(to, "%.*s\n", STR_ARG(say(face, arena, "cli.usage")));
    for (size_t i = 0; i < program->command_count; i++) {
        const struct cli_command *command = &program->commands[i];
        if (str_starts(str_of(command->name), prefix))
            fprintf(to, "  lantian %-18s  %.*s\n", command->name,
                    STR_ARG(say(face, arena, command->summary)));
    }
    fprintf(to, "%.*s\n", STR_ARG(say(face, arena, "cli.more_help")));
}

static bool is_group(struct arena *arena, const struct cli_program *program, const char *word)
{
    struct str prefix = str_printf(arena, "%s ", word);
    for (size_t i = 0; i < program->command_count; i++)
        if (str_starts(str_of(program->commands[i].name), prefix))
            return true;
    return false;
}

/* The row that argv begins with; *words_used tells how many words its name took. */
static const struct cli_command *find_command(struct arena *arena,
                                              const struct cli_program *program, int argc,
                                              char **argv, int *words_used)
{
    struct str one = str_of(argv[1]);
    struct str two = argc > 2 ? str_printf(arena, "%s %s", argv[1], argv[2]) : one;
    for (size_t i = 0; i < program->command_count; i++) {
        const struct cli_command *command = &program->commands[i];
        if (str_eq_c(one, command->name) || str_eq_c(two, command->name)) {
            *words_used = str_eq_c(one, command->name) ? 1 : 2;
            return command;
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
    for (int i = 0; i < argc; i++)
        if (!str_is_clean(str_of(argv[i])))
            return fail(ctx, ST_MALFORMED, "cli.not_utf8", ARGS(arg_int("position", i + 1)));
    for (int i = 0; i < argc; i++) {
        const char *word = argv[i];
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

/* The one place where a failure becomes a line: what failed, why, and what would satisfy it. */
static void print_failure(const struct face *face, const struct ctx *ctx, struct str what)
{
    const struct reason *reason = &ctx->failure.reason;
    struct str why = words_reason(ctx->arena, face->words, face->lang, reason);
    struct str needs = words_needs(ctx->arena, face->words, face->lang, reason);
    fprintf(stderr, "lantian: %.*s: %.*s", STR_ARG(what), STR_ARG(why));
    if (!str_is_empty(needs))
        fprintf(stderr, " %.*s", STR_ARG(needs));
    if (!str_is_empty(reason->clause))
        fprintf(stderr, " (%.*s)", STR_ARG(reason->clause));
    fputc('\n', stderr);
}

static int end_with(const struct face *face, const struct ctx *ctx, enum status status,
                    const char *what)
{
    if (ctx->failure.status != ST_OK)
        print_failure(face, ctx, str_of(what));
    return status_exit(status);
}

static int run_command(struct ctx *ctx, const struct face *face, const struct cli_command *command,
                       int argc, char **argv)
{
    must(command->option_count <= CLI_OPTION_MAX && command->operands_max <= CLI_OPERAND_MAX);
    if (asks_for_help(argc, argv)) {
        print_help(face, ctx->arena, command);
        return 0;
    }
    struct cli_args args = {.command = command,
                            .out = face->program->out,
                            .program = face->program,
                            .furniture = face->furniture,
                            .words = face->words,
                            .lang = face->lang};
    enum status status = parse_args(ctx, &args, argc, argv);
    if (status == ST_OK)
        status = command->run(ctx, &args);
    /* A full disk shows only here when the results are short. */
    if (fflush(args.out) != 0 && status == ST_OK)
        status = fail(ctx, ST_IO, "cli.cannot_write", NO_ARGS);
    return end_with(face, ctx, status, command->name);
}

static struct instant clock_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (struct instant){(int64_t)now.tv_sec * MS_PER_SECOND + now.tv_nsec / 1000000};
}

static enum lang terminal_lang(void)
{
    static const char *const variables[] = {"LANTIAN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < COUNT_OF(variables); i++) {
        struct str value = str_of(getenv(variables[i]));
        if (!str_is_empty(value))
            return str_starts(value, S("zh")) ? LANG_ZH : LANG_EN;
    }
    return LANG_EN;
}

static int choose(struct ctx *ctx, const struct face *face, int argc, char **argv)
{
    const struct cli_program *program = face->program;
    if (argc < 2) {
        print_list(stderr, face, ctx->arena, NULL);
        return status_exit(ST_MALFORMED);
    }
    if (strcmp(argv[1], "--help") == 0) {
        print_list(program->out, face, ctx->arena, NULL);
        return 0;
    }
    if (strcmp(argv[1], "--version") == 0) {
        fprintf(program->out, "lantian %s\n", program->version);
        return 0;
    }
    int words_used = 0;
    const struct cli_command *command = find_command(ctx->arena, program, argc, argv, &words_used);
    if (command != NULL)
        return run_command(ctx, face, command, argc - 1 - words_used, argv + 1 + words_used);
    if (is_group(ctx->arena, program, argv[1])) {
        bool asked = asks_for_help(argc, argv);
        print_list(asked ? program->out : stderr, face, ctx->arena, argv[1]);
        return asked ? 0 : status_exit(ST_MALFORMED);
    }
    return end_with(face, ctx, fail(ctx, ST_MALFORMED, "cli.unknown_command", NO_ARGS), argv[1]);
}

int cli_main(const struct cli_program *program, int argc, char **argv)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena, .now = clock_now()};
    struct face face = {.program = program, .lang = terminal_lang()};
    struct furniture *furniture = NULL;
    enum status status = furniture_open(&ctx, arena, program->files, program->file_count,
                                        (struct str){0}, &furniture);
    if (status == ST_OK)
        status = furniture_open_words(&ctx, furniture, arena, &face.words);
    must(status == ST_OK); /* compiled in, and held by a test */
    face.furniture = furniture;
    return choose(&ctx, &face, argc, argv);
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

void cli_say(struct ctx *ctx, const struct cli_args *args, const char *key, struct args values)
{
    struct str line = words_format(ctx->arena, args->words, args->lang, str_of(key), values);
    fprintf(args->out, "%.*s\n", STR_ARG(line));
}

enum status cli_print_json(struct ctx *ctx, const struct cli_args *args,
                           const struct value *document)
{
    struct buf text;
    buf_init(&text, ctx->arena, JSON_OUTPUT_MAX);
    json_print(&text, document);
    if (buf_status(&text) != ST_OK)
        return fail(ctx, ST_LIMIT, "cli.too_much", ARGS(arg_bytes("limit", JSON_OUTPUT_MAX)));
    fprintf(args->out, "%.*s\n", STR_ARG(buf_str(&text)));
    return ST_OK;
}

/* Read by pieces: what is a pipe tells no size. */
enum status cli_read_file(struct ctx *ctx, struct str path, size_t limit_bytes, struct str *out)
{
    enum { PIECE_BYTES = 1 << 16 };
    char *piece = arena_alloc(ctx->arena, PIECE_BYTES);
    struct buf bytes;
    FILE *file = fopen(str_c(ctx->arena, path), "rb");
    if (file == NULL)
        return fail(ctx, ST_IO, "cli.cannot_read",
                    ARGS(arg_text("path", path), arg_c("why", strerror(errno))));
    buf_init(&bytes, ctx->arena, limit_bytes);
    for (size_t len; (len = fread(piece, 1, PIECE_BYTES, file)) > 0;)
        buf_bytes(&bytes, piece, len);
    bool broken = ferror(file) != 0;
    fclose(file);
    if (broken)
        return fail(ctx, ST_IO, "cli.cannot_read",
                    ARGS(arg_text("path", path), arg_c("why", strerror(EIO))));
    if (buf_status(&bytes) != ST_OK)
        return fail(ctx, ST_LIMIT, "cli.too_large",
                    ARGS(arg_text("path", path), arg_bytes("limit", (int64_t)limit_bytes)));
    *out = buf_str(&bytes);
    return ST_OK;
}

enum status cli_read_clauses(struct ctx *ctx, struct str pack_path, struct str *out)
{
    enum { LIST_BYTES_MAX = 1 << 20 };
    struct str suffix = S(".yaml");
    *out = (struct str){0};
    if (!str_ends(pack_path, suffix))
        return ST_OK;
    struct str beside = str_concat(ctx->arena, str_part(pack_path, 0, pack_path.len - suffix.len),
                                   S(".clauses.tsv"));
    if (access(str_c(ctx->arena, beside), F_OK) != 0)
        return ST_OK;
    return cli_read_file(ctx, beside, LIST_BYTES_MAX, out);
}

enum status cli_lang(struct ctx *ctx, const struct cli_args *args, enum lang *out)
{
    struct str lang = cli_value(args, "lang");
    *out = args->lang;
    if (str_is_empty(lang))
        return ST_OK;
    if (!str_eq(lang, S("zh")) && !str_eq(lang, S("en")))
        return fail(ctx, ST_MALFORMED, "cli.not_a_lang", ARGS(arg_text("value", lang)));
    *out = str_eq(lang, S("zh")) ? LANG_ZH : LANG_EN;
    return ST_OK;
}
