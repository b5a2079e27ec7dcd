/*
 * The list of cases, narrowed to a region, and the scope that a pack's files widen: a reader of files
 * sees what lies in them as the program itself would, and nothing else.
 */
#include "services/region_file.h"

#include "engine/file.h"
#include "services/campaign_choice.h"
#include "services/file_right.h"

/* One page at hand. */
struct showing {
    struct ctx *ctx;
    struct db_conn *conn;
    const struct world *world;
    const struct reader *reader;
    const struct actor *actor; /* who looks; null: everything of `in_files`, or of all */
    const struct actor *looker; /* who looks, whatever files are open to them */
    const struct value *query;
    const struct world_campaign *campaign;
    const struct regime *regime;
    struct str region;
    struct str in_files; /* procedures of the files that are read, parted by commas; or absent */
};

static bool has_procedures(const struct regime *regime)
{
    return regime->procedure_count > 0;
}

static bool sees_campaign(const struct showing *s)
{
    const struct casefile_scope scope = case_scope(s->ctx->arena, s->world, s->actor);
    bool all = scope.everything;
    for (size_t i = 0; i < scope.campaigns.count; i++)
        all = all || str_eq(scope.campaigns.at[i], s->campaign->name);
    return all;
}

/* ---- whose file it is ---- */

static struct str path_of(struct arena *arena, struct str region)
{
    return str_concat(arena, S("/regions/"), region);
}

static void put_region(const struct showing *s, const struct world_region *region,
                       struct value *doc)
{
    const struct world_region *line[WORLD_REGION_DEPTH_MAX];
    struct arena *arena = s->ctx->arena;
    size_t depth = world_region_ancestors(s->world, region->code, line, COUNT_OF(line));
    struct value *above = value_put_list(arena, doc, "above");
    value_put_text(arena, doc, "region", region->code);
    value_put_text(arena, doc, "region_label", region->name);
    for (size_t i = depth; i > 1; i--) {
        struct value *row = value_append_map(arena, above);
        value_put_text(arena, row, "region", line[i - 1]->code);
        value_put_text(arena, row, "label", line[i - 1]->name);
        value_put_text(arena, row, "url",
                       str_printf(arena, "/regions/%.*s?campaign=%.*s",
                                  STR_ARG(line[i - 1]->code), STR_ARG(s->campaign->name)));
    }
}

/* ---- what of it the actor reads ---- */

static struct str joined(struct arena *arena, struct str all, const struct regime_file *file)
{
    for (size_t i = 0; i < file->of_count; i++)
        all = str_printf(arena, "%.*s%s%.*s", STR_ARG(all), str_is_empty(all) ? "" : ",",
                         STR_ARG(file->of[i]->name));
    return all;
}

/* Who sees the whole campaign needs no file; everybody else sees as far as the files go. */
static enum status open_files(struct showing *s, struct value *doc)
{
    struct arena *arena = s->ctx->arena;
    struct value *list = value_put_list(arena, doc, "files");
    const struct regime_file **files;
    size_t count = 0;
    bool whole = sees_campaign(s);
    if (!whole)
        TRY(file_right_list(s->ctx, s->conn, s->world, s->regime, s->campaign->name, s->region,
                            s->actor, &files, &count));
    for (size_t i = 0; i < count; i++) {
        struct value *row = value_append_map(arena, list);
        value_put_text(arena, row, "id", files[i]->id);
        value_put_text(arena, row, "label", words_label(s->reader->lang, files[i]->words));
        value_put_text(arena, row, "clause", files[i]->clause);
        s->in_files = joined(arena, s->in_files, files[i]);
    }
    if (count > 0)
        s->actor = NULL;
    value_put_bool(arena, doc, "whole", whole || count > 0);
    return ST_OK;
}

/* ---- the rows ---- */

