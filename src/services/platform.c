/*
 * One row an act: its name, and whose it is.
 */
#include "services/platform.h"

#define OF(platform) (1u << (platform))

static const struct {
    const char *name;
    unsigned may;
} acts[ACT_COUNT] = {
    [ACT_DIRECTORY_CHANGE] = {"directory_change", OF(PLATFORM_SYSADMIN)},
    [ACT_PACK_CHANGE] = {"pack_change", OF(PLATFORM_SYSADMIN)},
    [ACT_CAMPAIGN_CHANGE] = {"campaign_change", OF(PLATFORM_SYSADMIN)},
    [ACT_SETTING_CHANGE] = {"setting_change", OF(PLATFORM_SYSADMIN)},
    [ACT_ACCOUNT_CREATE] = {"account_create", OF(PLATFORM_SYSADMIN)},
    [ACT_ACCOUNT_CLOSE] = {"account_close", OF(PLATFORM_SECADMIN)},
    [ACT_ACCOUNT_UNLOCK] = {"account_unlock", OF(PLATFORM_SECADMIN)},
    [ACT_PLATFORM_GRANT] = {"platform_grant", OF(PLATFORM_SECADMIN)},
    [ACT_ACCOUNT_LIST] = {"account_list",
                          OF(PLATFORM_SYSADMIN) | OF(PLATFORM_SECADMIN) | OF(PLATFORM_AUDITOR)},
    [ACT_AUDIT_READ] = {"audit_read", OF(PLATFORM_AUDITOR)},
    [ACT_LEDGER_VERIFY] = {"ledger_verify", OF(PLATFORM_AUDITOR)},
    [ACT_METRICS_READ] = {"metrics_read", OF(PLATFORM_SYSADMIN)},
    [ACT_SUGGESTION_READ] = {"suggestion_read", OF(PLATFORM_SYSADMIN)},
};

static const struct {
    const char *name;
    const char *post; /* of data/dict/posts.csv */
} platforms[PLATFORM_COUNT] = {
    [PLATFORM_NONE] = {"", NULL},
    [PLATFORM_SYSADMIN] = {"sysadmin", "system_administrator"},
    [PLATFORM_SECADMIN] = {"secadmin", "security_administrator"},
    [PLATFORM_AUDITOR] = {"auditor", "auditor"},
};

const char *platform_name(enum platform platform)
{
    return platforms[platform].name;
}

bool platform_parse(struct str name, enum platform *out)
{
    for (enum platform platform = 0; platform < PLATFORM_COUNT; platform++)
        if (str_eq_c(name, platforms[platform].name)) {
            *out = platform;
            return true;
        }
    return false;
}

enum platform platform_of_post(struct str post)
{
    for (enum platform platform = PLATFORM_NONE + 1; platform < PLATFORM_COUNT; platform++)
        if (str_eq_c(post, platforms[platform].post))
            return platform;
    return PLATFORM_NONE;
}

const char *platform_act_name(enum platform_act act)
{
    return acts[act].name;
}

bool platform_may(enum platform platform, enum platform_act act)
{
    return (acts[act].may & OF(platform)) != 0;
}
