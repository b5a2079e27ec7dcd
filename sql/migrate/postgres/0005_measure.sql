-- Steps of the ladder, proposed or taken: a projection of measure_proposed, _confirmed and _held.
CREATE TABLE measure (
    prefecture TEXT NOT NULL,
    casefile BIGINT NOT NULL,
    seq BIGINT NOT NULL,         -- of the proposal, or of the act where there was none
    campaign TEXT NOT NULL,
    step TEXT NOT NULL,
    ground TEXT NOT NULL,
    state TEXT NOT NULL,          -- open, confirmed, held, gone
    proposed_at BIGINT NOT NULL,
    decided_seq BIGINT NOT NULL, -- 0: not yet
    decided_at BIGINT,
    PRIMARY KEY (prefecture, casefile, seq)
);
CREATE INDEX measure_state ON measure (campaign, state, proposed_at);
