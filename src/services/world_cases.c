/*
 * Look-ups in other cases, for rules that gather them. Each is folded from its events: what a list shows
 * of a case is not enough for a rule.
 */
#include "services/world_int.h"

#include "base/vec.h"
#include "store/casefile_list.h"

enum { PAGE_ROWS = 500 };

static enum status take_page(struct ctx *ctx, struct db_conn *conn,
                             const struct casefile_row_list *rows, struct engine_case_list *out)
{
    for (size_t i = 0; i < rows->len; i++) {
        struct casefile *casefile = arena_new_of(ctx->arena, struct casefile);
        TRY(ledger_load(ctx, conn, rows->at[i].prefecture, rows->at[i].id, casefile));
        vec_add(ctx->arena, out, casefile);
    }
    return ST_OK;
}

enum status view_list_cases(void *self, struct ctx *ctx, struct str procedure,
                            const struct value *states, struct str below,
                            struct engine_case_list *out)
{
    const struct world_view *view = self;
    VEC(struct str) names = {0};
    value_each (state, states)
        vec_add(ctx->arena, &names, state->text);
    const struct casefile_filter filter = {.campaigns = {&view->campaign, 1},
                                           .procedures = {&procedure, 1},
                                           .states = {names.at, names.len},
                                           .regions = {&below, str_is_empty(below) ? 0 : 1},
                                           .due_before = INSTANT_NONE,
                                           .due_after = INSTANT_NONE,
                                           .scope = {.everything = true}};
    struct casefile_page page = {.sort = CASEFILE_SORT_NUMBER, .limit = PAGE_ROWS};
    *out = (struct engine_case_list){0};
    if (view->conn == NULL)
        return ST_OK;
    do {
        struct casefile_list list = {0};
        TRY(casefile_list(ctx, view->conn, &filter, &page, &list));
        TRY(take_page(ctx, view->conn, &list.rows, out));
        page.cursor = list.next;
    } while (!str_is_empty(page.cursor));
    return ST_OK;
}
