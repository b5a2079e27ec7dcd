-- name: idempotency_find
-- $1 account, $2 key → fingerprint, status, headers, reply
SELECT fingerprint, status, headers, reply FROM idempotency WHERE account = $1 AND key = $2;

-- name: idempotency_insert
-- $1 account, $2 key, $3 fingerprint, $4 HTTP status, $5 headers, $6 reply, $7 created_at
INSERT INTO idempotency (account, key, fingerprint, status, headers, reply, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: idempotency_keep
-- $1 account, $2 key, $3 fingerprint, $4 HTTP status, $5 headers, $6 reply, $7 created_at
INSERT INTO idempotency (account, key, fingerprint, status, headers, reply, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (account, key) DO UPDATE
SET status = excluded.status, headers = excluded.headers, reply = excluded.reply
WHERE idempotency.reply = '' AND idempotency.fingerprint = excluded.fingerprint;

-- name: idempotency_drop_old
-- $1 created before this
DELETE FROM idempotency WHERE created_at < $1;
