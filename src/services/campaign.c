/*
 * A campaign is checked against its pack on a snapshot, then written in one job on the row as it is.
 */
#include "services/campaign.h"

#include "base/num.h"
#include "store/campaign_rows.h"
#include "store/record_rows.h"

enum { NAME_LENGTH_MAX = 40, UNITS_MAX = 512 };

/* What a campaign is checked against. */
struct terms {
    const struct world *world;
    const struct regime *regime;
    struct str region;
};

static bool is_name(struct str name)
{
    bool good = name.len > 0 && name.len <= NAME_LENGTH_MAX && name.at[0] != '-';
    for (size_t i = 0; good && i < name.len; i++)
        good = (name.at[i] >= 'a' && name.at[i] <= 'z') ||
               (name.at[i] >= '0' && name.at[i] <= '9') || name.at[i] == '-';
    return good;
}

/* ---- settings ---- */

static enum status check_setting(struct ctx *ctx, const struct regime *regime, struct str name,
                                 const struct value *value)
{
    const struct regime_setting *setting = regime_find_setting(regime, name);
    if (setting == NULL)
        return fail(ctx, ST_INVALID, "campaign.unknown_setting", ARGS(arg_text("name", name)));
    if (setting->value->kind != value->kind)
        return fail(ctx, ST_INVALID, "campaign.setting_kind", ARGS(arg_text("name", name)));
    if (setting->choice_count > 0 && regime_setting_choice(setting, value->text) == NULL)
        return fail(ctx, ST_INVALID, "campaign.setting_value",
                    ARGS(arg_text("name", name), arg_text("value", value->text)));
    return ST_OK;
}

static enum status check_settings(struct ctx *ctx, const struct regime *regime,
                                  const struct value *settings)
{
    value_each (setting, settings)
        TRY(check_setting(ctx, regime, setting->key, setting));
    return ST_OK;
}

/* ---- where it works ---- */

/* clause: S1-1.2.1 — the regions that a pack lists are those of the directory. */
static enum status check_places(struct ctx *ctx, const struct terms *terms)
{
    for (size_t i = 0; i < terms->regime->place_count; i++) {
        const struct regime_place *place = &terms->regime->places[i];
        for (size_t j = 0; j < place->code_count; j++) {
            struct str code = place->codes[j];
            if (world_find_region(terms->world, code) == NULL)
                return fail(ctx, ST_INVALID, "campaign.unknown_scope",
                            ARGS(arg_text("region", code)));
            if (!str_is_empty(place->under) &&
                !world_region_is_within(terms->world, code, place->under))
                return fail(ctx, ST_INVALID, "campaign.scope_elsewhere",
                            ARGS(arg_text("region", code), arg_text("under", place->under)));
        }
    }
    return ST_OK;
}

/* ---- roles ---- */

static bool is_of_kind(const struct regime_role *role, struct str kind)
{
    for (size_t i = 0; i < role->kind_count; i++)
        if (str_eq(role->kinds[i], kind))
            return true;
    return role->kind_count == 0;
}

static enum status check_role(struct ctx *ctx, const struct terms *terms, struct str name,
                              const struct value *units)
{
    const struct regime_role *role = regime_find_role(terms->regime, name);
    if (role == NULL || !role->of_campaign || units->kind != VALUE_LIST)
        return fail(ctx, ST_INVALID, "campaign.unknown_role", ARGS(arg_text("role", name)));
    if (units->count > 1 && !role->many)
        return fail(ctx, ST_INVALID, "campaign.one_unit", ARGS(arg_text("role", name)));
    value_each (unit, units) {
        struct unit_id id = {0};
        bool is_id = unit->kind == VALUE_TEXT && num_parse_i64(unit->text, 1, INT64_MAX, &id.v);
        const struct world_unit *found = is_id ? world_find_unit(terms->world, id) : NULL;
        if (found == NULL)
            return fail(ctx, ST_INVALID, "campaign.unknown_unit",
                        ARGS(arg_text("unit", unit->text)));
        if (!is_of_kind(role, found->facts.kind))
            return fail(ctx, ST_INVALID, "campaign.unit_kind",
                        ARGS(arg_text("unit", found->name), arg_text("role", name)));
    }
    return ST_OK;
}

