"""A line of a masthead or folio: nothing but an issue's date, page, newspaper and the like; what it states.

A date in a sentence or a headline is none. A weekday must be the calendar's.
"""

import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass, replace

from index.dates.context import Context
from index.dates.find import scan
from index.dates.named_periods import day_of, day_of_lunar
from index.language.deceptive_characters import reveal
from index.language.memo import memoise
from index.language.numerals import numeral_value
from index.records import PartialDate

LINE_CHARACTERS = 80
SECTION_NAME = 4
"""Han characters of a page's name that no list knows (水乡周末), beside a page number; beside more, MAX_PAGE_NAMES of LONG_NAME_CHARACTERS."""
LONG_NAME_CHARACTERS = 8
MAX_PAGE_NAMES = 2
FRONT_PAGE = "头"

_HAN = "\u4e00-\u9fff"
_NUMBER = r"[A-Z]{0,2}\d{1,3}|[一二三四五六七八九十]{1,3}|头"
_MAYBE = re.compile(
    r"[版报刊讯期]|\d{2}\s?[-./年]\s?\d|[〇○零一二三四五六七八九]{4}\s?年|[A-Z]\d{2}(?!\d)|(?:19|20)\d{6}(?!\d)|[子丑寅卯辰巳午未申酉戌亥]年"
    r"|day\b|周[一二三四五六日]|星期|编辑|责编|校对|Page|PAGE|版次|主编"
)
_FRAMING = " \t\u3000#*=_~·•|｜—–-【】[]<>《》■□◆◇●○▌丨/"
_SENTENCE = re.compile(
    r"[。；！？!?]|[,，:][^\d\s]{9,}|(?:原载|转自|转载|来源|摘自|刊于|刊登|见报|下转|上接|转版|参见|详见|相关报道)"
)
_TORN_DATE = re.compile(r"(?<=\d)\s+(?=[年月日])|(?<=[年月])\s+(?=\d)")
_LABEL_OF_DATE = re.compile(r"(?:出版|出刊|见报|发行)?(?:日期|时间)\s?:")
_COMPACT_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")
_YEARLESS_DAY = re.compile(r"(?<!\d)(1[0-2]|0?[1-9])月(3[01]|[12]\d|0?[1-9])日")
_WEEKDAY_NAME = re.compile(r"\(?(?:星期|周|礼拜)([一二三四五六日天])\)?")
_LATIN_WEEKDAY = re.compile(r"\b(mon|tue|wed|thu|fri|sat|sun)(?:[a-z]{0,6}day|\.)?(?![a-z])", re.IGNORECASE)
_LUNAR_DAY = re.compile(
    r"""
    (?:农历)?\s?([甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥])年?\s?(?:[鼠牛虎兔龙蛇马羊猴鸡狗猪]年)?\s?
    (闰?)([正二三四五六七八九十冬腊]|十[一二])月\s?
    (初[一二三四五六七八九十]|十[一二三四五六七八九]|二十|廿[一二三四五六七八九]|三十)
    | (?:农历)?[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年
    | 农历[^\s]{2,8}
    """,
    re.VERBOSE,
)
_PAGE_COUNT = re.compile(
    r"(?:今日|本期|本报|今天)\s?(?:共|出版)?\s?(?:[A-Z]?\d{1,3}|[一二三四五六七八九十]{1,3})\s?(?:个?版|页)|(?:共|全)\s?\d{1,3}\s?(?:个?版|页)"
)
_ISSUE_NUMBER = re.compile(r"总?\s?第?\s?\d{1,6}\s?[期号]|总第\s?\d{1,6}|(?:No|NO|Vol|VOL|Issue)\b\.?\s?\d{1,6}")
_PAGE_NAMED = re.compile(
    rf"(?:版[次面号])\s?:?\s?第?\s?({_NUMBER})(?![\d{_HAN}])\s?版?|第?\s?({_NUMBER})\s?(?:[-、/~至]\s?(?:{_NUMBER})\s?)?版(?:面)?(?![本权块税图])"
    r"|\b(?:Page|PAGE|P)\.?\s?(\d{1,3})\b"
)
_PAGE_BARE = re.compile(r"[A-Z]{0,2}\d{1,3}")
_LETTERED = re.compile(r"[A-Z]\d{2}")
_NAME_OF_PAPER = re.compile(
    rf"(?:今日)?[{_HAN}]{{1,8}}?(?:日报|晚报|时报|晨报|早报|周报|快报|报|时讯|周刊|月刊)|今日[{_HAN}]{{2,4}}|[A-Z][A-Za-z]{{1,24}}(?:[- ][A-Z][a-z]{{1,12}})?[- ](?:Daily|News|Times|Post|Weekly)",
    re.IGNORECASE,
)
_NOT_PAPER = re.compile(
    r"\A(?:.*(?:[喜捷海简通汇情公预年战申填举画板书月周上警播电谎填呈瞒虚]报|申报|报报)|.{0,3}[本日月年季快]报)$"
)
_STAFF = re.compile(
    rf"(?:值班|责任|执行|本版|本期|特约|见习|首席|视觉|美术|图片|文字)?(?:总编辑?|总监|主任|编审|编委|编辑|责编|主编|组版|排版|版式|美编|校对|校检|审读|检校|制图|设计|统筹|电话|热线|传真|邮箱)"
    rf"\s?[:/丨|]?\s?(?:[{_HAN}]{{1,2}}\s[{_HAN}](?=\s|$)|[{_HAN}]{{2,4}}|[\d-]{{7,13}}|[\w.]{{2,30}}@[\w.]{{2,30}})?(?:[、,][{_HAN}]{{2,4}})*"
)
_CONTACT = re.compile(
    r"[\w.+-]{1,40}@[\w.-]{1,40}|(?:https?://|www\.)[\w./?=&-]{1,80}|(?:电话|热线|新闻热线|E-?mail|邮箱|网址|本报地址|邮编|投稿)\s?:?\s?[\d-]{0,14}"
    r"|国内统一(?:连续出版物|刊)号|CN\s?\d{2}-\d{4}(?:/?[A-Z]{0,2})?|邮发代号\s?:?\s?\d{1,3}-\d{1,4}|零售价?\s?:?\s?[\d.]+元|内部资料|免费赠阅|准印证[^\s]{0,20}"
)
_WEATHER = re.compile(
    r"(?:今[天日]|明[天日]|白天|夜间)?\s?(?:晴|阴|多云|[小中大暴阵]?雨|雷阵雨|[小中大]雪|雾|霾)(?:[转到间有][晴阴多云小中大阵雨雪雷]{1,3})?(?=\s|$|\d|-)|气温|-?\d{1,2}\s?(?:[-~～至/]\s?-?\d{1,2})?\s?(?:℃|°C|度)|[东南西北]{1,2}风[\d\-级~]{0,5}"
)
_SECTION_NAME = re.compile(
    r"(?:今日|本地|国内|国际|综合|区域|城市|镇街|街镇|社区|民生|时政|社会|文化|教育|经济|法治|健康|生态|三农|乡村|视觉|专题|党建|理论|时事|天下|人文|都市|财经|体育)?"
    r"(?:要闻|新闻|综合|副刊|专版|专题|专刊|广告|公告|时政|社会|文化|民生|教育|经济|法治|健康|生态|图片|视觉|评论|理论|周刊|资讯|焦点|特刊|专栏|头版|社区|天下|文艺|连载|生活|深度|观察|关注|热点|之声|速递|体育|国际|国内|热线|服务)"
)
_SEPARATORS = re.compile(r"[\s|｜丨·•:,、/\\()—–_\-~*=#【】\[\]<>《》.．。■□◆◇●○▌■“”\"']+")
_LABELS = frozenset(
    {
        "日期",
        "出版日期",
        "出版",
        "发行",
        "版次",
        "版面",
        "版",
        "报纸",
        "刊期",
        "主办",
        "期",
        "第",
        "农历",
        "今日",
        "共",
        "本期",
        "版名",
        "年",
        "月",
        "日",
    }
)
_STEMS_OF_WEEK = "一二三四五六日"
_LATIN_STEMS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class MastheadLine:
    """What a line states that holds nothing but a masthead's words.

    Args:
        supports_date: it has what a masthead's date has beside it: a weekday, a lunar day, an issue number.
        is_named_page: the page is called one (第2版), and not a bare number.
        is_false: its weekday is not the calendar's: its date is believed by nobody.
        day: month and day (01-18) where it has no year, beside the newspaper's name and page.
    """

    date: PartialDate | None = None
    page: str | None = None
    newspaper: str | None = None
    supports_date: bool = False
    is_named_page: bool = False
    is_false: bool = False
    day: str | None = None


