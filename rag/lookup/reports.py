"""Reports listed and counted: 2022年9月有哪些报道, 关于王佐镇的报道有几篇, 最近有什么新闻, 每年各有多少篇.

Every item has a quote of its article, so that it is linked; a long list comes in parts, and the next part is a choice.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from index.language.normalise import normalise, simplify
from index.language.sentences import split_sentences
from index.records import Article, DateSpan, PartialDate
from index.store.generations import Generation
from index.store.listing import ListedArticle
from rag.generation.composition import Composition, Line
from rag.generation.messages import show_date
from rag.lookup.bylines import tell_bylines
from rag.lookup.extent import tell_extent
from rag.lookup.inquiry import Inquiry
from rag.lookup.mentions import has_word
from rag.lookup.quotes import quote_article, quote_opening
from rag.lookup.report_question import ReportQuestion, read_report_question, says_reports
from rag.lookup.report_question_english import read_english_question
from rag.lookup.report_selection import Bounds, Selection, select_reports
from rag.lookup.report_words import counted, describe, next_page, show_item, show_span
from rag.records import Language
from rag.verification.citations import Quote

ITEMS = 10
"""Of a list in one answer."""
NEAREST_DAYS = 2
"""Days named on either side of one of which the archive has nothing."""
_MAY_ASK = re.compile(
    r"报道|报导|新闻|文章|稿|消息|资讯|写|记者|通讯员|作者|刊|登|见报|发表|采访|供稿|署名|版|头条|收录|资料|数据|档案|库|报纸|[篇次期]|发生"
    r"|articles?|reports?|stor(?:y|ies)|news|coverage|headline|archive|database|collection|papers?|wr(?:o|i)te|written|page|reporters|journalists|authors|^[\W\d年月日号]+$"
)
"""What every such question has one of; another one costs nothing, and reads no listing."""
_ENGLISH = re.compile(r"[A-Za-z]{3}")
_PART = re.compile(r"(?<!\s)\s*+[（(](?:第(\d{1,4})页|part (\d{1,4}))[）)]\s*$")


def find_reports(inquiry: Inquiry) -> Composition | None:
    """Answer what the archive has of reports: how many, which, of what day, by whom."""
    question, part = read_part(inquiry.question)
    if not _MAY_ASK.search(simplify(question).casefold()):
        return None
    wanted = _as_typed(_read(question, inquiry), question)
    if wanted is None or (inquiry.query.history and question == inquiry.query.text and _is_bare(wanted, question)):
        return None
    if wanted.wanted == "extent":
        return tell_extent(inquiry.generation, inquiry.language, normalise(simplify(question)))
    if wanted.wanted == "bylines":
        role, wanted = wanted.author, replace(wanted, author=None)
        entries = select_reports(wanted, inquiry.query, inquiry.generation).entries
        return tell_bylines(entries, role, describe(wanted, (), wanted.spans, inquiry.language), inquiry.language)
    selection = select_reports(wanted, inquiry.query, inquiry.generation)
    if wanted.topic and not selection.parts:
        return None
    if wanted.wanted in ("per_year", "per_month"):
        return _tell_per_time(wanted, selection, inquiry.language)
    if wanted.wanted == "count" and len(wanted.spans) > 1:
        return _tell_per_span(wanted, selection, inquiry.language)
    if not selection.entries and not selection.possible:
        return _tell_none(wanted, selection, inquiry)
    return _tell_list(wanted, selection, question, part, inquiry)


def read_part(question: str) -> tuple[str, int]:
    """Return a question without the number of the part of its list that is asked for, and that number."""
    match = _PART.search(question)
    return (question[: match.start()], max(1, int(match[1] or match[2]))) if match else (question, 1)


def _read(question: str, inquiry: Inquiry) -> ReportQuestion | None:
    listing, time = inquiry.generation.listing, inquiry.analysis.time_range
    known = (listing.authors.keys(), listing.newspapers)
    # With a Chinese name in it an English question may pass for Chinese: How many articles mention 北堤?
    read = read_report_question(question, time, *known)
    return read or (read_english_question(question, time, *known) if _ENGLISH.search(question) else None)


def _as_typed(wanted: ReportQuestion | None, question: str) -> ReportQuestion | None:
    """The question with its topic and author in the letters in which they were typed: PM2.5."""
    if wanted is None:
        return None
    topic, author = (_spelt(name, question) for name in (wanted.topic, wanted.author))
    return replace(wanted, topic=topic, author=author)


def _spelt(name: str | None, question: str) -> str | None:
    place = question.casefold().find(name) if name else -1
    return question[place : place + len(name)] if name and place >= 0 else name


def _is_bare(wanted: ReportQuestion, question: str) -> bool:
    """Whether it names nothing but a time, or nothing: in a conversation that is a reply, or asks on."""
    is_named = wanted.topic or wanted.author or wanted.page or says_reports(question)
    return wanted.wanted == "bylines" or (not is_named and wanted.wanted == "list")


def _tell_list(wanted: ReportQuestion, selection: Selection, question: str, part: int, inquiry: Inquiry) -> Composition:
    language = inquiry.language
    is_possible = not selection.entries
    entries = selection.possible if is_possible else selection.entries
    if wanted.wanted == "oldest":
        dated = sorted((entry for entry in entries if entry.date), key=lambda entry: (entry.first_day, entry.last_day))
        entries = (*dated, *(entry for entry in entries if not entry.date))
    parts_in_all = -(-len(entries) // ITEMS)
    part = min(part, parts_in_all)
    shown = entries[(part - 1) * ITEMS : part * ITEMS]
    first = (part - 1) * ITEMS + 1
    head = _head(wanted, selection, entries, language)
    if parts_in_all > 1:
        last = first + len(shown) - 1
        head = f"{head}, {first}–{last}" if language == "en" else f"{head}，第{first}—{last}篇"
    head += ":" if language == "en" else "："
    lines = [Line(head)]
    articles: dict[str, Article] = {}
    for number, entry in enumerate(shown, first):
        article = inquiry.generation.catalogue.article(entry.id)
        assert article is not None
        articles[article.id] = article
        quote = _quote(article, selection.parts, inquiry.generation)
        lines.append(Line(show_item(number, entry, quote.text, language), (quote,)))
    lines += _remarks(selection, language, is_possible=is_possible)
    choices = (next_page(question, part + 1, language),) if part < parts_in_all else ()
    return Composition(tuple(lines), "fixed", choices, articles)


def _quote(article: Article, parts: Sequence[str], generation: Generation) -> Quote:
    """The sentence that prints what was asked for; else the opening."""
    folded = [normalise(part) for part in parts]
    for start, end in split_sentences(article.text) if folded else ():
        text = article.text[start:end]
        if text.strip() and any(has_word(part, normalise(text)) for part in folded):
            return quote_article(
                article, start + len(text) - len(text.lstrip()), start + len(text.rstrip()), generation
            )
    return quote_opening(article, generation)


def _head(wanted: ReportQuestion, selection: Selection, entries: Sequence[ListedArticle], language: Language) -> str:
    """How many there are, and by what they were counted."""
    english = language == "en"
    told = replace(wanted, page=None) if selection.has_no_page else wanted  # of no page that is known
    what = describe(told, selection.parts, wanted.spans, language)
    if not selection.entries:
        times, count = _times(wanted, language), len(entries)
        if english:
            return f"The archive has no report known to be of {times}; of these {count} only the month or year is known"
        return f"资料库中没有日期确切为{times}的报道；以下{count}篇只知道年月，可能是"
    is_split = len(selection.parts) > 1 and wanted.topic is not None
    count_words = counted(what, len(entries), language)
    dated = [entry for entry in entries if entry.date]
    if wanted.wanted in ("newest", "oldest") and dated and dated[0].date:
        day, is_newest = show_date(dated[0].date, english=english), wanted.wanted == "newest"
        if english:
            return f"The {'latest' if is_newest else 'earliest'} is dated {day}. The archive has {count_words}, by date"
        order = "从新到旧" if is_newest else "从早到晚"
        return f"{'最新' if is_newest else '最早'}的报道日期是{day}。{count_words}，按日期{order}排列"
    if is_split and english:
        return f"No report prints “{wanted.topic}” as it stands. The archive has {count_words}"
    if is_split:
        return f"没有报道原样印有“{wanted.topic}”。{count_words}"
    if english:
        return f"The archive has {count_words}{' (printed in headline or text)' if selection.parts else ''}"
    return f"{count_words}{'（标题或正文中印有这些字）' if selection.parts else ''}"


def _times(wanted: ReportQuestion, language: Language) -> str:
    return "、".join(show_span(span, language, is_any_year=wanted.is_any_year) for span in wanted.spans)


def _remarks(selection: Selection, language: Language, *, is_possible: bool) -> list[Line]:
    """What the count leaves out, and what could not be looked at."""
    english = language == "en"
    said = []
    if selection.possible and not is_possible:
        count = len(selection.possible)
        said.append(
            f"Not counted: {count} of which only the month or year is known."
            if english
            else f"另有{count}篇只知道年月，可能属于这段时间，未计入。"
        )
    if selection.undated:
        said.append(
            f"Not counted: {selection.undated} without a date."
            if english
            else f"另有{selection.undated}篇日期不详，未计入。"
        )
    if selection.has_no_page:
        said.append(
            "These reports do not state their page: these are those of all pages."
            if english
            else "这些报道没有注明版次，以上不分版次。"
        )
    return [Line("\n".join(said))] if said else []


def _tell_per_time(wanted: ReportQuestion, selection: Selection, language: Language) -> Composition:
    """A count for each year or month."""
    length = 7 if wanted.wanted == "per_month" else 4
    known = [entry.date.value[:length] for entry in selection.entries if entry.date and len(entry.date.value) >= length]
    counts = Counter(known)
    what = describe(wanted, selection.parts, wanted.spans, language)
    english = language == "en"
    total = counted(what, len(selection.entries), language)
    lines = [Line(f"The archive has {total}:" if english else f"{total}：")]
    for value in sorted(counts):
        when = show_date(PartialDate(value), english=english)
        lines.append(Line(f"{when}: {counts[value]}" if english else f"{when}：{counts[value]}篇"))
    rest = len(selection.entries) - len(known)
    if rest:
        unknown = "日期不详" if length == 4 else "日期不详或只知道年份"
        lines.append(Line(f"date not known: {rest}" if english else f"{unknown}：{rest}篇"))
    return Composition(tuple(lines), "fixed")


def _tell_per_span(wanted: ReportQuestion, selection: Selection, language: Language) -> Composition:
    """A count for each of the times that a question compares."""
    lines = []
    for span in wanted.spans:
        bounds = Bounds.of(span, is_any_year=wanted.is_any_year)
        count = sum(bounds.have(entry) for entry in selection.entries)
        said = counted(describe(wanted, selection.parts, (span,), language), count, language)
        lines.append(Line(f"The archive has {said}." if language == "en" else f"{said}。"))
    return Composition((*lines, *_remarks(selection, language, is_possible=False)), "fixed")


def _tell_none(wanted: ReportQuestion, selection: Selection, inquiry: Inquiry) -> Composition | None:
    """That there is none, with the days nearest to the one asked for; None where passages may still tell something."""
    language = inquiry.language
    listing = inquiry.generation.listing
    is_short = bool(wanted.spans) and not any(span.first.startswith("0") for span in wanted.spans)
    if wanted.topic and wanted.wanted != "count":
        return None
    if not (is_short or wanted.topic or wanted.author):
        return None
    what = describe(wanted, selection.parts, wanted.spans, language)
    english = language == "en"
    lines = [Line(f"The archive has no {what}." if english else f"资料库中没有{what}。")]
    lines += _remarks(selection, language, is_possible=False)
    choices: tuple[str, ...] = ()
    if is_short and not (wanted.topic or wanted.author or wanted.is_any_year):
        days = _nearest_days(wanted.spans[0], listing.by_date)
        shown = [show_date(day, english=english) for day in days]
        if shown:
            lines.append(
                Line(("The nearest dates: " if english else "最近的日期：") + ("; " if english else "、").join(shown))
            )
            choices = tuple(f"Which reports are from {day}?" if english else f"{day}有哪些报道？" for day in shown)
    return Composition(tuple(lines), "fixed", choices)


def _nearest_days(span: DateSpan, by_date: Sequence[ListedArticle]) -> list[PartialDate]:
    """Up to NEAREST_DAYS dates before a time, and as many after it, in order."""
    begin, end = PartialDate(span.first).first_day, PartialDate(span.last).last_day
    dates = list(dict.fromkeys(entry.date for entry in by_date if entry.date and entry.date.precision != "year"))
    before = [date for date in dates if date.last_day < begin][:NEAREST_DAYS]
    after = [date for date in reversed(dates) if date.first_day > end][:NEAREST_DAYS]
    return [*reversed(before), *after]
