"""How likely sentences are to support a statement: features of both laid side by side, and a logistic regression over them.

Learnt by tests/training/train_support.py on statements written for the purpose, right ones and such as differ in one thing.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from rag.retrieval.linear_model import read_logistic
from rag.verification.agents import find_other_agents
from rag.verification.alignment import MAX_SLIPS, Alignment, Evidence, Float64, best_together, presences
from rag.verification.bindings import figure_bindings, held_offices, uncounted_owners, unlisted_members
from rag.verification.check_marks import MARKS, compare_marks
from rag.verification.cross_language import CROSS_LANGUAGE_FEATURES
from rag.verification.support import DOUBTS
from rag.verification.words import Clause, ParsedText, Word

BearsOut = Callable[[str, str], float]
"""(statement, quote) → log odds that the quote bears the statement out, as the reader has it."""
PRESENT = 0.9
MISSING = 0.4
"""Presence of a word from which on it stands there, and below which it does not."""
MIN_FIT = 0.4
"""Share of a clause's words from which on another clause says the same."""
MAX_READ_ODDS = 7.0
"""What the reader's log odds count at most, for or against; of 4,000 readings none was beyond 6.5."""
UNREAD = (0.0, 0.0)
"""What stands for the reader's log odds where it was not asked."""
CONTEXT_CHARACTERS = 120
"""Characters before the sentences that the reader sees with them."""
READ_CHARACTERS = 280
"""Characters that the reader sees of Chinese text beside a statement, about."""
_OF_WORDS = (
    "covered",  # share of the statement, by weight, that the sentences have
    "first_covered",  # … that the best of them has
    "sentences",
    "imported",  # share that only the rest of their passages has
    "absent",  # share that no passage has
    "nouns",  # share of its nouns that the sentences have
    "least_noun",
    "nouns_absent",
    "nouns_imported",
    "verbs",
    "verbs_absent",
    "days",  # share of its dates that the sentences state themselves
    "together_in_clause",  # share of the pairs of words of one clause that one clause of theirs has
    "together_with_subject",  # … with its subject
    "together_in_sentence",
    "loosest_word",  # the least share of a weighty word
    "least_clause",  # the least share that one clause of theirs has of a clause
    "order",  # share of the pairs that come in the same order
    "bigrams",
    "fourgrams",
    "name_margin",  # how much better a clause without a name fits what is said of it
    "other_subject",  # clauses whose subject is told of in other clauses than those that say the same
    "other_agents",  # whom it makes do what another does there
    "bound_elsewhere",  # figures that the sentences tell of something else
    "least_bound",
    "owners_uncounted",  # figures that the sentences tell of two or more together, and it of one
    "unlisted",  # members of lists that no sentence has
    "offices_held",
    "characters",
    "clauses",
    "words",
)
_OF_READER = ("borne_out", "borne_out_bare")
_OF_MARKS = (
    *(f"{how}_{kind}" for kind in MARKS for how in ("added", "far", "lost")),
    "other_superlative",
    "other_comparison",
    "other_scope",
)
SUPPORT_FEATURES = (*_OF_WORDS, *_OF_MARKS, *DOUBTS, *_OF_READER)


