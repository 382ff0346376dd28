"""What the lines beside a title state about an article: date, authors, source.

Ours rather than a package: trafilatura and htmldate load lxml, dateparser and more (0.3 to 1.2 s), take one author
string as it stands, and do not know what Chinese newspaper sites write (see also `html_metadata`).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from index.language.vocabulary import SURNAMES, pattern_of
from index.read.stated_dates import parse_date
from index.records import PartialDate

NAME_CHARS: Final = 40
LINE_CHARS: Final = 160  # a line of metadata is short; a longer one is text that begins with a date
NOBODY_CHARS: Final = 12  # an author field that names an office or "admin"
WITHIN_LINES: Final = 6  # how many lines around the title are looked at

_ROLE: Final = r"(?:本报|本台|本网|全媒体|融媒体|特约|实习|见习|首席){0,4}(?:记者|通讯员|摄影报道|摄影)|特约撰稿人|撰稿人?|作者|撰文"
_AUTHOR_LABEL: Final = rf"(?P<role>{_ROLE}|文\s?[/／]|[Bb]y(?=\s)|Authors?|Reporters?|Written by)\s*[:：]?"
_SOURCE_LABEL: Final = r"(?:(?:稿件|文章|信息|新闻|内容)?来源|稿源|出处|Source)\s*[:：]"
_EDITOR_LABEL: Final = r"(?:责任编辑|责编|编辑|校对|审核|初审|复审|终审|监制|版面设计|Editors?)\s*[:：]"
_DATE_LABEL: Final = r"(?:(?:发布|发表|发稿|刊发|出版|创建|上传)?(?:时间|日期)|发布于|发表于|Published(?: on)?|Posted(?: on)?|Date)\s*[:：]?"
_UPDATE_LABEL: Final = (
    r"(?:最后|最近)?(?:更新|修改)(?:时间|日期|于)?\s*[:：]?|(?:Last )?(?:Updated|Modified)(?: on)?\s*[:：]?"
)
_OTHER_LABEL: Final = (
    r"(?:浏览|阅读|点击|访问|评论|分享|Views?|Reads?|Comments?)(?:次数|人数|数|量)?\s*+[:：]?\s*+\(?[\d,.]*万?\)?次?"
)
_BUTTON: Final = r"(?:字号|字体)(?:大小)?\s{0,2}[:：]?|[【\[(（]?\s{0,4}(?:特大|[大中小])(?![\u4e00-\u9fff])\s{0,4}[】\])）]?|A(?=\s)|打印(?:本页)?|关闭(?:窗口)?|分享到?|收藏|微信|微博|A[-+]|Print|Share"
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = rf"(?:{'|'.join(_MONTHS)})[a-z]{{0,8}}\.?"
_CLOCK: Final = r"(?:[\sT,]{0,8}(?:上午|下午|at )?\s{0,4}\d{1,2}[:：]\d{2}(?:[:：]\d{2}(?:\.\d+)?)?\s*(?:[ap]\.?m\.?)?(?:Z|[+-]\d\d:?\d\d)?)?"
_DATE: Final = re.compile(
    rf"""(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+)?
    (?:(?P<day1>(?:19|20)\d\d\s*[-/.年]\s*\d{{1,2}}\s*[-/.月]\s*\d{{1,2}}(?!\d)\s*+日?)
    |(?P<month>{_MONTH})\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>(?:19|20)\d\d)
    |(?P<day2>\d{{1,2}})\s+(?P<month2>{_MONTH}),?\s+(?P<year2>(?:19|20)\d\d))
    (?:\s*[（(]?星期[一二三四五六日天][）)]?)?{_CLOCK}""",
    re.VERBOSE | re.IGNORECASE,
)
_FIELD: Final = re.compile(
    rf"(?P<author>{_AUTHOR_LABEL})|(?P<source>{_SOURCE_LABEL})|(?P<editor>{_EDITOR_LABEL})|(?P<updated>{_UPDATE_LABEL})"
    rf"|(?P<date>{_DATE_LABEL})|(?P<other>{_OTHER_LABEL})|(?P<button>{_BUTTON})"
)
_BETWEEN: Final = " \t\u3000\u00a0|｜丨·•,，;；/／-—"
_CHINESE_NAME: Final = re.compile(r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,8}(?:·[\u4e00-\u9fff]{1,8})+")
_LATIN_NAME: Final = re.compile(r"\A[A-Z][\w'’.-]*(?: (?:[A-Z][\w'’.-]*|de|van|von|bin|al)){1,4}")
# What stands in a site's author field and is nobody's name.
_NO_NAME: Final = re.compile(
    r"admin|editor|管理员|编辑|佚名|匿名|网站|未知|本站|原创|网络|网友|授权|登录|注册|关注|转载|综合|整理|来源|作者|声明"
    r"|^(?:我|您|本|点击|网易|新浪|搜狐|腾讯|凤凰|百度|头条)"
    r"|(?:[局社网报台办处科室厅委部号院会]|中心|单位|公司|集团|政府|频道|客户端|支部|街道|经理|科技|财经|体育|娱乐|消息|行情|资讯|发布|观察|新闻|在线|平台|周刊)$",
    re.IGNORECASE,
)
_ORGANISATION: Final = re.compile(r"[\u4e00-\u9fff]{2,14}(?:报|网|社|电视台|客户端|中心|公众号|在线)")
_NEWSPAPER: Final = re.compile(
    r"\A《?(?P<name>[\u4e00-\u9fff]{1,10}报|(?:[A-Z][A-Za-z.]*[ -]){1,4}"
    r"(?:Daily|News|Times|Post|Gazette|Herald|Chronicle|Tribune|Journal|Weekly|Star|Sun|Mail|Observer))》?"
)


# Names of four characters are rare but for these families; in a field without a label they are accounts and columns.
_LONG_NAME: Final = re.compile(rf"{pattern_of(name for name in SURNAMES if len(name) > 1)}[\u4e00-\u9fff]{{1,2}}")


@dataclass(frozen=True, slots=True)
class Imprint:
    """What is stated about an article; empty where nothing is.

    Args:
        byline: authors, each with the role that stands before the name ("记者 林亦舟", "Cai Suyin").
        source: where the article is from, as stated (来源), a newspaper or another.
    """

    title: str | None = None
    date: PartialDate | None = None
    byline: tuple[str, ...] = ()
    source: str | None = None
    page: str | None = None
    kicker: str | None = None
    deck: str | None = None

    def or_else(self, other: "Imprint") -> "Imprint":
        """Return this imprint, its gaps filled from another one."""
        names = ("title", "date", "byline", "source", "page", "kicker", "deck")
        return Imprint(**{name: getattr(self, name) or getattr(other, name) for name in names})


@dataclass(slots=True)
class _Found:
    dates: list[PartialDate] = field(default_factory=list)
    updated: list[PartialDate] = field(default_factory=list)
    byline: list[str] = field(default_factory=list)
    source: str | None = None
    is_telling: bool = False


def newspaper_of(source: str | None) -> str | None:
    """Return the newspaper that a stated source is; None for news agencies, offices and other sources."""
    match = _NEWSPAPER.fullmatch(source.strip()) if source else None
    return match["name"] if match else None


def read_names(text: str, role: str = "") -> tuple[str, ...]:
    """Return the authors that a field names, each with its role; () where any part of it is no person's name.

    Args:
        text: "林亦舟、苏见清", "记者 林亦舟 通讯员 卓小满", "By Cai Suyin and Wen Bochuan".
        role: role of those before whom none stands.
    """
    if len(text) > LINE_CHARS:
        return ()
    text = re.sub(r"^[（(]|[）)]$", "", text.strip())
    names: list[str] = []
    for part in re.split(rf"({_ROLE})\s*[:：]?", re.sub(r"^(?:[Bb]y|文\s?[/／])\s*+[:：]?\s*", "", text)):
        if re.fullmatch(_ROLE, part):
            role = part
            continue
        for name in _names_in(part):
            if not (_CHINESE_NAME.fullmatch(name) or _LATIN_NAME.fullmatch(name)) or _NO_NAME.search(name):
                return ()
            prefix = role if re.search("记者|通讯员|摄影", role) else ""
            names.append(f"{prefix} {name}".strip())
    return tuple(dict.fromkeys(names))


def persons(names: tuple[str, ...], sites: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the names of a field that no label says to hold authors; () where one of them is no person's.

    Args:
        sites: what the page's site, account and source are called.
    """
    known = [site for site in sites if site]
    for name in names:
        bare = name.split()[-1]
        if re.fullmatch(r"[\u4e00-\u9fff]{4,}", bare) and not _LONG_NAME.fullmatch(bare):
            return ()
        if any(bare in site or site in bare for site in known):
            return ()
    return names


