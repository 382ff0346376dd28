"""How a quantity went over the years: what each report says of it, by the time it is of, and by how much the last exceeds the first."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from index.language.normalise import simplify
from index.language.terms import Lexicon
from index.records import Article
from rag.facts.quantities import Figure
from rag.generation.composition import Composition, Line
from rag.lookup.computing.arithmetic import difference
from rag.lookup.computing.binding import boundness, head_binding, head_of, without_generic
from rag.lookup.inquiry import Inquiry
from rag.lookup.quotes import quote_article
from rag.question.time_range import drop_asked
from rag.records import Passage
from rag.verification.citations import Quote
from rag.verification.claims import Claims, Days

PASSAGES_SEARCHED = 60
MAX_PERIODS = 20
_TREND = re.compile(
    r"(?:历年|逐年|各年|每年|近几年|近年来?|这几年|近[两三四五六七八九十\d]+年来?|多年来|这些年|年来).{0,80}(?:变化|趋势|走势|变动|增减|怎么样|如何|多少|情况|数据)|(?:变化|走势|变动|增长|发展|下降)趋势|趋势如何"
)
_ASIDE = re.compile(
    r"历年|逐年|各年|每年|近几年|近年来?|这几年|近[两三四五六七八九十\d]+年来?|多年来|这些年|请问|从|到|至|的?(?:是|有|发生)?(?:怎么|如何|怎样|什么)?的?(?:变化|变动|走势|增减|增长|下降|发展)?(?:的)?(?:趋势|情况)?(?:是多少|是怎样|是什么|如何|怎么样|吗|呢|的)?$"
)
_PLANNED = re.compile(r"计划|目标|力争|拟|规划|有望|预期|预测")
_PART = re.compile(r"其中|人均|户均|日均|新增|净增|同比|增速|增幅")
NAMED_SHARE = 0.6
"""Share of what is followed, with whose it is, that the title and the words before a figure have."""
_THAT_YEAR = re.compile(r"当年|本年度?|全年")
_NOW = re.compile(r"此时|目前|截至|现有|现已|已有|累计|[共达]")
"""What says that a figure holds for the day of the report."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A figure with the time it is of."""

    figure: Figure
    days: Days
    article: Article
    quote: Quote


def trend(inquiry: Inquiry) -> Composition | None:
    """Return a line for each time that a quantity is told of, oldest first, and the difference of the first and the last.

    None where fewer than two are told.
    """
    attribute = _attribute(inquiry)
    if not attribute:
        return None
    found = sorted(_each_once(_find(attribute, inquiry)), key=lambda one: (one.days.last, one.days.first))
    if len(found) < 2:
        return None
    lines = [Line(f"{show_days(one.days)}：{one.quote.text.strip()}", (one.quote,)) for one in found[-MAX_PERIODS:]]
    alike = _longest_alike(found)
    apart = difference(alike[-1].figure, alike[0].figure) if len(alike) > 1 else None
    if apart and apart.sign:
        span = f"{show_days(alike[0].days)}到{show_days(alike[-1].days)}"
        about = "约" if apart.is_rounded else ""
        word = "增加" if apart.sign > 0 else "减少"
        lines.append(Line(f"{span}{word}{about}{apart.value}。", (alike[-1].quote, alike[0].quote), apart.expression))
    return Composition(tuple(lines), "answered", articles={one.article.id: one.article for one in found})


def _attribute(inquiry: Inquiry) -> str:
    """What is asked to be followed, with whose it is; "" for another question."""
    text = simplify(inquiry.question).rstrip("？?。！! ")
    if inquiry.language != "zh" or not _TREND.search(text) or inquiry.analysis.offices:
        return ""
    time_range = inquiry.analysis.time_range
    if time_range and len(text) == len(inquiry.question.rstrip("？?。！! ")):
        text = drop_asked(text, time_range)
    previous = None
    while previous != text:
        previous, text = text, _ASIDE.sub("", text).strip("的，, ")
    return text if 2 <= len(text) <= 20 else ""


@dataclass(frozen=True, slots=True)
class _Followed:
    """What is followed.

    Args:
        attribute: with whose it is: 青屿区植树.
        is_named: tells that a stretch names the quantity.
        names: whose it is, as far as they are names.
    """

    attribute: str
    is_named: Callable[[str], bool]
    names: Sequence[str]


def _find(attribute: str, inquiry: Inquiry) -> Iterator[Dated]:
    lexicon = inquiry.generation.lexicon
    names = lexicon.find_names(attribute)
    bare = without_generic(attribute)
    if len(head_of(bare)) < 2 or any(head_of(bare) in name for name in names):
        return
    followed = _Followed(bare, head_binding(attribute, inquiry.retriever, lexicon), names)
    query = replace(inquiry.query, text=f"{attribute}是多少", history=(), top_k=PASSAGES_SEARCHED)
    retrieval = inquiry.retriever.retrieve(query)
    for passage in retrieval.passages:
        article = retrieval.articles[passage.article_id]
        claims = Claims(simplify(passage.text), article.date, lexicon)
        if len(claims.text) != len(passage.text):
            continue
        for figure in claims.figures:
            if _is_told(figure, claims, followed, article, lexicon) and (
                found := _dated(figure, claims, article, passage, inquiry)
            ):
                yield found


