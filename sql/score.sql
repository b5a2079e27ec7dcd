-- name: score_put
-- $1 prefecture, $2 case, $3 sequence, $4 campaign, $5 rule, $6 unit, $7 points in millionths,
-- $8 subject or '', $9 clause, $10 command, $11 happened_at, $12 recorded_at, $13 sequence of the event
-- that took it back or 0, $14 when that was recorded or NULL
INSERT INTO score (prefecture, casefile, seq, campaign, rule, unit, points, subject, clause, command,
    happened_at, recorded_at, reversed_seq, reversed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
ON CONFLICT (prefecture, casefile, seq) DO UPDATE SET reversed_seq = excluded.reversed_seq,
    reversed_at = excluded.reversed_at;

-- name: score_list_by_campaign
-- $1 campaign → struct score_row of every charge
SELECT prefecture, casefile, seq, rule, unit, points, subject, clause, command, happened_at,
    recorded_at, reversed_seq, reversed_at
FROM score WHERE campaign = $1 ORDER BY prefecture, casefile, seq;

-- name: score_list_by_unit
-- $1 campaign, $2 unit → struct score_row of every charge of the unit
SELECT prefecture, casefile, seq, rule, unit, points, subject, clause, command, happened_at,
    recorded_at, reversed_seq, reversed_at
FROM score WHERE campaign = $1 AND unit = $2 ORDER BY prefecture, casefile, seq;

-- name: score_list_laden
-- $1 campaign, $2 points in millionths → units whose charges, taken back or not, come to so many
SELECT unit FROM score WHERE campaign = $1 GROUP BY unit HAVING SUM(points) >= CAST($2 AS BIGINT) ORDER BY unit;

-- name: score_count_changes
-- $1 campaign → charges and their takings back, together: grows with each
SELECT COUNT(*) + COUNT(reversed_at) FROM score WHERE campaign = $1;
