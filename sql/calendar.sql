-- name: calendar_day_list
-- → id, calendar, date, day (off, work), name, notice
SELECT id, calendar, date, day, name, notice FROM calendar_day ORDER BY calendar, date;
