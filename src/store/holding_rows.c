/*
 * One pass over the naming events of the campaign, case by case. What stands is kept for each role
 * until somebody else is named or the case is over; then each unit is counted once for that case.
 */
#include "store/holding_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "kit/json.h"
#include "store/sql_gen.h"

enum { PAYLOAD_LIMIT_BYTES = 1 << 20, ROLES_MAX = 16, NUMBERS_LIMIT = 400 };

/* Who holds a role of the case at hand, and since when. */
struct standing {
    const struct value *units;
    struct instant since;
};

struct pass {
    struct ctx *ctx;
    const struct value *roles;
    struct instant from, to;
    struct standing standing[ROLES_MAX];
    VEC(int64_t) counted[ROLES_MAX]; /* units of this case that are counted for the role */
    char prefecture[7];
    int64_t id;
    struct str number;
    struct instant end; /* of the case; INSTANT_NONE: it goes on */
    struct score_holding_list *out;
};

static bool is_counted(const struct pass *pass, size_t role, int64_t unit)
{
    for (size_t i = 0; i < pass->counted[role].len; i++)
        if (pass->counted[role].at[i] == unit)
            return true;
    return false;
}

static void count(struct pass *pass, size_t role, struct str name, int64_t unit)
{
    struct arena *arena = pass->ctx->arena;
    if (is_counted(pass, role, unit))
        return;
    vec_add(arena, &pass->counted[role], unit);
    for (size_t i = 0; i < pass->out->len; i++) {
        struct score_holding *holding = &pass->out->at[i];
        if (holding->unit == unit && str_eq(holding->role, name)) {
            holding->cases++;
            if (holding->numbers.len + pass->number.len < NUMBERS_LIMIT)
                holding->numbers = str_printf(arena, "%.*s %.*s", STR_ARG(holding->numbers),
                                              STR_ARG(pass->number));
            return;
        }
    }
    vec_add(arena, pass->out, ((struct score_holding){unit, name, 1, pass->number}));
}

/* What stood until this instant is counted where it reached into the time. */
static void close_role(struct pass *pass, size_t role, struct str name, struct instant until)
{
    const struct standing *standing = &pass->standing[role];
    if (standing->units == NULL || standing->since.ms >= pass->to.ms ||
        until.ms < pass->from.ms)
        return;
    value_each (unit, standing->units) {
        int64_t id;
        if (unit->kind == VALUE_TEXT && num_parse_i64(unit->text, 1, INT64_MAX, &id))
            count(pass, role, name, id);
    }
}

static void end_case(struct pass *pass)
{
    size_t role = 0;
    struct instant until = instant_is_none(pass->end) ? pass->to : pass->end;
    value_each (name, pass->roles) {
        if (role == ROLES_MAX)
            break;
        close_role(pass, role, name->text, until);
        pass->standing[role].units = NULL;
        pass->counted[role].len = 0;
        role++;
    }
}

static void take_event(struct pass *pass, bool is_created, struct instant at,
                       const struct value *payload)
{
    size_t role = 0;
    const struct value *made = value_find_c(payload, "roles");
    value_each (name, pass->roles) {
        if (role == ROLES_MAX)
            break;
        const struct value *holders = is_created ? value_find(made, name->text) : payload;
        bool is_of_role = is_created || str_eq(value_find_text(payload, "role"), name->text);
        if (holders != NULL && is_of_role) {
            close_role(pass, role, name->text, at);
            pass->standing[role] = (struct standing){value_find_c(holders, "units"), at};
        }
        role++;
    }
}

static void begin_case(struct pass *pass, const struct db_rows *rows)
{
    struct str prefecture = db_col_text(rows, 0);
    if (pass->id == db_col_i64(rows, 1) && str_eq_c(prefecture, pass->prefecture))
        return;
    end_case(pass);
    memcpy(pass->prefecture, prefecture.at, prefecture.len < 6 ? prefecture.len : 6);
    pass->id = db_col_i64(rows, 1);
    pass->number = db_col_text_copy(pass->ctx->arena, rows, 2);
    pass->end = db_col_instant(rows, 6);
}

static int by_unit(const void *a, const void *b)
{
    const struct score_holding *x = a, *y = b;
    if (x->unit != y->unit)
        return x->unit < y->unit ? -1 : 1;
    return str_compare(x->role, y->role);
}

enum status holding_rows_list(struct ctx *ctx, struct db_conn *conn, struct str campaign,
                              const struct value *roles, struct instant from, struct instant to,
                              struct score_holding_list *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    struct pass pass = {.ctx = ctx, .roles = roles, .from = from, .to = to, .out = out};
    *out = (struct score_holding_list){0};
    TRY(db_rows_open(ctx, conn, &SQL_SCORE_LIST_ROLE_EVENTS,
                     DB_ARGS(db_text(campaign), db_instant(from), db_instant(to)), &rows));
    while (db_rows_next(ctx, &rows)) {
        struct value *payload;
        begin_case(&pass, &rows);
        TRY(json_parse(ctx, db_col_text_copy(ctx->arena, &rows, 5), PAYLOAD_LIMIT_BYTES,
                       JSON_STRICT, &payload));
        take_event(&pass, str_eq_c(db_col_text(&rows, 4), "created"), db_col_instant(&rows, 3),
                   payload);
    }
    TRY(db_rows_status(&rows));
    end_case(&pass);
    if (out->len > 1)
        qsort(out->at, out->len, sizeof *out->at, by_unit);
    return ST_OK;
}
