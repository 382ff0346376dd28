"""A completion's statements → verified citations, or why not. No second LLM call, no trust in the first.

A statement may leave the service when one sentence, or a few that follow each other, of a retrieved passage says
it: every figure of the statement stands in that quote, and the quote has enough of its terms. The quote is the
passage's own characters.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.lexical import LexicalIndex
from index.records import Article
from index.sentences import split_sentences
from index.terms import extract_terms, normalise
from rag.place import Place, find_place
from rag.question import detect_language
from rag.records import Citation, Passage

MIN_SHARED = 0.5
"""Share of a statement's terms, weighted by idf, that its quote must have: a paraphrase keeps its nouns."""
LONGEST_QUOTE = 3
"""Sentences that may be joined into one quote."""

_NUMBERS = r"\d{1,3}(?:\s*[,，、;；~～–-]\s*\d{1,3})*"
_MARKER = re.compile(
    rf"[\[［【]+\s*\^?(?:(?:ID|片段|资料|passages?|sources?)\s*[:：#]?\s*)?({_NUMBERS})\s*[\]］】]+", re.IGNORECASE
)
_MARKERS = re.compile(rf"{_MARKER.pattern}(?:\s*[、,，]\s*{_MARKER.pattern})*", re.IGNORECASE)
_OPEN = re.compile(r"[\[［【][^\]］】]{0,40}$")
_RANGE = re.compile(r"(\d+)\s*[~～–-]\s*(\d+)")
_ENUMERATOR = re.compile(r"\s*(?:[-*•·]\s*)?(?:\d{1,2}[.)、）]|[（(]\d{1,2}[）)])\s*(?!\d)")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*%?")
# A Latin full stop ends a statement unless it belongs to a figure, to an ellipsis or to the number of a list's item.
_DONE = re.compile(
    r"[。！？!?；;]|\n|(?:(?<=[^\d\s.][^\s.])|(?<=[%\]］】])|(?<=\d{3})|(?<=\S \d\d)|(?<=\S \d)|(?<=\d\.\d))\.(?=\s|$|[\[［【])"
)


@dataclass(frozen=True, slots=True)
class Draft:
    """One statement of a completion before verification.

    Args:
        text: without its markers, ends trimmed.
        markers: passage numbers it points to, ascending.
        tail: white space that followed it (a line break is kept as one).
    """

    text: str
    markers: tuple[int, ...]
    tail: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim stretch of a passage: `article.text[start:end] == text`."""

    passage: Passage
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a draft is supported: by `quote`, or not because of `problems`."""

    quote: Quote | None
    problems: tuple[str, ...] = ()


class StatementSplitter:
    """Cuts a stream of text into statements as they are completed.

    A statement is complete when its sentence has ended and something other than a marker follows.
    """

    def __init__(self) -> None:
        self._buffer = ""

    def feed(self, piece: str) -> Iterator[Draft]:
        """Take the next piece of the completion and yield the statements that it completes."""
        self._buffer += piece
        while (cut := self._find_cut()) is not None:
            done, self._buffer = self._buffer[:cut], self._buffer[cut:]
            yield from _drafts(done)

    def finish(self) -> Iterator[Draft]:
        """Yield what is left."""
        done, self._buffer = self._buffer, ""
        yield from _drafts(done)

    def _find_cut(self) -> int | None:
        for match in _DONE.finditer(self._buffer):
            if match.group() in ";；" and _OPEN.search(self._buffer, 0, match.start()):
                continue  # it separates two numbers of a marker
            place = match.end()
            while True:
                follow = re.match(r"[\s”’\"』」）)]*", self._buffer[place:])
                assert follow is not None
                marker = _MARKER.match(self._buffer, place + follow.end())
                if not marker:
                    break
                place = marker.end()
            rest = self._buffer[place:].lstrip()
            if _OPEN.match(rest):
                return None  # may still become a marker of this statement
            if rest and rest[0] not in '”’"』」）)':
                return len(self._buffer) - len(rest)
        return None


def _drafts(text: str) -> Iterator[Draft]:
    markers: list[int] = []
    while found := list(_MARKERS.finditer(text)):  # again: what is left around one may form another
        for numbers in (match.group(1) for run in found for match in _MARKER.finditer(run.group())):
            for first, last in _RANGE.findall(numbers):
                markers += range(int(first), int(last) + 1)
            markers += map(int, re.findall(r"\d+", numbers))
        text = _MARKERS.sub("", text)
    bare = re.sub(r"[（(]\s*[）)]|^\s*[、,，]+|[ \t]+(?=[。，；！？.,;!?])", "", text)
    stripped = bare.strip()
    if stripped:
        yield Draft(stripped, tuple(sorted(set(markers))), "\n" if "\n" in bare[len(bare.rstrip()) :] else "")


