/*
 * Holds an exported case file (lantian casefile export) against its proofs, without Lantian: one file,
 * nothing of the program in it, libcrypto the only library.
 *
 *   cc -o verify verify.c -lcrypto        verify [--key HEX] FOLDER
 *
 * --key is the public key as the office publishes it; without it that of the folder is taken and told.
 * Every fault is a line "FILE name: why" or "EVENT n: why". Exit 0 whole, 1 not, 2 wrong use.
 *
 *   MANIFEST.sha256          "<sha256>  <path>" of every other file, as sha256sum -c reads it
 *   SIGNATURE                Ed25519 over "lantian-casefile-1\n" and the manifest's sha256 in hex
 *   ledger/events.txt        for each event the bytes that were hashed, its hash in hex on a line
 *   ledger/checkpoint.txt    the signed root: hash size root made_at heads public_key signature
 *   ledger/proofs.txt        "<sequence> <leaf> <hash> …": paths from each event to the root
 *   ledger/earlier.txt, ledger/consistency.txt   an older root and its path to this one; may be absent
 */
#include <dirent.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
enum { HASH = 32, SIGNATURE = 64, EVENT_FIELDS = 12, NAME = 1024, PATHS = 64 };

struct text {
    char *at; /* ends with a NUL that len does not count; null: no such file */
    size_t len;
};

struct checkpoint {
    const EVP_MD *md;
    unsigned long long size;
    unsigned char root[HASH], key[HASH], signature[SIGNATURE];
};

static int faults;
static const char *folder;

/* Of a file, or of an event where name is null. */
static void fault(const char *name, unsigned long long event, const char *why)
{
    if (name != NULL)
        printf("FILE %s: %s\n", name, why);
    else
        printf("EVENT %llu: %s\n", event, why);
    faults++;
}

/* ---- files, hex, hashes ---- */

static struct text read_file(const char *name)
{
    struct text text = {NULL, 0};
    char path[2 * NAME];
    size_t room = 0;
    int len = snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = len < (int)sizeof path ? fopen(path, "rb") : NULL;
    if (file == NULL)
        return text;
    do {
        room = room == 0 ? 65536 : room * 2;
        if ((text.at = realloc(text.at, room + 1)) == NULL)
            exit(2);
        text.len += fread(text.at + text.len, 1, room - text.len, file);
    } while (text.len == room);
    text.at[text.len] = '\0';
    fclose(file);
    return text;
}

static int nibble(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool from_hex(const char *text, unsigned char *out, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        int high = nibble(text[2 * i]), low = high < 0 ? -1 : nibble(text[2 * i + 1]);
        if (low < 0)
            return false;
        out[i] = (unsigned char)(high << 4 | low);
    }
    return nibble(text[2 * len]) < 0;
}

static void to_hex(const unsigned char *bytes, char out[2 * HASH + 1])
{
    for (size_t i = 0; i < HASH; i++)
        snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

static void digest(const EVP_MD *md, const void *bytes, size_t len, unsigned char out[HASH])
{
    if (EVP_Digest(bytes, len, out, NULL, md, NULL) != 1)
        exit(2);
}

static void node(const EVP_MD *md, const unsigned char *left, const unsigned char *right,
                 unsigned char out[HASH])
{
    unsigned char both[1 + 2 * HASH] = {1};
    memcpy(both + 1, left, HASH);
    memcpy(both + 1 + HASH, right, HASH);
    digest(md, both, sizeof both, out);
}

static bool signed_by(const unsigned char *key, const unsigned char *signature, const char *text,
                      size_t len)
{
    EVP_PKEY *pkey = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key, HASH);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool good = pkey != NULL && ctx != NULL && EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, pkey) == 1 &&
                EVP_DigestVerify(ctx, signature, SIGNATURE, (const unsigned char *)text, len) == 1;
    EVP_MD_CTX_free(ctx);
    EVP_PKEY_free(pkey);
    return good;
}

/* Takes "word value\n" off; null where it does not stand there. */
static char *take_line(char **at, const char *word)
{
    size_t len = strlen(word);
    char *end = strchr(*at, '\n'), *value = *at + len + 1;
    if (end == NULL || strncmp(*at, word, len) != 0 || (*at)[len] != ' ')
        return NULL;
    *end = '\0';
    *at = end + 1;
    return value;
}

