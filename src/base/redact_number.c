/*
 * Numbers that lead to a person: identity numbers, telephones, accounts, e-mail, plates; and the
 * numbers of a house. Digits may be full-width or parted by single blanks and dashes. What follows
 * letters is the number of a case or a document and is left alone.
 */
#include "base/redact_int.h"

enum { RUN_MAX = 24 };

/* Digits from a place on, with single separators between them passed over. */
struct run {
    size_t from, to; /* glyphs */
    int count;
    char digits[RUN_MAX + 1];
    size_t ends[RUN_MAX]; /* glyph behind the n-th digit */
    bool parted;
};

static bool is_separator(uint32_t code)
{
    return code == ' ' || code == '-';
}

static struct run run_at(const struct scan *scan, size_t at)
{
    struct run run = {.from = at, .to = at};
    while (run.count < RUN_MAX) {
        uint32_t code = scan_code(scan, at);
        if (code_is_digit(code)) {
            run.digits[run.count] = (char)code;
            run.ends[run.count++] = run.to = ++at;
        } else if (is_separator(code) && run.count > 0 && code_is_digit(scan_code(scan, at + 1))) {
            run.parted = true;
            at++;
        } else {
            break;
        }
    }
    return run;
}

/* ---- identity numbers ---- */

static int two(const char *digits)
{
    return (digits[0] - '0') * 10 + digits[1] - '0';
}

