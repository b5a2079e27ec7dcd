-- name: audit_list
-- $1 recorded at (UTC ms), $2 record, $3 sequence to go on before, $4 kind, $5 command (empty: any),
-- $6 limit → events of system records, newest first
SELECT event.casefile, system_record.kind, event.sequence, event.recorded_at, event.actor,
    event.command, event.type, event.payload, event.hash
FROM event JOIN system_record ON system_record.id = event.casefile
WHERE event.prefecture = '000000'
    AND (event.recorded_at, event.casefile, event.sequence) < ($1, $2, $3)
    AND ($4 = '' OR system_record.kind = $4) AND ($5 = '' OR event.command = $5)
ORDER BY event.recorded_at DESC, event.casefile DESC, event.sequence DESC LIMIT $6;

-- name: audit_events
-- → events of the whole ledger
SELECT CAST(coalesce(sum(event_count), 0) AS BIGINT) FROM commit_link;

-- name: audit_cases
-- → cases
SELECT count(*) FROM casefile;