def _names_in(text: str) -> Iterator[str]:
    for piece in re.split(r"[、，,;；/／|｜&＆]|\s+(?:and|和|与)\s+|\s{2,}", text.strip(" \t\u3000:：")):
        piece = piece.strip(" \t\u3000")
        # Two characters are often spaced out to the width of three; several Chinese names are parted by blanks.
        if re.fullmatch(r"[\u4e00-\u9fff][ \u3000]+[\u4e00-\u9fff]", piece):
            yield re.sub(r"\s", "", piece)
        elif re.fullmatch(r"\A[\u4e00-\u9fff·]+(?:\s[\u4e00-\u9fff·]+)+", piece):
            yield from piece.split()
        elif piece:
            yield piece


def read_line(line: str, known: Iterable[str] = ()) -> Imprint | None:
    """Return what a line beside the title states; None unless every word of it is understood as such a statement.

    Args:
        line: "2023-06-06 09:12　来源：云汀报　记者：林亦舟　责任编辑：温柏川".
        known: words that the markup has told the meaning of (an author's element), passed over.
    """
    if not line.strip() or len(line) > LINE_CHARS:
        return None
    found = _Found()
    rest = line
    for word in known:
        if word and word in rest:
            rest, found.is_telling = rest.replace(word, " | ", 1), True
    at = 0
    while at < len(rest):
        if rest[at] in _BETWEEN:
            at += 1
            continue
        step = _take(rest, at, found)
        if not step:
            return None
        at = step
    if not found.is_telling:
        return None
    dates = found.dates or found.updated
    return Imprint(date=dates[0] if dates else None, byline=tuple(found.byline), source=found.source)


