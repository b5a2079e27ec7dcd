/*
 * Lines of people: the first line of a login makes the person and the account, each line a post.
 * Everything is looked at before anything is written. An account that comes in this way has no
 * password until somebody sets one.
 */
#include <string.h>

#include "base/vec.h"
#include "services/directory_int.h"
#include "services/platform.h"
#include "store/directory_rows.h"

/* One login of the file. */
struct holder {
    const struct directory_line *first;
    const struct person_row *before; /* null: new */
    struct str phone;                /* the first that is not empty */
    unsigned platforms;              /* posts of the platform held after the import, one bit each */
    bool of_cases;                   /* a post in cases is held */
    int64_t person;                  /* once written */
};

struct people {
    struct directory_work *work;
    struct person_row_list rows;
    struct post_row_list posts;
    struct unit_row_list units;
    struct strmap by_login;     /* struct person_row */
    struct strmap unit_by_code; /* struct unit_row */
    struct strmap unit_by_id;   /* struct unit_row; id as text */
    struct strmap post_by_key;  /* struct post_row */
    struct strmap holders;      /* struct holder, by login */
};

static struct str id_text(struct arena *arena, int64_t id)
{
    return str_printf(arena, "%lld", (long long)id);
}

static struct str post_key(struct arena *arena, int64_t person, int64_t unit, struct str post)
{
    return str_printf(arena, "%lld %lld %.*s", (long long)person, (long long)unit, STR_ARG(post));
}

static enum status read_people(struct ctx *ctx, struct db_conn *conn, struct people *people)
{
    struct arena *arena = ctx->arena;
    struct strmap *const maps[] = {&people->by_login, &people->unit_by_code, &people->unit_by_id,
                                   &people->post_by_key, &people->holders};
    for (size_t i = 0; i < COUNT_OF(maps); i++)
        strmap_init(maps[i], arena);
    TRY(directory_rows_list_people(ctx, conn, &people->rows));
    TRY(directory_rows_list_posts(ctx, conn, &people->posts));
    TRY(directory_rows_list_units(ctx, conn, &people->units));
    for (size_t i = 0; i < people->rows.len; i++)
        if (people->rows.at[i].account.v != 0)
            (void)strmap_put(&people->by_login, people->rows.at[i].login, &people->rows.at[i]);
    for (size_t i = 0; i < people->units.len; i++) {
        struct unit_row *unit = &people->units.at[i];
        (void)strmap_put(&people->unit_by_code, unit->code, unit);
        (void)strmap_put(&people->unit_by_id, id_text(arena, unit->id.v), unit);
    }
    for (size_t i = 0; i < people->posts.len; i++) {
        struct post_row *post = &people->posts.at[i];
        (void)strmap_put(&people->post_by_key,
                         post_key(arena, post->person.v, post->unit.v, post->post), post);
    }
    return ST_OK;
}

/* ---- looking ---- */

static void count_post(struct holder *holder, struct str post)
{
    enum platform platform = platform_of_post(post);
    if (platform == PLATFORM_NONE)
        holder->of_cases = true;
    else
        holder->platforms |= 1u << platform;
}

/* Posts that stand already and are not over. */
static void count_present(struct people *people, struct holder *holder, struct day today)
{
    enum platform platform = PLATFORM_NONE;
    if (holder->before == NULL)
        return;
    if (platform_parse(holder->before->platform, &platform) && platform != PLATFORM_NONE)
        holder->platforms |= 1u << platform;
    for (size_t i = 0; i < people->posts.len; i++) {
        const struct post_row *post = &people->posts.at[i];
        if (post->person.v == holder->before->id.v &&
            (day_is_none(post->valid_to) || post->valid_to.v >= today.v))
            count_post(holder, post->post);
    }
}

static struct holder *holder_of(struct ctx *ctx, struct people *people,
                                const struct directory_line *line)
{
    struct str login = line->cells[PEOPLE_LOGIN];
    struct holder *holder = strmap_find(&people->holders, login);
    if (holder == NULL) {
        holder = arena_new_of(ctx->arena, struct holder);
        holder->first = line;
        holder->before = strmap_find(&people->by_login, login);
        count_present(people, holder, day_of_instant(ctx->now));
        (void)strmap_put(&people->holders, login, holder);
    }
    if (str_is_empty(holder->phone))
        holder->phone = line->cells[PEOPLE_PHONE];
    return holder;
}

