-- name: release_put
-- $1 prefecture, $2 case, $3 campaign, $4 item of `disclosures`, $5 number, $6 title, $7 region, $8 released at,
-- $9 reference or number of the release that this one corrects or '', $10 note or '', $11 columns and rows as JSON,
-- $12 count of rows, $13 1: withdrawn
INSERT INTO release (prefecture, casefile, campaign, disclosure, number, title, region, released_at, corrects, note,
    body, row_count, withdrawn)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (prefecture, casefile) DO UPDATE SET withdrawn = excluded.withdrawn;

-- name: release_list
-- $1 released before, $2 limit → the newest first
SELECT prefecture, casefile, campaign, disclosure, number, title, region, released_at, corrects, note, row_count, withdrawn
FROM release WHERE released_at < $1 ORDER BY released_at DESC, prefecture, casefile DESC LIMIT $2;

-- name: release_find
-- $1 prefecture, $2 case
SELECT prefecture, casefile, campaign, disclosure, number, title, region, released_at, corrects, note, row_count, withdrawn, body
FROM release WHERE prefecture = $1 AND casefile = $2;

-- name: release_list_corrections
-- $1 campaign, $2 number, $3 reference → those that correct it, the newest first
SELECT prefecture, casefile, campaign, disclosure, number, title, region, released_at, corrects, note, row_count, withdrawn
FROM release WHERE campaign = $1 AND (corrects = $2 OR corrects = $3) AND withdrawn = 0
ORDER BY released_at DESC, prefecture, casefile DESC;

-- name: release_find_corrected
-- $1 campaign, $2 number or reference → prefecture, case
SELECT prefecture, casefile FROM release WHERE campaign = $1 AND number = $2;

-- name: release_search
-- $1 text, $2 limit → releases whose table holds the text, the newest first, with what they hold
SELECT prefecture, casefile, campaign, disclosure, number, title, region, released_at, corrects, note, row_count, withdrawn, body
FROM release WHERE withdrawn = 0 AND body LIKE $1 ESCAPE '!' ORDER BY released_at DESC, prefecture, casefile DESC LIMIT $2;
