/*
 * Replays a fuzzer's corpus without libFuzzer: every file of the folder given is one input and one
 * line of TAP. An input that breaks the property ends the process, which fails the whole test; the
 * line before it names the last input that was right, so the input is announced first.
 */
#include <dirent.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"

enum { INPUT_LIMIT_BYTES = 16 << 20 };

static int is_input(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static void replay(const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data = malloc(INPUT_LIMIT_BYTES);
    if (file == NULL || data == NULL) {
        perror(path);
        exit(1);
    }
    size_t size = fread(data, 1, INPUT_LIMIT_BYTES, file);
    fclose(file);
    /* An exact block, so that the address sanitizer sees the first byte read beyond it. */
    uint8_t *exact = realloc(data, size == 0 ? 1 : size);
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: %s CORPUS_FOLDER\n", argv[0]);
        return 2;
    }
    struct dirent **inputs;
    int count = scandir(argv[1], &inputs, is_input, alphasort);
    if (count <= 0) {
        fprintf(stderr, "%s: no inputs\n", argv[1]);
        return 1;
    }
    printf("1..%d\n", count);
    for (int i = 0; i < count; i++) {
        char path[PATH_MAX];
        snprintf(path, sizeof path, "%s/%s", argv[1], inputs[i]->d_name);
        printf("# %s\n", inputs[i]->d_name);
        fflush(stdout);
        replay(path);
        printf("ok %d - %s\n", i + 1, inputs[i]->d_name);
        free(inputs[i]);
    }
    free(inputs);
    return 0;
}
