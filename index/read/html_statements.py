"""What elements and lines of a web page state about its article: its date, authors, source, kicker."""

import re
from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import Final

from index.language.numerals import numeral_value
from index.read.html_byline import (
    LINE_CHARS,
    WITHIN_LINES,
    Imprint,
    newspaper_of,
    persons,
    read_date,
    read_line,
    read_names,
)
from index.read.html_lines import Line, text_of
from index.read.html_tree import MAX_LOOKED_UP, Element, Page
from index.read.html_weights import is_prose
from index.read.stated_dates import CHINA, parse_date
from index.records import STYLED_LEVEL, PartialDate

# Elements that name what they hold. In lists of other articles and under comments they tell of something else.
_AUTHORS: Final = re.compile(r"author|byline|reporter", re.IGNORECASE)
_TIMES: Final = re.compile(r"pub[-_]?time|pub[-_]?date|publish|date|time|fbsj", re.IGNORECASE)
_SOURCES: Final = re.compile(r"source|origin|laiyuan", re.IGNORECASE)
_KICKERS: Final = re.compile(r"kicker|pretitle|yinti|introtitle", re.IGNORECASE)
# The account that WeChat shows beside the date, and the place that it writes from.
_ACCOUNTS: Final = re.compile(r"ip_?wording|meta_nickname|profile_?nickname")
_ELSEWHERE: Final = re.compile(
    r"comment|reply|pinglun|related|recommend|tuijian|sidebar|rank|hot|list|guess|more|copyright|foot|widget",
    re.IGNORECASE,
)
_NAMING: Final = frozenset({"class", "id", "itemprop", "rel", "datetime"})
_MAX_NAMED: Final = 40  # elements of one meaning that are looked at; an article has one or two
_SHORT_CHARS: Final = 30
NEAR_LINES: Final = 8
LOOSE_CHARS: Final = 60
BELOW_LINES: Final = 4  # lines below the text that may state something about it
_LABELLED: Final = re.compile(
    r"(?:时间|日期|发布|发表|更新|来源|稿源|出处|记者|作者|通讯员|撰稿|published|posted|source|by )", re.IGNORECASE
)
_STAMP: Final = re.compile(r"\A(?:19|20)\d\d[-/]\d{1,2}[-/]\d{1,2}\s+\d{1,2}:\d\d")
# WeChat's pages have the time in a script: var ct = "1581412200"; newer ones as text: createTime = '2024-05-08 09:12'.
_WECHAT: Final = re.compile(
    r"""\b(?:ct|oriCreateTime)\s{0,3}=\s{0,3}["'](?P<epoch>\d{10})["']|\b(?:createTime|publish_time)\s{0,3}=\s{0,3}["'](?P<day>20\d\d-\d\d-\d\d)"""
)
# What scripts of many sites say of the article: "pubDate": "2019-09-11T02:46:57".
_IN_SCRIPT: Final = re.compile(
    r"""["']?\b(?:pub_?[dD]ate|pub_?[tT]ime|publish_?[dD]ate|publish_?[tT]ime|data-p(?:ub)?time|datePublished)["']?\s{0,3}[:=]\s{0,3}\\?["'](?P<day>(?:19|20)\d\d[-/]\d{1,2}[-/]\d{1,2})"""
)
_IN_ROW: Final = re.compile(
    r"(?:发布|公开|生成|发文|成文|印发)(?:日期|时间)\s?[:：]?\s{0,3}(?P<day>(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}日?)"
)
# A short line beside the title that has a time of day or stands under nothing else than a date.
_LOOSE: Final = re.compile(
    r"(?:(?P<before>[^：:。，；]{0,24})\s)?(?P<date>(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}日?)(?P<clock>\s{0,3}\d{1,2}[:：]\d\d)?(?P<after>[^。！？；]{0,60})"
)
SIGNED_LINES: Final = 2
_SIGNED: Final = re.compile(
    r"[（(]?\s{0,4}[\u4e00-\u9fff]{2,20}\s{1,6}((?:19|20)\d\d|[一二][〇○零一二三四五六七八九]{3})年(\d{1,2}|[一二三四五六七八九十]{1,2})月(\d{1,2}|[一二三四五六七八九十]{1,3})日\s{0,4}[）)]?"
)
_IN_ADDRESS: Final = (
    re.compile(r"(?<!\d)(?P<y>20[0-3]\d|19\d\d)[-/_](?P<m>0?[1-9]|1[0-2])[-/_](?P<d>0?[1-9]|[12]\d|3[01])(?!\d)"),
    re.compile(r"(?<!\d)(?P<y>20[0-3]\d)[-/]?(?P<m>0[1-9]|1[0-2])[-/]?(?P<d>0[1-9]|[12]\d|3[01])(?!\d)"),
    re.compile(r"(?<!\d)(?P<y>20[0-3]\d)[-/](?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d)"),
)


