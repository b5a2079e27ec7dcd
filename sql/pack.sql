-- name: pack_regime_list
-- → id, name, pack, version
SELECT id, name, pack, version FROM regime ORDER BY name;

-- name: pack_regime_find_by_name
-- $1 name → id, pack, version
SELECT id, pack, version FROM regime WHERE name = $1;

-- name: pack_insert
-- $1 hash, $2 regime, $3 version, $4 added at, $5 bytes
INSERT INTO regime_pack (hash, name, version, added_at, bytes) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (hash) DO NOTHING;

-- name: pack_find
-- $1 hash → regime, version, added at, bytes
SELECT name, version, added_at, bytes FROM regime_pack WHERE hash = $1;

-- name: pack_list
-- → hash, regime, version, added at; newest first of each regime
SELECT hash, name, version, added_at FROM regime_pack ORDER BY name, version DESC, added_at DESC, hash;
