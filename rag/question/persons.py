"""The persons that a text names, by family name; precise rather than complete."""

from index.language.normalise import normalise
from index.language.terms import Lexicon
from index.language.vocabulary import surname_of


def find_persons(text: str, lexicon: Lexicon) -> list[str]:
    """Return the persons that a text names, in the form that texts are matched in."""
    folded = normalise(text)
    names = [folded[start:end] for start, end in lexicon.find_persons(folded)]
    return [name for name in names if surname_of(name) and len(name) in (2, 3)]
