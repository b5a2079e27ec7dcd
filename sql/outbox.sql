-- name: outbox_insert
-- $1 id, $2 kind, $3 prefecture, $4 case or null, $5 payload (JSON), $6 created_at
INSERT INTO outbox (id, kind, prefecture, casefile, payload, created_at, attempts)
VALUES ($1, $2, $3, $4, $5, $6, 0);

-- name: outbox_claim
-- $1 now, $2 claimed until, $3 limit → id, kind, prefecture, case, payload, created_at, attempts
UPDATE outbox SET claimed_until = $2, attempts = attempts + 1
WHERE id IN (SELECT id FROM outbox WHERE done_at IS NULL
        AND (claimed_until IS NULL OR claimed_until <= $1) ORDER BY id LIMIT $3)
    AND done_at IS NULL AND (claimed_until IS NULL OR claimed_until <= $1)
RETURNING id, kind, prefecture, casefile, payload, created_at, attempts;

-- name: outbox_finish
-- $1 id, $2 now
UPDATE outbox SET done_at = $2, claimed_until = NULL WHERE id = $1;

-- name: outbox_list_after
-- $1 id to go on after, $2 limit → id, kind, prefecture, case, payload, created_at, attempts
SELECT id, kind, prefecture, casefile, payload, created_at, attempts FROM outbox WHERE id > $1
ORDER BY id LIMIT $2;

-- name: outbox_find_last
-- → the highest id, or 0
SELECT COALESCE(MAX(id), 0) FROM outbox;

-- name: outbox_drop_old
-- $1 done before this
DELETE FROM outbox WHERE done_at IS NOT NULL AND done_at < $1;
