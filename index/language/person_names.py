"""Whether characters that stand where a name may stand are one: 张泽坤 of 副区长张泽坤, and not 高度 of 区长高度重视.

A family name that is an everyday word too (高, 何, 石) stays a family name; what it begins must then be no word of a
dictionary. So the list of family names can be whole.
"""

from index.language.terms import Lexicon
from index.language.vocabulary import surname_of


def is_person_name(name: str, lexicon: Lexicon, before: str = "", *, is_certain_place: bool = False) -> bool:
    """Whether a text of two characters or more may be a person's name.

    Args:
        name: as it stands in the text; what follows a name may hang on to it.
        before: the character in front of it, so that 辛店 of 区长辛店镇 is none.
        is_certain_place: what stands on both sides lets only a name stand there, so that a word may be one: 区长路桥说.
    """
    if lexicon.is_person(name):
        return True
    surname = surname_of(name)
    if not surname:
        return False
    if before and lexicon.is_listed(before + name[:2]):
        return False
    if is_certain_place or len(surname) > 1:
        return True
    return not (lexicon.is_listed(name[:2]) and not lexicon.is_person(name[:2]))
