"""第二项要求是什么: the item of this number in a printed list, or in a sentence of 一是…；二是…, whole and quoted."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from index.language.normalise import simplify
from index.language.numerals import numeral_value
from index.records import Article
from rag.generation.composition import Composition, Line
from rag.generation.messages import introduce_quote, with_report_date
from rag.lookup.gathering.asked import LONGEST_QUESTION, stated_time, subjects_of
from rag.lookup.gathering.candidates import articles_on, articles_with
from rag.lookup.inquiry import Inquiry
from rag.lookup.quotes import quote_article
from rag.question.time_range import drop_asked

MAX_LISTS: Final = 3
"""Lists that may be meant; of more, none surely is."""
MAX_LEAD_CHARACTERS: Final = 120
_NOUN: Final = (
    "重点任务|工作要求|要求|措施|任务|规定|内容|条款|举措|条件|原则|目标|建议|安排|标准|步骤|问题|意见|办法|服务|事项|实事|"
    "政策|职责|程序|流程|材料|工作|做法|特点|原因|方面|环节|承诺"
)
_UNIT: Final = "步骤|环节|阶段|[项条点款步件]"
_ASKED: Final = re.compile(
    rf"第\s?(?P<number>[一二三四五六七八九十]{{1,3}}|\d{{1,2}})\s?(?:{_UNIT}|个(?=的?(?:{_NOUN})))的?(?P<noun>(?:{_NOUN})?)(?:的?内容)?"
    r"(?:又|具体)?(?:要|该|应该?|需要?)?(?:是|为|讲|说|写|有|做)?(?:的是|了)?(?:什么|啥|哪些|怎么说的?|怎么规定的?)?(?:内容|要求)?\Z"
)
_NUMERAL: Final = "[一二三四五六七八九十]{1,3}"
# A list's mark at the beginning of a line: the style of it, and the number.
_MARKS: Final = (
    re.compile(rf"\s?({_NUMERAL})、"),
    re.compile(rf"\s?[（(]({_NUMERAL})[)）]"),
    re.compile(r"\s?(\d{1,2})[.．、](?!\d)"),
    re.compile(r"\s?[（(]?(\d{1,2})[)）]"),
    re.compile(r"\s?([①-⑳])"),
    re.compile(rf"\s?第({_NUMERAL}|\d{{1,2}})(?:{_UNIT})?[，,：:、\s]?"),
)
_IN_LINE: Final = (
    re.compile(r"(?:(?<=[。；;：:，,\n])|\A)([一二三四五六七八九])(?:是|要|则)"),
    re.compile(r"(?:(?<=[。；;：:，,\n])|\A)第([一二三四五六七八九])[，,、]"),
)
_ENDS: Final = "；;。，, "


@dataclass(frozen=True, slots=True)
class _List:
    """A numbered list of an article: its items' places, what announces it, and the number of its first item."""

    items: list[tuple[int, int]]
    lead: str
    first: int = 1

    @property
    def following(self) -> int:
        """The number that would come next."""
        return self.first + len(self.items)


def find_numbered_item(inquiry: Inquiry) -> Composition | None:
    """Return the item that a question asks for by its number; None where no list, or too many lists may be meant."""
    time_range = stated_time(inquiry.question, inquiry.analysis.time_range)
    question = drop_asked(inquiry.question, time_range) if time_range else inquiry.question
    text = simplify(question).rstrip("？?。呢吗 ")
    match = _ASKED.search(text) if len(text) <= LONGEST_QUESTION else None
    number = _value(match["number"]) if match else 0
    if not match or not number:
        return None
    subjects = subjects_of(text[: match.start()].rstrip("的中里，"))
    noun = match["noun"] or next((word for word in _NOUN.split("|") if any(word in one for one in subjects)), "")
    if subjects:
        articles: Sequence[Article] = articles_on(inquiry.generation, subjects, (), time_range)
    else:
        articles = articles_with(inquiry.generation, [[noun]], time_range) or () if noun else ()
    found = [
        (article, one)
        for article in articles
        for one in _lists_of(article.text)
        if one.first <= number < one.following and (not noun or noun in one.lead or noun in (article.title or ""))
    ]
    # Of several lists in one report, the one that its own lead announces by the word asked for.
    named = [(article, one) for article, one in found if noun and noun in one.lead]
    found = named or found
    if not 0 < len(found) <= MAX_LISTS:
        return None
    lines = []
    for article, one in found:
        quote = quote_article(article, *one.items[number - one.first], inquiry.generation)
        line = introduce_quote(quote.text, inquiry.language)
        lines.append(Line(with_report_date(line, article.date, inquiry.language) if len(found) > 1 else line, (quote,)))
    return Composition(tuple(lines), "answered", articles={article.id: article for article, _one in found})


def _lists_of(text: str) -> Iterator[_List]:
    """Yield the lists of a text: lines that are numbered on in one style, then those within a line."""
    lines = [(match.start(), match.end()) for match in re.finditer(r"[^\n]+", text)]
    for mark in _MARKS:
        for one in _lists_marked(text, lines, mark):
            if len(one.items) > 1:
                yield one
    for start, end in lines:
        yield from _lists_in_line(text, start, end)


def _lists_marked(text: str, lines: Sequence[tuple[int, int]], mark: re.Pattern[str]) -> list[_List]:
    """The lists of one style; a list that begins inside an item ends where that one's list goes on."""
    found: list[_List] = []
    unended: list[_List] = []
    for place, (start, end) in enumerate(lines):
        match = mark.match(text, start, end)
        number = _value(match[1]) if match else 0
        if not number:
            continue
        while number > 1 and unended and unended[-1].following != number:
            unended.pop()
        if number == 1 or not unended:
            before = lines[place - 1] if place else (start, start)
            lead = text[max(before[0], before[1] - MAX_LEAD_CHARACTERS) : before[1]]
            unended.append(_List([], lead, number))
            found.append(unended[-1])
        unended[-1].items.append((start, end))
    return found


def _lists_in_line(text: str, start: int, end: int) -> Iterator[_List]:
    for mark in _IN_LINE:
        begins: list[int] = []
        for found in mark.finditer(text, start, end):
            if _value(found[1]) == len(begins) + 1:
                begins.append(found.start())
        if len(begins) > 1:
            last = text.find("。", begins[-1], end)
            ends = [*begins[1:], last + 1 if last >= 0 else end]
            items = [
                (begin, begin + len(text[begin:until].rstrip(_ENDS))) for begin, until in zip(begins, ends, strict=True)
            ]
            yield _List(items, text[max(0, begins[0] - MAX_LEAD_CHARACTERS) : begins[0]])


def _value(mark: str) -> int:
    if "①" <= mark <= "⑳":
        return ord(mark) - ord("①") + 1
    return int(mark) if mark.isdecimal() else numeral_value(mark) or 0
