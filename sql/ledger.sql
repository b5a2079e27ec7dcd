-- name: ledger_event_insert
-- $1 prefecture, $2 case, $3 sequence, $4 recorded_at, $5 happened_at (UTC ms), $6 actor,
-- $7 command, $8 type, $9 clause, $10 pack, $11 payload, $12 hash, $13 writer, $14 commit,
-- $15 position within the commit
INSERT INTO event (prefecture, casefile, sequence, recorded_at, happened_at, actor, command, type,
    clause, pack, payload, hash, writer, commit_number, position)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15);

-- name: ledger_commit_insert
-- $1 writer, $2 number, $3 recorded_at, $4 count of events, $5 last id given, $6 hash
INSERT INTO commit_link (writer, number, recorded_at, event_count, last_id, hash)
VALUES ($1, $2, $3, $4, $5, $6);

-- name: ledger_latest
-- → recorded_at of the latest commit (UTC ms), 0 where there is none
SELECT COALESCE(max(recorded_at), 0) FROM commit_link;

-- name: ledger_commit_last
-- $1 writer → number, hash, last_id
SELECT number, hash, last_id FROM commit_link WHERE writer = $1 ORDER BY number DESC LIMIT 1;

-- name: ledger_slot_try @sqlite
-- $1 lock key → 1 taken, 0 not
SELECT CAST($1 AS BIGINT) * 0 + 1;

-- name: ledger_slot_try @postgres
SELECT CASE WHEN pg_try_advisory_lock(CAST($1 AS BIGINT)) THEN 1 ELSE 0 END;

-- name: ledger_list_by_casefile
-- $1 prefecture, $2 case, $3 from sequence → all columns of an event, in order
SELECT sequence, recorded_at, happened_at, actor, command, type, clause, pack, payload, hash
FROM event WHERE prefecture = $1 AND casefile = $2 AND sequence >= $3 ORDER BY sequence;

-- name: ledger_list_by_chain
-- $1 prefecture, $2 case, $3 sequence to go on after, $4 limit → chains one after the other
SELECT prefecture, casefile, sequence, recorded_at, happened_at, actor, command, type, clause,
    pack, payload, hash, writer, commit_number, position
FROM event WHERE (prefecture, casefile, sequence) > ($1, $2, $3)
ORDER BY prefecture, casefile, sequence LIMIT $4;

-- name: ledger_list_by_commit
-- $1 writer, $2 commit, $3 position to go on after, $4 limit → hashes in order of commits
SELECT writer, commit_number, position, hash, prefecture, casefile, sequence
FROM event WHERE (writer, commit_number, position) > ($1, $2, $3)
ORDER BY writer, commit_number, position LIMIT $4;

-- name: ledger_list_commits
-- $1 writer, $2 number to go on after, $3 limit
SELECT writer, number, recorded_at, event_count, hash, last_id
FROM commit_link WHERE (writer, number) > ($1, $2) ORDER BY writer, number LIMIT $3;

-- name: ledger_count_events
SELECT count(*) FROM event;

-- name: ledger_list_cases
-- $1 prefecture, $2 case to go on after, $3 limit → prefecture, case, number of events
SELECT prefecture, casefile, count(*) FROM event
WHERE (prefecture, casefile) > ($1, $2)
GROUP BY prefecture, casefile ORDER BY prefecture, casefile LIMIT $3;

-- name: ledger_list_heads
-- → writer, its last commit. Steps from writer to writer along the key, however long their chains are.
WITH RECURSIVE known (writer) AS (
    SELECT MIN(writer) FROM commit_link
    UNION ALL
    SELECT (SELECT MIN(link.writer) FROM commit_link AS link WHERE link.writer > known.writer)
    FROM known WHERE known.writer IS NOT NULL)
SELECT known.writer,
    (SELECT MAX(link.number) FROM commit_link AS link WHERE link.writer = known.writer)
FROM known WHERE known.writer IS NOT NULL ORDER BY known.writer;

-- name: ledger_list_news
-- $1 writer, $2 commit to go on after, $3 commit to stop at, $4 limit → prefecture, case, sequence, type
SELECT prefecture, casefile, sequence, type FROM event
WHERE writer = $1 AND commit_number > $2 AND commit_number <= $3
ORDER BY commit_number, position LIMIT $4;
