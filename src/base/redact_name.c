/*
 * Names of people. A name is a surname and one or two more characters; as many ordinary words look
 * so, something beside it must say that a person is meant: a word before it (联系人, 负责人 …), a title
 * behind it (同志, 书记 …), a telephone beside it, another name before it in a list. Where a name ends
 * is told by what rarely stands in names and by the words that follow them.
 *
 * The tables are ours: frequent surnames first, then rarer ones that need a word before them.
 */
#include "base/redact_int.h"

static const char COMMON[] =
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
    "張劉陳楊趙黃吳孫馬羅鄭謝韓馮蕭鄧許呂蘇盧蔣賈葉閻餘鍾陸萬錢湯喬賀賴龔";
static const char RARE[] =
    "庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦柳邢岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜路詹关苗"
    "凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘"
    "古米池滕晋苑邬臧畅宫来苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝"
    "都巩稽井练仲乐虞卞封竺冼衣楚佟栗匡宗应台巫鞠僧桑荆谌银扬伏岑习胥保和蔺云闫牙";
static const char COMPOUND[] = "欧阳 上官 司马 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 司徒 长孙 夏侯 轩辕 端木 百里 呼延 南宫 歐陽 諸葛";

/* Rarely in a given name: particles, prepositions, and what places, firms and offices are made of. */
static const char NO_NAME[] =
    "的地得在于将把与及或因向对说称被给到也曾已未不是为系有了着过其该这那您我你他她它们吗呢吧都就还又再"
    "县市区镇乡村庄屯街路巷桥沟湖港湾库厂场店司局委办处科室所站队部院校会组社团户号楼栋单"
    "私擅拒偷排堆占租购养违涉举投诉报映查责负罚款电话机身份证住址企营个体府书主任"
    "某二两三四五六七八九十百姓名字女士师傅总理领导员工职务级岗党务关系列材料废臭味粉尘垃圾污染";
/* As the second character of a given name, these rarely, too. */
static const char NO_SECOND[] = "一和长家水气声年月日建分从手时点先带等反承经利使开表介率赴另每并";

/* Words that begin right behind a name. */
static const char FOLLOWS[] =
    "家住 家养 家中 家门 驾驶 组织 二人 三人 两人 等三人 承诺 反映 举报 投诉 来电 来信 表示 承认 介绍 告知 要求 认为 "
    "经营 承包 负责 担任 进行 予以 给予 作出 长期 多次 利用 使用 开办 开设 名下 本人 夫妇 夫妻 父子 兄弟 一家 家中 "
    "等人 涉嫌 存在 签字 签订 现场 办理 同志 先生 女士 书记 主任 违规 违法 擅自 私自 非法 雇佣 带领 联系 接到 约谈 "
    "问责 诫勉 党内 行政 立案 批评 承诺 自愿 自行 通过 以及 及其 主动 组织 牵头 分管 包保 督促 未按";
/* And characters that may stand in a name, too: only where it could end. */
static const char FOLLOWS_SHORT[] = "因赴率每另在曾已未拒又并称说表住从向对将把于为是的和与及等";

/* A person's name comes next. */
static const char BEFORE[] =
    "联系人姓名 举报人姓名 投诉人姓名 姓名 联系人 联络人 联络员 负责人 责任人 法定代表人 法人代表 法人 经营者 经营人 经营户 实际控制人 "
    "承包人 承包户 业主 户主 村民 居民 当事人 嫌疑人 犯罪嫌疑人 老板 店主 房东 租户 邻居 养殖户 种植户 司机 驾驶员 职工 员工 工人 "
    "厂长 经理 董事长 股东 村支书 支部书记 党支部书记 支书 村主任 村委会主任 村书记 副镇长 镇长 乡长 副局长 局长 副县长 县长 副区长 区长 副主任 "
    "主任 副书记 书记 站长 副站长 所长 副所长 队长 大队长 科长 副科长 股长 科员 干部 党员 网格员 河长 巡查员 执法人员 工作人员 包联领导 "
    "包保领导 名叫 叫做 一名叫 经办人 处理人 核查人 签收人 回访人 受访人 被访人 户主为 群众代表 代表 患者 学生 老师 "
    "聯繫人 負責人 舉報人 經營者";
