"""Planned told as done, may as must, the highest as the lowest: how surely and how far something is so."""

import re
from collections.abc import Iterator, Sequence

from rag.verification.alignment import Place
from rag.verification.words import SEGMENT_END, ParsedText

_PLANNED = re.compile(
    r"计划(?:于|在|从)?|拟(?:于|在|建|定)?|预计|即将|力争|有望|争取|年内|目标|将(?=于|在|从|会|[^近军士领]{0,12}(?:开|建|投|启|完|达|成))|要达到"
)
_DONE = re.compile(r"已(?:经|于|在|全|正式|[建开投完实达通启])|(?<=[成工用通放立束])了|完成了")
_MUST = re.compile(r"必须|务必|强制|一律|只能")
_MAY = re.compile(r"可以|还可|可(?=[\u4e00-\u9fff]{2})(?!能|靠|持|行|见|视|回)|自愿|鼓励|视情|如果(?:想|要|需)|或者?")
_MUST_PRINTED = re.compile(r"必须|务必|强制|一律|只能|须|应当?|不得|严禁|要求")
_DOUBLED = re.compile(r"翻[了一两]?番|翻了[\u4e00-\u9fff]番|\bdoubled\b|\btripled\b")
_UNIVERSAL = re.compile(r"一律|任何|毫无|所有|无一|\b(?:any|every|all)\b")
_UNIVERSAL_PRINTED = re.compile(r"一律|任何|毫无|所有|全部|全都|均|都|每|各|全体|无一|一切|\b(?:any|every|all|each)\b")
_EXTREMES = (
    ("最高", "最低"),
    ("最多", "最少"),
    ("最大", "最小"),
    ("最长", "最短"),
    ("最快", "最慢"),
    ("第一", "末位"),
    ("最早", "最晚"),
)
MIN_PAIRS = 0.3
"""Share of a clause's pairs of characters by which another clause says the same."""


def find_modality_changes(statement: ParsedText, places: Sequence[Place]) -> Iterator[str]:
    """Yield the words by which the statement says more than the sentences do, each once."""
    yield from dict.fromkeys(_changes(statement, places))


def _changes(statement: ParsedText, places: Sequence[Place]) -> Iterator[str]:
    told = "\n".join(place.text for place in places)
    for match in _DOUBLED.finditer(statement.text):
        if not _DOUBLED.search(told):
            yield match.group()
    universal = _UNIVERSAL.search(statement.text)
    if universal and not _UNIVERSAL_PRINTED.search(told):
        yield universal.group()
    for clause in statement.clauses:
        text = statement.text[clause.start : clause.end]
        near = _near(text, places)
        if not near:
            continue
        done, must, may = _DONE.search(text), _MUST.search(text), _MAY.search(text)
        if done and not _PLANNED.search(text) and _PLANNED.search(near) and not _DONE.search(near):
            yield done.group()
        if must and _MAY.search(near) and not _MUST_PRINTED.search(near):
            yield must.group()
        if may and not _MUST_PRINTED.search(text) and _MUST.search(near) and not _MAY.search(near):
            yield may.group()
    yield from _exchanged_extremes(statement, told)


def _near(text: str, places: Sequence[Place]) -> str:
    """The clause of the sentences that says what a clause of the statement says; "" where none does."""
    pairs = {text[place : place + 2] for place in range(len(text) - 1)}
    clauses = [
        parsed.text[parsed.clauses[number].start : parsed.clauses[number].end]
        for parsed, sentence in ((place.source.parsed, place.sentence) for place in places)
        for number in parsed.clauses_of(sentence)
    ]
    shares = [(sum(pair in clause for pair in pairs) / (len(pairs) or 1), clause) for clause in clauses]
    share, clause = max(shares, default=(0.0, ""))
    return clause if share >= MIN_PAIRS else ""


def _exchanged_extremes(statement: ParsedText, told: str) -> Iterator[str]:
    """最高的是密云区 where 密云最低: a name beside the one extreme there, and only the other one here."""
    segments = SEGMENT_END.split(told)
    for name in statement.claims.people_and_places:
        first, last = statement.claims.clause_of(name.start)
        clause = statement.text[first:last]
        stem = name.text[:2]
        for pair in _EXTREMES:
            for mine, other in (pair, pair[::-1]):
                beside = [segment for segment in segments if stem in segment and (mine in segment or other in segment)]
                if mine in clause and other not in clause and beside and not any(mine in segment for segment in beside):
                    yield mine
