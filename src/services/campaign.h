#pragma once
/*
 * Campaigns (专项行动): a regime at work over a region and a period, pinned to the pack that was in
 * force when it began, with settings of its own and the units that hold its roles (`for: campaign`).
 *
 * All that write wait for the commit: not on a thread that serves sockets.
 */
#include "services/home.h"

struct campaign_plan {
    struct str name;   /* [a-z0-9-], in addresses: spring-drive */
    struct str regime; /* its pack in force is taken */
    struct words title;
    struct str region;
    struct day begins, ends; /* DAY_NONE: open */
    const struct value *settings; /* map name → value of the setting's kind, or null */
    /*
     * Map role → list of unit ids as text, or null. A role of the campaign that is not named is
     * given to the unit of its kinds in the campaign's region, where there is exactly one, else to
     * the one below it; a role that takes many to all of them.
     */
    const struct value *roles;
};

/* KEY=VALUE;KEY=VALUE: a number, true or false, or a word; null where there is none. */
struct value *campaign_read_settings(struct arena *arena, struct str text);
/* ROLE=UNIT,UNIT;ROLE=UNIT by the units' codes. Errors: ST_INVALID campaign.unknown_unit {unit} */
MUST_USE enum status campaign_read_roles(struct ctx *ctx, const struct world *world,
                                         struct str text, const struct value **out);

/*
 * Errors: ST_INVALID  campaign.name_wrong {name}; campaign.unknown_region {region};
 *                     campaign.no_pack {regime}: none in force; campaign.unknown_setting {name},
 *                     campaign.setting_kind {name}, campaign.setting_value {name, value};
 *                     campaign.unknown_scope {region}, campaign.scope_elsewhere {region, under};
 *                     those of roles (campaign_bind)
 *         ST_CONFLICT campaign.taken {name}
 */
MUST_USE enum status campaign_create(struct ctx *ctx, const struct home *home,
                                     const struct campaign_plan *plan, struct str actor);

/*
 * Gives a role of the campaign to other units; cases that stand keep the holders they have.
 *
 *   units   list of unit ids as text; empty: nobody
 *
 * Errors: ST_NOT_FOUND campaign.unknown {name}
 *         ST_INVALID   campaign.unknown_role {role}, campaign.unknown_unit {unit},
 *                      campaign.unit_kind {unit} {role}, campaign.one_unit {role}
 */
MUST_USE enum status campaign_bind(struct ctx *ctx, const struct home *home, struct str name,
                                   struct str role, const struct value *units, struct str actor);

/* Overrides a setting. Errors: ST_NOT_FOUND campaign.unknown, ST_INVALID as campaign_create. */
MUST_USE enum status campaign_set(struct ctx *ctx, const struct home *home, struct str name,
                                  struct str setting, const struct value *value, struct str actor);

/*
 * Pins it to another pack of its regime, registered and passed by the checker; cases that stand are
 * changed over by services/migrate.h. ST_NOT_FOUND campaign.unknown
 */
MUST_USE enum status campaign_set_pack(struct ctx *ctx, const struct home *home, struct str name,
                                       struct str hash, struct str actor);

/* Ends it or opens it again: no new cases, those that stand go on. ST_NOT_FOUND campaign.unknown */
MUST_USE enum status campaign_set_open(struct ctx *ctx, const struct home *home, struct str name,
                                       bool is_open, struct str actor);
