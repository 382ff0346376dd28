"""The catalogue's table of offices: which article says that who holds which office of what."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

import msgspec

from index.records import Article, OfficeHolding, PartialDate

HOLDINGS_SCHEMA = """
CREATE TABLE offices (article_id TEXT NOT NULL, office TEXT NOT NULL, person TEXT NOT NULL, named TEXT NOT NULL,
                      date TEXT, record BLOB NOT NULL);
CREATE INDEX offices_by_article ON offices (article_id);
CREATE INDEX offices_by_office ON offices (office);
CREATE INDEX offices_by_person ON offices (person);
"""
_OF_OFFICES = (
    "SELECT article_id, date, record FROM offices WHERE office IN (SELECT value FROM json_each(?)) ORDER BY rowid"
)
_OF_PERSONS = (
    "SELECT article_id, date, record FROM offices WHERE person IN (SELECT value FROM json_each(?)) ORDER BY rowid"
)
HoldingRow = tuple[str, str, str, str, str | None, bytes]


@dataclass(frozen=True, slots=True)
class ReportedHolding:
    """An office that somebody holds by an article's word.

    Args:
        date: of the article.
    """

    article_id: str
    date: PartialDate | None
    holding: OfficeHolding


def holding_rows(article: Article, holdings: Iterable[OfficeHolding]) -> list[HoldingRow]:
    """Return what an article says of who holds which office as rows of the table."""
    date = article.date.value if article.date else None
    return [
        (article.id, held.office, held.person, held.territory or held.named or "", date, msgspec.json.encode(held))
        for held in holdings
    ]


class HoldingsTable:
    """Reads the table of a published catalogue.

    Args:
        select: (SQL, values) → rows.
    """

    def __init__(self, select: Callable[..., list[tuple]]) -> None:  # type: ignore[type-arg]
        self._select = select

    @cached_property
    def is_there(self) -> bool:
        """Whether the generation was built with the table; one from before it has none until it is built again."""
        return bool(self._select("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'offices'"))

    @cached_property
    def territories(self) -> dict[str, int]:
        """Territory → how many articles name it as that of an office, or name no other one beside an office that leaves it open."""
        if not self.is_there:
            return {}
        return dict(self._select("SELECT named, count(DISTINCT article_id) FROM offices WHERE named <> '' GROUP BY 1"))

    def of_article(self, article_id: str) -> list[OfficeHolding]:
        """Return what an article says, in its order."""
        rows = self._select("SELECT record FROM offices WHERE article_id = ? ORDER BY rowid", (article_id,))
        return [msgspec.json.decode(record, type=OfficeHolding) for (record,) in rows]

    def of_offices(self, offices: Iterable[str]) -> list[ReportedHolding]:
        """Return what the archive says of the holders of offices such as 区长 and 副书记, whatever their unit."""
        return self._find(_OF_OFFICES, offices)

    def of_persons(self, persons: Iterable[str]) -> list[ReportedHolding]:
        """Return what the archive says of the offices of persons."""
        return self._find(_OF_PERSONS, persons)

    def _find(self, sql: str, names: Iterable[str]) -> list[ReportedHolding]:
        if not self.is_there:
            return []
        rows = self._select(sql, (msgspec.json.encode(list(names)).decode(),))
        return [
            ReportedHolding(
                article_id, PartialDate(date) if date else None, msgspec.json.decode(record, type=OfficeHolding)
            )
            for article_id, date, record in rows
        ]
