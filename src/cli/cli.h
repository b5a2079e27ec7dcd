#pragma once
/*
 * The command line: one table of subcommands (it stands in main), each with a table of options.
 * The framework parses, answers --help, prints failures and turns the ending into an exit code;
 * a subcommand only reads its arguments and calls services.
 *
 *   { .name = "due", .summary = "cli.due", .options = due_options, .option_count = …, .run = due_cmd }
 *
 * A name of two words ("regime check") is a subcommand of a group; "lantian regime" lists the group.
 */
#include <stdio.h>

#include "base/ctx.h"
#include "base/value.h"
#include "kit/furniture.h"

struct cli_option {
    const char *name;  /* "data" for --data, "o" for -o */
    const char *value; /* what stands for the value in the usage, "DIR"; null: takes none */
    bool required;
    const char *help; /* i18n key */
};

struct cli_args;
struct cli_program;

struct cli_command {
    const char *name;
    const char *operands; /* as in the usage, "OLD NEW"; null: none */
    int operands_min;
    int operands_max;
    const char *summary; /* i18n key */
    const struct cli_option *options;
    size_t option_count;
    /*
     * Prints results to args->out, nothing else. A failure in ctx is printed by the caller; a
     * status without one ("the answer is no", already printed) only gives the exit code.
     */
    enum status (*run)(struct ctx *ctx, const struct cli_args *args);
};

enum { CLI_OPTION_MAX = 24, CLI_OPERAND_MAX = 16 };

/* Open: free to read; values through the functions below. Texts live as long as argv. */
struct cli_args {
    const struct cli_command *command;
    struct str values[CLI_OPTION_MAX]; /* by option; absent: not given */
    struct str operands[CLI_OPERAND_MAX];
    int operand_count;
    FILE *out;
    const struct cli_program *program;
    const struct furniture *furniture; /* the compiled-in one */
    const struct words_book *words;
    enum lang lang;
};

/* What main hands down. */
struct cli_program {
    const char *version;
    const struct cli_command *commands;
    size_t command_count;
    const struct furniture_file *files;
    size_t file_count;
    FILE *out; /* results and help; failures go to stderr */
};

/* The option must be declared. Absent when not given; a flag that was given is an empty text. */
struct str cli_value(const struct cli_args *args, const char *option);
bool cli_flag(const struct cli_args *args, const char *option);

/* --data, else LANTIAN_DATA. ST_MALFORMED: neither. */
MUST_USE enum status cli_data_dir(struct ctx *ctx, const struct cli_args *args, struct str *out);
/* --clock (RFC 3339, or a date or time of the office), else ctx->now. ST_MALFORMED: no time. */
MUST_USE enum status cli_clock(struct ctx *ctx, const struct cli_args *args, struct instant *out);
/* A whole number option; `otherwise` when not given. ST_MALFORMED: no number or out of range. */
MUST_USE enum status cli_number(struct ctx *ctx, const struct cli_args *args, const char *option,
                                int64_t min, int64_t max, int64_t otherwise, int64_t *out);

/* --lang, else that of the terminal. ST_MALFORMED cli.not_a_lang {value} */
MUST_USE enum status cli_lang(struct ctx *ctx, const struct cli_args *args, enum lang *out);

/* One line of results, worded for the reader. */
void cli_say(struct ctx *ctx, const struct cli_args *args, const char *key, struct args values);
/* One object and a line feed. ST_LIMIT cli.too_much: over 64 MiB. */
MUST_USE enum status cli_print_json(struct ctx *ctx, const struct cli_args *args,
                                    const struct value *document);

/*
 * A whole file, in ctx->arena. Errors: ST_IO cli.cannot_read {path} {why}; ST_LIMIT cli.too_large
 * {path} {limit}
 */
MUST_USE enum status cli_read_file(struct ctx *ctx, struct str path, size_t limit_bytes,
                                   struct str *out);
/* The list of clauses beside a pack, x.clauses.tsv beside x.yaml; absent where there is none. */
MUST_USE enum status cli_read_clauses(struct ctx *ctx, struct str pack_path, struct str *out);

/*
 * Finds the command, parses, runs. Gives the exit code: 0 done, 1 the answer is no, 2 wrong use,
 * 3 environment. Failures go to stderr as one line, `lantian: WHAT: WHY`. The language of the
 * terminal is that of LANTIAN_LANG, else of LC_ALL, LC_MESSAGES, LANG: Chinese for zh…, else English.
 */
int cli_main(const struct cli_program *program, int argc, char **argv);
