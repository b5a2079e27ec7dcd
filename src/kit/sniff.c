/*
 * Magic numbers in one table; what a table cannot say (families of one container) is told after.
 */
#include "kit/sniff.h"

#include <sys/stat.h>
#include <unistd.h>

/* A zip's directory stands at its end; this much holds that of an office document. */
enum { TAIL_BYTES = 16 * 1024 };

struct magic {
    enum sniff type;
    size_t offset;
    struct str bytes;
};

static const struct magic magics[] = {
    {SNIFF_JPEG, 0, STR_INIT("\xFF\xD8\xFF")},
    {SNIFF_PNG, 0, STR_INIT("\x89PNG\r\n\x1A\n")},
    {SNIFF_GIF, 0, STR_INIT("GIF87a")},
    {SNIFF_GIF, 0, STR_INIT("GIF89a")},
    {SNIFF_WEBP, 8, STR_INIT("WEBP")},
    {SNIFF_PDF, 0, STR_INIT("%PDF-")},
    {SNIFF_MP4, 4, STR_INIT("ftyp")},
    {SNIFF_ZIP, 0, STR_INIT("PK\x03\x04")},
    {SNIFF_ZIP, 0, STR_INIT("PK\x05\x06")}, /* an empty archive */
    {SNIFF_OLE, 0, STR_INIT("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")},
};

static bool magic_matches(const struct magic *magic, struct str head)
{
    return str_eq(str_part(head, magic->offset, magic->bytes.len), magic->bytes);
}

/* The parts of an office document lie in its own folder; [Content_Types].xml usually comes first. */
static enum sniff zip_kind(struct str head)
{
    if (str_has(head, S("xl/")))
        return SNIFF_XLSX;
    if (str_has(head, S("word/")))
        return SNIFF_DOCX;
    return SNIFF_ZIP;
}

/* ISO/IEC 14496-12 §4.3: the major brand follows "ftyp". */
static enum sniff iso_kind(struct str head)
{
    static const struct str heic[] = {STR_INIT("heic"), STR_INIT("heix"), STR_INIT("mif1"),
                                      STR_INIT("msf1"), STR_INIT("hevc")};
    struct str brand = str_part(head, 8, 4);
    for (size_t i = 0; i < COUNT_OF(heic); i++)
        if (str_eq(brand, heic[i]))
            return SNIFF_HEIC;
    return SNIFF_MP4;
}

/* A character cut in two at the end of the head is no fault of the file. */
static struct str without_cut_character(struct str head)
{
    if (head.len < SNIFF_BYTES)
        return head;
    size_t back = 0;
    while (back < 3 && ((unsigned char)head.at[head.len - 1 - back] & 0xC0) == 0x80)
        back++;
    unsigned char lead = (unsigned char)head.at[head.len - 1 - back];
    return lead >= 0xC0 ? str_part(head, 0, head.len - 1 - back) : head;
}

static bool is_text(struct str head)
{
    head = without_cut_character(head);
    for (size_t i = 0; i < head.len; i++) {
        unsigned char c = (unsigned char)head.at[i];
        if ((c < 0x20 && c != '\t' && c != '\r' && c != '\n') || c == 0x7F)
            return false;
    }
    return head.len > 0 && utf8_is_valid(head);
}

enum sniff sniff_bytes(struct str head)
{
    for (size_t i = 0; i < COUNT_OF(magics); i++) {
        if (!magic_matches(&magics[i], head))
            continue;
        if (magics[i].type == SNIFF_ZIP)
            return zip_kind(head);
        if (magics[i].type == SNIFF_MP4)
            return iso_kind(head);
        if (magics[i].type == SNIFF_WEBP && !str_starts(head, S("RIFF")))
            continue;
        return magics[i].type;
    }
    return is_text(head) ? SNIFF_TEXT : SNIFF_UNKNOWN;
}

static struct str read_at(int fd, off_t from, char *bytes, size_t room)
{
    size_t len = 0;
    ssize_t got;
    while (len < room && (got = pread(fd, bytes + len, room - len, from + (off_t)len)) > 0)
        len += (size_t)got;
    return (struct str){bytes, len};
}

enum sniff sniff_file(int fd)
{
    char bytes[TAIL_BYTES];
    enum sniff type = sniff_bytes(read_at(fd, 0, bytes, SNIFF_BYTES));
    struct stat st;
    if (type == SNIFF_ZIP && fstat(fd, &st) == 0) {
        off_t from = st.st_size > TAIL_BYTES ? st.st_size - TAIL_BYTES : 0;
        type = zip_kind(read_at(fd, from, bytes, sizeof bytes));
    }
    return type;
}

static const struct {
    const char *mime;
    const char *extension;
} names[] = {
#define X(tag, mime, extension) {mime, extension},
    SNIFF_TABLE(X)
#undef X
};

const char *sniff_mime(enum sniff type)
{
    must(type < SNIFF_COUNT);
    return names[type].mime;
}

const char *sniff_extension(enum sniff type)
{
    must(type < SNIFF_COUNT);
    return names[type].extension;
}

bool sniff_is_picture(enum sniff type)
{
    return type == SNIFF_JPEG || type == SNIFF_PNG;
}