static const char COMPLAINANT[] =
    "举报人 投诉人 反映人 信访人 来信人 来电人 检举人 上访人 申诉人 举报者 投诉者 信访群众 来电群众 举报群众 署名 实名举报人";

static const char TITLES[] =
    "同志 先生 女士 书记 支书 主任 局长 副局长 镇长 副镇长 乡长 县长 区长 站长 所长 队长 科长 股长 厂长 经理 老板 董事长 师傅 村长 "
    "副书记 副主任 律师 医生 夫妇 夫妻 大爷 大妈 等人 本人";

/* Words, not names, though they begin with a surname. */
static const char ORDINARY[] =
    "单元 单位 高度 高新 高速 高压 高温 高峰 方案 方面 方式 方便 石料 石材 石油 石灰 金属 金额 白天 白色 黄河 黄土 江边 江苏 江西 马路 马上 "
    "车间 车辆 任务 任何 任职 计划 时间 时候 应急 应当 应该 严格 严重 严肃 严禁 温度 温室 常年 常见 常务 成立 成员 花园 费用 平时 安装 安置 安排 "
    "安全 房屋 房产 林地 林业 林场 林木 田地 田间 周边 周围 周期 单位 单独 包括 包装 包保 连续 左右 关于 关闭 关停 余人 全部 全市 全县 全区 "
    "党委 党组 党政 明确 解决 解释 许可 许多 项目 相关 强制 牛羊 沙场 沙石 文件 文明 申请 申报 边界 查处 查看 查封 万元 管理 管控 管道 管网 "
    "施工 施行 和谐 原因 原有 原料 官方 来源 来信 来电 向其 路段 路面 路边 陆续 常住 曲线 钟头 段落 孔洞 康复 孟村 范围 武装 何时 何人 "
    "曾经 于是 于本 于当 水利 商户 商铺 简单 简易 车主 盛行 封闭 封存 宣传 乐队 项整 路灯 沙土 银行 台账 台帐 席地 官网 华北 "
    "宁波 温州 金华 台州 武汉 黄石 江汉 楚雄 曲靖 丘北 龙岩 宁德 古田 台江 晋安 连江 罗源 阳江 高明 雷州 廉江 吴川 高阳 白银 阳泉 晋中 郑州 安阳 云南 华南 "
    "吉林 安徽 安康 安庆 常州 常德 邓州 和田 贺州 黄山 黄冈 黄海 江阴 江门 江南 江北 江宁 晋城 晋江 康定 柳州 陆丰 梅州 宁夏 钱江 秦岭 邵阳 石家 苏州 唐山 滕州 万宁 文山 "
    "武威 武夷 徐州 许昌 阳朔 余姚 岳阳 云浮 张家 张掖 章丘 周口 左云 段家 罗马 项城 祁连 马鞍 海南 安宁 安国 成安 武安 永年 曲周 易县 高碑 温岭 龙泉 龙门 龙江 齐鲁 楚天 "
    "蓝天 时向 应向 应发 廉洁 卫星 全长 方露 和平 建设 安居 安泰 平安 全新 全力 全省 全国 康庄 文化 文明 明显 时代 白林 章节 严防 常住 金银 水土 "
    "章程 时限 云雾 党员 都是 燕郊 关心 关注 任意 万余 任期 方正 文化 文书 池塘 武警 康养 温泉 毛坯 安保 常规 常态 全体 全面 全程 全年 解除 游客 谈话 连同 计算";

