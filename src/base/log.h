#pragma once
/*
 * One line of English a time on stderr: time, level, event, key=value pairs. Any thread.
 * Never personal data, never a secret.
 *
 *   log_line(LOG_WARN, "timer_missed", "case=%s late_ms=%lld", id, late);
 */
#include "base/status.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

void log_line(enum log_level level, const char *event, const char *format, ...) PRINTF_LIKE(3, 4);
