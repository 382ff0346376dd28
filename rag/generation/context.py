"""What was found → the passages of the prompt: of fewer articles, and more of each.

    what was found for each part ─ distance behind its best ─► hits, the far ones left out, best first
        ─► each gets its place ─► the text around them, article by article in turn ─► Passages, numbered

A passage of the prompt is a stretch of an article, all of it where it fits: what 他 and 该项目 mean, the rest of a list and
the day of an event stand beside the chunk that was found. It is paid for by filler, which only came next after what is right
(rag/decisions/0042).
"""

import math
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from index.language.memo import memoise_text
from index.language.sentences import split_sentences
from index.language.token_count import count_tokens
from index.provenance import find_place
from index.records import Article
from rag.evidence.grounding import GroundedPart, Grounding
from rag.records import Passage
from rag.retrieval.reading import ODDS_WEIGHT

FAR = 8.0
"""Log odds behind the best passage beyond which one is filler. Within are .99 of the articles with evidence of the development
questions, .96 of those of questions that once failed: rag/decisions/0042."""
EVIDENT_SHARE = 0.1
"""Share of a sentence in all that may answer from which on its passage counts for the best, wherever it was ranked."""
SLACK_TOKENS = 24
"""Kept free: sentences together can have some tokens more than each for itself."""
_SPACE = re.compile(r"\s*")
_tokens_of = memoise_text(count_tokens)
OverheadOf = Callable[[Passage], int]
"""Passage → tokens of what stands around its text in the prompt: number, date, title."""


@dataclass(frozen=True, slots=True)
class _Hit:
    """A passage that was found.

    Args:
        distance: log odds behind the best one of its part; 0 where it has a sentence that may well answer.
        share: of its best sentence in all that may answer.
    """

    passage: Passage
    distance: float
    share: float = 0.0


class _Excerpt:
    """An article, cut into sentences, and those of them that are in the prompt.

    Args:
        hits: what was found of it, best first.
    """

    def __init__(self, article: Article, hits: Sequence[_Hit]) -> None:
        self.article = article
        self.distance = hits[0].distance
        self.tokens = 0
        self.placed: list[_Hit] = []
        places = {place for span in split_sentences(article.text) for place in span} | {0}
        places |= {place for hit in hits for place in (hit.passage.start, hit.passage.end)}
        self._cuts = sorted({_past_space(article.text, place) for place in places})
        self._taken = [False] * (len(self._cuts) - 1)

    def pieces_of(self, passage: Passage) -> range:
        """The sentences that a passage consists of."""
        start, end = (_past_space(self.article.text, place) for place in (passage.start, passage.end))
        return range(bisect_left(self._cuts, start), bisect_left(self._cuts, end))

    def touches(self, pieces: range) -> bool:
        """Whether they stand beside what is in the prompt."""
        return any(self._taken[max(0, pieces.start - 1) : pieces.stop + 1])

    def count_tokens(self, pieces: range) -> int:
        """Those of sentences, each for itself."""
        text, cuts = self.article.text, self._cuts
        return sum(_tokens_of(text[cuts[piece] : cuts[piece + 1]]) for piece in pieces)

    def take(self, pieces: range, tokens: int) -> None:
        """Put sentences into the prompt."""
        self._taken[pieces.start : pieces.stop] = [True] * len(pieces)
        self.tokens += tokens

    def around(self) -> Iterator[range]:
        """The sentences that are not in the prompt, one by one: nearest to a hit first, what follows it before what precedes."""
        spans = [(hit.passage.start, hit.passage.end) for hit in self.placed]
        missing = [piece for piece, taken in enumerate(self._taken) if not taken]
        missing.sort(key=lambda piece: min(self._away(piece, *span) for span in spans))
        yield from (range(piece, piece + 1) for piece in missing)

    def passages(self) -> Iterator[Passage]:
        """The stretches of sentences in the prompt, each as its best hit widened."""
        for taken, run in groupby(range(len(self._taken)), key=self._taken.__getitem__):
            pieces = list(run)
            if taken:
                start, end = self._cuts[pieces[0]], self._cuts[pieces[-1] + 1]
                best = next(hit for hit in self.placed if start <= hit.passage.start < end)
                yield _stretched(best.passage, self.article, start, end)

    def _away(self, piece: int, start: int, end: int) -> tuple[int, bool]:
        is_before = self._cuts[piece] < start
        return (start - self._cuts[piece + 1] if is_before else self._cuts[piece] - end), is_before


