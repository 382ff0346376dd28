"""English questions that refer back → ones that stand alone. Rules only; rag.question.conversation.followup has the Chinese ones."""

import re
from collections.abc import Sequence

from rag.question.conversation.antecedents import find_entities
from rag.question.conversation.english_topic import YEAR, find_english_names, find_english_topic, without_opener
from rag.question.conversation.history import Turn

_CONNECTIVE = re.compile(r"^(?:and|but|so|then|also|ok(?:ay)?|thanks?(?: you)?)\b[,.!]?\s+", re.IGNORECASE)
_ABOUT = re.compile(r"^(?:and\s+)?(?:what|how) about\s+(?P<what>.+?)\s{0,4}\?{0,8}$", re.IGNORECASE)
_BARE = re.compile(r"^(?:and|then)\s+(?P<what>(?:in|for|of|at)?\s*[^?]{1,40}?)\s*\?*$", re.IGNORECASE)
_OWNED = re.compile(r"^(?:its|their|his|her)\s+[a-z][a-z ]*$", re.IGNORECASE)
_ASKS = re.compile(
    r"\b(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)\b",
    re.IGNORECASE,
)
_PLACES = re.compile(
    r"(?:Park|Bridge|Road|Street|Town|District|Centre|Center|Bureau|Hall|School|Hospital|Library|Company|Group|River|Lake|Village|Station|Museum|Association|Committee|Hotline|Service|Towers?|Airport|Theatre|Market|Square|Club|Festival)\b"
)
_PERSON = re.compile(r"\b[A-Z][a-z]+ [A-Z][a-z]+(?: [A-Z][a-z]+)?\b")
_PRONOUN = re.compile(
    r"\b(?:(?P<owns_person>his|her(?=\s+\w+))|(?P<person>he|she|him|her)|(?P<owns>its|their)|(?P<thing>it|they|them)|"
    r"(?P<place>there)(?=\s*\?*$|\s+(?:last|this)\b|\s+in\s+\d{4})|(?P<year>(?:in )?that year)|"
    r"(?P<named>(?:this|that|these|those|the same) (?P<head>[a-z]+)))\b",
    re.IGNORECASE,
)
_CONTEXT = re.compile(r"\b(?:in|at|on|of|for|from|by)\s+(?:the\s+)?[^,?]*$")
_EMPTY_IT = re.compile(r"\b(?:is|was|does|did|has|will|can)\s+it\s+(?:true|possible|necessary|legal|take|cost to|rain|known|said|mean)\b", re.IGNORECASE)  # fmt: skip
_BARE_ASKING = re.compile(
    r"^(?:who|when|where|why|how(?: much| many| long| big| large| far)?|since when|how come|which ones?)\s*+(?:exactly|else|so|then)?\s*+\?*$",
    re.IGNORECASE,
)

_CLAUSE = re.compile(
    r"^(?:when|where|why|how)\s+(?P<rest>(?:is|are|was|were|do|does|did|has|have|had|can|will)\b.*)$", re.IGNORECASE
)
_DESCRIBED = re.compile(r"\bthe [a-z]+(?: [a-z]+){0,2}?(?= (?:of|in|at|for)\b|\s*\?|$)")


def complete_english(asked: str, turns: Sequence[Turn]) -> str:
    """Return the question with what it leaves to the conversation; as it is where it leaves nothing."""
    last = turns[-1]
    if about := _ABOUT.match(asked):
        return _swap(_resolve(about["what"], turns), last.question)
    if YEAR.fullmatch(asked.strip("?. ")):
        return _swap(asked.strip("?. "), last.question)
    bare = _BARE.match(asked)
    if bare and (owned := _OWNED.match(bare["what"])) and (resolved := _resolve(owned[0], turns)) != owned[0]:
        return f"What is {resolved}?"
    if bare and not _ASKS.search(bare["what"]):
        return _swap(bare["what"], last.question)
    connected = _CONNECTIVE.match(asked)
    rest = asked[connected.end() :] if connected else asked
    resolved = _resolve(rest, turns)
    if resolved != rest:
        return _capital(resolved)
    if _BARE_ASKING.match(rest):
        clause = _CLAUSE.match(last.question)
        asking = _capital(rest.rstrip("? "))
        return f"{asking} {clause['rest']}" if clause else f"{asking}: {_topic(last.question)}?"
    topic = _topic(last.question)
    if not find_english_names(rest) and topic[:1].isascii():  # the bridge → the Wangjin Bridge
        named = re.sub(rf"\bthe {re.escape(topic.split()[-1].casefold())}\b(?! of\b)", lambda _match: topic, rest)
        if named != rest:
            return _capital(named)
    if connected and _ASKS.match(rest) and not find_english_names(rest) and not YEAR.search(rest):
        context = _context(last.question)
        return _capital(f"{rest.rstrip('? ')} {context}?" if context else f"{_topic(last.question)}: {rest}")
    return asked


