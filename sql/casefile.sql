-- name: casefile_insert
-- the columns of casefile in the order of the table, $1 … $28
INSERT INTO casefile (prefecture, id, number, received_number, campaign, batch, procedure, pack,
    state, like_state, version, last_hash, region, source, types, title, roles, waits, pressing,
    flags, axes, created_at, recorded_at, updated_at, next_due, ended, withdrawn, unique_key)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
    $21, $22, $23, $24, $25, $26, $27, $28);

-- name: casefile_update
-- as casefile_insert; the row of the case is replaced, a null $21 keeps the axes
UPDATE casefile SET number = $3, received_number = $4, campaign = $5, batch = $6, procedure = $7,
    pack = $8, state = $9, like_state = $10, version = $11, last_hash = $12, region = $13,
    source = $14, types = $15, title = $16, roles = $17, waits = $18, pressing = $19, flags = $20,
    axes = COALESCE(CAST($21 AS TEXT), axes), created_at = $22, recorded_at = $23, updated_at = $24, next_due = $25, ended = $26,
    withdrawn = $27, unique_key = $28
WHERE prefecture = $1 AND id = $2;

-- name: casefile_find
-- $1 prefecture, $2 id → struct casefile_row
SELECT prefecture, id, number, received_number, campaign, batch, procedure, pack, state, like_state,
    version, region, source, types, title, roles, waits, pressing, flags, created_at, recorded_at,
    updated_at, next_due, ended, withdrawn, last_hash
FROM casefile WHERE prefecture = $1 AND id = $2;

-- name: casefile_find_version
-- $1 prefecture, $2 id → version
SELECT version FROM casefile WHERE prefecture = $1 AND id = $2;

-- name: casefile_find_axes
-- $1 prefecture, $2 id → axes
SELECT axes FROM casefile WHERE prefecture = $1 AND id = $2;

-- name: casefile_find_received
-- $1 campaign, $2 batch, $3 received number → prefecture, id
SELECT prefecture, id FROM casefile
WHERE campaign = $1 AND batch = $2 AND received_number = $3 AND received_number <> ''
    AND withdrawn = 0;

-- name: casefile_find_number
-- $1 campaign, $2 procedure, $3 number → prefecture, id
SELECT prefecture, id FROM casefile
WHERE number = $3 AND campaign = $1 AND procedure = $2 AND withdrawn = 0 ORDER BY id DESC LIMIT 1;

-- name: casefile_list_keyed
-- $1 campaign, $2 key to begin at, $3 key to end before, $4 whether only those that have not ended
-- → unique_key, prefecture, id, state, ended, withdrawn, created_at, number, whether a clock has
-- lapsed, region, in the order of keys
SELECT unique_key, prefecture, id, state, ended, withdrawn, created_at,
    number, CASE WHEN EXISTS (SELECT 1 FROM deadline AS d WHERE d.prefecture = casefile.prefecture
        AND d.casefile = casefile.id AND d.lapsed = 1) THEN 1 ELSE 0 END, region
FROM casefile
WHERE campaign = $1 AND unique_key >= $2 AND unique_key < $3 AND unique_key <> ''
    AND ($4 = 0 OR (ended = 0 AND withdrawn = 0))
ORDER BY unique_key;

-- name: casefile_last_key
-- $1 campaign, $2 key to begin at, $3 key to end before → the greatest unique_key between
SELECT unique_key FROM casefile
WHERE campaign = $1 AND unique_key >= $2 AND unique_key < $3 AND unique_key <> ''
ORDER BY unique_key DESC LIMIT 1;

-- name: casefile_list_in_state
-- $1 campaign, $2 procedure, $3 state, or empty: all that have not ended → prefecture, id
SELECT prefecture, id FROM (SELECT prefecture, id FROM casefile
    WHERE campaign = $1 AND state = $3 AND procedure = $2 AND withdrawn = 0 AND $3 <> ''
    UNION ALL SELECT prefecture, id FROM casefile
    WHERE campaign = $1 AND procedure = $2 AND withdrawn = 0 AND $3 = '' AND ended = 0) AS found
ORDER BY id + 0;