/* ---- the manifest ---- */

static struct text manifest;

static void check_manifest(void)
{
    char *line = manifest.at, *end;
    for (; *line != '\0'; line = end + 1) {
        unsigned char want[HASH], got[HASH];
        char name[NAME];
        end = strchr(line, '\n');
        if (end == NULL || end - line < 67 || end - line >= NAME || !from_hex(line, want, HASH) ||
            line[64] != ' ' || line[65] != ' ')
            return fault("MANIFEST.sha256", 0, "a line cannot be read");
        snprintf(name, sizeof name, "%.*s", (int)(end - line - 66), line + 66);
        struct text file = read_file(name);
        if (file.at == NULL) {
            fault(name, 0, "is missing");
            continue;
        }
        digest(EVP_sha256(), file.at, file.len, got);
        if (memcmp(want, got, HASH) != 0)
            fault(name, 0, "does not match the manifest");
        free(file.at);
    }
}

/* Every file is in the manifest: nothing was slipped in. */
static void check_folder(const char *below)
{
    char path[2 * NAME], name[2 * NAME];
    struct dirent *entry;
    struct stat about;
    snprintf(path, sizeof path, "%s/%s", folder, below);
    DIR *dir = opendir(path);
    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        int a = snprintf(name, sizeof name, "%s%s%s", below, *below ? "/" : "", entry->d_name);
        int b = snprintf(path, sizeof path, "%s/%s", folder, name);
        if (a >= (int)sizeof name || b >= (int)sizeof path || lstat(path, &about) != 0)
            fault(entry->d_name, 0, "cannot be looked at");
        else if (S_ISDIR(about.st_mode))
            check_folder(name);
        else if (snprintf(path, sizeof path, "  %s\n", name) > 0 &&
                 strstr(manifest.at, path) == NULL && strcmp(name, "MANIFEST.sha256") != 0 &&
                 strcmp(name, "SIGNATURE") != 0)
            fault(name, 0, "is not in the manifest");
    }
    if (dir != NULL)
        closedir(dir);
}

static void check_signature(const struct checkpoint *checkpoint)
{
    static const char mark[] = "lantian-casefile-1\n";
    unsigned char key[HASH], signature[SIGNATURE], sum[HASH];
    char hex[2 * HASH + 1], said[128], *key_hex, *signature_hex;
    struct text text = read_file("SIGNATURE");
    char *at = text.at == NULL ? NULL : text.at + sizeof mark - 1;
    if (at == NULL || strncmp(text.at, mark, sizeof mark - 1) != 0 ||
        (key_hex = take_line(&at, "public_key")) == NULL || !from_hex(key_hex, key, HASH) ||
        (signature_hex = take_line(&at, "signature")) == NULL ||
        !from_hex(signature_hex, signature, SIGNATURE) || at != text.at + text.len ||
        text.len != sizeof mark - 1 + 11 + 64 + 1 + 10 + 128 + 1)
        return fault("SIGNATURE", 0, "cannot be read");
    digest(EVP_sha256(), manifest.at, manifest.len, sum);
    to_hex(sum, hex);
    int len = snprintf(said, sizeof said, "%s%s\n", mark, hex);
    if (!signed_by(key, signature, said, (size_t)len))
        fault("SIGNATURE", 0, "does not hold for this MANIFEST.sha256");
    if (memcmp(key, checkpoint->key, HASH) != 0)
        fault("SIGNATURE", 0, "is not by the key of ledger/checkpoint.txt");
}

/* ---- checkpoints ---- */

