"""What a web page's markup declares about its article: meta elements, the publishing system's comment, JSON-LD."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import msgspec

from index.read.html_byline import Imprint, newspaper_of, read_date, read_names
from index.read.stated_dates import stated_text

_ARTICLE_TYPES: Final = frozenset(
    {"NewsArticle", "Article", "ReportageNewsArticle", "BlogPosting", "OpinionNewsArticle"}
)
_ENP_BEGIN: Final = re.compile(r"<!--\s*enpproperty\b", re.IGNORECASE)
_ENP_CHARS: Final = 20_000  # keywords and a summary at most
_ENP_FIELD: Final = re.compile(r"<(?P<key>[a-z]{2,20})>(?P<value>[^<]*)</(?P=key)>", re.IGNORECASE)
MAX_JSON_CHARS: Final = 1 << 20


def read_properties(fields: Mapping[str, str]) -> Imprint:
    """Return what a page's meta elements state; names in lower case.

    Source: the names that Chinese government sites must use (国办发〔2017〕47号, 附件2), Open Graph, and common others.
    """

    def first(*names: str) -> str | None:
        return next((value for name in names if (value := stated_text(fields.get(name)))), None)

    return Imprint(
        title=first("articletitle"),
        date=next(
            (
                date
                for name in (
                    "article:published_time",
                    "pubdate",
                    "publishdate",
                    "date",
                    "datepublished",
                    "og:published_time",
                    "dc.date",
                    "firstpublishedtime",
                    "publishtime",
                    "publish_time",
                    "publish-date",
                    "apub:time",
                    "weibo: article:create_at",
                    "og:release_date",
                    "dateupdate",
                )
                if (date := read_date(fields.get(name)))
            ),
            None,
        ),
        byline=read_names(first("author", "article:author", "dc.creator", "byl") or ""),
        source=first("contentsource", "source", "og:article:source"),
    )


def read_enp(html: str) -> Imprint:
    """Return the comment that Founder's system, used by most Chinese newspapers' digital editions, leaves in a page."""
    begin = _ENP_BEGIN.search(html)
    end = html.find("-->", begin.end(), begin.end() + _ENP_CHARS) if begin else -1
    if not begin or end < 0:
        return Imprint()
    comment = html[begin.end() : end]
    fields = {match["key"].lower(): match["value"].strip() for match in _ENP_FIELD.finditer(comment)}
    return Imprint(
        title=fields.get("title") or None,
        date=read_date(fields.get("date")),
        byline=read_names(fields.get("author", "")),
        source=fields.get("sitename") or None,
        page=fields.get("nodename") or None,
        kicker=fields.get("introtitle") or None,
        deck=fields.get("subtitle") or None,
    )


def read_json_ld(scripts: Iterable[str], heading: str | None) -> Imprint:
    """Return the article that a page's JSON-LD describes.

    Where it describes several (those of a list), the one whose headline is the page's heading; else none.
    """
    articles: list[Mapping[str, object]] = []
    for script in scripts:
        if len(script) <= MAX_JSON_CHARS:
            try:
                articles += _articles(msgspec.json.decode(script), 0)
            except (msgspec.MsgspecError, RecursionError):  # pages get it wrong; it is one of several sources
                continue
    if len(articles) > 1:
        articles = [item for item in articles if heading and stated_text(item.get("headline")) == heading][:1]
    if not articles:
        return Imprint()
    item = articles[0]
    authors = item.get("author")
    names = [_name(author) for author in (authors if isinstance(authors, list) else [authors])]
    return Imprint(
        title=stated_text(item.get("headline")),
        date=read_date(stated_text(item.get("datePublished"))),
        byline=tuple(dict.fromkeys(name for text in names if text for name in read_names(text))),
        source=newspaper_of(_name(item.get("publisher"))),
    )


def _articles(value: object, depth: int) -> Iterator[Mapping[str, object]]:
    if isinstance(value, list) and depth < 4:
        for item in value[:100]:
            yield from _articles(item, depth + 1)
    elif isinstance(value, dict):
        kinds = value.get("@type")
        if _ARTICLE_TYPES & {kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)}:
            yield value
        elif depth < 4:
            yield from _articles(value.get("@graph"), depth + 1)


def _name(value: object) -> str | None:
    return stated_text(value.get("name") if isinstance(value, dict) else value)
