"""Whether what a question asks for changes with time, so that of two right passages the newer one is right today.

Precision before recall: where nothing says that a thing changes, an old article is as good as a new one. Each rule has a
name, which says why; what happened once (was opened, was said, took part) is looked at first and never changes.
"""

import re
from typing import Literal

from index.language.normalise import normalise
from index.language.vocabulary import measure_words, offices, pattern_of
from rag.question.intent import AnswerType
from rag.question.time_range import blank_quotes

Volatility = Literal["holder", "figure", "contact", "hours", "price", "rule", "present"]
"""holder: who holds an office. figure: how many there are. contact: address, telephone. hours: when it is open.
price: what it costs, what is paid. rule: what applies, how to apply. present: 现在 and the like say so."""

_OFFICE = pattern_of(offices(without=("team", "rank", "people", "role", "courtesy")))
_COUNTED = pattern_of(measure_words("count", "people"))
_WHO = r"(?:谁|哪一?位|哪个|啥名|叫啥|叫什么|姓什么|姓啥|姓甚名谁|什么名字|的?名字|的?姓名)"
_OFFICE_EN = r"(?:mayor|secretary|director|head|chief|governor|chair(?:man|woman|person)?|principal|president|commissioner|leader|dean|manager)"
_STOCK = (
    r"(?:企业|公司|单位|商户|商家|会员|党员|员工|职工|居民|村民|人口|人|老人|学生|教师|老师|医生|医院|学校|小学|中学|幼儿园|社区|养老院|养老机构|"
    r"养老驿站|驿站|充电桩|车位|停车位|公园|志愿者|博物馆|图书馆|地铁站|线路|床位|学位|用户|客户|支部|党组织|街道|村|小区|公租房|高校)"
)
_STOCK_EN = r"(?:residents|people|inhabitants|companies|enterprises|firms|businesses|schools|kindergartens|members|party members|hospitals|parks|employees|students|teachers|beds|users|volunteers|museums|libraries|subdistricts|communities|charging (?:piles|stations)|parking spaces)"
_RATE = (
    r"(?:常住人口|户籍人口|总人口|人口(?:总?数|规模|密度)|gdp|地区生产总值|pm2\.5|pm10|空气质量|优良天数|蓝天数|入[驻住]率|空置率|出租率|签约率|"
    r"覆盖率|普及率|绿化(?:覆盖)?率|森林覆盖率|失业率|老龄化率|就诊量|日?客流量?|上市量|保有量|存量|房价|均价|床位数|会员数|党员数|满意率|人均可?支?配?收入)"
)
_PAY = r"(?:补贴|补助|津贴|低保|最低工资|养老金|抚恤金|公积金|社保|医保|取暖费|物业费|停车费|学费|保育费|水费|电费|燃气费|气价|水价|电价|票价|门票|房租|租金|收费|押金|报销)"