static bool read_checkpoint(const char *name, struct checkpoint *out)
{
    static const char *const words[] = {"hash",  "size",       "root",     "made_at",
                                        "heads", "public_key", "signature"};
    char *value[7], *text, *at;
    struct text file = read_file(name);
    if (file.at == NULL)
        return false;
    at = file.at;
    for (int i = 0; i < 7; i++)
        if ((value[i] = take_line(&at, words[i])) == NULL)
            return false;
    if (*at != '\0' || !from_hex(value[2], out->root, HASH) || !from_hex(value[5], out->key, HASH) ||
        !from_hex(value[6], out->signature, SIGNATURE))
        return false;
    out->md = strcmp(value[0], "sm3") == 0 ? EVP_sm3() : EVP_sha256();
    out->size = strtoull(value[1], NULL, 10);
    int len = asprintf(&text, "lantian-checkpoint-1\n%zu:%s,%zu:%s,%zu:%s,%zu:%s,%zu:%s,",
                       strlen(value[0]), value[0], strlen(value[1]), value[1], strlen(value[2]),
                       value[2], strlen(value[3]), value[3], strlen(value[4]), value[4]);
    return len > 0 && signed_by(out->key, out->signature, text, (size_t)len);
}

/* One step up, RFC 9162 §2.1.3.2 and §2.1.4.2: of r, and of the later root s where there is one. */
static bool climb(const EVP_MD *md, const unsigned char *step, unsigned long long *fn,
                  unsigned long long *sn, unsigned char *r, unsigned char *s)
{
    if (*sn == 0)
        return false;
    if (*fn % 2 == 1 || *fn == *sn) {
        node(md, step, r, r);
        if (s != NULL)
            node(md, step, s, s);
        for (; *fn % 2 == 0 && *fn != 0; *fn /= 2)
            *sn /= 2;
    } else {
        node(md, s != NULL ? s : r, step, s != NULL ? s : r);
    }
    *fn /= 2;
    *sn /= 2;
    return true;
}

static bool is_consistent(const struct checkpoint *from, const struct checkpoint *to, char *path)
{
    unsigned char fr[HASH], sr[HASH], step[HASH];
    unsigned long long fn = from->size - 1, sn = to->size - 1;
    bool seeded = (from->size & (from->size - 1)) == 0;
    if (from->size == 0 || from->size >= to->size)
        return false;
    memcpy(fr, from->root, HASH);
    memcpy(sr, from->root, HASH);
    for (; fn % 2 == 1; fn /= 2)
        sn /= 2;
    for (; *path != '\0'; path += 65) {
        if (!from_hex(path, step, HASH) || path[64] != '\n')
            return false;
        if (seeded && !climb(to->md, step, &fn, &sn, fr, sr))
            return false;
        if (!seeded) {
            memcpy(fr, step, HASH);
            memcpy(sr, step, HASH);
            seeded = true;
        }
    }
    return sn == 0 && memcmp(fr, from->root, HASH) == 0 && memcmp(sr, to->root, HASH) == 0;
}

static void check_earlier(const struct checkpoint *now)
{
    struct checkpoint earlier;
    struct text path = read_file("ledger/consistency.txt");
    if (path.at == NULL)
        return;
    if (!read_checkpoint("ledger/earlier.txt", &earlier))
        fault("ledger/earlier.txt", 0, "cannot be read, or its signature does not hold");
    else if (!is_consistent(&earlier, now, path.at))
        fault("ledger/consistency.txt", 0, "does not lead from the earlier root to the later");
}

/* ---- events ---- */

/* The line of this sequence leads from the event's hash to the root. */
static bool is_included(const struct checkpoint *root, const unsigned char *event, char **io_proofs,
                        unsigned long long sequence)
{
    unsigned char r[HASH], step[HASH], leaf[1 + HASH] = {0};
    char *at = *io_proofs;
    unsigned long long said = strtoull(at, &at, 10), fn = strtoull(at, &at, 10);
    unsigned long long sn = root->size - 1;
    memcpy(leaf + 1, event, HASH);
    digest(root->md, leaf, sizeof leaf, r);
    for (; *at == ' '; at += 65)
        if (!from_hex(at + 1, step, HASH) || !climb(root->md, step, &fn, &sn, r, NULL))
            return false;
    if (*at != '\n' || said != sequence || sn != 0 || memcmp(r, root->root, HASH) != 0)
        return false;
    *io_proofs = at + 1;
    return true;
}