/* A procedure was chosen that lies in none of the files that are read. */
static bool is_beside_files(const struct showing *s)
{
    struct str rest = s->in_files;
    struct str procedure = value_find_text(s->query, "procedure");
    if (str_is_empty(rest) || str_is_empty(procedure))
        return false;
    for (struct str one; str_next(&rest, ',', &one);)
        if (str_eq(one, procedure))
            return false;
    return true;
}

/* The query in the words of the list of cases. */
static struct value *list_query(const struct showing *s, bool of_one)
{
    struct arena *arena = s->ctx->arena;
    struct value *query = value_map(arena);
    struct str procedure = of_one ? value_find_text(s->query, "procedure") : (struct str){0};
    value_put_text(arena, query, "campaign", s->campaign->name);
    value_put_text(arena, query, "region", s->region);
    if (of_one && is_beside_files(s))
        procedure = S("-"); /* the name of none: nothing is listed */
    value_put_text(arena, query, "procedure", str_is_empty(procedure) ? s->in_files : procedure);
    value_put_text(arena, query, "q", value_find_text(s->query, "q"));
    return query;
}

/* The page's own address, with one procedure or with all. */
static struct str page_url(const struct showing *s, struct str procedure)
{
    struct arena *arena = s->ctx->arena;
    struct value *query = value_map(arena);
    value_put_text(arena, query, "campaign", s->campaign->name);
    value_put_text(arena, query, "procedure", procedure);
    value_put_text(arena, query, "q", value_find_text(s->query, "q"));
    return case_list_url(arena, str_c(arena, path_of(arena, s->region)), query, NULL);
}

static enum status put_procedures(const struct showing *s, struct value *doc)
{
    struct arena *arena = s->ctx->arena;
    struct value *found = value_list(arena);
    struct value *list = value_put_list(arena, doc, "procedures");
    struct str chosen = value_find_text(s->query, "procedure");
    TRY(case_figures_add(s->ctx, s->conn, s->world, s->reader, s->actor, list_query(s, false),
                         S("procedure"), found));
    value_each (figure, found) {
        struct value *row = value_append_map(arena, list);
        struct str procedure = value_find_text(figure, "value");
        const struct regime_procedure *known = regime_find_procedure(s->regime, procedure);
        value_put_text(arena, row, "procedure", procedure);
        value_put_text(arena, row, "label",
                       known == NULL ? value_find_text(figure, "label")
                                     : words_label(s->reader->lang, known->words));
        value_put_int(arena, row, "count", value_find_int(figure, "count", 0));
        value_put_int(arena, row, "ended", value_find_int(figure, "ended", 0));
        value_put_int(arena, row, "open", value_find_int(figure, "open", 0));
        value_put_int(arena, row, "overdue", value_find_int(figure, "overdue", 0));
        value_put_text(arena, row, "url", page_url(s, procedure));
        value_put_bool(arena, row, "here", str_eq(procedure, chosen));
    }
    value_put_text(arena, doc, "all_url", page_url(s, (struct str){0}));
    return ST_OK;
}

/* ---- what stands side by side ---- */

static bool is_in_files(const struct showing *s, struct str procedure)
{
    struct str rest = s->in_files;
    bool found = false;
    for (struct str one; !found && str_next(&rest, ',', &one);)
        found = str_eq(one, procedure);
    return found;
}

