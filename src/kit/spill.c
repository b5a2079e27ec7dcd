/*
 * All texts stand end to end in one imagined line of bytes: its head in memory, its tail in a file.
 */
#include "kit/spill.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MEMORY_BYTES = 16 * 1024 * 1024, PENDING_BYTES = 256 * 1024, FIRST_CAP = 1024 };
enum { FIRST_MEMORY = 64 * 1024 };

void spill_init(struct spill *strings, struct arena *arena, struct str tmp_dir)
{
    *strings = (struct spill){.arena = arena, .spill = -1};
    strings->tmp_dir = str_c(arena, tmp_dir.at == NULL ? S("/tmp") : tmp_dir);
}

void spill_fini(struct spill *strings)
{
    if (strings->spill >= 0)
        close(strings->spill);
    strings->spill = -1;
}

static bool write_pending(struct spill *strings)
{
    const char *at = strings->pending;
    size_t left = strings->pending_len;
    while (left > 0) {
        ssize_t done = write(strings->spill, at, left);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        at += done;
        left -= (size_t)done;
    }
    strings->spilled += strings->pending_len;
    strings->pending_len = 0;
    return true;
}

static bool write_on(struct spill *strings, const char *at, size_t len)
{
    if (strings->spill < 0) {
        strings->spill = open(strings->tmp_dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
        strings->pending = arena_alloc(strings->arena, PENDING_BYTES);
        if (strings->spill < 0)
            return false;
    }
    while (len > 0) {
        size_t room = PENDING_BYTES - strings->pending_len;
        size_t now = len < room ? len : room;
        memcpy(strings->pending + strings->pending_len, at, now);
        strings->pending_len += now;
        at += now;
        len -= now;
        if (strings->pending_len == PENDING_BYTES && !write_pending(strings))
            return false;
    }
    return true;
}

static void grow_ends(struct spill *strings)
{
    size_t cap = strings->cap == 0 ? FIRST_CAP : strings->cap * 2;
    uint64_t *ends = arena_alloc_array(strings->arena, cap, sizeof *ends);
    if (strings->count > 0)
        memcpy(ends, strings->ends, strings->count * sizeof *ends);
    strings->ends = ends;
    strings->cap = cap;
}

/* Doubles up to MEMORY_BYTES; a small workbook costs little. */
static void grow_memory(struct spill *strings, size_t len)
{
    uint64_t wanted = strings->total + len;
    if (wanted > MEMORY_BYTES)
        wanted = MEMORY_BYTES;
    size_t cap = strings->memory_cap == 0 ? FIRST_MEMORY : strings->memory_cap;
    while (cap < wanted)
        cap *= 2;
    if (cap == strings->memory_cap)
        return;
    char *memory = arena_alloc(strings->arena, cap);
    if (strings->memory != NULL)
        memcpy(memory, strings->memory, strings->memory_cap);
    strings->memory = memory;
    strings->memory_cap = cap;
}

bool spill_add(struct spill *strings, struct str text)
{
    if (strings->count >= SPILL_TEXT_LIMIT)
        return false;
    if (strings->count == strings->cap)
        grow_ends(strings);
    grow_memory(strings, text.len);
    size_t in_memory = 0;
    if (strings->total < MEMORY_BYTES) {
        in_memory = MEMORY_BYTES - (size_t)strings->total;
        if (in_memory > text.len)
            in_memory = text.len;
        if (in_memory > 0)
            memcpy(strings->memory + strings->total, text.at, in_memory);
    }
    if (text.len > in_memory && !write_on(strings, text.at + in_memory, text.len - in_memory))
        return false;
    strings->total += text.len;
    strings->ends[strings->count++] = strings->total;
    return true;
}

/* `from` counts from the first byte that memory does not hold. */
static bool read_spilled(const struct spill *strings, char *to, size_t len, uint64_t from)
{
    if (from + len > strings->spilled) {
        uint64_t on_disk = from < strings->spilled ? strings->spilled - from : 0;
        uint64_t at = from + on_disk - strings->spilled;
        memcpy(to + on_disk, strings->pending + at, len - (size_t)on_disk);
        len = (size_t)on_disk;
    }
    while (len > 0) {
        ssize_t got = pread(strings->spill, to, len, (off_t)from);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        to += got;
        from += (uint64_t)got;
        len -= (size_t)got;
    }
    return true;
}

bool spill_find(const struct spill *strings, struct arena *arena, uint64_t number, struct str *out)
{
    if (number >= strings->count)
        return false;
    uint64_t from = number == 0 ? 0 : strings->ends[number - 1];
    size_t len = (size_t)(strings->ends[number] - from);
    char *text = arena_alloc(arena, len);
    size_t in_memory = 0;
    if (from < MEMORY_BYTES) {
        in_memory = MEMORY_BYTES - (size_t)from;
        if (in_memory > len)
            in_memory = len;
        if (in_memory > 0)
            memcpy(text, strings->memory + from, in_memory);
    }
    *out = (struct str){text, len};
    return in_memory == len || read_spilled(strings, text + in_memory, len - in_memory,
                                            from + in_memory - MEMORY_BYTES);
}
