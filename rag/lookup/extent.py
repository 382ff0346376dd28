"""How much the archive holds: articles, documents, newspapers, from when to when, the newest issue."""

from index.records import Article
from index.store.generations import Generation
from index.store.listing import ListedArticle, Listing
from rag.generation.composition import Composition, Line
from rag.generation.messages import show_date
from rag.lookup.quotes import quote_opening
from rag.lookup.report_words import show_item
from rag.records import Language

SHOWN_NEWEST = 3
"""Reports of the newest issue that are named."""
SHOWN_NEWSPAPERS = 8
"""Newspapers named; how many there are is said as well."""


def tell_extent(generation: Generation, language: Language) -> Composition:
    """Return all of it, whichever of it was asked for: it is short."""
    listing, english = generation.listing, language == "en"
    lines = [Line(coverage(generation, language))]
    articles: dict[str, Article] = {}
    newest = _newest_issue(listing)
    if newest and newest[0].date:
        day = show_date(newest[0].date, english=english)
        lines.append(
            Line(
                f"The newest is of {day}, with {len(newest)} report{'s' if len(newest) > 1 else ''}:"
                if english
                else f"最新的报道日期是{day}，有{len(newest)}篇："
            )
        )
        for number, entry in enumerate(newest[:SHOWN_NEWEST], 1):
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


def _newest_issue(listing: Listing) -> list[ListedArticle]:
    """The articles of the newest date that is known to the day; else of the newest date."""
    dated = [entry for entry in listing.by_date if entry.date and entry.date.precision == "day"] or listing.by_date
    return [entry for entry in dated if entry.date == dated[0].date]


def _first(listing: Listing, *, english: bool) -> str:
    first = min(listing.by_date, key=lambda entry: (entry.first_day, -len(entry.date.value) if entry.date else 0)).date
    return show_date(first, english=english) if first else ""


def _last(listing: Listing, *, english: bool) -> str:
    last = max(listing.by_date, key=lambda entry: (entry.last_day, len(entry.date.value) if entry.date else 0)).date
    return show_date(last, english=english) if last else ""
