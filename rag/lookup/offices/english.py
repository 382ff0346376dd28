"""What an English question asks of an office of the archive's own district."""

import re

from rag.lookup.offices.question import OfficeQuestion
from rag.question.analysis import QuestionAnalysis

_OFFICES: tuple[tuple[str, str, str], ...] = (
    (
        r"(?:district |party )*(?:party )?(?:secretary|chief)(?: of the (?:district )?(?:party )?committee)?",
        "区委",
        "书记",
    ),
    (r"(?:district )?(?:mayor|governor|head|chief executive)(?: of the district(?: government)?)?", "", "区长"),
)
"""Words of an office → its unit and the office, as the table has them."""
_PLACE = r"(?: (?:of|in) (?P<place>(?:[a-z]+ ){0,2}?[a-z]+?)(?: district)?)?"
_TIME = r"(?: (?:in|at|on|during|as of) (?:the year |the end of |early |late )?[\w ,]*?\d{4})?(?: (?:now|today|at present|currently))?"


def read_english(analysis: QuestionAnalysis) -> tuple[OfficeQuestion, str] | None:
    """Return what is asked, and the place that it names in Latin letters, "" where it names none; None where it asks for anything else."""
    asked = " ".join(re.sub(r"[?!.,]", " ", analysis.text.casefold().replace("'s", " is")).split())
    time = analysis.time_range
    first, last = (time.first, time.last) if time and not time.reaches_today else (None, None)
    for words, unit, office in _OFFICES:
        who = rf"who (?:is|was|are|were) (?:the )?(?P<rank>deputy |vice |acting |current |present |new |incumbent |then |district )*{words}{_PLACE}{_TIME}"
        every = rf"(?:who (?:were|are|have been) )?(?:all )?(?:the )?(?:former |successive |past )(?:district )?{words}s?{_PLACE}|who (?:has|have) (?:ever )?been (?:the )?{words}{_PLACE}"
        change = rf"(?:has|did) (?:the )?{words}{_PLACE} (?:changed?|been replaced)|when did (?:the )?{words}{_PLACE} change|when was (?:the )?{words}{_PLACE} replaced"
        for aspect, pattern in (("holder", who), ("all", every), ("changed", change)):
            match = re.fullmatch(_once(pattern), asked)
            if match:
                is_deputy = re.search(r"\b(?:deputy|vice)\b", asked) is not None
                place = next(
                    (found for name, found in match.groupdict().items() if name.startswith("place") and found), ""
                )
                rank = "副" if is_deputy else ""
                return (
                    OfficeQuestion(
                        aspect,  # type: ignore[arg-type]
                        unit,
                        rank + office,
                        is_acting=" acting " in asked,
                        first=first,
                        last=last,
                    ),
                    place.removeprefix("the ").removesuffix(" district"),
                )
    return None


def _once(pattern: str) -> str:
    """The pattern with each of its groups of one name numbered, so that it may stand in several branches."""
    parts = pattern.split("(?P<place>")
    return parts[0] + "".join(f"(?P<place{number}>{part}" for number, part in enumerate(parts[1:]))
