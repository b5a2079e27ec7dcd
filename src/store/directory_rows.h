#pragma once
/*
 * The directory as it stands: regions, units, people, posts. Written by record_put; read whole,
 * because services keep it in memory. Texts are in ctx->arena.
 */
#include "base/id.h"
#include "kit/db.h"

struct region_row {
    int64_t id;
    struct str code;
    struct str name;
    struct str short_name;
    struct str parent; /* code; empty for the nation */
    struct str level;  /* nation province municipality prefecture county township */
    struct day valid_from, valid_to; /* DAY_NONE: open */
};

struct unit_row {
    struct unit_id id;
    struct str code;
    struct str name;
    struct str short_name;
    struct str aliases; /* parted by ; */
    struct str kind;
    struct str region; /* code */
    struct str parent; /* code of the unit above, or empty */
    struct day valid_from, valid_to;
    struct str mark; /* goes before the numbers of its documents (机关代字), or empty */
};

struct person_row {
    struct person_id id;
    struct str name;
    struct str phone;
    struct account_id account; /* 0: none */
    struct str login;
    struct str platform; /* sysadmin, secadmin, auditor, or empty */
    bool active;         /* the account is not closed */
};

struct post_row {
    struct post_id id;
    struct person_id person;
    struct unit_id unit;
    struct str post;
    struct str rank;
    struct day valid_from, valid_to;
};

struct region_row_list {
    struct region_row *at;
    size_t len;
    size_t cap;
};
struct unit_row_list {
    struct unit_row *at;
    size_t len;
    size_t cap;
};
struct person_row_list {
    struct person_row *at;
    size_t len;
    size_t cap;
};
struct post_row_list {
    struct post_row *at;
    size_t len;
    size_t cap;
};

/* By code, of one code the earliest first. */
MUST_USE enum status directory_rows_list_regions(struct ctx *ctx, struct db_conn *conn,
                                                 struct region_row_list *out);
MUST_USE enum status directory_rows_list_units(struct ctx *ctx, struct db_conn *conn,
                                               struct unit_row_list *out);
/* By id; a person with several accounts comes once for each. */
MUST_USE enum status directory_rows_list_people(struct ctx *ctx, struct db_conn *conn,
                                                struct person_row_list *out);
/* By person, then id. */
MUST_USE enum status directory_rows_list_posts(struct ctx *ctx, struct db_conn *conn,
                                               struct post_row_list *out);
