"""Statements laid beside passages that are made by hand: what the rules of rag/verification look at."""

from dataclasses import replace

from statements import passage_of

from index.language.terms import Lexicon
from index.records import PartialDate
from rag.records import Passage
from rag.verification.alignment import Place
from rag.verification.claims import Claims
from rag.verification.passages import Source
from rag.verification.words import ParsedText

ISSUED = "2024-03-05"
"""Date of the newspaper that has them."""


def report_of(text: str, rank: int = 1, *, title: str | None = None, article: str = "") -> Passage:
    """A passage that is all of its article."""
    name = article or f"report{rank}"
    made = passage_of(text, rank=rank, title=title, date=ISSUED)
    return replace(made, article_id=name, doc_id=name, chunk_id=f"{name}.{rank}", newspaper="青屿报")


def parsed_of(text: str, lexicon: Lexicon) -> ParsedText:
    return ParsedText(Claims(text, PartialDate(ISSUED), lexicon))


def sources_of(lexicon: Lexicon, *texts: str) -> list[Source]:
    """Each text is a passage of an article of its own."""
    passages = [report_of(text, rank) for rank, text in enumerate(texts, start=1)]
    return [Source(passage, passages, lexicon) for passage in passages]


def places_of(lexicon: Lexicon, *texts: str) -> list[Place]:
    """All of their sentences."""
    return [Place(source, number) for source in sources_of(lexicon, *texts) for number in source.told]
