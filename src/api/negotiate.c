/*
 * RFC 9110 §12.5, as far as two languages and two media need it.
 */
#include "api/negotiate.h"

#include "base/num.h"

static bool lang_parse(struct str text, enum lang *out)
{
    if (!str_eq_c(text, "zh") && !str_eq_c(text, "en"))
        return false;
    *out = str_eq_c(text, "zh") ? LANG_ZH : LANG_EN;
    return true;
}

/* The weight of "zh-CN;q=0.8" in thousandths. */
static int64_t weight_of(struct str item)
{
    int64_t weight = 1000;
    size_t at = str_find(item, S("q="));
    if (at != SIZE_MAX && !num_parse_scaled(str_trim(str_from(item, at + 2)), 3, 0, 1000, &weight))
        return 0;
    return weight;
}

enum lang negotiate_accept_language(struct str header)
{
    enum lang best = LANG_ZH;
    int64_t best_weight = 0;
    struct str item;
    while (str_next(&header, ',', &item)) {
        enum lang lang;
        item = str_trim(item);
        bool known = lang_parse(str_part(item, 0, 2), &lang);
        bool whole = item.len == 2 || (item.len > 2 && (item.at[2] == '-' || item.at[2] == ';'));
        if (known && whole && weight_of(item) > best_weight) {
            best = lang;
            best_weight = weight_of(item);
        }
    }
    return best;
}

enum status negotiate_lang(struct http_call *http, enum lang *out)
{
    struct str asked = http_query(http, "lang");
    *out = negotiate_accept_language(http_header(http, "accept-language"));
    (void)lang_parse(http_cookie(http, LANG_COOKIE), out);
    if (asked.len > 0 && !lang_parse(asked, out))
        return fail(&http->ctx, ST_MALFORMED, "negotiate.lang", NO_ARGS);
    return ST_OK;
}

bool negotiate_is_page(const struct http_call *http, bool api_mount, bool has_page)
{
    struct str accept = http_header(http, "accept");
    if (api_mount || !has_page)
        return false;
    return http_accept_weight(accept, S("text/html")) >=
           http_accept_weight(accept, S("application/json"));
}
