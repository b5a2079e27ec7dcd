-- name: import_insert
-- $1 id, $2 account or null, $3 campaign, $4 procedure, $5 sha256 of the file, $6 its name,
-- $7 options (JSON), $8 report (JSON), $9 total, $10 now
INSERT INTO import_job (id, account, campaign, procedure, sha256, file_name, options, state, report,
    done_count, total_count, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'read', $8, 0, $9, $10, $10);

-- name: import_find
-- $1 id → the columns of struct import_row
SELECT id, account, campaign, procedure, sha256, file_name, options, state, report, done_count,
    total_count, created_at, updated_at
FROM import_job WHERE id = $1;

-- name: import_list
-- $1 id to go on before, $2 limit → newest first
SELECT id, account, campaign, procedure, sha256, file_name, options, state, report, done_count,
    total_count, created_at, updated_at
FROM import_job WHERE id < $1 ORDER BY id DESC LIMIT $2;

-- name: import_set_options
-- $1 id, $2 options, $3 report, $4 total, $5 now
UPDATE import_job SET options = $2, report = $3, total_count = $4, updated_at = $5 WHERE id = $1;

-- name: import_move
-- $1 id, $2 from state, $3 to state, $4 now
UPDATE import_job SET state = $3, updated_at = $4 WHERE id = $1 AND state = $2;

-- name: import_progress
-- $1 id, $2 rows done, $3 now
UPDATE import_job SET done_count = $2, updated_at = $3 WHERE id = $1;

-- name: import_row_insert
-- $1 import, $2 row of the file, $3 prefecture, $4 case
INSERT INTO import_row (import, row, prefecture, casefile) VALUES ($1, $2, $3, $4);

-- name: import_row_list
-- $1 import, $2 row to go on after, $3 limit → row, prefecture, case
SELECT row, prefecture, casefile FROM import_row WHERE import = $1 AND row > $2
ORDER BY row LIMIT $3;

-- name: import_row_last
-- $1 import → the highest row recorded, or 0
SELECT COALESCE(MAX(row), 0) FROM import_row WHERE import = $1;
