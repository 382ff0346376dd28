"""In short, by extraction: an article, what was printed in a month or on a day, a matter. Every sentence as printed."""

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from index.language.normalise import normalise, simplify
from index.records import Article
from index.store.generations import Generation
from rag.facts.planted import plain_title
from rag.generation.composition import Composition
from rag.generation.messages import show_date
from rag.lookup.gathering.asked import LONGEST_QUESTION, UNTELLING_NOUNS, page_of, stated_time, subjects_of
from rag.lookup.gathering.candidates import articles_on, articles_with, long_words_of, terms_of
from rag.lookup.gathering.items import Item, in_order, within
from rag.lookup.gathering.leads import find_lead, find_points
from rag.lookup.gathering.writing import compose_items, on_page
from rag.lookup.inquiry import Inquiry
from rag.question.intent import asked_count
from rag.question.time_range import TimeRange, blank_quotes, drop_asked
from rag.records import Language, Query
from rag.retrieval.home import is_own_place

_ASKS = re.compile(
    r"总结(?!会|大会|报告|表彰|讲话|交流)(?:一?下)?|概括(?:一?下)?|概述|简述|归纳(?:一?下)?|[做作写]?一?个(?:简单的?)?小结|小结(?:一?下)?|摘要|概要|综述|主要内容|内容概要|大意|要点(?=[是？?]|$)|"
    r"有(?:哪些|什么)(?:重要|主要|大)的?(?:内容|要闻|新闻|报道|消息|事)|有(?:哪些|什么)(?:内容|要闻)|要闻(?=$|[？?])|"
    r"(?:^|简要|简单|请)介绍(?:一下)?|"
    r"\b(?:summari[sz]e|summary|sum up|overview)\b",
    re.IGNORECASE,
)
_TELLS = re.compile(r"(?:主要)?(?:讲|说|写|报道|介绍)了?(?:些|一些)?(?:什么|啥|哪些(?=内容))(?:内容)?")
_REPORT = re.compile(r"《|报道|文章|新闻稿|通讯|报纸|这篇|那篇")
"""What tells something itself, and not by somebody who speaks in it."""
_TITLE = re.compile(r"《([^》]{2,80})》")
_ISSUE = re.compile(
    r"(?:的)?(?:报纸|日报|报道|新闻|要闻|头版|各版|版面|期|一期|消息|内容|全部|所有|主要|重要|当天|当月|本月|全月|重点)|\b(?:the|news|of|in|from|for|newspaper|issue|please|me|give|an?|month|reports?)\b",
    re.IGNORECASE,
)
_PRACTICE = re.compile(r"(?:主要|具体|好的?|创新|典型)?(?:做法|措施|举措|经验|办法)")
_NEWS = re.compile(r"大事|报纸|日报|报道|新闻|要闻|消息|\bnews\b", re.IGNORECASE)
KEPT_WORDS = 0.6
"""Share of the words of a matter that an article must have to be on it."""
TOPIC_ARTICLES = 24
"""Articles on a matter that are summed up, a sentence each."""


def summarise(inquiry: Inquiry) -> Composition | None:
    """Return the summary that is asked for; None where no article, time or matter is found for it.

    With an LLM an article or a matter is its to write, from whole articles; what was printed in a month is more than fits
    into a prompt.
    """
    question, page = page_of(inquiry.question)
    text = simplify(question).strip()
    if len(text) > LONGEST_QUESTION:
        return None
    asks = _ASKS if _ASKS.search(text) else _TELLS if _REPORT.search(text) else None
    if (
        asks is None or not asks.search(text) or asked_count(blank_quotes(text))
    ):  # 三个“紧密结合” are in one sentence or list
        return None
    time_range = stated_time(question, inquiry.analysis.time_range)
    titles = _TITLE.findall(text)
    bare = drop_asked(text, time_range) if time_range else text
    if not titles and time_range and _NEWS.search(bare) and not time_range.is_guessed:
        named = subjects_of(_ISSUE.sub("，", re.sub(r"把|请|对", "，", asks.sub("，", bare))))
        if all(is_own_place(name, inquiry.generation) or name.endswith(("报", "区")) for name in named):
            return _of_time(inquiry, time_range, page, question)
    if inquiry.has_llm:
        return None
    if titles:
        found = _titled(inquiry.generation, titles[0])
        return _of_article(inquiry, found[0], page, question) if found else None
    practice = _PRACTICE.search(bare) is not None
    rest = asks.sub("，", _PRACTICE.sub("，", bare))
    matters = [
        piece
        for piece in subjects_of(re.sub(r"把|这篇|那篇|一?篇", "，", rest))
        if piece not in UNTELLING_NOUNS and not is_own_place(piece, inquiry.generation)
    ]
    if not matters:
        return None
    found = articles_on(inquiry.generation, matters, (), time_range)
    articles = [article for article in found if within(Item(article, (), article.date), time_range)]
    if not articles:
        nearest = _nearest(inquiry, matters)
        return _of_article(inquiry, nearest, page, question) if nearest else None
    titled = [article for article in articles if all(matter in (article.title or "") for matter in matters)]
    if len(articles) == 1 or practice or len(titled) == 1:
        articles = titled or articles
        return _of_article(inquiry, articles[0], page, question)
    return _of_articles(inquiry, articles[:TOPIC_ARTICLES], page, question)


