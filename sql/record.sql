-- System records: what has no case of its own. Each put writes the whole row; $1 is the record's id.

-- name: record_find
-- $1 id → kind, version, last_hash
SELECT kind, version, last_hash FROM system_record WHERE id = $1;

-- name: record_put
-- $1 id, $2 kind, $3 version, $4 last_hash
INSERT INTO system_record (id, kind, version, last_hash) VALUES ($1, $2, $3, $4)
ON CONFLICT (id) DO UPDATE SET version = excluded.version, last_hash = excluded.last_hash;

-- name: record_setting_put
INSERT INTO setting (id, name, value) VALUES ($1, $2, $3)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, value = excluded.value;

-- name: record_setting_remove
DELETE FROM setting WHERE id = $1;

-- name: record_region_put
INSERT INTO region (id, code, name, short_name, parent, level, valid_from, valid_to)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (id) DO UPDATE SET code = excluded.code, name = excluded.name,
    short_name = excluded.short_name, parent = excluded.parent, level = excluded.level,
    valid_from = excluded.valid_from, valid_to = excluded.valid_to;

-- name: record_region_remove
DELETE FROM region WHERE id = $1;

-- name: record_unit_put
INSERT INTO unit (id, code, name, short_name, aliases, kind, region, parent, valid_from, valid_to, mark)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (id) DO UPDATE SET code = excluded.code, name = excluded.name,
    short_name = excluded.short_name, aliases = excluded.aliases, kind = excluded.kind,
    region = excluded.region, parent = excluded.parent, valid_from = excluded.valid_from,
    valid_to = excluded.valid_to, mark = excluded.mark;

-- name: record_unit_remove
DELETE FROM unit WHERE id = $1;

-- name: record_person_put
INSERT INTO person (id, name, phone) VALUES ($1, $2, $3)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, phone = excluded.phone;

-- name: record_person_remove
DELETE FROM person WHERE id = $1;

-- name: record_post_put
INSERT INTO post (id, person, unit, post, rank, valid_from, valid_to)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (id) DO UPDATE SET person = excluded.person, unit = excluded.unit,
    post = excluded.post, rank = excluded.rank, valid_from = excluded.valid_from,
    valid_to = excluded.valid_to;

-- name: record_post_remove
DELETE FROM post WHERE id = $1;

-- name: record_account_put
INSERT INTO account (id, person, login, platform, state) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (id) DO UPDATE SET person = excluded.person, login = excluded.login,
    platform = excluded.platform, state = excluded.state;

-- name: record_account_remove
DELETE FROM account WHERE id = $1;

-- name: record_calendar_day_put
INSERT INTO calendar_day (id, calendar, date, day, name, notice) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (id) DO UPDATE SET calendar = excluded.calendar, date = excluded.date,
    day = excluded.day, name = excluded.name, notice = excluded.notice;

-- name: record_calendar_day_remove
DELETE FROM calendar_day WHERE id = $1;

-- name: record_campaign_put
INSERT INTO campaign (id, name, regime, pack, title_zh, title_en, region, state, begins, ends,
    settings, roles)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, regime = excluded.regime,
    pack = excluded.pack, title_zh = excluded.title_zh, title_en = excluded.title_en,
    region = excluded.region, state = excluded.state, begins = excluded.begins,
    ends = excluded.ends, settings = excluded.settings, roles = excluded.roles;

-- name: record_campaign_remove
DELETE FROM campaign WHERE id = $1;

-- name: record_regime_put
INSERT INTO regime (id, name, pack, version) VALUES ($1, $2, $3, $4)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, pack = excluded.pack,
    version = excluded.version;

-- name: record_regime_remove
DELETE FROM regime WHERE id = $1;

-- name: record_batch_put
INSERT INTO batch (id, campaign, number, date, source) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (id) DO UPDATE SET campaign = excluded.campaign, number = excluded.number,
    date = excluded.date, source = excluded.source;

-- name: record_batch_remove
DELETE FROM batch WHERE id = $1;

-- name: record_generation_find
-- → how often a row changed that programs remember
SELECT COALESCE(MAX(last), 0) FROM counter WHERE scope = 'system';

-- name: record_generation_move
INSERT INTO counter (scope, last) VALUES ('system', 1)
ON CONFLICT (scope) DO UPDATE SET last = counter.last + 1;
