-- Merkle tree over all events, in the order in which they were numbered; leaf 0 is the first.
CREATE TABLE leaf (
    number INTEGER PRIMARY KEY,
    prefecture TEXT NOT NULL,
    casefile INTEGER NOT NULL,
    sequence INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX leaf_event ON leaf (prefecture, casefile, sequence);
CREATE TRIGGER leaf_no_update BEFORE UPDATE ON leaf
    BEGIN SELECT RAISE(ABORT, 'leaf is append only'); END;
CREATE TRIGGER leaf_no_delete BEFORE DELETE ON leaf
    BEGIN SELECT RAISE(ABORT, 'leaf is append only'); END;

-- Whole subtrees of 2^level leaves at levels 8, 16, 24 …; the place-th of its level.
CREATE TABLE merkle_node (
    level INTEGER NOT NULL,
    place INTEGER NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (level, place)
) STRICT;
CREATE TRIGGER merkle_node_no_update BEFORE UPDATE ON merkle_node
    BEGIN SELECT RAISE(ABORT, 'merkle_node is append only'); END;
CREATE TRIGGER merkle_node_no_delete BEFORE DELETE ON merkle_node
    BEGIN SELECT RAISE(ABORT, 'merkle_node is append only'); END;

-- Signed roots. heads: how far each writer's chain had come, <writer>:<number>:<hash>:<last id> parted by ';'.
CREATE TABLE checkpoint (
    size INTEGER PRIMARY KEY,
    made_at INTEGER NOT NULL,
    root TEXT NOT NULL,
    heads TEXT NOT NULL,
    public_key TEXT NOT NULL,
    signature TEXT NOT NULL
) STRICT;
CREATE TRIGGER checkpoint_no_update BEFORE UPDATE ON checkpoint
    BEGIN SELECT RAISE(ABORT, 'checkpoint is append only'); END;
CREATE TRIGGER checkpoint_no_delete BEFORE DELETE ON checkpoint
    BEGIN SELECT RAISE(ABORT, 'checkpoint is append only'); END;