-- name: casefile_count_acts
-- $1 campaign, $2 procedure, $3 region (it and all below), or empty: anywhere, $4 command, $5 happened at
-- or after, $6 before (UTC ms) → how many cases were given the command then; a case whose last event was
-- recorded before $5 was not
SELECT count(*) FROM casefile AS c
WHERE c.campaign = $1 AND c.procedure = $2 AND c.withdrawn = 0 AND c.updated_at >= $5
    AND ($3 = '' OR EXISTS (SELECT 1 FROM casefile_axis AS a WHERE a.axis = 'region' AND a.value = $3
        AND a.created_at = c.created_at AND a.id = c.id))
    AND EXISTS (SELECT 1 FROM event AS e WHERE e.prefecture = c.prefecture AND e.casefile = c.id
        AND e.command = $4 AND e.happened_at >= $5 AND e.happened_at < $6);

-- name: casefile_list_places
-- $1 campaign, $2 procedure, $3 changed at or after (UTC ms) → prefecture, id, in order of their making
SELECT prefecture, id FROM casefile
WHERE campaign = $1 AND procedure = $2 AND updated_at >= $3 AND withdrawn = 0 ORDER BY id;

-- name: casefile_list_changed
-- $1 campaign, $2 changed at or after (UTC ms) → prefecture, id, procedure, state, version, region, number,
-- ended, in the order of ids; along the index of changes, never along the whole campaign
SELECT prefecture, id, procedure, state, version, region, number, ended FROM casefile
WHERE updated_at >= $2 AND campaign || '' = $1 AND withdrawn = 0 ORDER BY id + 0;

-- name: casefile_standing_in_state
-- $1 campaign, $2 procedure, $3 state, $4 region, or empty, $5 name=value of a field by which $6, the
-- pack, narrows, or empty → prefecture, id, region, state, last_hash
SELECT prefecture, id, region, state, last_hash FROM casefile AS c
WHERE campaign = $1 AND state = $3 AND procedure = $2 AND withdrawn = 0 AND ($4 = '' OR region = $4)
    AND ($5 = '' OR pack <> $6 OR EXISTS (SELECT 1 FROM casefile_axis AS a WHERE a.axis = 'field'
        AND a.value = $5 AND a.created_at = c.created_at AND a.id = c.id));

-- name: casefile_standing_all
-- $1 campaign, $2 procedure, $3 region, or empty, $4 name=value of a field by which $5, the pack,
-- narrows, or empty → prefecture, id, region, state, last_hash
SELECT prefecture, id, region, state, last_hash FROM casefile AS c
WHERE campaign = $1 AND procedure = $2 AND withdrawn = 0 AND ($3 = '' OR region = $3)
    AND ($4 = '' OR pack <> $5 OR EXISTS (SELECT 1 FROM casefile_axis AS a WHERE a.axis = 'field'
        AND a.value = $4 AND a.created_at = c.created_at AND a.id = c.id));

-- name: casefile_standing_of_person
-- $1 campaign, $2 procedure, $3 person, $4 region, or empty, $5 name=value of a field by which $6, the
-- pack, narrows, or empty → prefecture, id, region, state, last_hash
SELECT c.prefecture, c.id, c.region, c.state, c.last_hash FROM casefile_axis AS a
JOIN casefile AS c ON c.prefecture = a.prefecture AND c.id = a.id
WHERE a.axis = 'procedure_person' AND a.value = $2 || ':' || $3 AND c.campaign = $1
    AND c.withdrawn = 0 AND ($4 = '' OR c.region = $4)
    AND ($5 = '' OR c.pack <> $6 OR EXISTS (SELECT 1 FROM casefile_axis AS f WHERE f.axis = 'field'
        AND f.value = $5 AND f.created_at = c.created_at AND f.id = c.id));

-- name: casefile_axis_insert
-- $1 axis, $2 value, $3 created_at, $4 id, $5 prefecture
INSERT INTO casefile_axis (axis, value, created_at, id, prefecture) VALUES ($1, $2, $3, $4, $5);

-- name: casefile_axis_delete
-- $1 axis, $2 value, $3 created_at, $4 id
DELETE FROM casefile_axis WHERE axis = $1 AND value = $2 AND created_at = $3 AND id = $4;

