-- What complainants told of themselves, sealed. The ledger and everything folded from it know the mark alone. Not a
-- projection: nothing brings a row back that is lost.
CREATE TABLE sealed_identity (
    mark TEXT NOT NULL PRIMARY KEY, -- what stands in the event instead: a salted digest
    prefecture TEXT NOT NULL,       -- of the case that it was told in
    casefile INTEGER NOT NULL,
    key_id TEXT NOT NULL,           -- of the key that opens it
    nonce BLOB NOT NULL,
    bytes BLOB NOT NULL,
    sealed_at INTEGER NOT NULL      -- UTC milliseconds
) STRICT;
CREATE TRIGGER sealed_identity_no_update BEFORE UPDATE ON sealed_identity
    BEGIN SELECT RAISE(ABORT, 'sealed_identity is append only'); END;
CREATE TRIGGER sealed_identity_no_delete BEFORE DELETE ON sealed_identity
    BEGIN SELECT RAISE(ABORT, 'sealed_identity is append only'); END;
