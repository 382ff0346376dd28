"""All articles that have the words of a question: complete, not the best ones only."""

import datetime
import re
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from index.language.terms import characters_of, split_words
from index.language.vocabulary import OFFICE
from index.records import Article
from index.store.generations import Generation
from rag.lookup.gathering.asked import is_person
from rag.question.time_range import TimeRange
from rag.retrieval.recency import TIMELY_DAYS

END_OF_TIME = 99_999_999
ABOUT_CHARACTERS = 300
"""Of an article that tell what it is about."""
MISSING_SHARE = 0.25
"""Of the words of a matter, so many may stand only further down."""
MAX_GATHERED = 400
"""Read for one question; one that more fulfil is too wide to be gathered by a list."""


def articles_with(
    generation: Generation,
    wanted: Iterable[Sequence[str]],
    within: TimeRange | None = None,
    *,
    reported: bool = False,
) -> list[Article] | None:
    """Return the articles that have, for each of the alternatives wanted, one at least; None where they are too many.

    Args:
        wanted: words of which an article must have one, verbatim or as its terms; for each group.
        within: only articles that were printed in that time or later, or whose date is unknown.
        reported: and not later than a newspaper reports what happened in it.
    """
    chosen: npt.NDArray[np.bool_] | None = None
    for words in wanted:
        ways = [(terms, 1.0) for word in words if (terms := terms_of(word, generation))]
        if not ways:
            continue
        has = generation.articles.find_any(ways).certainty > 0
        chosen = has if chosen is None else chosen & has
    if chosen is None:
        return None
    rows = np.flatnonzero(chosen)
    first_chunks = np.searchsorted(generation.article_rows, rows)
    if within is not None and not within.is_guessed:
        days = generation.days[first_chunks]
        begins = int(within.first.replace("-", ""))
        ends = _reported_until(within.last) if reported else END_OF_TIME
        first_chunks = first_chunks[(days[:, 0] == 0) | ((days[:, 1] >= begins) & (days[:, 0] <= ends))]
    if len(first_chunks) > MAX_GATHERED:
        return None
    chunks = generation.catalogue.chunks(first_chunks)
    return list(generation.catalogue.articles(chunk.article_id for chunk in chunks).values())


def _reported_until(last: str) -> int:
    day = datetime.date.fromisoformat(last)
    until = min(day, datetime.date.max - datetime.timedelta(TIMELY_DAYS)) + datetime.timedelta(TIMELY_DAYS)
    return int(until.isoformat().replace("-", ""))


def terms_of(word: str, generation: Generation) -> list[str]:
    """Return the terms by which a word is found however the text around it was cut."""
    terms = generation.lexicon.character_terms(word)
    return [term for term in terms if len(characters_of(term)) > 1] or terms


def articles_on(
    generation: Generation, matters: Sequence[str], names: Sequence[str], within: TimeRange | None = None
) -> list[Article]:
    """Return the articles that are about a matter: what it is called stands in the title or the opening; the nearest first.

    Args:
        matters: as phrases; where they stand nowhere as they are, as their words.
        names: that the text must have, wherever.
    """
    if not matters:
        return list(articles_with(generation, [[name] for name in names], within) or ())
    verbatim = articles_with(generation, [[phrase] for phrase in (*matters, *names)], within)
    split = words_of if verbatim else long_words_of
    words = list(dict.fromkeys(word for matter in matters for word in split(matter)))
    found = articles_with(generation, [[word] for word in words] + [[name] for name in names], within) or verbatim
    about = []
    for article in found or ():
        title = article.title or ""
        opening = title + article.text[:ABOUT_CHARACTERS]
        missing = sum(word not in opening for word in words)
        if all(name in article.text for name in names) and missing <= MISSING_SHARE * len(words):
            whole = sum(matter in opening for matter in matters)
            about.append((whole, sum(word in title for word in words), article))
    days = {article.id: article.date.last_day if article.date else 0 for _whole, _titled, article in about}
    return [one[2] for one in sorted(about, key=lambda one: (-one[0], -one[1], -days[one[2].id]))]


def names_person(name: str, articles: Iterable[Article]) -> bool:
    """Whether a name is a person's: by its look, or since an article has it behind an office."""
    if is_person(name):
        return True
    holds = re.compile(rf"{OFFICE}{re.escape(name)}")
    return len(name) in (2, 3) and any(holds.search(article.text) for article in articles)


def words_of(phrase: str) -> list[str]:
    """Return the words of a phrase, where it consists of known words and of one name at most; else it is a name, and whole."""
    words = _joined(phrase)
    return words if all(len(word) > 1 for word in words) else [phrase]


def long_words_of(phrase: str) -> list[str]:
    """Return the words of two characters or more, whatever the rest is: for a phrase that stands nowhere as it is."""
    return [word for word in _joined(phrase) if len(word) > 1] or [phrase]


def _joined(phrase: str) -> list[str]:
    """The words of a phrase, single characters in a row as one: 台风 | 杜苏芮."""
    words: list[str] = []
    is_open = False
    for word in split_words(phrase):
        single = len(word) == 1
        if single and is_open:
            words[-1] += word
        else:
            words.append(word)
        is_open = single
    return words
