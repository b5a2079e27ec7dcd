-- Cases of one procedure in one state, in the order of their making: its lists by state, and what stands. The
-- states of a large campaign are shared by procedures, so that the index of states alone was walked in vain
-- (a list of 31,000 problems by state among 470,000 cases).
CREATE INDEX casefile_standing ON casefile (campaign, procedure, state, created_at, id) WHERE withdrawn = 0;
