"""What points at the answer before: where it is printed (出处是哪篇？), and what comes after it (继续, 还有吗).

A conversation is texts only, so the question before is asked anew, and its quotes tell.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from index.language.normalise import normalise, simplify
from index.language.sentences import find_content_sentences
from rag.generation.composition import Composition, Line
from rag.generation.markers import tidy
from rag.generation.messages import introduce_quote, show_date
from rag.lookup.inquiry import Inquiry
from rag.lookup.quotes import quote_article
from rag.question.conversation.history import SPACED_MARKER
from rag.question.conversation.remarks import is_yes, remark_of
from rag.records import Language, Query
from rag.verification.citations import Quote

GONE_ON_SENTENCES = 3
"""Of a report that is gone on with at once."""
_PAGE = re.compile(r"[（(]\s*(?:第\s*\d+\s*页|part \d+)\s*[）)]\s*$")
"""What ends the question for the next page of a list."""
_WORDS: dict[str, dict[Language, str]] = {
    "sources": {"zh": "上一个回答的出处：", "en": "The answer before is from:"},
    "no_sources": {"zh": "上一个回答没有引用报道。", "en": "The answer before quotes no report."},
    "no_question": {"zh": "这是第一个问题，前面还没有回答。", "en": "Nothing has been asked before this."},
    "nothing_to_go_on": {
        "zh": "上一个问题没有找到答案，没有可以接着说的内容。",
        "en": "The question before was not answered, so there is nothing to go on with.",
    },
    "goes_on": {"zh": "同一篇报道接着写道：", "en": "The same report goes on:"},
    "end_of_report": {
        "zh": "所引的报道到此为止，没有更多内容了。",
        "en": "That is all that the quoted reports say of it.",
    },
    "end_of_list": {"zh": "已经全部列出。", "en": "That was all of the list."},
    "nameless": {"zh": "无标题，日期不详", "en": "no title, no date"},
    "more": {"zh": "继续", "en": "go on"},
}


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was asked before a message that only points back.

    Args:
        query: the question, with the conversation before it.
        said: all that was replied to it since, folded for matching.
        steps: how often it was asked to go on since, this time included.
    """

    query: Query
    said: str
    steps: int


def tell_sources(inquiry: Inquiry) -> Composition | None:
    """Return the articles that the answer before stands on, each with title, date and quote; None where nothing else is asked."""
    if remark_of(simplify(inquiry.query.text)) != "source" or not inquiry.query.history or inquiry.again is None:
        return None
    earlier = earlier_of(inquiry.query)
    if earlier is None:
        return _fixed("no_question", inquiry.language)
    told = inquiry.again(earlier.query)
    lines = [_source_line(quotes, told, inquiry.language) for quotes in _by_article(told)] if told else []
    if not told or not lines:
        return _fixed("no_sources", inquiry.language)
    return Composition((Line(_WORDS["sources"][inquiry.language]), *lines), "answered", articles=told.articles)


def go_on(inquiry: Inquiry) -> Composition | None:
    """Return what comes after the answer before: the next page of a list, else what the report it quotes says next.

    None where it is not asked to go on.
    """
    text = simplify(inquiry.query.text)
    if not inquiry.query.history or inquiry.again is None or not (remark_of(text) == "more" or is_yes(text)):
        return None
    earlier = earlier_of(inquiry.query)
    if earlier is None:
        return None
    told = inquiry.again(earlier.query)
    if told is None:
        return None if is_yes(text) else _fixed("nothing_to_go_on", inquiry.language)
    pages = _next_page(told)
    if pages:
        return _page_after(earlier, pages, inquiry)
    if is_yes(text) and remark_of(text) != "more":
        return None
    if _PAGE.search(simplify(earlier.query.text)):
        return _fixed("end_of_list", inquiry.language)
    return _rest_of_report(told, earlier, inquiry)