class Judge:
    """One statement beside the sentences chosen for it.

    Args:
        statement: taken apart.
        words: its words as they were aligned.
        alignment: of these.
        evidence: the sentences.
        computed: places of the figures that were computed from theirs.
    """

    def __init__(
        self,
        statement: ParsedText,
        words: Sequence[Word],
        alignment: Alignment,
        evidence: Evidence,
        computed: frozenset[int] = frozenset(),
    ) -> None:
        self._statement, self._weights, self._total = statement, alignment.weights, alignment.total
        self._words = words
        self._evidence = evidence
        self._derived = np.array([word.start in computed for word in words], bool)
        self._covered = np.where(self._derived, 1.0, evidence.covered)
        self._places = evidence.in_order()
        self._clauses = [
            (place.source.parsed, number)
            for place in self._places
            for number in place.source.parsed.clauses_of(place.sentence)
        ]
        numbered = enumerate(self._statement.clauses)
        self._clause_of = np.array([next((n for n, one in enumerate(self._statement.clauses) if one.start <= word.start < one.end), 0) for word in self._words])  # fmt: skip
        self._members = {number: np.flatnonzero(self._clause_of == number) for number, _clause in numbered}
        values = [parsed.values_of(parsed.clauses[number]) for parsed, number in self._clauses]
        self._in_clause = _table([presences(words, parsed.own[n], *value) for (parsed, n), value in zip(self._clauses, values, strict=True)], len(words))  # fmt: skip
        self._with_subject = _table([presences(words, parsed.reaches[n], *value) for (parsed, n), value in zip(self._clauses, values, strict=True)], len(words))  # fmt: skip
        self._in_sentence = _table([presences(words, *place.source.sentence(place.sentence)) for place in self._places], len(words))  # fmt: skip
        for table in (self._in_clause, self._with_subject, self._in_sentence):
            table[self._derived] = 1.0

    def features(self, sources: Sequence[ParsedText], doubts: Sequence[str], read: tuple[float, float]) -> Float64:
        """Return the features in the order of SUPPORT_FEATURES.

        Args:
            sources: all passages.
            doubts: problems that may be none.
            read: log odds that the reader gives the sentences, with what stands before them, and without.
        """
        kinds = Counter(doubt.partition(":")[0] for doubt in doubts)
        values = [
            *self._of_words(sources),
            *self._of_marks(),
            *(min(kinds[kind], MAX_SLIPS) for kind in DOUBTS),
            *read,
        ]
        return np.array(values, np.float64)

    def _of_words(self, sources: Sequence[ParsedText]) -> list[float]:
        words, covered = self._words, self._covered
        nouns = np.array([word.is_noun for word in words], bool)
        verbs = np.array([word.is_verb for word in words], bool)
        days = np.array([word.kind == "day" for word in words], bool)
        of_passages = self._found_in([place.source.parsed for place in self._places])
        anywhere = np.maximum(np.where(self._derived, 1.0, of_passages), self._found_in(sources))
        order, bigrams, fourgrams = self._as_printed()
        bound, least_bound = figure_bindings(self._statement, self._places)
        together, loosest = self._together(self._in_clause)
        return [
            self._share(covered),
            self._evidence.gains[0],
            len(self._places),
            self._share(np.maximum(of_passages - covered, 0)),
            self._share(1 - anywhere),
            self._mean(covered, nouns),
            float(covered[nouns].min()) if nouns.any() else 1.0,
            min(float((anywhere[nouns] < MISSING).sum()), MAX_SLIPS),
            min(float(((covered < MISSING) & nouns & (of_passages >= PRESENT)).sum()), MAX_SLIPS),
            self._mean(covered, verbs),
            min(float((anywhere[verbs] < MISSING).sum()), MAX_SLIPS),
            self._mean(covered, days),
            together,
            self._together(self._with_subject)[0],
            self._together(self._in_sentence)[0],
            loosest,
            min(
                (float(self._fit(number).max()) for number in self._members if len(self._members[number])), default=1.0
            ),
            order,
            bigrams,
            fourgrams,
            self._name_margin(),
            min(self._other_subjects(), MAX_SLIPS),
            min(len(set(find_other_agents(self._statement, self._places))), MAX_SLIPS),
            min(len(bound), MAX_SLIPS),
            least_bound,
            min(uncounted_owners(self._statement, self._places), MAX_SLIPS),
            min(len(unlisted_members(self._statement, self._places)), MAX_SLIPS),
            min(held_offices(self._statement, self._places), MAX_SLIPS),
            len(self._statement.text) / 50,
            len(self._statement.clauses),
            min(len(words), 20) / 10,
        ]

    def _of_marks(self) -> list[float]:
        near = {int(self._fit(number, alone=True).argmax()) for number, own in self._members.items() if len(own)}
        told = [self._clauses[number] for number in sorted(near)]
        beside = "\n".join(parsed.text[parsed.clauses[n].start : parsed.clauses[n].end] for parsed, n in told)
        found = compare_marks(self._statement.text, beside, "\n".join(place.text for place in self._places))
        return [found[name] for name in _OF_MARKS]

    def _share(self, values: Float64) -> float:
        return float(values @ self._weights) / self._total

    def _mean(self, values: Float64, of: np.typing.NDArray[np.bool_]) -> float:
        return float(values[of] @ self._weights[of] / self._weights[of].sum()) if of.any() else 1.0

    def _found_in(self, texts: Sequence[ParsedText]) -> Float64:
        rows = [
            presences(self._words, text.folded, text.claims.figures, text.claims.days) for text in dict.fromkeys(texts)
        ]
        return np.asarray(np.array(rows).max(axis=0), np.float64)

    def _fit(self, number: int, *, alone: bool = False) -> Float64:
        """(clauses,) how much of a clause of the statement each clause of the sentences has."""
        own = self._members[number]
        weights = self._weights[own]
        table = self._in_clause if alone else self._with_subject
        return np.asarray(weights @ table[own] / (weights.sum() or 1.0), np.float64)

    def _together(self, table: Float64) -> tuple[float, float]:
        """Share of the pairs of words of one clause that stand in one column, and the least share of a weighty word."""
        both = best_together(table)
        weights = np.outer(self._weights, self._weights) * (self._clause_of[:, None] == self._clause_of[None, :])
        np.fill_diagonal(weights, 0.0)
        sums = weights.sum(axis=1)
        if not sums.any():
            return 1.0, 1.0
        shares = (both * weights).sum(axis=1) / np.maximum(sums, 1e-9)
        weighty = (self._weights >= self._weights.max() / 2) & (sums > 0)
        return float((both * weights).sum() / weights.sum()), float(shares[weighty].min()) if weighty.any() else 1.0

    def _as_printed(self) -> tuple[float, float, float]:
        """Shares of pairs in the same order, and of the statement's bigrams and fourgrams, that the sentences have."""
        said = "".join(filter(str.isalnum, self._statement.folded))
        told = "\n".join(place.source.parsed.folded_sentences[place.sentence] for place in self._places)
        at = [told.find(word.key) if word.kind == "word" else -1 for word in self._words]
        pairs = [
            at[one] <= at[other]
            for other in range(len(at))
            for one in range(other)
            if at[one] >= 0 <= at[other] and self._clause_of[one] == self._clause_of[other]
        ]
        bare = "".join(filter(str.isalnum, told))
        grams = [[said[place : place + size] in bare for place in range(len(said) - size + 1)] for size in (2, 4)]
        order, bigrams, fourgrams = (sum(found) / len(found) if found else 1.0 for found in (pairs, *grams))
        return order, bigrams, fourgrams

    def _name_margin(self) -> float:
        """How much better a clause without a name fits what the statement says of it than the best one with it."""
        margin = 0.0
        names = [
            n for n, word in enumerate(self._words) if word.kind == "word" and word.tag[:2] in ("nr", "ns", "nt", "nz")
        ]
        for name in names:
            rest = np.setdiff1d(self._members[self._clause_of[name]], names)
            if not len(rest):
                continue
            fit = self._weights[rest] @ self._with_subject[rest] / self._weights[rest].sum()
            has = self._with_subject[name] >= PRESENT
            margin = max(margin, float(fit.max() - (fit[has].max() if has.any() else 0.0)))
        return margin

    def _other_subjects(self) -> int:
        """Clauses of which another clause says the same of somebody else, while their subject does other things there."""
        return sum(self._has_other_subject(number, clause) for number, clause in enumerate(self._statement.clauses))

    def _has_other_subject(self, number: int, clause: Clause) -> bool:
        subject = [word.key for word in clause.subject]
        said = [int(n) for n in self._members[number] if self._words[int(n)].key not in subject]
        if not (subject and said):
            return False
        fit = self._weights[said] @ self._in_clause[said] / self._weights[said].sum()
        best = int(fit.argmax())
        parsed, place = self._clauses[best]
        reach = parsed.reaches[place]
        if fit[best] < MIN_FIT or sum(key in reach for key in subject) * 2 >= len(subject):
            return False
        if not parsed.clauses[place].subject:
            return False
        return any(not one.source.parsed.subjects.isdisjoint(subject) for one in self._places)