static void check_post(struct ctx *ctx, struct people *people, const struct holder *holder,
                       const struct directory_line *line)
{
    struct directory_work *work = people->work;
    struct str unit = line->cells[PEOPLE_UNIT];
    struct str post = line->cells[PEOPLE_POST];
    enum platform platform = platform_of_post(post);
    if (str_is_empty(unit) != str_is_empty(post))
        directory_fault(ctx, work, line->row, str_is_empty(unit) ? "unit" : "post",
                        "directory.cell_missing", ARGS(arg_text("value", S(""))));
    else if (!str_is_empty(unit) && strmap_find(&people->unit_by_code, unit) == NULL)
        directory_fault(ctx, work, line->row, "unit", "directory.unknown_unit",
                        ARGS(arg_text("value", unit)));
    bool has_it =
        holder->before != NULL && str_eq_c(holder->before->platform, platform_name(platform));
    if (platform != PLATFORM_NONE && !has_it && !work->order->may_grant)
        directory_fault(ctx, work, line->row, "post", "directory.may_not_grant", NO_ARGS);
}

static void check_line(struct ctx *ctx, struct people *people, struct strmap *seen,
                       struct directory_line *line)
{
    struct directory_work *work = people->work;
    struct holder *holder = holder_of(ctx, people, line);
    struct str key =
        str_printf(ctx->arena, "%.*s %.*s %.*s", STR_ARG(line->cells[PEOPLE_LOGIN]),
                   STR_ARG(line->cells[PEOPLE_UNIT]), STR_ARG(line->cells[PEOPLE_POST]));
    const struct directory_line *twin = strmap_put(seen, key, line);
    if (twin != NULL)
        directory_fault(ctx, work, line->row, NULL, "directory.twice",
                        ARGS(arg_int("row", twin->row)));
    if (!str_eq(line->cells[PEOPLE_NAME], holder->first->cells[PEOPLE_NAME]))
        directory_fault(
            ctx, work, line->row, "name", "directory.other_name",
            ARGS(arg_text("login", line->cells[PEOPLE_LOGIN]), arg_int("row", holder->first->row)));
    check_post(ctx, people, holder, line);
    if (str_is_empty(line->cells[PEOPLE_POST]))
        return;
    count_post(holder, line->cells[PEOPLE_POST]);
    bool two = (holder->platforms & (holder->platforms - 1)) != 0;
    if (two || (holder->platforms != 0 && holder->of_cases))
        directory_fault(ctx, work, line->row, "post", "account.platform_excludes", NO_ARGS);
}

static enum status check_lines(struct ctx *ctx, struct people *people)
{
    struct strmap seen;
    strmap_init(&seen, ctx->arena);
    for (size_t i = 0; i < people->work->table.len; i++)
        check_line(ctx, people, &seen, &people->work->table.at[i]);
    return directory_need_whole(ctx, people->work);
}

/* ---- writing ---- */

static struct value *person_fields(struct arena *arena, struct str name, struct str phone)
{
    struct value *fields = value_map(arena);
    directory_field(arena, fields, "name", name);
    directory_field(arena, fields, "phone", phone);
    return fields;
}

static struct value *account_fields(struct arena *arena, int64_t person, struct str login,
                                    struct str platform, bool active)
{
    struct value *fields = value_map(arena);
    value_put_text(arena, fields, "person", id_text(arena, person));
    value_put_text(arena, fields, "login", login);
    directory_field(arena, fields, "platform", platform);
    value_put_text(arena, fields, "state", active ? S("active") : S("closed"));
    return fields;
}

static struct str platform_after(const struct holder *holder)
{
    for (enum platform platform = PLATFORM_NONE + 1; platform < PLATFORM_COUNT; platform++)
        if ((holder->platforms & (1u << platform)) != 0)
            return str_of(platform_name(platform));
    return S("");
}

static enum status write_holder(struct ctx *ctx, struct ledger_tx *ledger, struct people *people,
                                struct holder *holder)
{
    struct arena *arena = ctx->arena;
    const struct person_row *before = holder->before;
    struct str login = holder->first->cells[PEOPLE_LOGIN];
    struct str name = holder->first->cells[PEOPLE_NAME];
    holder->person = before == NULL ? 0 : before->id.v;
    TRY(directory_put(ctx, ledger, people->work, RECORD_PERSON, holder->person,
                      before == NULL ? NULL : person_fields(arena, before->name, before->phone),
                      person_fields(arena, name, holder->phone), &holder->person));
    return directory_put(ctx, ledger, people->work, RECORD_ACCOUNT,
                         before == NULL ? 0 : before->account.v,
                         before == NULL ? NULL
                                        : account_fields(arena, holder->person, login,
                                                         before->platform, before->active),
                         account_fields(arena, holder->person, login, platform_after(holder),
                                        before == NULL || before->active),
                         NULL);
}

