-- What was released to the public, as it was: a projection of the cases that a pack's `disclosures` name. The
-- public pages read this table alone.
CREATE TABLE release (
    prefecture TEXT NOT NULL,
    casefile INTEGER NOT NULL,
    campaign TEXT NOT NULL,
    disclosure TEXT NOT NULL,
    number TEXT NOT NULL,
    title TEXT NOT NULL,
    region TEXT NOT NULL,
    released_at INTEGER NOT NULL,
    corrects TEXT NOT NULL,      -- number or reference of an earlier one, or empty
    note TEXT NOT NULL,
    body TEXT NOT NULL,          -- columns and rows, JSON
    row_count INTEGER NOT NULL,
    withdrawn INTEGER NOT NULL,
    PRIMARY KEY (prefecture, casefile)
) STRICT;
CREATE INDEX release_time ON release (released_at);
CREATE INDEX release_corrects ON release (campaign, corrects);