# What happened once, or was fixed when it was said: the first that matches ends the matter.
_ONCE = re.compile(
    r"为什么|为何|原因|什么时候(?!开门|开放|上班|营业|关门|闭馆)|何时|哪一?[天年月](?!开门|开放)|几月几[日号]|首[任届位]|第一[任届位]|首次|前任|历任|"
    r"时任|曾|当[时年初天]|那(?:[时年次天几场届]|会儿)|[那这]位|之前|以前|原[来先任]|"
    r"第[一二三四五六七八九十百\d]+[届次年](?!人口普查)|世纪|会[上议]|仪式|开幕|揭牌|签约(?!率)|获得|获评|获奖|当选|被选|被[评授判罚救]|主持|出席|参加|参与|"
    r"讲话|调研|指出|强调|表示|宣布|"
    r"预计|计划|将(?![军来领])|规划面积|目标|创办|创立|创建|发明|设计(?!院)|组长|[了过](?!解|程|期|吗|没|[?？啊]|$)|创始|带队|陪同|座谈|总投资|"
    r"\bwhy\b|\bwhen\b|\b(?:was|were|did|had|won|signed|opened|said|attended|founded|built|will|plan(?:s|ned)?)\b|\bfirst\b|\bformer\b|\bthen\b|\bon what date\b|\bmeeting\b"
)
# With this, what follows holds today even where a past event is named: 现任, 目前.
_NOW = re.compile(
    r"(?<![体表展呈出实比距离])现在|现行|目前|如今|眼下|当前|现任|现有|现阶段|\bcurrent(?:ly)?\b|\bnow(?:adays)?\b|\bat present\b|\bthese days\b"
)
_LATEST = re.compile(
    r"(?<![体表展呈出实比距离])现在|现行|现如今|如今|目前|眼下|当前|当下|现任|现有|现阶段|最新|近来|近日|近期|至今|迄今|今[天日]|"
    r"(?<!离我)(?<!距离)最近(?!的?(?:地铁|公交|医院|超市|银行|药店|车站|站|加油|厕所|一?家)|[一二两三四五六七八九十几\d]+\s?[年个天周月])|"
    r"\bcurrent(?:ly)?\b|(?<!until )(?<!till )(?<!what is )\bnow(?:adays)?\b(?! known)|\blatest\b|\bmost recent\b|\brecently\b|\bat present\b|\bto date\b|\bso far\b|"
    r"\bthese days\b|\bup[- ]to[- ]date\b|\bnewest\b|(?<!even )(?<!it is )\btoday\b"
)
_CHANGES: tuple[tuple[Volatility, re.Pattern[str]], ...] = (
    ("holder", re.compile(
        rf"{_OFFICE}(?:现在|目前|如今|现任)?(?:是|叫|由|为|都是|分别是|到底是)?{_WHO}|{_WHO}(?:是|在当|当着|任|担任|在任|现任){{1,2}}\S{{0,14}}{_OFFICE}(?!的|时)|"
        rf"现任\S{{0,10}}{_OFFICE}|{_OFFICE}(?:换人|换成|还是)|(?:现在|目前|如今)\S{{0,4}}(?:任|担任|是)什么(?:职务|职位|官)|现任(?:什么)?职[务位]|"
        rf"\bwho(?:'s| is| are| currently)\b[^?]{{0,30}}\b{_OFFICE_EN}s?\b|\bname of the (?:current )?{_OFFICE_EN}\b"
    )),
    ("contact", re.compile(
        r"(?:电话|热线|联系方式|地址|邮箱|网址|公众号|微信号)(?:号码)?(?:现在)?(?:是|有|在)?(?:多少|什么|啥|几号|哪个|哪里|哪儿|$|[?？])|怎么联系|现址(?:在|是)|"
        r"\b(?:phone|telephone|hotline|contact) number\b|\bwhat is the (?:address|website|e-?mail)\b|\bhow (?:can|do) i (?:contact|reach)\b"
    )),
    ("hours", re.compile(
        r"(?:开放|营业|办公|办事|接待|运营|首末班|上班|服务|门诊)时间(?!表)|几点(?:钟)?(?:开门|关门|上班|下班|开放|开始营业|闭馆|停止)|什么时候(?:开门|开放|上班|营业|关门|闭馆)|"
        r"[首末]班车(?:是)?几点|周[一二三四五六日末](?:还)?(?:上班|开门|开放|营业|办公)|"
        r"\b(?:opening|business|office|working|visiting) hours\b|\bwhat time does\b|\bis .{2,40} open on\b"
    )),
    ("price", re.compile(
        rf"多少钱|{_PAY}\S{{0,6}}(?:标准|比例|金额|上限|额度)?(?:一[年月天次人]|每[年月天次人])?(?:是|有|为|能领|能报|能拿|可以?领|要|涨到)?(?:多少|几|什么标准)|房价|"
        r"\bhow much (?:is|are|does|do)\b[^?]{0,60}(?:cost|fee|ticket|rent|fare|price|charge|subsid|pension|allowance)|\bwhat is the (?:ticket |bus |entry )?(?:price|fare|fee|rent)\b"
    )),
    ("rule", re.compile(
        r"(?:怎么|如何|咋|怎样|去哪儿?|在哪儿?|哪里)(?:才能|能|可以)?(?:申请|申领|办理|办(?=\S)(?![学公理?？])|预约|报名|领取|查询|落户|报销|补办|缴费|缴纳|登记|挂号)(?!的)|"
        r"(?:需要|要|应)(?:准备|带|提交|满足|符合)?(?:什么|哪些|啥)(?:材料|手续|证件)|限行(?:尾号|规定|时间|范围)?|最新的?\S{0,6}(?:政策|规定|办法|版本|标准|通知)|"
        r"(?:申请|申领|办理|报名|落户|入学)\S{0,10}(?:什么|哪些)条件|"
        r"\bhow (?:do|can) (?:i|you|we|residents|one) (?:apply|register|book|get|claim)\b|\bwhat documents\b|\bwho (?:is eligible|qualifies|can apply)\b|\bcurrent (?:rules?|polic(?:y|ies)|version)\b"
    )),
    ("figure", re.compile(
        rf"{_RATE}(?:的?(?:年均)?(?:浓度|增速|总量|总数|水平))?(?:是|有|为|达|占|现在|目前|大概|达到)*(?:多少|几|怎么样|如何|高吗|多高|多大)|"
        rf"(?:一共|总共|共)?有(?:多少|几)(?:{_COUNTED}|[万百]|$)*\S{{0,4}}?{_STOCK}(?:口|数)?(?=[?？啊呀呢]|$|入驻)|{_STOCK}(?:总?数|总量|规模)?(?:一共|总共|共)?(?:有|是|达到?)(?:多少|几)(?:{_COUNTED}|万)?|"
        rf"\bhow many (?:[a-z-]+ )?{_STOCK_EN}(?:(?: in \w+)? (?:are|is|live|work|does|do|come|have come)|[^?]{{0,40}} are there)\b|"
        r"\b(?:what(?:'s| is) the|how (?:big|large) is the) (?:\w+ )?population\b|\b(?:occupancy|vacancy|unemployment|coverage) rate\b|\bpm2\.5 (?:level|concentration)\b"
    )),
)  # fmt: skip


def mentions_latest(question: str) -> bool:
    """Whether the question says that it wants the newest: 现在, 目前, 最近, 最新, now, currently, so far."""
    return _LATEST.search(normalise(blank_quotes(question))) is not None


def volatility(question: str, *, answer_type: AnswerType, is_list: bool, names_office: bool) -> Volatility | None:
    """Return what sort of changing thing is asked for, whatever the time; None where nothing says that it changes.

    Args:
        answer_type, is_list, names_office: of the same question, see rag.question.analysis.
    """
    text = normalise(blank_quotes(question))
    is_now = _NOW.search(text) is not None
    if _ONCE.search(text) and not (is_now and names_office):
        return None
    for changing, pattern in _CHANGES:
        if pattern.search(text):
            return changing
    is_thing = is_list or answer_type in ("number", "person", "place")
    return "present" if is_now and is_thing else None
