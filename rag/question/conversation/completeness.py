"""Whether a question in a conversation clearly stands alone: it names what it is about, or is about something new.

For the LLM only, which is asked to complete all others: 计划什么时候投入运营？ has no word that points back, and no subject.
"""

import re

from index.language.normalise import simplify
from index.language.terms import NAME_TAGS, Lexicon, tag_words
from rag.question.conversation.antecedents import (
    ASKS,
    DISTRICT_HEADS,
    HELD_OFFICE,
    find_entities,
    find_person,
    opens_with_name,
)
from rag.question.conversation.english_topic import find_english_names
from rag.question.conversation.followup import SELF, own_words, without_opening
from rag.question.conversation.history import read_turns
from rag.question.language import detect_language
from rag.records import Query

_QUOTES = re.compile('[“《「"]')
_HAN = re.compile(r"[\u4e00-\u9fff]{2}")
# What is written with a capital and names nothing: dates, and asking words that the rules of names do not know.
_NO_NAMES = re.compile(
    r"(?:(?:19|20)\d\d|Q[1-4]|(?:Jan|Febr)uary|March|April|May|June|July|August|(?:Septem|Octo|Novem|Decem)ber|"
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|Spring|Summer|Autumn|Winter|(?:What|Who|When|Where|How)['’]s|[\s,])+"
)
_COUNTS = re.compile(r"多少|几|哪(?![里儿])|什么")
_INTENDS = re.compile(r"(?:计划|预计|打算|准备)$")
MANY_NOUNS = 2
"""Nouns behind the asking words from which on they say what is asked about: 怎么办理居住证, but not 有多少绿地供居民认养."""


def is_complete(query: Query, lexicon: Lexicon) -> bool:
    """Whether nothing of the question can be missing; also where nothing is asked.

    Args:
        lexicon: knows the operator's names.
    """
    asked = without_opening(simplify(query.text.strip()))
    if detect_language(asked) == "en":
        return bool(_HAN.search(asked)) or any(not _NO_NAMES.fullmatch(name) for name in find_english_names(asked))
    asks = ASKS.search(asked)
    if (asks is None and not asked.endswith(("？", "?"))) or _QUOTES.search(asked) or SELF.search(asked):
        return True
    if find_entities(asked) or find_person(asked) or opens_with_name(asked):
        return True
    office = HELD_OFFICE.search(asked)
    if office and (office["of"] or office["core"] in DISTRICT_HEADS):
        return True
    before, after = (asked[: asks.start()], asked[asks.end() :]) if asks else (asked, "")
    before = _INTENDS.sub("", before)
    if any(tag in NAME_TAGS and len(word) > 1 for word, tag in tag_words(before)):
        return True
    said = " ".join(f"{turn.question} {turn.answer}" for turn in read_turns(query.history))
    subject, rest = (_new_nouns(part, said, lexicon) for part in (before, after))
    if asks and _COUNTS.search(asks[0]):
        rest = rest[1:]  # what is counted
    return bool(subject) or len(rest) >= MANY_NOUNS


def _new_nouns(text: str, said: str, lexicon: Lexicon) -> list[str]:
    """The nouns that the conversation does not have: an office is one of whatever was spoken of."""
    return [noun for noun in own_words(text, lexicon) if noun not in said and not HELD_OFFICE.search(noun)]
