#pragma once
/*
 * Posts of the platform itself (三员分立): who keeps it running, who grants, who watches. Nobody holds
 * two of them, and who holds one holds no post in any case. What each may do is one table.
 */
#include <stdbool.h>

#include "base/str.h"

enum platform {
    PLATFORM_NONE,
    PLATFORM_SYSADMIN, /* directories, packs, campaigns, settings, new accounts */
    PLATFORM_SECADMIN, /* who holds what, locks, passwords that were forgotten */
    PLATFORM_AUDITOR,  /* sees what both did, changes nothing */
    PLATFORM_COUNT
};

enum platform_act {
    ACT_DIRECTORY_CHANGE,
    ACT_PACK_CHANGE,
    ACT_CAMPAIGN_CHANGE,
    ACT_SETTING_CHANGE,
    ACT_ACCOUNT_CREATE,
    ACT_ACCOUNT_CLOSE,
    ACT_ACCOUNT_UNLOCK, /* and give a new one-time password */
    ACT_PLATFORM_GRANT, /* give and take posts of the platform */
    ACT_ACCOUNT_LIST,
    ACT_AUDIT_READ, /* the ledger of system records */
    ACT_LEDGER_VERIFY,
    ACT_METRICS_READ,
    ACT_SUGGESTION_READ, /* complaints and suggestions about the platform */
    ACT_COUNT
};

const char *platform_name(enum platform platform);        /* sysadmin secadmin auditor, or empty */
bool platform_parse(struct str name, enum platform *out); /* empty: PLATFORM_NONE */
/* The platform post that a post of the directory is, or PLATFORM_NONE. */
enum platform platform_of_post(struct str post);

const char *platform_act_name(enum platform_act act);
bool platform_may(enum platform platform, enum platform_act act);
