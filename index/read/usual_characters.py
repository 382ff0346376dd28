"""The characters that Chinese newspapers print, by which a right reading of bytes is told from a wrong one."""

import re
from functools import cache
from typing import Final

SAMPLE_CHARS: Final = 1 << 16  # enough to judge by; a file is one encoding throughout
NOT_PRINTED_ASCII: Final = re.compile("[^\t\n\x0b\x0c\r -~]")


def usual_share(text: str) -> float:
    """Return which share of a text's non-ASCII characters Chinese newspapers print, in [0, 1]; 1 where it has none.

    ASCII is left out since it reads the same in every encoding that competes.
    """
    judged = NOT_PRINTED_ASCII.findall(text[:SAMPLE_CHARS])
    return sum(map(_usual().__contains__, judged)) / len(judged) if judged else 1.0


def is_usual(char: str) -> bool:
    """Whether newspapers print a character."""
    return char in _usual()


@cache  # one for the process: a table of 12,000 characters that never changes
def _usual() -> frozenset[str]:
    """Return the characters that the standards rank as frequent, with their punctuation.

    Source: level 1 of GB 2312-80 (rows 16–55, 3,755 characters) and of Big5 (0xA440–0xC67E, 5,401), symbols of
    GB 2312 rows 1–3 and Big5 0xA1–0xA2. Kana and Greek are left out: Big5 read as GB18030 turns into them.
    """
    trails = range(0x40, 0xFF)
    gb_leads = [*range(0xA1, 0xA4), *range(0xB0, 0xD8)]
    big5_leads = [0xA1, 0xA2, *range(0xA4, 0xC7)]
    letters = {chr(code) for code in (*range(0xA0, 0x180), *range(0x2010, 0x2028))}
    gb = {bytes((lead, trail)).decode("gb2312", "ignore") for lead in gb_leads for trail in trails}
    big5 = {bytes((lead, trail)).decode("big5", "ignore") for lead in big5_leads for trail in trails}
    return frozenset(letters | {char for char in gb | big5 if len(char) == 1 and ord(char) > 0x7F} | {"\u3000", "〇"})
