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

-- name: score_list_role_events
-- $1 campaign, $2 first instant, $3 instant after the last → prefecture, case, number, happened_at, type,
-- payload, end of the case or NULL: who was named to which role in cases that stood in that time
SELECT e.prefecture, e.casefile, c.number, e.happened_at, e.type, e.payload,
    CASE WHEN c.ended = 1 THEN c.updated_at END
FROM casefile AS c JOIN event AS e ON e.prefecture = c.prefecture AND e.casefile = c.id
WHERE c.campaign = $1 AND c.withdrawn = 0 AND c.created_at < $3
    AND (c.ended = 0 OR c.updated_at >= $2)
    AND e.happened_at < $3 AND e.type IN ('created', 'role_set')
ORDER BY c.number, e.prefecture, e.casefile, e.sequence;
