-- Cases of one procedure by number: rules that look for a standing case, boards, desks and counts ask so, and
-- walked the numbers of every procedure (a board of 60 days 125 ms, now 31).
CREATE INDEX casefile_procedure_number ON casefile (campaign, procedure, number, id) WHERE withdrawn = 0;
