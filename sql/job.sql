-- name: job_insert
-- $1 id, $2 kind, $3 account or null, $4 payload (JSON), $5 created_at
INSERT INTO job (id, kind, account, state, payload, done_count, total_count, result, created_at)
VALUES ($1, $2, $3, 'waiting', $4, 0, 0, '', $5);

-- name: job_find
-- $1 id → id, kind, account, state, payload, done_count, total_count, result, created_at, finished_at
SELECT id, kind, account, state, payload, done_count, total_count, result, created_at, finished_at
FROM job WHERE id = $1;

-- name: job_waits
-- $1 now → how many wait or were left lying
SELECT COUNT(*) FROM job WHERE finished_at IS NULL
    AND (claimed_until IS NULL OR claimed_until <= $1);

-- name: job_claim
-- $1 now, $2 claimed until → the oldest that waits or was left lying
UPDATE job SET state = 'running', claimed_until = $2
WHERE id IN (SELECT id FROM job WHERE finished_at IS NULL
        AND (claimed_until IS NULL OR claimed_until <= $1) ORDER BY id LIMIT 1)
    AND finished_at IS NULL AND (claimed_until IS NULL OR claimed_until <= $1)
RETURNING id, kind, account, state, payload, done_count, total_count, result, created_at,
    finished_at;

-- name: job_progress
-- $1 id, $2 done, $3 total, $4 claimed until
UPDATE job SET done_count = $2, total_count = $3, claimed_until = $4 WHERE id = $1;

-- name: job_finish
-- $1 id, $2 state (done, failed), $3 result (JSON), $4 now
UPDATE job SET state = $2, result = $3, finished_at = $4, claimed_until = NULL WHERE id = $1;