def read_masthead_line(line: str) -> MastheadLine | None:
    """Return what a line states that holds nothing but a masthead's words; None for every other line."""
    if len(line) > LINE_CHARACTERS or not _MAYBE.search(line):
        return None
    return _read(line)


@memoise(1024)  # pages of one newspaper print the same lines
def _read(line: str) -> MastheadLine | None:
    rest = _TORN_DATE.sub("", unicodedata.normalize("NFKC", reveal(line))).strip(_FRAMING)
    if not rest or _SENTENCE.search(rest):
        return None
    date, rest, several = _take_date(_LABEL_OF_DATE.sub(" ", rest))
    if several:
        return None
    yearless = None if date else _YEARLESS_DAY.search(rest)
    if yearless:
        rest = rest[: yearless.start()] + " " + rest[yearless.end() :]
    rest, weekday = _take_weekday(rest)
    lunar = _LUNAR_DAY.search(rest)
    if lunar:
        rest = rest[: lunar.start()] + " " + rest[lunar.end() :]
        date = date or _lunar_date(lunar)
    rest = _PAGE_COUNT.sub(" ", rest)
    numbered = _ISSUE_NUMBER.search(rest)
    rest = _CONTACT.sub(" ", _STAFF.sub(" ", _ISSUE_NUMBER.sub(" ", rest)))
    page = _PAGE_NAMED.search(rest)
    number = next((group for group in page.groups() if group), None) if page else None
    if page:
        rest = rest[: page.start()] + " " + rest[page.end() :]
    known = MastheadLine(
        date,
        _in_figures(number),
        None,
        supports_date=bool(weekday is not None or lunar or numbered),
        is_named_page=page is not None,
    )
    if date and weekday is not None and weekday != day_of(*map(int, date.value.split("-"))).weekday():
        known = replace(known, date=None, is_false=True)
    named = _with_names(known, _WEATHER.sub(" ", rest))
    if named is None or yearless is None:
        return named
    day = f"{int(yearless[1]):02d}-{int(yearless[2]):02d}"
    return replace(named, day=day) if named.page and named.newspaper else None


