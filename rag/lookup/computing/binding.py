"""Whether a stretch of a sentence names a term's own thing, in either language: 男子 for 男运动员, 私人 for private."""

import re
from collections.abc import Callable, Sequence

from index.language.terms import Lexicon, split_words
from rag.question.calculation.records import Term
from rag.records import Language
from rag.retrieval.retriever import Retriever

Binding = Callable[[str], float]
"""Stretch of a sentence → share of a term's own words that it has, 0 to 1."""
CERTAIN_TERM = 0.4
"""Certainty from which on a Chinese word is what an English one means."""
_GENERIC = frozenset(("浓度", "水平", "规模", "总量", "总额", "总数", "数量", "人数", "数", "额", "值", "了", "的"))
"""What a quantity is called besides, so that a report may leave it out."""
_SHORT = 2
"""Characters of a word that may say what a single character does: 男子."""


def bindings_of(
    terms: Sequence[Term], language: Language, retriever: Retriever, lexicon: Lexicon
) -> list[Binding] | None:
    """Return for each term what tells that a stretch speaks of it; None where English words for it cannot be translated."""
    if all(term.time for term in terms):
        return [lambda _text: 0.0] * len(terms)
    if language == "zh":
        return [_chinese(term.own) for term in terms]
    found = [_english(term, terms, retriever, lexicon) for term in terms]
    return [one for one in found if one is not None] if None not in found else None


def boundness(own: str, text: str) -> float:
    """Return the share of some words' pairs of characters that a text has; of a single character, whether it has it."""
    own = re.sub(r"[\W的]", "", own)
    if not own:
        return 0.0
    if len(own) == 1 or own in text:
        return float(own in text)
    pairs = {own[place : place + 2] for place in range(len(own) - 1)}
    share = sum(pair in text for pair in pairs) / len(pairs)
    if not share and len(own) == _SHORT and own[0] in text:
        return 0.5 * any(word.startswith(own[0]) and len(word) <= _SHORT for word in split_words(text))
    return share


def _chinese(own: str) -> Binding:
    return lambda text: boundness(own, text)


def _english(term: Term, terms: Sequence[Term], retriever: Retriever, lexicon: Lexicon) -> Binding | None:
    words = set(term.label.lower().split())
    others = [set(other.label.lower().split()) for other in terms if other is not term]
    own = (
        words.difference(*others[:1])
        if len(others) == 1
        else {word for word in words if not all(word in other for other in others)}
    )
    concepts = [
        concept for concept in retriever.translate(term.label).concepts if own & set(concept.english.lower().split())
    ]
    if not concepts:
        return None

    def share(text: str) -> float:
        held = frozenset(lexicon.extract_terms(text))
        return sum(concept.certainty_in(held) >= CERTAIN_TERM for concept in concepts) / len(concepts)

    return share


def without_generic(attribute: str) -> str:
    """Return what a quantity is of: PM2.5 of PM2.5浓度, 加装电梯 of 加装电梯数量."""
    words = split_words(attribute)
    while len(words) > 1 and words[-1] in _GENERIC:
        words.pop()
    return "".join(words)


def head_of(attribute: str) -> str:
    """Return the noun that says what a quantity is of: 投资 of 固定资产投资, 收入 of 丰台园收入."""
    latin = re.search(r"[A-Za-z][A-Za-z0-9.]{0,40}$", attribute)
    words = split_words(attribute)
    return latin[0] if latin else words[-1] if words else ""


def head_binding(attribute: str, retriever: Retriever, lexicon: Lexicon) -> Callable[[str], bool]:
    """Return what tells that a stretch names a quantity, also by what a Latin abbreviation is in Chinese: 地区生产总值 for GDP."""
    head = head_of(without_generic(attribute))
    concepts = retriever.translate(head).concepts if head.isascii() and head else ()

    def is_named(text: str) -> bool:
        if head in text:
            return True
        held = frozenset(lexicon.extract_terms(text)) if concepts else frozenset()
        return any(concept.certainty_in(held) == 1.0 for concept in concepts)

    return is_named