static void add_unit(struct arena *arena, struct value *units, const struct world_unit *unit)
{
    value_append(units, value_text(arena, str_printf(arena, "%lld", (long long)unit->facts.id.v)));
}

/* Units of the role's kinds that exist today: in the region itself, or anywhere within it. */
static struct value *fitting_units(struct ctx *ctx, const struct terms *terms,
                                   const struct regime_role *role, bool exact)
{
    size_t count;
    struct value *fitting = value_list(ctx->arena);
    const struct world_unit *units = world_list_units(terms->world, &count);
    for (size_t i = 0; i < count && fitting->count < UNITS_MAX; i++) {
        const struct world_unit *unit = &units[i];
        bool here = exact ? str_eq(unit->facts.region, terms->region)
                          : world_region_is_within(terms->world, unit->facts.region, terms->region);
        if (here && is_of_kind(role, unit->facts.kind) &&
            world_unit_exists(unit, day_of_instant(ctx->now)))
            add_unit(ctx->arena, fitting, unit);
    }
    return fitting;
}

/* Who holds a role that the plan does not name; null: it stays open. */
static struct value *find_holders(struct ctx *ctx, const struct terms *terms,
                                  const struct regime_role *role)
{
    if (role->kind_count == 0 || role->of_people)
        return NULL;
    struct value *units = fitting_units(ctx, terms, role, !role->many);
    if (!role->many && units->count == 0)
        units = fitting_units(ctx, terms, role, false);
    return units->count == 0 || (!role->many && units->count > 1) ? NULL : units;
}

static enum status make_roles(struct ctx *ctx, const struct terms *terms, const struct value *given,
                              struct value **out)
{
    struct value *roles = given == NULL ? value_map(ctx->arena) : value_copy(ctx->arena, given);
    value_each (role, roles)
        TRY(check_role(ctx, terms, role->key, role));
    for (size_t i = 0; i < terms->regime->role_count; i++) {
        const struct regime_role *role = &terms->regime->roles[i];
        if (!role->of_campaign || value_find(roles, role->name) != NULL)
            continue;
        struct value *units = find_holders(ctx, terms, role);
        if (units != NULL)
            value_put(roles, role->name, units);
    }
    *out = roles;
    return ST_OK;
}

/* ---- the record ---- */

static void put_day(struct arena *arena, struct value *fields, const char *name, struct day day)
{
    if (!day_is_none(day))
        value_put_text(arena, fields, name, day_format(arena, day));
}

static struct value *fields_of(struct arena *arena, const struct campaign_row *row)
{
    struct value *fields = value_map(arena);
    value_put_text(arena, fields, "name", row->name);
    value_put_text(arena, fields, "regime", row->regime);
    value_put_text(arena, fields, "pack", row->pack);
    value_put_text(arena, fields, "title_zh", row->title.zh);
    value_put_text(arena, fields, "title_en", row->title.en);
    value_put_text(arena, fields, "region", row->region);
    value_put_text(arena, fields, "state", row->state);
    put_day(arena, fields, "begins", row->begins);
    put_day(arena, fields, "ends", row->ends);
    if (row->settings != NULL)
        value_put(fields, S("settings"), value_copy(arena, row->settings));
    if (row->roles != NULL)
        value_put(fields, S("roles"), value_copy(arena, row->roles));
    return fields;
}

static enum status find_row(struct ctx *ctx, struct db_conn *conn, struct str name,
                            struct campaign_row *out)
{
    struct campaign_row_list rows;
    TRY(campaign_rows_list(ctx, conn, &rows));
    for (size_t i = 0; i < rows.len; i++)
        if (str_eq(rows.at[i].name, name)) {
            *out = rows.at[i];
            return ST_OK;
        }
    return ST_NOT_FOUND;
}