def _with_names(known: MastheadLine, rest: str) -> MastheadLine | None:
    """Read what is left of a line: newspaper, the page's name and bare number; None where anything else is left."""
    names: list[str] = []
    rest = rest.strip()
    paper = None
    latin = re.search(
        r"[A-Z][A-Za-z]{1,20}(?:[- ][A-Z][a-z]{1,20})?[- ](?:Daily|News|Times|Post|Weekly)", rest, re.IGNORECASE
    )
    if latin:
        paper, rest = latin.group(), rest[: latin.start()] + " " + rest[latin.end() :]
    for word in _SEPARATORS.split(rest):
        if not word or word in _LABELS or _SECTION_NAME.fullmatch(word):
            continue
        if paper is None and _NAME_OF_PAPER.fullmatch(word) and not _NOT_PAPER.fullmatch(word):
            paper = word
        elif known.page in (None, FRONT_PAGE) and (
            _LETTERED.fullmatch(word) or ((known.date or paper or known.is_false) and _PAGE_BARE.fullmatch(word))
        ):
            known = replace(known, page=word)
        elif re.fullmatch(rf"[{_HAN}]{{1,{LONG_NAME_CHARACTERS}}}", word):
            names.append(word)
        else:
            return None
    known = replace(known, newspaper=paper, page="1" if known.page == FRONT_PAGE else known.page)
    is_strong = bool((known.date or known.is_false) and (known.supports_date or known.page or paper)) or bool(
        known.page and paper
    )
    allowed = LONG_NAME_CHARACTERS if is_strong else SECTION_NAME if known.is_named_page and not known.date else 0
    if (
        len(names) > MAX_PAGE_NAMES
        or any(len(name) > allowed for name in names)
        or (names and not (is_strong or len(names) == 1))
    ):
        return None
    return known


def _take_date(rest: str) -> tuple[PartialDate | None, str, bool]:
    """Return the one full date of a line, the line without it, and whether it has several."""
    spans = [span for span in scan(Context(rest, None)) if span.year and span.day]
    if len(spans) > 1 or any(span.first != span.last for span in spans):
        return None, rest, True
    if spans:
        span = spans[0]
        return PartialDate(span.first.isoformat()), rest[: span.start] + " " + rest[span.end :], False
    compact = _COMPACT_DAY.search(rest)
    if compact:
        with suppress(ValueError):
            day = day_of(*map(int, compact.groups()))
            return PartialDate(day.isoformat()), rest[: compact.start()] + " " + rest[compact.end() :], False
    return None, rest, False


def _take_weekday(rest: str) -> tuple[str, int | None]:
    """Return the line without its weekday, and that weekday, 0 for Monday."""
    found = _WEEKDAY_NAME.search(rest)
    if found:
        return rest[: found.start()] + " " + rest[found.end() :], _STEMS_OF_WEEK.index(found[1].replace("天", "日"))
    latin = _LATIN_WEEKDAY.search(rest)
    if latin:
        return rest[: latin.start()] + " " + rest[latin.end() :], _LATIN_STEMS.index(latin[1].lower())
    return rest, None


def _in_figures(page: str | None) -> str | None:
    """A page's number as it would be printed in figures: 二 is a number, too."""
    if page is None or page.isascii() or page == FRONT_PAGE:
        return page
    return str(numeral_value(page) or page)


def _lunar_date(found: re.Match[str]) -> PartialDate | None:
    if not found[1]:
        return None
    with suppress(ValueError):
        return PartialDate(day_of_lunar(found[1], found[3], found[4], is_leap=bool(found[2])).isoformat())
    return None