/* Takes a netstring off; its end in *out_end. Null: there is none. */
static char *take_netstring(char **at, char *limit, char **out_end)
{
    char *rest;
    unsigned long long len = strtoull(*at, &rest, 10);
    if (rest == *at || *rest != ':' || len >= (unsigned long long)(limit - rest) ||
        rest[1 + len] != ',')
        return NULL;
    *out_end = rest + 1 + len;
    *at = *out_end + 1;
    return rest + 1;
}

/* What the event says was added or issued is in the folder. */
static void check_evidence(unsigned long long sequence, const char *payload, const char *end)
{
    static const char mark[] = "\"sha256\":\"";
    char line[80];
    const char *found = memmem(payload, (size_t)(end - payload), mark, sizeof mark - 1);
    if (found == NULL || end - found < 74)
        return;
    snprintf(line, sizeof line, "%.64s  ", found + sizeof mark - 1);
    if (strstr(manifest.at, line) == NULL)
        fault(NULL, sequence, "its evidence or paper is not in the folder");
}

static void check_events(const struct checkpoint *root)
{
    static const char head[] = "lantian-event-1\n";
    struct text events = read_file("ledger/events.txt"), proofs = read_file("ledger/proofs.txt");
    char *at = events.at, *limit = events.at + events.len, *proof = proofs.at, last[65] = "";
    unsigned long long sequence = 0;
    if (events.at == NULL || proofs.at == NULL)
        return fault("ledger/events.txt, ledger/proofs.txt", 0, "one is missing");
    while (at < limit) {
        unsigned char hash[HASH];
        char *begin = at, *field[EVENT_FIELDS], *end[EVENT_FIELDS], hex[65];
        bool good = (size_t)(limit - at) > sizeof head && strncmp(at, head, sizeof head - 1) == 0;
        sequence++;
        at += sizeof head - 1;
        for (int i = 0; i < EVENT_FIELDS && good; i++)
            good = (field[i] = take_netstring(&at, limit, &end[i])) != NULL;
        if (!good || limit - at < 66 || at[0] != '\n' || at[65] != '\n')
            return fault(NULL, sequence, "cannot be read");
        digest(root->md, begin, (size_t)(at - begin), hash);
        to_hex(hash, hex);
        if (strncmp(hex, at + 1, 64) != 0)
            fault(NULL, sequence, "does not match its hash");
        else if (strtoull(field[2], NULL, 10) != sequence ||
                 (size_t)(end[11] - field[11]) != strlen(last) ||
                 memcmp(field[11], last, strlen(last)) != 0)
            fault(NULL, sequence, "does not follow the one before");
        else if (!is_included(root, hash, &proof, sequence))
            fault(NULL, sequence, "its proof in ledger/proofs.txt does not lead to the root");
        if (end[7] - field[7] == 14 && memcmp(field[7], "evidence_added", 14) == 0)
            check_evidence(sequence, field[10], end[10]);
        memcpy(last, hex, sizeof last);
        at += 66;
    }
    if (sequence == 0 || *proof != '\0')
        fault("ledger/proofs.txt", 0, "does not belong to these events");
}

int main(int argc, char **argv)
{
    struct checkpoint root;
    char hex[2 * HASH + 1];
    bool with_key = argc == 4 && strcmp(argv[1], "--key") == 0;
    if (argc != 2 && !with_key)
        return fputs("usage: verify [--key HEX] FOLDER\n", stderr), 2;
    folder = argv[argc - 1];
    manifest = read_file("MANIFEST.sha256");
    if (manifest.at == NULL)
        return fault("MANIFEST.sha256", 0, "is missing"), 1;
    check_manifest();
    check_folder("");
    if (!read_checkpoint("ledger/checkpoint.txt", &root))
        return fault("ledger/checkpoint.txt", 0, "cannot be read, or does not bear its signature"), 1;
    to_hex(root.key, hex);
    if (with_key && strcmp(hex, argv[2]) != 0)
        fault("ledger/checkpoint.txt", 0, "is signed by another key");
    check_signature(&root);
    check_earlier(&root);
    check_events(&root);
    printf("root of %llu events, signed by %s%s\n", root.size, hex,
           with_key ? "" : " (compare it with the key that the office publishes)");
    puts(faults == 0 ? "whole" : "NOT WHOLE");
    return faults == 0 ? 0 : 1;
}
