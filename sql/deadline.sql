-- name: deadline_list_due
-- $1 now, $2 limit → prefecture, case, started_seq, name, end_at of clocks whose end has come and
-- whose lapse is not in the ledger yet, oldest first
SELECT prefecture, casefile, started_seq, name, end_at FROM deadline
WHERE end_at IS NOT NULL AND lapsed = 0 AND stopped_at IS NULL AND end_at <= $1
ORDER BY end_at, prefecture, casefile, started_seq LIMIT $2;

-- name: deadline_find_next
-- → end_at of the clock that ends next, or no row
SELECT end_at FROM deadline
WHERE end_at IS NOT NULL AND lapsed = 0 AND stopped_at IS NULL ORDER BY end_at LIMIT 1;

-- name: deadline_list_provisional
-- $1 prefecture, $2 case to go on after, $3 limit → prefecture, case of running clocks that rest on days
-- nobody has announced yet
SELECT DISTINCT prefecture, casefile FROM deadline
WHERE provisional = 1 AND stopped_at IS NULL AND (prefecture, casefile) > ($1, $2)
ORDER BY prefecture, casefile LIMIT $3;
