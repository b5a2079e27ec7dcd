/*
 * Packs that are right load to what they say; packs that are wrong give each fault with its place and
 * code. The bad packs of tests/data/packs name their faults in their last lines: # expect L:C code.
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "pack_world.h"

static const char *root_folder; /* of the sources; set once by main */

static int set_up(void **state)
{
    *state = pack_world_new(root_folder);
    return 0;
}

static int tear_down(void **state)
{
    pack_world_free(*state);
    return 0;
}

static const struct regime *load_good(const struct pack_world *world, const char *path)
{
    return pack_world_get(world, pack_world_read(world, path));
}

/* The expected faults as the pack's last lines tell them, in order. */
static struct str expected_of(struct arena *arena, struct str bytes)
{
    struct buf text;
    struct str line;
    buf_init(&text, arena, 1 << 16);
    while (str_next(&bytes, '\n', &line)) {
        if (str_starts(line, S("# expect "))) {
            buf_text(&text, str_from(line, 9));
            buf_char(&text, '\n');
        }
    }
    return buf_str(&text);
}

static struct str found_of(struct arena *arena, const struct pack_faults *faults)
{
    struct buf text;
    buf_init(&text, arena, 1 << 16);
    for (size_t i = 0; i < faults->len; i++)
        buf_printf(&text, "%d:%d %s\n", faults->at[i].place.line, faults->at[i].place.column,
                   pack_fault_code_name(faults->at[i].code));
    return buf_str(&text);
}

static int is_bad_pack(const struct dirent *entry)
{
    return strncmp(entry->d_name, "bad-", 4) == 0;
}

static void every_bad_pack_gives_just_its_faults(void **state)
{
    struct pack_world *world = *state;
    struct dirent **packs;
    bool seen[PACK_FAULT_CODE_COUNT] = {0};
    const char *dir =
        str_c(world->arena, str_printf(world->arena, "%s/tests/data/packs", world->root));
    int count = scandir(dir, &packs, is_bad_pack, alphasort);
    assert_true(count > 0);
    for (int i = 0; i < count; i++) {
        struct str path = str_printf(world->arena, "tests/data/packs/%s", packs[i]->d_name);
        struct str bytes = pack_world_read(world, str_c(world->arena, path));
        struct pack_faults faults;
        (void)pack_world_load(world, world->arena, bytes, &faults);
        struct str expected = expected_of(world->arena, bytes);
        struct str found = found_of(world->arena, &faults);
        if (!str_eq(expected, found))
            print_error("%s: expected\n%.*sfound\n%.*s", packs[i]->d_name, STR_ARG(expected),
                        STR_ARG(found));
        assert_true(str_eq(expected, found));
        for (size_t j = 0; j < faults.len; j++)
            seen[faults.at[j].code] = true;
        free(packs[i]);
    }
    free(packs);
    for (size_t code = 0; code < PACK_FAULT_CODE_COUNT; code++)
        assert_true(seen[code]); /* one bad pack a code at least */
}

static void the_packs_of_the_house_have_no_fault(void **state)
{
    struct pack_world *world = *state;
    assert_true(str_eq_c(load_good(world, "regimes/look-back.yaml")->id, "look-back"));
    assert_true(
        str_eq_c(load_good(world, "regimes/district-routine.yaml")->id, "district-routine"));
    (void)load_good(world, "tests/data/packs/good-sample.yaml");
    (void)load_good(world, "tests/data/packs/good-prohibitions.yaml");
}

static void a_command_knows_its_states_form_and_rules(void **state)
{
    struct pack_world *world = *state;
    const struct regime *regime = load_good(world, "regimes/look-back.yaml");
    const struct regime_procedure *letter = regime_find_procedure(regime, S("letter"));
    const struct regime_transition *close =
        procedure_find_transition(letter, S("close"), S("accepting"));
    assert_non_null(close);
    assert_true(str_eq(close->to->name, S("written_off")));
    assert_true(transition_find_ask(close, S("facts_clear"))->yes);
    assert_int_equal(close->needs[0].kind, GUARD_REFUSE);
    assert_null(procedure_find_transition(letter, S("close"), S("reported")));
    assert_true(letter->states[0].start);
}

static void an_ask_with_a_bare_name_is_the_field_of_the_case(void **state)
{
    struct pack_world *world = *state;
    const struct regime *regime = load_good(world, "regimes/look-back.yaml");
    const struct regime_procedure *letter = regime_find_procedure(regime, S("letter"));
    const struct regime_transition *report =
        procedure_find_transition(letter, S("report_result"), S("rectifying"));
    const struct regime_field *ask = transition_find_ask(report, S("completion"));
    assert_int_equal(ask->kind, FIELD_CHOICE);
    assert_true(ask->required);
    assert_true(ask->choice_count > 0); /* of the dictionary */
    assert_false(procedure_find_field(letter, S("completion"))->required);
}

static void a_deadline_takes_its_length_from_the_setting(void **state)
{
    struct pack_world *world = *state;
    const struct regime *regime = load_good(world, "regimes/look-back.yaml");
    const struct regime_procedure *letter = regime_find_procedure(regime, S("letter"));
    const struct regime_deadline *transfer = procedure_find_deadline(letter, S("transfer"));
    assert_int_equal(transfer->unit, CLOCK_HOURS);
    assert_int_equal(transfer->length, 1);
    assert_true(str_eq(transfer->setting, S("transfer_hours")));
    const struct regime_deadline *until = procedure_find_deadline(letter, S("rectification"));
    assert_int_equal(until->unit, CLOCK_UNTIL);
    assert_true(str_eq(until->until, S("rectification_deadline")));
}

