"""An organ by another of its names: 人保局 is 人力资源和社会保障局, and what an archive calls one it may have called the other."""

from index.language.normalise import simplify
from index.language.terms import Lexicon, is_character_term
from index.language.vocabulary import find_organs
from index.search.lexical_index import LexicalIndex
from rag.retrieval.spelling.printed import PrintedName, PrintedNames, pairs_of


def find_printed_organ(text: str, names: PrintedNames, lexical: LexicalIndex) -> PrintedName | None:
    """Return the name in the archive of the first organ in a text that it does not print; None where it prints all, or none."""
    for start, end, others in find_organs(text):
        if names.is_printed(text[start:end]):
            continue
        counted = [(int(lexical.frequency(pairs_of(other)).min()), other) for other in others]
        for count, other in sorted(counted, reverse=True):
            if count and names.is_printed(other):
                return PrintedName(other, start, end, count, is_person=False)
    return None


def other_terms(question: str, lexicon: Lexicon, lexical: LexicalIndex) -> list[str]:
    """Return words that passages may have instead of the question's, by which they are found too.

    Only of names that neither contain the one in the question nor are a part of it, and that the archive has.
    """
    text = simplify(question)
    found: dict[str, None] = {}
    for start, end, others in find_organs(text):
        typed = text[start:end]
        for other in others:
            is_apart = other not in typed and typed not in other
            if is_apart and lexical.known(pairs_of(other)).all():
                words = [term for term in lexicon.extract_terms(other) if not is_character_term(term)]
                found |= dict.fromkeys(words)
    own = set(lexicon.extract_terms(text)) if found else set()
    return [term for term in found if term not in own]
