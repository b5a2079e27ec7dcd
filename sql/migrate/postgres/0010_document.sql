-- What goes before the numbers of a unit's documents (机关代字); empty: its name does.
ALTER TABLE unit ADD COLUMN mark TEXT NOT NULL DEFAULT '';

-- Issued documents: a projection of document_issued, evidence_added, delivered and noted.
CREATE TABLE document (
    prefecture TEXT NOT NULL,
    casefile BIGINT NOT NULL,
    seq BIGINT NOT NULL,        -- of the event that issued it
    campaign TEXT NOT NULL,
    document TEXT NOT NULL,      -- id in the pack
    number TEXT NOT NULL,        -- or ''
    issuer BIGINT NOT NULL,     -- unit, or 0: the campaign
    issued_at BIGINT NOT NULL,
    sha256 TEXT NOT NULL,        -- of the paper, or '': issued before papers were kept
    corrects BIGINT NOT NULL,   -- seq of the one it corrects, or 0
    corrected_by BIGINT NOT NULL,
    voided_seq BIGINT NOT NULL, -- 0: it stands
    voided_at BIGINT,
    reason TEXT NOT NULL,        -- of voiding
    scans BIGINT NOT NULL,      -- signed or sealed copies attached
    PRIMARY KEY (prefecture, casefile, seq)
);
CREATE UNIQUE INDEX document_number ON document (number) WHERE number <> '';
CREATE INDEX document_issued ON document (issued_at, casefile, seq);
CREATE INDEX document_paper ON document (sha256);

-- To whom a document went, and when it was opened and signed for there.
CREATE TABLE document_receipt (
    prefecture TEXT NOT NULL,
    casefile BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    unit BIGINT NOT NULL,   -- 0: a person
    person BIGINT NOT NULL, -- 0: a unit
    opened_at BIGINT,
    opened_by TEXT NOT NULL, -- person/post, or ''
    received_at BIGINT,
    received_by TEXT NOT NULL,
    PRIMARY KEY (prefecture, casefile, seq, unit, person)
);
CREATE INDEX document_receipt_unit ON document_receipt (unit, casefile, seq);

-- What was issued, word for word; its hash stands in the event.
CREATE TABLE paper (
    sha256 TEXT PRIMARY KEY,
    markup TEXT NOT NULL
);
CREATE TRIGGER paper_append_only BEFORE UPDATE OR DELETE ON paper
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER paper_no_truncate BEFORE TRUNCATE ON paper
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Files that were made of a paper: whoever holds one can have it compared.
CREATE TABLE paper_file (
    sha256 TEXT PRIMARY KEY,
    paper TEXT NOT NULL
);
