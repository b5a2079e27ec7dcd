/*
 * Received tables come from many typewriters. Only characters that occur in column names, list
 * words and case numbers are mapped from their traditional form; full texts stay as printed.
 */
#include "services/intake_text.h"

#include "base/vec.h"

/* Pairs: traditional, simplified. */
static const char simplified[] =
    "號号編编辦办題题況况類类調调查查實实區区縣县屬属處处責责標标時时間间結结狀状態态舉举報报內内問"
    "问徑径來来電电話话"
    "訪访廢废氣气聲声汙污汚污環环塵尘揚扬煙烟農农鎮镇鄉乡開开發发濱滨興兴賓宾東东陽阳長长慶庆廣广壓"
    "压項项單单體体員员"
    "後后點点級级經经濟济際际萬万億亿與与從从為为無无數数據据圍围國国華华寧宁遼辽龍龙蘇苏贛赣魯鲁陝"
    "陕隴陇雲云貴贵瓊琼"
    "連连達达遷迁還还關关閉闭陸陆階阶隨随險险須须領领頭头顧顾顯显風风飲饮飯饭驗验歸归斷断監监測测執"
    "执業业設设計计認认"
    "說说請请護护豐丰貨货質质購购賠赔車车軌轨轉转輻辐邊边釋释鉛铅鋼钢鐵铁銅铜錄录鍋锅錯错鎘镉門门閣"
    "阁陰阴雜杂離离難难"
    "靜静韓韩預预願愿養养馬马魚鱼鳥鸟鹽盐麥麦黃黄齊齐齡龄個个們们團团堅坚場场塊块壞坏夾夹專专屆届島"
    "岛幹干廠厂彙汇復复"
    "戶户擬拟擾扰歷历殘残湯汤滅灭滿满漢汉潔洁澤泽濁浊災灾燒烧營营牆墙獎奖產产畝亩畜畜療疗礦矿確确種"
    "种稱称積积穩稳"
    "築筑糧粮糾纠紀纪約约純纯納纳組组細细終终給给統统絕绝網网緊紧線线總总縮缩繼继續续罰罚義义習习聯"
    "联職职腦脑膠胶"
    "舊旧艙舱蓋盖藝艺藥药蘭兰術术衛卫裝装補补製制複复規规視视覺觉觀观訂订記记許许評评詳详誤误諾诺證"
    "证識识議议讓让"
    "負负財财貢贡貼贴費费資资賬账贈赠車车較较載载輕轻輛辆輸输農农進进運运過过遞递遠远適适選选郵邮鄰"
    "邻醫医釘钉針针"
    "銷销鋪铺鏟铲鑽钻閒闲隊队陳陈隱隐雞鸡雖虽雙双響响頁页頂顶順顺額额館馆駐驻騎骑鬧闹鴨鸭";

static uint32_t simplify(uint32_t code)
{
    if (code < 0x4E00 || code > 0x9FFF)
        return code;
    struct str table = {simplified, sizeof simplified - 1};
    for (size_t at = 0; at < table.len;) {
        uint32_t from = utf8_next(table, &at);
        uint32_t to = utf8_next(table, &at);
        if (from == code)
            return to;
    }
    return code;
}

static bool is_blank(uint32_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || (c >= 0x2000 && c <= 0x200F) ||
           c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x2060 || c == 0x3000 ||
           c == 0xFEFF;
}

