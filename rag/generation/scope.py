"""What a question confines its answer to, its period, office and place, and whether a mended statement keeps to it.

Told that a year is not in its passage, a model drops the year: what is left is true of another year, and would be read as
the answer for the one that was asked about.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.language.normalise import normalise
from index.language.terms import Lexicon
from index.language.vocabulary import divisions, pattern_of
from index.records import PartialDate
from index.store.generations import Generation
from rag.question.analysis import QuestionAnalysis, find_offices
from rag.retrieval.home import PLACE_KIND, is_home
from rag.verification.citations import Quote

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# Names that no dictionary has: of a place by its kind, 青坞 of 青坞镇; in English by a capital letter behind the first word.
_LOCAL_NAME = re.compile(rf"((?:(?![年月日的在和与是有])[\u4e00-\u9fff]){{2,4}}?)(?={pattern_of(divisions('local'))})")
_ENGLISH_NAME = re.compile(r"(?<=[a-z,] )[A-Z][\w'’-]+(?: (?:of |and )?[A-Z][\w'’-]+)*")


@dataclass(frozen=True, slots=True)
class Scope:
    """What a question confines its answer to.

    Args:
        period: first and last day that it asks about, as YYYYMMDD; None where it names none.
        offices: whose holder it asks for, in Chinese.
        names: of places, without their kind, bodies and persons, folded; not the archive's own district, called 全区 there.
        lexicon: finds offices in a text.
    """

    period: tuple[int, int] | None
    offices: tuple[str, ...]
    names: tuple[str, ...]
    lexicon: Lexicon

    def keeps(self, first: str, mended: str, quotes: Sequence[Quote]) -> bool:
        """Whether a mended statement still speaks of what the question asks for, as far as its first version did.

        What it does not say itself may stand in what it is quoted from: the quote, the headline, the date of the report.
        """
        carried = " ".join(f"{quote.text} {quote.passage.title or ''}" for quote in quotes)
        papers = " ".join(quote.passage.newspaper or "" for quote in quotes)  # 云汀报 need not say 云汀区
        said, known = normalise(first), normalise(f"{mended} {carried} {papers}")
        if any(name in said and name not in known for name in self.names):
            return False
        if self._names_office(first) and not self._names_office(mended) and not any(it in known for it in self.offices):
            return False
        return not (self._names_year(first) and not _YEAR.search(mended)) or self._is_of_period(carried, quotes)

    def _names_office(self, text: str) -> bool:
        """Whether a text names an office whose holder is asked for."""
        return bool(self.offices) and any(
            asked in named for named in find_offices(text, self.lexicon) for asked in self.offices
        )

    def _names_year(self, text: str) -> bool:
        """Whether a text states a year of the period."""
        if self.period is None:
            return False
        return any(self.period[0] // 10000 <= int(year) <= self.period[1] // 10000 for year in _YEAR.findall(text))

    def _is_of_period(self, carried: str, quotes: Sequence[Quote]) -> bool:
        """Whether what a statement is quoted from is of the period."""
        return self._names_year(carried) or any(self._covers(quote.passage.date) for quote in quotes)

    def _covers(self, date: str | None) -> bool:
        if date is None or self.period is None:
            return False
        printed = PartialDate(date)
        return printed.first_day <= self.period[1] and self.period[0] <= printed.last_day


def scope_of(analysis: QuestionAnalysis, generation: Generation) -> Scope:
    """Return what a question confines its answer to.

    Args:
        generation: tells which names are of its own district.
    """
    time_range = analysis.time_range
    period = None
    if time_range and time_range.constrains_time:
        period = (int(time_range.first.replace("-", "")), int(time_range.last.replace("-", "")))
    names = [PLACE_KIND.sub("", name) for name in analysis.names if not is_home(name, generation)]
    names += (_ENGLISH_NAME if analysis.language == "en" else _LOCAL_NAME).findall(analysis.text)
    names = [name for name in names if len(name) > 1]
    return Scope(period, analysis.asked_offices, tuple(dict.fromkeys(map(normalise, names))), generation.lexicon)
