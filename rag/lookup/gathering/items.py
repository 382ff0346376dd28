"""What was gathered: one item an event, dated; reports of the same merged; in the order of time."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from index.records import Article, DateSpan, PartialDate
from rag.question.time_range import TimeRange

SAME_WORDING = 0.9
"""As SAME_SHARE, where no day tells that it is one event."""
OPENING_WORDS = 40
"""Characters without marks that two sentences begin with alike, where one is the other's reprint."""
SAME_SHARE = 0.5
"""Share of the character pairs of the shorter that two sentences have in common, of the same day: one event in two reports."""


_NO_WORD = re.compile(r"\W")
_PLANNED = re.compile("预计|计划|力争|争取|拟|将于?|到|至")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing gathered.

    Args:
        spans: (start, end) in the article's text of what tells of it, in order.
        day: when it was; the day of the report where the text does not say.
        is_reported: whether `day` is that of the report.
        label: what it is about, where a list goes by that: the unit.
        others: what further reports tell of the same.
    """

    article: Article
    spans: tuple[tuple[int, int], ...]
    day: PartialDate | None
    is_reported: bool = True
    label: str | None = None
    others: tuple["Item", ...] = ()

    @property
    def text(self) -> str:
        """What tells of it."""
        return "".join(self.article.text[start:end] for start, end in self.spans)


def dated(article: Article, spans: Sequence[tuple[int, int]], around: Sequence[tuple[int, int]] = ()) -> Item:
    """Return the item with the time that its sentences tell, else the day that those around it do, else its report's."""
    told = [date for start, end in spans for date in article.dates if start <= date.start < end]
    past = [date for date in told if not _PLANNED.search(article.text[max(0, date.start - 4) : date.start])]
    days = [date for date in past if date.first == date.last]
    day = partial_date(days[0] if days else past[0]) if past else None
    if day and (day.precision != "year" or not article.date or day.value < article.date.value[:4]):
        return Item(article, tuple(spans), day, is_reported=False)
    for start, end in around if not told else ():
        for date in article.dates:
            if start <= date.start < end and date.first == date.last:
                return Item(article, tuple(spans), PartialDate(date.first), is_reported=False)
    return Item(article, tuple(spans), article.date)


def partial_date(span: DateSpan) -> PartialDate | None:
    """Return a day, month or year that a date expression means; None of another stretch of time."""
    if span.first == span.last:
        return PartialDate(span.first)
    for length in (7, 4):
        date = PartialDate(span.first[:length])
        if (date.first_day, date.last_day) == tuple(int(day.replace("-", "")) for day in (span.first, span.last)):
            return date
    return None


def within(item: Item, time_range: TimeRange | None) -> bool:
    """Whether an item is of the time asked about; one of unknown date is of none."""
    if time_range is None:
        return True
    if item.day is None:
        return False
    if time_range.is_guessed:
        return any(_same_days(span, item.day) for span in time_range.asked)
    first, last = (int(day.replace("-", "")) for day in (time_range.first, time_range.last))
    return first <= item.day.last_day and item.day.first_day <= last


def _same_days(span: DateSpan, day: PartialDate) -> bool:
    """Whether a day is within a time of the year, whatever the year."""
    return span.first[5:] <= day.value[5:] <= span.last[5:] if day.precision == "day" else False


def in_order(items: Iterable[Item], same_share: float = SAME_SHARE) -> list[Item]:
    """Return the items by day, those without one last; what is told twice once: on one day, or in the same words.

    Args:
        same_share: see SAME_SHARE.
    """
    kept: list[Item] = []
    of_day: dict[tuple[str | None, str | None], list[tuple[int, frozenset[str]]]] = {}
    of_words: dict[tuple[str, str | None], int] = {}
    for item in sorted(items, key=lambda item: (item.day is None, item.day.first_day if item.day else 0)):
        bare = _NO_WORD.sub("", item.text)
        pairs = frozenset(bare[n : n + 2] for n in range(len(bare) - 1))
        alike = of_day.setdefault((item.day.value if item.day else None, item.label), [])
        share = same_share if item.day and item.day.precision == "day" else SAME_WORDING
        twin = next((n for n, others in alike if _shared(pairs, others) >= share), None)
        if twin is None:
            reprint = of_words.get((bare[:OPENING_WORDS], item.label))
            # Each that tells its own day is an event of its own, in whatever words.
            if reprint is not None and (item.is_reported or kept[reprint].is_reported):
                twin = reprint
        if twin is None:
            alike.append((len(kept), pairs))
            of_words.setdefault((bare[:OPENING_WORDS], item.label), len(kept))
            kept.append(item)
        else:
            kept[twin] = replace(kept[twin], others=(*kept[twin].others, replace(item, others=())))
    return kept


def _shared(pairs: frozenset[str], others: frozenset[str]) -> float:
    """Share of the pairs of the shorter of two sentences that the other has."""
    return len(pairs & others) / max(min(len(pairs), len(others)), 1)
