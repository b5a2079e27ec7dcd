-- Points charged to units: one row for each charge, a projection of the events scored and score_reversed.
-- Totals and thresholds are folded from these rows when they are read (engine/score.h).
CREATE TABLE score (
    prefecture TEXT NOT NULL,
    casefile INTEGER NOT NULL,
    seq INTEGER NOT NULL,           -- of the event that charged
    campaign TEXT NOT NULL,
    rule TEXT NOT NULL,
    unit INTEGER NOT NULL,
    points INTEGER NOT NULL,        -- millionths
    subject TEXT NOT NULL,     -- what it is about; '' where nothing is named
    clause TEXT NOT NULL,
    command TEXT NOT NULL,
    happened_at INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    reversed_seq INTEGER NOT NULL,  -- 0: it stands
    reversed_at INTEGER,            -- recorded
    PRIMARY KEY (prefecture, casefile, seq)
) STRICT;
CREATE INDEX score_unit ON score (campaign, unit, points);