def choose_context(grounding: Grounding, budget_tokens: int, overhead_of: OverheadOf) -> tuple[Passage, ...]:
    """Return the passages to answer from, best first and numbered, not more than were found for the whole question.

    Of each, `article.text[start:end] == text`; chunk and scores are those of the best that was found in it. No two overlap. The
    best chunk is among them however long it is, all else only within the budget.

    Args:
        budget_tokens: for all of them, with what stands around them.
    """
    articles, limit = grounding.retrieval.articles, len(grounding.retrieval.passages)
    excerpts: dict[str, _Excerpt] = {}
    hits = _hits_of(grounding)
    for hit in hits:
        article = articles[hit.passage.article_id]
        if article.id not in excerpts:
            excerpts[article.id] = _Excerpt(article, [one for one in hits if one.passage.article_id == article.id])
    left, opened = budget_tokens - SLACK_TOKENS, 0
    for hit in hits:
        excerpt = excerpts[hit.passage.article_id]
        pieces = excerpt.pieces_of(hit.passage)
        opens = not excerpt.touches(pieces)
        tokens = excerpt.count_tokens(pieces) + (overhead_of(hit.passage) if opens else 0)
        if not opened or (tokens <= left and opened + opens <= limit):
            excerpt.placed.append(hit)
            excerpt.take(pieces, tokens)
            left -= tokens
            opened += opens
    shown = [excerpt for excerpt in excerpts.values() if excerpt.placed]
    _widen(shown, left)
    order = {hit.passage.chunk_id: place for place, hit in enumerate(hits)}
    passages = [passage for excerpt in shown for passage in excerpt.passages()]
    passages.sort(key=lambda passage: order[passage.chunk_id])
    return tuple(replace(passage, rank=rank) for rank, passage in enumerate(passages, 1))


def _hits_of(grounding: Grounding) -> list[_Hit]:
    """What was found for any part of the question, best first; filler is left out.

    What only the whole of a question of several parts has found comes last: its scores are of another question.
    """
    found: dict[str, _Hit] = {}
    for part in grounding.parts:
        for hit in _hits_of_part(part):
            known = found.get(hit.passage.chunk_id)
            if known is None or (hit.distance, -hit.share) < (known.distance, -known.share):
                found[hit.passage.chunk_id] = hit
    for passage in grounding.retrieval.passages:
        found.setdefault(passage.chunk_id, _Hit(passage, FAR))
    near = [hit for hit in found.values() if hit.distance <= FAR]
    return sorted(near, key=lambda hit: (hit.distance, -hit.share))


def _hits_of_part(part: GroundedPart) -> Iterator[_Hit]:
    passages, readings = part.retrieval.passages, part.retrieval.readings
    shares: dict[str, float] = {}
    for sentence in part.decision.evidence:
        chunk = sentence.passage.chunk_id
        shares[chunk] = max(sentence.share, shares.get(chunk, 0.0))
    # One that was not read comes behind those that were: it is taken for as unlikely as the least of them.
    least = min((reading.odds for reading in readings.values()), default=0.0)
    odds = {chunk: reading.odds for chunk, reading in readings.items()}
    strengths = [passage.score + ODDS_WEIGHT * odds.get(passage.chunk_id, least) for passage in passages]
    for passage, strength in zip(passages, strengths, strict=True):
        share = shares.get(passage.chunk_id, 0.0)
        yield _Hit(passage, 0.0 if share >= EVIDENT_SHARE else max(strengths) - strength, share)


def _widen(excerpts: Sequence[_Excerpt], left: int) -> None:
    """Take what stands around the hits, sentence by sentence, where least was taken before, until all is there or the budget used.

    So no long article takes what a second one needs; what a farther one may take at all is less.
    """
    budget = left + sum(excerpt.tokens for excerpt in excerpts)
    growing = {excerpt: excerpt.around() for excerpt in excerpts}
    while growing:
        excerpt = min(growing, key=lambda each: each.tokens / _weight(each))
        pieces = next(growing[excerpt], None)
        if pieces is None or excerpt.tokens > budget * _weight(excerpt):
            del growing[excerpt]
        elif excerpt.touches(pieces) and (tokens := excerpt.count_tokens(pieces)) <= left:
            excerpt.take(pieces, tokens)
            left -= tokens


def _weight(excerpt: _Excerpt) -> float:
    """The share of the budget that an article may take: all of it where it is among the best, less the farther it is behind.

    A fourth of the log odds, since the articles that tell the rest of a story are up to FAR behind the one that tells most.
    """
    return math.exp(-excerpt.distance / 4)


def _stretched(passage: Passage, article: Article, start: int, end: int) -> Passage:
    text = article.text[start:end].rstrip()
    place = find_place(article, start, start + len(text))
    return replace(
        passage,
        source=place.source,
        page=place.page,
        url=article.url if place.source == article.source else None,
        text=text,
        start=start,
        end=start + len(text),
    )


def _past_space(text: str, place: int) -> int:
    """The place, or where white space that begins there ends."""
    space = _SPACE.match(text, place)
    return space.end() if space else place