def earlier_of(query: Query) -> Earlier | None:
    """Return the last question of the conversation that was one, and what was replied since; None where there is none."""
    said: list[str] = []
    replies: list[str] = []
    steps = 1
    for place in range(len(query.history) - 1, -1, -1):
        message = query.history[place]
        if message.role != "user":
            replies.append(message.content)
            continue
        remark = remark_of(simplify(message.content))
        if remark is None or remark == "more":
            said += replies
        if remark is None and message.content.strip():
            before = replace(query, text=message.content, history=query.history[:place])
            return Earlier(before, normalise(simplify(SPACED_MARKER.sub("", " ".join(said)))), steps)
        steps += remark == "more"
        replies = []  # to thanks: no part of the matter
    return None


def _by_article(told: Composition) -> list[list[Quote]]:
    found: dict[str, list[Quote]] = {}
    for line in told.lines:
        for quote in line.quotes:
            found.setdefault(quote.passage.article_id, []).append(quote)
    return list(found.values())


def _source_line(quotes: Sequence[Quote], told: Composition, language: Language) -> Line:
    """《标题》，某报2021年3月18日第2版：“…”"""
    passage = quotes[0].passage
    title = f"《{passage.title.strip()}》" if passage.title and passage.title.strip() else ""
    where = passage.newspaper or ""
    article = told.articles.get(passage.article_id)
    date = show_date(article.date, english=language == "en") if article and article.date else ""
    page = (
        f"第{passage.page}版" if passage.page and language == "zh" else f"page {passage.page}" if passage.page else ""
    )
    glue = "，" if language == "zh" else ", "
    said = "".join(f"“{tidy(quote.text)}”" for quote in quotes)
    head = glue.join(part for part in (title, where, date, page) if part) or _WORDS["nameless"][language]
    return Line(f"{head}：{said}" if language == "zh" else f"{head}: {said}", tuple(quotes))


def _next_page(told: Composition) -> str | None:
    return next((choice for choice in told.choices if _PAGE.search(choice)), None)


def _page_after(earlier: Earlier, page: str, inquiry: Inquiry) -> Composition:
    """The page that follows those already shown."""
    assert inquiry.again
    told: Composition | None = None
    for _step in range(earlier.steps):
        told = inquiry.again(replace(earlier.query, text=page))
        following = _next_page(told) if told else None
        if following is None or following == page:
            break
        page = following
    return told or _fixed("end_of_list", inquiry.language)


def _rest_of_report(told: Composition, earlier: Earlier, inquiry: Inquiry) -> Composition:
    """The sentences of the reports quoted that stand behind what was already said."""
    quoted = _by_article(told)
    for quotes in quoted:
        left = list(islice(_unsaid(quotes, told, earlier.said, inquiry), GONE_ON_SENTENCES + 1))
        if left:
            lines = [
                Line(introduce_quote(tidy(quote.text), inquiry.language), (quote,))
                for quote in left[:GONE_ON_SENTENCES]
            ]
            choices = (_WORDS["more"][inquiry.language],) if len(left) > GONE_ON_SENTENCES else ()
            articles = {**told.articles, left[0].passage.article_id: told.articles[left[0].passage.article_id]}
            return Composition((Line(_WORDS["goes_on"][inquiry.language]), *lines), "answered", choices, articles)
    return _fixed("end_of_report", inquiry.language)


def _unsaid(quotes: Sequence[Quote], told: Composition, said: str, inquiry: Inquiry) -> Iterator[Quote]:
    article = told.articles.get(quotes[0].passage.article_id)
    if article is None:
        return
    behind = min(quote.end for quote in quotes)
    for start, end in find_content_sentences(article.text):
        text = article.text[start:end].strip()
        if start >= behind and text and normalise(simplify(tidy(text))) not in said:
            yield quote_article(article, start, end, inquiry.generation)


def _fixed(words: str, language: Language) -> Composition:
    return Composition((Line(_WORDS[words][language]),), "fixed")
