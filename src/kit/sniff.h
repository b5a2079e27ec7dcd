#pragma once
/*
 * What a file is, by its bytes; never by its name or by what a browser claims. Any thread.
 */
#include <stdbool.h>

#include "base/str.h"

/* X(tag, MIME type, extension): the types that anything here accepts, stores or shows. */
#define SNIFF_TABLE(X)                                                                             \
    X(UNKNOWN, "application/octet-stream", "bin")                                                  \
    X(JPEG, "image/jpeg", "jpg")                                                                   \
    X(PNG, "image/png", "png")                                                                     \
    X(GIF, "image/gif", "gif")                                                                     \
    X(WEBP, "image/webp", "webp")                                                                  \
    X(HEIC, "image/heic", "heic")                                                                  \
    X(PDF, "application/pdf", "pdf")                                                               \
    X(MP4, "video/mp4", "mp4")                                                                     \
    X(ZIP, "application/zip", "zip")                                                               \
    X(XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")           \
    X(DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx")     \
    X(OLE, "application/x-ole-storage", "ole")                                                     \
    X(TEXT, "text/plain; charset=utf-8", "txt")

enum sniff {
#define X(tag, mime, extension) SNIFF_##tag,
    SNIFF_TABLE(X)
#undef X
        SNIFF_COUNT
};

/* Enough of a file's beginning for sniff_bytes. */
enum { SNIFF_BYTES = 4096 };

/*
 *   head  the first bytes of the file, SNIFF_BYTES or all of it where it is shorter
 *
 * xlsx and docx are told by the names of their first parts; a zip that hides them is SNIFF_ZIP.
 * TEXT is UTF-8 without control bytes other than tab, CR and LF. OLE holds .xls and .doc alike.
 */
enum sniff sniff_bytes(struct str head);

/* By pread, the end of a zip as well; a file that cannot be read is SNIFF_UNKNOWN. */
enum sniff sniff_file(int fd);

const char *sniff_mime(enum sniff type);
const char *sniff_extension(enum sniff type);
bool sniff_is_picture(enum sniff type); /* one that kit/picture can open */
