-- Cases of one procedure by region, as lists and boards ask for them: a province has 96,000 cases, of which 6,400 are
-- problems. What casefile.axes holds is what casefile_axis holds, also of what 0009 added to it.
INSERT INTO casefile_axis (axis, value, created_at, id, prefecture)
SELECT 'procedure_region', c.procedure || ':' || a.value, a.created_at, a.id, a.prefecture
FROM casefile_axis AS a JOIN casefile AS c ON c.prefecture = a.prefecture AND c.id = a.id
WHERE a.axis = 'region';
CREATE TABLE casefile_axes_again (
    id INTEGER NOT NULL,
    place INTEGER NOT NULL,
    axis TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (id, place, axis, value)
) STRICT, WITHOUT ROWID;
INSERT INTO casefile_axes_again (id, place, axis, value)
SELECT id, CASE axis WHEN 'region' THEN 1 WHEN 'procedure_region' THEN 2 ELSE 0 END, axis, value
FROM casefile_axis ORDER BY 1, 2, 3, 4;
UPDATE casefile SET axes = COALESCE((SELECT group_concat(line, '') FROM (
    SELECT axis || '=' || value || char(10) AS line FROM casefile_axes_again AS g
    WHERE g.id = casefile.id ORDER BY place, axis, value)), '');
DROP TABLE casefile_axes_again;
