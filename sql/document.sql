-- name: document_put
-- $1 prefecture, $2 case, $3 sequence, $4 campaign, $5 id in the pack, $6 number or '', $7 unit or 0, $8
-- issued_at, $9 hash of the paper or '', $10 sequence of what it corrects or 0, $11 of what corrects it or 0,
-- $12 of its voiding or 0, $13 when or NULL, $14 reason, $15 copies attached
INSERT INTO document (prefecture, casefile, seq, campaign, document, number, issuer, issued_at, sha256,
    corrects, corrected_by, voided_seq, voided_at, reason, scans)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
ON CONFLICT (prefecture, casefile, seq) DO UPDATE SET corrected_by = excluded.corrected_by,
    voided_seq = excluded.voided_seq, voided_at = excluded.voided_at, reason = excluded.reason,
    scans = excluded.scans;

-- name: document_receipt_put
-- $1 prefecture, $2 case, $3 sequence, $4 unit or 0, $5 person or 0, $6 opened_at or NULL, $7 by or '', $8
-- received_at or NULL, $9 by or ''
INSERT INTO document_receipt (prefecture, casefile, seq, unit, person, opened_at, opened_by, received_at,
    received_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (prefecture, casefile, seq, unit, person) DO UPDATE SET opened_at = excluded.opened_at,
    opened_by = excluded.opened_by, received_at = excluded.received_at,
    received_by = excluded.received_by;

-- name: document_list
-- $1 campaign or '', $2 campaigns parted and framed by commas, $3 units the same way, $4 person, $5 part of the
-- number or '', $6 state ('', issued, voided, corrected, waiting), $7 issued_at, $8 case and $9 sequence to go
-- on before, $10 limit → struct document_row, the newest first: of those campaigns, issued by those
-- units, or addressed to them or the person
SELECT d.prefecture, d.casefile, d.seq, d.campaign, d.document, d.number, d.issuer, d.issued_at, d.sha256,
    d.corrects, d.corrected_by, d.voided_at, d.reason, d.scans, c.number, c.title, c.procedure, c.pack
FROM document AS d JOIN casefile AS c ON c.prefecture = d.prefecture AND c.id = d.casefile
WHERE (CAST($1 AS TEXT) = '' OR d.campaign = $1)
    AND (CAST($2 AS TEXT) LIKE '%,' || d.campaign || ',%' OR CAST($3 AS TEXT) LIKE '%,' || CAST(d.issuer AS TEXT) || ',%'
        OR EXISTS (SELECT 1 FROM document_receipt AS r WHERE r.prefecture = d.prefecture
            AND r.casefile = d.casefile AND r.seq = d.seq
            AND (r.person = $4 OR CAST($3 AS TEXT) LIKE '%,' || CAST(r.unit AS TEXT) || ',%')))
    AND (CAST($5 AS TEXT) = '' OR d.number LIKE '%' || CAST($5 AS TEXT) || '%')
    AND (CAST($6 AS TEXT) = '' OR ($6 = 'voided' AND d.voided_seq <> 0)
        OR ($6 = 'corrected' AND d.corrected_by <> 0)
        OR ($6 = 'issued' AND d.voided_seq = 0 AND d.corrected_by = 0)
        OR ($6 = 'waiting' AND d.voided_seq = 0 AND d.corrected_by = 0
            AND EXISTS (SELECT 1 FROM document_receipt AS r WHERE r.prefecture = d.prefecture
                AND r.casefile = d.casefile AND r.seq = d.seq AND r.received_at IS NULL)))
    AND (d.issued_at, d.casefile, d.seq) < (CAST($7 AS BIGINT), CAST($8 AS BIGINT), CAST($9 AS BIGINT))
ORDER BY d.issued_at DESC, d.casefile DESC, d.seq DESC LIMIT $10;

-- name: document_list_for
-- $1 unit and $2 person, one of them 0, $3 limit → struct document_row of what they have not signed for, the
-- newest first
SELECT d.prefecture, d.casefile, d.seq, d.campaign, d.document, d.number, d.issuer, d.issued_at, d.sha256,
    d.corrects, d.corrected_by, d.voided_at, d.reason, d.scans, c.number, c.title, c.procedure, c.pack
FROM document_receipt AS r
JOIN document AS d ON d.prefecture = r.prefecture AND d.casefile = r.casefile AND d.seq = r.seq
JOIN casefile AS c ON c.prefecture = d.prefecture AND c.id = d.casefile
WHERE r.unit = $1 AND r.person = $2
    AND r.received_at IS NULL AND d.voided_seq = 0 AND d.corrected_by = 0 AND d.sha256 <> ''
ORDER BY d.issued_at DESC, d.casefile DESC, d.seq DESC LIMIT $3;

-- name: document_find_paper
-- $1 hash of the paper or its beginning, $2 what lies behind all that begin so → struct document_row
SELECT d.prefecture, d.casefile, d.seq, d.campaign, d.document, d.number, d.issuer, d.issued_at, d.sha256,
    d.corrects, d.corrected_by, d.voided_at, d.reason, d.scans, c.number, c.title, c.procedure, c.pack
FROM document AS d JOIN casefile AS c ON c.prefecture = d.prefecture AND c.id = d.casefile
WHERE d.sha256 >= $1 AND d.sha256 < $2 ORDER BY d.sha256, d.prefecture, d.casefile, d.seq LIMIT 1;

-- name: document_find
-- $1 prefecture, $2 case, $3 sequence → struct document_row
SELECT d.prefecture, d.casefile, d.seq, d.campaign, d.document, d.number, d.issuer, d.issued_at, d.sha256,
    d.corrects, d.corrected_by, d.voided_at, d.reason, d.scans, c.number, c.title, c.procedure, c.pack
FROM document AS d JOIN casefile AS c ON c.prefecture = d.prefecture AND c.id = d.casefile
WHERE d.prefecture = $1 AND d.casefile = $2 AND d.seq = $3;

-- name: document_receipt_list
-- $1 prefecture, $2 case, $3 sequence → unit, person, opened_at, opened_by, received_at, received_by
SELECT unit, person, opened_at, opened_by, received_at, received_by FROM document_receipt
WHERE prefecture = $1 AND casefile = $2 AND seq = $3 ORDER BY unit, person;

-- name: document_paper_put
-- $1 hash, $2 markup
INSERT INTO paper (sha256, markup) VALUES ($1, $2) ON CONFLICT (sha256) DO NOTHING;

-- name: document_paper_get
-- $1 hash → markup
SELECT markup FROM paper WHERE sha256 = $1;

-- name: document_file_put
-- $1 hash of a file, $2 hash of the paper that it was made of
INSERT INTO paper_file (sha256, paper) VALUES ($1, $2) ON CONFLICT (sha256) DO NOTHING;

-- name: document_file_find
-- $1 hash of a file → hash of the paper
SELECT paper FROM paper_file WHERE sha256 = $1;
