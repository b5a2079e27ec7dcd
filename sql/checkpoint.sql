-- name: checkpoint_last
-- → the latest: size, made_at (UTC ms), root, heads, public key, signature
SELECT size, made_at, root, heads, public_key, signature FROM checkpoint
ORDER BY size DESC LIMIT 1;

-- name: checkpoint_find
-- $1 size
SELECT size, made_at, root, heads, public_key, signature FROM checkpoint WHERE size = $1;

-- name: checkpoint_list
-- $1 size to go on before, $2 limit → latest first
SELECT size, made_at, root, heads, public_key, signature FROM checkpoint
WHERE size < $1 ORDER BY size DESC LIMIT $2;

-- name: checkpoint_next
-- $1 size to go on after → the next one
SELECT size, made_at, root, heads, public_key, signature FROM checkpoint
WHERE size > $1 ORDER BY size LIMIT 1;

-- name: checkpoint_insert
-- $1 size, $2 made_at, $3 root, $4 heads, $5 public key, $6 signature
INSERT INTO checkpoint (size, made_at, root, heads, public_key, signature)
VALUES ($1, $2, $3, $4, $5, $6);

-- name: checkpoint_leaf_insert
-- $1 number, $2 prefecture, $3 case, $4 sequence
INSERT INTO leaf (number, prefecture, casefile, sequence) VALUES ($1, $2, $3, $4);

-- name: checkpoint_node_insert
-- $1 level, $2 place, $3 hash
INSERT INTO merkle_node (level, place, hash) VALUES ($1, $2, $3);

-- name: checkpoint_commit_hash
-- $1 writer, $2 number → hash of the link, last id given
SELECT hash, last_id FROM commit_link WHERE writer = $1 AND number = $2;

-- name: checkpoint_list_unnumbered
-- $1 writer, $2 commit to go on after, $3 commit to stop at
SELECT prefecture, casefile, sequence, recorded_at, writer, commit_number, position, hash
FROM event WHERE writer = $1 AND commit_number > $2 AND commit_number <= $3
ORDER BY commit_number, position;

-- name: checkpoint_count_covered
-- $1 writer, $2 commit → events of the writer up to it
SELECT count(*) FROM event WHERE writer = $1 AND commit_number <= $2;

-- name: checkpoint_list_leaves
-- $1 first number, $2 number to stop before → number, event's key, its hash (null: no such event)
SELECT leaf.number, leaf.prefecture, leaf.casefile, leaf.sequence, event.hash
FROM leaf LEFT JOIN event ON event.prefecture = leaf.prefecture
    AND event.casefile = leaf.casefile AND event.sequence = leaf.sequence
WHERE leaf.number >= $1 AND leaf.number < $2 ORDER BY leaf.number;

-- name: checkpoint_list_nodes
-- $1 level, $2 first place, $3 place to stop before
SELECT place, hash FROM merkle_node WHERE level = $1 AND place >= $2 AND place < $3 ORDER BY place;

-- name: checkpoint_count_leaves
SELECT count(*) FROM leaf;

-- name: checkpoint_count_nodes
SELECT count(*) FROM merkle_node;

-- name: checkpoint_list_case_leaves
-- $1 prefecture, $2 case, $3 number to stop before → sequence, number, hash of the event
SELECT leaf.sequence, leaf.number, event.hash
FROM leaf JOIN event ON event.prefecture = leaf.prefecture AND event.casefile = leaf.casefile
    AND event.sequence = leaf.sequence
WHERE leaf.prefecture = $1 AND leaf.casefile = $2 AND leaf.number < $3 ORDER BY leaf.sequence;
