-- Merkle tree over all events, in the order in which they were numbered; leaf 0 is the first.
CREATE TABLE leaf (
    number BIGINT PRIMARY KEY,
    prefecture TEXT NOT NULL,
    casefile BIGINT NOT NULL,
    sequence BIGINT NOT NULL
);
CREATE UNIQUE INDEX leaf_event ON leaf (prefecture, casefile, sequence);
CREATE TRIGGER leaf_append_only BEFORE UPDATE OR DELETE ON leaf
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER leaf_no_truncate BEFORE TRUNCATE ON leaf
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Whole subtrees of 2^level leaves at levels 8, 16, 24 …; the place-th of its level.
CREATE TABLE merkle_node (
    level BIGINT NOT NULL,
    place BIGINT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (level, place)
);
CREATE TRIGGER merkle_node_append_only BEFORE UPDATE OR DELETE ON merkle_node
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER merkle_node_no_truncate BEFORE TRUNCATE ON merkle_node
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Signed roots. heads: how far each writer's chain had come, <writer>:<number>:<hash>:<last id> parted by ';'.
CREATE TABLE checkpoint (
    size BIGINT PRIMARY KEY,
    made_at BIGINT NOT NULL,
    root TEXT NOT NULL,
    heads TEXT NOT NULL,
    public_key TEXT NOT NULL,
    signature TEXT NOT NULL
);
CREATE TRIGGER checkpoint_append_only BEFORE UPDATE OR DELETE ON checkpoint
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER checkpoint_no_truncate BEFORE TRUNCATE ON checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