/* What given names are mostly made of; for names that nothing else gives away. */
static const char GIVEN[] =
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛超霞平刚辉玲桂英华健波宁鑫鹏飞建国秀兰志海燕玉梅文斌庆晓东春生立新金凤永发德胜红少家豪子涵雨欣"
    "一鸣长青福来树林民宝明远思源大天佑满丰云龙俊峰成祥义忠孝仁礼智信诚贵荣昌盛富财旺兴隆顺利凯旋宏光亮振宇浩然博轩梓萱怡佳琪嘉诗雅婷"
    "莹雪琳璐瑶倩茜薇蕾莉萍蓉芬芝荷菊莲花翠珍珠琴瑞晨旭阳昊睿哲翰森彬松柏栋楠桦江洪泽润清洁淑贤惠慧敬恩爱善良正毅坚威武雄虎彪麟鹤雁鸿"
    "达运进连迎启展承继绍祖宗延年寿康安泰和厚学书彩虹雷露冰星辰晶朗灿焕炳炎灵巧美娇媛妍姗娥妮妹小翔野锋锐凡自流繁克勤勋标根友全权廷殿"
    "中本世汉西北南元万先喜乐印奎魁钢铁铭钧锦银铜鑫镇兵宾斌滨保增士守占才敬景香环彦艾亚亭仲会伦倩俭儒冬刘勤升双向嘉坤培士复奇婉孟季"
    "尚岩峻崇川州巍巧帅广廉弘彤心忠怀恒悦战所昕晖朋权楚欢沛泉涌淼湘潇焱燃玫珊琦瑜璇甜田白皓盈真石磐祝福秋立竹笑素红纯纪绪维群耀胤舒良艺"
    "芸苗若茂茹莎莺葵蓓蔚虎蝶裕西言诺谦贞贤超越跃辛迪逸道邦郁钊铎锡镜长闯雯霄霖靖颖飒香骏骥魏鲲鹃黎";

/* Words that end in a surname. */
static const char ENDINGS[] =
    "工程 过程 流程 全程 行程 里程 规程 日程 课程 责任 主任 现任 担任 信任 前任 时任 历任 长江 地方 对方 双方 各方 立方 平方 甲方 乙方 官方 警方 北方 南方 东方 西方 "
    "最高 提高 较高 很高 公安 治安 保安 西安 资金 罚金 基金 押金 租金 现金 奖金 黄金 五金 冶金 本金 矿石 碎石 砂石 采石 岩石 钻石 农田 耕田 油田 森林 树林 园林 "
    "山林 造林 竹林 防护林 时段 阶段 路段 手段 地段 河段 日常 正常 经常 异常 非常 通常 历史 位于 由于 关于 对于 至于 等于 属于 用于 低于 高于 大于 小于 处于 终于 便于 利于 "
    "基于 限于 鉴于 介于 不于 剩余 多余 其余 健康 感谢 规范 示范 防范 模范 交易 贸易 容易 简易 大陆 登陆 允许 分钟 桥梁 气温 水温 清单 名单 订单 罚单 交单 表白 空白 "
    "中华 年华 中文 公文 行文 来文 发文 论文 千万 百万 十万 亿万 开万 沿江 临江 跨江 四周 一周 每周 上周 本周 下周 两周 发黄 土黄 开门 皮革 沥青 汽车 大王";

static bool is_stop(const struct scan *scan, size_t at, bool second)
{
    uint32_t code = scan_code(scan, at);
    return !code_is_han(code) || scan_in(NO_NAME, code) || (second && scan_in(NO_SECOND, code));
}

/* Length of the surname at a glyph: 0, 1 or 2. */
static size_t surname_at(const struct scan *scan, size_t at, bool rare)
{
    uint32_t code = scan_code(scan, at);
    if (scan_any_at(scan, at, COMPOUND) > 0)
        return 2;
    if (!code_is_han(code) || scan_any_at(scan, at, ORDINARY) > 0)
        return 0;
    return scan_in(COMMON, code) || (rare && scan_in(RARE, code)) ? 1 : 0;
}

