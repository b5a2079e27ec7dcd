#pragma once
/*
 * Which form an answer takes: page or JSON, and in which language.
 */
#include "api/call.h"

/* The cookie that remembers a language chosen with ?lang=. */
#define LANG_COOKIE "lang"

/*
 * ?lang=zh|en, else the cookie, else Accept-Language, else Chinese.
 *
 * Errors: ST_MALFORMED negotiate.lang: ?lang= names another language
 */
MUST_USE enum status negotiate_lang(struct http_call *http, enum lang *out);

/*
 * The language that Accept-Language asks for: the first of zh and en by weight; Chinese where it
 * names neither.
 */
enum lang negotiate_accept_language(struct str header);

/*
 * Whether the caller is to get a page: outside /api/v1, for a route that has one, unless JSON is
 * accepted and HTML less so.
 */
bool negotiate_is_page(const struct http_call *http, bool api_mount, bool has_page);
