/*
 * The year's reckoning of units: one row for each that held a responsibility in the year, with what it
 * was charged in each of them. Columns are filled where the pack's list has them:
 *
 *   unit  first_case  findings     the unit, the first case of the year, numbers of those in which it held
 *                                  the role `findings`
 *   <role>_cases  <role>_points    for each role of `roles`: cases held in it, points charged as it
 *   other_points  total            points in no such role; all of it, combined and adjusted
 *   result  <weight>               full marks less the total; what each weight makes of the result
 *
 * adjustment and reason are people's: a row that is reckoned again keeps them.
 */
#include "base/num.h"
#include "engine/engine_int.h"
#include "engine/score.h"

enum { PERCENT = 100, ROLES_MAX = 8 };

struct assessing {
    struct trial *trial;
    const struct value *args;
    const struct regime_field *list;
    const struct value *before; /* rows as they are */
    struct score_terms terms;
    struct score_tally_list tallies;
    struct score_holding_list holdings;
    struct str period;
};

/* What one unit comes to. */
struct reckoning {
    int64_t unit;
    struct points parts[ROLES_MAX]; /* in the order of `roles` */
    int64_t cases[ROLES_MAX];
    struct points other;
    struct str first_case;
    struct str findings;
};

static bool has_column(const struct assessing *a, struct str name)
{
    for (size_t i = 0; i < a->list->column_count; i++)
        if (str_eq(a->list->columns[i].name, name))
            return true;
    return false;
}

static void put_text(const struct assessing *a, struct value *row, struct str column,
                     struct str text)
{
    if (has_column(a, column) && !str_is_empty(text))
        value_put(row, column, value_text(a->trial->ctx->arena, text));
}

static void put_points(const struct assessing *a, struct value *row, struct str column,
                       int64_t points)
{
    put_text(a, row, column, num_format_scaled(a->trial->ctx->arena, points, POINTS_PLACES));
}

static struct str joined(const struct assessing *a, struct str role, const char *end)
{
    return str_concat(a->trial->ctx->arena, role, str_of(end));
}

static size_t role_index(const struct assessing *a, struct str role, size_t *out_count)
{
    size_t found = SIZE_MAX;
    *out_count = 0;
    names_each (name, value_find_c(a->args, "roles")) {
        if (*out_count == ROLES_MAX)
            break;
        if (str_eq(name->text, role))
            found = *out_count;
        ++*out_count;
    }
    return found;
}

static struct str first_word(struct str words)
{
    struct str word = {0};
    (void)str_next(&words, ' ', &word);
    return word;
}

/* clause: S2-20 — cases in which the unit held a responsibility, and the first of them. */
static void add_holdings(const struct assessing *a, struct reckoning *r)
{
    struct str findings = value_find_text(a->args, "findings");
    for (size_t i = 0; i < a->holdings.len; i++) {
        const struct score_holding *holding = &a->holdings.at[i];
        size_t count;
        size_t at = role_index(a, holding->role, &count);
        if (holding->unit != r->unit)
            continue;
        if (str_eq(holding->role, findings))
            r->findings = holding->numbers;
        if (at == SIZE_MAX)
            continue;
        r->cases[at] = holding->cases;
        if (str_is_empty(r->first_case))
            r->first_case = first_word(holding->numbers);
    }
}

/* clause: S2-21.1.3 — the parts, each as the role that its rule charges. */
static void add_points(const struct assessing *a, struct reckoning *r)
{
    for (size_t i = 0; i < a->tallies.len; i++) {
        const struct score_tally *tally = &a->tallies.at[i];
        if (tally->unit != r->unit || !str_eq(tally->period, a->period))
            continue;
        for (size_t j = 0; j < tally->lines.len; j++) {
            const struct score_line *line = &tally->lines.at[j];
            size_t count;
            size_t at = line->rule == NULL ? SIZE_MAX : role_index(a, line->rule->as, &count);
            if (line->state != SCORE_COUNTED)
                continue;
            struct points *part = at == SIZE_MAX ? &r->other : &r->parts[at];
            part->v += line->row->points.v;
        }
    }
}

/*
 * clause: S2-21.1.3 — whoever held both of the first two roles has the weighted mean of the two parts
 * (A2-14); everybody else the sum.
 */
static int64_t combine(const struct assessing *a, const struct reckoning *r)
{
    int64_t sum = 0;
    if (r->cases[0] > 0 && r->cases[1] > 0)
        return (r->parts[0].v * a->terms.dual_weight +
                r->parts[1].v * (PERCENT - a->terms.dual_weight)) /
               PERCENT;
    for (size_t i = 0; i < ROLES_MAX; i++)
        sum += r->parts[i].v;
    return sum;
}

