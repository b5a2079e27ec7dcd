/*
 * Received tables come from many typewriters. Only characters that occur in column names, list
 * words and case numbers are mapped from their traditional form; full texts stay as printed.
 */
#include "services/intake_text.h"

#include <stdlib.h>
#include <string.h>

/* Pairs: traditional, simplified; each character three bytes, sorted by the first of a pair. */
static const char simplified[] = "來来個个們们億亿內内區区員员問问單单國国圍围團团執执堅坚報报場场"
                                 "塊块塵尘壓压壞坏夾夹實实寧宁專专屆届屬属島岛幹干"
                                 "廠厂廢废廣广彙汇後后徑径從从復复態态慶庆戶户揚扬據据擬拟擾扰數数"
                                 "斷断時时東东業业標标歷历歸归殘残氣气汙污汚污況况"
                                 "測测湯汤滅灭滿满漢汉潔洁澤泽濁浊濟济濱滨災灾為为無无煙烟燒烧營营"
                                 "牆墙狀状獎奖環环瓊琼產产畝亩療疗發发監监確确礦矿"
                                 "種种稱称積积穩稳築筑糧粮糾纠紀纪約约納纳純纯級级細细終终組组結结"
                                 "絕绝給给統统經经網网緊紧線线編编縣县縮缩總总繼继"
                                 "續续罰罚義义習习聯联聲声職职腦脑膠胶與与興兴舉举舊旧艙舱華华萬万"
                                 "蓋盖藝艺藥药蘇苏蘭兰處处號号術术衛卫補补裝装製制"
                                 "複复規规視视覺觉觀观訂订計计記记訪访設设許许評评話话詳详認认誤误"
                                 "說说調调請请諾诺證证識识議议護护讓让豐丰負负財财"
                                 "貢贡貨货責责貴贵費费貼贴資资賓宾賠赔質质賬账購购贈赠贛赣車车軌轨"
                                 "較较載载輕轻輛辆輸输輻辐轉转辦办農农連连進进運运"
                                 "過过達达遞递遠远適适遷迁選选遼辽還还邊边郵邮鄉乡鄰邻醫医釋释釘钉"
                                 "針针鉛铅銅铜銷销鋪铺鋼钢錄录錯错鍋锅鎘镉鎮镇鏟铲"
                                 "鐵铁鑽钻長长門门閉闭開开閒闲間间閣阁關关陝陕陰阴陳陈陸陆陽阳隊队"
                                 "階阶際际隨随險险隱隐隴陇雖虽雙双雜杂雞鸡離离難难"
                                 "雲云電电靜静韓韩響响頁页頂顶項项順顺須须預预領领頭头題题額额願愿"
                                 "類类顧顾顯显風风飯饭飲饮養养館馆馬马駐驻騎骑驗验"
                                 "體体鬧闹魚鱼魯鲁鳥鸟鴨鸭鹽盐麥麦黃黄點点齊齐齡龄龍龙";

enum { HAN_BYTES = 3, PAIR_BYTES = 2 * HAN_BYTES };

static int compare_pair(const void *key, const void *pair)
{
    return memcmp(key, pair, HAN_BYTES);
}

static uint32_t simplify(uint32_t code)
{
    char key[4];
    if (code < 0x4E00 || code > 0x9FFF)
        return code;
    (void)utf8_encode(code, key);
    const char *pair =
        bsearch(key, simplified, sizeof simplified / PAIR_BYTES, PAIR_BYTES, compare_pair);
    size_t at = 0;
    return pair == NULL ? code : utf8_next((struct str){pair + HAN_BYTES, HAN_BYTES}, &at);
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
