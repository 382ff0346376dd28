"""Whether a question has two readings that answer about equally well: of two years, two things or two persons of one name.

Rare on purpose: a question that has one answer must not be asked back. Where the newest value is what is wanted, or one
sentence is clearly the best, nothing is asked (rag.evidence.conflicts tells the others with their dates).
"""

import re
from collections.abc import Callable, Iterator

from index.dates import find_dates
from index.language.normalise import normalise
from index.language.terms import Lexicon, tag_words
from index.language.vocabulary import SURNAMES, pattern_of
from rag.evidence.conflicts import SAME_TERMS, value_of
from rag.evidence.grounding import GroundedPart, Grounding
from rag.evidence.sentence_ranking import CandidateSentence
from rag.facts.valid_time import is_compared_with
from rag.question.analysis import ASKED_OFFICE
from rag.question.conversation.antecedents import find_entities
from rag.question.conversation.offers import Offer
from rag.question.persons import find_persons

NEAR_SCORE = 3.0
"""A sentence that scores so much less than the best may still answer as well: what tells the two apart is not in the question."""
MAX_OFFERED = 4
SHORT_NAME = 3
"""Characters of a name that may be short for several: 创新中心, and not 中心."""
_TITLED = re.compile(
    rf"(?:^|[，。？?！!、\s]|[请问是由跟和对问])(?P<name>(?P<surname>{pattern_of(SURNAMES)})(?P<title>{ASKED_OFFICE}))"
)
_UNIT = re.compile(r"^[约近超达到共计有为\s]*[\d.,万亿千百余多]+")
_NAMING = ("n", "j", "s", "a", "b", "vn", "q", "m", "l", "i", "f")
"""Tags of words that names are made of."""
_OPENS = re.compile(r"^.*(?:[，。、；：（）“”《》和与及在是的于到对]|位于|作为|关于)")


def find_offer(grounding: Grounding, lexicon: Lexicon) -> Offer | None:
    """Return the readings of which the asker is to choose one; None where there is no such choice, as nearly always.

    Args:
        grounding: of a question; only one thing may be asked.
        lexicon: knows the archive's names.
    """
    if len(grounding.parts) != 1 or grounding.language != grounding.analysis.language:
        return None
    part = grounding.parts[0]
    if not part.decision.evidence or grounding.refusal not in (None, "not_found"):
        return None
    if offer := _persons(part, lexicon):
        return offer
    if grounding.refusal or part.analysis.answer_type not in ("number", "date", "place", "person"):
        return None
    return _names(part) or _years(part)


def _near(part: GroundedPart) -> list[CandidateSentence]:
    """The sentences that may answer as well as the best one, it first."""
    best, *others = part.decision.evidence
    return [best, *(one for one in others if best.score - one.score <= NEAR_SCORE)]


def _years(part: GroundedPart) -> Offer | None:
    """Figures of the same thing for different years, each stated beside its year, newest first."""
    analysis = part.analysis
    best = part.decision.evidence[0]
    if analysis.answer_type != "number" or analysis.time_range or analysis.prefers_newest or analysis.is_list:
        return None
    found: dict[str, str] = {}
    for one in _near(part):
        year, value = _stated_year(one, part), value_of(one)
        if year and value and _unit(value) == _unit(value_of(best) or "") and _same_terms(best, one):
            found.setdefault(year, value)
    if len(found) < 2 or len(set(found.values())) < 2:
        return None
    years = sorted(found, reverse=True)[:MAX_OFFERED]
    return Offer(tuple(f"{year}年" if analysis.language == "zh" else year for year in years))


def _stated_year(one: CandidateSentence, part: GroundedPart) -> str | None:
    """The one year that a sentence states for what it tells; what it is compared with left out."""
    article = part.retrieval.articles[one.passage.article_id]
    years = {
        span.first[:4]
        for span in find_dates(one.text, article.date)
        if span.first and not is_compared_with(one.text, span.start)
    }
    years = {year for year in years if year in one.text}
    return years.pop() if len(years) == 1 else None


def _same_terms(best: CandidateSentence, other: CandidateSentence) -> bool:
    return len(best.terms & other.terms) >= SAME_TERMS * len(best.terms)


def _unit(value: str) -> str:
    return _UNIT.sub("", value)


def _names(part: GroundedPart) -> Offer | None:
    """Things whose names end alike, where the question has the end alone."""
    asked = [entity for entity in find_entities(part.analysis.text) if not entity.is_administrative]
    if len(asked) != 1 or len(asked[0].words) < SHORT_NAME or asked[0].words == asked[0].head:
        return None
    name = asked[0].words
    return _told_apart(part, name, lambda one: list(_longer_names(one, name)), value_of)


def _longer_names(one: CandidateSentence, name: str) -> Iterator[str]:
    """The whole names of that end that a sentence has, else the last one before it; nothing where it has the end alone."""
    said = list(_ending(one.text, name))
    if not said:
        before = one.passage.text[: max(0, one.start - one.passage.start)]
        said = list(_ending(f"{one.passage.title or ''}。{before}", name))[-1:]
    for words in said:
        whole = _OPENS.sub("", words)
        whole = whole if whole.endswith(name) else words
        # 园区已有 | 重点企业 is no name.
        if all(tag.startswith(_NAMING) for _word, tag in tag_words(whole.removesuffix(name))):
            yield whole


def _ending(text: str, name: str) -> Iterator[str]:
    """What a text has of names that end so, longer than that: 北京某产业园 | 创新中心 is one."""
    start, end = 0, -1
    for entity in find_entities(text):
        start = start if entity.start == end else entity.start
        end = entity.end
        if entity.words.endswith(name) and end - start > len(name):
            yield text[start:end]


def _persons(part: GroundedPart, lexicon: Lexicon) -> Offer | None:
    """Persons of one family name and title, where the question has no more: 王主任."""
    titled = _TITLED.search(part.analysis.text)
    if not titled:
        return None
    surname, title = titled["surname"], titled["title"]

    def named(one: CandidateSentence) -> list[str]:
        text = normalise(one.text)
        persons = [person for person in find_persons(one.text, lexicon) if person.startswith(surname)]
        return [f"{person}{title}" for person in persons if f"{title}{person}" in text or f"{person}{title}" in text]

    return _told_apart(part, titled["name"], named, None)


def _told_apart(
    part: GroundedPart,
    name: str,
    names_of: Callable[[CandidateSentence], list[str]],
    value: Callable[[CandidateSentence], str | None] | None,
) -> Offer | None:
    """The readings of a name, one a sentence that may answer; None where only one is told of, or one is a part of another."""
    found: dict[str, str | None] = {}
    for one in _near(part):
        names = list(dict.fromkeys(names_of(one)))
        said = value(one) if value else None
        if (value and said is None) or len(names) != 1:
            continue
        found.setdefault(names[0], said)
    readings = [each for each in found if each != name]
    if len(readings) != len(found) or any(a != b and a in b for a in readings for b in readings):
        return None
    asked = normalise(part.analysis.text)
    if any(normalise(each.replace(name, "")) in asked for each in readings):  # 新入区的高新技术企业 says which ones
        return None
    if len(readings) < 2 or (value and len(set(found.values())) < 2):
        return None
    return Offer(tuple(readings[:MAX_OFFERED]), name)