_KINDS: Final = (
    ("author", _AUTHORS, ("author",)),
    ("date", _TIMES, ("datepublished",)),
    ("source", _SOURCES, ("publisher",)),
    ("kicker", _KICKERS, ()),
    ("account", _ACCOUNTS, ()),
)


def find_named(body: Element, others: frozenset[int], sites: Sequence[str] = ()) -> tuple[Imprint, list[str]]:
    """Return what elements state whose names say what they hold, and the words that were understood so.

    Args:
        others: ids of parts of the page that tell of something else.
        sites: what the page's site is called.
    """
    words: list[str] = []
    found = Imprint()
    named = _named(body, others)
    for kind, read in (
        ("author", _read_author),
        ("date", _read_time),
        ("source", _read_source),
        ("kicker", _read_kicker),
    ):
        for text, value in named[kind]:
            imprint = read(text, value, sites)
            if imprint is not None and (filled := found.or_else(imprint)) != found:
                found = filled
                words.append(text)
    words += [text for text, _value in named["account"]]
    return found, sorted((word for word in words if word), key=len, reverse=True)


def _read_author(_text: str, value: str, sites: Sequence[str]) -> Imprint | None:
    names = read_names(value.removeprefix("作者：").removeprefix("作者:"))
    if not value.startswith(("作者：", "作者:", "记者", "通讯员", "By ")):
        names = persons(names, sites)
    return Imprint(byline=names) if names else None


def _read_time(text: str, value: str, _sites: Sequence[str]) -> Imprint | None:
    date = read_date(value)
    is_told = value != text or bool((line := read_line(text)) and line.date)
    return Imprint(date=date) if date and is_told else None


def _read_source(text: str, _value: str, _sites: Sequence[str]) -> Imprint | None:
    line = read_line(text)
    name = (line.source if line else None) or newspaper_of(text)
    return Imprint(source=name) if name else None


def _read_kicker(text: str, _value: str, _sites: Sequence[str]) -> Imprint | None:
    return Imprint(kicker=text) if text else None


def _named(body: Element, others: frozenset[int]) -> dict[str, list[tuple[str, str]]]:
    """Return texts and stated values of elements whose names or properties say what they hold, by kind."""
    found: dict[str, list[tuple[str, str]]] = {kind: [] for kind, _names, _properties in _KINDS}
    seen = dict.fromkeys(found, 0)
    for element in body.elements():
        given = element.attributes
        if not given or id(element) in others or not _NAMING.intersection(given):
            continue
        names = element.names
        stated = (given.get("itemprop", "").lower(), given.get("rel", ""))
        for kind, pattern, properties in _KINDS:
            is_time = kind == "date" and element.tag == "time" and "datetime" in given
            if not (is_time or (names and pattern.search(names)) or any(each in properties for each in stated)):
                continue
            if seen[kind] >= _MAX_NAMED or _is_elsewhere(element):
                continue
            seen[kind] += 1
            text = text_of(element) if element.is_short(8 * LINE_CHARS) else ""
            if (text and len(text) <= LINE_CHARS) or given.get("content"):
                found[kind].append((text, given.get("datetime") or given.get("content") or text))
    return found


def _is_elsewhere(element: Element) -> bool:
    """Tell whether an element is part of a comment or of a list of other articles."""
    for above in (element, *islice(element.above(), MAX_LOOKED_UP)):
        if above.tag == "body":
            return False
        if above.tag == "li" or (above.attributes and _ELSEWHERE.search(above.names)):
            return True
    return False


def part_statements(
    lines: Sequence[Line], title_at: int, words: Sequence[str]
) -> tuple[list[Line], dict[str, Imprint]]:
    """Part the lines of a page from those beside the title, or below the text, that only state something about it.

    Args:
        title_at: how many lines stand above the title.
        words: what the markup has told the meaning of.
    """
    beside: dict[str, Imprint] = {}
    kept: list[Line] = []
    left = list(words)
    text_began = False
    for number, line in enumerate(lines):
        near = title_at - WITHIN_LINES <= number < title_at + WITHIN_LINES and not text_began and line.kind != "row"
        found = (read_line(_bare(line.text), left) or _loose(line)) if near else None
        if found is None:
            kept.append(line)
            # A date under a notice is its own; only what stands between title and text is about it.
            text_began = number >= title_at and (text_began or line.size > _SHORT_CHARS or line.text.endswith("。"))
        else:
            beside[line.text] = found.or_else(beside.get(line.text, Imprint()))
            left = [word for word in left if word not in line.text]
    for line in kept[: -BELOW_LINES - 1 : -1] if len(kept) > 1 else ():
        if len(kept) < 2 or line.kind == "row" or not (_LABELLED.search(line.text) or _STAMP.match(line.text)):
            continue
        if (found := read_line(_bare(line.text))) is not None:
            beside[line.text] = found
            kept.remove(line)
    return (kept, beside) if kept else (list(lines), {})


