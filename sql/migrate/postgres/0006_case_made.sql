-- Cases of one procedure in the order of their making: its lists, and what boards count by days.
CREATE INDEX casefile_made ON casefile (campaign, procedure, created_at, id, region, ended, next_due)
    WHERE withdrawn = 0;
