-- Cases of one procedure by person: rules that look for a standing case of somebody ask so, and walked all that the
-- person ever had a part in.
INSERT INTO casefile_axis (axis, value, created_at, id, prefecture)
SELECT 'procedure_person', c.procedure || ':' || a.value, a.created_at, a.id, a.prefecture
FROM casefile_axis AS a JOIN casefile AS c ON c.prefecture = a.prefecture AND c.id = a.id
WHERE a.axis = 'person';