static const struct value *row_before(const struct assessing *a, struct str unit)
{
    value_each (row, a->before)
        if (str_eq(value_find_text(row, "unit"), unit))
            return row;
    return NULL;
}

/* What a person decided of the row, kept; gives the adjustment, 0 where there is none. */
static int64_t keep_adjustment(const struct assessing *a, struct str unit, struct value *row)
{
    int64_t adjustment = 0;
    const struct value *before = row_before(a, unit);
    (void)num_parse_scaled(value_find_text(before, "adjustment"), POINTS_PLACES, -VALUE_INT_MAX,
                           VALUE_INT_MAX, &adjustment);
    put_text(a, row, S("adjustment"), value_find_text(before, "adjustment"));
    put_text(a, row, S("reason"), value_find_text(before, "reason"));
    return adjustment;
}

/* clause: S2-22.4 — what each of the assessments takes over. */
static void put_weights(const struct assessing *a, struct value *row, int64_t result)
{
    for (size_t i = 0; i < a->terms.weight_count; i++)
        put_points(a, row, a->terms.weights[i].id, result * a->terms.weights[i].percent / PERCENT);
}

static void put_row(const struct assessing *a, const struct reckoning *r, struct value *rows)
{
    struct arena *arena = a->trial->ctx->arena;
    struct str unit = str_printf(arena, "%lld", (long long)r->unit);
    struct value *row = value_append_map(arena, rows);
    size_t i = 0;
    put_text(a, row, S("unit"), unit);
    names_each (role, value_find_c(a->args, "roles")) {
        struct str cases = joined(a, role->text, "_cases");
        if (i == ROLES_MAX)
            break;
        if (has_column(a, cases))
            value_put(row, cases, value_int(arena, r->cases[i]));
        put_points(a, row, joined(a, role->text, "_points"), r->parts[i].v);
        i++;
    }
    put_text(a, row, S("first_case"), r->first_case);
    put_text(a, row, S("findings"), r->findings); /* clause: S2-11.3 */
    put_points(a, row, S("other_points"), r->other.v);
    int64_t total = combine(a, r) + r->other.v + keep_adjustment(a, unit, row);
    total = total < 0 ? 0 : total;
    int64_t result = a->terms.full.v > total ? a->terms.full.v - total : 0;
    put_points(a, row, S("total"), total);
    put_points(a, row, S("result"), result);
    put_weights(a, row, result);
}

/* Units in the order of the holdings, each once. */
static struct value *reckon_all(const struct assessing *a)
{
    struct value *rows = value_list(a->trial->ctx->arena);
    int64_t last = 0;
    for (size_t i = 0; i < a->holdings.len; i++) {
        struct reckoning r = {.unit = a->holdings.at[i].unit};
        bool is_first = r.unit != last;
        last = r.unit;
        if (!is_first)
            continue;
        add_holdings(a, &r);
        add_points(a, &r);
        if (!str_is_empty(r.first_case)) /* a finding alone enrols nobody */
            put_row(a, &r, rows);
    }
    return rows;
}

static enum status look_up(struct assessing *a, int64_t year)
{
    struct trial *trial = a->trial;
    const struct engine_world *world = &trial->engine->world;
    struct score_row_list charges = {0};
    struct value *roles = value_copy(trial->ctx->arena, value_find_c(a->args, "roles"));
    struct str findings = value_find_text(a->args, "findings");
    if (!str_is_empty(findings))
        value_append(roles, value_text(trial->ctx->arena, findings));
    TRY(world->list_scores(world->self, trial->ctx, &charges));
    TRY(world->list_holdings(world->self, trial->ctx, roles, day_of((int)year, 1, 1),
                             day_of((int)year + 1, 1, 1), &a->holdings));
    score_fold(trial->ctx->arena, &a->terms, charges.at, charges.len, &a->tallies);
    a->period = score_period(trial->ctx->arena, &a->terms, day_start(day_of((int)year, 1, 1)));
    return ST_OK;
}

enum status effect_assess(struct trial *trial, const struct value *args)
{
    struct str list = value_find_text(args, "list");
    const struct value *year = trial_value(trial, value_find_text(args, "year"));
    struct assessing a = {.trial = trial,
                          .args = args,
                          .list = procedure_find_field(trial->engine->procedure, list),
                          .before = trial_value(trial, list)};
    must(a.list != NULL && /* the checker saw to both */
         score_terms_read(trial->ctx->arena, trial->engine->regime, &trial->engine->campaign,
                          &a.terms));
    if (value_is_empty(year) || year->kind != VALUE_INT || year->number < 1 || year->number > 9998)
        return ST_OK; /* no year, nobody to reckon */
    TRY(look_up(&a, year->number));
    trial_set_field(trial, list, reckon_all(&a));
    return ST_OK;
}
