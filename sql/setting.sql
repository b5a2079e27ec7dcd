-- name: setting_find
-- $1 name → id, value (JSON)
SELECT id, value FROM setting WHERE name = $1;

-- name: setting_list
SELECT id, name, value FROM setting ORDER BY name;
