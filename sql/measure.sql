-- name: measure_put
-- $1 prefecture, $2 case, $3 sequence, $4 campaign, $5 step, $6 ground, $7 state, $8 proposed_at,
-- $9 sequence of the answer or 0, $10 when it came or NULL
INSERT INTO measure (prefecture, casefile, seq, campaign, step, ground, state, proposed_at, decided_seq,
    decided_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (prefecture, casefile, seq) DO UPDATE SET state = excluded.state,
    decided_seq = excluded.decided_seq, decided_at = excluded.decided_at;

-- name: measure_list
-- $1 campaign or '', $2 step or '', $3 state or '', $4 unit that stands in a role of the case or '',
-- $5 limit → prefecture, case, sequence; the newest first
SELECT m.prefecture, m.casefile, m.seq FROM measure AS m
WHERE ($1 = '' OR m.campaign = $1) AND ($2 = '' OR m.step = $2) AND ($3 = '' OR m.state = $3)
    AND ($4 = '' OR EXISTS (SELECT 1 FROM casefile_axis AS a
        WHERE a.axis = 'unit' AND a.value = $4 AND a.prefecture = m.prefecture AND a.id = m.casefile))
ORDER BY m.proposed_at DESC, m.prefecture, m.casefile, m.seq DESC LIMIT $5;

-- name: measure_list_cases
-- $1 campaign, $2 procedure, $3 1: also cases without a running clock, $4 prefecture and $5 case to go
-- on after, $6 limit → prefecture, case: those that the morning looks at
SELECT c.prefecture, c.id FROM casefile AS c
WHERE c.campaign = $1 AND c.procedure = $2 AND c.withdrawn = 0
    AND (c.prefecture, c.id) > ($4, $5)
    AND ((c.ended = 0 AND (CAST($3 AS INTEGER) = 1 OR EXISTS (SELECT 1 FROM deadline AS d
            WHERE d.prefecture = c.prefecture AND d.casefile = c.id AND d.stopped_at IS NULL)))
        OR EXISTS (SELECT 1 FROM measure AS m
            WHERE m.prefecture = c.prefecture AND m.casefile = c.id AND m.state = 'open'))
ORDER BY c.prefecture, c.id LIMIT $6;
