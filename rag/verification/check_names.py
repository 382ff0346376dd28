"""Whom and what a statement names: it stands in the passage, and does there what the statement says of it."""

import re
from collections.abc import Iterator

from rag.question.language import detect_language
from rag.verification.claims import WORK_TITLE, Name, fold
from rag.verification.comparison import BETTER_FIT_MARGIN, Comparison
from rag.verification.offices import offices_of

_SOURCE = re.compile(
    r"(?:^|[，。；（(])\s*(?:根据|据|依据|按照|引自|转自)([^，。；]{2,24}?)(?:报道|消息|统计|数据|发布|介绍|透露|披露|通报|网站|官网|显示|的说法|分析|研究|预测|测算|调查)"
    r"|来源[:：]\s*([^，。；）)]{2,24})"
    r"|\b(?:[Aa]ccording to|[Aa]s reported by|[Rr]eported by)\s+(?:the )?([A-Z][\w'’]*(?: [A-Z][\w'’]*)*)"
)
_OWN_SOURCE = re.compile(r"片段|资料|报道|材料|文章|上述|以上|提供|本报|该报|记者|了解|悉|^$")
_NAMED = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]{2,}(?:'s)?")
_NO_NAME_START = "有是为由和与及在于任被把对向从到该"
"""Where the segmenter takes the word before a name for its beginning: 有连宇."""
_CALENDAR = re.compile(
    r"\A(?:January|February|March|April|May|June|July|August|September|October|November|December|\w+day)(?:'s)?$"
)
_DIGIT_NAME = re.compile(r"(?<![A-Za-z])[A-Za-z]++[-.]?\d+(?:\.\d+)?")


def find_unsupported_words(pair: Comparison) -> Iterator[str]:
    """Titles, quoted words, sources and codes stand in the passage as they are."""
    known = pair.known
    for words in pair.claim.verbatim:
        if fold(words) not in known and (pair.same_language or not words.isascii()):
            yield f"words_not_in_passage:{words}"
    mine, theirs = set(WORK_TITLE.findall(pair.claim.text)), set(WORK_TITLE.findall(pair.quote_context.text))
    if mine and theirs and not mine & theirs:
        yield f"words_of_something_else:{sorted(mine)[0]}"
    for match in _SOURCE.finditer(pair.claim.text):
        source = next(filter(None, match.groups()), "").strip()
        parts = [part for part in re.split(r"(?<!\d)\d++[年月日]|的", source) if part]
        is_known = all(fold(part) in known for part in parts) or any(
            source.endswith(name.text) and name.text in known for name in pair.claim.people_and_places
        )
        if not is_known and not _OWN_SOURCE.search("".join(parts)) and (pair.same_language or match[1] or match[2]):
            yield f"source_not_in_passage:{source}"
    for code in _DIGIT_NAME.findall(pair.claim.text):
        if fold(code) not in known and not re.fullmatch(r"[A-Z]+", code):
            yield f"name_not_in_passage:{code}"


def find_unsupported_names(pair: Comparison) -> Iterator[str]:
    """Each name stands in the passage, and does there what the statement says of it rather than another."""
    known = pair.known
    for name in pair.claim.certain_names:
        if fold(name) not in known and not _is_known_in_part(name, known) and not pair.is_home(name):
            yield f"name_not_in_passage:{name}"
    if detect_language(pair.claim.text) == "en":
        for match in _NAMED.finditer(pair.claim.text):
            word = match.group().removesuffix("'s")
            if not _CALENDAR.match(word) and fold(word) not in known:
                yield f"name_not_in_passage:{word}"


def find_misattributed_names(pair: Comparison) -> Iterator[str]:
    """Yield the names of which the stretches tell less of what the statement does than of another name of their kind."""
    for mention in pair.claim.people_and_places:
        first, last = pair.claim.clause_of(mention.start)
        beside = {name.text for name in pair.claim.people_and_places if first <= name.start < last}
        rivals = [other for other in pair.quote_context.claims.people_and_places if _is_rival(pair, other, beside)]
        if any(rival.kind == mention.kind for rival in rivals) and _acts_elsewhere(pair, mention, rivals):
            yield f"name_of_another:{mention.text}"


def _is_known_in_part(name: str, known: str) -> bool:
    """Whether the segmenter took a word beside a name into it, and the passage has the rest: 有连宇, 池春和记."""
    return (name[0] in _NO_NAME_START and fold(name[1:]) in known) or (len(name) > 2 and fold(name[:-1]) in known)


def find_unsupported_offices(pair: Comparison) -> Iterator[str]:
    """Yield the offices that someone holds according to the statement and not to the passage."""
    text = pair.quote_context.claims.text + "\n" + pair.quote_context.head.text
    for person, office in sorted(pair.claim.offices, key=str):
        held = list(offices_of(person, text))
        if held and not any(office.agrees_with(other) for other in held):
            yield f"post_of_another:{office.title}{person}"


def _is_rival(pair: Comparison, other: Name, named: set[str]) -> bool:
    return pair.is_inside(other.start) and not any(other.text in name or name in other.text for name in named)


def _acts_elsewhere(pair: Comparison, name: Name, rivals: list[Name]) -> bool:
    """Whether what is said of a name is said in the quote of another name of its kind."""
    first, last = pair.claim.clause_of(name.start)
    own_terms = pair.claim.terms(name.start, name.start + len(name.text))
    rest = pair.claim.terms(first, last) - own_terms
    total = pair.total_weight(rest)
    claims = pair.quote_context.claims
    places = [at.start() for at in re.finditer(re.escape(name.text), claims.text)]
    inside = [at for at in places if pair.is_inside(at)]
    own = max((pair.total_weight(rest & claims.terms(*claims.clause_of(at))) for at in inside), default=0.0)
    best = max(
        pair.total_weight(rest & claims.terms(*claims.clause_of(rival.start)))
        for rival in rivals
        if rival.kind == name.kind
    )
    return best > own + (BETTER_FIT_MARGIN if not inside else 1.5 * BETTER_FIT_MARGIN) * total