def bare_and_with_context(evidence: Evidence) -> tuple[str, str]:
    """Return the sentences as the reader sees them: with what stands before the first of them, and alone."""
    places = evidence.in_order()
    bare = "\n".join(place.text.strip() for place in places)
    room = min(CONTEXT_CHARACTERS, max(0, READ_CHARACTERS - len(bare)))
    start = places[0].span[0]
    return places[0].source.said.text[max(0, start - room) : start] + bare, bare


def support_probability(features: Float64, kind: str) -> float:
    """Return how likely the sentences are to support the statement, 0 to 1.

    Args:
        kind: "native", of SUPPORT_FEATURES, or "foreign", of CROSS_LANGUAGE_FEATURES.
    """
    names = SUPPORT_FEATURES if kind == "native" else CROSS_LANGUAGE_FEATURES
    return float(1 / (1 + np.exp(-(np.append(features, 1.0) @ read_logistic(__package__, kind, names)))))


def decide_support(features: Float64, kind: str, readings: Mapping[str, Callable[[], float]], least: float) -> float:
    """Return how likely the sentences are to support the statement, exact where that is near a bar.

    A reading takes a twentieth of a second of a core, and most statements need one or none: the reader is asked only while what it
    says could still take the probability across the bar.

    Args:
        features: with nought for what the reader says.
        kind: see `support_probability`.
        readings: name of feature → what asks the reader for its log odds, in the order in which they are asked for.
        least: the bar.
    """
    names = SUPPORT_FEATURES if kind == "native" else CROSS_LANGUAGE_FEATURES
    weights = read_logistic(__package__, kind, names)
    log_odds, needed = float(np.append(features, 1.0) @ weights), float(np.log(least / (1 - least)))
    open_to = MAX_READ_ODDS * sum(abs(weights[names.index(name)]) for name in readings)
    for name, read in readings.items():
        if abs(log_odds - needed) > open_to:
            break
        weight = weights[names.index(name)]
        log_odds += weight * min(max(read(), -MAX_READ_ODDS), MAX_READ_ODDS)
        open_to -= MAX_READ_ODDS * abs(weight)
    return float(1 / (1 + np.exp(-log_odds)))


def _table(columns: Sequence[Sequence[float]], words: int) -> Float64:
    """(words, columns)."""
    return np.array(columns, np.float64).T if columns else np.zeros((words, 1))
