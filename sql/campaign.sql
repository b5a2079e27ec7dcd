-- name: campaign_list
-- → id, name, regime, hash of the pack, title zh, title en, region, state, begins, ends, settings, roles; open ones first
-- (JSON maps, or empty)
SELECT id, name, regime, pack, title_zh, title_en, region, state, begins, ends, settings, roles
FROM campaign ORDER BY CASE state WHEN 'open' THEN 0 ELSE 1 END, COALESCE(begins, ''), name;
