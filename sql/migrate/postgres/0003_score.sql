-- Points charged to units: one row for each charge, a projection of the events scored and score_reversed.
-- Totals and thresholds are folded from these rows when they are read (engine/score.h).
CREATE TABLE score (
    prefecture TEXT NOT NULL,
    casefile BIGINT NOT NULL,
    seq BIGINT NOT NULL,           -- of the event that charged
    campaign TEXT NOT NULL,
    rule TEXT NOT NULL,
    unit BIGINT NOT NULL,
    points BIGINT NOT NULL,        -- millionths
    subject TEXT NOT NULL,     -- what it is about; '' where nothing is named
    clause TEXT NOT NULL,
    command TEXT NOT NULL,
    happened_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    reversed_seq BIGINT NOT NULL,  -- 0: it stands
    reversed_at BIGINT,            -- recorded
    PRIMARY KEY (prefecture, casefile, seq)
);
CREATE INDEX score_unit ON score (campaign, unit, points);
