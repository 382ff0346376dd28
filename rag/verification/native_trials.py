"""A statement in the language of the passages, tried against them word by word and clause by clause."""

import re
from collections.abc import Callable, Iterator, Sequence

from index.language.normalise import normalise, simplify
from index.language.terms import is_character_term
from index.records import PartialDate
from rag.verification.agents import find_borrowed_subjects
from rag.verification.alignment import Alignment, Evidence, Float64, Place, presences, word_weights
from rag.verification.archive import Archive
from rag.verification.bindings import figure_bindings
from rag.verification.check_modality import find_modality_changes
from rag.verification.check_rows import find_other_cells
from rag.verification.claims import Claims, fold
from rag.verification.comparison import Comparison, TotalWeight, weight_of_distinct
from rag.verification.computed import Derivation, derive_figures
from rag.verification.judgement import UNREAD, BearsOut, Judge, decide_support, support_probability
from rag.verification.passages import Source
from rag.verification.statements import ModelStatement
from rag.verification.support import find_problems, is_doubt
from rag.verification.trials import (
    MAX_QUOTES,
    MIN_COVERED,
    MIN_PRESENCE,
    Trial,
    context_of,
    read_by,
    readings_of,
    with_sentence,
    with_terms,
    words_of,
    worth_trying,
)
from rag.verification.words import ParsedText, Word

_LATIN = re.compile(r"(?<![a-z\d])(?<!\d )[a-z]{2,}(?![a-z\d])")
MIN_SHARE_OF_CLAUSE = 0.65
"""Share of a clause's words from which on a passage speaks of what the clause speaks of."""