static struct value *post_fields(struct arena *arena, int64_t person, int64_t unit, struct str post,
                                 struct str rank, struct str from, struct str to)
{
    struct value *fields = value_map(arena);
    value_put_text(arena, fields, "person", id_text(arena, person));
    value_put_text(arena, fields, "unit", id_text(arena, unit));
    value_put_text(arena, fields, "post", post);
    directory_field(arena, fields, "rank", rank);
    directory_field(arena, fields, "valid_from", from);
    directory_field(arena, fields, "valid_to", to);
    return fields;
}

static struct str day_text(struct arena *arena, struct day day)
{
    return day_is_none(day) ? S("") : day_format(arena, day);
}

static enum status write_post(struct ctx *ctx, struct ledger_tx *ledger, struct people *people,
                              const struct holder *holder, const struct directory_line *line)
{
    struct arena *arena = ctx->arena;
    const struct unit_row *unit = strmap_find(&people->unit_by_code, line->cells[PEOPLE_UNIT]);
    if (unit == NULL)
        return ST_OK; /* a person without a post */
    struct str post = line->cells[PEOPLE_POST];
    const struct post_row *before =
        strmap_find(&people->post_by_key, post_key(arena, holder->person, unit->id.v, post));
    struct value *after =
        post_fields(arena, holder->person, unit->id.v, post, line->cells[PEOPLE_RANK],
                    line->cells[PEOPLE_FROM], line->cells[PEOPLE_TO]);
    return directory_put(ctx, ledger, people->work, RECORD_POST, before == NULL ? 0 : before->id.v,
                         before == NULL
                             ? NULL
                             : post_fields(arena, holder->person, unit->id.v, post, before->rank,
                                           day_text(arena, before->valid_from),
                                           day_text(arena, before->valid_to)),
                         after, NULL);
}

enum status directory_write_people(struct ctx *ctx, struct ledger_tx *ledger,
                                   struct directory_work *work)
{
    struct people people = {.work = work};
    TRY(read_people(ctx, ledger->conn, &people));
    TRY(check_lines(ctx, &people));
    for (size_t i = 0; i < people.holders.len; i++)
        TRY(write_holder(ctx, ledger, &people, people.holders.entries[i].value));
    for (size_t i = 0; i < work->table.len; i++) {
        const struct directory_line *line = &work->table.at[i];
        TRY(write_post(ctx, ledger, &people,
                       strmap_find(&people.holders, line->cells[PEOPLE_LOGIN]), line));
    }
    return ST_OK;
}

/* ---- out ---- */

static void add_line(struct ctx *ctx, struct people *people, const struct person_row *person,
                     const struct post_row *post, struct directory_table *out)
{
    struct directory_line *line = vec_push(ctx->arena, out);
    for (size_t i = 0; i < DIRECTORY_COLUMN_MAX; i++)
        line->cells[i] = S("");
    line->id = person->id.v;
    line->cells[PEOPLE_LOGIN] = person->login;
    line->cells[PEOPLE_NAME] = person->name;
    line->cells[PEOPLE_PHONE] = person->phone;
    if (post == NULL)
        return;
    const struct unit_row *unit =
        strmap_find(&people->unit_by_id, id_text(ctx->arena, post->unit.v));
    line->cells[PEOPLE_UNIT] = unit == NULL ? S("") : unit->code;
    line->cells[PEOPLE_POST] = post->post;
    line->cells[PEOPLE_RANK] = post->rank;
    line->cells[PEOPLE_FROM] = day_text(ctx->arena, post->valid_from);
    line->cells[PEOPLE_TO] = day_text(ctx->arena, post->valid_to);
}

enum status directory_list_people(struct ctx *ctx, struct db_conn *conn,
                                  struct directory_table *out)
{
    struct people people = {0};
    TRY(read_people(ctx, conn, &people));
    for (size_t i = 0, post = 0; i < people.rows.len; i++) {
        const struct person_row *person = &people.rows.at[i];
        size_t first = post;
        while (post < people.posts.len && people.posts.at[post].person.v < person->id.v)
            first = ++post;
        while (post < people.posts.len && people.posts.at[post].person.v == person->id.v)
            post++;
        if (person->account.v == 0)
            continue;
        if (first == post)
            add_line(ctx, &people, person, NULL, out);
        for (size_t k = first; k < post; k++)
            add_line(ctx, &people, person, &people.posts.at[k], out);
    }
    return ST_OK;
}
