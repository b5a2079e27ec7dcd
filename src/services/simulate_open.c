/*
 * Before the first day: the campaign that is played, who works in it and where, and how many cases of each
 * procedure clerks are to make.
 */
#include <unistd.h>

#include "base/num.h"
#include "regime/obligation.h"
#include "services/campaign.h"
#include "services/evidence.h"
#include "services/simulate_int.h"
#include "services/world_int.h"
#include "store/news_rows.h"

enum {
    MUSTER_DAYS = 3,    /* of a period, in which all that is wanted each period is made */
    REGIONS_MAX = 400,
    FOLDS_KEPT = 12288, /* the nominations and teams of two rounds of a large campaign */
    PREPARE_DAYS = 20   /* before the first day: what others rest on, and the bodies of the first period */
};

size_t play_find_procedure(const struct regime *regime, struct str name)
{
    for (size_t i = 0; i < regime->procedure_count; i++)
        if (str_eq(regime->procedures[i].name, name))
            return i;
    return SIZE_MAX;
}

static enum status unknown_procedure(struct ctx *ctx, struct str name)
{
    return fail(ctx, ST_NOT_FOUND, "procedure.unknown", ARGS(arg_text("name", name)));
}

static bool is_made_by_people(const struct regime_procedure *procedure)
{
    for (size_t i = 0; i < procedure->created_by_count; i++)
        if (!str_eq(procedure->created_by[i].role, S("system")))
            return true;
    return false;
}

static bool is_rested_on(const struct regime *regime, struct str procedure)
{
    for (size_t i = 0; i < regime->role_count; i++)
        if (regime->roles[i].standing != NULL && !regime->roles[i].standing->live &&
            str_eq(regime->roles[i].standing->procedure, procedure))
            return true;
    return false;
}

/* The longest way that people may begin: what the campaign is about. */
static size_t main_procedure(const struct regime *regime)
{
    size_t longest = SIZE_MAX;
    for (size_t i = 0; i < regime->procedure_count; i++)
        if (is_made_by_people(&regime->procedures[i]) &&
            (longest == SIZE_MAX || regime->procedures[i].transition_count >
                                        regime->procedures[longest].transition_count))
            longest = i;
    return longest;
}

static bool gives_to(const struct regime_procedure *procedure, struct str other)
{
    for (size_t i = 0; i < procedure->transition_count; i++) {
        const struct regime_transition *row = &procedure->transitions[i];
        for (size_t j = 0; j < row->then_count; j++)
            if (row->then[j].kind == EFFECT_GIVE &&
                !str_is_empty(value_find_text(row->then[j].args, "to")) &&
                str_eq(value_find_text(row->then[j].args, "procedure"), other))
                return true;
    }
    return false;
}

/* What takes cases that clerks make in quantity a step on is made in each region, each period. */
static void set_carriers(struct play *play)
{
    const struct regime *regime = play->regime;
    for (size_t i = 0; i < regime->procedure_count; i++)
        for (size_t j = 0; j < regime->procedure_count; j++) {
            struct quota *quota = &play->quotas[i];
            if (quota->cases > 0 || play->quotas[j].cases == 0 || play->quotas[j].each_period ||
                !quota->is_theirs || !gives_to(&regime->procedures[i], regime->procedures[j].name))
                continue;
            quota->each_period = true;
            quota->cases = (int64_t)play->region_count;
            quota->spread_days = play->period_days;
        }
}

static enum status set_quotas(struct play *play)
{
    const struct regime *regime = play->regime;
    play->quotas = arena_alloc_array(play->lasting, regime->procedure_count, sizeof *play->quotas);
    for (size_t i = 0; i < regime->procedure_count; i++) {
        play->quotas[i].is_theirs = is_made_by_people(&regime->procedures[i]);
        play->quotas[i].each_region =
            play->quotas[i].is_theirs && is_rested_on(regime, regime->procedures[i].name);
    }
    for (size_t i = 0; i < play->terms->quota_count; i++) {
        const struct simulate_quota *quota = &play->terms->quotas[i];
        size_t at = str_is_empty(quota->procedure) ? main_procedure(regime)
                                                   : play_find_procedure(regime, quota->procedure);
        if (at == SIZE_MAX)
            return unknown_procedure(play->ctx, quota->procedure);
        play->quotas[at].cases = quota->cases;
        play->quotas[at].each_period = quota->each_period;
        play->quotas[at].spread_days = MUSTER_DAYS;
        play->quotas[at].is_theirs = play->quotas[at].is_theirs && quota->cases > 0;
        play->quotas[at].is_composed = quota->each_period && quota->cases > 0 &&
                                       body_is_composed(regime, &regime->procedures[at]);
    }
    set_carriers(play);
    return ST_OK;
}

