#pragma once
/*
 * The encoding of a foreign text file: found from its bytes, turned into clean UTF-8 piece by piece.
 *
 * Known: UTF-8 (with or without mark), GB18030 (and so GBK and GB 2312), UTF-16 with a mark. A file
 * that is valid UTF-8 throughout is UTF-8; so is one in which whole UTF-8 characters outnumber broken
 * places by far; any other is GB18030.
 */
#include "base/buf.h"

enum charset {
    CHARSET_UTF8,
    CHARSET_UTF8_BOM,
    CHARSET_GB18030,
    CHARSET_UTF16LE,
    CHARSET_UTF16BE,
    CHARSET_COUNT
};

/* "utf-8", "utf-8-bom", "gb18030", "utf-16le", "utf-16be" */
const char *charset_name(enum charset charset);

/* Looks at a file piece by piece, from its first byte. Zeroed is ready. */
struct charset_probe {
    unsigned char head[3];
    size_t seen;       /* bytes */
    size_t nul;        /* NUL bytes: a text in none of our encodings but UTF-16 has none */
    size_t utf8_whole; /* characters of two bytes and more */
    size_t utf8_broken;
    int utf8_left;                     /* continuation bytes still expected */
    unsigned char utf8_low, utf8_high; /* range of the next one */
};

void charset_probe_feed(struct charset_probe *probe, const unsigned char *bytes, size_t len);
enum charset charset_probe_result(const struct charset_probe *probe);

/* Turns bytes into clean UTF-8. Opaque; lives in the arena, but holds a foreign handle: close it. */
struct charset_decoder;

/* Asserts that the C library knows the encoding (it is part of Debian's libc6). */
struct charset_decoder *charset_open(struct arena *arena, enum charset charset);
void charset_close(struct charset_decoder *decoder); /* takes null */
void charset_cleanup(struct charset_decoder **decoder);

/*
 * Appends the text of `bytes` to out, whole characters only; an unfinished one waits for the next
 * piece. A mark at the very beginning is dropped. Undecodable bytes and NUL become U+FFFD, other
 * control characters (but tab, LF, CR) a blank. With `last` what still waits is undecodable.
 */
void charset_decode(struct charset_decoder *decoder, struct str bytes, bool last, struct buf *out);
