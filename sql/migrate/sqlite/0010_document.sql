-- What goes before the numbers of a unit's documents (机关代字); empty: its name does.
ALTER TABLE unit ADD COLUMN mark TEXT NOT NULL DEFAULT '';

-- Issued documents: a projection of document_issued, evidence_added, delivered and noted.
CREATE TABLE document (
    prefecture TEXT NOT NULL,
    casefile INTEGER NOT NULL,
    seq INTEGER NOT NULL,        -- of the event that issued it
    campaign TEXT NOT NULL,
    document TEXT NOT NULL,      -- id in the pack
    number TEXT NOT NULL,        -- or ''
    issuer INTEGER NOT NULL,     -- unit, or 0: the campaign
    issued_at INTEGER NOT NULL,
    sha256 TEXT NOT NULL,        -- of the paper, or '': issued before papers were kept
    corrects INTEGER NOT NULL,   -- seq of the one it corrects, or 0
    corrected_by INTEGER NOT NULL,
    voided_seq INTEGER NOT NULL, -- 0: it stands
    voided_at INTEGER,
    reason TEXT NOT NULL,        -- of voiding
    scans INTEGER NOT NULL,      -- signed or sealed copies attached
    PRIMARY KEY (prefecture, casefile, seq)
) STRICT;
CREATE UNIQUE INDEX document_number ON document (number) WHERE number <> '';
CREATE INDEX document_issued ON document (issued_at, casefile, seq);
CREATE INDEX document_paper ON document (sha256);

-- To whom a document went, and when it was opened and signed for there.
CREATE TABLE document_receipt (
    prefecture TEXT NOT NULL,
    casefile INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    unit INTEGER NOT NULL,   -- 0: a person
    person INTEGER NOT NULL, -- 0: a unit
    opened_at INTEGER,
    opened_by TEXT NOT NULL, -- person/post, or ''
    received_at INTEGER,
    received_by TEXT NOT NULL,
    PRIMARY KEY (prefecture, casefile, seq, unit, person)
) STRICT;
CREATE INDEX document_receipt_unit ON document_receipt (unit, casefile, seq);

-- What was issued, word for word; its hash stands in the event.
CREATE TABLE paper (
    sha256 TEXT PRIMARY KEY,
    markup TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TRIGGER paper_no_update BEFORE UPDATE ON paper
    BEGIN SELECT RAISE(ABORT, 'paper is append only'); END;
CREATE TRIGGER paper_no_delete BEFORE DELETE ON paper
    BEGIN SELECT RAISE(ABORT, 'paper is append only'); END;

-- Files that were made of a paper: whoever holds one can have it compared.
CREATE TABLE paper_file (
    sha256 TEXT PRIMARY KEY,
    paper TEXT NOT NULL
) STRICT, WITHOUT ROWID;