/* Where units stand that a role takes from a case's region; else what lies right below the campaign's. */
static bool takes_part(const struct play *play, const struct world_region *region)
{
    bool any = false;
    for (size_t i = 0; i < play->regime->role_count; i++) {
        const struct regime_role *role = &play->regime->roles[i];
        const struct placed_list *units = &play->roster.units_of[i];
        any = any || role->from_region;
        for (size_t j = 0; role->from_region && j < units->len; j++)
            if (str_eq(units->at[j].region, region->code))
                return true;
    }
    return !any && str_eq(region->parent_code, play->campaign->region);
}

static void choose_regions(struct play *play)
{
    size_t count, limit = play->terms->regions > 0 ? (size_t)play->terms->regions : REGIONS_MAX;
    const struct world_region *regions = world_list_regions(play->world, &count);
    play->regions = arena_alloc_array(play->lasting, count + 1, sizeof *play->regions);
    for (size_t i = 0; i < count && play->region_count < limit; i++)
        if (world_region_is_within(play->world, regions[i].code, play->campaign->region) &&
            takes_part(play, &regions[i]))
            play->regions[play->region_count++] = regions[i].code;
    if (play->region_count == 0)
        play->regions[play->region_count++] = play->campaign->region;
}

/* The files that clerks show: one text, kept under many names. */
static enum status keep_files(struct play *play, struct ctx *ctx)
{
    static const char text[] = "simulated\n";
    int fd = -1;
    TRY(blob_temp_open(ctx, play->home->blobs, &fd));
    bool written = write(fd, text, sizeof text - 1) == (ssize_t)sizeof text - 1;
    enum status status =
        written ? ST_OK : fail(ctx, ST_IO, "io.write", ARGS(arg_c("error", "write")));
    for (size_t i = 0; i < FILES_KEPT && status == ST_OK; i++) {
        struct upload upload;
        const struct evidence_offer offer = {
            .fd = fd,
            .name = str_printf(ctx->arena, "simulated-%02zu.txt", i + 1),
            .taken_at = INSTANT_NONE,
            .lat = INT64_MIN,
            .lon = INT64_MIN};
        status = evidence_keep(ctx, play->home, NULL, &offer, &upload);
        play->files[i] = upload.id;
    }
    close(fd);
    return status;
}

/* The day asked for, else the campaign's first, never one that the ledger has seen. */
static enum status choose_first_day(struct play *play)
{
    struct ctx *ctx = play->ctx;
    struct instant latest;
    TRY(news_rows_latest(ctx, play->conn, &latest));
    struct day seen = instant_is_none(latest) ? DAY_NONE : day_of_instant(latest);
    struct day first = play->terms->from;
    if (!day_is_none(first) && !day_is_none(seen) && first.v <= seen.v)
        return fail(ctx, ST_CONFLICT, "simulate.too_early",
                    ARGS(arg_day("day", first), arg_day("last", seen)));
    if (day_is_none(first))
        first = play->campaign->begins;
    if (day_is_none(first) || (!day_is_none(seen) && first.v <= seen.v))
        first = day_add(seen, 1);
    play->first = first;
    play->today = day_add(first, -PREPARE_DAYS);
    if (!day_is_none(seen) && play->today.v <= seen.v)
        play->today = day_add(seen, 1);
    play->looked = (struct instant){0};
    return ST_OK;
}

static enum status find_campaign(struct play *play)
{
    struct ctx *ctx = play->ctx;
    TRY(home_world(ctx, play->home, &play->world));
    play->campaign = world_find_campaign(play->world, play->terms->campaign);
    if (play->campaign == NULL)
        return fail(ctx, ST_NOT_FOUND, "campaign.unknown",
                    ARGS(arg_text("name", play->terms->campaign)));
    return world_load_pack(ctx, play->world, play->campaign->pack, &play->regime);
}