class NativeTrials:
    """A statement in the language of the passages.

    Args:
        draft: the statement.
        sources: those passages.
        archive: what is known besides.
    """

    kind = "native"

    def __init__(self, draft: ModelStatement, sources: Sequence[Source], archive: Archive) -> None:
        self._draft, self._sources, self._archive = draft, sources, archive
        self._parsed: dict[PartialDate | None, ParsedText] = {}
        self._words = self._statement(sources[0].date).words
        self._weights = word_weights(self._words, archive.lexical.idf)
        self._unprinted = tuple(f"name_not_in_passage:{word}" for word in self._unknown_words())
        self._alignment = Alignment(self._weights, sources, draft.markers, self._presence)

    def run(self) -> Iterator[Trial]:
        """Yield what the rules say of the best sentences of single passages, and of several."""
        if not len(self._weights):
            return
        statement = self._statement(self._sources[0].date)
        together = len(statement.clauses) > 1 or len(statement.claims.figures) > 1 or len(statement.claims.days) > 1
        for evidence in worth_trying(self._alignment, self._completed, self._sources, MIN_COVERED, together=together):
            trial = self._try(evidence)
            if len(trial.quotes) <= MAX_QUOTES:
                yield trial

    def features(self, trial: Trial) -> Float64:
        """Return what the learnt judgement looks at; see rag.verification.judgement."""
        return self._features(trial, read_by(*self._asked(trial)))

    def probability(self, trial: Trial) -> float:
        """How likely the sentences are to support the statement; of English ones on English passages, how much they have."""
        if self._sources[0].language == "en":
            return float(trial.evidence.covered @ self._weights) / self._alignment.total
        return support_probability(self.features(trial), self.kind)

    def probability_about(self, trial: Trial, least: float) -> float:
        """The same, exact only where it is near a bar; see decide_support."""
        if self._sources[0].language == "en":
            return self.probability(trial)
        return decide_support(self._features(trial, UNREAD), self.kind, readings_of(*self._asked(trial)), least)

    def _features(self, trial: Trial, read: tuple[float, float]) -> Float64:
        statement = self._statement(trial.evidence.places[0].source.date)
        judge = Judge(statement, self._words, self._alignment, trial.evidence, trial.computed)
        return judge.features([source.parsed for source in self._sources], trial.doubts, read)

    def _asked(self, trial: Trial) -> tuple[BearsOut | None, str, Evidence]:
        statement = self._statement(trial.evidence.places[0].source.date)
        return self._archive.bears_out, self._as_read(statement, trial.evidence), trial.evidence

    def _statement(self, date: PartialDate | None) -> ParsedText:
        """The statement, its days counted from a date."""
        if date not in self._parsed:
            self._parsed[date] = ParsedText(Claims(self._draft.claim, date, self._archive.lexicon))
        return self._parsed[date]

    def _presence(self, place: Place) -> list[float]:
        days = {day.start: day for day in self._statement(place.source.date).claims.days}
        words = [word.on(days.get(word.start)) if word.days else word for word in self._words]
        return presences(words, *place.source.sentence(place.sentence))

    def _completed(self, evidence: Evidence, sources: Sequence[Source]) -> Evidence:
        """The sentences with those that have what they lack: a figure, a date, a person or place named before them."""
        claims = self._statement(evidence.places[0].source.date).claims
        for word, share in zip(self._words, evidence.covered, strict=True):
            if word.kind != "word" and share < MIN_PRESENCE:
                evidence = with_sentence(self._alignment, evidence, sources, _has_value(word))
        missing = {
            word.start
            for word, share in zip(self._words, evidence.covered, strict=True)
            if word.figure and share < MIN_PRESENCE
        }
        evidence = with_terms(self._alignment, evidence, sources, missing, self._derive)
        for name in dict.fromkeys(name.text for name in claims.people_and_places):
            told = any(map(_has_name(name), evidence.places))
            if not told and not self._archive.is_home(name):
                evidence = with_sentence(self._alignment, evidence, sources, _has_name(name))
        return evidence

    def _try(self, evidence: Evidence) -> Trial:
        derived = self._derive(evidence)
        problems = [*self._unprinted, *self._problems(evidence, frozenset(one.figure.start for one in derived))]
        statement = self._statement(evidence.places[0].source.date)
        problems += [f"said_otherwise:{words}" for words in find_modality_changes(statement, evidence.places)]
        problems += find_other_cells(statement, evidence.places)
        problems += [f"deed_of_another:{subject}" for subject in find_borrowed_subjects(statement, evidence.places)]
        # Told of another thing by the words around it and by the word beside it: that is no doubt any more.
        bound = {figure.text for figure in figure_bindings(statement, evidence.places)[0]}
        elsewhere = [problem for problem in problems if problem.startswith("figure_of_something_else:")]
        problems += [
            f"figure_of_another:{words}" for words in bound if f"figure_of_something_else:{words}" in elsewhere
        ]
        # Told by several passages, or in English, a doubt is too much: nothing was learnt of those.
        is_learnt = self._sources[0].language == "zh" and len(evidence.sources) == 1
        certain = tuple(problem for problem in problems if not (is_learnt and is_doubt(problem)))
        return Trial(evidence, certain, tuple(filter(is_doubt, problems)), derived)

    def _unknown_words(self) -> list[str]:
        """Words in Latin letters of a Chinese statement that nothing in the archive has; those behind a figure are units."""
        if self._sources[0].language != "zh":
            return []
        words = list(dict.fromkeys(match.group() for match in _LATIN.finditer(normalise(self._draft.claim))))
        known = self._archive.lexical.known(words) if words else ()
        return [word for word, is_known in zip(words, known, strict=True) if not is_known]

    def _derive(self, evidence: Evidence) -> tuple[Derivation, ...]:
        """The figures of the statement that follow from those of the sentences."""
        values = [place.source.sentence(place.sentence) for place in evidence.places]
        figures = [figure for _text, found, _days in values for figure in found]
        printed = [day for _text, _figures, found in values for day in found]
        claims = self._statement(evidence.places[0].source.date).claims
        known = [day for day in claims.days if any(day.covers(other) for other in printed)]
        return tuple(derive_figures(claims, figures, [*printed, *known]))

    def _problems(self, evidence: Evidence, computed: frozenset[int]) -> list[str]:
        """What stands against the statement; where it stands on several passages, each clause must stand on one of them."""
        sources = evidence.sources
        if len(sources) == 1:
            return self._held_against(self._statement(sources[0].date).claims, sources[0], evidence, computed)
        problems: list[str] = []
        for text in self._clauses(evidence.places[0].source.date):
            found = {
                source: self._held_against(Claims(text, source.date, self._archive.lexicon), source, evidence)
                for source in sources
            }
            on_it = [source for source in sources if self._share_of(text, source, evidence) >= MIN_SHARE_OF_CLAUSE]
            # Several that speak of the same thing may each have a figure of it: 由658家增至1043家.
            if len(on_it) > 1:
                problems += [one for one in found[on_it[0]] if all(_is_among(one, found[other]) for other in on_it[1:])]
            else:
                least = min(found.values(), key=_gravity)
                problems += least
        return [problem for problem in dict.fromkeys(problems) if not self._is_computed(problem, computed)]

    def _share_of(self, text: str, source: Source, evidence: Evidence) -> float:
        """The share of a clause's words, figures and dates left out, that the sentences of a passage have."""
        told = "\n".join(place.text for place in evidence.places if place.source is source) + (
            source.passage.title or ""
        )
        words = [word for word in self._words if word.kind == "word" and word.key in text]
        return sum(word.key in told for word in words) / len(words) if words else 0.0

    def _is_computed(self, problem: str, computed: frozenset[int]) -> bool:
        """Whether a problem is about a figure that follows from others."""
        figures = self._statement(self._sources[0].date).claims.figures
        words = problem.partition(":")[2]
        return any(figure.text == words and figure.start in computed for figure in figures)

    def _clauses(self, date: PartialDate | None) -> Iterator[str]:
        """The statement's clauses, each with its subject and the date that it leaves to a clause before it."""
        statement = self._statement(date)
        days = statement.claims.days
        for clause in statement.clauses:
            text = statement.text[clause.start : clause.end]
            subject = clause.subject
            named = "" if clause.has_own or not subject else statement.text[subject[0].start : subject[-1].end]
            before = [day for day in days if day.start < clause.start]
            is_dated = any(clause.start <= day.start < clause.end for day in days)
            dated = statement.text[before[-1].start : before[-1].end] if before and not is_dated else ""
            if any(character.isalnum() for character in text):
                yield dated + named + text

    def _held_against(
        self, claims: Claims, source: Source, evidence: Evidence, computed: frozenset[int] = frozenset()
    ) -> list[str]:
        pair = Comparison(
            claims,
            context_of(source, evidence),
            self._total_weight(claims),
            same_language=True,
            is_home=self._archive.is_home,
            computed=computed,
        )
        return find_problems(pair)

    def _total_weight(self, claims: Claims) -> TotalWeight:
        terms = sorted(claims.terms())
        lexical = self._archive.lexical
        # A pair of characters that the archive never has tells how the statement is put, not what it says.
        weights = zip(terms, map(float, lexical.idf(terms)), map(bool, lexical.known(terms)), strict=True)
        return weight_of_distinct(
            {term: weight for term, weight, is_known in weights if is_known or not is_character_term(term)}
        )

    def _as_read(self, statement: ParsedText, evidence: Evidence) -> str:
        """The statement as the reader sees it: in simplified characters, its dates as the sentences print them.

        Dates that they leave to the date line are left out; rules have compared those.
        """
        told = "\n".join(place.text for place in evidence.places)
        printed = [
            (day, place.source.claims.text[day.start : day.end])
            for place in evidence.places
            for day in place.source.sentence(place.sentence)[2]
        ]
        text = list(statement.text)
        for day in statement.claims.days:
            words = statement.text[day.start : day.end]
            if words not in told:
                same = (other for known, other in printed if (known.first, known.last) == (day.first, day.last))
                text[day.start : day.end] = [next(same, ""), *[""] * (day.end - day.start - 1)]
        return simplify("".join(text)).lstrip("，,、的于在至到截 ")


def _is_among(problem: str, problems: Sequence[str]) -> bool:
    """Whether problems have one about the same words."""
    return words_of(problem) in map(words_of, problems)


def _gravity(problems: Sequence[str]) -> tuple[int, int]:
    """How many problems are certain, and how many there are."""
    return sum(not is_doubt(problem) for problem in problems), len(problems)


def _has_value(word: Word) -> Callable[[Place], bool]:
    return lambda place: presences([word], *place.source.sentence(place.sentence)) == [1.0]


def _has_name(name: str) -> Callable[[Place], bool]:
    folded = fold(name)
    return lambda place: folded in place.source.parsed.bare_sentences[place.sentence]