def points_back(text: str) -> bool:
    """Whether a question has a pronoun that means nothing named in the question itself."""
    found = () if _EMPTY_IT.search(text) else _PRONOUN.finditer(text)
    return any(not find_english_names(text[: match.start()]) for match in found)


def _resolve(text: str, turns: Sequence[Turn]) -> str:
    if _EMPTY_IT.search(text):
        return text

    def meant(match: re.Match[str]) -> str:
        before = text[: match.start()]
        kind = match.lastgroup if match.lastgroup != "head" else "named"
        bound = find_english_names(before) and kind not in ("year", "place")
        words = None if bound else _meaning(str(kind), match, turns)
        if words is None:
            return match[0]
        return f"{words}’s" if str(kind).startswith("owns") and not words.endswith("’s") else words

    return _PRONOUN.sub(meant, text)


def _meaning(kind: str, match: re.Match[str], turns: Sequence[Turn]) -> str | None:
    last = turns[-1]
    if kind in ("person", "owns_person"):
        return _person(turns)
    if kind == "year":
        years = [found["year"] for turn in turns for found in YEAR.finditer(f"{turn.answer} {turn.question}")]
        return f"in {years[-1]}" if years else None
    if kind == "place":
        context = _context(last.question)
        exists = re.search(r"\b(?:is|are|was|were)\s+$", match.string[: match.start()], re.IGNORECASE)
        if context and re.search(r"\b(?:get|go|come|travel|walk|drive)\s+$", match.string[: match.start()]):
            return re.sub(r"^\w+", "to", context)
        return (f"there {context}" if exists else context) if context else None
    if kind == "named":
        head = match["head"].casefold()
        if head in ("year", "month", "week", "day", "time", "kind", "way"):
            return None  # this year is the asker's own
        texts = [text for turn in reversed(turns) for text in (turn.answer, turn.question)]
        named = [phrase for text in texts for phrase in find_english_names(text) if phrase.casefold().endswith(head)]
        plain = [found[0] for text in texts for found in re.finditer(rf"\bthe (?:[a-z]+ ){{1,2}}?{head}\b", text)]
        named = named or [phrase.removeprefix("the head of ") for phrase in plain]
        return named[0] if named else _topic(last.question)
    return _topic(last.question)


def _person(turns: Sequence[Turn]) -> str | None:
    for turn in reversed(turns):
        for text in (turn.answer, turn.question):
            names = [match[0] for match in _PERSON.finditer(text) if not _PLACES.search(match[0])]
            names = [name for name in map(without_opener, names) if " " in name]
            if names:
                return names[0]
    office = re.search(r"\bthe [^?]*\b(?:secretary|head|mayor|director|chair\w*|principal)\b[^?]*", turns[-1].question)
    return office[0].strip() if office else None


def _topic(question: str) -> str:
    """What a question of either language is about."""
    entities = find_entities(question)
    return entities[-1].words if entities else find_english_topic(question)


def _context(question: str) -> str:
    """The place that a question ends with: in the office towers of Shiqiao."""
    match = _CONTEXT.search(question.rstrip("? "))
    if match and not YEAR.fullmatch(match[0]):
        return match[0]
    names = find_english_names(question)
    return f"in {names[-1]}" if names else ""


def _swap(other: str, question: str) -> str:
    """The question before with another year, name or thing in it."""
    year, known = YEAR.search(other), YEAR.search(question)
    if year:
        if known:
            return question[: known.start("year")] + year["year"] + question[known.end("year") :]
        return f"{question.rstrip('? ')} in {year['year']}?"
    thing = re.sub(r"^(?:in|for|of|at)\s+", "", other)
    new, names = find_english_names(thing), find_english_names(question)
    if new and names:
        like = [name for name in names if name.split()[-1] == new[-1].split()[-1]]
        old = (like or names)[-1]
        return question.replace(old, thing.removeprefix("the ") if not old.startswith("the ") else thing)
    described = _DESCRIBED.search(question) if thing.startswith("the ") else None
    if described:  # the district head → the party secretary
        return question[: described.start()] + thing + question[described.end() :]
    return (
        f"{thing[:1].upper()}{thing[1:]} {_context(question)}?"
        if _context(question)
        else f"{_topic(question)}: {thing}?"
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