/* One like it, from day to day: its units, the pack's own readings. */
static enum status make_campaign(struct play *play)
{
    struct ctx *ctx = play->ctx;
    const struct world_campaign *like = play->campaign;
    const struct simulate_terms *terms = play->terms;
    struct str name = str_printf(play->lasting, "%.*s-%.*s", STR_ARG(like->name),
                                 STR_ARG(day_format(ctx->arena, terms->from)));
    const struct campaign_plan plan = {.name = name,
                                       .regime = like->regime,
                                       .title = like->title,
                                       .region = like->region,
                                       .begins = terms->from,
                                       .ends = terms->until,
                                       .settings = terms->settings,
                                       .roles = like->terms.roles};
    TRY(campaign_create(ctx, play->home, &plan, S("system")));
    struct simulate_terms *own = arena_new_of(play->lasting, struct simulate_terms);
    *own = *terms;
    own->campaign = name;
    play->terms = own;
    world_release(play->world);
    play->world = NULL;
    return find_campaign(play);
}

static void read_roster(struct play *play)
{
    roster_read(play->lasting, play->world, play->regime, play->campaign->region, play->first,
                &play->roster);
}

/* A new snapshot where the directory has grown. */
static enum status staff_units(struct play *play, struct ctx *ctx)
{
    bool changed;
    read_roster(play);
    TRY(simulate_staff(play, ctx, &changed));
    if (!changed)
        return ST_OK;
    world_release(play->world);
    play->world = NULL;
    TRY(find_campaign(play));
    read_roster(play);
    return ST_OK;
}

/* The round of the pack: the one thing that is owed every so many days by nobody in particular. */
static int64_t read_period(const struct play *play)
{
    for (size_t i = 0; i < play->regime->obligation_count; i++) {
        const struct regime_obligation *item = &play->regime->obligations[i];
        const struct regime_setting *setting =
            regime_find_setting(play->regime, item->every.setting);
        const struct value *own = value_find(play->campaign->terms.settings, item->every.setting);
        const struct value *days = own != NULL ? own : setting == NULL ? NULL : setting->value;
        if (item->rhythm != RHYTHM_DAYS || item->standing != NULL ||
            item->role_count + item->kind_count > 0)
            continue;
        if (days != NULL && days->kind == VALUE_INT && days->number > 0)
            return days->number;
        if (item->every.length.count > 0)
            return item->every.length.count;
    }
    return SIMULATE_PERIOD_DAYS;
}

enum status play_open(struct play *play)
{
    struct ctx *ctx = play->ctx;
    TRY(find_campaign(play));
    world_keep_folds(play->world, FOLDS_KEPT);
    TRY(home_conn_open(ctx, play->home, &play->conn));
    for (size_t i = 0; i < PLANNERS; i++)
        TRY(home_conn_open(ctx, play->home, &play->planners[i].conn));
    strmap_init(&play->by_ref, play->lasting);
    strmap_init(&play->lessons, play->lasting);
    strmap_init(&play->turns, play->lasting);
    strmap_init(&play->refusals, play->lasting);
    strmap_init(&play->briefs, play->lasting);
    strmap_init(&play->wanted, play->lasting);
    play->period_days = read_period(play);
    play->days = play->terms->rounds * play->period_days;
    TRY(choose_first_day(play));
    ctx->now = day_start(play->today);
    if (play->terms->rounds == 0 && !day_is_none(play->campaign->ends))
        play->days = play->campaign->ends.v - play->first.v + 1;
    if (!day_is_none(play->terms->until)) {
        TRY(make_campaign(play));
        play->days = play->terms->until.v - play->first.v + 1;
    }
    TRY(staff_units(play, ctx));
    choose_regions(play);
    size_t people;
    (void)world_list_people(play->world, &people);
    play->seated = arena_alloc_array(play->lasting, people, sizeof *play->seated);
    for (size_t i = 0; i < people; i++)
        play->seated[i].from = play->seated[i].to = DAY_NONE;
    play->leads = arena_alloc_array(play->lasting, play->region_count, sizeof *play->leads);
    play->pools =
        arena_alloc_array(play->lasting, play->regime->procedure_count, sizeof *play->pools);
    TRY(set_quotas(play));
    return keep_files(play, ctx);
}

void play_close(struct play *play)
{
    for (size_t i = 0; i < PLANNERS; i++) {
        db_conn_close(play->planners[i].conn);
        arena_free(play->planners[i].arena);
    }
    db_conn_close(play->conn);
    world_release(play->world);
    arena_free(play->lasting);
}
