"""The operator's dictionary: places, offices and names that a segmenter's own list lacks, one a line of a text file.

    # comment
    丽泽商务区 1000 ns

word, then optionally its frequency and its kind (jieba's format, so that lists made for it can be taken as they are).
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from index.errors import DictionaryError

MAX_WORD_CHARACTERS = 40
OFFICE_KIND = "office"
"""No tag of jieba's: an office that index.language.vocabulary lacks, such as 河长, so that a name behind it is known for one."""
_TAG = re.compile(r"[A-Za-z]{1,8}")


@dataclass(frozen=True, slots=True)
class Dictionary:
    """Words with their kind: "ns" a place, "nt" an organisation, "nr" a person, "office", "" or any other of jieba's tags.

    Args:
        words: word → kind, as written.
    """

    words: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.words)

    @property
    def text(self) -> str:
        """One line a word, sorted: what a generation keeps. Reading it gives an equal dictionary."""
        return "".join(f"{word} {kind}".rstrip() + "\n" for word, kind in sorted(self.words.items()))

    @property
    def digest(self) -> str:
        """SHA-256 of the content in hexadecimal, "" without any word: comments and order make no difference."""
        return hashlib.sha256(self.text.encode()).hexdigest() if self.words else ""


def read_dictionary(path: Path) -> Dictionary:
    """Read a dictionary file.

    Raises:
        DictionaryError: it cannot be read, is not UTF-8, or a line is no entry; with the line's number.
    """
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise DictionaryError(f"{path} cannot be read ({error.strerror}): correct WENJU_DICTIONARY") from error
    except UnicodeDecodeError as error:
        place = error.object[: error.start].count(b"\n") + 1
        raise DictionaryError(f"{path}:{place}: not UTF-8: save the dictionary as UTF-8 text") from error
    words: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        entry = line.partition("#")[0].split()
        if entry:
            word, kind = _entry(entry, f"{path}:{number}")
            if words.setdefault(word, kind) != kind:
                raise DictionaryError(
                    f"{path}:{number}: {word!r} is {words[word]!r} further up: keep one of the two lines"
                )
    return Dictionary(MappingProxyType(words))


def _entry(fields: list[str], place: str) -> tuple[str, str]:
    word, rest = fields[0], fields[1:]
    if len(word) < 2 or len(word) > MAX_WORD_CHARACTERS:
        raise DictionaryError(f"{place}: {word!r} has {len(word)} characters: a word has 2 to {MAX_WORD_CHARACTERS}")
    if not any(character.isalnum() for character in word):
        raise DictionaryError(f"{place}: {word!r} has neither letter nor figure: leave it out")
    if rest and rest[0].isdecimal():
        rest = rest[1:]  # every word is kept whole, so no frequency need argue for it
    if len(rest) > 1 or (rest and not _TAG.fullmatch(rest[0])):
        raise DictionaryError(
            f"{place}: {' '.join(fields)!r}: write a word without spaces, then if you like its frequency (a whole number) "
            "and its kind (ns a place, nt an organisation, nr a person, office)"
        )
    return word, rest[0] if rest else ""
