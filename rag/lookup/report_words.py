"""The words around lists and counts of reports, in both languages."""

from collections.abc import Sequence

from index.records import DateSpan, PartialDate
from index.store.listing import ListedArticle
from rag.facts.planted import plain_title
from rag.generation.messages import show_date
from rag.lookup.report_question import ReportQuestion
from rag.records import Language

UNTITLED_CHARACTERS = 40
"""Of the quote that stands for the headline of an article without one."""


def show_span(span: DateSpan, language: Language, *, is_any_year: bool = False) -> str:
    """Return a time as it is written: 2019年12月, 2019年12月11日, 2019年1月3日至5月2日."""
    whole = partial_date(span)
    english = language == "en"
    if whole is not None:
        shown = show_date(whole, english=english)
        if is_any_year:
            return shown.rsplit(" ", 1)[0] if english else shown.split("年", 1)[1]
        return shown
    first, last = (show_date(PartialDate(day), english=english) for day in (span.first, span.last))
    if span.first.startswith("0"):
        return f"up to {last}" if english else f"{last}及以前"
    return f"{first} to {last}" if english else f"{first}至{last}"


def partial_date(span: DateSpan) -> PartialDate | None:
    """Return the day, month or year that a time is exactly; None where it is none."""
    first, last = PartialDate(span.first).first_day, PartialDate(span.last).last_day
    for length in (10, 7, 4):
        date = PartialDate(span.first[:length])
        if (date.first_day, date.last_day) == (first, last):
            return date
    return None


def describe(wanted: ReportQuestion, parts: Sequence[str], spans: Sequence[DateSpan], language: Language) -> str:
    """Return which reports they are: 2023年提到“老旧小区改造”的报道."""
    times = [show_span(span, language, is_any_year=wanted.is_any_year) for span in spans]
    if language == "en":
        said = "reports"
        said += f" by {wanted.author}" if wanted.author else ""
        said += f" in {wanted.newspaper}" if wanted.newspaper else ""
        said += " that mention " + " and ".join(f"“{part}”" for part in parts) if parts else ""
        said += f" on page {wanted.page}" if wanted.page else ""
        return said + (f" dated {', '.join(times)}" if times else "")
    said = f"《{wanted.newspaper}》" if wanted.newspaper else ""
    said += "、".join(times)
    said += f"第{wanted.page}版" if wanted.page else ""
    said += f"署名“{wanted.author}”" if wanted.author else ""
    said += ("同时" if len(parts) > 1 else "") + "提到" + "和".join(f"“{part}”" for part in parts) if parts else ""
    return f"{said}的报道" if said else "报道"


def counted(what: str, count: int, language: Language) -> str:
    """Return how many there are."""
    if language == "en":
        return (
            f"{count} {what}"
            if count != 1
            else f"1 {what.replace('reports', 'report', 1).replace('mention ', 'mentions ', 1)}"
        )
    return f"共有{count}篇报道" if what == "报道" else f"{what}共有{count}篇"


def show_item(number: int, entry: ListedArticle, quote: str, language: Language) -> str:
    """Return a line of a list: headline or opening words, date, newspaper, page."""
    english = language == "en"
    title = " ".join((plain_title(entry.title) or "").split())
    if title:
        said = f"“{title}”" if english else f"《{title}》"
    else:
        cut = " ".join(quote.split())
        short = cut if len(cut) <= UNTITLED_CHARACTERS else f"{cut[:UNTITLED_CHARACTERS]}…"
        said = f"(untitled) {short}" if english else f"（无标题）{short}"
    when = show_date(entry.date, english=english) if entry.date else ("undated" if english else "日期不详")
    page = page_number(entry)
    where = [when, entry.newspaper or "", (f"p. {page}" if english else f"第{page}版") if page else ""]
    told = (", " if english else "，").join(part for part in where if part)
    return f"{number}. {said} ({told})" if english else f"{number}. {said}（{told}）"


def page_number(entry: ListedArticle) -> int | None:
    """Return the number of an article's page: 1 of 01, A01 or 第1版; None where it states none."""
    digits = "".join(character for character in entry.page or "" if character.isdecimal())
    return int(digits) if digits else None


def next_page(question: str, part: int, language: Language) -> str:
    """Return the question for another part of a list; it stands alone."""
    bare = question.rstrip(" ？?。.")
    return f"{bare}? (part {part})" if language == "en" else f"{bare}（第{part}页）"
