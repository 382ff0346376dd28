"""The issue a page belongs to: newspaper, date and page as its path states them, else its masthead."""

import datetime
import re
from dataclasses import dataclass

from index.dates.context import Context, Found
from index.dates.find import scan
from index.dates.named_periods import day_of, day_of_lunar
from index.records import PartialDate

_FULL = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[-_./年]?(0[1-9]|1[0-2]|[1-9](?!\d))[-_./月]?(0[1-9]|[12]\d|3[01]|[1-9](?!\d))(?!\d)日?"
)
_MONTH = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_./年](0[1-9]|1[0-2]|[1-9])(?!\d)月?")
# What may stand right before and after a date written in figures only: a paper's code; a page, a time, one letter.
_BEFORE_DATE = re.compile(r"[A-Za-z]{0,12}")
_AFTER_DATE = re.compile(r"[A-Za-z]\d{1,3}|[Tt]\d{4,6}Z?")
_LATIN_BEFORE = re.compile(r"[0-9A-Za-z]{0,64}\Z")
_LATIN_AFTER = re.compile(r"[0-9A-Za-z]{0,64}")
_UUID = re.compile(r"(?<![0-9A-Za-z])[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}(?![0-9A-Za-z])")
_PAGE = re.compile(r"(?:第\s*)?([0-9A-Z]{1,3}|[一二三四五六七八九十]{1,2})\s*版|[_\-\s]p(\d{1,2})(?!\d)", re.IGNORECASE)
_NEWSPAPER = re.compile(
    r"[\u4e00-\u9fff]{2,8}?(?:日报|晚报|时报|晨报|报)(?![\u4e00-\u9fff])|[A-Z][A-Za-z]{1,24}[- ](?:Daily|News|Times)"
)
MASTHEAD_CHARACTERS = 400
MASTHEAD_LINE_CHARACTERS = 80
TOP_LINES = 6
_PAGE_LINE = re.compile(r"(?:第\s?)?([0-9A-Z]{1,3}|[一二三四五六七八九十]{1,2})\s?版(?:\s[\u4e00-\u9fff]{2,6})?")
# What a page header's parts are set apart by; and words of a form's own date, which is not that of what is written in it.
_HEADER_PARTS = re.compile(r"[\s|｜·•]{1,200}")
_FORM_DATE = re.compile(r"修订|修改|修正|版本|制表|监制|印制|表号|文号|批准|有效期|截至|截止|起施行|实施")
_NO_NEWSPAPER = re.compile(r"\A.*(?:[喜捷海简通汇情公预年战申填举画板])报")
_WEEKDAY_AFTER = re.compile(r"[\s,，|·（(]{0,4}(?:星期|周|礼拜)([一二三四五六日天])")
_WEEKDAY_BEFORE = re.compile(r"(?:星期|周|礼拜)([一二三四五六日天])[\s,，|·]{0,4}$")
_ENGLISH_WEEKDAY = re.compile(r"\b(mon|tues|wednes|thurs|fri|satur|sun)day\b", re.IGNORECASE)
_STEMS = "一二三四五六日"
_LUNAR = re.compile(
    r"""
    (?:农历)?
    ([甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥])年\s?
    (闰?)([正二三四五六七八九十冬腊]|十[一二])月
    (初[一二三四五六七八九十]|十[一二三四五六七八九]|二十|廿[一二三四五六七八九]|三十)
    """,
    re.VERBOSE,
)
# What else stands in the line of a masthead; anything more and a date without a weekday is a headline's.
_FURNITURE = re.compile(
    r"""
    \A(?>(?:
        [\u4e00-\u9fff]{2,6}报(?:社)?  # before the words that it may begin with: nothing is tried twice
        | [\s\d\u3000|｜·•:：,，()（）/—–-]
        | 今日|总?第|期|共|版|本期|农历|出版|星期.|周.
        | [甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年
        | 国内统一(?:连续出版物|刊)号|CN|邮发代号|主办
        | (?:issue|no|vol|page|pages)\b\.?
        | [a-z]{1,9}day\b
    )*)
    """,
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Issue:
    """What is known of the newspaper issue that a page belongs to; None where nothing states it.

    Args:
        evidence: what states the date, in words.
    """

    newspaper: str | None
    date: PartialDate | None
    page: str | None
    evidence: str | None = None


def read_issue(source: str, text: str, page_headers: str = "") -> Issue:
    """Return newspaper, date and page as the source's path states them, each else from the masthead.

    Args:
        page_headers: lines that are printed on every page of the file, beside its text; "" where there are none.
    """
    newspaper = _NEWSPAPER.search(source)
    page = _PAGE.search(source)
    date, evidence = _date_in(source)
    if date is None:
        date, evidence = _masthead_date(text)
    if date is None:
        date, evidence = _header_date(page_headers)
    parts = "\n".join(part for line in _top(page_headers) for part in _HEADER_PARTS.split(line))
    return Issue(
        newspaper=newspaper.group().replace("-", " ")
        if newspaper
        else _masthead_newspaper(text) or _masthead_newspaper(parts),
        date=date,
        page=next((group for group in page.groups() if group), None)
        if page
        else _masthead_page(text) or _masthead_page(parts),
        evidence=evidence,
    )


def _date_in(source: str) -> tuple[PartialDate | None, str | None]:
    # Folders and names both can hold one; the last full date is the closest to the page.
    source = _UUID.sub(lambda match: "-" * len(match[0]), source)
    for match in reversed(list(_FULL.finditer(source))):
        date = _checked(*match.groups())
        if date and not _is_in_code(source, match):
            return date, _place_of(source, match)
    for match in reversed(list(_MONTH.finditer(source))):
        return PartialDate(f"{match.group(1)}-{int(match.group(2)):02d}"), _place_of(source, match)
    return None, None


def _is_in_code(source: str, match: re.Match[str]) -> bool:
    """Whether a date's figures stand within letters and figures of a name made by a machine: f20231105e, 2a7b20191212ff."""
    before = _LATIN_BEFORE.search(source, max(0, match.start() - 64), match.start())
    after = _LATIN_AFTER.match(source, match.end())
    head, tail = before[0] if before else "", after[0] if after else ""
    is_known = _AFTER_DATE.fullmatch(tail) is not None or len(tail) <= (0 if head else 1)
    return match[0].isascii() and not (is_known and _BEFORE_DATE.fullmatch(head))


def _place_of(source: str, match: re.Match[str]) -> str:
    place = "文件名" if match.end() > source.rfind("/") else "文件夹"
    return f"{place}“{match.group()}”"


def _checked(year: str, month: str, day: str) -> PartialDate | None:
    try:
        return PartialDate(day_of(int(year), int(month), int(day)).isoformat())
    except ValueError:
        return None


def _top(text: str) -> list[str]:
    lines = (line.strip() for line in text[:MASTHEAD_CHARACTERS].split("\n"))
    return [line for line in lines if line]


def _masthead_newspaper(text: str) -> str | None:
    for line in _top(text)[:TOP_LINES]:
        match = _NEWSPAPER.fullmatch(line.replace(" ", "") if not line.isascii() else line)
        if match and len(line) > 2 and not _NO_NEWSPAPER.fullmatch(match.group()):
            return match.group()
    return None


def _masthead_page(text: str) -> str | None:
    match = next((match for line in _top(text)[:TOP_LINES] if (match := _PAGE_LINE.fullmatch(line))), None)
    return match[1] if match else None


def _masthead_date(text: str) -> tuple[PartialDate | None, str | None]:
    """The date in a line of its own near the top; its weekday, if any, must be the calendar's."""
    for line in _top(text):
        if len(line) > MASTHEAD_LINE_CHARACTERS:
            continue
        for span in scan(Context(line, None)):
            if span.year and span.day and span.first == span.last and _is_masthead(line, span):
                return PartialDate(span.first.isoformat()), f"报头“{line}”"
        lunar = _LUNAR.search(line)
        if lunar and _FURNITURE.fullmatch(line[: lunar.start()] + line[lunar.end() :]):
            try:
                day = day_of_lunar(lunar[1], lunar[3], lunar[4], is_leap=bool(lunar[2]))
            except ValueError:
                continue
            return PartialDate(day.isoformat()), f"报头“{line}”（农历）"
    return None, None


def _header_date(page_headers: str) -> tuple[PartialDate | None, str | None]:
    """The one day that page headers name; sections that name several are no one issue."""
    found: dict[datetime.date, str] = {}
    for line in _top(page_headers):
        spans = [span for span in scan(Context(line, None)) if span.year and span.day and span.first == span.last]
        if len(line) <= MASTHEAD_LINE_CHARACTERS and len(spans) == 1 and not _FORM_DATE.search(line):
            found.setdefault(spans[0].first, line)
    if len(found) != 1:
        return None, None
    ((day, line),) = found.items()
    return PartialDate(day.isoformat()), f"页眉“{line}”"


def _is_masthead(line: str, span: Found) -> bool:
    weekday = _WEEKDAY_AFTER.match(line, span.end) or _WEEKDAY_BEFORE.search(line[: span.start])
    english = _ENGLISH_WEEKDAY.search(line)
    if weekday:
        return _STEMS.index(weekday[1].replace("天", "日")) == span.first.weekday()
    rest = _LUNAR.sub("", line[: span.start] + line[span.end :])
    if english and english.group().lower() != f"{span.first:%A}".lower():
        return False
    return _FURNITURE.fullmatch(rest) is not None
