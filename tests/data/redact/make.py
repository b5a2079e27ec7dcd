#!/usr/bin/env python3
"""Writes corpus.txt: sentences of the trade in our own words, with what must not be released marked
[[kind:text]]. Nobody in it exists: names are put together by chance, numbers too. The frames were
written before the finder was tuned to them, some of them so that it should fail; see README.md."""
import random

rng = random.Random(20261122)
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董程曹袁邓许傅沈曾彭苏卢蒋蔡贾丁魏薛叶余潘杜戴夏钟汪田任姜方石姚谭廖邹熊陆郝孔白崔康毛邱秦江史顾孟龙段雷钱汤尹黎易武乔贺龚庞樊兰殷陶洪翟安倪严牛温季俞章鲁葛韦申聂焦柳邢岳齐梅莫庄辛管祝左涂谷祁耿牟卜路关苗凌费纪盛童欧"
COMPOUND = ["欧阳", "上官", "司马", "诸葛"]
GIVEN1 = "伟芳娜敏静丽强磊军洋勇艳杰娟涛超霞平刚辉玲桂英华健波宁鑫鹏飞"
GIVEN2 = ["建国", "秀英", "桂兰", "志强", "海燕", "玉梅", "文斌", "国庆", "晓东", "春生", "立新", "金凤", "永发", "德胜",
          "红梅", "少华", "家豪", "子涵", "雨欣", "一鸣", "长青", "福来", "水生", "树林", "新民", "宝玉", "凤霞", "克勤",
          "明远", "思源", "大勇", "天佑", "建设", "和平", "山河", "石头", "小满", "丰收"]
PLACES = ["东河镇柳林村", "城关镇", "高新区", "西岭乡石桥村", "临江街道", "南湾区", "新华街道", "北塘镇"]
ROADS = ["人民路", "建设大街", "长江路", "解放街", "文昌巷", "滨河东路"]
ESTATES = ["锦绣花园", "阳光小区", "滨江苑", "幸福家园", "翠湖公寓"]
FIRMS = ["宏达建材有限公司", "顺发养殖场", "鑫源洗煤厂", "老马烧烤店", "金石石料厂", "康泰化工有限公司", "王记饭店", "张家庄砖厂"]


def name():
    if rng.random() < 0.04:
        return rng.choice(COMPOUND) + rng.choice(GIVEN2)
    given = rng.choice(GIVEN2) if rng.random() < 0.6 else rng.choice(GIVEN1)
    return rng.choice(SURNAMES) + given


def wide(text):
    return "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in text)


def mobile():
    digits = "1" + rng.choice("3456789") + "".join(rng.choice("0123456789") for _ in range(9))
    form = rng.random()
    if form < 0.15:
        return digits[:3] + " " + digits[3:7] + " " + digits[7:]
    if form < 0.3:
        return digits[:3] + "-" + digits[3:7] + "-" + digits[7:]
    if form < 0.4:
        return wide(digits)
    return digits


def landline():
    code = rng.choice(["0310", "0319", "029", "0731", "021"])
    number = rng.choice("2345678") + "".join(rng.choice("0123456789") for _ in range(6 if len(code) == 4 else 7))
    return rng.choice([code + "-" + number, "(" + code + ")" + number, code + number, code + "—" + number,
                       wide(code) + "－" + wide(number)])


def identity():
    body = rng.choice(["130402", "610113", "430104", "340121"]) + "%04d%02d%02d" % (
        rng.randint(1945, 2004), rng.randint(1, 12), rng.randint(1, 28)) + "%03d" % rng.randint(0, 999)
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    check = "10X98765432"[sum(int(c) * w for c, w in zip(body, weights)) % 11]
    if rng.random() < 0.15:
        return body[:6] + body[8:14] + body[14:17]  # fifteen digits
    if rng.random() < 0.15:
        return wide(body) + check
    return body + check


