-- Cases of one procedure by region, as lists and boards ask for them: a province has 96,000 cases, of which 6,400 are
-- problems. What casefile.axes holds is what casefile_axis holds, also of what 0009 added to it.
INSERT INTO casefile_axis (axis, value, created_at, id, prefecture)
SELECT 'procedure_region', c.procedure || ':' || a.value, a.created_at, a.id, a.prefecture
FROM casefile_axis AS a JOIN casefile AS c ON c.prefecture = a.prefecture AND c.id = a.id
WHERE a.axis = 'region';
UPDATE casefile AS c SET axes = g.axes FROM (
    SELECT prefecture, id, string_agg(axis || '=' || value || chr(10), '' ORDER BY
        CASE axis WHEN 'region' THEN 1 WHEN 'procedure_region' THEN 2 ELSE 0 END,
        axis COLLATE "C", value COLLATE "C") AS axes
    FROM casefile_axis GROUP BY prefecture, id) AS g
WHERE c.prefecture = g.prefecture AND c.id = g.id;
