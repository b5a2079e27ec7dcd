/*
 * Feeds each file of the named folders to a fuzzer, in the order of their names, so that what was
 * once found stays mended. An empty or absent folder is a failure: nothing would be proved.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "fuzz.h"

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* Held in exactly as many bytes as it has, so that a sanitizer sees the first one behind it. */
static int replay_file(const char *folder, const char *name)
{
    char path[4096];
    if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path)
        return 1;
    FILE *file = fopen(path, "rb");
    struct stat about;
    if (file == NULL || fstat(fileno(file), &about) != 0) {
        perror(path);
        return 1;
    }
    size_t size = (size_t)about.st_size;
    uint8_t *input = malloc(size == 0 ? 1 : size);
    if (input == NULL || fread(input, 1, size, file) != size) {
        perror(path);
        return 1;
    }
    fclose(file);
    printf("%s (%zu bytes)\n", name, size);
    fflush(stdout);
    LLVMFuzzerTestOneInput(input, size);
    free(input);
    return 0;
}

static int replay_folder(const char *folder)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_visible, alphasort);
    int failed = count <= 0;
    if (failed)
        fprintf(stderr, "%s: no input to replay\n", folder);
    for (int i = 0; i < count; i++) {
        failed |= replay_file(folder, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    return failed;
}

int main(int argc, char **argv)
{
    int failed = argc < 2;
    for (int i = 1; i < argc; i++)
        failed |= replay_folder(argv[i]);
    return failed;
}