def _nearest(inquiry: Inquiry, matters: Sequence[str]) -> Article | None:
    """The article of the best passage that has the most telling word of the matter, where none has all of its words."""
    generation = inquiry.generation
    terms = {word: terms_of(word, generation) for matter in matters for word in long_words_of(matter)}
    words = [word for word in terms if terms[word]]  # an English word may have none
    if not words:
        return None
    telling = max(words, key=lambda word: float(generation.lexical.idf(terms[word]).max()))
    found = inquiry.retriever.retrieve(Query("".join(matters)))
    for passage in found.passages:
        text = found.articles[passage.article_id].text
        if not all(name in normalise(text) for name in inquiry.analysis.names):
            continue
        if telling in text and sum(word in text for word in words) >= KEPT_WORDS * len(words):
            return found.articles[passage.article_id]
    return None


def _of_article(inquiry: Inquiry, article: Article, page: int, question: str) -> Composition | None:
    lead = find_lead(article.text)
    points = find_points(article, inquiry.generation)
    spans = ([lead] if lead else []) + points
    items = [Item(article, (span,), None) for span in spans]
    return compose_items(inquiry, items, page, question, heading=headline(article, inquiry.language)) if items else None


def _of_articles(inquiry: Inquiry, articles: list[Article], page: int, question: str) -> Composition | None:
    items = in_order(
        Item(article, (lead,), article.date, label=_title(article))
        for article in articles
        if (lead := find_lead(article.text))
    )
    return compose_items(inquiry, items, page, question) if items else None


def _of_time(inquiry: Inquiry, time_range: TimeRange, page: int, question: str) -> Composition | None:
    """Title and lead of everything printed in a time, in its order; only those of the page are read."""
    chunks = printed_within(inquiry.generation, time_range)
    if not len(chunks):
        return None
    shown = on_page(range(len(chunks)), page)
    stored = inquiry.generation.catalogue.chunks(chunks[list(shown)])
    articles = inquiry.generation.catalogue.articles(chunk.article_id for chunk in stored).values()
    items = [
        Item(article, (find_lead(article.text) or (0, len(article.text)),), article.date, label=_title(article))
        for article in articles
    ]
    return compose_items(inquiry, items, page, question, of=len(chunks))


def printed_within(generation: Generation, time_range: TimeRange) -> npt.NDArray[np.int64]:
    """Return the first chunks' rows of the articles printed in a time, by day; where there are none, of those that may be."""
    first, last = (int(day.replace("-", "")) for day in (time_range.first, time_range.last))
    days = generation.days
    rows = np.flatnonzero((days[:, 0] >= first) & (days[:, 1] <= last))
    if not len(rows):
        rows = np.flatnonzero((days[:, 0] > 0) & (days[:, 1] >= first) & (days[:, 0] <= last))
    _owners, places = np.unique(generation.article_rows[rows], return_index=True)
    starts = rows[places]
    return np.asarray(starts[np.argsort(days[starts, 0], kind="stable")], np.int64)


def _title(article: Article) -> str | None:
    return f"《{title}》" if (title := plain_title(article.title)) else None


def _titled(generation: Generation, title: str) -> list[Article]:
    """The articles of a title, the shortest title that has it first."""
    wanted = re.sub(r"\s", "", title)
    found = articles_with(generation, [[title]]) or ()
    fits = [article for article in found if wanted in re.sub(r"\s", "", article.title or "")]
    return sorted(fits, key=lambda article: len(article.title or ""))


def headline(article: Article, language: Language) -> str:
    """Return what a summary of an article stands under: its title and date."""
    day = f"{show_date(article.date, english=language == 'en')}" if article.date else ""
    named = f"《{title}》" if (title := plain_title(article.title)) else ""
    if language == "en":
        return f"{named} ({day}):" if day else f"{named}:"
    return f"{named}（{day}）：" if day else f"{named}："
