#include "kit/merkle.h"

#include <string.h>

static struct digest hash_tagged(enum crypto_hash hash, unsigned char tag, struct str a,
                                 struct str b)
{
    struct crypto_stream *stream = crypto_stream_open(hash);
    crypto_stream_add(stream, &tag, 1);
    crypto_stream_add(stream, a.at, a.len);
    crypto_stream_add(stream, b.at, b.len);
    return crypto_stream_end(stream);
}

static struct str bytes_of(const struct digest *digest)
{
    return (struct str){(const char *)digest->bytes, sizeof digest->bytes};
}

struct digest merkle_leaf(enum crypto_hash hash, struct str data)
{
    return hash_tagged(hash, 0, data, S(""));
}

struct digest merkle_node(enum crypto_hash hash, const struct digest *left,
                          const struct digest *right)
{
    return hash_tagged(hash, 1, bytes_of(left), bytes_of(right));
}

struct digest merkle_fold(enum crypto_hash hash, struct digest *hashes, size_t count)
{
    must(count > 0 && (count & (count - 1)) == 0);
    for (; count > 1; count /= 2)
        for (size_t i = 0; i < count / 2; i++)
            hashes[i] = merkle_node(hash, &hashes[2 * i], &hashes[2 * i + 1]);
    return hashes[0];
}

int64_t merkle_split(int64_t size)
{
    int64_t split = 1;
    must(size >= 2);
    while (split * 2 < size)
        split *= 2;
    return split;
}

int merkle_grow(enum crypto_hash hash, struct merkle_edge *edge, struct digest leaf,
                struct digest made[MERKLE_LEVELS])
{
    int count = 1;
    made[0] = leaf;
    for (int64_t rest = edge->size; rest % 2 == 1; rest /= 2) {
        must(edge->depth > 0 && count < MERKLE_LEVELS);
        made[count] = merkle_node(hash, &edge->at[--edge->depth], &made[count - 1]);
        count++;
    }
    must(edge->depth < MERKLE_LEVELS);
    edge->at[edge->depth++] = made[count - 1];
    edge->size++;
    return count;
}

struct digest merkle_root(enum crypto_hash hash, const struct merkle_edge *edge)
{
    if (edge->depth == 0)
        return crypto_digest(hash, S(""));
    struct digest root = edge->at[edge->depth - 1];
    for (int i = edge->depth - 1; i-- > 0;)
        root = merkle_node(hash, &edge->at[i], &root);
    return root;
}