/* What makes of a name the name of a place or a firm. */
static const char ENTITY[] =
    "公司 集团 厂 店 场 超市 饭店 酒店 宾馆 餐厅 餐馆 村 镇 乡 县 市 区 路 街 庄 屯 沟 河 湖 山 桥 塘 庙 坡 湾 岗 峪 寨 堡 营 家园 小区 学校 "
    "医院 合作社 建材 加工 养殖 化工 矿 洗煤 石料 砂 沙 木业 家具 烧烤 火锅 汽修 集 组 社区 园 坪 岭 洞 坝 水库 卫生 食品 商贸 物业 驿站 牌";

/*
 * End of a name that begins with this surname; 0: no name. Two more characters where both may stand in a
 * name and nothing begins there that follows names; else one.
 */
static size_t name_end(const struct scan *scan, size_t at, size_t surname)
{
    size_t given = at + surname, end = given + 1;
    if (is_stop(scan, given, false) || scan_any_at(scan, given, FOLLOWS) > 0 ||
        scan_any_at(scan, given, TITLES) > 0)
        return 0;
    bool follows = scan_any_at(scan, end, FOLLOWS) > 0 || scan_any_at(scan, end, TITLES) > 0;
    if (follows)
        return end;
    if (!is_stop(scan, end, true) && scan_any_at(scan, end, ENTITY) == 0)
        end++;
    follows = scan_any_at(scan, end, FOLLOWS) > 0 || scan_in(FOLLOWS_SHORT, scan_code(scan, end));
    return !follows && scan_any_at(scan, end, ENTITY) > 0 ? 0 : end;
}

static bool is_edge(const struct scan *scan, size_t at)
{
    return !code_is_han(scan_code(scan, at)) || scan_any_at(scan, at, FOLLOWS) > 0 ||
           scan_in(FOLLOWS_SHORT, scan_code(scan, at)) || scan_any_at(scan, at, TITLES) > 0;
}

/* Passes what may stand between the word and the name. */
static size_t pass_glue(const struct scan *scan, size_t at)
{
    size_t start = at;
    while (at - start < 4 &&
           (scan_in(" :：(（是为叫系\"“", scan_code(scan, at)) && scan_code(scan, at) != 0))
        at++;
    return at;
}

/* Further names of a list: 张伟、李强和王芳. */
static void mark_list(struct scan *scan, size_t at, int confidence)
{
    for (int i = 0; i < 30; i++) {
        uint32_t code = scan_code(scan, at);
        if (code == 0 || !scan_in("、和与及,，", code))
            return;
        size_t surname = surname_at(scan, at + 1, true);
        size_t end = surname == 0 ? 0 : name_end(scan, at + 1, surname);
        if (end == 0 || (scan_in(",，", code) && !is_edge(scan, end)))
            return;
        scan_mark(scan, at + 1, end, REDACT_NAME, confidence);
        at = end;
    }
}

static bool is_honorific(const struct scan *scan, size_t at)
{
    return scan_any_at(scan, at, "先生 女士 师傅 大爷 大妈 阿姨 老师 姓") > 0;
}

static void try_behind(struct scan *scan, size_t at, bool complainant)
{
    size_t from = pass_glue(scan, at);
    bool glued = from > at;
    size_t surname = surname_at(scan, from, true);
    if (surname == 0)
        return;
    if (complainant && is_honorific(scan, from + surname)) {
        scan_mark(scan, from, from + surname, REDACT_COMPLAINANT, 60);
        return;
    }
    size_t end = name_end(scan, from, surname);
    if (end == 0)
        return;
    int confidence = glued || is_edge(scan, end) ? 85 : 60;
    scan_mark(scan, from, end, REDACT_NAME, complainant ? confidence + 5 : confidence);
    mark_list(scan, end, 75);
}

/* Names before a title, an identity number or a telephone. */
static bool is_left_edge(const struct scan *scan, size_t at)
{
    return at == 0 || !code_is_han(scan_code(scan, at - 1)) ||
           scan_in("由对向给与和及是为叫被将让找局委府办院会厂司店场校队站所处部镇乡县区市村组社人员", scan_code(scan, at - 1));
}