static const struct regime_transition *close_with(const struct pack_world *world, const char *old,
                                                  const char *new)
{
    const struct regime *regime = pack_world_get(world, pack_world_sample(world, old, new));
    return procedure_find_transition(&regime->procedures[0], S("close"), S("rectifying"));
}

static void short_forms_become_the_first_key(void **state)
{
    const struct regime_transition *close =
        close_with(*state, "{evidence: {after: 1}}", "{role: doer}, {done: hand_over}");
    assert_true(str_eq(value_find_text(close->needs[0].args, "role"), S("doer")));
    assert_int_equal(value_find_c(close->needs[1].args, "commands")->kind, VALUE_LIST);
}

static void a_lone_name_becomes_a_list(void **state)
{
    const struct regime_transition *close =
        close_with(*state, "{evidence: {after: 1}}", "{fields: result}");
    assert_int_equal(close->needs[0].args->kind, VALUE_LIST);
    assert_int_equal(close->needs[0].args->count, 1);
}

static void a_form_is_evidence_of_its_own_kind(void **state)
{
    const struct regime_transition *close =
        close_with(*state, "{evidence: {after: 1}}", "{form: acceptance-form}");
    assert_int_equal(close->needs[0].kind, GUARD_EVIDENCE);
    assert_int_equal(value_find_int(close->needs[0].args, "acceptance-form", 0), 1);
}

static void an_item_with_two_words_is_two_rules(void **state)
{
    const struct regime_transition *close = close_with(
        *state, "needs: [{evidence: {after: 1}}]",
        "then: [{flag: overdue, tell: [doer.lead], if: {field: {field: result, is: good}}}]");
    assert_int_equal(close->then_count, 2);
    assert_non_null(close->then[0].when);
    assert_ptr_equal(close->then[0].when, close->then[1].when);
}

static void a_command_may_start_and_stop_a_clock_itself(void **state)
{
    struct pack_world *world = *state;
    struct pack_faults faults;
    struct str bytes = pack_world_sample(world, "starts_on: [hand_over], ", "");
    size_t at = str_find(bytes, S("needs: [{role"));
    bytes = str_concat(world->arena,
                       str_concat(world->arena, str_part(bytes, 0, at), S("starts: answer, ")),
                       str_from(bytes, at));
    const struct regime *regime = pack_world_load(world, world->arena, bytes, &faults);
    assert_int_equal(faults.len, 0);
    assert_true(str_eq(regime->procedures[0].deadlines[0].starts_on[0], S("hand_over")));
}

/* Cuts, doubles and swaps lines and bytes of a pack: refusing is right, crashing is not. */
static struct str mutate(struct arena *arena, struct str bytes, uint32_t n)
{
    size_t at = (size_t)(n * 2654435761U) % bytes.len;
    size_t end = at;
    while (end < bytes.len && bytes.at[end] != '\n')
        end++;
    switch (n % 5) {
    case 0: /* the rest of a line is lost */
        return str_concat(arena, str_part(bytes, 0, at), str_from(bytes, end));
    case 1: /* a byte is lost */
        return str_concat(arena, str_part(bytes, 0, at), str_from(bytes, at + 1));
    case 2: /* a byte is another */
        return str_concat(arena, str_concat(arena, str_part(bytes, 0, at), S("x")),
                          str_from(bytes, at + 1));
    case 3: /* the rest of a line stands twice */
        return str_concat(arena, str_part(bytes, 0, end), str_from(bytes, at));
    default: /* the file ends here */ return str_part(bytes, 0, at);
    }
}

static void no_mutation_of_a_pack_is_a_crash(void **state)
{
    struct pack_world *world = *state;
    struct str bytes = pack_world_read(world, "regimes/look-back.yaml");
    size_t refused = 0;
    for (uint32_t n = 1; n <= 400; n++) {
        struct arena *arena AUTO(arena_cleanup) = arena_new();
        struct pack_faults faults;
        refused += pack_world_load(world, arena, mutate(arena, bytes, n), &faults) == NULL;
    }
    assert_true(refused > 200);
}

static void a_pack_brings_its_own_clauses(void **state)
{
    struct pack_world *world = *state;
    struct ctx ctx = {.arena = world->arena};
    struct pack_faults faults;
    struct str bytes = pack_world_sample(world, "S2-17.1", "X1-3");
    assert_null(pack_world_load(world, world->arena, bytes, &faults));
    assert_int_equal(faults.at[0].code, FAULT_UNKNOWN_CLAUSE);
    assert_int_equal(
        pack_lists_add_clauses(&ctx, world->lists, S("id\tarticle\tgist\nX1-3\t3\tsome rule\n")),
        ST_OK);
    assert_non_null(pack_world_load(world, world->arena, bytes, &faults));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_bad_pack_gives_just_its_faults, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_packs_of_the_house_have_no_fault, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_command_knows_its_states_form_and_rules, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_ask_with_a_bare_name_is_the_field_of_the_case, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_deadline_takes_its_length_from_the_setting, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(short_forms_become_the_first_key, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_lone_name_becomes_a_list, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_form_is_evidence_of_its_own_kind, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_item_with_two_words_is_two_rules, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_command_may_start_and_stop_a_clock_itself, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(no_mutation_of_a_pack_is_a_crash, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_pack_brings_its_own_clauses, set_up, tear_down),
    };
    must(argc == 2);
    root_folder = argv[1];
    return cmocka_run_group_tests_name("regime/load", tests, NULL, NULL);
}
