-- name: sealed_insert
-- $1 mark, $2 prefecture, $3 case, $4 id of the key, $5 nonce, $6 sealed bytes, $7 sealed at
INSERT INTO sealed_identity (mark, prefecture, casefile, key_id, nonce, bytes, sealed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: sealed_find
-- $1 mark → prefecture, case, id of the key, nonce, sealed bytes
SELECT prefecture, casefile, key_id, nonce, bytes FROM sealed_identity WHERE mark = $1;
