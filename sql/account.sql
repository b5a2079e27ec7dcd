-- name: account_find_by_login
-- $1 login → id, person, platform post, state
SELECT id, person, platform, state FROM account WHERE login = $1;

-- name: account_list
-- → id, person, login, platform post, state, has a password, locked until, last seen in a session
SELECT account.id, account.person, account.login, account.platform, account.state,
    CASE WHEN credential.account IS NULL THEN 0 ELSE 1 END, credential.locked_until,
    (SELECT max(session.seen_at) FROM session WHERE session.account = account.id)
FROM account LEFT JOIN credential ON credential.account = account.id ORDER BY account.login;

-- name: account_credential_find
-- $1 account → encoded password, otp, must change, failures, locked until
SELECT password, otp, must_change, failures, locked_until FROM credential WHERE account = $1;

-- name: account_credential_put
-- $1 account, $2 encoded password, $3 must change, $4 changed at: a new password opens a lock
INSERT INTO credential (account, password, otp, must_change, failures, locked_until, changed_at)
VALUES ($1, $2, NULL, $3, 0, NULL, $4)
ON CONFLICT (account) DO UPDATE SET password = excluded.password,
    must_change = excluded.must_change, failures = 0, locked_until = NULL,
    changed_at = excluded.changed_at;

-- name: account_credential_set_otp
-- $1 account, $2 otp or null
UPDATE credential SET otp = $2 WHERE account = $1;

-- name: account_credential_set_failures
-- $1 account, $2 failures in a row, $3 locked until or null
UPDATE credential SET failures = $2, locked_until = $3 WHERE account = $1;
