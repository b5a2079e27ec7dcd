-- name: view_put
-- $1 id, $2 account, $3 name, $4 query, $5 created at
INSERT INTO saved_view (id, account, name, query, created_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (account, name) DO UPDATE SET query = excluded.query;

-- name: view_list
-- $1 account → id, name, query
SELECT id, name, query FROM saved_view WHERE account = $1 ORDER BY name;

-- name: view_drop
-- $1 account, $2 id
DELETE FROM saved_view WHERE account = $1 AND id = $2;

-- name: view_column_put
-- $1 source, $2 printed head, $3 field, $4 used at
INSERT INTO column_memory (source, printed, field, used_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (source, printed) DO UPDATE SET field = excluded.field, used_at = excluded.used_at;

-- name: view_column_list
-- $1 source → printed head, field
SELECT printed, field FROM column_memory WHERE source = $1 ORDER BY printed;
