-- name: session_insert
-- $1 SHA-256 of the token, $2 account, $3 csrf, $4 created at, $5 ends at, $6 address, $7 agent
INSERT INTO session (token, account, csrf, created_at, seen_at, ends_at, address, agent)
VALUES ($1, $2, $3, $4, $4, $5, $6, $7);

-- name: session_find
-- $1 SHA-256 of the token → account, csrf, created at, seen at, ends at, person, login, platform
-- post, state of the account, must change
SELECT session.account, session.csrf, session.created_at, session.seen_at, session.ends_at,
    account.person, account.login, account.platform, account.state, credential.must_change
FROM session JOIN account ON account.id = session.account
    JOIN credential ON credential.account = session.account
WHERE session.token = $1;

-- name: session_touch
-- $1 SHA-256 of the token, $2 seen at
UPDATE session SET seen_at = $2 WHERE token = $1 AND seen_at < $2;

-- name: session_drop
-- $1 SHA-256 of the token
DELETE FROM session WHERE token = $1;

-- name: session_drop_by_account
-- $1 account, $2 SHA-256 of the token that stays
DELETE FROM session WHERE account = $1 AND token <> $2;

-- name: session_drop_ended
-- $1 now, $2 seen before this is idle too long
DELETE FROM session WHERE ends_at <= $1 OR seen_at <= $2;