def house():
    a, b, c = rng.randint(1, 38), rng.randint(1, 6), rng.randint(101, 2904)
    return rng.choice(["%d号楼%d单元%d室" % (a, b, c), "%d栋%d室" % (a, c), "%d号楼" % a, "%d幢%d单元" % (a, b),
                       "%d-%d-%d" % (a, b, c), "%d号楼%d单元" % (a, b), "%d座%d室" % (a, c)])


def door():
    return "%d号" % rng.randint(1, 399)


def email():
    return rng.choice(["zhangsan1980", "li.qiang", "huanbao_xf", "w-j"]) + "@" + rng.choice(["example.com", "example.cn", "mail.example.org"])


def plate():
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
    body = rng.choice("0123456789") + "".join(rng.choice(letters) for _ in range(4))
    if rng.random() < 0.25:
        body = rng.choice("DF") + "".join(rng.choice("0123456789") for _ in range(5))
    return rng.choice("冀陕湘皖京鲁豫") + rng.choice("ABCDE") + rng.choice(["", "·"]) + body


def account():
    return rng.choice("123456789") + "".join(rng.choice("0123456789") for _ in range(8))


MAKERS = {"N": ("name", name), "M": ("mobile", mobile), "L": ("landline", landline), "I": ("identity", identity),
          "H": ("house", house), "D": ("house", door), "E": ("email", email), "P": ("plate", plate),
          "Q": ("account", account), "C": ("complainant", lambda: rng.choice(SURNAMES[:60]))}

FRAMES = """
举报人{N}反映{p}{f}夜间生产，噪声扰民。
联系人：{N}，电话{M}。
负责人{N}承认未安装油烟净化器。
经现场核查，该养殖场经营者为{N}，存栏生猪约三百头。
{p}村民{N}反映门前河道发黑发臭。
该厂法定代表人{N}，身份证号{I}。
对{N}、{N}给予党内警告处分。
对{p}党委书记{N}进行约谈。
镇长{N}赴现场督办。
投诉人住{e}{H}，夜间无法休息。
来电人{C}先生反映楼下油烟直排。
举报人{C}女士称多次投诉未解决。
业主{N}家住{e}{H}。
请与{N}联系，手机{M}或{L}。
有问题请致电{L}，邮箱{E}。
运输车辆{P}未覆盖篷布，沿途抛洒。
车牌号为{P}的渣土车夜间偷倒垃圾。
已电话回访{N}，其表示满意。
经回访举报人{M}，对处理结果满意。
{N}同志任现场督办组组长。
包保责任人{N}，联络员{N}，电话{M}。
该店位于{r}{D}，未办理环评手续。
户主{N}（身份证号码：{I}）自愿拆除。
该场由{N}承包，租期五年。
{N}（{M}）为现场联系人。
举报人微信号{Q}，QQ{Q}。
驾驶员{N}驾驶{P}运输煤泥。
村支书{N}、村主任{N}组织清理。
{N}、{N}、{N}等人被立案调查。
据{N}介绍，该厂已停产两年。
当事人{N}对罚款无异议，已缴纳。
{p}{N}家养羊三百余只，粪污直排。
{f}老板{N}多次被投诉。
邻居{N}在院内焚烧垃圾。
联系电话：{M}，联系人{N}。
群众{N}来信反映小区西侧工地扬尘。
对分管副局长{N}诫勉谈话，对科员{N}批评教育。
信访人{N}，女，{p}人，身份证{I}。
已责令{N}于三日内清理完毕。
{N}名下的采石场未恢复植被。
投诉人地址：{r}{D}{e}{H}。
{e}{H}业主反映隔壁餐馆噪声。
固定电话{L}转8012，传真{L}。
法人代表{N}已签收责令改正决定书。
该地块由村民{N}承包给外地人{N}使用。
举报者自称{N}，电话{M}，住{e}{H}。
其子{N}负责日常经营。
夫妻二人{N}和{N}在此居住。
老{s}头在河边倒垃圾。
处理情况请发至{E}。
""".strip().split("\n")