def _loose(line: Line) -> Imprint | None:
    """Return the day of a short line beside the title whose other words are not all understood."""
    match = _LOOSE.fullmatch(line.text.removeprefix("• ")) if line.size <= LOOSE_CHARS else None
    date = parse_date(re.sub(r"\s", "", match["date"])) if match else None
    if match is None or date is None or 0 < line.level < STYLED_LEVEL:
        return None
    is_stamp = match["clock"] or (not match["before"] and not re.match(r"[\w，、至到—-]", match["after"]))
    return Imprint(date=date) if is_stamp and "，" not in match["after"] else None


def _bare(text: str) -> str:
    text = text.removeprefix("• ").strip()
    return text[1:-1] if text[:1] in "（(【[" and text[-1:] in "）)】]" else text


def date_near(lines: Sequence[Line], heading: Element | None) -> PartialDate | None:
    """Return the day that a line near the headline states, whatever part of the page it stands in."""
    inside = {id(element) for element in heading.elements()} if heading is not None else set()
    title_at = next((at for at, line in enumerate(lines) if id(line.block) in inside), None)
    if title_at is None:
        return None
    for line in lines[title_at + 1 : title_at + 1 + NEAR_LINES]:
        if line.size > _SHORT_CHARS and is_prose(line):
            return None
        found = (read_line(_bare(line.text)) or _loose(line)) if line.kind == "text" else None
        if found is not None and found.date is not None:
            return found.date
    return None


def date_in_rows(lines: Sequence[Line]) -> PartialDate | None:
    """Return the day of publication that a table beside the text states, as the index cards of offices do."""
    rows = (line.text for line in lines if line.kind == "row")
    return next((parse_date(re.sub(r"\s", "", match["day"])) for row in rows if (match := _IN_ROW.search(row))), None)


def date_signed(lines: Sequence[Line]) -> PartialDate | None:
    """Return the day under a text that its office signs on the same line: （东坪镇人民政府 二〇二四年九月三日）."""
    signed = (_SIGNED.fullmatch(line.text) for line in lines[-SIGNED_LINES:] if line.kind != "row")
    found = next((match for match in signed if match), None)
    values = [int(part) if part.isdigit() else numeral_value(part) for part in found.groups()] if found else [None]
    return parse_date("-".join(map(str, values))) if all(values) else None


def date_in_address(address: str | None) -> PartialDate | None:
    """Return the day that a page's address names: /2024/05/08/, /202405/08/, /20240508."""
    for pattern in _IN_ADDRESS if address else ():
        for match in pattern.finditer(address[:2000] if address else ""):
            if found := parse_date(f"{match['y']}-{match['m']}-{match['d']}"):
                return found
    return None


def date_in_script(html: str) -> PartialDate | None:
    """Return the day that a WeChat page's script states, in China's time."""
    if "js_content" not in html and "activity-name" not in html:
        return None
    match = _WECHAT.search(html)
    if match is None:
        return None
    if match["day"]:
        return parse_date(match["day"])
    return parse_date(datetime.fromtimestamp(int(match["epoch"]), CHINA).date().isoformat())


def date_in_scripts(html: str) -> PartialDate | None:
    """Return the day that a page's scripts and data attributes give as that of publication, where all agree."""
    days = {found for match in _IN_SCRIPT.finditer(html) if (found := parse_date(match["day"]))}
    return days.pop() if len(days) == 1 else None


def sites_of(page: Page, source: str | None) -> tuple[str, ...]:
    """Return what a page's site, and where its article is from, are called."""
    names = [page.properties.get(name, "") for name in ("og:site_name", "sitename", "application-name")]
    parts = re.split(r"[_|｜-]", page.title or "")[1:]
    return tuple(name for text in (*names, *parts, source or "") if len(name := "".join(text.split())) > 1)


def address_of(page: Page) -> str | None:
    """Return the address that a page names as its own."""
    return page.canonical or page.properties.get("og:url")
