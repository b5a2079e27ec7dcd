-- A key that only one case of a campaign may have, whatever became of it: what a timer opens exactly once
-- (obligation, period, unit). Empty for all others.
ALTER TABLE casefile ADD COLUMN unique_key TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX casefile_unique_key ON casefile (campaign, unique_key) WHERE unique_key <> '';
