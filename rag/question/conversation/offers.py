"""The clarifying question that the service asks back, in words that it is known again by in a conversation.

A client may keep texts only, so what was offered is read from the text: the words are made and known in one place.
"""

import re
from dataclasses import dataclass

from index.language.normalise import simplify
from rag.records import Language

WHICH_TIME: dict[Language, str] = {
    "zh": "报道中不同年份有不同的说法：{readings}。请问您问的是哪一年？",
    "en": "The reports tell different things of different years: {readings}. Which year do you mean?",
}
WHICH_ONE: dict[Language, str] = {
    "zh": "“{name}”可能指：{readings}。请问您问的是哪一个？",
    "en": "“{name}” may mean: {readings}. Which one do you mean?",
}
_GLUE: dict[Language, str] = {"zh": "；", "en": "; "}
_PATTERNS = tuple(
    re.compile(
        re.escape(words)
        .replace(r"\{name\}", "(?P<name>[^“”]{1,40})")
        .replace(r"\{readings\}", r"(?P<readings>1\. .{1,300}?)")
    )
    for by_language in (WHICH_TIME, WHICH_ONE)
    for words in by_language.values()
)
_NUMBER = re.compile(r"(?:^|[；;] ?)\d\. ")


@dataclass(frozen=True, slots=True)
class Offer:
    """Two readings or more of one question, of which the asker is to say which is meant.

    Args:
        readings: what may be meant, each in a few words: 2019年, 王某某主任; in the language of the question.
        name: the words of the question that may mean each of them; None where the readings are times that it does not state.
    """

    readings: tuple[str, ...]
    name: str | None = None

    def ask(self, language: Language) -> str:
        """Return the service's words that ask which is meant."""
        readings = _GLUE[language].join(f"{number}. {reading}" for number, reading in enumerate(self.readings, 1))
        words = WHICH_ONE if self.name else WHICH_TIME
        return words[language].format(name=self.name, readings=readings)


def read_offer(said: str) -> Offer | None:
    """Return what an assistant's words offer; None where they are no clarifying question of this service."""
    text = simplify(said).strip()
    for pattern in _PATTERNS:
        if match := pattern.fullmatch(text):
            readings = tuple(reading for reading in _NUMBER.split(match["readings"]) if reading)
            return Offer(readings, match.groupdict().get("name"))
    return None
