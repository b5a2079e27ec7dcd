-- What complainants told of themselves, sealed. The ledger and everything folded from it know the mark alone. Not a
-- projection: nothing brings a row back that is lost.
CREATE TABLE sealed_identity (
    mark TEXT NOT NULL PRIMARY KEY, -- what stands in the event instead: a salted digest
    prefecture TEXT NOT NULL,       -- of the case that it was told in
    casefile BIGINT NOT NULL,
    key_id TEXT NOT NULL,           -- of the key that opens it
    nonce BYTEA NOT NULL,
    bytes BYTEA NOT NULL,
    sealed_at BIGINT NOT NULL       -- UTC milliseconds
);
CREATE TRIGGER sealed_identity_append_only BEFORE UPDATE OR DELETE ON sealed_identity
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER sealed_identity_no_truncate BEFORE TRUNCATE ON sealed_identity
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
