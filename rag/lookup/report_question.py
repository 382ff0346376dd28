"""A Chinese question → which reports it wants listed or counted; None where it asks for anything that they say.

    2023年一共有多少篇报道提到老旧小区改造 ─► time blanked ─► topic, author, newspaper, page taken out ─► the rest: frame only?

The rest must consist of the words in which anybody asks for reports (一共, 有多少篇, 报道), in any order, and nothing else:
研究了什么 behind a day asks for contents and leaves 研究 over.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from index.language.normalise import normalise, simplify
from index.language.vocabulary import ADDRESSES, measure_words
from index.records import DateSpan
from rag.question.time_range import TimeRange

Wanted = Literal["list", "count", "per_year", "per_month", "newest", "oldest", "extent", "bylines"]
BLANK = "\ue000"
"""Stands for an expression of time."""


@dataclass(frozen=True, slots=True)
class ReportQuestion:
    """Which reports are wanted, and how.

    Args:
        topic: what they must mention.
        author: whose by-line they must have.
        newspaper: that they must be in; an unknown one is no reason not to answer.
        page: of the newspaper; 1 for 头版.
        spans: times of their publication, one after the other where the question has several.
        is_any_year: the spans state no year, so that those days of every year count.
    """

    wanted: Wanted
    topic: str | None = None
    author: str | None = None
    newspaper: str | None = None
    page: int | None = None
    spans: tuple[DateSpan, ...] = ()
    is_any_year: bool = False


_COUNTED = r"[篇条则个份件次]"
_NOUN = r"(?:新闻)?(?:报道|新闻|文章|稿件|稿子|报导|消息|通讯稿|资讯|文稿|稿(?![费纸酬源]))"
_ARCHIVE = r"(?:(?:你们?|您|您们|本|这个?|该|贵|此)?的?(?:资料库|档案库?|数据库|语料库|知识库|文章库|新闻库|库|系统|平台|网站|馆)|(?:这|你|你们|您)(?:里|这里|这儿)?|这里|这儿|里面|报纸|报上)(?:里面?|中|内|上|当中)?"
_PAPER = re.compile(
    r"《?((?!本报|日报|看报)[\u4e00-\u9fff]{2,6}?(?:时报|日报|晚报|早报|晨报|周报|周刊|都市报|青年报|商报))》?"
)
_PAGE = re.compile(
    r"(?:第|的)?(?:(?P<front>头版|首版|头条版)|(?P<number>[一二三四五六七八九十]{1,2}|0?\d{1,2})版(?!本))(?:的)?(?P<lead>头条|要闻)?|(?P<only>头条)(?:新闻|报道)?"
)
_HAN_DIGITS = {digit: number for number, digit in enumerate("一二三四五六七八九十", 1)}
_FRAME = (
    "请问 请 帮 帮我 给 给我 我想 我要 想 要 知道 了解 看看 看 查询 查找 查 查查 搜索 搜 找 找出 找到 列出 列出来 列举 列 "
    "罗列 统计 数 告诉 说说 说 介绍 汇总 整理 展示 显示 一共 总共 共计 合计 总计 大概 大约 到底 究竟 目前 现在 截至 截止 为止 至今 迄今 "
    "多少 几 数量 总数 总量 篇数 哪些 哪 哪几 什么 啥 所有 全部 全都 各 各个 分别 都 清单 列表 目录 标题 题目 内容 一览 "
    "每年 各年 年份 年度 历年 逐年 按 每一年 每 月份 逐月 分布 最新 最近 近期 新近 最后 最早 最先 最多 最少 第一 首 首次 "
    "什么时候 何时 日期 时间 发表 发布 刊登 刊发 登载 刊载 登 发 出版 见报 收录 收集 收 存 保存 入库 包含 包括 报道 报导 新闻 "
    "文章 稿件 稿子 消息 通讯稿 资讯 文稿 有没有 没有 有无 是否 有 是 在 从 到 至 之间 期间 以来 里 中 上 内 当天 当日 那天 这天 当月 那 "
    "稿 咱们 咱 全年 当年 全月 和 与 、 过 了 的 吗 呢 啊 呀 吧 么 一下 下 相关 有关 方面 同时 曾 曾经 共 出现 发生 事 事情 新鲜事 您 你 你们 我 一 写 "
    "版面 这 这个 这里 这儿 里面 报纸 报上 资料库 档案库 档案 数据库 语料库 知识库 文章库 新闻库 库 系统 平台 网站 馆 "
    "本 该 贵 此 面 新"
)
_OF_EXTENT = "多长 范围 跨度 段 起止 开始 更新 覆盖 涵盖 报刊 资料 数据 文件 文档 页 规模 多大 量 种 家 些 最晚 能查 查到 可以 能 材料 哪一年 久远"
_FRAME_WORDS = (
    frozenset(_FRAME.split()) | measure_words("general") | frozenset("期篇条则份件次版个把年月天号") | {BLANK}
)
"""In which anybody asks for reports."""
_EXTENT_WORDS = _FRAME_WORDS | frozenset(_OF_EXTENT.split())
"""In which anybody asks how much there is."""
_BYLINE_WORDS = _FRAME_WORDS | frozenset(
    ["记者", "通讯员", "作者", "位", "名", "谁", "名单", "发稿", "写稿", "供稿", "写"]
)
"""In which anybody asks who writes."""
_LONGEST_WORD = max(map(len, _EXTENT_WORDS))
_MARKS = re.compile(r"[？?。，,！!：:；;\s“”\"'《》（）()]")


def is_made_of(text: str, words: frozenset[str]) -> bool:
    """Whether a text consists of some words alone, one behind the other, marks and spaces left out."""
    bare = _MARKS.sub("", text)
    reached = {0}
    for start in range(len(bare)):
        if start in reached:
            ends = range(start + 1, min(start + _LONGEST_WORD, len(bare)) + 1)
            reached.update(end for end in ends if bare[start:end] in words)
    return len(bare) in reached


_TELLS = "讲写谈"
"""What a report does with its topic: 讲北堤的报道."""
_LEADING = re.compile(
    rf"^(?:{BLANK}|{_ARCHIVE}|请问|请|把|帮我|给我|我想知道|我想|查询|查找|查一?下|查|搜索|搜一?下|搜|找出?|找|列出|列举|统计一?下|统计|看看|有没有|有无|是否有|一共|总共|共|所有|全部|最近|近期|最新|目前|现在|(?:有|是|收录了?|刊登了?|发表了?|登了?)?(?:多少|哪[几些]?|几|什么){_COUNTED}?|有?哪些|(?:有|的|在|是|从|，|,|：|:|\s)(?={BLANK}|[有在从是]|关于|有关)|[{_TELLS}](?=..)|在(?={BLANK})|(?<={BLANK})(?:期间|之间|[里中内上的，, ])+|{_NOUN}(?=提到|提及|涉及|关于|有关))+"
)
_ASKS = re.compile(
    r"总结|概括|归纳|梳理|简述|摘要|概述|对比|比较|分析|什么|哪|谁|多少|几[篇条则个次]|吗|怎|如何|为何|是否|啥|[？?。！!；;]"
)
_END = rf"(?=(?:的|相关的?|有关的?|方面的?|这方面的?){{0,3}}(?:(?:一?{_COUNTED})?{_NOUN}(?!的{_NOUN})|[写发登]过?(?=(?:多少|几|哪){_COUNTED})|一共|总共|共有|都?有(?:多少|几|哪|没有)|多少|几{_COUNTED}|每年|各年|历年|逐年|每个?月|各月|按[年月]|{BLANK}|[？?。，,]|$))"
_ABOUT = r"(?:关于|有关(?!于)|涉及到?|提到|提及|谈到|谈及|讲到|讲述|写到|说到|论及|介绍|讨论)"
_TOPICS = (
    re.compile(rf"{_ABOUT}(?:过|了)?(?P<topic>.{{1,80}}?){_END}"),
    re.compile(rf"(?P<noun>{_NOUN})(?:里|中)?(?:写|讲|说|谈)(?:过|到|了)(?P<topic>.{{1,80}}?){_END}"),
    re.compile(rf"(?:与|和|跟|同)(?P<topic>.{{1,80}}?)(?:有关|相关)(?:的)?(?={_NOUN}|[？?]|$)"),
    re.compile(r"(?:报道|报导|刊登|刊发|登载)(?:过|了)(?:多少|几)次(?P<topic>.{1,80}?)[？?]?$"),
    re.compile(r"(?P<topic>.{1,80}?)(?:总共|一共|共|曾)?(?:被)?(?:提到|提及|报道|报导|上过?报|见报|登报|出现)(?:过|了)?(?=(?:多少|几)次)"),
    re.compile(rf"(?P<topic>.{{1,80}}?)(?:的|相关的?|有关的?|方面的?|这方面的?){{1,3}}(?=(?:所有|全部|最新|最近|最早)?(?:一篇|的)?{_NOUN})"),
    re.compile(rf"(?P<topic>.{{1,80}}?)(?=(?:都|最近|近期|{BLANK}|一共|总共){{0,3}}有(?:什么|哪些|几|多少){_COUNTED}?(?:相关)?(?:的)?{_NOUN})"),
)  # fmt: skip
_NAME = r"[\u4e00-\u9fff]{2,4}?|[a-z][a-z .'\-]{1,30}?"
_AUTHORS = (
    re.compile(rf"是(?P<title>记者|通讯员|由记者|由)?(?P<author>{_NAME})(?:记者)?(?:采写|撰写|写|发表|报道)的"),
    re.compile(rf"(?P<title>(?:记者|通讯员|作者|署名)(?:为|是)?)?(?P<author>{_NAME})(?:记者|同志|{BLANK}|都|总共|一共|在|曾经?){{0,4}}(?:采写|撰写|撰|写|发表|供稿|署名|刊发|采访|发(?=[了过的]))(?:过|了|的){{0,3}}(?={BLANK}|{_NOUN}|多少|几|哪|什么|啥|所有|全部|有)"),
    re.compile(rf"(?P<title>记者|通讯员|作者|署名)(?:为|是)?(?P<author>{_NAME})的?(?={BLANK}|{_NOUN}|都?有|一共|总共)"),
)  # fmt: skip
_EXTENT = re.compile(
    r"最早.{0,6}[哪何什]|时间(?:范围|跨度|段)|起止(?:时间|日期)|哪[年天一]年?(?:开始)?到哪|(?:什么时候|何时|哪年|哪一年|哪天)(?:开始)?[到至](?:什么时候|何时|哪年|哪一年|哪天)|(?:更新|截至|截止|收录|覆盖|涵盖)(?:到|至)?了?(?:什么时候|何时|哪[年天]|哪一[年天]|几号|哪些年|哪几年)|(?:哪|几|多少)(?:些|几|[种家个份]){0,3}(?:报纸|报刊)|报纸有(?:哪|几)|哪些?年份?的|哪几年|多少(?:天|期|个?文件|份?文档|页|个?版面?)|几期|多大|规模|最[新近后早]的?一?期"
)
_ABOUT_ARCHIVE = re.compile(rf"最[新近后早]的?一?期|收录|收集|入库|{_ARCHIVE}|资料|数据")
_LISTS = re.compile(
    r"哪|什么|啥|列|所有|全部|找|查|搜|看|清单|列表|目录|标题|题目|一览|有没有|有无|是否|有.{0,12}吗|汇总|整理|显示|展示"
)
_COUNTS = re.compile(rf"多少|几(?:{_COUNTED}|$)|数量|总数|总量|篇数")
_PER_YEAR = re.compile(r"每年|各年|历年|逐年|按年|每一年|年份分布|(?:分别|各)有?多少.{0,80}每年")
_MOST = re.compile(r"哪一?个?[年月].{0,80}最[多少]")
_BYLINES = re.compile(
    rf"(?:哪|多少|几|所有|全部|名单|都有谁|列)[{BLANK}\u4e00-\u9fff]{{0,40}}(?P<role>记者|通讯员|作者)|(?P<named>记者|通讯员|作者)[{BLANK}\u4e00-\u9fff]{{0,40}}(?:哪[些几]|多少|几[位个名]|名单|都有谁)|谁[{BLANK}\u4e00-\u9fff]{{0,40}}最多"
)
_PER_MONTH = re.compile(r"每个?月|各月|逐月|按月")
_NEWEST, _OLDEST = re.compile(r"最新|最近|近期|新近|最后"), re.compile(r"最早|最先|第一|首[篇条次]")
_SO_MANY_NEWEST = re.compile(rf"(?<=最近|最新|近期|最后|最早|最先)的?[一二两三四五六七八九十\d]{{1,2}}(?={_COUNTED})")
"""最近三篇: the list says how many there are."""
_TRAILING = re.compile(rf"(?:最新|最近|近期|最早|最先|在|[的，, {BLANK}]){{1,12}}$")
_GENERIC = frozenset(("关于", "报道", "新闻", "文章", "记者", "内容", "本报", "我", "你", "我们", "大家", "同志", "这", "那", "它", "他", "她", "这个", "那个", "其", "相关", "这方面", "有关"))  # fmt: skip


def read_report_question(
    question: str, time: TimeRange | None, authors: Collection[str], newspapers: Sequence[str]
) -> ReportQuestion | None:
    """Return which reports a question wants; None where it is no such question, or any word of it is left over.

    Args:
        question: able to stand alone, in Chinese of either script.
        time: that it speaks of, with offsets into it.
        authors: words of by-lines that the archive has.
        newspapers: that it has.
    """
    if len(question) > MAX_REPORT_QUESTION_CHARACTERS:
        return None
    text = blank_times(simplify(question), time)
    found = ReportQuestion(
        "list",
        spans=time.asked if time else (),
        is_any_year=bool(time and time.is_guessed and not _says_year(question)),
    )
    text = _SO_MANY_NEWEST.sub("", normalise(text))
    text, found = _take_newspaper(text, found, newspapers)
    if (extent := _read_extent(text, found)) is not None:
        return extent
    if (named := _BYLINES.search(text)) and is_made_of(text, _BYLINE_WORDS):
        role = named["role"] or named["named"]
        return replace(found, wanted="bylines", author=None if role == "作者" else role)
    text, found = _take_page(text, found)
    for take in (_take_author, _take_topic):
        rest, read = take(text, found, authors)
        if (read.author or take is _take_topic) and is_made_of(rest, _FRAME_WORDS):
            return _wanted(rest, read)
    return None


def says_reports(question: str) -> bool:
    """Whether a Chinese question has a word for reports: 报道, 新闻, 文章."""
    return re.search(_NOUN, simplify(question)) is not None


def blank_times(text: str, time: TimeRange | None) -> str:
    """Return a question with each expression of the time asked about as one BLANK."""
    for span in sorted(time.asked if time else (), key=lambda span: -span.start):
        text = text[: span.start] + BLANK + text[span.end :]
    return text.replace("\n", " ")


def _says_year(question: str) -> bool:
    return re.search(r"年|(?:19|20)\d\d|今天|昨天|前天|[本上]周|[这上]个?月|最近|近", question) is not None


def _take_newspaper(text: str, found: ReportQuestion, newspapers: Sequence[str]) -> tuple[str, ReportQuestion]:
    name = next((name for name in newspapers if normalise(name) in text), None)
    if name is not None and not re.search(rf"{_ABOUT}(?:过|了)?《?{re.escape(normalise(name))}", text):
        return re.sub(rf"《?{re.escape(normalise(name))}》?(?:报道)?", "", text, count=1), replace(
            found, newspaper=name
        )
    if (match := _PAPER.match(text.lstrip(BLANK + " "))) and not _ABOUT_TOPIC.match(text):
        return text.replace(match[0], "", 1), replace(found, newspaper=match[1])
    return text, found


_ABOUT_TOPIC = re.compile(_ABOUT)


def _read_extent(text: str, found: ReportQuestion) -> ReportQuestion | None:
    """A question for how much the archive has, of which newspapers, from when to when."""
    if found.spans or _MOST.search(text) or not is_made_of(text, _EXTENT_WORDS):
        return None
    if _EXTENT.search(text) and (_ABOUT_ARCHIVE.search(text) or re.search(_NOUN, text)):
        return replace(found, wanted="extent")
    return None


def _take_page(text: str, found: ReportQuestion) -> tuple[str, ReportQuestion]:
    match = _PAGE.search(text)
    if match is None or not (found.spans or found.newspaper):
        return text, found
    number = match["number"]
    page = (sum(_HAN_DIGITS.get(digit, 0) for digit in number) or int(number)) if number else 1
    return text[: match.start()] + text[match.end() :], replace(found, page=page)


def _take_author(text: str, found: ReportQuestion, authors: Collection[str]) -> tuple[str, ReportQuestion]:
    for pattern in _AUTHORS:
        for match in pattern.finditer(text):
            name, is_named = match["author"], bool(match["title"])
            if name in authors or (is_named and not _ASKS.search(name) and name not in ADDRESSES):
                rest = text[: match.start()] + re.sub(f"[^{BLANK}]", "", match[0]) + text[match.end() :]
                return rest, replace(found, author=name)
    return text, found


def _take_topic(text: str, found: ReportQuestion, authors: Collection[str]) -> tuple[str, ReportQuestion]:
    for pattern in _TOPICS:
        for match in pattern.finditer(text):
            lead = _LEADING.match(match["topic"])
            start = match.start("topic") + (lead.end() if lead else 0)
            end = start + len(_TRAILING.sub("", text[start : match.end("topic")]))
            topic = text[start:end].strip(" ，,：:的“”\"'‘’")
            if not topic or topic in _GENERIC or BLANK in topic or _ASKS.search(topic) or len(topic) > MAX_TOPIC:
                continue
            if is_made_of(topic, _FRAME_WORDS):
                continue
            has_verb = pattern in _TOPICS[:3]
            noun = match.groupdict().get("noun") or ""
            begin = match.start() if has_verb else start - bool(lead and lead[0][-1] in _TELLS)
            rest = text[:begin] + noun + text[end:]
            if not has_verb and topic in authors:
                return rest, replace(found, author=topic)
            return _without_verbs(rest), replace(found, topic=topic)
    return text, found


MAX_REPORT_QUESTION_CHARACTERS = 80
"""Of such a question: a longer one has more in it than a wish for reports."""
MAX_TOPIC = 30
"""Characters of what reports may be asked to mention."""


def _without_verbs(text: str) -> str:
    return re.sub(r"被?(?:提到|提及|报道|报导|上过?报|见报|登报)(?:过|了)?(?=(?:多少|几)次)", "", text)


def _wanted(text: str, found: ReportQuestion) -> ReportQuestion | None:
    """How the reports are wanted; None where nothing says that it is reports that are asked for."""
    has_filter = bool(found.topic or found.author or found.spans or found.page)
    has_noun = re.search(_NOUN, text) is not None
    if _MOST.search(text) and has_noun:
        return replace(found, wanted="per_month" if "月" in text else "per_year")
    if _PER_YEAR.search(text) and _COUNTS.search(text):
        return replace(found, wanted="per_year")
    if _PER_MONTH.search(text) and _COUNTS.search(text):
        return replace(found, wanted="per_month")
    if _COUNTS.search(text):
        if not (has_noun or found.topic or found.author or re.search(rf"(?:多少|几){_COUNTED}", text)):
            return None
        return replace(found, wanted="count" if has_filter or found.newspaper else "extent")
    for wanted, pattern in (("oldest", _OLDEST), ("newest", _NEWEST)):
        if pattern.search(text) and (has_noun or "发生" in text) and not found.page:
            return replace(found, wanted=wanted)  # type: ignore[arg-type]
    if found.page or found.author:
        return found
    if found.spans and not has_noun and not found.topic:
        is_short = all(span.first[:7] == span.last[:7] for span in found.spans)
        bare = text.strip(BLANK + "的，,。？? ")
        return found if is_short and (bare in _BARE or _PRINTED.fullmatch(bare)) else None
    is_asked = _LISTS.search(text) is not None and "内容" not in text and "时" not in text
    return found if has_noun and (has_filter or found.newspaper or is_asked) else None


_PRINTED = re.compile(
    r"(?:那天|当天|当月|那个月|这天|这个月|报纸|报上|一共|总共|都){0,4}(?:刊?登载?|刊发|刊载|发表|发布|见报)[了过]?(?:的都?有|的是|的有|的)?(?:什么|啥|哪些)(?:内容|东西|事情?)?"
)
_BARE = frozenset({"", "有什么", "报纸", "当天"})
"""What may stand beside a day or a month alone."""