def _take(line: str, at: int, found: _Found) -> int:
    """Take one statement from a line into `found`; return where it ends, 0 where there is none."""
    if date := _DATE.match(line, at):
        return _take_date(date, found.dates, found)
    label = _FIELD.match(line, at)
    if not label:
        bare = _ORGANISATION.match(line, at) if found.dates and not found.source else None
        if bare and (bare.end() == len(line) or line[bare.end()] in _BETWEEN):
            found.source = bare[0]
            return bare.end()
        return 0
    kind = next(
        name for name in ("author", "source", "editor", "updated", "date", "other", "button") if label[name] is not None
    )
    if kind in ("other", "button"):
        return label.end()
    if kind in ("date", "updated"):
        date = _DATE.match(line, label.end() + len(line[label.end() :]) - len(line[label.end() :].lstrip(_BETWEEN)))
        return _take_date(date, found.dates if kind == "date" else found.updated, found) if date else 0
    end = _value_end(line, label.end())
    value = line[label.end() : end].strip(_BETWEEN)
    if kind == "author":
        names = read_names(value, label["role"])
        found.byline += [name for name in names if name not in found.byline]
        is_good = bool(names) or not value or (len(value) <= NOBODY_CHARS and bool(_NO_NAME.search(value)))
    else:
        is_good = len(value) <= NAME_CHARS and not re.search("[。！？!?]", value)
        found.source = (value or None) if kind == "source" and not found.source else found.source
    found.is_telling = found.is_telling or (is_good and kind != "editor")
    return end if is_good else 0


def _take_date(match: re.Match[str], dates: list[PartialDate], found: _Found) -> int:
    read = _dates(match)
    dates += read
    found.is_telling = found.is_telling or bool(read)
    return match.end() if read else 0


def _value_end(line: str, start: int) -> int:
    """Return where the value after a label ends: at the next label, date or bar."""
    ends = [len(line)]
    ends += [match.start() for match in (_DATE.search(line, start),) if match]
    ends += [
        match.start()
        for match in _FIELD.finditer(line, start)
        if match.start() == 0 or line[match.start() - 1] in _BETWEEN
    ]
    ends += [place for bar in "|｜丨" if (place := line.find(bar, start)) >= 0]
    return min(ends)


def _dates(match: re.Match[str]) -> list[PartialDate]:
    if match["day1"]:
        found = parse_date(re.sub(r"\s", "", match["day1"]))
    else:
        month, day, year = (match[name] or match[f"{name}2"] for name in ("month", "day", "year"))
        found = parse_date(f"{year}-{_MONTHS.index(month[:3].lower()) + 1}-{day}")
    return [found] if found else []


def read_date(text: str | None) -> PartialDate | None:
    """Return the date at the start of a field, in any of the forms that pages use."""
    if text is None:
        return None
    if found := parse_date(text):
        return found
    match = _DATE.search(text[:LINE_CHARS])
    dates = _dates(match) if match else []
    return dates[0] if dates else None
