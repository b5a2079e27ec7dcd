/*
 * lantian init, directory, user: a data directory from the terminal, told in words and exit codes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/directory_cmd.h"
#include "cli/init_cmd.h"
#include "cli/user_cmd.h"

#define OPTIONS(list) .options = list, .option_count = COUNT_OF(list)
static const struct cli_command commands[] = {
    {.name = "init", .summary = "cli.init", OPTIONS(init_cmd_options), .run = init_cmd_run},
    {.name = "directory import",
     .operands = "FILE",
     .operands_min = 1,
     .operands_max = 1,
     .summary = "cli.directory.import",
     OPTIONS(directory_cmd_import_options),
     .run = directory_cmd_import},
    {.name = "directory export",
     .operands = "[FILE]",
     .operands_max = 1,
     .summary = "cli.directory.export",
     OPTIONS(directory_cmd_export_options),
     .run = directory_cmd_export},
    {.name = "user add",
     .operands = "LOGIN",
     .operands_min = 1,
     .operands_max = 1,
     .summary = "cli.user.add",
     OPTIONS(user_cmd_add_options),
     .run = user_cmd_add},
    {.name = "user passwd",
     .operands = "LOGIN",
     .operands_min = 1,
     .operands_max = 1,
     .summary = "cli.user.passwd",
     OPTIONS(user_cmd_passwd_options),
     .run = user_cmd_passwd},
    {.name = "user list",
     .summary = "cli.user.list",
     OPTIONS(user_cmd_list_options),
     .run = user_cmd_list},
};

struct fixture {
    char folder[64];
    char said[1 << 16]; /* by the last run */
};

/* The words of one line; blanks part them. "DIR" stands for the data directory. */
static int run(struct fixture *f, const char *line)
{
    static char program_name[] = "lantian";
    char words[512];
    char data[96];
    char *argv[12] = {program_name};
    int argc = 1;
    snprintf(words, sizeof words, "%s", line);
    snprintf(data, sizeof data, "%s/data", f->folder);
    for (char *word = strtok(words, " "); word != NULL; word = strtok(NULL, " "))
        argv[argc++] = strcmp(word, "DIR") == 0 ? data : word;
    FILE *out = fmemopen(f->said, sizeof f->said, "w");
    const struct cli_program program = {.version = "0",
                                        .commands = commands,
                                        .command_count = COUNT_OF(commands),
                                        .files = furniture_files,
                                        .file_count = furniture_file_count,
                                        .out = out};
    memset(f->said, 0, sizeof f->said);
    int code = cli_main(&program, argc, argv);
    fclose(out);
    return code;
}

/* A file of this text in the folder; gives its path. */
static const char *file(struct fixture *f, const char *text)
{
    static char path[96];
    snprintf(path, sizeof path, "%s/file.csv", f->folder);
    FILE *out = fopen(path, "w");
    fputs(text, out);
    fclose(out);
    return path;
}

static int import(struct fixture *f, const char *kind, const char *text)
{
    char line[256];
    snprintf(line, sizeof line, "directory import --data DIR --kind %s %s", kind, file(f, text));
    return run(f, line);
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    *state = f;
    setenv("LANTIAN_LANG", "en", 1);
    strcpy(f->folder, "/tmp/lantian-cli.XXXXXX");
    return mkdtemp(f->folder) == NULL || run(f, "init --data DIR") != 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", f->folder);
    int code = system(command);
    free(f);
    return code;
}

static void init_tells_a_password_once_and_takes_only_an_empty_directory(void **state)
{
    struct fixture *f = *state;
    assert_non_null(strstr(f->said, "One-time password of sysadmin"));
    assert_int_equal(run(f, "init --data DIR"), 1);
    assert_int_equal(run(f, "init --data DIR --profile md5"), 2);
    assert_int_equal(run(f, "user list --data DIR"), 0);
    assert_non_null(strstr(f->said, "sysadmin\tsysadmin\tsysadmin\tactive\n"));
}

static void a_faulty_table_tells_file_row_and_column(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(import(f, "units", "code,name,kind,region\nu,x,nothing,110105\n"), 1);
    assert_non_null(strstr(f->said, "file.csv:2:kind: There is no kind of unit \"nothing\"."));
    assert_int_equal(run(f, "directory import --data DIR --kind units /nowhere.csv"), 3);
    assert_int_equal(run(f, "directory import --data DIR --kind ships x.csv"), 2);
}

static void a_directory_comes_out_as_it_went_in(void **state)
{
    struct fixture *f = *state;
    static const char units[] =
        "code,name,short_name,aliases,kind,region,parent,valid_from,valid_to,mark\n"
        "u,\"厂, 一\",,甲;乙,enterprise,110105,,2026-01-01,,甲厂\n";
    assert_int_equal(import(f, "units", units), 0);
    assert_non_null(strstr(f->said, "1 rows: 1 new"));
    assert_int_equal(run(f, "directory export --data DIR --kind units"), 0);
    assert_string_equal(f->said, units);
}

static void accounts_are_added_and_their_passwords_reset(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(run(f, "user add --data DIR watch --name 周 --platform auditor"), 0);
    assert_non_null(strstr(f->said, "One-time password of watch"));
    assert_int_equal(run(f, "user add --data DIR watch"), 1);
    assert_int_equal(run(f, "user add --data DIR other --platform king"), 2);
    assert_int_equal(run(f, "user passwd --data DIR watch"), 0);
    assert_int_equal(run(f, "user passwd --data DIR nobody"), 1);
    assert_int_equal(run(f, "user list --data DIR --json"), 0);
    assert_non_null(
        strstr(f->said, "\"login\":\"watch\",\"name\":\"周\",\"platform\":\"auditor\""));
}

#define FACT(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FACT(init_tells_a_password_once_and_takes_only_an_empty_directory),
        FACT(a_faulty_table_tells_file_row_and_column),
        FACT(a_directory_comes_out_as_it_went_in),
        FACT(accounts_are_added_and_their_passwords_reset),
    };
    return cmocka_run_group_tests_name("cli/admin_cmd", tests, NULL, NULL);
}
