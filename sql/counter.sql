-- name: counter_next
-- $1 scope → the next number, from 1
INSERT INTO counter (scope, last) VALUES ($1, 1)
ON CONFLICT (scope) DO UPDATE SET last = counter.last + 1 RETURNING last;