/* ---- making ---- */

struct making {
    struct campaign_row row;
    struct str actor;
};

static enum status make_row(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    const struct making *making = arg;
    struct campaign_row present;
    enum status status = find_row(ctx, ledger->conn, making->row.name, &present);
    if (status == ST_OK)
        return fail(ctx, ST_CONFLICT, "campaign.taken", ARGS(arg_text("name", making->row.name)));
    if (status != ST_NOT_FOUND)
        return status;
    return record_put(ctx, ledger, RECORD_CAMPAIGN, 0, making->actor, S("create"),
                      fields_of(ctx->arena, &making->row), NULL);
}

static enum status find_terms(struct ctx *ctx, const struct world *world,
                              const struct campaign_plan *plan, struct terms *out)
{
    const struct world_regime *regime = world_find_regime(world, plan->regime);
    *out = (struct terms){.world = world, .region = plan->region};
    if (!is_name(plan->name))
        return fail(ctx, ST_INVALID, "campaign.name_wrong", ARGS(arg_text("name", plan->name)));
    if (world_find_region(world, plan->region) == NULL)
        return fail(ctx, ST_INVALID, "campaign.unknown_region",
                    ARGS(arg_text("region", plan->region)));
    if (regime == NULL || str_is_empty(regime->pack))
        return fail(ctx, ST_INVALID, "campaign.no_pack", ARGS(arg_text("regime", plan->regime)));
    return world_load_pack(ctx, world, regime->pack, &out->regime);
}

static struct value *read_setting(struct arena *arena, struct str text)
{
    int64_t number;
    if (num_parse_i64(text, -VALUE_INT_MAX, VALUE_INT_MAX, &number))
        return value_int(arena, number);
    if (str_eq_c(text, "true") || str_eq_c(text, "false"))
        return value_bool(arena, str_eq_c(text, "true"));
    return value_text(arena, text);
}

struct value *campaign_read_settings(struct arena *arena, struct str text)
{
    struct value *settings = value_map(arena);
    for (struct str one, name; str_next(&text, ';', &one);)
        if (!str_is_empty(one) && str_next(&one, '=', &name))
            value_put(settings, name, read_setting(arena, one));
    return settings->count == 0 ? NULL : settings;
}

enum status campaign_read_roles(struct ctx *ctx, const struct world *world, struct str text,
                                const struct value **out)
{
    struct value *roles = value_map(ctx->arena);
    for (struct str one, name, code; str_next(&text, ';', &one);) {
        if (str_is_empty(one) || !str_next(&one, '=', &name))
            continue;
        struct value *units = value_list(ctx->arena);
        while (str_next(&one, ',', &code)) {
            const struct world_unit *unit = world_find_unit_by_code(world, code);
            if (unit == NULL)
                return fail(ctx, ST_INVALID, "campaign.unknown_unit", ARGS(arg_text("unit", code)));
            value_append(units, value_text(ctx->arena, str_printf(ctx->arena, "%lld",
                                                                  (long long)unit->facts.id.v)));
        }
        value_put(roles, name, units);
    }
    *out = roles;
    return ST_OK;
}

enum status campaign_create(struct ctx *ctx, const struct home *home,
                            const struct campaign_plan *plan, struct str actor)
{
    struct world *world AUTO(world_cleanup) = NULL;
    struct terms terms;
    struct value *roles;
    TRY(home_world(ctx, home, &world));
    TRY(find_terms(ctx, world, plan, &terms));
    TRY(check_settings(ctx, terms.regime, plan->settings));
    TRY(check_places(ctx, &terms));
    TRY(make_roles(ctx, &terms, plan->roles, &roles));
    struct making making = {.actor = actor,
                            .row = {.name = plan->name,
                                    .regime = plan->regime,
                                    .pack = terms.regime->hash,
                                    .title = plan->title,
                                    .region = plan->region,
                                    .state = S("open"),
                                    .begins = plan->begins,
                                    .ends = plan->ends,
                                    .settings = plan->settings,
                                    .roles = roles}};
    return home_write(ctx, home, make_row, &making);
}

