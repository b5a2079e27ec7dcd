-- name: upload_insert
-- $1 id, $2 account, $3 kind, $4 sha256, $5 name, $6 type, $7 bytes, $8 taken_at, $9 lat, $10 lon
-- (degrees times 10^7), $11 findings (JSON), $12 created_at
INSERT INTO upload (id, account, kind, sha256, name, type, bytes, taken_at, lat, lon, findings,
    created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- name: upload_find
-- $1 id → account, kind, sha256, name, type, bytes, taken_at, lat, lon, findings, created_at
SELECT account, kind, sha256, name, type, bytes, taken_at, lat, lon, findings, created_at
FROM upload WHERE id = $1;
