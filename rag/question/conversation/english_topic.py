"""What an English question names and what it is about. Rules only: names are written with capitals."""

import re

YEAR = re.compile(r"(?:\b(?:in|during|for|of)\s+)?\b(?P<year>(?:19|20)\d\d)\b")
_NAME = r"(?:[A-Z][\w’'-]*|“[^“”]+”|\"[^\"]+\")"
THINGS = "station|park|bridge|bureau|centre|center|project|school|company|library|hotline|road|street|market|hospital|museum|stadium|square|village|town|airport|university|river|lake|temple|festival"
"""What bears a name in front of it, though it is written small: Wangjin station."""
_PHRASE = re.compile(rf"(?:\bthe\s+)?{_NAME}(?:\s+(?:(?:of|and|for)\s+(?:the\s+)?)?{_NAME})*(?:\s+(?:(?:railway |train |bus |metro |subway )?(?:{THINGS})|district))?")  # fmt: skip
_OPENERS = frozenset("What Who When Where Why How Which Whose Is Are Was Were Do Does Did Has Have Had Can Could Will Would Should In On At Of The And But So Then Please Tell It".split())  # fmt: skip # noqa: SIM905


def find_english_names(text: str) -> list[str]:
    """The proper names of a text, the first word of a sentence not taken for one."""
    found = (match[0] for match in _PHRASE.finditer(text))
    return [name for name in (without_opener(name) for name in found) if name]


def without_opener(name: str) -> str:
    """Return a name without the word that opens the sentence before it: Did Shen Ruolan → Shen Ruolan."""
    words = name.split()
    while words and words[0].capitalize() in _OPENERS and (words[0] != "the" or len(words) == 1):
        words.pop(0)
    return " ".join(words)


def find_english_topic(question: str) -> str:
    """What an English question is about: the longest name in it, else its words without those that ask."""
    names = [name for name in find_english_names(question) if not YEAR.fullmatch(name)]
    if names:
        return max(names, key=len)
    bare = re.sub(r"^(?:(?:who|what|which|when|where|why|how(?: many| much| long| big)?)\s+)?(?:(?:is|are|was|were|do|does|did|has|have)\s+)?", "", question, flags=re.IGNORECASE)  # fmt: skip
    return bare.rstrip("? ")
