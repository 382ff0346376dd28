"""What a text puts together: a figure with what it counts, the members of a list, a person with an office.

Statements that are wrong mostly have words of the passage, put together otherwise: 轨道交通企业120家、航天航空170家 for
170家 and 120家. A word or figure belongs to what stands beside it in its segment.
"""

import re
from collections.abc import Iterator, Sequence

from index.language.normalise import normalise
from index.language.vocabulary import measure_words, pattern_of
from rag.facts.quantities import Figure, is_compatible
from rag.verification.alignment import Place
from rag.verification.offices import offices_of
from rag.verification.stretches import beginning_in
from rag.verification.words import SEGMENT_END, ParsedText

MAX_BOUND_WORDS = 5
"""Words before a figure that may say what it counts."""
MIN_PAIRS_SHARE = 0.34
"""Share of the pairs of characters of a list's member that one sentence must have for it to be told there."""
_BREAK = re.compile(r"[，。；、]")
_COUNTED = re.compile(r"[\u4e00-\u9fff]{1,3}$")
_PEOPLE = measure_words("people")
_FAMILIES = (_PEOPLE, frozenset("家户所个"), frozenset("项条件个"), frozenset("座栋处个"), frozenset("次场个"))
_SEVERAL = re.compile(
    rf"[两二三四五六七八九十]\s?{pattern_of(measure_words('count') | {'者', '地', '区'})}|合计|共计|总计|各[个地区]|以及|[^、]和[^、]"
)
"""What says that a figure is told of more than one."""
_LIST = re.compile(r"[^，。；：、！？\n]{1,24}(?:、[^，。；：、！？\n]{1,24})+")
_LAST_MEMBER = re.compile(r"和|以及|及|与")
_BEHIND_LIST = re.compile(
    r"(?:等|方面|领域|措施|服务|工作|(?<![一二三四五六七八九十\d])[一二三四五六七八九十\d]++[大个类项种家方].{0,24})$"
)


def words_bound_to(figure: Figure, parsed: ParsedText, sentence: tuple[int, int]) -> frozenset[str]:
    """Return what a figure counts or measures, as keys of words: the noun behind it, and what leads to it in its segment."""
    return frozenset(_behind(figure, parsed, sentence[1])) | frozenset(_before(figure, parsed, sentence[0]))


def _behind(figure: Figure, parsed: ParsedText, end: int) -> Iterator[str]:
    last = figure.end
    for word in beginning_in(parsed.all_words, figure.end, end):
        if word.kind != "word" or not word.is_noun or _BREAK.search(parsed.text, last, word.start):
            return
        yield word.key
        last = word.end


def _before(figure: Figure, parsed: ParsedText, start: int) -> Iterator[str]:
    last, count = figure.start, 0
    for word in reversed(beginning_in(parsed.words, start, figure.start)):
        if word.end > figure.start:
            continue
        is_cut = _BREAK.search(parsed.text, word.end, last) is not None
        if word.kind == "figure" or is_cut or count == MAX_BOUND_WORDS:
            return
        if word.kind == "word":
            yield word.key
            count += 1
        last = word.start


def counts_alike(figure: Figure, other: Figure) -> bool:
    """Whether two figures of one value may count the same: 近千家 is not 近千种, 30名 may be 30人."""
    if not is_compatible(figure.unit, other.unit):
        return False
    mine, theirs = _COUNTED.search(figure.text), _COUNTED.search(other.text)
    if not (mine and theirs and {figure.unit, other.unit} <= {"count", "people"}):
        return True
    pair = {mine[0][-1], theirs[0][-1]}
    return len(pair) == 1 or any(pair <= family for family in _FAMILIES)


def figure_bindings(statement: ParsedText, places: Sequence[Place]) -> tuple[list[Figure], float]:
    """Return the figures that the sentences tell of something else, and the least share of its words that one keeps.

    A figure is told of something else where a word beside it in the statement stands beside another figure of its kind there,
    and not beside its equal.
    """
    conflicts: list[Figure] = []
    least = 1.0
    theirs = [(other, words_bound_to(other, place.source.parsed, place.span)) for place in places for other in place.source.sentence(place.sentence)[1]]  # fmt: skip
    for figure in statement.claims.figures:
        is_name = figure.unit == "order" or (figure.unit == "label" and figure.text[:1].isdecimal())
        if is_name or figure.text[-1:] in ("日", "号"):
            continue  # 第二轮 and 16号线 count nothing; of a date that lacks its month
        mine = words_bound_to(figure, statement, statement.claims.sentence_of(figure.start))
        equal = [words for other, words in theirs if figure.equals(other)]
        if not (mine and equal):
            continue
        own = frozenset().union(*equal)
        lost = {word for word in mine if not any(word in kept or kept in word for kept in own)}
        rivals = (
            words for other, words in theirs if not figure.equals(other) and is_compatible(figure.unit, other.unit)
        )
        kept = len(mine) - len(lost)
        if any(lost & words for words in rivals) and kept < 2 * len(lost):
            conflicts.append(figure)
        least = min(least, kept / len(mine))
    return conflicts, least


def uncounted_owners(statement: ParsedText, places: Sequence[Place]) -> int:
    """Return how many figures the sentences tell of several together and the statement of one: 两个中心总建筑面积约70万平方米."""
    found = 0
    for figure in statement.claims.figures:
        owned = [
            place.source.parsed.text[place.source.claims.clause_of(other.start)[0] : other.start]
            for place in places
            for other in place.source.sentence(place.sentence)[1]
            if figure.equals(other)
        ]
        start = statement.claims.clause_of(figure.start)[0]
        found += (
            bool(owned)
            and all(map(_SEVERAL.search, owned))
            and not _SEVERAL.search(statement.text, start, figure.start)
        )
    return found


def unlisted_members(statement: ParsedText, places: Sequence[Place]) -> list[str]:
    """Return the members of the statement's lists that no sentence has, where others of the same list are there."""
    sentences = [place.source.parsed.folded_sentences[place.sentence] for place in places]
    segments = [normalise(part) for place in places for part in SEGMENT_END.split(place.text)]
    return [member for run in _LIST.finditer(statement.text) for member in _unlisted(run.group(), sentences, segments)]


def _unlisted(run: str, sentences: Sequence[str], segments: Sequence[str]) -> list[str]:
    _first, *others = run.split("、")
    members = [*others[:-1], *_LAST_MEMBER.split(others[-1], maxsplit=1)]
    bare = [re.sub(r"\W", "", normalise(_BEHIND_LIST.sub("", member))) for member in members]
    told = [member for member in bare if len(member) > 1]
    missing = [member for member in told if _share(member, sentences) < MIN_PAIRS_SHARE]
    # The words of a short one that stand in two members there: 一天一会商 of 一天一分析、一周一会商.
    torn = [
        member
        for member in told[:-1]
        if 4 <= len(member) <= 8 and _share(member, sentences) - _share(member, segments) >= MIN_PAIRS_SHARE
    ]
    return [*missing, *torn] if len(missing) < len(told) or torn else []


def _share(member: str, texts: Sequence[str]) -> float:
    pairs = [member[place : place + 2] for place in range(len(member) - 1)]
    return max((sum(pair in text for pair in pairs) / len(pairs) for text in texts), default=0.0)


def held_offices(statement: ParsedText, places: Sequence[Place]) -> int:
    """Return how many offices of the statement the sentences give to the same person."""
    texts = [place.text for place in places]
    return sum(
        any(office.agrees_with(other) for text in texts for other in offices_of(person, text))
        for person, office in statement.claims.offices
    )
