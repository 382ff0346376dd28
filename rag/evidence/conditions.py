"""What a question sets as a condition, held against the sentence that seems to answer it.

Question and answer put together are a statement (rag.evidence.hypothesis), and the verifier tells of statements what speaks against
them: 第五届 that the sentence does not print, a day or an office of another. Beside that, names of places and bodies must be
printed, and so must the numbers by which a thing is told from others: 丰台南站 is not 丰台站, line 19 not line 16.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from index.dates import find_dates
from index.language.normalise import normalise
from index.language.terms import ASKING_WORDS, tag_words
from index.language.vocabulary import divisions
from index.records import Article
from rag.evidence.constraints import NAMED_SORTS
from rag.evidence.hypothesis import state_answer
from rag.evidence.sentence_ranking import CandidateSentence
from rag.facts.quantities import Figure, find_figures
from rag.question.analysis import QuestionAnalysis
from rag.verification.archive import Archive
from rag.verification.bindings import uncounted_owners
from rag.verification.claims import Claims
from rag.verification.statements import MAX_STATEMENT_CHARACTERS
from rag.verification.verifier import trials_beside
from rag.verification.words import ParsedText

MAX_STATEMENT_ODDS = 5.0
"""Log odds beyond which what the verifier gives a statement says no more."""
UNSTATED_ODDS = -3.0
"""Of a sentence that has too little of the statement to be held against it."""
MIN_NAME = 2
"""Characters that a name keeps where its sort is not said: 西罗园 for 西罗园街道."""
_IN_NAMES = re.compile(r"^(?:n.*|[jfsb]|eng)$")
"""Parts of speech of which names consist."""
_OF_PLACES = "ns"
_TELLS_APART = NAMED_SORTS - {"公司", "银行", "店"}
"""Sorts by which one is told from another of the same; a firm is called by its own name alone."""
LONGEST_SORT = 1 + max(map(len, _TELLS_APART))
"""Words, of a character or more, by whose end a name's sort is told."""
_OF_THE_WHOLE = re.compile(r"[全我][省市区县](?!政府|委|人大|政协)")
"""丰台全区PM2.5月均28微克: of no single one of its streets."""
_NUMBERING = ("order", "label")
"""Figures that tell one thing from another of its kind: 第五届, 19号线."""


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """How far a sentence fulfils the conditions of a question.

    Args:
        log_odds: that the sentence's passage supports what question and answer say together, as learnt; 0 where the sentence
            has nothing that could be an answer.
        problems: what exact rules say against words of the question, as "kind:words".
        names_unprinted: names of places and bodies that its article does not have.
        numbers_unprinted: numbers of things that neither its passage nor the title has.
        is_of_several: it tells the figure of several things together, and one is asked about.
    """

    log_odds: float = 0.0
    problems: tuple[str, ...] = ()
    names_unprinted: tuple[str, ...] = ()
    numbers_unprinted: tuple[str, ...] = ()
    is_of_several: bool = False

    @property
    def is_of_another(self) -> bool:
        """Whether the sentence is of another thing beyond doubt: one by another name or number, or of several together."""
        return bool(self.names_unprinted or self.numbers_unprinted) or self.is_of_several


def find_fulfilment(
    analysis: QuestionAnalysis, sentence: CandidateSentence, article: Article, archive: Archive
) -> Fulfilment:
    """Return how far a sentence fulfils the conditions of a Chinese question; of one of another thing, no more than that."""
    whole = f"{article.newspaper or ''}\n{article.title or ''}\n{article.text}"
    names = tuple(
        name.text for name in find_sorted_names(analysis.text) if not name.is_told_of(sentence.text, whole, archive)
    )
    numbers = _unprinted_numbers(analysis.text, f"{article.title or ''}\n{sentence.passage.text}", whole)
    answer = answer_of(sentence)
    if names or numbers or answer is None:
        return Fulfilment(names_unprinted=names, numbers_unprinted=numbers)
    return _held_against(analysis, state_answer(analysis, answer), sentence, archive)


def _held_against(
    analysis: QuestionAnalysis, statement: str, sentence: CandidateSentence, archive: Archive
) -> Fulfilment:
    """What the verifier makes of question and answer together, by the trial that least speaks against it."""
    text = f"{statement}。"
    if len(text) > MAX_STATEMENT_CHARACTERS:
        return Fulfilment(UNSTATED_ODDS)  # nobody's statement is as long
    trials = [
        (trial, _log_odds(tried.probability(trial))) for tried, trial in trials_beside(text, sentence.passage, archive)
    ]
    if not trials:
        return Fulfilment(UNSTATED_ODDS)
    trial, log_odds = min(trials, key=lambda one: (len(one[0].problems), -one[1]))
    problems = tuple(problem for problem in trial.problems if problem.partition(":")[2] in analysis.text)
    parsed = ParsedText(Claims(text, None, archive.lexicon))
    is_of_several = uncounted_owners(parsed, trial.evidence.places) > 0
    return Fulfilment(log_odds, problems, is_of_several=is_of_several)