/* ---- changing ---- */

struct change {
    struct str name;
    struct str actor;
    struct str command;
    struct str key;            /* role or setting */
    const struct value *value; /* null: only the state changes, or the pack */
    struct str pack;           /* hash, or absent */
    bool is_role;
    bool is_open;
};

static const struct value *with_member(struct arena *arena, const struct value *map, struct str key,
                                       const struct value *value)
{
    struct value *changed = map == NULL ? value_map(arena) : value_copy(arena, map);
    value_put(changed, key, value_copy(arena, value));
    return changed;
}

static enum status change_row(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    const struct change *change = arg;
    struct campaign_row row;
    enum status status = find_row(ctx, ledger->conn, change->name, &row);
    if (status == ST_NOT_FOUND)
        return fail(ctx, ST_NOT_FOUND, "campaign.unknown", ARGS(arg_text("name", change->name)));
    TRY(status);
    if (!str_is_empty(change->pack))
        row.pack = change->pack;
    else if (change->value == NULL)
        row.state = change->is_open ? S("open") : S("ended");
    else if (change->is_role)
        row.roles = with_member(ctx->arena, row.roles, change->key, change->value);
    else
        row.settings = with_member(ctx->arena, row.settings, change->key, change->value);
    return record_put(ctx, ledger, RECORD_CAMPAIGN, row.id, change->actor, change->command,
                      fields_of(ctx->arena, &row), NULL);
}

static enum status terms_of(struct ctx *ctx, const struct world *world, struct str name,
                            struct terms *out)
{
    const struct world_campaign *campaign = world_find_campaign(world, name);
    if (campaign == NULL)
        return fail(ctx, ST_NOT_FOUND, "campaign.unknown", ARGS(arg_text("name", name)));
    *out = (struct terms){.world = world, .region = campaign->region};
    return world_load_pack(ctx, world, campaign->pack, &out->regime);
}

enum status campaign_bind(struct ctx *ctx, const struct home *home, struct str name,
                          struct str role, const struct value *units, struct str actor)
{
    struct world *world AUTO(world_cleanup) = NULL;
    struct terms terms;
    struct change change = {.name = name,
                            .actor = actor,
                            .command = S("bind"),
                            .key = role,
                            .value = units,
                            .is_role = true};
    TRY(home_world(ctx, home, &world));
    TRY(terms_of(ctx, world, name, &terms));
    TRY(check_role(ctx, &terms, role, units));
    return home_write(ctx, home, change_row, &change);
}

enum status campaign_set(struct ctx *ctx, const struct home *home, struct str name,
                         struct str setting, const struct value *value, struct str actor)
{
    struct world *world AUTO(world_cleanup) = NULL;
    struct terms terms;
    struct change change = {
        .name = name, .actor = actor, .command = S("set"), .key = setting, .value = value};
    TRY(home_world(ctx, home, &world));
    TRY(terms_of(ctx, world, name, &terms));
    TRY(check_setting(ctx, terms.regime, setting, value));
    return home_write(ctx, home, change_row, &change);
}

enum status campaign_set_pack(struct ctx *ctx, const struct home *home, struct str name,
                              struct str hash, struct str actor)
{
    struct change change = {
        .name = name, .actor = actor, .command = S("migrate"), .pack = hash};
    return home_write(ctx, home, change_row, &change);
}

enum status campaign_set_open(struct ctx *ctx, const struct home *home, struct str name,
                              bool is_open, struct str actor)
{
    struct change change = {.name = name,
                            .actor = actor,
                            .is_open = is_open,
                            .command = is_open ? S("open") : S("end")};
    return home_write(ctx, home, change_row, &change);
}