/* One kind of case: how many, how far, and the first few: what is open by its day, else the latest. */
static enum status put_one_beside(const struct showing *s, const struct regime_procedure *procedure,
                                  struct value *list)
{
    enum { SHOWN = 5 };
    static const char *const told[] = {"count", "ended", "open", "overdue", "url", "overdue_url"};
    struct arena *arena = s->ctx->arena;
    const struct actor *actor = is_in_files(s, procedure->name) ? s->actor : s->looker;
    struct value *row = value_append_map(arena, list), *found = value_list(arena), *rows;
    struct value *query = value_map(arena);
    value_put_text(arena, query, "campaign", s->campaign->name);
    value_put_text(arena, query, "region", s->region);
    value_put_text(arena, query, "procedure", procedure->name);
    value_put_text(arena, row, "procedure", procedure->name);
    value_put_text(arena, row, "label", words_label(s->reader->lang, procedure->words));
    TRY(case_figures_add(s->ctx, s->conn, s->world, s->reader, actor, query, S("procedure"), found));
    for (size_t i = 0; i < COUNT_OF(told); i++) {
        const struct value *figure = value_find_c(found->first, told[i]);
        value_put(row, str_of(told[i]),
                  figure == NULL ? value_int(arena, 0) : value_copy(arena, figure));
    }
    bool open = value_find_int(row, "open", 0) > 0;
    value_put_bool(arena, row, "any", value_find_int(row, "count", 0) > 0);
    value_put_bool(arena, row, "late", value_find_int(row, "overdue", 0) > 0);
    value_put_text(arena, query, "sort", open ? S("due") : S("-created"));
    if (open)
        value_put_text(arena, query, "open", S("true"));
    value_put_text(arena, query, "limit", str_printf(arena, "%d", SHOWN));
    TRY(case_list_document(s->ctx, s->conn, s->world, s->reader, actor, query, &rows));
    value_put(row, S("rows"), value_copy(arena, value_find_c(rows, "items")));
    return ST_OK;
}

/* Only where the page has not been narrowed. */
static enum status put_beside(const struct showing *s, struct value *doc)
{
    struct value *list = value_put_list(s->ctx->arena, doc, "beside");
    if (!str_is_empty(value_find_text(s->query, "procedure")) ||
        !str_is_empty(value_find_text(s->query, "q")) ||
        !str_is_empty(value_find_text(s->query, "cursor")))
        return ST_OK;
    for (size_t i = 0; i < s->regime->file_count; i++)
        for (size_t j = 0; j < s->regime->files[i].beside_count; j++)
            TRY(put_one_beside(s, s->regime->files[i].beside[j], list));
    return ST_OK;
}

static enum status put_rows(const struct showing *s, struct value *doc)
{
    static const char *const passed[] = {"cursor", "limit"};
    struct arena *arena = s->ctx->arena;
    struct value *query = list_query(s, true);
    struct value *rows;
    for (size_t i = 0; i < COUNT_OF(passed); i++)
        value_put_text(arena, query, passed[i], value_find_text(s->query, passed[i]));
    value_put_text(arena, query, "sort", S("-created"));
    TRY(case_list_document(s->ctx, s->conn, s->world, s->reader, s->actor, query, &rows));
    value_each (member, rows)
        value_put(doc, member->key, value_copy(arena, member));
    return ST_OK;
}

enum status region_file_document(struct ctx *ctx, struct db_conn *conn, const struct world *world,
                                 const struct reader *reader, const struct actor *actor,
                                 struct str region, const struct value *query, struct value **out)
{
    struct arena *arena = ctx->arena;
    struct value *doc = value_map(arena);
    const struct world_region *found = world_find_region(world, region);
    struct showing s = {.ctx = ctx, .conn = conn, .world = world, .reader = reader,
                        .actor = actor, .looker = actor, .query = query, .region = region};
    if (found == NULL)
        return fail(ctx, ST_NOT_FOUND, "region.unknown", ARGS(arg_text("code", region)));
    TRY(campaign_choice_put(ctx, world, reader, value_find_text(query, "campaign"),
                            str_c(arena, path_of(arena, region)), has_procedures, doc,
                            &s.campaign));
    value_put_text(arena, doc, "procedure", value_find_text(query, "procedure"));
    value_put_text(arena, doc, "q", value_find_text(query, "q"));
    *out = doc;
    if (s.campaign == NULL)
        return fail(ctx, ST_NOT_FOUND, "region.no_campaign", NO_ARGS);
    TRY(world_load_pack(ctx, world, s.campaign->pack, &s.regime));
    put_region(&s, found, doc);
    TRY(open_files(&s, doc));
    TRY(put_procedures(&s, doc));
    TRY(put_beside(&s, doc));
    return put_rows(&s, doc);
}
