-- The cases of one procedure: what may fulfil a duty.
CREATE INDEX casefile_procedure ON casefile (campaign, procedure, id) WHERE withdrawn = 0;
