"""How much the archive holds: articles, documents, newspapers, from when to when, its newest issue or its oldest."""

import re

from index.records import Article, PartialDate
from index.store.generations import Generation
from index.store.listing import ListedArticle, Listing
from rag.generation.composition import Composition, Line
from rag.generation.messages import show_date
from rag.lookup.quotes import quote_opening
from rag.lookup.report_words import show_item
from rag.records import Language

SHOWN_OF_ISSUE = 3
"""Reports of the newest or the oldest issue that are named."""
SHOWN_NEWSPAPERS = 8
"""Newspapers named; how many there are is said as well."""


_ASKS_OLDEST = re.compile(
    r"最[早先](?!.{0,8}最[新近后])|\b(?:earliest|oldest|first)\b(?!.{0,20}\b(?:latest|newest|last)\b)"
)
_ASKS_NEWSPAPERS = re.compile(r"报纸|报刊|\b(?:news)?papers?\b")


def tell_extent(generation: Generation, language: Language, question: str) -> Composition:
    """Return all of it, whichever of it was asked for: it is short. Of issues the newest, or the oldest if that was asked for.

    Args:
        question: normalised.
    """
    listing, english = generation.listing, language == "en"
    lines = [Line(coverage(generation, language))]
    if not listing.newspapers and _ASKS_NEWSPAPERS.search(question):
        lines.append(
            Line("The files do not say of which newspapers they are." if english else "这些文件没有写明是哪份报纸。")
        )
    articles: dict[str, Article] = {}
    is_oldest = _ASKS_OLDEST.search(question) is not None
    issue = _issue(listing, is_oldest=is_oldest)
    if issue and issue[0].date:
        day = show_date(issue[0].date, english=english)
        place = ("oldest" if english else "最早") if is_oldest else ("newest" if english else "最新")
        lines.append(
            Line(
                f"The {place} is of {day}, with {len(issue)} report{'s' if len(issue) > 1 else ''}:"
                if english
                else f"{place}的报道日期是{day}，有{len(issue)}篇："
            )
        )
        for number, entry in enumerate(issue[:SHOWN_OF_ISSUE], 1):
            article = generation.catalogue.article(entry.id)
            assert article is not None
            articles[article.id] = article
            quote = quote_opening(article, generation)
            lines.append(Line(show_item(number, entry, quote.text, language), (quote,)))
    choices = ("What is the latest news?", "How many articles per year?") if english else ("最近有什么新闻？", "每年各有多少篇报道？")  # fmt: skip
    return Composition(tuple(lines), "fixed", choices, articles)


def coverage(generation: Generation, language: Language) -> str:
    """Return one sentence on how much there is, of what, and from when to when."""
    counts, listing = generation.manifest.counts, generation.listing
    english = language == "en"
    papers = [*listing.newspapers[:SHOWN_NEWSPAPERS]]
    named = (", " if english else "、").join(papers if english else [f"《{paper}》" for paper in papers])
    if len(listing.newspapers) > len(papers):
        named = f"{len(listing.newspapers)} newspapers, among them {named}" if english else f"{named}等{len(listing.newspapers)}种报纸"  # fmt: skip
    dated = listing.by_date
    undated = len(listing.entries) - len(dated)
    if english:
        said = f"The archive holds {counts.articles} articles from {counts.kept} documents"
        said += f" of {named}" if named else ""
        if dated:
            said += f", dated from {_first(listing, english=True)} to {_last(listing, english=True)}"
        return said + (f"; {undated} without a date." if undated else ".")
    said = f"资料库收录了{counts.articles}篇文章（来自{counts.kept}份文件"
    said += f"，{named}）" if named else "）"
    if dated:
        said += f"，日期从{_first(listing, english=False)}到{_last(listing, english=False)}"
    return said + (f"，另有{undated}篇日期不详。" if undated else "。")


def _issue(listing: Listing, *, is_oldest: bool) -> list[ListedArticle]:
    """The articles of the newest date that is known to the day, else of the newest date; or those of the oldest date."""
    dated = [entry for entry in listing.by_date if entry.date and entry.date.precision == "day"] or listing.by_date
    date = _first_date(listing) if is_oldest else dated[0].date if dated else None
    return [entry for entry in listing.by_date if entry.date == date]


def _first(listing: Listing, *, english: bool) -> str:
    first = _first_date(listing)
    return show_date(first, english=english) if first else ""


def _first_date(listing: Listing) -> PartialDate | None:
    oldest = min(
        listing.by_date, key=lambda entry: (entry.first_day, -len(entry.date.value) if entry.date else 0), default=None
    )
    return oldest.date if oldest else None


def _last(listing: Listing, *, english: bool) -> str:
    last = max(listing.by_date, key=lambda entry: (entry.last_day, len(entry.date.value) if entry.date else 0)).date
    return show_date(last, english=english) if last else ""
