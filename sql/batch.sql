-- name: batch_find_by_number
-- $1 campaign, $2 number → id, date, source
SELECT id, date, source FROM batch WHERE campaign = $1 AND number = $2;

-- name: batch_list
-- $1 id to go on before (newest first), $2 limit → id, campaign, number, date, source
SELECT id, campaign, number, date, source FROM batch WHERE id < $1 ORDER BY id DESC LIMIT $2;
