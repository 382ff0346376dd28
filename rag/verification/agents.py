"""Who does what, verb by verb: whom a statement makes do something that the passage tells of somebody else.

The agent of a verb is what stands behind 由, else what its clause begins with, else the subject of the clauses before it; of 主持的是某某
it is what follows. A neighbour's clause lends nobody its subject.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import islice

from index.language.normalise import normalise
from index.language.vocabulary import ADDRESSES, OFFICES, pattern_of
from rag.verification.alignment import Place
from rag.verification.stretches import beginning_in
from rag.verification.words import Clause, ParsedText, Word

MIN_DEED = 3
"""Words that tell a deed from another."""
MIN_SHARE_OF_DEED = 0.7
MAX_BACK = 3
"""Clauses with a subject of their own that are looked at, backwards, for whose verb it is."""
MAX_TOLD = 8
"""Times that the sentences may tell one deed; what they tell oftener is compared no further."""
MAX_BEFORE = 16
"""Clauses before a deed whose subjects it may be of."""
MAX_BEFORE_CHARACTERS = 400
"""Characters before a verb in which its agent may be named: two long sentences."""
_BY = re.compile(r"由([^，。；]{2,20})$")
_CLEFT = re.compile(r"[^，。；]{0,24}?的(?:是|为)(?=[\u4e00-\u9fff])")
_POINTING = re.compile(r"该|^(?:同|他|她|它|其|该|此|这|本|我|双方|会议|报道|记者|对此|同时|大家|有关|相关)")
_NAMED = re.compile(
    r"(?:局|委|办|公司|政府|法院|检察院|中心|街道|镇|乡|村|社区|部|[员协常联工商]会|队|集团|医院|学校|大学|警方|银行|办公室|法庭|研究所)$"
    rf"|{pattern_of(OFFICES | ADDRESSES)}"
)
_AUXILIARIES = frozenset("要 会 能 将 可 可以 应 应当 必须 需 需要 继续 开始".split())  # noqa: SIM905
_SPEECH = frozenset("指出 表示 强调 希望 期待 期望 呼吁 建议 要求 介绍 认为 肯定 提出 点评 说 称".split())  # noqa: SIM905
_TAGGED = ("nr", "ns", "nt", "nrt")


def find_other_agents(statement: ParsedText, places: Sequence[Place]) -> Iterator[str]:
    """Yield those whom the statement makes do what the sentences tell of another person or body."""
    for clause in statement.clauses:
        for verb in _main_verbs(statement, clause):
            agent = _agent(statement, clause, verb)
            said = _text(statement, agent)
            if not agent or _POINTING.match(said) or not _is_named(statement, agent):
                continue
            others = [_compare(said, place, verb.key) for place in places]
            found = [other for other in others if other is not None]
            if found and all(found):
                yield said


def find_borrowed_subjects(statement: ParsedText, places: Sequence[Place]) -> Iterator[str]:
    """Yield subjects of the statement whose deed the passage tells of the subject before it: A推进…。但…不足。 is no word on B.

    The clause that tells it has no subject of its own, and its sentence and the one before it speak of another person or body.
    """
    for clause in statement.clauses:
        said = _text(statement, clause.subject)
        deed = [word.key for word in clause.words if word not in clause.subject and word.kind == "word"]
        if len(deed) < MIN_DEED or not _is_named(statement, clause.subject) or _POINTING.search(said):
            continue
        start = clause.start if clause.has_own else 0  # of who says it, what is said is no deed
        if any(word.key in _SPEECH for word in beginning_in(statement.all_words, start, clause.end)):
            continue
        telling = [
            (place, number)
            for place in places
            for number in place.source.parsed.clauses_of(place.sentence)
            if sum(key in place.source.parsed.own[number] for key in deed) >= MIN_SHARE_OF_DEED * len(deed)
        ]
        if 0 < len(telling) <= MAX_TOLD and all(_is_borrowed(said, place, number) for place, number in telling):
            yield said


def _is_borrowed(said: str, place: Place, number: int) -> bool:
    parsed = place.source.parsed
    clause = parsed.clauses[number]
    stops = parsed.full_stops[: bisect_right(parsed.full_stops, clause.start)]
    if clause.has_own or (len(stops) < 2 and place.source.passage.start):
        return False  # the sentence before it is not in the passage
    start = stops[-2] if len(stops) > 1 else 0
    before = [one for one in beginning_in(parsed.clauses, start, clause.start) if one.has_own][-MAX_BEFORE:]
    if not any(_is_named(parsed, one.subject) for one in before):
        return False
    told = normalise(parsed.text[stops[-1] if stops else 0 : clause.end])
    return not any(
        _overlap(said, text) or _overlap(text, said) for text in [*(_text(parsed, one.subject) for one in before), told]
    )


def _compare(said: str, place: Place, verb: str) -> str | None:
    """Whose verb it is in a sentence: another's name, "" where it may be the statement's agent; None without the verb."""
    parsed = place.source.parsed
    rivals = [
        _rival(said, parsed, number, word)
        for number in parsed.clauses_of(place.sentence)
        for word in beginning_in(parsed.all_words, parsed.clauses[number].start, parsed.clauses[number].end)
        if word.key == verb
    ][:MAX_TOLD]
    return None if not rivals else (rivals[0] if all(rivals) else "")


def _rival(said: str, parsed: ParsedText, number: int, verb: Word) -> str:
    clause = parsed.clauses[number]
    opening = max(parsed.sentences[clause.sentence][0], verb.start - MAX_BEFORE_CHARACTERS)
    before = normalise(parsed.text[opening : verb.start])
    agent = _agent(parsed, clause, verb)
    name = _text(parsed, agent)
    if not agent or _POINTING.match(name) or _overlap(said, before) or not _is_named(parsed, agent):
        return ""
    owners = islice((one for one in reversed(parsed.clauses[: number + 1]) if one.has_own), MAX_BACK)
    chain = [_text(parsed, one.subject) for one in owners]
    return (
        "" if any(_overlap(said, subject) or _overlap(subject, said) for subject in [name, *chain] if subject) else name
    )


def _main_verbs(statement: ParsedText, clause: Clause) -> Iterator[Word]:
    """The first verb of a clause, unless it is 是 or stands in the passive: what its subject does, not what is told further on."""
    verbs = [word for word in beginning_in(statement.all_words, clause.start, clause.end) if word.is_verb]
    first = next((word for word in verbs if word.key not in _AUXILIARIES), None)
    if first and first.tag == "v" and len(first.key) > 1 and "被" not in statement.text[clause.start : first.start]:
        yield first


def _agent(parsed: ParsedText, clause: Clause, verb: Word) -> tuple[Word, ...]:
    if by := _BY.search(parsed.text, clause.start, verb.start):
        return parsed.words_in(by.start(1), by.end(1))
    own = tuple(word for word in clause.subject if word.end <= verb.start)
    cleft = _CLEFT.match(parsed.text, verb.end, clause.end)
    if cleft and not (own and clause.has_own):
        return parsed.words_in(cleft.end(), clause.end)
    return own


def _text(parsed: ParsedText, words: Sequence[Word]) -> str:
    return normalise(parsed.text[words[0].start : words[-1].end]) if words else ""


def _is_named(parsed: ParsedText, words: Sequence[Word]) -> bool:
    return any(word.tag in _TAGGED for word in words) or _NAMED.search(_text(parsed, words)) is not None


def _overlap(name: str, text: str) -> bool:
    """Whether a text has half of a name's pairs of characters."""
    pairs = [name[place : place + 2] for place in range(len(name) - 1)]
    return 2 * sum(pair in text for pair in pairs) >= len(pairs)
