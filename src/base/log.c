/*
 * A whole line goes out in one write, so that lines of several threads never mix. Control bytes
 * in values become '?', so that no value can forge a line.
 */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { LINE_BYTES = 2048 };

void log_line(enum log_level level, const char *event, const char *format, ...)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};
    char line[LINE_BYTES];
    struct timespec now;
    struct tm utc;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    size_t len = strftime(line, sizeof line, "%Y-%m-%dT%H:%M:%S", &utc);
    len += (size_t)snprintf(line + len, sizeof line - len, ".%03ldZ level=%s event=%s ",
                            now.tv_nsec / 1000000, names[level], event);
    va_list args;
    va_start(args, format);
    int more = vsnprintf(line + len, sizeof line - len - 1, format, args);
    va_end(args);
    size_t end = more < 0 ? len : len + (size_t)more;
    if (end > sizeof line - 2)
        end = sizeof line - 2;
    for (size_t i = len; i < end; i++)
        if ((unsigned char)line[i] < 0x20 || line[i] == 0x7F)
            line[i] = '?';
    line[end++] = '\n';
    if (write(STDERR_FILENO, line, end) < 0)
        return; /* nowhere left to say so */
}
