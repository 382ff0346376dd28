"""Catalogue → one short entry an article: what lists and counts are made of, without the texts.

    catalogue ─ list_articles ─► Listing: entries in the order of the archive, by date, by whom, in which newspaper

The texts stay in the catalogue and are read only where a phrase is looked for in them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import msgspec

from index.language.normalise import normalise
from index.records import PartialDate
from index.store.catalogue import Catalogue


class _Date(msgspec.Struct):
    value: str


class _Record(msgspec.Struct):
    """What a stored article has that a list shows; all else in it is passed over, which is ten times as fast."""

    id: str
    source: str
    ordinal: int
    title: str | None = None
    newspaper: str | None = None
    page: str | None = None
    byline: tuple[str, ...] = ()
    date: _Date | None = None


@dataclass(frozen=True, slots=True)
class ListedArticle:
    """An article as a list shows it.

    Args:
        ordinal: its place on its page.
        byline: as printed: 记者 沈若兰.
        first_day, last_day: that its date can mean, as YYYYMMDD; 0 where it has none.
    """

    id: str
    source: str
    ordinal: int
    title: str | None
    newspaper: str | None
    page: str | None
    byline: tuple[str, ...]
    date: PartialDate | None
    first_day: int
    last_day: int


class Listing:
    """All articles of an archive, in its order.

    Args:
        entries: one an article.
        ids_of_rows: (rows of the lexical index over articles,) the article of each.
    """

    def __init__(self, entries: Iterable[ListedArticle], ids_of_rows: Sequence[str]) -> None:
        self.entries = tuple(entries)
        self.ids_of_rows = tuple(ids_of_rows)

    @cached_property
    def newspapers(self) -> tuple[str, ...]:
        """Names of the newspapers that articles state, those with most articles first."""
        counts: dict[str, int] = {}
        for entry in self.entries:
            if entry.newspaper:
                counts[entry.newspaper] = counts.get(entry.newspaper, 0) + 1
        return tuple(sorted(counts, key=lambda name: (-counts[name], name)))

    @cached_property
    def by_date(self) -> tuple[ListedArticle, ...]:
        """The dated ones, newest first; of one day, in the order of the newspaper."""
        dated = [entry for entry in self.entries if entry.date]
        return tuple(sorted(dated, key=lambda entry: (-entry.last_day, -entry.first_day)))

    @cached_property
    def authors(self) -> Mapping[str, tuple[ListedArticle, ...]]:
        """A name in a by-line, folded as for matching → the articles that it stands above.

        A name is a word of it, or all that follows the first one: 记者 沈若兰, By Shen Ruolan.
        """
        found: dict[str, dict[str, ListedArticle]] = {}
        for entry in self.entries:
            for line in entry.byline:
                words = [normalise(word) for word in line.split()]  # 记者 沈若兰 as a whole would lose its space
                for name in {*words, " ".join(words), "".join(words), " ".join(words[1:])} - {""}:
                    found.setdefault(name, {})[entry.id] = entry
        return {word: tuple(entries.values()) for word, entries in found.items()}


def list_articles(catalogue: Catalogue) -> Listing:
    """Return the listing of a catalogue; reading 20,000 articles takes a third of a second, so it is kept with the generation."""
    decode = msgspec.json.Decoder(_Record).decode
    dates: dict[str | None, tuple[PartialDate | None, int, int]] = {None: (None, 0, 0)}  # many articles share one
    entries = []
    for record in catalogue.records():
        read = decode(record)
        value = read.date.value if read.date else None
        if value is not None and value not in dates:
            date = PartialDate(value)
            dates[value] = (date, date.first_day, date.last_day)
        entries.append(
            ListedArticle(
                read.id, read.source, read.ordinal, read.title, read.newspaper, read.page, read.byline, *dates[value]
            )
        )
    return Listing(entries, catalogue.ids_with_chunks())