def _log_odds(probability: float) -> float:
    bounded = min(max(probability, 1e-6), 1 - 1e-6)
    return float(np.clip(np.log(bounded / (1 - bounded)), -MAX_STATEMENT_ODDS, MAX_STATEMENT_ODDS))


def answer_of(sentence: CandidateSentence) -> str | None:
    """Return what in a sentence answers: its best span where the reader sees the answer too, else what the reader sees."""
    seen = sentence.answer_span
    spans = sorted(sentence.spans, key=lambda span: (-span.strength, -_shared(seen, (span.start, span.end))))
    if spans and (seen is None or _shared(seen, (spans[0].start, spans[0].end)) or spans[0].strength >= 0.9):
        return sentence.text[spans[0].start : spans[0].end]
    return sentence.text[seen[0] : seen[1]] if seen else None


def _shared(one: tuple[int, int] | None, other: tuple[int, int]) -> int:
    return max(0, min(one[1], other[1]) - max(one[0], other[0])) if one else 0


def _unprinted_numbers(question: str, printed: str, whole: str) -> tuple[str, ...]:
    """The numbers of things that a question has, and a passage has not: but others of the kind, or nor has its article."""
    # The first one may be printed as 首次.
    numbers = [figure for figure in _figures(question) if figure.unit in _NUMBERING and figure.amount != 1]
    found = _figures(printed) if numbers else []
    lacking = [number for number in numbers if not any(number.equals(other) for other in found)]
    everywhere = _figures(whole) if lacking else []
    return tuple(
        number.text
        for number in lacking
        if any(other.unit == number.unit and _measure(other) == _measure(number) for other in found)
        or not any(number.equals(other) for other in everywhere)
    )


def _measure(figure: Figure) -> str:
    """What a figure numbers: 届, 号线."""
    return figure.text.lstrip("第0123456789零一二三四五六七八九十百")


def _figures(text: str) -> list[Figure]:
    return find_figures(text, [(date.start, date.end) for date in find_dates(text, None)])


@dataclass(frozen=True, slots=True)
class SortedName:
    """A name that ends in the sort of what it names: 丰台南站, 西罗园街道.

    Args:
        words: that it consists of, with their parts of speech.
    """

    words: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        """The name as it stands in the question."""
        return "".join(word for word, _tag in self.words)

    @property
    def spellings(self) -> Iterator[str]:
        """What it is called too: without the places before it, a division without its sort."""
        places = next((n for n, (_text, tag) in enumerate(self.words[:-1]) if tag != _OF_PLACES), len(self.words) - 1)
        for first in range(places + 1):
            name = normalise("".join(text for text, _tag in self.words[first:]))
            if not _sort_of(name):  # 街道 alone
                continue
            yield name
            division = max((sort for sort in divisions("local") if name.endswith(sort)), key=len, default="")
            if division and len(name) - len(division) >= MIN_NAME:
                yield name[: -len(division)]

    def is_told_of(self, sentence: str, article: str, archive: Archive) -> bool:
        """Whether a sentence of an article may be on what is so called: the article has the name, and it is not on the whole."""
        if not self.is_printed(article, archive):
            return False
        is_part = any(self.text.endswith(sort) for sort in divisions("local")) and not archive.is_home(self.text)
        return not (is_part and _OF_THE_WHOLE.search(sentence)) or self.is_printed(sentence, archive)

    def is_printed(self, text: str, archive: Archive) -> bool:
        """Whether a text has the name; the archive's own district goes without saying."""
        folded = normalise(text)
        return any(name in folded for name in self.spellings) or archive.is_home(self.text)


def find_sorted_names(question: str) -> list[SortedName]:
    """Return the names in a Chinese question that end in the sort of what they name."""
    found: list[SortedName] = []
    run: list[tuple[str, str]] = []
    for text, tag in [*tag_words(question), ("", "")]:
        if _IN_NAMES.match(tag) and not ASKING_WORDS.search(text):
            run.append((text, tag))
            continue
        while run and not _sort_of(normalise("".join(word for word, _tag in run[-LONGEST_SORT:]))):
            run.pop()
        if run and not _is_bare_sort(run):
            found.append(SortedName(tuple(run)))
        run = []
    return found


def _sort_of(name: str) -> str:
    """The longest sort that the name ends in; empty where there is none."""
    sort = max((sort for sort in _TELLS_APART if name.endswith(sort) and name != sort), key=len, default="")
    return "" if name.endswith("网站") else sort


def _is_bare_sort(words: Sequence[tuple[str, str]]) -> bool:
    """Whether it only says of which sort something is: 城市, 省市."""
    name = "".join(text for text, _tag in words)
    return len(words) == 1 and len(name) - len(_sort_of(name)) < MIN_NAME and words[0][1] not in ("ns", "nt", "nz")