-- name: casefile_text_find
-- $1 prefecture, $2 id → search_text
SELECT search_text FROM casefile_text WHERE prefecture = $1 AND id = $2;

-- name: casefile_text_insert @sqlite
-- $1 prefecture, $2 id, $3 campaign, $4 search text, $5 signature (256 bytes) or null; a rebuild
-- finds the row there
INSERT INTO casefile_text (prefecture, id, campaign, search_text, signature)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (id) DO UPDATE SET campaign = excluded.campaign, search_text = excluded.search_text,
    signature = excluded.signature;

-- name: casefile_text_insert @postgres
INSERT INTO casefile_text (prefecture, id, campaign, search_text, signature)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (prefecture, id) DO UPDATE SET campaign = excluded.campaign,
    search_text = excluded.search_text, signature = excluded.signature;

-- name: casefile_text_update
-- $1 prefecture, $2 id, $3 campaign, $4 search text, $5 signature (256 bytes) or null
UPDATE casefile_text SET campaign = $3, search_text = $4, signature = $5
WHERE prefecture = $1 AND id = $2;

-- name: casefile_text_list_signatures
-- $1 campaign, $2 prefecture, $3 id to go on before, $4 limit → id, signature, newest first
SELECT id, signature FROM casefile_text
WHERE campaign = $1 AND prefecture = $2 AND id < $3 AND signature IS NOT NULL
ORDER BY id DESC LIMIT $4;

-- name: casefile_search_insert @sqlite
-- $1 prefecture, $2 id, $3 tokens
INSERT INTO casefile_search (rowid, tokens) VALUES ($2, $3);

-- name: casefile_search_insert @postgres
INSERT INTO casefile_search (prefecture, id, tokens)
VALUES ($1, $2, CAST(CAST($3 AS TEXT) AS TSVECTOR));

-- name: casefile_search_delete @sqlite
-- $1 prefecture, $2 id, $3 tokens as they were inserted
INSERT INTO casefile_search (casefile_search, rowid, tokens) VALUES ('delete', $2, $3);

-- name: casefile_search_delete @postgres
DELETE FROM casefile_search WHERE prefecture = $1 AND id = $2 AND CAST($3 AS TEXT) IS NOT NULL;

-- name: casefile_deadline_put
-- $1 prefecture, $2 case, $3 sequence it was started by, $4 name, $5 campaign, $6 started_at,
-- $7 due_at, $8 end_at, $9 lapsed, $10 stopped_at, $11 provisional
INSERT INTO deadline (prefecture, casefile, started_seq, name, campaign, started_at, due_at, end_at,
    lapsed, stopped_at, provisional)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (prefecture, casefile, started_seq, name) DO UPDATE SET campaign = excluded.campaign,
    started_at = excluded.started_at, due_at = excluded.due_at, end_at = excluded.end_at,
    lapsed = excluded.lapsed, stopped_at = excluded.stopped_at, provisional = excluded.provisional;

-- name: casefile_evidence_insert
-- $1 prefecture, $2 case, $3 id, $4 kind, $5 sha256, $6 name, $7 type, $8 bytes, $9 taken_at,
-- $10 lat, $11 lon (degrees times 10^7), $12 sequence, $13 actor, $14 added_at
INSERT INTO evidence (prefecture, casefile, id, kind, sha256, name, type, bytes, taken_at, lat, lon,
    seq, actor, added_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14);

-- name: casefile_evidence_places
-- $1 evidence id → prefecture, case: where the file stands
SELECT DISTINCT prefecture, casefile FROM evidence WHERE id = $1 ORDER BY prefecture, casefile;

-- name: casefile_region_ancestors
-- $1 region code → code of it and of all above it
WITH RECURSIVE up (code, parent, depth) AS (
    SELECT code, parent, 0 FROM region WHERE code = $1
    UNION
    SELECT r.code, r.parent, up.depth + 1 FROM region AS r JOIN up ON r.code = up.parent
    WHERE up.depth < 8
)
SELECT DISTINCT code FROM up ORDER BY code;

-- name: casefile_count_by_campaign
-- → campaign, procedure, state, count
SELECT campaign, procedure, state, count(*) FROM casefile WHERE withdrawn = 0
GROUP BY campaign, procedure, state ORDER BY campaign, procedure, state;
