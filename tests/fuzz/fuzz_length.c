/*
 * Lengths of time: what is accepted is in range and is read back from the form we print.
 */
#include "base/length.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct length length;
    struct length again;
    if (!length_parse((struct str){(const char *)bytes, size}, &length))
        return 0;
    must(length.count >= 1 && length.count <= length_max(length.unit));
    must(length_parse(length_format(arena, length), &again));
    must(again.unit == length.unit && again.count == length.count);
    return 0;
}
