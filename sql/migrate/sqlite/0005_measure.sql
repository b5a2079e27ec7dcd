-- Steps of the ladder, proposed or taken: a projection of measure_proposed, _confirmed and _held.
CREATE TABLE measure (
    prefecture TEXT NOT NULL,
    casefile INTEGER NOT NULL,
    seq INTEGER NOT NULL,         -- of the proposal, or of the act where there was none
    campaign TEXT NOT NULL,
    step TEXT NOT NULL,
    ground TEXT NOT NULL,
    state TEXT NOT NULL,          -- open, confirmed, held, gone
    proposed_at INTEGER NOT NULL,
    decided_seq INTEGER NOT NULL, -- 0: not yet
    decided_at INTEGER,
    PRIMARY KEY (prefecture, casefile, seq)
) STRICT;
CREATE INDEX measure_state ON measure (campaign, state, proposed_at);
