-- name: counter_next
-- $1 scope → the next number, from 1
INSERT INTO counter (scope, last) VALUES ($1, 1)
ON CONFLICT (scope) DO UPDATE SET last = counter.last + 1 RETURNING last;

-- name: counter_raise
-- $1 scope that has a number already
UPDATE counter SET last = last + 1 WHERE scope = $1;

-- name: counter_last
-- $1 scope → the last number given
SELECT last FROM counter WHERE scope = $1;