static bool is_birthday(int year, int month, int day)
{
    return year >= 1900 && year <= 2100 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

static bool is_province(int code)
{
    return (code >= 11 && code <= 15) || (code >= 21 && code <= 23) || (code >= 31 && code <= 37) ||
           (code >= 41 && code <= 46) || (code >= 50 && code <= 54) || (code >= 61 && code <= 65) ||
           code == 71 || (code >= 81 && code <= 83);
}

/* GB 11643-1999: ISO 7064 MOD 11-2 over 17 digits. */
static char check_digit(const char *digits)
{
    int sum = 0, weight = 1;
    for (int i = 16; i >= 0; i--) {
        weight = weight * 2 % 11;
        sum += (digits[i] - '0') * weight;
    }
    return "10X98765432"[sum % 11];
}

static bool scan_identity(struct scan *scan, const struct run *run)
{
    const char *d = run->digits;
    if (run->count < 15 || !is_province(two(d)))
        return false;
    size_t end17 = run->count >= 17 ? run->ends[16] : 0;
    bool has_x = run->count == 17 &&
                 (scan_code(scan, end17) == 'X' || scan_code(scan, end17) == 'x');
    if ((run->count == 18 || has_x) &&
        is_birthday(two(d + 6) * 100 + two(d + 8), two(d + 10), two(d + 12))) {
        bool holds = check_digit(d) == (has_x ? 'X' : d[17]);
        scan_mark(scan, run->from, run->to + (has_x ? 1 : 0), REDACT_IDENTITY, holds ? 99 : 70);
        return true;
    }
    if (run->count == 15 && !run->parted && is_birthday(1900 + two(d + 6), two(d + 8), two(d + 10))) {
        bool told = scan_any_before(scan, run->from, "身份证号码 身份证号 身份证 证件号 身份证: 身份证号: 身份证号码: 证件号:") > 0;
        scan_mark(scan, run->from, run->to, REDACT_IDENTITY, told ? 95 : 70);
        return true;
    }
    return false;
}

/* ---- telephones and accounts ---- */

static const char UNITS[] =
    "元 分 万元 亿元 平方 立方 吨 公斤 千克 亩 公顷 米 公里 千米 度 户 人 件 % 年 余 多 毫克 升 千瓦 号文 批";

/* A word within the few characters before, of the same sentence. */
static bool told_before(const struct scan *scan, size_t at, const char *words)
{
    for (size_t back = 0; back <= 6 && back <= at; back++) {
        if (back > 0 && scan_in("。；;，,\n", scan_code(scan, at - back)))
            return false;
        if (scan_any_before(scan, at - back, words) > 0)
            return true;
    }
    return false;
}

static const char PHONE_WORDS[] = "电话 座机 固话 手机 传真 致电 拨打 号码 联系方式 tel Tel TEL";
static const char CODE_WORDS[] = "编号 文号 单号 代码 许可证 执照 订单 批次 受理 件号 案号 序号 坐标 东经 北纬";

static bool scan_mobile(struct scan *scan, const struct run *run)
{
    int skip = 0;
    if (run->count == 13 && run->digits[0] == '8' && run->digits[1] == '6')
        skip = 2;
    if (run->count == 15 && memcmp(run->digits, "0086", 4) == 0)
        skip = 4;
    if (run->count - skip != 11 || run->digits[skip] != '1' || run->digits[skip + 1] < '3')
        return false;
    if (scan_any_at(scan, run->to, UNITS) > 0)
        return false;
    bool doubtful = told_before(scan, run->from, CODE_WORDS);
    size_t from = run->from > 0 && scan_code(scan, run->from - 1) == '+' ? run->from - 1 : run->from;
    scan_mark(scan, from, run->to, REDACT_MOBILE, doubtful ? 50 : 95);
    return true;
}

static bool is_hotline(const struct run *run)
{
    return run->count == 10 && (memcmp(run->digits, "400", 3) == 0 || memcmp(run->digits, "800", 3) == 0);
}

static size_t with_extension(const struct scan *scan, size_t to)
{
    size_t at = to + (scan_code(scan, to) == 0x8f6c ? 1 : 0); /* 转 */
    if (at == to)
        return to;
    size_t end = at;
    while (code_is_digit(scan_code(scan, end)) && end - at < 6)
        end++;
    return end > at ? end : to;
}

static bool scan_landline(struct scan *scan, const struct run *run)
{
    bool told = told_before(scan, run->from, PHONE_WORDS);
    bool area = run->digits[0] == '0' && run->digits[1] != '0' && run->count >= 10 && run->count <= 12;
    bool bare = (run->count == 7 || run->count == 8) && run->digits[0] > '1' && told && !run->parted;
    if ((!area && !bare) || is_hotline(run) || scan_any_at(scan, run->to, UNITS) > 0)
        return false;
    if (!told && told_before(scan, run->from, CODE_WORDS))
        return false;
    size_t from = run->from, to = run->to;
    if (area && from > 0 && scan_code(scan, from - 1) == '(' )
        from--;
    scan_mark(scan, from, with_extension(scan, to), REDACT_LANDLINE, told ? 90 : 75);
    return true;
}

/* (0310)1234567: the area code in brackets. */
static bool scan_bracketed(struct scan *scan, size_t at)
{
    if (scan_code(scan, at) != '(' || scan_code(scan, at + 1) != '0')
        return false;
    struct run area = run_at(scan, at + 1);
    size_t close = area.to;
    if ((area.count != 3 && area.count != 4) || scan_code(scan, close) != ')')
        return false;
    size_t next = close + (is_separator(scan_code(scan, close + 1)) ? 2 : 1);
    struct run number = run_at(scan, next);
    if (number.count != 7 && number.count != 8)
        return false;
    scan_mark(scan, at, with_extension(scan, number.to), REDACT_LANDLINE, 90);
    return true;
}

static bool scan_account(struct scan *scan, const struct run *run)
{
    bool chat = run->count >= 5 && run->count <= 11 && told_before(scan, run->from, "QQ qq 微信 扣扣");
    bool bank = run->count >= 15 && run->count <= 19 && told_before(scan, run->from, "银行卡 账号 账户 卡号");
    if (!chat && !bank)
        return false;
    scan_mark(scan, run->from, run->to, REDACT_ACCOUNT, 90);
    return true;
}

static bool is_word(uint32_t code)
{
    return code_is_digit(code) || code_is_letter(code) || code == '_' || code == '.' || code == '-' ||
           code == '+';
}

static void scan_email(struct scan *scan, size_t at)
{
    size_t from = at, to = at + 1;
    bool dotted = false;
    while (from > 0 && is_word(scan_code(scan, from - 1)))
        from--;
    for (; is_word(scan_code(scan, to)); to++)
        dotted = dotted || scan_code(scan, to) == '.';
    while (to > at + 1 && scan_code(scan, to - 1) == '.')
        to--;
    if (from < at && dotted)
        scan_mark(scan, from, to, REDACT_EMAIL, 95);
}

/* 微信号 abc_123: letters after the word. */
static void scan_chat_name(struct scan *scan, size_t at)
{
    size_t told = scan_any_at(scan, at, "微信号: 微信号 微信: 微信 QQ号: QQ号 QQ: QQ");
    size_t from = at + told, to = from;
    while (is_word(scan_code(scan, to)))
        to++;
    if (told > 0 && to - from >= 5)
        scan_mark(scan, from, to, REDACT_ACCOUNT, 90);
}

static const char PLATE_PROVINCES[] = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";

static void scan_plate(struct scan *scan, size_t at)
{
    uint32_t city = scan_code(scan, at + 1);
    if (!scan_in(PLATE_PROVINCES, scan_code(scan, at)) || !code_is_letter(city) || city >= 'a')
        return;
    size_t from = at + 2, digits = 0;
    if (scan_code(scan, from) == 0xb7 || scan_code(scan, from) == 0x2022 || scan_code(scan, from) == ' ')
        from++;
    size_t to = from;
    for (uint32_t code = scan_code(scan, to); code_is_digit(code) || (code_is_letter(code) && code < 'a');
         code = scan_code(scan, ++to))
        digits += code_is_digit(code);
    if (scan_in("挂学警港澳", scan_code(scan, to)))
        to++;
    if ((to - from == 5 || to - from == 6) && digits > 0)
        scan_mark(scan, at, to, REDACT_PLATE, 90);
}

static void scan_named(struct scan *scan, size_t at)
{
    scan_plate(scan, at);
    scan_chat_name(scan, at);
}

void redact_scan_numbers(struct scan *scan)
{
    for (size_t at = 0; at < scan->count; at++) {
        uint32_t code = scan->glyphs[at].code;
        if (code == '@')
            scan_email(scan, at);
        else if (code == '(')
            (void)scan_bracketed(scan, at);
        else if (code_is_han(code) || code == 'Q')
            scan_named(scan, at);
    }
    for (size_t at = 0; at < scan->count; at++) {
        uint32_t before = at == 0 ? 0 : scan->glyphs[at - 1].code;
        if (!code_is_digit(scan->glyphs[at].code) || scan->taken[at])
            continue;
        struct run run = run_at(scan, at);
        bool whole = !code_is_letter(before) && before != '.' && before != '*' &&
                     scan_code(scan, run.to) != '*' && scan_code(scan, run.to) != '.';
        if (whole)
            (void)(scan_identity(scan, &run) || scan_mobile(scan, &run) ||
                   scan_account(scan, &run) || scan_landline(scan, &run));
        at = run.to - 1;
    }
}

/* ---- houses ---- */

static bool is_numeral(uint32_t code)
{
    return code_is_digit(code) || scan_in("一二三四五六七八九十百零〇两", code);
}

/* Numerals, with letters (A座, 12B) and lists (6、11、12) as houses have them. */
static size_t numeral_end(const struct scan *scan, size_t at)
{
    size_t to = at;
    while (is_numeral(scan_code(scan, to)) || code_is_letter(scan_code(scan, to)) ||
           (to > at && scan_in("、-#", scan_code(scan, to)) && is_numeral(scan_code(scan, to + 1))))
        to++;
    return to;
}

static const char INNER[] = "号楼 号院 栋 幢 单元 室 号房 号铺 座";
static const char OUTER[] = "路 街 巷 弄 道 胡同 里 村 屯 大院 小区 坊 组";
static const char ESTATES[] = "小区 花园 苑 家园 公寓 新村 新城 广场 大厦";
static const char NOT_HOUSE[] =
    "号线 号机 号井 号炉 号厂 号文 号令 号公 号地 号桥 号桩 号车 号矿 号坑 号沟 号口 号门 号窑 号池 号泵 号件 号案 号标 号段 号库 号塔 号罐 号煤 号码 号信 号交 号问 号通 号仓";

/* One numeral with its word; 0: none. `after`: another part of a house stands before it. */
static size_t house_part(const struct scan *scan, size_t at, bool after)
{
    size_t numeral = numeral_end(scan, at);
    if (numeral == at || numeral - at > 12)
        return 0;
    size_t word = scan_any_at(scan, numeral, INNER);
    if (word == 1 && !after && scan_in("栋幢座", scan_code(scan, numeral)) &&
        scan_any_before(scan, at, ESTATES) == 0 && numeral_end(scan, numeral + 1) == numeral + 1)
        return 0; /* 三栋: how many, not which */
    if (word > 0 && !(scan_code(scan, numeral) == 0x5ba4 && scan_is_at(scan, numeral, "室内")) &&
        !scan_is_at(scan, numeral, "座机"))
        return numeral + word;
    if (after && (scan_any_at(scan, numeral, "号 楼 层 户") > 0))
        return numeral + 1;
    if (scan_is_at(scan, numeral, "号") && scan_any_at(scan, numeral, NOT_HOUSE) == 0 &&
        scan_any_before(scan, at, OUTER) > 0)
        return numeral + 1;
    return 0;
}

/* 5-2-301 behind the name of an estate. */
static size_t dashed_house(const struct scan *scan, size_t at)
{
    size_t to = at, dashes = 0;
    if (scan_any_before(scan, at, "小区 花园 苑 院 楼 城 府 家园 公寓 村") == 0)
        return 0;
    for (; code_is_digit(scan_code(scan, to)) ||
           (scan_code(scan, to) == '-' && code_is_digit(scan_code(scan, to + 1)));
         to++)
        dashes += scan_code(scan, to) == '-';
    return dashes == 2 ? to : 0;
}

void redact_scan_houses(struct scan *scan)
{
    for (size_t at = 0; at < scan->count; at++) {
        uint32_t before = at == 0 ? 0 : scan->glyphs[at - 1].code;
        bool starts = !is_numeral(before) && !code_is_letter(before) && before != 0x7b2c &&
                      (is_numeral(scan->glyphs[at].code) || code_is_letter(scan->glyphs[at].code));
        if (!starts || scan->taken[at])
            continue;
        size_t end = dashed_house(scan, at), parts = end > 0 ? 3 : 0;
        for (size_t next = at; end == 0 || next == end;) {
            size_t to = house_part(scan, next, parts > 0);
            if (to == 0)
                break;
            end = next = to;
            parts++;
        }
        if (end == 0)
            continue;
        scan_mark(scan, at, end, REDACT_HOUSE, parts >= 2 ? 85 : 60);
        at = end - 1;
    }
}