/* Where the name begins that ends here; SIZE_MAX: none does. */
static size_t name_before(const struct scan *scan, size_t at, bool rare)
{
    for (size_t len = 4; len >= 2; len--) {
        if (len > at || !is_left_edge(scan, at - len))
            continue;
        size_t from = at - len, surname = surname_at(scan, from, rare);
        if (surname == 0 || len - surname > 2 || len == surname)
            continue;
        bool stops = is_stop(scan, from + surname, false) ||
                     (len - surname == 2 && is_stop(scan, at - 1, true));
        if (!stops)
            return from;
    }
    return SIZE_MAX;
}

/* The name that ends here, and those before it in a list. */
static void try_before(struct scan *scan, size_t at, int confidence, bool rare)
{
    for (;;) {
        size_t from = name_before(scan, at, rare);
        if (from == SIZE_MAX)
            return;
        scan_mark(scan, from, at, REDACT_NAME, confidence);
        if (from == 0 || scan_code(scan, from - 1) != 0x3001) /* 、 */
            return;
        at = from - 1;
        rare = true;
    }
}

/* 对张伟、李强给予警告: a name after 对 counts only where such a word follows. */
static void try_object(struct scan *scan, size_t at)
{
    size_t surname = surname_at(scan, at, true);
    size_t end = surname == 0 ? 0 : name_end(scan, at, surname);
    if (end == 0)
        return;
    bool list = scan_in("、和", scan_code(scan, end)) && scan_code(scan, end) != 0;
    bool told = scan_any_at(scan, end, "给予 进行 予以 作出 诫勉 党内 行政 立案 批评 约谈 问责 罚款 处以 处 采取 等") > 0;
    if (!list && !told)
        return;
    scan_mark(scan, at, end, REDACT_NAME, told ? 80 : 65);
    mark_list(scan, end, 70);
}

static bool is_number_mark(enum redact_kind kind)
{
    return kind == REDACT_MOBILE || kind == REDACT_IDENTITY || kind == REDACT_LANDLINE;
}

/* 张伟 13812345678, 张伟（电话…）: the name just before a number that belongs to a person. */
static void try_before_numbers(struct scan *scan)
{
    size_t count = scan->marks->len;
    for (size_t i = 0; i < count; i++) {
        if (!is_number_mark(scan->marks->at[i].kind))
            continue;
        size_t at = 0;
        while (scan->glyphs[at].at < scan->marks->at[i].from)
            at++;
        size_t told = 1;
        while (told > 0 && at > 0) {
            told = scan_any_before(scan, at,
                                   "联系电话 电话 手机号码 手机号 手机 身份证号码 身份证号 身份证 : ： ( （ , ， 、");
            told = told == 0 && scan_code(scan, at - 1) == ' ' ? 1 : told;
            at -= told;
        }
        try_before(scan, at, 80, true);
    }
}

/* Words before which a name stands only where one of the deeds of people follows. */
static const char WEAK[] =
    "由 与 据 责令 回访 其子 其父 其妻 其夫 其女 外地人 自称 二人 两人 三人 群众 向 找 请 将 让 和 、 ， 。 ； 村 镇 乡 街道 组 区 县 市 ( （ ,";
static const char DEEDS[] =
    "反映 举报 投诉 来电 来信 表示 承认 介绍 要求 承包 经营 负责 名下 本人 夫妇 夫妻 家养 家住 家中 使用 驾驶 联系 于三日 于五日 自愿 自行 签字 开办 "
    "租用 租赁 承诺 同志 等人 等三人 等二人 等两人 家门";

