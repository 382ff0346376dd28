"""Items → an answer: a line each, dated, with its quotes; page by page where they are many."""

from collections.abc import Sequence
from typing import TypeVar

from index.records import PartialDate
from rag.generation.composition import Composition, Line
from rag.generation.markers import tidy
from rag.generation.messages import introduce_quote, show_date
from rag.lookup.gathering.items import Item
from rag.lookup.inquiry import Inquiry
from rag.lookup.quotes import quote_article
from rag.records import Language
from rag.verification.citations import Quote

_T = TypeVar("_T")
PAGE_ITEMS = 12
"""Items that are shown at once."""
_FOUND = {
    "zh": {"one": "报道中共找到{n}项，按时间先后：", "page": "报道中共找到{n}项，按时间先后，以下为第{a}至{b}项："},
    "en": {
        "one": "The reports have {n}, in order of time:",
        "page": "The reports have {n}, in order of time; {a} to {b}:",
    },
}
_ONE_OF = {
    "zh": {"first": "现有报道中最早的一次：", "last": "现有报道中最近的一次："},
    "en": {"first": "The earliest in the reports:", "last": "The latest in the reports:"},
}
_NEXT = {"zh": "{question}（第{page}页）", "en": "{question} (第{page}页)"}
_ALSO = {"zh": "（另有{n}处报道）", "en": " (and {n} more)"}
_ON = {"zh": "{day}：{text}", "en": "{day}: {text}"}
_REPORTED = {"zh": "{day}报道：{text}", "en": "reported {day}: {text}"}


def on_page(items: Sequence[_T], page: int) -> Sequence[_T]:
    """Return what stands on a page, 1 is the first; one behind the last is the last."""
    first = (_page(len(items), page) - 1) * PAGE_ITEMS
    return items[first : first + PAGE_ITEMS]


def _page(count: int, page: int) -> int:
    return min(page, max(1, -(-count // PAGE_ITEMS)))


def compose_items(
    inquiry: Inquiry,
    items: Sequence[Item],
    page: int,
    question: str,
    *,
    of: int | None = None,
    heading: str | None = None,
) -> Composition:
    """Return the answer that lists the items of one page, with the next page as a choice.

    Args:
        items: all of them; where `of` says how many there are, those of the page.
        page: 1 is the first; one behind the last shows the last.
        question: without a page, as the choice repeats it.
        heading: instead of how many there are; "" for none.
    """
    language = inquiry.language
    count = len(items) if of is None else of
    shown = items if of is not None else on_page(items, page)
    page = _page(count, page)
    first = (page - 1) * PAGE_ITEMS
    if heading is None and count == 1:
        heading = ""
    elif heading is None:
        named = "one" if count <= PAGE_ITEMS else "page"
        heading = _FOUND[language][named].format(n=count, a=first + 1, b=first + len(shown))
    lines = [Line(heading)] if heading else []
    for number, item in enumerate(shown, first + 1):
        told = item_text(item, language)
        lines.append(Line(f"{number}. {told}" if count > 1 else told, quotes_of(item, inquiry)))
    more = first + len(shown) < count
    choices = (_NEXT[language].format(question=question.strip(), page=page + 1),) if more else ()
    articles = {one.article.id: one.article for item in shown for one in (item, *item.others)}
    return Composition(tuple(lines), "answered", choices=choices, articles=articles)


def heading_of_one(form: str, language: Language) -> str:
    """Return what the first or the last of several is announced by."""
    return _ONE_OF[language][form]


def item_text(item: Item, language: Language) -> str:
    """Return an item as a statement: its day, then its sentences; … stands for what is left out between them."""
    pieces = []
    for place, (start, end) in enumerate(item.spans):
        text = tidy(item.article.text[start:end].replace("\n", "").removeprefix("原标题："))
        before = item.article.text[item.spans[place - 1][1] : start] if place else ""
        pieces.append("……" + text if place and before.strip() else text)
    text = introduce_quote("".join(pieces), language)
    if item.others:
        text += _ALSO[language].format(n=len(item.others))
    if item.label:
        text = f"{item.label} – {text}" if language == "en" else f"{item.label}：{text}"
    if item.day is None:
        return text
    frame = _REPORTED if item.is_reported else _ON
    return frame[language].format(day=_day(item.day, language), text=text)


def _day(day: PartialDate, language: Language) -> str:
    return show_date(day, english=language == "en")


def quotes_of(item: Item, inquiry: Inquiry) -> tuple[Quote, ...]:
    """Return the quotes of an item, and of the others that tell of the same: sentences side by side as one."""
    merged: list[list[int]] = []
    for start, end in item.spans:
        if merged and not item.article.text[merged[-1][1] : start].strip():
            merged[-1][1] = end
        else:
            merged.append([start, end])
    own = tuple(quote_article(item.article, start, end, inquiry.generation) for start, end in merged)
    return own + tuple(quote for other in item.others for quote in quotes_of(other, inquiry))