bool is_han(uint32_t c)
{
    return c == 0x3007 || (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
           (c >= 0x20000 && c <= 0x3FFFF);
}

static uint32_t narrow(uint32_t c)
{
    return c >= 0xFF01 && c <= 0xFF5E ? c - 0xFF01 + '!' : c;
}

static void put_code(struct buf *out, uint32_t code)
{
    char bytes[4];
    buf_bytes(out, bytes, utf8_encode(code, bytes));
}

struct str fold_text(struct arena *arena, struct str text)
{
    struct buf out;
    buf_init(&out, arena, text.len * 2 + 16);
    for (size_t at = 0; at < text.len;) {
        uint32_t code = narrow(utf8_next(text, &at));
        if (is_blank(code))
            continue;
        if (code >= 'a' && code <= 'z')
            code -= 'a' - 'A';
        put_code(&out, simplify(code));
    }
    return buf_str(&out);
}

/* Past "一、", "1.", "(二)", "③"; 0 where the text begins with no ordinal. */
static size_t ordinal_end(struct str text)
{
    size_t at = 0, before;
    bool bracket = str_starts(text, S("("));
    if (bracket)
        at = 1;
    int number;
    before = at;
    if (!numeral_next(text, &at, &number) || at == before || at >= text.len)
        return 0;
    uint32_t mark = utf8_next(text, &at);
    if (bracket ? mark == ')' : mark == 0x3001 || mark == '.')
        return at < text.len ? at : 0;
    return 0;
}

static bool is_kept_in_name(uint32_t c)
{
    return is_han(c) || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
}

struct str fold_name(struct arena *arena, struct str text)
{
    struct str folded = fold_text(arena, text);
    struct buf out;
    buf_init(&out, arena, folded.len + 16);
    for (size_t at = ordinal_end(folded); at < folded.len;) {
        uint32_t code = utf8_next(folded, &at);
        if (is_kept_in_name(code))
            put_code(&out, code);
    }
    return buf_str(&out);
}

struct str squeeze_text(struct arena *arena, struct str text)
{
    struct buf out;
    buf_init(&out, arena, text.len + 16);
    uint32_t last = 0;
    bool gap = false;
    text = str_trim(text);
    for (size_t at = 0; at < text.len;) {
        uint32_t code = utf8_next(text, &at);
        if (is_blank(code)) {
            gap = true;
            continue;
        }
        bool narrow_both = last != 0 && last < 0x2E80 && code < 0x2E80;
        if (gap && narrow_both)
            buf_char(&out, ' ');
        put_code(&out, code);
        last = code;
        gap = false;
    }
    return buf_str(&out);
}

struct str tidy_text(struct arena *arena, struct str text)
{
    struct buf out;
    buf_init(&out, arena, text.len + 16);
    text = str_trim(text);
    size_t breaks = 0, blanks = 0;
    for (size_t at = 0; at < text.len;) {
        size_t from = at;
        uint32_t code = utf8_next(text, &at);
        if (code == '\r' || code == '\n') {
            if (code == '\r' && at < text.len && text.at[at] == '\n')
                at++;
            breaks++;
            out.len -= blanks;
            blanks = 0;
            if (breaks <= 2)
                buf_char(&out, '\n');
            continue;
        }
        buf_bytes(&out, text.at + from, at - from);
        if (is_blank(code)) {
            blanks += at - from;
        } else {
            blanks = 0;
            breaks = 0;
        }
    }
    return buf_str(&out);
}

int han_digit(uint32_t code)
{
    static const uint32_t digits[] = {0x3007, 0x4E00, 0x4E8C, 0x4E09, 0x56DB,
                                      0x4E94, 0x516D, 0x4E03, 0x516B, 0x4E5D};
    for (int i = 0; i < 10; i++)
        if (digits[i] == code)
            return i;
    return code == 0x96F6 || code == 0x25CB ? 0 : code == 0x4E24 ? 2 : -1;
}

/* 十 10, 百 100, 千 1000; 廿 and 卅 count as 二十 and 三十. */
static int han_unit(uint32_t code)
{
    return code == 0x5341 ? 10 : code == 0x767E ? 100 : code == 0x5343 ? 1000 : 0;
}

struct numeral {
    int total, digit;
    bool units, any;
    size_t digits;
};

/* One more character; false: it does not belong to the numeral. */
static bool numeral_take(struct numeral *n, uint32_t code)
{
    int digit = code >= '0' && code <= '9' ? (int)(code - '0') : han_digit(code);
    int unit = han_unit(code);
    if (code == 0x5EFF || code == 0x5345) {
        n->total += code == 0x5EFF ? 20 : 30;
        n->units = true;
        n->digit = 0;
        n->digits = 0;
    } else if (unit > 0) {
        n->total += (n->digits == 0 ? 1 : n->digit) * unit;
        n->units = true;
        n->digit = 0;
        n->digits = 0;
    } else if (digit >= 0 && n->digits < 4) {
        n->digit = n->units && n->digits == 1 && n->digit == 0 ? digit : n->digit * 10 + digit;
        n->digits++;
    } else {
        return false;
    }
    n->any = true;
    return n->total + n->digit <= 9999;
}

bool numeral_next(struct str text, size_t *offset, int *out)
{
    struct numeral n = {0};
    size_t at = *offset;
    while (at < text.len) {
        size_t next = at;
        struct numeral before = n;
        if (!numeral_take(&n, utf8_next(text, &next))) {
            n = before;
            break;
        }
        at = next;
    }
    if (!n.any)
        return false;
    *offset = at;
    *out = n.total + n.digit;
    return true;
}