static void try_deed(struct scan *scan, size_t at)
{
    size_t surname = surname_at(scan, at, true);
    size_t end = surname == 0 ? 0 : name_end(scan, at, surname);
    if (end == 0)
        return;
    bool does = scan_any_at(scan, end, DEEDS) > 0;
    bool paired = scan_in("和与", scan_code(scan, end)) && surname_at(scan, end + 1, true) > 0 &&
                  scan_any_before(scan, at, "二人 两人 夫妻 夫妇 自称") > 0;
    if (!does && !paired && scan_any_before(scan, at, "自称 回访 其子 其妻") == 0)
        return;
    scan_mark(scan, at, end, REDACT_NAME, 65);
    mark_list(scan, end, 65);
    if (at > 0 && scan_code(scan, at - 1) == 0x3001) /* 、 */
        try_before(scan, at - 1, 65, true);
}

/* 赵女士, 贺师傅: a surname alone, but whoever lives there knows. */
static void try_honorific(struct scan *scan, size_t at)
{
    if (at > 0 && surname_at(scan, at - 1, true) == 1 && !scan->taken[at - 1] &&
        scan_any_at(scan, at, "先生 女士 师傅 大爷 大妈 阿姨 老汉") > 0)
        scan_mark(scan, at - 1, at, REDACT_COMPLAINANT, 50);
}

static bool is_hard_edge(const struct scan *scan, size_t at)
{
    return at == 0 || !code_is_han(scan_code(scan, at - 1)) ||
           scan_in("由与经据对叫让被给和将及免向找问", scan_code(scan, at - 1)) ||
           scan_any_before(scan, at,
                           "妹夫 姐夫 弟弟 哥哥 姐姐 妹妹 儿子 女儿 父亲 母亲 妻子 丈夫 老人 本人 村医 教师 医生 人员 场主 告知 该户 领导 队员 "
                           "组长 成员 师傅 户主 同村 村里 我叫") > 0;
}

/*
 * A name that nothing gives away but its characters: a frequent surname with two of those that
 * given names are made of; with one of them, or after a rare surname, only where it stands free.
 */
static void try_plain(struct scan *scan, size_t at)
{
    bool hard = is_hard_edge(scan, at);
    size_t surname = surname_at(scan, at, hard), given = at + surname;
    if (surname == 0 || scan_any_before(scan, given, ENDINGS) > 0 ||
        !scan_in(GIVEN, scan_code(scan, given)) || scan_any_at(scan, given, ORDINARY) > 0)
        return;
    bool two = scan_in(GIVEN, scan_code(scan, given + 1)) &&
               scan_any_at(scan, given + 1, FOLLOWS) == 0 && !is_stop(scan, given + 1, true);
    size_t end = given + (two ? 2 : 1);
    if (scan_any_at(scan, end, FOLLOWS) == 0 && scan_any_at(scan, end, ENTITY) > 0)
        return;
    if (two || (hard && is_edge(scan, end)))
        scan_mark(scan, at, end, REDACT_NAME, two ? 55 : 45);
}

static void try_place(struct scan *scan, size_t at)
{
    if (scan_any_before(scan, at, COMPLAINANT) > 0)
        try_behind(scan, at, true);
    else if (scan_any_before(scan, at, BEFORE) > 0)
        try_behind(scan, at, false);
    else if (scan_any_before(scan, at, "对 给予 约谈 问责 处分") > 0)
        try_object(scan, at);
    if (at < scan->count && !scan->taken[at] &&
        (at == 0 || scan_any_before(scan, at, WEAK) > 0 || scan_code(scan, at - 1) == '\n'))
        try_deed(scan, at);
    if (at >= 2 && scan_any_at(scan, at, TITLES) > 0 && !scan->taken[at - 1])
        try_before(scan, at, 70, scan_any_at(scan, at, "等人 同志") > 0);
}

void redact_scan_names(struct scan *scan)
{
    for (size_t at = 0; at <= scan->count; at++)
        try_place(scan, at);
    try_before_numbers(scan);
    for (size_t at = 0; at < scan->count; at++) {
        if (!scan->taken[at])
            try_honorific(scan, at + 1);
        if (!scan->taken[at])
            try_plain(scan, at);
    }
}