def _is_told(figure: Figure, claims: Claims, followed: _Followed, article: Article, lexicon: Lexicon) -> bool:
    """Whether a figure is the quantity's own, and not another place's, a part's or a plan's."""
    if figure.role not in ("", "to", "from") or figure.unit in ("", "clock", "order", "label"):
        return False
    start, _end = claims.clause_of(figure.start)
    lead = claims.text[start : figure.start]
    if any(start <= other.start < figure.start for other in claims.figures) or not followed.is_named(lead):
        return False
    if _PLANNED.search(lead) or _PART.search(lead.replace(followed.attribute, "")):
        return False
    told = f"{article.title or ''}{lead}"
    if followed.attribute.isascii() or boundness(followed.attribute, told) < NAMED_SHARE:
        latin = re.search(r"[A-Za-z]", followed.attribute)
        if not latin or not all(name in f"{told}{article.text}" for name in followed.names):
            return False
    names = followed.names
    elsewhere = [name for name in lexicon.find_names(lead) if not any(name in own or own in name for own in names)]
    is_elsewhere = bool(elsewhere) or re.search("全[国省市]", lead) is not None
    return not (names and is_elsewhere and not any(name in lead for name in names))


def _dated(figure: Figure, claims: Claims, article: Article, passage: Passage, inquiry: Inquiry) -> Dated | None:
    """The figure with its time and its sentence, where the time is known and asked about."""
    start, _end = claims.clause_of(figure.start)
    days = _days_of(figure, claims) or _time_of_report(article, claims.text[start : figure.start])
    time = inquiry.analysis.time_range
    asked = [span for span in time.asked if not span.relative] if time else []
    if days is None or (asked and not any(span.first <= days.last and days.first <= span.last for span in asked)):
        return None
    first = claims.sentence_start(figure.start)
    last = claims.sentence_of(figure.start)[1]
    first += len(claims.text[first:last]) - len(claims.text[first:last].lstrip())
    quote = quote_article(article, passage.start + first, passage.start + last, inquiry.generation)
    return Dated(figure, days, article, quote)


def _days_of(figure: Figure, claims: Claims) -> Days | None:
    """The time that a figure is of: the last one stated before it, in its sentence or in those joined to it by semicolons."""
    near = claims.days_of(figure)
    if near:
        return min(near, key=lambda day: abs(day.start - figure.start))
    whole = max(claims.text.rfind(mark, 0, figure.start) for mark in "。！？\n")
    before = [day for day in claims.days if whole < day.start < figure.start and not day.compared]
    return before[-1] if before else None


def _time_of_report(article: Article, lead: str) -> Days | None:
    """The day of a report, for what holds then, its year for 当年; None where that is not known."""
    date = article.date
    if date and _THAT_YEAR.search(lead):
        year = date.value[:4]
        return Days(f"{year}-01-01", f"{year}-12-31", 0, 0, yearless=False, compared=False)
    if date and date.precision == "day" and _NOW.search(lead):
        return Days(date.value, date.value, 0, 0, yearless=False, compared=False)
    return None


def _each_once(found: Iterator[Dated]) -> list[Dated]:
    """The first one of each time, which stands in the passage that fits best."""
    by_time: dict[tuple[str, str], Dated] = {}
    for one in found:
        by_time.setdefault((one.days.first, one.days.last), one)
    return list(by_time.values())


def _longest_alike(found: list[Dated]) -> list[Dated]:
    """Those of years, or of halves, or of months, whichever are the most: a year and a half-year are not compared."""
    kinds: dict[object, list[Dated]] = {}
    for one in found:
        kinds.setdefault((one.days.first[5:], one.days.last[5:], one.figure.unit), []).append(one)
    return max(kinds.values(), key=len)


def show_days(days: Days) -> str:
    """Return a time as it is written: 2023年, 2025年上半年, 2023年9月."""
    year, month, day = days.first.split("-")
    last_year, last_month, _last_day = days.last.split("-")
    if days.first == days.last:
        return f"{year}年{int(month)}月{int(day)}日"
    if year != last_year:
        return f"{year}年到{last_year}年"
    months = (int(month), int(last_month))
    named = {(1, 12): "", (1, 6): "上半年", (7, 12): "下半年"}
    if day == "01" and months in named:
        return f"{year}年{named[months]}"
    return f"{year}年{months[0]}月" if months[0] == months[1] else f"{year}年{months[0]}—{months[1]}月"