# What must be left alone.
PLAIN = """
受理编号D410000201806210057，第二十五批转办。
该问题与D3GS202312070006号重复。
桂环督信〔2018〕401号文件要求限期办理。
县委书记现场督办，镇党委书记包保。
高新区管委会主任约谈企业负责人。
企业负责人已承诺整改到位。
责任人被处理情况：无。
对相关责任人给予党内警告1人、诫勉谈话2人。
联系人姓名、电话均已登记在册，依法保密。
举报人对处理结果表示满意。
投诉人要求尽快解决。
罚款27600元，责令恢复原状。
占用林地1925平方米，存栏生猪331头。
拨打12369或12345热线均可举报。
客服热线400-820-8820可查询。
2024年5月31日采样，6月10日前委托鉴定。
厂界噪声昼间58分贝，夜间49分贝，均低于限值。
该公司成立于2014年8月1日，用地3万平方米。
张家庄村东侧有一处渗坑。
王家沟水库上游存在养殖废水直排。
李村镇政府已组织清理。
张某某已缴纳罚款。
村民王某反映的问题基本属实。
负责人李某表示积极配合。
联系电话138****5678已隐去。
身份证号1304**********1234已隐去。
康泰化工有限公司已停产。
老马烧烤店已安装净化设施。
王记饭店油烟直排问题部分属实。
3号机组正在检修，2号锅炉已拆除。
1号线施工扬尘问题已整改。
107国道两侧堆放渣土。
第17批179号问题已办结。
排气筒高度15米，风机功率22千瓦。
经度114.4812，纬度36.6123。
统一社会信用代码91130400MA0CXXXX1T。
共涉及125户501人，补偿协议已达成。
市生态环境局、城管局、住建局联合核查。
副县长带队检查，县政府办公室督办。
水泥厂大门东侧三百米处有异味。
项目占地约20亩，总投资1.2亿元。
该小区共有12栋楼，居民800余户。
三楼以上住户反映强烈。
一楼餐饮门店共6家。
施工单位已采取洒水降尘措施。
监测报告编号20240531008。
任务分工：由环保部门牵头，公安部门配合。
明确专人负责，严格落实责任制。
黄河大堤外侧禁止采砂。
白天施工，夜间停工。
方案已报市专班备案。
党委会研究决定立案审查。
安全生产许可证已吊销。
马路两侧餐饮店占道经营。
江边沙场已全部关停。
高压线铁塔距房屋最近处15.37米。
石料加工点已断电。
易地扶贫搬迁安置点污水外溢。
包装厂异味明显减轻。
车间密闭不严，存在无组织排放。
许可证编号为冀环许2021第13号。
时任局长已被诫勉谈话。
由市专班统一调度，县级领导包案。
支部书记和村主任分别包片。
工作人员向群众宣传相关政策。
群众代表参加了现场验收。
养殖户已签订退养协议。
业主委员会与物业公司协商解决。
驾驶员未按规定路线行驶。
负责人为此作出书面检查。
经营者已依法办理登记手续。
周边居民反映夜间仍有异味。
于今年五月重新开工。
雷雨天气后水体浑浊。
温室大棚距河道约五十米。
武装部后侧锅炉已改用天然气。
钱塘街道完成雨污分流。
向阳村污水管网已接通。
万亩林场边缘倾倒垃圾约30立方。
金属冶炼废气经处理后排放。
""".strip().split("\n")


def fill(frame):
    out = ""
    at = 0
    while at < len(frame):
        if frame[at] == "{":
            slot = frame[at + 1]
            at += 3
            if slot in MAKERS:
                kind, make = MAKERS[slot]
                out += "[[%s:%s]]" % (kind, make())
            else:
                out += {"p": lambda: rng.choice(PLACES), "f": lambda: rng.choice(FIRMS), "r": lambda: rng.choice(ROADS),
                        "e": lambda: rng.choice(ESTATES), "s": lambda: rng.choice(SURNAMES)}[slot]()
        else:
            out += frame[at]
            at += 1
    return out


print("# Written by make.py. Nobody in it exists.")
for _ in range(6):
    for frame in FRAMES:
        print(fill(frame))
for line in PLAIN:
    print(line)
