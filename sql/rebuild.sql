-- name: rebuild_clear_system_record
DELETE FROM system_record;

-- name: rebuild_clear_setting
DELETE FROM setting;

-- name: rebuild_clear_region
DELETE FROM region;

-- name: rebuild_clear_unit
DELETE FROM unit;

-- name: rebuild_clear_person
DELETE FROM person;

-- name: rebuild_clear_post
DELETE FROM post;

-- name: rebuild_clear_account
DELETE FROM account;

-- name: rebuild_clear_calendar_day
DELETE FROM calendar_day;

-- name: rebuild_clear_campaign
DELETE FROM campaign;

-- name: rebuild_clear_regime
DELETE FROM regime;

-- name: rebuild_clear_batch
DELETE FROM batch;

-- name: rebuild_clear_generation
DELETE FROM counter WHERE scope = 'system';

-- name: rebuild_clear_casefile
DELETE FROM casefile;

-- name: rebuild_clear_casefile_axis
DELETE FROM casefile_axis;

-- name: rebuild_clear_casefile_search @sqlite
INSERT INTO casefile_search (casefile_search) VALUES ('delete-all');

-- name: rebuild_clear_casefile_search @postgres
DELETE FROM casefile_search;

-- name: rebuild_clear_deadline
DELETE FROM deadline;

-- name: rebuild_clear_evidence
DELETE FROM evidence;

-- name: rebuild_clear_measure
DELETE FROM measure;

-- name: rebuild_clear_score
DELETE FROM score;

-- name: rebuild_clear_document
DELETE FROM document;

-- name: rebuild_clear_document_receipt
DELETE FROM document_receipt;

-- name: rebuild_clear_release
DELETE FROM release;

-- name: rebuild_drop_strayed_text
-- texts whose case is no more
DELETE FROM casefile_text WHERE NOT EXISTS (SELECT 1 FROM casefile AS c
    WHERE c.prefecture = casefile_text.prefecture AND c.id = casefile_text.id);

-- The tables as they stand, in the order of their keys.

-- name: rebuild_dump_system_record
SELECT id, kind, version, last_hash FROM system_record ORDER BY id;

-- name: rebuild_dump_setting
SELECT id, name, value FROM setting ORDER BY id;

-- name: rebuild_dump_region
SELECT id, code, name, short_name, parent, level, valid_from, valid_to FROM region ORDER BY id;

-- name: rebuild_dump_unit
SELECT id, code, name, short_name, aliases, kind, region, parent, valid_from, valid_to, mark
FROM unit ORDER BY id;

-- name: rebuild_dump_person
SELECT id, name, phone FROM person ORDER BY id;

-- name: rebuild_dump_post
SELECT id, person, unit, post, rank, valid_from, valid_to FROM post ORDER BY id;

-- name: rebuild_dump_account
SELECT id, person, login, platform, state FROM account ORDER BY id;

-- name: rebuild_dump_calendar_day
SELECT id, calendar, date, day, name, notice FROM calendar_day ORDER BY id;

-- name: rebuild_dump_campaign
SELECT id, name, regime, pack, title_zh, title_en, region, state, begins, ends, settings, roles
FROM campaign ORDER BY id;

-- name: rebuild_dump_regime
SELECT id, name, pack, version FROM regime ORDER BY id;

-- name: rebuild_dump_batch
SELECT id, campaign, number, date, source FROM batch ORDER BY id;

-- name: rebuild_dump_casefile
-- $1 prefecture, $2 case to go on after, $3 limit
SELECT prefecture, id, number, received_number, campaign, batch, procedure, pack, state, like_state,
    version, last_hash, region, source, types, title, roles, waits, pressing, flags, axes,
    created_at, recorded_at, updated_at, next_due, ended, withdrawn, unique_key
FROM casefile WHERE (prefecture, id) > ($1, $2) ORDER BY prefecture, id LIMIT $3;

-- name: rebuild_dump_casefile_text
-- $1 prefecture, $2 case to go on after, $3 limit
SELECT prefecture, id, campaign, search_text FROM casefile_text WHERE (prefecture, id) > ($1, $2)
ORDER BY prefecture, id LIMIT $3;

-- name: rebuild_dump_casefile_axis
-- $1 axis, $2 value, $3 created_at, $4 case to go on after, $5 limit
SELECT axis, value, created_at, id, prefecture FROM casefile_axis
WHERE (axis, value, created_at, id) > ($1, $2, $3, $4)
ORDER BY axis, value, created_at, id LIMIT $5;

-- name: rebuild_dump_deadline
-- $1 prefecture, $2 case, $3 sequence, $4 name to go on after, $5 limit
SELECT prefecture, casefile, started_seq, name, campaign, started_at, due_at, end_at, lapsed,
    stopped_at, provisional
FROM deadline WHERE (prefecture, casefile, started_seq, name) > ($1, $2, $3, $4)
ORDER BY prefecture, casefile, started_seq, name LIMIT $5;

-- name: rebuild_dump_evidence
-- $1 prefecture, $2 case, $3 id to go on after, $4 limit
SELECT prefecture, casefile, id, kind, sha256, name, type, bytes, taken_at, lat, lon, seq, actor,
    added_at
FROM evidence WHERE (prefecture, casefile, id) > ($1, $2, $3)
ORDER BY prefecture, casefile, id LIMIT $4;

-- name: rebuild_dump_measure
-- $1 prefecture, $2 case, $3 sequence to go on after, $4 limit
SELECT prefecture, casefile, seq, campaign, step, ground, state, proposed_at, decided_seq, decided_at
FROM measure WHERE (prefecture, casefile, seq) > ($1, $2, $3)
ORDER BY prefecture, casefile, seq LIMIT $4;

-- name: rebuild_dump_release
-- $1 prefecture and $2 case to go on after, $3 limit
SELECT prefecture, casefile, campaign, disclosure, number, title, region, released_at, corrects, note, body, row_count,
    withdrawn
FROM release WHERE (prefecture, casefile) > ($1, $2) ORDER BY prefecture, casefile LIMIT $3;

-- name: rebuild_dump_score
-- $1 prefecture, $2 case, $3 sequence to go on after, $4 limit
SELECT prefecture, casefile, seq, campaign, rule, unit, points, subject, clause, command,
    happened_at, recorded_at, reversed_seq, reversed_at
FROM score WHERE (prefecture, casefile, seq) > ($1, $2, $3)
ORDER BY prefecture, casefile, seq LIMIT $4;

-- name: rebuild_dump_document
-- $1 prefecture, $2 case, $3 sequence to go on after, $4 limit
SELECT prefecture, casefile, seq, campaign, document, number, issuer, issued_at, sha256, corrects,
    corrected_by, voided_seq, voided_at, reason, scans
FROM document WHERE (prefecture, casefile, seq) > ($1, $2, $3)
ORDER BY prefecture, casefile, seq LIMIT $4;

-- name: rebuild_dump_document_receipt
-- $1 prefecture, $2 case, $3 sequence, $4 unit, $5 person to go on after, $6 limit
SELECT prefecture, casefile, seq, unit, person, opened_at, opened_by, received_at, received_by
FROM document_receipt WHERE (prefecture, casefile, seq, unit, person) > ($1, $2, $3, $4, $5)
ORDER BY prefecture, casefile, seq, unit, person LIMIT $6;