class Verifier:
    """Finds the quotes that carry statements, among the passages of one question.

    Args:
        passages: those that the model was shown; markers count by their rank.
        lexical: tells how much each term weighs.
    """

    def __init__(self, passages: Sequence[Passage], lexical: LexicalIndex) -> None:
        self._passages = tuple(passages)
        self._lexical = lexical
        self._quotes = [
            (quote, frozenset(extract_terms(quote.text)), find_figures(quote.text)) for quote in _all(passages)
        ]

    def verify(self, draft: Draft) -> Verdict:
        """Return the best quote for a statement, or the problems.

        The passages that it points to are searched first; when none of them has it, the others are: then the
        marker moves.
        """
        text = _ENUMERATOR.sub("", draft.text, count=1) if _ENUMERATOR.match(draft.text) else draft.text
        figures = find_figures(text)
        terms = list(dict.fromkeys(extract_terms(text)))
        weights = dict(zip(terms, map(float, self._lexical.idf(terms)), strict=True))
        total = sum(weights.values())
        best: tuple[bool, float, int, Quote] | None = None
        for quote, quoted_terms, quoted_figures in self._quotes:
            if not figures <= quoted_figures:
                continue
            shared = sum(weights[term] for term in weights.keys() & quoted_terms) / total if total else 0.0
            # In another language there are only figures and Latin names to hold on to: so there must be some.
            same = detect_language(text) == detect_language(quote.text)
            supports = shared >= MIN_SHARED if same else bool(figures)
            candidate = (quote.passage.rank in draft.markers, shared, -len(quote.text), quote)
            if supports and (best is None or candidate[:3] > best[:3]):
                best = candidate
        return Verdict(best[3]) if best else Verdict(None, tuple(_problems(draft, figures, self._passages)))


def find_figures(text: str) -> set[str]:
    """Return the numbers of a text in one form: 1,043 as 1043, 百分之 22 as 22%, full width as half width."""
    folded = re.sub(r"百分之\s*(\d+(?:\.\d+)?)", r"\1%", normalise(text))
    folded = re.sub(r"(?<=\d)\s*per\s?cent", "%", re.sub(r"(?<=\d) (?=%)", "", folded))
    return {figure.replace(",", "") for figure in _NUMBER.findall(folded)}


def _all(passages: Sequence[Passage]) -> Iterator[Quote]:
    """Every run of one to LONGEST_QUOTE sentences of each passage."""
    for passage in passages:
        bounds = [span for span in split_sentences(passage.text) if passage.text[slice(*span)].strip()]
        for first in range(len(bounds)):
            for last in range(first, min(first + LONGEST_QUOTE, len(bounds))):
                raw = passage.text[bounds[first][0] : bounds[last][1]]
                start = passage.start + bounds[first][0] + len(raw) - len(raw.lstrip())
                yield Quote(passage, start, start + len(raw.strip()), raw.strip())


def _problems(draft: Draft, figures: set[str], passages: Sequence[Passage]) -> Iterator[str]:
    known = set().union(*(find_figures(passage.text) for passage in passages)) if passages else set()
    for figure in sorted(figures - known):
        yield f"figure_not_in_passages:{figure}"
    ranks = {passage.rank for passage in passages}
    for marker in draft.markers:
        if marker not in ranks:
            yield f"marker_of_no_passage:{marker}"
    yield "no_supporting_quote"


def make_citation(number: int, quote: Quote, article: Article | None = None) -> Citation:
    """Turn a quote into the citation that the answer's marker [number] points to.

    Args:
        article: the one that the quote is from; without it the citation names the file of its passage, and no place there.
    """
    passage = quote.passage
    place = find_place(article, quote.start, quote.end) if article else Place(passage.source, passage.page)
    return Citation(
        n=number,
        chunk_id=passage.chunk_id,
        article_id=passage.article_id,
        title=passage.title,
        date=passage.date,
        date_precision=passage.date_precision,
        newspaper=passage.newspaper,
        source=place.source,
        page=place.page,
        url=passage.url if place.source == passage.source else None,
        quote=quote.text,
        start=quote.start,
        end=quote.end,
        source_start=place.start,
        source_end=place.end,
    )


def put_marker(text: str, number: int) -> str:
    """Put a marker before the closing punctuation of a statement: 下降22.2%。 → 下降22.2%[1]。"""
    match = re.search(r"[。！？!?；;.,，：:]+$", text)  # not inside a closing quotation mark: nobody said it
    place = match.start() if match else len(text)
    return f"{text[:place]}[{number}]{text[place:]}"


def unmark(text: str) -> str:
    """Turn numbers in square brackets that were printed into 〔3〕: only our own markers may look like markers."""
    return re.sub(r"\[(\s*\d+\s*)\]", r"〔\1〕", text)


def tidy(text: str) -> str:
    """Close the gaps that typesetting leaves in Chinese text: 42 微克 → 42微克. For display, never for a quote."""
    kept = unicodedata.normalize("NFC", text)
    # A clause that was cut out of a longer sentence gets the full stop of its own script.
    kept = re.sub(r"(?<=[\x00-\x7f])[;,]$", ".", kept)
    kept = re.sub(r"[；;，,]$", "。", kept)
    return re.sub(
        r"(?<=[\u4e00-\u9fff，。；：、（）“”])[ \u3000]+(?=[\dA-Za-z])|(?<=[\dA-Za-z%])[ \u3000]+(?=[\u4e00-\u9fff])",
        "",
        kept,
    )
